"""Reads of screenings; always ``viewer=``, always filtered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.country.protocols import Protocol, Value
from enlace.screening import asked
from enlace.screening.models import Answer, Confirmation, DetentionAlert, Finding, GroupScreening, Ruling, Screening
from enlace.screening.permissions import visible, visible_alerts, visible_groups
from enlace.screening.rules import DRAFT, FINISHED
from enlace.vault.queries import open_record

ORDER = ("-started_at", "-id")


@dataclass(frozen=True)
class ScreeningFilter:
    """What a list of screenings may be narrowed by; empty means all. ``screener`` is an actor's id."""

    status: str = ""
    class_code: str = ""
    screener: str = ""


@dataclass(frozen=True)
class Standing:
    """Where the answers of one screening (or of the event of a group) stand: the newest row of each question, by code."""

    protocol: Protocol
    rows: Mapping[str, Answer]

    @property
    def values(self) -> dict[str, Value]:
        """The answers as the engine takes them."""
        return {
            code: asked.decoded(self.protocol.question(code), row.state, row.value)
            for code, row in self.rows.items()
            if code in self.protocol
        }

    @property
    def revisions(self) -> dict[str, int]:
        return {code: row.revision for code, row in self.rows.items()}

    @property
    def saved_at(self) -> datetime | None:
        return max((row.at for row in self.rows.values()), default=None)


@dataclass(frozen=True)
class ScreeningDetail:
    """Everything of a finished screening that its agency may see. ``finding`` is the newest."""

    screening: Screening
    standing: Standing
    finding: Finding
    earlier_findings: int
    rulings: Sequence[Ruling]
    corrections: Sequence[Answer]
    alerts: Sequence[DetentionAlert]
    confirmations: Sequence[Confirmation]
    second: Screening | None


def screening(*, viewer: Actor, screening_id: UUID) -> Screening:
    """One screening that the viewer's agency made. Raises ``Missing`` for all others, existing or not."""
    found = visible(viewer).select_related("person", "group", "second_of").filter(pk=screening_id).first()
    if found is None:
        raise Missing(_("Your agency has no such screening."))
    return found


def group(*, viewer: Actor, group_id: UUID) -> GroupScreening:
    found = visible_groups(viewer).filter(pk=group_id).first()
    if found is None:
        raise Missing(_("Your agency has no such group screening."))
    return found


def protocol_of(found: Screening | GroupScreening) -> Protocol:
    """The version of the protocol under which it was begun. Raises ``Missing`` or ``Refusal`` when it is gone."""
    return asked.protocol(found.protocol_code, found.protocol_version, found.protocol_digest)


def standing_of(found: Screening | GroupScreening) -> Standing:
    """The newest answers; of a screening or an event that the caller has already been allowed to see."""
    return Standing(protocol_of(found), newest_answers([found])[found.pk])


def newest_answers(found: Sequence[Screening | GroupScreening]) -> dict[UUID, dict[str, Answer]]:
    """For each screening or event (all of one kind) the newest row of each question."""
    rows: dict[UUID, dict[str, Answer]] = {row.pk: {} for row in found}
    parent = "group" if found and isinstance(found[0], GroupScreening) else "screening"
    ids = list(rows)
    for start in range(0, len(ids), 500):
        answers = Answer.objects.filter(**{f"{parent}__in": ids[start : start + 500]}).order_by("revision")
        for answer in answers:
            rows[getattr(answer, f"{parent}_id")][answer.question_code] = answer
    return rows


