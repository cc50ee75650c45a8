from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import clocks, slots
from enlace.base.actor import Actor

CLOCK = Actor.system("clock")


class PlacementsConfig(AppConfig):
    name = "enlace.placements"
    label = "placements"

    def ready(self) -> None:
        slots.register(slots.NavItem(35, _("Stays"), "placements:stays", "STAY_RECORD"))
        slots.register(slots.NavItem(55, _("Unmet needs"), "placements:needs", "NEED_READ"))
        slots.register(slots.QueueSource("stay_alerts", 5, _("Stays to look at"), "STAY_READ", alerts))
        slots.register(slots.QueueSource("lapsed", 13, _("Did not come to the bed held"), "STAY_READ", lapsed))
        slots.register(slots.QueueSource("beds", 12, _("Beds held and asked for"), "STAY_RECORD", beds))
        slots.register(slots.QueueSource("unmet", 14, _("No place found"), "PLACE_FIND", unmet))
        slots.register(slots.Panel("case", "placements", 15, "PLACE_FIND", "placements/_of_case.html", of_case))
        slots.register(slots.Panel("own", "stays", 20, "PORTAL_OWN", "placements/_own.html", of_own_page))
        slots.register(slots.Panel("site", "stays", 10, "STAY_READ", "placements/_of_site.html", of_site))
        panel = slots.Panel("emergency", "stays", 5, "EMERGENCY_OPEN", "placements/_in_emergency.html", in_emergency)
        slots.register(panel)
        slots.register(slots.TimelineSource("placements", "STAY_READ", timeline))
        clocks.register(clocks.Clock("placements.holds", 30, lapse))
        clocks.register(clocks.Clock("placements.reroute", 35, send_on))
        clocks.register(clocks.Clock("placements.needs", 45, end_needs))
        clocks.register(clocks.Clock("placements.stays", 50, watch))


def of_own_page(viewer: Actor, person: Any) -> dict[str, Any]:
    from enlace.placements import queries
    from enlace.placements.labels import OWN_STATUS

    rows = [(row, OWN_STATUS[row.status]) for row in queries.stays_of_own(viewer=viewer)]
    return {"rows": rows, "is_there": any(row.status == "admitted" for row, _name in rows)}


def of_site(viewer: Actor, site: Any) -> dict[str, Any]:
    """The beds of a place now: free ones, and for the agency that keeps it also how many are held and slept in."""
    from enlace.directory.permissions import is_own
    from enlace.directory.queries import units
    from enlace.placements import queries
    from enlace.placements.rules.stays import ADMITTED, HELD

    shown = [row.unit for row in units(viewer=viewer, site_ids=[site.pk]).get(site.pk, []) if row.unit.is_open]
    ids = [unit.pk for unit in shown]
    vacant, taken = queries.free_beds(ids), queries.taken_beds(ids)
    return {
        "is_own": is_own(viewer, site),
        "rows": [
            (unit, vacant[unit.pk], taken[unit.pk].get(HELD, 0), taken[unit.pk].get(ADMITTED, 0)) for unit in shown
        ],
    }


def in_emergency(viewer: Actor, emergency: Any) -> dict[str, Any]:
    """Where the person is, once a second person agreed."""
    from enlace.accounts.queries import agency_names
    from enlace.directory.labels import CONTACT_KINDS
    from enlace.placements import queries
    from enlace.placements.labels import STATUS

    found = queries.stays_in_emergency(viewer=viewer, emergency_id=emergency.pk)
    names = agency_names()
    return {
        "is_open": found is not None,
        "rows": [
            (
                row,
                STATUS[row.status],
                names.get(row.agency_code, row.agency_code),
                [(CONTACT_KINDS[kind], value) for kind, value in row.reached_by],
            )
            for row in found or []
        ],
    }


def lapse(at: datetime) -> int:
    """A bed held for somebody who did not come becomes free."""
    from enlace.placements.actions import lapse_holds

    return lapse_holds(by=CLOCK, at=at)


