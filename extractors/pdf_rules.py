"""Drawn rules of a page -> grids of cells with spans. Stroked lines and thin filled rectangles count alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from extractors.document import Box

# Rules of one border are drawn as pieces and as double lines up to 3 pt apart; rows and columns of text are wider.
_SNAP = 3.0
_JOIN = 3.0
_SHORTEST = 8.0  # a cell is at least a letter wide and high; shorter strokes are glyph decoration
_MEET = 3.0
_THIN = 3.0  # a filled rectangle up to this is a rule, a thicker one is shading


@dataclass(frozen=True, slots=True)
class GridCell:
    box: Box
    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table of one page: positions of its row and column rules, its cells."""

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    irregular: int = 0  # slots without a drawn cell
    drawn: bool = True  # False: inferred from text that stands in line, see pdf_borderless


Edge = dict[str, Any]


def edge(x0: float, top: float, x1: float, bottom: float) -> Edge:
    """A rule as pdfplumber's table functions know it."""
    upright = x1 - x0 < bottom - top
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": "v" if upright else "h",
        "object_type": "line",
    }


def is_rule(box: Box) -> bool:
    return min(box.x1 - box.x0, box.bottom - box.top) <= _THIN


def box_edges(box: Box, stroked: bool) -> list[Edge]:
    """Rules that a line or rectangle draws: its middle line where it is thin, its four sides where it is stroked."""
    if is_rule(box):
        if box.x1 - box.x0 >= box.bottom - box.top:
            middle = (box.top + box.bottom) / 2
            return [edge(box.x0, middle, box.x1, middle)] if box.x1 > box.x0 else []
        middle = (box.x0 + box.x1) / 2
        return [edge(middle, box.top, middle, box.bottom)]
    if not stroked:
        return []
    return [
        edge(box.x0, box.top, box.x1, box.top),
        edge(box.x0, box.bottom, box.x1, box.bottom),
        edge(box.x0, box.top, box.x0, box.bottom),
        edge(box.x1, box.top, box.x1, box.bottom),
    ]


def find_grids(edges: Sequence[Edge]) -> list[Grid]:
    """Ruled tables from top to bottom. A lone frame and a frame of one column are no tables."""
    merged = merge_edges(list(edges), _SNAP, _SNAP, _JOIN, _JOIN)
    merged = [e for e in merged if max(e["x1"] - e["x0"], e["bottom"] - e["top"]) >= _SHORTEST]
    merged = _close_sides(merged)
    cells = intersections_to_cells(edges_to_intersections(merged, _MEET, _MEET))
    grids = [_grid([Box(*cell) for cell in table]) for table in cells_to_tables(cells)]
    return sorted((g for g in grids if len(g.xs) > 2), key=lambda g: (g.box.top, g.box.x0))


def _close_sides(edges: list[Edge]) -> list[Edge]:
    """Draws the outer rules that an open-sided table leaves out, where three rules end in one line."""
    across = [e for e in edges if e["orientation"] == "h"]
    upright = [e for e in edges if e["orientation"] == "v"]
    added: list[Edge] = []
    for side in ("x0", "x1"):
        for x, ends in _ends(across, side):
            top, bottom = min(e["top"] for e in ends), max(e["top"] for e in ends)
            crossed = any(e["top"] < bottom and e["bottom"] > top and _between(e["x0"], ends) for e in upright)
            drawn = any(abs(e["x0"] - x) <= _MEET and e["top"] < bottom and e["bottom"] > top for e in upright)
            if crossed and not drawn:
                added.append(edge(x, top, x, bottom))
    for side in ("top", "bottom"):
        for y, ends in _ends(upright, side):
            x0, x1 = min(e["x0"] for e in ends), max(e["x0"] for e in ends)
            drawn = any(abs(e["top"] - y) <= _MEET and e["x0"] < x1 and e["x1"] > x0 for e in across)
            if not drawn and across:
                added.append(edge(x0, y, x1, y))
    return edges + added


def _ends(edges: Sequence[Edge], side: str) -> list[tuple[float, list[Edge]]]:
    groups: list[tuple[float, list[Edge]]] = []
    for e in sorted(edges, key=lambda e: float(e[side])):
        if groups and e[side] - groups[-1][0] <= _SNAP:
            groups[-1][1].append(e)
        else:
            groups.append((e[side], [e]))
    return [(at, ends) for at, ends in groups if len(ends) >= 3]


def _between(x: float, ends: Sequence[Edge]) -> bool:
    return bool(min(e["x0"] for e in ends) + _MEET < x < max(e["x1"] for e in ends) - _MEET)


def _positions(values: Sequence[float]) -> tuple[float, ...]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _SNAP:
            out.append(value)
    return tuple(out)


def _index(positions: Sequence[float], value: float) -> int:
    return min(range(len(positions)), key=lambda i: abs(positions[i] - value))


def _grid(boxes: list[Box]) -> Grid:
    xs = _positions([x for box in boxes for x in (box.x0, box.x1)])
    ys = _positions([y for box in boxes for y in (box.top, box.bottom)])
    cells: list[GridCell] = []
    taken: set[tuple[int, int]] = set()
    for box in sorted(boxes, key=lambda b: (b.top, b.x0)):
        column, row = _index(xs, box.x0), _index(ys, box.top)
        columns, rows = _index(xs, box.x1) - column, _index(ys, box.bottom) - row
        slots = {(r, c) for r in range(row, row + rows) for c in range(column, column + columns)}
        if slots and not slots & taken:
            taken |= slots
            cells.append(GridCell(box, row, column, rows, columns))
    missing = [(r, c) for r in range(len(ys) - 1) for c in range(len(xs) - 1) if (r, c) not in taken]
    # A slot without drawn cell (a rule is missing) still holds its text.
    cells += [GridCell(Box(xs[c], ys[r], xs[c + 1], ys[r + 1]), r, c, 1, 1) for r, c in missing]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(Box(xs[0], ys[0], xs[-1], ys[-1]), xs, ys, tuple(cells), len(missing))
