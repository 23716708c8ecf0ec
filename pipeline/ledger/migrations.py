"""The ledger's tables, as the steps that led to them: a step that was released is never edited, only followed.

Moments are ISO 8601 text in UTC ("2026-11-22T01:00:00.000000+00:00"), so that they sort and compare as text.
"""

MIGRATIONS: tuple[str, ...] = (
    # 1. Runs, the files as they were last seen, and when each content was first seen.
    """
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
) STRICT, WITHOUT ROWID;
""",
)
