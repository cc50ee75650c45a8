"""Fixtures that every test may use."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from pytest_django import DjangoDbBlocker

from enlace.base.actor import Actor
from enlace.base.rows import show_rows_of
from tests.own import copied_database
from tests.world import SYSTEM, World, make_world

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """What set-up collects into; the server of static files warns when it is not there."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)


FAST_HASH = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nine passwords a world, and no test is about the hash


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.PASSWORD_HASHERS = FAST_HASH
    return make_world()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files beside the repository; absent on a clone elsewhere, never in CI."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the folder ../shared/data must stand beside the checkout in CI")
        pytest.skip("the folder ../shared/data is not here: real files of the standards cannot be read")
    return SHARED


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What this machine cannot run is skipped with the reason; in CI a skip is a failure."""
    if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL, or run .ci/run, which starts a server of its own")
    if item.get_closest_marker("browser") and not shutil.which("chromium"):
        pytest.skip("needs Chromium (Debian, Ubuntu: apt install chromium)")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    report = yield
    if os.environ.get("CI") and report.skipped:
        report.outcome = "failed"
    return report


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A request leaves its language in the thread; the next test reads English again."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_eyes(request: pytest.FixtureRequest) -> None:
    """On PostgreSQL a test reads as the system does, so that the wall hides no fault of the filters above it.

    Actions and requests set for themselves whose rows they see; tests/database tests the wall alone.
    """
    if connection.vendor != "postgresql":
        return
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        show_rows_of(Actor.system("tests"))
        changed = request.getfixturevalue("settings")
        changed.MIDDLEWARE = ["tests.borrowed.BorrowedConnection", *changed.MIDDLEWARE]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """pytest-django's own makes no database when the tests chosen only copy it (``own_database``)."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[None]:
    """A database of the test's own with real connections (``tests.own``): for workers that race and pages served."""
    with django_db_blocker.unblock(), copied_database(tmp_path):
        yield


@pytest.fixture
def own_world(own_database: None, settings: Any) -> World:
    """The cast in a database of the test's own: for workers that race, and for requests that do not use the test client."""
    settings.PASSWORD_HASHERS = FAST_HASH
    return make_world()


@pytest.fixture
def sees_all(own_world: World) -> None:
    """The connection of the test itself reads the rows of every agency."""
    show_rows_of(SYSTEM)
