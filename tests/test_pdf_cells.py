"""Cells and tables from rules: the same as pdfplumber's own functions find."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from extractors.pdf_cells import Cell, Straight, cells_of, merge_rules, tables_of
from extractors.pdf_rules import Edge, edge

SNAP, JOIN, MEET = 3.0, 3.0, 3.0


def by_pdfplumber(edges: Sequence[Edge]) -> list[list[Cell]]:
    merged = merge_edges(list(map(as_pdfplumber, edges)), SNAP, SNAP, JOIN, JOIN)
    cells = intersections_to_cells(edges_to_intersections(merged, MEET, MEET))
    return [sorted(table) for table in cells_to_tables(cells)]


def as_pdfplumber(edge: Edge) -> dict[str, float | str]:
    upright, (at, start, end) = edge
    x0, top, x1, bottom = (at, start, at, end) if upright else (start, at, end, at)
    sides = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top}
    return {**sides, "orientation": "v" if upright else "h", "object_type": "line"}


def by_us(edges: Sequence[Edge]) -> list[list[Cell]]:
    across, upright = (merge_rules([rule for up, rule in edges if up == way], SNAP, JOIN) for way in (False, True))
    return [sorted(table) for table in tables_of(cells_of(across, upright, MEET))]


# Whole points: the mean of rules that are snapped together is then the same number in both.
PLACES = st.integers(0, 12).map(lambda number: number * 10.0)
RULES = st.tuples(PLACES, PLACES, PLACES, st.booleans()).filter(lambda rule: rule[1] != rule[2])


@settings(deadline=None)
@given(st.lists(RULES, max_size=40))
def test_any_rules(drawn: list[tuple[float, float, float, bool]]) -> None:
    edges = [
        edge(at, min(a, b), at, max(a, b)) if stands else edge(min(a, b), at, max(a, b), at)
        for at, a, b, stands in drawn
    ]
    assert by_us(edges) == by_pdfplumber(edges)


@settings(deadline=None)
@given(
    st.lists(st.integers(8, 40), min_size=1, max_size=6),
    st.lists(st.integers(8, 40), min_size=1, max_size=6),
    st.data(),
)
def test_tables_drawn_in_pieces_with_some_left_out(widths: list[int], heights: list[int], data: st.DataObject) -> None:
    xs = [float(sum(widths[:at])) for at in range(len(widths) + 1)]
    ys = [float(sum(heights[:at])) for at in range(len(heights) + 1)]
    pieces = [edge(x0, y, x1, y) for y in ys for x0, x1 in pairwise(xs)]
    pieces += [edge(x, y0, x, y1) for x in xs for y0, y1 in pairwise(ys)]
    kept = data.draw(st.lists(st.booleans(), min_size=len(pieces), max_size=len(pieces)))
    edges = [piece for piece, here in zip(pieces, kept, strict=True) if here]
    assert by_us(edges) == by_pdfplumber(edges)


def test_rules_that_nearly_meet_are_one() -> None:
    rules = [(10.0, 0.0, 50.0), (12.0, 52.0, 90.0), (10.0, 0.0, 50.0), (20.0, 0.0, 20.0)]
    assert merge_rules(rules, SNAP, JOIN) == [Straight(32 / 3, 0.0, 90.0), Straight(20.0, 0.0, 20.0)]


def test_a_long_table_takes_no_squares() -> None:
    """Five thousand rows: pdfplumber's loops over pairs of cells would take hours."""
    ys = [float(10 * at) for at in range(5_001)]
    across = [Straight(y, 0.0, 100.0) for y in ys]
    upright = [Straight(x, 0.0, ys[-1]) for x in (0.0, 50.0, 100.0)]
    (table,) = tables_of(cells_of(across, upright, MEET))
    assert len(table) == 10_000
