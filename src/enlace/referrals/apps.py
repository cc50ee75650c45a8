from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots
from enlace.base.actor import Actor


class ReferralsConfig(AppConfig):
    name = "enlace.referrals"
    label = "referrals"

    def ready(self) -> None:
        slots.register(slots.NavItem(30, _("Referrals"), "referrals:list", "REFERRAL_READ"))
        slots.register(slots.QueueSource("inbox", 10, _("Referrals to answer"), "REFERRAL_ANSWER", waiting))
        slots.register(slots.QueueSource("ongoing", 30, _("Help you promised"), "REFERRAL_DELIVER", ongoing))
        slots.register(slots.QueueSource("came_back", 15, _("Came back without help"), "REFERRAL_SEND", came_back))
        slots.register(slots.Panel("case", "referrals", 10, "REFERRAL_READ", "referrals/_of_case.html", of_case))
        slots.register(slots.TimelineSource("referrals", "REFERRAL_READ", timeline))
        slots.register(slots.Waiting("referrals", "REFERRAL_READ", still_waiting))


def waiting(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.referrals import queries

    return [_item(r, r.sent_at, r.due_at) for r in queries.waiting_for_us(viewer=viewer, limit=limit)]


def ongoing(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.referrals import queries

    return [_item(r, r.answered_at or r.sent_at) for r in queries.ongoing_with_us(viewer=viewer, limit=limit)]


def came_back(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.referrals import queries

    return [_item(r, r.answered_at or r.sent_at) for r in queries.came_back(viewer=viewer, limit=limit)]


def of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    from enlace.accounts.queries import agency_names
    from enlace.referrals import queries
    from enlace.referrals.labels import STATUS

    rows = queries.referrals_of_case(viewer=viewer, case_id=case.pk)
    names = agency_names()
    return {"rows": [(r, STATUS[r.status], names.get(r.recipient_code, r.recipient_code)) for r in rows]}


def timeline(viewer: Actor, case: Any) -> list[slots.TimelineEntry]:
    from django.urls import reverse

    from enlace.accounts.queries import agency_names
    from enlace.referrals import queries
    from enlace.referrals.labels import STEPS

    names = agency_names()
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


def _item(referral: Any, since: Any, due: Any = None) -> slots.QueueItem:
    from django.urls import reverse

    from enlace.country.labels import label
    from enlace.referrals.labels import STATUS

    return slots.QueueItem(
        url=reverse("referrals:referral", args=[referral.pk]),
        code=referral.code,
        task=str(STATUS[referral.status]),
        detail=", ".join(label("service", code) for code in referral.service_codes),
        since=since,
        due=due,
    )
