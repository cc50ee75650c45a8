from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import clocks, slots
from enlace.base.actor import Actor


class ReferralsConfig(AppConfig):
    name = "enlace.referrals"
    label = "referrals"

    def ready(self) -> None:
        slots.register(slots.NavItem(30, _("Referrals"), "referrals:list", "REFERRAL_READ"))
        slots.register(slots.QueueSource("inbox", 10, _("Referrals to answer"), "REFERRAL_ANSWER", waiting))
        slots.register(slots.QueueSource("came_back", 15, _("Came back without help"), "REFERRAL_SEND", came_back))
        slots.register(slots.QueueSource("ongoing", 30, _("Help you promised"), "REFERRAL_DELIVER", ongoing))
        slots.register(slots.QueueSource("told", 45, _("What came of your referrals"), "REFERRAL_SEND", told))
        slots.register(slots.Panel("case", "referrals", 10, "REFERRAL_READ", "referrals/_of_case.html", of_case))
        slots.register(slots.Panel("own", "referrals", 10, "PORTAL_OWN", "referrals/_own.html", of_own_page))
        slots.register(slots.Trace("referrals", "PORTAL_OWN", traces))
        slots.register(slots.TimelineSource("referrals", "REFERRAL_READ", timeline))
        slots.register(slots.Waiting("referrals", "REFERRAL_READ", still_waiting))
        clocks.register(clocks.Clock("referrals.expire", 10, expire))
        clocks.register(clocks.Clock("referrals.packages", 20, expire_packages))


def expire(at: datetime) -> int:
    """What nobody answered in time goes back to its sender."""
    from enlace.referrals.actions import expire_referrals
    from enlace.referrals.permissions import SYSTEM

    return expire_referrals(by=SYSTEM, at=at)


def expire_packages(at: datetime) -> int:
    """What no partner opened in time is destroyed."""
    from enlace.referrals import actions
    from enlace.referrals.permissions import SYSTEM

    return actions.expire_packages(by=SYSTEM, at=at)


def waiting(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.referrals import queries

    return [_item(r, r.sent_at, r.due_at) for r in queries.waiting_for_us(viewer=viewer, limit=limit)]


def ongoing(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.referrals import queries

    return [_item(r, r.answered_at or r.sent_at) for r in queries.ongoing_with_us(viewer=viewer, limit=limit)]


def came_back(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    """What needs the sender's hand first, then what the clock has sent on."""
    from enlace.referrals import queries
    from enlace.referrals.labels import sent_on, what_next

    back = queries.came_back(viewer=viewer, limit=limit)
    onward = queries.sent_onward(viewer=viewer, limit=limit)[: max(0, limit - len(back))]
    names: Mapping[str, str] = queries.party_names() if back or onward else {}
    items = [_item(r, r.ended_at or r.sent_at, more=what_next(r, names)) for r in back]
    return items + [_item(r, r.sent_at, r.due_at, more=sent_on(r, names)) for r in onward]


def told(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.country.labels import label
    from enlace.referrals import queries

    rows = queries.told_lately(viewer=viewer, limit=limit)
    return [_item(r, r.feedback_at, task=label("referral_result", r.feedback_code)) for r in rows]


def of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    from enlace.referrals import queries
    from enlace.referrals.labels import STATUS

    rows = queries.referrals_of_case(viewer=viewer, case_id=case.pk)
    names = queries.party_names()
    return {"rows": [(r, STATUS[r.status], names.get(r.recipient_code, r.recipient_code)) for r in rows]}


def of_own_page(viewer: Actor, person: Any) -> dict[str, Any]:
    from enlace.referrals import queries
    from enlace.referrals.labels import OWN_STATUS

    return {"rows": [(row, OWN_STATUS[row.status]) for row in queries.referrals_of_own(viewer=viewer)]}


def traces(viewer: Actor, person: Any) -> list[UUID]:
    from enlace.referrals import queries

    return queries.ids_of_own(viewer=viewer)


def timeline(viewer: Actor, case: Any) -> list[slots.TimelineEntry]:
    from django.urls import reverse

    from enlace.referrals import queries
    from enlace.referrals.labels import STEPS

    names = queries.party_names()
    return [
        slots.TimelineEntry(
            at=step.at,
            kind="referral",
            title=str(STEPS[step.verb]),
            body=step.note,
            who=names.get(step.agency_code, step.agency_code),
            url=reverse("referrals:referral", args=[step.referral_id]),
        )
        for step in queries.steps_of_case(viewer=viewer, case_id=case.pk)
    ]


def still_waiting(viewer: Actor, case_id: UUID) -> int:
    from enlace.referrals import queries

    return queries.waiting_in_case(viewer=viewer, case_id=case_id)


def _item(referral: Any, since: Any, due: Any = None, *, task: str = "", more: str = "") -> slots.QueueItem:
    from django.urls import reverse

    from enlace.country.labels import label
    from enlace.referrals.labels import STATUS

    services = ", ".join(label("service", code) for code in referral.service_codes)
    return slots.QueueItem(
        url=reverse("referrals:referral", args=[referral.pk]),
        code=referral.code,
        task=task or str(STATUS[referral.status]),
        detail=f"{services} · {more}" if more else services,
        since=since,
        due=due,
    )
