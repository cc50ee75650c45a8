"""Reads about people; always ``viewer=``, always filtered."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.audit.queries import events
from enlace.base import keyring
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import read_code
from enlace.base.permissions import check
from enlace.base.remember import once
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.people.models import ConsentGrant, Disclosure, Emergency, LegalGround, Person
from enlace.people.permissions import (
    approvable_emergencies,
    opened_people,
    reviewable_emergencies,
    standing_emergencies,
    visible,
    visible_consents,
    visible_disclosures,
    visible_emergencies,
    visible_grounds,
)
from enlace.people.rules import Access, AgeBand, Grant, Ground, age_group, ground_stands, standing, stands

WATCHING = Actor.system("people")
FOUND_FOR = timedelta(minutes=15)  # how long after the search an emergency can be opened
WRONG_CODES_PER_HOUR = 20


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


@dataclass(frozen=True)
class Answer:
    """How one purpose stands for one recipient ("" = any) on a day; ``row`` is the newest answer, ``None``: nobody asked."""

    purpose_code: str
    recipient_code: str
    stands: bool
    row: ConsentGrant | None


def answers(*, viewer: Actor, person_id: UUID, on: date) -> list[Answer]:
    """How consent stands: each purpose of the pack for any recipient, and for each recipient named in an answer."""
    rows = list(consents(viewer=viewer, person_id=person_id))
    by_id = {row.pk: row for row in rows}
    said = [_grant(row) for row in sorted(rows, key=lambda row: (row.given_on, row.pk))]
    found = []
    for purpose in current().codes("consent_purpose"):
        named = {g.recipient_code for g in said if g.purpose_code == purpose.code}
        for recipient in sorted(named | {""}):
            newest = next((r for r in rows if (r.purpose_code, r.recipient_code) == (purpose.code, recipient)), None)
            grant = standing(said, purpose.code, recipient, on)
            row = by_id[grant.id] if grant and grant.id else newest
            found.append(Answer(purpose.code, recipient, grant is not None, row))
    return found


def consent(*, viewer: Actor, person_id: UUID, consent_id: UUID) -> ConsentGrant:
    """One answer. Raises ``Missing``."""
    found = visible_consents(viewer).filter(person_id=person_id, pk=consent_id).first()
    if found is None:
        raise Missing(_("No such consent is known to your agency."))
    return found


def ground(*, viewer: Actor, person_id: UUID, ground_id: UUID) -> LegalGround:
    """One recorded ground. Raises ``Missing``."""
    found = visible_grounds(viewer).filter(person_id=person_id, pk=ground_id).first()
    if found is None:
        raise Missing(_("No such legal ground is known to your agency."))
    return found


def consent_stands(*, viewer: Actor, person_id: UUID, purpose_code: str, recipient_code: str, on: date) -> bool:
    """Whether the person's consent allows this purpose and recipient on a day."""
    grants = grants_of(viewer=viewer, person_ids=[person_id], purpose_code=purpose_code)
    return stands(grants.get(person_id, ()), purpose_code, recipient_code, on)


def grounds(*, viewer: Actor, person_id: UUID) -> QuerySet[LegalGround]:
    """Legal grounds recorded for a person, the newest first."""
    return visible_grounds(viewer).filter(person_id=person_id).order_by("-decided_on", "-id")


def disclosures(*, viewer: Actor, person_id: UUID) -> QuerySet[Disclosure]:
    """What left about a person, the newest first."""
    return visible_disclosures(viewer).filter(person_id=person_id).order_by("-at", "-id")


@dataclass(frozen=True)
class Basis:
    """What allows a disclosure: a consent or a recorded legal ground (``kind``), by its id."""

    kind: str
    id: UUID | None
    ground_code: str = ""


def basis(*, viewer: Actor, person_id: UUID, purpose_code: str, recipient_code: str, on: date) -> Basis | None:
    """What allows something to be disclosed to a recipient for a purpose on a day; ``None``: nothing does."""
    said = visible_consents(viewer).filter(person_id=person_id, purpose_code=purpose_code).order_by("given_on", "id")
    decided = visible_grounds(viewer).filter(person_id=person_id, purpose_code=purpose_code)
    return _basis(said, decided, purpose_code, recipient_code, on)


Wanted = tuple[UUID, str, str, datetime]  # person, purpose, recipient, when


