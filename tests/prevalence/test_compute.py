"""An estimation from the asking to the stored study: by the worker, once, and the same again."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from enlace.audit.queries import events
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.worker import work
from enlace.prevalence import queries, tasks
from enlace.prevalence.actions import (
    begin_estimation,
    cancel_estimation,
    fail_estimation,
    finish_estimation,
    queue_again,
    repeat_estimation,
)
from enlace.prevalence.models import Estimation
from enlace.prevalence.rules import CANCELLED, DONE, FAILED, QUEUED, RUNNING
from reckon.prevalence import captures_from_rows
from reckon.prevalence.results import Headline, NoEstimate
from tests.cases.pages import signed_in
from tests.prevalence.material import LISTS, QUICK, asked, captures
from tests.world import World


def test_the_worker_computes_what_was_asked_for_and_stores_the_whole_study(own_world: World) -> None:
    world = own_world  # the worker closes its connection between tasks
    row = asked(world.elena)
    assert row.status == QUEUED
    work(batch=True)
    row = queries.estimation(viewer=world.elena, estimation_id=row.pk)
    assert row.status == DONE
    study = queries.study_of(row)
    assert isinstance(study.headline, Headline)
    assert study.headline.total > study.headline.n == captures().n
    assert study.provenance.digest == row.digest == captures().digest()
    assert study.options == QUICK == queries.options_of(row)
    seen = {e.action for e in events(viewer=world.gema) if e.subject_id == str(row.pk)}
    assert seen == {"estimation.asked", "estimation.begun", "estimation.finished"}


def test_a_repetition_gives_the_same_numbers_to_the_last_bit(world: World) -> None:
    first = asked(world.elena)
    with pytest.raises(Refusal):
        repeat_estimation(by=world.elena, estimation_id=first.pk)
    tasks.compute.call(str(first.pk))
    second = repeat_estimation(by=world.elena, estimation_id=first.pk)
    tasks.compute.call(str(second.pk))
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.repeats == first
    assert second.result == first.result
    assert queries.is_the_same(second)
    assert queries.is_the_same(first) is None


def test_lists_without_overlap_give_a_study_that_says_so_and_no_number(world: World) -> None:
    row = asked(world.elena, captures_from_rows(LISTS, [(1, 0, 0, 40), (0, 1, 0, 30), (0, 0, 1, 20)]))
    tasks.compute.call(str(row.pk))
    row.refresh_from_db()
    assert row.status == DONE
    assert isinstance(queries.study_of(row).headline, NoEstimate)


def test_a_cancelled_estimation_stops_at_its_next_step(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked(world.elena)
    told = queries.tell_progress

    def cancel_when_told(*arguments: object) -> None:
        told(*arguments)
        cancel_estimation(by=world.elena, estimation_id=row.pk)

    monkeypatch.setattr(queries, "tell_progress", cancel_when_told)
    tasks.compute.call(str(row.pk))
    row.refresh_from_db()
    assert (row.status, row.result) == (CANCELLED, "")


def test_what_was_cancelled_before_it_began_is_never_computed(world: World) -> None:
    row = asked(world.elena)
    cancel_estimation(by=world.elena, estimation_id=row.pk)
    tasks.compute.call(str(row.pk))
    row.refresh_from_db()
    assert (row.status, row.began_at) == (CANCELLED, None)
    with pytest.raises(Refusal):
        cancel_estimation(by=world.elena, estimation_id=row.pk)


def test_two_workers_do_not_compute_the_same(world: World) -> None:
    row = asked(world.elena)
    assert begin_estimation(by=tasks.WORKER, estimation_id=row.pk) is not None
    assert begin_estimation(by=tasks.WORKER, estimation_id=row.pk) is None


def test_an_error_of_the_program_is_told_and_not_shown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(tasks, "with_options", break_down)
    row = asked(world.elena)
    with pytest.raises(ZeroDivisionError):
        tasks.compute.call(str(row.pk))
    row.refresh_from_db()
    assert row.status == FAILED
    assert row.reason == "The computation stopped because of an error of the program. Tell your administrator."
    assert "secret" not in row.reason


def test_an_estimation_whose_worker_stopped_can_be_computed_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = asked(world.elena)
    begin_estimation(by=tasks.WORKER, estimation_id=row.pk)
    with pytest.raises(Refusal):
        queue_again(by=world.elena, estimation_id=row.pk)
    monkeypatch.setattr("enlace.prevalence.rules.SILENCE", -1 * tasks.rules.SILENCE)
    queue_again(by=world.elena, estimation_id=row.pk)
    row.refresh_from_db()
    assert row.status == QUEUED
    assert DBTaskResult.objects.filter(args_kwargs__args=[str(row.pk)]).count() == 2


def test_a_result_that_comes_after_the_cancelling_is_dropped(world: World) -> None:
    first = asked(world.elena)
    tasks.compute.call(str(first.pk))
    study = queries.study_of(queries.estimation(viewer=world.elena, estimation_id=first.pk))
    row = asked(world.elena)
    begin_estimation(by=tasks.WORKER, estimation_id=row.pk)
    cancel_estimation(by=world.elena, estimation_id=row.pk)
    finish_estimation(by=tasks.WORKER, estimation_id=row.pk, study=study)
    row.refresh_from_db()
    assert (row.status, row.result) == (CANCELLED, "")


def test_more_lists_than_can_be_studied_are_refused_before_anything_waits(world: World) -> None:
    many = captures_from_rows([f"l{n}" for n in range(13)], [(1,) * 13 + (5,), (1,) + (0,) * 12 + (9,)])
    with translation.override("es"), pytest.raises(Refusal, match="pueden estudiarse juntas 12 como máximo"):
        asked(world.elena, many)
    assert not Estimation.objects.exists()


def test_why_there_is_no_estimate_is_told_in_the_reader_s_language(world: World) -> None:
    row = asked(world.elena)
    begin_estimation(by=tasks.WORKER, estimation_id=row.pk)
    fail_estimation(by=tasks.WORKER, estimation_id=row.pk, reason="The file is not there; check its name.")
    client = signed_in("elena")
    client.cookies["language"] = "es"
    page = client.get(reverse("prevalence:estimation", args=[row.pk]), headers={"accept-language": "es"})
    assert "El archivo no está; revise su nombre." in page.content.decode()


def test_only_who_may_run_estimates_asks_for_one(world: World) -> None:
    for viewer in (world.bruno, world.gema, world.fidel):
        with pytest.raises(Forbidden):
            asked(viewer)
    with pytest.raises(Forbidden):
        queries.estimation(viewer=world.bruno, estimation_id=uuid4())
    with pytest.raises(Missing):
        queries.estimation(viewer=world.elena, estimation_id=uuid4())


def test_progress_is_told_while_it_runs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row, seen = asked(world.elena), []
    told = queries.tell_progress

    def listen(*arguments: object) -> None:
        told(*arguments)
        seen.append(queries.progress(row.pk))

    monkeypatch.setattr(queries, "tell_progress", listen)
    tasks.compute.call(str(row.pk))
    assert len(seen) > 3
    assert all(found is not None and 0 <= found.done <= found.total for found in seen)
    assert row.status != RUNNING
