"""Notes: of the own agency, or for all who work on the case."""

import pytest

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import write_note
from enlace.cases.models import Note
from tests.cases.pages import send, signed_in
from tests.world import World, a_case, a_person, a_referral, accepted


def test_a_note_is_stripped_and_never_in_the_record(world: World) -> None:
    note = write_note(by=world.bruno, case_id=a_case(world.bruno), text="  Persona Inventada llamó \n")
    assert note.text == "Persona Inventada llamó"
    event = AuditEvent.objects.get(action="case.noted")
    assert (event.data_class, event.detail) == ("D", {})


def test_an_empty_note_a_foreign_case_and_a_role_without_cases(world: World) -> None:
    case_id = a_case(world.bruno)
    for by, text, expected in (
        (world.bruno, " \n ", Refusal),
        (world.omar, "x", Missing),
        (world.elena, "x", Forbidden),
    ):
        with pytest.raises(expected):
            write_note(by=by, case_id=case_id, text=text)
    assert not Note.objects.exists()


def test_the_page_of_a_partner_shows_what_is_shared_and_its_own(world: World) -> None:
    case_id = a_case(world.bruno, a_person(world.bruno))
    accepted(world.carla, a_referral(world.bruno, case_id))
    for by, text, is_shared in (
        (world.bruno, "solo fiscalía", False),
        (world.bruno, "para todas", True),
        (world.carla, "solo nuestra", False),
    ):
        write_note(by=by, case_id=case_id, text=text, is_shared=is_shared)
    shown = signed_in("carla").get(f"/cases/{case_id}/").text
    assert "para todas" in shown
    assert "solo nuestra" in shown
    assert "solo fiscalía" not in shown
    assert "solo nuestra" not in signed_in("bruno").get(f"/cases/{case_id}/").text


@pytest.mark.parametrize(("length", "status"), [(10_000, 302), (10_001, 422)])
def test_a_note_of_ten_thousand_characters_fits_and_a_longer_one_is_told(
    world: World, length: int, status: int
) -> None:
    browser, case_id = signed_in("bruno"), a_case(world.bruno)
    page = send(browser, f"/cases/{case_id}/note/", {"text": "ñ" * length})
    assert page.status_code == status
    assert Note.objects.count() == (1 if status == 302 else 0)
    assert status == 302 or "ñ" * length in page.text


def test_what_looks_like_a_page_is_shown_as_text(world: World) -> None:
    case_id = a_case(world.bruno)
    write_note(by=world.bruno, case_id=case_id, text="<script>alert(1)</script>{{ x }}")
    shown = signed_in("bruno").get(f"/cases/{case_id}/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ x }}" in shown
    assert "<script>alert" not in shown
