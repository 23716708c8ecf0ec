"""A row of the table `deadlines` as the deadline that it tells."""

from collections.abc import Mapping
from typing import Any

from pipeline.plan import Bound, Deadline, DeadlineKind


def deadline_of(row: Mapping[str, Any]) -> Deadline:
    """The deadline; where it was read and whether its year was inferred are left out."""
    return Deadline(
        text=row["text"],
        kind=DeadlineKind(row["kind"]),
        bound=Bound(row["bound"]),
        start=row["start_date"],
        end=row["end_date"],
        rrule=row["rrule"],
    )
