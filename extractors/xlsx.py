"""Excel files (.xlsx) -> Document."""

from extractors.document import Document, Source
from extractors.errors import Reason, SourceError


def read_xlsx(_source: Source, _data: bytes) -> Document:
    """Reads a workbook."""
    message = "Chưa đọc được định dạng Excel (.xlsx) / Excel (.xlsx) files are not read yet"
    raise SourceError(Reason.UNSUPPORTED_FORMAT, message)
