"""Access in an emergency to a person whom the own agency does not know: opened, agreed to by a second person, ended, judged.

The keys that go with it are lent and taken away by ``enlace.vault.actions``, which calls what stands here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.people.models import Emergency, Person, PersonAgency
from enlace.people.permissions import approvable_emergencies, own_emergencies, reviewable_emergencies
from enlace.people.queries import access_of
from enlace.people.rules import RAISED, VERDICTS, in_force, waits_for_second

WATCHING = Actor.system("people")  # no agency writes for itself what an emergency opens
FEWEST_WORDS, MOST_WORDS = 10, 1000


@dataclass(frozen=True, kw_only=True)
class Breaking:
    """Why the record of a person is opened in an emergency. ``asks_second``: where the person is, is needed as well."""

    person_id: UUID
    reason_code: str
    words: str
    asks_second: bool = False
    id: UUID = field(default_factory=new_id)


def begin_emergency(*, by: Actor, row: Breaking) -> Emergency:
    """Open the record of one person to this account for the pack's limit ``break_glass``."""
    check(by, "EMERGENCY_OPEN")
    _check_reason(row)
    with audited(by=by, action="emergency.opened", subject=("person", row.person_id), data_class="C") as event:
        event.detail.update(emergency=str(row.id), reason=row.reason_code)
        with seeing_as(WATCHING):
            person = Person.objects.select_for_update().filter(pk=row.person_id).first()
            if person is None:
                raise Missing(_("There is no person with this code."))
            if PersonAgency.objects.filter(person=person, agency_code=by.agency_code).exists():
                raise Refusal(_("Your agency knows this person: open the record itself."))
            now = timezone.now()
            own = own_emergencies(by).select_for_update().filter(person=person, ended_at__isnull=True)
            _end([emergency for emergency in own if emergency.ends_at <= now], WATCHING.id)
            if any(emergency.ends_at > now for emergency in own):
                raise Refusal(_("You have opened this record already: it is in your work queue."))
            return _opened(by, row, person, now)


def ask_second(*, by: Actor, emergency_id: UUID) -> Emergency:
    """Ask for a second person, without whom nothing of where the person is opens; asked in vain, it may be asked again."""
    check(by, "EMERGENCY_OPEN")
    with audited(by=by, action="emergency.second_asked") as event, seeing_as(WATCHING):
        emergency = _locked(own_emergencies(by), emergency_id)
        now = timezone.now()
        event.about("person", emergency.person_id)
        event.detail["emergency"] = str(emergency.pk)
        _check_in_force(emergency, now)
        if emergency.answered_at:
            raise Refusal(_("A second person has already answered."))
        emergency.asked_at = now
        emergency.save(update_fields=["asked_at"])
    return emergency


def answer_emergency(*, by: Actor, emergency_id: UUID, approves: bool) -> Emergency:
    """The second person agrees, or does not. Of two who answer at once the second is told that it was answered."""
    check(by, "EMERGENCY_APPROVE")
    with (
        audited(by=by, action="emergency.approved" if approves else "emergency.declined") as event,
        seeing_as(WATCHING),
    ):
        emergency = _locked(approvable_emergencies(by), emergency_id)
        now = timezone.now()
        event.about("person", emergency.person_id)
        event.detail["emergency"] = str(emergency.pk)
        if not waits_for_second(access_of(emergency), now, current().limits["break_glass_second"]):
            raise Refusal(_("Nobody waits for this answer any more: it was given, or its time is over."))
        emergency.answered_by, emergency.answered_agency = by.id, by.agency_code
        emergency.answered_at, emergency.is_approved = now, approves
        emergency.save(update_fields=["answered_by", "answered_agency", "answered_at", "is_approved"])
    return emergency


def close_emergency(*, by: Actor, emergency_id: UUID) -> Emergency:
    """Give the access back before its time."""
    check(by, "EMERGENCY_OPEN")
    with audited(by=by, action="emergency.ended") as event, seeing_as(WATCHING):
        emergency = _locked(own_emergencies(by), emergency_id)
        event.about("person", emergency.person_id)
        event.detail["emergency"] = str(emergency.pk)
        _check_in_force(emergency, timezone.now())
        _end([emergency], by.id, timezone.now())
    return emergency


def close_emergencies(*, by: Actor, at: datetime) -> list[UUID]:
    """Write the end of every access whose time is over; the right itself ended by the hour. Safe to run twice at once."""
    with audited(by=by, action="emergency.expired") as event, seeing_as(WATCHING):
        over = Emergency.objects.filter(ended_at__isnull=True, ends_at__lte=at)
        rows = list(over.select_for_update().order_by("pk"))
        _end(rows, by.id)
        event.detail["count"] = len(rows)
    return [row.pk for row in rows]


def review_emergency(*, by: Actor, emergency_id: UUID, verdict: str, words: str) -> Emergency:
    """The data-protection officer judges it: accepted, or raised, which also ends an access that still runs."""
    check(by, "EMERGENCY_REVIEW")
    if verdict not in VERDICTS:
        raise Refusal(_("Say whether you accept this access or raise it."))
    if not FEWEST_WORDS <= len(words.strip()) <= MOST_WORDS:
        raise Refusal(_("Write in a few words what you found."))
    with audited(by=by, action="emergency.reviewed") as event, seeing_as(WATCHING):
        emergency = _locked(reviewable_emergencies(by), emergency_id)
        now = timezone.now()
        event.about("person", emergency.person_id)
        event.detail.update(emergency=str(emergency.pk), verdict=verdict)
        if emergency.verdict:
            raise Refusal(_("This access was already reviewed."))
        if verdict != RAISED and in_force(access_of(emergency), now):
            raise Refusal(_("This access still runs: accept it when it has ended. It can be raised at any time."))
        if verdict == RAISED and emergency.ended_at is None:
            _end([emergency], by.id, min(now, emergency.ends_at))
        emergency.verdict, emergency.reviewed_by = verdict, by.id
        emergency.reviewed_at, emergency.review_words = now, words.strip()
        emergency.save(update_fields=["verdict", "reviewed_by", "reviewed_at", "review_words"])
    return emergency


def _opened(by: Actor, row: Breaking, person: Person, now: datetime) -> Emergency:
    needs_second = row.asks_second or person.is_protected
    return Emergency.objects.create(
        id=row.id,
        person=person,
        agency_code=by.agency_code,
        opened_by=by.id,
        role_code=by.role_code,
        reason_code=row.reason_code,
        words=row.words.strip(),
        opened_at=now,
        ends_at=now + current().limits["break_glass"],
        asked_at=now if needs_second else None,
    )


def _locked(rows: QuerySet[Emergency], emergency_id: UUID) -> Emergency:
    found = rows.select_for_update(of=("self",)).filter(pk=emergency_id).first()
    if found is None:
        raise Missing(_("There is no such emergency access among those you may see."))
    return found


def _end(rows: Iterable[Emergency], ended_by: str, at: datetime | None = None) -> None:
    """``at`` None: each ended when its time was over."""
    for row in rows:
        row.ended_at, row.ended_by = at or row.ends_at, ended_by
        row.save(update_fields=["ended_at", "ended_by"])


def _check_in_force(emergency: Emergency, at: datetime) -> None:
    if not in_force(access_of(emergency), at):
        raise Refusal(_("This emergency access has ended."))


def _check_reason(row: Breaking) -> None:
    if current().codes("emergency_reason").get(row.reason_code) is None:
        raise Refusal(_("Choose what kind of emergency this is."))
    if not FEWEST_WORDS <= len(row.words.strip()) <= MOST_WORDS:
        raise Refusal(_("Write in a few words why this cannot wait."))
