"""Files out, and what was brought in."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from enlace.accounts.queries import agencies
from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.cases.queries import ExportRow, export_rows
from enlace.country.queries import current
from enlace.directory.permissions import is_own, own_sites, visible_sites
from enlace.directory.rules import Criterion
from enlace.exchange.directory_rows import (
    FACTS,
    LISTS,
    LISTS_OF_CONDITIONS,
    ContactRow,
    Lists,
    PlaceRow,
    UnitRow,
    sorted_criteria,
)
from enlace.exchange.htcds_mapping import (
    AGE,
    CASE_CODES,
    CASE_LISTS,
    CHILDREN,
    CITIZENSHIP,
    PERSON_CODES,
    Outgoing,
    outgoing,
    words_of,
)
from enlace.exchange.htcds_rows import HtcdsRecord
from enlace.exchange.models import ImportBatch
from enlace.exchange.permissions import batches, figures
from enlace.exchange.standard_cells import area_of, observations, places_of
from enlace.exchange.standard_files import TYPES, WRITERS, Filled
from enlace.exchange.standards import Standard, standards
from enlace.people.queries import consents_by_person
from enlace.vault.queries import open_identities
from enlace.vault.rules import Identity


def htcds_records(*, viewer: Actor, with_identity: bool, purpose: str = "") -> Iterator[HtcdsRecord]:
    """The cases the agency leads as HTCDS records, oldest first, each under its case's code.

    Identity only when asked for, with a purpose, and on record for each person.
    """
    check(viewer, "EXCHANGE_EXPORT")
    rows = list(export_rows(viewer=viewer))
    people = {row.case.person_id for row in rows}
    consents = consents_by_person(viewer=viewer, person_ids=people, purpose_code="referral")
    identities = open_identities(viewer=viewer, person_ids=people, purpose=purpose) if with_identity else {}
    words = words_of(current())
    for number, row in enumerate(rows, start=3):
        person_id = row.case.person_id
        case = _outgoing(row, consents.get(person_id), identities.get(person_id))
        yield HtcdsRecord(row=number, source_id=row.case.code, values=outgoing(case, words))


def standard_table(document: Mapping[str, Any], standard: Standard) -> Filled:
    """The table of a standard, filled from the document of a release and nothing else.

    Raises ``Refusal`` when the pack says what cannot be: see ``standard_cells``.
    """
    pack = current()
    lines = observations(document, standard, places_of(pack.folder, standard))
    return Filled(standard, document, pack.country_iso3, area_of(pack.folder), lines)


def standard_files(standard: Standard) -> dict[str, str]:
    """The files of a standard: name and type."""
    return {f"{standard.stem}.{ending}": kind for ending, kind in TYPES.items()}


def standard_file(document: Mapping[str, Any], name: str) -> bytes:
    """One of these files of a release. Raises ``KeyError`` for a name that is none."""
    stem, _dot, ending = name.rpartition(".")
    standard = {standard.stem: standard for standard in standards().values()}[stem]
    return WRITERS[ending](standard_table(document, standard))


def imported_files(*, viewer: Actor) -> list[ImportBatch]:
    return list(batches(viewer).order_by("-imported_at")[:100])


def series_by_year(*, viewer: Actor, series: str) -> dict[int, int | None]:
    """Yearly totals of an official series (victims or files); a year without any reported month is missing.

    Series are revised: a year is told as the file that was brought in last tells it.
    """
    rows = figures(viewer).filter(series=series).values("year", "batch").annotate(total=Sum("value"))
    newest_last = rows.order_by("year", "batch__imported_at")
    return {row["year"]: row["total"] for row in newest_last}


def series_totals(viewer: Actor, year: int) -> dict[str, int]:
    """What the official series say of a year, by what is counted: the people in files, and the files."""
    units = {"victims": "person", "files": "investigation"}
    totals = {unit: series_by_year(viewer=viewer, series=name).get(year) for name, unit in units.items()}
    return {unit: total for unit, total in totals.items() if total is not None}


def places_out(*, viewer: Actor, is_public: bool) -> list[PlaceRow]:
    """The directory as it may leave: for agencies, or for everybody.

    A secret place is only named, whoever asks, and not there at all in what everybody may read; no address and nothing
    sealed is read. Closed places and units go out only to who edits them.
    """
    if not viewer.may("DIRECTORY_EDIT"):
        check(viewer, "EXCHANGE_EXPORT")
    sites = visible_sites(viewer)
    if is_public:
        sites = sites.filter(is_open=True, agency__is_active=True, is_secret=False)
    found, beds = [], _beds(sites)
    for site in _with_parts(sites):
        if site.is_secret:
            found.append(PlaceRow(id=site.pk, agency_code=site.agency_id, name=site.name, state_code=site.state_code))
        else:
            found.append(_place(site, beds, is_whole=is_own(viewer, site) and not is_public, is_public=is_public))
    return found


def places_kept(*, viewer: Actor, site_ids: Collection[UUID]) -> dict[UUID, PlaceRow]:
    """Those of these places that the viewer edits, whole, secret ones too: what a file is compared with."""
    ids = list(site_ids)
    found: dict[UUID, PlaceRow] = {}
    for start in range(0, len(ids), 500):
        part = own_sites(viewer).filter(pk__in=ids[start : start + 500])
        beds = _beds(part)
        found |= {site.pk: _place(site, beds, is_whole=True, is_public=False) for site in _with_parts(part)}
    return found


def unit_ids(*, viewer: Actor, site_id: UUID) -> dict[str, UUID]:
    """The units of a place that the viewer edits, by name."""
    return dict(own_sites(viewer).filter(pk=site_id, units__isnull=False).values_list("units__name", "units__pk"))


def known_words() -> Lists:
    """What the cells of a file of the directory may say: codes of the pack, states and agencies."""
    pack = current()
    words: dict[str, Collection[str]] = {name: pack.codes(name).by_code for name in (*LISTS, *LISTS_OF_CONDITIONS)}
    return words | {"state": pack.states_by_code, "agency": {agency.pk for agency in agencies()}}


def agency_names() -> dict[str, str]:
    """The names of agencies by code."""
    return {agency.pk: agency.name for agency in agencies()}


def _with_parts(sites: Any) -> Any:
    parts = ("programmes", "contacts", "criteria", "units")
    return sites.order_by("agency_id", "name", "id").prefetch_related(*parts).select_related("agency")


def _place(site: Any, beds: Mapping[UUID, int], *, is_whole: bool, is_public: bool) -> PlaceRow:
    """A place with its parts; ``is_whole``: with its closed units too."""
    values = {name: getattr(site, name) for _column, name, *_rest in FACTS if name != "agency_code"}
    values |= {name: tuple(values[name]) for name in ("language_codes", "accessibility_codes")}
    of: dict[UUID | None, list[Criterion]] = {}
    for row in site.criteria.all():
        condition = Criterion(row.must, row.fact, frozenset(row.values), row.least, row.most, row.basis)
        of.setdefault(row.unit_id, []).append(condition)
    units = [
        UnitRow(name=u.name, beds=beds.get(u.pk, 0), is_open=u.is_open, criteria=sorted_criteria(of.get(u.pk, ())))
        for u in sorted(site.units.all(), key=lambda unit: unit.name)
        if is_whole or u.is_open
    ]
    contacts = [
        ContactRow(row.kind, row.value, row.confidentiality)
        for row in site.contacts.all()
        if not is_public or row.confidentiality == "public"
    ]
    return PlaceRow(
        **values,
        id=site.pk,
        agency_code=site.agency_id,
        services=tuple(sorted(row.service_code for row in site.programmes.all() if row.is_open)),
        criteria=sorted_criteria(of.get(None, ())),
        contacts=tuple(sorted(contacts)),
        units=tuple(units),
    )


def _beds(sites: Any) -> dict[UUID, int]:
    """How many beds are in service, by unit."""
    in_service = Count("units__beds", filter=Q(units__beds__out_of_service_since__isnull=True))
    return dict(sites.order_by().filter(units__isnull=False).values_list("units__pk").annotate(working=in_service))


def _outgoing(row: ExportRow, consent: bool | None, identity: Identity | None) -> Outgoing:
    case, person = row.case, row.case.person
    singles = {name: getattr(person, column) for name, (column, _list) in PERSON_CODES.items()}
    singles |= {name: getattr(case, column) for name, (column, _list) in CASE_CODES.items()}
    codes = {name: (code,) for name, code in singles.items()}
    lists = {name: row.codes.get(list_name, ()) for name, list_name in CASE_LISTS.items()}
    return Outgoing(
        codes={**codes, **lists, CITIZENSHIP: person.citizenship_codes},
        numbers={AGE: case.age_when_trafficked, CHILDREN: person.children_count},
        is_deceased=person.is_deceased,
        identification=case.identification,
        body_code=row.body_code,
        is_closed=case.status == "closed",
        closure_code=case.closure_reason_code,
        consent=consent,
        is_imported=bool(case.source_ref),
        standard=case.standard,
        identity=identity,
    )
