"""Agreements between states: recorded, and ended on a day; never removed, because people were sent under them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import NATIONAL, Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.directory.models import Agreement
from enlace.directory.permissions import locked_site, may_end


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """``from_state`` may send people to ``to_state``: to all sites or one (``site_id``), for all services or one."""

    from_state: str
    to_state: str
    valid_from: date
    basis: str
    valid_to: date | None = None
    site_id: UUID | None = None
    service_code: str = ""
    id: UUID = field(default_factory=new_id)


def save_agreements(*, by: Actor, rows: Sequence[Agreed]) -> list[Agreement]:
    """Record agreements. One that names a site is its agency's to record, all others the national scope's."""
    check(by, "DIRECTORY_EDIT")
    for row in rows:
        _check(by, row)
    with audited(by=by, action="agreement.saved", detail={"count": len(rows)}) as event:
        if len(rows) == 1:
            event.about("agreement", rows[0].id)
        for site_id, to_state in {(row.site_id, row.to_state) for row in rows if row.site_id}:
            if site_id and locked_site(by, site_id).state_code != to_state:
                raise Refusal(_("The place is not in the state that receives."))
        found = [Agreement(**vars(row)) for row in rows]
        return Agreement.objects.bulk_create(found, batch_size=500)


def end_agreement(*, by: Actor, agreement_id: UUID, on: date) -> None:
    """The last day of an agreement; whoever is already there stays there."""
    check(by, "DIRECTORY_EDIT")
    with audited(by=by, action="agreement.ended", subject=("agreement", agreement_id)):
        found = Agreement.objects.select_for_update().filter(pk=agreement_id).first()
        if found is None or not may_end(by, found):
            raise Missing(_("Your agency keeps no such agreement."))
        if found.valid_to and found.valid_to < timezone.localdate():
            raise Refusal(_("This agreement has already ended."))
        if on < found.valid_from:
            raise Refusal(_("An agreement does not end before it begins."))
        found.valid_to = on
        found.save(update_fields=["valid_to"])


def _check(by: Actor, row: Agreed) -> None:
    pack = current()
    if row.from_state not in pack.states_by_code or row.to_state not in pack.states_by_code:
        raise Refusal(_("Choose the two states."))
    if row.from_state == row.to_state:
        raise Refusal(_("An agreement is between two different states."))
    if row.service_code and row.service_code not in pack.codes("service"):
        raise Refusal(_("The service “%s” is not in the list.") % row.service_code)
    if row.valid_to and row.valid_to < row.valid_from:
        raise Refusal(_("An agreement does not end before it begins."))
    if not row.basis.strip():
        raise Refusal(_("Say on what the agreement rests: its name, number or date."))
    if row.site_id is None and not by.is_system and by.scope != NATIONAL:
        raise Forbidden(_("An agency records agreements for its own places only."))
