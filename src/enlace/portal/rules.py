"""Pure rules of a person's own page: the life of a code, the life of a request, and when an answer is due."""

from datetime import date, datetime, time, timedelta

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

OFFERED, OPEN, REFUSED, CLOSED, REPLACED, EXPIRED = "offered", "open", "refused", "closed", "replaced", "expired"
PAPER, MEMORY, NOTHING = "paper", "memory", "nothing"  # how a person keeps the number: on paper, by heart, not at all

OWN_PAGE = Machine(
    "own_page",
    OFFERED,
    (
        Move("issue", OFFERED, OPEN),
        Move("refuse", OFFERED, REFUSED),
        Move("close", OPEN, CLOSED),
        Move("replace", OPEN, REPLACED),
        Move("expire", OPEN, EXPIRED),
    ),
)

RECEIVED, EXTENDED, ANSWERED, DECLINED = "received", "extended", "answered", "declined"
GRANTED, DONE, WITHDRAWN = "granted", "done", "withdrawn"
WAITING = (RECEIVED, EXTENDED)
OWED = (*WAITING, GRANTED)

PERSON_REQUEST = Machine(
    "person_request",
    RECEIVED,
    (
        Move("extend", RECEIVED, EXTENDED),
        *(Move("answer", state, ANSWERED) for state in WAITING),
        *(Move("decline", state, DECLINED) for state in WAITING),
        *(Move("grant", state, GRANTED) for state in WAITING),
        *(Move("withdraw", state, WITHDRAWN) for state in WAITING),
        Move("finish", GRANTED, DONE),
    ),
)

QUESTION_VERBS = ("extend", "answer")
CLAIM_VERBS = ("extend", "grant", "decline", "finish")
SATURDAY = 5


def desk_verbs(status: str, *, carried_out: bool) -> tuple[str, ...]:
    """What the agency may do now: a question is answered; what has to be carried out is granted or declined."""
    allowed = CLAIM_VERBS if carried_out else QUESTION_VERBS
    return tuple(verb for verb in PERSON_REQUEST.verbs(status) if verb in allowed)


def working_day(start: date, count: int) -> date:
    """The day ``count`` working days after ``start``. Only Saturdays and Sundays are left out.

    Holidays are counted as working days: the clock then runs out before the law's does, never after.
    """
    day = start
    for _day in range(count):
        day += timedelta(days=3 if day.weekday() == SATURDAY - 1 else 2 if day.weekday() == SATURDAY else 1)
    return day


def due(start: datetime, span: timedelta, *, working: bool) -> datetime:
    """When a limit that began at ``start`` (local time) runs out: at the end of the day when working days are counted."""
    if not working:
        return start + span
    last = working_day(start.date(), span.days)
    return datetime.combine(last, time(23, 59), tzinfo=start.tzinfo)


def check_keeper(keeper_code: str, *, is_minor: bool) -> None:
    """For a child somebody answers who may: never the child alone (law of children's rights; consent of minors).

    Whoever may be a child is taken for one until the age is recorded.
    """
    if is_minor and keeper_code == "person":
        raise Refusal(
            "This may be a child: say which adult or authority who may answer for the child keeps the number. If the "
            "person is an adult, record the age first."
        )
