"""Starting, completing and interrupting the help that was promised; taking back what nobody answered."""

import pytest

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.referrals.actions import Answer, deliver_referrals, take_step, withdraw_referral
from enlace.referrals.queries import came_back, ongoing_with_us, referral, steps
from tests.cases.pages import send, signed_in
from tests.world import World, a_case, a_referral, accepted


def step(by: object, referral_id: object, verb: str, **changes: object) -> None:
    take_step(by=by, row=Answer(referral_id=referral_id, verb=verb, **changes))


def test_the_steps_stand_in_order_with_who_took_them(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    accepted(world.carla, referral_id)
    step(world.carla, referral_id, "start")
    step(world.carla, referral_id, "complete", note="all given")
    taken = steps(viewer=world.bruno, referral_id=referral_id)
    assert [(s.verb, s.agency_code) for s in taken] == [
        ("send", "prosecutor-north"),
        ("accept", "ngo-harbour"),
        ("start", "ngo-harbour"),
        ("complete", "ngo-harbour"),
    ]
    assert referral(viewer=world.bruno, referral_id=referral_id).ended_at is not None
    assert list(steps(viewer=world.omar, referral_id=referral_id)) == []


def test_interrupted_help_says_why_and_comes_back(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    accepted(world.carla, referral_id)
    with pytest.raises(Refusal, match="why"):
        step(world.carla, referral_id, "interrupt")
    step(world.carla, referral_id, "interrupt", reason_code="moved")
    assert [r.pk for r in came_back(viewer=world.bruno, limit=5)] == [referral_id]
    assert ongoing_with_us(viewer=world.carla, limit=5) == []


@pytest.mark.parametrize("verb", ["start", "complete", "interrupt"])
def test_nothing_is_delivered_before_it_was_accepted_nor_by_the_sender(world: World, verb: str) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    with pytest.raises(Refusal):
        step(world.carla, referral_id, verb, reason_code="moved")
    accepted(world.carla, referral_id)
    with pytest.raises(Missing):
        step(world.bruno, referral_id, verb, reason_code="moved")
    with pytest.raises(Forbidden):
        deliver_referrals(by=world.alma, rows=[Answer(referral_id=referral_id, verb=verb)])


def test_only_the_sender_withdraws_and_only_what_waits(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    with pytest.raises(Missing):
        withdraw_referral(by=world.carla, referral_id=referral_id)
    withdraw_referral(by=world.lucas, referral_id=referral_id, note="solved")
    assert referral(viewer=world.carla, referral_id=referral_id).status == "withdrawn"
    for by, verb in ((world.bruno, "withdraw"), (world.carla, "accept")):
        with pytest.raises(Refusal):
            step(by, referral_id, verb)


def test_a_step_that_is_no_word_of_the_list_has_no_page(world: World) -> None:
    referral_id = a_referral(world.bruno, a_case(world.bruno))
    browser = signed_in("carla")
    for verb in ("expire", "send", "ACCEPT", "%00"):
        assert browser.get(f"/referrals/{referral_id}/{verb}/").status_code == 404
    assert send(browser, f"/referrals/{referral_id}/withdraw/", {}).status_code == 404
    assert referral(viewer=world.bruno, referral_id=referral_id).status == "sent"
