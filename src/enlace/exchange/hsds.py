"""The directory as HSDS 3 JSON (Open Referral): one page of organizations with their locations and services.

A place is a location, each of its services a service given there. What the specification has no field for (kind of place,
state, conditions, units) stands in attributes whose terms name our lists in ``taxonomy``; the value of a condition is a
JSON object with the columns of ``directory_rows``. Ids follow from codes, so that they are the same each time. A location
carries no address: where a place is never leaves, and an address that comes in is counted and not read.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError

from enlace.country.labels import label, state_label
from enlace.exchange.directory_csv import DirectoryFile
from enlace.exchange.directory_rows import (
    CONDITION,
    CONTACT,
    FACTS,
    NAMESPACE,
    NO,
    SEPARATOR,
    SERVICE,
    SITE,
    UNIT,
    YES,
    ContactRow,
    Lists,
    PlaceRow,
    Record,
    places_of,
    records_of,
)
from enlace.exchange.hsds_model import (
    Accessibility,
    Attribute,
    Contact,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Page,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from enlace.exchange.rows import FileRefused, Reason, RowError, seal
from enlace.exchange.sources import MEGABYTE, digest_of, open_bytes

AGENCY = "enlace:agency"  # the type of the identifier that holds our code of an agency
CLOSED = "closed"  # the label of a unit that takes nobody new
FACT, WAY, READERS = "place", "contact", "readers"  # taxonomies of ours that are no list of the pack
OF_LISTS = {"state": "state", "kind": "site_kind", "security": "security_level", "funding": "funding_source"}
# Columns that the specification has a field for.
ELSEWHERE = {"agency", "name", "languages", "accessibility", "hours", *OF_LISTS}
COLUMNS_OF_CONDITION = ("must", "fact", "values", "least", "most", "basis")
MAX_JSON = 50 * MEGABYTE


def write_hsds(rows: Iterable[PlaceRow], names: Mapping[str, str]) -> str:
    """The places as JSON text; ``names`` are those of agencies by code."""
    of: dict[str, list[PlaceRow]] = {}
    for row in rows:
        of.setdefault(row.agency_code, []).append(row)
    found = tuple(_organization(code, names.get(code, code), places) for code, places in of.items())
    page = Page(
        total_items=len(found),
        total_pages=1,
        page_number=1,
        size=len(found),
        first_page=True,
        last_page=True,
        empty=not found,
        contents=found,
    )
    return page.model_dump_json(indent=2, exclude_none=True)


def read_hsds(path: Path, lists: Lists, *, rest: bool = False) -> DirectoryFile:
    """Read a page of organizations, a list of them, or one. An error's row is the organization's number in the file.

    ``rest`` as ``places_of``; of an organization that is not one of HSDS nothing is read.

    Raises ``FileRefused`` for what is not JSON. Fields that the specification or we do not know are passed over.
    """
    organizations = _organizations(path)
    records: list[Record] = []
    errors: list[RowError] = []
    addresses = 0
    for line, content in enumerate(organizations, start=1):
        try:
            found = Organization.model_validate(content)
        except ValidationError as error:
            errors += _faults(line, error)
        else:
            records += _records(line, found)
            addresses += sum(len(location.addresses) for location in found.locations)
    places, wrong = places_of(records, lists, rest=rest)
    errors = sorted([*errors, *wrong], key=lambda error: error.row)
    return DirectoryFile("hsds", places if rest or not errors else [], errors, digest_of(path), addresses)


def _organizations(path: Path) -> list[Any]:
    with open_bytes(path, is_utf8=True) as file:
        content = file.read(MAX_JSON + 1)
    if len(content) > MAX_JSON:
        raise FileRefused("too-large-unpacked", limit=MAX_JSON // MEGABYTE)
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise FileRefused("not-json") from None
    if isinstance(found, dict):
        found = found.get("contents", [found])
    if not isinstance(found, list):
        raise FileRefused("not-json")
    if not found:
        raise FileRefused("empty")
    return found


def _faults(line: int, error: ValidationError) -> Iterator[RowError]:
    """What the specification asks and the file does not keep, by path; the value itself is never shown."""
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        path = ".".join(str(step) for step in fault["loc"])
        yield RowError(line, seal(path), "", Reason("not-hsds", (("why", fault["msg"]),)))


def _organization(code: str, name: str, places: list[PlaceRow]) -> Organization:
    identifier = _id(AGENCY, code)
    whole = [place for place in places if not place.is_only_named]
    return Organization(
        id=identifier,
        name=name,
        description=name,
        organization_identifiers=(
            OrganizationIdentifier(id=_id(identifier, "code"), identifier_type=AGENCY, identifier=code),
        ),
        locations=tuple(_location(place) for place in places),
        services=tuple(_service(place, service) for place in whole for service in place.services),
    )


def _location(row: PlaceRow) -> Location:
    hours = (Schedule(id=_id(row.id, "hours"), description=row.hours),) if row.hours else ()
    return Location(
        id=row.id,
        location_type="physical",
        name=row.name,
        languages=tuple(
            Language(id=_id(row.id, "language", code), code=code, name=label("language", code))
            for code in row.language_codes
        ),
        accessibility=tuple(_accessibility(row.id, code) for code in row.accessibility_codes),
        phones=tuple(
            Phone(id=_id(row.id, "phone", c.value), number=c.value, attributes=_readers(row.id, c))
            for c in row.contacts
            if c.kind == "phone"
        ),
        contacts=tuple(
            Contact(id=_id(row.id, "email", c.value), email=c.value, attributes=_readers(row.id, c))
            for c in row.contacts
            if c.kind == "email"
        ),
        schedules=hours,
        attributes=tuple(attribute for record in records_of(row) for attribute in _attributes(row.id, record)),
    )


def _readers(site_id: UUID, contact: ContactRow) -> tuple[Attribute, ...]:
    """Who may read a contact."""
    return (_attribute(site_id, READERS, contact.confidentiality, contact.confidentiality, contact.value),)


def _attributes(site_id: UUID, record: Mapping[str, str]) -> Iterator[Attribute]:
    """A record of a place as attributes, as far as the specification has no field for it."""
    kind = record["record"]
    if kind == SITE:
        yield from _of_site(site_id, record)
    elif kind == UNIT:
        note = "" if record["is_open"] == YES else CLOSED
        yield _attribute(site_id, UNIT, record["unit"], record["unit"], record["beds"], note)
    elif kind == CONDITION:
        told = {name: text for name, text in record.items() if name not in ("record", "site_id")}
        value = json.dumps(told, ensure_ascii=False, sort_keys=True)
        yield _attribute(site_id, CONDITION, told["fact"], told["fact"], value)
    elif kind == CONTACT and record["way"] == "web":
        yield _attribute(site_id, WAY, "web", "web", record["contact"], record["readers"])


def _of_site(site_id: UUID, record: Mapping[str, str]) -> Iterator[Attribute]:
    """The facts of a place that have no field in the specification; codes of lists are terms of their list."""
    for column, taxonomy in OF_LISTS.items():
        if code := record.get(column):
            name = state_label(code) if column == "state" else label(taxonomy, code)
            yield _attribute(site_id, taxonomy, code, name)
    for column, *_rest in FACTS:
        if column not in ELSEWHERE and column in record:
            yield _attribute(site_id, FACT, column, column, record[column])


def _accessibility(site_id: UUID, code: str) -> Accessibility:
    name = label("accessibility", code)
    term = _attribute(site_id, "accessibility", code, name)
    return Accessibility(id=_id(site_id, "accessibility", code), description=name, attributes=(term,))


def _service(row: PlaceRow, code: str) -> Service:
    ages = [c for c in row.criteria if c.fact == "age" and c.must]
    least, most = [c.least for c in ages if c.least is not None], [c.most for c in ages if c.most is not None]
    identifier, name = _id(row.id, SERVICE, code), label("service", code)
    funding = label("funding_source", row.funding_code)
    return Service(
        id=identifier,
        name=name,
        status="active" if row.is_open else "inactive",
        minimum_age=max(least, default=None),
        maximum_age=min(most, default=None),
        funding=(Funding(id=_id(identifier, "funding"), source=funding),) if funding else (),
        service_at_locations=(ServiceAtLocation(id=_id(identifier, "here"), location_id=row.id),),
        attributes=(_attribute(identifier, SERVICE, code, name),),
    )


def _attribute(
    owner: UUID, taxonomy: str, code: str, name: str, value: str | None = None, note: str | None = None
) -> Attribute:
    term = TaxonomyTerm(id=_id(taxonomy, code), code=code, name=name, description=name, taxonomy=f"enlace:{taxonomy}")
    identifier = _id(owner, taxonomy, code, value or "")
    return Attribute(id=identifier, link_id=owner, taxonomy_term=term, value=value, label=note or None)


def _id(*parts: object) -> UUID:
    return uuid5(NAMESPACE, json.dumps([str(part) for part in parts]))


def _records(line: int, found: Organization) -> Iterator[Record]:
    codes = [row.identifier for row in found.organization_identifiers if row.identifier_type == AGENCY]
    for number, location in enumerate(found.locations):
        path, here = f"locations.{number}.", str(location.id)
        for cells in _of_location(location, codes[0] if codes else ""):
            yield Record(line, {"site_id": here, **{name: text for name, text in cells.items() if text}}, path)
    for number, service in enumerate(found.services):
        ours = (term for taxonomy, term, _a in _terms(service.attributes) if taxonomy == SERVICE)
        code = next(ours, service.name)  # a word of another taxonomy is told as unknown, by its name
        for given in service.service_at_locations:
            site_id = given.location_id or (given.location.id if given.location else None)
            cells = {"record": SERVICE, "site_id": str(site_id or ""), "service": code}
            yield Record(line, {name: text for name, text in cells.items() if text}, f"services.{number}.")


def _of_location(found: Location, agency: str) -> Iterator[dict[str, str]]:
    """The records of a place: itself, its units, its conditions, its contacts."""
    place = {
        "record": SITE,
        "agency": agency,
        "name": found.name or "",
        "languages": SEPARATOR.join(row.code or "" for row in found.languages),
        "accessibility": SEPARATOR.join(
            code
            for row in found.accessibility
            for taxonomy, code, _a in _terms(row.attributes)
            if taxonomy == "accessibility"
        ),
        "hours": next((row.description for row in found.schedules if row.description), ""),
    }
    columns = {taxonomy: column for column, taxonomy in OF_LISTS.items()}
    parts: list[dict[str, str]] = []
    for taxonomy, code, attribute in _terms(found.attributes):
        value = attribute.value or ""
        if taxonomy in columns:
            place[columns[taxonomy]] = code
        elif taxonomy == FACT:
            place[code] = value
        elif taxonomy == UNIT:
            is_open = NO if attribute.label == CLOSED else YES
            parts.append({"record": UNIT, "unit": code, "beds": value, "is_open": is_open})
        elif taxonomy == CONDITION:
            parts.append({"fact": code, **_condition(value), "record": CONDITION})
        elif taxonomy == WAY:
            parts.append({"record": CONTACT, "way": code, "contact": value, "readers": attribute.label or ""})
    yield place
    yield from parts
    for way, text, attributes in _reaches(found):
        readers = next((code for taxonomy, code, _a in _terms(attributes) if taxonomy == READERS), "agencies")
        yield {"record": CONTACT, "way": way, "contact": text, "readers": readers}


def _reaches(found: Location) -> Iterator[tuple[str, str, tuple[Attribute, ...]]]:
    """Phones and emails; who may read one that does not say so is the people of agencies."""
    for phone in found.phones:
        yield "phone", phone.number, phone.attributes
    for contact in found.contacts:
        if contact.email:
            yield "email", contact.email, contact.attributes
        for phone in contact.phones:
            yield "phone", phone.number, phone.attributes


def _condition(value: str) -> dict[str, str]:
    """The cells of a condition; what cannot be read is an empty one, which is then told as lacking."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: found[name] for name in ("unit", *COLUMNS_OF_CONDITION) if isinstance(found.get(name), str)}


def _terms(attributes: Iterable[Attribute]) -> Iterator[tuple[str, str, Attribute]]:
    """Our own terms among attributes: the taxonomy's name, the code, and the attribute."""
    for attribute in attributes:
        term = attribute.taxonomy_term
        if term is not None and term.code and (term.taxonomy or "").startswith("enlace:"):
            yield str(term.taxonomy).removeprefix("enlace:"), term.code, attribute
