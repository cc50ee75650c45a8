"""Dora's house, people who need a bed in it, and the steps of their stays. Everybody is invented."""

from typing import Any
from uuid import UUID

from enlace.base.actor import Actor
from enlace.placements.actions import Admission, Exit, Hold, admit_stays, exit_stays, hold_beds
from enlace.referrals.actions import Answer, answer_referrals
from tests.directory.houses import a_house, a_unit
from tests.world import World, a_case, a_person, a_referral


def a_shelter(world: World, *, beds: int = 2, **facts: Any) -> UUID:
    """A unit of a house that Dora keeps; its id."""
    return a_unit(world.dora, a_house(world.dora, **facts), beds=beds)


def referred(world: World, case_id: UUID | None = None, **facts: Any) -> tuple[UUID, UUID]:
    """A case of Bruno's agency that Dora's accepted: (case id, referral id)."""
    case_id = case_id or a_case(world.bruno, a_person(world.bruno, **facts))
    referral_id = a_referral(world.bruno, case_id, to="shelter-isles")
    answer_referrals(by=world.dora, rows=[Answer(referral_id=referral_id, verb="accept")])
    return case_id, referral_id


def held(by: Actor, case_id: UUID, unit_id: UUID, **facts: Any) -> UUID:
    return hold_beds(by=by, rows=[Hold(case_id=case_id, unit_id=unit_id, **facts)])[0].pk


def admitted(by: Actor, stay_id: UUID, **facts: Any) -> UUID:
    return admit_stays(by=by, rows=[Admission(stay_id=stay_id, is_voluntary=True, **facts)])[0].pk


def left(by: Actor, stay_id: UUID, **facts: Any) -> None:
    given: dict[str, Any] = {"reason_code": "person_decision", "destination_code": "family", **facts}
    exit_stays(by=by, rows=[Exit(stay_id=stay_id, **given)])


def a_stay(world: World, unit_id: UUID | None = None, **facts: Any) -> UUID:
    """Somebody who stays in Dora's house, from the referral on."""
    case_id, referral_id = referred(world)
    unit_id = unit_id or a_shelter(world)
    return admitted(world.dora, held(world.dora, case_id, unit_id, referral_id=referral_id), **facts)
