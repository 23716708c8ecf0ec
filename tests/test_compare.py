"""Two plans side by side: tasks are matched by what they say; every change is told once and none is invented."""

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.commands.app import app
from pipeline.compare import Change, ComparedPlan, ComparedTask, Comparison, compare
from pipeline.plan import Bound, Deadline, DeadlineKind
from pipeline.query.lake import open_lake
from pipeline.query.versions import PlanPair, UnknownPlanError, find_plan, related_plans, stored_plan
from pipeline.rules.deadline_lines import year_context
from pipeline.rules.deadlines import read_deadlines
from pipeline.store.parquet import Change as Commit
from pipeline.store.parquet import Store
from tests.store_samples import plan as stored_sample
from tests.store_samples import sample_reading

CONTENTS = (
    "Tổ chức tập huấn kỹ năng cứu hộ, cứu nạn cho lực lượng xung kích cấp xã",
    "Kiểm tra an toàn hồ chứa, đập thủy lợi trước mùa mưa lũ",
    "Mua sắm bổ sung áo phao, nhà bạt, máy phát điện",
    "Rà soát phương án sơ tán dân tại các điểm có nguy cơ sạt lở đất",
    "Tuyên truyền kỹ năng phòng tránh lũ quét trên hệ thống truyền thanh cơ sở",
    "Tổng kết công tác phòng, chống thiên tai năm 2023",
)


def task(
    content: str, sequence: int = 1, lead: str = "Phòng Nông nghiệp", due: str = "", year: int = 2023
) -> ComparedTask:
    deadlines = read_deadlines(due, year_context(year)) if due else ()
    dated = max((d.end for d in deadlines if d.end and not d.rrule), default=None)
    leads = ("Phòng Nông nghiệp",)
    return ComparedTask(1, "1", content, None, leads, (), due or None, dated, tuple(deadlines), 1)


def plan(*tasks: ComparedTask, year: int | None = 2023) -> ComparedPlan:
    numbered = tuple(replace(one, sequence=n, ordinal=str(n)) for n, one in enumerate(tasks, 1))
    return ComparedPlan("ke-hoach.docx", "Phòng, chống thiên tai", year, numbered)


def told(comparison: Comparison) -> list[tuple[str, ...]]:
    return [tuple(kind.value for kind in change.kinds) for change in comparison.changes]


PLAN = plan(*(task(content, due="Trước ngày 30/6/2023") for content in CONTENTS))


@given(st.randoms(use_true_random=False))
def test_reordered_and_renumbered_is_unchanged(chance: random.Random) -> None:
    mixed = list(PLAN.tasks)
    chance.shuffle(mixed)
    result = compare(PLAN, plan(*mixed))
    assert (result.changes, result.unchanged) == ((), len(CONTENTS))


@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_every_task_is_accounted_for_once(dropped: set[int], moved: set[int], handed: set[int]) -> None:
    later = []
    for number, one in enumerate(PLAN.tasks):
        if number in moved:
            one = replace(one, deadlines=tuple(read_deadlines("Trước ngày 31/8/2023", year_context(2023))))
        if number in handed:
            one = replace(one, leads=("Ban Chỉ huy Quân sự",))
        if number not in dropped:
            later.append(one)
    result = compare(PLAN, plan(*later))
    counts = Counter(kind for change in result.changes for kind in change.kinds)
    assert counts[Change.DROPPED] == len(dropped)
    assert counts[Change.MOVED] == len(moved - dropped)
    assert counts[Change.HANDED] == len(handed - dropped)
    assert counts[Change.ADDED] == counts[Change.REWORDED] == 0
    assert result.unchanged == len({*range(6)} - dropped - moved - handed)
    back = compare(plan(*later), PLAN)
    assert Counter(kind for change in back.changes for kind in change.kinds)[Change.ADDED] == len(dropped)


