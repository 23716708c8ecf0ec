"""Every case of tests/cases against its gold, field by field, in each of its formats."""

import json

import pytest
from golden import CASES, case_folders, differences, documents, read_case

ALL = [(folder.name, name) for folder in case_folders() for name, _ in documents(folder)]


@pytest.mark.parametrize(("case", "name"), ALL, ids=[f"{case}-{name}" for case, name in ALL])
def test_case_reads_as_its_gold(case: str, name: str) -> None:
    folder = CASES / case
    gold = folder / "gold.json"
    assert gold.exists(), f"{gold} is missing: `make golden` writes it; read what it says"
    wanted = json.loads(gold.read_text(encoding="utf-8"))
    assert not (lines := differences(wanted, read_case(name, dict(documents(folder))[name]))), "\n".join(lines)


def test_every_case_says_what_it_is_about() -> None:
    silent = [
        folder.name
        for folder in case_folders()
        if not any(folder.glob("source.*"))
        or ((s := folder / "source.toml").exists() and "about = " not in s.read_text())
    ]
    assert silent == []


def test_differences_names_place_and_both_values() -> None:
    wanted = {"tasks": [{"content": "A", "leads": ["X"]}]}
    assert differences(wanted, {"tasks": [{"content": "A ", "leads": ["X"]}]}) == []
    lines = differences(wanted, {"tasks": [{"content": "B", "leads": []}]})
    assert lines[0] == 'tasks[1].content: want "A", got "B"'
    assert "1 wanted, 0 read" in lines[1]
