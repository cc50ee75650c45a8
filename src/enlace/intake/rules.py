"""Pure rules of contacts and notices: their states, their clocks, how precise a place is kept, what an extract may hold."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

OPEN, FOLLOW_UP, CLOSED = "open", "follow_up", "closed"
SENT, TAKEN, RETURNED, SETTLED = "sent", "taken", "returned", "settled"
WAITING = (SENT, TAKEN)

CONTACT = Machine(
    "contact",
    OPEN,
    (
        Move("schedule", OPEN, FOLLOW_UP),
        Move("schedule", FOLLOW_UP, FOLLOW_UP),
        Move("schedule", CLOSED, FOLLOW_UP),
        Move("reach", FOLLOW_UP, OPEN),
        Move("close", OPEN, CLOSED),
        Move("close", FOLLOW_UP, CLOSED),
        Move("reopen", CLOSED, OPEN),
    ),
)

# A notice is never dropped by a clock: past its time it stands as overdue until somebody takes it up.
NOTICE = Machine(
    "notice",
    SENT,
    (
        Move("take", SENT, TAKEN),
        Move("return", SENT, RETURNED),
        Move("return", TAKEN, RETURNED),
        Move("close", TAKEN, CLOSED),
        Move("settle", RETURNED, SETTLED),  # the sender has found another way
    ),
)

# Whatever the reporter adds is waited for again, even after the end: nobody's word is lost.
BEGUN, RECEIVED, READ, ASKED, ANSWERED, WITHDRAWN = "begun", "received", "read", "asked", "answered", "withdrawn"
REPORT = Machine(
    "report",
    BEGUN,
    (
        Move("send", BEGUN, RECEIVED),
        Move("read", RECEIVED, READ),
        *(Move("ask", state, ASKED) for state in (READ, ASKED, ANSWERED)),
        *(Move("answer", state, ANSWERED) for state in (READ, ASKED, ANSWERED)),
        *(Move("pass_on", state, RECEIVED) for state in (READ, ASKED, ANSWERED)),
        *(Move("close", state, CLOSED) for state in (READ, ASKED, ANSWERED)),
        *(Move("add", state, RECEIVED) for state in (RECEIVED, READ, ASKED, ANSWERED, CLOSED)),
        *(Move("withdraw", state, WITHDRAWN) for state in (RECEIVED, READ, ASKED, ANSWERED, CLOSED)),
    ),
)

# What the modules above tell the desk about a person or a contact.
CASE_OPENED, VICTIM_IDENTIFIED, NOT_CONFIRMED, REFERRED = (
    "case_opened",
    "victim_identified",
    "not_confirmed",
    "referred",
)
INVESTIGATION_OPENED, SCREENED_PRESUMED = "investigation_opened", "screened_presumed"
OUTCOMES = (
    SCREENED_PRESUMED,
    "screened_possible",
    "screened_insufficient",
    "screened_no_indication",
    CASE_OPENED,
    VICTIM_IDENTIFIED,
    NOT_CONFIRMED,
    REFERRED,
    INVESTIGATION_OPENED,
)
ABOUT_A_PERSON = frozenset(OUTCOMES) - {INVESTIGATION_OPENED}
VICTIM = (SCREENED_PRESUMED, VICTIM_IDENTIFIED)
SEEN_TO = frozenset(OUTCOMES) - {REFERRED, INVESTIGATION_OPENED}  # somebody has looked at the person: the clock stops

# What the agency addressed reads of the person: enough to act, nothing that names or locates.
SLICE = ("age_group_code", "sex_code", "citizenship_codes", "language_code", "needs_interpreter")
# What an extract for financial intelligence may hold; the rest of a contact stays where it is.
EXTRACT = ("names", "phones", "accounts", "payments", "companies")

LONGEST_TEXT = 10_000  # characters of one sealed text
EXACT = "exact"
PRECISIONS = ("none", "country", "state", "municipality", EXACT)  # from the coarsest to the finest


def kept_place(precision: str, state_code: str, municipality: str) -> tuple[str, str]:
    """(state, municipality) as they may be stored when no more than ``precision`` was allowed."""
    if precision not in PRECISIONS:
        raise Refusal("Say how precise the place may be.")
    level = PRECISIONS.index(precision)
    return (
        state_code if level >= PRECISIONS.index("state") else "",
        municipality if level >= PRECISIONS.index("municipality") else "",
    )


def contact_due(risk_code: str, opened_at: datetime, limits: Mapping[str, timedelta]) -> datetime:
    """When an open contact should have been seen to: at once where there is danger, else the clock of screening."""
    return opened_at + limits["immediate_safety" if risk_code == "immediate" else "screening"]


def duration(opened_at: datetime, ended_at: datetime, stated: int | None) -> int:
    """Seconds of a contact: as its telephone system counted them, else between its two times."""
    if ended_at < opened_at:
        raise Refusal("The end is before the start.")
    if stated is not None and stated < 0:
        raise Refusal("A contact cannot last less than no time.")
    return int((ended_at - opened_at).total_seconds()) if stated is None else stated


def status_of(closes: bool, follow_up_due: datetime | None) -> str:
    """The state in which a contact is recorded: a promised call keeps it in sight, a wrong number closes it at once."""
    if follow_up_due is not None:
        return FOLLOW_UP
    return CLOSED if closes else OPEN


def field_value(
    kind: str, given: object, *, codes: Collection[str] = (), low: int | None = None, high: int | None = None
) -> object:
    """One of a channel's own fields as it is stored: plain JSON. Raises ``ValueError`` for what the field cannot hold."""
    if kind == "yes_no" and isinstance(given, bool):
        return given
    if kind == "number" and type(given) is int and (low is None or given >= low) and (high is None or given <= high):
        return given
    if kind == "date" and isinstance(given, str):
        return date.fromisoformat(given).isoformat()
    if kind in ("choice", "code", "place") and isinstance(given, str) and given in codes:
        return given
    if kind == "several" and isinstance(given, list) and all(type(code) is str and code in codes for code in given):
        return list(dict.fromkeys(given))
    if kind == "text" and isinstance(given, str) and len(given) <= LONGEST_TEXT:
        return given.strip()
    raise ValueError("not a value of this field")


def nationality_of(citizenship_codes: Collection[str], country: str) -> str:
    """``national``, ``foreign`` or ``unspecified``; whoever has the country's nationality among others is national."""
    if not citizenship_codes:
        return "unspecified"
    return "national" if country in citizenship_codes else "foreign"


def extract_of(given: Mapping[str, str]) -> dict[str, str]:
    """The allow-listed part of what was filled in. Raises ``Refusal`` for any other field, and when nothing is left."""
    if not set(given) <= set(EXTRACT):
        raise Refusal("An extract holds only names, telephones, accounts, payments and companies.")
    kept = {name: given[name].strip() for name in EXTRACT if given.get(name, "").strip()}
    if not kept:
        raise Refusal("The extract is empty.")
    return kept


def slice_of(facts: Mapping[str, object]) -> dict[str, object]:
    """What the agency that receives a notice reads of the person before it takes the notice up."""
    return {name: facts[name] for name in SLICE if name in facts}


def recipient(own_agency: str, by_state: Mapping[str, str], state_code: str) -> str:
    """The agency that receives a notice: that of the state, else a national one; "" when that is the own agency.

    ``by_state`` maps state codes ("" for the nation) to agency codes. Raises ``Refusal`` when there is none.
    """
    found = by_state.get(state_code) or by_state.get("")
    if not found:
        raise Refusal("No agency receives such notices in this state. Refer through a case, or call them.")
    return "" if found == own_agency else found
