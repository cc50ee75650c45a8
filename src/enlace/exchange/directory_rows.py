"""Places of the directory as files carry them: one record for each place, service, unit, condition and contact.

Every format is read into the same records and checked here, so that a wrong cell has the same words everywhere. Where a
place is (its address, what is sealed) has no column: it is never in a file, neither out nor in.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from enlace.base.errors import Refusal
from enlace.directory.rules import CODED, NATIONALITIES, Criterion, check_criterion
from enlace.exchange.rows import Reason, RowError, seal

NAMESPACE = UUID("6b1f6a52-58c1-5b0e-9a53-0c6f6f0f5d11")  # ours: of the ids that follow from a code
SITE, SERVICE, UNIT, CONDITION, CONTACT = KINDS = ("site", "service", "unit", "condition", "contact")
SEPARATOR = ";"
YES, NO = "yes", "no"
MUST, CANNOT = "must", "cannot"
# The facts of a place: column, field, kind of value, and its list or longest text.
FACTS: tuple[tuple[str, str, str, str | int], ...] = (
    ("agency", "agency_code", "code", "agency"),
    ("name", "name", "text", 120),
    ("state", "state_code", "code", "state"),
    ("is_secret", "is_secret", "flag", ""),
    ("kind", "kind_code", "code", "site_kind"),
    ("security", "security_code", "code", "security_level"),
    ("accepts_trafficking", "accepts_trafficking", "flag", ""),
    ("may_go_out_alone", "may_go_out_alone", "flag", ""),
    ("only_while_trial", "only_while_trial", "flag", ""),
    ("max_stay_days", "max_stay_days", "number", 3660),
    ("extension_days", "extension_days", "number", 3660),
    ("languages", "language_codes", "codes", "language"),
    ("accessibility", "accessibility_codes", "codes", "accessibility"),
    ("hours", "hours", "text", 200),
    ("funding", "funding_code", "code", "funding_source"),
    ("inspected_on", "inspected_on", "date", ""),
    ("is_open", "is_open", "flag", ""),
)
NAMED = ("agency", "name", "state", "is_secret")  # all that a file tells of a secret place
NEEDED = ("agency", "name", "state", "kind", "security")
REST = ("service", "unit", "beds", "must", "fact", "values", "least", "most", "basis", "way", "contact", "readers")
COLUMNS = ("record", "site_id", *(column for column, *_rest in FACTS), *REST)
LISTS = ("site_kind", "security_level", "language", "accessibility", "funding_source", "service")
LISTS_OF_CONDITIONS = tuple(name for name in CODED.values() if name)
MOST_BEDS = 500
Lists = Mapping[str, Collection[str]]


@dataclass(frozen=True, order=True)
class ContactRow:
    """A way to reach a place: phone, email or web; for everybody ("public") or for the people of agencies."""

    kind: str
    value: str
    confidentiality: str


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """A unit by its name, which is its own within the place; ``beds`` counts those in service."""

    name: str
    beds: int
    is_open: bool = True
    criteria: tuple[Criterion, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """A place without its address. With no kind it is only named, as secret places are, and says nothing else."""

    id: UUID
    agency_code: str
    name: str
    state_code: str
    is_secret: bool = True
    kind_code: str = ""
    security_code: str = ""
    accepts_trafficking: bool = True
    may_go_out_alone: bool = True
    only_while_trial: bool = False
    max_stay_days: int | None = None
    extension_days: int | None = None
    language_codes: tuple[str, ...] = ()
    accessibility_codes: tuple[str, ...] = ()
    hours: str = ""
    funding_code: str = ""
    inspected_on: date | None = None
    is_open: bool = True
    services: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    units: tuple[UnitRow, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def is_only_named(self) -> bool:
        return not self.kind_code

    @property
    def facts(self) -> dict[str, Any]:
        """What is said of the place itself, by field."""
        return {name: getattr(self, name) for _column, name, *_rest in FACTS}


@dataclass(frozen=True)
class Record:
    """One row of a file: its number, its filled cells by column, and what stands before the column in an error."""

    line: int
    cells: Mapping[str, str]
    path: str = ""


def sorted_criteria(rows: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Conditions in an order of their own, so that the same ones are equal."""
    found = {(r.fact, r.must, tuple(sorted(r.values)), r.least or 0, r.most or 0, r.basis): r for r in rows}
    return tuple(found[key] for key in sorted(found))


def id_of(reference: str, agency_code: str = "") -> UUID:
    """The id that a file gives, or one that always follows from a word of the agency's own."""
    try:
        return UUID(reference)
    except ValueError:
        return uuid5(NAMESPACE, f"{agency_code} {reference}")


