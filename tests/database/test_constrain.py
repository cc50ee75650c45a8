"""What must never be, the database itself refuses: one impossible row for every constraint, and no change of the past."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import CheckConstraint, Model, UniqueConstraint

from enlace.accounts.models import Recovery, RoleGrant
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
    InKind,
    Permit,
    ServiceGiven,
    Session,
)
from enlace.audit.models import Anchor, AuditEvent
from enlace.cases.models import Case, Decision, Episode, Turn
from enlace.complaints.models import Complaint, ComplaintExclusion, ComplaintStep
from enlace.directory.models import Agreement, Bed, BedUnit, Criterion, Site, SiteContact
from enlace.intake.models import Contact, ContactPerson, ContactStep, Notice, Outcome, Receipt, Report, ReportStep
from enlace.people.models import ConsentGrant, Disclosure, Emergency, LegalGround, Person
from enlace.placements.models import Stay, StayAlert, StayStep, UnmetNeed
from enlace.portal.models import OwnPage, PersonRequest
from enlace.prevalence.models import Estimation
from enlace.referrals.models import DisclosurePackage, Referral, ReferralStep
from enlace.screening.models import Answer, Confirmation, DetentionAlert, Finding, Ruling, Screening
from enlace.vault.models import AgencyKey, PersonKey, SealedItem
from tests.database.valid import (
    DAY,
    LATER,
    NEXT_DAY,
    NOON,
    ONE_ID,
    VALID,
    a_consent,
    a_group,
    a_permit,
    a_referral,
    a_stay,
    a_user,
    an_activity,
    an_answer,
)
from tests.own import savepoint, undone

pytestmark = pytest.mark.django_db

BEFORE = NOON - timedelta(seconds=1)
NO_PAGE = {"status": "refused", "kept_as": "nothing", "digest": "", "expires_at": None}
SECOND = {"asked_at": NOON, "answered_at": LATER, "answered_by": "b", "is_approved": True}
REVIEW = {"verdict": "accepted", "reviewed_by": "c", "reviewed_at": LATER}
FOUND = {"finished_at": LATER, "finished_by": "a", "class_code": "presumed"}
GONE = {"status": "exited", "ended_at": LATER, "exit_reason_code": "other", "destination_code": "family"}
RELEASED = {"status": "released", "ended_at": LATER, "ended_by": "a", "end_code": "released"}

CHECKED = {"risk_code": "safe", "risk_checked_on": DAY, "risk_checked_by": "a"}
CONFIRMED = {"receiver_code": "ngo", "confirmed_on": DAY, "confirmed_by": "a"}
LEFT = {**CHECKED, **CONFIRMED, "consent": a_consent, "status": "travelling", "departed_on": NEXT_DAY}
AGREED = {"status": "active", "agreement_code": "agreed", "agreed_on": DAY, "agreed_by_code": "person"}
INFORMED = {
    "status": "informed", "informed_on": DAY, "informed_by": "a", "informed_code": "person", "informed_language_code": "spa",
}  # fmt: skip
APPLIED = {**INFORMED, "status": "applied", "applied_on": DAY}
REFUSED = {**APPLIED, "status": "refused", "decided_on": DAY, "refusal_code": "no_testimony"}
GRANTED = {**APPLIED, "status": "granted", "decided_on": DAY, "valid_from": DAY}
MET = {"status": "met", "outcome_code": "fine", "done_on": NEXT_DAY, "recorded_by": "a"}

NOT_TOLD = {"is_anonymous": True, "is_consented": False}
READ = {"status": "opened", "opened_at": LATER, "opened_by": "somebody"}

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
    ("directory_site_has_a_name", Site, {"name": ""}),
    ("directory_stay_has_a_length", Site, {"max_stay_days": 0}),
    ("directory_stay_has_a_length", Site, {"extension_days": 30}),
    ("directory_stay_has_a_length", Site, {"max_stay_days": 30, "extension_days": 0}),
    ("directory_contact_kind_known", SiteContact, {"kind": "pigeon"}),
    ("directory_contact_never_sealed_here", SiteContact, {"confidentiality": "sealed"}),
    ("directory_criterion_fact_known", Criterion, {"fact": "shoe_size"}),
    ("directory_criterion_span_forward", Criterion, {"least": 10}),
    ("directory_confirmed_by_someone", BedUnit, {"confirmed_by": ""}),
    ("directory_confirmed_by_someone", BedUnit, {"confirmed_at": None}),
    ("directory_bed_out_with_reason", Bed, {"out_of_service_since": NOON}),
    ("directory_bed_out_with_reason", Bed, {"out_of_service_reason_code": "flood"}),
    ("directory_agreement_of_two_states", Agreement, {"to_state": "XX-N"}),
    ("directory_agreement_ends_after_start", Agreement, {"valid_from": NEXT_DAY, "valid_to": DAY}),
    ("people_child_view_known", ConsentGrant, {"child_view_code": "perhaps"}),
    ("people_ground_was_decided", LegalGround, {"article": ""}),
    ("people_ground_was_decided", LegalGround, {"decided_by": ""}),
    ("people_ground_was_decided", LegalGround, {"ground_code": ""}),
    ("people_ground_ends_after_start", LegalGround, {"decided_on": NEXT_DAY, "expires_on": DAY}),
    ("people_ground_ended_by_someone", LegalGround, {"ended_on": NEXT_DAY}),
    ("people_ground_ended_by_someone", LegalGround, {"ended_by": "a"}),
    ("people_ground_ended_by_someone", LegalGround, {"decided_on": NEXT_DAY, "ended_on": DAY, "ended_by": "a"}),
    ("people_disclosed_on_a_basis", Disclosure, {"consent": None}),
    ("people_disclosed_to_somebody_else", Disclosure, {"recipient_code": ""}),
    ("people_disclosed_to_somebody_else", Disclosure, {"recipient_code": "own"}),
    ("people_disclosed_kind_known", Disclosure, {"kind": "gossip"}),
    ("people_emergency_with_reason", Emergency, {"opened_by": ""}),
    ("people_emergency_with_reason", Emergency, {"reason_code": ""}),
    ("people_emergency_with_reason", Emergency, {"words": ""}),
    ("people_emergency_ends_after_start", Emergency, {"ends_at": NOON}),
    ("people_emergency_ended_by_someone", Emergency, {"ended_at": LATER}),
    ("people_emergency_ended_by_someone", Emergency, {"ended_by": "a"}),
    ("people_emergency_ended_by_someone", Emergency, {"ended_at": BEFORE, "ended_by": "a"}),
    ("people_emergency_by_two", Emergency, {"is_approved": True}),
    ("people_emergency_by_two", Emergency, SECOND | {"answered_by": "a"}),
    ("people_emergency_by_two", Emergency, SECOND | {"answered_by": ""}),
    ("people_emergency_by_two", Emergency, SECOND | {"asked_at": None}),
    ("people_emergency_by_two", Emergency, SECOND | {"asked_at": LATER, "answered_at": NOON}),
    ("people_emergency_reviewed_by_another", Emergency, {"verdict": "accepted"}),
    ("people_emergency_reviewed_by_another", Emergency, REVIEW | {"verdict": "forgotten"}),
    ("people_emergency_reviewed_by_another", Emergency, REVIEW | {"reviewed_by": "a"}),
    ("people_emergency_reviewed_by_another", Emergency, REVIEW | {"reviewed_by": ""}),
    ("people_emergency_reviewed_by_another", Emergency, REVIEW | SECOND | {"reviewed_by": "b"}),
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
    ("referrals_anonymous_tells_nothing", Referral, {"is_anonymous": True}),
    ("referrals_anonymous_tells_nothing", Referral, NOT_TOLD | {"ground_code": "emergency"}),
    ("referrals_anonymous_tells_nothing", Referral, NOT_TOLD | {"shares_identity": True}),
    ("referrals_anonymous_tells_nothing", Referral, NOT_TOLD | {"message": "a word"}),
    ("referrals_anonymous_tells_nothing", Referral, NOT_TOLD | {"slice": {"sex_code": "female"}}),
    ("referrals_attempts_counted", Referral, {"attempt": 2}),
    ("referrals_attempts_counted", Referral, {"attempt": 0}),
    ("referrals_attempts_counted", Referral, {"previous": a_referral}),
    ("referrals_feedback_whole", Referral, {"feedback": "a word"}),
    ("referrals_feedback_whole", Referral, {"feedback_code": "helped"}),
    ("referrals_feedback_whole", Referral, {"feedback_at": LATER}),
    ("referrals_unplaced_came_back", Referral, {"unplaced_at": LATER}),
    ("referrals_package_status", DisclosurePackage, {"status": "lost"}),
    ("referrals_package_opened_once", DisclosurePackage, {"status": "opened"}),
    ("referrals_package_opened_by_one", DisclosurePackage, READ | {"opened_by": ""}),
    ("referrals_package_opened_by_one", DisclosurePackage, READ | {"status": "withdrawn"}),
    ("referrals_package_opened_by_one", DisclosurePackage, READ | {"opened_at": BEFORE}),
    ("referrals_package_opened_by_one", DisclosurePackage, {"acknowledged_at": LATER}),
    ("referrals_package_runs_out", DisclosurePackage, {"expires_at": NOON}),
    ("referrals_declined_with_reason", Referral, {"status": "declined", "answered_at": LATER}),
    ("referrals_interrupted_with_reason", Referral, {"status": "interrupted", "answered_at": LATER}),
    ("referrals_to_another_agency", Referral, {"recipient_code": "own"}),
    ("referrals_answered_after_sent", Referral, {"answered_at": BEFORE}),
    ("assistance_end_after_start", ServiceGiven, {"started_on": NEXT_DAY, "ended_on": DAY}),
    ("assistance_quantity_has_unit", ServiceGiven, {"quantity": 1}),
    ("assistance_quantity_has_unit", ServiceGiven, {"unit_code": "night"}),
    ("assistance_quantity_has_unit", ServiceGiven, {"quantity": 0, "unit_code": "night"}),
    ("assistance_interpreter_has_language", ServiceGiven, {"interpreter_code": "lacking"}),
    ("assistance_interpreter_has_language", ServiceGiven, {"interpreter_code": "perhaps", "language_code": "spa"}),
    ("assistance_activity_lasts_when_held", GroupActivity, {"minutes": 60}),
    ("assistance_activity_lasts_when_held", GroupActivity, {"status": "missed"}),
    ("assistance_session_of_one", Session, {"service": None}),
    ("assistance_session_of_one", Session, {"activity": an_activity}),
    ("assistance_session_settled", Session, {"status": "held"}),
    ("assistance_session_settled", Session, {"minutes": 60}),
    ("assistance_session_settled", Session, {"status": "missed", "settled_at": LATER, "minutes": 60}),
    ("assistance_session_settled", Session, {"status": "held", "settled_at": LATER, "cancelled_by": "person"}),
    ("assistance_session_settled", Session, {"status": "cancelled", "settled_at": LATER}),
    ("assistance_session_interpreter", Session, {"interpreter_code": "given"}),
    ("assistance_score_on_scale", Feedback, {"score": 5}),
    ("assistance_score_on_scale", Feedback, {"score": 0}),
    ("assistance_something_was_given", InKind, {"quantity": 0}),
    ("assistance_cost_above_zero", Cost, {"amount": 0}),
    ("assistance_plan_agreed", CarePlan, {"status": "active"}),
    ("assistance_plan_agreed", CarePlan, AGREED),
    ("assistance_plan_agreed", CarePlan, AGREED | {"review_due_on": DAY, "agreement_code": "disagreed"}),
    ("assistance_plan_agreed", CarePlan, AGREED | {"review_due_on": DAY, "agreed_by_code": ""}),
    ("assistance_plan_ended", CarePlan, {"status": "finished"}),
    ("assistance_plan_ended", CarePlan, {"ended_on": DAY}),
    ("assistance_goal_ended", Goal, {"status": "done"}),
    ("assistance_goal_ended", Goal, {"ended_on": DAY}),
    ("assistance_step_ended", GoalStep, {"status": "dropped"}),
    ("assistance_step_ended", GoalStep, {"ended_on": DAY}),
    ("assistance_permit_informed", Permit, INFORMED | {"informed_language_code": ""}),
    ("assistance_permit_informed", Permit, INFORMED | {"informed_by": ""}),
    ("assistance_permit_informed", Permit, INFORMED | {"informed_code": ""}),
    ("assistance_permit_applied", Permit, INFORMED | {"status": "applied"}),
    ("assistance_permit_applied", Permit, APPLIED | {"applied_on": DAY - timedelta(days=1)}),
    ("assistance_permit_refused", Permit, REFUSED | {"refusal_code": ""}),
    ("assistance_permit_refused", Permit, REFUSED | {"decided_on": None}),
    ("assistance_permit_refused", Permit, REFUSED | {"decided_on": DAY - timedelta(days=1)}),
    ("assistance_contrary_refusal", Permit, {"is_contrary_to_law": True}),
    ("assistance_permit_granted", Permit, GRANTED | {"valid_from": None}),
    ("assistance_permit_granted", Permit, GRANTED | {"decided_on": None}),
    ("assistance_permit_valid", Permit, GRANTED | {"valid_from": NEXT_DAY, "valid_to": DAY}),
    ("assistance_permit_valid", Permit, {"valid_to": DAY}),
    ("assistance_permit_converted", Permit, GRANTED | {"status": "converted"}),
    ("assistance_permit_ended", Permit, {"status": "ended", "ended_on": DAY}),
    ("assistance_permit_ended", Permit, {"status": "ended", "end_code": "done"}),
    ("assistance_permit_ended", Permit, {"ended_on": DAY, "end_code": "done"}),
    ("assistance_return_ready", AssistedReturn, LEFT | {"consent": None}),
    ("assistance_return_ready", AssistedReturn, LEFT | {"risk_code": "unsafe"}),
    ("assistance_return_ready", AssistedReturn, LEFT | {"receiver_code": "", "confirmed_on": None, "confirmed_by": ""}),
    ("assistance_return_ready", AssistedReturn, LEFT | {"departed_on": None}),
    ("assistance_risk_decided_by_someone", AssistedReturn, CHECKED | {"risk_checked_by": ""}),
    ("assistance_risk_decided_by_someone", AssistedReturn, CHECKED | {"risk_checked_on": None}),
    ("assistance_risk_decided_by_someone", AssistedReturn, {"risk_checked_by": "a"}),
    ("assistance_risk_decided_by_someone", AssistedReturn, CHECKED | {"risk_code": "perhaps"}),
    ("assistance_risk_has_measures", AssistedReturn, CHECKED | {"risk_code": "with_measures"}),
    ("assistance_return_confirmed_by_someone", AssistedReturn, CONFIRMED | {"confirmed_by": ""}),
    ("assistance_return_confirmed_by_someone", AssistedReturn, CONFIRMED | {"receiver_code": ""}),
    ("assistance_return_arrived", AssistedReturn, LEFT | {"status": "arrived"}),
    ("assistance_return_arrived", AssistedReturn, LEFT | {"status": "arrived", "arrived_on": DAY}),
    ("assistance_return_arrived", AssistedReturn, {"arrived_on": DAY}),
    ("assistance_turn_of_one", CareTurn, {"plan": None}),
    ("assistance_turn_of_one", CareTurn, {"permit": a_permit}),
    ("assistance_follow_up_done", FollowUp, {"status": "met"}),
    ("assistance_follow_up_done", FollowUp, {"outcome_code": "fine"}),
    ("assistance_follow_up_done", FollowUp, MET | {"recorded_by": ""}),
    ("assistance_follow_up_done", FollowUp, MET | {"done_on": None}),
    ("assistance_follow_up_done", FollowUp, MET | {"done_on": DAY - timedelta(days=1)}),
    ("assistance_follow_up_after_end", FollowUp, {"due_on": DAY}),
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
    ("placements_stay_in_a_bed", Stay, {"bed": None}),
    ("placements_stay_in_a_bed", Stay, {"occupied_from": None}),
    ("placements_stay_in_a_bed", Stay, {"status": "requested"}),
    ("placements_held_with_a_clock", Stay, {"status": "held"}),
    ("placements_admitted_by_agreement", Stay, {"is_voluntary": False}),
    ("placements_admitted_by_agreement", Stay, {"is_voluntary": None}),
    ("placements_admitted_by_agreement", Stay, {"agreed_by_code": ""}),
    ("placements_admitted_by_agreement", Stay, {"agreed_at": None}),
    ("placements_admitted_by_agreement", Stay, {"admitted_at": None}),
    ("placements_ended_with_a_time", Stay, {"ended_at": LATER}),
    ("placements_ended_with_a_time", Stay, GONE | {"ended_at": None}),
    ("placements_stay_end_after_start", Stay, GONE | {"ended_at": BEFORE}),
    ("placements_stay_end_after_start", Stay, {"admitted_at": BEFORE}),
    ("placements_stay_end_after_start", Stay, GONE | {"admitted_at": LATER, "ended_at": NOON}),
    ("placements_exit_with_reason", Stay, GONE | {"exit_reason_code": ""}),
    ("placements_exit_with_reason", Stay, GONE | {"destination_code": ""}),
    ("placements_transferred_somewhere", Stay, {"status": "transferred", "ended_at": LATER}),
    ("placements_transferred_somewhere", Stay, {"transferred_to": a_stay}),
    ("placements_exit_plan_leads_somewhere", Stay, {"exit_plan_at": NOON}),
    ("placements_exit_plan_leads_somewhere", Stay, {"exit_plan_code": "family"}),
    ("placements_alert_kind_known", StayAlert, {"kind": "other"}),
    ("placements_alert_end_after_start", StayAlert, {"ended_at": BEFORE}),
    ("placements_resolved_somehow", UnmetNeed, {"resolved_at": LATER}),
    ("placements_resolved_somehow", UnmetNeed, {"resolution_code": "helped"}),
    ("placements_resolved_somehow", UnmetNeed, {"resolved_at": BEFORE, "resolution_code": "helped"}),
    ("portal_given_with_a_number", OwnPage, {"digest": ""}),
    ("portal_given_with_a_number", OwnPage, {"kept_as": "nothing"}),
    ("portal_given_with_a_number", OwnPage, {"expires_at": None}),
    ("portal_given_with_a_number", OwnPage, {"expires_at": NOON}),
    ("portal_given_with_a_number", OwnPage, NO_PAGE | {"kept_as": "paper"}),
    ("portal_given_with_a_number", OwnPage, NO_PAGE | {"digest": "d"}),
    ("portal_given_with_a_number", OwnPage, NO_PAGE | {"expires_at": LATER}),
    ("portal_ended_by_someone", OwnPage, {"ended_at": LATER}),
    ("portal_ended_by_someone", OwnPage, {"ended_by": "a"}),
    ("portal_ended_by_someone", OwnPage, {"status": "closed", "ended_at": LATER}),
    ("portal_ended_by_someone", OwnPage, {"status": "closed", "ended_by": "a"}),
    ("portal_ended_by_someone", OwnPage, {"status": "expired", "ended_by": "a", "ended_at": BEFORE}),
    ("portal_answered_by_someone", PersonRequest, {"answered_at": LATER, "answered_by": "a"}),
    ("portal_answered_by_someone", PersonRequest, {"status": "granted", "answered_at": LATER}),
    ("portal_answered_by_someone", PersonRequest, {"status": "granted", "answered_by": "a"}),
    ("portal_answered_by_someone", PersonRequest, {"status": "granted", "answered_by": "a", "answered_at": BEFORE}),
    ("portal_request_ended_once", PersonRequest, {"ended_at": LATER}),
    ("portal_request_ended_once", PersonRequest, {"status": "withdrawn"}),
    ("portal_request_ended_once", PersonRequest, {"status": "withdrawn", "ended_at": BEFORE}),
    ("prevalence_status", Estimation, {"status": "lost"}),
    ("prevalence_done_with_result", Estimation, {"status": "done", "ended_at": LATER}),
    ("prevalence_done_with_result", Estimation, {"status": "done", "result": "{}"}),
    ("prevalence_done_with_result", Estimation, {"result": "{}"}),
    ("prevalence_failed_with_reason", Estimation, {"status": "failed"}),
]  # fmt: skip
# What two rows need besides, to come under a constraint's condition and under no other constraint.
UNDER_CONDITION: dict[str, dict[str, Any]] = {
    "assistance_once_in_activity": {"service": None, "activity": an_activity},
    "screening_group_answer_once": {"screening": None, "group": a_group},
    "vault_one_key_per_version": {"retired_at": LATER},
    "referrals_one_acceptance_each": {"status": "accepted", "group_id": ONE_ID},
}
# Tables of which no row is ever changed or removed.
APPEND_ONLY: list[type[Model]] = [
    Disclosure,
    AuditEvent, Anchor, Decision, Turn, CareTurn, ReferralStep, StayStep, ContactStep,
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


# Guards of another kind: no two stays overlap in one bed, and none is in a bed out of service (tests/placements/test_beds.py).
BEDS = {"placements_stay", "directory_bed"}


def test_every_guard_of_the_past_has_its_table_here() -> None:
    assert guarded_tables() - BEDS == {model._meta.db_table for model in APPEND_ONLY}


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.db_table)
def test_a_row_of_the_past_is_never_changed_or_removed(model: type[Model]) -> None:
    row = model.objects.create(**VALID[model]())
    table, key = model._meta.db_table, model._meta.pk
    assert key
    for statement in (f"UPDATE {table} SET {key.column} = {key.column}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), savepoint(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert model.objects.filter(pk=row.pk).exists()
