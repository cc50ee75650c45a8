"""Group activities: one activity, several people, and each person's attendance in the own case alone."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from enlace.assistance.actions import Activity, invite_people, open_activity, settle_activity
from enlace.assistance.models import GroupActivity, Session
from enlace.assistance.queries import activity_page, read_activity
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from tests.assistance.caring import helped_by_another
from tests.world import World, a_case


def an_activity(by: Actor, *case_ids: UUID, hours: int = -2) -> GroupActivity:
    at = timezone.now() + timedelta(hours=hours)
    row = Activity(service_code="EDU", title="Taller inventado", planned_at=at, case_ids=case_ids)
    return open_activity(by=by, row=row)


def test_who_came_is_said_once_and_counts_in_each_case(world: World) -> None:
    cases = [a_case(world.bruno) for _ in range(3)]
    activity = an_activity(world.bruno, *cases[:2])
    invite_people(by=world.bruno, activity_id=activity.pk, case_ids=cases[1:])
    _found, sessions = read_activity(viewer=world.bruno, activity_id=activity.pk)
    came = [session.pk for session in sessions if session.case_id != cases[0]]
    settle_activity(by=world.bruno, activity_id=activity.pk, verb="hold", came=came, minutes=90)
    held = {session.case_id: session.status for session in Session.objects.all()}
    assert held == {cases[0]: "missed", cases[1]: "held", cases[2]: "held"}
    ((row),) = activity_page(viewer=world.bruno).rows
    assert (row.invited, row.came, row.status) == (3, 2, "held")
    for act in (
        lambda: settle_activity(by=world.bruno, activity_id=activity.pk, verb="cancel"),
        lambda: invite_people(by=world.bruno, activity_id=activity.pk, case_ids=cases),
    ):
        with pytest.raises(Refusal, match="already"):
            act()


def test_a_cancelled_activity_cancels_every_session_of_it(world: World) -> None:
    activity = an_activity(world.bruno, a_case(world.bruno), hours=48)
    with pytest.raises(Refusal, match="still to come"):
        settle_activity(by=world.bruno, activity_id=activity.pk, verb="hold")
    settle_activity(by=world.bruno, activity_id=activity.pk, verb="cancel")
    assert list(Session.objects.values_list("status", "cancelled_by")) == [("cancelled", "provider")]


def test_only_people_of_the_own_cases_are_invited(world: World) -> None:
    case_id, _service_id = helped_by_another(world)
    activity = an_activity(world.carla, case_id)
    for case in (a_case(world.bruno), uuid4()):
        with pytest.raises(Missing):
            invite_people(by=world.carla, activity_id=activity.pk, case_ids=[case])
    with pytest.raises(Missing):
        read_activity(viewer=world.bruno, activity_id=activity.pk)
    assert activity_page(viewer=world.bruno).rows == []


@pytest.mark.parametrize("changes", [{"service_code": "NO_SUCH"}, {"title": "  "}])
def test_an_activity_has_a_kind_and_a_name(world: World, changes: dict[str, str]) -> None:
    said = {"service_code": "EDU", "title": "Taller", **changes}
    with pytest.raises(Refusal):
        open_activity(by=world.bruno, row=Activity(planned_at=timezone.now(), **said))
