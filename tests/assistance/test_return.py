"""Assisted voluntary return: consent, risk check and a receiving side before anybody leaves."""

from datetime import timedelta

import pytest

from enlace.accounts.queries import actor_for
from enlace.assistance.actions import ReturnStep, move_return, open_return, report_half
from enlace.assistance.facts import halves
from enlace.assistance.models import AssistedReturn, FollowUp
from enlace.assistance.queries import (
    assisted_return,
    halves_of,
    open_papers,
    return_page,
    returns_of_case,
    returns_to_act_on,
    turns_of_case,
)
from enlace.assistance.rules import returns
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case
from enlace.country.queries import current
from enlace.people.actions import revoke_consent
from tests.architecture.routes import somebody
from tests.assistance.caring import (
    SAFE,
    TODAY,
    a_return,
    agreed_to_return,
    consul,
    days_ago,
    helped_by_another,
    went,
)
from tests.world import World, a_case, a_person

READY = ("check_risks", "confirm")


def test_a_person_goes_home_and_is_asked_how_she_is(world: World) -> None:
    case_id = a_case(world.bruno)
    consent_id = agreed_to_return(world.bruno, case_id)
    return_id = a_return(world.bruno, case_id, *READY, "depart", "arrive")
    found = assisted_return(viewer=world.bruno, return_id=return_id)
    assert (found.status, found.consent_id, found.arrived_on) == ("arrived", consent_id, days_ago(16))
    assert (found.risk_checked_by, found.confirmed_by) == (world.bruno.id, world.bruno.id)
    due = FollowUp.objects.order_by("due_on").values_list("due_on", flat=True)
    assert list(due) == [days_ago(16) + span for span in current().followups]
    verbs = [turn.verb for turn in turns_of_case(viewer=world.bruno, case_id=case_id)]
    assert verbs == ["arrive", "depart", "confirm", "check_risks", "open"]


@pytest.mark.parametrize(
    ("done", "consents", "reason"),
    [
        (READY, False, "no consent"),
        (("confirm",), True, "risks"),
        (("check_risks",), True, "receive"),
        ((), True, "risks"),
    ],
)
def test_nobody_leaves_while_something_is_missing(
    world: World, done: tuple[str, ...], consents: bool, reason: str
) -> None:
    case_id = a_case(world.bruno)
    if consents:
        agreed_to_return(world.bruno, case_id)
    return_id = a_return(world.bruno, case_id, *done)
    with pytest.raises(Refusal, match=reason):
        went(world.bruno, return_id, "depart", TODAY())
    assert AssistedReturn.objects.get().status == "preparing"


def test_an_unsafe_return_and_a_consent_taken_back_carry_nobody(world: World) -> None:
    person_id = a_person(world.bruno)
    case_id = a_case(world.bruno, person_id)
    consent_id = agreed_to_return(world.bruno, case_id)
    return_id = a_return(world.bruno, case_id, "confirm")
    risks = {**SAFE, "persecution": "unknown"}
    went(world.bruno, return_id, "check_risks", days_ago(9), code="unsafe", risks=risks)
    with pytest.raises(Refusal, match="not safe"):
        went(world.bruno, return_id, "depart", TODAY())
    measures = {"code": "with_measures", "risks": risks, "measures": "Otra ciudad"}
    went(world.bruno, return_id, "check_risks", days_ago(8), **measures)
    revoke_consent(by=world.bruno, person_id=person_id, consent_id=consent_id, on=TODAY())
    with pytest.raises(Refusal, match="no consent"):
        went(world.bruno, return_id, "depart", TODAY())


def test_a_refusal_and_a_consent_for_another_agency_are_no_consent(world: World) -> None:
    case_id = a_case(world.bruno)
    agreed_to_return(world.bruno, case_id, recipient_code="ngo-harbour")
    return_id = a_return(world.bruno, case_id, *READY)
    with pytest.raises(Refusal, match="no consent"):
        went(world.bruno, return_id, "depart", TODAY())
    agreed_to_return(world.bruno, case_id, is_refusal=True)
    with pytest.raises(Refusal, match="no consent"):
        went(world.bruno, return_id, "depart", TODAY())
    agreed_to_return(world.bruno, case_id, on=TODAY(), recipient_code="prosecutor-north")
    went(world.bruno, return_id, "depart", TODAY())


def test_who_turns_back_is_checked_anew(world: World) -> None:
    case_id = a_case(world.bruno)
    agreed_to_return(world.bruno, case_id)
    return_id = a_return(world.bruno, case_id, *READY, "depart", "turn_back")
    found = assisted_return(viewer=world.bruno, return_id=return_id)
    assert (found.status, found.risk_code, found.departed_on) == ("preparing", "", None)
    with pytest.raises(Refusal, match="risks"):
        went(world.bruno, return_id, "depart", TODAY())


