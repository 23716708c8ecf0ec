"""How many tasks the paper itself says that a table has: in the line above it or in its total row.

Forms: "... 12 nhiệm vụ cụ thể như sau:" · "(Gồm 12 nhiệm vụ)" · "Tổng cộng: 12 nhiệm vụ".
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractors.document import Document, Notice, Paragraph, Table
from pipeline.plan import Task
from pipeline.read.rows import RowView
from pipeline.text import fold, squeeze

_THING = r"(?:nhiệm vụ|công việc|đầu việc|hoạt động|nội dung công việc)"
# Nothing but such words may follow: "12 nhiệm vụ của Nghị quyết số 01/NQ-CP, ..." are tasks of another paper.
_CLOSING_WORDS = r"(?:\W|\b(?:cụ thể|trọng tâm|chủ yếu|chính|dưới đây|như|sau|đây|gồm|trong bảng)\b)*$"
_COUNT = re.compile(rf"(?<![\d/.,-])(?P<count>\d{{1,3}})\s*(?:\([^()]{{1,30}}\)\s*)?{_THING}\b(?={_CLOSING_WORDS})")
_INTRODUCES = re.compile(r"(?:sau|sau đây|như sau|dưới đây|gồm)\s*[:.]?$|:$")
_CAPTION = re.compile(r"^\(?\s*(?:tổng (?:số|cộng)|cộng|gồm|có)\b")
_LONGEST = 400


def stated_counts(
    document: Document, tasks: Sequence[Task], totals: dict[int, tuple[RowView, ...]]
) -> Iterator[Notice]:
    """Notices table.count_differs, for tables with fewer tasks than the paper says; `totals` are their total rows."""
    of_all = _counts(tasks) if totals else ()
    for before, table in pairwise((None, *document.blocks)):
        if not isinstance(table, Table) or table.index not in totals:
            continue
        said = [squeeze(" ".join(cell.text for cell in view.cells)) for view in totals[table.index]]
        if isinstance(before, Paragraph) and _announces(before.text):
            said.append(squeeze(before.text))
        own = [task for task in tasks if task.table_index == table.index]
        plausible = {*_counts(own), *of_all}
        for text in said:
            match = _COUNT.search(fold(text))
            count = int(match["count"]) if match else 0
            if count > len(own) and count not in plausible:
                message = f"văn bản nêu {count} nhiệm vụ nhưng bảng chỉ có {len(own)}"
                yield Notice("table.count_differs", message, table.place, table.index, None, text[-200:])


def _announces(text: str) -> bool:
    folded = fold(squeeze(text))
    return len(folded) <= _LONGEST and bool(_INTRODUCES.search(folded) or _CAPTION.match(folded))


def _counts(tasks: Sequence[Task]) -> tuple[int, ...]:
    """What a paper may count: its tasks, with or without the groups that they stand in, or the groups alone."""
    paths = {task.section_path[: at + 1] for task in tasks for at in range(len(task.section_path))}
    top = sum(len(path) == 1 for path in paths)
    return len(tasks), len(tasks) + len(paths), len(tasks) + top, len(paths), top
