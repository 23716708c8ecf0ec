"""Writes data/raw from samples/plans: python -m samples.make [--check]."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from samples.authored import Plan, read_plan
from samples.page import build_pdf
from samples.plain import build_text
from samples.sheet import build_sheet
from samples.web import build_html
from samples.word import build_word

ROOT = Path(__file__).resolve().parent.parent
PLANS = ROOT / "samples" / "plans"
RAW = ROOT / "data" / "raw"
BUILDERS: dict[str, Callable[[Plan], bytes]] = {
    "docx": build_word,
    "pdf": build_pdf,
    "txt": build_text,
    "xlsx": build_sheet,
    "html": build_html,
}


def built() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every sample document."""
    for path in sorted(PLANS.glob("*.toml")):
        plan = read_plan(path)
        for form in plan.formats:
            yield f"{path.stem}.{form}", BUILDERS[form](plan)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which files are not current")
    check = parser.parse_args(arguments).check
    RAW.mkdir(parents=True, exist_ok=True)
    stale = 0
    for name, data in built():
        path = RAW / name
        if path.exists() and path.read_bytes() == data:
            continue
        stale += 1
        sys.stdout.write(f"{'not current' if check else 'written'}: {path.relative_to(ROOT)}\n")
        if not check:
            path.write_bytes(data)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
