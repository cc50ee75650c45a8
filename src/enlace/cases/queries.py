"""Reads of cases; always ``viewer=``, always filtered."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enlace.audit.actions import audited, record_read
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.cases.models import Case, CaseAgency, CaseCode, Decision, Episode, Note, Turn
from enlace.cases.permissions import opened_in_emergency, own_work, visible, visible_notes
from enlace.cases.rules import OPEN, PRESUMED, decision_due
from enlace.country.queries import current
from enlace.people.queries import hold_emergency
from enlace.portal.permissions import own_id

ORDER = ("-joined_at", "-id")
OLDEST_FIRST = ("joined_at", "id")


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases may be narrowed by; empty means all."""

    status: str = ""
    identification: str = ""
    state_code: str = ""
    part: str = ""
    oldest_first: bool = False


@dataclass(frozen=True)
class CaseDetail:
    """Everything of a case that one agency may see."""

    case: Case
    codes: dict[str, list[CaseCode]]
    episodes: Sequence[Episode]
    decisions: Sequence[Decision]
    notes: Sequence[Note]
    turns: Sequence[Turn]
    agency_codes: Sequence[str]


def case(*, viewer: Actor, case_id: UUID) -> Case:
    """One case the viewer's agency works on. Raises ``Missing`` for all others, existing or not."""
    found = visible(viewer).select_related("person").filter(pk=case_id).first()
    if found is None:
        raise Missing(_("Your agency does not work on such a case."))
    return found