# The same task worded anew (True), or another task that looks like it (False).
PAIRS = (
    ("Mua sắm bổ sung áo phao, nhà bạt, máy phát điện",
     "Mua sắm bổ sung áo phao, nhà bạt, xuồng máy và máy phát điện", True),
    ("Số hóa sổ hộ tịch giai đoạn 1990 - 2010", "Số hóa toàn bộ sổ hộ tịch giai đoạn 1990 - 2015", True),
    ("- Rà soát  Thủ tục hành chính;", "Rà soát thủ tục hành chính", True),
    ("Tổ chức tập huấn kỹ năng số cho tổ công nghệ số cộng đồng",
     "Đào tạo, tập huấn kỹ năng số cho các tổ công nghệ số cộng đồng ở thôn", True),
    ("Phấn đấu 90% hồ sơ nộp trực tuyến", "Phấn đấu 95% hồ sơ nộp trực tuyến", True),
    ("Kiện toàn Ban Chỉ huy phòng, chống thiên tai huyện", "Kiện toàn Ban Chỉ huy phòng thủ dân sự huyện", True),
    ("Xây dựng kế hoạch năm 2023", "Xây dựng kế hoạch năm 2023 của đơn vị", True),
    ("Tổ chức tập huấn về an toàn thực phẩm", "Tổ chức tập huấn về phòng cháy, chữa cháy", False),
    ("Báo cáo kết quả thực hiện 6 tháng đầu năm về Sở Y tế", "Báo cáo sơ kết đề án du lịch cộng đồng", False),
    ("Kiểm tra vệ sinh lao động tại doanh nghiệp", "Kiểm tra việc nhận diện người bệnh tại khoa lâm sàng", False),
    ("Xây dựng nhà văn hóa thôn", "Xây dựng quy chế dân chủ ở cơ sở", False),
    ("Tham mưu ban hành Quyết định giao chỉ tiêu", "Tham mưu tổ chức hội nghị tổng kết", False),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "same"), PAIRS)
def test_likeness_tells_reworded_from_other(old: str, new: str, same: bool) -> None:
    others = [task(content) for content in CONTENTS]
    result = compare(plan(task(old), *others), plan(*others, task(new)))
    kinds = {kind for change in result.changes for kind in change.kinds}
    assert kinds <= {Change.REWORDED} if same else kinds == {Change.ADDED, Change.DROPPED}
    assert result.unchanged >= len(CONTENTS)


def test_twins_stay_with_their_parent_and_unit() -> None:
    one = replace(task("Rà soát, báo cáo"), parent="Nước sạch", leads=("Phòng A",))
    two = replace(task("Rà soát, báo cáo"), parent="Hộ nghèo", leads=("Phòng B",))
    assert compare(plan(one, two), plan(two, one)).changes == ()
    (change,) = compare(plan(one, two), plan(two)).changes
    assert (change.kinds, change.before and change.before.parent) == ((Change.DROPPED,), "Nước sạch")


def test_two_like_tasks_go_to_their_own_likes() -> None:
    old = plan(task("Khảo sát hài lòng người bệnh nội trú"), task("Khảo sát hài lòng người bệnh ngoại trú"))
    new = plan(task("Khảo sát sự hài lòng người bệnh ngoại trú"), task("Khảo sát sự hài lòng người bệnh nội trú"))
    found = {(c.before.content[-9:], c.after.content[-9:]) for c in compare(old, new).changes if c.before and c.after}
    assert found == {("bệnh nội trú"[-9:], "bệnh nội trú"[-9:]), ("ngoại trú", "ngoại trú")}


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("Trước ngày 30/6/2023", "Trước ngày 30/6/2024", False),
        ("Tháng 6/2023", "chậm nhất ngày 30/6/2024", False),
        ("Quý IV/2023", "Quý III/2024", True),
        ("Tháng 2/2023", "Tháng 2/2024", False),
        ("Thường xuyên", "thường xuyên trong năm", False),
        ("Thường xuyên", "Hàng quý", True),
        ("Trước ngày 15/01 hàng năm", "Trước ngày 15/01 hàng năm", False),
        ("Khi có yêu cầu", "Theo yêu cầu của cấp trên", True),
        ("", "Tháng 6/2024", True),
        ("", "", False),
    ],
)  # fmt: skip
def test_years_count_from_the_plan(old: str, new: str, moved: bool) -> None:
    before = plan(task("Tổng kết công tác dân số năm 2023", due=old), year=2023)
    after = plan(task("Tổng kết công tác dân số năm 2024", due=new, year=2024), year=2024)
    assert told(compare(before, after)) == ([("moved",)] if moved else [])


