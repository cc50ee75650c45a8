"""Files in and out. An import is one transaction with one event that carries the file's digest, or leaves no trace."""

import hmac
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from uuid import UUID

import openpyxl
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import Event, audited
from enlace.base import keyring
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.base.synthetic import is_synthetic
from enlace.cases.actions import Ruling, close_case, decide_cases, open_cases
from enlace.cases.queries import imported, known_codes
from enlace.country.queries import current
from enlace.exchange import ctdc, htcds, sesnsp
from enlace.exchange.htcds_mapping import Incoming, incoming, problems, words_of
from enlace.exchange.htcds_rows import HtcdsRecord
from enlace.exchange.models import CtdcRecord, ImportBatch, MonthlyFigure
from enlace.exchange.queries import htcds_records
from enlace.exchange.rows import FileRefused, Progress, RowError, seal
from enlace.exchange.standard_htcds import fields
from enlace.people.actions import Consent, record_consents, register_people
from enlace.vault.actions import seal_identities

HTCDS, CTDC, SESNSP = "htcds", "ctdc", "sesnsp"
IMPORTED_GROUND = "other_register"
CONSENT_PURPOSES = ("referral", "services")
AT_A_TIME = 500
MARK = "SYNTHETIC"
FIGURE = sesnsp.MonthlyFigure.__slots__


@dataclass(frozen=True)
class Imported:
    """What came of one file. ``new`` counts the rows written, ``known`` those that were here already.

    ``totals`` holds counts by name or by name and value; the value ``None`` stands for missing.
    """

    layout: str
    unit: str
    new: int
    known: int
    errors: Sequence[RowError]
    digest: str
    is_dry_run: bool
    totals: Mapping[str, Any]


class _TakenBack(Exception):
    """Ends a transaction that is to leave no trace."""


def import_htcds(*, by: Actor, path: Path, dry_run: bool = False, progress: Progress | None = None) -> Imported:
    """Bring in an HTCDS 2.0 workbook or survey export as people and cases of the actor's agency.

    Rows with a cell that cannot be read are left out and told; once mended, the same file brings in just them. Raises
    ``Refusal`` for a file that cannot be read at all.
    """
    check(by, "EXCHANGE_IMPORT")
    with _explained():
        read = htcds.read_htcds(path, progress)
    records, errors = _sound(read)
    refs = _references(records, by.agency_code)
    with _one_file(by, HTCDS, read.digest, dry_run) as event:
        here = _refs_here(by, refs)
        fresh = {ref: record for ref, record in refs.items() if ref not in here}
        for done, rows in _parts(fresh):
            _write_cases(by, _incoming(by, rows))
            if progress is not None:
                progress(done, len(fresh))
        new, totals = len(fresh), {"rows": len(records)}
        result = Imported(read.layout, "case", new, len(records) - new, errors, read.digest, dry_run, totals)
        _remember(event, by, HTCDS, result)
    return result


def import_ctdc(*, by: Actor, path: Path, dry_run: bool = False, progress: Progress | None = None) -> Imported:
    """Bring in CTDC open microdata, any layout, as a collection apart that national tables never count.

    A mended file adds only the rows that an earlier one could not give. Raises ``Refusal`` as ``import_htcds`` does.
    """
    check(by, "EXCHANGE_IMPORT")
    with _explained():
        reader = ctdc.read_ctdc(path, progress)
        with _one_file(by, CTDC, reader.digest, dry_run) as event:
            batch_id, is_here = new_id(), _is_here(CTDC, reader.digest)
            held = set() if is_here else _rows_held(reader)
            totals = ctdc.totals(reader if is_here else _stored(batch_id, reader, held), reader.unit)
            known = totals.records if is_here else len(held)
            new, shown = totals.records - known, {**totals.by, "flags": totals.flags}
            result = Imported(
                reader.layout, reader.unit, new, known, list(reader.errors), reader.digest, dry_run, shown
            )
            _remember(event, by, CTDC, result, id=batch_id, is_synthetic=reader.synthetic)
    return result


def import_sesnsp(*, by: Actor, path: Path, dry_run: bool = False, progress: Progress | None = None) -> Imported:
    """Bring in an official monthly series as published figures: victims or files, never both, never added.

    Raises ``Refusal`` as ``import_htcds`` does.
    """
    check(by, "EXCHANGE_IMPORT")
    with _explained():
        read = sesnsp.read_sesnsp(path, progress)
    totals = {"by year": sesnsp.by_year(read.rows), "by kind": sesnsp.by_subtype(read.rows)}
    with _one_file(by, SESNSP, read.digest, dry_run) as event:
        batch_id, count = new_id(), len(read.rows)
        new = 0 if _is_here(SESNSP, read.digest) else count
        if new:
            _insert(MonthlyFigure, batch_id, ("series", *FIGURE), ((read.kind, *astuple(row)) for row in read.rows))
        result = Imported(read.kind, read.kind, new, count - new, read.errors, read.digest, dry_run, totals)
        _remember(event, by, SESNSP, result, id=batch_id)
    return result


