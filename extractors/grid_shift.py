"""Half rows whose cells slid one column aside: put back where the other rows of the table say they belong.

The principle knows no document: each column is known by its values ("Hàng năm", "Phòng TCCB") and by how its cells
begin. A half row that fits its columns badly, and one column further well in several cells, has slid.
"""

from collections.abc import Sequence

from extractors.grid_rows import Habit, opening, squash

_SHORT = 5  # squashed letters: a shorter half fits too many values to prove anything
_GAIN = 3.5  # at least two cells that are known values, or three that begin like their column
_PROOFS = 3


def affinity(text: str, habit: Habit, rest: bool) -> float:
    """How well a text fits a column: a value of it (2), a half of one (1.5), a beginning seen there (1)."""
    key = squash(text)
    if not key:
        return 0.0
    if key in habit.values:
        return 2.0
    if len(key) >= _SHORT and any(v.endswith(key) if rest else v.startswith(key) for v in habit.values):
        return 1.5
    return 1.0 if not rest and opening(text) in habit.openings else 0.0


def slid_columns(texts: Sequence[str], habits: Sequence[Habit], rest: bool) -> tuple[int, int] | None:
    """(first column, shift) of the run of cells that slid, or None. `rest` marks the half below the page break.

    Forms: "", "Rà soát TTHC", "Xây dựng và ban", "Kế hoạch", "Thanh tra", "Tháng 12 hàng", "" where the second
    column holds objectives, the fifth plans and the last one deadlines -> (1, 1).
    """
    filled = [column for column, text in enumerate(texts) if text.strip()]
    if len(filled) < _PROOFS:
        return None
    best: tuple[float, int, int] | None = None
    for start in filled:
        moved = [column for column in filled if column >= start]
        for shift in (1, -1):
            if not _has_room(texts, moved, shift):
                continue
            now = sum(affinity(texts[c], habits[c], rest) for c in moved)
            fits = [affinity(texts[c], habits[c + shift], rest) for c in moved]
            gain = sum(fits) - now
            if gain >= _GAIN and sum(fit > 0 for fit in fits) >= _PROOFS and (best is None or gain > best[0]):
                best = (gain, start, shift)
    return best[1:] if best else None


def _has_room(texts: Sequence[str], moved: Sequence[int], shift: int) -> bool:
    """All moved cells stay in the table and land on none that stays."""
    stay = {column for column, text in enumerate(texts) if text.strip()} - set(moved)
    return all(0 <= column + shift < len(texts) and column + shift not in stay for column in moved)
