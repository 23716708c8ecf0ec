"""Drawn rules on a scanned page: found broken, grey or slightly bent; erased for the reader of letters.

A rule is a chain of thin straight strokes that lie in one line. Letters hold no stroke as long as `_STROKE` and as
thin, and a row of them lies in no line; what is taken for a rule all the same meets no other and makes no cell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from extractors.pdf_cells import Straight
from extractors.pdf_rules import Edge, edge
from extractors.scan_page import ScanPage
from extractors.scan_pose import Pixels, ink_of

_STROKE = 9.0  # points: shortest piece of a broken rule
_ACROSS = 24.0  # points: shortest rule across, wider than any stroke of a heading's letters
_UPRIGHT = 13.0  # points: shortest rule upwards, the height of one row of small print
_THICK = 4.0  # points: a thicker stroke is a bar, a picture or the edge of the glass
_STANDS_OUT = 2.4  # points: a stroke that crosses a rule is seen so far on one side of it; dots and marks are lower
_GAP = 12.0  # points: holes in a broken rule; no column is as narrow
_NEAR = 8.0  # points: a hole beside a piece that may be the stroke of a letter
_CORNER = 20.0  # points: a hole beside a corner, and what it leaves of the rule, shorter than a stroke
_INKED = 0.6  # of a broken rule's length
_OF_ROW = 0.5  # of a row's height
_PROOF = 20.0  # points: the longest piece of a broken rule, longer than any stroke of a letter
_BESIDE = 2.5  # points: letters stand so near beside each other, and farther from the rules of their cell
_LETTERED = 0.12  # of what is beside a stroke is ink where a letter goes on
_BEND = 1.5  # points: how far a rule may leave its line before the next piece of it begins
_MEET = 3.0  # points: what is as near as that meets
_GREY = 225  # of 255: what is darker is no paper
_CRUMBS = 2  # pixels: width of what is wiped in a hole
_FRINGE = np.ones((5, 5), np.uint8)  # pixels: the blur round a rule
_FAINT = 0.4  # points: holes that noise tears into a grey rule


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules of a page as edges in points, and the page without them."""

    edges: tuple[Edge, ...]
    cleared: Pixels


@dataclass(frozen=True, slots=True)
class _Piece:
    """A thin stroke: its outline (in pairs of rows), its ends along the rule, its middle line at each (pixels)."""

    outline: cv2.typing.MatLike
    start: int
    end: int
    first: float
    last: float


def find_rules(page: ScanPage) -> Rules:
    ink = ink_of(page.grey, page.unit)
    edges: list[Edge] = []
    drawn: list[Pixels] = []
    for flat in (True, False):
        along = _halved(ink) if flat else _halved(_transposed(ink))
        mask = np.zeros_like(along)
        shortest = (_ACROSS if flat else _UPRIGHT) * page.unit
        rules: list[list[_Piece]] = []
        rest: list[list[_Piece]] = []
        pieces = _pieces(along, page.unit)
        if not flat:
            pieces = [piece for piece in pieces if not _in_word(piece, along, page.unit)]
        for chain in _chains(pieces, page.unit):
            (rules if _is_rule(chain, shortest, page.unit) else rest).append(chain)
        if not flat:
            rules += [chain for chain in rest if _fills_row(chain, rules, edges, page.unit)]
        for chain in rules:
            edges += _edges(chain, page.unit, flat)
            cv2.drawContours(mask, [piece.outline for piece in chain], -1, 255, cv2.FILLED)
            for before, after in pairwise(chain):  # crumbs that are left in the hole
                ends = (before.end, round(before.last / 2)), (after.start, round(after.first / 2))
                cv2.line(mask, *ends, 255, _CRUMBS)
        whole = np.repeat(mask, 2, axis=0)[: ink.shape[0 if flat else 1]]
        drawn.append(whole if flat else _transposed(whole))
    _, grey = cv2.threshold(page.grey, _GREY, 255, cv2.THRESH_BINARY_INV)
    closed = list(_closed(list(_led_on(edges, grey.astype(np.uint8, copy=False), page.unit))))
    for (upright, short), (_, rule) in zip(edges, closed, strict=True):
        for stretch in ((rule.start, short.start), (short.end, rule.end)):
            if stretch[0] < stretch[1]:
                at, start, end = (round(each * page.unit) for each in (rule.at, *stretch))
                ends = ((at, start), (at, end)) if upright else ((start, at), (end, at))
                cv2.line(drawn[upright], *ends, 255, _CRUMBS)
    return Rules(tuple(closed), _cleared(page, ink, drawn[0], drawn[1]))


