"""How tests of the working pages sign the cast in, send forms and count queries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import trans_real

from enlace.accounts.models import User
from enlace.base.catalogue import compile_all
from tests.accounts.entering import enter


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request leaves its reader's language behind in the thread; each test starts and ends in English."""
    with translation.override("en"):
        yield


def signed_in(name: str) -> Client:
    """A browser of its own for somebody of the cast; a fault in a page is raised, not shown."""
    return enter(Client(), User.objects.get(username=name))


def faulty(name: str) -> Client:
    """The same, where a fault is answered as a real server would."""
    client = signed_in(name)
    client.raise_request_exception = False
    return client


@contextmanager
def in_spanish(client: Client) -> Iterator[Client]:
    """A browser whose owner chose Spanish; afterwards the test reads English again."""
    compile_all()
    trans_real._translations.clear()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    with translation.override(translation.get_language()):
        yield client


def send(client: Client, address: str, data: dict[str, Any], token: str = "") -> Any:
    """Send a form as the page does, with a token of its own unless one is given."""
    return client.post(address, {"form_token": token or str(uuid4()), **data})


def token_in(page: Any) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found, "the page holds no form"
    return found[1]


def queries_of(client: Client, address: str) -> int:
    """How many queries a page takes; opened once before, so that what is kept in memory does not count."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200
    return len(taken)


def told(page: Any) -> str:
    """What the page says, without its frame and without the address that was asked for."""
    found = re.search("<main.*?</main>", page.text, re.DOTALL)
    assert found, "the answer is no page"
    return found[0].replace(page.request["PATH_INFO"], "")
