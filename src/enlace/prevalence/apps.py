from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots
from enlace.base.actor import Actor


class PrevalenceConfig(AppConfig):
    name = "enlace.prevalence"
    label = "prevalence"

    def ready(self) -> None:
        slots.register(slots.NavItem(65, _("Prevalence"), "prevalence:list", "PREVALENCE_READ"))
        slots.register(slots.QueueSource("estimates", 60, _("Estimates"), "PREVALENCE_RUN", unfinished))


def unfinished(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    """What the viewer asked for and is not done yet. No number is told here: none may stand alone."""
    from django.urls import reverse

    from enlace.prevalence import queries
    from enlace.prevalence.labels import STATUS

    return [
        slots.QueueItem(
            url=reverse("prevalence:estimation", args=[row.pk]),
            code=row.period,
            task=str(STATUS[row.status]),
            detail=row.title,
            since=row.asked_at,
        )
        for row in queries.unfinished(viewer=viewer, limit=limit)
    ]
