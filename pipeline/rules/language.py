"""The rules as a spaCy pipeline: spans with values on any Vietnamese text, nothing to download.

`nlp(text).spans["deadlines"]` (also "units", "citations") holds spans whose `span._.value` is what was read
(`Deadline`, `Unit` or None, `Citation`) and `span._.offsets` the exact characters, since a spaCy span ends at tokens.
What completes a date is set on the document: `doc = nlp.make_doc(text); doc._.year_context = YearContext(...)`,
then `nlp(doc)` or `nlp.pipe(docs)`. A further component is one entry in `READERS`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import DummyTokenizer, get_words_and_spaces, registry
from spacy.vocab import Vocab

from pipeline.plan import Where, YearContext
from pipeline.rules.citations import read_citations
from pipeline.rules.deadline_words import compose
from pipeline.rules.deadlines import read_deadlines
from pipeline.rules.units import UnitResolver, declared_abbreviations, find_units

TOKENIZER = "kehoach.words.v1"
MAX_LENGTH = 100_000_000  # no component needs more than the text's own length

# Letters with their marks (composed or not), runs of digits, any other character alone.
_TOKEN = re.compile(r"[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W\d_]*)*|\d+|[^\s]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A value with its characters and a label (kind of deadline, unit or paper)."""

    start: int
    end: int
    label: str
    value: object


Reader = Callable[[Doc], Iterable[Reading]]


class Words(DummyTokenizer):
    """Tokens at every change between letters, digits and signs, so that each span of a rule ends at a token."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words, spaces = get_words_and_spaces(_TOKEN.findall(text), text)
        return Doc(self.vocab, words=words, spaces=spaces)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Vocab]]:
        return Words, (self.vocab,)


def _deadlines(doc: Doc) -> Iterable[Reading]:
    context = doc._.year_context or YearContext()
    for deadline in read_deadlines(doc.text, context, doc._.where or Where.PROSE):
        yield Reading(*deadline.span, deadline.kind.value, deadline)


def _units(doc: Doc) -> Iterable[Reading]:
    composed, origin = compose(doc.text)
    declared = declared_abbreviations(composed)
    resolve = UnitResolver(declared=declared).resolve
    for found in find_units(composed, frozenset(declared)):
        unit = resolve(found.text)
        start, end = (found.start, found.end) if origin is None else (origin[found.start], origin[found.end])
        yield Reading(start, end, unit.kind if unit else "unit", unit)


def _citations(doc: Doc) -> Iterable[Reading]:
    composed, origin = compose(doc.text)
    for citation in read_citations(composed):
        start, end = citation.span if origin is None else (origin[citation.span[0]], origin[citation.span[1]])
        yield Reading(start, end, citation.doc_type or "citation", citation)


READERS: dict[str, Reader] = {"deadlines": _deadlines, "units": _units, "citations": _citations}


def _add_spans(doc: Doc, name: str) -> Doc:
    spans = []
    for reading in READERS[name](doc):
        span = doc.char_span(reading.start, reading.end, label=reading.label, alignment_mode="expand")
        if span is not None:
            span._.value = reading.value
            span._.offsets = (reading.start, reading.end)
            spans.append(span)
    doc.spans[name] = spans
    return doc


def _register() -> None:
    """Tells spaCy the tokenizer, the components and what a document and a span carry; once a process."""
    registry.tokenizers.register(TOKENIZER, func=lambda: lambda nlp: Words(nlp.vocab))
    for name in READERS:
        Language.component(f"kehoach_{name}", func=partial(_add_spans, name=name))
    Doc.set_extension("year_context", default=None, force=True)
    Doc.set_extension("where", default=None, force=True)
    Span.set_extension("value", default=None, force=True)
    Span.set_extension("offsets", default=None, force=True)


_register()


@cache
def nlp(components: tuple[str, ...] = tuple(READERS)) -> Language:
    """The pipeline with the named components, built once."""
    language = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    language.max_length = MAX_LENGTH
    for name in components:
        language.add_pipe(f"kehoach_{name}", name=name)
    return language
