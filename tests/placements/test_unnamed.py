"""Whoever was accepted without being named can be housed and helped, and the agency learns no more than before."""

from contextlib import suppress
from datetime import date

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enlace.assistance.actions import Given, Meeting, end_service, record_services, record_sessions
from enlace.assistance.facts import services_given
from enlace.assistance.models import ServiceGiven
from enlace.base.errors import Missing, Refusal
from enlace.cases.models import CaseAgency
from enlace.cases.queries import case
from enlace.people.models import Disclosure, PersonAgency
from enlace.placements.actions import Transfer, request_bed, transfer_stay
from enlace.placements.facts import stays_begun
from enlace.placements.models import Stay
from enlace.referrals.actions import Answer, answer_referrals, take_step
from enlace.referrals.models import Referral
from tests.cases.pages import send, signed_in
from tests.directory.houses import a_house, a_unit
from tests.placements.living import a_shelter, admitted, held, left
from tests.referrals.asking import INVENTED
from tests.world import World, a_case, a_person, a_referral

VERBS = ("accept", "decline", "start", "complete", "interrupt")
WITH_HELP = {"accepted", "started", "completed", "interrupted"}


def unnamed(world: World, *, is_accepted: bool = True) -> Referral:
    """Somebody of whom nothing may be told, sent to Dora's house."""
    person_id = a_person(world.bruno, consents=False, identity=INVENTED)
    pk = a_referral(world.bruno, a_case(world.bruno, person_id), to="shelter-isles", is_anonymous=True)
    if is_accepted:
        answer_referrals(by=world.dora, rows=[Answer(referral_id=pk, verb="accept")])
    return Referral.objects.get(pk=pk)


def test_a_bed_is_held_taken_changed_and_left(world: World) -> None:
    unit_id, found = a_shelter(world), unnamed(world)
    stay_id = admitted(world.dora, held(world.dora, found.case_id, unit_id, referral_id=found.pk, companions=1))
    found.refresh_from_db()
    assert found.status == "started"
    second = a_unit(world.dora, Stay.objects.get(pk=stay_id).site_id, name="West")
    after = transfer_stay(by=world.dora, row=Transfer(stay_id=stay_id, unit_id=second, is_voluntary=True))
    left(world.dora, after.pk, reason_code="plan_completed")
    found.refresh_from_db()
    assert found.status == "completed"
    today = timezone.localdate()
    first, _second = sorted(stays_begun(today, today), key=lambda fact: fact.began_by_transfer)
    assert first.about.case_id == found.case_id, "the person is counted once, in the case of who sent her"
    assert first.hours_to_bed is not None


def test_help_is_recorded_with_its_sessions_until_its_end(world: World) -> None:
    found, today = unnamed(world), timezone.localdate()
    (service,) = record_services(
        by=world.dora,
        rows=[Given(case_id=found.case_id, service_code="SHELTER", started_on=today, referral_id=found.pk)],
    )
    record_sessions(by=world.dora, rows=[Meeting(service_id=service.pk, planned_at=timezone.now(), verb="hold")])
    assert end_service(by=world.dora, service_id=service.pk, on=today).ended_on == today
    assert [fact.about.case_id for fact in services_given(today, today)] == [found.case_id]


def test_neither_the_case_nor_the_person_is_opened_by_it(world: World) -> None:
    found = unnamed(world)
    code = case(viewer=world.bruno, case_id=found.case_id).code
    stay_id = admitted(world.dora, held(world.dora, found.case_id, a_shelter(world), referral_id=found.pk))
    browser = signed_in("dora")
    send(browser, f"/referrals/{found.pk}/service/", {"service": "SHELTER", "started_on": str(timezone.localdate())})
    service = ServiceGiven.objects.get()
    for address in (
        f"/referrals/{found.pk}/", f"/referrals/{found.pk}/bed/", f"/referrals/{found.pk}/service/", "/stays/",
        f"/stays/{stay_id}/", f"/stays/{stay_id}/exit/", "/services/", f"/services/{service.pk}/", "/",
        f"/services/{service.pk}/end/", f"/services/{service.pk}/session/",
    ):  # fmt: skip
        page = browser.get(address)
        assert page.status_code == 200, address
        assert code not in page.text, address
        assert f"/cases/{found.case_id}/" not in page.text, address
    assert browser.get(f"/cases/{found.case_id}/").status_code == 404
    assert not CaseAgency.objects.filter(agency_code="shelter-isles").exists()
    assert not PersonAgency.objects.filter(agency_code="shelter-isles").exists()
    assert not Disclosure.objects.exists()


def test_the_page_of_the_referral_leads_to_a_bed_and_to_the_line_for_one(world: World) -> None:
    unit_id, found, browser = a_shelter(world), unnamed(world), signed_in("dora")
    page = browser.get(f"/referrals/{found.pk}/").text
    assert f"/referrals/{found.pk}/bed/" in page
    assert f"/referrals/{found.pk}/service/" in page
    said = {"unit": str(unit_id), "referral": str(found.pk)}
    there = send(browser, f"/referrals/{found.pk}/bed/", said).headers["Location"]
    assert found.code in browser.get(there).text
    site_id = Stay.objects.get().site_id
    assert send(browser, f"/referrals/{found.pk}/bed/line/", {"site": str(site_id)}).status_code == 302
    send(browser, f"{there}admit/", {"is_voluntary": "on", "agreed_by": "person"})
    assert set(Stay.objects.values_list("status", flat=True)) == {"admitted", "requested"}


def test_others_house_nobody_by_it(world: World) -> None:
    found = unnamed(world)
    for by in (world.carla, world.omar):
        given_help = Given(case_id=found.case_id, service_code="MENTAL", started_on=date(2025, 1, 10))
        with pytest.raises(Missing):
            record_services(by=by, rows=[given_help])
        assert signed_in("carla").get(f"/referrals/{found.pk}/service/").status_code == 404


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(verbs=st.lists(st.sampled_from(VERBS), max_size=4))
def test_accepted_means_that_the_person_can_be_housed_and_nothing_else_does(world: World, verbs: list[str]) -> None:
    found = unnamed(world, is_accepted=False)
    site_id = a_house(world.dora)
    for verb in verbs:
        reason = {"decline": "no_capacity", "interrupt": "lost_contact"}.get(verb, "")
        with suppress(Refusal):  # a step that is not possible changes nothing
            take_step(by=world.dora, row=Answer(referral_id=found.pk, verb=verb, reason_code=reason))
    found.refresh_from_db()
    try:
        request_bed(by=world.dora, case_id=found.case_id, site_id=site_id)
    except Missing:
        assert found.status not in WITH_HELP
    else:
        assert found.status in WITH_HELP
