"""The notebook of ten questions runs on the samples and its stored answers are those of today."""

from pathlib import Path

import nbformat
import pytest

from docs.notebooks.run import NOTEBOOKS, ROOT, answers, executed
from pipeline.batch import ingest


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_answers_are_current(path: Path, tmp_path: Path) -> None:
    ingest([ROOT / "data" / "raw"], tmp_path / "parsed", workers=2)
    fresh = executed(path, tmp_path / "parsed")
    assert answers(fresh) == answers(nbformat.read(path, as_version=4)), "run `make docs`"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_ten_questions_with_answers_and_pictures(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert sum(cell.source.startswith("## ") for cell in notebook.cells) == 10
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 4
    assert all(output.output_type != "error" for output in outputs)
    assert str(ROOT) not in path.read_text(encoding="utf-8")
