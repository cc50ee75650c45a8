"""Complaining about an official: the agency first, then the words, then a number."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.ids import new_id
from enlace.complaints import actions
from enlace.complaints.models import Complaint, ComplaintExclusion
from enlace.complaints.queries import accusable, complaint_messages, receiving_kind, route
from enlace.intake.actions import drop_unsent_reports, open_receipt
from enlace.intake.files import clean
from enlace.intake.models import Report
from enlace.intake.permissions import PUBLIC
from enlace.vault.models import RecordKey
from tests.complaints.accusing import ACCUSED, WHAT, a_complaint, complaining
from tests.intake.samples import picture
from tests.intake.telling import Teller, everything_stored, upload
from tests.world import World


def test_a_complaint_goes_from_the_agency_to_the_one_that_receives_complaints(world: World) -> None:
    teller = complaining().send()
    assert len(teller.number()) == 19
    found = Complaint.objects.get()
    assert (found.accused_code, found.to_agency, found.status) == (ACCUSED, "ombudsman", "received")
    (told,) = complaint_messages(viewer=world.irene, complaint_id=found.pk, purpose="safety")
    assert told.words == {"what": WHAT, "posts": "Case liaison"}
    assert WHAT not in everything_stored()
    assert Report.objects.count() == 0
    assert dict(teller.client.cookies) == {}


def test_the_agency_is_a_choice_and_comes_before_any_text(world: World) -> None:
    page = Teller(start="complaints:complain").open().page
    assert "<textarea" not in page.text
    assert "Northmark Prosecutor" in page.text
    assert "Safe Harbour" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert set(accusable()) >= {"police-north", "ombudsman", "migration-service"}


def test_an_agency_that_is_not_listed_can_be_named_sealed(world: World) -> None:
    teller = Teller(start="complaints:complain").open().send(agency="other", level="unknown").send(what=WHAT)
    teller.send(agency_name="Oficina inventada").send().send()
    found = Complaint.objects.get()
    assert found.accused_code == ""
    (told,) = complaint_messages(viewer=world.irene, complaint_id=found.pk, purpose="safety")
    assert told.words["agency_name"] == "Oficina inventada"
    assert "Oficina inventada" not in everything_stored()


def test_about_the_receiver_itself_is_told_at_once_and_written_nowhere(world: World) -> None:
    page = Teller(start="complaints:complain").open().send(agency="ombudsman", level="federal").page
    assert page.status_code == 422
    assert "it would read them itself" in page.text
    with pytest.raises(Refusal):
        a_complaint("ombudsman")
    assert Complaint.objects.count() == 0
    assert receiving_kind() == "ombudsman"
    assert route("", "XX-N") == "ombudsman"


def test_files_are_held_sealed_for_the_receiver_alone(world: World) -> None:
    teller = Teller(start="complaints:complain").open().send(agency=ACCUSED, level="state").send(what=WHAT).send()
    teller.send(attached=[upload(picture())]).send()
    assert Complaint.objects.get().file_count == 1
    assert set(RecordKey.objects.values_list("agency_code", flat=True)) == {"ombudsman"}


def test_what_was_begun_and_not_sent_is_destroyed(world: World) -> None:
    teller = Teller(start="complaints:complain").open().send(agency=ACCUSED, level="state").send(what=WHAT).send()
    teller.send(attached=[upload(picture())])
    later = timezone.now() + timedelta(hours=4)
    assert drop_unsent_reports(by=PUBLIC, at=later) == 0
    assert actions.drop_unsent_complaints(by=PUBLIC, at=later) == 1
    assert not Complaint.objects.exists()
    assert not RecordKey.objects.exists()


def test_the_same_form_sent_twice_makes_one_complaint(world: World) -> None:
    teller = complaining()
    first, page = teller.page, teller.send().page
    teller.page = first
    assert teller.send().page.status_code == page.status_code == 200
    assert Complaint.objects.count() == 1


def test_an_account_cannot_complain_for_somebody(world: World) -> None:
    told = actions.Accusation(accused_code=ACCUSED, level_code="state", words={"what": WHAT})
    with pytest.raises(Forbidden):
        actions.send_complaint(by=world.irene, complaint_id=new_id(), told=told, number="1" * 16)
    with pytest.raises(Refusal):
        a_complaint(level_code="no_such")


def test_the_record_does_not_tell_a_complaint_from_a_report(world: World) -> None:
    found, _number = a_complaint()
    actions.add_to_complaint(by=PUBLIC, complaint_id=found.pk, text="más", files=[clean(b"uno")])
    actions.withdraw_complaint(by=PUBLIC, complaint_id=found.pk)
    events = list(AuditEvent.objects.all())
    assert not any("complain" in event.action for event in events)
    assert not any(str(found.pk) in f"{event.subject_id}{event.detail}" for event in events)


def test_everybody_of_the_accused_agency_is_left_out_by_account_too(world: World) -> None:
    found, _number = a_complaint()
    left_out = set(ComplaintExclusion.objects.filter(complaint=found).values_list("actor_id", flat=True))
    assert left_out == {world.bruno.id, world.lucas.id}


def test_a_complaint_number_opens_nothing_among_the_reports(world: World) -> None:
    found, number = a_complaint()
    with pytest.raises(Missing):
        open_receipt(by=PUBLIC, kind="report", number=number)
    assert open_receipt(by=PUBLIC, kind="complaint", number=number) == found.pk
    assert reverse("complaints:come_back") != reverse("intake:come_back")
