"""Every write of placements. The single form is the bulk of one."""

from enlace.placements.actions.alerts import watch_stays
from enlace.placements.actions.needs import record_needs, resolve_needs, watch_needs
from enlace.placements.actions.places import Sending, keep_search, place_many, record_gap, reroute, send_to_places
from enlace.placements.actions.stays import (
    Admission,
    Exit,
    Hold,
    Transfer,
    admit_stays,
    confirm_stay,
    exit_stays,
    extend_stay,
    hold_beds,
    lapse_holds,
    plan_exit,
    refuse_stay,
    release_stay,
    request_bed,
    transfer_stay,
)

__all__ = [
    "Admission",
    "Exit",
    "Hold",
    "Sending",
    "Transfer",
    "admit_stays",
    "confirm_stay",
    "exit_stays",
    "extend_stay",
    "hold_beds",
    "keep_search",
    "lapse_holds",
    "place_many",
    "plan_exit",
    "record_gap",
    "record_needs",
    "refuse_stay",
    "release_stay",
    "request_bed",
    "reroute",
    "resolve_needs",
    "send_to_places",
    "transfer_stay",
    "watch_needs",
    "watch_stays",
]
