"""What an agency offers: published by itself or nationally, confirmed by publishing again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.base.actor import OWN
from enlace.base.errors import Forbidden, Refusal
from enlace.directory.actions import Offer, publish_offers
from enlace.directory.models import ServiceOffer
from enlace.directory.queries import agencies_offering, offers
from tests.cases.pages import faulty, queries_of, signed_in
from tests.world import SYSTEM, World


def test_publishing_again_confirms_and_opens_again(world: World) -> None:
    old = timezone.now() - timedelta(days=400)
    ServiceOffer.objects.filter(agency="health-south").update(is_open=False, confirmed_at=old)
    assert not offers(viewer=world.bruno, service_code="HEALTH").exists()
    row = Offer("health-south", "HEALTH", "XX-S")
    assert publish_offers(by=SYSTEM, rows=[row, row]) == 2
    (found,) = offers(viewer=world.bruno, service_code="HEALTH")
    assert found.confirmed_at > old


def test_an_agency_edits_its_own_and_a_national_role_all(world: World) -> None:
    own = replace(world.fidel, agency_code="health-south", scope=OWN)
    publish_offers(by=own, rows=[Offer("health-south", "LEGAL")])
    with pytest.raises(Forbidden):
        publish_offers(by=own, rows=[Offer("ngo-harbour", "JOB")])
    publish_offers(by=world.fidel, rows=[Offer("ngo-harbour", "JOB")])
    with pytest.raises(Forbidden):
        publish_offers(by=world.bruno, rows=[Offer("prosecutor-north", "LEGAL")])


@pytest.mark.parametrize("row", [Offer("no-such", "LEGAL"), Offer("ngo-harbour", "NO_SUCH")])
def test_what_is_in_no_list_is_refused_and_nothing_is_written(world: World, row: Offer) -> None:
    before = ServiceOffer.objects.count()
    with pytest.raises(Refusal):
        publish_offers(by=SYSTEM, rows=[Offer("ngo-harbour", "JOB"), row])
    assert ServiceOffer.objects.count() == before


def test_a_state_keeps_the_national_offers_and_closed_agencies_are_gone(world: World) -> None:
    from enlace.accounts.models import Agency

    def found(**narrowed: str) -> set[str]:
        return set(offers(viewer=world.bruno, **narrowed).values_list("agency_id", flat=True))

    assert found() == {"ngo-harbour", "shelter-isles", "health-south"}
    assert found(state_code="XX-S") == {"ngo-harbour", "health-south"}
    assert found(service_code="SHELTER", state_code="XX-S") == set()
    assert agencies_offering(viewer=world.carla, service_codes=["MENTAL", "HEALTH"]) == {
        "health-south": "Southmark Health Service"
    }
    Agency.objects.filter(pk="health-south").update(is_active=False)
    assert found() == {"ngo-harbour", "shelter-isles"}


def test_the_page_narrows_and_an_unknown_filter_is_no_fault(world: World) -> None:
    browser = faulty("bruno")
    page = browser.get("/directory/?service=SHELTER").text
    assert "Isles House" in page
    assert "Safe Harbour" not in page
    for query in ("service=NO_SUCH", "service=%00&state=%00", "state=%F1"):
        assert browser.get(f"/directory/?{query}").status_code == 200
    assert "Nobody offers this here" in browser.get("/directory/?service=SHELTER&state=XX-S").text


def test_the_page_takes_as_many_queries_for_many_offers_as_for_few(world: World) -> None:
    browser = signed_in("bruno")
    few = queries_of(browser, "/directory/")
    states = ("", "XX-N", "XX-S", "XX-I")
    services = ("MENTAL", "LEGAL", "JOB", "EDU", "TRANSPORT")
    agencies = ("ngo-harbour", "health-south", "shelter-isles")
    rows = [Offer(agency, code, state) for agency in agencies for code in services for state in states]
    publish_offers(by=SYSTEM, rows=rows)
    assert queries_of(browser, "/directory/") == few
