"""List numbers of scanned pages, mended where the list itself tells what must stand there."""

import pytest

from extractors.scan_numbers import mend


@pytest.mark.parametrize(
    ("column", "mended"),
    [
        (["ñ", "1", "2", "B", "3", "C", "4"], {0: "A"}),
        (["A", "1", "2", "b", "1", "C", "1"], {3: "B"}),
        (["A", "1", "2", "b", "1", "2"], {3: "B"}),
        (["A.", "1", "Ẻ.", "1", "C.", "1"], {2: "B."}),
        (["A", "1", "a", "b", "B", "1"], {}),  # a list of letters inside the section
        (["A", "1", "a", "C", "1"], {}),
        (["A", "1", "C", "2"], {}),  # the writer's own slip
        (["a", "b", "c"], {}),
        (["A", "1", "-", "-"], {}),
    ],
)
def test_capitals_of_sections(column: list[str], mended: dict[int, str]) -> None:
    assert mend(column) == mended


def test_a_small_letter_of_which_the_recogniser_is_sure_stays() -> None:
    assert mend(["A", "1", "b", "2"], [True] * 4) == {}
