"""What is told when something is missing: each row, cell and page of each sample, in each format, one at a time.

    python -m benchmarks.completeness [--forms docx,pdf,txt,xlsx,html] [--only REGEX] [--reading]

Three tables: what was deleted on paper and told; what was deleted and not told, by the reason why no reader can know
(worked out from the paper, see tests/deletions.py); with --reading, what an extractor could lose. Exits with 1 where
something was not told that has no reason.
"""

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from deletions import cells, lost_cells, lost_rows, pages, rows

from extractors.document import Source
from extractors.formats import extract
from pipeline.check import check
from pipeline.plan import Finding
from pipeline.read import read_plan
from pipeline.run import process
from samples.authored import Plan
from samples.authored import read_plan as authored
from samples.make import BUILDERS, PLANS

Told = set[tuple[str, str]]


def told(findings: Iterable[Finding]) -> Told:
    return {(f.rule, f.evidence) for f in findings if f.rule != "unit.unknown"}


def deleted(plan: Plan, form: str, counts: Counter[tuple[str, str, str]]) -> int:
    """Counts by format, kind and outcome; returns how many were not told without a reason."""
    whole = BUILDERS[form](plan)
    before = told(process(f"sample.{form}", whole).findings)
    silent = 0
    for one in (*rows(plan, form), *cells(plan, form), *(pages(whole) if form == "pdf" else ())):
        new = told(process(f"sample.{form}", one.build()).findings) - before
        counts[form, one.kind, "told" if new else one.excuse or "NOT TOLD"] += 1
        if not new and not one.excuse:
            silent += 1
            print(f"  not told: {form} {one.kind} {one.what[:90]}")
    return silent


def lost(plan: Plan, form: str, counts: Counter[tuple[str, str, str]]) -> int:
    data = BUILDERS[form](plan)
    document = extract(Source("sample", hashlib.sha256(data).hexdigest(), len(data)), data)
    silent = 0
    for kind, losses in (("row lost in reading", lost_rows), ("cell lost in reading", lost_cells)):
        for one in losses(document):
            found = any(f.rule == "table.incomplete" for f in check(read_plan(one.document)))
            counts[form, kind, "told" if found else "NOT TOLD"] += 1
            silent += not found
    return silent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", default="docx,pdf,txt,xlsx,html")
    parser.add_argument("--only", default="", help="regular expression on the names of samples")
    parser.add_argument("--reading", action="store_true", help="also what is lost while reading")
    options = parser.parse_args()
    counts: Counter[tuple[str, str, str]] = Counter()
    silent = 0
    for path in sorted(PLANS.glob("*.toml")):
        if re.search(options.only, path.stem):
            for form in options.forms.split(","):
                silent += deleted(authored(path), form, counts)
                silent += lost(authored(path), form, counts) if options.reading else 0
    for (form, kind, outcome), count in sorted(counts.items()):
        print(f"{form:5} {kind:20} {count:5}  {outcome}")
    total = sum(counts.values())
    print(f"all   {'':20} {total:5}  told: {sum(n for (_, _, o), n in counts.items() if o == 'told')}")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
