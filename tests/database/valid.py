"""One valid row of every table that has constraints, so that a test spoils one thing and knows what was refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import Model

from enlace.accounts.models import Agency, Office, Recovery, RoleGrant, User
from enlace.assistance.models import (
    AssistedReturn,
    CarePlan,
    CareTurn,
    Cost,
    Feedback,
    FollowUp,
    Goal,
    GoalStep,
    GroupActivity,
    HalfReport,
    InKind,
    Permit,
    ServiceGiven,
    Session,
)
from enlace.audit.models import Anchor, AuditEvent
from enlace.base.ids import new_code, new_id
from enlace.cases.models import Case, CaseAgency, CaseCode, Decision, Episode, Turn
from enlace.complaints.models import Complaint, ComplaintExclusion, ComplaintStep
from enlace.directory.models import Agreement, Bed, BedUnit, Criterion, Programme, ServiceOffer, Site, SiteContact
from enlace.exchange.models import ImportBatch
from enlace.intake.models import Contact, ContactPerson, ContactStep, Notice, Outcome, Receipt, Report, ReportStep
from enlace.people.models import ConsentGrant, Disclosure, Emergency, LegalGround, Person, PersonAgency
from enlace.placements.models import Search, Stay, StayAlert, StayStep, UnmetNeed
from enlace.portal.models import OwnPage, PersonRequest
from enlace.prevalence.models import Estimation
from enlace.referrals.models import DisclosurePackage, Partner, Referral, ReferralStep
from enlace.screening.models import (
    Answer,
    Confirmation,
    DetentionAlert,
    Finding,
    GroupScreening,
    Ruling,
    Screening,
)
from enlace.statistics.models import NilReturn
from enlace.vault.models import AgencyKey, BlindToken, LentKey, PersonKey, RecordKey, SealedDraft, SealedItem

DAY, NEXT_DAY = date(2025, 3, 1), date(2025, 3, 2)
NOON, LATER = datetime(2025, 3, 1, 12, tzinfo=UTC), datetime(2025, 3, 2, 12, tzinfo=UTC)
ONE_ID = UUID("00000000-0000-4000-8000-000000000001")  # the same in every process that collects the tests
PLACES = count(1)  # what is numbered has another number each time


def an_agency() -> Agency:
    return Agency.objects.get_or_create(code="own", defaults={"name": "Invented", "kind_code": "ngo", "since": NOON})[0]


def a_user(username: str) -> User:
    return User.objects.get_or_create(username=username, defaults={"agency": an_agency(), "since": NOON})[0]


def person() -> dict[str, Any]:
    about = {"code": new_code("P"), "sex_code": "female", "source_ref": new_id().hex}
    return {**about, "registered_by": "own", "registered_at": NOON}


def a_person() -> Person:
    return Person.objects.create(**person())


def a_case() -> Case:
    return Case.objects.create(**case())


def case() -> dict[str, Any]:
    return {
        "code": new_code("C"),
        "person": a_person(),
        "presumed_at": NOON,
        "origin_code": "police",
        "opened_by": "own",
        "opened_at": NOON,
        "lead_agency_code": "own",
        "source_ref": new_id().hex,
    }


def site() -> dict[str, Any]:
    of = {"agency": an_agency(), "code": new_code("S"), "name": "Invented", "kind_code": "safe_house"}
    return {**of, "state_code": "XX-I", "security_code": "open", "updated_at": NOON}


def a_site() -> Site:
    return Site.objects.create(**site())


def a_bed_unit() -> BedUnit:
    return BedUnit.objects.create(site=a_site(), name="Invented")


def stay() -> dict[str, Any]:
    bed = Bed.objects.create(unit=a_bed_unit(), number=1)
    about = {"code": new_code("E"), "case": a_case(), "agency_code": "own", "site": bed.unit.site, "bed": bed}
    when = {"requested_at": NOON, "occupied_from": NOON, "admitted_at": NOON, "agreed_at": NOON}
    return {**about, **when, "status": "admitted", "is_voluntary": True, "agreed_by_code": "person"}


def a_stay() -> Stay:
    return Stay.objects.create(**stay())


def need() -> dict[str, Any]:
    about = {"case": a_case(), "agency_code": "own", "service_code": "SHELTER", "sex_code": "male"}
    return {**about, "age_group_code": "16_24", "reason_code": "sex", "at": NOON, "sought_at": NOON, "recorded_by": "a"}


def agreement() -> dict[str, Any]:
    return {"from_state": "XX-N", "to_state": "XX-I", "valid_from": DAY, "valid_to": NEXT_DAY, "basis": "Invented"}


def turn() -> dict[str, Any]:
    return {"case": a_case(), "verb": "close", "at": NOON, "by": "somebody", "agency_code": "own"}


def referral() -> dict[str, Any]:
    return {
        "code": new_code("R"),
        "case": a_case(),
        "sender_code": "own",
        "recipient_code": "other",
        "is_consented": True,
        "sent_by": "somebody",
        "sent_at": NOON,
        "due_at": LATER,
    }


def a_referral() -> Referral:
    return Referral.objects.create(**referral())


def partner() -> dict[str, Any]:
    about = {"code": new_code("X"), "name": "Invented", "kind_code": "ngo"}
    return {**about, "added_by_agency": "own", "added_at": NOON}


def package() -> dict[str, Any]:
    secrets = {"link_digest": new_id().hex, "code_digest": "c"}
    return {"referral": a_referral(), **secrets, "made_by": "somebody", "made_at": NOON, "expires_at": LATER}


def referral_step() -> dict[str, Any]:
    about = {"referral": Referral.objects.create(**referral()), "verb": "accept"}
    return {**about, "at": LATER, "by": "somebody", "agency_code": "other"}


def decision() -> dict[str, Any]:
    at = {"decided_at": NOON, "agency_code": "own", "decided_by": "somebody", "ground_code": "prosecutor"}
    return {"case": a_case(), "verb": "identify", "outcome": "identified", **at}


def service() -> dict[str, Any]:
    about = {"case": a_case(), "agency_code": "own", "service_code": "LEGAL", "started_on": DAY}
    return {**about, "recorded_by": "somebody", "recorded_at": NOON}


def a_service() -> ServiceGiven:
    return ServiceGiven.objects.create(**service())


def activity() -> dict[str, Any]:
    about = {"agency_code": "own", "service_code": "EDU", "title": "Invented", "planned_at": NOON}
    return {**about, "recorded_by": "somebody", "recorded_at": NOON}


def an_activity() -> GroupActivity:
    return GroupActivity.objects.create(**activity())


def session() -> dict[str, Any]:
    given = a_service()
    about = {"case": given.case, "service": given, "agency_code": "own", "service_code": "LEGAL"}
    return {**about, "planned_at": NOON, "recorded_by": "somebody", "recorded_at": NOON}


def feedback() -> dict[str, Any]:
    about = {"agency_code": "own", "service_code": "LEGAL", "month": "2025-03", "score": 3}
    return {**about, "digest": new_id().hex}


def things() -> dict[str, Any]:
    about = {"case": a_case(), "agency_code": "own", "item_code": "food", "quantity": 1, "given_on": DAY}
    return {**about, "recorded_by": "somebody", "recorded_at": NOON}


def cost() -> dict[str, Any]:
    about = {"agency_code": "own", "service_code": "LEGAL", "funding_code": "state", "amount": 1, "spent_on": DAY}
    return {**about, "recorded_by": "somebody", "recorded_at": NOON}


def plan() -> dict[str, Any]:
    return {"case": a_case(), "agency_code": "own", "drawn_up_by": "somebody", "drawn_up_at": NOON}


def a_plan() -> CarePlan:
    return CarePlan.objects.create(**plan())


def goal() -> dict[str, Any]:
    return {"plan": a_plan(), "area_code": "health", "objective": "invented", "added_at": NOON}


def a_goal() -> Goal:
    return Goal.objects.create(**goal())


def permit() -> dict[str, Any]:
    about = {"case": a_case(), "kind_code": "stay_permit", "agency_code": "own", "opened_by": "somebody"}
    return {**about, "opened_on": DAY, "moved_on": DAY}


def a_permit() -> Permit:
    return Permit.objects.create(**permit())


def assisted_return() -> dict[str, Any]:
    about = {"case": a_case(), "kind_code": "going_home", "agency_code": "own", "country_code": "MX"}
    return {**about, "opened_by": "somebody", "opened_on": DAY}


def a_consent() -> ConsentGrant:
    return ConsentGrant.objects.create(**consent())


def follow_up() -> dict[str, Any]:
    about = {"case": a_case(), "agency_code": "own", "series": 1, "number": 1, "base_on": DAY, "due_on": NEXT_DAY}
    return {**about, "planned_by": "somebody", "planned_at": NOON}


def care_turn() -> dict[str, Any]:
    return {"plan": a_plan(), "verb": "draw", "on": DAY, "at": NOON, "by": "somebody", "agency_code": "own"}


def consent() -> dict[str, Any]:
    about = {"person": a_person(), "agency_code": "own", "purpose_code": "referral", "given_by_code": "person"}
    return {**about, "given_on": DAY, "recorded_by": "somebody", "recorded_at": NOON}


def ground() -> dict[str, Any]:
    about = {"person": a_person(), "agency_code": "own", "purpose_code": "justice", "ground_code": "court_order"}
    return {
        **about,
        "article": "s. 31",
        "decided_by": "a court",
        "decided_on": DAY,
        "recorded_by": "a",
        "recorded_at": NOON,
    }


def disclosure() -> dict[str, Any]:
    given = a_consent()
    about = {"person": given.person, "consent": given, "agency_code": "own", "recipient_code": "other"}
    return {**about, "kind": "slice", "fields": ["sex_code"], "at": NOON, "by": "a"}


def emergency() -> dict[str, Any]:
    about = {
        "person": a_person(),
        "agency_code": "own",
        "opened_by": "a",
        "reason_code": "medical",
        "words": "invented",
    }
    return {**about, "opened_at": NOON, "ends_at": LATER}


def lent_key() -> dict[str, Any]:
    about = {"emergency_id": new_id(), "person_id": ONE_ID, "agency_code": "own", "agency_key_version": 1}
    return {**about, "wrapped": b"k", "lent_at": NOON}


def recovery() -> dict[str, Any]:
    about = {"user": a_user("lost"), "asked_by": a_user("asker"), "code_digest": new_id().hex}
    return {**about, "asked_at": NOON, "expires_at": LATER}


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


def estimation() -> dict[str, Any]:
    data = {"lists": ["police", "shelters"], "masks": [1, 2, 3], "counts": [9, 8, 7], "digest": "d", "options": {}}
    return {"title": "Invented", "period": "2025", "source": "table", **data, "asked_by": "a", "asked_at": NOON}


def event() -> dict[str, Any]:
    return {"chain": "own", "seq": 1, "at": NOON, "actor_id": "a", "action": "x", "previous": "0", "digest": "0"}


def batch() -> dict[str, Any]:
    about = {"kind": "htcds", "digest": "d", "agency_code": "own", "layout": "x", "unit": "person"}
    return {**about, "row_count": 1, "error_count": 0, "imported_by": "a", "imported_at": NOON}


def agency_key() -> dict[str, Any]:
    return {"agency_code": "own", "use": "data", "version": next(PLACES), "wrapped": b"k", "created_at": NOON}


def person_key() -> dict[str, Any]:
    about = {"person_id": ONE_ID, "agency_code": "own", "agency_key_version": 1, "wrapped": b"k"}
    return {**about, "granted_by": "own", "granted_at": NOON}


def sealed_item() -> dict[str, Any]:
    about = {"person_id": ONE_ID, "kind": "alias", "ciphertext": b"c"}
    return {**about, "written_by_agency": "own", "written_at": NOON}


def record_key() -> dict[str, Any]:
    about = {"record_id": ONE_ID, "agency_code": "own", "agency_key_version": 1}
    return {**about, "wrapped": b"k", "granted_at": NOON}


def draft() -> dict[str, Any]:
    about = {"owner_id": "a", "agency_code": "own", "form": "open", "subject": "s", "agency_key_version": 1}
    return {**about, "wrapped": b"k", "ciphertext": b"c", "saved_at": NOON}


VALID: dict[type[Model], Callable[[], dict[str, Any]]] = {
    Office: lambda: {"agency": an_agency(), "name": "North"},
    RoleGrant: lambda: {"user": a_user("holder"), "role_code": "R06", "since": NOON, "granted_by": "a"},
    Recovery: recovery,
    AuditEvent: event,
    Anchor: lambda: {"number": 1, "at": NOON, "heads": {}, "previous": "0", "digest": "0"},
    Person: person,
    PersonAgency: lambda: {"person": a_person(), "agency_code": "own", "since": NOON, "reason": "registered"},
    ConsentGrant: consent,
    LegalGround: ground,
    Disclosure: disclosure,
    Emergency: emergency,
    LentKey: lent_key,
    AgencyKey: agency_key,
    PersonKey: person_key,
    SealedItem: sealed_item,
    BlindToken: lambda: {"agency_code": "own", "field": "name", "token": 1, "person_id": ONE_ID},
    SealedDraft: draft,
    RecordKey: record_key,
    ServiceOffer: lambda: {"agency": an_agency(), "service_code": "LEGAL", "confirmed_at": NOON},
    Site: site,
    SiteContact: lambda: {"site": a_site(), "kind": "phone", "value": "555"},
    Programme: lambda: {"site": a_site(), "service_code": "LEGAL"},
    Criterion: lambda: {"site": a_site(), "must": True, "fact": "age", "least": 3, "most": 9},
    Agreement: agreement,
    BedUnit: lambda: {"site": a_site(), "name": "Invented", "confirmed_at": NOON, "confirmed_by": "a"},
    Bed: lambda: {"unit": a_bed_unit(), "number": 1},
    Case: case,
    CaseAgency: lambda: {"case": a_case(), "agency_code": "own", "joined_at": NOON, "part": "lead"},
    CaseCode: lambda: {"case": a_case(), "list_name": "means", "code": "threat"},
    Episode: lambda: {"case": a_case(), "kind_code": "transit", "started_on": DAY, "ended_on": NEXT_DAY},
    Decision: decision,
    Turn: turn,
    Stay: stay,
    StayStep: lambda: {"stay": a_stay(), "verb": "admit", "at": NOON, "by": "a", "agency_code": "own"},
    StayAlert: lambda: {"stay": a_stay(), "kind": "limit", "raised_at": NOON},
    Search: lambda: {"case": a_case(), "agency_code": "own", "at": NOON, "by": "a"},
    UnmetNeed: need,
    Referral: referral,
    ReferralStep: referral_step,
    Partner: partner,
    DisclosurePackage: package,
    ServiceGiven: service,
    GroupActivity: activity,
    Session: session,
    Feedback: feedback,
    InKind: things,
    Cost: cost,
    CarePlan: plan,
    Goal: goal,
    GoalStep: lambda: {"goal": a_goal(), "what": "invented", "added_at": NOON},
    Permit: permit,
    AssistedReturn: assisted_return,
    HalfReport: lambda: {"agency_code": "own", "half": "2024-H1", "reported_by": "a", "reported_at": NOON},
    FollowUp: follow_up,
    CareTurn: care_turn,
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
    Estimation: estimation,
    NilReturn: lambda: {"agency_code": "own", "period": "2025", "declared_by": "a", "declared_at": NOON},
    ImportBatch: batch,
}  # fmt: skip
