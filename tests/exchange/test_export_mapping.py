"""Whatever a record of the standard says, our rows hold it and say it again; what is changed here is said anew."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.country.loader import Pack, load
from enlace.country.queries import folder
from enlace.exchange.htcds_mapping import (
    AGE,
    CASE_CODES,
    CASE_LISTS,
    CHILDREN,
    CITIZENSHIP,
    MAX_AGE,
    PERSON_CODES,
    VERB_OF_STATUS,
    Incoming,
    Outgoing,
    Words,
    incoming,
    outgoing,
    problems,
    words_of,
)
from enlace.exchange.standard_htcds import fields
from enlace.vault.rules import identity_of, items_of
from tests.exchange.test_write_htcds import values_of

LATE = datetime(2101, 1, 1, tzinfo=UTC)
OUTCOMES = {"identify": "identified", "not_confirm": "not_confirmed", "": "presumed"}
VALUES = st.fixed_dictionaries({}, optional={name: values_of(field) for name, field in fields().items()})


@cache
def words(country: str) -> Words:
    return words_of(pack(country))


@cache
def pack(country: str) -> Pack:
    return load(folder(country))


def stored(found: Incoming) -> Outgoing:
    """What the tables and the vault would give back of one record."""
    person, case = found.registration, found.opening
    singles = {name: getattr(person, column) for name, (column, _list) in PERSON_CODES.items()}
    singles |= {name: getattr(case, column) for name, (column, _list) in CASE_CODES.items()}
    lists: dict[str, list[str]] = {}
    for coded in case.codes:
        lists.setdefault(coded.list_name, []).append(coded.code)
    return Outgoing(
        codes={name: (code,) for name, code in singles.items()}
        | {name: tuple(lists.get(list_name, ())) for name, list_name in CASE_LISTS.items()}
        | {CITIZENSHIP: person.citizenship_codes},
        numbers={AGE: case.age_when_trafficked, CHILDREN: person.children_count},
        is_deceased=person.is_deceased,
        identification=OUTCOMES[found.verb],
        body_code=found.body_code if found.verb else None,
        is_closed=bool(found.closing),
        closure_code=found.closing,
        consent=found.consent,
        is_imported=True,
        standard=json.loads(json.dumps(case.standard)),
        identity=identity_of(items_of(found.identity)),
    )


def brought_in(values: dict[str, Any], country: str = "mx") -> Outgoing:
    return stored(incoming(values, words=words(country), source_ref="htcds:a:1", now=LATE))


@pytest.mark.slow
@pytest.mark.parametrize("country", ["mx", "xx"])
@given(values=VALUES)
def test_every_record_comes_out_as_it_came_in(country: str, values: dict[str, Any]) -> None:
    values = {name: value for name, value in values.items() if name != AGE or value <= MAX_AGE}
    assert outgoing(brought_in(values, country), words(country)) == values


@pytest.mark.parametrize("country", ["mx", "xx"])
@given(values=VALUES)
def test_a_national_code_is_one_of_our_lists(country: str, values: dict[str, Any]) -> None:
    found, lists = incoming(values, words=words(country), source_ref="a", now=LATE), pack(country)
    assert all(coded.code in lists.codes(coded.list_name) for coded in found.opening.codes)
    assert all(code in lists.codes("country") for code in found.registration.citizenship_codes)
    for column, list_name in PERSON_CODES.values():
        assert getattr(found.registration, column) in ("", *lists.codes(list_name).by_code)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Servitude", "servitude"),
        ("ForcedLabour", "forced_labour"),
        ("ForcedAdoption", "illegal_adoption"),
        ("ChildLabour", None),
        ("Surrogacy", None),
        ("Other", None),
    ],
)
def test_a_form_becomes_a_fraction_only_when_it_says_just_that(theirs: str, ours: str | None) -> None:
    found = incoming({"vic_TypeOfExploitation": (theirs,)}, words=words("mx"), source_ref="a", now=LATE)
    assert [coded.code for coded in found.opening.codes] == ([ours] if ours else [])
    assert found.opening.standard == {"vic_TypeOfExploitation": (theirs,)}


def test_no_harm_is_inferred_from_a_word_that_several_of_ours_share() -> None:
    values = {"vic_Vulnerabilities": ("Discrimination", "DisabilityAndPhysicalHealth", "Poverty")}
    found = incoming(values, words=words("mx"), source_ref="a", now=LATE)
    assert [coded.code for coded in found.opening.codes] == ["poverty"]


CAME = {"vic_TypeOfExploitation": ("ForcedLabour", "Surrogacy", "SexualExploitation")}


@pytest.mark.parametrize(
    ("ours", "written"),
    [
        (("forced_labour", "sexual_exploitation"), ("ForcedLabour", "Surrogacy", "SexualExploitation")),
        (("sexual_exploitation", "forced_labour"), ("ForcedLabour", "Surrogacy", "SexualExploitation")),
        (("sexual_exploitation",), ("Surrogacy", "SexualExploitation")),
        (("sexual_exploitation", "forced_begging"), ("Surrogacy", "SexualExploitation", "ForcedBegging")),
        (("forced_labour", "slavery"), ("ForcedLabour", "Surrogacy", "Servitude")),
        ((), ("Surrogacy",)),
    ],
)
def test_a_changed_list_keeps_what_ours_cannot_hold(ours: tuple[str, ...], written: tuple[str, ...]) -> None:
    case = brought_in(CAME)
    case = replace(case, codes={**case.codes, "vic_TypeOfExploitation": ours})
    assert outgoing(case, words("mx"))["vic_TypeOfExploitation"] == written


@pytest.mark.parametrize(("ours", "written"), [("", "TransgenderMasculine"), ("feminine", "Feminine")])
def test_a_single_code_that_ours_cannot_hold_stays_until_it_is_changed(ours: str, written: str) -> None:
    case = brought_in({"prs_Gender": "TransgenderMasculine"}, "xx")
    assert case.codes["prs_Gender"] == ("",)
    case = replace(case, codes={**case.codes, "prs_Gender": (ours,)})
    assert outgoing(case, words("xx"))["prs_Gender"] == written


@pytest.mark.parametrize(
    ("came", "change", "written"),
    [
        ({"cas_Status": "FollowUp"}, {}, {"cas_Status": "FollowUp"}),
        ({"cas_Status": "FollowUp"}, {"is_closed": True, "closure_code": "not_stated"}, {"cas_Status": "Closed"}),
        ({"cas_Status": "ClosedReferred"}, {}, {"cas_Status": "ClosedReferred"}),
        (
            {"cas_Status": "ClosedReferred", "cas_ReasonForCaseClosure": "words"},
            {"is_closed": False, "closure_code": ""},
            {"cas_Status": "Active"},
        ),
        (
            {"cas_Status": "Closed", "cas_ReasonForCaseClosure": "words"},
            {"closure_code": "moved"},
            {"cas_Status": "Closed", "cas_ReasonForCaseClosure": "Moved"},
        ),
        ({}, {"is_closed": True, "closure_code": "died"}, {"cas_Status": "Closed", "cas_ReasonForCaseClosure": "Died"}),
        (
            {
                "vic_TraffickingStatus": "PossibleVictimOfTrafficking",
                "vic_TraffickingStatusDecisionMakingOrg": "Police",
            },
            {"identification": "identified", "body_code": "court_or_prosecution"},
            {
                "vic_TraffickingStatus": "ActualVictimOfTrafficking",
                "vic_TraffickingStatusDecisionMakingOrg": "CourtOrProsecution",
            },
        ),
        ({"con_Consent": True}, {"consent": False}, {"con_Consent": False}),
        ({"prs_Citizenship": ("MX", "GT")}, {}, {"prs_Citizenship": ("MX", "GT")}),
    ],
)
def test_what_became_of_a_case_here_is_what_is_written(came: Any, change: Any, written: Any) -> None:
    base = {"prs_Gender": "Feminine"}
    assert outgoing(replace(brought_in(base | came), **change), words("mx")) == base | written


@pytest.mark.parametrize(("code", "label"), [("reintegrated", "Reintegrated"), ("moved", "Moved")])
def test_a_closing_reason_in_the_words_of_our_list_is_that_reason(code: str, label: str) -> None:
    values = {"cas_Status": "Closed", "cas_ReasonForCaseClosure": label}
    found = incoming(values, words=words("mx"), source_ref="a", now=LATE)
    assert (found.closing, dict(found.identity.other)) == (code, {})


@pytest.mark.parametrize(
    ("values", "bad"),
    [
        ({"prs_Birthdate": date(2025, 1, 2)}, ["prs_Birthdate"]),
        ({"cas_IncomingReferralDate": date(2025, 1, 2)}, ["cas_IncomingReferralDate"]),
        ({"spl_PlannedEndDate": date(2025, 1, 2)}, []),
        ({"prs_Birthdate": date(2025, 1, 1), "vic_AgeWhenTrafficked": 120}, []),
        ({"vic_AgeWhenTrafficked": 121}, ["vic_AgeWhenTrafficked"]),
    ],
)
def test_what_no_case_can_have_is_found_before_anything_is_written(values: dict[str, Any], bad: list[str]) -> None:
    assert [name for name, _reason in problems(values, date(2025, 1, 1))] == bad


@pytest.mark.parametrize("status", ["PossibleVictimOfTrafficking", *VERB_OF_STATUS])
def test_a_case_opened_here_states_where_it_stands(status: str) -> None:
    case = brought_in({"vic_TraffickingStatus": status})
    case = replace(case, is_imported=False, standard={}, identity=None)
    assert outgoing(case, words("mx")) == {"vic_TraffickingStatus": status, "cas_Status": "Active"}
