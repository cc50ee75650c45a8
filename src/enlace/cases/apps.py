from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots
from enlace.base.actor import Actor


class CasesConfig(AppConfig):
    name = "enlace.cases"
    label = "cases"

    def ready(self) -> None:
        slots.register(slots.NavItem(20, _("Cases"), "cases:list", "CASE_READ"))
        slots.register(slots.QueueSource("undecided", 20, _("Identification to decide"), "CASE_DECIDE", undecided))
        slots.register(slots.Panel("person", "cases", 10, "CASE_READ", "cases/_of_person.html", of_person))
        slots.register(slots.Panel("emergency", "cases", 10, "CASE_READ", "cases/_of_emergency.html", of_emergency))
        slots.register(slots.Trace("cases", "PORTAL_OWN", traces))
        slots.register(slots.Panel("contact", "cases", 10, "CASE_READ", "cases/_of_contact.html", of_contact))


def undecided(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.urls import reverse
    from django.utils.translation import gettext

    from enlace.cases import queries

    return [
        slots.QueueItem(
            url=reverse("cases:decide", args=[case.pk]),
            code=case.code,
            task=gettext("Decide identification"),
            detail="",
            since=case.presumed_at,
            due=due,
        )
        for case, due in queries.undecided(viewer=viewer, limit=limit)
    ]


def of_person(viewer: Actor, person: Any) -> dict[str, Any]:
    from enlace.cases import queries

    return {"person": person, "cases": list(queries.cases_of_person(viewer=viewer, person_id=person.pk))}


def traces(viewer: Actor, person: Any) -> list[Any]:
    from enlace.cases import queries

    return queries.ids_of_own(viewer=viewer)


def of_contact(viewer: Actor, contact: Any) -> dict[str, Any]:
    """The cases of the people of a contact: one is joined where it is open already, not opened twice."""
    from enlace.cases import queries

    people = {row.person_id for row in contact.people.all() if row.person_id}
    return {"cases": queries.cases_of_people(viewer=viewer, person_ids=people) if people else []}


def of_emergency(viewer: Actor, emergency: Any) -> dict[str, Any]:
    """The cases of a person whose record was opened in an emergency."""
    from enlace.accounts.queries import agency_names
    from enlace.cases import queries
    from enlace.cases.labels import STATUS

    return {
        "cases": queries.cases_in_emergency(viewer=viewer, emergency_id=emergency.pk),
        "agency_names": agency_names(),
        "status_names": STATUS,
    }
