"""Finding a place: every site with its reasons, asking the chosen ones, and recording that none fits."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.ids import new_id
from enlace.directory.rules import Criterion
from enlace.people.actions import Consent, record_consents
from enlace.placements.actions import Sending, record_gap, send_to_places
from enlace.placements.models import Search, UnmetNeed
from enlace.placements.queries import Asked, places
from enlace.referrals.models import Referral
from tests.cases.pages import send, signed_in
from tests.directory.houses import WOMEN, a_house, a_unit
from tests.world import SYSTEM, World, a_case, a_person, accepted

BED = Asked(service_codes=("SHELTER",))


def house(*, agency: str = "shelter-isles", beds: int = 2, rows: tuple[Criterion, ...] = (), **facts: Any) -> UUID:
    site_id = a_house(SYSTEM, agency_code=agency, rows=rows, **facts)
    a_unit(SYSTEM, site_id, beds=beds)
    return site_id


def codes(reasons: Any) -> set[str]:
    return {reason.code for reason in reasons}


def test_every_site_is_answered_with_its_reasons_and_what_the_law_bars_stands_apart(world: World) -> None:
    women, men = house(rows=(WOMEN,)), house(rows=(Criterion(True, "sex", frozenset({"male"})),), name="Men")
    full, barred = house(beds=0, name="Full"), house(kind_code="lockup", agency="health-south", name="Cells")
    found = places(viewer=world.bruno, case_id=a_case(world.bruno), asked=BED)
    assert [offer.site_id for offer in found.fits] == [women]
    against = {offer.site_id: codes(offer.barriers) for offer in found.others}
    assert against == {men: {"sex"}, full: {"beds"}}
    assert [offer.site_id for offer in found.barred] == [barred]
    assert set(found.names) == {women, men, full, barred}


def test_what_the_case_knows_is_used_and_what_nobody_asked_keeps_nobody_out(world: World) -> None:
    boys = house(rows=(Criterion(True, "boys_age", most=12),))
    case_id = a_case(world.bruno, a_person(world.bruno, children_count=None))
    found = places(viewer=world.bruno, case_id=case_id, asked=BED)
    assert [offer.site_id for offer in found.fits] == [boys]
    assert "ask" in codes(found.fits[0].warnings)
    with_son = Asked(service_codes=("SHELTER",), children=(("male", 14),))
    assert places(viewer=world.bruno, case_id=case_id, asked=with_son).fits == []
    man = a_case(world.bruno, a_person(world.bruno, sex_code="male"))
    assert places(viewer=world.bruno, case_id=man, asked=BED).fits == []


def test_without_consent_or_ground_nobody_is_asked_unless_nothing_is_told(world: World) -> None:
    house()
    case_id = a_case(world.bruno, a_person(world.bruno, consents=False))
    found = places(viewer=world.bruno, case_id=case_id, asked=BED)
    assert codes(found.others[0].barriers) == {"ground"}
    for more in ({"ground_code": "emergency"}, {"tells_nothing": True}):
        assert places(viewer=world.bruno, case_id=case_id, asked=Asked(service_codes=("SHELTER",), **more)).fits


def test_consent_is_asked_of_each_recipient_by_name(world: World) -> None:
    isles, harbour = house(), house(agency="ngo-harbour", name="Harbour House")
    person_id = a_person(world.bruno, consents=False)
    case_id = a_case(world.bruno, person_id)
    agreed = Consent(
        person_id=person_id, purpose_code="referral", given_by_code="person", given_on=date(2025, 1, 11),
        recipient_code="ngo-harbour",
    )  # fmt: skip
    record_consents(by=world.bruno, rows=[agreed])
    found = places(viewer=world.bruno, case_id=case_id, asked=BED)
    assert [offer.site_id for offer in found.fits] == [harbour]
    assert [(offer.site_id, codes(offer.barriers)) for offer in found.others] == [(isles, {"ground"})]
    for_all = replace(agreed, id=new_id(), recipient_code="", given_on=date(2025, 1, 12))
    but_one = replace(agreed, id=new_id(), is_refusal=True, given_on=date(2025, 1, 13))
    record_consents(by=world.bruno, rows=[for_all, but_one])
    found = places(viewer=world.bruno, case_id=case_id, asked=BED)
    assert [offer.site_id for offer in found.fits] == [isles]
    on_a_ground = Asked(service_codes=("SHELTER",), ground_code="emergency")
    assert len(places(viewer=world.bruno, case_id=case_id, asked=on_a_ground).fits) == 2


def test_the_best_three_are_asked_at_once_with_the_next_best_behind_them(world: World) -> None:
    sites = [
        house(name=f"House {number}", agency=agency) for number, agency in enumerate(("shelter-isles", "ngo-harbour"))
    ]
    spare = house(name="Spare", agency="health-south")
    row = Sending(case_id=a_case(world.bruno), asked=BED, site_ids=tuple(sites), shares_identity=True)
    sent = send_to_places(by=world.bruno, row=row)
    assert {r.site_id for r in sent} == set(sites)
    assert len({r.group_id for r in sent}) == 1
    assert {tuple(map(tuple, r.alternatives)) for r in sent} == {(("health-south", str(spare)),)}
    assert Search.objects.get().asked["service_codes"] == ["SHELTER"]


@pytest.mark.parametrize("how_many", [0, 4])
def test_one_to_three_places_are_asked(world: World, how_many: int) -> None:
    sites = tuple(house(name=f"House {number}") for number in range(how_many))
    with pytest.raises(Refusal, match="up to three"):
        send_to_places(by=world.bruno, row=Sending(case_id=a_case(world.bruno), asked=BED, site_ids=sites))


def test_a_place_that_does_not_fit_or_that_the_person_refuses_is_not_asked(world: World) -> None:
    case_id, barred, good = a_case(world.bruno), house(kind_code="lockup", agency="health-south"), house()
    for row in (
        Sending(case_id=case_id, asked=BED, site_ids=(barred,)),
        Sending(case_id=case_id, asked=BED, site_ids=(good,), refused_ids=(good,)),
    ):
        with pytest.raises(Refusal, match="does not fit"):
            send_to_places(by=world.bruno, row=row)
    assert not Referral.objects.exists()


def test_a_place_keeps_one_bed_for_a_person_however_often_it_is_asked(world: World) -> None:
    row = Sending(case_id=a_case(world.bruno), asked=BED, site_ids=(house(),))
    (sent,) = send_to_places(by=world.bruno, row=row)
    with pytest.raises(Refusal, match="asked already"):
        send_to_places(by=world.bruno, row=row)
    accepted(world.dora, sent.pk)
    with pytest.raises(Refusal, match="asked already"):
        send_to_places(by=world.bruno, row=row)
    assert Referral.objects.count() == 1


def test_a_gap_is_recorded_once_with_the_least_change(world: World) -> None:
    house(rows=(Criterion(True, "sex", frozenset({"male"}), basis="House rule 3"),))
    case_id = a_case(world.bruno, forms=("sexual_use",))
    for _ in range(2):
        (need,) = record_gap(by=world.bruno, case_id=case_id, asked=BED)
    assert UnmetNeed.objects.count() == 1
    assert (need.sex_code, need.state_code, need.form_code) == ("female", "XX-N", "sexual_use")
    assert (need.service_code, need.reason_code) == ("SHELTER", "sex")
    assert [(change["kind"], change["basis"]) for change in need.changes] == [("rule", "House rule 3")]


def test_no_gap_is_recorded_while_a_place_fits(world: World) -> None:
    house()
    with pytest.raises(Refusal, match="a place that fits"):
        record_gap(by=world.bruno, case_id=a_case(world.bruno), asked=BED)


def test_only_for_cases_of_one_s_own_and_with_the_permission(world: World) -> None:
    case_id = a_case(world.bruno)
    for viewer, expected in ((world.omar, Missing), (world.elena, Forbidden)):
        with pytest.raises(expected):
            places(viewer=viewer, case_id=case_id, asked=BED)
        with pytest.raises(expected):
            record_gap(by=viewer, case_id=case_id, asked=BED)


def test_the_page_asks_answers_and_sends(world: World) -> None:
    best = house(rows=(WOMEN,), is_secret=True)
    house(kind_code="lockup", agency="health-south", name="Cells")
    browser, case_id = signed_in("bruno"), a_case(world.bruno)
    address = f"/cases/{case_id}/place/"
    assert "Find a place" in browser.get(address).text
    answer = browser.post(address, {"services": ["SHELTER"], "boys": "4, 9"})
    assert answer.status_code == 200
    assert "House of the Tide" in answer.text
    assert "The law closes this kind of place" in answer.text
    assert "3 beds" in answer.text
    assert browser.post(address, {"services": []}).status_code == 422
    assert browser.post(address, {"services": ["SHELTER"], "boys": "four"}).status_code == 422
    said = {"services": ["SHELTER"], "sites": [str(best)], "message": "un mensaje"}
    page = send(browser, f"{address}send/", said)
    sent = Referral.objects.get()
    assert page.headers["Location"] == f"/referrals/{sent.pk}/"
    assert (sent.site_id, sent.recipient_code, sent.message) == (best, "shelter-isles", "un mensaje")
    assert browser.get(address).text.count("checked") >= 1, "what was asked is there again"


def test_the_page_records_a_gap_and_the_queue_keeps_it(world: World) -> None:
    house(rows=(Criterion(True, "sex", frozenset({"male"})),))
    browser, case_id = signed_in("bruno"), a_case(world.bruno)
    answer = browser.post(f"/cases/{case_id}/place/", {"services": ["SHELTER"]})
    assert "Drop or loosen this condition: Sex: only Male." in answer.text
    page = send(browser, f"/cases/{case_id}/place/gap/", {"services": ["SHELTER"]})
    assert page.headers["Location"] == f"/cases/{case_id}/"
    assert "No place found" in browser.get("/").text
    assert "No place found" in browser.get(f"/cases/{case_id}/").text
