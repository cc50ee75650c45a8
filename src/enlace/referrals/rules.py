"""Pure rules of a referral: its states, its clock, what its recipient may read, and the package for a partner outside."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

SENT, ACCEPTED, DECLINED, EXPIRED, WITHDRAWN = "sent", "accepted", "declined", "expired", "withdrawn"
STARTED, COMPLETED, INTERRUPTED = "started", "completed", "interrupted"
WAITING, ONGOING, CAME_BACK = (SENT,), (ACCEPTED, STARTED), (DECLINED, EXPIRED, INTERRUPTED)
HELPED = (ACCEPTED, STARTED, COMPLETED, INTERRUPTED)  # accepted, whatever came of it
REFUSED = (DECLINED, EXPIRED, WITHDRAWN)
BY_PEOPLE = ("accept", "decline", "withdraw", "start", "complete", "interrupt")

# "supersede": several were asked at the same time and another accepted first.
REFERRAL = Machine(
    "referral",
    SENT,
    (
        Move("accept", SENT, ACCEPTED),
        Move("decline", SENT, DECLINED),
        Move("expire", SENT, EXPIRED),
        Move("withdraw", SENT, WITHDRAWN),
        Move("supersede", SENT, WITHDRAWN),
        Move("start", ACCEPTED, STARTED),
        Move("complete", STARTED, COMPLETED),
        Move("interrupt", ACCEPTED, INTERRUPTED),
        Move("interrupt", STARTED, INTERRUPTED),
    ),
)
# Steps that stand in the story of a referral and move it nowhere.
FEEDBACK, UNPLACED, UNDISCLOSED, READ = "feedback", "unplaced", "undisclosed", "open"
ASIDE = (FEEDBACK, UNPLACED, UNDISCLOSED, READ)

SEALED, OPENED, LOCKED = "sealed", "opened", "locked"
# A package is opened once. Whatever closes it destroys what is in it.
PACKAGE = Machine(
    "package",
    SEALED,
    (
        Move("open", SEALED, OPENED),
        Move("withdraw", SEALED, WITHDRAWN),
        Move("expire", SEALED, EXPIRED),
        Move("lock", SEALED, LOCKED),
        Move("lock", OPENED, LOCKED),
    ),
)
MOST_TRIES = 5  # wrong codes, before a package is destroyed: of 10**8 codes, one in twenty million is guessed

# What a recipient reads before accepting: enough to decide whether it can help, nothing that names or locates.
SLICE = (
    "age_group_code",
    "sex_code",
    "citizenship_codes",
    "language_code",
    "needs_interpreter",
    "identification",
    "forms",
    "state_code",
)
WITHOUT_CONSENT = ("age_group_code", "sex_code", "needs_interpreter")
# What a package may hold besides, opened in the vault; never where the person is.
NAMES, PHONES = "names", "phones"
IDENTITY = (NAMES, PHONES)


def due(sent_at: datetime, services: Collection[str], limits: Mapping[str, timedelta]) -> datetime:
    """When the answer is due: the shorter clock when a shelter is asked for."""
    name = "referral_answer_shelter" if "SHELTER" in services else "referral_answer"
    return sent_at + limits[name]


def allowed_fields(consented: bool, ground_code: str) -> tuple[str, ...]:
    """What may be disclosed: all of the slice with consent, little on a legal ground, nothing on neither."""
    if consented:
        return SLICE
    return WITHOUT_CONSENT if ground_code else ()


def slice_of(
    facts: Mapping[str, object], consented: bool, ground_code: str, chosen: Collection[str] | None = None
) -> dict[str, object]:
    """The allow-listed slice; of that only what the sender chose, when it chose field by field."""
    names = allowed_fields(consented, ground_code)
    return {name: facts[name] for name in names if name in facts and (chosen is None or name in chosen)}


def check_ground(consented: bool, ground_code: str, is_anonymous: bool = False) -> None:
    """A referral rests on consent, or on a recorded legal ground, or else discloses nothing at all."""
    if not consented and not ground_code and not is_anonymous:
        raise Refusal(
            "There is no consent for this recipient. Record the person's consent, or the legal ground for acting without it."
        )


def check_anonymous(message: str, shares_identity: bool) -> None:
    """Nothing about the person goes along with an anonymous referral, not even in the sender's own words."""
    if message.strip() or shares_identity:
        raise Refusal(
            "Without consent and without a legal ground nothing is told about the person. Leave out the message and the identity."
        )


def check_chosen(chosen: Collection[str], consented: bool, ground_code: str) -> None:
    """What a package discloses was allowed: the identity only with consent."""
    allowed = {*allowed_fields(consented, ground_code), *(IDENTITY if consented else ())}
    if set(chosen) - {*SLICE, *IDENTITY}:
        raise Refusal("This cannot be sent in a package.")
    if set(chosen) - allowed:
        raise Refusal("Without consent only age group, sex and the need of an interpreter may be sent. Choose fewer.")


def told_fields(facts: Collection[str], message: str) -> tuple[str, ...]:
    """The names of what the recipient reads, for the record of what was disclosed."""
    return (*sorted(facts), *(("message",) if message else ()))


def is_disclosed(status: str, is_consented: bool, consent_stands: bool) -> bool:
    """Whether the recipient reads slice and message now.

    While it waits: on a ground, or as long as the consent stands. Once it accepted: always. Afterwards no more.
    """
    if status in HELPED:
        return True
    return status == SENT and (consent_stands or not is_consented)


def is_left_over(status: str, others: Collection[str]) -> bool:
    """Whether a referral ended without help while none of those asked at the same time (``others``) helps or may yet."""
    return status in CAME_BACK and not any(other in (*WAITING, *ONGOING, COMPLETED) for other in others)
