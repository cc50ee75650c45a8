"""Reads: returns and their answers, what they are held against, who owes one, and the map of who has answered."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.base import slots
from enlace.base.actor import NATIONAL, Actor
from enlace.base.errors import Forbidden, Missing
from enlace.base.pages import Page, page
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.country.returns import ReturnTemplate, rebuilt
from enlace.returns import rules
from enlace.returns.models import PeriodicReturn, Template
from enlace.returns.permissions import answerable, check_may_answer, visible
from enlace.returns.rules import Answer, Answers, Beside, Period

COUNTING = Actor.system("returns")
OWED_FOR = timedelta(days=400)
"""How long a period that has ended stays on the list of what an agency owes."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a list of returns is narrowed to; "" leaves it open."""

    template: str = ""
    state: str | None = None
    period: str = ""
    status: str = ""


@dataclass(frozen=True)
class Owed:
    """A return that the viewer's agency may answer; ``row`` is the newest revision, if anybody has begun."""

    template: ReturnTemplate
    period: Period
    state: str
    due: date
    row: PeriodicReturn | None


def return_page(*, viewer: Actor, wanted: Filter, cursor: str = "", size: int = 25) -> Page:
    """A page of returns, the newest period first, without what could not be read."""
    rows = visible(viewer).defer("unread")
    if wanted.template:
        rows = rows.filter(template_code=wanted.template)
    if wanted.state is not None:
        rows = rows.filter(state_code=wanted.state)
    if wanted.period:
        rows = rows.filter(period=wanted.period)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    return page(rows, order=("-ends_on", "-id"), cursor=cursor, size=size)


def periodic_return(*, viewer: Actor, return_id: UUID) -> PeriodicReturn:
    """One return with its template. Raises ``Missing``."""
    row = visible(viewer).filter(pk=return_id).first()
    if row is None:
        raise Missing(_("There is no such return among those you see."))
    return row


def revisions(*, viewer: Actor, row: PeriodicReturn) -> list[PeriodicReturn]:
    """Every revision of the same return, the first one first."""
    same = visible(viewer).filter(template_code=row.template_code, period=row.period, state_code=row.state_code)
    return list(same.order_by("revision"))


def waiting(*, viewer: Actor, limit: int) -> list[PeriodicReturn]:
    """What the viewer's agency has begun, was reminded of or got back, the soonest due first."""
    replaced = PeriodicReturn.objects.filter(replaces=OuterRef("pk"))
    mine = visible_to_agency(viewer).filter(status__in=(rules.OPEN, rules.RETURNED)).filter(~Exists(replaced))
    return list(mine.defer("unread").order_by("due_on", "id")[:limit])


def visible_to_agency(viewer: Actor) -> QuerySet[PeriodicReturn]:
    """What the viewer's own agency answers: one question fewer than all that it may see."""
    check(viewer, "PERIODIC_RETURN_SUBMIT")
    return PeriodicReturn.objects.filter(agency_code=viewer.agency_code)


def to_judge(*, viewer: Actor, limit: int) -> list[PeriodicReturn]:
    """Submitted or checked returns that wait for the viewer, who did not submit them, the oldest first."""
    rows = visible(viewer).filter(status__in=(rules.SUBMITTED, rules.CHECKED)).exclude(submitted_by=viewer.id)
    return list(rows.defer("unread").order_by("submitted_at", "id")[:limit])


def owed(*, viewer: Actor, today: date) -> list[Owed]:
    """What the viewer's agency may answer and when, the newest period first; nothing for those who answer for all."""
    if viewer.scope == NATIONAL or not viewer.may("PERIODIC_RETURN_SUBMIT"):
        return []
    templates = answerable(viewer)
    wanted = [(one, period) for one in templates for period in ended(one, today - OWED_FOR, today)]
    rows = visible(viewer).filter(state_code=viewer.state_code, ends_on__gte=today - OWED_FOR).order_by("revision")
    newest = {(row.template_code, row.period): row for row in rows.defer("unread")}
    found = [
        Owed(one, period, viewer.state_code, period.due(one.due_days), newest.get((one.id, period.name)))
        for one, period in wanted
    ]
    return sorted(found, key=lambda one: (one.period.end, one.template.id), reverse=True)


