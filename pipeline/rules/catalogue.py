"""The catalogue of rules with real forms, in Vietnamese, for the documentation."""

from collections.abc import Iterable

from pipeline.rules import citation_forms, unit_forms
from pipeline.rules.deadline_dates import HEADED_RULES
from pipeline.rules.deadlines import RULES
from pipeline.rules.rule import RuleEntry, entry


def deadline_entries() -> tuple[RuleEntry, ...]:
    """Every deadline rule that carries examples, in the order in which it is tried."""
    return tuple(entry(rule) for rule in (*RULES, *HEADED_RULES))


def catalogue() -> tuple[RuleEntry, ...]:
    """Every rule of every recogniser: deadlines, units, citations."""
    return (*deadline_entries(), *unit_forms.FORMS, *citation_forms.FORMS)


def catalogue_markdown() -> str:
    """The catalogue as a page: code, meaning, forms with their reading, forms that it must leave alone."""
    return "\n".join(
        (
            "# Quy tắc nhận dạng\n",
            "Sinh ra từ `pipeline/rules`; không sửa tay. Mỗi ví dụ được chạy trong các phép thử.\n",
            "## Thời hạn\n",
            _table(deadline_entries(), "không là hạn"),
            "\n## Đơn vị\n",
            _table(unit_forms.FORMS, "không là đơn vị"),
            "\n## Văn bản viện dẫn\n",
            _table(citation_forms.FORMS, "không là viện dẫn"),
            "",
        )
    )


def _table(entries: Iterable[RuleEntry], nothing: str) -> str:
    head = "| Quy tắc | Nhận dạng | Ví dụ và cách đọc | Không phải |\n|---|---|---|---|\n"
    return head + "\n".join(_line(rule, nothing) for rule in entries)


def _line(rule: RuleEntry, nothing: str) -> str:
    forms = "<br>".join(f"{text} → " + (f"`{reading}`" if reading else nothing) for text, reading in rule.forms)
    cells = (f"`{rule.code}`", rule.meaning, forms, "<br>".join(rule.not_forms))
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ⏎ ") for cell in cells) + " |"
