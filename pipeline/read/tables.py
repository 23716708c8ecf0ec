"""Task tables -> tasks: sections, merged cells, roles, deadlines and notes of each row."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce

from extractors.document import NOWHERE, Box, Cell, Document, Notice, Place, Table
from pipeline.plan import Header, Numbered, RejectedTable, Tally, Task, Unit, UnitRole, YearContext
from pipeline.read.above import Above, lines_above
from pipeline.read.blanks import blanks
from pipeline.read.column_doubts import column_doubts
from pipeline.read.columns import Layout, Rejection, month_name, read_layout
from pipeline.read.double_rows import double_rows
from pipeline.read.portal_record import is_record
from pipeline.read.role_matrix import MATRIX_FIELDS, roles_of
from pipeline.read.row_times import all_deadlines, column_unit, deadline_cell, time_of
from pipeline.read.rows import RowKind, RowView, classify_rows
from pipeline.read.stated import stated_counts
from pipeline.read.tallies import tallies
from pipeline.read.unread_tables import part_unread, unread_headings, without_rows
from pipeline.rules.ordinals import Ordinal, follows
from pipeline.rules.units import split_roles, split_units
from pipeline.text import squeeze

INHERITED = ("lead", "partner", "implementer", "deadline", "start", "end")
EXTRA_FIELDS = frozenset({"month", "other", "target", "budget", "legal_basis"})
_DITTO = re.compile(r"^[\s\-–]*(?:n\.?t\.?|như trên|[\"“”″〃'’′]{1,2}|//)[\s\-–.]*$", re.IGNORECASE)

Resolve = Callable[[str], Unit | None]


@dataclass(frozen=True, slots=True)
class TableReading:
    """What the tables of a document say."""

    tasks: tuple[Task, ...] = ()
    numbered: tuple[Numbered, ...] = ()
    notices: tuple[Notice, ...] = ()
    rejected: tuple[RejectedTable, ...] = ()
    task_tables: frozenset[int] = frozenset()
    tallies: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One heading row in force: its text, its level, and the values that empty cells below take from it."""

    text: str
    ordinal: Ordinal | None
    values: tuple[tuple[str, str], ...]
    looks: bool  # wide or loud


def _nest(stack: tuple[Section, ...], section: Section) -> tuple[Section, ...]:
    """The stack with the new heading at its level: siblings share a style, deeper styles close with their parent."""
    styles = [s.ordinal.depth if s.ordinal else None for s in stack]
    depth = section.ordinal.depth if section.ordinal else None
    if depth in styles:
        return (*stack[: styles.index(depth)], section)
    if depth is None:
        return (*stack, section)
    kept = stack
    while kept and kept[-1].ordinal is not None and kept[-1].ordinal.depth > depth:
        kept = kept[:-1]
    return (*kept, section)


def _section(view: RowView) -> Section:
    parts = [squeeze(view.own[f]) for f in ("ordinal", "objective", "parent", "content") if view.own.get(f)]
    if not parts:
        parts = [squeeze(c.text) for c in view.cells[:1]]
    values = tuple((f, view.seen[f]) for f in INHERITED if view.seen.get(f))
    return Section(" ".join(dict.fromkeys(parts)), view.ordinal, values, view.wide or view.loud)


def _row_place(view: RowView) -> tuple[Place, float]:
    """Page, box around all cells of the row on its first page, and the lowest confidence of its cells."""
    confidence = min((c.confidence for c in view.cells), default=1.0)
    pages = [c.place.page for c in view.cells if c.place.page is not None]
    if not pages:
        return NOWHERE, confidence
    page = min(pages)
    boxes = [c.place.box for c in view.cells if c.place.page == page and c.place.box]
    if not boxes:
        return Place(page), confidence
    box = Box(
        min(b.x0 for b in boxes), min(b.top for b in boxes), max(b.x1 for b in boxes), max(b.bottom for b in boxes)
    )
    return Place(page, box), confidence


