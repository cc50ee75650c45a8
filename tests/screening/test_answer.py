"""Answering: page by page, by several people on several devices, never over each other, and nothing in the clear."""

from datetime import date

import pytest
from django.db import IntegrityError

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.country.protocols import NoAnswer
from enlace.screening.actions import AnswerPage, answer_screenings
from enlace.screening.models import Answer
from enlace.screening.queries import open_texts, screening, standing_of
from tests.own import savepoint
from tests.screening.talks import LITTLE, SECOND, a_screening, finished, said
from tests.world import World, a_person

TOLD = "Nadie nos deja salir"


def stands(world: World, screening_id: object) -> dict[str, object]:
    return dict(standing_of(screening(viewer=world.alma, screening_id=screening_id)).values)


def test_answers_come_back_as_they_were_given(world: World) -> None:
    screening_id = a_screening(world.alma)
    given = {
        "age": 30,
        "works": "yes",
        "leave": "never",
        "act": ["recruited", "moved"],
        "watched": NoAnswer.PREFERS_NOT,
    }
    said(world.alma, screening_id, given)
    assert stands(world, screening_id) == given | {"act": ("recruited", "moved")}


def test_a_date_and_a_place_come_back_too(world: World) -> None:
    person_id = a_person(world.alma)
    first = finished(world.alma, LITTLE, person_id).screening_id
    screening_id = a_screening(world.alma, person_id, SECOND, second_of=first)
    said(world.alma, screening_id, {"since": "2025-03-01", "where": "XX-N"})
    assert stands(world, screening_id) == {"since": date(2025, 3, 1), "where": "XX-N"}


def test_an_answer_keeps_the_version_of_the_protocol_and_who_gave_it(world: World) -> None:
    said(world.alma, a_screening(world.alma), {"works": "no"})
    row = Answer.objects.get()
    assert (row.protocol_code, row.protocol_version, row.revision) == ("first_talk", 1, 1)
    assert (row.by, row.agency_code) == (world.alma.id, "police-north")


def test_saving_the_same_again_adds_nothing(world: World) -> None:
    screening_id = a_screening(world.alma)
    for _ in range(2):
        said(world.alma, screening_id, {"works": "no", "act": ["moved"]})
    assert Answer.objects.count() == 2


def test_another_answer_keeps_the_first(world: World) -> None:
    screening_id = a_screening(world.alma)
    said(world.alma, screening_id, {"works": "no"})
    said(world.alma, screening_id, {"works": "yes"})
    first, second = Answer.objects.order_by("revision")
    assert (first.value, second.value, second.supersedes_id) == ("no", "yes", first.pk)
    assert stands(world, screening_id)["works"] == "yes"


def test_the_database_itself_refuses_to_change_or_remove_an_answer(world: World) -> None:
    said(world.alma, a_screening(world.alma), {"works": "no"})
    with pytest.raises(Exception, match="append-only"), savepoint():
        Answer.objects.update(value="yes")
    with pytest.raises(Exception, match="append-only"), savepoint():
        Answer.objects.all().delete()
    assert Answer.objects.get().value == "no"


def test_two_answers_of_one_revision_cannot_stand(world: World) -> None:
    screening_id = a_screening(world.alma)
    said(world.alma, screening_id, {"works": "no"})
    row = Answer.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), savepoint():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("code", "value", "named"),
    [
        ("age", 111, "How old are you"),
        ("age", "thirty", "How old are you"),
        ("age", True, "How old are you"),
        ("works", "perhaps", "Do you work at present"),
        ("works", ["yes"], "Do you work at present"),
        ("leave", "boss", "Could you leave this work"),
        ("act", ["recruited", "none"], "What was done with the person"),
        ("act", [], "What was done with the person"),
        ("act", "recruited", "What was done with the person"),
        ("purpose", "no_such_form", "For what form"),
        ("more", " ", "anything else"),
        ("more", "a\x00b", "anything else"),
        ("more", "x" * 4001, "anything else"),
        ("no_such_question", "yes", "belongs to no question"),
        ("moved", "yes", "belongs to no question"),
    ],
)
def test_a_forged_answer_is_refused_by_the_name_of_its_question_alone(
    world: World, code: str, value: object, named: str
) -> None:
    screening_id = a_screening(world.alma)
    with pytest.raises(Refusal, match=named) as refused:
        said(world.alma, screening_id, {"works": "no", code: value})
    assert len(str(value)) < 4 or str(value) not in refused.value.reason
    assert not Answer.objects.exists()


def test_answers_of_another_version_are_refused(world: World) -> None:
    page = AnswerPage(screening_id=a_screening(world.alma), protocol_version=2, values={"works": "no"})
    with pytest.raises(Refusal, match="another version"):
        answer_screenings(by=world.alma, rows=[page])


def test_the_second_of_two_screeners_is_told_and_may_then_correct(world: World) -> None:
    screening_id = a_screening(world.alma)
    seen = {"works": 0, "age": 0}
    said(world.alma, screening_id, {"works": "no"}, seen=seen)
    with pytest.raises(Refusal, match="Somebody else has answered this meanwhile: “Do you work at present"):
        said(world.alma, screening_id, {"works": "yes", "age": 30}, seen=seen)
    assert stands(world, screening_id) == {"works": "no"}
    said(world.alma, screening_id, {"works": "yes", "age": 30}, seen=seen | {"works": 1})
    assert stands(world, screening_id) == {"works": "yes", "age": 30}


def test_two_screeners_who_say_the_same_do_not_disturb_each_other(world: World) -> None:
    screening_id = a_screening(world.alma)
    for _ in range(2):
        said(world.alma, screening_id, {"works": "no"}, seen={})
    assert Answer.objects.count() == 1


def test_a_free_text_is_sealed_and_opened_for_a_purpose(world: World) -> None:
    screening_id = a_screening(world.alma)
    said(world.alma, screening_id, {"more": TOLD})
    said(world.alma, screening_id, {"more": f"{TOLD} de aquí"})
    assert TOLD not in str(list(Answer.objects.values()))
    told = open_texts(viewer=world.alma, screening_id=screening_id, purpose="plan_care")
    assert told == {"more": f"{TOLD} de aquí"}
    with pytest.raises(Refusal):
        open_texts(viewer=world.alma, screening_id=screening_id, purpose="curiosity")
    with pytest.raises(Missing):
        open_texts(viewer=world.bruno, screening_id=screening_id, purpose="plan_care")


def test_a_finished_screening_takes_no_more_answers(world: World) -> None:
    screening_id = finished(world.alma, LITTLE).screening_id
    with pytest.raises(Refusal, match="finished"):
        said(world.alma, screening_id, {"age": 30})


def test_other_agencies_and_other_roles_answer_nothing(world: World) -> None:
    screening_id = a_screening(world.alma)
    with pytest.raises(Missing):
        said(world.bruno, screening_id, LITTLE)
    with pytest.raises(Forbidden):
        said(world.carla, screening_id, LITTLE)
