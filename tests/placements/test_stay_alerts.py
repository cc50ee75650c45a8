"""What stands out about a stay: raised by the clock, shown to the house and to who leads the case, and ended by what ends it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden
from enlace.placements.actions import confirm_stay, plan_exit, watch_stays
from enlace.placements.models import Stay, StayAlert
from enlace.placements.queries import alerts_of_stays, open_alerts
from tests.placements.living import a_shelter, a_stay, left
from tests.world import SYSTEM, World

DAY = timedelta(days=1)


def standing() -> dict[str, list[str]]:
    return dict(StayAlert.objects.filter(ended_at=None).values_list("kind", "reason_codes"))


def watched(days: int) -> dict[str, list[str]]:
    watch_stays(by=SYSTEM, at=timezone.now() + days * DAY)
    return standing()


def test_a_locked_house_that_asks_nobody_looks_like_detention(world: World) -> None:
    stay_id = a_stay(world, a_shelter(world, may_go_out_alone=False))
    assert watched(9) == {}
    assert watched(11) == {"detention": ["closed_door"]}
    confirm_stay(by=world.dora, stay_id=stay_id, wants_to_stay=True)
    assert standing() == {}


def test_who_wants_to_leave_and_is_still_there_is_an_alert_at_once(world: World) -> None:
    stay_id = a_stay(world)
    confirm_stay(by=world.dora, stay_id=stay_id, wants_to_stay=False)
    assert standing() == {"detention": ["wants_to_leave"]}
    left(world.dora, stay_id)
    assert standing() == {}


def test_the_plan_is_due_before_the_limit_and_the_limit_puts_nobody_out(world: World) -> None:
    stay_id = a_stay(world, a_shelter(world, max_stay_days=30))
    assert watched(19) == {}
    assert watched(21) == {"exit_plan": []}
    plan_exit(by=world.dora, stay_id=stay_id, destination_code="own_home")
    assert standing() == {}
    assert watched(31) == {"detention": ["past_limit"], "limit": []}
    assert Stay.objects.get().status == "admitted"


def test_a_house_only_for_the_time_of_a_trial_ends_no_stay(world: World) -> None:
    a_stay(world, a_shelter(world, only_while_trial=True))
    assert watched(2000) == {}
    assert Stay.objects.get().status == "admitted"


def test_the_clock_leaves_a_record_only_when_something_changed(world: World) -> None:
    a_stay(world, a_shelter(world, may_go_out_alone=False))
    for days in (1, 11, 11, 12):
        watched(days)
    assert AuditEvent.objects.filter(action="stay.watched").count() == 1


def test_house_and_lead_see_the_alerts_the_gravest_first_and_nobody_else(world: World) -> None:
    stay_id = a_stay(world, a_shelter(world, may_go_out_alone=False, max_stay_days=12))
    watched(13)
    for viewer in (world.dora, world.bruno):
        kinds = [alert.kind for alert in open_alerts(viewer=viewer, limit=9)]
        assert kinds == ["detention", "limit", "exit_plan"]
        assert [a.kind for a in alerts_of_stays(viewer=viewer, stay_ids=[stay_id])[stay_id]] == kinds
    assert open_alerts(viewer=world.nadia, limit=9) == []
    with pytest.raises(Forbidden):
        open_alerts(viewer=world.carla, limit=9)