def send_on(at: datetime) -> int:
    """What expired or was declined goes to the next best place, or becomes an unmet need."""
    from enlace.placements.actions import reroute

    return reroute(by=CLOCK, at=at)


def end_needs(at: datetime) -> int:
    """A need that help has met is met."""
    from enlace.placements.actions import watch_needs

    return watch_needs(by=CLOCK, at=at)


def watch(at: datetime) -> int:
    """Limits, exit plans, and what looks like being held."""
    from enlace.placements.actions import watch_stays

    return watch_stays(by=CLOCK, at=at)


def alerts(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.urls import reverse

    from enlace.placements import queries
    from enlace.placements.labels import ALERTS, WHY

    return [
        slots.QueueItem(
            url=reverse("placements:stay", args=[alert.stay_id]),
            code=alert.stay.code,
            task=str(ALERTS[alert.kind]),
            detail=" ".join(str(WHY[code]) for code in alert.reason_codes),
            since=alert.raised_at,
            due=alert.stay.limit_at if alert.kind == "exit_plan" else None,
        )
        for alert in queries.open_alerts(viewer=viewer, limit=limit)
    ]


def beds(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.urls import reverse

    from enlace.placements import queries
    from enlace.placements.labels import STATUS

    return [
        slots.QueueItem(
            url=reverse("placements:stay", args=[stay.pk]),
            code=stay.code,
            task=str(STATUS[stay.status]),
            detail="",
            since=stay.occupied_from or stay.requested_at,
            due=stay.held_until,
        )
        for stay in queries.waiting_for_us(viewer=viewer, limit=limit)
    ]


def lapsed(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.urls import reverse
    from django.utils.translation import gettext

    from enlace.placements import queries

    return [
        slots.QueueItem(
            url=reverse("cases:case", args=[stay.case_id]),
            code=stay.case.code,
            task=gettext("Find out whether the person is safe"),
            detail=gettext("The hold ran out"),
            since=stay.ended_at or stay.requested_at,
        )
        for stay in queries.lapsed(viewer=viewer, limit=limit)
    ]


def unmet(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.urls import reverse

    from enlace.country.labels import label
    from enlace.placements import queries
    from enlace.placements.labels import barrier

    return [
        slots.QueueItem(
            url=reverse("placements:find", args=[need.case_id]),
            code=need.case.code,
            task=label("service", need.service_code),
            detail=barrier(need.reason_code),
            since=need.at,
        )
        for need in queries.open_needs(viewer=viewer, limit=limit)
    ]


def of_case(viewer: Actor, case: Any) -> dict[str, Any]:
    """What runs, without saying where: the place stands on the stay's own page, whose reading leaves a record."""
    from enlace.placements import queries
    from enlace.placements.labels import ALERTS, STATUS, barrier

    reads = viewer.may("STAY_READ")
    stays = list(queries.stays_of_case(viewer=viewer, case_id=case.pk)) if reads else []
    alerts = queries.alerts_of_stays(viewer=viewer, stay_ids=[stay.pk for stay in stays]) if stays else {}
    needs = [need for need in queries.needs_of_case(viewer=viewer, case_id=case.pk) if need.resolved_at is None]
    return {
        "case_id": case.pk,
        "is_open": case.status == "open",
        "rows": [(stay, STATUS[stay.status], [ALERTS[a.kind] for a in alerts.get(stay.pk, ())]) for stay in stays],
        "needs": [(need, barrier(need.reason_code)) for need in needs],
    }


def timeline(viewer: Actor, case: Any) -> list[slots.TimelineEntry]:
    from django.urls import reverse

    from enlace.accounts.queries import agency_names
    from enlace.placements import queries
    from enlace.placements.labels import STEPS

    names = agency_names()
    return [
        slots.TimelineEntry(
            at=step.at,
            kind="stay",
            title=str(STEPS[step.verb]),
            who=names.get(step.agency_code, step.agency_code),
            url=reverse("placements:stay", args=[step.stay_id]),
        )
        for step in queries.steps_of_case(viewer=viewer, case_id=case.pk)
    ]
