"""Numbers that were read from a picture with doubt: told once a task, once for the head, once a page."""

from dataclasses import replace

from plans import fired, found, plan, task

from extractors.document import Box, Notice, Place
from pipeline.plan import Severity


def doubt(words: str, page: int, x: float, y: float) -> Notice:
    return Notice("number.doubtful", "... / ...", Place(page, Box(x, y, x + 40, y + 10)), evidence=words)


ROW = Place(2, Box(50, 100, 550, 140))


def test_numbers_are_told_with_their_task_and_words() -> None:
    row = replace(task("Rà soát"), place=ROW)
    told = found(
        "extraction.low_confidence",
        plan(row, notices=(doubt("trước ngày 3O/6/2023", 2, 400, 110), doubt("Quý 1V/2023", 2, 400, 125))),
    )
    assert [(f.task, f.severity, f.place.page, f.evidence) for f in told] == [
        (1, Severity.INFO, 2, "trước ngày 3O/6/2023; Quý 1V/2023")
    ]
    assert told[0].message == (
        "Chữ số trong nhiệm vụ này được nhận dạng chưa chắc: “trước ngày 3O/6/2023”; “Quý 1V/2023”; "
        "cần đối chiếu với văn bản gốc."
    )


def test_numbers_of_the_head_and_of_other_pages() -> None:
    document = plan(replace(task("Rà soát"), place=ROW), notices=(doubt("Số: 24/KH-UBND", 1, 60, 60),))
    head = replace(document, header=replace(document.header, number_text="Số: 24/KH-UBND"))
    (told,) = found("extraction.low_confidence", head)
    assert (told.task, told.place.page, "số, ngày" in told.message) == (None, 1, True)
    others = tuple(doubt(f"số {n}/QĐ-TTg", page, 60, 300) for n, page in ((1, 3), (2, 3), (3, 4)))
    assert fired("extraction.low_confidence", replace(document, notices=others)) == [
        (None, "số 1/QĐ-TTg; số 2/QĐ-TTg"),
        (None, "số 3/QĐ-TTg"),
    ]


def test_a_row_of_which_little_is_sure() -> None:
    document = plan(task("Mờ", confidence=0.62), task("Rõ", confidence=0.8), task("Chữ", confidence=1.0))
    (told,) = found("extraction.low_confidence", document)
    assert (told.task, told.evidence) == (1, "Mờ")
    assert "62%" in told.message
