"""Symbols of documents (QĐ-TTg, CT/TU, UBND-THKH): how they are written, and what type and issuer they stand for."""

import re
from dataclasses import dataclass

from pipeline.text import fold, key, nfc
from pipeline.vocab import DocType, doctype_named, doctype_of_code, doctypes_of_code, issuers_of_symbol, suffix_of_code
from pipeline.vocab.units import name_words, squash

_PART = re.compile(r"[A-ZĐƯƠ][^\W\d_]{0,11}(?:\d[A-ZĐ]{1,5})?(?:[&.+][A-ZĐƯƠ][^\W\d_]{0,9}){0,3}[0-9Il]{0,2}(?!\w)")
_HYPHEN = re.compile(r"\s{0,3}-\s{0,3}")
_STROKE = re.compile(r"\s{0,2}/\s{0,2}")
_GLUED_TYPES = ("QĐ", "NĐ", "NQ", "TTLT", "TTr", "TT", "KH", "CTr", "CT", "BC", "TB", "CĐ", "HD", "ĐA", "PL")
_QH = re.compile(r"^(QH|UBTVQH|HĐND)([0-9IlO]{1,2})$")
_PARTS_MOST = 10  # joint papers name each body that signs


def cased(text: str) -> str:
    """The folded text with the capitals of the paper: one kind of Đ, dash and stroke, same length."""
    return "".join(map(_CASED.__getitem__, zip(text, fold(text), strict=True)))


class _Cased(dict[tuple[str, str], str]):
    """The folded letter in the case of the paper's; a text has few different pairs."""

    def __missing__(self, pair: tuple[str, str]) -> str:
        written, folded = pair
        self[pair] = folded.upper() if written.isupper() and len(folded.upper()) == 1 else folded
        return self[pair]


_CASED = _Cased()


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol as read ("NĐ-CP", also for "NĐCP") and where it ends."""

    text: str
    end: int


def read_symbol(shape: str, at: int, party: bool = False) -> Symbol | None:
    """The symbol that begins at `at` in a cased text; for Party symbols `at` is before the type letters.

    Forms: "QĐ-UBND", "QĐ - UBND", "NĐCP", "NĐ CP", "TTLT-BYT-BTC", "QH13"; Party "CT/TU", "NQ / TW".
    """
    first = _part(shape, at)
    if first is None:
        return None
    parts, end = [first[0]], first[1]
    if party:
        stroke = _STROKE.match(shape, end)
        issuer = _part(shape, stroke.end()) if stroke else None
        if issuer is None:
            return None
        rest, end = _more([issuer[0]], issuer[1], shape)
        return Symbol(f"{parts[0]}/{'-'.join(rest)}", end)
    parts, end = _more(parts, end, shape)
    if len(parts) == 1:
        parts = _unglued(parts[0])
    return Symbol("-".join(parts), end)


def _part(shape: str, at: int) -> tuple[str, int] | None:
    match = _PART.match(shape, at)
    if match is None:
        return None
    word = match[0]
    letters = [c for c in word if c.isalpha()]
    if sum(c.isupper() for c in letters) * 2 <= len(letters) and not _is_code(word):
        return None
    if congress := _QH.match(word):
        word = congress[1] + congress[2].translate(str.maketrans("IlO", "110"))
    return word, match.end()


def _is_code(word: str) -> bool:
    return doctype_of_code(word) is not None or suffix_of_code(word) is not None


def _more(parts: list[str], end: int, shape: str) -> tuple[list[str], int]:
    """The parts behind the first: after hyphens, after a stroke (TTLT/BYT-BTC), or after a blank for a lost hyphen."""
    while len(parts) < _PARTS_MOST:
        hyphen = _HYPHEN.match(shape, end)
        stroke = _STROKE.match(shape, end) if hyphen is None and parts[0] in ("TTLT", "NQLT") else None
        link = hyphen or stroke
        if link is None:
            break
        follow = _part(shape, link.end())
        spaced = link[0] != link[0].strip()
        if follow is None or (spaced and not (_is_code(follow[0]) or (follow[0].isupper() and len(follow[0]) > 1))):
            break
        parts, end = [*parts, follow[0]], follow[1]
    if len(parts) == 1 and doctype_of_code(parts[0]) and re.match(r"\s\S", shape[end : end + 2]):
        follow = _part(shape, end + 1)
        suffix = suffix_of_code(follow[0]) if follow else None
        if follow and suffix and suffix.group == "state":
            parts, end = [*parts, follow[0]], follow[1]
    return parts, end


def _unglued(word: str) -> list[str]:
    """ "NĐCP" -> NĐ, CP: a hyphen lost in a copy; known codes (TTCP, KTNN) stay whole."""
    if suffix_of_code(word) or doctype_of_code(word):
        return [word]
    for code in _GLUED_TYPES:
        rest = word[len(code) :]
        suffix = suffix_of_code(rest) if word.startswith(code) and rest else None
        if suffix and (suffix.group == "state" or suffix.code in ("TU", "TW")):
            return [code, rest]
    return [word]


def _parts(symbol: str) -> list[str]:
    return [part for part in re.split(r"[-/]", nfc(symbol)) if part]


def is_party(symbol: str) -> bool:
    """Whether a symbol is written the Party's way: type letters before the stroke ("CT/TU")."""
    return "/" in symbol and not symbol.startswith(("TTLT/", "NQLT/"))


