"""Sessions of a service: planned, held, missed or cancelled, in which language, and by whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.assistance.actions import Meeting, Settled, end_service, record_sessions, settle_session
from enlace.assistance.models import Session
from enlace.assistance.queries import read_service, sessions_in_case, sessions_to_settle
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case
from tests.assistance.caring import TODAY, a_service, a_session, helped_by_another
from tests.world import World, a_case


def test_a_planned_session_is_settled_once(world: World) -> None:
    case_id = a_case(world.bruno)
    service_id = a_service(world.bruno, case_id)
    session_id = a_session(world.bruno, service_id)
    assert [row.pk for row in sessions_to_settle(viewer=world.bruno, now=timezone.now(), limit=9)] == [session_id]
    said = Settled(verb="hold", minutes=50, language_code="north_tongue", interpreter_code="lacking")
    settle_session(by=world.bruno, session_id=session_id, said=said)
    _service, (found,) = read_service(viewer=world.bruno, service_id=service_id)
    assert (found.status, found.minutes, found.interpreter_code) == ("held", 50, "lacking")
    assert sessions_to_settle(viewer=world.bruno, now=timezone.now(), limit=9) == []
    with pytest.raises(Refusal):
        settle_session(by=world.bruno, session_id=session_id, said=Settled(verb="miss"))


def test_a_session_to_come_can_only_be_cancelled(world: World) -> None:
    service_id = a_service(world.bruno, a_case(world.bruno))
    coming = Meeting(service_id=service_id, planned_at=timezone.now() + timedelta(days=2))
    session = record_sessions(by=world.bruno, rows=[coming])[0]
    for verb in ("hold", "miss"):
        with pytest.raises(Refusal, match="still to come"):
            settle_session(by=world.bruno, session_id=session.pk, said=Settled(verb=verb))
    settle_session(by=world.bruno, session_id=session.pk, said=Settled(verb="cancel", cancelled_by="person"))
    assert Session.objects.get().cancelled_by == "person"


@pytest.mark.parametrize(
    "said",
    [
        {"verb": "nonsense"},
        {"verb": "cancel"},
        {"verb": "hold", "cancelled_by": "person"},
        {"verb": "miss", "minutes": 5},
        {"minutes": 5},
        {"cancelled_by": "person"},
        {"language_code": "NO_SUCH"},
        {"interpreter_code": "given"},
    ],
)
def test_a_batch_with_one_fault_records_nothing(world: World, said: dict[str, object]) -> None:
    service_id = a_service(world.bruno, a_case(world.bruno))
    rows = [
        Meeting(service_id=service_id, planned_at=timezone.now(), **changes) for changes in ({"verb": "hold"}, said)
    ]
    with pytest.raises(Refusal):
        record_sessions(by=world.bruno, rows=rows)
    assert not Session.objects.exists()


def test_the_lead_counts_the_sessions_of_others_and_others_see_nothing(world: World) -> None:
    case_id, service_id = helped_by_another(world)
    a_session(world.carla, service_id, verb="hold")
    a_session(world.carla, service_id, verb="miss")
    counted = {service_id: {"held": 1, "missed": 1}}
    assert sessions_in_case(viewer=world.bruno, case_id=case_id) == counted
    assert sessions_in_case(viewer=world.omar, case_id=case_id) == {}
    with pytest.raises(Missing):
        a_session(world.bruno, service_id)
    with pytest.raises(Missing):
        read_service(viewer=world.omar, service_id=service_id)
    with pytest.raises(Forbidden):
        a_session(world.alma, service_id)


def test_nothing_is_added_to_a_service_that_has_ended_or_a_case_that_is_closed(world: World) -> None:
    case_id = a_case(world.bruno)
    ended, open_one = a_service(world.bruno, case_id), a_service(world.bruno, case_id)
    end_service(by=world.bruno, service_id=ended, on=TODAY())
    with pytest.raises(Refusal, match="ended"):
        a_session(world.bruno, ended)
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    with pytest.raises(Refusal, match="closed"):
        a_session(world.bruno, open_one)
