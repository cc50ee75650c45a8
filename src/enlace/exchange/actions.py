"""Files in: each import is one transaction with one event that carries the file's digest; a second run changes nothing."""

import hmac
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import Event, audited
from enlace.base import keyring
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.cases.actions import Ruling, close_case, decide_cases, open_cases
from enlace.cases.queries import imported
from enlace.country.queries import current
from enlace.exchange import ctdc, htcds, sesnsp
from enlace.exchange.htcds_mapping import Incoming, incoming
from enlace.exchange.htcds_rows import HtcdsRecord
from enlace.exchange.models import CtdcRecord, ImportBatch, MonthlyFigure
from enlace.exchange.rows import FileRefused, Progress, RowError
from enlace.people.actions import Consent, record_consents, register_people
from enlace.vault.actions import seal_identities

IMPORTED_GROUND, NOT_STATED = "other_register", "not_stated"
CTDC_COLUMNS = ctdc.CtdcRow._fields


@dataclass(frozen=True)
class Imported:
    """What came of one file. ``new`` counts the rows written, ``known`` those that were here already."""

    layout: str
    unit: str
    new: int
    known: int
    errors: Sequence[RowError]
    digest: str
    is_dry_run: bool
    totals: Mapping[str, Any]


class _DryRun(Exception):
    """Undoes what a dry run wrote."""


def import_htcds(*, by: Actor, path: Path, dry_run: bool = False, progress: Progress | None = None) -> Imported:
    """Bring in an HTCDS 2.0 workbook or survey export as people and cases of the actor's agency.

    Rows with a cell that cannot be read are left out and told; once mended, the same file brings in just them.
    """
    check(by, "EXCHANGE_IMPORT")
    read = _refusing(lambda: htcds.read_htcds(path, progress))
    refs = _references(read.records, by.agency_code)
    counted: dict[str, int] = {}
    with _one_file(by, "htcds", read.digest, dry_run) as event:
        known = imported(agency_code=by.agency_code, refs=list(refs))
        fresh = {ref: record for ref, record in refs.items() if ref not in known}
        now, pack = timezone.now(), current()
        rows = [incoming(record.values, pack=pack, source_ref=ref, now=now) for ref, record in fresh.items()]
        if rows:
            _write_cases(by, rows)
        counted |= {"new": len(fresh), "known": len(known)}
        _note(event, by, "htcds", read, layout=read.layout, unit="case", errors=len(read.errors), **counted)
    return Imported(
        read.layout, "case", counted["new"], counted["known"], read.errors, read.digest, dry_run, {"rows": len(refs)}
    )


def import_ctdc(*, by: Actor, path: Path, dry_run: bool = False, progress: Progress | None = None) -> Imported:
    """Bring in CTDC open microdata, any layout, as a collection apart that national tables never count."""
    check(by, "EXCHANGE_IMPORT")
    reader = _refusing(lambda: ctdc.read_ctdc(path, progress))
    if ImportBatch.objects.filter(kind="ctdc", digest=reader.digest).exists():
        totals = ctdc.totals(reader, reader.unit)
        return _ctdc_result(reader, totals, new=0, dry_run=dry_run)
    seen: list[ctdc.CtdcRow] = []
    with _one_file(by, "ctdc", reader.digest, dry_run) as event:
        batch = ImportBatch(
            kind="ctdc",
            digest=reader.digest,
            layout=reader.layout,
            unit=reader.unit,
            is_synthetic=reader.synthetic,
            row_count=0,
            error_count=0,
            imported_by=by.id,
            imported_at=timezone.now(),
        )
        batch.save(force_insert=True)
        for rows in _refusing_each(reader.batches()):
            _insert_ctdc(batch, rows)
            seen += rows
        batch.row_count, batch.error_count = len(seen), len(reader.errors)
        batch.save(update_fields=["row_count", "error_count"])
        event.detail |= {"rows": len(seen), "errors": len(reader.errors), "layout": reader.layout}
    return _ctdc_result(reader, ctdc.totals(seen, reader.unit), new=len(seen), dry_run=dry_run)


def import_sesnsp(*, by: Actor, path: Path, dry_run: bool = False, progress: Progress | None = None) -> Imported:
    """Bring in an official monthly series as published figures: victims or files, never both, never added."""
    check(by, "EXCHANGE_IMPORT")
    read = _refusing(lambda: sesnsp.read_sesnsp(path, progress))
    yearly: Counter[int] = Counter()
    for row in read.rows:
        yearly[row.year] += row.value or 0
    known = ImportBatch.objects.filter(kind="sesnsp", digest=read.digest).exists()
    if not known:
        with _one_file(by, "sesnsp", read.digest, dry_run) as event:
            batch = _note(
                event, by, "sesnsp", read, layout=read.kind, unit=read.kind, errors=len(read.errors), new=len(read.rows)
            )
            MonthlyFigure.objects.bulk_create(
                [MonthlyFigure(batch=batch, series=read.kind, **_figure(row)) for row in read.rows], batch_size=2000
            )
    new = 0 if known else len(read.rows)
    return Imported(
        read.kind, read.kind, new, len(read.rows) - new, read.errors, read.digest, dry_run, {"by year": dict(yearly)}
    )


