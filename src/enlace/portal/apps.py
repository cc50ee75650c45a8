from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import clocks, slots
from enlace.base.actor import Actor

CLOCK = Actor.system("clock")


class PortalConfig(AppConfig):
    name = "enlace.portal"
    label = "portal"

    def ready(self) -> None:
        issue, answer, own = "PORTAL_ISSUE", "PORTAL_ANSWER", "PORTAL_OWN"
        slots.register(slots.QueueSource("person_requests", 13, _("Requests of people to answer"), answer, owed))
        slots.register(slots.Panel("person", "own_page", 80, issue, "portal/_of_person.html", of_person))
        slots.register(slots.Panel("case", "own_page", 80, issue, "portal/_of_person.html", of_case))
        slots.register(slots.Panel("own", "consents", 50, own, "portal/_consents.html", consents))
        slots.register(slots.Panel("own", "recorded", 60, own, "portal/_recorded.html", recorded))
        slots.register(slots.Panel("own", "readings", 70, own, "portal/_readings.html", readings))
        slots.register(slots.Panel("own", "requests", 80, own, "portal/_requests.html", requests))
        clocks.register(clocks.Clock("own_pages", 60, expire))


def owed(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.urls import reverse

    from enlace.country.labels import label
    from enlace.portal import queries
    from enlace.portal.labels import REQUEST_STATUS

    return [
        slots.QueueItem(
            url=reverse("portal:request", args=[row.pk]),
            code=row.person.code,
            task=str(REQUEST_STATUS[row.status]),
            detail=label("person_request", row.kind_code),
            since=row.asked_at,
            due=row.due_at,
        )
        for row in queries.requests_owed(viewer=viewer, limit=limit)
    ]


def of_person(viewer: Actor, person: Any) -> dict[str, Any]:
    from enlace.portal import queries
    from enlace.portal.labels import KEPT_AS, PAGE_STATUS

    found = queries.last_page(viewer=viewer, person_id=person.pk)
    words = (PAGE_STATUS[found.status], KEPT_AS[found.kept_as]) if found else ("", "")
    return {"person": person, "page": found, "status": words[0], "kept_as": words[1]}


def of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    return of_person(viewer, case.person)


def consents(viewer: Actor, person: Any) -> dict[str, Any]:
    from enlace.people import queries as people
    from enlace.portal.queries import names_on_own_page

    rows = list(people.consents(viewer=viewer, person_id=person.pk))
    return {"rows": rows, "names": names_on_own_page() if rows else {}}


def recorded(viewer: Actor, person: Any) -> dict[str, Any]:
    from enlace.portal.queries import coarse_facts

    return {"facts": coarse_facts(viewer=viewer)}


def readings(viewer: Actor, person: Any) -> dict[str, Any]:
    from enlace.portal import queries
    from enlace.portal.labels import KNOWN, LEFT, READ, READINGS

    known = queries.agencies_that_know(viewer=viewer)
    read = queries.readings(viewer=viewer, person=person)
    return {
        "known": [(on, agency, KNOWN.get(why, "")) for on, agency, why in known],
        "received": [(row, LEFT[row.kind]) for row in queries.received(viewer=viewer)],
        "readings": [(row, READINGS.get(row.action, READ)) for row in read],
    }


def requests(viewer: Actor, person: Any) -> dict[str, Any]:
    from enlace.portal import queries
    from enlace.portal.labels import OWN_STATUS
    from enlace.portal.rules import OWED

    rows = queries.requests_of_own(viewer=viewer)
    return {"rows": [(row, OWN_STATUS[row.status], row.status in OWED) for row in rows]}


def expire(at: datetime) -> int:
    from enlace.portal.actions import expire_pages

    return expire_pages(by=CLOCK, at=at)
