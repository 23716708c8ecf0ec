"""Defects of cited documents: dated after this one, two dates of one number, type or issuer against the symbol.

None of them carries a task: what is wrong is the reference, wherever it stands.
"""

from collections.abc import Callable, Iterator

from pipeline.check.issue import issue_words, latest_issue
from pipeline.check.rule import Case, Hit, Rule, day
from pipeline.plan import Citation, Severity
from pipeline.rules.citations import issuer_agrees, type_agrees
from pipeline.text import key


def _identity(citation: Citation) -> tuple[str, str]:
    return key(citation.number or ""), key(citation.symbol or "")


def _hit(citation: Citation, evidence: str, **values: str) -> Hit:
    return Hit(evidence, place=citation.place, keys=_identity(citation), values=values)


def _once(citations: tuple[Citation, ...], mark: Callable[[Citation], tuple[str, ...]]) -> Iterator[Citation]:
    """The first mention of each: a slip that is repeated is one defect."""
    seen: set[tuple[str, ...]] = set()
    for citation in citations:
        if (value := mark(citation)) not in seen:
            seen.add(value)
            yield citation


def after_issue(case: Case) -> Iterator[Hit]:
    limit = latest_issue(case.plan.header)
    if limit is None:
        return
    for citation in _once(case.plan.citations, lambda c: (*_identity(c), str(c.date))):
        if citation.date and citation.date > limit:
            values = {"date": day(citation.date), "issued": issue_words(case.plan.header)}
            yield _hit(citation, citation.text, **values)


def _same_issuer(one: Citation, other: Citation) -> bool:
    """Numbers are given out by each body anew: 38/QĐ-UBND of the district is not 38/QĐ-UBND of the province."""
    if not one.issuer or not other.issuer:
        return True
    first, second = key(one.issuer), key(other.issuer)
    return first in second or second in first


def date_conflict(case: Case) -> Iterator[Hit]:
    """One hit on each later mention with a date that none before had."""
    known: dict[tuple[str, str], list[Citation]] = {}
    for citation in case.plan.citations:
        if not citation.date or not citation.number or not citation.symbol:
            continue
        earlier = [c for c in known.setdefault(_identity(citation), []) if _same_issuer(c, citation)]
        if all(c.date != citation.date for c in earlier):
            if earlier and earlier[0].date:
                yield _hit(citation, citation.text, date=day(citation.date), other=day(earlier[0].date))
            known[_identity(citation)].append(citation)


def type_mismatch(case: Case) -> Iterator[Hit]:
    for citation in _once(case.plan.citations, lambda c: (*_identity(c), key(c.doc_type or ""))):
        if citation.symbol and citation.doc_type and not type_agrees(citation.symbol, citation.doc_type):
            yield _hit(citation, citation.text, doc_type=citation.doc_type, symbol=citation.symbol)


def issuer_mismatch(case: Case) -> Iterator[Hit]:
    for citation in _once(case.plan.citations, lambda c: (*_identity(c), key(c.issuer or ""))):
        if citation.symbol and citation.issuer and not issuer_agrees(citation.symbol, citation.issuer):
            evidence = citation.issuer_text or citation.text
            yield _hit(citation, evidence, issuer=citation.issuer, symbol=citation.symbol)


RULES = (
    Rule(
        "citation.after_issue",
        Severity.ERROR,
        title="Viện dẫn văn bản ban hành sau",
        message="Văn bản viện dẫn “{evidence}” đề ngày {date}, sau ngày ban hành văn bản này ({issued}).",
        explanation="Ngày của văn bản được viện dẫn muộn hơn ngày muộn nhất mà văn bản này có thể được ban hành, "
        "nên một trong hai ngày sai.",
        example="Kế hoạch ngày 20/02/2024 viện dẫn “Thông báo số 87/TB-UBND ngày 15/3/2024”",
        near_miss="Văn bản viện dẫn cùng ngày ban hành",
        find=after_issue,
    ),
    Rule(
        "citation.date_conflict",
        Severity.ERROR,
        title="Một văn bản viện dẫn có hai ngày",
        message="“{evidence}” đề ngày {date}, nhưng chỗ khác trong văn bản này ghi ngày {other}.",
        explanation="Cùng số và ký hiệu được viện dẫn với hai ngày khác nhau. Phát hiện nằm ở lần nhắc sau.",
        example="“Nghị quyết số 23-NQ/HU ngày 10/5/2022” rồi “Nghị quyết số 23-NQ/HU ngày 15/10/2022”",
        near_miss="“ngày 01/10/2021” và “ngày 01 tháng 10 năm 2021”; cùng số nhưng của hai cơ quan khác nhau",
        find=date_conflict,
    ),
    Rule(
        "citation.dated_elsewhere",
        Severity.INFO,
        title="Văn bản khác ghi ngày viện dẫn khác",
        message="“{evidence}” đề ngày {date}, nhưng tệp “{file}” viện dẫn cùng số, ký hiệu với ngày {other}.",
        explanation="Hai văn bản trong kho viện dẫn một số, ký hiệu của cùng cơ quan, cùng năm với hai ngày khác "
        "nhau; một bên ghi nhầm. Kho dữ liệu ghi phát hiện này, vì chỉ kho thấy mọi văn bản.",
        example="“Quyết định số 749/QĐ-TTg ngày 03/6/2020” ở đây, “ngày 03/7/2020” ở văn bản khác",
        near_miss="“76/NQ-CP” năm 2021 và “76/NQ-CP” năm 2022: số đánh lại từ đầu mỗi năm",
    ),
    Rule(
        "citation.type_mismatch",
        Severity.WARNING,
        title="Tên loại không khớp ký hiệu",
        message="“{evidence}”: tên loại “{doc_type}” không khớp với ký hiệu {symbol}.",
        explanation="Chữ viết tắt tên loại trong ký hiệu (QĐ, KH, NQ ...) chỉ loại văn bản khác với tên loại đứng "
        "trước số.",
        example="Kế hoạch số 2615/QĐ-UBND ngày 12/12/2023",
        near_miss="Công văn số 205/STNMT-MT (công văn không có chữ viết tắt tên loại)",
        find=type_mismatch,
    ),
    Rule(
        "citation.issuer_mismatch",
        Severity.WARNING,
        title="Cơ quan ban hành không khớp ký hiệu",
        message="“{evidence}”: cơ quan “{issuer}” không khớp với ký hiệu {symbol}.",
        explanation="Chữ viết tắt cơ quan trong ký hiệu (TTg, CP, UBND, TU ...) chỉ cơ quan khác với cơ quan được nêu.",
        example="Quyết định số 450/QĐ-TTg ngày 13/4/2022 của UBND tỉnh",
        near_miss="Quyết định số 450/QĐ-TTg ngày 13/4/2022 của Thủ tướng Chính phủ",
        find=issuer_mismatch,
    ),
)