def hold_bases(wanted: Collection[Wanted]) -> dict[Wanted, Basis]:
    """As ``basis`` for many, and nobody revokes them until the transaction ends. The caller checked who asks."""
    people = sorted({row[0] for row in wanted})
    said: dict[UUID, list[ConsentGrant]] = {}
    decided: dict[UUID, list[LegalGround]] = {}
    for start in range(0, len(people), 500):
        ids = people[start : start + 500]
        for grant in ConsentGrant.objects.select_for_update().filter(person_id__in=ids).order_by("given_on", "id"):
            said.setdefault(grant.person_id, []).append(grant)
        for ground in LegalGround.objects.select_for_update().filter(person_id__in=ids).order_by("id"):
            decided.setdefault(ground.person_id, []).append(ground)
    found = {
        row: _basis(said.get(row[0], ()), decided.get(row[0], ()), row[1], row[2], timezone.localdate(row[3]))
        for row in wanted
    }
    return {row: value for row, value in found.items() if value is not None}


def _basis(
    said: Iterable[ConsentGrant], decided: Iterable[LegalGround], purpose_code: str, recipient_code: str, on: date
) -> Basis | None:
    if grant := standing([_grant(row) for row in said], purpose_code, recipient_code, on):
        return Basis("consent", grant.id)
    for row in decided:
        if ground_stands(_ground(row), purpose_code, recipient_code, on):
            return Basis("ground", row.pk, row.ground_code)
    return None


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


def is_minor(found: Person, on: date) -> bool:
    """Whether the person was a child on a day, by the pack's age of majority; in doubt younger."""
    code = current().codes("age_group").get(age_group_of(found.birth_year, on, found.age_group_code))
    return code is not None and code.extra.get("majority") == "minor"


def _grant(row: ConsentGrant) -> Grant:
    return Grant(
        row.purpose_code, row.recipient_code, row.is_refusal, row.given_on, row.expires_on, row.revoked_on, row.pk
    )


def _ground(row: LegalGround) -> Ground:
    return Ground(
        row.purpose_code, row.recipient_code, row.decided_on, row.expires_on, row.ended_on, row.ground_code, row.pk
    )


def consents_by_person(*, viewer: Actor, person_ids: Collection[UUID], purpose_code: str) -> dict[UUID, bool]:
    """The newest answer for a purpose, any recipient: person id -> given and not revoked; absent when nobody asked."""
    rows = visible_consents(viewer).filter(purpose_code=purpose_code, recipient_code="").order_by("given_on", "id")
    return {row.person_id: not (row.is_refusal or row.revoked_on) for row in rows if row.person_id in person_ids}


def stranger(*, viewer: Actor, text: str) -> Person:
    """For an emergency: the person of a code, whom the viewer's agency does not know. The search is on record.

    Raises ``Missing`` when nobody has this code and ``Refusal`` after 20 wrong codes in an hour.
    """
    check(viewer, "EMERGENCY_OPEN")
    with seeing_as(WATCHING):
        wrong = events(viewer=WATCHING).filter(actor_id=viewer.id, action="emergency.sought", detail__found=False)
        tried = wrong.filter(at__gte=timezone.now() - timedelta(hours=1)).count()
    if tried >= WRONG_CODES_PER_HOUR:
        raise Refusal(_("Too many codes that nobody has. Wait an hour, or call the agency in charge."))
    with audited(by=viewer, action="emergency.sought") as event, seeing_as(WATCHING):
        found = Person.objects.filter(code=read_code(text) or "-").first()
        event.detail["found"] = found is not None
    if found is None:
        raise Missing(_("There is no person with this code."))
    return found


def found_token(*, viewer: Actor, person_id: UUID) -> str:
    """That this account found a person just now, sealed: the next page takes it instead of an id that could be tried."""
    return keyring.seal("emergency", json.dumps([viewer.id, str(person_id), timezone.now().isoformat()]))


def found_person(*, viewer: Actor, token: str) -> UUID:
    """The person of ``found_token``. Raises ``Refusal`` when it is another's, too old or no token at all."""
    try:
        who, person_id, at = json.loads(keyring.unseal("emergency", token))
    except (keyring.KeyUnavailable, ValueError):
        who, person_id, at = "", "", ""
    if who != viewer.id or datetime.fromisoformat(at) < timezone.now() - FOUND_FOR:
        raise Refusal(_("Look for the person again: the search is too long ago."))
    return UUID(person_id)


def access_of(row: Emergency) -> Access:
    approved = row.is_approved if row.answered_at else None
    return Access(row.opened_by, row.ends_at, row.ended_at, row.asked_at, approved)


def read_emergency(*, viewer: Actor, emergency_id: UUID) -> Emergency:
    """An access of the viewer's own that is in force, with its person; the reading is on record.

    Raises ``Missing`` once it has ended.
    """
    with audited(by=viewer, action="emergency.read", data_class="C") as event:
        found = hold_emergency(viewer=viewer, emergency_id=emergency_id)
        event.about("person", found.person_id)
        event.detail["emergency"] = str(found.pk)
    return found


