from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots
from enlace.base.actor import Actor
from enlace.base.remember import once


class ScreeningConfig(AppConfig):
    name = "enlace.screening"
    label = "screening"

    def ready(self) -> None:
        read, record, decide = "SCREENING_READ", "SCREENING_RECORD", "SCREENING_DECIDE"
        slots.register(slots.NavItem(15, _("Screening"), "screening:list", read))
        slots.register(slots.QueueSource("detained", 5, _("Detained and presumed victims"), record, detained))
        slots.register(slots.QueueSource("screenings", 18, _("Screenings to decide"), decide, waiting))
        slots.register(slots.QueueSource("seconds", 25, _("Second screenings owed"), record, seconds))
        slots.register(slots.QueueSource("asking", 85, _("Screenings under way"), record, drafts))
        slots.register(slots.Panel("person", "screening", 5, read, "screening/_of_person.html", of_person))
        slots.register(slots.Panel("case", "screening", 5, read, "screening/_of_person.html", of_case))
        slots.register(slots.Panel("contact", "screening", 5, read, "screening/_of_contact.html", of_contact))
        slots.register(slots.TimelineSource("screening", read, timeline))


def detained(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.urls import reverse
    from django.utils.translation import gettext

    from enlace.screening import queries

    return [
        slots.QueueItem(
            url=reverse("screening:screening", args=[alert.screening_id]),
            code=alert.person.code,
            task=gettext("Detained: see to the release"),
            detail="",
            since=alert.opened_at,
            due=alert.due_at,
        )
        for alert in queries.alerts_open(viewer=viewer, limit=limit)
    ]


def waiting(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.utils.translation import gettext

    from enlace.screening import queries
    from enlace.screening.labels import CLASSES

    return [
        _item(row, gettext("Decide what the screening means"), str(CLASSES[row.class_code]), row.finished_at)
        for row in queries.to_decide(viewer=viewer, limit=limit)
    ]


def seconds(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.utils.translation import gettext

    from enlace.screening import queries

    return [
        _item(row, gettext("Screen a second time"), "", row.finished_at, row.second_due_at)
        for row in queries.seconds_due(viewer=viewer, limit=limit)
    ]


def drafts(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.utils.translation import gettext

    from enlace.country.queries import current
    from enlace.screening import queries, rules

    limits = current().limits
    return [
        _item(row, gettext("Go on with the screening"), "", row.started_at, rules.screening_due(row.started_at, limits))
        for row in queries.drafts_of(viewer=viewer, limit=limit)
    ]


def of_person(viewer: Actor, person: Any) -> dict[str, Any]:
    return _panel(viewer, person.pk, is_person=True)


def of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    return _panel(viewer, case.person_id, is_person=False)


def of_contact(viewer: Actor, contact: Any) -> dict[str, Any]:
    from enlace.screening import queries
    from enlace.screening.labels import line

    rows, groups = queries.screenings_of_contact(viewer=viewer, contact_id=contact.pk)
    return {"rows": [line(row) for row in rows], "groups": groups, "contact": contact}


def timeline(viewer: Actor, case: Any) -> list[slots.TimelineEntry]:
    from django.urls import reverse
    from django.utils.translation import gettext

    from enlace.accounts.queries import agency_names
    from enlace.screening.labels import CLASSES

    names = agency_names()
    found = []
    for row in _screenings(viewer, case.person_id):
        url, who = reverse("screening:screening", args=[row.pk]), names.get(row.agency_code, row.agency_code)
        if row.finished_at:
            body = str(CLASSES[row.class_code])
            found.append(slots.TimelineEntry(row.finished_at, "screening", gettext("Screened"), body, who, url))
        if row.decided_at:
            body = str(CLASSES[row.decided_code])
            found.append(slots.TimelineEntry(row.decided_at, "screening", gettext("Screening decided"), body, who, url))
    return found


@once
def _screenings(viewer: Actor, person_id: UUID) -> list[Any]:
    """For the panel and the timeline of one page."""
    from enlace.screening import queries

    return list(queries.screenings_of_person(viewer=viewer, person_id=person_id))


def _panel(viewer: Actor, person_id: UUID, *, is_person: bool) -> dict[str, Any]:
    from enlace.screening.labels import line

    rows = _screenings(viewer, person_id)[:10]
    return {"rows": [line(row) for row in rows], "person_id": person_id, "is_person": is_person}


def _item(row: Any, task: str, detail: str, since: Any, due: Any = None) -> slots.QueueItem:
    from django.urls import reverse

    return slots.QueueItem(
        url=reverse("screening:screening", args=[row.pk]),
        code=row.person.code,
        task=task,
        detail=detail,
        since=since,
        due=due,
    )
