"""The matcher, judged by its slow twin, filter by filter and point by point."""

from dataclasses import asdict, replace
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.directory.rules import FACTS, AgreementFacts, Criterion, SiteFacts
from enlace.placements.rules import (
    FILTERS,
    RANKING,
    WARNINGS,
    Child,
    Limits,
    Need,
    Offer,
    Ranked,
    Reason,
    SiteTable,
    Weights,
    admits,
    match,
    match_in,
)
from tests.placements import invented, oracle
from tests.placements.invented import AT, LIMITS, site, unit, woman
from tests.placements.offering import codes, often, only, ranked, refusing

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
