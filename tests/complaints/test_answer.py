"""What the agency that receives complaints does: read, answer through the receipt, close; and what its author sees."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enlace.accounts.models import User
from enlace.audit.models import AuditEvent
from enlace.base.errors import Missing, Refusal
from enlace.complaints import actions
from enlace.complaints.commands import CLOCK, run_sweep
from enlace.complaints.models import Complaint
from enlace.complaints.permissions import mark
from enlace.complaints.queries import complaint_messages
from enlace.intake.files import clean
from enlace.intake.permissions import PUBLIC
from enlace.vault.models import RecordKey
from tests.accounts.entering import enter
from tests.cases.pages import queries_of, send
from tests.complaints.accusing import WHAT, a_complaint
from tests.intake.samples import picture
from tests.intake.telling import hidden, open_number
from tests.world import World

COME_BACK = "complaints:come_back"


@pytest.fixture
def browser(world: World) -> Client:
    return enter(Client(), User.objects.get(username="irene"))


def test_opening_needs_a_purpose_and_leaves_its_record(world: World, browser: Client) -> None:
    found, _number = a_complaint()
    address = reverse("complaints:complaint", args=[found.pk])
    assert WHAT not in browser.get(address).text
    assert browser.post(address, {"purpose": ""}).status_code == 422
    page = browser.post(address, {"purpose": "safety"})
    assert WHAT in page.text
    assert "Northmark Prosecutor" in page.text
    reads = AuditEvent.objects.filter(actor_id=world.irene.id, action="complaint.read")
    assert [(event.subject_id, event.data_class) for event in reads] == [(mark(found.pk), "G")]
    assert AuditEvent.objects.filter(actor_id=world.irene.id, action="record.read", data_class="A").exists()


def test_the_answer_waits_for_whoever_has_the_number(world: World, browser: Client) -> None:
    found, number = a_complaint()
    assert browser.get(reverse("complaints:answer", args=[found.pk])).status_code == 409
    actions.read_complaint(by=world.irene, complaint_id=found.pk)
    address = reverse("complaints:answer", args=[found.pk])
    assert send(browser, address, {"verb": "ask", "text": "¿En qué turno?"}).status_code == 302
    page = open_number(number, COME_BACK)
    assert "¿En qué turno?" in page.text
    fields = {**hidden(page), "do": "add", "text": "El de la noche."}
    assert "El de la noche." in Client().post(reverse(COME_BACK), fields).text
    assert Complaint.objects.get().status == "received"


def test_closing_tells_the_outcome_and_what_comes_later_opens_it_again(world: World, browser: Client) -> None:
    found, number = a_complaint()
    actions.read_complaint(by=world.irene, complaint_id=found.pk)
    send(browser, reverse("complaints:close", args=[found.pk]), {"text": "Se turnó a la visitaduría."})
    assert Complaint.objects.get().status == "closed"
    assert "Se turnó a la visitaduría." in open_number(number, COME_BACK).text
    actions.add_to_complaint(by=PUBLIC, complaint_id=found.pk, text="Pasó otra vez.")
    assert Complaint.objects.get().ended_at is None
    with pytest.raises(Refusal):
        actions.answer_complaint(by=world.irene, complaint_id=found.pk, verb="answer", text="  ")


def test_withdrawing_destroys_it_for_everybody(world: World, browser: Client) -> None:
    found, number = a_complaint()
    actions.read_complaint(by=world.irene, complaint_id=found.pk)
    page = open_number(number, COME_BACK)
    page = Client().post(reverse(COME_BACK), {**hidden(page), "do": "withdraw_now"})
    assert WHAT not in page.text
    assert not RecordKey.objects.exists()
    assert complaint_messages(viewer=world.irene, complaint_id=found.pk, purpose="safety") == []
    opened = browser.post(reverse("complaints:complaint", args=[found.pk]), {"purpose": "safety"})
    assert "destroyed" in opened.text


def test_a_file_is_saved_and_never_shown_as_a_page(world: World, browser: Client) -> None:
    found, _number = a_complaint()
    actions.add_to_complaint(by=PUBLIC, complaint_id=found.pk, text="", files=[clean(picture())])
    page = browser.post(reverse("complaints:complaint", args=[found.pk]), {"purpose": "safety"})
    (address,) = re.findall(r'action="(/complaints/[^"]+/file/[^"]+)"', page.text)
    answer = browser.post(address, {"purpose": "safety"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="file.jpg"'
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_the_page_closes_it_to_somebody_who_is_named(world: World, browser: Client) -> None:
    found, _number = a_complaint()
    address = reverse("complaints:exclude", args=[found.pk])
    assert send(browser, address, {"username": "nobody-here"}).status_code == 422
    assert send(browser, address, {"username": "irene"}).status_code == 302
    assert browser.get(reverse("complaints:complaint", args=[found.pk])).status_code == 404
    with pytest.raises(Missing):
        actions.close_complaint(by=world.irene, complaint_id=found.pk)


def test_list_and_queue_show_what_waits_with_as_many_queries_for_twenty_as_for_two(
    world: World, browser: Client
) -> None:
    made = [a_complaint()[0] for _ in range(2)]
    few = {address: queries_of(browser, address) for address in ("/complaints/", "/")}
    made += [a_complaint()[0] for _ in range(18)]
    assert {address: queries_of(browser, address) for address in few} == few
    page = browser.get("/complaints/").text
    assert [row.code for row in made if row.code not in page] == []
    assert "No complaint here" in browser.get("/complaints/?status=closed").text


def test_the_sweep_of_the_command_destroys_what_was_never_sent(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    told = actions.Accusation(accused_code="", level_code="state", words={})
    found, _number = a_complaint()
    actions.hold_files(by=PUBLIC, complaint_id=Complaint().pk, told=told, files=[clean(b"uno")])
    Complaint.objects.filter(status="begun").update(begun_at=timezone.now() - timedelta(hours=4))
    assert CLOCK.is_system
    assert run_sweep(None) == 0
    assert capsys.readouterr().out.strip().endswith("1")
    assert [row.pk for row in Complaint.objects.all()] == [found.pk]