def records_of(row: PlaceRow) -> Iterator[dict[str, str]]:
    """A place as records, filled cells only. Of one that is only named there is one record."""
    told = FACTS if not row.is_only_named else [fact for fact in FACTS if fact[0] in NAMED]
    yield _filled(SITE, row.id, {column: _written(getattr(row, name)) for column, name, *_rest in told})
    if row.is_only_named:
        return
    for code in row.services:
        yield _filled(SERVICE, row.id, {"service": code})
    for unit in row.units:
        yield _filled(UNIT, row.id, {"unit": unit.name, "beds": str(unit.beds), "is_open": _written(unit.is_open)})
    for name, rows in (("", row.criteria), *((unit.name, unit.criteria) for unit in row.units)):
        for criterion in rows:
            yield _filled(CONDITION, row.id, {"unit": name, **_cells_of(criterion)})
    for contact in row.contacts:
        told_as = {"way": contact.kind, "contact": contact.value, "readers": contact.confidentiality}
        yield _filled(CONTACT, row.id, told_as)


def _cells_of(row: Criterion) -> dict[str, str]:
    """A condition as cells."""
    return {
        "must": MUST if row.must else CANNOT,
        "fact": row.fact,
        "values": SEPARATOR.join(sorted(row.values)),
        "least": _written(row.least),
        "most": _written(row.most),
        "basis": row.basis,
    }


def places_of(records: Iterable[Record], lists: Lists, *, rest: bool = False) -> tuple[list[PlaceRow], list[RowError]]:
    """The places that records describe, and all that is wrong, in the order of the file.

    With a fault anywhere there are no places; with ``rest`` there are those none of whose records has one.
    ``lists`` holds what may be written: the codes of ``LISTS`` and of conditions, "agency" and "state".
    """
    reader = _Reader(lists)
    parts = []
    for record in records:
        if record.cells.get("record", "") == SITE:
            reader.place(record)
        else:
            parts.append(record)
    for kind in (SERVICE, UNIT, CONDITION, CONTACT):
        for record in parts:
            if record.cells.get("record", "") == kind:
                reader.part(record)
    for record in parts:
        if record.cells.get("record", "") not in KINDS:
            reader.wrong(record, "record", "unknown-record")
    return reader.places(rest), sorted(reader.errors, key=lambda error: error.row)


