"""Commands for analysts: questions in SQL, files for other tools, exports for an office, two plans compared."""

import io
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractors.refusals import refused, refused_in_english
from pipeline.commands.options import AsJson, AsOf, refuse_without_tables, say
from pipeline.exits import ExitCode

if TYPE_CHECKING:
    from pipeline.compare import ComparedPlan
    from pipeline.export.office import Wanted
    from pipeline.export.sheets import SheetReport
    from pipeline.query.lake import Connection

Data = Annotated[Path, typer.Option("--data", help="The folder of the tables.", file_okay=False)]
Soon = Annotated[int | None, typer.Option(min=0, help="How many days v_due_soon looks ahead.", show_default="30")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this subject."""
    app.command()(query)
    app.command("export")(export)
    app.command("db")(database)
    app.command("datapackage")(datapackage)
    app.command("compare")(compare)


def query(
    sql: Annotated[str | None, typer.Argument(metavar="[SQL]", help='Such as "select unit, count(*) ...".')] = None,
    data: Data = Path("data/parsed"),
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="A file that holds the query.")] = None,
    as_of: AsOf = None,
    soon: Soon = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV that Excel opens safely.")] = False,
    raw: Annotated[bool, typer.Option("--raw", help="With --csv: for programs, text as it is stored.")] = False,
    as_json: AsJson = False,
    parquet: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the answer as Parquet.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows that are shown on the screen.")] = 100,
    views: Annotated[bool, typer.Option("--views", help="List the tables and ready views with their meaning.")] = False,
    allow_files: Annotated[
        bool, typer.Option("--allow-files", help="The query may read and write other files (read_csv, copy to).")
    ] = False,
) -> None:
    """Ask the tables a question in SQL (DuckDB); nothing is changed."""
    if views:
        _print_views()
        return
    if (sql is None) == (file is None):
        raise typer.BadParameter('give either a query such as "select * from v_overdue", or --file, or --views')
    if sum((as_csv, as_json, parquet is not None)) > 1:
        raise typer.BadParameter("give one of --csv, --json and --parquet")
    if raw and not as_csv:
        raise typer.BadParameter("--raw goes with --csv")
    from pipeline.query.lake import ask, open_lake

    text = file.read_text(encoding="utf-8-sig") if file else sql or ""
    with _plain_faults(), open_lake(data, as_of=as_of, soon_days=soon, locked=not allow_files) as connection:
        answer = ask(connection, text, files=allow_files)
        if parquet:
            from pipeline.query.answers import write_answer_parquet

            say(f"{parquet}: {write_answer_parquet(answer, parquet)} dòng / rows")
        elif as_csv:
            from pipeline.query.answers import write_answer_csv

            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8", newline="")
            write_answer_csv(answer, sys.stdout, raw=raw)
        elif as_json:
            from pipeline.query.answers import json_lines

            _print_json_rows(json_lines(answer))
        else:
            from pipeline.answer import print_answer

            print_answer(answer.columns, answer.rows(), limit)


class Form(StrEnum):
    """What kind of file an export is."""

    XLSX = "xlsx"
    CSV = "csv"
    ICS = "ics"
    JSONL = "jsonl"


def export(
    out: Annotated[Path, typer.Argument(help="OUT.xlsx, .csv, .ics, .jsonl; .zip or a folder for several files.")],
    data: Data = Path("data/parsed"),
    as_of: AsOf = None,
    form: Annotated[
        Form | None, typer.Option("--format", help="What to put into a .zip or folder: csv or ics.", show_default="csv")
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(help="Only this table (tasks, documents, deadlines, units, findings, citations, failures)."),
    ] = None,
    issuer: Annotated[str | None, typer.Option(help="Only of issuers whose name holds this, accents or not.")] = None,
    unit: Annotated[str | None, typer.Option(help="Only tasks of units whose name holds this.")] = None,
    sql: Annotated[str | None, typer.Option("--query", help="The answer to this query instead, as .xlsx.")] = None,
    vietnamese: Annotated[bool, typer.Option("--vi", help="Headings and words in Vietnamese.")] = False,
) -> None:
    """Export for an office: an Excel workbook, CSV, a calendar (by unit), lines of JSON."""
    from pipeline.export.office import NAMES, Wanted

    unknown = set(table or ()) - set(NAMES)
    if unknown:
        raise typer.BadParameter(f"no table {min(unknown)!r}; there are {', '.join(NAMES)}")
    several = out.suffix.lower() == ".zip" or out.is_dir() or not out.suffix
    form = form or _form(out, several)
    if several and form not in (Form.CSV, Form.ICS):
        raise typer.BadParameter("a .zip or a folder holds --format csv or ics")
    wanted = Wanted(tuple(table or NAMES), issuer, unit, vietnamese)
    from pipeline.query.lake import open_lake

    with _plain_faults(), open_lake(data, as_of=as_of) as connection:
        if sql is not None:
            from pipeline.export.office import export_answer
            from pipeline.query.lake import ask

            _report_sheets(out, export_answer(ask(connection, sql), out))
        else:
            _export(connection, out, form, wanted, several=several)


def database(
    out: Annotated[Path, typer.Argument(help="The file to write, such as kehoach.duckdb.", dir_okay=False)],
    data: Data = Path("data/parsed"),
    linked: Annotated[
        bool, typer.Option("--link", help="Look into the Parquet files where they lie instead of copying their rows.")
    ] = False,
) -> None:
    """Write a DuckDB file with the tables, the ready views and their meaning."""
    from pipeline.query.database import write_database

    write_database(data, out, linked=linked)
    sys.stdout.write(f"{out}\n")


def datapackage(data: Data = Path("data/parsed")) -> None:
    """Write datapackage.json beside the tables: what they hold, for catalogues (Frictionless)."""
    from pipeline.query.datapackage import write_datapackage

    refuse_without_tables(data)
    with _plain_faults():
        sys.stdout.write(f"{write_datapackage(data)}\n")


def compare(
    before: Annotated[
        str, typer.Argument(help="The earlier plan: a file, or a stored document's id or number/symbol.")
    ],
    after: Annotated[str, typer.Argument(help="The later plan.")],
    data: Data = Path("data/parsed"),
    as_json: AsJson = False,
) -> None:
    """Show what changed between two plans: tasks new, gone, moved in time, handed to another unit, worded anew."""
    from pipeline.answer import print_comparison
    from pipeline.commands.options import print_json
    from pipeline.compare import compare as compared

    comparison = compared(_plan(before, data), _plan(after, data))
    if as_json:
        print_json(comparison)
    else:
        print_comparison(comparison)


def _plan(called: str, data: Path) -> "ComparedPlan":
    """A file as it is read now, or a stored plan."""
    from pipeline.query.lake import open_lake
    from pipeline.query.versions import UnknownPlanError, find_plan, stored_plan

    if Path(called).is_file():
        from pipeline.commands.reading import read_file
        from pipeline.compare import of_plan

        plan = read_file(Path(called)).plan
        assert plan is not None
        return of_plan(plan, Path(called).name)
    try:
        with open_lake(data) as connection:
            return stored_plan(connection, find_plan(connection, called))
    except UnknownPlanError as unknown:
        say(str(unknown))
        raise typer.Exit(ExitCode.USAGE) from None


def _form(out: Path, several: bool) -> Form:
    if several:
        return Form.CSV
    try:
        return Form(out.suffix.lower().removeprefix("."))
    except ValueError:
        raise typer.BadParameter(f"{out.name!r} must end in .xlsx, .csv, .ics, .jsonl or .zip") from None


def _export(connection: "Connection", out: Path, form: Form, wanted: "Wanted", *, several: bool) -> None:
    from pipeline.clock import VIETNAM
    from pipeline.export import office

    now = datetime.now(VIETNAM)
    if form is Form.XLSX:
        _report_sheets(out, office.export_workbook(connection, out, wanted))
    elif form is Form.JSONL:
        _report(out, {"văn bản": office.export_json_lines(connection, out, wanted)})
    elif form is Form.ICS and several:
        _report(out, office.export_calendars(connection, out, wanted, now))
    elif form is Form.ICS:
        _report(out, {"thời hạn": office.export_calendar(connection, out, wanted, now)})
    elif several:
        _report(out, office.export_csv_files(connection, out, wanted))
    else:
        _report(out, {next(wanted.chosen()).name: office.export_csv(connection, out, wanted)})


def _report(out: Path, counts: Mapping[str, int]) -> None:
    from pipeline.terminal import number, one_line

    sys.stdout.write(f"{one_line(str(out))}\n")
    for name, count in counts.items():
        sys.stdout.write(f"  {number(count):>9}  {one_line(name)}\n")
    if not any(counts.values()):
        say("Không có dòng nào khớp với những gì đã chọn. / No rows match what was asked for.")


def _report_sheets(out: Path, sheets: "Sequence[SheetReport]") -> None:
    _report(out, {sheet.name: sheet.rows for sheet in sheets})
    for sheet in sheets:
        if sheet.parts > 1:
            say(
                f"{sheet.name}: vượt số dòng tối đa của Excel, chia thành {sheet.parts} trang tính."
                f" / more rows than a sheet holds, divided into {sheet.parts} sheets."
            )
        if sheet.cut_cells:
            say(
                f"{sheet.name}: {sheet.cut_cells} ô quá dài bị cắt bớt, xem cột cuối."
                f" / {sheet.cut_cells} cells were too long and were cut, see the last column."
            )


def _print_views() -> None:
    from pipeline.query.views import views
    from pipeline.store.schema import TABLES

    told = [(table.name, table.english, table.vietnamese) for table in TABLES]
    told += [(view.name, view.english, view.vietnamese) for view in views()]
    for name, english, meaning in told:
        sys.stdout.write(f"{name}\n    {meaning}\n    {english}\n")
    sys.stdout.write("find_tasks('tap huan')\n    Nhiệm vụ có chứa các từ này, gõ có dấu hoặc không dấu\n")
    sys.stdout.write("    Tasks that hold the words, typed with accents or without\n")


def _print_json_rows(rows: Iterable[str]) -> None:
    from pipeline.terminal import escaped_json

    sys.stdout.write("[")
    for position, row in enumerate(rows):
        sys.stdout.write((",\n " if position else "\n ") + escaped_json(row))
    sys.stdout.write("\n]\n")


def _where(refusal: OSError) -> str:
    """The folder that refuses; the name of a draft in it says nothing."""
    return f" vào thư mục {Path(refusal.filename).parent}" if isinstance(refusal.filename, str) else ""


@contextmanager
def _plain_faults() -> Iterator[None]:
    """A question that cannot be answered, a file that cannot be written, a reader that went away: one line each."""
    from pipeline.query.lake import QueryError

    try:
        yield
    except QueryError as fault:
        say(str(fault))
        raise typer.Exit(ExitCode.USAGE) from None
    except BrokenPipeError:  # `kehoach query ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as refusal:
        say(f"Không ghi được{_where(refusal)}: {refused(refusal)}. / Cannot write: {refused_in_english(refusal)}.")
        raise typer.Exit(ExitCode.NOTHING_DONE) from None
