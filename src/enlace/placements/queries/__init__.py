"""Reads of placements; always ``viewer=``, always filtered. Free beds and occupancy say nothing of who is in them."""

from enlace.placements.queries.alerts import alerts_of_stays, open_alerts
from enlace.placements.queries.emergencies import stays_in_emergency
from enlace.placements.queries.gaps import Gap
from enlace.placements.queries.needs import needs_of_case, open_needs
from enlace.placements.queries.own import OwnStay, stays_of_own
from enlace.placements.queries.seeking import Asked, Places, places
from enlace.placements.queries.stays import (
    Vacancy,
    companions_of,
    free_beds,
    lapsed,
    read_stay,
    stay,
    stay_page,
    stays_of_case,
    steps,
    steps_of_case,
    taken_beds,
    waiting_for_us,
)

__all__ = [
    "Asked",
    "Gap",
    "OwnStay",
    "Places",
    "Vacancy",
    "alerts_of_stays",
    "companions_of",
    "free_beds",
    "lapsed",
    "needs_of_case",
    "open_alerts",
    "open_needs",
    "places",
    "read_stay",
    "stay",
    "stay_page",
    "stays_in_emergency",
    "stays_of_case",
    "stays_of_own",
    "steps",
    "steps_of_case",
    "taken_beds",
    "waiting_for_us",
]
