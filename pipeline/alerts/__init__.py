"""Who is told what: digests of new findings, weekly deadlines, and the mails that carry them.

The service calls `after_run`, `weekly`, `resend` and `send_plain`; all take the moment, none asks the clock.
"""

from pipeline.alerts.telling import Sent, after_run, preview, resend, send_plain, weekly

__all__ = ["Sent", "after_run", "preview", "resend", "send_plain", "weekly"]