def assign_units(
    lead: str | None,
    partner: str | None,
    resolve: Resolve,
    *,
    one_column: bool,
    declared: frozenset[str] = frozenset(),
) -> tuple[tuple[UnitRole, ...], bool]:
    """Units with roles, and whether the roles had to be inferred (one column for both, no labels)."""
    leads: list[str] = []
    partners: list[str] = []
    inferred = False
    if lead:
        if labelled := split_roles(lead):
            leads, partners = list(labelled.leads), list(labelled.partners)
        else:
            names = list(split_units(lead, declared))
            leads, partners = (names[:1], names[1:]) if one_column else (names, [])
            inferred = one_column
    if partner:
        labelled = split_roles(partner)
        if labelled:
            leads += labelled.leads
            partners += labelled.partners
        else:
            partners += split_units(partner, declared)
    roles = [UnitRole("lead", n, resolve(n)) for n in dict.fromkeys(leads)]
    roles += [UnitRole("partner", n, resolve(n)) for n in dict.fromkeys(partners)]
    return tuple(roles), inferred


@lru_cache(maxsize=4096)  # units and times repeat down a column
def _is_ditto(text: str) -> bool:
    """Whether a cell only points at the one above. Forms: "nt", "-nt-", "//", "″", "Như trên"."""
    return bool(_DITTO.match(text))


