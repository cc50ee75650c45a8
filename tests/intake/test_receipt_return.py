"""Coming back with the number: reading, adding, withdrawing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from enlace.base.errors import Missing, Refusal
from enlace.intake import actions
from enlace.intake.actions import Entry
from enlace.intake.models import Report
from enlace.intake.permissions import PUBLIC
from enlace.intake.public import sealed
from enlace.intake.queries import report_messages
from enlace.vault.models import RecordKey, RecordPart
from tests.intake.telling import WHAT, a_report, hidden, open_number, upload
from tests.intake.test_report_send import helpline
from tests.world import World

URL = "intake:come_back"
ENGLISH = {"Accept-Language": "en"}


def press(page: Any, do: str, **typed: Any) -> Any:
    """Press a button of the page that the number opened."""
    return Client().post(reverse(URL), {**hidden(page), "do": do, **typed}, headers=ENGLISH)


def test_the_number_shows_what_was_sent_and_how_it_stands(world: World) -> None:
    _report, number = a_report()
    page = open_number(number)
    assert page.status_code == 200
    assert WHAT in page.text
    assert "Nobody has opened it yet" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_an_answer_waits_for_whoever_has_the_number_and_a_note_between_agencies_does_not(world: World) -> None:
    report, number = a_report()
    actions.read_report(by=helpline(), report_id=report.pk)
    actions.answer_report(by=helpline(), report_id=report.pk, verb="ask", text="¿A qué hora cierran?")
    note = "Nota entre instituciones"
    actions.pass_report_on(by=helpline(), report_id=report.pk, to_agency="prosecutor-north", note=note)
    page = open_number(number)
    assert "¿A qué hora cierran?" in page.text
    assert "Xandoria Helpline" in page.text
    assert "Northmark Prosecutor" in page.text
    assert note not in page.text


def test_what_is_added_waits_to_be_read_again(world: World) -> None:
    report, number = a_report()
    actions.read_report(by=helpline(), report_id=report.pk)
    page = press(open_number(number), "add", text="Cierran a las diez.")
    assert "It was added" in page.text
    assert "Cierran a las diez." in page.text
    report.refresh_from_db()
    assert report.status == "received"


def test_an_addition_sent_twice_is_added_once(world: World) -> None:
    report, number = a_report()
    opened = open_number(number)
    for _ in range(2):
        assert press(opened, "add", text="Una sola vez.").status_code == 200
    messages = report_messages(viewer=helpline(), report_id=report.pk, purpose="safety")
    assert [message.text for message in messages if message.kind == "added"] == ["Una sola vez."]


def test_a_bad_file_is_refused_and_the_text_stays(world: World) -> None:
    report, number = a_report()
    page = press(open_number(number), "add", text="Con foto.", attached=[upload(b"MZ\x00\x01")])
    assert page.status_code == 422
    assert "This kind of file cannot be received" in page.text
    assert "Con foto." in page.text
    assert report.steps.filter(verb="add").count() == 0


def test_withdrawing_is_confirmed_and_destroys_what_was_told(world: World) -> None:
    report, number = a_report()
    asked = press(open_number(number), "withdraw")
    assert "destroyed at once and for good" in asked.text
    assert Report.objects.get().status == "received"
    page = press(asked, "withdraw_now")
    assert "nobody can read them any more" in page.text
    assert WHAT not in page.text
    assert not RecordKey.objects.filter(record_id=report.record_id).exists()
    assert not RecordPart.objects.filter(record_id=report.record_id).exists()
    assert report_messages(viewer=helpline(), report_id=report.pk, purpose="safety") == []
    assert "You withdrew it" in open_number(number).text


def test_a_withdrawn_report_takes_nothing_more(world: World) -> None:
    report, number = a_report()
    page = press(press(open_number(number), "withdraw"), "withdraw_now")
    assert press(page, "withdraw_now").status_code == 200
    with pytest.raises(Refusal):
        actions.add_to_report(by=PUBLIC, report_id=report.pk, text="otra vez")
    with pytest.raises(Refusal):
        actions.withdraw_report(by=PUBLIC, report_id=report.pk)
    assert report.steps.filter(verb="withdraw").count() == 1


@pytest.mark.parametrize("taken", ["passed_on", "contact"])
def test_what_an_authority_has_taken_up_is_not_destroyed_and_the_page_says_so(world: World, taken: str) -> None:
    report, number = a_report()
    desk = helpline()
    actions.read_report(by=desk, report_id=report.pk)
    if taken == "passed_on":
        actions.pass_report_on(by=desk, report_id=report.pk, to_agency="prosecutor-north")
    else:
        may = type(desk)(id="desk", agency_code="helpline", role_code="R01", can=desk.can | {"CONTACT_RECORD"})
        entry = Entry(channel_code="public_report", disposition_code="possible_trafficking", told={"told": WHAT})
        actions.record_report_contact(by=may, report_id=report.pk, entry=entry)
    asked = press(open_number(number), "withdraw")
    assert "It cannot be destroyed any more" in asked.text
    page = press(asked, "withdraw_now")
    assert "Those who received it know" in page.text
    assert RecordKey.objects.filter(record_id=report.record_id).exists()


@pytest.mark.parametrize("forged", ["", "00" * 40, None])
def test_a_forged_pass_opens_nothing(world: World, forged: str | None) -> None:
    report, _number = a_report()
    value = sealed({"kind": "complaint", "id": str(report.pk)}) if forged is None else forged
    page = Client().post(reverse(URL), {"pass": value, "do": "show"}, headers=ENGLISH)
    assert page.status_code == 422
    assert WHAT not in page.text


def test_closing_asks_the_browser_to_forget(world: World) -> None:
    _report, number = a_report()
    page = press(open_number(number), "close")
    assert page.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert WHAT not in page.text


def test_a_report_that_is_only_begun_is_no_report(world: World) -> None:
    report, _number = a_report()
    Report.objects.filter(pk=report.pk).update(status="begun", received_at=None, due_at=None)
    with pytest.raises(Missing):
        actions.add_to_report(by=PUBLIC, report_id=report.pk, text="algo")
