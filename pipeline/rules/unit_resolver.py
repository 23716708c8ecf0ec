"""From a written name to the unit of the vocabulary, in the context of the paper that names it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from pipeline.plan import Unit
from pipeline.rules.unit_starts import head_at
from pipeline.text import fold, key, nfc, squeeze, unaccented
from pipeline.vocab.provinces import place_key, province_named
from pipeline.vocab.units import UnitEntry, begins_name, entries_named, slug

_BODY = r"^(?:(?:văn phòng )?(?:ủy ban nhân dân|ubnd|hội đồng nhân dân|hđnd))"
_LEVELS = tuple(
    (re.compile(pattern), level)
    for pattern, level in (
        (r"^(?:bộ |văn phòng chính phủ|thanh tra chính phủ|ủy ban dân tộc|bảo hiểm xã hội việt nam)", "bộ"),
        (r"^(?:ban chấp hành|ban thường vụ|đảng ủy)|(?:tỉnh|thành|huyện|quận|thị) ủy", "đảng"),
        (r"^(?:sở |ban dân tộc|thanh tra tỉnh|ban quản lý)", "sở"),
        (r"^(?:bệnh viện|trung tâm y tế|viện )", "bệnh viện"),
        (r"^(?:trường|đại học|học viện)", "trường"),
        (_BODY + r"\s+(?:xã|phường|thị trấn|đặc khu)", "xã"),
        (_BODY + r"\s+(?:huyện|quận|thị xã)", "huyện"),
        (r"^phòng ", "huyện"),
        (_BODY, "tỉnh"),
    )
)
# Where an abbreviation has several owners: whose papers use whose meaning, nearest first.
_NEAREST = {
    "bộ": ("bộ", "chung", "tỉnh"),
    "tỉnh": ("tỉnh", "chung", "sở", "bộ"),
    "sở": ("sở", "đơn vị", "chung", "tỉnh", "bộ"),
    "huyện": ("huyện", "chung", "tỉnh", "xã"),
    "xã": ("xã", "chung", "huyện", "tỉnh"),
    "bệnh viện": ("bệnh viện", "đơn vị", "chung", "sở", "tỉnh"),
    "trường": ("trường", "đơn vị", "chung", "huyện", "tỉnh"),
    "đảng": ("đảng", "chung", "tỉnh", "huyện"),
    "": ("chung", "sở", "tỉnh", "huyện", "bộ", "đơn vị", "xã", "bệnh viện", "trường", "đảng"),
}
_OWN_PLACE = {
    "bộ": ("bộ",),
    "tỉnh": ("tỉnh", "thành phố"),
    "sở": ("sở", "tỉnh", "thành phố", "ngành"),
    "huyện": ("huyện", "quận", "thị xã", "thành phố"),
    "xã": ("xã", "phường", "thị trấn", "đặc khu"),
    "bệnh viện": ("bệnh viện", "đơn vị", "viện", "trung tâm"),
    "trường": ("trường", "nhà trường"),
    "đảng": ("tỉnh", "huyện", "thành phố"),
    "": ("sở", "bộ"),
}
# What an office consists of, by its level: kinds of units, and the levels of the vocabulary that are its own.
_PARTS = frozenset(
    {"phòng", "văn phòng", "thanh tra", "khoa", "tổ", "bộ phận", "vụ", "cục", "tổng cục", "lãnh đạo", "sở", "chức danh"}
)
_PARTS_OF = {
    "bộ": ("bộ",),
    "tỉnh": ("tỉnh",),
    "sở": ("sở", "đơn vị"),
    "huyện": ("huyện",),
    "xã": ("xã",),
    "bệnh viện": ("bệnh viện", "đơn vị"),
    "trường": ("trường", "đơn vị"),
    "đảng": ("đảng",),
}
_LEVEL_WORD = r"(?:tỉnh|thành phố|tp|thị xã|thị trấn|huyện|quận|phường|xã|đặc khu|khu vực|cấp tỉnh|cấp huyện|cấp xã)"
_TAIL = re.compile(
    rf"(?:(?:trực thuộc|thuộc và trực thuộc|thuộc|của)\s+)?"
    rf"(?:(?P<level>{_LEVEL_WORD}|sở|bộ|ngành|cơ quan|đơn vị|nhà trường|trường|bệnh viện|chi nhánh tỉnh)(?!\w))?\.?\s*"
    rf"(?P<place>[^\W\d_].*|số \d+.*)?$"
)
_BRACKET = re.compile(r"\s*\([^()]*\)\s*")


@lru_cache(maxsize=256)
def _level_of(issuer: str) -> str:
    folded = key(issuer)
    return next((level for pattern, level in _LEVELS if pattern.match(folded)), "")


_ASKED = Unit("", "", "")  # stands for a name while it is being resolved


@dataclass(frozen=True, slots=True)
class UnitResolver:
    """Resolves the names of one paper: its issuer, its date and the abbreviations it declares decide.

    A place or level that is not the issuer's own stays part of the unit ("Sở Y tế tỉnh Hà Nam" in another
    province's plan is so-y-te-tinh-ha-nam; "UBND xã A" and "UBND xã B" are two units); the issuer's own is left out.
    """

    issuer: str | None = None
    issued: date | None = None
    declared: Mapping[str, str] = field(default_factory=dict)
    _memory: dict[str, Unit | None] = field(default_factory=dict, repr=False, compare=False)

    def resolve(self, name: str) -> Unit | None:
        """The vocabulary unit of a written name; None where its base name is not known.

        Forms: "Phòng TCCB", "P. Tổ chức cán bộ", "TCCB" -> phong-to-chuc-can-bo in a sở, vu-to-chuc-can-bo in a bộ.
        """
        if name in self._memory:
            return self._memory[name]
        plain = squeeze(nfc(name))
        if plain not in self._memory:
            self._memory[plain] = _ASKED
            self._memory[plain] = self._resolve(plain)
        return self._memory[plain]

    @property
    def level(self) -> str:
        return _level_of(self.issuer or "")

    def _resolve(self, name: str) -> Unit | None:
        plain = name if len(name) <= 200 else ""
        for form in dict.fromkeys(self._forms(plain)):
            if entry := self._choose(entries_named(form)):
                return Unit(entry.unit_id, entry.name, entry.kind, self._parent(entry))
        for form in dict.fromkeys(self._forms(plain)):
            if unit := self._with_tail(form):
                return unit
        return None

    def _forms(self, name: str) -> tuple[str, ...]:
        """The name as written, without brackets, with what it declares and with short heads written out."""
        bare = squeeze(_BRACKET.sub(" ", name))
        group = re.sub(r"\s*:.*$", "", bare)
        forms = [self._declared(bare), name, bare, group]
        folded = fold(bare)
        if folded.startswith(("tt ", "tt. ")):
            rest = re.sub(r"^\S+\s+", "", bare)
            forms += [f"Trung tâm {rest}", f"Thường trực {rest}"]
        if count := re.match(r"\d+\s+(?=\w)", bare):
            forms.append(f"Các {bare[count.end() :]}")
        return tuple(form for form in forms if form)

    def _declared(self, name: str) -> str:
        """The name with declared abbreviations written out: "TTDVC" -> "Trung tâm Dịch vụ công"."""
        if not self.declared:
            return ""
        words = name.split(" ")
        full = [self.declared.get(key(word), self.declared.get(word, word)) for word in words]
        if full == words:
            return self.declared.get(key(name), "")
        head = head_at(fold(name), 0)
        # "Phòng TCCB" where "TCCB" was declared as "Phòng Tổ chức cán bộ": the head is not said twice
        if head and len(full) > 1 and fold(full[1]).startswith(fold(words[0]) + " "):
            full = full[1:]
        return " ".join(full)

    def _choose(self, found: tuple[UnitEntry, ...]) -> UnitEntry | None:
        if self.issued:
            found = tuple(unit for unit in found if unit.valid_on(self.issued)) or found
        if len(found) <= 1:
            return found[0] if found else None
        for level in _NEAREST[self.level]:
            if near := [unit for unit in found if unit.level == level]:
                return near[0]
        return None

    def _with_tail(self, name: str) -> Unit | None:
        """Base name with a level, place or owner behind it: "Sở Y tế tỉnh Hà Nam", "UBND xã Hoa Sơn"."""
        words = name.split(" ")
        longest = next((n for n in range(1, len(words)) if not begins_name(" ".join(words[:n]))), len(words) - 1)
        for count in range(longest, 0, -1):
            base, rest = " ".join(words[:count]).rstrip(","), " ".join(words[count:])
            entry = self._choose(entries_named(base))
            if entry is None or (entry.kind == "nhóm" and count < 2):
                continue
            tail = _TAIL.match(fold(rest))
            if tail is None:
                continue
            if (unit := self._qualified(entry, rest, tail)) is not None:
                return unit
        return None

    def _qualified(self, entry: UnitEntry, rest: str, tail: re.Match[str]) -> Unit | None:
        level, place = tail["level"] or "", tail["place"] or ""
        written = rest[tail.start("place") :] if place else ""
        if place and not (written[:1].isupper() or place.startswith("số ") or entry.kind == "nhóm"):
            return None
        if place and not level and not self._is_place(entry, written):
            return None
        if self._is_own(entry, level, place):
            return Unit(entry.unit_id, entry.name, entry.kind, self._parent(entry))
        shown = re.sub(r"^(?:trực thuộc|thuộc|của)\s+", "", rest, flags=re.IGNORECASE)
        return Unit(f"{entry.unit_id}-{slug(shown)}", f"{entry.name} {shown}", entry.kind)

    def _parent(self, entry: UnitEntry) -> str | None:
        """The issuer, for the offices that it consists of: phòng in a sở or a district, vụ and cục in a bộ."""
        if entry.kind not in _PARTS or entry.level not in _PARTS_OF.get(self.level, ()) or not self.issuer:
            return None
        own = self.resolve(self.issuer)
        if own is _ASKED:  # an issuer that is an office itself ("Văn phòng UBND tỉnh ...") is no part of itself
            return None
        return own.unit_id if own else slug(self.issuer)

    def _is_place(self, entry: UnitEntry, place: str) -> bool:
        """Whether bare words behind a base name are a place: a province, or after a base that ends in a level word."""
        if province_named(place) or entry.kind in ("doanh nghiệp", "báo đài", "bệnh viện"):
            return True
        ends_in_level = re.search(rf"(?<!\w){_LEVEL_WORD}$", fold(entry.name)) is not None
        return ends_in_level or entry.kind in ("trạm", "quân sự", "tổ", "thôn, tổ")

    def _is_own(self, entry: UnitEntry, level: str, place: str) -> bool:
        issuer = unaccented(self.issuer or "")
        if place:
            own = unaccented(place_key(place))
            return own in issuer and bool(issuer) and re.search(rf"(?<!\w){re.escape(own)}(?!\w)", issuer) is not None
        return level in _OWN_PLACE[self.level] or entry.kind == "nhóm"


_DECLARING = re.compile(
    r"\(\s*(?:sau đây\s+)?(?:(?:được\s+)?(?:gọi|viết)\s+(?:tắt|chung)?\s*(?:là|:)\s*)?[\"']?"
    r"(?P<short>[^\s()\"',;:]{2,14}(?:\s[^\s()\"',;:]{1,12})?)[\"']?\s*\)"
)
_LONG_START = 90  # characters before the bracket in which the long name is sought


def declared_abbreviations(text: str) -> dict[str, str]:
    """Short names that a text declares, folded short name -> long name as written.

    Forms: "Trung tâm Kiểm soát bệnh tật (CDC)"; "Trung tâm Dịch vụ công (sau đây gọi tắt là Trung tâm)";
    "Ủy ban nhân dân (UBND) tỉnh". What does not begin with a unit's head word is no unit.
    """
    if "(" not in text:
        return {}
    text = nfc(text)
    folded = fold(text)
    declared: dict[str, str] = {}
    for match in _DECLARING.finditer(folded):
        short = text[match.start("short") : match.end("short")].strip()
        says_so = re.search(r"gọi|viết", match[0]) is not None
        if not says_so and (sum(c.isupper() for c in short) < 2 or " " in short):
            continue
        if long := _long_name(text, folded, match.start(), short if not says_so else ""):
            declared[key(short)] = long
    return declared


def _long_name(text: str, folded: str, end: int, short: str) -> str | None:
    """The unit's name before the bracket: from the nearest head whose initials fit the abbreviation, if any."""
    window = max(0, end - _LONG_START)
    stop = max(text.rfind(mark, window, end) for mark in ";:\n.(") + 1
    begins = [m.start() for m in re.finditer(r"(?<!\w)\w", folded[:end]) if m.start() >= max(window, stop)]
    found = [at for at in begins if text[at].isupper() and (head := head_at(folded, at)) and head[1] < end]
    if not found:
        return None
    letters = unaccented(short).replace("&", "")
    fitting = [
        at
        for at in found
        if letters and _initials(text[at:end]).startswith(letters[:1]) and _fits(letters, text[at:end])
    ]
    at = fitting[-1] if fitting else (found[-1] if not short or len(found) == 1 else found[0])
    return squeeze(text[at:end]) or None


def _initials(name: str) -> str:
    return "".join(unaccented(word)[:1] for word in re.findall(r"\w+", name))


def _fits(letters: str, name: str) -> bool:
    """Whether the letters occur in order among the initials of the name's words, the first one first."""
    initials = _initials(name)
    rest = iter(initials)
    return initials.startswith(letters[:1]) and all(letter in rest for letter in letters if letter.isalpha())
