"""The ledger's tables, as the steps that led to them: a step that was released is never edited, only followed.

Moments are ISO 8601 text in UTC ("2026-11-22T01:00:00.000000+00:00"), so that they sort and compare as text.
"""

MIGRATIONS: tuple[str, ...] = ()
