"""The digest of one group: what is new, the gravest first, never longer than one reads."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.alerts.changes import ChangedPlan, new_versions, worded
from pipeline.alerts.lake import Item, Lake, Paper, Reference, Unread, letters, shortened
from pipeline.alerts.routing import GRAVITY, documents_of, heard_by
from pipeline.check import RULES
from pipeline.ledger.database import Ledger
from pipeline.ledger.mail import silent_items
from pipeline.settings import Group

MOST_SHOWN = 40  # findings in the mail itself; all are in the attachment
_MOST_OF_A_RULE = 4  # of one rule in one document
_MOST_FILES = 15
_MOST_VERSIONS = 6
MOST_ATTACHED = 20_000  # rows of the attachment: some 2 MB, which every server takes
_LONG = 90  # evidence within a message is cut here, since it stands in full below


@dataclass(frozen=True, slots=True)
class News:
    """What a group has not been told, by what is noted in the ledger.

    `twins` are findings that another file of the same document tells; they count as told with the next mail.
    """

    references: tuple[Reference, ...] = ()
    unread: tuple[Unread, ...] = ()
    twins: tuple[Reference, ...] = ()
    changed: tuple[ChangedPlan, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.references or self.unread or self.changed)

    @property
    def item_ids(self) -> list[str]:
        findings = (reference.finding_id for reference in (*self.references, *self.twins))
        others = [*(one.item_id for one in self.unread), *(one.item_id for one in self.changed)]
        return [*findings, *others]


@dataclass(frozen=True, slots=True)
class RuleBlock:
    """Findings of one rule in one document; `more` are left to the attachment."""

    code: str
    title: str
    explanation: str  # "" where the mail has explained the rule above
    items: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class PaperBlock:
    """One document with its findings of one severity."""

    paper: Paper
    rules: tuple[RuleBlock, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """All findings of one severity."""

    severity: str
    count: int
    papers: tuple[PaperBlock, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """One mail's worth of news."""

    group: str
    today: date
    counts: dict[str, int]  # by severity, all new findings
    documents: int
    sections: tuple[Section, ...]
    unread: tuple[Unread, ...]  # as many as the mail itself names
    left_out: int  # new findings that stand in the attachment only
    by_rule: tuple[tuple[str, str, int], ...] = ()  # severity, title, count: where something is left out
    quiet: int = 0  # findings of these documents below the group's threshold
    attached: tuple[Item, ...] = field(default=(), repr=False)
    all_unread: tuple[Unread, ...] = field(default=(), repr=False)
    papers: dict[str, Paper] = field(default_factory=dict, repr=False)
    unread_count: int = 0
    changed: tuple[ChangedPlan, ...] = ()  # as many as the mail shows
    changed_count: int = 0


def news_for(group: Group, lake: Lake, ledger: Ledger, *, again: bool = False) -> News:
    """The findings and unread files that concern a group and that it has neither been told nor acknowledged.

    `again` gives what it has been told, too; what is acknowledged stays silent.
    """
    silent = silent_items(ledger, None if again else group.name)
    unread = {one.item_id: one for one in lake.unread()} if group.failures else {}
    said, twins = _said_once(heard_by(group, lake, silent), lake, silent)
    untold = tuple(one for item_id, one in unread.items() if item_id not in silent)
    return News(said, untold, twins, _changed(group, lake, silent))


def _changed(group: Group, lake: Lake, silent: Collection[str]) -> tuple[ChangedPlan, ...]:
    """The new versions of documents that concern a group."""
    if not lake.has_versions:
        return ()
    found = new_versions(lake.data, documents_of(group, lake), silent)
    papers = lake.papers(found.keys())
    told = (worded(group, comparison, papers[document]) for document, comparison in found.items() if document in papers)
    return tuple(one for one in told if one)


def _said_once(
    found: list[Reference], lake: Lake, silent: Collection[str]
) -> tuple[tuple[Reference, ...], tuple[Reference, ...]]:
    """The findings, and apart from them those that another file of the same document has told or tells now."""
    family = lake.twins({reference.document_id for reference in found})
    if not family:
        return tuple(found), ()
    said: dict[str, tuple[str, str, str]] = {
        finding: (family[document], rule, letters(words)) for finding, document, rule, words in lake.said(family)
    }
    home = {said[finding]: "" for finding in said.keys() & silent}  # the file that tells it; "": told before

    def is_twin(reference: Reference) -> bool:
        what = said.get(reference.finding_id)
        return what is not None and home.setdefault(what, reference.document_id) != reference.document_id

    twins = {reference.finding_id for reference in found if is_twin(reference)}
    return (
        tuple(reference for reference in found if reference.finding_id not in twins),
        tuple(reference for reference in found if reference.finding_id in twins),
    )


