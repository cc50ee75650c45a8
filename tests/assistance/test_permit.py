"""Permits of stay and the like: who may ask, who was told in which language, clocks, and refusals against the law."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from enlace.assistance import forms, rules
from enlace.assistance.actions import PermitStep, move_permit, open_permit, seal_paper
from enlace.assistance.models import Permit
from enlace.assistance.queries import (
    kinds_open_to,
    open_paper,
    open_papers,
    permit,
    permit_page,
    permits_of_case,
    permits_to_act_on,
    turns_of_case,
)
from enlace.base.errors import EnlaceError, Forbidden, Missing, Refusal
from enlace.cases.actions import Ruling, close_case, decide_cases
from enlace.country.loader import load
from enlace.country.queries import current
from tests.assistance.caring import NAME_PERMIT, PERMIT, TODAY, a_permit, days_ago, helped_by_another, moved
from tests.world import World, a_case, a_person

LIMIT = current().limits["residence_decision"]
ALERT = current().limits["permit_lapse_alert"]
PACKS = Path(__file__).parents[2] / "countries"


def test_a_permit_goes_from_told_to_granted_with_its_clock(world: World) -> None:
    permit_id = a_permit(world.bruno, a_case(world.bruno), "inform", "apply", began=10)
    found = permit(viewer=world.bruno, permit_id=permit_id)
    assert (found.informed_by, found.informed_code, found.informed_language_code) == (world.bruno.id, "person", "spa")
    assert found.decision_due_on == days_ago(8) + LIMIT
    moved(world.bruno, permit_id, "grant", TODAY(), valid_to=TODAY() + timedelta(days=90))
    found = permit(viewer=world.bruno, permit_id=permit_id)
    assert (found.status, found.decided_on, found.valid_to) == ("granted", TODAY(), TODAY() + timedelta(days=90))
    verbs = [turn.verb for turn in turns_of_case(viewer=world.bruno, case_id=found.case_id)]
    assert verbs == ["grant", "apply", "inform", "open"]


def test_it_is_renewed_converted_and_ended(world: World) -> None:
    permit_id = a_permit(world.bruno, a_case(world.bruno), "inform", "apply", "grant", "renew", "renew", "convert")
    found = permit(viewer=world.bruno, permit_id=permit_id)
    assert (found.status, found.converted_code) == ("converted", NAME_PERMIT)
    moved(world.bruno, permit_id, "end", TODAY())
    assert permit(viewer=world.bruno, permit_id=permit_id).end_code == "done"
    assert a_permit(world.bruno, found.case_id)


def test_a_refusal_for_lack_of_testimony_is_marked_as_contrary_to_law(world: World) -> None:
    permit_id = a_permit(world.bruno, a_case(world.bruno), "inform", "apply")
    moved(world.bruno, permit_id, "refuse", days_ago(5), code="no_testimony")
    found = permit(viewer=world.bruno, permit_id=permit_id)
    assert (found.status, found.is_contrary_to_law) == ("refused", True)
    assert [row.reason for row in permits_to_act_on(viewer=world.bruno, on=TODAY(), limit=9)] == ["contrary"]
    moved(world.bruno, permit_id, "apply", days_ago(4))
    found = permit(viewer=world.bruno, permit_id=permit_id)
    assert (found.refusal_code, found.is_contrary_to_law) == ("", False)
    moved(world.bruno, permit_id, "refuse", days_ago(3), code="incomplete")
    assert not permit(viewer=world.bruno, permit_id=permit_id).is_contrary_to_law


def test_nothing_asks_whether_the_person_has_testified() -> None:
    """No field of the row or of any form speaks of testimony, a complaint or a trial; only reasons of refusal do."""
    asked = re.compile(r"testi|witness|declar|denunc|complaint|trial|cooperat", re.IGNORECASE)
    fields = [field.name for field in Permit._meta.get_fields()]
    source = (Path(forms.__file__).parent / "permits.py").read_text()
    declared = re.findall(r"^\s+(\w+) = (?:forms\.|DateField|long_text)", source, re.MULTILINE)
    assert {"on", "code", "language", "valid_to"} <= set(declared)
    assert [name for name in [*fields, *declared] if asked.search(name)] == []


@pytest.mark.parametrize("code", ["mx", "xx"])
def test_each_pack_marks_lack_of_testimony_as_no_lawful_reason_and_names_limits_it_has(code: str) -> None:
    pack = load(PACKS / code)
    refusal = pack.codes("permit_refusal").get("no_testimony")
    assert refusal
    assert refusal.extra["lawful"] == "no"
    for kind in pack.codes("permit_kind"):
        named = {kind.extra["decision_limit"], kind.extra["valid_limit"]} - {""}
        assert named <= set(pack.limits), kind.code


def test_it_is_for_people_from_abroad_who_are_presumed_or_identified(world: World) -> None:
    home = a_case(world.bruno, a_person(world.bruno, citizenship_codes=("XX",)))
    with pytest.raises(Refusal, match="from abroad"):
        a_permit(world.bruno, home)
    a_permit(world.bruno, home, kind=NAME_PERMIT)
    case_id = a_case(world.bruno)
    decide_cases(by=world.bruno, rows=[Ruling(case_id=case_id, verb="not_confirm", ground_code="prosecutor")])
    with pytest.raises(Refusal):
        a_permit(world.bruno, case_id)


def test_what_a_person_may_ask_for_is_offered_until_it_is_there(world: World) -> None:
    case_id = a_case(world.bruno)

    def offered() -> list[str]:
        there = permits_of_case(viewer=world.bruno, case_id=case_id)
        return kinds_open_to(citizenship_codes=["MX"], identification="presumed", there=there)

    assert offered() == [PERMIT, NAME_PERMIT]
    permit_id = a_permit(world.bruno, case_id)
    assert offered() == [NAME_PERMIT]
    with pytest.raises(Refusal, match="already"):
        a_permit(world.bruno, case_id)
    moved(world.bruno, permit_id, "end", TODAY())
    assert offered() == [PERMIT, NAME_PERMIT]


@pytest.mark.parametrize(
    ("verb", "changes"),
    [
        ("inform", {"code": ""}),
        ("inform", {"language_code": ""}),
        ("inform", {"interpreter_code": "perhaps"}),
        ("apply", {}),
        ("nonsense", {}),
        ("inform", {"on": TODAY() + timedelta(days=1)}),
        ("inform", {"on": days_ago(31)}),
        ("inform", {"note": "a" * 4001}),
        ("end", {"code": "NO_SUCH"}),
    ],
)
def test_a_step_that_makes_no_sense_changes_nothing(world: World, verb: str, changes: dict[str, object]) -> None:
    permit_id = a_permit(world.bruno, a_case(world.bruno))
    said = {"on": days_ago(3), "code": "person", "language_code": "spa", **changes}
    with pytest.raises(Refusal):
        move_permit(by=world.bruno, row=PermitStep(permit_id=permit_id, verb=verb, **said))
    found = permit(viewer=world.bruno, permit_id=permit_id)
    assert (found.status, found.turns.count()) == ("eligible", 1)


def test_what_must_be_done_stands_in_the_queue_before_it_is_too_late(world: World) -> None:
    late = a_permit(world.bruno, a_case(world.bruno), "inform", "apply", began=LIMIT.days + 9)
    lapsing = a_permit(world.bruno, a_case(world.bruno), "inform", "apply", began=9)
    moved(world.bruno, lapsing, "grant", days_ago(1), valid_to=TODAY() + ALERT)
    a_permit(world.bruno, a_case(world.bruno), "inform", "apply", began=9)
    found = permits_to_act_on(viewer=world.bruno, on=TODAY(), limit=9)
    assert [(row.permit.pk, row.reason) for row in found] == [(late, "decision"), (lapsing, "lapse")]
    earlier = permits_to_act_on(viewer=world.bruno, on=days_ago(1), limit=9)
    assert [row.permit.pk for row in earlier] == [late]
    assert permits_to_act_on(viewer=world.carla, on=TODAY(), limit=9) == []


def test_all_who_work_on_the_case_see_it_and_nobody_else(world: World) -> None:
    case_id, _service_id = helped_by_another(world)
    permit_id = a_permit(world.bruno, case_id, "inform")
    assert [row.pk for row in permits_of_case(viewer=world.carla, case_id=case_id)] == [permit_id]
    assert permit_page(viewer=world.carla).rows == []
    with pytest.raises(Missing):
        permit(viewer=world.omar, permit_id=permit_id)
    with pytest.raises(Forbidden):
        moved(world.carla, permit_id, "apply", TODAY())
    with pytest.raises(Missing):
        open_permit(by=world.nadia, case_id=case_id, kind_code=PERMIT, on=TODAY())


def test_a_permit_goes_on_after_the_case_is_closed(world: World) -> None:
    case_id = a_case(world.bruno)
    permit_id = a_permit(world.bruno, case_id, "inform", "apply", "grant")
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    moved(world.bruno, permit_id, "renew", TODAY())
    assert permit(viewer=world.bruno, permit_id=permit_id).status == "renewed"


def test_papers_are_sealed_and_open_for_a_purpose_to_the_agency_that_follows_it(world: World) -> None:
    case_id, _service_id = helped_by_another(world)
    permit_id = a_permit(world.bruno, case_id)
    seal_paper(by=world.bruno, permit_id=permit_id, text="NUMERO INVENTADO 1", original=b"copia inventada")
    seal_paper(by=world.bruno, permit_id=permit_id, text="NUMERO INVENTADO 2")
    parts = open_papers(viewer=world.lucas, record_id=permit_id, purpose="plan_care")
    assert [(part.content["text"][-1], part.size > 0) for part in parts] == [("1", True), ("2", False)]
    kind, data = open_paper(viewer=world.lucas, permit_id=permit_id, part_id=parts[0].id, purpose="plan_care")
    assert (kind, data) == ("text", b"copia inventada")
    for viewer, purpose in ((world.carla, "plan_care"), (world.bruno, ""), (world.bruno, "NO_SUCH")):
        with pytest.raises(EnlaceError):
            open_papers(viewer=viewer, record_id=permit_id, purpose=purpose)
    stored = " ".join(str(value) for value in Permit.objects.values().get(pk=permit_id).values())
    assert "INVENTADO" not in stored


@pytest.mark.parametrize("said", [{}, {"text": " "}, {"original": b"\x00\x01"}, {"text": "a" * 4001}])
def test_a_paper_that_is_none_is_refused(world: World, said: dict[str, object]) -> None:
    permit_id = a_permit(world.bruno, a_case(world.bruno))
    with pytest.raises(Refusal):
        seal_paper(by=world.bruno, permit_id=permit_id, **said)
    assert not permit(viewer=world.bruno, permit_id=permit_id).is_sealed


def test_the_rule_asks_for_no_testimony() -> None:
    """Who may ask is told from nationality and identification: the function is given nothing else."""
    known = rules.permits.is_entitled.__code__.co_varnames[: rules.permits.is_entitled.__code__.co_argcount]
    assert known == ("citizenship_codes", "country", "identification", "is_for_foreigners")
