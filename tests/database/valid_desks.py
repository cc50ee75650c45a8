"""A valid row of each table of the desks: contacts, reports, complaints, screening and the person's own page."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from enlace.base.ids import new_code, new_id
from enlace.complaints.models import Complaint, ComplaintExclusion, ComplaintStep
from enlace.intake.models import Contact, ContactPerson, ContactStep, Notice, Outcome, Receipt, Report, ReportStep
from enlace.portal.models import OwnPage, PersonRequest
from enlace.screening.models import (
    Answer,
    Confirmation,
    DetentionAlert,
    Finding,
    GroupScreening,
    Ruling,
    Screening,
)
from tests.database.valid_people import (
    LATER,
    NOON,
    ONE_ID,
    PLACES,
    a_person,
)


def contact() -> dict[str, Any]:
    about = {"code": new_code("T"), "agency_code": "own", "operator_id": "a", "channel_code": "hotline_call"}
    when = {"opened_at": NOON, "ended_at": LATER, "seconds": 1, "recorded_at": LATER}
    return {**about, **when, "disposition_code": "spam", "source_ref": new_id().hex}


def a_contact() -> Contact:
    return Contact.objects.create(**contact())


def contact_person() -> dict[str, Any]:
    about = {"contact": a_contact(), "person": a_person(), "position": next(PLACES), "role_code": "caller"}
    return {**about, "linked_by": "a", "linked_at": NOON}


def outcome() -> dict[str, Any]:
    return {"contact": a_contact(), "kind": "case_opened", "at": NOON, "by": "a", "agency_code": "other"}


def notice() -> dict[str, Any]:
    about = {"code": new_code("N"), "kind_code": "tip", "from_agency": "own", "to_agency": "other"}
    return {**about, "sent_by": "a", "sent_at": NOON, "due_at": LATER}


def report() -> dict[str, Any]:
    about = {"code": new_code("B"), "topic_code": "help", "to_agency": "own", "status": "received"}
    return {**about, "begun_at": NOON, "received_at": NOON, "due_at": LATER}


def report_step() -> dict[str, Any]:
    return {"report": Report.objects.create(**report()), "verb": "read", "at": NOON, "by": "a", "agency_code": "own"}


def complaint() -> dict[str, Any]:
    about = {"code": new_code("Q"), "accused_code": "other", "level_code": "state", "to_agency": "own"}
    return {**about, "status": "received", "begun_at": NOON, "received_at": NOON, "due_at": LATER}


def a_complaint() -> Complaint:
    return Complaint.objects.create(**complaint())


def group() -> dict[str, Any]:
    protocol = {"protocol_code": "visit", "protocol_version": 1, "protocol_digest": "d"}
    return {**protocol, "code": new_code("G"), "agency_code": "own", "opened_by": "a", "opened_at": NOON}


def a_group() -> GroupScreening:
    return GroupScreening.objects.create(**group())


def screening() -> dict[str, Any]:
    about = {"code": new_code("S"), "person": a_person(), "agency_code": "own", "screener": "a"}
    protocol = {"protocol_code": "talk", "protocol_version": 1, "protocol_digest": "d"}
    return {**about, **protocol, "started_at": NOON, "source_ref": new_id().hex}


def a_screening() -> Screening:
    return Screening.objects.create(**screening())


def answer() -> dict[str, Any]:
    about = {"screening": a_screening(), "question_code": "works", "state": "given", "value": "no", "revision": 1}
    return {**about, "protocol_code": "talk", "protocol_version": 1, "by": "a", "agency_code": "own", "at": NOON}


def an_answer() -> Answer:
    return Answer.objects.create(**answer())


def finding() -> dict[str, Any]:
    digests = {"digest": "d", "protocol_digest": "p", "rule_digest": "r"}
    return {"screening": a_screening(), "class_code": "presumed", "outcome": {}, **digests, "by": "a", "at": NOON}


def ruling() -> dict[str, Any]:
    found = Finding.objects.create(**finding())
    said = {"class_code": "presumed", "reason": "what was seen", "by": "a", "agency_code": "own", "at": LATER}
    return {"screening": found.screening, "finding": found, **said}


def alert() -> dict[str, Any]:
    talk = a_screening()
    when = {"opened_at": NOON, "opened_by": "a", "due_at": LATER}
    return {"screening": talk, "person": talk.person, "agency_code": "own", **when}


def confirmation() -> dict[str, Any]:
    return {"screening": a_screening(), "outcome": "identified", "at": NOON, "agency_code": "other"}


def own_page() -> dict[str, Any]:
    about = {"person": a_person(), "agency_code": "own", "kept_as": "paper", "keeper_code": "person"}
    when = {"issued_by": "a", "issued_at": NOON, "expires_at": LATER}
    return {**about, **when, "digest": new_id().hex, "status": "open"}


def person_request() -> dict[str, Any]:
    about = {"code": new_code("W"), "person": a_person(), "kind_code": "question", "to_agency": "own"}
    return {**about, "asked_at": NOON, "due_at": LATER}


VALID: dict[type[Model], Callable[[], dict[str, Any]]] = {
    Contact: contact,
    ContactStep: lambda: {"contact": a_contact(), "verb": "schedule", "at": NOON, "by": "a", "due": LATER},
    ContactPerson: contact_person,
    Outcome: outcome,
    Notice: notice,
    Receipt: lambda: {"digest": new_id().hex, "kind": "report", "subject_id": ONE_ID, "issued_at": NOON},
    Report: report,
    ReportStep: report_step,
    Complaint: complaint,
    ComplaintExclusion: lambda: {"complaint": a_complaint(), "actor_id": "a", "reason": "named", "at": NOON},
    ComplaintStep: lambda: {"complaint": a_complaint(), "verb": "read", "at": NOON, "by": "a", "agency_code": "own"},
    GroupScreening: group,
    Screening: screening,
    Answer: answer,
    Finding: finding,
    Ruling: ruling,
    DetentionAlert: alert,
    Confirmation: confirmation,
    OwnPage: own_page,
    PersonRequest: person_request,
}  # fmt: skip
