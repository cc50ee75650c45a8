"""Who may see which people: those the own agency knows, and for hours whom an emergency opened to one account."""

from datetime import datetime
from typing import TypeVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from enlace.base.actor import NATIONAL, Actor
from enlace.base.permissions import check
from enlace.base.rows import OWN_AGENCY
from enlace.people.models import ConsentGrant, Disclosure, Emergency, LegalGround, Person

Row = TypeVar("Row", bound=Model)


def visible(viewer: Actor) -> QuerySet[Person]:
    if viewer.is_system:
        return Person.objects.all()
    if viewer.person_id:
        return Person.objects.filter(pk=viewer.person_id)
    return Person.objects.filter(known_to__agency_code=viewer.agency_code)


def visible_consents(viewer: Actor) -> QuerySet[ConsentGrant]:
    return _of_known(ConsentGrant.objects.all(), viewer)


def visible_grounds(viewer: Actor) -> QuerySet[LegalGround]:
    return _of_known(LegalGround.objects.all(), viewer)


def visible_disclosures(viewer: Actor) -> QuerySet[Disclosure]:
    return _of_known(Disclosure.objects.all(), viewer)


def _of_known(rows: QuerySet[Row], viewer: Actor) -> QuerySet[Row]:
    """Rows about the people whom the viewer's agency knows; on her own page, about herself."""
    if viewer.is_system:
        return rows
    if viewer.person_id:
        return rows.filter(person_id=viewer.person_id)
    return rows.filter(person__known_to__agency_code=viewer.agency_code)


def own_emergencies(viewer: Actor) -> QuerySet[Emergency]:
    """What this one account opened: a colleague opens nothing with it."""
    check(viewer, "EMERGENCY_OPEN")
    return Emergency.objects.filter(agency_code=viewer.agency_code, opened_by=viewer.id)


def standing_emergencies(viewer: Actor, at: datetime | None = None) -> QuerySet[Emergency]:
    """Those in force: they end by the hour, whether or not anything ended them."""
    return own_emergencies(viewer).filter(ended_at__isnull=True, ends_at__gt=at or timezone.now())


def opened_people(viewer: Actor) -> QuerySet[Person]:
    """People whom the viewer may read now because of an emergency: read, and nothing else."""
    return Person.objects.filter(pk__in=standing_emergencies(viewer).values("person_id"))


def approvable_emergencies(viewer: Actor) -> QuerySet[Emergency]:
    """Where the viewer may be the second person: opened in the own agency or about somebody it knows, by another account."""
    check(viewer, "EMERGENCY_APPROVE")
    ours = Q(agency_code=viewer.agency_code) | Q(person__in=visible(viewer).values("pk"))
    return Emergency.objects.filter(ours).exclude(opened_by=viewer.id)


def reviewable_emergencies(viewer: Actor) -> QuerySet[Emergency]:
    """All, for a national data-protection officer; else those opened in the own agency."""
    check(viewer, "EMERGENCY_REVIEW")
    rows = Emergency.objects.exclude(opened_by=viewer.id)
    return rows if viewer.is_system or viewer.scope == NATIONAL else rows.filter(agency_code=viewer.agency_code)


def visible_emergencies(viewer: Actor) -> QuerySet[Emergency]:
    """That somebody opened the record of a person whom the viewer's agency knows."""
    return Emergency.objects.filter(person__in=visible(viewer).values("pk"))


OPENED = (  # the column that holds the person goes into {person}
    "EXISTS (SELECT 1 FROM people_emergency e WHERE e.person_id = {person} AND e.ended_at IS NULL "  # noqa: S608 - constants only
    f"AND e.ends_at > statement_timestamp() AND e.agency_code = {OWN_AGENCY})"
)


def sight_in_emergency(table: str, condition: str) -> migrations.RunPython:
    """A migration step: on PostgreSQL rows of ``table`` are also read, never changed, where ``condition`` holds.

    ``condition`` is SQL, mostly ``OPENED`` filled with the column that holds the person.
    """

    def build(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"CREATE POLICY {table}_emergency ON {table} FOR SELECT USING ({condition})")

    def remove(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP POLICY IF EXISTS {table}_emergency ON {table}")

    return migrations.RunPython(build, remove)
