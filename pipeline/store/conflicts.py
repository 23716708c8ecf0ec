"""citation.dated_elsewhere: one cited document with two dates in two documents, told from the whole store."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.plan import Finding
from pipeline.store.arrow import finding_rows

# (words of the citation, its date, the other date, name of the other file, page) -> the finding
Phrase = Callable[[str, date, date, str, int | None], Finding]

# Bodies of the centre number their papers once a year for the whole country; all others need their name beside it.
_CENTRAL = r"(?:^|[-/])(?:CP|TTg|CTN|QH\d*|UBTVQH\d*|TW|B[A-ZĐ]{1,8})$"
_IDENTITY = ["number", "symbol", "year", "owner"]


def conflict_findings(citations: pa.Table, names: dict[str, str], phrase: Phrase) -> list[dict[str, Any]]:
    """What every document says of its citations that another document dates differently.

    Numbers start again each year (Nghị định 30/2020/NĐ-CP, Điều 8), so only dates of one year contradict each other.

    Args:
        citations: document_id, text, number, symbol, date, issuer, page.
        names: document_id -> base name of its file.
    """
    rows = _suspects(citations).to_pylist()
    families: defaultdict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        families[tuple(row[field] for field in _IDENTITY)].append(row)
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for family in families.values():
        seen = set()
        for row in family:
            other = next(
                (r for r in family if r["date"] != row["date"] and r["document_id"] != row["document_id"]), None
            )
            if other and (row["document_id"], row["date"]) not in seen:
                seen.add((row["document_id"], row["date"]))
                name = names.get(other["document_id"], other["document_id"])
                found[row["document_id"]].append(phrase(row["text"], row["date"], other["date"], name, row["page"]))
    return [row for document, findings in sorted(found.items()) for row in finding_rows(document, findings)]


def _suspects(citations: pa.Table) -> pa.Table:
    """Citations whose identity has more than one date in the store, in a stable order."""
    whole = pc.and_(
        pc.is_valid(citations.column("date")),
        pc.and_(pc.is_valid(citations.column("number")), pc.is_valid(citations.column("symbol"))),
    )
    dated = citations.filter(whole)
    central = pc.match_substring_regex(dated.column("symbol"), _CENTRAL)
    owner = pc.if_else(central, "", pc.utf8_lower(dated.column("issuer")))
    dated = dated.append_column("owner", owner).append_column("year", pc.year(dated.column("date")))
    dated = dated.filter(pc.is_valid(dated.column("owner")))
    counts = dated.group_by(_IDENTITY).aggregate([("date", "count_distinct"), ("document_id", "count_distinct")])
    split = counts.filter(
        pc.and_(
            pc.greater(counts.column("date_count_distinct"), 1),
            pc.greater(counts.column("document_id_count_distinct"), 1),
        )
    ).select(_IDENTITY)
    order = [(name, "ascending") for name in (*_IDENTITY, "document_id", "position")]
    return dated.join(split, _IDENTITY, join_type="inner").sort_by(order)
