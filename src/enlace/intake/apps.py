from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots
from enlace.base.actor import Actor
from enlace.base.remember import once


class IntakeConfig(AppConfig):
    name = "enlace.intake"
    label = "intake"

    def ready(self) -> None:
        slots.register(slots.NavItem(5, _("Contacts"), "intake:list", "CONTACT_READ"))
        slots.register(slots.NavItem(35, _("Notices"), "intake:notices", "NOTICE_READ"))
        slots.register(slots.QueueSource("notices", 5, _("Notices to take up"), "NOTICE_ANSWER", notices))
        slots.register(slots.QueueSource("follow_ups", 12, _("Calls promised"), "CONTACT_RECORD", follow_ups))
        slots.register(slots.QueueSource("returned", 16, _("Notices that came back"), "NOTICE_READ", returned))
        slots.register(slots.QueueSource("contacts", 18, _("Open contacts"), "CONTACT_RECORD", open_contacts))
        slots.register(slots.NavItem(36, _("Reports"), "intake:reports", "REPORT_READ"))
        slots.register(slots.QueueSource("reports", 14, _("Reports to answer"), "REPORT_ANSWER", reports))
        for page, order in (("person", 5), ("case", 40)):
            slots.register(slots.Panel(page, "contacts", order, "CONTACT_READ", "intake/_of_person.html", of_person))
        slots.register(slots.TimelineSource("contacts", "CONTACT_READ", timeline))


def notices(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.intake import queries

    return [_notice(row, row.due_at) for row in queries.waiting_for_us(viewer=viewer, limit=limit)]


def returned(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.intake import queries

    return [_notice(row, None) for row in queries.came_back(viewer=viewer, limit=limit)]


def reports(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.urls import reverse

    from enlace.country.labels import label
    from enlace.intake import queries
    from enlace.intake.labels import REPORT_STATUS

    return [
        slots.QueueItem(
            url=reverse("intake:report", args=[row.pk]),
            code=row.code,
            task=label("report_topic", row.topic_code),
            detail=str(REPORT_STATUS[row.status]),
            since=row.received_at or row.begun_at,
            due=row.due_at,
        )
        for row in queries.reports_waiting(viewer=viewer, limit=limit)
    ]


def follow_ups(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.intake import queries

    rows = queries.follow_ups_due(viewer=viewer, limit=limit)
    return [_contact(row, row.follow_up_due) for row in rows]


def open_contacts(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.intake import queries

    return [_contact(row, due) for row, due in queries.contacts_to_see(viewer=viewer, limit=limit)]


def of_person(viewer: Actor, subject: Any) -> dict[str, Any]:
    """For the page of a person, and for that of a case, whose person it is."""
    return {"contacts": _contacts(viewer, getattr(subject, "person_id", subject.pk))}


def timeline(viewer: Actor, case: Any) -> list[slots.TimelineEntry]:
    from django.urls import reverse

    from enlace.country.labels import label

    return [
        slots.TimelineEntry(
            at=row.opened_at,
            kind="contact",
            title=label("contact_channel", row.channel_code),
            body=label("contact_disposition", row.disposition_code),
            url=reverse("intake:contact", args=[row.pk]),
        )
        for row in _contacts(viewer, case.person_id)
    ]


@once
def _contacts(viewer: Actor, person_id: UUID) -> list[Any]:
    """For the panel and the timeline of one page."""
    from enlace.intake import queries

    return queries.contacts_of_person(viewer=viewer, person_id=person_id)


def _contact(row: Any, due: Any) -> slots.QueueItem:
    from django.urls import reverse

    from enlace.country.labels import label

    return slots.QueueItem(
        url=reverse("intake:contact", args=[row.pk]),
        code=row.code,
        task=label("contact_disposition", row.disposition_code),
        detail=label("risk_level", row.risk_code),
        since=row.opened_at,
        due=due,
    )


def _notice(row: Any, due: Any) -> slots.QueueItem:
    from django.urls import reverse

    from enlace.country.labels import label
    from enlace.intake.labels import NOTICE_STATUS

    return slots.QueueItem(
        url=reverse("intake:notice", args=[row.pk]),
        code=row.code,
        task=label("notice_kind", row.kind_code),
        detail=str(NOTICE_STATUS[row.status]),
        since=row.sent_at,
        due=due,
    )
