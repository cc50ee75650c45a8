"""The directory out to a file and in from one. In: all of a file or nothing, after a look at what it would change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import NATIONAL, Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.directory.actions import (
    Place,
    Reach,
    add_beds,
    save_contacts,
    save_criteria,
    save_programmes,
    save_sites,
    save_unit,
)
from enlace.exchange.actions.files import _explained, _TakenBack, _wait_for_others, _whole_file
from enlace.exchange.directory_csv import DirectoryFile, read_directory_csv, write_directory_csv
from enlace.exchange.directory_rows import PlaceRow, UnitRow
from enlace.exchange.hsds import read_hsds, write_hsds
from enlace.exchange.queries import agency_names, known_words, places_kept, places_out, unit_ids
from enlace.exchange.rows import Reason, RowError, seal

CSV, HSDS = FORMATS = ("csv", "hsds")
NEW, CHANGED, SAME, LEFT = ("new", "changed", "same", "left")
FACTS_PART, SERVICES, CONDITIONS, CONTACTS, UNITS = ("facts", "services", "conditions", "contacts", "units")


@dataclass(frozen=True)
class Change:
    """What a file would do to one place: "new", "changed" (then which ``parts``), "same", or "left" when only named."""

    name: str
    agency_code: str
    state_code: str
    kind: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compared:
    """What came of one file. With any error nothing was written, or the ``rest``.

    ``addresses``: how many it held, none of them read.
    """

    layout: str
    changes: Sequence[Change]
    errors: Sequence[RowError]
    digest: str
    addresses: int
    is_dry_run: bool

    @property
    def unknown(self) -> dict[tuple[str, str], int]:
        """The words that no list of the directory has, by column: how often each stands in the file, the most often first."""
        found = [error for error in self.errors if error.reason.code == "unknown-value"]
        return dict(Counter((error.column.rpartition(".")[2], error.value) for error in found).most_common())

    def count(self, kind: str) -> int:
        return sum(change.kind == kind for change in self.changes)


def take_directory(*, by: Actor, layout: str, is_public: bool = False) -> str:
    """The directory as text in CSV or HSDS 3 JSON; that it was taken out is on record.

    Never an address, nothing sealed; a secret place is only named, and not there at all when ``is_public``.
    """
    if layout not in FORMATS:
        raise Refusal(_("Choose the format: csv or hsds."))
    with audited(by=by, action="export.directory", detail={"layout": layout, "public": is_public}) as event:
        rows = places_out(viewer=by, is_public=is_public)
        event.detail["count"] = len(rows)
        return write_directory_csv(rows) if layout == CSV else write_hsds(rows, agency_names())


def export_directory(*, by: Actor, path: Path, layout: str, is_public: bool = False) -> None:
    """Write the directory to a file that only this account can read; whole or not at all."""
    with _whole_file(path) as draft:
        draft.write_text(take_directory(by=by, layout=layout, is_public=is_public), encoding="utf-8", newline="")


def import_directory(*, by: Actor, path: Path, dry_run: bool = False, rest: bool = False) -> Compared:
    """Bring in places with their services, units, conditions and contacts, from CSV or HSDS 3 JSON.

    With a fault anywhere nothing is written; with ``rest`` the places without one are, and those with one stay as they
    are. A file says all of each place that it describes; places and units that it does not name stay as they are. A dry run
    does everything and takes it back. Raises ``Refusal`` for a file that cannot be read, or that the directory refuses.
    """
    check(by, "DIRECTORY_EDIT")
    with _explained():
        read = _read(path, rest)
    try:
        with audited(by=by, action="import.directory", subject=("file", read.digest)) as event:
            _wait_for_others("exchange directory")
            kept = places_kept(viewer=by, site_ids=[row.id for row in read.places])
            faults = {row.id: _faults(by, row, kept.get(row.id)) for row in read.places}
            errors = [*read.errors, *(error for found in faults.values() for error in found)]
            sound = [row for row in read.places if not faults[row.id]] if rest or not errors else []
            changes = [_change(row, kept.get(row.id)) for row in sound]
            result = Compared(read.layout, changes, errors, read.digest, read.addresses, dry_run)
            event.detail |= {"new": result.count(NEW), "changed": result.count(CHANGED), "layout": read.layout}
            if errors:
                event.detail["errors"] = len(errors)
            for row, change in zip(sound, changes, strict=True):
                if change.kind in (NEW, CHANGED):
                    _write(by, row, kept.get(row.id), change.parts)
            if dry_run or not (result.count(NEW) or result.count(CHANGED)):
                raise _TakenBack
    except _TakenBack:
        pass
    return result


def _read(path: Path, rest: bool) -> DirectoryFile:
    """JSON by its first character, else a table."""
    with path.open("rb") as file:
        is_json = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    return (read_hsds if is_json else read_directory_csv)(path, known_words(), rest=rest)


def _faults(by: Actor, row: PlaceRow, kept: PlaceRow | None) -> list[RowError]:
    """What stands against a place, read without a fault, in the directory as it is."""
    if row.is_only_named:
        return []  # left as it is, here or not
    found = []
    is_far = row.agency_code != by.agency_code and not by.is_system and by.scope != NATIONAL
    if is_far or (kept is not None and kept.agency_code != row.agency_code):
        found.append(RowError(row.line, "agency", seal(row.agency_code), Reason("other-agency")))
    before = _units(kept)
    for unit in row.units:
        old = before.get(unit.name)
        if old is not None and old.beds > unit.beds:
            found.append(RowError(unit.line, "beds", str(unit.beds), Reason("fewer-beds")))
        is_other = old is None or (old.beds, old.is_open) != (unit.beds, unit.is_open)
        if is_other and not by.may("BEDS_KEEP"):
            found.append(RowError(unit.line, "unit", seal(unit.name), Reason("beds-kept")))
    return found


def _units(row: PlaceRow | None) -> dict[str, UnitRow]:
    return {unit.name: unit for unit in row.units} if row else {}


def _change(row: PlaceRow, kept: PlaceRow | None) -> Change:
    kind, parts = NEW, _parts(row, kept)
    if row.is_only_named:
        kind, parts = LEFT, ()
    elif kept is not None:
        kind = CHANGED if parts else SAME
    return Change(row.name, row.agency_code, row.state_code, kind, parts)


def _parts(row: PlaceRow, kept: PlaceRow | None) -> tuple[str, ...]:
    """The parts that differ; units that the file does not name are not compared."""
    before = _units(kept)
    differs = {
        FACTS_PART: kept is None or row.facts != kept.facts,
        SERVICES: row.services != (kept.services if kept else ()),
        CONDITIONS: row.criteria != (kept.criteria if kept else ()),
        CONTACTS: row.contacts != (kept.contacts if kept else ()),
        UNITS: any(before.get(unit.name) != unit for unit in row.units),
    }
    return tuple(part for part, is_other in differs.items() if is_other)


def _write(by: Actor, row: PlaceRow, kept: PlaceRow | None, parts: Sequence[str]) -> None:
    """Through the actions of the directory, so that its rules and its record hold for files too."""
    if row.is_secret and kept and kept.contacts:
        save_contacts(by=by, site_id=row.id, rows=[])  # a place that becomes secret keeps none
    if FACTS_PART in parts:
        save_sites(by=by, rows=[Place(id=row.id, **row.facts)])
    if SERVICES in parts:
        save_programmes(by=by, site_id=row.id, service_codes=row.services)
    if CONDITIONS in parts:
        save_criteria(by=by, site_id=row.id, rows=row.criteria)
    if CONTACTS in parts and not row.is_secret:
        reaches = [Reach(contact.kind, contact.value, contact.confidentiality) for contact in row.contacts]
        save_contacts(by=by, site_id=row.id, rows=reaches)
    before, ids = _units(kept), unit_ids(viewer=by, site_id=row.id) if UNITS in parts else {}
    for unit in row.units:
        if before.get(unit.name) != unit:
            _write_unit(by, row.id, unit, before.get(unit.name), ids.get(unit.name))


def _write_unit(by: Actor, site_id: UUID, unit: UnitRow, before: UnitRow | None, unit_id: UUID | None) -> None:
    if before is None or before.is_open != unit.is_open:
        unit_id = save_unit(by=by, site_id=site_id, name=unit.name, unit_id=unit_id, is_open=unit.is_open).pk
    more = unit.beds - (before.beds if before else 0)
    if more and unit_id:
        add_beds(by=by, unit_id=unit_id, count=more)
    if unit.criteria != (before.criteria if before else ()):
        save_criteria(by=by, site_id=site_id, rows=unit.criteria, unit_id=unit_id)