def _led_on(rules: Sequence[Edge], grey: Pixels, unit: float) -> Iterator[Edge]:
    """Rules of tables led on as far as anything darker than paper goes on in their line.

    Beside black letters a grey rule looks like paper to a threshold that follows the light.
    """
    for upright, rule in rules:
        met = [other.at for u, other in rules if u is not upright and _meets(rule, other)]
        at, near = round(rule.at * unit), round(_FAINT * unit) + 1
        line = (grey.T if upright else grey)[max(0, at - near) : at + near + 1].max(axis=0)
        start, end = rule.start, rule.end
        if met and min(met) > start + _MEET:
            start -= _run(line[: max(0, round(start * unit))][::-1], near) / unit
        if met and max(met) < end - _MEET:
            end += _run(line[round(end * unit) :], near) / unit
        yield upright, Straight(rule.at, start, end)


def _meets(rule: Straight, other: Straight) -> bool:
    across = other.start - _MEET <= rule.at <= other.end + _MEET
    return across and rule.start - _MEET <= other.at <= rule.end + _MEET


def _run(line: Pixels, hole: int) -> int:
    """How far the ink at the head of a line reaches, with holes that are no longer than that."""
    inked = np.flatnonzero(line)
    ends = np.flatnonzero(np.diff(inked, prepend=-1) > hole + 1)
    reached = inked[: ends[0]] if len(ends) else inked
    return int(reached[-1]) + 1 if len(reached) else 0


def _closed(rules: Sequence[Edge]) -> Iterator[Edge]:
    """Rules led on to the next one that they point at where they meet another already: holes may lie at corners.

    What meets no other is the underline of a word.
    """
    for upright, rule in rules:
        others = [o for u, o in rules if u is not upright and o.start - _GAP <= rule.at <= o.end + _GAP]
        met = [o.at for o in others if rule.start - _MEET <= o.at <= rule.end + _MEET]
        start, end = rule.start, rule.end
        if met and min(met) > start + _MEET:
            start = max((o.at for o in others if start - _CORNER <= o.at < start - _MEET), default=start)
        if met and max(met) < end - _MEET:
            end = min((o.at for o in others if end + _MEET < o.at <= end + _CORNER), default=end)
        yield upright, Straight(rule.at, start, end)


def _transposed(picture: Pixels) -> Pixels:
    return cv2.transpose(picture).astype(np.uint8, copy=False)  # numpy takes ten times as long


def _halved(ink: Pixels) -> Pixels:
    """Rows in pairs, inked where one of them is: rules that noise frays are whole, and half as much is to be done."""
    padded = ink if ink.shape[0] % 2 == 0 else np.vstack([ink, np.zeros_like(ink[:1])])
    return np.maximum(padded[::2], padded[1::2])


