"""How somebody without an account walks the public pages: by the forms alone, as a browser without a script does."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from enlace.base.actor import Actor
from enlace.base.ids import new_id
from enlace.country.queries import current
from enlace.intake import actions, effort, queries, receipts
from enlace.intake.actions import Told
from enlace.intake.files import clean
from enlace.intake.models import Report
from enlace.intake.permissions import PUBLIC

WHAT = "Tres personas duermen en la bodega y no las dejan salir."
PLACE = "Bodega inventada junto al puente"
WHO = "Dos mujeres y un menor, inventadas todas."
NUMBER = re.compile(r"(\d{4} \d{4} \d{4} \d{4})")


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of the page, of all its forms."""
    found = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page.text)
    return {name: unescape(value) for name, value in found}


def solved(page: Any) -> dict[str, str]:
    """The hidden fields, with the puzzle solved as the script does."""
    fields = hidden(page)
    if "challenge" in fields:
        challenge = effort.read_challenge(fields["challenge"])
        assert challenge is not None
        fields["solution"] = effort.solve(challenge)
    return fields


@dataclass
class Teller:
    """Somebody who tells something, page by page. ``page`` is what is on the screen."""

    client: Client = field(default_factory=Client)
    start: str = "intake:inform"
    page: Any = None

    def open(self) -> "Teller":
        self.page = self.client.get(reverse(self.start), headers={"Accept-Language": "en"})
        return self

    def send(self, *, solve: bool = True, **typed: Any) -> "Teller":
        """Send the form on the screen; ``solve`` pays with the puzzle if there is one."""
        fields = solved(self.page) if solve else hidden(self.page)
        self.page = self.client.post(reverse(self.start), {**fields, **typed}, headers={"Accept-Language": "en"})
        return self

    def to_check(self, **given: Any) -> "Teller":
        """Answer every question of a report."""
        self.open().send(topic=given.get("topic", "help")).send(what=given.get("what", WHAT))
        self.send(state=given.get("state", ""), place=PLACE).send(who=WHO)
        files = given.get("files", [])
        return self.send(attached=files) if files else self.send()

    def number(self) -> str:
        found = NUMBER.search(self.page.text)
        assert found, self.page.text
        return found[1]


def upload(data: bytes, name: str = "a.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/octet-stream")


def a_report(number: str = "", **facts: Any) -> tuple[Report, str]:
    """A report that was sent, and its number."""
    given = number or receipts.new_number()
    told = Told(**{"topic_code": "help", "words": {"what": WHAT, "place": PLACE, "who": WHO}, **facts})
    return actions.send_report(by=PUBLIC, report_id=new_id(), told=told, number=given), given


def open_number(number: str, start: str = "intake:come_back", client: Client | None = None) -> Any:
    """What the page answers to a number, the effort paid."""
    browser = client or Client()
    page = browser.get(reverse(start), headers={"Accept-Language": "en"})
    return browser.post(reverse(start), {**solved(page), "number": number}, headers={"Accept-Language": "en"})


def everything_stored() -> str:
    """All rows of all tables as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {table}")
            rows += [repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor.fetchall()]
    return "\n".join(rows)


def opened_some_time_ago(page: Any, seconds: int = 60) -> dict[str, str]:
    """The hidden fields of a page that has been on the screen for a while, its puzzle unsolved."""
    fields = hidden(page)
    token, bits, wait, made = signing.loads(fields["challenge"], salt=effort.SALT)
    return fields | {"challenge": signing.dumps([token, bits, wait, made - seconds], salt=effort.SALT)}


def plain_answer(page: Any) -> str:
    """What a person answers to the plain question on the page."""
    listed = current().codes("plain_question")
    return next(code.extra["answer"].split(";")[0] for code in listed if code.label("en") in unescape(page.text))


def report_examples(by: Actor) -> dict[str, object]:
    """A report that was read, with a file, of Bruno's agency: for the matrix of roles and addresses."""
    found, _number = a_report(topic_code="sexual", state_code="XX-N")
    actions.add_to_report(by=PUBLIC, report_id=found.pk, text="", files=[clean(b"invented")])
    actions.read_report(by=by, report_id=found.pk)
    messages = queries.report_messages(viewer=by, report_id=found.pk, purpose="safety")
    return {"report_id": found.pk, "part_id": next(message.id for message in messages if message.file)}
