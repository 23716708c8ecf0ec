"""Imports point one way: flows -> pipeline -> extractors, and inside pipeline from the command down to the nouns."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("extractors", "pipeline", "flows")

# A module may import from its own group and from groups that stand further down. A new module needs a line here.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("flows",),
    ("pipeline.cli",),
    ("pipeline.commands",),
    ("pipeline.watchdog",),
    ("pipeline.status",),
    ("pipeline.answer", "pipeline.show", "pipeline.summary", "pipeline.alerts", "pipeline.report", "pipeline.review"),
    ("pipeline.terminal", "pipeline.pages"),
    ("pipeline.installation",),
    ("pipeline.batch", "pipeline.gathering", "pipeline.health", "pipeline.outcome"),
    ("pipeline.intake", "pipeline.runlog"),
    ("pipeline.ledger", "pipeline.settings"),
    ("pipeline.schedule",),
    ("pipeline.query", "pipeline.export", "pipeline.compare"),
    ("pipeline.cluster",),
    ("pipeline.run", "pipeline.judge"),
    ("pipeline.pool", "pipeline.worker", "pipeline.sources", "pipeline.version"),
    ("pipeline.store",),
    ("pipeline.check",),
    ("pipeline.read",),
    ("pipeline.rules",),
    ("pipeline.vocab",),
    (
        "pipeline.plan",
        "pipeline.text",
        "pipeline.exits",
        "pipeline.interrupts",
        "pipeline.lean",
        "pipeline.occurrences",
        "pipeline.clock",
        "pipeline.remote",
        "pipeline.gold",
    ),
    ("pipeline",),
    ("extractors",),
)
# Side by side: neither may look at the others.
APART = ({"pipeline.store", "pipeline.check", "pipeline.read"},)
# Whose business a library is: nobody else may import it.
OWNERS = {
    "prefect": ("flows",),
    "typer": ("pipeline.commands",),
    "rich": ("pipeline.answer", "pipeline.show", "pipeline.status", "pipeline.summary", "pipeline.terminal"),
    "pyarrow": ("pipeline.store", "pipeline.query"),
    "duckdb": ("pipeline.query",),
    "xlsxwriter": ("pipeline.export",),
    "rapidfuzz": ("pipeline.compare",),
    "docx": ("extractors",),
    "pdfplumber": ("extractors",),
    "pypdfium2": ("extractors",),
    "spacy": ("pipeline.rules", "pipeline"),
    "sqlite3": ("pipeline.ledger",),
    "pydantic": ("pipeline.settings",),
    "cronsim": ("pipeline.schedule",),
    "distributed": ("pipeline.cluster",),
    "fsspec": ("pipeline.remote",),
    "botocore": ("pipeline.remote",),
    "smtplib": ("pipeline.alerts",),
    "icalendar": ("pipeline.export",),
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def imports(name: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def group(module: str) -> str | None:
    """The longest entry of LAYERS that the module lies in."""
    entries = [entry for layer in LAYERS for entry in layer if (module + ".").startswith(entry + ".")]
    return max(entries, key=len, default=None)


def rank(entry: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if entry in layer)


MODULES = dict(modules())


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name: str) -> None:
    own = group(name)
    assert own is not None
    for imported in imports(name, MODULES[name]):
        other = group(imported)
        if other is None or other == own or name == "pipeline":
            continue
        assert rank(other) >= rank(own), f"{name} imports {imported}"
        assert not any(own in apart and other in apart for apart in APART), f"{name} imports {imported}"


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("pipeline.")])
def test_every_module_of_pipeline_has_its_place(name: str) -> None:
    assert group(name) != "pipeline", f"{name} is in no layer"


@pytest.mark.parametrize("name", MODULES)
def test_libraries_are_used_where_they_belong(name: str) -> None:
    for imported in imports(name, MODULES[name]):
        library = imported.split(".")[0]
        if library in OWNERS:
            assert group(name) in OWNERS[library], f"{name} imports {library}"


@pytest.mark.parametrize("name", MODULES)
def test_modules_stay_readable(name: str) -> None:
    assert max((getattr(node, "end_lineno", 0) for node in MODULES[name].body), default=0) <= 500