def test_days_moved_are_counted_from_the_plan() -> None:
    before = plan(task("Kiểm tra hồ chứa", due="Trước ngày 28/02/2023"), year=2023)
    after = plan(task("Kiểm tra hồ chứa", due="Trước ngày 10/3/2024", year=2024), year=2024)
    (change,) = compare(before, after).changes
    assert change.days_moved == 10  # from 29/02/2024, the last day of February


def test_a_range_that_begins_later_is_moved() -> None:
    early = Deadline("20/4 - 20/5", DeadlineKind.RANGE, Bound.IN, date(2023, 4, 20), date(2023, 5, 20))
    late = replace(early, start=date(2023, 5, 1))
    one = task("Kiểm tra")
    assert told(compare(plan(replace(one, deadlines=(early,))), plan(replace(one, deadlines=(late,))))) == [("moved",)]


def test_a_dropped_task_stands_where_it_was() -> None:
    a, b, c, d = (task(content) for content in CONTENTS[:4])
    result = compare(plan(a, b, c), plan(a, c, d))
    assert told(result) == [("dropped",), ("added",)]
    assert compare(plan(), plan(a)).of(Change.ADDED)[0].after is not None


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("compare")
    plans = [stored_sample("nam-2021.docx", tasks=3), stored_sample("nam-2022.docx", tasks=2, number="15")]
    head = replace(
        plans[1].header,
        title="Về công tác cải cách hành chính năm 2022",
        period_start=date(2022, 1, 1),
        period_end=date(2022, 12, 31),
    )
    readings = [sample_reading(plans[0]), sample_reading(replace(plans[1], header=head))]
    with Store.writing(root) as store:
        store.commit(Commit(readings=tuple(readings), places={r.document_id: (r.source_uri,) for r in readings}))
    return root


def test_stored_plans_are_found_and_paired(stored: Path) -> None:
    with open_lake(stored) as connection:
        old, new = (find_plan(connection, called) for called in ("12/KH-SXD", "nam-2022.docx"))
        assert related_plans(connection) == (PlanPair("year", old, new),)
        result = compare(stored_plan(connection, old), stored_plan(connection, new))
        with pytest.raises(UnknownPlanError, match="Không có văn bản"):
            find_plan(connection, "99/KH-SXD")
    assert (result.before.year, result.after.year) == (2021, 2022)
    # The deadlines of the sample stay in 2021 while the plan is for 2022.
    assert told(result) == [("moved",), ("moved",), ("dropped",)]


def test_command_prints_changes_of_files_and_stored_plans(stored: Path) -> None:
    call = ["compare", "nam-2021.docx", "15/KH-SXD", "--data", str(stored)]
    result = CliRunner().invoke(app, call, catch_exceptions=False)
    assert "Đổi thời hạn (2)" in result.stdout
    assert "Nhiệm vụ không còn (1)" in result.stdout
    printed = json.loads(CliRunner().invoke(app, [*call, "--json"], catch_exceptions=False).stdout)
    assert [change["kinds"] for change in printed["changes"]] == [["moved"], ["moved"], ["dropped"]]
    file = str(Path(__file__).parent.parent / "data/raw/so_yt_2023.txt")
    same = CliRunner().invoke(app, ["compare", file, file], catch_exceptions=False)
    assert "5 nhiệm vụ không đổi, 0 nhiệm vụ có thay đổi" in same.stdout
    unknown = CliRunner().invoke(app, ["compare", "x", "y", "--data", str(stored)])
    assert unknown.exit_code == 2