def export_htcds(*, by: Actor, path: Path, with_identity: bool = False, purpose: str = "") -> int:
    """Write the cases the actor's agency leads as an HTCDS workbook that only this account can read; returns how many.

    With identity it needs a purpose (a code of "access_purpose") and each reading is on record. The file appears whole,
    once the record is kept, or not at all. Raises ``Refusal`` when it cannot be written.
    """
    check(by, "EXCHANGE_EXPORT")
    if with_identity and not purpose:
        raise Refusal(_("Say for which purpose identities are taken out."))
    data_class, purpose = ("A", purpose) if with_identity else ("C", "")
    with _whole_file(path) as draft:
        with audited(by=by, action="export.htcds", data_class=data_class, purpose=purpose) as event:
            records = list(htcds_records(viewer=by, with_identity=with_identity, purpose=purpose))
            htcds.write_htcds(draft, records)
            event.detail |= {"count": len(records), "identity": with_identity}
        if is_synthetic():
            _mark_synthetic(draft)
    return len(records)


@contextmanager
def _explained() -> Iterator[None]:
    """Tell in the reader's language why a file cannot be read."""
    try:
        yield
    except FileRefused as refused:
        raise Refusal(_(refused.reason.msgid) % dict(refused.reason.params)) from None
    except OSError:
        raise Refusal(_("The file could not be opened. Send it again.")) from None


@contextmanager
def _one_file(by: Actor, kind: str, digest: str, dry_run: bool) -> Iterator[Event]:
    """One transaction for one file. A dry run does all and takes it back; so does a file that brings nothing new."""
    try:
        with audited(by=by, action=f"import.{kind}", subject=("file", digest)) as event:
            _wait_for_others(f"exchange {kind} {by.agency_code}")
            yield event
            if dry_run or not event.detail["new"]:
                raise _TakenBack
    except _TakenBack:
        pass


