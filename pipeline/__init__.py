"""Document -> PlanDocument -> findings -> Parquet: reads what a plan says; never opens a source file.

`pipeline.nlp()` gives the rules as a spaCy pipeline, for use on any text:

    import pipeline
    doc = pipeline.nlp()("Sở Y tế báo cáo trước ngày 15/01 hàng năm")
    [(span.text, span._.value.rrule) for span in doc.spans["deadlines"]]
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language


def nlp() -> "Language":
    """The Vietnamese rule pipeline; spaCy is imported only here, so that `import pipeline` stays light."""
    from pipeline.rules.language import nlp as build

    return build()
