"""The cases of tests/cases: what they hold, what the program returns for them, and the rewriting of their gold.

A case is a folder with `source.toml` (an authored plan, see samples/authored.py; what it leaves out comes from
letterhead.toml) or with any real file `source.*`, and with `gold.json` in the shape of the acceptance gold. One
gold serves all formats of an authored plan: the same paper must give the same rows. The sample documents are cases
too; their gold is in samples/gold.

python -m tests.golden [CASE ...] rewrites the gold from what the program returns now; read the diff, line by line.
"""

import hashlib
import json
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from extractors.document import Source
from extractors.formats import extract
from pipeline.check import check
from pipeline.gold import Json, as_gold
from pipeline.read import read_plan
from samples.authored import parse_plan
from samples.make import BUILDERS, PLANS

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """A paper in one or more formats, and what it says."""

    name: str
    gold: Path
    source: Path

    def documents(self) -> dict[str, bytes]:
        """File name and bytes of each format of the paper."""
        if self.source.suffix != ".toml":
            return {self.source.name: self.source.read_bytes()}
        defaults = {} if self.source.parent == PLANS else _toml(CASES / "letterhead.toml")
        plan = parse_plan(defaults | _toml(self.source))
        pageless = ("xlsx", "html") if "docx" in plan.formats else ()  # a plan that is one thing in Word is one there
        return {f"source.{form}": BUILDERS[form](plan) for form in (*plan.formats, *pageless)}


def cases() -> list[Case]:
    """The cases of tests/cases and the sample documents."""
    folders = sorted(path for path in CASES.iterdir() if path.is_dir())
    own = [Case(folder.name, folder / "gold.json", _source(folder)) for folder in folders]
    samples = [
        Case(f"sample-{path.stem}", PLANS.parent / "gold" / f"{path.stem}.json", path)
        for path in sorted(PLANS.glob("*.toml"))
    ]
    return own + samples


def _source(folder: Path) -> Path:
    sources = list(folder.glob("source.*"))
    if len(sources) != 1:
        raise ValueError(f"{folder}: one file source.* is wanted, there are {len(sources)}")
    return sources[0]


def _toml(path: Path) -> Json:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def read_case(name: str, data: bytes) -> Json:
    """What the program returns for one document, in the shape of the gold."""
    source = Source(uri=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    plan = read_plan(extract(source, data))
    return as_gold(plan, check(plan))


def differences(gold: object, got: object, where: str = "") -> list[str]:
    """One line a value that differs; white space runs count as one blank, as they do on paper."""
    if isinstance(gold, dict) and isinstance(got, dict):
        return [line for key in gold | got for line in differences(gold.get(key), got.get(key), f"{where}.{key}")]
    if isinstance(gold, list) and isinstance(got, list):
        lines = [] if len(gold) == len(got) else [f"{where}: {len(gold)} wanted, {len(got)} read"]
        longest = max(len(gold), len(got))
        for at in range(longest):
            want, have = (items[at] if at < len(items) else None for items in (gold, got))
            lines += differences(want, have, f"{where}[{at + 1}]")
        return lines
    if _squeezed(gold) == _squeezed(got):
        return []
    want, have = (json.dumps(value, ensure_ascii=False) for value in (gold, got))
    return [f"{where.removeprefix('.')}: want {want}, got {have}"]


def _squeezed(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def main(names: list[str]) -> int:
    for case in cases():
        if names and case.name not in names:
            continue
        name, data = next(iter(case.documents().items()))
        text = json.dumps(read_case(name, data), ensure_ascii=False, indent=1) + "\n"
        if case.gold.exists() and case.gold.read_text(encoding="utf-8") == text:
            continue
        case.gold.parent.mkdir(exist_ok=True)
        case.gold.write_text(text, encoding="utf-8")
        sys.stdout.write(f"written: {case.gold.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