def symbol_types(symbol: str) -> tuple[DocType, ...]:
    """The types that a symbol may stand for, the usual one first; empty where its letters say nothing known."""
    parts = _parts(symbol)
    if not parts:
        return ()
    if re.fullmatch(r"QH\d*", parts[0]):
        return _named("Luật", "Bộ luật", "Nghị quyết", "Hiến pháp")
    if re.fullmatch(r"UBTVQH\d*", parts[0]):
        return _named("Pháp lệnh", "Nghị quyết")
    if found := doctypes_of_code(parts[0], party=is_party(symbol)):
        return found if len(parts) > 1 or suffix_of_code(parts[0]) is None else ()
    first = suffix_of_code(parts[0])
    if len(parts) > 1 and (first is not None or re.fullmatch(r"[BSPC][A-ZĐ]{1,7}|UB[A-ZĐ]+|V[A-ZĐ]+", parts[0])):
        return _named("Công văn")
    return ()


def _named(*names: str) -> tuple[DocType, ...]:
    return tuple(found for name in names if (found := doctype_named(name)))


def symbol_type(symbol: str) -> DocType | None:
    """The usual type of a symbol: "QĐ-UBND" -> Quyết định; "STNMT-MT" -> Công văn; None where nothing is known."""
    return next(iter(symbol_types(symbol)), None)


def type_agrees(symbol: str, doc_type: str) -> bool:
    """Whether a type name fits a symbol; unknown letters fit everything.

    Forms: ("KH-UBND", "Kế hoạch"), ("QH13", "Luật"), ("STNMT-MT", "Công văn") fit; ("QĐ-UBND", "Đề án") does not.
    """
    wanted = doctype_named(doc_type)
    allowed = symbol_types(symbol)
    if wanted is None or not allowed:
        return True
    names = {found.name for found in allowed}
    if wanted.name in names:
        return True
    # A "Phụ lục"-like type without letters of its own says nothing; joint circulars are circulars.
    return {wanted.name, *names} <= {"Thông tư", "Thông tư liên tịch"} or (
        {wanted.name, *names} <= {"Nghị quyết", "Nghị quyết liên tịch"}
    )


_JOINT = {"TTLT", "NQLT", "QCLT", "KHLT", "CTLT"}


def symbol_issuers(symbol: str) -> tuple[str, ...]:
    """Whom a symbol names: "QĐ-TTg" -> ("Thủ tướng Chính phủ",); "NQ/TU" -> Tỉnh ủy, Thành ủy ...

    A joint document has the letters of each: "TTLT-BTC-BTP" -> ("Bộ Tài chính", "Bộ Tư pháp").
    """
    kind, *organs = _parts(symbol) or [""]
    if kind in _JOINT and len(organs) > 1:
        return tuple(issuer for organ in organs for issuer in issuers_of_symbol(f"{kind}-{organ}"))
    return issuers_of_symbol(symbol)