class _Rows:
    """Folds the rows of one table (and of tables that continue it) into tasks; private to this module."""

    def __init__(self, layout: Layout, table: Table, above: Above, resolve: Resolve, declared: frozenset[str]) -> None:
        self.layout = layout
        self.table = table
        self.above = above
        self.resolve = resolve
        self.declared = declared
        self.context = replace(above.context, year=layout.year or above.context.year)
        self.lent = column_unit(layout)
        self.next_sequence = 1
        self.stack: tuple[Section, ...] = ()
        self.timed: tuple[tuple[Section, ...], YearContext] = (self.stack, self.context)
        self.last_ordinal: Ordinal | None = None
        self.filled: dict[str, str] = {}
        self.last_seen: dict[str, str] = {}
        self.tasks: list[Task] = []
        self.numbered: list[Numbered] = []
        self.notices: list[Notice] = []

    def take(self, table: Table, layout: Layout) -> Sequence[tuple[RowView, RowKind]]:
        """Reads the rows of a table below its heading; returns them with what they are."""
        self.table, self.layout = table, layout
        grid = table.grid()
        rows = classify_rows(grid, layout)
        self.notices += [*blanks(table, layout, grid, rows), *double_rows(table, rows)]
        for view, kind in rows:
            if kind is RowKind.SECTION:
                self._open(view)
            elif kind is RowKind.TASK:
                self._task(view, grid[view.index])
            elif kind is RowKind.CONTINUATION:
                self._continue(view)
        return rows

    def _number(self, ordinal: str, text: str, place: Place, task: int | None) -> None:
        self.numbered.append(Numbered(ordinal, text, f"table{self.table.index}", task, place, task is None))

    def _open(self, view: RowView) -> None:
        section = _section(view)
        self.stack = _nest(self.stack, section)
        self.last_ordinal = None
        self.filled = {}
        if section.ordinal and section.ordinal.written:
            self._number(section.ordinal.written, section.text, _row_place(view)[0], None)

    def _close(self, ordinal: Ordinal | None) -> None:
        """A task "2" after section "1" with children 1.1, 1.2 is the section's sibling, not its child."""
        runs_on = ordinal and self.last_ordinal and follows(self.last_ordinal, ordinal)
        if ordinal and not runs_on:
            siblings = [i for i, s in enumerate(self.stack) if s.ordinal and follows(s.ordinal, ordinal)]
            self.stack = self.stack[: siblings[-1]] if siblings else self.stack
        self.last_ordinal = ordinal or self.last_ordinal

    def _ditto(self, values: dict[str, str]) -> dict[str, str]:
        """Ditto marks ("nt", //) stand for the cell above in the same column."""
        out = {f: self.last_seen.get(f, t) if _is_ditto(t) else t for f, t in values.items()}
        self.last_seen.update(out)
        return out

    def _fill(self, view: RowView, values: dict[str, str]) -> None:
        """Objective, parent and month reach down to the next one of their section; text formats blank merged cells."""
        if view.own.get("objective"):
            self.filled.pop("parent", None)
        for field in ("objective", "parent", "month"):
            if values.get(field):
                self.filled[field] = values[field]
            elif field in self.filled and self.layout.has(field):
                values[field] = self.filled[field]

    def _inherit(self, values: dict[str, str]) -> None:
        given = {f: t for section in self.stack for f, t in section.values}
        timed = bool(values.get("start") or values.get("end"))  # one end of its own: the group's other end is not its
        for field, text in given.items():
            if not values.get(field) and not (timed and field in ("start", "end")):
                values[field] = text

    def _content(self, values: dict[str, str], view: RowView) -> str:
        """The finest description that the row has; a coarser one stands in where the finest cell is empty."""
        if content := values.get("content", "").strip():
            return content
        for field in ("parent", "objective"):
            if view.own.get(field):
                return values.pop(field).strip()
        return view.label.strip()

    def _task(self, view: RowView, cells: Sequence[Cell | None]) -> None:
        self._close(view.ordinal)
        values = self._ditto(dict(view.seen))
        self._fill(view, values)
        self._inherit(values)
        content = self._content(values, view)
        lead, partner = values.get("lead") or values.get("implementer"), values.get("partner")
        one_column = (not values.get("lead") and bool(values.get("implementer"))) or view.shared_roles
        units, inferred = assign_units(lead, partner, self.resolve, one_column=one_column, declared=self.declared)
        if not lead and self.above.unit and not any(self.layout.has(f) for f in ("lead", "implementer")):
            lead, inferred = self.above.unit, True
            units = (*(UnitRole("lead", n, self.resolve(n)) for n in split_units(lead, self.declared)), *units)
        if marks := self._marks(cells):
            leads, partners, inferred = roles_of(marks)
            given = {u.name for u in units}
            units = (*units, *(u for u in self._roles(leads, partners) if u.name not in given))
            lead, partner = lead or "\n".join(leads) or None, partner or "\n".join(partners) or None
        context = self._time_above()
        deadline = deadline_cell(values, self.layout, cells)
        lent = self.lent
        if month := values.get("month"):
            named = month_name(month, self.layout.of("month")[0].heading) or month
            if deadline:
                context = time_of(named, context)
            else:
                deadline, lent = month, "tháng"
        place, confidence = _row_place(view)
        note = values.get("note")
        task = Task(
            sequence=self.next_sequence,
            source="table",
            content=content,
            ordinal=view.ordinal_text,
            section_path=tuple(s.text for s in self.stack),
            objective=values.get("objective"),
            parent=values.get("parent"),
            output=values.get("output"),
            lead_text=lead,
            partner_text=partner,
            units=units,
            roles_inferred=inferred,
            deadline_text=deadline,
            deadlines=all_deadlines(deadline, note, content, context, lent, self._ends(values)),
            note=note,
            extra=self._extra(cells),
            place=place,
            table_index=self.table.index,
            row_index=view.index,
            confidence=confidence,
        )
        self.tasks.append(task)
        self.next_sequence += 1
        if view.ordinal_text:
            self._number(view.ordinal_text, f"{view.ordinal_text} {squeeze(content)}", place, task.sequence)

    def _time_above(self) -> YearContext:
        """What the headings in force say of time; they are the same for many rows."""
        if self.timed[0] is not self.stack:
            self.timed = (
                self.stack,
                reduce(lambda known, section: time_of(section.text, known), self.stack, self.context),
            )
        return self.timed[1]

    def _marks(self, cells: Sequence[Cell | None]) -> list[tuple[str, str, str]]:
        """Field, unit and mark of the filled cells in columns that units head."""
        if self.layout.fields.isdisjoint(MATRIX_FIELDS):
            return []
        columns = (c for c in self.layout.columns if c.field in MATRIX_FIELDS)
        return [(c.field, c.heading, cell.text) for c in columns if (cell := cells[c.index]) and cell.text.strip()]

    def _roles(self, leads: Sequence[str], partners: Sequence[str]) -> Iterator[UnitRole]:
        yield from (UnitRole("lead", name, self.resolve(name)) for name in leads)
        yield from (UnitRole("partner", name, self.resolve(name)) for name in partners)

    def _ends(self, values: dict[str, str]) -> tuple[str, str]:
        """Texts of the columns "Bắt đầu" and "Kết thúc"; one cell over both is no pair."""
        start, end = values.get("start", ""), values.get("end", "")
        return (start, end) if self.layout.has("start") and start != end else ("", "")

    def _extra(self, cells: Sequence[Cell | None]) -> tuple[tuple[str, str], ...]:
        if self.layout.fields.isdisjoint(EXTRA_FIELDS):
            return ()
        return tuple(
            (c.heading, cell.text)
            for c in self.layout.columns
            if c.field in EXTRA_FIELDS and (cell := cells[c.index]) and cell.text.strip() and cell.column == c.index
        )

    def _continue(self, view: RowView) -> None:
        """A row without any description adds to the task above: more partners, a second deadline.

        One with a number of its own is a task whose description is gone: its unit is not lent to another.
        """
        place, _ = _row_place(view)
        evidence = " | ".join(squeeze(c.text) for c in view.cells)
        if view.ordinal or not self.tasks or self.tasks[-1].table_index != self.table.index:
            message = "hàng không có nội dung công việc"
            self.notices.append(Notice("table.row_lost", message, place, self.table.index, view.index, evidence))
            return
        last = self.tasks[-1]

        def grown(old: str | None, field: str) -> str | None:
            new = view.own.get(field)
            return "\n".join(t for t in (old, new) if t) or None

        lead = grown(last.lead_text, "lead" if view.own.get("lead") else "implementer")
        partner, deadline = grown(last.partner_text, "partner"), grown(last.deadline_text, "deadline")
        units, _ = assign_units(lead, partner, self.resolve, one_column=last.roles_inferred, declared=self.declared)
        note = grown(last.note, "note")
        self.tasks[-1] = replace(
            last,
            lead_text=lead,
            partner_text=partner,
            units=units,
            output=grown(last.output, "output"),
            deadline_text=deadline,
            note=note,
            deadlines=all_deadlines(deadline, note, last.content, self.context, self.lent),
        )
        message = "hàng nối tiếp được ghép vào nhiệm vụ bên trên"
        self.notices.append(Notice("table.row_appended", message, place, self.table.index, view.index, evidence))