def screening_page(*, viewer: Actor, wanted: ScreeningFilter, cursor: str = "", size: int = 25) -> Page:
    """One page of the agency's screenings with their people, newest first."""
    rows = visible(viewer).select_related("person")
    for name in ("status", "class_code", "screener"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    return page(rows, order=ORDER, cursor=cursor, size=size)


def screening_detail(*, viewer: Actor, screening_id: UUID) -> ScreeningDetail:
    """A finished screening with its parts. Raises ``Missing`` for one that is not finished."""
    found = screening(viewer=viewer, screening_id=screening_id)
    findings = list(found.findings.order_by("-at", "-id"))
    if not findings:
        raise Missing(_("This screening is not finished."))
    corrections = found.answers.filter(supersedes__isnull=False).select_related("supersedes").order_by("at", "id")
    return ScreeningDetail(
        screening=found,
        standing=standing_of(found),
        finding=findings[0],
        earlier_findings=len(findings) - 1,
        rulings=list(found.rulings.order_by("-at", "-id")),
        corrections=list(corrections),
        alerts=list(found.alerts.order_by("-opened_at")),
        confirmations=list(found.confirmations.order_by("-at")),
        second=Screening.objects.filter(second_of=found).first(),
    )


def screenings_of_person(*, viewer: Actor, person_id: UUID) -> QuerySet[Screening]:
    """What the viewer's agency asked a person, newest first."""
    return visible(viewer).filter(person_id=person_id).order_by(*ORDER)


def screenings_of_contact(*, viewer: Actor, contact_id: UUID) -> tuple[list[Screening], list[GroupScreening]]:
    """Who was screened in a contact, and the events opened for it."""
    rows = visible(viewer).filter(contact_id=contact_id).select_related("person").order_by(*ORDER)
    groups = visible_groups(viewer).filter(contact_id=contact_id).order_by("-opened_at", "-id")
    return list(rows[:50]), list(groups)


def members(*, viewer: Actor, group_id: UUID) -> list[Screening]:
    """The screenings of the people met at one event, in the order in which they were added."""
    rows = visible(viewer).filter(group_id=group_id).select_related("person")
    return list(rows.order_by("started_at", "id"))


def group_page(*, viewer: Actor, cursor: str = "", size: int = 25) -> Page:
    return page(visible_groups(viewer), order=("-opened_at", "-id"), cursor=cursor, size=size)


def drafts_of(*, viewer: Actor, limit: int) -> list[Screening]:
    """The screenings that the viewer began and has not finished, oldest first."""
    rows = visible(viewer).filter(status=DRAFT, screener=viewer.id).select_related("person")
    return list(rows.order_by("started_at", "id")[:limit])


def to_decide(*, viewer: Actor, limit: int) -> list[Screening]:
    """Finished screenings that wait for the decision of a person, oldest first."""
    rows = visible(viewer).filter(status=FINISHED).select_related("person")
    return list(rows.order_by("started_at", "id")[:limit])


def seconds_due(*, viewer: Actor, limit: int) -> list[Screening]:
    """Screenings after which another one is owed and was not begun, the most pressing first. Late ones stay."""
    rows = visible(viewer).filter(second_due_at__isnull=False, second_started_at__isnull=True)
    return list(rows.select_related("person").order_by("second_due_at", "id")[:limit])


def alert(*, viewer: Actor, alert_id: UUID) -> DetentionAlert:
    found = visible_alerts(viewer).select_related("person", "screening").filter(pk=alert_id).first()
    if found is None:
        raise Missing(_("Your agency has no such alert."))
    return found


def alerts_open(*, viewer: Actor, limit: int) -> list[DetentionAlert]:
    """People presumed victims who are detained, the most pressing first. Late ones stay until somebody ends them."""
    rows = visible_alerts(viewer).filter(ended_at__isnull=True).select_related("person")
    return list(rows.order_by("due_at", "id")[:limit])


def known_refs(*, viewer: Actor, refs: Collection[str]) -> dict[str, UUID]:
    """Which records of a source the agency has already: source reference -> screening id."""
    return dict(visible(viewer).filter(source_ref__in=refs).values_list("source_ref", "pk"))


def open_texts(*, viewer: Actor, screening_id: UUID, purpose: str) -> dict[str, str]:
    """What was written freely, by question; sealed until now, and the reading leaves a record."""
    found = screening(viewer=viewer, screening_id=screening_id)
    sealed = {code: row for code, row in standing_of(found).rows.items() if row.part_id}
    content: dict[UUID, Mapping[str, Any]] = {}
    for record_id in sorted({row.record_id for row in sealed.values() if row.record_id}):
        parts = open_record(viewer=viewer, record_id=record_id, purpose=purpose)
        content |= {part.id: part.content for part in parts}
    return {code: content[row.part_id][code] for code, row in sealed.items() if row.part_id in content}
