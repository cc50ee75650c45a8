"""The packs that are kept in the repository say what their sources say."""

from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from decimal import Decimal

import pytest

from enlace.base.permissions import PERMISSIONS as SPOKEN
from enlace.country.codelists import CODES, LISTS
from enlace.country.loader import Pack
from enlace.country.roles import CASEWORK, PERMISSIONS


def total(pack: Pack, indicator: str, period: str, **breakdown: str) -> Decimal:
    """The one figure with exactly this breakdown."""
    (figure,) = [f for f in pack.figures_for(indicator, period) if f.breakdown == breakdown and "-" not in f.area]
    assert figure.value is not None
    return figure.value


def parts(pack: Pack, indicator: str, period: str, name: str, **others: str) -> Decimal:
    """The sum of the figures broken down by ``name``."""
    found = [
        f.value
        for f in pack.figures_for(indicator, period)
        if name in f.breakdown and {k: v for k, v in f.breakdown.items() if k != name} == others
    ]
    assert len(found) > 1
    return sum((value for value in found if value is not None), Decimal(0))


def test_mexico_has_32_states_each_with_a_tile_and_a_border(mx: Pack) -> None:
    assert len(mx.states) == len(mx.tiles) == 32
    assert mx.borders is not None
    assert {feature["id"] for feature in mx.borders["features"]} == {state.code for state in mx.states}


def test_a_state_carries_its_three_codes_and_its_name_in_both_languages(mx: Pack) -> None:
    city = mx.state("MX-CMX")
    assert (city.national_code, city.person_code) == ("09", "DF")
    assert (city.name("es"), city.name("en")) == ("Ciudad de México", "Mexico City")


def test_the_census_adds_up_to_the_published_total(mx: Pack) -> None:
    assert mx.census_population(None) == 126_014_024
    assert mx.census_population(None, "female") == 64_540_634
    assert mx.census_population("MX-PUE", "male") == 3_160_115


def test_the_projection_of_2020_adds_up_to_the_published_totals(mx: Pack) -> None:
    assert mx.population(None, 2020) == 128_209_170
    assert mx.population(None, 2020, age_group="minor") == 39_858_596
    assert mx.population("MX-AGU", 2020, "female", "minor") == 238_997


def test_a_year_that_is_not_known_has_no_population_rather_than_zero(mx: Pack) -> None:
    assert mx.population(None, 2014) is None
    assert mx.population("MX-AGU", 2031, "male") is None


def test_there_are_180_published_figures_and_15_warnings(mx: Pack) -> None:
    assert len(mx.figures) == 180
    assert [caveat.number for caveat in mx.caveats] == list(range(1, 16))


def test_none_reported_is_no_value_and_not_zero(mx: Pack) -> None:
    (visas,) = mx.figures_for("humanitarian_visas", "2020")
    assert (visas.value, visas.qualifier) == (None, "none_reported")
    (gap,) = [f for f in mx.figures_for("investigations_opened", "2020") if f.area == "MX-CAM"]
    assert (gap.value, gap.qualifier) == (Decimal(0), "")


def test_marks_in_notes_become_qualifiers_and_leave_the_note(mx: Pack) -> None:
    assert {f.qualifier for f in mx.figures} == {
        "",
        "at_least",
        "more_than",
        "approximately",
        "none_reported",
    }
    assert not [f for f in mx.figures if f.note.startswith("[")]


@pytest.mark.parametrize(
    ("indicator", "period", "whole", "name", "others", "expected"),
    [
        (
            "investigations_opened",
            "2020",
            {"jurisdiction": "state"},
            "exploitation",
            {"jurisdiction": "state"},
            550,
        ),
        ("prosecutions", "2020", {"jurisdiction": "federal"}, "stage", {"jurisdiction": "federal"}, 75),
        ("hotline_victims", "2020", {}, "sex", {}, 245),
        ("hotline_victims", "2020", {}, "nationality", {}, 245),
        ("victims_abroad", "2020-H1", {}, "group", {}, 313),
        ("cndh_claims", "2020-11", {}, "outcome", {}, 6),
    ],
)
def test_a_stated_total_equals_its_parts(
    mx: Pack, indicator: str, period: str, whole: dict, name: str, others: dict, expected: int
) -> None:
    stated = [f.value for f in mx.figures_for(indicator, period) if f.breakdown == whole]
    assert Decimal(expected) in stated
    assert parts(mx, indicator, period, name, **others) == expected


def test_convictions_of_2020_equal_their_federal_and_state_parts(mx: Pack) -> None:
    figures = [f for f in mx.figures_for("convictions", "2020") if "exploitation" in f.breakdown]
    assert sum(f.value for f in figures) == total(mx, "convictions", "2020", jurisdiction="federal+state") == 59


def test_referrals_of_the_hotline_equal_the_people_it_identified(mx: Pack) -> None:
    assert parts(mx, "hotline_referrals", "2020", "services") == total(mx, "hotline_victims", "2020") == 245


def test_people_identified_abroad_equal_those_in_each_place(mx: Pack) -> None:
    by_area = {f.area: f.value for f in mx.figures_for("victims_abroad", "2020-H1") if not f.breakdown}
    assert by_area["US"] + by_area["other_countries"] == by_area["abroad"] == 313


def test_the_eleven_forms_carry_the_fraction_and_the_penalties_of_their_articles(mx: Pack) -> None:
    assert [form.extra["fraction"] for form in mx.forms] == [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI",
    ]  # fmt: skip
    for form in mx.forms:
        offences = [offence for offence in mx.offences if offence.form == form.code]
        assert min(o.prison_min_years for o in offences) == int(form.extra["penalty_min_years"])
        assert max(o.prison_max_years for o in offences) == int(form.extra["penalty_max_years"])


