"""Writes the site: pages from templates, the data of its lists and charts, and pictures of the papers."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from extractors.errors import IngestError
from extractors.pictures import has_pages
from extractors.refusals import refused, refused_in_english
from pipeline.check import RULES
from pipeline.clock import VIETNAM
from pipeline.compare import CHANGE_WORDS, Change
from pipeline.pages import page_templates
from pipeline.pool import Death, Pool
from pipeline.report.lake import Lake, Paper, Status, Task, read_lake
from pipeline.report.payload import script, sequence_of, shown
from pipeline.report.pictures import Drawing, DrawJob, Spot
from pipeline.sources import located
from pipeline.terminal import SEVERITY_WORDS, number
from pipeline.text import file_name

ASSETS = ("report.css", "report.js", "charts.js", "echarts-6.1.0.min.js", "echarts-LICENSE.txt")
_MARK = "kehoach-report.json"  # a folder with this file is ours to write into
_PAGES = {
    "index.html": "Tổng quan",
    "nhiem-vu.html": "Nhiệm vụ",
    "don-vi.html": "Đơn vị",
    "phat-hien.html": "Phát hiện",
}
STATUS_WORDS = {
    Status.LATE: "đã qua hạn",
    Status.SOON: "sắp đến hạn",
    Status.LATER: "chưa đến hạn",
    Status.ONGOING: "không có ngày cụ thể",
    Status.UNKNOWN: "không rõ thời hạn",
}


class ReportError(IngestError):
    """The report cannot be written there."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    index: Path
    documents: int
    tasks: int
    findings: int
    pictures: int
    without_pictures: int  # documents that have pages which could not be drawn


def write_report(
    data: Path, out: Path, day: date, *, pictures: bool = True, workers: int = 2, progress: Callable[[str], None]
) -> Written:
    """Writes the site of the store `data` into the folder `out`, as things stand on `day`.

    Pictures that a former report drew are used again. Each file is replaced in one step.

    Raises:
        ReportError: `out` holds something else or cannot be written.
        SurroundingsError: the store cannot be read.
    """
    with _plain_errors(out):
        _claim(out)
    lake = read_lake(data, day)
    with _plain_errors(out):
        return _written(lake, out, pictures, workers, progress)


def _written(lake: Lake, out: Path, pictures: bool, workers: int, progress: Callable[[str], None]) -> Written:
    drawings = dict(_drawings(lake, out, workers, progress)) if pictures else {}
    for name in ASSETS:
        _write(out / "assets" / name, (resources.files("pipeline.report") / "assets" / name).read_bytes())
    _write(out / "assets" / "du-lieu.js", script(lake).encode())
    shared = {"pages": _PAGES, "day": lake.day, "lake": lake}
    for paper in lake.papers:
        page = _template("van-ban.html").render(
            shared,
            root="../",
            here="",
            compared=lake.compared.get(paper.id, ()),
            **_paper_words(paper, drawings.get(paper.id)),
        )
        _write(out / "van-ban" / f"{paper.id}.html", page.encode())
    for name in _PAGES:
        page = _template(name).render(shared, root="", here=name, **_overview_words(lake))
        _write(out / name, page.encode())
    _forget(out, {paper.id for paper in lake.papers})
    drawn = [drawing for drawing in drawings.values() if drawing.pages]
    return Written(
        out / "index.html",
        len(lake.papers),
        sum(len(paper.tasks) for paper in lake.papers),
        sum(len(paper.findings) for paper in lake.papers),
        sum(len(drawing.pages) for drawing in drawn),
        sum(bool(drawing.fault) for drawing in drawings.values()),
    )


# -- pictures -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures of a document as they lie in the site: (page, width, height) and the places of its tasks."""

    pages: tuple[tuple[int, float, float], ...] = ()
    spots: Mapping[int, Spot] | None = None
    fault: str = ""


def _drawings(lake: Lake, out: Path, workers: int, progress: Callable[[str], None]) -> Iterator[tuple[str, Drawn]]:
    jobs = []
    for paper in lake.papers:
        if not has_pages(str(paper.row["media_type"])):
            continue
        if (known := _drawn_before(out, paper)) is not None:
            yield paper.id, known
        else:
            jobs.append(_job(paper))
    pool = Pool("pipeline.report.pictures:draw", min(workers, len(jobs)))
    for done, (job, result) in enumerate(pool.run(jobs), start=1):
        progress(f"[{done}/{len(jobs)}] {Path(job.path).name}")
        if isinstance(result, Death):
            result = Drawing(job.document_id, fault=f"Không vẽ được trang ({result.reason}).")
        yield job.document_id, _keep(out, result, lake)


