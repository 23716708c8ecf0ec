"""Who is told what: digests of new findings, weekly deadlines, and the mails that carry them."""
