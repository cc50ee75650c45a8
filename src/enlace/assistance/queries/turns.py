"""What happened to the plans, permits and returns of a case, for its timeline."""

from uuid import UUID

from django.db.models import Q

from enlace.assistance.models import CareTurn
from enlace.assistance.permissions import visible_permits, visible_plans, visible_returns
from enlace.base.actor import Actor


def turns_of_case(*, viewer: Actor, case_id: UUID) -> list[CareTurn]:
    """In one query, the newest first; only what the viewer's role may read of."""
    seen = Q(pk__in=[])
    if viewer.may("PLAN_READ"):
        seen |= Q(plan__in=visible_plans(viewer).filter(case_id=case_id))
    if viewer.may("PERMIT_READ"):
        seen |= Q(permit__in=visible_permits(viewer).filter(case_id=case_id))
    if viewer.may("RETURN_READ"):
        seen |= Q(assisted_return__in=visible_returns(viewer).filter(case_id=case_id))
    return list(CareTurn.objects.filter(seen).select_related("permit").order_by("-on", "-at"))