def _wait_for_others(what: str) -> None:
    """Of two imports of the same kind the second sees all of the first. On SQLite who writes is alone already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])


def _is_here(kind: str, digest: str) -> bool:
    return ImportBatch.objects.filter(kind=kind, digest=digest).exists()


def _remember(event: Event, by: Actor, kind: str, result: Imported, **facts: Any) -> None:
    """Complete the event, and keep what the file was when it brought anything."""
    counts = {"new": result.new, "known": result.known, "errors": len(result.errors)}
    event.detail |= {**counts, "layout": result.layout}
    if result.new:
        ImportBatch.objects.update_or_create(
            kind=kind,
            digest=result.digest,
            agency_code=by.agency_code if kind == HTCDS else "",
            defaults={
                **facts,
                "layout": result.layout,
                "unit": result.unit,
                "row_count": result.new + result.known,
                "error_count": len(result.errors),
                "imported_by": by.id,
                "imported_at": timezone.now(),
            },
        )


def _sound(read: htcds.HtcdsFile) -> tuple[list[HtcdsRecord], list[RowError]]:
    """The records that can become cases, and everything that is wrong with the others."""
    today, records, errors = timezone.localdate(), [], list(read.errors)
    for record in read.records:
        found = problems(record.values, today)
        for name, reason in found:
            field = fields()[name]
            column = field.label if read.layout == htcds.TOOLKIT else name
            errors.append(RowError(record.row, column, seal(str(record.values[name]), field.sealed), reason))
        if not found:
            records.append(record)
    return records, sorted(errors, key=lambda error: error.row)


def _references(records: Iterable[HtcdsRecord], agency_code: str) -> dict[str, HtcdsRecord]:
    """A name for each record that stays the same when the file comes again, in whatever order and layout.

    It is a keyed digest (a plain one could be guessed from an identity) of the source's own id, else of all that the row
    says. Rows that say the same are numbered; a submission that stands there twice counts once.
    """
    key = keyring.derive(f"exchange.reference.{agency_code}")
    seen: dict[str, list[Mapping[str, Any]]] = {}
    refs: dict[str, HtcdsRecord] = {}
    for record in records:
        text = record.source_id or json.dumps(record.values, sort_keys=True, default=str)
        name = hmac.new(key, text.encode(), sha256).hexdigest()[:40]
        same = seen.setdefault(name, [])
        if record.source_id and record.values in same:
            continue
        same.append(record.values)
        refs[f"htcds:{name}:{len(same)}"] = record
    return refs


def _refs_here(by: Actor, refs: Mapping[str, HtcdsRecord]) -> set[str]:
    """Those of these references that the agency brought in before, or that are its own cases in its own export."""
    here: set[str] = set()
    for _done, part in _parts(refs):
        here |= imported(agency_code=by.agency_code, refs=part).keys()
        own = known_codes(viewer=by, codes={record.source_id for record in part.values()} - {""})
        here |= {ref for ref, record in part.items() if record.source_id in own}
    return here


def _parts(refs: Mapping[str, HtcdsRecord]) -> Iterator[tuple[int, dict[str, HtcdsRecord]]]:
    """Few enough at a time for one statement, and how many that makes so far."""
    items = list(refs.items())
    for start in range(0, len(items), AT_A_TIME):
        part = dict(items[start : start + AT_A_TIME])
        yield start + len(part), part


def _incoming(by: Actor, records: Mapping[str, HtcdsRecord]) -> list[Incoming]:
    words, now = words_of(current()), timezone.now()
    return [
        incoming(record.values, words=words, source_ref=ref, now=now, state_code=by.state_code)
        for ref, record in records.items()
    ]


def _write_cases(by: Actor, rows: Sequence[Incoming]) -> None:
    """A case for each. The standard dates no decision, so one is dated like the case it came with."""
    register_people(by=by, rows=[row.registration for row in rows])
    seal_identities(by=by, identities={row.registration.id: row.identity for row in rows})
    if consents := [answer for row in rows for answer in _consents(row)]:
        record_consents(by=by, rows=consents)
    open_cases(by=by, rows=[row.opening for row in rows])
    rulings = [
        Ruling(
            case_id=row.opening.id,
            verb=row.verb,
            ground_code=IMPORTED_GROUND,
            body_code=row.body_code,
            decided_at=row.opening.opened_at,
        )
        for row in rows
        if row.verb
    ]
    if rulings:
        decide_cases(by=by, rows=rulings)
    for row in rows:
        if row.closing:
            close_case(by=by, case_id=row.opening.id, reason_code=row.closing)


def _consents(row: Incoming) -> Iterator[Consent]:
    """The standard asks once, for everything; who does not consent is counted all the same."""
    if row.consent is not None:
        for purpose in CONSENT_PURPOSES:
            yield Consent(
                person_id=row.registration.id,
                purpose_code=purpose,
                given_by_code="person",
                given_on=timezone.localdate(row.opening.opened_at),
                is_refusal=not row.consent,
            )


def _rows_held(reader: ctdc.CtdcReader) -> set[int]:
    """Rows that are here from a file with errors of which this is the mended one.

    That is so when all that the earlier file gave stands in this one in the same row.
    """
    held: set[int] = set()
    for batch in ImportBatch.objects.filter(kind=CTDC, layout=reader.layout, error_count__gt=0):
        rows = batch.ctdc_records.order_by("row").values_list(*ctdc.CtdcRow._fields).iterator(ctdc.CHUNK)
        found: set[int] = set()
        wanted = next(rows, None)
        for row in reader:
            if row == wanted:
                found.add(row.row)
                wanted = next(rows, None)
        if wanted is None:
            held |= found
    return held


def _stored(batch_id: UUID, reader: ctdc.CtdcReader, held: Collection[int]) -> Iterator[ctdc.CtdcRow]:
    """All records of a file, each part once those of it that are not held are written."""
    for rows in reader.batches():
        fresh = [row for row in rows if row.row not in held] if held else rows
        _insert(CtdcRecord, batch_id, ctdc.CtdcRow._fields, fresh)
        yield from rows


def _insert(
    model: type[CtdcRecord | MonthlyFigure], batch_id: UUID, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Straight into the table: the rows are checked already and there are very many of them.

    The batch itself may be written after them: references are checked when the transaction ends.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(name) for name in ("batch_id", *names))
    batch = ImportBatch._meta.pk.get_db_prep_value(batch_id, connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((batch, *row))
        else:
            marks = ", ".join(["%s"] * (len(names) + 1))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names from the model
            cursor.executemany(statement, [(batch, *row) for row in rows])


@contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    """A file beside the one that is wanted, which takes its place when all is done. Its owner alone can read it."""
    draft = None
    try:
        number, name = mkstemp(dir=path.parent, prefix=".enlace-", suffix=path.suffix)
        os.close(number)
        draft = Path(name)
        yield draft
        draft.replace(path)
    except OSError as error:
        raise Refusal(_("The file could not be written: %s") % path.name) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _mark_synthetic(path: Path) -> None:
    """A sheet that no reader of cases takes for one, so that invented cases are never taken for real ones."""
    book = openpyxl.load_workbook(path)
    book.create_sheet(MARK)["A1"] = _("Synthetic data: nobody here is real")
    book.save(path)
