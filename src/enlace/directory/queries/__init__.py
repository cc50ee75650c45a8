"""Reads of the directory, sorted by what they are about."""

from enlace.directory.queries.agreed import agreement, agreement_rows
from enlace.directory.queries.law import KindInLaw, kinds_in_law, security_levels
from enlace.directory.queries.offered import agencies_offering, agencies_that_house, offers
from enlace.directory.queries.places import (
    UnitRow,
    Wanted,
    beds_of,
    contacts,
    criteria,
    kept_bed,
    kept_site,
    kept_unit,
    open_place,
    own_site,
    own_site_names,
    own_site_page,
    own_unit,
    site,
    site_names,
    site_page,
    stale_units,
    units,
)
from enlace.directory.queries.supply import Supply, agreements, places_by_state, site_facts

__all__ = [
    "KindInLaw",
    "Supply",
    "UnitRow",
    "Wanted",
    "agencies_offering",
    "agencies_that_house",
    "agreement",
    "agreement_rows",
    "agreements",
    "beds_of",
    "contacts",
    "criteria",
    "kept_bed",
    "kept_site",
    "kept_unit",
    "kinds_in_law",
    "offers",
    "open_place",
    "own_site",
    "own_site_names",
    "own_site_page",
    "own_unit",
    "places_by_state",
    "security_levels",
    "site",
    "site_facts",
    "site_names",
    "site_page",
    "stale_units",
    "units",
]