def _pieces(ink: Pixels, unit: float) -> list[_Piece]:
    """Thin strokes that run across. The rows of `ink` are pairs of the page's."""
    whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _rod(round(_FAINT * unit), 1))
    strokes = cv2.morphologyEx(whole, cv2.MORPH_OPEN, _rod(round(_STROKE * unit), 1))
    thick = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, _rod(1, round(_THICK * unit / 2)))
    strokes = cv2.subtract(strokes, cv2.dilate(thick, _rod(3, 3)))
    outlines, _ = cv2.findContours(strokes, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    pieces = []
    for outline in outlines:
        x, y, width, height = cv2.boundingRect(outline)
        if width < _STROKE * unit / 2:
            continue
        own = cv2.drawContours(np.zeros((height, width), np.uint8), [outline], 0, 1, cv2.FILLED, offset=(-x, -y))
        tip = max(1, min(width // 2, round(3 * unit)))
        first, last = (2 * (y + float(np.nonzero(end)[0].mean())) + 0.5 for end in (own[:, :tip], own[:, -tip:]))
        pieces.append(_Piece(outline, x, x + width, first, last))
    return sorted(pieces, key=lambda piece: piece.start)


def _in_word(piece: _Piece, ink: Pixels, unit: float) -> bool:
    """Whether a short upright piece is the stroke of a letter: the rest of it, or the next one, stands beside it.

    A "g" in line with the rule of a column above and below it would cut the merged cell in which it stands.
    """
    if piece.end - piece.start >= _PROOF * unit:
        return False
    ends = round(_BESIDE * unit)
    y, high, far = *cv2.boundingRect(piece.outline)[1::2], round(_BESIDE * unit / 2)
    middle = slice(piece.start + ends, max(piece.start + ends + 1, piece.end - ends))  # without rules that it meets
    sides = ink[max(0, y - 1 - far) : max(0, y - 1), middle], ink[y + high + 1 : y + high + 1 + far, middle]
    return any(side.size and np.count_nonzero(side) > _LETTERED * side.size for side in sides)


def _rod(width: int, height: int) -> Pixels:
    return np.ones((max(1, height), max(1, width)), np.uint8)


def _chains(pieces: Sequence[_Piece], unit: float) -> list[list[_Piece]]:
    """Pieces that lie in one line, one chain a rule."""
    chains: list[list[_Piece]] = []
    open_chains: list[list[_Piece]] = []
    for piece in pieces:
        open_chains = [chain for chain in open_chains if piece.start - chain[-1].end <= _GAP * unit]
        near = [chain for chain in open_chains if _goes_on(chain[-1], piece, unit)]
        if near:
            min(near, key=lambda chain: abs(chain[-1].last - piece.first)).append(piece)
        else:
            chains.append([piece])
            open_chains.append(chains[-1])
    return chains


def _goes_on(before: _Piece, piece: _Piece, unit: float) -> bool:
    """Whether it is the same rule; a stroke of a letter below the table may stand in line with one, a little apart."""
    hole = _GAP if min(before.end - before.start, piece.end - piece.start) >= _PROOF * unit else _NEAR
    return piece.start - before.end <= hole * unit and abs(before.last - piece.first) <= _BEND * unit


def _is_rule(chain: Sequence[_Piece], shortest: float, unit: float) -> bool:
    length, inked = chain[-1].end - chain[0].start, sum(piece.end - piece.start for piece in chain)
    longest = max(piece.end - piece.start for piece in chain)
    return length >= shortest and inked >= _INKED * length and longest >= min(length, _PROOF * unit)


def _fills_row(chain: Sequence[_Piece], rules: Sequence[Sequence[_Piece]], across: Sequence[Edge], unit: float) -> bool:
    """Whether it is what holes leave of an upright rule in one row of a table: more than a letter there has."""
    at, start, end = chain[0].first / unit, chain[0].start / unit, chain[-1].end / unit
    near = [rule.at for _, rule in across if rule.start - _MEET <= at <= rule.end + _MEET]
    above, below = [y for y in near if start - _CORNER <= y <= start + _MEET], [y for y in near if end - _MEET <= y]
    if not above or not below or min(below) > end + _CORNER:
        return False
    inked = sum(piece.end - piece.start for piece in chain) / unit
    ends = ((abs(rule[0].first - chain[-1].last), abs(rule[-1].last - chain[0].first)) for rule in rules)
    in_line = any(min(apart) <= unit for apart in ends)
    return in_line and inked >= _OF_ROW * (min(below) - max(above))


def _edges(chain: Sequence[_Piece], unit: float, flat: bool) -> Iterator[Edge]:
    """The chain as level edges: one, or several where it bends."""
    points = [p for piece in chain for p in ((piece.start, piece.first), (piece.end, piece.last))]
    run = [points[0]]
    for before, point in pairwise(points):
        height = [y for _, y in (*run, point)]
        if max(height) - min(height) > _BEND * unit and len(run) > 1:
            yield _edge(run, unit, flat)
            run = [before]
        run.append(point)
    yield _edge(run, unit, flat)


def _edge(points: Sequence[tuple[int, float]], unit: float, flat: bool) -> Edge:
    start, end = min(x for x, _ in points) / unit, max(x for x, _ in points) / unit
    lengths = [max(1, b[0] - a[0]) for a, b in pairwise(points)]
    middles = [(a[1] + b[1]) / 2 for a, b in pairwise(points)]
    at = (sum(n * y for n, y in zip(lengths, middles, strict=True)) / sum(lengths) + 0.5) / unit
    return edge(start, at, end, at) if flat else edge(at, start, at, end)


def _cleared(page: ScanPage, ink: Pixels, across: Pixels, upright: Pixels) -> Pixels:
    """The page with its rules painted over; strokes of letters that cross them stay, and marks that stand on them.

    A dot below a vowel is no stroke that crosses: led on through the rule it would be a letter's foot.
    """
    out = page.grey.copy()
    reach, standing = round(_THICK * page.unit * 0.75), round(_STANDS_OUT * page.unit)
    for rules, others, turned in ((across, upright, False), (upright, across, True)):
        through, tall, near = (_rod(length, 1) if turned else _rod(1, length) for length in (reach, standing, 5))
        for band in _bands(rules, 2 * reach, turned):
            rule, own = rules[band], cv2.subtract(ink[band], others[band])
            around, beyond = cv2.dilate(rule, _FRINGE), cv2.subtract(own, rule)
            tips = cv2.dilate(cv2.morphologyEx(beyond, cv2.MORPH_OPEN, tall), through)
            crossing = cv2.min(cv2.morphologyEx(own, cv2.MORPH_OPEN, through), tips)
            beside = cv2.min(cv2.dilate(cv2.subtract(own, around), near), beyond)
            kept = cv2.subtract(cv2.max(crossing, beside), cv2.dilate(others[band], _FRINGE))  # not at their corners
            out[band] = cv2.max(out[band], cv2.subtract(around, kept))
    return out


def _bands(rules: Pixels, margin: int, turned: bool) -> Iterator[tuple[slice, slice]]:
    """The rows of the page in which there are rules, or the columns: most of it has none."""
    inked = np.flatnonzero(rules.max(axis=0 if turned else 1))
    for run in np.split(inked, np.flatnonzero(np.diff(inked) > 2 * margin) + 1) if len(inked) else ():
        band = slice(max(0, int(run[0]) - margin), int(run[-1]) + margin + 1)
        yield (slice(None), band) if turned else (band, slice(None))
