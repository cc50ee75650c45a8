from datetime import datetime, time
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots
from enlace.base.actor import Actor


class AssistanceConfig(AppConfig):
    name = "enlace.assistance"
    label = "assistance"

    def ready(self) -> None:
        slots.register(slots.NavItem(40, _("Assistance"), "assistance:list", "SERVICE_READ"))
        slots.register(slots.Panel("case", "assistance", 20, "SERVICE_READ", "assistance/_of_case.html", of_case))
        slots.register(slots.TimelineSource("assistance", "SERVICE_READ", timeline))


def of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    from enlace.accounts.queries import agency_names
    from enlace.assistance import queries
    from enlace.assistance.labels import UNITS

    names = agency_names()
    rows = queries.services_of_case(viewer=viewer, case_id=case.pk)
    return {"rows": [(s, UNITS.get(s.unit_code, ""), names.get(s.agency_code, s.agency_code)) for s in rows]}


def timeline(viewer: Actor, case: Any) -> list[slots.TimelineEntry]:
    from django.utils import timezone

    from enlace.accounts.queries import agency_names
    from enlace.assistance import queries
    from enlace.country.labels import label

    names = agency_names()
    return [
        slots.TimelineEntry(
            at=timezone.make_aware(datetime.combine(row.started_on, time(12))),
            kind="service",
            title=label("service", row.service_code),
            body=row.remark,
            who=names.get(row.agency_code, row.agency_code),
        )
        for row in queries.services_of_case(viewer=viewer, case_id=case.pk)
    ]
