"""Role rules: no lead, one unit in both roles, unknown names."""

import pytest
from plans import fired, found, plan, role, task

from pipeline.plan import UnitRole


def test_an_empty_lead_cell() -> None:
    partner = role("partner", "Công an huyện", "cong-an")
    assert fired("lead.missing", plan(task("Kiểm tra cơ sở", units=(partner,), lead_text=" "))) == [
        (1, "Kiểm tra cơ sở")
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"units": (role("lead", "Văn phòng"),), "lead_text": "Văn phòng"},
        {"units": (), "lead_text": "Theo phân công tại Quyết định thành lập"},
        {"units": (), "source": "narrative", "roles_inferred": True},
    ],
)
def test_a_lead_that_is_there_or_was_never_asked_for(more: dict[str, object]) -> None:
    assert fired("lead.missing", plan(task("Kiểm tra", **more))) == []


@pytest.mark.parametrize(
    "cell",
    [
        "Phối hợp: Phòng Tư pháp",
        "PH: Phòng Tư pháp",
        "- Chủ trì: \n- Phối hợp: Phòng Tư pháp",
        "Phòng Tư pháp (phối hợp)",
        "-",
    ],
)
def test_a_cell_that_names_only_who_assists(cell: str) -> None:
    partner = role("partner", "Phòng Tư pháp")
    assert fired("lead.missing", plan(task("Kiểm tra cơ sở", units=(partner,), lead_text=cell))) == [
        (1, "Kiểm tra cơ sở")
    ]


def test_a_labelled_item_without_its_lead_line() -> None:
    assert fired("lead.missing", plan(task("Xây dựng đề án", units=(), source="narrative"))) == [(1, "Xây dựng đề án")]


@pytest.mark.parametrize(
    ("lead", "partner"),
    [
        (role("lead", "Phòng KHTC"), role("partner", "phòng KHTC")),
        (role("lead", "Văn phòng Sở Y tế", "vp"), role("partner", "Văn phòng", "vp")),
        (role("lead", "Phòng KHTC", "khtc"), role("partner", "Phòng Kế hoạch - Tài chính", "khtc")),
    ],
)
def test_one_unit_in_both_roles(lead: UnitRole, partner: UnitRole) -> None:
    other = role("partner", "Các đơn vị trực thuộc")
    assert fired("unit.lead_is_partner", plan(task("Họp", units=(lead, other, partner)))) == [(1, partner.name)]


@pytest.mark.parametrize(
    ("lead", "partner"),
    [
        (role("lead", "UBND xã An Bình", "ubnd-xa"), role("partner", "UBND các xã lân cận", "ubnd-xa")),
        (role("lead", "Phòng Tài chính"), role("partner", "Phòng Tài chính - Kế hoạch")),
        (role("lead", "Hội Nông dân tỉnh", "hnd"), role("partner", "Hội Nông dân huyện Sông Lam", "hnd")),
        (role("lead", "Văn phòng Sở", "vp"), role("lead", "Văn phòng Sở", "vp")),
    ],
)
def test_different_units_in_two_roles(lead: UnitRole, partner: UnitRole) -> None:
    assert fired("unit.lead_is_partner", plan(task("Họp", units=(lead, partner)))) == []


def test_an_unknown_name_is_told_once_with_its_count() -> None:
    strange = role("lead", "Tổ công tác 389")
    document = plan(task("A", units=(strange,)), task("B", units=(role("partner", "tổ công tác 389;"), strange)))
    (told,) = found("unit.unknown", document)
    assert (told.task, told.evidence) == (1, "Tổ công tác 389")
    assert "3 lần" in told.message
    assert fired("unit.unknown", plan(task("A"))) == []
