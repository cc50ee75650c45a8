"""Group screening: one event, many people, what they share asked once and copied to each with its origin marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agency
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_code, new_id
from enlace.base.permissions import check
from enlace.country.protocols import Protocol
from enlace.intake.permissions import visible_contacts
from enlace.screening import asked, rules
from enlace.screening.actions.answers import Writing
from enlace.screening.actions.starting import Start, start_screenings
from enlace.screening.models import Answer, GroupScreening, Screening
from enlace.screening.permissions import check_unchanged, check_version, locked_group
from enlace.screening.queries import Standing, newest_answers, protocol_of


@dataclass(frozen=True, kw_only=True)
class GroupStart:
    """One event to screen at; ``protocol_code`` is used for everybody met there."""

    protocol_code: str
    contact_id: UUID | None = None
    channel_code: str = ""
    state_code: str = ""
    opened_at: datetime | None = None
    code_value: int | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True, repr=False)
class GroupPage:
    """The shared answers of one event; as ``AnswerPage``."""

    group_id: UUID
    protocol_version: int
    values: Mapping[str, object]
    seen: Mapping[str, int] | None = None
    at: datetime | None = None


def start_group(*, by: Actor, row: GroupStart) -> GroupScreening:
    """Open the event of a group, under a protocol that shares something."""
    check(by, "SCREENING_RECORD")
    now = row.opened_at or timezone.now()
    protocol = _protocol(row, agency(by.agency_code).kind_code, now)
    asked.check_codes([row.channel_code], [row.state_code])
    with audited(by=by, action="screening.group_started", subject=("group_screening", row.id)):
        check_unchanged([(protocol.code, protocol.version, protocol.digest)])
        if row.contact_id and not visible_contacts(by).filter(pk=row.contact_id).exists():
            raise Missing(_("Your agency recorded no such contact."))
        return GroupScreening.objects.create(
            id=row.id,
            code=new_code("G", row.code_value),
            contact_id=row.contact_id,
            protocol_code=protocol.code,
            protocol_version=protocol.version,
            protocol_digest=protocol.digest,
            agency_code=by.agency_code,
            opened_by=by.id,
            opened_at=now,
            channel_code=row.channel_code,
            state_code=row.state_code or by.state_code,
        )


def join_group(
    *,
    by: Actor,
    group_id: UUID,
    person_ids: Sequence[UUID],
    safety_codes: Sequence[str] = (),
    at: datetime | None = None,
) -> list[Screening]:
    """Begin a screening of each person met at the event; what was answered for all is copied to each.

    Whoever is already there is passed over. Each person's steps of safety are seen to for themselves, unless given here.
    """
    check(by, "SCREENING_RECORD")
    with audited(by=by, action="screening.group_joined", subject=("group_screening", group_id)) as event:
        group = locked_group(by, group_id)
        there = set(Screening.objects.filter(group=group).values_list("person_id", flat=True))
        wanted = [pk for pk in dict.fromkeys(person_ids) if pk not in there]
        screenings = start_screenings(by=by, rows=[_member(group, pk, tuple(safety_codes), at) for pk in wanted])
        shared = newest_answers([group])[group.pk]
        _copy(by, screenings, shared, at or timezone.now())
        event.detail["count"] = len(screenings)
    return screenings


def answer_group(*, by: Actor, row: GroupPage) -> GroupScreening:
    """Save what is answered for all; it reaches everybody whose screening is under way and who was not asked alone."""
    check(by, "SCREENING_RECORD")
    with audited(by=by, action="screening.group_answered", subject=("group_screening", row.group_id), data_class="C"):
        group = locked_group(by, row.group_id)
        check_version(group, row.protocol_version)
        standing = Standing(protocol_of(group), newest_answers([group])[group.pk])
        values = asked.checked(standing.protocol, row.values)
        if alone := [code for code in values if not standing.protocol.question(code).shared]:
            names = asked.names(standing.protocol, alone)
            raise Refusal(_("This is asked of each person alone: %(questions)s") % {"questions": names})
        at = row.at or timezone.now()
        written = Writing(group, standing, by, at).write(values, row.seen)
        members = Screening.objects.select_for_update().filter(group=group, status=rules.DRAFT).order_by("pk")
        _copy(by, list(members), written, at)
    return group


def _copy(by: Actor, screenings: Sequence[Screening], shared: Mapping[str, Answer], at: datetime) -> None:
    """Copy shared answers to members; what a member was asked alone stays."""
    newest = newest_answers(list(screenings))
    rows = []
    for screening in screenings:
        standing = Standing(protocol_of(screening), newest[screening.pk])
        writing = Writing(screening, standing, by, at)
        for code, answer in shared.items():
            own = standing.rows.get(code)
            if own is None or own.copied_from_id:
                rows.append(_copied(writing, answer))
    Answer.objects.bulk_create(rows, batch_size=500)


def _copied(writing: Writing, answer: Answer) -> Answer:
    row = writing.row(answer.question_code, answer.state, answer.value)
    row.copied_from, row.record_id, row.part_id = answer, answer.record_id, answer.part_id
    return row


def _member(group: GroupScreening, person_id: UUID, safety_codes: tuple[str, ...], at: datetime | None) -> Start:
    return Start(
        person_id=person_id,
        protocol_code=group.protocol_code,
        protocol_version=group.protocol_version,
        contact_id=group.contact_id,
        group_id=group.pk,
        channel_code=group.channel_code,
        state_code=group.state_code,
        safety_codes=safety_codes,
        started_at=at,
    )


def _protocol(row: GroupStart, kind: str, at: datetime) -> Protocol:
    on = timezone.localdate(at)
    found = asked.in_force(row.protocol_code, on)
    if not found.is_offered(channel=row.channel_code, agency_kind=kind, on=on) or found.kind == "second":
        raise Refusal(_("This protocol is not meant for your agency, this channel or this day. Choose another one."))
    if not any(question.shared for question in found.questions):
        raise Refusal(_("This protocol asks everybody alone: screen each person by themselves."))
    return found
