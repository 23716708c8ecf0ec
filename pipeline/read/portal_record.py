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


def is_record(table: Table) -> bool:
    """Whether a table is what a web portal says of a document above its text, not the paper's own head."""
    return table.column_count == 2 and sum(bool(_RECORD.match(plain(c.text))) for c in table.cells if not c.column) >= 3


def without_record(lines: Sequence[Line]) -> Sequence[Line]:
    """The same where each label and each value of the record is a line: "Số ký hiệu" / "12/KH-UBND" / "Ngày ..."."""
    labels = [at for at, line in enumerate(lines) if _RECORD.match(plain(line.text))]
    if len(labels) < 3 or any(not 2 <= after - before <= 3 for before, after in pairwise(labels)):
        return lines
    return (*lines[: labels[0]], *lines[labels[-1] + 2 :])
