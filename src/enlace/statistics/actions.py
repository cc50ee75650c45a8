"""Every write of statistics: a computation is stored, an agency says it met nobody."""

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.statistics.mechanism import mechanism
from enlace.statistics.models import MechanismTable, NationalTable, NilReturn
from enlace.statistics.national import national_tables, period_of
from enlace.statistics.snapshot import snapshot
from reckon.tables import digest

GATHERING = Actor.system("statistics")


def compute_national(*, by: Actor, year: int) -> NationalTable:
    """Gather, count, protect and store the national table of a year. What was stored before stays as it is."""
    check(by, "STATISTICS_COMPUTE")
    if not 1990 <= year <= timezone.localdate().year:
        raise Refusal(_("Choose a year that has begun."))
    period, pack = period_of(str(year)), current()
    with audited(by=by, action="statistics.computed", detail={"period": period.name}) as event, seeing_as(GATHERING):
        cut_off = timezone.now()
        facts = snapshot(period.start, period.end)
        kinds = {agency.pk: agency.state_code for agency in agencies()}
        reported = _reported(facts.column("agency").unique().to_pylist(), period.name)
        states = {kinds[code] for code in reported if kinds.get(code)}
        states |= {code for code in facts.column("state").unique().to_pylist() if code}
        table = NationalTable.objects.create(
            period=period.name,
            starts_on=period.start,
            ends_on=period.end,
            cut_off=cut_off,
            digest=digest(facts),
            fact_count=facts.num_rows,
            threshold=pack.disclosure.threshold,
            tables=national_tables(pack, facts, period, states),
            reporting_states=sorted(states),
            reporting_agencies=len(reported),
            agency_count=len(kinds),
            made_by=by.id,
        )
        event.about("national_table", table.pk)
        event.detail["digest"] = table.digest
    return table


def compute_mechanism(*, by: Actor, year: int) -> MechanismTable:
    """Count and store a year of the referral mechanism. What was stored before stays as it is."""
    check(by, "STATISTICS_COMPUTE")
    if not 1990 <= year <= timezone.localdate().year:
        raise Refusal(_("Choose a year that has begun."))
    period = period_of(str(year))
    with audited(by=by, action="statistics.mechanism_computed", detail={"period": period.name}) as event:
        with seeing_as(GATHERING):
            cut_off = timezone.now()
            tables = mechanism(period.start, period.end, timezone.localdate(cut_off))
        table = MechanismTable.objects.create(
            period=period.name,
            cut_off=cut_off,
            threshold=current().disclosure.threshold,
            tables=tables,
            made_by=by.id,
        )
        event.about("mechanism_table", table.pk)
    return table


def declare_nothing(*, by: Actor, year: int) -> NilReturn:
    """Say that the own agency met nobody in a year: a zero, where silence would be missing."""
    if not by.agency_code or not (by.may("CASE_CLOSE") or by.may("STATISTICS_COMPUTE")):
        raise Forbidden(_("Only an agency that keeps cases can say that it met nobody."))
    if not 1990 <= year <= timezone.localdate().year:
        raise Refusal(_("Choose a year that has begun."))
    with audited(by=by, action="statistics.nil_declared", detail={"year": year}):
        row, _created = NilReturn.objects.get_or_create(
            agency_code=by.agency_code,
            period=str(year),
            defaults={"declared_by": by.id, "declared_at": timezone.now()},
        )
    return row


def _reported(seen: list[str], period: str) -> set[str]:
    declared = NilReturn.objects.filter(period=period).values_list("agency_code", flat=True)
    return {code for code in seen if code} | set(declared)
