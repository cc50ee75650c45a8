"""How a person holds her number: given at a desk, written on her page, pressed on its buttons."""

from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.intake import receipts
from enlace.people.queries import person
from enlace.portal.actions import Giving, issue_page
from enlace.portal.permissions import person_actor
from tests.intake.telling import hidden, open_number

URL = "portal:own"
ENGLISH = {"Accept-Language": "en"}
SEEN = "What is yours to see"
QUESTION = "¿Cuándo es mi cita?"


def a_page(by: Actor, person_id: UUID, **facts: Any) -> str:
    """A number that opens the person's page."""
    number = receipts.new_number()
    issue_page(by=by, row=Giving(person_id=person_id, number=number, **facts))
    return number


def herself(by: Actor, person_id: UUID) -> Actor:
    """The person as who she is on her page; ``by`` knows her."""
    with seeing_as(by):
        found = person(viewer=by, person_id=person_id)
    return person_actor(found.pk, found.code)


def open_own(number: str, client: Client | None = None) -> Any:
    return open_number(number, URL, client)


def press(page: Any, do: str, **typed: Any) -> Any:
    """Press a button of her page."""
    return Client().post(reverse(URL), {**hidden(page), "do": do, **typed}, headers=ENGLISH)
