"""The catalogue of rules as a page for officers (docs/findings.md is generated from it)."""

from collections.abc import Iterable

from pipeline.check.rule import Rule
from pipeline.plan import Severity

_SEVERITY = {Severity.ERROR: "lỗi", Severity.WARNING: "cảnh báo", Severity.INFO: "thông tin"}
_HEAD = """# Danh mục phát hiện

Tệp này được sinh từ mã nguồn (`pipeline/check`); đừng sửa tay.

- **lỗi**: văn bản tự mâu thuẫn hoặc ghi điều không thể có;
- **cảnh báo**: thiếu, trùng hoặc đáng ngờ, cần người xem;
- **thông tin**: không phải khuyết điểm, nhưng nên biết khi dùng số liệu.

| Mã | Mức | Tên |
|---|---|---|
"""


def markdown(rules: Iterable[Rule]) -> str:
    """One table of all rules, then a section for each with explanation, message and examples."""
    listed = tuple(rules)
    rows = [f"| [`{r.code}`](#{_anchor(r)}) | {_SEVERITY[r.severity]} | {r.title} |" for r in listed]
    return _HEAD + "\n".join(rows) + "\n\n" + "\n".join(_section(r) for r in listed)


def _anchor(rule: Rule) -> str:
    return rule.code.replace(".", "")


def _section(rule: Rule) -> str:
    return (
        f"## {rule.code}\n\n**{rule.title}** ({_SEVERITY[rule.severity]}). {rule.explanation}\n\n"
        f"- Thông báo: {rule.message}\n- Phát hiện: {rule.example}\n- Không phát hiện: {rule.near_miss}\n"
    )
