"""The register of partners outside the system."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_code
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.referrals.models import Partner
from enlace.referrals.permissions import own_partners, visible_partners


@dataclass(frozen=True, kw_only=True)
class Outsider:
    """What is kept of a partner. ``public_contact`` may be told to anybody, ``agency_contact`` to agencies only."""

    name: str
    kind_code: str
    state_code: str = ""
    public_contact: str = ""
    agency_contact: str = ""
    is_active: bool = True


def add_partner(*, by: Actor, row: Outsider) -> Partner:
    """Add a partner to the register of the nation."""
    check(by, "REFERRAL_SEND")
    _check(row)
    with audited(by=by, action="partner.added") as event:
        if visible_partners(by).filter(name=row.name.strip(), state_code=row.state_code).exists():
            raise Refusal(_("This partner is already in the register."))
        partner = Partner(code=new_code("X"), added_by_agency=by.agency_code, added_at=timezone.now(), **_values(row))
        partner.save(force_insert=True)
        event.about("partner", partner.pk)
    return partner


def correct_partner(*, by: Actor, partner_id: UUID, row: Outsider) -> Partner:
    """Correct what the own agency wrote down of a partner, or close it: a closed one stays in what was sent to it."""
    check(by, "REFERRAL_SEND")
    _check(row)
    with audited(by=by, action="partner.corrected", subject=("partner", partner_id)):
        partner = own_partners(by).select_for_update().filter(pk=partner_id).first()
        if partner is None:
            raise Missing(_("Your agency wrote down no such partner."))
        same = visible_partners(by).filter(name=row.name.strip(), state_code=row.state_code).exclude(pk=partner_id)
        if same.exists():
            raise Refusal(_("This partner is already in the register."))
        for name, value in _values(row).items():
            setattr(partner, name, value)
        partner.save()
    return partner


def _values(row: Outsider) -> dict[str, object]:
    words = ("name", "public_contact", "agency_contact")
    return {
        **{name: getattr(row, name) for name in row.__dataclass_fields__},
        **{n: getattr(row, n).strip() for n in words},
    }


def _check(row: Outsider) -> None:
    pack = current()
    if not row.name.strip():
        raise Refusal(_("Write the name of the organisation."))
    if pack.codes("agency_kind").get(row.kind_code) is None:
        raise Refusal(_("Choose what kind of organisation it is."))
    if row.state_code and row.state_code not in pack.states_by_code:
        raise Refusal(_("This state is not in the list."))
