"""What a web portal says of a document above its text ("Số ký hiệu", "Ngày ban hành" ...): not the paper's own head."""

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.document import Table
from pipeline.read.lines import Line, plain

_RECORD = re.compile(
    r"(?:so(?:/| )?(?: ky)? hieu|(?:ngay|noi|co quan) ban hanh|ngay (?:co )?hieu luc|loai van ban|nguoi ky|linh vuc|"
    r"trich yeu|tinh trang)[\s:]*$"
)
_LONGEST = len("co quan ban hanh")  # of these


def is_record(table: Table) -> bool:
    """Whether a table is what a web portal says of a document above its text, not the paper's own head."""
    return table.column_count == 2 and sum(_is_label(cell.text) for cell in table.cells if not cell.column) >= 3


def _is_label(text: str) -> bool:
    return len(text.rstrip(" \n:")) <= _LONGEST and _RECORD.match(plain(text)) is not None


def without_record(lines: Sequence[Line]) -> Sequence[Line]:
    """The same where each label and each value of the record is a line: "Số ký hiệu" / "12/KH-UBND" / "Ngày ..."."""
    labels = [at for at, line in enumerate(lines) if _is_label(line.text)]
    if len(labels) < 3 or any(not 2 <= after - before <= 3 for before, after in pairwise(labels)):
        return lines
    return (*lines[: labels[0]], *lines[labels[-1] + 2 :])
