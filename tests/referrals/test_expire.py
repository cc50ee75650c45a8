"""The clock: what nobody answered in time expires, once, and goes back to its sender."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.base.errors import Missing
from enlace.cli import main
from enlace.referrals.actions import expire_referrals
from enlace.referrals.models import Referral, ReferralStep
from enlace.referrals.queries import came_back, referral
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.cases.pages import send, signed_in
from tests.world import SYSTEM, World, a_case, a_person, a_referral, accepted


def late(world: World, **facts: object) -> object:
    sent_at = timezone.now() - timedelta(days=9)
    case_id = a_case(world.bruno, a_person(world.bruno, **facts), opened_at=sent_at)
    return a_referral(world.bruno, case_id, sent_at=sent_at, shares_identity=True)


def test_only_what_waits_and_is_late_expires_and_only_once(world: World) -> None:
    first, second = late(world), late(world)
    accepted(world.carla, second)
    fresh = a_referral(world.bruno, a_case(world.bruno))
    now = timezone.now()
    assert [expire_referrals(by=SYSTEM, at=now) for _ in range(2)] == [1, 0]
    status = dict(Referral.objects.values_list("pk", "status"))
    assert status == {first: "expired", second: "accepted", fresh: "sent"}
    assert ReferralStep.objects.filter(verb="expire").count() == 1
    assert [r.pk for r in came_back(viewer=world.bruno, limit=9)] == [first]


def test_the_minute_it_is_due_is_still_in_time(world: World) -> None:
    found = referral(viewer=world.bruno, referral_id=a_referral(world.bruno, a_case(world.bruno)))
    assert expire_referrals(by=SYSTEM, at=found.due_at) == 0
    assert expire_referrals(by=SYSTEM, at=found.due_at + timedelta(seconds=1)) == 1


def test_the_key_that_travelled_with_it_is_taken_back(world: World) -> None:
    referral_id = late(world, identity=Identity(given_names="Persona"))
    expire_referrals(by=SYSTEM, at=timezone.now())
    person_id = Referral.objects.get(pk=referral_id).case.person_id
    with pytest.raises(Missing):
        open_identity(viewer=world.carla, person_id=person_id, purpose="plan_care")
    assert send(signed_in("carla"), f"/referrals/{referral_id}/accept/", {}).status_code == 422


def test_the_clock_is_among_those_that_cron_and_the_worker_turn(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    referral_id = late(world)
    for expected in ("1", "0"):
        main(["clocks", "run"])
        (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("referrals.expire")]
        assert line.split() == ["referrals.expire", expected]
    assert Referral.objects.get(pk=referral_id).status == "expired"
