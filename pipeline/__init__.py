"""Document -> PlanDocument -> findings -> Parquet: reads what a plan says; never opens a source file.

`pipeline.nlp()` gives the rules as a spaCy pipeline, for use on any text:

    import pipeline
    doc = pipeline.nlp()("Sở Y tế báo cáo trước ngày 15/01 hàng năm")
    [(span.text, span._.value.rrule) for span in doc.spans["deadlines"]]

`pipeline.load()` gives the tables and views as pandas or Arrow:

    plans = pipeline.load("data/parsed")
    plans.tasks, plans.v_overdue, plans.sql("select unit, count(*) from v_overdue group by unit")
"""

import os
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

    from pipeline.query.plans import Plans


def nlp() -> "Language":
    """The Vietnamese rule pipeline; spaCy is imported only here, so that `import pipeline` stays light."""
    from pipeline.rules.language import nlp as build

    return build()


def load(
    data: str | os.PathLike[str] = "data/parsed", *, as_of: date | None = None, soon_days: int | None = None
) -> "Plans":
    """The tables and ready views of a folder; DuckDB and pandas are imported only when something is asked.

    Args:
        as_of: the day that views such as `v_overdue` are asked about; today in Hà Nội without it.
        soon_days: how far `v_due_soon` looks; 30 without it.

    Raises:
        pipeline.query.lake.LakeError: the folder has no tables.
    """
    from pathlib import Path

    from pipeline.query.plans import Plans

    return Plans(Path(data), as_of=as_of, soon_days=soon_days)