@pytest.mark.parametrize(
    ("verb", "changes"),
    [
        ("check_risks", {"risks": {"housing": "no"}}),
        ("check_risks", {"risks": {**SAFE, "housing": "yes"}}),
        ("confirm", {"code": "NO_SUCH"}),
        ("confirm", {"sealed": "a" * 4001}),
        ("cancel", {"on": TODAY() + timedelta(days=1)}),
        ("arrive", {}),
        ("nonsense", {}),
    ],
)
def test_a_step_that_makes_no_sense_changes_nothing(world: World, verb: str, changes: dict[str, object]) -> None:
    return_id = a_return(world.bruno, a_case(world.bruno))
    said = {"code": "ngo" if verb != "check_risks" else "safe", "risks": SAFE, "on": TODAY(), **changes}
    with pytest.raises(Refusal):
        move_return(by=world.bruno, row=ReturnStep(return_id=return_id, verb=verb, **said))
    found = assisted_return(viewer=world.bruno, return_id=return_id)
    assert (found.status, found.turns.count()) == ("preparing", 1)


def test_one_return_at_a_time_in_an_open_case(world: World) -> None:
    case_id = a_case(world.bruno)
    return_id = a_return(world.bruno, case_id)
    with pytest.raises(Refusal, match="already"):
        a_return(world.bruno, case_id)
    went(world.bruno, return_id, "cancel", TODAY())
    second = a_return(world.bruno, case_id)
    assert [row.pk for row in returns_to_act_on(viewer=world.bruno, limit=9)] == [second]
    for changes in ({"kind_code": "NO_SUCH"}, {"country_code": "??"}, {"on": TODAY() + timedelta(days=1)}):
        said = {"kind_code": "going_home", "country_code": "MX", "on": TODAY(), **changes}
        with pytest.raises(Refusal):
            open_return(by=world.bruno, case_id=a_case(world.bruno), **said)
    closed = a_case(world.bruno)
    close_case(by=world.bruno, case_id=closed, reason_code="moved")
    with pytest.raises(Refusal, match="closed"):
        a_return(world.bruno, closed)


def test_who_receives_the_person_is_sealed(world: World) -> None:
    return_id = a_return(world.bruno, a_case(world.bruno))
    went(world.bruno, return_id, "confirm", TODAY(), sealed="Hogar inventado, tel. 5550001111")
    (part,) = open_papers(viewer=world.lucas, record_id=return_id, purpose="plan_care")
    assert part.content == {"text": "Hogar inventado, tel. 5550001111"}
    stored = " ".join(str(value) for value in AssistedReturn.objects.values().get().values())
    assert "5550001111" not in stored


def test_all_who_work_on_the_case_see_it_and_nobody_else(world: World) -> None:
    case_id, _service_id = helped_by_another(world)
    return_id = a_return(world.bruno, case_id)
    with pytest.raises(Forbidden):
        returns_of_case(viewer=world.carla, case_id=case_id)
    with pytest.raises(Missing):
        assisted_return(viewer=world.nadia, return_id=return_id)
    assert return_page(viewer=world.nadia).rows == []


def test_an_agency_abroad_says_which_half_years_are_complete(world: World) -> None:
    by = consul()
    a_case(by)
    last = returns.halves_before(TODAY(), 1)[0]
    assert {row.is_reported for row in halves_of(viewer=by, on=TODAY())} == {False}
    report_half(by=by, half=last)
    with pytest.raises(Refusal, match="already"):
        report_half(by=by, half=last)
    assert [row.half for row in halves_of(viewer=by, on=TODAY()) if row.is_reported] == [last]
    told = {(fact.agency_code, fact.half): fact.is_reported for fact in halves(int(last[:4]))}
    assert set(told.values()) >= {True}
    assert {agency for agency, _half in told} == {"consular-network"}


@pytest.mark.parametrize(
    ("half", "reason"), [("2199-H1", "not ended"), ("2020", "written like"), ("2020-H1", "abroad")]
)
def test_a_half_year_is_reported_when_it_has_ended_and_from_abroad(world: World, half: str, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        report_half(by=world.bruno, half=half)
    assert halves_of(viewer=world.bruno, on=TODAY()) == []
    with pytest.raises(Forbidden):
        report_half(by=actor_for(somebody(current().role("R17"))), half=half)


def test_the_half_years_count_the_cases_that_were_opened_abroad(world: World) -> None:
    by = consul()
    a_case(by)
    a_case(world.bruno)
    later = TODAY() + timedelta(days=184)
    assert sum(row.cases for row in halves_of(viewer=by, on=later)) == 1