def ended(template: ReturnTemplate, since: date, today: date) -> list[Period]:
    """The periods of a template that ended from ``since`` on and before today."""
    first = rules.period_at(template.periodicity, since)
    found = rules.periods(template.periodicity, first.start, today - timedelta(days=1))
    return [period for period in found if period.end >= since and template.is_valid(period.start)]


@lru_cache(maxsize=256)
def _template(digest: str) -> ReturnTemplate:
    return rebuilt(Template.objects.values_list("content", flat=True).get(pk=digest))


def template_of(row: PeriodicReturn) -> ReturnTemplate:
    """The template as it was when the return was opened; what a digest stands for never changes."""
    return _template(row.template_id)


def template_for(template_id: str, period: Period) -> ReturnTemplate:
    """The version of the pack that asks about a period. Raises ``Missing``."""
    for template in current().return_templates:
        if template.id == template_id and template.is_valid(period.start):
            return template
    raise Missing(_("There is no template of this name for this period."))


def answers_of(row: PeriodicReturn) -> dict[rules.Cell, Answer]:
    rows = row.values.values_list("measure", "key", "kind", "value")
    return {(measure, rules.read_key(key)): Answer(kind, value) for measure, key, kind, value in rows}


def may_answer(*, viewer: Actor, row: PeriodicReturn) -> bool:
    """Whether the viewer may fill in, submit and correct a return."""
    try:
        check_may_answer(viewer, template_of(row), row.state_code)
    except Forbidden:
        return False
    return True


def before(row: PeriodicReturn) -> dict[rules.Cell, Decimal]:
    """The accepted numbers of the same state for the period before, cell by cell; none when nothing was accepted."""
    earlier = rules.before(rules.period_of(row.period))
    accepted = PeriodicReturn.objects.filter(
        template_code=row.template_code, state_code=row.state_code, period=earlier.name, status__in=rules.COUNTED
    )
    found = accepted.order_by("-revision").first()
    numbers = {cell: answer.number for cell, answer in answers_of(found).items()} if found else {}
    return {cell: number for cell, number in numbers.items() if number is not None}


def casework(template: ReturnTemplate, state: str, period: Period) -> dict[str, int]:
    """What Enlace counts for the indicators that a template's rules name; nothing when nobody counts them."""
    wanted = {rule.indicator for rule in template.rules if rule.indicator}
    if not wanted:
        return {}
    counted: dict[str, int] = {}
    with seeing_as(COUNTING):
        for counter in slots.registered(slots.CaseworkCount, COUNTING):
            counted |= counter.count(sorted(wanted), state, period.start, period.end)
    return counted


def beside(row: PeriodicReturn, *, earlier: dict[rules.Cell, Decimal] | None = None) -> Beside:
    """What a return is held against: the totals of the period before, and casework's counts as they were kept."""
    numbers = before(row) if earlier is None else earlier
    totals = {measure: number for (measure, key), number in numbers.items() if not key}
    return Beside(totals, {name: Decimal(number) for name, number in row.casework.items()})


def findings_of(row: PeriodicReturn, answers: Answers | None = None) -> list[rules.Finding]:
    """What the rules of its template find in a return. A cell that could not be read is told of as that alone."""
    found = rules.findings(template_of(row), answers_of(row) if answers is None else answers, beside(row))
    unread = {one["cell"] for one in row.unread}
    return [one for one in found if one.rule != rules.UNANSWERED or rules.cell_name(one.cell) not in unread]


def answering_agencies(template: ReturnTemplate) -> dict[str, tuple[str, str]]:
    """State -> (agency, kind) of whoever is asked first: the first kind of the template that has an agency there."""
    found: dict[str, tuple[str, str]] = {}
    rows = list(agencies().filter(kind_code__in=template.kinds).values_list("state_code", "code", "kind_code"))
    for state, code, kind in sorted(rows, key=lambda row: (template.kinds.index(row[2]), row[1])):
        found.setdefault(state, (code, kind))
    return found
