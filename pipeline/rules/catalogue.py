"""The catalogue of rules with real forms, in Vietnamese, for the documentation."""

from pipeline.rules.deadline_dates import HEADED_RULES
from pipeline.rules.deadlines import RULES
from pipeline.rules.rule import RuleEntry, entry


def catalogue() -> tuple[RuleEntry, ...]:
    """Every rule that carries examples, in the order in which it is tried."""
    return tuple(entry(rule) for rule in (*RULES, *HEADED_RULES))


def catalogue_markdown() -> str:
    """The catalogue as a page: code, meaning, forms with their reading, forms that it must leave alone."""
    head = (
        "# Quy tắc nhận dạng thời hạn\n\nSinh ra từ `pipeline/rules/deadline_*.py`; không sửa tay.\n\n"
        "| Quy tắc | Nhận dạng | Ví dụ và cách đọc | Không phải |\n|---|---|---|---|\n"
    )
    return head + "\n".join(map(_line, catalogue())) + "\n"


def _line(rule: RuleEntry) -> str:
    forms = "<br>".join(f"{text} → " + (f"`{reading}`" if reading else "không là hạn") for text, reading in rule.forms)
    cells = (f"`{rule.code}`", rule.meaning, forms, "<br>".join(rule.not_forms))
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ⏎ ") for cell in cells) + " |"
