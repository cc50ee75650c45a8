"""A valid row of each table about accounts, people, cases, sealed records and numbers, and the rows that others hang on."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import Model

from enlace.accounts.models import Agency, Office, Recovery, RoleGrant, User
from enlace.audit.models import Anchor, AuditEvent
from enlace.base.ids import new_code, new_id
from enlace.cases.models import Case, CaseAgency, CaseCode, Decision, Episode, Turn
from enlace.exchange.models import ImportBatch
from enlace.people.models import ConsentGrant, Disclosure, Emergency, LegalGround, Person, PersonAgency
from enlace.prevalence.models import Estimation
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


def turn() -> dict[str, Any]:
    return {"case": a_case(), "verb": "close", "at": NOON, "by": "somebody", "agency_code": "own"}


def decision() -> dict[str, Any]:
    at = {"decided_at": NOON, "agency_code": "own", "decided_by": "somebody", "ground_code": "prosecutor"}
    return {"case": a_case(), "verb": "identify", "outcome": "identified", **at}


def a_consent() -> ConsentGrant:
    return ConsentGrant.objects.create(**consent())


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
    Case: case,
    CaseAgency: lambda: {"case": a_case(), "agency_code": "own", "joined_at": NOON, "part": "lead"},
    CaseCode: lambda: {"case": a_case(), "list_name": "means", "code": "threat"},
    Episode: lambda: {"case": a_case(), "kind_code": "transit", "started_on": DAY, "ended_on": NEXT_DAY},
    Decision: decision,
    Turn: turn,
    Estimation: estimation,
    NilReturn: lambda: {"agency_code": "own", "period": "2025", "declared_by": "a", "declared_at": NOON},
    ImportBatch: batch,
}  # fmt: skip
