"""Seeded damage to good files: what disks, mail and hostile people do to them."""

import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pypdfium2

from extractors.ole import open_compound

Mutate = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A hostile file: the format that it was made of, what was done to it, its name and bytes.

    `seed` is the position of the good file among those of its format; monsters have none.
    """

    form: str
    mutation: str
    name: str
    data: bytes
    seed: int | None = None


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
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of two members of one name
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


def _long_line(chance: random.Random, data: bytes) -> bytes:
    """A megabyte without a break somewhere in the text."""
    at = chance.randrange(len(data))
    return data[:at] + chance.choice((b"a", b"a ", b"1.", b"(", b"Vi\xe1\xbb\x87c ")) * 300_000 + data[at:]


# --- old office files ----------------------------------------------------------------------------------------------


def ole_streams_swapped(chance: random.Random, data: bytes) -> bytes:
    """Two entries of the directory of a compound file point to each other's content."""
    file = open_compound(data)
    if file is None or len(file.entries) < 2:
        return data
    one, other = (entry.at + 116 for entry in chance.sample(list(file.entries.values()), 2))
    out = bytearray(data)
    out[one : one + 8], out[other : other + 8] = data[other : other + 8], data[one : one + 8]
    return bytes(out)


def sectors_swapped(chance: random.Random, data: bytes) -> bytes:
    one, other = (512 * chance.randrange(1, len(data) // 512) for _ in range(2))
    out = bytearray(data)
    out[one : one + 512], out[other : other + 512] = data[other : other + 512], data[one : one + 512]
    return bytes(out)


_WORD = re.compile(rb"\\[a-z]+-?\d*")


def rtf_word_changed(chance: random.Random, data: bytes) -> bytes:
    words = list(_WORD.finditer(data))
    for found in sorted(chance.sample(words, 3), key=lambda m: -m.start()):
        new = chance.choice((b"", b"\\cell", b"\\row", b"\\par", b"\\bin99", b"\\u-1", b"\\trowd", b"\\cellx99999999"))
        data = data[: found.start()] + new + b" " + data[found.end() :]
    return data


def rtf_brace_lost(chance: random.Random, data: bytes) -> bytes:
    at = chance.choice([found.start() for found in re.finditer(rb"[{}]", data)])
    return data[:at] + data[at + 1 :]


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
_OLE: Mapping[str, Mutate] = {**_ANY, "streams swapped": ole_streams_swapped, "sectors swapped": sectors_swapped}
_OPEN_DOCUMENT: Mapping[str, Mutate] = {
    **_ANY,
    "members swapped": members_swapped,
    "member lost": member_lost,
    "tag lost": _in_xml(_tag_lost),
    "element lost": _in_xml(_element_lost),
    "attribute changed": _in_xml(_attribute_changed),
}
_PAGES: Mapping[str, Mutate] = {
    **_ANY,
    "tag lost": _as_text(_tag_lost),
    "element lost": _as_text(_element_lost),
    "attribute changed": _as_text(_attribute_changed),
    "long line": _long_line,
}
_TEXT: Mapping[str, Mutate] = {
    **_ANY,
    "lines shuffled": _as_text(_lines_shuffled),
    "tabs lost": _as_text(_tabs_lost),
    "line breaks changed": _as_text(_breaks_changed),
    "other encoding": _other_encoding,
    "long line": _long_line,
}
_PDF: Mapping[str, Mutate] = {
    **_ANY,
    "xref broken": xref_broken,
    "digits changed": digits_changed,
    "streams swapped": streams_swapped,
    "pages shuffled": pages_shuffled,
    "page turned": page_turned,
    "odd page size": page_of_odd_size,
}
_PICTURE: Mapping[str, Mutate] = {"cut off": truncated, "bits flipped": bits_flipped, "zeros inside": zeros_inside}
MUTATIONS: Mapping[str, Mapping[str, Mutate]] = {
    "docx": {**_ANY, **_PACKAGE, "tables nested": _in_xml(_nested)},
    "xlsx": {**_ANY, **_PACKAGE},
    "pdf": _PDF,
    "scan": {name: _PDF[name] for name in ("cut off", "bits flipped", "digits changed", "page turned")},
    "png": _PICTURE,
    "jpg": _PICTURE,
    "tif": _PICTURE,
    "txt": _TEXT,
    "csv": _TEXT,
    "html": _PAGES,
    "mht": {**_ANY, "long line": _long_line},
    "doc": _OLE,
    "xls": _OLE,
    "rtf": {**_ANY, "word changed": rtf_word_changed, "brace lost": rtf_brace_lost},
    "odt": _OPEN_DOCUMENT,
    "ods": _OPEN_DOCUMENT,
    "zip": {**_ANY, "members swapped": members_swapped, "member doubled": member_doubled, "member lost": member_lost},
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


_ENDINGS = ("docx", "pdf", "txt", "doc", "xlsx", "zip", "png", "json", "", "exe")


def mutants(seed: int, good: Mapping[str, Sequence[bytes]], count: int) -> Iterator[Mutant]:
    """As many mutants as asked, over formats and mutations in turn; some with the wrong ending or an odd name.

    Each depends on the seed and its own number only.
    """
    kinds = [(form, name) for form in good for name in MUTATIONS[form]]
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        form, mutation = kinds[number % len(kinds)]
        at = chance.randrange(len(good[form]))
        data = MUTATIONS[form][mutation](chance, good[form][at])
        ending = form if chance.random() > 0.1 else chance.choice(_ENDINGS)
        stem = str(number) if chance.random() > 0.05 else chance.choice(_NAMES).format(number)
        yield Mutant(form, mutation, f"{stem}.{ending}" if ending else stem, data, at)
