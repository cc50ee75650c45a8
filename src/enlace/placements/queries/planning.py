"""The measure of the gap: unmet needs counted for who plans, and where new places would close most of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from enlace.base.actor import STATE, Actor
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.directory import queries as directory
from enlace.directory.rules import Criterion, SiteFacts
from enlace.people.queries import age_bands
from enlace.placements.models import UnmetNeed
from enlace.placements.queries.seeking import limits, lodging, need_of_asked, read_asked
from enlace.placements.rules import FILTERS, Need, Plan, Profile, plan_capacity
from reckon.disclosure import Rule, protect
from reckon.tables import Cell, CountTable, Table

COUNTING = Actor.system("placements.planning")
INDICATOR, UNIT = "unmet_need", "need"
DIMENSIONS = ("state", "sex", "age_group", "form", "service", "reason")
COLUMNS = {
    "state": "state_code",
    "sex": "sex_code",
    "age_group": "age_group_code",
    "form": "form_code",
    "service": "service_code",
    "reason": "reason_code",
}
PROFILES = ("women", "men", "minors", "diverse")
DAYS_IN_A_MONTH = 30


@dataclass(frozen=True)
class Counted:
    """Unmet needs that may be shown: the total, one table for each dimension, and the offer of each state beside."""

    total: Cell
    tables: dict[str, Table]
    offered: dict[str, directory.Supply]
    threshold: int


@dataclass(frozen=True)
class Planned:
    """A plan, with the counts of people that may be shown: ``closes`` in the order of the plan's places."""

    plan: Plan
    needs: Cell
    closed: Cell
    closes: Sequence[Cell]
    threshold: int


def counted_needs(*, viewer: Actor, year: int | None = None) -> Counted:
    """Needs open now, or all those recorded in a year, met later or not; small counts withheld."""
    check(viewer, "NEED_READ")
    with seeing_as(COUNTING):
        rows = _reach(viewer, UnmetNeed.objects.all())
        rows = rows.filter(resolved_at__isnull=True) if year is None else rows.filter(at__year=year)
        found = list(rows.values_list(*COLUMNS.values()))
    period = "open" if year is None else str(year)
    tables = [_table(period, found, place, name) for place, name in enumerate(DIMENSIONS)]
    total = CountTable(INDICATOR, UNIT, period, (), (), (len(found),))
    shown = protect([total, *tables], rule()).for_release
    return Counted(
        total=shown[0].cells[0],
        tables={table.dimensions[0]: table for table in shown[1:]},
        offered=directory.places_by_state(viewer=viewer),
        threshold=current().disclosure.threshold,
    )


def planned(*, viewer: Actor, months: int, k: int, stay_days: int) -> Planned:
    """Which ``k`` new places would have closed most of the needs for a bed of the last months."""
    check(viewer, "NEED_READ")
    now, days = timezone.now(), months * DAYS_IN_A_MONTH
    with seeing_as(COUNTING):
        rows = _reach(viewer, UnmetNeed.objects.filter(at__gte=now - timedelta(days=days)))
        needs = [_need(row) for row in rows.filter(service_code__in=lodging()).order_by("pk")]
    states = [viewer.state_code] if viewer.scope == STATE else [state.code for state in current().states]
    profiles = [_profile(code, needs, stay_days) for code in PROFILES]
    agreed = directory.agreements(viewer=COUNTING, on=timezone.localdate(now))
    plan = plan_capacity(needs, profiles, states, k, days=days, at=now, limits=limits(), agreements=agreed)
    return _protected(plan)


def rule() -> Rule:
    """The pack's rule of what may be shown."""
    measure = current().disclosure
    return Rule(
        threshold=measure.threshold,
        minimum_interval=measure.minimum_interval,
        zeros_are_sensitive=measure.zeros_are_sensitive,
    )


def categories(dimension: str) -> list[str]:
    """The codes of a dimension in the pack's order."""
    pack = current()
    if dimension == "state":
        return [state.code for state in pack.states]
    if dimension == "form":
        return [*(form.code for form in pack.forms), "several"]
    if dimension == "reason":
        return [*FILTERS, "no_site"]
    return [item.code for item in pack.codes(dimension)]


def _table(period: str, rows: Sequence[tuple[str, ...]], place: int, dimension: str) -> CountTable:
    counts = Counter(row[place] for row in rows)
    known = categories(dimension)
    codes = [*known, *sorted(counts.keys() - set(known) - {""}), ""]
    return CountTable(INDICATOR, UNIT, period, (dimension,), (tuple(codes),), tuple(counts[code] for code in codes))


def _reach(viewer: Actor, rows: QuerySet[UnmetNeed]) -> QuerySet[UnmetNeed]:
    """The nation, or the own state."""
    return rows.filter(state_code=viewer.state_code) if viewer.scope == STATE else rows


def _need(row: UnmetNeed) -> Need:
    """The person of a stored need, as far as it was written down."""
    band = next((band for band in age_bands() if band.code == row.age_group_code), None)
    low, high = (band.low or 0, 130 if band.high is None else band.high) if band else (0, 130)
    forms = frozenset({row.form_code} - {"", "several"})
    return need_of_asked(
        read_asked(row.asked) if row.asked else None,
        services=(row.service_code,),
        sex=row.sex_code,
        age_span=(low, high),
        state=row.state_code,
        forms=forms,
    )


def _profile(code: str, needs: Iterable[Need], stay_days: int) -> Profile:
    """A new place that bars nobody but by sex and age, and gives whatever was asked for."""
    house = SiteFacts(
        site_id=UUID(int=0),
        agency_code="",
        kind="",
        state="",
        specialised=True,
        security=max(directory.security_levels().values(), default=0),
        services=frozenset(service for need in needs for service in need.services),
        languages=frozenset(item.code for item in current().codes("language")),
        accessibility=frozenset(item.code for item in current().codes("accessibility")),
        criteria=_conditions(code),
    )
    return Profile(code, house, stay_days)


def _conditions(code: str) -> tuple[Criterion, ...]:
    adult = current().head.adult_age
    if code == "minors":
        return (Criterion(True, "age", most=adult - 1),)
    sexes = {"women": frozenset({"female"}), "men": frozenset({"male"}), "diverse": frozenset({"other"})}[code]
    return (Criterion(True, "sex", values=sexes), Criterion(True, "age", least=adult))


def _protected(plan: Plan) -> Planned:
    """The counts of a plan as one protected table: what each new place closes, and what stays open."""
    codes = (*(str(number) for number in range(len(plan.places))), "open")
    counts = (*(row.closes for row in plan.places), plan.needs - plan.closed)
    total = CountTable("plan", UNIT, "plan", (), (), (plan.needs,))
    rows = CountTable("plan", UNIT, "plan", ("place",), (codes,), counts)
    shown = protect([total, rows], rule()).for_release
    left = shown[1].cells[-1]
    known = shown[0].cells[0].value is not None and left.value is not None
    closed = Cell((), plan.closed, "published" if plan.closed else "zero") if known else Cell((), None, "suppressed")
    return Planned(plan, shown[0].cells[0], closed, shown[1].cells[:-1], current().disclosure.threshold)
