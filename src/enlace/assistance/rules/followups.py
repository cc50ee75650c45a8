"""Follow-up after the help ended: when, what came of it, and when a person is back where protection begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

PLANNED, MET, MISSED, CANCELLED = "planned", "met", "missed", "cancelled"

FOLLOW_UP = Machine(
    "follow_up",
    PLANNED,
    (Move("meet", PLANNED, MET), Move("miss", PLANNED, MISSED), Move("cancel", PLANNED, CANCELLED)),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the pack says of one outcome."""

    contact: bool
    reexploited: bool
    ends: bool

    @property
    def verb(self) -> str:
        return "meet" if self.contact else "miss"


@dataclass(frozen=True, slots=True)
class Past:
    """One follow-up of the newest series of a case; the last two as its outcome says."""

    status: str
    reexploited: bool
    ends: bool


def due_days(ended_on: date, spans: Sequence[timedelta]) -> tuple[date, ...]:
    """When a person is met again after the help ended, the soonest first."""
    return tuple(ended_on + span for span in spans)


def needs_series(newest: Sequence[Past]) -> bool:
    """Whether the end of help begins a new series: not while one runs or has run to its end.

    A series that was cut short does not count as run (help was taken up again, the person was exploited again), unless an
    outcome ended it: who wants no more contact is not asked again.
    """
    if not newest or any(past.reexploited for past in newest):
        return True
    return any(past.status == CANCELLED for past in newest) and not any(past.ends for past in newest)


def check_end(ended_on: date, today: date) -> None:
    if ended_on > today:
        raise Refusal("This day is in the future. Record it once it has happened.")


def check_done(done_on: date, base_on: date, today: date) -> None:
    """A follow-up takes place after the help ended, and is recorded afterwards."""
    if done_on > today:
        raise Refusal("This day is in the future. Record it once it has happened.")
    if done_on < base_on:
        raise Refusal("This day is before the help ended.")


def check_time(done_on: date, before: date, due_on: date) -> None:
    """That a person is well is told of the follow-up whose day is nearest: ``before`` is when the one before was due.

    Bad news is recorded whenever it comes, and is not asked of this.
    """
    if done_on - before < due_on - done_on:
        raise Refusal("This day belongs to an earlier follow-up. Record it there.")


def way_back(identification: str) -> str:
    """The decision that brings a person who is exploited again back under protection; "" for who is under it already."""
    return {"identified": "re_exploited", "not_confirmed": "presume_again"}.get(identification, "")
