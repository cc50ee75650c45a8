"""What must never be, the database itself refuses: one impossible row for every constraint, and no change of the past."""

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import CheckConstraint, Model, UniqueConstraint

from enlace.accounts.models import RoleGrant
from enlace.assistance.models import (
    CareTurn,
)
from enlace.audit.models import Anchor, AuditEvent
from enlace.cases.models import Case, Decision, Turn
from enlace.complaints.models import ComplaintExclusion, ComplaintStep
from enlace.intake.models import Contact, ContactStep, Outcome, ReportStep
from enlace.people.models import Disclosure, Person
from enlace.placements.models import StayStep
from enlace.referrals.models import ReferralStep
from enlace.releases.models import Release, ReleaseDecision, ReleaseFile, ReleaseInput
from enlace.returns.models import Template
from enlace.screening.models import Answer, Confirmation, Finding, Ruling, Screening
from enlace.statistics.models import GivenTable
from enlace.statistics.watching import NAME as WATCHING
from tests.database.impossible import IMPOSSIBLE, UNDER_CONDITION
from tests.database.valid import VALID
from tests.database.valid_people import LATER, a_user
from tests.own import savepoint, undone

pytestmark = pytest.mark.django_db

# Tables of which no row is ever changed or removed.
APPEND_ONLY: list[type[Model]] = [
    Disclosure,
    AuditEvent, Anchor, Decision, Turn, CareTurn, ReferralStep, StayStep, ContactStep,
    Outcome, ReportStep,
    ComplaintExclusion, ComplaintStep, Answer, Finding, Ruling, Confirmation, Template,
    Release, ReleaseFile, ReleaseInput, ReleaseDecision, GivenTable,
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
    """Tables with a trigger, but for those that only write down what changed (tests/statistics/test_snapshot_watched.py)."""
    guards = "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_name NOT LIKE %s"
    if connection.vendor == "sqlite":
        guards = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(guards, [f"{WATCHING}%"])
        return {name for (name,) in cursor.fetchall()}


# Guards of another kind: no two stays overlap in one bed, and none is in a bed out of service (tests/placements/test_beds.py).
BEDS = {"placements_stay", "directory_bed"}
# The answers of a return change while it is open, and never again (tests/returns/test_guard.py).
WHILE_OPEN = {"returns_value"}


def test_every_guard_of_the_past_has_its_table_here() -> None:
    assert guarded_tables() - BEDS - WHILE_OPEN == {model._meta.db_table for model in APPEND_ONLY}


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.db_table)
def test_a_row_of_the_past_is_never_changed_or_removed(model: type[Model]) -> None:
    row = model.objects.create(**VALID[model]())
    table, key = model._meta.db_table, model._meta.pk
    assert key
    for statement in (f"UPDATE {table} SET {key.column} = {key.column}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), savepoint(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert model.objects.filter(pk=row.pk).exists()
