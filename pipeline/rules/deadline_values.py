"""What the rules of deadlines build: moments, recurrences and the other parts a phrase is put together from."""

from dataclasses import dataclass

from extractors.quick import filled_open
from pipeline.plan import Bound
from pipeline.rules.deadline_calendar import Moment


@dataclass(frozen=True, slots=True)
class Moments:
    """One or more moments under one head word; `ranges[i]` says that point i runs to point i + 1."""

    points: tuple[Moment, ...]
    ranges: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A repetition in the terms of RFC 5545, section 3.3.10."""

    span: tuple[int, int]
    freq: str
    interval: int = 1
    months: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    weekdays: tuple[str, ...] = ()
    position: int | None = None
    alone: bool = True  # false for words that only say "every year" of what stands beside them

    @property
    def is_plain(self) -> bool:
        """A bare "hàng năm", "hàng tháng": it says how often, not when."""
        return not (self.months or self.days or self.weekdays)

    def rrule(self) -> str:
        parts = [f"FREQ={self.freq}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        for name, values in (("BYMONTH", self.months), ("BYMONTHDAY", self.days), ("BYDAY", self.weekdays)):
            if values:
                parts.append(f"{name}={','.join(map(str, values))}")
        if self.position is not None:
            parts.append(f"BYSETPOS={self.position}")
        return ";".join(parts)


@dataclass(frozen=True, slots=True)
class Recurrences:
    """Repetitions named in one breath: "định kỳ hàng quý, 6 tháng, năm"."""

    items: tuple[Recurrence, ...]


@dataclass(frozen=True, slots=True)
class Periodic:
    """The bare word "định kỳ": something comes back, its neighbours say when."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """Work without an end of its own: thường xuyên, liên tục."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A duration tied to an event: "trong 10 ngày kể từ ...". `bare` has no event and no word of direction."""

    bound: Bound
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """An event or a permission instead of a day. A weak one counts only where nothing else is said."""

    weak: bool = False
    on_demand: bool = False  # theo yêu cầu, khi có, nếu có: counts in notes too
    happens: bool = False  # by itself, not done by who acts: "khi dịch bệnh bùng phát"
    bound: Bound = Bound.IN


@dataclass(frozen=True, slots=True)
class Noise:
    """Words that look like time and are none of a deadline's.

    `unread`: time that cannot be normalised. `paper`: the number of a cited document, which says nothing of time.
    """

    unread: bool = False
    paper: bool = False


Part = Moments | Recurrences | Periodic | Lasting | Relation | Condition | Noise


@filled_open
@dataclass(frozen=True, slots=True)
class Phrase:
    """One deadline in the making. Exactly one of moment, recurrence, lasting, relation, condition, noise speaks.

    `linked` means that it goes on from the phrase before it and shares its bound. `first`/`last` are what the paper
    gives as the span of a recurrence or of lasting work.
    """

    span: tuple[int, int]
    moment: Moment | None = None
    end: Moment | None = None
    recurrence: Recurrence | None = None
    periodic: bool = False
    lasting: bool = False
    relation: Relation | None = None
    condition: Condition | None = None
    noise: Noise | None = None
    first: Moment | None = None
    last: Moment | None = None
    linked: bool = False
    shares_years: bool = False  # its year stands behind it, further years may follow

    @property
    def is_moment(self) -> bool:
        return self.moment is not None and self.recurrence is None and not self.lasting

    @property
    def says_when(self) -> bool:
        """A day, month or other unit, once or again and again."""
        return self.is_moment or (self.recurrence is not None and not self.recurrence.is_plain)
