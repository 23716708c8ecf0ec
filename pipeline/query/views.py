"""The ready views, read from views.toml: what each says, in both languages, and its query."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


def _one_placement(text: str) -> str:
    """SQL that moves each tone mark of oa, oe and uy onto the first vowel, and makes line breaks blanks."""
    for first, second in ("oa", "oe", "uy"):
        for tone in "\u0300\u0301\u0303\u0309\u0323":
            old, new = (unicodedata.normalize("NFC", form) for form in (first + second + tone, first + tone + second))
            text = f"replace({text}, '{old}', '{new}')"
    return f"replace({text}, chr(10), ' ')"


# How the views know the day that is asked about and how far "soon" is. Variables, so that a .duckdb file can be
# asked about another day too: set variable as_of = date '2025-06-30'.
MACROS = (
    """create or replace macro as_of() as
       coalesce(cast(getvariable('as_of') as date), cast(now() at time zone 'Asia/Ho_Chi_Minh' as date))""",
    "create or replace macro soon_days() as coalesce(cast(getvariable('soon_days') as integer), 30)",
    # As pipeline.text.unaccented does, for words that someone types.
    """create or replace macro fold(words) as
       replace(strip_accents(translate(lower(nfc_normalize(words)), 'ðɖ‐‑‒–—―−', 'đđ-------')), 'đ', 'd')""",
    # One placement of tones (hoà = hòa), one kind of blank: for comparing words with their accents.
    f"create or replace macro spoken(words) as {_one_placement('lower(nfc_normalize(words))')}",
    # Words with accents are looked for with accents, words without in either way; first where they mostly stand.
    """create or replace macro find_tasks(words) as table
        select t.task_id, t.document_id, c.number, c.symbol, c.issuer, c.title, t.section_path, t.ordinal, t.parent,
               t.content, t.output, t.leads, t.partners, t.deadline_text, t.due_date, t.note, c.file, t.page
        from tasks t join v_documents_current c on c.document_id = t.document_id
        where contains(t.search, fold(words)) and (
            lower(words) = fold(words)
            or contains(lower(t.content), lower(words))
            or contains(lower(concat_ws(' ', t.content, t.output, t.parent, t.objective, t.note)), lower(words))
            or contains(spoken(concat_ws(' ', t.content, t.output, t.parent, t.objective, t.note)), spoken(words)))""",
)


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """A column of a view, and what it says."""

    name: str
    english: str
    vietnamese: str


@dataclass(frozen=True, slots=True)
class View:
    """A ready view: what a row of it is, how it counts (`notes`), and its query."""

    name: str
    english: str
    vietnamese: str
    notes: str
    sql: str
    columns: tuple[ViewColumn, ...]


@cache
def views() -> tuple[View, ...]:
    """All views, in the order in which they build on one another.

    Raises:
        ValueError: views.toml has an unknown key or a missing one; our fault.
    """
    text = (files("pipeline.query") / "views.toml").read_text(encoding="utf-8")
    return tuple(_view(name, entry) for name, entry in tomllib.loads(text).items())


def _view(name: str, entry: dict[str, Any]) -> View:
    known = {"english", "vietnamese", "notes", "sql", "columns"}
    if entry.keys() - known or known - {"notes"} - entry.keys():
        raise ValueError(f"views.toml: {name} has {sorted(entry)}")
    columns = tuple(ViewColumn(column, *meaning) for column, meaning in entry["columns"].items())
    notes = " ".join(entry.get("notes", "").split())
    return View(name, entry["english"], entry["vietnamese"], notes, entry["sql"].strip(), columns)


def views_markdown() -> str:
    """The page docs/views.md."""
    head = (
        "# Ready views\n\nGenerated from `pipeline/query/views.toml`; do not edit.\n\n"
        "`kehoach query`, `kehoach db` and `pipeline.load(...)` know these views beside the "
        "[tables](data-dictionary.md). They look at current\ndocuments only: not superseded by a later version, source "
        "still there. `as_of()` is the day asked about (`--as-of`, else today in\nHà Nội), `soon_days()` is 30 "
        "(`--soon`).\n`find_tasks('tap huan')` gives the tasks that hold the words, typed with accents or without; "
        "`fold(text)` is text in lower case\nwithout accents, as in the column `search`.\n"
    )
    names = "\n".join(
        f"- [`{view.name}`](#{view.name}): {view.english[:1].lower()}{view.english[1:]}" for view in views()
    )
    return "\n".join([head, names, "", *map(_page, views())])


def _page(view: View) -> str:
    rows = "\n".join(f"| `{c.name}` | {c.english} | {c.vietnamese} |" for c in view.columns)
    notes = f"{view.notes}\n\n" if view.notes else ""
    return (
        f"## {view.name}\n\n{view.english}. {view.vietnamese}.\n\n{notes}"
        f"| Column | Meaning | Ý nghĩa |\n|---|---|---|\n{rows}\n\n```sql\n{view.sql}\n```\n"
    )
