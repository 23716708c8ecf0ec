"""Pages of a document as pictures, and where its tasks stand on them; the work of worker processes."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from extractors.document import Source
from extractors.errors import IngestError, SourceError
from extractors.pictures import PagePicture, as_pdf, draw_pages
from extractors.refusals import refused
from pipeline.plan import Task
from pipeline.sources import read_source
from pipeline.text import key

_ALIKE = 0.8  # of the two texts, for a row that LibreOffice laid out anew
_COMPARED = 300  # characters


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a task stands: page from 1, and its box in shares of the page's width and height."""

    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class DrawJob:
    """A document to draw. `boxes` are the places the store knows; without one, `contents` are looked for."""

    document_id: str
    sha256: str
    path: str
    steps: tuple[int, ...]
    media_type: str
    boxes: Mapping[int, tuple[int, tuple[float, float, float, float]]]  # sequence -> page, (x0, top, x1, bottom)
    contents: Mapping[int, str]  # sequence -> content
    pages: tuple[int, ...] | None = None  # None: all that hold a task, and the first


@dataclass(frozen=True, slots=True)
class Drawing:
    """What came of it; `fault` says in one sentence why there are no pictures."""

    document_id: str
    pictures: tuple[PagePicture, ...] = ()
    spots: Mapping[int, Spot] | None = None
    fault: str = ""


def draw(job: DrawJob) -> Drawing:
    """Draws the pages that hold tasks, and the first one."""
    try:
        data = read_source(job.path, job.steps)
        if hashlib.sha256(data).hexdigest() != job.sha256:
            return Drawing(job.document_id, fault="Tệp gốc đã thay đổi từ khi đọc nên không vẽ trang.")
        boxes = dict(job.boxes)
        media_type = job.media_type
        if not (media_type == "application/pdf" or media_type.startswith("image/")):
            data, media_type = as_pdf(data, media_type), "application/pdf"
            boxes = _found_again(data, job.contents)
        pages = {1, *(page for page, _ in boxes.values())} if job.pages is None else set(job.pages)
        pictures = tuple(draw_pages(data, media_type, pages))
    except OSError as refusal:
        return Drawing(job.document_id, fault=f"Không mở được tệp gốc: {refused(refusal)}.")
    except SourceError as fault:
        return Drawing(job.document_id, fault=fault.message.split(" / ")[0] + ".")
    sizes = {picture.page: (picture.width, picture.height) for picture in pictures}
    spots = {number: _spot(page, box, *sizes[page]) for number, (page, box) in boxes.items() if page in sizes}
    return Drawing(job.document_id, pictures, spots)


def _spot(page: int, box: tuple[float, float, float, float], width: float, height: float) -> Spot:
    x0, top, x1, bottom = box
    return Spot(page, x0 / width, top / height, (x1 - x0) / width, (bottom - top) / height)


def _found_again(pdf: bytes, contents: Mapping[int, str]) -> dict[int, tuple[int, tuple[float, float, float, float]]]:
    """The places of tasks in a newly laid out PDF: it is read like any other, and its tasks are matched in order."""
    from extractors.pdf import read_pdf
    from pipeline.read import read_plan

    try:
        plan = read_plan(read_pdf(Source("drawn.pdf", "", len(pdf)), pdf))
    except IngestError:
        return {}
    placed = [task for task in plan.tasks if task.place.page and task.place.box]
    found = {}
    for number, task in _aligned(contents, placed):
        box = task.place.box
        assert task.place.page is not None
        assert box is not None
        found[number] = (task.place.page, (box.x0, box.top, box.x1, box.bottom))
    return found


def _aligned(contents: Mapping[int, str], tasks: Sequence[Task]) -> Iterator[tuple[int, Task]]:
    """Pairs tasks of equal, else of like text; what stands before a pair in one stands before it in the other."""
    ours = [(number, _plain(text)) for number, text in sorted(contents.items())]
    theirs = [_plain(task.content) for task in tasks]
    matcher = SequenceMatcher(None, [text for _, text in ours], theirs, autojunk=False)
    for operation, low, high, other_low, other_high in matcher.get_opcodes():
        if operation == "equal":
            yield from zip((n for n, _ in ours[low:high]), tasks[other_low:other_high], strict=True)
        elif operation == "replace":
            yield from _alike(ours[low:high], list(zip(theirs, tasks, strict=True))[other_low:other_high])


def _alike(ours: Iterable[tuple[int, str]], theirs: list[tuple[str, Task]]) -> Iterator[tuple[int, Task]]:
    for number, text in ours:
        for position, (other, task) in enumerate(theirs):
            if SequenceMatcher(None, text, other, autojunk=False).ratio() >= _ALIKE:
                yield number, task
                del theirs[: position + 1]
                break


def _plain(text: str) -> str:
    return key(text)[:_COMPARED]
