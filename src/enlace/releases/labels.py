"""Names of a release's states, of what it counts and of how its cells are marked."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from enlace.releases.rules import APPROVED, PREPARED, REFUSED, SUPERSEDED
from enlace.statistics import labels as statistics
from enlace.statistics.queries import category_label, dimension_label, unit_label

STATUS = {
    PREPARED: _("Prepared"),
    APPROVED: _("Published"),
    REFUSED: _("Refused"),
    SUPERSEDED: _("Superseded"),
}
GROUPS = {
    "people": _("People"),
    "help": _("What was asked, answered and given"),
    "hotline": _("The hotline"),
    "prosecution": _("Investigation, trial and reparation"),
    "protection": _("Reported by others"),
    "prevention": _("Prevention"),
    "rates": _("Rates and shares"),
}
# What only the mechanism counts.
UNITS = {
    "request": _("services asked for"),
    "session": _("sessions"),
}
MARKS = {
    "published": _("the number"),
    "zero": _("nobody, and that was reported"),
    "missing": _("nobody reported: it is not zero"),
    "suppressed": _("withheld, so that nobody can be recognised: it is not zero"),
}
COLUMNS = {
    "release": _("Number of the release"),
    "period": _("Year that was closed"),
    "indicator": _("What is counted"),
    "unit": _("What one of them is"),
    "measure": _("A count, or what is deduced from counts: a group, sum, median or ratio"),
    "dimension_1": _("What the number is broken down by; empty for the total"),
    "category_1": _("Which group of it; empty means that it was not recorded"),
    "dimension_2": _("What it is broken down by besides"),
    "category_2": _("Which group of that"),
    "value": _("The number; empty when it is withheld or missing"),
    "status": _("How the cell is marked"),
    "label": _("The line in words"),
}
# What the mechanism's tables tell apart.
SPLITS = {
    "last_step": _("How far people got"),
    "outcome": _("Outcome"),
    "session": _("What came of it"),
}


def dimension(name: str) -> str:
    """The heading of what a table is broken down by."""
    known = {**statistics.DIMENSIONS, **SPLITS}
    return str(known[name]) if name in known else dimension_label(name)


def category(item: Mapping[str, Any], name: str, code: str) -> str:
    """A group of it; the mechanism has words of its own for what people asked, answered and got."""
    if item["kind"] == "mechanism":
        return statistics.category(name, code)
    return category_label(name, code, item["id"])


def unit(code: str) -> str:
    """What one of them is."""
    return str(UNITS[code]) if code in UNITS else unit_label(code)


def group(code: str) -> str:
    """The heading under which an indicator stands."""
    return str(GROUPS.get(code, code))


def cell_text(value: int | str | None, status: str) -> str:
    """What a cell says in figures or in words: a withheld number and a missing one are never blank."""
    if value is not None:
        return f"{value:,}" if isinstance(value, int) else value
    return _now("no data") if status == "missing" else _now("withheld")
