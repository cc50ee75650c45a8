"""Files out, and what was brought in."""

from collections.abc import Iterator

from django.db.models import Sum

from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.cases.queries import ExportRow, export_rows
from enlace.country.queries import current
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


def imported_files(*, viewer: Actor) -> list[ImportBatch]:
    return list(batches(viewer).order_by("-imported_at")[:100])


def series_by_year(*, viewer: Actor, series: str) -> dict[int, int | None]:
    """Yearly totals of an official series (victims or files); a year without any reported month is missing.

    Series are revised: a year is told as the file that was brought in last tells it.
    """
    rows = figures(viewer).filter(series=series).values("year", "batch").annotate(total=Sum("value"))
    newest_last = rows.order_by("year", "batch__imported_at")
    return {row["year"]: row["total"] for row in newest_last}


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
