"""Telling something without an account, with the test client: no script runs here."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enlace.accounts.models import User
from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Refusal
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.intake import actions
from enlace.intake.actions import Told
from enlace.intake.models import Receipt, Report
from enlace.intake.permissions import PUBLIC
from enlace.intake.public import Kept, sealed
from enlace.intake.queries import report_messages, route
from tests.accounts.entering import enter
from tests.intake.telling import (
    PLACE,
    WHAT,
    WHO,
    Teller,
    a_report,
    everything_stored,
    hidden,
    opened_some_time_ago,
    plain_answer,
    solved,
    upload,
)
from tests.own import together
from tests.world import SYSTEM, World

ENGLISH = {"Accept-Language": "en"}
ADDRESS = "203.0.113.77"


def helpline() -> Actor:
    can = frozenset({"REPORT_READ", "REPORT_ANSWER"})
    return Actor(id="desk", agency_code="helpline", role_code="R01", can=can)


def test_a_report_goes_from_the_first_question_to_the_agency_of_its_topic(world: World) -> None:
    teller = Teller().to_check(topic="labour", state="XX-N").send()
    assert teller.page.status_code == 200
    assert len(teller.number()) == 19
    report = Report.objects.get()
    assert (report.to_agency, report.status, report.state_code) == ("labour-inspectorate", "received", "XX-N")
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("address", ["intake:inform", "complaints:complain"])
def test_who_is_in_danger_finds_the_number_to_call_on_the_first_page(db: None, address: str) -> None:
    phone = current().head.emergency_phone
    assert f'<a href="tel:{phone}">{phone}</a>' in Client().get(reverse(address)).content.decode()


def test_what_was_told_is_readable_for_its_recipient_and_for_nobody_in_the_database(world: World) -> None:
    teller = Teller().to_check().send()
    report = Report.objects.get()
    (told,) = report_messages(viewer=helpline(), report_id=report.pk, purpose="safety")
    assert told.words == {"what": WHAT, "place": PLACE, "who": WHO}
    stored = everything_stored()
    number = teller.number()
    assert [text for text in (WHAT, PLACE, WHO, number, number.replace(" ", "")) if text in stored] == []
    assert WHAT not in repr(told)


def test_nothing_is_stored_before_it_is_sent(world: World) -> None:
    before = everything_stored()
    Teller().to_check()
    assert everything_stored() == before


def test_no_cookie_is_set_and_no_page_may_be_kept_or_tell_where_it_was(world: World) -> None:
    teller = Teller()
    for page in (teller.open().page, teller.to_check().page, teller.send().page):
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert re.findall(r'(?:src|href)="(https?:[^"]+)"', page.text) == ["https://www.wikipedia.org/"]
        assert re.search(r"<title>(Error: )?Information</title>", page.text)
    assert dict(teller.client.cookies) == {}
    assert teller.page.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_the_address_of_the_reporter_is_nowhere(world: World) -> None:
    given = {"REMOTE_ADDR": ADDRESS, "HTTP_X_FORWARDED_FOR": ADDRESS, "HTTP_USER_AGENT": "Inventado/1.0"}
    Teller(client=Client(**given)).to_check().send().number()
    stored = everything_stored()
    assert ADDRESS not in stored
    assert "Inventado/1.0" not in stored


def test_a_topic_about_an_official_leaves_before_any_text(world: World) -> None:
    page = Teller().open().send(topic="official").page
    assert page.status_code == 302
    assert page.headers["Location"] == f"{reverse('complaints:complain')}?lang=en"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_mistake_keeps_what_was_typed_and_back_shows_it_again(world: World) -> None:
    teller = Teller().open().send(topic="help").send(what="")
    assert teller.page.status_code == 422
    assert "What happened, or what did you see?" in teller.page.text
    teller.send(what=WHAT).send(state="XX-N", place=PLACE, do="back")
    assert WHAT in teller.page.text
    teller.send(what=WHAT)
    assert PLACE in teller.page.text
    assert re.search(r'value="XX-N"\s+selected', teller.page.text)


def test_an_answer_changed_at_the_end_leads_back_to_the_end(world: World) -> None:
    teller = Teller().to_check().send(do="change:what")
    assert WHAT in teller.page.text
    teller.send(what="Otra cosa inventada")
    assert "Check before you send" in teller.page.text
    assert "Otra cosa inventada" in teller.page.text


def test_the_language_changes_and_nothing_typed_is_lost(world: World) -> None:
    teller = Teller().open().send(topic="help").send(what=WHAT, to_lang="es")
    assert '<html lang="es"' in teller.page.text
    assert WHAT in teller.page.text
    teller.send(what=WHAT)
    assert '<html lang="es"' in teller.page.text


def test_the_same_form_sent_twice_makes_one_report_and_shows_the_same_number(world: World) -> None:
    teller = Teller().to_check()
    fields = solved(teller.page)
    first = teller.client.post(reverse("intake:inform"), fields, headers=ENGLISH)
    again = teller.client.post(reverse("intake:inform"), fields, headers=ENGLISH)
    assert Report.objects.count() == 1
    assert re.findall(r"\d{4} \d{4} \d{4} \d{4}", first.text) == re.findall(r"\d{4} \d{4} \d{4} \d{4}", again.text)


def test_a_form_found_later_on_the_machine_shows_the_number_no_more(world: World) -> None:
    """Whether the effort was made on this page or before, for files."""
    for files in ([], [upload(b"invented")]):
        teller = Teller().to_check(files=files)
        fields = solved(teller.page)
        assert "It was sent" in teller.client.post(reverse("intake:inform"), fields, headers=ENGLISH).text
        Receipt.objects.update(issued_at=timezone.now() - timedelta(minutes=11))
        again = teller.client.post(reverse("intake:inform"), fields, headers=ENGLISH)
        assert "This was already sent" in again.text
        assert not re.search(r"\d{4} \d{4} \d{4} \d{4}", again.text)


def test_an_answer_lost_on_the_way_is_shown_again_however_long_the_page_was_open(world: World) -> None:
    teller = Teller().to_check()
    fields = opened_some_time_ago(teller.page, seconds=3600) | {"plain": plain_answer(teller.page)}
    first = teller.client.post(reverse("intake:inform"), fields, headers=ENGLISH)
    again = teller.client.post(reverse("intake:inform"), fields, headers=ENGLISH)
    assert (
        re.findall(r"\d{4} \d{4} \d{4} \d{4}", first.text) == re.findall(r"\d{4} \d{4} \d{4} \d{4}", again.text) != []
    )


def test_32_at_once_lose_nothing(own_world: World) -> None:
    tellers = [Teller().to_check() for _ in range(32)]
    forms = [(teller.client, solved(teller.page)) for teller in tellers]
    pages = together(lambda n: forms[n][0].post(reverse("intake:inform"), forms[n][1], headers=ENGLISH))
    assert [getattr(page, "status_code", page) for page in pages] == [200] * 32
    with seeing_as(SYSTEM):
        assert Report.objects.filter(status="received").count() == Receipt.objects.count() == 32


@pytest.mark.parametrize("spoil", ["", "00" * 40, "not hexadecimal", "f" * 500_000])
def test_a_field_that_was_changed_or_ran_out_begins_again(world: World, spoil: str) -> None:
    teller = Teller().open().send(topic="help")
    page = teller.client.post(reverse("intake:inform"), {"kept": spoil, "step": "what"}, headers=ENGLISH)
    assert page.status_code == 422
    assert "Please begin again" in page.text


def test_a_field_of_the_other_form_is_not_taken(world: World) -> None:
    kept = sealed({"kept": vars(Kept("complaint"))})
    page = Client().post(reverse("intake:inform"), {"kept": kept, "step": "check"}, headers=ENGLISH)
    assert page.status_code == 422


def test_a_send_without_the_questions_is_asked_for_them(world: World) -> None:
    teller = Teller().open()
    page = teller.client.post(reverse("intake:inform"), {**hidden(teller.page), "step": "check"}, headers=ENGLISH)
    assert page.status_code == 422
    assert Report.objects.count() == 0


def test_an_account_cannot_send_answer_for_or_withdraw_what_the_public_tells(world: World) -> None:
    report, _number = a_report()
    told = Told(topic_code="help", words={"what": WHAT})
    with pytest.raises(Forbidden):
        actions.send_report(by=world.bruno, report_id=uuid4(), told=told, number="1" * 16)
    with pytest.raises(Forbidden):
        actions.withdraw_report(by=world.bruno, report_id=report.pk)
    with pytest.raises(Forbidden):
        actions.open_receipt(by=world.bruno, kind="report", number="1" * 16)


def test_every_topic_but_the_official_has_a_recipient_in_every_state(world: World) -> None:
    topics = [code.code for code in current().codes("report_topic") if code.code != "official"]
    states = ["", *(state.code for state in current().states)]
    assert all(route(topic, state) for topic in topics for state in states)
    assert route("sexual", "XX-N") == "prosecutor-north"
    for topic in ("official", "no_such"):
        with pytest.raises(Refusal):
            route(topic, "XX-N")


def test_the_record_says_that_something_was_received_and_not_by_whom(world: World) -> None:
    Teller().to_check().send()
    events = AuditEvent.objects.filter(action__in=("report.received", "receipt.issued"))
    assert {(event.actor_id, event.subject_id, event.chain) for event in events} == {(PUBLIC.id, "", "national")}


def test_a_text_far_too_long_is_told_and_costs_nothing_typed_before(world: World) -> None:
    teller = Teller().open().send(topic="help").send(what="a" * 300_000)
    assert teller.page.status_code == 422
    assert "at most 8000 characters" in teller.page.text
    teller.send(what=WHAT)
    assert "Where is it happening?" in teller.page.text


def test_somebody_who_works_here_is_not_signed_out_by_telling_something(world: World) -> None:
    teller = Teller(client=enter(Client(), User.objects.get(username="hilda"))).to_check().send()
    teller.number()
    assert "Clear-Site-Data" not in teller.page.headers
    assert teller.client.get(reverse("intake:reports")).status_code == 200


def test_a_refusal_on_these_pages_sets_no_cookie_either(world: World) -> None:
    client = Client()
    gone = sealed({"kind": "report", "id": str(uuid4())})
    page = client.post(reverse("intake:come_back"), {"pass": gone, "do": "show"}, headers=ENGLISH)
    assert page.status_code == 404
    assert "There is no such report." in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert dict(client.cookies) == {}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"garbage", "multipart/form-data"),
        ("&".join(f"a{n}=1" for n in range(5000)).encode(), "application/x-www-form-urlencoded"),
    ],
)
def test_what_cannot_be_read_at_all_is_told_and_sets_no_cookie(world: World, body: bytes, kind: str) -> None:
    client = Client()
    page = client.post(reverse("intake:inform"), body, content_type=kind, headers=ENGLISH)
    assert page.status_code == 400
    assert "did not arrive whole" in page.text
    assert dict(client.cookies) == {}


def test_removing_files_that_are_not_there_writes_nothing(world: World) -> None:
    teller = Teller().open()
    before = AuditEvent.objects.count()
    teller.send(solve=False, step="files", do="drop")
    assert AuditEvent.objects.count() == before
