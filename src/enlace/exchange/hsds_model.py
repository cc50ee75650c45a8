"""The Human Services Data Specification 3 (Open Referral), as far as a directory of services needs it.

Source: docs.openreferral.org, HSDS 3.0 and later, serialised as JSON. Names and required fields are those of the
specification; fields that are not here are passed over in silence, as it asks of readers.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class _Object(BaseModel):
    """Every object of the specification has an identifier; what we do not know is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: UUID


class TaxonomyTerm(_Object):
    name: str
    description: str = ""
    code: str | None = None
    taxonomy: str | None = None
    version: str | None = None


class Attribute(_Object):
    """Classifies the object that it stands on by a term; ``value`` is its value, when it has one."""

    link_id: UUID | None = None
    link_type: str | None = None
    link_entity: str | None = None
    value: str | None = None
    label: str | None = None
    taxonomy_term: TaxonomyTerm | None = None


class Language(_Object):
    name: str | None = None
    code: str | None = None


class Phone(_Object):
    number: str
    type: str | None = None
    description: str | None = None
    attributes: tuple[Attribute, ...] = ()


class Contact(_Object):
    name: str | None = None
    title: str | None = None
    department: str | None = None
    email: str | None = None
    phones: tuple[Phone, ...] = ()
    attributes: tuple[Attribute, ...] = ()


class Schedule(_Object):
    """When something is open: by rule (RFC 5545) or in words; we write and read the words."""

    freq: Literal["WEEKLY", "MONTHLY"] | None = None
    byday: str | None = None
    opens_at: str | None = None
    closes_at: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    description: str | None = None


class Accessibility(_Object):
    description: str | None = None
    details: str | None = None
    attributes: tuple[Attribute, ...] = ()


class Funding(_Object):
    source: str | None = None


class Program(_Object):
    name: str
    description: str = ""
    alternate_name: str | None = None


class Address(_Object):
    """Only counted: an address that comes in a file is not kept, see ``hsds``."""


class Location(_Object):
    location_type: Literal["physical", "postal", "virtual"]
    name: str | None = None
    description: str | None = None
    languages: tuple[Language, ...] = ()
    accessibility: tuple[Accessibility, ...] = ()
    phones: tuple[Phone, ...] = ()
    contacts: tuple[Contact, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    addresses: tuple[Address, ...] = ()
    attributes: tuple[Attribute, ...] = ()


class ServiceAtLocation(_Object):
    """That a service is given at a location, by its id or with the location itself inside."""

    location_id: UUID | None = None
    location: Location | None = None


class Service(_Object):
    name: str
    status: Literal["active", "inactive", "defunct", "temporarily closed"]
    description: str | None = None
    program_id: UUID | None = None
    eligibility_description: str | None = None
    minimum_age: float | None = Field(default=None, ge=0)
    maximum_age: float | None = Field(default=None, ge=0)
    languages: tuple[Language, ...] = ()
    phones: tuple[Phone, ...] = ()
    contacts: tuple[Contact, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    funding: tuple[Funding, ...] = ()
    service_at_locations: tuple[ServiceAtLocation, ...] = ()
    attributes: tuple[Attribute, ...] = ()


class OrganizationIdentifier(_Object):
    identifier_type: str
    identifier: str
    identifier_scheme: str | None = None


class Organization(_Object):
    name: str
    description: str
    funding: tuple[Funding, ...] = ()
    phones: tuple[Phone, ...] = ()
    contacts: tuple[Contact, ...] = ()
    programs: tuple[Program, ...] = ()
    locations: tuple[Location, ...] = ()
    services: tuple[Service, ...] = ()
    organization_identifiers: tuple[OrganizationIdentifier, ...] = ()
    attributes: tuple[Attribute, ...] = ()


class Page(BaseModel):
    """A list of organizations as the API of the specification gives it; a whole directory is its only page."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: tuple[Organization, ...]
