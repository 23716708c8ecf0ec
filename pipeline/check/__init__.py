"""PlanDocument -> findings: what is wrong or doubtful on paper, as typed rows with Vietnamese messages.

Every rule stands once in the module of its subject; RULES gathers them by code.
"""

from datetime import date

from pipeline.check import (
    catalogue,
    citations,
    content,
    deadlines,
    document,
    numbering,
    period,
    prose,
    recognition,
    tables,
    units,
)
from pipeline.check.rule import Case, Rule
from pipeline.plan import Finding, PlanDocument, Severity

__all__ = ["RULES", "Rule", "catalogue_markdown", "check"]

_MODULES = (document, period, deadlines, units, content, numbering, prose, citations, tables, recognition)
RULES: dict[str, Rule] = {rule.code: rule for module in _MODULES for rule in module.RULES}
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def check(plan: PlanDocument, as_of: date | None = None) -> tuple[Finding, ...]:
    """What is wrong or doubtful in a plan.

    Args:
        plan: as read.
        as_of: the day on which someone asks what is overdue; None: nobody asks, nothing is overdue.

    Returns:
        Errors first, then warnings, then infos; within one severity what concerns the document, then its tasks in
        their order. The same plan gives the same findings in the same order.
    """
    case = Case(plan, as_of)
    found = [
        (rank, rule.finding(hit))
        for rank, rule in enumerate(RULES.values())
        if rule.find is not None
        for hit in rule.find(case)
    ]
    found.sort(key=lambda ranked: (_RANK[ranked[1].severity], ranked[1].task or 0, ranked[0]))
    return tuple(finding for _, finding in found)


def catalogue_markdown() -> str:
    """All rules as a Markdown page in Vietnamese, for docs/findings.md."""
    return catalogue.markdown(RULES.values())