def read_tables(
    document: Document,
    header: Header,
    resolve: Resolve,
    skip: frozenset[int] = frozenset(),
    declared: frozenset[str] = frozenset(),
) -> TableReading:
    """Tasks of all task tables in document order.

    Args:
        document: as extracted.
        header: for the years of deadlines.
        resolve: name as written -> vocabulary unit or None.
        skip: positions in `document.blocks` that are letterhead or signature layout.
        declared: folded abbreviations that the paper declares; they part a list of units like known ones.
    """
    tasks: list[Task] = []
    numbered: list[Numbered] = []
    notices: list[Notice] = []
    rejected: list[RejectedTable] = []
    read: dict[int, Sequence[tuple[RowView, RowKind]]] = {}
    current: _Rows | None = None
    last_position = -2
    for position, block in enumerate(document.blocks):
        if not isinstance(block, Table):
            continue
        if position in skip:
            form = "phần thể thức: tiêu đề, nơi nhận, chữ ký"
            reason = "thông tin của cổng điện tử về văn bản" if is_record(block) else form
            rejected.append(RejectedTable(block.index, reason, block.place))
            continue
        layout = read_layout(block)
        headless = isinstance(layout, Rejection) and current is not None and position == last_position + 1
        if headless and current is not None and block.column_count == current.table.column_count:
            layout = replace(current.layout, first_data_row=0)  # the same table after a manual page break
        elif isinstance(layout, Rejection):
            rejected.append(RejectedTable(block.index, layout.reason, block.place))
            notices += without_rows(document, position, block)
            notices += part_unread(current.layout, block) if current is not None else ()
            continue
        else:
            above = lines_above(document, position, header)
            current = _Rows(layout, block, above, resolve, declared)
            notices += column_doubts(layout, block)
        if current is None or isinstance(layout, Rejection):
            continue
        done = len(current.tasks), len(current.numbered), len(current.notices)
        current.next_sequence = len(tasks) + 1
        read[block.index] = current.take(block, layout)
        if not any(kind is RowKind.TASK for _, kind in read[block.index]):
            notices += without_rows(document, position, block)
        tasks += current.tasks[done[0] :]
        numbered += current.numbered[done[1] :]
        notices += current.notices[done[2] :]
        last_position = position
    totals = {index: tuple(v for v, kind in rows if kind is RowKind.TOTAL) for index, rows in read.items()}
    notices += [*stated_counts(document, tasks, totals), *unread_headings(document, skip, read)]
    return TableReading(
        tuple(tasks),
        tuple(numbered),
        tuple(notices),
        tuple(rejected),
        frozenset(read),
        tuple(tallies(document.tables(), read)),
    )
