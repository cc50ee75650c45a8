"""What must never be, the database itself refuses: one impossible row for every constraint, and no change of the past."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import CheckConstraint, Model, UniqueConstraint

from enlace.accounts.models import Recovery, RoleGrant
from enlace.assistance.models import ServiceGiven
from enlace.audit.models import Anchor, AuditEvent
from enlace.cases.models import Case, Decision, Episode, Turn
from enlace.complaints.models import Complaint, ComplaintExclusion, ComplaintStep
from enlace.intake.models import Contact, ContactPerson, ContactStep, Notice, Outcome, Receipt, Report, ReportStep
from enlace.people.models import ConsentGrant, Person
from enlace.prevalence.models import Estimation
from enlace.referrals.models import Referral, ReferralStep
from enlace.screening.models import Answer, Confirmation, DetentionAlert, Finding, Ruling, Screening
from enlace.vault.models import AgencyKey, PersonKey, SealedItem
from tests.database.valid import DAY, LATER, NEXT_DAY, NOON, ONE_ID, VALID, a_group, a_user, an_answer
from tests.own import savepoint, undone

pytestmark = pytest.mark.django_db

BEFORE = NOON - timedelta(seconds=1)
FOUND = {"finished_at": LATER, "finished_by": "a", "class_code": "presumed"}
RELEASED = {"status": "released", "ended_at": LATER, "ended_by": "a", "end_code": "released"}

# constraint, table, and the impossible values put into a valid row (a function makes the value)
IMPOSSIBLE: list[tuple[str, type[Model], dict[str, Any]]] = [
    ("accounts_role_ended_by_someone", RoleGrant, {"until": LATER}),
    ("accounts_role_ended_by_someone", RoleGrant, {"until": BEFORE, "ended_by": "a"}),
    ("accounts_role_ended_by_someone", RoleGrant, {"ended_by": "a"}),
    ("accounts_recovery_by_two", Recovery, {"approved_by": "asker", "approved_at": NOON, "approval_digest": "x"}),
    ("accounts_recovery_by_others", Recovery, {"asked_by": "lost"}),
    ("accounts_recovery_by_others", Recovery, {"approved_by": "lost", "approved_at": NOON, "approval_digest": "x"}),
    ("accounts_recovery_used_if_approved", Recovery, {"used_at": NOON}),
    ("accounts_recovery_used_if_approved", Recovery, {"approved_by": "third", "approved_at": NOON}),
    ("people_birth_year_plausible", Person, {"birth_year": 1899}),
    ("people_birth_year_plausible", Person, {"birth_year": 2101}),
    ("people_consent_ends_after_start", ConsentGrant, {"given_on": NEXT_DAY, "expires_on": DAY}),
    ("people_revoked_by_someone", ConsentGrant, {"revoked_on": NEXT_DAY}),
    ("people_revoked_by_someone", ConsentGrant, {"revoked_by": "a"}),
    ("people_revoked_by_someone", ConsentGrant, {"given_on": NEXT_DAY, "revoked_on": DAY, "revoked_by": "a"}),
    ("vault_key_use_known", AgencyKey, {"use": "other"}),
    ("vault_released_after_granted", PersonKey, {"released_at": BEFORE}),
    ("vault_item_kind_known", SealedItem, {"kind": "shoe_size"}),
    ("vault_replaced_after_written", SealedItem, {"replaced_at": BEFORE}),
    ("cases_closed_with_reason", Case, {"status": "closed", "closed_at": LATER}),
    ("cases_closed_with_reason", Case, {"status": "closed", "closure_reason_code": "moved"}),
    ("cases_closed_with_reason", Case, {"closed_at": LATER, "closure_reason_code": "moved"}),
    ("cases_closed_with_reason", Case, {"status": "lost"}),
    ("cases_end_after_start", Case, {"status": "closed", "closed_at": BEFORE, "closure_reason_code": "moved"}),
    ("cases_episode_end_after_start", Episode, {"started_on": NEXT_DAY, "ended_on": DAY}),
    ("cases_decision_has_decider", Decision, {"decided_by": ""}),
    ("cases_decision_has_decider", Decision, {"ground_code": ""}),
    ("referrals_consent_or_ground", Referral, {"is_consented": False}),
    ("referrals_declined_with_reason", Referral, {"status": "declined", "answered_at": LATER}),
    ("referrals_interrupted_with_reason", Referral, {"status": "interrupted", "answered_at": LATER}),
    ("referrals_to_another_agency", Referral, {"recipient_code": "own"}),
    ("referrals_answered_after_sent", Referral, {"answered_at": BEFORE}),
    ("assistance_end_after_start", ServiceGiven, {"started_on": NEXT_DAY, "ended_on": DAY}),
    ("assistance_quantity_has_unit", ServiceGiven, {"quantity": 1}),
    ("assistance_quantity_has_unit", ServiceGiven, {"unit_code": "night"}),
    ("assistance_quantity_has_unit", ServiceGiven, {"quantity": 0, "unit_code": "night"}),
    ("intake_contact_end_after_start", Contact, {"ended_at": BEFORE}),
    ("intake_follow_up_has_a_day", Contact, {"status": "follow_up"}),
    ("intake_follow_up_has_a_day", Contact, {"follow_up_due": LATER}),
    ("intake_place_as_precise_as_allowed", Contact, {"municipality": "Inventada"}),
    ("intake_place_as_precise_as_allowed", Contact, {"municipality": "Inventada", "precision_code": "state"}),
    ("intake_promised_call_has_a_day", ContactStep, {"due": None}),
    ("intake_promised_call_has_a_day", ContactStep, {"verb": "close"}),
    ("intake_person_linked_by_someone", ContactPerson, {"linked_by": ""}),
    ("intake_person_linked_by_someone", ContactPerson, {"linked_at": None}),
    ("intake_person_linked_by_someone", ContactPerson, {"person": None}),
    ("intake_notice_to_another_agency", Notice, {"to_agency": "own"}),
    ("intake_notice_taken_by_someone", Notice, {"status": "taken", "taken_by": "a"}),
    ("intake_notice_taken_by_someone", Notice, {"status": "taken", "taken_at": LATER}),
    ("intake_notice_closed_with_outcome", Notice, {"status": "closed", "ended_at": LATER, "ended_by": "a"}),
    ("intake_notice_closed_with_outcome", Notice, {"status": "closed", "ended_by": "a", "outcome_code": "x"}),
    ("intake_notice_closed_with_outcome", Notice, {"status": "closed", "ended_at": LATER, "outcome_code": "x"}),
    ("intake_notice_returned_with_reason", Notice, {"status": "returned", "ended_at": LATER, "ended_by": "a"}),
    ("intake_notice_returned_with_reason", Notice, {"status": "returned", "ended_by": "a", "return_code": "x"}),
    ("intake_notice_returned_with_reason", Notice, {"status": "returned", "ended_at": LATER, "return_code": "x"}),
    ("intake_receipt_kind_known", Receipt, {"kind": "other"}),
    ("intake_report_received_with_a_clock", Report, {"status": "begun"}),
    ("intake_report_received_with_a_clock", Report, {"received_at": None}),
    ("intake_report_received_with_a_clock", Report, {"due_at": None}),
    ("intake_report_erased_only_when_withdrawn", Report, {"is_erased": True}),
    ("intake_report_erased_only_when_withdrawn", Report, {"is_erased": True, "status": "withdrawn", "is_passed_on": True}),
    ("complaints_never_to_the_accused", Complaint, {"accused_code": "own"}),
    ("complaints_received_with_a_clock", Complaint, {"status": "begun"}),
    ("complaints_received_with_a_clock", Complaint, {"received_at": None}),
    ("complaints_received_with_a_clock", Complaint, {"due_at": None}),
    ("complaints_exclusion_reason_known", ComplaintExclusion, {"reason": "other"}),
    ("screening_finished_with_finding", Screening, {"status": "finished"}),
    ("screening_finished_with_finding", Screening, FOUND),
    ("screening_finished_with_finding", Screening, FOUND | {"status": "finished", "class_code": ""}),
    ("screening_finished_with_finding", Screening, FOUND | {"status": "finished", "finished_by": ""}),
    ("screening_decided_with_decision", Screening, FOUND | {"status": "decided", "decided_at": LATER}),
    ("screening_decided_with_decision", Screening, FOUND | {"status": "decided", "decided_code": "presumed"}),
    ("screening_decided_with_decision", Screening, {"decided_at": LATER, "decided_code": "presumed"}),
    ("screening_end_after_start", Screening, FOUND | {"status": "finished", "finished_at": BEFORE}),
    ("screening_second_of_another", Screening, {"id": ONE_ID, "second_of_id": ONE_ID}),
    ("screening_answer_of_one", Answer, {"screening": None}),
    ("screening_answer_of_one", Answer, {"group": a_group}),
    ("screening_answer_correction_of", Answer, {"revision": 2}),
    ("screening_answer_correction_of", Answer, {"supersedes": an_answer}),
    ("screening_answer_has_version", Answer, {"protocol_code": ""}),
    ("screening_answer_has_version", Answer, {"protocol_version": 0}),
    ("screening_answer_has_version", Answer, {"by": ""}),
    ("screening_answer_sealed_whole", Answer, {"record_id": ONE_ID}),
    ("screening_answer_sealed_whole", Answer, {"part_id": ONE_ID}),
    ("screening_ruling_has_decider", Ruling, {"by": ""}),
    ("screening_ruling_has_decider", Ruling, {"reason": ""}),
    ("screening_ruling_has_decider", Ruling, {"class_code": ""}),
    ("screening_alert_ended_by_someone", DetentionAlert, {"status": "released"}),
    ("screening_alert_ended_by_someone", DetentionAlert, {"ended_at": LATER}),
    ("screening_alert_ended_by_someone", DetentionAlert, RELEASED | {"ended_at": BEFORE}),
    ("screening_alert_ended_by_someone", DetentionAlert, RELEASED | {"ended_by": ""}),
    ("screening_alert_ended_by_someone", DetentionAlert, RELEASED | {"end_code": "forgotten"}),
    ("screening_confirmation_known", Confirmation, {"outcome": "perhaps"}),
    ("prevalence_status", Estimation, {"status": "lost"}),
    ("prevalence_done_with_result", Estimation, {"status": "done", "ended_at": LATER}),
    ("prevalence_done_with_result", Estimation, {"status": "done", "result": "{}"}),
    ("prevalence_done_with_result", Estimation, {"result": "{}"}),
    ("prevalence_failed_with_reason", Estimation, {"status": "failed"}),
]  # fmt: skip
# What two rows need besides, to come under a constraint's condition and under no other constraint.
UNDER_CONDITION: dict[str, dict[str, Any]] = {
    "screening_group_answer_once": {"screening": None, "group": a_group},
    "vault_one_key_per_version": {"retired_at": LATER},
}
# Tables of which no row is ever changed or removed.
APPEND_ONLY: list[type[Model]] = [
    AuditEvent, Anchor, Decision, Turn, ReferralStep, ContactStep,
    Outcome, ReportStep,
    ComplaintExclusion, ComplaintStep, Answer, Finding, Ruling, Confirmation,
]  # fmt: skip
OURS = [model for model in apps.get_models() if model.__module__.startswith("enlace.")]
UNIQUE = [(c, model) for model in OURS for c in model._meta.constraints if isinstance(c, UniqueConstraint)]


def test_every_constraint_has_its_impossible_row() -> None:
    checks = {c.name for model in OURS for c in model._meta.constraints if isinstance(c, CheckConstraint)}
    assert checks == {name for name, _, _ in IMPOSSIBLE}


def made(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value() if callable(value) else value for key, value in values.items()}


def told(name: str, values: dict[str, Any]) -> str:
    return f"{name} " + ", ".join(f"{key}={getattr(value, '__name__', value)}" for key, value in values.items())


@pytest.mark.parametrize(("name", "model", "impossible"), IMPOSSIBLE, ids=[told(n, i) for n, _, i in IMPOSSIBLE])
def test_an_impossible_row_is_refused(name: str, model: type[Model], impossible: dict[str, Any]) -> None:
    row = VALID[model]()
    with undone():
        model.objects.create(**row)
    people = {"asked_by", "approved_by"}
    spoiled = row | {key: a_user(value) if key in people else value for key, value in made(impossible).items()}
    with pytest.raises(IntegrityError, match=name), savepoint():
        model.objects.create(**spoiled)


@pytest.mark.parametrize(("constraint", "model"), UNIQUE, ids=[c.name for c, _ in UNIQUE])
def test_a_second_row_of_what_is_once_is_refused(constraint: UniqueConstraint, model: type[Model]) -> None:
    extra = made(UNDER_CONDITION.get(constraint.name, {}))
    first = VALID[model]() | extra
    model.objects.create(**first)
    second = VALID[model]() | extra | {name: first[name] for name in constraint.fields if name in first}
    with pytest.raises(IntegrityError, match=r"(?i)unique") as refused, savepoint():
        model.objects.create(**second)
    # PostgreSQL names the constraint, SQLite its columns.
    assert constraint.name in str(refused.value) or all(name in str(refused.value) for name in constraint.fields)


@pytest.mark.parametrize("model", [Person, Case, Contact, Screening])
def test_rows_without_a_source_may_be_many(model: type[Model]) -> None:
    for _ in range(2):
        model.objects.create(**(VALID[model]() | {"source_ref": ""}))


def test_a_role_that_ended_may_be_given_again() -> None:
    RoleGrant.objects.create(**VALID[RoleGrant](), until=LATER, ended_by="a")
    RoleGrant.objects.create(**VALID[RoleGrant]())


def guarded_tables() -> set[str]:
    guards = "SELECT DISTINCT event_object_table FROM information_schema.triggers"
    if connection.vendor == "sqlite":
        guards = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(guards)
        return {name for (name,) in cursor.fetchall()}


def test_every_guard_of_the_past_has_its_table_here() -> None:
    assert guarded_tables() == {model._meta.db_table for model in APPEND_ONLY}


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.db_table)
def test_a_row_of_the_past_is_never_changed_or_removed(model: type[Model]) -> None:
    row = model.objects.create(**VALID[model]())
    table, key = model._meta.db_table, model._meta.pk
    assert key
    for statement in (f"UPDATE {table} SET {key.column} = {key.column}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), savepoint(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert model.objects.filter(pk=row.pk).exists()
