"""Runs the notebooks anew on the samples and keeps their answers: python -m docs.notebooks.run."""

import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from pipeline.batch import ingest

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
NOTEBOOKS = tuple(sorted(FOLDER.glob("*.ipynb")))


def executed(path: Path, data: Path) -> NotebookNode:
    """The notebook as it stands after all its cells ran on the tables in `data`, in a kernel of its own.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    os.environ |= {"KEHOACH_DATA": str(data), "PYTHONPATH": str(ROOT)}
    NotebookClient(notebook, timeout=600, startup_timeout=300, kernel_name="python3").execute()
    for cell in notebook.cells:
        cell.metadata.clear()  # when it ran
        for output in cell.get("outputs", ()):
            # Numbered by memory, new in each run: ids of pandas' styles and of matplotlib's objects.
            if "text/plain" in output.get("data", {}):
                output.data["text/plain"] = re.sub(r" at 0x[0-9a-f]+", "", output.data["text/plain"])
    return notebook


def answers(notebook: NotebookNode) -> list[list[str]]:
    """What the cells answered in words; pictures differ by the fonts of a machine."""
    told = []
    for cell in notebook.cells:
        outputs = cell.get("outputs", ())
        words = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
        told.append([text for text in words if not text.startswith("<Figure")])
    return told


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "parsed"
        ingest([ROOT / "data" / "raw"], data)
        for path in NOTEBOOKS:
            nbformat.write(executed(path, data), path)
            sys.stdout.write(f"written: {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
