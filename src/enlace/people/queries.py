"""Reads about people; always ``viewer=``, always filtered."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.ids import read_code
from enlace.country.queries import current
from enlace.people.models import ConsentGrant, Person
from enlace.people.permissions import visible, visible_consents
from enlace.people.rules import AgeBand, Grant, age_group, stands


def person(*, viewer: Actor, person_id: UUID) -> Person:
    """One person the viewer's agency knows. Raises ``Missing`` for all others, known or not."""
    found = visible(viewer).filter(pk=person_id).first()
    if found is None:
        raise Missing(_("No such person is known to your agency."))
    return found


def person_by_code(*, viewer: Actor, text: str) -> Person | None:
    """The person whose code was typed, with or without dashes; ``None`` when unknown or mistyped."""
    code = read_code(text)
    return visible(viewer).filter(code=code).first() if code else None


def people_by_id(*, viewer: Actor, ids: Collection[UUID]) -> dict[UUID, Person]:
    return {p.pk: p for p in visible(viewer).filter(pk__in=ids)}


def imported(*, agency_code: str, refs: Collection[str]) -> dict[str, UUID]:
    """Which records of a source are already here: source reference -> person id."""
    rows = Person.objects.filter(registered_by=agency_code, source_ref__in=refs)
    return dict(rows.values_list("source_ref", "id"))


def consents(*, viewer: Actor, person_id: UUID) -> QuerySet[ConsentGrant]:
    return visible_consents(viewer).filter(person_id=person_id).order_by("-given_on", "-id")


def consent_stands(*, viewer: Actor, person_id: UUID, purpose_code: str, recipient_code: str, on: date) -> bool:
    """Whether the person's consent allows this purpose and recipient on a day."""
    grants = grants_of(viewer=viewer, person_ids=[person_id], purpose_code=purpose_code)
    return stands(grants.get(person_id, ()), purpose_code, recipient_code, on)


def grants_of(*, viewer: Actor, person_ids: Collection[UUID], purpose_code: str) -> dict[UUID, list[Grant]]:
    """What people answered about one purpose, oldest first."""
    found: dict[UUID, list[Grant]] = {}
    ids = list(person_ids)
    for start in range(0, len(ids), 500):
        rows = visible_consents(viewer).filter(person_id__in=ids[start : start + 500], purpose_code=purpose_code)
        for row in rows.order_by("given_on", "id"):
            found.setdefault(row.person_id, []).append(_grant(row))
    return found


@lru_cache(maxsize=1)
def age_bands() -> tuple[AgeBand, ...]:
    """The pack's age groups."""

    def bound(text: str) -> int | None:
        return int(text) if text else None

    return tuple(
        AgeBand(c.code, bound(c.extra.get("min_age", "")), bound(c.extra.get("max_age", "")))
        for c in current().codes("age_group")
    )


def age_group_of(birth_year: int | None, on: date, stated: str) -> str:
    """The age group on a day, by the pack's groups."""
    return age_group(age_bands(), birth_year, on, stated)


def _grant(row: ConsentGrant) -> Grant:
    return Grant(row.purpose_code, row.recipient_code, row.is_refusal, row.given_on, row.expires_on, row.revoked_on)


def consents_by_person(*, viewer: Actor, person_ids: Collection[UUID], purpose_code: str) -> dict[UUID, bool]:
    """The newest answer for a purpose, any recipient: person id -> given and not revoked; absent when nobody asked."""
    rows = visible_consents(viewer).filter(purpose_code=purpose_code, recipient_code="").order_by("given_on", "id")
    return {row.person_id: not (row.is_refusal or row.revoked_on) for row in rows if row.person_id in person_ids}
