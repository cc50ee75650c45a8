"""Every write of the directory, sorted by what it is about."""

from enlace.directory.actions.agreements import Agreed, end_agreement, save_agreements
from enlace.directory.actions.beds import (
    MOST_BEDS,
    add_beds,
    confirm_units,
    return_to_service,
    save_unit,
    take_out_of_service,
)
from enlace.directory.actions.offers import Offer, publish_offers
from enlace.directory.actions.places import (
    Place,
    Reach,
    save_contacts,
    save_criteria,
    save_programmes,
    save_sites,
    seal_place,
)

__all__ = [
    "MOST_BEDS",
    "Agreed",
    "Offer",
    "Place",
    "Reach",
    "add_beds",
    "confirm_units",
    "end_agreement",
    "publish_offers",
    "return_to_service",
    "save_agreements",
    "save_contacts",
    "save_criteria",
    "save_programmes",
    "save_sites",
    "save_unit",
    "seal_place",
    "take_out_of_service",
]
