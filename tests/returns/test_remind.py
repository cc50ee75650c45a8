"""Reminders: on the day before an answer is due, and once it is overdue; what the work queue shows of them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.base.slots import QueueSource, registered
from enlace.returns.actions import give_back_return, remind_returns, submit_return
from enlace.returns.models import PeriodicReturn
from tests.returns.cast import filled, opened, someone, submitted
from tests.world import SYSTEM, World

DUE = datetime(2024, 7, 30, 12, tzinfo=timezone.get_default_timezone())  # of the first half of 2024
DAY = timedelta(days=1)


def rows() -> Any:
    return PeriodicReturn.objects.filter(template_code="crown_justice", period="2024-H1")


def queue(viewer: Any) -> list[tuple[str, str]]:
    names = {"returns", "returns_judged"}
    return [
        (item.task, item.detail)
        for source in registered(QueueSource, viewer)
        if source.name in names
        for item in source.items(viewer, 10)
    ]


def test_nobody_is_reminded_two_days_before(world: World) -> None:
    remind_returns(by=SYSTEM, at=DUE - 2 * DAY)
    assert not rows().exists()


def test_on_the_day_before_it_is_opened_for_whoever_answers(world: World) -> None:
    remind_returns(by=SYSTEM, at=DUE - DAY)
    assert dict(rows().values_list("state_code", "agency_code")) == {
        "XX-N": "prosecutor-north",
        "XX-S": "prosecutor-south",
    }
    assert all(row.reminded_at and row.overdue_at is None for row in rows())
    assert queue(world.bruno) == [("Fill in and submit", "Northmark, first half of 2024")]


def test_the_next_turn_of_the_clock_does_nothing_and_leaves_no_record(world: World) -> None:
    remind_returns(by=SYSTEM, at=DUE - DAY)
    assert remind_returns(by=SYSTEM, at=DUE - DAY) == 0
    assert AuditEvent.objects.filter(action="periodic_returns.reminded").count() == 1


def test_once_overdue_it_is_said_so_once(world: World) -> None:
    mine = opened(world.bruno)
    assert remind_returns(by=SYSTEM, at=DUE) == 4  # both states; the border's return, three weeks late, is told twice
    assert remind_returns(by=SYSTEM, at=DUE + DAY) == 2
    assert remind_returns(by=SYSTEM, at=DUE + 2 * DAY) == 0
    mine.refresh_from_db()
    assert (mine.reminded_at, mine.overdue_at) == (DUE, DUE + DAY)


def test_what_was_submitted_is_not_reminded_of(world: World) -> None:
    submitted(world.bruno)
    remind_returns(by=SYSTEM, at=DUE + DAY)
    assert set(rows().exclude(overdue_at=None).values_list("state_code", flat=True)) == {"XX-S"}


def test_what_is_overdue_for_months_opens_nothing_any_more(world: World) -> None:
    assert remind_returns(by=SYSTEM, at=DUE + 61 * DAY) == 0


def test_the_queue_tells_each_what_to_do_next(world: World) -> None:
    return_id = filled(world.bruno)
    assert queue(world.bruno) == [("Fill in and submit", "Northmark, first half of 2024")]
    assert queue(world.elena) == []
    submit_return(by=world.bruno, return_id=return_id)
    assert queue(world.bruno) == []
    assert queue(world.elena) == [("Check", "Northmark, first half of 2024")]
    give_back_return(by=world.elena, return_id=return_id, because="Count persons.")
    assert queue(world.bruno) == [("Given back: correct it", "Northmark, first half of 2024")]


def test_nobody_is_asked_to_check_what_they_submitted(world: World) -> None:
    submitted(world.elena)
    assert queue(world.elena) == []
    assert len(queue(someone("paula", "commission", "R17"))) == 1
