"""Correcting after the end: with a reason, the first answer stays, the engine weighs again."""

import pytest

from enlace.base.errors import Refusal
from enlace.screening.actions import AnswerPage, correct_screenings
from enlace.screening.models import Answer, Finding
from enlace.screening.queries import screening_detail
from tests.screening.talks import PRESUMED, a_screening, decided, finished, row_of, said
from tests.world import World


def correct(world: World, screening_id: object, reason: str = "She had misheard", **values: object) -> None:
    page = AnswerPage(screening_id=screening_id, protocol_version=1, values=values, reason=reason)
    correct_screenings(by=world.alma, rows=[page])


def test_a_correction_changes_the_finding_and_keeps_the_first_one(world: World) -> None:
    screening_id = finished(world.alma, PRESUMED).screening_id
    correct(world, screening_id, papers="me", watched="no")
    detail = screening_detail(viewer=world.alma, screening_id=screening_id)
    assert (detail.finding.class_code, detail.earlier_findings) == ("possible", 1)
    assert {c.question_code: c.supersedes.value for c in detail.corrections} == {"papers": "boss", "watched": "yes"}
    assert {c.reason for c in detail.corrections} == {"She had misheard"}
    assert row_of(screening_id).class_code == "possible"


def test_a_correction_needs_its_reason(world: World) -> None:
    screening_id = finished(world.alma, PRESUMED).screening_id
    for reason in (" ", "x" * 401):
        with pytest.raises(Refusal, match="why"):
            correct(world, screening_id, reason, papers="me")
    assert Finding.objects.count() == 1


def test_what_is_under_way_or_decided_is_not_corrected(world: World) -> None:
    under_way = a_screening(world.alma)
    said(world.alma, under_way, {"works": "no"})
    with pytest.raises(Refusal, match="under way"):
        correct(world, under_way, works="yes")
    screening_id = finished(world.alma, PRESUMED).screening_id
    decided(world.alma, screening_id, "presumed")
    with pytest.raises(Refusal, match="already decided"):
        correct(world, screening_id, papers="me")


def test_several_are_corrected_together_or_not_at_all(world: World) -> None:
    good, bad = finished(world.alma, PRESUMED).screening_id, a_screening(world.alma)
    pages = [
        AnswerPage(screening_id=pk, protocol_version=1, values={"papers": "me"}, reason="Misheard")
        for pk in (good, bad)
    ]
    before = Answer.objects.count()
    with pytest.raises(Refusal):
        correct_screenings(by=world.alma, rows=pages)
    assert Answer.objects.count() == before