def case_page(*, viewer: Actor, wanted: CaseFilter, cursor: str = "", size: int = 25) -> Page:
    """One page of the agency's cases, by when the agency joined; rows are ``CaseAgency`` with case and person."""
    rows = own_work(viewer).select_related("case__person")
    for name in ("status", "identification", "state_code", "part"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    return page(rows, order=OLDEST_FIRST if wanted.oldest_first else ORDER, cursor=cursor, size=size)


def case_detail(*, viewer: Actor, case_id: UUID) -> CaseDetail:
    """A case with its parts, in seven queries whatever its size. Notes are class D: the reading leaves a record."""
    found = case(viewer=viewer, case_id=case_id)
    record_read(by=viewer, action="case.read", subject=("case", case_id), data_class="D")
    codes: dict[str, list[CaseCode]] = {}
    for code in found.codes.order_by("list_name", "position"):
        codes.setdefault(code.list_name, []).append(code)
    return CaseDetail(
        case=found,
        codes=codes,
        episodes=list(found.episodes.order_by("kind_code", "started_on")),
        decisions=list(found.decisions.order_by("-decided_at")),
        notes=list(visible_notes(viewer, found).order_by("-written_at")),
        turns=list(found.turns.order_by("-at")),
        agency_codes=agencies_on(viewer=viewer, found=found),
    )


@dataclass(frozen=True)
class EmergencyCase:
    """What an emergency shows of a case: where it stands, who works on it, and what was written for all who do."""

    case: Case
    forms: list[str]
    notes: list[Note]
    agency_codes: list[str]


def cases_in_emergency(*, viewer: Actor, emergency_id: UUID) -> list[EmergencyCase]:
    """The cases of the person of an emergency access in force, newest first. The reading is on record, with the access."""
    with audited(by=viewer, action="case.read", data_class="D") as event:
        emergency = hold_emergency(viewer=viewer, emergency_id=emergency_id)
        event.about("person", emergency.person_id)
        event.detail["emergency"] = str(emergency.pk)
        rows = opened_in_emergency(viewer).filter(person_id=emergency.person_id).order_by("-opened_at")
        return [_in_emergency(viewer, row, tells_where=emergency.is_approved) for row in rows]


def _in_emergency(viewer: Actor, row: Case, *, tells_where: bool) -> EmergencyCase:
    """Which agencies help tells where the person is (a shelter): before a second person agreed only the one in charge."""
    forms = row.codes.filter(list_name="exploitation_form").order_by("position").values_list("code", flat=True)
    notes = row.notes.filter(is_shared=True).order_by("-written_at")
    if tells_where:
        return EmergencyCase(row, list(forms), list(notes), agencies_on(viewer=viewer, found=row))
    return EmergencyCase(row, list(forms), list(notes.filter(agency_code=row.lead_agency_code)), [])


def agencies_on(*, viewer: Actor, found: Case) -> list[str]:
    """Which agencies work on a case that the viewer sees. (Each agency's own row is all its wall lets through.)"""
    with seeing_as(Actor.system("cases.agencies_on")):
        rows = CaseAgency.objects.filter(case_id=found.pk).order_by("joined_at", "id")
        return list(rows.values_list("agency_code", flat=True))


def cases_of_person(*, viewer: Actor, person_id: UUID) -> QuerySet[Case]:
    return visible(viewer).filter(person_id=person_id).order_by("-opened_at")


def ids_of_own(*, viewer: Actor) -> list[UUID]:
    """The ids of the cases of a person on her own page, so that she is told who opened them."""
    hers = own_id(viewer)
    with seeing_as(Actor.system("cases.own")):
        return list(Case.objects.filter(person_id=hers).values_list("pk", flat=True))


def cases_of_people(*, viewer: Actor, person_ids: Collection[UUID]) -> list[Case]:
    """The cases of several people (up to a few hundred), the newest first, with their person."""
    rows = visible(viewer).filter(person_id__in=person_ids).select_related("person")
    return list(rows.order_by("-opened_at")[:50])


def cases_by_id(*, viewer: Actor, ids: Collection[UUID]) -> dict[UUID, Case]:
    """Those of the cases that the viewer's agency works on; of the others nothing."""
    return {row.pk: row for row in visible(viewer).filter(pk__in=ids)}


def case_by_code(*, viewer: Actor, code: str) -> Case | None:
    return visible(viewer).filter(code=code).first()


def undecided(*, viewer: Actor, limit: int) -> list[tuple[Case, datetime]]:
    """Open cases of which the agency leads and whose identification is still to be decided, oldest first."""
    check(viewer, "CASE_DECIDE")
    wait = current().limits["identification_decision"]
    rows = visible(viewer).filter(lead_agency_code=viewer.agency_code, status=OPEN, identification=PRESUMED)
    return [(case, decision_due(case.presumed_at, wait)) for case in rows.order_by("presumed_at")[:limit]]


def forms_by_case(*, viewer: Actor, case_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    rows = CaseCode.objects.filter(case__in=visible(viewer).filter(pk__in=case_ids), list_name="exploitation_form")
    found: dict[UUID, list[str]] = {}
    for case_id, code in rows.order_by("position").values_list("case_id", "code"):
        found.setdefault(case_id, []).append(code)
    return found


def search(*, viewer: Actor, code: str) -> list[Case]:
    """Cases by their own code or their person's."""
    rows = visible(viewer).filter(Q(code=code) | Q(person__code=code)).select_related("person")
    return list(rows.order_by("-opened_at")[:25])


def imported(*, agency_code: str, refs: Collection[str]) -> dict[str, UUID]:
    """Which records of a source are already here: source reference -> case id."""
    rows = Case.objects.filter(opened_by=agency_code, source_ref__in=refs)
    return dict(rows.values_list("source_ref", "id"))


def known_codes(*, viewer: Actor, codes: Collection[str]) -> set[str]:
    """Those of these case codes (up to a few hundred) that belong to cases the viewer's agency works on."""
    return set(visible(viewer).filter(code__in=codes).values_list("code", flat=True))


@dataclass(frozen=True)
class ExportRow:
    """One case as it leaves in a file: the case with its person, its coded lists and who decided last (``None``: nobody)."""

    case: Case
    codes: dict[str, list[str]]
    body_code: str | None


def export_rows(*, viewer: Actor) -> Iterator[ExportRow]:
    """The cases the agency leads, oldest first, in three queries."""
    mine = visible(viewer).filter(lead_agency_code=viewer.agency_code).select_related("person")
    codes: dict[UUID, dict[str, list[str]]] = {}
    rows = CaseCode.objects.filter(case__in=mine).order_by("list_name", "position")
    for case_id, list_name, code in rows.values_list("case_id", "list_name", "code"):
        codes.setdefault(case_id, {}).setdefault(list_name, []).append(code)
    decided = Decision.objects.filter(case__in=mine).order_by("decided_at", "id")
    bodies = dict(decided.values_list("case_id", "body_code"))
    for found in mine.order_by("opened_at", "id"):
        yield ExportRow(found, codes.get(found.pk, {}), bodies.get(found.pk))
