"""Ending an alert: somebody says that the person is free; the clock never does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.screening.actions import Ended, Finish, end_alerts, finish_screenings
from enlace.screening.models import DetentionAlert
from enlace.screening.queries import alerts_open
from tests.screening.talks import PRESUMED, a_screening, finished, said
from tests.world import World, a_person

HELD = PRESUMED | {"detained": "yes"}


def an_alert(world: World) -> DetentionAlert:
    finished(world.alma, HELD, a_person(world.alma))
    return DetentionAlert.objects.order_by("-opened_at")[0]


def ended(world: World, alert: DetentionAlert, code: str = "released", **facts: object) -> None:
    end_alerts(by=world.alma, rows=[Ended(alert_id=alert.pk, end_code=code, **facts)])


def test_a_release_is_recorded_with_who_and_when_and_leaves_the_list(world: World) -> None:
    alert = an_alert(world)
    ended(world, alert)
    alert.refresh_from_db()
    assert (alert.status, alert.end_code, alert.ended_by) == ("released", "released", world.alma.id)
    assert alerts_open(viewer=world.alma, limit=9) == []


def test_an_alert_whose_time_has_run_out_stands_and_comes_first(world: World) -> None:
    an_alert(world)
    person_id = a_person(world.alma)
    long_ago = timezone.now() - timedelta(days=5)
    screening_id = a_screening(world.alma, person_id, started_at=long_ago)
    said(world.alma, screening_id, HELD, at=long_ago)
    finish_screenings(by=world.alma, rows=[Finish(screening_id=screening_id, at=long_ago)])
    first, _second = alerts_open(viewer=world.alma, limit=9)
    assert first.person_id == person_id
    assert first.due_at < timezone.now()


def test_it_is_ended_once_by_its_agency_and_at_a_time_that_can_be(world: World) -> None:
    alert = an_alert(world)
    with pytest.raises(Missing):
        end_alerts(by=world.bruno, rows=[Ended(alert_id=alert.pk, end_code="released")])
    with pytest.raises(Forbidden):
        end_alerts(by=world.carla, rows=[Ended(alert_id=alert.pk, end_code="released")])
    for facts in ({"at": alert.opened_at - timedelta(1)}, {"at": timezone.now() + timedelta(1)}, {"code": "escaped"}):
        with pytest.raises(Refusal):
            ended(world, alert, **facts)
    ended(world, alert, "mistaken")
    with pytest.raises(Refusal, match="already ended"):
        ended(world, alert)


def test_somebody_detained_again_raises_a_new_one(world: World) -> None:
    person_id = a_person(world.alma)
    finished(world.alma, HELD, person_id)
    ended(world, DetentionAlert.objects.get())
    finished(world.alma, HELD, person_id)
    assert DetentionAlert.objects.filter(person_id=person_id).count() == 2
