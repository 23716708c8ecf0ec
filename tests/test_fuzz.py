"""A little of benchmarks/fuzz.py: damaged files end in a document or in a reason, never in silence."""

import importlib
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.run import process
from samples.authored import read_plan
from samples.make import BUILDERS, PLANS

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
FILES = 62  # each kind of damage once


@pytest.fixture(scope="module")
def mutants() -> ModuleType:
    sys.path.append(str(BENCHMARKS))
    try:
        return importlib.import_module("fuzz_mutants")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def good() -> Mapping[str, list[bytes]]:
    """Formats that need no other program (a damaged PDF may go to tesseract)."""
    plans = [read_plan(path) for path in sorted(PLANS.glob("*.toml"))[:2]]
    return {form: [build(plan) for plan in plans] for form, build in BUILDERS.items() if form != "pdf"}


def test_damaged_files_end_in_rows_or_in_a_reason(mutants: ModuleType, good: Mapping[str, list[bytes]]) -> None:
    silent = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for mutant in mutants.mutants(1, good, FILES):
            outcome = process(mutant.name, mutant.data)
            if outcome.failure is not None:
                told = bool(outcome.failure.message)
            else:
                assert outcome.plan is not None
                told = bool(outcome.plan.tasks) or any(f.severity.value != "info" for f in outcome.findings)
            if not told:
                silent.append((mutant.form, mutant.mutation))
    assert silent == []


def test_every_mutation_is_made_the_same_again(mutants: ModuleType, good: Mapping[str, list[bytes]]) -> None:
    one, other = (list(mutants.mutants(3, good, 20)) for _ in range(2))
    assert one == other
    assert list(mutants.mutants(4, good, 20)) != one
