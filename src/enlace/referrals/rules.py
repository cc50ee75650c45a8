"""Pure rules of a referral: its states, its clock, and the slice of a case that the recipient may read."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

SENT, ACCEPTED, DECLINED, EXPIRED, WITHDRAWN = "sent", "accepted", "declined", "expired", "withdrawn"
STARTED, COMPLETED, INTERRUPTED = "started", "completed", "interrupted"
WAITING, ONGOING, CAME_BACK = (SENT,), (ACCEPTED, STARTED), (DECLINED, EXPIRED, INTERRUPTED)

REFERRAL = Machine(
    "referral",
    SENT,
    (
        Move("accept", SENT, ACCEPTED),
        Move("decline", SENT, DECLINED),
        Move("expire", SENT, EXPIRED),
        Move("withdraw", SENT, WITHDRAWN),
        Move("start", ACCEPTED, STARTED),
        Move("complete", STARTED, COMPLETED),
        Move("interrupt", ACCEPTED, INTERRUPTED),
        Move("interrupt", STARTED, INTERRUPTED),
    ),
)

# What a recipient reads before accepting: enough to decide whether it can help, nothing that names or locates.
SLICE = (
    "age_group_code",
    "sex_code",
    "citizenship_codes",
    "language_code",
    "needs_interpreter",
    "identification",
    "forms",
    "vulnerabilities",
    "state_code",
)


def due(sent_at: datetime, services: Collection[str], limits: Mapping[str, timedelta]) -> datetime:
    """When the answer is due: the shorter clock when a shelter is asked for."""
    name = "referral_answer_shelter" if "SHELTER" in services else "referral_answer"
    return sent_at + limits[name]


def slice_of(facts: Mapping[str, object], consented: bool) -> dict[str, object]:
    """The allow-listed slice. Without consent, only what the recipient needs to know that someone needs help."""
    if not consented:
        return {name: facts[name] for name in ("age_group_code", "sex_code", "needs_interpreter") if name in facts}
    return {name: facts[name] for name in SLICE if name in facts}


def check_ground(consented: bool, ground_code: str) -> None:
    """A referral rests on the person's consent or on a recorded legal ground for acting without it."""
    if not consented and not ground_code:
        raise Refusal(
            "There is no consent for this recipient. Record the person's consent, or the legal ground for acting without it."
        )
