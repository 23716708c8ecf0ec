"""Tables with rules between their rows and none between their columns."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.document import Box
from extractors.pdf_columns import (
    ALIGNED,
    LEAST_COLUMNS,
    LEAST_ROWS,
    Columns,
    Row,
    channels_of,
    columns_of,
    filled_columns,
)
from extractors.pdf_inferred import Found, Group, inferred, is_heading


def find_between_rules(rows: Sequence[Row], rules: Sequence[Box]) -> Found | None:
    """A table with rules between its rows and none between its columns."""
    for group in _alike(rules):
        ys = [rule.top for rule in group]
        bands = [
            [at for at, row in enumerate(rows) if top < (row[0].top + row[0].bottom) / 2 < bottom]
            for top, bottom in pairwise(ys)
        ]
        bands = [band for band in bands if band]
        if len(bands) <= LEAST_ROWS or any(b[0] != a[-1] + 1 for a, b in pairwise(bands)):
            continue
        inner = rows[bands[0][0] : bands[-1][-1] + 1]
        within = all(group[0].x0 - ALIGNED <= row[0].x0 and row[-1].x1 <= group[0].x1 + ALIGNED for row in inner)
        wide = [row for row in inner if len(row) > 1]
        if not within or len(wide) < LEAST_ROWS:
            continue
        channels = channels_of(wide, inner)
        columns = columns_of(inner, channels)
        heading = columns.texts(rows[at] for at in bands[0])
        if columns.count < LEAST_COLUMNS or not is_heading(heading):
            continue
        groups = _banded(rows, bands, columns)
        if len(_full(groups[1:], columns)) >= LEAST_ROWS - 1:
            return inferred(rows, groups, replace(columns, heading=heading, rule=(group[0].x0, group[0].x1)))
    return None


def _banded(rows: Sequence[Row], bands: Sequence[Sequence[int]], columns: Columns) -> list[Group]:
    return [Group(tuple(rows[at] for at in band), any(columns.crossed(rows[at]) for at in band)) for band in bands]


def _full(groups: Sequence[Group], columns: Columns) -> list[Group]:
    return [g for g in groups if len(filled_columns(columns, g.rows)) >= LEAST_COLUMNS and not g.across]


def continue_between_rules(rows: Sequence[Row], rules: Sequence[Box], before: Columns) -> Found | None:
    """The table of the page before goes on between rules as wide as its own, the last of them below its last row.

    What stands above the first of them is the rest of a row that the page break cut.
    """
    if before.rule is None:
        return None
    x0, x1 = before.rule
    ys = sorted(rule.top for rule in rules if abs(rule.x0 - x0) <= ALIGNED and abs(rule.x1 - x1) <= ALIGNED)
    bands = [
        [at for at, row in enumerate(rows) if top < (row[0].top + row[0].bottom) / 2 < bottom]
        for top, bottom in pairwise([0.0, *ys])
    ]
    bands = [band for band in bands if band]
    groups = _banded(rows, bands, before)
    if not bands or bands[0][0] or any(b[0] != a[-1] + 1 for a, b in pairwise(bands)) or not _full(groups, before):
        return None
    if groups[0].across and rows[0][0].top < ys[0]:  # text between two tables
        return None
    within = all(x0 - ALIGNED <= row[0].x0 and row[-1].x1 <= x1 + ALIGNED for row in rows[: bands[-1][-1] + 1])
    return inferred(rows, groups, before) if within else None


def _alike(rules: Sequence[Box]) -> list[list[Box]]:
    """Rules of one width below one another."""
    groups: list[list[Box]] = []
    for rule in sorted(rules, key=lambda r: r.top):
        for group in groups:
            if abs(group[0].x0 - rule.x0) <= ALIGNED and abs(group[0].x1 - rule.x1) <= ALIGNED:
                if rule.top - group[-1].top > ALIGNED:
                    group.append(rule)
                break
        else:
            groups.append([rule])
    return [group for group in groups if len(group) > LEAST_ROWS + 1]
