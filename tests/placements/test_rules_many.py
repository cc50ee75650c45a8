"""The least changes that would create a match, many people at once, new places and unmet needs."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.directory.rules import AgreementFacts, Criterion, SiteFacts, UnitFacts
from enlace.placements.rules import (
    ASSUMPTIONS,
    Child,
    Limits,
    Need,
    Place,
    Profile,
    Reason,
    SiteTable,
    Weights,
    assign_many,
    least_changes,
    match,
    match_in,
    nearest_reason,
    plan_capacity,
    unmet_needs,
)
from tests.placements import invented, oracle
from tests.placements.invented import AT, LIMITS, site, unit, woman
from tests.placements.offering import codes, ranked, seldom

# --- the least changes ---

MOST_CHANGES = 3


@seldom
@given(invented.needs, invented.directories(2), invented.agreements, invented.limits)
def test_no_smaller_set_of_changes_would_create_a_match(
    need: Need, sites: list[SiteFacts], agreements: list[AgreementFacts], limits: Limits
) -> None:
    found = match(need, sites, agreements, AT, limits)
    size = sum(int(change.reason.detail.get("missing", 1)) for change in found.nearest_changes)
    least = oracle.least_changes(need, sites, agreements, AT, limits, MOST_CHANGES)
    assert bool(found.best) == (least == 0)
    assert least == size if least is not None else (size == 0 or size > MOST_CHANGES)


def test_the_least_change_says_which_rule_of_which_site() -> None:
    strict = [Criterion(must=True, fact="boys_age", most=13), Criterion(must=True, fact="age", most=17)]
    one_rule, two_rules = site(1, criteria=(strict[0],)), site(2, criteria=tuple(strict))
    found = ranked(woman(children=(Child("male", 14),)), two_rules, one_rule)
    (change,) = found.nearest_changes
    assert (change.kind, change.site_id, change.reason.code) == ("rule", UUID(int=1), "boys_age")
    assert change.reason.detail["most"] == "13"


def test_a_bed_an_agreement_or_a_ground_may_be_the_change() -> None:
    strict = replace(LIMITS, needs_agreement=True)

    def kinds(need: Need, house: SiteFacts) -> list[str]:
        return [change.kind for change in ranked(need, house, limits=strict).nearest_changes]

    assert kinds(woman(), site(units=(unit(free=0),))) == ["bed"]
    assert kinds(woman(), site(state="S")) == ["agreement"]
    assert kinds(woman(has_consent_or_ground=False), site()) == ["ground"]
    assert kinds(woman(), site()) == []


def test_no_change_is_proposed_to_the_law_to_the_area_or_to_a_refusal() -> None:
    need = woman(avoid_states=frozenset({"S"}), refused_sites=frozenset({UUID(int=7)}))
    found = ranked(need, site(1, barred=True), site(2, state="S"), site(7))
    assert found.nearest_changes == ()
    assert least_changes(()) == ()


# --- many people at once ---


def options_of(needs: list[Need], table: SiteTable) -> list[list[int | None]]:
    """Points of each person in each unit, as the oracle judges the house with that unit alone."""

    def chance(need: Need, house: SiteFacts, home: UnitFacts) -> int | None:
        found = oracle.judge(need, replace(house, units=(home,)), (), AT, LIMITS, Weights())
        return found.score if found.fits else None

    return [[chance(need, house, home) for house in table.sites for home in house.units] for need in needs]


@seldom
@given(st.data())
def test_an_assignment_is_as_good_as_the_best_of_all_assignments(data: st.DataObject) -> None:
    table = SiteTable(data.draw(invented.directories(3)))
    few = table.units[: data.draw(st.integers(0, 3))]
    table = SiteTable([replace(one, units=tuple(u for u in one.units if u in few)) for one in table.sites])
    needs = [replace(need, beds=1) for need in data.draw(st.lists(invented.needs, max_size=4))]
    families = data.draw(st.lists(st.integers(0, 3), min_size=len(needs), max_size=len(needs)))
    free = [max(0, one.free) for house in table.sites for one in house.units]
    ones = [1] * len(needs)

    alone = assign_many(needs, table, AT, LIMITS)
    assert (alone.placed, alone.score) == oracle.assign(options_of(needs, table), ones, free, list(range(len(needs))))
    assert (alone.placed, alone.score) >= oracle.greedy(options_of(needs, table), free)
    together = assign_many(needs, table, AT, LIMITS, families=families)
    assert (together.placed, together.score) == oracle.assign(options_of(needs, table), ones, free, families)
    for found in (alone, together):
        check_places(found.places, needs, table)


def check_places(places: tuple[Place | None, ...], needs: list[Need], table: SiteTable) -> None:
    """Nobody is sent where the matcher would not, and no bed is given twice."""
    for need, place in zip(needs, places, strict=True):
        offers = match_in(need, table, AT, LIMITS).offers
        assert place is None or (place.site_id, place.score) in [(one.site_id, one.score) for one in offers if one.fits]
    for one in table.units:
        used = [need.beds for need, place in zip(needs, places, strict=True) if place and place.unit_id == one.unit_id]
        assert sum(used) <= max(0, one.free)


def test_one_after_another_would_leave_somebody_without_a_bed() -> None:
    women_only = site(1, criteria=(Criterion(True, "sex", frozenset({"female"})),), units=(unit(1, free=1),))
    everybody = site(2, units=(unit(2, free=1),), languages=frozenset({"spa", "eng"}))
    needs = [woman(languages=frozenset({"eng"})), woman(sex="male", gender="masculine")]
    table = SiteTable([women_only, everybody])
    assert oracle.greedy(options_of(needs, table), [1, 1])[0] == 1  # the woman takes the only house open to the man
    assert [place and place.site_id for place in assign_many(needs, table, AT, LIMITS).places] == [
        UUID(int=1),
        UUID(int=2),
    ]


def test_a_family_lives_in_one_unit_or_is_not_placed() -> None:
    apart = SiteTable([site(1, units=(unit(1, free=1), unit(2, free=1)))])
    mother, child = woman(), woman(age=6)
    assert assign_many([mother, child], apart, AT, LIMITS).placed == 2
    assert assign_many([mother, child], apart, AT, LIMITS, families=["Z", "Z"]).places == (None, None)
    women_only = Criterion(True, "sex", frozenset({"female"}))
    not_for_sons = SiteTable([site(1, units=(unit(1, criteria=(women_only,)),))])
    assert assign_many([mother, woman(sex="male")], not_for_sons, AT, LIMITS, families=["Z", "Z"]).placed == 0
    room = SiteTable([site(1, units=(unit(1, free=1), unit(2, free=2)))])
    found = assign_many([mother, child, woman(), woman()], room, AT, LIMITS, families=["Z", "Z", None, None])
    assert [place and place.unit_id.int for place in found.places[:2]] == [2, 2]
    assert sorted(place.unit_id.int if place else 0 for place in found.places[2:]) == [0, 1]


def test_a_need_for_two_beds_takes_two() -> None:
    table = SiteTable([site(1, units=(unit(1, free=2),))])
    found = assign_many([woman(), woman(beds=2), woman()], table, AT, LIMITS)
    assert [place is None for place in found.places] == [False, True, False]
    assert found.placed == 2


def test_an_assignment_of_nobody_or_without_houses_is_empty() -> None:
    assert assign_many([], SiteTable([site()]), AT, LIMITS).places == ()
    assert assign_many([woman()], SiteTable([]), AT, LIMITS).places == (None,)
    with pytest.raises(ValueError, match="beds"):
        assign_many([woman(beds=0)], SiteTable([site()]), AT, LIMITS)


# --- new places ---

DAYS = 180


@seldom
@given(
    st.lists(invented.needs, max_size=4),
    st.lists(st.sampled_from((60, 100, 400)), min_size=1, max_size=2),
    st.lists(invented.criteria, min_size=2, max_size=2),
    st.integers(0, 3),
    invented.limits,
)
def test_a_plan_closes_as_many_needs_as_the_best_of_all_plans(
    needs: list[Need], stays: list[int], rules: list[Criterion], k: int, limits: Limits
) -> None:
    able: dict[str, Any] = {"accessibility": frozenset(), "security": None, "refused_sites": frozenset()}
    needs = [replace(need, beds=max(need.beds, 1), **able) for need in needs]
    both = frozenset({"LEGAL", "SHELTER"})
    profiles = [
        Profile(f"P{n}", site(n + 1, services=both, criteria=(rules[n],)), days) for n, days in enumerate(stays)
    ]
    states = ["N", "S"]
    found = plan_capacity(needs, profiles, states, k, days=DAYS, at=AT, limits=limits)
    closed, at_home, minus_places = oracle.plan(needs, oracle.candidates(profiles, states, DAYS), k, AT, limits)
    assert found.closed == closed == sum(row.closes for row in found.places)
    assert (sum(row.at_home for row in found.places), -sum(row.places for row in found.places)) == (
        at_home,
        minus_places,
    )
    mixed = plan_capacity(needs[::-1], profiles[::-1], states[::-1], k, days=DAYS, at=AT, limits=limits)
    assert mixed == found


def boys(number: int, **facts: Any) -> list[Need]:
    return [woman(sex="male", gender="masculine", age=15, **facts) for _ in range(number)]


def for_boys(stay_days: int = 90) -> Profile:
    rules = (Criterion(True, "sex", frozenset({"male"})), Criterion(True, "age", least=12, most=17))
    return Profile("boys", site(criteria=rules), stay_days)


def for_women(stay_days: int = 90) -> Profile:
    return Profile("women", site(criteria=(Criterion(True, "sex", frozenset({"female"})),)), stay_days)


def test_places_are_planned_where_most_needs_are_left_and_for_whom() -> None:
    needs = [*boys(5, state="S"), *boys(1, state="N"), woman(state="N")]
    strict = replace(LIMITS, needs_agreement=True)
    found = plan_capacity(needs, [for_women(), for_boys()], ["N", "S"], 2, days=DAYS, at=AT, limits=strict)
    assert [(row.state, row.profile, row.places, row.closes) for row in found.places] == [("S", "boys", 2, 4)]
    assert (found.closed, found.needs) == (4, 7)


@pytest.mark.parametrize("state", ["N", "S"])
def test_a_place_in_the_persons_own_state_is_preferred(state: str) -> None:
    found = plan_capacity(boys(2, state=state), [for_boys()], ["N", "S"], 1, days=DAYS, at=AT, limits=LIMITS)
    assert [(row.state, row.at_home) for row in found.places] == [(state, 2)]


def test_no_more_places_are_asked_for_than_are_of_use() -> None:
    found = plan_capacity(boys(1), [for_boys(stay_days=400)], ["N"], 5, days=DAYS, at=AT, limits=LIMITS)
    assert [row.places for row in found.places] == [1]


def test_one_place_does_not_house_a_family_of_three_at_once() -> None:
    mothers = [woman(beds=3)]
    assert plan_capacity(mothers, [for_women(30)], ["N"], 2, days=DAYS, at=AT, limits=LIMITS).closed == 0
    assert plan_capacity(mothers * 2, [for_women(30)], ["N"], 3, days=DAYS, at=AT, limits=LIMITS).closed == 2


def test_a_plan_states_what_it_takes_for_granted() -> None:
    found = plan_capacity([], [for_women(), for_boys(50)], ["N"], 3, days=DAYS, at=AT, limits=LIMITS)
    assert {*codes(found.assumptions)} == {*ASSUMPTIONS}
    turnover = [reason.detail for reason in found.assumptions if reason.code == "turnover"]
    assert turnover == [
        {"profile": "boys", "stay_days": "50", "stays": "3"},
        {"profile": "women", "stay_days": "90", "stays": "2"},
    ]
    assert (found.places, found.closed) == ((), 0)


@pytest.mark.parametrize(
    ("needs", "profiles", "states", "k", "said"),
    [
        ([woman(beds=0)], [for_women()], ["N"], 1, "beds"),
        ([woman()], [], ["N"], 1, "profile"),
        ([woman()], [for_women()], [], 1, "state"),
        ([woman()], [for_women(0)], ["N"], 1, "a day"),
        ([woman()], [for_women()], ["N"], -1, "places"),
    ],
)
def test_a_plan_that_cannot_be_made_says_why(
    needs: list[Need], profiles: list[Profile], states: list[str], k: int, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        plan_capacity(needs, profiles, states, k, days=DAYS, at=AT, limits=LIMITS)


def test_an_agreement_lets_a_place_serve_the_other_state() -> None:
    strict = replace(LIMITS, needs_agreement=True)
    options: dict[str, Any] = {"days": DAYS, "at": AT, "limits": strict}
    assert plan_capacity(boys(1, state="S"), [for_boys()], ["N"], 1, **options).closed == 0
    agreed = [AgreementFacts("S", "N")]
    assert plan_capacity(boys(1, state="S"), [for_boys()], ["N"], 1, agreements=agreed, **options).closed == 1


# --- the unmet need ---


def test_an_unmet_need_is_recorded_for_each_service_with_the_nearest_reason() -> None:
    need = woman(sex="male", age=15, services=frozenset({"SHELTER", "EDU"}), state="S")
    both = frozenset({"SHELTER", "EDU"})
    strict = site(services=both, criteria=(Criterion(True, "boys_age", most=13),))
    far = site(2, services=both, criteria=strict.criteria, units=(unit(free=0),))
    edu, shelter = unmet_needs(need, ranked(need, far, strict))
    assert (edu.service, shelter.service) == ("EDU", "SHELTER")
    assert (edu.sex, edu.age, edu.state, edu.form) == ("male", 15, "S", "sexual")
    assert edu.reason.code == "boys_age"
    assert [(change.kind, change.site_id) for change in edu.changes] == [("rule", UUID(int=1))]


def test_no_need_is_unmet_when_something_fits() -> None:
    assert unmet_needs(woman(), ranked(woman(), site())) == ()


@pytest.mark.parametrize(("forms", "said"), [((), ""), (("labour",), "labour"), (("labour", "sexual"), "several")])
def test_several_forms_are_one_cell(forms: tuple[str, ...], said: str) -> None:
    need = woman(forms=frozenset(forms))
    assert [one.form for one in unmet_needs(need, ranked(need))] == [said]


def test_where_there_is_no_site_or_only_what_the_law_bars_the_reason_says_so() -> None:
    assert nearest_reason(ranked(woman())).code == "no_site"
    barred = site(barred=True, article="90 VI", units=())
    assert nearest_reason(ranked(woman(), barred)) == Reason(
        "barred_kind", detail={"kind": "shelter", "article": "90 VI"}
    )
