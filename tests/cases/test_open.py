"""Opening a case, from a contact or directly."""

from uuid import uuid4

import pytest

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import Coded, Opening, Stretch, open_cases
from enlace.cases.models import Case
from enlace.cases.queries import case_detail
from tests.cases.pages import send, signed_in
from tests.world import World, a_case, a_person


def opening(person_id: object, **changes: object) -> Opening:
    return Opening(person_id=person_id, **({"origin_code": "police"} | changes))


def test_a_new_case_is_presumed_open_and_led_by_who_opened_it(world: World) -> None:
    detail = case_detail(viewer=world.bruno, case_id=a_case(world.bruno))
    assert (detail.case.status, detail.case.identification) == ("open", "presumed")
    assert (detail.case.lead_agency_code, detail.agency_codes) == ("prosecutor-north", ["prosecutor-north"])
    assert detail.decisions == []


def test_what_is_known_comes_in_with_it(world: World) -> None:
    codes = (Coded(list_name="exploitation_form", code="sexual_use"), Coded(list_name="means", code="means_no_such"))
    with pytest.raises(Refusal):
        open_cases(by=world.bruno, rows=[opening(a_person(world.bruno), codes=codes)])
    row = opening(
        a_person(world.bruno),
        codes=(codes[0], codes[0]),
        episodes=(Stretch(kind_code="transit", place="A town"),),
        age_when_trafficked=0,
    )
    open_cases(by=world.bruno, rows=[row])
    detail = case_detail(viewer=world.bruno, case_id=row.id)
    assert [c.code for c in detail.codes["exploitation_form"]] == ["sexual_use"]
    assert [e.place for e in detail.episodes] == ["A town"]


@pytest.mark.parametrize(
    "changes",
    [
        {"origin_code": "no_such"},
        {"state_code": "no_such"},
        {"age_when_trafficked": -1},
        {"age_when_trafficked": 121},
        {"codes": (Coded(list_name="no_such", code="police"),)},
        {"episodes": (Stretch(kind_code="no_such"),)},
    ],
)
def test_a_batch_with_one_fault_opens_nothing(world: World, changes: dict[str, object]) -> None:
    rows = [opening(a_person(world.bruno)), opening(a_person(world.bruno), **changes)]
    with pytest.raises(Refusal):
        open_cases(by=world.bruno, rows=rows)
    assert not Case.objects.exists()


def test_only_for_people_the_agency_knows_and_by_roles_that_may(world: World) -> None:
    with pytest.raises(Missing):
        open_cases(by=world.bruno, rows=[opening(uuid4())])
    with pytest.raises(Missing):
        a_case(world.bruno, a_person(world.alma))
    with pytest.raises(Forbidden):
        a_case(world.carla, a_person(world.alma))


def test_one_event_for_the_batch_and_the_case_named_when_it_is_one(world: World) -> None:
    case_id = a_case(world.bruno)
    assert AuditEvent.objects.get(action="case.opened").subject_id == str(case_id)
    open_cases(by=world.bruno, rows=[opening(a_person(world.bruno)) for _ in range(3)])
    assert AuditEvent.objects.filter(action="case.opened").order_by("-id")[0].detail == {"count": 3}


def test_the_page_opens_it_and_a_double_click_opens_one(world: World) -> None:
    browser, person_id, token = signed_in("bruno"), a_person(world.bruno), str(uuid4())
    said = {"origin": "self", "state": "XX-N", "exploitation_form": ["sexual_use", "bonded_work"]}
    first = send(browser, f"/people/{person_id}/case/", said, token)
    again = send(browser, f"/people/{person_id}/case/", said, token)
    assert Case.objects.count() == 1
    assert first.headers["Location"] == again.headers["Location"] == f"/cases/{Case.objects.get().pk}/"
