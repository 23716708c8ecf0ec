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

# Runs, the files as they were last seen, and when each content was first seen; see pipeline.ledger.runs and .files.
_INTAKE = """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY,            -- "20261122-010000-3f2a": sorts by time
    started TEXT NOT NULL,
    ended TEXT,                         -- NULL while it runs, and where it was killed
    state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'killed')),
    out TEXT NOT NULL,                  -- the folder of the tables
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    born TEXT NOT NULL,                 -- start of that process, since pids are used again
    pipeline_version TEXT NOT NULL,
    counts TEXT NOT NULL DEFAULT '{}',  -- JSON: files, read, known, copies, failed, waiting, removed, ...
    seconds TEXT NOT NULL DEFAULT '{}', -- JSON: per stage
    warnings TEXT NOT NULL DEFAULT '[]',-- JSON: sentences for the operator
    reason TEXT NOT NULL DEFAULT ''     -- why it failed
) STRICT;
CREATE INDEX runs_by_start ON runs (started);
CREATE TABLE files (
    address TEXT PRIMARY KEY,           -- as source_uri
    archive TEXT NOT NULL DEFAULT '',   -- address of the archive that it lies in
    steps TEXT NOT NULL DEFAULT '[]',   -- JSON: the way to it inside the archive
    size INTEGER NOT NULL DEFAULT -1,
    mtime_ns INTEGER NOT NULL DEFAULT -1,
    ctime_ns INTEGER NOT NULL DEFAULT -1,
    inode INTEGER NOT NULL DEFAULT -1,
    looked_ns INTEGER NOT NULL DEFAULT -1, -- our clock when its bytes were hashed
    sha256 TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('seen', 'archive', 'waiting', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try TEXT,                      -- NULL: only when the file or the code changes
    reason TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    since TEXT NOT NULL                 -- when it came into this state
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_archive ON files (archive) WHERE archive <> '';
CREATE INDEX files_by_state ON files (state) WHERE state IN ('waiting', 'failed');
CREATE TABLE contents (
    sha256 TEXT PRIMARY KEY,
    first_seen TEXT NOT NULL            -- moment of the run whose scan first met it, also where that run was killed
) STRICT, WITHOUT ROWID
"""

# When something last happened; see pipeline.ledger.marks.
_MARKS = """
CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""

# What people corrected; see pipeline.ledger.corrections. Nothing here is ever changed or taken away.
_CORRECTIONS = """
CREATE TABLE corrections (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    action TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    ordinal TEXT NOT NULL,
    content TEXT NOT NULL,
    field TEXT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL,
    why TEXT NOT NULL
) STRICT;
CREATE INDEX corrections_by_document ON corrections (document_id);
CREATE TRIGGER corrections_stay BEFORE UPDATE ON corrections BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER corrections_remain BEFORE DELETE ON corrections BEGIN SELECT RAISE(ABORT, 'append-only'); END
"""

MIGRATIONS: tuple[str, ...] = (_MAIL, _INTAKE, _MARKS, _CORRECTIONS)
