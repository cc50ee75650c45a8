"""Help given: dates, amounts, single sessions, the interpreter, and what people think of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

UNITS = ("session", "night", "day", "item", "payment")

# One meeting with one person, of a service or of a group activity.
PLANNED, HELD, MISSED, CANCELLED = "planned", "held", "missed", "cancelled"
SESSION = Machine(
    "session",
    PLANNED,
    (Move("hold", PLANNED, HELD), Move("miss", PLANNED, MISSED), Move("cancel", PLANNED, CANCELLED)),
)
CANCELLED_BY = ("person", "provider", "other")

NOT_NEEDED, INTERPRETED, LACKING = "not_needed", "given", "lacking"
INTERPRETER = (NOT_NEEDED, INTERPRETED, LACKING)

LOWEST, HIGHEST = 1, 4  # the short scale of what people think of the help


def check_dates(started_on: date, ended_on: date | None, today: date) -> None:
    """A service has begun, and ends after it began."""
    if started_on > today:
        raise Refusal("A service is recorded once it has begun: the date is in the future.")
    if ended_on is not None and ended_on < started_on:
        raise Refusal("The end is before the start.")


def check_amount(quantity: Decimal | None, unit_code: str) -> None:
    """How much and of what go together."""
    if (quantity is None) != (unit_code == ""):
        raise Refusal("Say how much and of what, or leave both empty.")
    if quantity is not None and (quantity <= 0 or unit_code not in UNITS):
        raise Refusal("The amount must be more than zero, in one of the units listed.")


def check_interpreter(interpreter_code: str, language_code: str) -> None:
    """Where an interpreter was needed, the language is known: a gap without its language closes nothing."""
    if interpreter_code and interpreter_code not in INTERPRETER:
        raise Refusal("Say whether an interpreter was needed and there.")
    if interpreter_code in (INTERPRETED, LACKING) and not language_code:
        raise Refusal("Say in which language the interpreter was needed.")


def check_settled(verb: str, cancelled_by: str, minutes: int | None) -> None:
    """Only what was cancelled was cancelled by somebody, and only what was held lasted."""
    if (verb == "cancel") != (cancelled_by in CANCELLED_BY):
        raise Refusal("Say who cancelled it, and only then.")
    if minutes is not None and (verb != "hold" or not 0 < minutes <= 24 * 60):
        raise Refusal("A session that was held lasts between a minute and a day.")


def check_held(planned_at: datetime, now: datetime) -> None:
    if planned_at > now:
        raise Refusal("This session is still to come: it can be cancelled, but was not held or missed yet.")


def check_score(score: int) -> None:
    if not LOWEST <= score <= HIGHEST:
        raise Refusal("Choose one of the answers of the scale.")


def answers_shown(months: Iterable[str], threshold: int, this_month: str) -> int:
    """How many answers about a service its provider may see, counted from the oldest month.

    ``months`` holds the month of each answer, such as 2025-03. Answers appear in blocks of whole past months, each of at
    least ``threshold`` answers: so a provider who looks again and again never sees one person's answer arrive.
    """
    shown = waiting = 0
    for _month, count in sorted(Counter(month for month in months if month < this_month).items()):
        waiting += count
        if waiting >= threshold:
            shown, waiting = shown + waiting, 0
    return shown


def share_of(scores: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """How often each answer of the scale was given, the lowest first."""
    found = Counter(scores)
    return tuple((score, found[score]) for score in range(LOWEST, HIGHEST + 1))
