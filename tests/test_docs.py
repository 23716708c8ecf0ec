"""The documentation agrees with the code: generated pages, commands, links."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from docs.generate import README, ROOT, pages, picture, run
from pipeline.commands import app as cli

PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
GENERATED = dict(pages())


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_page_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_local_links_lead_somewhere(page: Path) -> None:
    broken = [
        target
        for target, anchor in re.findall(r"\]\(([^)#\s]*)(#[^)\s]*)?\)", _without_code(page))
        if not re.match(r"[a-z]+:", target) and not _leads_somewhere(page, target, anchor)
    ]
    assert broken == []


def _without_code(page: Path) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def _leads_somewhere(page: Path, target: str, anchor: str) -> bool:
    path = page.parent / target if target else page
    if not path.exists() or not anchor:
        return path.exists()
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return anchor.removeprefix("#") in {_anchor(heading) for heading in headings}


def _anchor(heading: str) -> str:
    """As code hosting sites make them: lower case, punctuation off, blanks as hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_commands_of_the_readme_exist() -> None:
    text = README.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets
    names = {command.callback.__name__.replace("_", "-") for command in cli.app.registered_commands if command.callback}
    assert set(re.findall(r"kehoach ([a-z-]+) (?:data|\[|TỆP|--)", text)) <= names


def test_files_named_in_the_readme_exist() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in re.findall(r"data/raw/[\w./]+\.\w+", text) if not (ROOT / name).exists()] == []


def test_columns_named_in_the_readme_exist() -> None:
    from pipeline.store.schema import BY_NAME

    text = README.read_text(encoding="utf-8")
    columns = {column.name for table in BY_NAME.values() for column in table.columns}
    assert set(re.findall(r"\b[tud]\.(\w+)", text)) <= columns
    assert set(re.findall(r"data/parsed/(\w+)", text)) <= set(BY_NAME)


@pytest.mark.slow
def test_queries_of_the_readme_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(f"kehoach ingest {ROOT / 'data/raw'} --out {tmp_path / 'data/parsed'}")
    monkeypatch.chdir(tmp_path)
    text = README.read_text(encoding="utf-8")
    (query,) = re.findall(r'^(kehoach query ".+")$', text, re.MULTILINE)
    assert "Phòng" in run(f"{query} --as-of 2025-06-01")
    (program,) = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(program, names)  # the words of our own README
    assert len(names["plans"].find("tap huan")) > 0


def test_repository_names_no_registry() -> None:
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+]+", line) for line in pinned)
    for name in ("Makefile", ".ci/run", "pyproject.toml"):
        assert not re.search(r"https?://|index-url|find-links", (ROOT / name).read_text(encoding="utf-8"))


def test_constraints_pin_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {_normal(re.split(r"[<>=!\[; ]", line)[0]) for line in declared}
    pinned = {_normal(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert names <= pinned


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_picture_fetches_nothing() -> None:
    svg = picture("\x1b[1mKế hoạch\x1b[0m", "thử", 40)
    assert "hoạch" in svg
    assert not re.search(r"url\(|href=\"http", svg.replace("url(#", ""))
