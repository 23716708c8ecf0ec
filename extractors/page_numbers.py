"""Printed page numbers against the pages of the file: a number that is skipped, a total that is not reached.

Numbers may start anywhere, begin again with an appendix and be absent on any page; only a number that runs ahead of the
pages says that one is gone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from extractors.document import Notice, Place

if TYPE_CHECKING:  # plain text has page numbers too and does without the program for pages
    from extractors.pdf_sheet import Sheet

_MARGIN = 0.1  # of the page height
_NUMBER = re.compile(
    r"(?:trang|page)?\s*[-–]?\s*(?P<number>\d{1,3})\s*[-–]?(?:\s*(?:/|trên|of)\s*(?P<total>\d{1,3}))?", re.IGNORECASE
)
_MOST = 50  # pages at once; a larger step is no page number


@dataclass(frozen=True, slots=True)
class Printed:
    """What the margin of a page says: its own number and, where it stands there, how many pages there are."""

    page: int
    number: int
    total: int | None
    scanned: bool = False

    @property
    def ahead(self) -> int:
        return self.number - self.page


def missing_pages(sheets: Sequence["Sheet"], page_count: int) -> tuple[Notice, ...]:
    """Notices page.missing; the sheets are in page order and still have their margins."""
    return missing([one for sheet in sheets if (one := _printed(sheet))], page_count)


def missing(printed: Sequence[Printed], page_count: int) -> tuple[Notice, ...]:
    """The same for what stands printed on the pages, in their order."""
    return (*_skipped(printed), *_not_reached(printed, page_count))


def _printed(sheet: "Sheet") -> Printed | None:
    """The number that stands alone in the margin; None where there is none, or more than one."""
    width, height = sheet.turn.size
    found = []
    for row in sheet.rows:
        in_margin = row[0].bottom < _MARGIN * height or row[0].top > (1 - _MARGIN) * height
        match = _NUMBER.fullmatch(" ".join(line.text for line in row).strip()) if in_margin else None
        if match and row[0].x0 > 0.2 * width:
            total = int(match["total"]) if match["total"] else None
            found.append(Printed(sheet.number, int(match["number"]), total, sheet.scanned))
    return found[0] if len(found) == 1 else None


def _skipped(printed: Sequence[Printed]) -> Iterator[Notice]:
    for at, (before, after) in enumerate(pairwise(printed)):
        gone = after.ahead - before.ahead
        if not 0 < gone <= _MOST or after.number <= before.number:
            continue
        later = printed[at + 2] if at + 2 < len(printed) else None
        if later.ahead != after.ahead if later else after.scanned:
            continue  # one number read wrongly, or an odd one in the margin
        message = (
            f"Số trang in trên giấy nhảy từ {before.number} sang {after.number}, thiếu {gone} trang / "
            f"printed page numbers jump from {before.number} to {after.number}"
        )
        yield Notice("page.missing", message, Place(after.page), evidence=f"{before.number} → {after.number}")


def _not_reached(printed: Sequence[Printed], page_count: int) -> Iterator[Notice]:
    last = printed[-1] if printed else None
    if last is None or last.total is None or last.page != page_count or last.scanned:
        return
    if last.number < last.total and all(one.total in (None, last.total) for one in printed):
        message = (
            f"Trang cuối của tệp là trang {last.number}/{last.total}, thiếu phần cuối / "
            f"the last page of the file is page {last.number} of {last.total}"
        )
        yield Notice("page.missing", message, Place(last.page), evidence=f"{last.number}/{last.total}")
