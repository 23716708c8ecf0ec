"""The order in which a document is understood: header, prose, tables, then prose tasks where no task table is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from extractors.document import Document, Paragraph, Place
from pipeline.plan import Citation, Numbered, PlanDocument, Task
from pipeline.read.letterhead import read_header
from pipeline.read.narrative import read_narrative
from pipeline.read.prose import read_prose
from pipeline.read.tables import read_tables
from pipeline.rules.citations import read_citations
from pipeline.rules.units import UnitResolver, declared_abbreviations
from pipeline.text import key

_IN_READING_ORDER = attrgetter("row", "column")


def _texts(document: Document) -> Iterator[tuple[int, str, Place]]:
    """Every text of the document once, in reading order, with its block: paragraphs and cells (a merged cell once)."""
    for position, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            yield position, block.text, block.place
        else:
            for cell in sorted(block.cells, key=_IN_READING_ORDER):
                if cell.text:
                    yield position, cell.text, cell.place


def _citations(texts: Iterable[tuple[int, str, Place]], skip: frozenset[int]) -> tuple[Citation, ...]:
    return tuple(
        replace(citation, place=place)
        for position, text, place in texts
        if position not in skip
        for citation in read_citations(text)
    )


def _declared(texts: Iterable[tuple[int, str, Place]]) -> dict[str, str]:
    declared: dict[str, str] = {}
    for _, text, _ in texts:
        declared.update(declared_abbreviations(text))
    return declared


def _is_of(item: Numbered, task: Task) -> bool:
    return key(task.content)[:60] in key(item.text)


def _with_tasks(numbered: Sequence[Numbered], tasks: Sequence[Task]) -> tuple[Numbered, ...]:
    """Numbered items of the prose tied to the narrative task whose own ordinal they carry."""
    waiting = [t for t in tasks if t.source == "narrative" and t.ordinal]
    if not waiting:
        return tuple(numbered)
    out = []
    for item in numbered:
        match = next((t for t in waiting if t.ordinal == item.ordinal and _is_of(item, t)), None)
        if match:
            waiting.remove(match)
        out.append(replace(item, task=match.sequence, is_section=False) if match else item)
    return tuple(out)


def read_plan(document: Document, *, narrative_always: bool = False) -> PlanDocument:
    """What the document says as a plan.

    Args:
        document: as extracted.
        narrative_always: also read assignments in the prose of a document that has a task table.
    """
    reading = read_header(document)
    header = reading.header
    skip = reading.head_blocks | reading.closing_blocks
    texts = tuple(_texts(document))
    declared = _declared(texts)
    resolver = UnitResolver(header.issuer, header.issued_start, declared)
    prose, prose_numbers = read_prose(document, reading)
    tables = read_tables(document, header, resolver.resolve, skip, frozenset(declared))
    tasks = tables.tasks
    if not tables.task_tables or narrative_always:
        tasks = (*tasks, *read_narrative(prose, header, resolver.resolve, len(tasks) + 1))
    return PlanDocument(
        source=document.source,
        media_type=document.media_type,
        extractor=document.extractor,
        page_count=document.page_count,
        header=header,
        tasks=tasks,
        citations=_citations(texts, reading.closing_blocks),
        prose=prose,
        numbered=_with_tasks((*prose_numbers, *tables.numbered), tasks),
        notices=(*document.notices, *tables.notices),
        rejected_tables=tables.rejected,
        has_task_table=bool(tables.task_tables),
        tallies=tables.tallies,
    )
