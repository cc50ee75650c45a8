"""The list of contacts: filters in the address, pages of one cost, and a file without a word of what was told."""

import csv
import io
import re
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.intake.queries import ContactFilter, contact_page
from tests.cases.pages import faulty, queries_of, signed_in
from tests.intake.contacts import a_contact, at_risk
from tests.world import World


def shown(page: object) -> list[str]:
    return re.findall(r'href="/contacts/([0-9a-f-]{36})/"', page.text)


def test_filters_narrow_and_combine(world: World) -> None:
    now = timezone.now()
    old = a_contact(world.hilda, opened_at=now - timedelta(days=40), risk_code="immediate")
    chat = a_contact(world.hilda, channel_code="hotline_chat", disposition_code="spam")
    call = a_contact(world.hilda, risk_code="immediate", follow_up_due=now + timedelta(days=1))
    a_contact(world.alma, channel_code="police")
    week_ago = f"{now - timedelta(days=7):%d/%m/%Y}"
    browser = signed_in("hilda")
    for query, expected in (
        ("", {old, chat, call}),
        ("channel=hotline_chat", {chat}),
        ("disposition=spam", {chat}),
        ("risk=immediate", {old, call}),
        ("risk=immediate&status=follow_up", {call}),
        ("status=closed", {chat}),
        (f"since={week_ago}", {chat, call}),
        (f"until={week_ago}", {old}),
        ("channel=nonsense", {old, chat, call}),
    ):
        assert set(shown(browser.get(f"/contacts/?{query}"))) == {str(pk) for pk in expected}, query


def test_each_contact_stands_on_one_page_newest_first(world: World) -> None:
    now = timezone.now()
    contacts = [a_contact(world.hilda, opened_at=now - timedelta(hours=n + 1)) for n in range(12)]
    found: list[UUID] = []
    cursor = ""
    while True:
        page = contact_page(viewer=world.hilda, wanted=ContactFilter(), cursor=cursor, size=5)
        found += [row.pk for row in page.rows]
        if not (cursor := page.older):
            break
    assert found == contacts


def test_a_list_takes_the_same_queries_however_long(world: World) -> None:
    a_contact(world.hilda)
    few = queries_of(signed_in("hilda"), "/contacts/")
    for _ in range(12):
        a_contact(world.hilda)
    assert queries_of(signed_in("hilda"), "/contacts/") == few


def test_the_file_holds_the_filtered_list_and_leaves_a_record(world: World) -> None:
    a_contact(world.hilda, disposition_code="spam")
    pk = a_contact(
        world.hilda, people=(at_risk(), at_risk(), at_risk(role_code="caller")), told={"told": "a blue house"}
    )
    answer = signed_in("hilda").get("/contacts/file/?disposition=possible_trafficking")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["channel_code"], row["people_at_risk"], row["seconds"]) == ("hotline_call", "2", "240")
    assert "blue house" not in answer.text
    assert str(pk) not in answer.text
    event = AuditEvent.objects.get(action="contact.exported")
    assert (event.data_class, event.detail) == ("C", {"count": 1})


def test_who_reads_no_contacts_opens_none(world: World) -> None:
    for name in ("carla", "elena", "fidel", "irene", "tomas"):
        assert faulty(name).get("/contacts/").status_code == 403
