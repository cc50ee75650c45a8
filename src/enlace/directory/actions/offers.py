"""What an agency offers in a state, whether or not it has a place of its own there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.audit.actions import audited
from enlace.base.actor import NATIONAL, Actor
from enlace.base.errors import Forbidden, Refusal
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.directory.models import ServiceOffer


@dataclass(frozen=True)
class Offer:
    agency_code: str
    service_code: str
    state_code: str = ""


def publish_offers(*, by: Actor, rows: Sequence[Offer]) -> int:
    """Add offers or confirm that they are still true; returns how many."""
    check(by, "DIRECTORY_EDIT")
    services = current().codes("service")
    known = {agency.pk for agency in agencies()}
    for row in rows:
        if row.agency_code not in known:
            raise Refusal(_("Choose an agency that is in the directory."))
        if services.get(row.service_code) is None:
            raise Refusal(_("The service “%s” is not in the list.") % row.service_code)
        if row.agency_code != by.agency_code and not by.is_system and by.scope != NATIONAL:
            raise Forbidden(_("An agency edits only its own services."))
    now = timezone.now()
    with audited(by=by, action="directory.published", detail={"count": len(rows)}):
        ServiceOffer.objects.bulk_create(
            [
                ServiceOffer(
                    agency_id=r.agency_code, service_code=r.service_code, state_code=r.state_code, confirmed_at=now
                )
                for r in dict.fromkeys(rows)  # one statement may not touch a row twice
            ],
            update_conflicts=True,
            update_fields=["is_open", "confirmed_at"],
            unique_fields=["agency", "service_code", "state_code"],
            batch_size=500,
        )
    return len(rows)
