"""The ledger's tables, as the steps that led to them: a step that was released is never edited, only followed.

Moments are ISO 8601 text in UTC ("2026-11-22T01:00:00.000000+00:00"), so that they sort and compare as text.
"""

# Mails wait here before they are sent; see pipeline.ledger.mail.
_MAIL = """
CREATE TABLE mails (
    mail_id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    group_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    occasion TEXT,
    subject TEXT NOT NULL,
    sender TEXT NOT NULL,
    content BLOB NOT NULL,
    queued_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
    next_try_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    doubts INTEGER NOT NULL DEFAULT 0,
    ended_at TEXT,
    problem TEXT NOT NULL DEFAULT '',
    UNIQUE (group_name, occasion)
);
CREATE INDEX mails_by_state ON mails (state, next_try_at);
CREATE TABLE mail_recipients (
    mail_id INTEGER NOT NULL REFERENCES mails,
    position INTEGER NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'refused')),
    reply TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (mail_id, address)
) WITHOUT ROWID;
CREATE TABLE told (
    group_name TEXT NOT NULL,
    item_id TEXT NOT NULL,
    mail_id INTEGER NOT NULL REFERENCES mails,
    PRIMARY KEY (group_name, item_id)
) WITHOUT ROWID;
CREATE INDEX told_by_mail ON told (mail_id);
CREATE TABLE acknowledgements (
    item_id TEXT PRIMARY KEY,
    acknowledged_by TEXT NOT NULL,
    note TEXT NOT NULL,
    acknowledged_at TEXT NOT NULL
) WITHOUT ROWID
"""

MIGRATIONS: tuple[str, ...] = (_MAIL,)