def test_every_form_has_a_counterpart_in_every_standard(mx: Pack, xx: Pack) -> None:
    for pack in (mx, xx):
        for form in pack.forms:
            assert set(form.maps) == {"htcds", "ctdc", "glotip"}


def test_mexico_lists_249_countries_68_indigenous_languages_and_27_services(mx: Pack) -> None:
    assert len(mx.codes("country")) == 249
    assert mx.codes("country").label("US", "es") == "Estados Unidos"
    assert sum(1 for item in mx.codes("language") if item.extra["family"]) == 68
    assert len(mx.codes("service")) == 27


def test_time_limits_are_spans(mx: Pack) -> None:
    assert mx.limits["referral_answer_shelter"] == timedelta(hours=4)
    assert mx.limits["referral_answer"] == timedelta(hours=24)
    assert mx.limits["stay_alert"] == timedelta(days=15)
    assert mx.limits_by_name["residence_card"].source == "K"
    assert mx.followups == tuple(timedelta(days=days) for days in (30, 91, 182, 365))


def test_both_packs_have_every_list_and_every_code_the_application_speaks_of(mx: Pack, xx: Pack) -> None:
    for pack in (mx, xx):
        assert set(LISTS) <= set(pack.list_names)
        for name, codes in CODES.items():
            assert all(code in pack.codes(name) for code in codes)


def test_the_fictional_country_differs_from_mexico_where_code_could_lean_on_it(mx: Pack, xx: Pack) -> None:
    assert (xx.languages, mx.languages) == (("en", "es"), ("es", "en"))
    assert not {form.code for form in xx.forms} & {form.code for form in mx.forms}
    assert (xx.adult_age, xx.disclosure.threshold, len(xx.states)) == (16, 5, 3)
    assert all(xx.limits[name] != mx.limits[name] for name in ("referral_answer", "screening", "plan", "break_glass"))
    assert (xx.borders, xx.census_population(None)) == (None, None)


def test_mexico_has_21_roles_and_the_fictional_country_thirteen(mx: Pack, xx: Pack) -> None:
    assert [role.code for role in mx.roles] == [f"R{number:02}" for number in range(1, 22)]
    assert len(xx.roles) == 13


def test_who_manages_accounts_can_neither_do_casework_nor_hold_a_role_that_does(mx: Pack, xx: Pack) -> None:
    for pack in (mx, xx):
        administrator = pack.role("R19")
        assert not administrator.permissions & CASEWORK
        readers = {role.code for role in pack.roles if any(role.data_classes[c] != "-" for c in "ABCDEFG")}
        assert readers <= administrator.incompatible_with


def test_who_computes_statistics_may_not_read_identities_in_another_role(mx: Pack) -> None:
    readers = {role.code for role in mx.roles if role.data_classes["A"] != "-"}
    assert readers <= mx.role("R17").incompatible_with
    assert mx.role("R17").data_classes["A"] == "-"


def test_permissions_in_packs_are_the_ones_the_house_speaks_of() -> None:
    assert set(SPOKEN) == PERMISSIONS


def test_each_state_has_a_child_protection_authority_and_thirty_have_a_prosecution_unit(mx: Pack) -> None:
    kinds = {
        kind: {a.state_code for a in mx.agencies if a.kind_code == kind and a.state_code}
        for kind in ("child_protection", "prosecutor")
    }
    assert len(kinds["child_protection"]) == 32
    assert len(kinds["prosecutor"]) == 30


def test_every_shelter_in_the_packs_is_synthetic(mx: Pack, xx: Pack) -> None:
    shelters = [agency for pack in (mx, xx) for agency in pack.agencies if agency.kind_code == "shelter"]
    assert len(shelters) == 8
    assert all(agency.synthetic for agency in shelters)


def test_a_code_is_offered_only_while_it_is_valid(dated: Pack) -> None:
    sexes = dated.codes("sex")
    assert "other" not in dict(sexes.choices("en", on=date(2019, 12, 31)))
    assert "other" in dict(sexes.choices("en", on=date(2020, 1, 1)))
    assert "other" not in dict(sexes.choices("en", on=date(2021, 1, 1)))
    assert "other" in dict(sexes.choices("en"))


def test_an_unknown_code_is_shown_as_it_is(xx: Pack) -> None:
    assert xx.codes("service").get("OLD_ONE") is None
    assert xx.codes("service").label("OLD_ONE", "es") == "OLD_ONE"


def test_an_unknown_language_falls_back_to_the_default_one(xx: Pack) -> None:
    assert xx.codes("sex").label("female", "fr") == "Female"
    assert xx.state("XX-N").name("fr") == "Northmark"


def test_an_age_falls_in_the_group_of_its_country(mx: Pack, xx: Pack) -> None:
    assert [mx.age_group(age) for age in (0, 11, 12, 17, 18, 60, 99, None)] == [
        "0_11", "0_11", "12_17", "12_17", "18_29", "60_plus", "60_plus", "unknown",
    ]  # fmt: skip
    assert [xx.age_group(age) for age in (15, 16, 24, 25)] == ["0_15", "16_24", "16_24", "25_plus"]


def test_a_pack_cannot_be_changed(xx: Pack) -> None:
    with pytest.raises(FrozenInstanceError):
        xx.codes("sex").get("female").code = "x"
