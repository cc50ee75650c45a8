"""Deciding identification: who, on what ground, when, and back under protection."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import Ruling, close_case, decide_cases
from enlace.cases.models import Decision
from enlace.cases.queries import case_detail, undecided
from tests.cases.pages import send, signed_in, token_in
from tests.world import SYSTEM, World, a_case, a_person, identified


def ruling(case_id: object, verb: str = "identify", **changes: object) -> Ruling:
    return Ruling(case_id=case_id, verb=verb, **({"ground_code": "prosecutor"} | changes))


def test_a_decision_keeps_who_where_when_and_on_what_ground(world: World) -> None:
    case_id = a_case(world.bruno, forms=("sexual_use", "bonded_work"))
    identified(world.bruno, case_id, reason="  act and purpose  ")
    (decision,) = case_detail(viewer=world.bruno, case_id=case_id).decisions
    assert (decision.outcome, decision.decided_by, decision.ground_code) == ("identified", world.bruno.id, "prosecutor")
    assert (decision.agency_code, decision.agency_kind_code) == ("prosecutor-north", "prosecutor")
    assert (decision.form_code, decision.state_code, decision.reason) == ("several", "XX-N", "act and purpose")


def test_many_cases_are_decided_at_once_or_none(world: World) -> None:
    cases = [a_case(world.bruno) for _ in range(3)]
    identified(world.bruno, cases[0])
    with pytest.raises(Refusal):
        decide_cases(by=world.bruno, rows=[ruling(pk) for pk in cases])
    assert Decision.objects.count() == 1
    decide_cases(by=world.bruno, rows=[ruling(pk) for pk in cases[1:]])
    found = {case_detail(viewer=world.bruno, case_id=pk).case.identification for pk in cases}
    assert found == {"identified"}


def test_a_batch_with_a_case_of_another_agency_decides_nothing(world: World) -> None:
    rows = [ruling(a_case(world.bruno)), ruling(a_case(world.alma))]
    with pytest.raises(Missing):
        decide_cases(by=world.bruno, rows=rows)
    with pytest.raises(Missing):
        decide_cases(by=world.bruno, rows=rows[1:])
    assert not Decision.objects.exists()


def test_the_installation_decides_one_and_many_alike(world: World) -> None:
    """An import in no agency's name: one row and several are the same to it."""
    cases = [a_case(world.bruno) for _ in range(3)]
    decide_cases(by=SYSTEM, rows=[ruling(cases[0])])
    decide_cases(by=SYSTEM, rows=[ruling(pk) for pk in cases[1:]])
    assert Decision.objects.count() == 3


def test_one_case_may_take_several_decisions_in_one_batch(world: World) -> None:
    case_id = a_case(world.bruno)
    decide_cases(by=world.bruno, rows=[ruling(case_id), ruling(case_id, "re_exploited"), ruling(case_id)])
    assert Decision.objects.filter(case_id=case_id).count() == 3
    assert case_detail(viewer=world.bruno, case_id=case_id).case.identification == "identified"


def test_what_is_refused(world: World) -> None:
    case_id = a_case(world.bruno)
    early = timezone.now() - timedelta(days=1)
    wrong = (ruling(case_id, ground_code=""), ruling(case_id, "no_such"), ruling(case_id, decided_at=early))
    for row in wrong:
        with pytest.raises(Refusal):
            decide_cases(by=world.bruno, rows=[row])
    with pytest.raises(Forbidden):
        decide_cases(by=world.alma, rows=[ruling(case_id)])
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    with pytest.raises(Refusal, match="closed"):
        decide_cases(by=world.bruno, rows=[ruling(case_id)])
    assert not Decision.objects.exists()


def test_back_to_presumed_the_clock_starts_again(world: World) -> None:
    case_id = a_case(world.bruno, opened_at=timezone.now() - timedelta(days=300))
    identified(world.bruno, case_id)
    assert undecided(viewer=world.bruno, limit=5) == []
    decide_cases(by=world.bruno, rows=[ruling(case_id, "re_exploited")])
    ((found, due),) = undecided(viewer=world.bruno, limit=5)
    assert found.pk == case_id
    assert timedelta(days=20) < due - timezone.now() <= timedelta(days=21)


def test_the_queue_shows_the_oldest_of_the_cases_one_leads(world: World) -> None:
    old = a_case(world.bruno, opened_at=timezone.now() - timedelta(days=40))
    new = a_case(world.bruno)
    a_case(world.alma)
    assert [c.pk for c, _due in undecided(viewer=world.bruno, limit=5)] == [old, new]
    assert [c.pk for c, _due in undecided(viewer=world.bruno, limit=1)] == [old]
    with pytest.raises(Forbidden):
        undecided(viewer=world.alma, limit=5)


def test_a_double_click_decides_once_and_leads_to_the_case(world: World) -> None:
    """The state has changed by the second click; it must not be told that its choice is not valid."""
    browser, case_id = signed_in("bruno"), a_case(world.bruno, a_person(world.bruno))
    address = f"/cases/{case_id}/decide/"
    said, token = {"verb": "identify", "ground": "prosecutor"}, token_in(browser.get(address))
    answers = [send(browser, address, said, token) for _ in range(2)]
    assert [a.headers.get("Location") for a in answers] == [f"/cases/{case_id}/"] * 2
    assert Decision.objects.count() == 1


def test_the_page_offers_only_what_the_state_allows(world: World) -> None:
    browser, case_id = signed_in("bruno"), a_case(world.bruno)
    address = f"/cases/{case_id}/decide/"
    assert send(browser, address, {"verb": "re_exploited", "ground": "prosecutor"}).status_code == 422
    identified(world.bruno, case_id)
    assert 'value="re_exploited"' in browser.get(address).text
    assert 'value="identify"' not in browser.get(address).text
