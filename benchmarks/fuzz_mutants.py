"""What fuzz.py feeds the batch: seeded mutations of good files, and monsters that are hostile by construction."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pypdfium2
from PIL import Image

Mutate = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A hostile file: the format that it was made of, what was done to it, its name and bytes."""

    form: str
    mutation: str
    name: str
    data: bytes


# --- any bytes -----------------------------------------------------------------------------------------------------


def truncated(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data))]


def beheaded(chance: random.Random, data: bytes) -> bytes:
    return data[chance.randrange(1, max(2, len(data) // 4)) :]


def bits_flipped(chance: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 4, 32, 256))):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def zeros_inside(chance: random.Random, data: bytes) -> bytes:
    start = chance.randrange(len(data))
    length = min(chance.choice((16, 512, 4096)), len(data) - start)
    return data[:start] + bytes(length) + data[start + length :]


def pieces_swapped(chance: random.Random, data: bytes) -> bytes:
    a, b, c = sorted(chance.randrange(len(data)) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def piece_doubled(chance: random.Random, data: bytes) -> bytes:
    a, b = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:b] + data[a:b] + data[b:]


def noise_inside(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(chance.choice((1, 64, 2048))) + data[at:]


def noise_behind(chance: random.Random, data: bytes) -> bytes:
    return data + chance.randbytes(chance.choice((1, 64, 4096)))


# --- packages ------------------------------------------------------------------------------------------------------


def members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def packed(parts: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def members_swapped(chance: random.Random, data: bytes) -> bytes:
    parts = members(data)
    one, other = chance.sample(range(len(parts)), 2)
    parts[one], parts[other] = (parts[one][0], parts[other][1]), (parts[other][0], parts[one][1])
    return packed(parts)


def member_doubled(chance: random.Random, data: bytes) -> bytes:
    parts = members(data)
    name, blob = chance.choice(parts)
    return packed([*parts, (name, bits_flipped(chance, blob))])


def member_lost(chance: random.Random, data: bytes) -> bytes:
    parts = members(data)
    parts.pop(chance.randrange(len(parts)))
    return packed(parts)


def _in_member(mutate: Mutate) -> Mutate:
    def inside(chance: random.Random, data: bytes) -> bytes:
        parts = members(data)
        at = chance.randrange(len(parts))
        name, blob = parts[at]
        parts[at] = (name, mutate(chance, blob) if blob else blob)
        return packed(parts)

    return inside


def _in_xml(mutate: Callable[[random.Random, str], str]) -> Mutate:
    """Changes the largest XML part, which holds the text."""

    def inside(chance: random.Random, data: bytes) -> bytes:
        parts = members(data)
        at = max(range(len(parts)), key=lambda i: len(parts[i][1]) if parts[i][0].endswith(".xml") else 0)
        name, blob = parts[at]
        parts[at] = (name, mutate(chance, blob.decode("utf-8", "replace")).encode("utf-8", "replace"))
        return packed(parts)

    return inside


_TAG = re.compile(r"<(/?)([\w:]+)([^<>]*?)(/?)>")


def _tag_lost(chance: random.Random, text: str) -> str:
    tags = list(_TAG.finditer(text))
    tag = chance.choice(tags)
    return text[: tag.start()] + text[tag.end() :]


def _element_lost(chance: random.Random, text: str) -> str:
    """An element with its end tag: the XML stays well formed, its grammar does not."""
    opening = [tag for tag in _TAG.finditer(text) if not tag[1]]
    tag = chance.choice(opening)
    end = tag.end() if tag[4] else text.find(f"</{tag[2]}>", tag.end()) + len(tag[2]) + 3
    return text[: tag.start()] + text[max(end, tag.end()) :]


def _element_doubled(chance: random.Random, text: str) -> str:
    single = [tag for tag in _TAG.finditer(text) if tag[4]]
    if not single:
        return text
    tag = chance.choice(single)
    return text[: tag.end()] + tag[0] * chance.choice((1, 50)) + text[tag.end() :]


_VALUES = ("", "-1", "0", "99999999999999999999", "1e309", "NaN", "x" * 100_000, "١٢", "½", "\t", "true", "2147483648")


def _attribute_changed(chance: random.Random, text: str) -> str:
    values = list(re.finditer(r'(?<==")[^"<>]*(?=")', text))
    if not values:
        return text
    for value in sorted(chance.sample(values, min(3, len(values))), key=lambda v: -v.start()):
        text = text[: value.start()] + chance.choice(_VALUES) + text[value.end() :]
    return text


def _number_changed(chance: random.Random, text: str) -> str:
    numbers = list(re.finditer(r"\d+", text))
    number = chance.choice(numbers)
    return text[: number.start()] + chance.choice(_VALUES) + text[number.end() :]


def _nested(chance: random.Random, text: str) -> str:
    tables = list(re.finditer(r"<w:tc>", text))
    if not tables:
        return text
    depth = chance.choice((5, 100, 3000))
    at = chance.choice(tables).end()
    opening, closing = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl><w:p/>"
    return text[:at] + opening * depth + "<w:p><w:r><w:t>Sâu</w:t></w:r></w:p>" + closing * depth + text[at:]


# --- PDF -----------------------------------------------------------------------------------------------------------


def xref_broken(chance: random.Random, data: bytes) -> bytes:
    at = data.rfind(b"startxref")
    offset = chance.choice((b"0", b"1", b"999999999", b"-5", str(chance.randrange(len(data))).encode()))
    return data[:at] + b"startxref\n" + offset + b"\n%%EOF\n"


def digits_changed(chance: random.Random, data: bytes) -> bytes:
    """Object numbers, lengths, offsets and matrices: the numbers outside streams."""
    spans = list(re.finditer(rb"(?<=[ \[/(])\d+(?=[ \]/)\r\n])", data))
    if not spans:
        return data
    for span in sorted(chance.sample(spans, min(5, len(spans))), key=lambda s: -s.start()):
        new = chance.choice((b"0", b"-1", b"7", b"99999999999", str(chance.randrange(50)).encode()))
        data = data[: span.start()] + new + data[span.end() :]
    return data


def streams_swapped(chance: random.Random, data: bytes) -> bytes:
    found = list(re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL))
    if len(found) < 2:
        return data
    one, other = sorted(chance.sample(found, 2), key=lambda m: m.start())
    return data[: one.start(1)] + other[1] + data[one.end(1) : other.start(1)] + one[1] + data[other.end(1) :]


def pages_shuffled(chance: random.Random, data: bytes) -> bytes:
    source, out = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    out.import_pages(source, [chance.randrange(len(source)) for _ in range(len(source))])
    return _saved(out)


def page_turned(chance: random.Random, data: bytes) -> bytes:
    document = pypdfium2.PdfDocument(data)
    page = document[chance.randrange(len(document))]
    page.set_rotation(chance.choice((90, 180, 270)))
    return _saved(document)


def page_of_odd_size(chance: random.Random, data: bytes) -> bytes:
    document = pypdfium2.PdfDocument(data)
    page = document[chance.randrange(len(document))]
    size = chance.choice((0.0, 1.0, 100.0, 20_000.0))
    page.set_mediabox(0, 0, size, size)
    return _saved(document)


def _saved(document: pypdfium2.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# --- text and pages of the web -------------------------------------------------------------------------------------


def _as_text(mutate: Callable[[random.Random, str], str]) -> Mutate:
    return lambda chance, data: mutate(chance, data.decode("utf-8")).encode("utf-8", "replace")


def _lines_shuffled(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    chance.shuffle(lines)
    return "\n".join(lines)


def _tabs_lost(chance: random.Random, text: str) -> str:
    return "".join(c for c in text if c != "\t" or chance.random() > 0.1)


def _breaks_changed(chance: random.Random, text: str) -> str:
    return "".join(chance.choice(("\r", "\f", "\v", "\u2028", "\x85", "")) if c == "\n" else c for c in text)


def _other_encoding(chance: random.Random, data: bytes) -> bytes:
    return data.decode("utf-8").encode(chance.choice(("utf-16", "utf-16-be", "utf-32", "cp1258", "utf-7")), "replace")


_ANY: Mapping[str, Mutate] = {
    "cut off": truncated,
    "beginning lost": beheaded,
    "bits flipped": bits_flipped,
    "zeros inside": zeros_inside,
    "pieces swapped": pieces_swapped,
    "piece doubled": piece_doubled,
    "noise inside": noise_inside,
    "noise behind": noise_behind,
}
_PACKAGE: Mapping[str, Mutate] = {
    "members swapped": members_swapped,
    "member doubled": member_doubled,
    "member lost": member_lost,
    "member cut off": _in_member(truncated),
    "bits in a member": _in_member(bits_flipped),
    "tag lost": _in_xml(_tag_lost),
    "element lost": _in_xml(_element_lost),
    "element doubled": _in_xml(_element_doubled),
    "attribute changed": _in_xml(_attribute_changed),
    "number changed": _in_xml(_number_changed),
}
MUTATIONS: Mapping[str, Mapping[str, Mutate]] = {
    "docx": {**_ANY, **_PACKAGE, "tables nested": _in_xml(_nested)},
    "xlsx": {**_ANY, **_PACKAGE},
    "pdf": {
        **_ANY,
        "xref broken": xref_broken,
        "digits changed": digits_changed,
        "streams swapped": streams_swapped,
        "pages shuffled": pages_shuffled,
        "page turned": page_turned,
        "odd page size": page_of_odd_size,
    },
    "txt": {
        **_ANY,
        "lines shuffled": _as_text(_lines_shuffled),
        "tabs lost": _as_text(_tabs_lost),
        "line breaks changed": _as_text(_breaks_changed),
        "other encoding": _other_encoding,
    },
    "html": {
        **_ANY,
        "tag lost": _as_text(_tag_lost),
        "element lost": _as_text(_element_lost),
        "attribute changed": _as_text(_attribute_changed),
    },
    "doc": _ANY,
    "rtf": _ANY,
    "odt": {**_ANY, "members swapped": members_swapped, "member lost": member_lost, "tag lost": _in_xml(_tag_lost)},
    "zip": {**_ANY, "members swapped": members_swapped, "member doubled": member_doubled},
}
_NAMES = (
    "a\nb{}",
    "\x1b[31m{}",
    "tab\t{}",
    "  {} ",
    "{}\u202egnp",
    "'; DROP TABLE {};--",
    "ké" + "o\u0301" * 40 + "{}",
)


def mutants(chance: random.Random, bases: Mapping[str, list[bytes]], count: int) -> Iterator[Mutant]:
    """As many mutants as asked, over formats and mutations in turn; some with the wrong ending or an odd name."""
    kinds = [(form, name) for form in bases for name in MUTATIONS[form]]
    for number in range(count):
        form, mutation = kinds[number % len(kinds)]
        data = MUTATIONS[form][mutation](chance, chance.choice(bases[form]))
        ending = form if chance.random() > 0.1 else chance.choice([*bases, "png", "json", "", "exe"])
        stem = str(number) if chance.random() > 0.05 else chance.choice(_NAMES).format(number)
        yield Mutant(form, mutation, f"{stem}.{ending}" if ending else stem, data)


# --- monsters ------------------------------------------------------------------------------------------------------

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def zip_bomb(size: int = 1 << 30) -> bytes:
    """A bundle whose one member unpacks to a gigabyte."""
    return _deflated("kehoach.txt", size)


def _deflated(name: str, size: int, base: list[tuple[str, bytes]] | None = None) -> bytes:
    out = io.BytesIO()
    chunk = b" " * (1 << 20)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, data in base or []:
            archive.writestr(other, data)
        with archive.open(name, "w", force_zip64=True) as member:
            for _ in range(size >> 20):
                member.write(chunk)
    return out.getvalue()


def docx_bomb(docx: bytes, size: int = 1 << 30) -> bytes:
    """A Word file whose text part unpacks to a gigabyte."""
    return _deflated("word/document.xml", size, [part for part in members(docx) if part[0] != "word/document.xml"])


def with_document(docx: bytes, xml: str) -> bytes:
    return packed([(name, xml.encode() if name == "word/document.xml" else data) for name, data in members(docx)])


def entity_bomb(docx: bytes) -> bytes:
    """Billion laughs: ten entities, each ten times the one before."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "hahahahaha">{entities}]>'
    return with_document(
        docx, f"{head}<w:document {_W}><w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p></w:body></w:document>"
    )


def outside_entity(docx: bytes) -> bytes:
    head = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return with_document(
        docx, f"{head}<w:document {_W}><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
    )


def _rows(count: int) -> Iterator[tuple[str, str, str, str]]:
    for n in range(1, count + 1):
        yield str(n), f"Rà soát hồ sơ số {n} của đơn vị", "Văn phòng", f"Trước ngày {n % 28 + 1:02d}/6/2025"


_HEADINGS = ("STT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian hoàn thành")


def long_docx(docx: bytes, count: int) -> bytes:
    def row(cells: tuple[str, ...]) -> str:
        return "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>" for c in cells) + "</w:tr>"

    body = "".join(map(row, (_HEADINGS, *_rows(count))))
    return with_document(docx, f"<w:document {_W}><w:body><w:tbl>{body}</w:tbl></w:body></w:document>")


def long_text(count: int) -> bytes:
    return "\n".join("\t".join(row) for row in (_HEADINGS, *_rows(count))).encode()


def long_html(count: int) -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in (_HEADINGS, *_rows(count)))
    return f"<html><meta charset=utf-8><body><table>{rows}</table></body></html>".encode()


def long_pdf(pdf: bytes, pages: int) -> bytes:
    source, out = pypdfium2.PdfDocument(pdf), pypdfium2.PdfDocument.new()
    out.import_pages(source, [n % len(source) for n in range(pages)])
    return _saved(out)


def nested_zip(inner: bytes, depth: int) -> bytes:
    for _ in range(depth):
        inner = packed([("in.zip", inner)])
    return inner


def deep_html(depth: int) -> bytes:
    table = "<table><tr><td>"
    return ("<html><body>" + table * depth + "Sâu" + "</td></tr></table>" * depth + "</body></html>").encode()


def huge_picture() -> bytes:
    """A PNG of 40,000 x 40,000 black points in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (64, 64)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = (40_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


MONSTERS: Mapping[str, Callable[[Mapping[str, list[bytes]]], tuple[str, bytes]]] = {
    "zip bomb 1 GB": lambda _: ("zip", zip_bomb()),
    "docx bomb 1 GB": lambda bases: ("docx", docx_bomb(bases["docx"][0])),
    "entity bomb": lambda bases: ("docx", entity_bomb(bases["docx"][0])),
    "outside entity": lambda bases: ("docx", outside_entity(bases["docx"][0])),
    "docx 10,000 rows": lambda bases: ("docx", long_docx(bases["docx"][0], 10_000)),
    "txt 10,000 rows": lambda _: ("txt", long_text(10_000)),
    "html 10,000 rows": lambda _: ("html", long_html(10_000)),
    "pdf 2,000 pages": lambda bases: ("pdf", long_pdf(bases["pdf"][0], 2_000)),
    "zip in zip, 40 deep": lambda bases: ("zip", nested_zip(bases["docx"][0], 40)),
    "html 20,000 deep": lambda _: ("html", deep_html(20_000)),
    "one line of 20 MB": lambda _: ("txt", "việc giao cho sở ".encode() * 1_000_000),
    "20 MB of brackets": lambda _: ("txt", b"((((" * 5_000_000),
    "20 MB of digits": lambda _: ("txt", b"1/2/20" * 3_000_000),
    "picture of 1.6 gigapixels": lambda _: ("png", huge_picture()),
    "JSON": lambda _: ("json", b'{"ke_hoach": [1, 2, {"a": null}]}'),
    "program": lambda _: ("py", b"import os\n\n\ndef main():\n    return os.getcwd()\n\n\nmain()\n" * 20),
    "shopping list": lambda _: ("txt", "Đi chợ\n- 2 cân gạo\n- 1 chai nước mắm\n- rau muống\n".encode()),
    "empty": lambda _: ("txt", b""),
    "only blanks": lambda _: ("docx", b" \n\t" * 1000),
}
