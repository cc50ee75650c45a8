"""A running house and a real browser. Pictures for the documents are written only with ENLACE_SCREENSHOTS=1."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.pictures import take
from tests.browser.served import House, furnish, invented, server
from tests.browser.watched import HEIGHT, Watch
from tests.conftest import FAST_HASH

PICTURES = Path(__file__).parents[2] / "docs" / "user" / "img"
HERE = Path(__file__).parent
PATIENCE = 30_000  # milliseconds: no test here is about speed
expect.set_options(timeout=PATIENCE)

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Debian's Chromium. It ends with this folder: its driver keeps an event loop in the thread of the tests."""
    # Beside a loop Django opens another connection; on PostgreSQL this one would keep the database from being copied.
    connection.close()
    with sync_playwright() as driver:
        found = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield found
        found.close()


@pytest.fixture
def house(own_database: None, settings: Any) -> Iterator[House]:
    settings.PASSWORD_HASHERS = FAST_HASH
    with invented():
        world, secrets = furnish()
        with server() as url:
            yield House(url, world, secrets)


@pytest.fixture
def open_page(house: House, browser: Browser) -> Iterator[Open]:
    """Open a window of one of the cast's own; with a name the session is already there.

    When the test is over, nothing may have happened in any window that no page may do.
    """
    watches: list[Watch] = []
    contexts = []

    def open_window(name: str = "", *, expected: str = "", **options: Any) -> Page:
        context = browser.new_context(
            locale="es-MX",
            timezone_id="America/Mexico_City",
            viewport={"width": 1280, "height": HEIGHT},
            base_url=house.url,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        watches.append(Watch(context, house.url, expected))
        if name:
            context.add_cookies([{"name": "sessionid", "value": house.session(name), "url": house.url}])
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
    assert [fault for watch in watches for fault in watch.faults] == []


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Take a picture for the user's documents, when they are asked for."""

    def taken(page: Page, name: str) -> None:
        if os.environ.get("ENLACE_SCREENSHOTS") == "1":
            page.set_viewport_size({"width": 1280, "height": HEIGHT})
            page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            take(page, PICTURES / f"{name}.png")

    return taken
