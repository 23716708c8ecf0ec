"""How many deadline phrases are read exactly, beside dateparser on the same phrases.

    python benchmarks/deadlines.py [FILE.jsonl ...] [--show]

Without files our own sets in tests/deadline_cases are read. A line holds the text, the context (plan period, issue
interval) and the right deadlines. A phrase is exact when kind, bound, start, end, rule (compared by the days it gives
in 2020-2029) and year_inferred of all its deadlines are right, in order. dateparser knows one day at most, so two
easier questions are put to both: phrases that give exactly one date (is it that day?) and phrases that give none.
Remarks that begin with AMBIGUOUS are left out.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import dateparser
from dateutil.rrule import rrulestr

from pipeline.plan import DeadlineKind
from pipeline.rules.deadline_lines import read_line

OWN = Path(__file__).resolve().parent.parent / "tests" / "deadline_cases"
FIELDS = ("kind", "bound", "start", "end", "rrule", "year_inferred")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--show", action="store_true", help="print every phrase that is not exact")
    options = parser.parse_args()
    print(f"{'set':28} {'phrases':>8} {'exact':>7} {'one date':>9} {'dateparser':>11} {'none':>6} {'dateparser':>11}")
    for path in options.files or sorted(OWN.glob("*.jsonl")):
        print(score(path, options.show))


def score(path: Path, show: bool) -> str:
    cases = list(_cases(path))
    right = [_is_exact(case) for case in cases]
    if show:
        for case, is_right in zip(cases, right, strict=True):
            if not is_right:
                print(f"  {case['text']!r}\n    want {case['deadlines']}\n    got  {read_line(json.dumps(case))}")
    dates = [c for c in cases if [d["kind"] for d in c["deadlines"]] == ["date"] and c["deadlines"][0]["end"]]
    empty = [c for c in cases if not c["deadlines"]]
    ours_date = sum(_our_day(c) == c["deadlines"][0]["end"] for c in dates)
    theirs_date = sum(_their_day(c) == c["deadlines"][0]["end"] for c in dates)
    ours_none = sum(not read_line(json.dumps(c)) for c in empty)
    theirs_none = sum(_their_day(c) is None for c in empty)
    return (
        f"{path.name[:28]:28} {len(cases):8} {sum(right) / max(len(cases), 1):7.4f} {_share(ours_date, dates):>9} "
        f"{_share(theirs_date, dates):>11} {_share(ours_none, empty):>6} {_share(theirs_none, empty):>11}"
    )


def _share(hits: int, cases: list[dict[str, Any]]) -> str:
    return f"{hits}/{len(cases)}"


def _cases(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if not case.get("remark", "").startswith("AMBIGUOUS"):
            yield case


@cache
def _expanded(rule: str | None) -> object:
    """A rule as the days it gives; the score of two rules is whether these agree."""
    if not rule:
        return ""
    days = rrulestr(rule, dtstart=datetime(2020, 1, 1)).between(datetime(2019, 12, 31), datetime(2029, 12, 31))
    return tuple(days)


def _is_exact(case: dict[str, Any]) -> bool:
    got = [{**row, "start": row["start_date"], "end": row["end_date"]} for row in read_line(json.dumps(case))]
    return [_values(d) for d in got] == [_values(d) for d in case["deadlines"]]


def _values(deadline: dict[str, Any]) -> tuple[object, ...]:
    return tuple(_expanded(deadline[f]) if f == "rrule" else deadline[f] for f in FIELDS)


def _our_day(case: dict[str, Any]) -> str | None:
    rows = read_line(json.dumps(case))
    return str(rows[0]["end_date"]) if len(rows) == 1 and rows[0]["kind"] == DeadlineKind.DATE else None


def _their_day(case: dict[str, Any]) -> str | None:
    """dateparser with the plan's first day as its base, which is kinder to it than today's clock."""
    start = case["context"].get("period_start")
    base = datetime.fromisoformat(start) if start else datetime(2020, 1, 1)
    settings: Any = {"RELATIVE_BASE": base, "DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month"]}
    found = dateparser.parse(case["text"], languages=["vi"], settings=settings)
    return date.isoformat(found.date()) if found else None


if __name__ == "__main__":
    main()
