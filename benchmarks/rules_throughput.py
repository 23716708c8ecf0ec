"""Characters a second of the deadline rules and of the whole spaCy pipeline on one core, with and without prefilter.

    python benchmarks/rules_throughput.py [FILE.txt ...]

Without files the measured text is made of our own phrases between sentences that hold no deadline at all, in the
share in which plans have them (about one phrase in three sentences).
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pipeline
from pipeline.plan import Where
from pipeline.rules.deadline_words import prepare
from pipeline.rules.deadlines import PROSE_RULES, read_deadlines
from pipeline.rules.rule import scan

OWN = Path(__file__).resolve().parent.parent / "tests" / "deadline_cases"
PLAIN = (
    "Các đơn vị chủ động phối hợp, bảo đảm chất lượng và hiệu quả của nhiệm vụ được giao.",
    "Tiếp tục nâng cao năng lực của đội ngũ cán bộ, công chức, viên chức và người lao động.",
)
ROUNDS = 3


def main() -> None:
    texts = [Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]] or [_made_text()]
    paragraphs = [line for text in texts for line in text.splitlines() if line.strip()]
    size = sum(map(len, paragraphs))
    print(f"{len(paragraphs)} paragraphs, {size} characters, best of {ROUNDS}")
    folded = [prepare(p).words for p in paragraphs]
    nlp = pipeline.nlp()
    for name, work in (
        ("rules alone, with prefilter", lambda: [list(scan(PROSE_RULES, words)) for words in folded]),
        ("rules alone, without", lambda: [list(scan(PROSE_RULES, words, prefilter=False)) for words in folded]),
        ("deadlines of sentences", lambda: [read_deadlines(p, where=Where.PROSE) for p in paragraphs]),
        ("spaCy pipeline, all spans", lambda: list(nlp.pipe(paragraphs))),
    ):
        print(f"{name:30} {size / _best(work) / 1e6:8.3f} million characters/s")


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def _made_text() -> str:
    phrases = [
        json.loads(line)["text"].replace("\n", " ")
        for path in sorted(OWN.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return "\n".join(line for phrase in phrases for line in (*PLAIN, f"{PLAIN[0][:-1]}; {phrase}."))


if __name__ == "__main__":
    main()
