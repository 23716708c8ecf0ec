"""What can go wrong with one file or with the machine, as exceptions that carry data.

    IngestError
    ├── SourceError        the file is at fault: a row in `failures`, the batch goes on
    ├── VocabularyError    our own vocabulary is at fault: stop before the first document
    └── SurroundingsError  disk, missing program, network: `retryable`, the only one that is tried again

Anything else that is raised is a bug and stays one.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Codes of the `failures` table; the message beside them is for people."""

    EMPTY = "empty"
    UNKNOWN_FORMAT = "unknown_format"
    UNSUPPORTED_FORMAT = "unsupported_format"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    NO_TEXT = "no_text"
    DEPENDENCY_MISSING = "dependency_missing"
    UNREADABLE = "unreadable"
    INTERNAL_ERROR = "internal_error"  # a bug of ours; the traceback is in the log


class IngestError(Exception):
    """Root of everything that kehoach raises on purpose."""

    retryable = False


class SourceError(IngestError):
    """The file is at fault. `message` is one plain sentence, Vietnamese first, then English after ' / '."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)  # both in args, so that it pickles between processes
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


class VocabularyError(IngestError):
    """A vocabulary file contradicts itself: two owners of one name, an unknown key, an example that fails."""


class SurroundingsError(IngestError):
    """The machine is at fault (disk full, lock held, program missing); trying again may help."""

    retryable = True
