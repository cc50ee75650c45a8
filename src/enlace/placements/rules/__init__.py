"""The rules of placement: who may be taken where, and why; what would change that; where new places help most. No Django."""

from enlace.placements.rules.assignment import Assignment, Place, assign_many
from enlace.placements.rules.eligibility import Child, Need, admits
from enlace.placements.rules.matching import least_changes, match, match_in
from enlace.placements.rules.needs import Unmet, nearest_reason, unmet_needs
from enlace.placements.rules.offers import FILTERS, RANKING, WARNINGS, Change, Limits, Offer, Ranked, Reason, Weights
from enlace.placements.rules.planning import ASSUMPTIONS, NewPlaces, Plan, Profile, plan_capacity
from enlace.placements.rules.sites import SiteTable
from enlace.placements.rules.stays import STAY

__all__ = [
    "ASSUMPTIONS",
    "FILTERS",
    "RANKING",
    "STAY",
    "WARNINGS",
    "Assignment",
    "Change",
    "Child",
    "Limits",
    "Need",
    "NewPlaces",
    "Offer",
    "Place",
    "Plan",
    "Profile",
    "Ranked",
    "Reason",
    "SiteTable",
    "Unmet",
    "Weights",
    "admits",
    "assign_many",
    "least_changes",
    "match",
    "match_in",
    "nearest_reason",
    "plan_capacity",
    "unmet_needs",
]
