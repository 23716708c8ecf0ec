"""Types that are filled open are as frozen as others, and equal to what dataclasses make."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from extractors.quick import filled_open
from pipeline.plan import Deadline, DeadlineKind, Task


def test_what_is_filled_open_is_frozen_and_has_its_defaults() -> None:
    task = Task(1, "table", "Rà soát", lead_text="Sở Y tế")
    assert type(task) is Task
    assert {f.name: getattr(task, f.name) for f in fields(Task)} == {
        **{f.name: f.default for f in fields(Task)},
        "sequence": 1,
        "source": "table",
        "content": "Rà soát",
        "lead_text": "Sở Y tế",
    }
    with pytest.raises(FrozenInstanceError):
        task.content = "khác"  # type: ignore[misc]
    with pytest.raises(TypeError):
        Task(1, "table")  # type: ignore[call-arg]


def test_what_is_filled_open_is_copied_compared_hashed_and_sent_as_others() -> None:
    deadline = Deadline("Quý I", DeadlineKind.QUARTER)
    assert replace(deadline, repaired=True) == Deadline("Quý I", DeadlineKind.QUARTER, repaired=True)
    assert hash(deadline) == hash(replace(deadline))
    assert pickle.loads(pickle.dumps(deadline)) == deadline


def test_types_that_need_more_than_assignments_are_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class WithFactory:
        found: list[str] = field(default_factory=list)

    @dataclass(frozen=True, slots=True)
    class WithMore:
        name: str

        def __post_init__(self) -> None: ...

    for made in (WithFactory, WithMore):
        with pytest.raises(TypeError):
            filled_open(made)
