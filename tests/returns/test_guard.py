"""What was submitted stays as it was, whoever asks, in whatever order, and even by hand in the database."""

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError

from enlace.audit.queries import verify
from enlace.base.errors import Refusal
from enlace.base.rows import show_rows_of
from enlace.returns import queries
from enlace.returns.actions import (
    accept_return,
    check_return,
    give_back_return,
    revise_return,
    save_return,
    submit_return,
)
from enlace.returns.models import PeriodicReturn
from tests.own import savepoint, succeeded, together
from tests.returns.cast import filled, opened, submitted, typed
from tests.world import SYSTEM, World


def test_the_database_refuses_another_answer_after_submission(world: World) -> None:
    row = PeriodicReturn.objects.get(pk=submitted(world.bruno, {"charged|": "3"}))
    for change in (
        lambda: row.values.filter(measure="charged").update(value=4),
        lambda: row.values.all().delete(),
        lambda: row.values.create(measure="more", kind="zero", value=0),
    ):
        with pytest.raises(DatabaseError, match="never change"), savepoint():
            change()
    assert queries.answers_of(row)["charged", ()].value == 3


def test_of_many_who_open_a_return_all_find_the_same_one(own_world: World) -> None:
    show_rows_of(SYSTEM)
    found = together(lambda number: opened(own_world.bruno if number % 2 else own_world.lucas).pk, 12)
    assert len(set(found)) == 1
    assert PeriodicReturn.objects.count() == 1
    assert verify() == []


def test_of_many_who_submit_at_once_one_does(own_world: World) -> None:
    show_rows_of(SYSTEM)
    return_id = filled(own_world.bruno)
    answers = together(
        lambda number: submit_return(by=[own_world.bruno, own_world.lucas][number % 2], return_id=return_id), 12
    )
    assert len(succeeded(answers)) == 1


@pytest.mark.parametrize("attempt", range(3))
def test_of_accepting_and_giving_back_at_once_one_wins(own_world: World, attempt: int) -> None:
    show_rows_of(SYSTEM)
    return_id = submitted(own_world.bruno)
    check_return(by=own_world.elena, return_id=return_id)
    acts = [
        lambda: accept_return(by=own_world.elena, return_id=return_id),
        lambda: give_back_return(by=SYSTEM, return_id=return_id, because="Count persons."),
    ]
    assert len(succeeded(together(lambda number: acts[(number + attempt) % 2](), 6))) == 1


def test_saving_while_another_submits_changes_nothing_afterwards(own_world: World) -> None:
    show_rows_of(SYSTEM)
    return_id = filled(own_world.bruno, {"charged|": "3"})

    def act(number: int) -> Any:
        if number == 0:
            return submit_return(by=own_world.bruno, return_id=return_id)
        return save_return(by=own_world.lucas, return_id=return_id, typed=typed({"charged|": str(10 + number)}))

    saved = len(succeeded(together(act, 6))) - 1
    row = PeriodicReturn.objects.get(pk=return_id)
    assert (row.status, row.saves) == ("submitted", 1 + saved)
    with pytest.raises(Refusal):
        save_return(by=own_world.lucas, return_id=return_id, typed=typed({"charged|": "99"}))


def test_of_many_who_begin_a_correction_one_does(own_world: World) -> None:
    show_rows_of(SYSTEM)
    return_id: UUID = submitted(own_world.bruno)
    give_back_return(by=own_world.elena, return_id=return_id, because="Count persons.")
    answers = together(lambda _: revise_return(by=own_world.bruno, return_id=return_id, because="Counted persons."), 8)
    assert len(succeeded(answers)) == 1
    assert list(PeriodicReturn.objects.order_by("revision").values_list("revision", flat=True)) == [1, 2]