def _job(paper: Paper) -> DrawJob:
    boxes = {}
    for task in paper.tasks:
        page, box = task.row["page"], task.row["bbox"]
        if page and box:
            boxes[task.row["sequence"]] = (page, (box["x0"], box["top"], box["x1"], box["bottom"]))
    path, steps = located(str(paper.row["source_uri"]))
    contents = {task.row["sequence"]: task.row["content"] for task in paper.tasks}
    return DrawJob(paper.id, paper.row["sha256"], path, steps, paper.row["media_type"], boxes, contents)


def _version(paper: Paper) -> str:
    return str(paper.row["pipeline_version"])


def _drawn_before(out: Path, paper: Paper) -> Drawn | None:
    try:
        kept = json.loads((out / "trang" / f"{paper.id}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if kept["version"] != _version(paper):
        return None
    spots = {int(sequence): Spot(**spot) for sequence, spot in kept["spots"].items()}
    return Drawn(tuple(tuple(page) for page in kept["pages"]), spots)


def _keep(out: Path, drawing: Drawing, lake: Lake) -> Drawn:
    for picture in drawing.pictures:
        _write(out / "trang" / f"{drawing.document_id}-{picture.page}.webp", picture.webp)
    pages = tuple((picture.page, picture.width, picture.height) for picture in drawing.pictures)
    spots = dict(drawing.spots or {})
    if pages:
        paper = next(paper for paper in lake.papers if paper.id == drawing.document_id)
        kept = {"version": _version(paper), "pages": pages, "spots": {n: asdict(spot) for n, spot in spots.items()}}
        _write(out / "trang" / f"{drawing.document_id}.json", json.dumps(kept).encode())
    return Drawn(pages, spots, drawing.fault)


# -- words ----------------------------------------------------------------------------------------------------------


def _overview_words(lake: Lake) -> dict[str, Any]:
    severities = Counter(finding["severity"] for paper in lake.papers for finding in paper.findings)
    statuses = Counter(task.status for paper in lake.papers for task in paper.tasks)
    return {
        "severities": severities,
        "statuses": statuses,
        "documents": len(lake.papers),
        "tasks": sum(len(paper.tasks) for paper in lake.papers),
    }


def _paper_words(paper: Paper, drawn: Drawn | None) -> dict[str, Any]:
    by_task: dict[int, list[Any]] = {}
    for finding in sorted(paper.findings, key=lambda f: list(SEVERITY_WORDS).index(f["severity"])):
        by_task.setdefault(sequence_of(finding["task_id"]), []).append(finding)
    return {
        "paper": paper,
        "findings_of": by_task,
        "sections": list(_by_section(paper.tasks)),
        "drawn": drawn,
        "spots": dict(drawn.spots or {}) if drawn else {},
    }


def _by_section(tasks: Iterable[Task]) -> Iterator[tuple[tuple[str, ...], list[Task]]]:
    """Tasks under one heading together, in the order of the paper."""
    heading: tuple[str, ...] | None = None
    group: list[Task] = []
    for task in tasks:
        own = tuple(task.row["section_path"])
        if own != heading and group:
            yield heading or (), group
            group = []
        heading = own
        group.append(task)
    if group:
        yield heading or (), group


def _date(day: date | None) -> str:
    if isinstance(day, datetime):
        day = day.astimezone(VIETNAM)
    return f"{day:%d/%m}/{day.year:04d}" if day else ""


@cache
def _template(name: str) -> jinja2.Template:
    environment = page_templates("pipeline.report")
    environment.filters.update(shown=shown, date=_date, number=number, file_name=file_name)
    environment.globals.update(change_words=CHANGE_WORDS, Change=Change)
    environment.globals.update(severity_words=SEVERITY_WORDS, status_words=STATUS_WORDS, rules=RULES, Status=Status)
    return environment.get_template(name)


# -- files ----------------------------------------------------------------------------------------------------------


@contextmanager
def _plain_errors(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as refusal:
        raise ReportError(
            f"Không ghi được báo cáo vào {out}: {refused(refusal)}."
            f" / The report cannot be written to {out}: {refused_in_english(refusal)}."
        ) from refusal


def _claim(out: Path) -> None:
    """Makes the folder ours; one that holds something else is not touched."""
    if out.exists() and not out.is_dir():
        raise ReportError(f"{out} không phải là thư mục / {out} is no folder")
    if out.is_dir() and any(out.iterdir()) and not (out / _MARK).exists():
        raise ReportError(
            f"Thư mục {out} đã có tệp khác; hãy chọn thư mục trống / {out} holds other files; choose an empty folder"
        )
    _write(out / _MARK, b'{"made_by": "kehoach report"}\n')


def _forget(out: Path, current: set[str]) -> None:
    """Removes pages and pictures of documents that are no longer shown."""
    for path in (*(out / "van-ban").glob("*.html"), *(out / "trang").glob("*")):
        if path.stem.split("-")[0] not in current:
            path.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(data)
    os.replace(fresh, path)
