"""The version that stands beside every stored row: it changes whenever a document might be read differently."""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import extractors
import pipeline

_LIBRARIES = ("lxml", "pdfminer.six", "pdfplumber", "pypdfium2", "python-docx", "spacy")
_OF_READING = ("plan.py", "text.py", "check/", "read/", "rules/", "vocab/", "store/arrow.py", "store/schema.py")


@cache
def pipeline_version() -> str:
    """Release number and a digest of what decides how a document is read: code, vocabulary, libraries.

    Forms: "0.1.0+3f2a91c04b". An edited vocabulary line gives another version, so known files are read anew.
    """
    digest = hashlib.sha256()
    for package, folder in (("extractors", extractors.__path__[0]), ("pipeline", pipeline.__path__[0])):
        for path in sorted(Path(folder).rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.suffix in (".py", ".toml") and (package == "extractors" or name.startswith(_OF_READING)):
                digest.update(f"{package}/{name}\0".encode() + path.read_bytes() + b"\0")
    for library in _LIBRARIES:
        digest.update(f"{library}=={_installed(library)}\0".encode())
    return f"{_installed('kehoach') or '0'}+{digest.hexdigest()[:10]}"


def _installed(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""
