"""Confirmed documents as test cases, so that the system learns from its users."""

import json
from pathlib import Path

from pipeline.gold import as_gold
from pipeline.ledger.corrections import corrections_of
from pipeline.ledger.database import open_ledger
from pipeline.review.desk import Desk, ReviewError, is_checked
from pipeline.sources import located, read_source


def write_case(desk: Desk, document_id: str, folder: Path, name: str, *, unchecked: bool = False) -> Path:
    """Writes `folder/name/{source.*, gold.json}`: the file, and what people say it holds.

    The gold is the reading with all corrections. A case that fails until the code reads the document so by itself is
    just what is wanted. The source is copied as it is: whoever passes it on must be allowed to.

    Raises:
        ReviewError: nobody has compared the document with the paper yet, or there is such a case already.
    """
    with open_ledger(desk.state) as ledger:
        checked = is_checked(corrections_of(ledger, document_id))
    if not checked and not unchecked:
        raise ReviewError(
            "Văn bản chưa được đối chiếu xong trên trang kehoach review."
            " / The document was not confirmed on the review page yet."
        )
    sheet = desk.open(document_id)
    case = folder / name
    if case.exists():
        raise ReviewError(f"{case} đã có. / {case} exists already.")
    uri = str(sheet.row["source_uri"])
    gold = as_gold(sheet.plan, tuple(finding for _, finding in sheet.findings))
    case.mkdir(parents=True)
    (case / f"source{Path(uri).suffix.lower()}").write_bytes(read_source(*located(uri)))
    (case / "gold.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return case