def hold_emergency(*, viewer: Actor, emergency_id: UUID) -> Emergency:
    """As ``read_emergency``, inside a transaction with its own record: nobody ends the access until that ends."""
    rows = standing_emergencies(viewer).select_for_update(of=("self",)).select_related("person")
    with seeing_as(WATCHING):
        found = rows.filter(pk=emergency_id).first()
    if found is None:
        raise Missing(_("This emergency access has ended, or it is not yours."))
    return found


def consents_in_emergency(*, viewer: Actor, person_id: UUID) -> list[ConsentGrant]:
    """What the person of an access in force answered about sharing, the newest first: above all what was refused."""
    opened = ConsentGrant.objects.filter(person__in=opened_people(viewer), person_id=person_id)
    return list(opened.order_by("-given_on", "-id")[:20])


def emergencies_in_force(*, viewer: Actor) -> list[Emergency]:
    """The viewer's own accesses, the one that ends first on top."""
    check(viewer, "EMERGENCY_OPEN")
    return [
        row for row in _in_force_here(viewer) if (row.agency_code, row.opened_by) == (viewer.agency_code, viewer.id)
    ]


def emergencies_to_answer(*, viewer: Actor) -> list[Emergency]:
    """Where the viewer may be the second person now, the oldest question first."""
    check(viewer, "EMERGENCY_APPROVE")
    since = timezone.now() - current().limits["break_glass_second"]
    found = [
        (row.asked_at, row)
        for row in _in_force_here(viewer)
        if row.opened_by != viewer.id and row.answered_at is None and row.asked_at and row.asked_at > since
    ]
    return [row for _asked_at, row in sorted(found, key=lambda pair: pair[0])]


@once
def _in_force_here(viewer: Actor) -> list[Emergency]:
    """Accesses in force that the viewer's agency opened, or to people whom it knows: a handful at any time."""
    ours = Q(agency_code=viewer.agency_code) | Q(person__in=visible(viewer).values("pk"))
    rows = Emergency.objects.filter(ours, ended_at__isnull=True, ends_at__gt=timezone.now())
    return list(rows.select_related("person").order_by("ends_at"))


def emergency_to_answer(*, viewer: Actor, emergency_id: UUID) -> Emergency:
    found = approvable_emergencies(viewer).filter(pk=emergency_id).first()
    if found is None:
        raise Missing(_("There is no such emergency access among those you may see."))
    return found


def emergencies_to_review(*, viewer: Actor, reviewed: bool = False, limit: int = 100) -> list[Emergency]:
    """Accesses that nobody has judged, the oldest first; or those judged, the newest first."""
    rows = reviewable_emergencies(viewer).select_related("person")
    with seeing_as(WATCHING):
        if reviewed:
            return list(rows.exclude(verdict="").order_by("-reviewed_at")[:limit])
        return list(rows.filter(verdict="").order_by("opened_at")[:limit])


def emergency_to_review(*, viewer: Actor, emergency_id: UUID) -> tuple[Emergency, list[Any]]:
    """One access with every event under it, oldest first."""
    rows = reviewable_emergencies(viewer).select_related("person")
    with seeing_as(WATCHING):
        found = rows.filter(pk=emergency_id).first()
        if found is None:
            raise Missing(_("There is no such emergency access among those you may see."))
        return found, list(events_under(found))


def emergencies_of(*, viewer: Actor, person_id: UUID) -> list[tuple[Emergency, int]]:
    """Who opened the record of a person known to the viewer's agency, the newest first, with how many readings each."""
    rows = visible_emergencies(viewer).filter(person_id=person_id).order_by("-opened_at")[:20]
    return [(row, events_under(row).exclude(data_class="").count()) for row in rows]


def emergencies_over(*, at: datetime) -> bool:
    """Whether the time of any access is over that was not ended yet."""
    with seeing_as(WATCHING):
        return Emergency.objects.filter(ended_at__isnull=True, ends_at__lte=at).exists()


def emergencies_here(*, viewer: Actor, since: datetime) -> QuerySet[Emergency]:
    """Accesses since a moment to people whom the viewer's agency knows, the newest first."""
    rows = visible_emergencies(viewer).select_related("person").filter(opened_at__gte=since)
    return rows.exclude(agency_code=viewer.agency_code).order_by("-opened_at")


def events_under(row: Emergency) -> QuerySet[Any]:
    """Everything on record that was done or read under one access; the caller has checked the right to ask."""
    since = events(viewer=WATCHING).filter(at__gte=row.opened_at)
    return since.filter(subject_id=str(row.person_id), detail__emergency=str(row.pk)).order_by("id")
