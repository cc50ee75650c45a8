"""What left about people: written at the moment it leaves, on the consent or the ground that stands, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.people.models import Disclosure
from enlace.people.permissions import visible
from enlace.people.queries import Basis, hold_bases
from enlace.people.rules import BY_LAW, DISCLOSED

LOGGING = Actor.system("people")  # who accepts a referral writes down what its sender disclosed


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """One thing that leaves: ``fields`` are names of fields, never what is in them.

    It goes to an agency (``recipient_code``) or to an organisation outside (``recipient_name``). ``ground_code`` is a code
    of the list consent_ground, or ``rules.BY_LAW``; "" means: on the consent or the recorded ground that stands that day.
    ``agency_code`` is who discloses, by default the actor's agency.
    """

    person_id: UUID
    kind: str
    fields: tuple[str, ...]
    purpose_code: str = ""
    recipient_code: str = ""
    recipient_name: str = ""
    ground_code: str = ""
    agency_code: str = ""
    source: str = ""
    source_id: UUID | None = None
    at: datetime | None = None


def record_disclosures(*, by: Actor, rows: Sequence[Disclosed]) -> list[Disclosure]:
    """Log what leaves, inside the transaction in which it leaves; raises ``Refusal`` where nothing allows it.

    The consents relied upon are held until that transaction ends: revoked meanwhile, nothing leaves.
    """
    for row in rows:
        _check_row(row)
    with audited(by=by, action="person.disclosed", detail={"count": len(rows)}) as event:
        ids = {row.person_id for row in rows}
        if len(ids) == 1:
            event.about("person", rows[0].person_id)
        _check_known(by, ids)
        now = timezone.now()
        with seeing_as(LOGGING):
            bases = hold_bases([_wanted(row, now) for row in rows if not row.ground_code])
            made = [_disclosure(by, row, now, bases) for row in rows]
            return Disclosure.objects.bulk_create(made, batch_size=500)


def _wanted(row: Disclosed, now: datetime) -> tuple[UUID, str, str, datetime]:
    return row.person_id, row.purpose_code, row.recipient_code, row.at or now


def _disclosure(
    by: Actor, row: Disclosed, now: datetime, bases: dict[tuple[UUID, str, str, datetime], Basis]
) -> Disclosure:
    basis = None if row.ground_code else bases.get(_wanted(row, now))
    if basis is None and not row.ground_code:
        raise Refusal(_("Neither a consent nor a legal ground allows this: nothing was disclosed."))
    return Disclosure(
        person_id=row.person_id,
        agency_code=row.agency_code or by.agency_code,
        recipient_code=row.recipient_code,
        recipient_name=row.recipient_name.strip(),
        kind=row.kind,
        fields=list(row.fields),
        purpose_code=row.purpose_code,
        consent_id=basis.id if basis and basis.kind == "consent" else None,
        ground_id=basis.id if basis and basis.kind == "ground" else None,
        ground_code=row.ground_code or (basis.ground_code if basis else ""),
        source=row.source,
        source_id=row.source_id,
        at=row.at or now,
        by=by.id,
    )


def _check_row(row: Disclosed) -> None:
    pack = current()
    if row.kind not in DISCLOSED:
        raise Refusal(_("Say what is disclosed: one of the kinds that may leave."))
    if not row.recipient_code and not row.recipient_name.strip():
        raise Refusal(_("Say to whom it is disclosed."))
    if row.purpose_code and pack.codes("consent_purpose").get(row.purpose_code) is None:
        raise Refusal(_("This purpose of consent is not in the list."))
    if row.ground_code not in ("", BY_LAW) and pack.codes("consent_ground").get(row.ground_code) is None:
        raise Refusal(_("This legal ground is not in the list."))


def _check_known(by: Actor, ids: set[UUID]) -> None:
    wanted, found = sorted(ids), 0
    for start in range(0, len(wanted), 500):
        found += visible(by).filter(pk__in=wanted[start : start + 500]).count()
    if found != len(ids):
        raise Missing(_("No such person is known to your agency."))
