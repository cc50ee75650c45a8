"""Beginning a screening: which protocol for whom, a second one after an insufficient one, and the steps of safety."""

from collections.abc import Collection, Mapping, Sequence
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
from enlace.country.queries import current
from enlace.intake.permissions import visible_contacts
from enlace.people.permissions import visible as visible_people
from enlace.screening import asked, rules
from enlace.screening.models import Screening
from enlace.screening.permissions import check_draft, check_unchanged, locked, visible_groups
from enlace.screening.queries import protocol_of


@dataclass(frozen=True, kw_only=True)
class Start:
    """One screening to begin. ``protocol_version`` 0 is the one in force that day; ``safety_codes`` are steps seen to."""

    person_id: UUID
    protocol_code: str
    protocol_version: int = 0
    contact_id: UUID | None = None
    group_id: UUID | None = None
    second_of: UUID | None = None
    channel_code: str = ""
    state_code: str = ""
    risk_codes: tuple[str, ...] = ()
    safety_codes: tuple[str, ...] = ()
    started_at: datetime | None = None
    source_ref: str = ""
    code_value: int | None = None
    id: UUID = field(default_factory=new_id)


def start_screenings(*, by: Actor, rows: Sequence[Start]) -> list[Screening]:
    """Begin screenings of people whom the agency knows. Offered are the protocols for its kind, the channel and the day.

    A screening that is finished may be followed by one other (``second_of``). A protocol of the kind ``second`` is asked
    only after one that left too much open.
    """
    check(by, "SCREENING_RECORD")
    now = timezone.now()
    if any(row.started_at and row.started_at > now for row in rows):
        raise Refusal(_("A screening cannot begin in the future."))
    kind = agency(by.agency_code).kind_code
    with audited(by=by, action="screening.started", detail={"count": len(rows)}) as event:
        _check_known(by, rows)
        firsts = locked(by, [row.second_of for row in rows if row.second_of])
        screenings = [_screening(row, by, kind, firsts, row.started_at or now) for row in rows]
        check_unchanged({(s.protocol_code, s.protocol_version, s.protocol_digest) for s in screenings})
        Screening.objects.bulk_create(screenings, batch_size=500)
        for first in firsts.values():
            first.save(update_fields=["second_started_at"])
        if len(rows) == 1:
            event.about("screening", screenings[0].pk)
            event.detail["protocol"] = f"{screenings[0].protocol_code} {screenings[0].protocol_version}"
    return screenings


def confirm_safety(*, by: Actor, screening_id: UUID, codes: Collection[str]) -> Screening:
    """Say which steps before the first question were seen to; without the required ones nothing is asked."""
    check(by, "SCREENING_RECORD")
    with audited(by=by, action="screening.safety_confirmed", subject=("screening", screening_id)):
        screening = locked(by, [screening_id])[screening_id]
        check_draft(screening)
        screening.safety_codes = asked.seen_to(protocol_of(screening), codes)
        screening.safety_at = timezone.now()
        screening.save(update_fields=["safety_codes", "safety_at"])
    return screening


def _screening(row: Start, by: Actor, kind: str, firsts: Mapping[UUID, Screening], at: datetime) -> Screening:
    protocol = _protocol(row, kind, at)
    first = firsts[row.second_of] if row.second_of else None
    _check_second(protocol, first, row)
    if first:
        first.second_started_at = at
    safe = asked.seen_to(protocol, row.safety_codes) if row.safety_codes else []
    return Screening(
        id=row.id,
        code=new_code("S", row.code_value),
        person_id=row.person_id,
        contact_id=row.contact_id,
        group_id=row.group_id,
        second_of=first,
        protocol_code=protocol.code,
        protocol_version=protocol.version,
        protocol_digest=protocol.digest,
        agency_code=by.agency_code,
        screener=by.id,
        channel_code=row.channel_code,
        state_code=row.state_code or by.state_code,
        risk_codes=sorted(set(row.risk_codes)),
        started_at=at,
        safety_codes=safe,
        safety_at=at if safe else None,
        source_ref=row.source_ref,
    )


def _protocol(row: Start, kind: str, at: datetime) -> Protocol:
    on = timezone.localdate(at)
    found = (
        asked.protocol(row.protocol_code, row.protocol_version)
        if row.protocol_version
        else asked.in_force(row.protocol_code, on)
    )
    if not found.is_offered(channel=row.channel_code, agency_kind=kind, on=on):
        raise Refusal(_("This protocol is not meant for your agency, this channel or this day. Choose another one."))
    return found


def _check_second(protocol: Protocol, first: Screening | None, row: Start) -> None:
    if first is None:
        if protocol.kind == "second":
            raise Refusal(_("This protocol is for a second screening, after one that left too much open."))
        return
    if first.person_id != row.person_id:
        raise Refusal(_("A second screening is about the same person."))
    if first.status == rules.DRAFT or first.second_started_at is not None:
        raise Refusal(_("The first screening is not finished, or somebody has begun a second one."))
    if protocol.kind == "second" and first.second_due_at is None:
        raise Refusal(_("This protocol is for a second screening, after one that left too much open."))


def _check_known(by: Actor, rows: Sequence[Start]) -> None:
    """People, contacts and groups are the agency's own; codes are the pack's."""
    people = {row.person_id for row in rows}
    if visible_people(by).filter(pk__in=people).count() != len(people):
        raise Missing(_("No such person is known to your agency."))
    contacts = {row.contact_id for row in rows if row.contact_id}
    if contacts and visible_contacts(by).filter(pk__in=contacts).count() != len(contacts):
        raise Missing(_("Your agency recorded no such contact."))
    groups = {row.group_id for row in rows if row.group_id}
    if groups and visible_groups(by).filter(pk__in=groups).count() != len(groups):
        raise Missing(_("Your agency has no such group screening."))
    asked.check_codes([row.channel_code for row in rows], [row.state_code for row in rows])
    if any(code not in current().codes("vulnerability") for row in rows for code in row.risk_codes):
        raise Refusal(_("One of the groups at risk is not in the list."))
