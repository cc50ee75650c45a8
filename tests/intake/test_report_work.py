"""What the agency that receives a report does with it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from enlace.accounts.models import User
from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.intake import actions, rules
from enlace.intake.actions import Entry
from enlace.intake.files import clean
from enlace.intake.models import Contact, Report
from enlace.intake.permissions import PUBLIC
from enlace.intake.queries import ReportFilter, report, report_messages, report_page, reports_waiting
from tests.accounts.entering import enter
from tests.cases.pages import english, queries_of, send  # noqa: F401 - english: every test here reads it
from tests.intake.samples import picture
from tests.intake.telling import WHAT, a_report
from tests.world import World


@pytest.fixture
def desk(world: World) -> Actor:
    """Somebody at the hotline, which receives the reports about help."""
    return world.hilda


@pytest.fixture
def browser(desk: Actor) -> Client:
    return enter(Client(), User.objects.get(username="hilda"))


def opened(browser: Client, report_id: object) -> object:
    return browser.post(reverse("intake:report", args=[report_id]), {"purpose": "safety"})


def test_the_inbox_holds_the_own_agencys_reports_alone(world: World, browser: Client, desk: Actor) -> None:
    own, _number = a_report()
    other, _number = a_report(topic_code="sexual", state_code="XX-N")
    page = browser.get(reverse("intake:reports"))
    assert own.code in page.text
    assert other.code not in page.text
    assert browser.get(reverse("intake:report", args=[other.pk])).status_code == 404
    assert report(viewer=world.bruno, report_id=other.pk).code == other.code
    with pytest.raises(Missing):
        report(viewer=world.bruno, report_id=own.pk)
    with pytest.raises(Forbidden):
        report(viewer=world.carla, report_id=own.pk)


def test_opening_needs_a_purpose_and_leaves_its_record(browser: Client, desk: Actor) -> None:
    found, _number = a_report()
    address = reverse("intake:report", args=[found.pk])
    assert WHAT not in browser.get(address).text
    assert browser.post(address, {"purpose": ""}).status_code == 422
    assert Report.objects.get().status == "received"
    assert WHAT in opened(browser, found.pk).text
    assert Report.objects.get().status == "read"
    reads = AuditEvent.objects.filter(chain="helpline", action__in=("record.read", "report.read"))
    assert [(event.actor_id, event.data_class) for event in reads.order_by("id")] == [(desk.id, "A"), (desk.id, "D")]
    with pytest.raises(Refusal):
        report_messages(viewer=desk, report_id=found.pk, purpose="no_such")


def test_a_file_is_saved_and_never_shown_as_a_page(browser: Client, desk: Actor) -> None:
    found, _number = a_report()
    actions.add_to_report(by=PUBLIC, report_id=found.pk, text="", files=[clean(picture()), clean(b"<b>uno</b>")])
    page = opened(browser, found.pk)
    addresses = re.findall(r'action="(/reports/[^"]+/file/[^"]+)"', page.text)
    types = []
    for address in addresses:
        answer = browser.post(address, {"purpose": "safety"})
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="file.')
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        types.append(answer.headers["Content-Type"])
    assert types == ["image/jpeg", "text/plain; charset=utf-8"]
    assert AuditEvent.objects.filter(action="record.file_read", actor_id=desk.id).count() == 2
    assert browser.post(addresses[0], {"purpose": ""}).status_code == 409


def test_an_answer_a_closing_and_what_is_said_twice(browser: Client, desk: Actor) -> None:
    found, _number = a_report()
    opened(browser, found.pk)
    answer = reverse("intake:report_answer", args=[found.pk])
    assert send(browser, answer, {"verb": "answer", "text": "Ya lo vemos."}).status_code == 302
    assert Report.objects.get().status == "answered"
    assert send(browser, answer, {"verb": "answer", "text": "   "}).status_code == 422
    send(browser, reverse("intake:report_close", args=[found.pk]), {"text": "Se atendió."})
    assert Report.objects.get().status == "closed"
    texts = [m.text for m in report_messages(viewer=desk, report_id=found.pk, purpose="safety") if m.kind == "answer"]
    assert texts == ["Ya lo vemos.", "Se atendió."]


def test_nothing_is_done_with_a_report_that_nobody_opened(browser: Client, desk: Actor) -> None:
    found, _number = a_report()
    for name in ("answer", "pass_on", "close", "contact"):
        assert browser.get(reverse(f"intake:report_{name}", args=[found.pk])).status_code == 409, name
    entry = Entry(channel_code="public_report", disposition_code="possible_trafficking")
    with pytest.raises(Refusal):
        actions.record_report_contact(by=desk, report_id=found.pk, entry=entry)
    with pytest.raises(Refusal):
        actions.answer_report(by=desk, report_id=found.pk, verb="answer", text="algo")


def test_passing_on_opens_it_to_the_other_agency_and_takes_it_from_the_own(
    world: World, browser: Client, desk: Actor
) -> None:
    found, _number = a_report()
    opened(browser, found.pk)
    data = {"to_agency": "prosecutor-north", "note": "Parece trata laboral."}
    assert send(browser, reverse("intake:report_pass_on", args=[found.pk]), data).status_code == 302
    messages = report_messages(viewer=world.bruno, report_id=found.pk, purpose="safety")
    assert [message.kind for message in messages] == ["report", "note"]
    with pytest.raises(Missing):
        report_messages(viewer=desk, report_id=found.pk, purpose="safety")
    moved = Report.objects.get()
    assert (moved.status, moved.is_passed_on) == ("received", True)
    actions.read_report(by=world.bruno, report_id=found.pk)
    for nowhere in ("prosecutor-north", "no-such"):
        with pytest.raises(Refusal):
            actions.pass_report_on(by=world.bruno, report_id=found.pk, to_agency=nowhere)


def test_a_contact_made_of_a_report_carries_the_path_on_once(browser: Client, desk: Actor) -> None:
    found, _number = a_report(state_code="XX-S")
    opened(browser, found.pk)
    address = reverse("intake:report_contact", args=[found.pk])
    data = {"disposition": "possible_trafficking", "risk": "unknown", "told": "Tres personas encerradas."}
    answer = send(browser, address, data)
    contact = Contact.objects.get()
    assert answer.headers["Location"] == reverse("intake:contact", args=[contact.pk])
    assert (contact.channel_code, contact.source_ref, contact.state_code) == ("public_report", found.code, "XX-S")
    assert browser.get(address).status_code == 409
    again = Entry(channel_code="public_report", disposition_code="possible_trafficking")
    with pytest.raises(Refusal):
        actions.record_report_contact(by=desk, report_id=found.pk, entry=again)


def test_the_queue_shows_what_waits_the_most_urgent_first(browser: Client, desk: Actor) -> None:
    first, _number = a_report()
    second, _number = a_report()
    actions.read_report(by=desk, report_id=second.pk)
    assert [row.pk for row in reports_waiting(viewer=desk, limit=5)] == [first.pk, second.pk]
    actions.answer_report(by=desk, report_id=second.pk, verb="answer", text="Gracias.")
    queue = browser.get("/").text
    assert first.code in queue
    assert second.code not in queue


def test_the_list_is_narrowed_paged_and_takes_as_many_queries_for_thirty_as_for_three(
    browser: Client, desk: Actor
) -> None:
    for _ in range(3):
        a_report()
    few = queries_of(browser, "/reports/")
    made = {a_report()[0].pk for _ in range(27)}
    assert queries_of(browser, "/reports/") == few
    page = report_page(viewer=desk, wanted=ReportFilter(topic_code="help", status="received"), size=20)
    rest = report_page(viewer=desk, wanted=ReportFilter(topic_code="help", status="received"), cursor=page.older)
    assert len({row.pk for row in [*page.rows, *rest.rows]}) == 30
    assert made <= {row.pk for row in [*page.rows, *rest.rows]}
    assert "No report here" in browser.get("/reports/?status=read").text
    assert "No report here" in browser.get("/reports/?topic=other").text


@given(st.lists(st.sampled_from(["send", "read", "ask", "answer", "pass_on", "close", "add", "withdraw"]), max_size=12))
def test_a_report_never_leaves_withdrawn_and_is_never_answered_unread(verbs: list[str]) -> None:
    state, seen = rules.BEGUN, [rules.BEGUN]
    for verb in verbs:
        if verb in rules.REPORT.verbs(state):
            state = rules.REPORT.after(state, verb)
            seen.append(state)
    assert rules.WITHDRAWN not in seen[:-1]
    if {rules.ASKED, rules.ANSWERED} & set(seen):
        assert rules.READ in seen
