"""Who may see which complaint: the agency that receives it, and in it nobody who has a part in what it is about.

Left out by construction, whatever their role says: the accused agency; every account it had when the complaint came in
and every one that had ever acted for it, wherever they work now; whoever was named; whoever manages accounts; and every
process of the system. The person who complains acts by receipt alone and never through here.
"""

import hashlib
import hmac
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from enlace.accounts.queries import role_codes_of
from enlace.base import keyring
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.permissions import check
from enlace.complaints import rules
from enlace.complaints.models import Complaint
from enlace.country.queries import current


def visible(viewer: Actor) -> QuerySet[Complaint]:
    check(viewer, "COMPLAINT_READ")
    if viewer.is_system or not viewer.agency_code or manages_accounts(viewer):
        return Complaint.objects.none()
    received = Complaint.objects.exclude(status=rules.BEGUN).filter(to_agency=viewer.agency_code)
    return received.exclude(accused_code=viewer.agency_code).exclude(exclusions__actor_id=viewer.id)


def manages_accounts(viewer: Actor) -> bool:
    """Whether any role the person holds manages accounts, not only the one in use."""
    if viewer.may("USER_MANAGE"):
        return True
    held = role_codes_of([UUID(viewer.id)])
    known = current().roles_by_code
    return any("USER_MANAGE" in known[code].permissions for code in held.get(UUID(viewer.id), ()) if code in known)


def locked(by: Actor, complaint_id: UUID) -> Complaint:
    """The complaint, for writing, or ``Missing``: not there and not yours are told in the same words."""
    found = visible(by).select_for_update(of=("self",)).filter(pk=complaint_id).first()
    if found is None:
        raise Missing(_("There is no such page."))
    return found


def locked_begun(complaint_id: UUID) -> Complaint | None:
    """A complaint not sent yet, for writing; ``None`` when nothing was kept of it. Raises ``Refusal`` when it was sent."""
    found = Complaint.objects.select_for_update().filter(pk=complaint_id).first()
    if found and found.status != rules.BEGUN:
        raise Refusal(_("This form was already sent. Nothing was done twice."))
    return found


def locked_of_author(complaint_id: UUID) -> Complaint:
    """A complaint that was sent, for its author to write to; ``Refusal`` when it was withdrawn."""
    found = Complaint.objects.select_for_update().exclude(status=rules.BEGUN).filter(pk=complaint_id).first()
    if found is None:
        raise Missing(_("There is no such complaint."))
    if found.status == rules.WITHDRAWN:
        raise Refusal(_("You withdrew this complaint. To tell something new, make a new one."))
    return found


def mark(complaint_id: UUID) -> str:
    """How a complaint is called in the record: whoever reads the record cannot tell which one it is."""
    key = keyring.derive("complaints.record")
    return hmac.new(key, complaint_id.bytes, hashlib.sha256).hexdigest()[:32]
