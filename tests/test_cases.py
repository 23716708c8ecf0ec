"""Every case of tests/cases against its gold, field by field, in each of its formats."""

import json
import tomllib

import pytest
from golden import Case, cases, differences, read_case

DOCUMENTS = [(case, name) for case in cases() for name in case.documents()]


@pytest.mark.parametrize(("case", "name"), DOCUMENTS, ids=[f"{case.name}-{name}" for case, name in DOCUMENTS])
def test_case_reads_as_its_gold(case: Case, name: str) -> None:
    assert case.gold.exists(), f"{case.gold} is missing: `make golden` writes it; read what it says"
    wanted = json.loads(case.gold.read_text(encoding="utf-8"))
    lines = differences(wanted, read_case(name, case.documents()[name]))
    assert not lines, "\n".join(["", *lines])


def test_every_authored_case_says_what_it_is_about() -> None:
    authored = [case for case in cases() if case.source.suffix == ".toml"]
    assert [case.name for case in authored if not read_about(case)] == []


def read_about(case: Case) -> object:
    return tomllib.loads(case.source.read_text(encoding="utf-8")).get("about")


def test_differences_names_place_and_both_values() -> None:
    wanted = {"tasks": [{"content": "A", "leads": ["X"]}]}
    assert differences(wanted, {"tasks": [{"content": "A ", "leads": ["X"]}]}) == []
    lines = differences(wanted, {"tasks": [{"content": "B", "leads": []}]})
    assert lines[0] == 'tasks[1].content: want "A", got "B"'
    assert "1 wanted, 0 read" in lines[1]
