"""What the lines right above a table say for all of its rows: a unit, a year, a month."""

from dataclasses import dataclass

from extractors.document import Document, Paragraph
from pipeline.plan import Header, YearContext
from pipeline.read.row_times import time_of
from pipeline.rules.ordinals import leading_ordinal
from pipeline.rules.units import find_units


@dataclass(frozen=True, slots=True)
class Above:
    """What the lines above a table say for all of its rows."""

    context: YearContext
    unit: str | None = None


def _is_sentence(line: Paragraph) -> bool:
    """Running text, whose years are those of aims ("80% tàu cá ... vào năm 2026."), and no heading of the table."""
    ends = line.text.rstrip().endswith((".", ";"))
    return ends and not (line.bold or line.centered or line.level) and len(line.text.split()) > 8


def lines_above(document: Document, position: int, header: Header) -> Above:
    """What the one or two short lines directly above a table give to its rows: a unit, a year, a month."""
    context = header.year_context()
    unit: str | None = None
    for block in reversed(document.blocks[max(0, position - 2) : position]):
        if not isinstance(block, Paragraph) or len(block.text) > 150 or _is_sentence(block):
            break
        leading = leading_ordinal(block.text)
        line = (leading[1] if leading else block.text).strip(" :.-")
        if context.month is None:
            context = time_of(line, context)
        units = find_units(line)
        if unit is None and units and units[0].start == 0 and units[0].end >= len(line) - 1:
            unit = line
    return Above(context, unit)
