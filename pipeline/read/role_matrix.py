"""Tables with a column for each unit and a mark where it has a part: CT and PH, "Chủ trì", or a cross.

The unit stands in the heading, its role in the cell. Crosses name no role: then a heading above the units may ("Đơn vị
chủ trì" over three of them), else the first unit of a row leads and the others assist.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.rules.units import find_units
from pipeline.text import key
from pipeline.vocab.columns import column_field

MATRIX_FIELDS = frozenset({"role", "role_lead", "role_partner"})

_LEADS = frozenset({"ct", "c", "c.trì", "chủ trì", "chính", "đm", "đầu mối", "chịu trách nhiệm chính"})
_ASSISTS = frozenset({"ph", "p", "p.hợp", "phối hợp", "phụ", "tham gia", "tg", "hỗ trợ", "ht"})
_TICK = re.compile(r"^[xX×✓✔√+*●•☑✗]{1,3}$")
_ABBREVIATION = re.compile(r"^(?!I{1,3}$|IV$)(?:P\.\s?)?[A-ZĐ][A-ZĐ&.\-]{1,9}$")
_ROLES = frozenset({"lead", "partner", "implementer"})
_LONGEST = 80
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class UnitColumn:
    """A column of marks: the unit in its heading, and what the heading above says of a cross in it."""

    field: str
    unit: str


def unit_columns(headings: Sequence[Sequence[str]], values: Sequence[Sequence[str]]) -> dict[int, UnitColumn]:
    """The columns of units by their number; none where fewer than two hold nothing but marks.

    Args:
        headings: of each column from the top level to the lowest, empty ones left out.
        values: the filled cells below them.
    """
    marked = {}
    for number, (levels, cells) in enumerate(zip(headings, values, strict=True)):
        if levels and len(levels[-1]) <= _LONGEST and cells and all(_is_mark(cell) for cell in cells):
            marked[number] = cells
    named = any(_role(cell) for cells in marked.values() for cell in cells)
    units = {n: _column(headings[n]) for n in marked if _may_head(headings[n], named=named)}
    return units | _unmarked(headings, values, units) if len(units) >= _FEWEST else {}


def _may_head(levels: Sequence[str], *, named: bool) -> bool:
    """Whether a heading can be a unit's: beside role words anything that is no other heading, over crosses a unit."""
    above = column_field(" ".join(levels[:-1])) if len(levels) > 1 else None
    if above is not None and above not in _ROLES:
        return False
    unit = levels[-1]
    if named or above is not None:
        return _names_unit(unit) or column_field(unit) is None
    return _names_unit(unit) and _ABBREVIATION.match(unit) is None


def _column(levels: Sequence[str]) -> UnitColumn:
    above = column_field(" ".join(levels[:-1])) if len(levels) > 1 else None
    return UnitColumn(f"role_{above}" if above in ("lead", "partner") else "role", levels[-1])


def _unmarked(
    headings: Sequence[Sequence[str]], values: Sequence[Sequence[str]], units: Mapping[int, UnitColumn]
) -> dict[int, UnitColumn]:
    """Units between the others that have no part in any task."""
    between = range(min(units), max(units) + 1)
    empty = (n for n in between if n not in units and not values[n] and headings[n])
    return {n: _column(headings[n]) for n in empty if _names_unit(headings[n][-1])}


def _is_mark(text: str) -> bool:
    return bool(_TICK.match(text.strip())) or _role(text) is not None


def _role(text: str) -> str | None:
    """Forms: "CT" -> lead; "(PH)" -> partner; "x" -> None."""
    word = key(text).strip("() ")
    return "lead" if word in _LEADS else "partner" if word in _ASSISTS else None


def _names_unit(heading: str) -> bool:
    """Forms: "Phòng TCCB", "Các khoa, phòng", "KHTC", "P.QLCL"."""
    return bool(_ABBREVIATION.match(heading)) or any(unit.start <= 1 for unit in find_units(heading))


def roles_of(marks: Sequence[tuple[str, str, str]]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Leads and partners of a row, and whether the roles had to be inferred; `marks` are (field, unit, mark)."""
    said = list(_said(marks))
    crossed = [unit for role, unit in said if role is None]
    leads = [unit for role, unit in said if role == "lead"]
    partners = [unit for role, unit in said if role == "partner"]
    if leads or not crossed:
        return tuple(leads), (*partners, *crossed), False
    return tuple(crossed[:1]), (*crossed[1:], *partners), len(crossed) > 1 or bool(partners)


def _said(marks: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str | None, str]]:
    for field, unit, mark in marks:
        if _is_mark(mark):
            yield _role(mark) or field.partition("_")[2] or None, unit
