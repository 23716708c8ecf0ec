"""Who hears of what: the groups of the settings, applied to a finding."""

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from pipeline.alerts.lake import Lake, Reference
from pipeline.check import RULES
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


def documents_of(group: Group, lake: Lake) -> Collection[str]:
    """The documents that concern a group, of those that count today."""
    if not group.issuers:
        return lake.issuers.keys()
    meant = {name for name in set(lake.issuers.values()) if any_matches(group.issuers, (name,))}
    return {document for document, name in lake.issuers.items() if name in meant}


def tasks_of(group: Group, lake: Lake) -> Collection[str] | None:
    """The tasks that concern a group by the units that lead them; None for all, and for what is of no task."""
    if not group.units:
        return None
    return lake.tasks_led_by({name for name in lake.units if any_matches(group.units, (name,))})


def heard_by(group: Group, lake: Lake, silent: Collection[str] = ()) -> list[Reference]:
    """The findings that a group is told of. With units set, only those on tasks that one of them leads."""
    return lake.references(
        severities=GRAVITY[: GRAVITY.index(group.severity) + 1],
        rules=[code for code in RULES if rule_matches(group.rules, code)] if group.rules else None,
        documents=documents_of(group, lake) if group.issuers else None,
        tasks=tasks_of(group, lake),
        silent=silent,
    )
