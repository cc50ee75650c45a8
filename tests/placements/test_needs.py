"""What who plans may see of unmet needs: counts, never a person; small ones withheld; and where new places would help."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Refusal
from enlace.directory.rules import Criterion
from enlace.placements.actions import place_many, record_gap, record_needs, resolve_needs
from enlace.placements.facts import needs_recorded, occupancy, stays_begun, stays_going_on
from enlace.placements.models import Stay, UnmetNeed
from enlace.placements.queries.gaps import Gap
from enlace.placements.queries.many import together, without_bed
from enlace.placements.queries.planning import counted_needs, planned
from enlace.referrals.models import Referral
from tests.cases.pages import send, signed_in
from tests.directory.houses import WOMEN
from tests.placements.living import a_shelter, a_stay, left
from tests.placements.test_find import BED, house
from tests.world import World, a_case, a_person


def gaps(world: World, how_many: int, **facts: Any) -> None:
    """So many needs of invented people, each of a case of Bruno's agency."""
    said = {"sex_code": "male", "age_group_code": "16_24", "state_code": "XX-N", "reason_code": "sex", **facts}
    case_ids = [a_case(world.bruno) for _ in range(how_many)]
    record_needs(by=world.bruno, rows=[Gap(case_id=pk, service_code="SHELTER", **said) for pk in case_ids])


def shown(found: Any, dimension: str) -> dict[str, Any]:
    return {cell.key[0][1]: cell.value for cell in found.tables[dimension].cells if cell.status != "zero"}


def test_counts_are_shown_and_small_ones_withheld_with_what_protects_them(world: World) -> None:
    gaps(world, 9)
    gaps(world, 6, sex_code="female", state_code="XX-S")
    gaps(world, 2, sex_code="other", state_code="XX-I")
    found = counted_needs(viewer=world.elena)
    assert found.total.value == 17
    by_sex = shown(found, "sex")
    assert by_sex["other"] is None
    assert None in (by_sex["male"], by_sex["female"]), "else the total less the others would be the small one"
    assert set(shown(found, "service")) == {"SHELTER"}


def test_a_state_sees_its_own_and_who_works_on_cases_sees_no_counts(world: World) -> None:
    gaps(world, 6)
    gaps(world, 7, state_code="XX-S")
    state = replace(world.elena, scope="state", state_code="XX-S")
    assert counted_needs(viewer=state).total.value == 7
    for viewer in (world.bruno, world.dora):
        with pytest.raises(Forbidden):
            counted_needs(viewer=viewer)
        with pytest.raises(Forbidden):
            planned(viewer=viewer, months=12, k=1, stay_days=90)


def test_a_need_that_was_met_is_no_longer_open_but_stays_counted_in_its_year(world: World) -> None:
    gaps(world, 8)
    ids = UnmetNeed.objects.values_list("case_id", flat=True)
    resolve_needs(by=world.bruno, case_ids=list(ids[:3]), resolution="helped", at=timezone.now())
    assert counted_needs(viewer=world.elena).total.value == 5
    assert counted_needs(viewer=world.elena, year=timezone.localdate().year).total.value == 8
    rows = list(needs_recorded(timezone.localdate(), timezone.localdate()))
    assert sorted(row.resolution for row in rows) == ["", "", "", "", "", "helped", "helped", "helped"]


def test_the_plan_puts_new_places_where_the_needs_are(world: World) -> None:
    gaps(world, 9)
    gaps(world, 6, sex_code="female", state_code="XX-S")
    found = planned(viewer=world.elena, months=12, k=3, stay_days=90)
    assert {(row.state, row.profile) for row in found.plan.places} >= {("XX-N", "men")}
    assert sum(row.places for row in found.plan.places) <= 3
    assert found.plan.closed == found.closed.value or found.closed.value is None
    codes = {reason.code for reason in found.plan.assumptions}
    assert {"period", "turnover", "existing", "travel"} <= codes
    assert planned(viewer=world.elena, months=1, k=1, stay_days=400).plan.closed <= 9


