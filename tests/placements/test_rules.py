"""The matcher, the least changes, the assignment of many, the plan of new places, the unmet need; judged by slow twins."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.directory.rules import FACTS, AgreementFacts, Criterion, SiteFacts, UnitFacts
from enlace.placements.rules import (
    ASSUMPTIONS,
    FILTERS,
    RANKING,
    STAY,
    WARNINGS,
    Child,
    Limits,
    Need,
    Offer,
    Place,
    Profile,
    Ranked,
    Reason,
    SiteTable,
    Weights,
    admits,
    assign_many,
    least_changes,
    match,
    match_in,
    nearest_reason,
    plan_capacity,
    stays,
    unmet_needs,
)
from tests.placements import invented, oracle
from tests.placements.invented import AT, LIMITS, site, unit, woman

often = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seldom = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ranked(
    need: Need, *sites: SiteFacts, limits: Limits = LIMITS, agreements: tuple[AgreementFacts, ...] = ()
) -> Ranked:
    return match(need, sites, agreements, AT, limits)


def only(need: Need, one: SiteFacts, **options: Any) -> Offer:
    """The single site, wherever it stands in the answer."""
    found = ranked(need, one, **options)
    (offer,) = (*found.offers, *found.barred_by_law)
    return offer


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]


def refusing(**criterion: Any) -> SiteFacts:
    return site(criteria=(Criterion(**{"must": False, **criterion}),))


# --- one condition ---


@often
@given(invented.criteria, invented.needs)
def test_a_condition_says_what_every_possible_person_would_get(criterion: Criterion, need: Need) -> None:
    assert admits(criterion, need) == oracle.admits(criterion, need)


def test_an_age_group_that_lies_within_a_condition_is_enough_to_know() -> None:
    from_twelve = Criterion(must=True, fact="age", least=12, most=17)
    assert admits(from_twelve, Need(age_span=(12, 17))) is True
    assert admits(from_twelve, Need(age_span=(0, 11))) is False
    assert admits(from_twelve, Need(age_span=(0, 17))) is None


def test_the_limit_for_boys_is_asked_of_sons_too_and_never_of_daughters() -> None:
    under_fourteen = Criterion(must=True, fact="boys_age", most=13)
    assert admits(under_fourteen, woman(children=(Child("female", 16), Child("male", 13)))) is True
    assert admits(under_fourteen, woman(children=(Child("male", 14),))) is False
    assert admits(under_fourteen, woman(children=(Child("male"),))) is None
    assert admits(under_fourteen, woman(sex="male", age=25)) is False


def test_children_nobody_asked_about_leave_the_limit_for_boys_open() -> None:
    assert admits(Criterion(must=True, fact="boys_age", most=13), woman(children=None)) is None


# --- matching ---


def told(verdict: oracle.Verdict) -> tuple[object, ...]:
    """What the oracle found of one site, in the shape of ``seen``."""
    barriers = verdict.law + verdict.fixed + [code for code in verdict.changes if code != "bed"]
    unit_id = verdict.unit.unit_id if verdict.unit else None
    missing = verdict.changes.count("bed")
    warned = sorted([f"ask {fact}" for fact in verdict.questions] + verdict.others)
    found = (verdict.site.site_id, unit_id, verdict.score, verdict.fits)
    return (*found, sorted(verdict.pros), sorted(verdict.cons), sorted(barriers), missing, warned)


def seen(offer: Offer) -> tuple[object, ...]:
    soft = sorted(reason.code for reason in offer.against if reason.weight is not None)
    barriers = sorted(reason.code for reason in offer.barriers if reason.code != "beds")
    missing = sum(int(reason.detail["missing"]) for reason in offer.barriers if reason.code == "beds")
    warned = sorted(
        f"ask {reason.detail['fact']}" if reason.code == "ask" else reason.code for reason in offer.warnings
    )
    found = (offer.site_id, offer.unit_id, offer.score, offer.fits)
    return (*found, sorted(codes(offer.for_)), soft, barriers, missing, warned)


@often
@given(invented.needs, invented.directories(), invented.agreements, invented.limits)
def test_matching_is_what_the_oracle_says_site_by_site(
    need: Need, sites: list[SiteFacts], agreements: list[AgreementFacts], limits: Limits
) -> None:
    found = match(need, sites, agreements, AT, limits)
    allowed, barred = oracle.rank(need, sites, agreements, AT, limits, Weights())
    assert [seen(offer) for offer in found.offers] == [told(verdict) for verdict in allowed]
    assert [seen(offer) for offer in found.barred_by_law] == [told(verdict) for verdict in barred]


@often
@given(invented.needs, invented.directories(), invented.agreements, invented.limits, st.randoms())
def test_the_answer_never_depends_on_any_order(
    need: Need, sites: list[SiteFacts], agreements: list[AgreementFacts], limits: Limits, random: Any
) -> None:
    def shuffled(items: Any) -> list[Any]:
        return random.sample(list(items), len(items))

    mixed = [
        replace(
            one,
            criteria=tuple(shuffled(one.criteria)),
            units=tuple(replace(each, criteria=tuple(shuffled(each.criteria))) for each in shuffled(one.units)),
        )
        for one in shuffled(sites)
    ]
    assert match(need, mixed, shuffled(agreements), AT, limits) == match(need, sites, agreements, AT, limits)


@often
@given(invented.needs, invented.directories(), invented.sites(9), invented.limits)
def test_one_more_site_never_lowers_the_best(
    need: Need, sites: list[SiteFacts], more: SiteFacts, limits: Limits
) -> None:
    before, after = match(need, sites, (), AT, limits).best, match(need, [*sites, more], (), AT, limits).best
    assert before is None or (after is not None and after.score >= before.score)


points = st.integers(0, 10**9)


@often
@given(
    invented.needs,
    invented.directories(),
    invented.limits,
    st.builds(Weights, **dict.fromkeys(asdict(Weights()), points)),
)
def test_no_weight_outweighs_the_law_or_any_hard_filter(
    need: Need, sites: list[SiteFacts], limits: Limits, weights: Weights
) -> None:
    found = match(need, sites, (), AT, limits, weights)
    closed = {one.site_id for one in sites if one.barred or not one.accepts_trafficking}
    assert {offer.site_id for offer in found.barred_by_law} == closed
    assert not any(offer.fits for offer in found.barred_by_law)
    assert all(offer.fits == (not offer.barriers) for offer in found.offers)
    assert sorted(found.offers, key=lambda offer: not offer.fits) == list(found.offers)


@often
@given(invented.needs, invented.directories(), invented.agreements, invented.limits)
def test_the_score_is_the_sum_of_the_reasons_for_and_every_code_has_a_name(
    need: Need, sites: list[SiteFacts], agreements: list[AgreementFacts], limits: Limits
) -> None:
    found = match(need, sites, agreements, AT, limits)
    for offer in (*found.offers, *found.barred_by_law):
        assert offer.score == sum(reason.weight or 0 for reason in offer.for_)
        assert {*codes(offer.for_)} <= {*RANKING}
        assert {*codes(offer.against)} <= {*FILTERS, *RANKING.values()}
        assert {*codes(offer.warnings)} <= {*WARNINGS}
        order = [FILTERS.index(code) for code in codes(offer.barriers) if code not in FACTS]
        assert order == sorted(order)


@pytest.mark.parametrize(
    ("house", "code"),
    [
        (site(barred=True, article="90 VI"), "barred_kind"),
        (site(accepts_trafficking=False), "not_accepting"),
        (site(services=frozenset({"LEGAL"})), "service"),
        (site(units=()), "no_unit"),
        (refusing(fact="sex", values=frozenset({"female"})), "sex"),
        (refusing(fact="form", values=frozenset({"sexual"})), "form"),
        (site(criteria=(Criterion(must=True, fact="pregnancy"),)), "pregnancy"),
        (site(units=(unit(criteria=(Criterion(must=True, fact="age", most=17),)),)), "age"),
        (site(units=(unit(free=0),)), "beds"),
        (site(units=(unit(free=-1),)), "beds"),
        (site(state="S"), "area"),
        (site(7), "refused"),
    ],
)
def test_each_hard_filter_keeps_a_site_out_and_gives_its_reason(house: SiteFacts, code: str) -> None:
    need = woman(avoid_states=frozenset({"S"}), refused_sites=frozenset({UUID(int=7)}))
    offer = only(need, house)
    assert codes(offer.barriers) == [code]
    assert not offer.fits


def test_filters_of_the_person_keep_a_site_out_and_give_their_reason() -> None:
    assert codes(only(woman(has_consent_or_ground=False), site()).barriers) == ["ground"]
    assert codes(only(woman(security=2), site(security=1)).barriers) == ["security"]
    assert codes(only(woman(accessibility=frozenset({"ramp"})), site()).barriers) == ["accessibility"]


def test_consent_for_one_agency_or_its_refusal_goes_before_what_was_said_of_all() -> None:
    told, not_told = frozenset({"HOUSE_1"}), frozenset({"HOUSE_2"})
    need = woman(has_consent_or_ground=False, consented_agencies=told)
    assert [(offer.agency_code, offer.fits) for offer in ranked(need, site(1), site(2)).offers] == [
        ("HOUSE_1", True),
        ("HOUSE_2", False),
    ]
    assert codes(only(woman(refused_agencies=not_told), site(2)).barriers) == ["ground"]
    assert only(woman(refused_agencies=not_told), site(1)).fits


def test_several_reasons_stand_in_the_order_of_the_filters() -> None:
    bad = site(
        barred=True,
        services=frozenset(),
        criteria=(Criterion(must=False, fact="sex", values=frozenset({"female"})),),
        units=(unit(free=0, criteria=(Criterion(must=True, fact="pregnancy"),)),),
    )
    offer = only(woman(has_consent_or_ground=False, avoid_states=frozenset({"N"})), bad)
    assert codes(offer.barriers) == ["barred_kind", "service", "sex", "pregnancy", "beds", "ground", "area"]
    assert [reason.detail.get("of") for reason in offer.barriers[2:4]] == ["site", "unit"]


def test_what_is_not_known_excludes_nobody_and_is_asked_once() -> None:
    not_pregnant = Criterion(must=False, fact="pregnancy")
    house = site(criteria=(not_pregnant,), units=(unit(criteria=(not_pregnant,)),))
    offer = only(woman(pregnant=None), house)
    assert offer.fits
    assert offer.warnings == (Reason("ask", detail={"fact": "pregnancy"}),)


@pytest.mark.parametrize(("hours", "said"), [(24, None), (25, "25"), (None, "")])
def test_a_vacancy_not_confirmed_lately_is_offered_with_a_warning(hours: int | None, said: str | None) -> None:
    since = None if hours is None else AT - timedelta(hours=hours)
    offer = only(woman(), site(units=(unit(confirmed_at=since),)))
    assert offer.fits
    assert offer.warnings == (() if said is None else (Reason("stale", detail={"hours": said}),))


def test_a_full_house_is_not_warned_of_as_stale() -> None:
    assert only(woman(), site(units=(unit(free=0, confirmed_at=None),))).warnings == ()


def test_an_interpreter_is_called_for_where_nobody_speaks_the_language() -> None:
    asked = woman(languages=frozenset({"north_tongue"}), needs_interpreter=True)
    assert codes(only(asked, site()).warnings) == ["interpreter"]
    assert codes(only(asked, site(languages=frozenset({"north_tongue"}))).warnings) == []


def test_help_without_lodging_looks_at_no_bed() -> None:
    offer = only(woman(beds=0, services=frozenset({"LEGAL"})), site(services=frozenset({"LEGAL"}), units=()))
    assert offer.fits
    assert offer.unit_id is None


def test_a_mother_and_her_children_need_beds_in_one_unit() -> None:
    apart = site(units=(unit(1, free=2), unit(2, free=1)))
    offer = only(woman(beds=3, children=(Child("female", 3), Child("female", 5))), apart)
    assert offer.barriers == (Reason("beds", detail={"free": "2", "total": "4", "missing": "1"}),)
    assert offer.unit_id == UUID(int=1)


def test_the_unit_offered_is_the_one_confirmed_lately_then_the_one_with_most_room() -> None:
    old = unit(1, free=4, confirmed_at=AT - timedelta(days=3))
    assert only(woman(), site(units=(old, unit(2, free=1), unit(3, free=2)))).unit_id == UUID(int=3)


def test_of_equal_points_the_one_without_warnings_comes_first_then_the_one_with_most_room() -> None:
    stale = site(1, units=(unit(free=4, confirmed_at=None),))
    little, much = site(2, units=(unit(free=1),)), site(3, units=(unit(free=3),))
    assert [offer.site_id.int for offer in ranked(woman(), stale, little, much).offers] == [3, 2, 1]


def test_houses_that_are_alike_stand_by_agency_and_id() -> None:
    houses = [site(1, agency_code="B"), site(2, agency_code="A"), site(3, agency_code="A")]
    for mixed in permutations(houses):
        assert [offer.site_id.int for offer in ranked(woman(), *mixed).offers] == [2, 3, 1]


def test_every_named_weight_moves_a_site_up() -> None:
    limits = replace(LIMITS, kilometres={("N", "W"): 900.0, ("S", "W"): 900.0, ("E", "W"): 10.0})
    need = woman(days=90, avoid_states=frozenset({"W"}))
    worse = {
        "specialised": {"specialised": False},
        "language": {"languages": frozenset()},
        "same_state": {"state": "S"},
        "safe_distance": {"state": "E"},
        "long_enough": {"max_stay_days": 89},
        "goes_out": {"may_go_out_alone": False},
        "not_tied": {"only_while_trial": True},
    }
    for code, facts in worse.items():
        good, bad = ranked(need, site(2), site(1, **facts), limits=limits).offers
        assert good.site_id == UUID(int=2)
        assert code in {*codes(good.for_)} - {*codes(bad.for_)}
        assert RANKING[code] in codes(bad.against)


def test_an_agreement_counts_for_its_site_and_its_service_only() -> None:
    def points_for(agreement: AgreementFacts) -> bool:
        return "agreement" in codes(only(woman(), site(state="S"), agreements=(agreement,)).for_)

    assert points_for(AgreementFacts("N", "S"))
    assert points_for(AgreementFacts("N", "S", UUID(int=1), "SHELTER"))
    assert not points_for(AgreementFacts("N", "S", UUID(int=5)))
    assert not points_for(AgreementFacts("N", "S", service="LEGAL"))
    assert not points_for(AgreementFacts("S", "N"))


def test_where_an_agreement_is_required_its_absence_keeps_a_site_of_another_state_out() -> None:
    strict = replace(LIMITS, needs_agreement=True)
    offer = only(woman(), site(state="S"), limits=strict)
    assert offer.barriers == (Reason("no_agreement", detail={"from": "N", "to": "S"}),)
    assert only(woman(), site(state="S"), limits=strict, agreements=(AgreementFacts("N", "S"),)).fits
    assert only(woman(), site(), limits=strict).fits
    assert only(woman(state=""), site(state="S"), limits=strict).fits  # nobody knows that it would be another state


def test_an_empty_directory_gives_an_empty_answer() -> None:
    assert ranked(woman()) == Ranked((), (), ())
    assert ranked(woman()).best is None


def test_a_table_made_once_serves_many_people_alike() -> None:
    houses = [site(1), site(2, criteria=(Criterion(must=True, fact="sex", values=frozenset({"male"})),))]
    table = SiteTable(houses)
    for need in (woman(), woman(sex="male", age=30), woman(state="S")):
        assert match_in(need, table, AT, LIMITS) == match(need, houses, (), AT, LIMITS)


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


# Stays

BEGAN = datetime(2025, 3, 1, 12, tzinfo=UTC)
STAY_LIMITS = {"placement_hold": timedelta(hours=36), "stay_alert": timedelta(days=10)}


def living(**changes: Any) -> stays.Lived:
    said: dict[str, Any] = {"admitted_at": BEGAN, "agreed_at": BEGAN, "may_go_out": True}
    return stays.Lived(**(said | changes))


def test_leaving_is_possible_from_every_day_of_a_stay_and_no_clock_ends_one() -> None:
    assert "exit" in STAY.verbs(stays.ADMITTED)
    assert {state for state in STAY.states if "lapse" in STAY.verbs(state)} == {stays.HELD}
    assert {state for state in STAY.states if not STAY.verbs(state)} == set(stays.ENDED)


@pytest.mark.parametrize(
    ("changes", "day", "reasons"),
    [
        ({}, 400, ()),
        ({"may_go_out": False}, 10, ()),
        ({"may_go_out": False}, 11, ("closed_door",)),
        ({"may_go_out": False, "agreed_at": BEGAN + timedelta(days=5)}, 11, ()),
        ({"limit_at": BEGAN + timedelta(days=20)}, 20, ()),
        ({"limit_at": BEGAN + timedelta(days=20)}, 21, ("past_limit",)),
        ({"limit_at": BEGAN + timedelta(days=20), "agreed_at": BEGAN + timedelta(days=21)}, 25, ()),
        ({"wants_out_at": BEGAN}, 0, ("wants_to_leave",)),
        (
            {"wants_out_at": BEGAN, "may_go_out": False, "limit_at": BEGAN + timedelta(days=20)},
            21,
            ("wants_to_leave", "closed_door", "past_limit"),
        ),
    ],
)
def test_what_looks_like_detention_and_why(changes: dict[str, Any], day: int, reasons: tuple[str, ...]) -> None:
    assert stays.looks_like_detention(living(**changes), BEGAN + timedelta(days=day), STAY_LIMITS) == reasons


def test_the_exit_plan_is_due_before_the_limit_until_it_is_written() -> None:
    stay = living(limit_at=BEGAN + timedelta(days=30))
    assert stays.alerts_of(stay, BEGAN + timedelta(days=19), STAY_LIMITS) == {}
    assert stays.alerts_of(stay, BEGAN + timedelta(days=20), STAY_LIMITS) == {"exit_plan": ()}
    past = stays.alerts_of(replace(stay, has_exit_plan=True), BEGAN + timedelta(days=31), STAY_LIMITS)
    assert past == {"detention": ("past_limit",), "limit": ()}
    assert stays.exit_plan_due(None, STAY_LIMITS) is None


@given(
    agreed=st.integers(0, 60),
    limit=st.none() | st.integers(1, 60),
    day=st.integers(0, 120),
    goes_out=st.booleans(),
)
def test_asking_again_today_silences_all_but_a_wish_to_leave(
    agreed: int, limit: int | None, day: int, goes_out: bool
) -> None:
    limit_at = None if limit is None else BEGAN + timedelta(days=limit)
    at = BEGAN + timedelta(days=max(agreed, day))
    asked = living(agreed_at=at, may_go_out=goes_out, limit_at=limit_at)
    assert stays.looks_like_detention(asked, at, STAY_LIMITS) == ()
    wants_out = replace(asked, wants_out_at=at)
    assert "wants_to_leave" in stays.looks_like_detention(wants_out, at, STAY_LIMITS)


def test_the_checks_of_a_stay() -> None:
    assert stays.held_until(BEGAN, STAY_LIMITS) == BEGAN + timedelta(hours=36)
    assert stays.limit_of(BEGAN, None) is None
    stays.check_agreement(True)
    stays.check_times(BEGAN, BEGAN)
    stays.check_extension(True, BEGAN, 5, False)
    for refused in (
        lambda: stays.check_agreement(False),
        lambda: stays.check_times(BEGAN, BEGAN - timedelta(seconds=1)),
        lambda: stays.check_extension(True, None, 5, False),
        lambda: stays.check_extension(True, BEGAN, None, False),
        lambda: stays.check_extension(True, BEGAN, 5, True),
        lambda: stays.check_extension(False, BEGAN, 5, False),
    ):
        with pytest.raises(Refusal):
            refused()
