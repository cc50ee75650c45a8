"""Closing packages: whatever ends one destroys what is in it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.referrals import rules
from enlace.referrals.models import DisclosurePackage
from enlace.referrals.permissions import SYSTEM
from enlace.vault.actions import erase_record


def close_packages(*, by: Actor, referral_ids: Collection[UUID], verb: str, at: datetime) -> int:
    """Destroy what nobody has opened yet of these referrals, which the caller has locked; returns how many."""
    with audited(by=by, action="package.closed", detail={"verb": verb}) as event, seeing_as(SYSTEM):
        rows = DisclosurePackage.objects.select_for_update(of=("self",)).filter(referral_id__in=referral_ids)
        found = [row for row in rows.order_by("pk") if verb in rules.PACKAGE.verbs(row.status)]
        for package in found:
            was_sealed = package.status == rules.SEALED
            package.status, package.ended_at = rules.PACKAGE.after(package.status, verb), at
            package.save(update_fields=["status", "ended_at"])
            if was_sealed:  # what was opened was destroyed then
                erase_record(by=SYSTEM, record_id=package.record_id)
        event.detail["count"] = len(found)
    return len(found)
