"""Where a question of an analyst stands."""

from datetime import datetime, timedelta

WAITING, ANSWERED, REFUSED = "waiting", "answered", "refused"
BUSY, FAILED = "busy", "failed"
PATIENCE = timedelta(minutes=10)
"""After this a question that still waits may be asked again: its worker has probably stopped."""
KEPT = timedelta(days=30)
"""How long the log of changes, and a snapshot that nobody brings up to date, is kept."""
AT_ONCE = timedelta(days=1)
"""So much of the log is dropped together."""


def may_repeat(status: str, asked_at: datetime, now: datetime) -> bool:
    """Whether the question may be handed to a worker once more."""
    return status == REFUSED or (status == WAITING and now - asked_at > PATIENCE)
