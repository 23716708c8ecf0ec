"""Stored plans to compare: one by what a person calls it, and pairs that belong together."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from pipeline.compare import ComparedPlan, ComparedTask
from pipeline.plan import Deadline
from pipeline.query.lake import Connection, ask
from pipeline.store.deadlines import deadline_of
from pipeline.text import key

_YEAR = re.compile(r"(?:19|20)\d\d")


class UnknownPlanError(LookupError):
    """No stored plan goes by this name, or several do."""


@dataclass(frozen=True, slots=True)
class PlanPair:
    """Two stored plans that belong together: `superseded` by a later version, or the plan of another `year`."""

    kind: str  # superseded | year
    before: str
    after: str


def find_plan(connection: Connection, called: str) -> str:
    """The document_id of a plan, by its id, its document_key, "12/KH-UBND" or its file name.

    Raises:
        UnknownPlanError: none is called so, or several are; the message names them.
    """
    rows = list(
        ask(
            connection,
            """
            select document_id, string_split(source_uri, '/')[-1] from documents
            where document_id = ? or document_key = ? or string_split(source_uri, '/')[-1] = ?
               or lower(concat(ltrim(number, '0'), '/', symbol)) = lower(ltrim(?, '0'))
            order by ingested_at
            """,
            [called] * 4,
        ).rows()
    )
    if len(rows) == 1:
        return str(rows[0][0])
    if not rows:
        raise UnknownPlanError(
            f"Không có văn bản nào là {called!r} (mã, số/ký hiệu hoặc tên tệp)."
            f" / No stored document is called {called!r} (id, number/symbol or file name)."
        )
    named = ", ".join(f"{document_id} ({file})" for document_id, file in rows[:5])
    raise UnknownPlanError(
        f"Có {len(rows)} văn bản là {called!r}: {named}. / {called!r} is not one document; give its id."
    )


def stored_plan(connection: Connection, document_id: str) -> ComparedPlan:
    """A plan from the tables.

    Raises:
        UnknownPlanError: there is no such document.
    """
    heads = _dicts(connection, "documents", document_id, "document_id")
    if not heads:
        raise UnknownPlanError(f"Không có văn bản {document_id}. / There is no document {document_id}.")
    head = heads[0]
    deadlines: defaultdict[str, list[Deadline]] = defaultdict(list)
    for row in _dicts(connection, "deadlines", document_id, "task_id, position"):
        deadlines[row["task_id"]].append(deadline_of(row))
    units: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in _dicts(connection, "task_units", document_id, "task_id, role, position"):
        units[row["task_id"], row["role"]].append(row["unit_name"] or row["name"])
    tasks = tuple(
        _task(row, deadlines[row["task_id"]], units) for row in _dicts(connection, "tasks", document_id, "sequence")
    )
    began = head["period_start"] or head["issued_date"] or head["issued_start"]
    name = head["source_uri"].rsplit("/", 1)[-1]
    return ComparedPlan(name, head["title"], began.year if began else None, tasks, document_id)


def related_plans(connection: Connection) -> tuple[PlanPair, ...]:
    """Pairs that someone may want compared: each version with the one that took its place, each plan with the one of
    the same issuer and title for the period before."""
    question = "select document_id, superseded_by, source_removed_at, issuer, title, period_start from documents"
    rows = list(ask(connection, question + " order by period_start, ingested_at, document_id").rows())
    known = {row[0] for row in rows}
    pairs = [PlanPair("superseded", row[0], row[1]) for row in rows if row[1] in known]
    series: defaultdict[tuple[str, str], list[tuple[date, str]]] = defaultdict(list)
    for document_id, superseded, removed, issuer, title, start in rows:
        if not superseded and not removed and issuer and title and start:
            series[key(issuer), key(_YEAR.sub("", title))].append((start, document_id))
    for plans in series.values():
        for (start, before), (later, after) in pairwise(plans):
            if start < later:
                pairs.append(PlanPair("year", before, after))
    return tuple(pairs)


def _task(row: dict[str, Any], deadlines: list[Deadline], units: dict[tuple[str, str], list[str]]) -> ComparedTask:
    task_id = row["task_id"]
    return ComparedTask(
        row["sequence"],
        row["ordinal"],
        row["content"],
        row["parent"],
        tuple(units.get((task_id, "lead"), ())),
        tuple(units.get((task_id, "partner"), ())),
        row["deadline_text"],
        row["due_date"],
        tuple(deadlines),
        row["page"],
        task_id,
    )


def _dicts(connection: Connection, table: str, document_id: str, order: str) -> list[dict[str, Any]]:
    answer = ask(connection, f"select * from {table} where document_id = ? order by {order}", [document_id])
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows()]
