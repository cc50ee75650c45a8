"""The states of a screening and of a detention alert, and their clocks (domain reference, 4 and 7)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from enlace.base.states import Machine, Move
from enlace.country.protocols import POSSIBLE
from enlace.screening.rules.weigh import INSUFFICIENT

DRAFT, FINISHED, DECIDED = "draft", "finished", "decided"
RAISED, RELEASED = "raised", "released"

# What is decided stays decided. New answers belong to a second screening, which points to the first and starts as a draft.
SCREENING = Machine("screening", DRAFT, (Move("finish", DRAFT, FINISHED), Move("decide", FINISHED, DECIDED)))

# A presumed person who is detained; only release ends it, a clock that has run out does not.
DETENTION = Machine("detention_alert", RAISED, (Move("release", RAISED, RELEASED),))


def needs_second(class_code: str, settled: bool) -> bool:
    """Whether somebody has to ask again: too little is known, or what is open could still make a possible case a presumed one."""
    return class_code == INSUFFICIENT or (class_code == POSSIBLE and not settled)


def screening_due(met_at: datetime, limits: Mapping[str, timedelta]) -> datetime:
    """When a person who was met should have been screened."""
    return met_at + limits["screening"]


def second_due(finished_at: datetime, limits: Mapping[str, timedelta]) -> datetime:
    """When the second screening should have taken place; it stays due until it has."""
    return finished_at + limits["insufficient_review"]


def release_due(raised_at: datetime, limits: Mapping[str, timedelta]) -> datetime:
    """When the law wants a presumed person out of detention."""
    return raised_at + limits["detained_release"]
