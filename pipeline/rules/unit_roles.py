"""Both roles in one cell: "Chủ trì: ...; Phối hợp: ..."."""

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.rules.unit_split import split_units
from pipeline.text import fold, nfc, squeeze

_WHO = r"(?:(?:các\s+)?(?:đơn\s+vị|cơ\s+quan|bộ\s+phận|phòng|người)\s+)?"
_LEAD = (
    r"(?:chủ\s+trì(?:\s+thực\s+hiện)?(?!\s*,?\s*phối\s+hợp\s*:)|đầu\s+mối|chịu\s+trách\s+nhiệm\s+chính"
    r"|thực\s+hiện\s+chính|chính)"
)
_PARTNER = r"(?:phối\s+hợp(?:\s+thực\s+hiện)?|tham\s+gia|hỗ\s+trợ)"
_LABEL = re.compile(
    rf"(?:^|(?<=[\n;.,\s]))[ \t]{{0,4}}(?:[-+•*]\s*|\(?[a-zđ\d][.)]\s*)?{_WHO}"
    rf"(?:(?P<lead>{_LEAD}|ct)|(?P<partner>{_PARTNER}|ph))\s*(?::|-(?=\s))\s*"
)
_MARK = re.compile(rf"\(\s*(?:{_WHO}(?:(?P<lead>{_LEAD})|(?P<partner>{_PARTNER})))\s*\)")
_LEADS = re.compile(r"(?<!\w)chủ\s+trì\s*(?:[,;]\s*)?(?:và\s+)?(?:thực\s+hiện\s*[,;]?\s*)?(?=phối\s+hợp)")
_CLAUSE = re.compile(
    r"(?:^|[;\n]|(?<=chủ trì),)[ \t]{0,8}(?P<who>[^;\n]{1,300}?)\s{1,4}(?:(?P<lead>chủ\s+trì)|(?P<partner>phối\s+hợp))"
    r"(?:\s+thực\s+hiện)?\s*(?=[;.\n]|$|,[^;\n]{1,300}\sphối\s+hợp(?:\s+thực\s+hiện)?\s*(?:[;.\n]|$))"
)
_TOLD = re.compile(r"(?:được|các\s+(?:đơn\s+vị|cơ\s+quan))[^;\n]{0,40}$")
_MAY_TELL = re.compile(r"[:(]|-\s|chủ|phối")  # a label, a role in brackets, a role in words
_WITH = re.compile(r"(?<!\w)phối\s+hợp(?:\s+chặt\s+chẽ)?(?:\s+thực\s+hiện)?\s*(?:với|cùng|:)?\s*")


@dataclass(frozen=True, slots=True)
class Roles:
    """Units of one cell by role; the texts are the words of each part."""

    leads: tuple[str, ...]
    partners: tuple[str, ...]
    lead_text: str = ""
    partner_text: str = ""


@lru_cache(maxsize=4096)  # a plan has few different cells of units
def split_roles(text: str) -> Roles | None:
    """Roles that the words of one cell give; None where the cell says nothing about roles.

    Forms: "Chủ trì: Sở Y tế; Phối hợp: Sở Tài chính, CDC"; "- Cơ quan chủ trì: A\\n- Cơ quan phối hợp: B";
    "A (chủ trì), B (phối hợp)"; "A chủ trì, phối hợp với B, C"; "CT: A; PH: B".
    """
    text = nfc(text)
    folded = fold(text)
    if not _MAY_TELL.search(folded):
        return None
    return _labelled(text, folded) or _marked(text, folded) or _spoken(text, folded)


def _labelled(text: str, folded: str) -> Roles | None:
    labels = [m for m in _LABEL.finditer(folded) if not _is_name_part(text, m) and _stands_free(text, m)]
    if not labels:
        return None
    parts: dict[str, list[str]] = {"lead": [], "partner": []}
    before = text[: labels[0].start()].strip(" \n;,.-")
    if before:
        parts["partner" if labels[0]["lead"] else "lead"].append(before)
    for number, label in enumerate(labels):
        end = labels[number + 1].start() if number + 1 < len(labels) else len(text)
        parts["lead" if label["lead"] else "partner"].append(text[label.end() : end].strip())
    return _roles("\n".join(parts["lead"]), "\n".join(parts["partner"]))


def _stands_free(text: str, label: re.Match[str]) -> bool:
    """A label begins the text, a line or a clause; in the middle of one it has a capital and a colon."""
    before = text[: label.start()].rstrip(" \t")
    if not before or before[-1] in "\n;.,":
        return True
    return ":" in label[0] and text[label.start() :].lstrip(" \t-+•*")[:1].isupper()


def _is_name_part(text: str, label: re.Match[str]) -> bool:
    """The short labels count in capitals only ("CT:", "PH:"); "chính -" and the like need a colon."""
    role = "lead" if label["lead"] else "partner"
    word = text[label.start(role) : label.end(role)]
    if fold(word) in ("ct", "ph"):
        return not word.isupper()
    return ":" not in label[0] and fold(word) in ("chính", "tham gia", "hỗ trợ")


def _marked(text: str, folded: str) -> Roles | None:
    marks = list(_MARK.finditer(folded))
    if not marks:
        return None
    leads: list[str] = []
    partners: list[str] = []
    for name in split_units(text):
        mark = _MARK.search(fold(name))
        role = leads if (mark and mark["lead"]) or (mark is None and not leads) else partners
        role.append(squeeze(name[: mark.start()] + name[mark.end() :]).strip(" ,;-:") if mark else name)
    return Roles(tuple(leads), tuple(partners), "\n".join(leads), "\n".join(partners))


def _spoken(text: str, folded: str) -> Roles | None:
    """ "A chủ trì, phối hợp với B": the words before lead, those behind are partners."""
    lead = _LEADS.search(folded)
    partner = _WITH.search(folded, lead.end() if lead else 0)
    if partner is not None and partner.start() > 0 and (lead or partner[0].rstrip().endswith(("với", "cùng"))):
        head = text[: lead.start() if lead else partner.start()]
        return _roles(head.rstrip(" ,;"), text[partner.end() :])
    return _clauses(text, folded)


def _clauses(text: str, folded: str) -> Roles | None:
    """ "Phòng KHTC chủ trì; các phòng phối hợp"; "Sở A chủ trì, Sở B phối hợp"."""
    parts: dict[str, list[str]] = {"lead": [], "partner": []}
    for clause in _CLAUSE.finditer(folded):
        if clause["lead"] and _TOLD.search(clause["who"]):
            return None  # "các đơn vị được phân công chủ trì" is the name of a group
        parts["lead" if clause["lead"] else "partner"].append(text[clause.start("who") : clause.end("who")])
    return _roles("; ".join(parts["lead"]), "; ".join(parts["partner"])) if parts["lead"] else None


def _roles(lead: str, partner: str) -> Roles:
    lead, partner = lead.strip(" \n\t;,"), partner.strip(" \n\t;,")
    return Roles(split_units(lead), split_units(partner), lead, partner)
