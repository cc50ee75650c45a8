"""The life of an estimation: it waits, is computed by the worker, and ends with a result, a reason or at a word."""

from datetime import datetime, timedelta

from enlace.base.states import Machine, Move

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
UNFINISHED = (QUEUED, RUNNING)

ESTIMATION = Machine(
    "estimation",
    QUEUED,
    (
        Move("begin", QUEUED, RUNNING),
        Move("cancel", QUEUED, CANCELLED),
        Move("finish", RUNNING, DONE),
        Move("fail", RUNNING, FAILED),
        Move("cancel", RUNNING, CANCELLED),
        Move("queue_again", RUNNING, QUEUED),
    ),
)

SILENCE = timedelta(minutes=30)
"""Twelve lists can leave the worker without a word for many minutes in one stage."""


def is_abandoned(status: str, told_at: datetime | None, now: datetime) -> bool:
    """Whether a running estimation has told nothing for so long that its worker must have stopped."""
    return status == RUNNING and told_at is not None and now - told_at > SILENCE
