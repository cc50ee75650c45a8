"""Files out, and what was brought in."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Sum

from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.cases.queries import export_rows
from enlace.country.queries import current
from enlace.exchange.htcds_mapping import Outgoing, outgoing
from enlace.exchange.htcds_rows import HtcdsRecord
from enlace.exchange.models import ImportBatch
from enlace.exchange.permissions import batches, figures
from enlace.people.queries import consents_by_person
from enlace.vault.queries import open_identities


def htcds_records(*, viewer: Actor, with_identity: bool, purpose: str = "") -> Iterator[HtcdsRecord]:
    """The agency's cases as HTCDS records, oldest first. Identity only when asked for, with a purpose, and recorded."""
    check(viewer, "EXCHANGE_EXPORT")
    pack = current()
    rows = list(export_rows(viewer=viewer))
    people = {row.case.person_id for row in rows}
    consents = consents_by_person(viewer=viewer, person_ids=people, purpose_code="referral")
    identities = open_identities(viewer=viewer, person_ids=people, purpose=purpose) if with_identity else {}
    for number, row in enumerate(rows, start=3):
        person = row.case.person
        case = Outgoing(
            gender_code=person.gender_code,
            marital_status_code=person.marital_status_code,
            education_code=person.education_code,
            citizenship_codes=person.citizenship_codes,
            children_count=person.children_count,
            is_deceased=person.is_deceased,
            identification=row.case.identification,
            body_code=row.body_code,
            is_closed=row.case.status == "closed",
            consent=consents.get(person.pk),
            age_when_trafficked=row.case.age_when_trafficked,
            codes=row.codes,
            standard=row.case.standard,
            identity=identities.get(person.pk),
            source_id=row.case.source_ref,
        )
        yield HtcdsRecord(row=number, source_id="", values=outgoing(case, pack))


def imported_files(*, viewer: Actor) -> list[ImportBatch]:
    return list(batches(viewer).order_by("-imported_at")[:100])


def series_by_year(*, viewer: Actor, series: str) -> dict[int, int | None]:
    """Yearly totals of an official series (victims or files); a year without any reported month is missing."""
    rows: Any = figures(viewer).filter(series=series).values("year").annotate(total=Sum("value")).order_by("year")
    return {row["year"]: row["total"] for row in rows}