# Families of issuers, by the words of a name; the first that fits counts.
_FAMILIES = tuple(
    (family, re.compile(pattern))
    for family, pattern in (
        ("party", r"(?:tỉnh|thành|huyện|quận|thị|đảng|chi) ủy|đảng bộ|chi bộ|ban chấp hành|ban bí thư|bộ chính trị"),
        ("party", r"trung ương đảng|ban thường vụ|ban cán sự|đảng đoàn|^trung ương$"),
        ("front", r"mặt trận tổ quốc|liên đoàn lao động|đoàn thanh niên|hội nông dân|hội liên hiệp|cựu chiến binh"),
        ("parliament", r"^(?:quốc hội|ủy ban thường vụ quốc hội)"),
        ("office", r"^văn phòng"),
        ("council", r"hội đồng nhân dân"),
        ("committee", r"ủy ban nhân dân"),
        ("premier", r"thủ tướng|^ttg$"),
        ("president", r"chủ tịch nước"),
        ("government", r"^chính phủ$"),
        (
            "ministry",
            r"(?:^|bộ trưởng |thứ trưởng |liên )bộ (?!chỉ huy|đội|tư lệnh|phận)|ủy ban dân tộc|thanh tra chính phủ",
        ),
        ("department", r"(?:^|giám đốc )sở "),
    )
)
_ABOVE = {"office"}


def _family(name: str) -> str:
    words = " ".join(name_words(name))
    return next((family for family, pattern in _FAMILIES if pattern.search(words)), "")


# What names of bodies shorten in running text: "Sở Nông nghiệp và PTNT".
_SHORT_NAMES = {
    "PTNT": "Phát triển nông thôn",
    "GDĐT": "Giáo dục và Đào tạo",
    "GD&ĐT": "Giáo dục và Đào tạo",
    "LĐTBXH": "Lao động - Thương binh và Xã hội",
    "LĐ-TB&XH": "Lao động - Thương binh và Xã hội",
    "TNMT": "Tài nguyên và Môi trường",
    "TN&MT": "Tài nguyên và Môi trường",
    "KHĐT": "Kế hoạch và Đầu tư",
    "KH&ĐT": "Kế hoạch và Đầu tư",
    "KHCN": "Khoa học và Công nghệ",
    "KH&CN": "Khoa học và Công nghệ",
    "TTTT": "Thông tin và Truyền thông",
    "TT&TT": "Thông tin và Truyền thông",
    "GTVT": "Giao thông vận tải",
    "VHTTDL": "Văn hóa, Thể thao và Du lịch",
    "VHTT&DL": "Văn hóa, Thể thao và Du lịch",
}
_SHORT = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(_SHORT_NAMES, key=len, reverse=True)))})(?!\w)")


def issuer_agrees(symbol: str, issuer_text: str) -> bool:
    """Whether a named issuer fits a symbol; what is not known fits.

    Forms: ("QĐ-TTg", "Thủ tướng Chính phủ"), ("QĐ-UBND", "Chủ tịch UBND tỉnh"), ("NQ/TU", "Ban Thường vụ Tỉnh ủy") fit;
    ("QĐ-TTg", "UBND tỉnh"), ("QĐ-SYT", "Sở Nội vụ") do not.
    """
    issuers = symbol_issuers(symbol)
    issuer_text = _SHORT.sub(lambda short: _SHORT_NAMES[short[0]], issuer_text)
    named = _family(issuer_text)
    if not issuers or not named:
        return True
    meant = {_family(issuer) for issuer in issuers}
    if named == "party" and meant == {"party"}:
        return _party_agrees(symbol, issuer_text)
    if named not in meant:
        return "" in meant or bool((meant | {named}) & _ABOVE)
    if named not in ("ministry", "department"):
        return True
    text = squash(issuer_text)
    return any(squash(issuer) in text or _same_body(issuer, issuer_text) for issuer in issuers)


def _same_body(issuer: str, text: str) -> bool:
    """Names that say less than the vocabulary's: "Thủ tướng", "Ngân hàng Nhà nước"."""
    short, long = squash(text), squash(issuer)
    return len(short) > 5 and long.startswith(short)


_PARTY_LEVELS = (
    ("TW", re.compile(r"trung ương|bộ chính trị|ban bí thư")),
    ("HU", re.compile(r"huyện")),
    ("QU", re.compile(r"quận")),
    ("ThU", re.compile(r"thị (?:ủy|xã)")),
    ("TU", re.compile(r"tỉnh|thành (?:ủy|phố)")),
)


def _party_agrees(symbol: str, issuer_text: str) -> bool:
    """Levels of the Party must not differ: a /TW symbol of a Tỉnh ủy does."""
    words = key(issuer_text)
    level = next((code for code, pattern in _PARTY_LEVELS if pattern.search(words)), None)
    last = _parts(symbol)[-1]
    known = {code for code, _ in _PARTY_LEVELS}
    if level is None or last not in known:
        return True
    return level == last or {level, last} == {"TU", "ThU"}