@contextmanager
def _one_file(by: Actor, kind: str, digest: str, dry_run: bool) -> Iterator[Event]:
    """One transaction for one file; a dry run does everything and then takes it back."""
    try:
        with audited(by=by, action=f"import.{kind}", subject=("file", digest)) as event:
            yield event
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass


def _note(
    event: Event, by: Actor, kind: str, read: Any, *, layout: str, unit: str, errors: int, new: int, known: int = 0
) -> ImportBatch | None:
    """Remember the file, unless it is remembered already (then only its mended rows are new)."""
    event.detail |= {"rows": new, "known": known, "errors": errors, "layout": layout}
    batch, _created = ImportBatch.objects.get_or_create(
        kind=kind,
        digest=read.digest,
        agency_code=by.agency_code if kind == "htcds" else "",
        defaults={
            "layout": layout,
            "unit": unit,
            "row_count": new,
            "error_count": errors,
            "imported_by": by.id,
            "imported_at": timezone.now(),
        },
    )
    return batch


def _write_cases(by: Actor, rows: Sequence[Incoming]) -> None:
    register_people(by=by, rows=[row.registration for row in rows])
    seal_identities(by=by, identities={row.registration.id: row.identity for row in rows})
    consents = [_consent(row, purpose) for row in rows if row.consent is not None for purpose in ("referral", "services")]
    if consents:
        record_consents(by=by, rows=consents)
    open_cases(by=by, rows=[row.opening for row in rows])
    rulings = [
        Ruling(case_id=row.opening.id, verb=row.verb, ground_code=IMPORTED_GROUND, body_code=row.body_code)
        for row in rows
        if row.verb
    ]
    if rulings:
        decide_cases(by=by, rows=rulings)
    for row in rows:
        if row.closes:
            close_case(by=by, case_id=row.opening.id, reason_code=NOT_STATED)


def _consent(row: Incoming, purpose: str) -> Consent:
    return Consent(
        person_id=row.registration.id,
        purpose_code=purpose,
        given_by_code="person",
        given_on=timezone.localdate(row.opening.opened_at),
        is_refusal=row.consent is False,
    )


def _references(records: Iterable[HtcdsRecord], agency_code: str) -> dict[str, HtcdsRecord]:
    """A name for each record that stays the same when the file comes again: the source's own id, else a keyed digest of
    the row (it holds an identity, so a plain hash would not do), numbered where rows are equal."""
    key = keyring.derive(f"exchange.reference.{agency_code}")
    times: Counter[str] = Counter()
    refs: dict[str, HtcdsRecord] = {}
    for record in records:
        text = record.source_id or json.dumps(record.values, sort_keys=True, default=str)
        name = hmac.new(key, text.encode(), sha256).hexdigest()[:40]
        times[name] += 1
        refs[f"htcds:{name}:{times[name]}"] = record
    return refs


def _insert_ctdc(batch: ImportBatch, rows: Sequence[ctdc.CtdcRow]) -> None:
    """Straight into the table: the rows are checked already and there are very many of them."""
    table = CtdcRecord._meta.db_table
    columns = ", ".join(("batch_id", *(f'"{name}"' for name in CTDC_COLUMNS)))
    marks = ", ".join(["%s"] * (len(CTDC_COLUMNS) + 1))
    batch_id = CtdcRecord._meta.get_field("batch").target_field.get_db_prep_value(batch.pk, connection)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - names from the model
            [(batch_id, *row) for row in rows],
        )


def _ctdc_result(reader: ctdc.CtdcReader, totals: ctdc.Totals, *, new: int, dry_run: bool) -> Imported:
    printed = {name: dict(counter) for name, counter in totals.by.items()} | {"flags": totals.flags}
    known = 0 if new else totals.records
    return Imported(reader.layout, reader.unit, new, known, list(reader.errors), reader.digest, dry_run, printed)


def _figure(row: sesnsp.MonthlyFigure) -> dict[str, Any]:
    return {name: getattr(row, name) for name in sesnsp.MonthlyFigure.__slots__}


def _refusing(read: Any) -> Any:
    """Tell the reason of an unreadable file in the reader's language."""
    try:
        return read()
    except FileRefused as refused:
        raise Refusal(_(refused.reason.msgid) % dict(refused.reason.params)) from refused


def _refusing_each(batches: Iterator[Any]) -> Iterator[Any]:
    try:
        yield from batches
    except FileRefused as refused:
        raise Refusal(_(refused.reason.msgid) % dict(refused.reason.params)) from refused


def record_export(*, by: Actor, kind: str, count: int, with_identity: bool) -> None:
    """Leave a record that a file went out."""
    check(by, "EXCHANGE_EXPORT")
    data_class = "A" if with_identity else "C"
    with audited(by=by, action=f"export.{kind}", data_class=data_class, detail={"count": count, "identity": with_identity}):
        pass
