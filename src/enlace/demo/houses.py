"""The invented directory: places of the agencies and agreements between states, as ``data/`` lists them for each country.

Where figures were published it agrees with them, those of 2020: specialised places in seven states, six that governments of three
of them pay and keep for the time of the trial, twelve states where no place takes victims, none for males over thirteen,
four states that send people to another one, and one refuge of high security (domain reference, sections 1 and 5).
"""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from enlace.country.queries import current
from enlace.demo.caseload import SYSTEM, named
from enlace.directory.actions import (
    Agreed,
    Place,
    Reach,
    add_beds,
    save_agreements,
    save_contacts,
    save_criteria,
    save_programmes,
    save_sites,
    save_unit,
    seal_place,
    take_out_of_service,
)
from enlace.directory.rules import Criterion

FILES = Path(__file__).parent / "data"
BOYS, CHILDREN = 13, 17  # the oldest boy, and the oldest child, whom these places take
BASIS = "Regla de ejemplo (sintética)"
TAKES: Mapping[str, tuple[Criterion, ...]] = {
    "": (),
    "women_children": (Criterion(must=True, fact="boys_age", most=BOYS, basis=BASIS),),
    "children": (
        Criterion(must=True, fact="age", most=CHILDREN, basis=BASIS),
        Criterion(must=True, fact="boys_age", most=BOYS, basis=BASIS),
    ),
}
AGREED = "Convenio de ejemplo (sintético)"
OPENED = date(2019, 1, 1)
ANNEX = "Ampliación (sintética)"  # of the first place: nobody has confirmed it yet
OUT_OF_SERVICE = 2  # beds of the second place
ADDRESS = {"address": "Dirección inventada de ejemplo", "directions": "Dato sintético", "contact": "Contacto inventado"}


@dataclass(frozen=True)
class House:
    """One place of the demonstration where people can live: its unit, and its beds in their order."""

    agency: str
    state: str
    kind: str
    site_id: UUID
    unit_id: UUID
    beds: tuple[UUID, ...]
    max_days: int | None
    is_specialised: bool
    takes_children_only: bool


def write() -> list[House]:
    """The whole directory; returns the places that take victims and have beds."""
    rows = _rows("places")
    sites = [_place(row) for row in rows]
    save_sites(by=SYSTEM, rows=sites)
    houses = [house for row, site in zip(rows, sites, strict=True) if (house := _filled(row, site))]
    _unusual(houses)
    save_agreements(by=SYSTEM, rows=_agreements())
    return houses


def _rows(folder: str) -> list[dict[str, str]]:
    """The lines of the country's file; none where it has no such file."""
    path = FILES / folder / f"{current().code}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _place(row: Mapping[str, str]) -> Place:
    name = f"site {row['agency']} {row['name']}"
    languages = [code for code in row["languages"].split() if code in current().codes("language")]
    return Place(
        id=named(name),
        code_value=named(f"{name} code").int,
        agency_code=row["agency"],
        name=row["name"],
        kind_code=row["kind"],
        state_code=row["state"],
        security_code=row["security"],
        is_secret=row["hidden"] == "yes",
        accepts_trafficking=row["accepts"] == "yes",
        may_go_out_alone=row["goes_out"] == "yes",
        only_while_trial=row["trial"] == "yes",
        max_stay_days=int(row["max_days"]) if row["max_days"] else None,
        extension_days=int(row["extension"]) if row["extension"] else None,
        language_codes=tuple(languages),
        hours="" if row["hidden"] == "yes" else "9 a 18 h (ejemplo)",
        funding_code=row["funding"],
    )


def _filled(row: Mapping[str, str], site: Place) -> House | None:
    """Services, conditions, beds and how it is reached; ``None`` where nobody of the caseload can live."""
    services = current().codes("service")
    save_programmes(by=SYSTEM, site_id=site.id, service_codes=[c for c in row["services"].split() if c in services])
    if TAKES[row["takes"]]:
        save_criteria(by=SYSTEM, site_id=site.id, rows=TAKES[row["takes"]])
    kind = current().codes("site_kind").by_code[site.kind_code]
    is_specialised = kind.extra["specialised"] == "yes"
    if not site.is_secret:
        save_contacts(by=SYSTEM, site_id=site.id, rows=[Reach("email", "ejemplo@example.org", "public")])
    elif is_specialised:
        seal_place(by=SYSTEM, site_id=site.id, content=ADDRESS)
    if row["beds"] == "0":
        return None
    unit = save_unit(by=SYSTEM, site_id=site.id, name="Unidad 1")
    beds = add_beds(by=SYSTEM, unit_id=unit.pk, count=int(row["beds"]))
    if not site.accepts_trafficking or kind.extra["barred"] == "yes":
        return None
    return House(
        agency=site.agency_code,
        state=site.state_code,
        kind=site.kind_code,
        site_id=site.id,
        unit_id=unit.pk,
        beds=tuple(bed.pk for bed in beds),
        max_days=site.max_stay_days,
        is_specialised=is_specialised,
        takes_children_only=row["takes"] == "children",
    )


def _unusual(houses: Sequence[House]) -> None:
    """Beds that are out of service, and a unit that nobody has confirmed."""
    by_agency: dict[str, list[House]] = defaultdict(list)
    for house in houses:
        by_agency[house.agency].append(house)
    for own in by_agency.values():
        if len(own) > 1:
            save_unit(by=SYSTEM, site_id=own[0].site_id, name=ANNEX)
            broken = own[1].beds[-OUT_OF_SERVICE:]
            take_out_of_service(by=SYSTEM, bed_ids=broken, reason_code="repair")


def agreements() -> list[tuple[str, str]]:
    """States without a place that send people to another one: from, to."""
    return [(row["from"], row["to"]) for row in _rows("agreements")]


def _agreements() -> list[Agreed]:
    return [Agreed(from_state=start, to_state=end, valid_from=OPENED, basis=AGREED) for start, end in agreements()]
