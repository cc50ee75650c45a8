"""Recording help given: by whom, from, to, how much, and what it means for the referral that asked for it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from enlace.assistance.actions import Given, record_services
from enlace.assistance.models import ServiceGiven
from enlace.assistance.queries import services_of_case
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case
from enlace.referrals.queries import referral, steps
from tests.cases.pages import send, signed_in, token_in
from tests.world import World, a_case, a_referral, accepted

TODAY = timezone.localdate


def given(case_id: object, **changes: object) -> Given:
    said = {"service_code": "MENTAL", "started_on": TODAY()}
    return Given(case_id=case_id, **(said | changes))


def promised(world: World) -> tuple[object, object]:
    case_id = a_case(world.bruno)
    referral_id = a_referral(world.bruno, case_id)
    accepted(world.carla, referral_id)
    return case_id, referral_id


def test_the_first_service_starts_the_referral_and_the_last_completes_it(world: World) -> None:
    case_id, referral_id = promised(world)
    record_services(by=world.carla, rows=[given(case_id, referral_id=referral_id)])
    assert referral(viewer=world.bruno, referral_id=referral_id).status == "started"
    rows = [given(case_id, referral_id=referral_id), given(case_id, referral_id=referral_id, completes=True)]
    record_services(by=world.carla, rows=rows)
    assert referral(viewer=world.bruno, referral_id=referral_id).status == "completed"
    verbs = [s.verb for s in steps(viewer=world.bruno, referral_id=referral_id)]
    assert verbs == ["send", "accept", "start", "complete"]


@pytest.mark.parametrize(
    "changes",
    [
        {"service_code": "NO_SUCH"},
        {"started_on": date(2999, 1, 1)},
        {"ended_on": date(2020, 1, 1)},
        {"quantity": Decimal(3)},
        {"unit_code": "session"},
        {"quantity": Decimal(0), "unit_code": "session"},
        {"quantity": Decimal(1), "unit_code": "kilogram"},
        {"referral_id": uuid4()},
    ],
)
def test_a_batch_with_one_fault_records_nothing(world: World, changes: dict[str, object]) -> None:
    case_id, _referral_id = promised(world)
    with pytest.raises(Refusal):
        record_services(by=world.carla, rows=[given(case_id), given(case_id, **changes)])
    assert not ServiceGiven.objects.exists()


def test_only_the_referral_of_this_case_to_this_agency_that_is_going_on(world: World) -> None:
    case_id, referral_id = promised(world)
    _other_case, other_referral = promised(world)
    waiting = a_referral(world.bruno, case_id)
    for by, row in (
        (world.carla, given(case_id, referral_id=other_referral)),
        (world.bruno, given(case_id, referral_id=referral_id)),
        (world.carla, given(case_id, referral_id=waiting)),
    ):
        with pytest.raises(Refusal):
            record_services(by=by, rows=[row])
    assert not ServiceGiven.objects.exists()


def test_a_foreign_a_closed_case_and_a_role_without_the_right(world: World) -> None:
    case_id, _referral_id = promised(world)
    with pytest.raises(Missing):
        record_services(by=world.omar, rows=[given(case_id)])
    with pytest.raises(Forbidden):
        record_services(by=world.alma, rows=[given(case_id)])
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    with pytest.raises(Refusal, match="closed"):
        record_services(by=world.carla, rows=[given(case_id)])


def test_the_lead_sees_what_others_gave_and_partners_only_their_own(world: World) -> None:
    case_id, _referral_id = promised(world)
    record_services(by=world.carla, rows=[given(case_id)])
    record_services(by=world.bruno, rows=[given(case_id, service_code="LEGAL")])
    for viewer, expected in ((world.bruno, {"MENTAL", "LEGAL"}), (world.carla, {"MENTAL"}), (world.dora, set())):
        found = services_of_case(viewer=viewer, case_id=case_id)
        assert set(found.values_list("service_code", flat=True)) == expected


def test_help_recorded_later_stands_on_its_day(world: World) -> None:
    case_id, referral_id = promised(world)
    start = TODAY() - timedelta(days=5)
    row = given(case_id, referral_id=referral_id, started_on=start, ended_on=TODAY(), completes=True)
    record_services(by=world.carla, rows=[row])
    taken = steps(viewer=world.carla, referral_id=referral_id)
    days = {s.verb: timezone.localdate(s.at) for s in taken}
    assert (days["start"], days["complete"]) == (start, TODAY())


def test_a_double_click_that_completes_is_one_and_leads_to_the_case(world: World) -> None:
    """After the first click the referral is no longer offered; the second must not be told that it is not valid."""
    case_id, referral_id = promised(world)
    browser, address = signed_in("carla"), f"/cases/{case_id}/service/"
    token = token_in(browser.get(f"{address}?referral={referral_id}"))
    said = {"service": "MENTAL", "started_on": "hoy", "referral": str(referral_id), "completes": "on"}
    answers = [send(browser, address, said | {"quantity": "2.5", "unit": "session"}, token) for _ in range(2)]
    assert [a.headers.get("Location") for a in answers] == [f"/cases/{case_id}/"] * 2
    assert ServiceGiven.objects.get().quantity == Decimal("2.5")


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": "abc"},
        {"quantity": "NaN", "unit": "session"},
        {"quantity": "1e99", "unit": "session"},
        {"quantity": "1.234", "unit": "session"},
        {"quantity": "-1", "unit": "session"},
        {"quantity": "1"},
        {"started_on": "31/2/2024"},
        {"started_on": "1/1/2999"},
        {"ended_on": "1/1/0001"},
        {"completes": "on"},
        {"referral": "x"},
        {"service": "NO_SUCH"},
        {"remark": "a" * 4001},
    ],
)
def test_a_page_with_a_fault_comes_back_with_what_was_typed(world: World, changes: dict[str, str]) -> None:
    case_id, _referral_id = promised(world)
    said = {"service": "MENTAL", "started_on": "hoy", "remark": "Long words", **changes}
    page = send(signed_in("carla"), f"/cases/{case_id}/service/", said)
    assert page.status_code == 422
    assert said["remark"] in page.text
    assert not ServiceGiven.objects.exists()