class _Reader:
    """Collects the parts of each place while records are read; every fault is kept with its row and column."""

    def __init__(self, lists: Lists) -> None:
        self.lists = {**lists, "fact": (), "": NATIONALITIES}
        self.errors: list[RowError] = []
        self._sites: dict[str, dict[str, Any]] = {}
        self._ids: set[UUID] = set()
        self._faulty: set[str] = set()

    def wrong(self, record: Record, column: str, code: str, **params: str | int) -> Any:
        """Keep a fault; gives ``None``, which stands for the value that could not be read."""
        value = seal(record.cells.get(column, ""), column == "contact")
        self._faulty.add(record.cells.get("site_id", ""))
        self.errors.append(RowError(record.line, record.path + column, value, Reason(code, tuple(params.items()))))

    def place(self, record: Record) -> None:
        reference = record.cells.get("site_id", "")
        found = {name: self.value(record, column, kind, of) for column, name, kind, of in FACTS}
        found = {name: value for name, value in found.items() if value is not None}
        site_id = id_of(reference, record.cells.get("agency", ""))
        if not reference:
            self.wrong(record, "site_id", "missing")
        elif reference in self._sites or site_id in self._ids:
            self.wrong(record, "site_id", "repeated")
            return
        named = found.get("is_secret") is True and not any(record.cells.get(c) for c, *_r in FACTS if c not in NAMED)
        for column in NEEDED:
            if not record.cells.get(column) and not (named and column not in NAMED):
                self.wrong(record, column, "missing")
        if "extension_days" in found and "max_stay_days" not in found and not record.cells.get("max_stay_days"):
            self.wrong(record, "extension_days", "nothing-to-extend")
        self._ids.add(site_id)
        parts: dict[str, Any] = {"services": {}, "units": {}, "criteria": {"": []}, "contacts": {}}
        self._sites[reference] = {"row": {"id": site_id, "line": record.line, **found}, "named": named, **parts}

    def part(self, record: Record) -> None:
        site = self._sites.get(record.cells.get("site_id", ""))
        if site is None:
            self.wrong(record, "site_id", "unknown-place")
        elif site["named"]:
            self.wrong(record, "record", "only-named")
        else:
            {SERVICE: self._service, UNIT: self._unit, CONDITION: self._condition, CONTACT: self._contact}[
                record.cells["record"]
            ](record, site)

    def places(self, rest: bool) -> list[PlaceRow]:
        """Every place, when nothing was wrong; else none, or the ``rest``: never a place of which a part is lacking."""
        if self.errors and not rest:
            return []
        return [_built(site) for reference, site in self._sites.items() if reference not in self._faulty]

    def value(self, record: Record, column: str, kind: str, of: str | int) -> Any:
        """What a cell says, or ``None`` when it is empty or wrong."""
        text = record.cells.get(column, "")
        if not text:
            return None
        if kind in ("code", "codes"):
            codes = tuple(dict.fromkeys(code.strip() for code in text.split(SEPARATOR))) if kind == "codes" else (text,)
            if any(code not in self.lists[str(of)] for code in codes):
                return self.wrong(record, column, "unknown-value")
            return codes if kind == "codes" else text
        if kind == "flag":
            return text == YES if text in (YES, NO) else self.wrong(record, column, "not-yes-or-no")
        if kind == "date":
            return self._date(record, column, text)
        if kind == "number":
            return self._number(record, column, text, int(of))
        return text if len(text) <= int(of) else self.wrong(record, column, "too-long", limit=int(of))

    def _date(self, record: Record, column: str, text: str) -> Any:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return self.wrong(record, column, "not-a-date")

    def _number(self, record: Record, column: str, text: str, most: int) -> Any:
        if not (text.isascii() and text.isdecimal()):
            return self.wrong(record, column, "not-a-number")
        return int(text) if len(text) < 6 and int(text) <= most else self.wrong(record, column, "number-out-of-range")

    def _service(self, record: Record, site: dict[str, Any]) -> None:
        code = self._needed(record, "service", "code", "service")
        if code in site["services"]:
            self.wrong(record, "service", "repeated")
        if code is not None:
            site["services"][code] = None

    def _unit(self, record: Record, site: dict[str, Any]) -> None:
        name = self._needed(record, "unit", "text", 60)
        beds = self._needed(record, "beds", "number", MOST_BEDS)
        is_open = self.value(record, "is_open", "flag", "")
        if name in site["units"]:
            self.wrong(record, "unit", "repeated")
        site["units"][name] = {"name": name, "beds": beds, "is_open": is_open is not False, "line": record.line}
        site["criteria"][name] = []

    def _condition(self, record: Record, site: dict[str, Any]) -> None:
        unit = record.cells.get("unit", "")
        if unit not in site["criteria"]:
            self.wrong(record, "unit", "unknown-unit")
            return
        must = record.cells.get("must", "")
        if must not in (MUST, CANNOT):
            self.wrong(record, "must", "must-or-cannot")
        fact = record.cells.get("fact", "")
        codes: tuple[str, ...] | None = ()
        if fact in CODED and record.cells.get("values"):
            codes = self.value(record, "values", "codes", CODED[fact])
        least, most = (self.value(record, column, "number", 99_999) for column in ("least", "most"))
        basis = self.value(record, "basis", "text", 200) or ""
        if fact not in CODED and record.cells.get("values"):
            codes = (record.cells["values"],)  # the rule says that this fact takes none
        row = Criterion(must == MUST, fact, frozenset(codes or ()), least, most, basis)
        try:
            if codes is not None:
                check_criterion(row)
        except Refusal as refusal:
            self.wrong(record, "fact", "condition", why=str(refusal))
        site["criteria"][unit].append(row)

    def _contact(self, record: Record, site: dict[str, Any]) -> None:
        for column, known in (("way", ("phone", "email", "web")), ("readers", ("public", "agencies"))):
            if record.cells.get(column, "") not in known:
                self.wrong(record, column, "unknown-value")
        value = self._needed(record, "contact", "text", 200)
        if site["row"].get("is_secret", True):
            self.wrong(record, "contact", "secret-contact")
        row = ContactRow(record.cells.get("way", ""), value or "", record.cells.get("readers", ""))
        if (row.kind, row.value) in site["contacts"]:
            self.wrong(record, "contact", "repeated")
        site["contacts"][row.kind, row.value] = row

    def _needed(self, record: Record, column: str, kind: str, of: str | int) -> Any:
        if not record.cells.get(column):
            return self.wrong(record, column, "missing")
        return self.value(record, column, kind, of)


def _built(site: Mapping[str, Any]) -> PlaceRow:
    criteria = {name: sorted_criteria(rows) for name, rows in site["criteria"].items()}
    units = [UnitRow(**unit, criteria=criteria[name]) for name, unit in sorted(site["units"].items())]
    return PlaceRow(
        **site["row"],
        services=tuple(sorted(site["services"])),
        criteria=criteria[""],
        contacts=tuple(sorted(site["contacts"].values())),
        units=tuple(units),
    )


def _filled(kind: str, site_id: UUID, cells: Mapping[str, str]) -> dict[str, str]:
    return {"record": kind, "site_id": str(site_id)} | {name: text for name, text in cells.items() if text}


def _written(value: Any) -> str:
    """A value as its cell."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple | list):
        return SEPARATOR.join(value)
    return "" if value is None else str(value)