@dataclass(frozen=True, slots=True)
class Gathered:
    """The news of a group with all that a mail or its attachment may show of them."""

    group: str
    ordered: tuple[Reference, ...]
    unread: tuple[Unread, ...]
    papers: dict[str, Paper]
    items: dict[str, Item]
    quiet: int
    changed: tuple[ChangedPlan, ...] = ()


def gather(group: Group, news: News, lake: Lake) -> Gathered:
    """Reads what the news are about, the gravest first."""
    papers = lake.papers({reference.document_id for reference in news.references})
    ordered = tuple(_in_order(news.references, papers))
    quiet = len(lake.references(severities=_lighter(group), documents=papers.keys()))
    return Gathered(group.name, ordered, news.unread, papers, lake.items(ordered[:MOST_ATTACHED]), quiet, news.changed)


def digest_of(news: Gathered, today: date, most_shown: int = MOST_SHOWN) -> Digest:
    """What the mail shows of the news."""
    shown, more = _chosen(news.ordered, most_shown)
    explained: set[str] = set()
    sections = []
    for severity in GRAVITY:
        count = sum(reference.severity == severity for reference in news.ordered)
        if count:
            of_severity = [reference for reference in shown if reference.severity == severity]
            sections.append(Section(severity, count, _paper_blocks(of_severity, news, more, explained)))
    left_out = len(news.ordered) - len(shown)
    return Digest(
        news.group,
        today,
        dict(Counter(reference.severity for reference in news.ordered)),
        len(news.papers),
        tuple(sections),
        news.unread[:_MOST_FILES],
        left_out,
        _by_rule(news.ordered) if left_out else (),
        news.quiet,
        tuple(news.items[reference.finding_id] for reference in news.ordered[:MOST_ATTACHED]),
        news.unread[:MOST_ATTACHED],
        news.papers,
        len(news.unread),
        news.changed[:_MOST_VERSIONS],
        len(news.changed),
    )


def _in_order(references: Iterable[Reference], papers: dict[str, Paper]) -> list[Reference]:
    """Errors first; within a severity by document, then by rule and task."""

    def place(one: Reference) -> tuple[int, str, str, str, str]:
        paper = papers[one.document_id]
        return GRAVITY.index(one.severity), paper.issuer, one.document_id, one.rule, one.task_id or ""

    return sorted(references, key=place)


def _chosen(ordered: Sequence[Reference], most: int) -> tuple[list[Reference], Counter[tuple[str, str]]]:
    """What the mail itself shows: few of each rule in a document, so that one bad paper does not hide the others."""
    of_rule: Counter[tuple[str, str]] = Counter()
    shown: list[Reference] = []
    for one in ordered:
        of_rule[one.document_id, one.rule] += 1
        if len(shown) < most and of_rule[one.document_id, one.rule] <= _MOST_OF_A_RULE:
            shown.append(one)
    of_rule.subtract(Counter((one.document_id, one.rule) for one in shown))
    return shown, of_rule


def _paper_blocks(
    shown: list[Reference],
    news: Gathered,
    more: Counter[tuple[str, str]],
    explained: set[str],
) -> tuple[PaperBlock, ...]:
    grouped: defaultdict[str, defaultdict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for one in shown:
        grouped[one.document_id][one.rule].append(_brief(news.items[one.finding_id]))
    return tuple(
        PaperBlock(
            news.papers[document],
            tuple(_rule_block(code, tuple(found), more[document, code], explained) for code, found in rules.items()),
        )
        for document, rules in grouped.items()
    )


def _rule_block(code: str, items: tuple[Item, ...], more: int, explained: set[str]) -> RuleBlock:
    rule = RULES.get(code)  # a rule of an older release may be gone
    explanation = rule.explanation if rule and code not in explained else ""
    explained.add(code)
    return RuleBlock(code, rule.title if rule else code, explanation, items, more)


def _brief(item: Item) -> Item:
    """The message with long evidence cut, since the words on paper stand in full below it."""
    return Item(
        item.finding_id,
        item.document_id,
        item.rule,
        item.severity,
        item.message.replace(item.evidence, shortened(item.evidence, _LONG)) if item.evidence else item.message,
        item.evidence,
        item.page,
        item.task,
    )


def _by_rule(ordered: Iterable[Reference]) -> tuple[tuple[str, str, int], ...]:
    counts = Counter((one.severity, one.rule) for one in ordered)
    rows = sorted(counts.items(), key=lambda row: (GRAVITY.index(row[0][0]), -row[1], row[0][1]))
    return tuple((severity, RULES[rule].title if rule in RULES else rule, n) for (severity, rule), n in rows)


def _lighter(group: Group) -> tuple[str, ...]:
    """The severities that a group is not told of."""
    return GRAVITY[GRAVITY.index(group.severity) + 1 :]
