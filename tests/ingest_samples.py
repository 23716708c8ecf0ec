"""A run that the kill tests start as a process of its own: `python ingest_samples.py RAW OUT [reparse]`."""

import sys
from pathlib import Path

from pipeline.batch import ingest

if __name__ == "__main__":
    raw, out, *rest = sys.argv[1:]
    ingest([raw], Path(out), workers=2, commit_seconds=0.0, reparse=bool(rest), target="store_samples:read_slowly")
