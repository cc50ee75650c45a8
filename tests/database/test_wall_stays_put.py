"""Whose rows a connection sees never outlives the request or the action that said so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, close_old_connections, connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from enlace.accounts.models import User
from enlace.audit.actions import audited
from enlace.base.errors import Refusal
from enlace.base.rows import show_rows_of
from tests.accounts.entering import enter
from tests.conftest import FAST_HASH
from tests.own import copied_database, together
from tests.world import SYSTEM, World, a_case, a_referral, accepted, make_world

pytestmark = pytest.mark.postgresql

POOL = {"OPTIONS": {"pool": {"min_size": 1, "max_size": 1, "timeout": 20}}}
KEPT_OPEN = {"CONN_MAX_AGE": None}


@pytest.fixture(params=[KEPT_OPEN, POOL], ids=["kept open", "pooled"])
def served(
    request: Any, django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path, settings: Any
) -> Iterator[World]:
    """A world on connections that serve one request after another."""
    settings.PASSWORD_HASHERS = FAST_HASH
    with django_db_blocker.unblock(), copied_database(tmp_path, **request.param):
        yield make_world()


def seen() -> tuple[int, str, int]:
    """The server's process, the scope it was left in, and how many people a query without context finds there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('enlace.scope', true), count(*) FROM people_person")
        pid, scope, count = cursor.fetchone()
    return pid, scope, count


def ask(client: Client, name: str, **values: object) -> int:
    """One request, after which the connection stays open or goes back to the pool, as the server does it."""
    answer = client.get(reverse(name, kwargs=values))
    close_old_connections()
    return answer.status_code


def test_a_request_leaves_nothing_for_the_next(served: World) -> None:
    a_case(served.bruno)
    client = enter(Client(), User.objects.get(username="bruno"))
    close_old_connections()
    assert ask(client, "cases:list") == 200
    first = seen()
    close_old_connections()
    assert ask(client, "cases:list") == 200
    assert first[1:] == ("none", 0)
    assert seen() == first


def test_a_request_that_is_refused_leaves_nothing_either(served: World) -> None:
    case_id = a_case(served.bruno)
    outsider = enter(Client(), User.objects.get(username="omar"))
    without = enter(Client(), User.objects.get(username="fidel"))
    assert ask(outsider, "cases:case", case_id=case_id) == 404
    assert seen()[1:] == ("none", 0)
    assert ask(without, "cases:list") == 403
    assert seen()[1:] == ("none", 0)


def test_an_action_puts_back_what_it_found(own_world: World) -> None:
    show_rows_of(None)
    referral_id = a_referral(own_world.bruno, a_case(own_world.bruno))
    accepted(own_world.carla, referral_id)
    assert seen()[1:] == ("none", 0)
    show_rows_of(own_world.omar)
    a_case(own_world.bruno)
    assert seen()[1:] == ("own", 0)


def test_an_action_that_is_refused_puts_back_what_it_found(own_world: World) -> None:
    a_case(own_world.bruno)
    show_rows_of(None)

    def fail() -> None:
        with audited(by=SYSTEM, action="test.refused"):
            assert seen()[2] == 1
            raise Refusal("no")

    with pytest.raises(Refusal):
        fail()
    assert seen()[1:] == ("none", 0)


def test_an_inner_refusal_that_is_caught_puts_back_what_it_found(own_world: World) -> None:
    a_case(own_world.bruno)
    with audited(by=own_world.omar, action="test.outer"):
        with pytest.raises(Refusal), audited(by=SYSTEM, action="test.inner"):
            raise Refusal("no")
        assert seen()[1:] == ("own", 0)


def test_a_failed_statement_shows_its_own_error_and_leaves_nothing(own_world: World) -> None:
    show_rows_of(None)
    with (
        pytest.raises(DatabaseError, match="division by zero"),
        audited(by=SYSTEM, action="test.failed"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / 0")
    assert seen()[1:] == ("none", 0)


def test_workers_on_their_own_connections_do_not_see_each_others_scope(own_world: World) -> None:
    a_case(own_world.bruno)
    actors = [own_world.bruno, own_world.omar, None, SYSTEM]

    def look(number: int) -> int:
        show_rows_of(actors[number % 4])
        return seen()[2]

    assert together(look) == [1, 0, 0, 1] * 8
