"""Two workers turn the same clock, two people record the same follow-up: it happens once."""

from typing import Any

import pytest
from django.utils import timezone

from enlace.assistance.actions import follow_closed_cases
from enlace.assistance.models import FollowUp
from enlace.base.errors import Refusal
from enlace.base.rows import show_rows_of
from enlace.cases.actions import close_case
from enlace.country.queries import current
from tests.assistance.caring import followed, heard
from tests.own import together
from tests.world import SYSTEM, World, a_case

pytestmark = pytest.mark.slow


def test_a_clock_that_turns_in_several_places_plans_once(own_world: World) -> None:
    for _ in range(3):
        close_case(by=own_world.bruno, case_id=a_case(own_world.bruno), reason_code="reintegrated")
    answers = together(lambda number: follow_closed_cases(by=SYSTEM, at=timezone.now()), 8)
    show_rows_of(SYSTEM)
    assert sum(answers) == FollowUp.objects.count() == 3 * len(current().followups)


def test_of_several_who_record_the_same_follow_up_one_does(own_world: World) -> None:
    row = followed(own_world.bruno, a_case(own_world.bruno))[0]

    def record(number: int) -> Any:
        return heard(own_world.bruno, row, "fine" if number % 2 else "exploited_again").outcome_code

    answers = together(record, 8)
    assert len([answer for answer in answers if isinstance(answer, Refusal)]) == 7
    show_rows_of(SYSTEM)
    assert FollowUp.objects.get(pk=row.pk).outcome_code in answers
