"""The sample documents: built from their sources, always current, the same bytes at each run."""

import io
import zipfile

import pdfplumber
import pytest

from samples.authored import Break, Grid, Line, parse_body, parse_plan
from samples.make import PLANS, RAW, built

BUILT = dict(built())


def test_the_samples_are_all_there_and_nothing_else() -> None:
    assert sorted(BUILT) == sorted(path.name for path in RAW.iterdir() if not path.name.startswith("."))
    kinds = [name.rsplit(".", 1)[1] for name in BUILT]
    assert (kinds.count("docx"), kinds.count("pdf"), kinds.count("txt")) == (3, 3, 2)


@pytest.mark.parametrize("name", sorted(BUILT))
def test_sample_is_current(name: str) -> None:
    """Member by member and character by character: another zlib may pack the same content into other bytes."""
    committed = (RAW / name).read_bytes()
    assert _content(name, committed) == _content(name, BUILT[name]), "run `make samples`"


def test_two_runs_give_the_same_bytes() -> None:
    assert dict(built()) == BUILT


def test_every_sample_says_what_it_shows() -> None:
    assert all("about = " in path.read_text(encoding="utf-8") for path in PLANS.glob("*.toml"))


def test_markup_of_rows_merges_cuts_and_numbers() -> None:
    line, table, end = parse_body(
        """
# I. NHIỆM VỤ
table 1,2,3 header=1 repeat=yes
| STT | Nội dung
  công việc | Chủ trì |
| #!. | Việc một | Văn phòng |
== page ==
~2| #. | Việc hai⏎dòng hai | ^ |
| Cộng | < | < |
== blank ==
"""
    )
    assert line == Line("I. NHIỆM VỤ", "heading")
    assert end == Break("blank")
    assert isinstance(table, Grid)
    assert [field.text for field in table.row(0)] == ["STT", "Nội dung công việc", "Chủ trì"]
    assert {field.text for field in table.row(2)} == {"2", "Việc hai\ndòng hai", "Văn phòng"}
    assert table.ends == (2,)
    assert table.cuts == ((2, 2),)
    office = next(field for field in table.fields if field.text == "Văn phòng")
    assert (office.row, office.rows) == (1, 2)


@pytest.mark.parametrize("bad", ["== unknown ==", "table 1,2\n| one |"])
def test_markup_refuses_what_it_does_not_know(bad: str) -> None:
    with pytest.raises(ValueError, match=r"unknown break|cells instead of"):
        parse_body(bad)


def test_plan_refuses_unknown_keys() -> None:
    with pytest.raises(ValueError, match=r"unknown keys: titel"):
        parse_plan({"titel": ["x"]})


def _content(name: str, data: bytes) -> object:
    if name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {member: package.read(member) for member in package.namelist()}
    if name.endswith(".pdf"):
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            return [
                [(c["text"], round(c["x0"], 1), round(c["top"], 1)) for c in page.chars] + [len(page.rects)]
                for page in pdf.pages
            ]
    return data
