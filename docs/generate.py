"""Writes the generated pages, pictures and outputs of the documentation: python -m docs.generate [--check].

Pages follow from the code and are checked by the tests. Pictures and the outputs in README.md show a real run on the
samples; they are made anew by `make docs` and not checked, because they hold times.
"""

import argparse
import io
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.testing import CliRunner

from pipeline.check import catalogue_markdown as findings
from pipeline.commands import app as cli
from pipeline.query.views import views_markdown
from pipeline.rules.catalogue import catalogue_markdown as rules
from pipeline.store.schema import TABLES, Column, TableSchema

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
README = ROOT / "README.md"
SHOWN = "data/raw/huyen_pctt_2023.pdf"


def data_dictionary() -> str:
    """The tables and columns of data/parsed, from the declared schema."""
    head = (
        "# Tables and columns\n\nGenerated from `pipeline/store/schema.py`; do not edit.\n\n"
        "Each table is a folder of Parquet files in `data/parsed`. Columns marked \\* may be empty, all others never\n"
        "are; those marked + are beyond the data contract. Each Arrow field carries its description as metadata.\n"
    )
    names = "\n".join(f"- [`{table.name}`](#{table.name}): {_lower(table.english)}" for table in TABLES)
    return "\n".join([head, names, "", *map(_table_page, TABLES)])


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _table_page(table: TableSchema) -> str:
    rows = "\n".join(map(_column_row, table.columns))
    order = ", ".join(f"`{name}`" for name in table.order)
    return (
        f"## {table.name}\n\n{table.english}. {table.vietnamese}.\n\nOrdered by {order}.\n\n"
        f"| Column | Type | Meaning | Ý nghĩa |\n|---|---|---|---|\n{rows}\n"
    )


def _column_row(column: Column) -> str:
    marks = ("\\*" if column.optional else "") + ("+" if column.extra else "")
    return f"| `{column.name}`{marks} | {column.type} | {column.english} | {column.vietnamese} |"


def commands() -> str:
    """The commands with their arguments and options, from the command line itself."""
    group = typer.main.get_command(cli.app)
    assert isinstance(group, TyperGroup)
    codes = (cli.__doc__ or "").split("Exit codes", 1)[1].partition("\n")[2]
    rows = "\n".join(f"| {code} | {meaning} |" for code, meaning in re.findall(r"^ +(\d+)  (.+)$", codes, re.MULTILINE))
    options = "\n".join(f"`kehoach {p.opts[0]}`: {p.help}" for p in group.params if isinstance(p, TyperOption))
    head = (
        f"# Commands\n\nGenerated from `pipeline/commands`; do not edit.\n\n{group.help}\n\n"
        f"{options}\n\nExit codes, the same for all commands:\n\n| Code | Meaning |\n|---|---|\n{rows}\n"
    )
    return "\n".join([head, *_command_pages("", group)])


def _command_pages(before: str, group: TyperGroup) -> Iterator[str]:
    """One after the other; those of a group under its name: "config check"."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _command_pages(f"{before}{name} ", command)
        else:
            yield _command_page(before + name, command)


def _command_page(name: str, command: object) -> str:
    assert isinstance(command, TyperCommand)
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    options = [p for p in command.params if isinstance(p, TyperOption) and p.name != "help"]
    usage = " ".join(["kehoach", name, "[OPTIONS]", *map(_argument_name, arguments)])
    rows = [_row(f"`{_argument_name(p)}`", p) for p in arguments] + [_row(f"`{p.opts[0]}`", p) for p in options]
    table = "\n".join(["| Argument or option | Meaning | Default |", "|---|---|---|", *rows])
    return f"## kehoach {name}\n\n{command.help}\n\n```\n{usage}\n```\n\n{table}\n"


def _argument_name(argument: TyperArgument) -> str:
    return argument.metavar or str(argument.name).upper()


def _row(name: str, parameter: TyperArgument | TyperOption) -> str:
    shown, value = parameter.show_default, parameter.default
    plain = str(value) if value and isinstance(value, int | str | Path) else ""
    return f"| {name} | {parameter.help or ''} | {shown if isinstance(shown, str) else plain} |"


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": commands,
    "data-dictionary.md": data_dictionary,
    "findings.md": findings,
    "rules.md": rules,
    "views.md": views_markdown,
}


def pages() -> Iterator[tuple[Path, str]]:
    """Every page that follows from the code alone."""
    for name, build in PAGES.items():
        yield DOCS / name, build()


def run(command: str, *, colour: bool = False, columns: int = 100) -> str:
    """What a kehoach command prints, standard output only, as in a terminal of so many columns."""
    colours = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "NO_COLOR": None} if colour else {"FORCE_COLOR": None}
    runner = CliRunner(env={"COLUMNS": str(columns), **colours})
    result = runner.invoke(cli.app, shlex.split(command)[1:], catch_exceptions=False)
    if result.exit_code:
        raise RuntimeError(f"{command} ended with {result.exit_code}: {result.stderr}")
    return result.stdout


def picture(output: str, title: str, columns: int) -> str:
    """Coloured terminal output as an SVG that fetches nothing: the reader's own monospace font."""
    console = Console(record=True, width=columns, file=io.StringIO())
    console.print(Text.from_ansi(output.rstrip()), soft_wrap=False)
    svg = console.export_svg(title=title, unique_id="kehoach")
    svg = re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code", "DejaVu Sans Mono")


def pictures() -> Iterator[tuple[Path, str]]:
    """The picture of README.md: one plan as `kehoach show` prints it."""
    shown = run(f"kehoach show {SHOWN}", colour=True, columns=120)
    yield DOCS / "img" / "show.svg", picture(shown, f"kehoach show {SHOWN}", 120)


def readme() -> str:
    """README.md with the outputs between its markers made anew: <!-- output: COMMAND --> ... <!-- end -->."""
    with tempfile.TemporaryDirectory() as folder:

        def block(found: re.Match[str]) -> str:
            command = found[1].strip()
            printed = run(command.replace("data/parsed", folder)).replace(folder, "data/parsed").replace(str(ROOT), ".")
            lines = "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())
            return f"<!-- output: {command} -->\n```text\n{lines}\n```\n<!-- end -->"

        text = README.read_text(encoding="utf-8")
        return re.sub(r"<!-- output: (.+?) -->\n.*?<!-- end -->", block, text, flags=re.DOTALL)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which pages are not current")
    check = parser.parse_args(arguments).check
    made = [*pages()] if check else [*pages(), *pictures(), (README, readme())]
    stale = [(path, text) for path, text in made if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        sys.stdout.write(f"{'not current' if check else 'written'}: {path.relative_to(ROOT)}\n")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
