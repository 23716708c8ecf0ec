"""The report: a static site that opens from disk, from a share and from a mail link, with no server behind it."""
