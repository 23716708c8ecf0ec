"""Who hears of what: the groups of the settings, applied to a finding."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from pipeline.alerts.lake import Lake, Paper, Reference
from pipeline.settings import Group
from pipeline.text import key
from pipeline.vocab.units import entries_named

GRAVITY = ("error", "warning", "info")


def grave_enough(severity: str, least: str) -> bool:
    return GRAVITY.index(severity) <= GRAVITY.index(least)


@lru_cache(maxsize=65536)
def name_matches(asked: str, name: str) -> bool:
    """Whether a name is meant by one of the settings: it holds those words, or is the same unit of the vocabulary.

    Forms: asked "Sở Y tế" means "Sở Y tế tỉnh Thanh Hóa"; asked "TCCB" means "Phòng Tổ chức cán bộ".
    """
    words = key(asked)
    if f" {words} " in f" {key(name)} ":
        return True
    meant = {entry.unit_id for entry in entries_named(asked)}
    return bool(meant) and bool(meant & {entry.unit_id for entry in entries_named(name)})


def any_matches(asked: Sequence[str], names: Sequence[str]) -> bool:
    """Whether one of the names is meant; no name asked for means all."""
    return not asked or any(name_matches(one, name) for one in asked for name in names)


def rule_matches(asked: Sequence[str], rule: str) -> bool:
    """Whether a rule is meant; a star stands for the rest of a code ("deadline.*")."""
    return not asked or any(fnmatchcase(rule, one) for one in asked)


def hears_paper(group: Group, paper: Paper) -> bool:
    return any_matches(group.issuers, (paper.issuer,))


def hears(group: Group, reference: Reference, lake: Lake) -> bool:
    """Whether a group is told of a finding. With units set, only of findings on tasks that one of them leads."""
    if not grave_enough(reference.severity, group.severity) or not rule_matches(group.rules, reference.rule):
        return False
    if not hears_paper(group, lake.papers[reference.document_id]):
        return False
    return not group.units or any_matches(group.units, lake.leads.get(reference.task_id or "", ()))
