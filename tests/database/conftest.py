from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.database import judging, nation
from tests.own import copied_database


@dataclass(frozen=True)
class Nation:
    codes: list[str]
    judge: judging.Judge


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nation]:
    """The ring of 32 agencies, made once for all tests of a module."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")
    with django_db_blocker.unblock(), copied_database(tmp_path_factory.mktemp("nation")):
        codes = nation.build()
        yield Nation(codes, judging.judge())
