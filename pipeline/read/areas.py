"""Provinces, districts and communes that a paper names, and short forms in names written out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pipeline.text import CAPITALS, fold, squeeze
from pipeline.vocab.letterhead import load_letterhead
from pipeline.vocab.provinces import load_provinces, province_named

PROVINCE = 3
_LEVELS = {
    "tỉnh": PROVINCE, "thành phố": 2, "huyện": 2, "quận": 2, "thị xã": 2,
    "thị trấn": 1, "xã": 1, "phường": 1, "đặc khu": 1,
}  # fmt: skip
AREA_NAMES = tuple(_LEVELS)
AREA_WORDS = rf"(?:{'|'.join(AREA_NAMES)})"
_NAME_WORD = rf"[{CAPITALS}][\w’'-]*"
_AREA = re.compile(
    rf"\b(?P<kind>[Tt]ỉnh|[Tt]hành phố|[Hh]uyện|[Qq]uận|[Tt]hị xã|[Tt]hị trấn|[Xx]ã|[Pp]hường|[Đđ]ặc khu)\s+"
    rf"(?P<name>(?:{_NAME_WORD}|\d{{1,2}}\b)(?:\s+(?:-\s+)?{_NAME_WORD})*"
    r"(?:\s+\d{1,2}(?=\s*(?:$|[,.;:)\n])))?)"
)
# "TP. Hồ Chí Minh": a short kind of place before a capital.
_SHORT_PLACES = (
    (re.compile(rf"\b(?:TP|Tp)\s*\.?\s*(?=[{CAPITALS}])"), "thành phố "),
    (re.compile(rf"\b(?:TX|Tx)\s*\.?\s*(?=[{CAPITALS}])"), "thị xã "),
    (re.compile(rf"\b(?:TT|Tt)\s*\.\s*(?=[{CAPITALS}])"), "thị trấn "),
)


@dataclass(frozen=True, slots=True)
class Area:
    """An area as written: kind "tỉnh", name "Hà Tĩnh"."""

    kind: str
    name: str

    @property
    def text(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def level(self) -> int:
        """PROVINCE for provinces and central cities, 2 for districts, 1 for communes."""
        if self.kind == "thành phố" and (province := province_named(self.text)) and province.kind == "thành phố":
            return PROVINCE
        return _LEVELS[self.kind]


@lru_cache(maxsize=1)
def _shorts() -> tuple[tuple[re.Pattern[str], str], ...]:
    pairs = load_letterhead().shorts
    return tuple((re.compile(rf"(?<![\w&]){re.escape(short)}(?![\w&])"), long) for short, long in pairs)


def expand(name: str) -> str:
    """Common short forms in a body's name written out: "UBND huyện X" -> "Ủy ban nhân dân huyện X"."""
    name = re.sub(r"\b(GD)\s*(?:&|-)\s*(ĐT)\b", r"\1&\2", name)
    for short, long in (*_shorts(), *_SHORT_PLACES):
        name = short.sub(long, name)
    return squeeze(name)


def areas_in(text: str) -> list[Area]:
    """Areas with a name, in order: "UBND huyện Sơn Hải, tỉnh Hà Nam" -> both; "Tỉnh ủy" -> none."""
    return [Area(fold(m["kind"]), squeeze(m["name"])) for m in _AREA.finditer(expand(text))]


def as_province(name: str, day: date | None) -> str | None:
    """A province by its bare name, with the kind that it had on that day: "Huế" in 2025 -> "thành phố Huế"."""
    province = (province_named(name, day) if day else None) or province_named(name)
    return f"{province.kind} {province.bare_name}" if province else None


def first_area(texts: Iterable[str], level: int) -> Area | None:
    """The first area of this level, known as a province where a province is asked for."""
    found = (area for text in texts for area in areas_in(text) if area.level == level)
    return next((a for a in found if level != PROVINCE or province_named(a.text)), None)


@lru_cache(maxsize=1)
def _bare_names() -> re.Pattern[str]:
    names = sorted({p.bare_name for p in load_provinces()}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b(?!\s+[{CAPITALS}])")


def bare_provinces(text: str) -> Iterator[str]:
    """Provinces named without their kind: "Sở Y tế Thanh Hóa" -> Thanh Hóa."""
    return (m[0] for m in _bare_names().finditer(text))
