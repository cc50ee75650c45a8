"""What must never be, the database itself refuses: one impossible row for every constraint."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.db.models import CheckConstraint, Model, UniqueConstraint

from enlace.accounts.models import Recovery, RoleGrant
from enlace.assistance.models import ServiceGiven
from enlace.cases.models import Case, Decision, Episode
from enlace.people.models import ConsentGrant, Person
from enlace.referrals.models import Referral
from enlace.vault.models import AgencyKey, PersonKey, SealedItem
from tests.database.valid import DAY, LATER, NEXT_DAY, NOON, VALID, a_user
from tests.own import savepoint, undone

pytestmark = pytest.mark.django_db

BEFORE = NOON - timedelta(seconds=1)

# constraint, table, and the impossible values put into a valid row
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
]  # fmt: skip
OURS = [model for model in apps.get_models() if model.__module__.startswith("enlace.")]
UNIQUE = [(c, model) for model in OURS for c in model._meta.constraints if isinstance(c, UniqueConstraint)]


def test_every_constraint_has_its_impossible_row() -> None:
    checks = {c.name for model in OURS for c in model._meta.constraints if isinstance(c, CheckConstraint)}
    assert checks == {name for name, _, _ in IMPOSSIBLE}


@pytest.mark.parametrize(("name", "model", "impossible"), IMPOSSIBLE, ids=[f"{n} {i}" for n, _, i in IMPOSSIBLE])
def test_an_impossible_row_is_refused(name: str, model: type[Model], impossible: dict[str, Any]) -> None:
    row = VALID[model]()
    with undone():
        model.objects.create(**row)
    people = {"asked_by", "approved_by"}
    spoiled = row | {key: a_user(value) if key in people else value for key, value in impossible.items()}
    with pytest.raises(IntegrityError, match=name), savepoint():
        model.objects.create(**spoiled)


@pytest.mark.parametrize(("constraint", "model"), UNIQUE, ids=[c.name for c, _ in UNIQUE])
def test_a_second_row_of_what_is_once_is_refused(constraint: UniqueConstraint, model: type[Model]) -> None:
    first = VALID[model]()
    model.objects.create(**first)
    second = VALID[model]() | {name: first[name] for name in constraint.fields if name in first}
    with pytest.raises(IntegrityError, match=r"(?i)unique"), savepoint():
        model.objects.create(**second)


@pytest.mark.parametrize("model", [Person, Case])
def test_rows_without_a_source_may_be_many(model: type[Model]) -> None:
    for _ in range(2):
        model.objects.create(**(VALID[model]() | {"source_ref": ""}))


def test_a_role_that_ended_may_be_given_again() -> None:
    RoleGrant.objects.create(**VALID[RoleGrant](), until=LATER, ended_by="a")
    RoleGrant.objects.create(**VALID[RoleGrant]())