def test_the_pages_tell_counts_offer_and_assumptions(world: World) -> None:
    house(rows=(WOMEN,))
    gaps(world, 9)
    browser = signed_in("elena")
    page = browser.get("/needs/").text
    assert "Unmet needs, one for each case and service" in page
    assert "Places that exist" in page
    assert browser.get(f"/needs/?year={timezone.localdate().year}").status_code == 200
    page = browser.get("/needs/plan/").text
    assert "What is taken for granted" in page
    assert "Men" in page
    assert "error" in browser.get("/needs/plan/?months=0&places=1&stay_days=1").text
    assert signed_in("bruno").get("/needs/").status_code == 403


def test_many_at_once_are_placed_better_together_than_one_after_another(world: World) -> None:
    women = house(rows=(WOMEN,), beds=1)
    anybody = house(agency="ngo-harbour", beds=1, name="Anybody")
    woman = a_case(world.bruno)
    man = a_case(world.bruno, a_person(world.bruno, sex_code="male"))
    found = together(viewer=world.bruno, case_ids=[woman, man], asked=BED, at=timezone.now())
    assert {case.pk: place.site_id for case, place in found.pairs if place} == {woman: women, man: anybody}
    assert found.assignment.placed >= found.one_by_one
    sent = place_many(by=world.bruno, case_ids=[woman, man], asked=BED, chosen={woman: women, man: anybody})
    assert {(row.case_id, row.site_id) for row in sent} == {(woman, women), (man, anybody)}
    with pytest.raises(Refusal, match="changed"):
        place_many(by=world.bruno, case_ids=[woman, man], asked=BED, chosen={woman: anybody})


def test_the_page_compares_and_a_person_confirms(world: World) -> None:
    house(beds=1)
    cases = [a_case(world.bruno) for _ in range(2)]
    browser = signed_in("bruno")
    page = browser.get("/places/many/").text
    assert page.count('name="cases"') == 2
    said = {"cases": [str(pk) for pk in cases], "services": ["SHELTER"]}
    answer = browser.post("/places/many/", said)
    assert "1 of 2 get a bed" in answer.text
    assert browser.post("/places/many/", {**said, "services": ["LEGAL"]}).status_code == 422
    pair = answer.text.split('name="pairs" value="')[1].split('"')[0]
    assert send(browser, "/places/many/send/", {**said, "pairs": [pair]}).status_code == 302
    assert str(Referral.objects.get().case_id) == pair.split(":")[0]


def test_who_has_a_bed_is_not_among_those_who_need_one(world: World) -> None:
    a_stay(world)
    case_id = a_case(world.bruno)
    assert [case.pk for case in without_bed(viewer=world.bruno)] == [case_id]


def test_stays_and_occupancy_as_facts(world: World) -> None:
    now = timezone.now()
    unit_id = a_shelter(world, beds=3)
    stay_id = a_stay(world, unit_id)
    Stay.objects.update(requested_at=now - timedelta(days=3), occupied_from=now - timedelta(days=3))
    Stay.objects.update(admitted_at=now - timedelta(days=2), agreed_at=now - timedelta(days=2))
    left(world.dora, stay_id)
    today = timezone.localdate()
    (fact,) = stays_begun(today - timedelta(days=5), today)
    assert (fact.agency_code, fact.state_code, fact.exit_reason_code) == ("shelter-isles", "XX-I", "person_decision")
    assert (fact.status, fact.ended) == ("exited", today)
    assert list(stays_begun(today, today)) == []
    assert len(list(stays_going_on(today, today))) == 1
    days = list(occupancy(today - timedelta(days=5), today))
    assert {(row.held, row.occupied) for row in days} <= {(1, 0), (0, 1)}
    assert 2 <= len(days) <= 4


def test_no_condition_bars_by_what_nobody_asked_in_a_need(world: World) -> None:
    house(rows=(Criterion(True, "sex", frozenset({"male"})),))
    record_gap(by=world.bruno, case_id=a_case(world.bruno), asked=BED)
    assert planned(viewer=world.elena, months=1, k=1, stay_days=30).plan.closed == 1
