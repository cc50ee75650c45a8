from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots
from enlace.base.actor import Actor


class ComplaintsConfig(AppConfig):
    name = "enlace.complaints"
    label = "complaints"

    def ready(self) -> None:
        slots.register(slots.NavItem(45, _("Complaints"), "complaints:list", "COMPLAINT_READ"))
        slots.register(slots.QueueSource("complaints", 12, _("Complaints to answer"), "COMPLAINT_ANSWER", waiting))


def waiting(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.urls import reverse

    from enlace.complaints import queries
    from enlace.complaints.labels import STATUS

    return [
        slots.QueueItem(
            url=reverse("complaints:complaint", args=[row.pk]),
            code=row.code,
            task=str(STATUS[row.status]),
            detail="",
            since=row.received_at or row.begun_at,
            due=row.due_at,
        )
        for row in queries.complaints_waiting(viewer=viewer, limit=limit)
    ]
