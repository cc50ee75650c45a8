"""Pure rules of a stay: its states, its clocks, and when living in a shelter begins to look like being locked up.

A stay is voluntary from its first to its last day: leaving needs nobody's approval, no clock here ends a stay that has
begun, and none asks how a trial is going.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

REQUESTED, HELD, ADMITTED = "requested", "held", "admitted"
TRANSFERRED, EXITED, RELEASED, REFUSED = "transferred", "exited", "released", "refused"
IN_A_BED = (HELD, ADMITTED)
WAITING = (REQUESTED, HELD)
LIVED = (ADMITTED, TRANSFERRED, EXITED)  # the person was there
ENDED = (TRANSFERRED, EXITED, RELEASED, REFUSED)

STAY = Machine(
    "stay",
    REQUESTED,
    (
        Move("hold", REQUESTED, HELD),
        Move("refuse", REQUESTED, REFUSED),
        Move("release", REQUESTED, RELEASED),
        Move("admit", HELD, ADMITTED),
        Move("release", HELD, RELEASED),
        Move("lapse", HELD, RELEASED),
        Move("transfer", ADMITTED, TRANSFERRED),
        Move("exit", ADMITTED, EXITED),
    ),
)

EXIT_PLAN, LIMIT, DETENTION = "exit_plan", "limit", "detention"
ALERTS = (DETENTION, LIMIT, EXIT_PLAN)  # the gravest first
WANTS_TO_LEAVE, CLOSED_DOOR, PAST_LIMIT = "wants_to_leave", "closed_door", "past_limit"


@dataclass(frozen=True, slots=True)
class Lived:
    """What the clocks look at in a stay that goes on. ``limit_at`` is ``None`` where the site has no limit.

    ``agreed_at`` is when the person last said that she or he wants to be there; ``wants_out_at`` when she or he last
    said the contrary, ``None`` when never or when taken back since.
    """

    admitted_at: datetime
    agreed_at: datetime
    may_go_out: bool
    limit_at: datetime | None = None
    has_exit_plan: bool = False
    wants_out_at: datetime | None = None


def held_until(at: datetime, limits: Mapping[str, timedelta]) -> datetime:
    """Until when a bed is kept for somebody who has not come."""
    return at + limits["placement_hold"]


def limit_of(admitted_at: datetime, max_days: int | None) -> datetime | None:
    """When the site's own limit ends a stay on paper; nobody is put out by it."""
    return None if max_days is None else admitted_at + timedelta(days=max_days)


def exit_plan_due(limit_at: datetime | None, limits: Mapping[str, timedelta]) -> datetime | None:
    """By when it must be written where the person goes next: so long before the limit as the pack says."""
    return None if limit_at is None else limit_at - limits["stay_alert"]


def looks_like_detention(stay: Lived, at: datetime, limits: Mapping[str, timedelta]) -> tuple[str, ...]:
    """Why a stay looks like detention at an hour, the gravest reason first; empty when it does not.

    ``wants_to_leave``: the person said so and is still there. ``closed_door``: nobody may go out alone, and for longer
    than ``stay_alert`` nobody has asked the person whether she or he wants to be there. ``past_limit``: the stay is over
    on paper, and the person was not asked since.
    """
    reasons = []
    if stay.wants_out_at is not None:
        reasons.append(WANTS_TO_LEAVE)
    if not stay.may_go_out and at - stay.agreed_at > limits["stay_alert"]:
        reasons.append(CLOSED_DOOR)
    if stay.limit_at is not None and at > stay.limit_at >= stay.agreed_at:
        reasons.append(PAST_LIMIT)
    return tuple(reasons)


def alerts_of(stay: Lived, at: datetime, limits: Mapping[str, timedelta]) -> dict[str, tuple[str, ...]]:
    """What stands out about a stay at an hour: kind of alert -> its reasons."""
    found: dict[str, tuple[str, ...]] = {}
    if reasons := looks_like_detention(stay, at, limits):
        found[DETENTION] = reasons
    if stay.limit_at is not None and at > stay.limit_at:
        found[LIMIT] = ()
    due = exit_plan_due(stay.limit_at, limits)
    if due is not None and at >= due and not stay.has_exit_plan:
        found[EXIT_PLAN] = ()
    return found


def check_agreement(is_voluntary: bool) -> None:
    """A shelter takes in who wants to come, and nobody else."""
    if not is_voluntary:
        raise Refusal("Nobody is taken in against their will. Record the person's agreement, or release the bed.")


def check_times(earlier: datetime, at: datetime) -> None:
    """A step is not dated before the one that it follows."""
    if at < earlier:
        raise Refusal("This is dated before the step that it follows. Check the date.")


def check_extension(has_exit_plan: bool, limit_at: datetime | None, days: int | None, extended: bool) -> None:
    """A stay is made longer once, by what the site's rules allow, and with a plan of where it leads."""
    if limit_at is None:
        raise Refusal("This stay has no limit, so there is nothing to extend.")
    if extended or not days:
        raise Refusal("The rules of this site allow no further extension. Plan where the person goes next.")
    if not has_exit_plan:
        raise Refusal("Write the exit plan first: a longer stay needs to lead somewhere.")
