"""Lines below an item that hold nothing but labelled values: "- Đơn vị chủ trì: ...", "- Thời gian: ..."."""

from collections.abc import Sequence

from pipeline.plan import Prose
from pipeline.read.acting import acting_unit, without_ordinal
from pipeline.read.header_rows import ROLE_FIELDS
from pipeline.read.labels import Labelled, split_labels, value_line
from pipeline.read.lead_ins import mark_style
from pipeline.read.lent_times import is_about_section

_MOST_BELOW = 20  # lines of labels that one item has; a list of places and times is longer
_NEAR = 60  # paragraphs around an item among which its siblings are looked for


def is_timed(item: Prose, below: Sequence[Labelled]) -> bool:
    """Whether an item with a number has its time on a line below and names nobody itself."""
    ordinal, words = without_ordinal(item.text)
    return bool(ordinal) and any(label.field == "deadline" for label in below) and acting_unit(words) is None


def is_among_labelled(prose: Sequence[Prose], at: int) -> bool:
    """Whether the items beside one have their units on lines below, so that one without has lost its unit."""
    item, style = prose[at], mark_style(prose[at].text)
    for other in range(max(0, at - _NEAR), min(len(prose), at + _NEAR)):
        sibling = prose[other]
        is_beside = len(sibling.headings) == len(item.headings) and sibling.headings[:-1] == item.headings[:-1]
        if other == at or not is_beside or mark_style(sibling.text) != style:
            continue
        if any(label.field in ROLE_FIELDS for label in labels_below(prose, other)[0]):
            return True
    return False


def labels_below(prose: Sequence[Prose], owner: int) -> tuple[tuple[Labelled, ...], int]:
    """Labels of the lines below an item that hold nothing but labels, and where they end.

    Lines of other labels ("- Nội dung: ...", "- Địa điểm: ...") stand among them; alone they are text of their own.
    """
    labels: list[Labelled] = []
    held: list[Labelled] = []
    is_item_line = bool(without_ordinal(prose[owner].text)[0])
    end = at = owner + 1
    while at < min(len(prose), owner + 1 + _MOST_BELOW):
        if is_about_section(prose[at].text):
            break
        content, found = split_labels(prose[at].text)
        at += 1
        if found and not content:
            labels += [*held, *found]
            held, end = [], at
            continue
        other = value_line(prose[at - 1].text)
        numbered = without_ordinal(prose[at - 1].text)[0][:1]
        if other is None or not is_item_line or (numbered and not numbered.isalpha()) or numbered.isupper():
            break
        held.append(other if other.field in ("budget", "target", "note") else Labelled("other", prose[at - 1].text))
    if any(label.field in ROLE_FIELDS for label in labels):
        labels, end = [*labels, *held], end + len(held)
    return tuple(labels), end
