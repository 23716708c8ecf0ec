"""What cannot be computed again from the files: runs, attempts, queued and sent mail, acknowledgements, corrections.

One SQLite file in the state folder, beside the tables and never inside them: `data/parsed` may be deleted and built
again, the ledger may not. Each subject has a module of its own here; all share the connection of `database`.
"""
