"""What happens because time has passed: each minute in the worker, or from cron; twice at once, and after a stop."""

import logging
import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from enlace.base import clocks
from enlace.base.clocks import Clock, run_clocks, turn_clocks
from enlace.base.rows import show_rows_of
from enlace.base.worker import worker
from enlace.cli import main
from enlace.referrals.models import DisclosurePackage, Referral, ReferralStep
from tests.own import together
from tests.referrals.asking import a_package
from tests.world import SYSTEM, World, a_case, a_referral

PATIENCE = 90  # seconds for a process to start on a busy machine
SENT = 6


@pytest.fixture
def none_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "_clocks", {})


@pytest.fixture
def own_url(own_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The same database for a process of its own."""
    show_rows_of(SYSTEM)
    name = str(connection.settings_dict["NAME"])
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"
    monkeypatch.setenv("DATABASE_URL", url)
    yield own_world
    connection.close()


def work_of_three_days(world: World) -> datetime:
    """Referrals that fall due one after another, and a package; answers when the last of them has."""
    now = timezone.now()
    for number in range(SENT):
        case_id = a_case(world.bruno, opened_at=now - timedelta(days=9))
        a_referral(world.bruno, case_id, sent_at=now - timedelta(hours=36 - 12 * number))
    made = a_package(world)
    latest = Referral.objects.order_by("-due_at")[0].due_at
    return max(latest, made.package.expires_at) + timedelta(seconds=1)


def test_after_a_stop_of_days_all_that_fell_due_is_done_and_nothing_twice(world: World) -> None:
    after = work_of_three_days(world)
    assert after - timezone.now() > timedelta(days=3)
    found = run_clocks(after)
    assert found["referrals.expire"] == SENT + 1
    assert set(Referral.objects.filter(previous=None).values_list("status", flat=True)) == {"expired"}
    assert DisclosurePackage.objects.get().status == "expired"
    assert run_clocks(after)["referrals.expire"] == 0


def test_turned_each_half_day_they_end_where_one_turn_after_the_stop_does(world: World) -> None:
    after = work_of_three_days(world)
    at, changed = timezone.now() - timedelta(days=1), 0
    while at < after:
        changed += run_clocks(at)["referrals.expire"] or 0
        at += timedelta(hours=12)
    changed += run_clocks(after)["referrals.expire"] or 0
    assert changed == SENT + 1
    assert set(Referral.objects.filter(previous=None).values_list("status", flat=True)) == {"expired"}


def test_every_clock_of_the_house_runs(world: World) -> None:
    work_of_three_days(world)
    failed = [name for name, changed in run_clocks(timezone.now() + timedelta(days=400)).items() if changed is None]
    assert failed == []


def test_four_that_turn_at_once_change_each_thing_once(own_world: World) -> None:
    show_rows_of(SYSTEM)
    after = work_of_three_days(own_world)
    found = together(lambda _: run_clocks(after), 4)
    assert sum(answer["referrals.expire"] for answer in found) == SENT + 1
    assert ReferralStep.objects.filter(verb="expire").count() == SENT + 1


def test_one_that_fails_stops_no_other_and_its_words_reach_no_log(
    db: None, none_registered: None, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(at: datetime) -> int:
        raise ValueError("Persona Inventada, 5550001111")

    clocks.register(Clock("a.fails", 1, fail))
    clocks.register(Clock("b.counts", 2, lambda at: 7))
    with caplog.at_level(logging.ERROR, logger="enlace"):
        assert run_clocks(timezone.now()) == {"a.fails": None, "b.counts": 7}
    assert "The clock a.fails failed: ValueError." in caplog.text
    assert "Persona" not in caplog.text


def test_they_run_in_their_order_and_a_name_is_registered_once(db: None, none_registered: None) -> None:
    turned: list[str] = []

    def turning(name: str, order: int) -> Clock:
        return Clock(name, order, lambda at: turned.append(name) or 0)

    for name, order in (("late", 9), ("b", 5), ("early", 1), ("a", 5), ("late", 9)):
        clocks.register(turning(name, order))
    run_clocks(timezone.now())
    assert turned == ["early", "a", "b", "late"]


def test_turning_goes_on_after_each_interval(
    own_database: None, none_registered: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two turns a connection that the database closed is opened anew, so a real one is needed here."""
    hours: list[datetime] = []
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise KeyboardInterrupt  # the only way out of it

    monkeypatch.setattr(clocks.time, "sleep", pause)
    clocks.register(Clock("rings", 1, lambda at: hours.append(at) or 0))
    with pytest.raises(KeyboardInterrupt):
        turn_clocks()
    assert (len(hours), pauses) == (3, [60, 60, 60])


def test_cron_reads_what_changed_and_that_something_failed(
    world: World, none_registered: None, capsys: pytest.CaptureFixture[str]
) -> None:
    clocks.register(Clock("b.counts", 2, lambda at: 7))
    assert main(["clocks", "run"]) == 0
    assert capsys.readouterr().out.split() == ["b.counts", "7"]
    clocks.register(Clock("a.fails", 1, lambda at: 1 // 0))
    assert main(["clocks", "run"]) == 1
    assert capsys.readouterr().out.split() == ["a.fails", "failed", "b.counts", "7"]


@pytest.mark.slow
def test_the_worker_that_serve_starts_turns_them(own_url: World) -> None:
    """A process of its own, as ``./run serve`` starts it; on PostgreSQL in the application's role, behind the wall."""
    sent_at = timezone.now() - timedelta(days=9)
    case_id = a_case(own_url.bruno, opened_at=sent_at)
    referral_id = a_referral(own_url.bruno, case_id, sent_at=sent_at)
    with worker():
        end = time.monotonic() + PATIENCE
        while Referral.objects.get(pk=referral_id).status == "sent" and time.monotonic() < end:
            time.sleep(0.2)
    assert Referral.objects.get(pk=referral_id).status == "expired"
    step = ReferralStep.objects.get(verb="expire")
    assert (step.by, step.agency_code) == ("system:referrals", "")
