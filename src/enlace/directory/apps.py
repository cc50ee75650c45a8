from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots
from enlace.base.actor import Actor


class DirectoryConfig(AppConfig):
    name = "enlace.directory"
    label = "directory"

    def ready(self) -> None:
        slots.register(slots.NavItem(50, _("Directory"), "directory:list", "DIRECTORY_READ"))
        slots.register(slots.NavItem(51, _("Our places"), "directory:own", "DIRECTORY_EDIT"))
        slots.register(slots.QueueSource("vacancies", 35, _("Free beds to check"), "BEDS_KEEP", vacancies))


def vacancies(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    """Units whose free beds nobody has vouched for in time."""
    from django.urls import reverse
    from django.utils import timezone
    from django.utils.translation import gettext as said

    from enlace.country.queries import current
    from enlace.directory import queries

    span = current().limits["vacancy_stale"]
    return [
        slots.QueueItem(
            url=reverse("directory:unit", args=[unit.pk]),
            code=unit.site.code,
            task=said("Check the free beds: are they still true?"),
            detail=f"{unit.site.name}, {unit.name}",
            since=unit.confirmed_at or unit.site.updated_at,
            due=unit.confirmed_at + span if unit.confirmed_at else None,
        )
        for unit in queries.stale_units(viewer=viewer, at=timezone.now(), limit=limit)
    ]
