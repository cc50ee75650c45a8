"""Every write of a case. The single form is the bulk of one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agency
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.bulk import store
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_code, new_id
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.base.states import Machine
from enlace.cases import rules
from enlace.cases.models import Case, CaseAgency, CaseCode, Decision, Episode, Note, Turn
from enlace.cases.permissions import locked, visible
from enlace.country.queries import current
from enlace.intake.actions import Result, record_outcomes
from enlace.people.permissions import visible as visible_people
from enlace.screening.actions import Confirmed, record_confirmations

REPEATED = ("status", "identification", "state_code")  # of a case, in the row of each agency that works on it
TOLD_AS = {rules.IDENTIFIED: "victim_identified", rules.NOT_CONFIRMED: "not_confirmed"}  # to the desk of the contact
LETTING_IN = Actor.system("cases")  # below the wall no agency writes for itself on which cases it works
MULTIPLE_LISTS = (
    "exploitation_form",
    "means",
    "recruitment_method",
    "website_app",
    "sexual_exploitation_type",
    "industry",
    "vulnerability",
)


@dataclass(frozen=True, kw_only=True)
class Coded:
    """One value of a list with several answers; ``standard`` is the exchange standard's own code, if it says more."""

    list_name: str
    code: str
    standard: str = ""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One stretch of recruitment, transit or exploitation."""

    kind_code: str
    started_on: date | None = None
    ended_on: date | None = None
    country_code: str = ""
    state_code: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What is known when a case is opened. ``decision`` lets an import bring a decision made before."""

    person_id: UUID
    origin_code: str
    state_code: str = ""
    country_code: str = ""
    codes: tuple[Coded, ...] = ()
    episodes: tuple[Stretch, ...] = ()
    relationship_code: str = ""
    age_when_trafficked: int | None = None
    standard: Mapping[str, object] = field(default_factory=dict)
    source_ref: str = ""
    opened_at: datetime | None = None
    code_value: int | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """One decision about identification, to be recorded."""

    case_id: UUID
    verb: str
    ground_code: str
    reason: str = ""
    body_code: str = ""
    decided_at: datetime | None = None


def open_cases(*, by: Actor, rows: Sequence[Opening]) -> list[Case]:
    """Open one case for each person; one audit event for the batch."""
    check(by, "CASE_OPEN")
    for row in rows:
        _check_opening(row)
    now = timezone.now()
    with audited(by=by, action="case.opened", detail={"count": len(rows)}) as event:
        ids = {row.person_id for row in rows}
        if visible_people(by).filter(pk__in=ids).count() != len(ids):
            raise Missing(_("No such person is known to your agency."))
        cases = [_case(row, by, now) for row in rows]
        if len(cases) == 1:
            event.about("case", cases[0].pk)
        Case.objects.bulk_create(cases, batch_size=500)
        with seeing_as(LETTING_IN):
            CaseAgency.objects.bulk_create(
                [_part(c, by.agency_code, c.opened_at, rules.LEAD) for c in cases], batch_size=500
            )
        _write_codes([(row.id, row.codes) for row in rows])
        Episode.objects.bulk_create(
            [Episode(case_id=row.id, **_episode(e)) for row in rows for e in row.episodes], batch_size=500
        )
        opened = [Result(kind="case_opened", person_id=c.person_id, at=c.opened_at) for c in cases]
        record_outcomes(by=by, rows=opened)
    return cases


def edit_case(
    *, by: Actor, case_id: UUID, codes: Sequence[Coded], relationship_code: str, age_when_trafficked: int | None
) -> Case:
    """Replace what is known about the exploitation; decisions already made keep what they were based on."""
    check(by, "CASE_EDIT")
    with audited(by=by, action="case.edited", subject=("case", case_id), data_class="C"):
        case = locked(by, case_id)
        rules.check_open(case.status)
        _check_coded(codes)
        case.relationship_code, case.age_when_trafficked = relationship_code, age_when_trafficked
        case.save(update_fields=["relationship_code", "age_when_trafficked"])
        kept = {(c.list_name, c.code): c.standard for c in CaseCode.objects.filter(case=case)}
        CaseCode.objects.filter(case=case).delete()
        filled = [
            Coded(list_name=c.list_name, code=c.code, standard=c.standard or kept.get((c.list_name, c.code), ""))
            for c in codes
        ]
        _write_codes([(case.pk, filled)])
    return case


def add_episode(*, by: Actor, case_id: UUID, episode: Stretch) -> Episode:
    """Add one stretch of recruitment, transit or exploitation."""
    check(by, "CASE_EDIT")
    _check_episode(episode)
    with audited(by=by, action="case.episode_added", subject=("case", case_id), data_class="C"):
        case = locked(by, case_id)
        rules.check_open(case.status)
        return Episode.objects.create(case=case, **_episode(episode))


def decide_cases(*, by: Actor, rows: Sequence[Ruling]) -> list[Decision]:
    """Decide identification: identify, not confirm, presume again, or back to presumed after renewed exploitation."""
    check(by, "CASE_DECIDE")
    grounds = current().codes("identification_ground")
    if any(grounds.get(row.ground_code) is None for row in rows):
        raise Refusal(_("Say on what ground the decision is made."))
    with audited(by=by, action="case.decided", detail={"count": len(rows)}, data_class="C") as event:
        cases = _locked_cases(by, [row.case_id for row in rows])
        if len(rows) == 1:
            event.about("case", rows[0].case_id)
            event.detail["verb"] = rows[0].verb
        forms = _forms(list(cases))
        kind = agency(by.agency_code).kind_code if by.agency_code else ""
        decisions = [_decision(row, cases[row.case_id], by, kind, forms.get(row.case_id, [])) for row in rows]
        Decision.objects.bulk_create(decisions, batch_size=500)
        store(cases.values(), ["identification", "presumed_at"])
        _repeat(cases.values())
        told = [(d, TOLD_AS[d.outcome]) for d in decisions if d.outcome in TOLD_AS]
        outcomes = [Result(kind=kind, person_id=d.case.person_id, at=d.decided_at) for d, kind in told]
        record_outcomes(by=by, rows=outcomes)
        confirmed = [Confirmed(person_id=d.case.person_id, outcome=d.outcome, at=d.decided_at) for d, _kind in told]
        record_confirmations(by=by, rows=confirmed)
    return decisions


def write_note(*, by: Actor, case_id: UUID, text: str, is_shared: bool = False) -> Note:
    """Write a note for the own agency, or for all agencies on the case."""
    check(by, "CASE_NOTE")
    if not text.strip():
        raise Refusal(_("The note is empty."))
    with audited(by=by, action="case.noted", subject=("case", case_id), data_class="D"):
        case = locked(by, case_id)
        rules.check_open(case.status)
        return Note.objects.create(
            case=case,
            agency_code=by.agency_code,
            written_by=by.id,
            written_at=timezone.now(),
            text=text.strip(),
            is_shared=is_shared,
        )


def close_case(
    *,
    by: Actor,
    case_id: UUID,
    reason_code: str,
    pending_referrals: Callable[[], int] = lambda: 0,
    at: datetime | None = None,
) -> Case:
    """Close with a reason. ``pending_referrals`` counts what the caller can see, once nobody can send another."""
    check(by, "CASE_CLOSE")
    if current().codes("closure_reason").get(reason_code) is None:
        raise Refusal(_("Choose a reason for closing."))
    with audited(by=by, action="case.closed", subject=("case", case_id), detail={"reason": reason_code}):
        case = locked(by, case_id)
        case.status = _after(rules.CASE, case.status, "close")
        rules.check_may_close(pending_referrals())
        case.closed_at, case.closure_reason_code = at or timezone.now(), reason_code
        if case.closed_at < case.opened_at:
            raise Refusal(_("A case cannot be closed before it was opened."))
        case.save(update_fields=["status", "closed_at", "closure_reason_code"])
        _repeat([case])
        _turn(case, "close", by, reason_code, case.closed_at)
    return case


def reopen_case(*, by: Actor, case_id: UUID) -> Case:
    """Open again a closed case; what was decided stays."""
    check(by, "CASE_REOPEN")
    with audited(by=by, action="case.reopened", subject=("case", case_id)):
        case = locked(by, case_id)
        case.status = _after(rules.CASE, case.status, "reopen")
        case.closed_at, case.closure_reason_code = None, ""
        case.save(update_fields=["status", "closed_at", "closure_reason_code"])
        _repeat([case])
        _turn(case, "reopen", by, "", timezone.now())
    return case


def join_cases(*, by: Actor, joins: Mapping[UUID, datetime], agency_code: str) -> None:
    """Let an agency work on cases from a moment on. Called by what gives it the right: an accepted referral."""
    with audited(by=by, action="case.joined", detail={"agency": agency_code, "count": len(joins)}) as event:
        if len(joins) == 1:
            event.about("case", next(iter(joins)))
        ids = sorted(joins)
        with seeing_as(LETTING_IN):
            for start in range(0, len(ids), 500):
                # Locked, so that nobody changes meanwhile what the new rows repeat.
                found = Case.objects.select_for_update().filter(pk__in=ids[start : start + 500]).order_by("pk")
                rows = [_part(case, agency_code, joins[case.pk], rules.PARTNER) for case in found]
                CaseAgency.objects.bulk_create(rows, ignore_conflicts=True)


def _part(case: Case, agency_code: str, joined_at: datetime, part: str) -> CaseAgency:
    repeated = {name: getattr(case, name) for name in REPEATED}
    return CaseAgency(case=case, agency_code=agency_code, joined_at=joined_at, part=part, **repeated)


def _repeat(cases: Collection[Case]) -> None:
    """Bring the parts of every agency up to date with their case. No agency writes these rows for itself."""
    same: dict[tuple[str, ...], list[UUID]] = {}
    for case in cases:
        same.setdefault(tuple(getattr(case, name) for name in REPEATED), []).append(case.pk)
    with seeing_as(LETTING_IN):
        for values, ids in same.items():
            for start in range(0, len(ids), 500):
                rows = CaseAgency.objects.filter(case_id__in=ids[start : start + 500])
                rows.update(**dict(zip(REPEATED, values, strict=True)))


def _after(machine: Machine, state: str, verb: str) -> str:
    """The state that ``verb`` leads to, refused in words that can be translated."""
    if verb not in machine.verbs(state):
        raise Refusal(_("Something has changed since the page was opened."))
    return machine.after(state, verb)


def _case(row: Opening, by: Actor, now: datetime) -> Case:
    opened_at = row.opened_at or now
    return Case(
        id=row.id,
        code=new_code("C", row.code_value),
        person_id=row.person_id,
        presumed_at=opened_at,
        origin_code=row.origin_code,
        opened_by=by.agency_code,
        opened_at=opened_at,
        lead_agency_code=by.agency_code,
        state_code=row.state_code,
        country_code=row.country_code,
        relationship_code=row.relationship_code,
        age_when_trafficked=row.age_when_trafficked,
        standard=dict(row.standard),
        source_ref=row.source_ref,
    )


def _write_codes(rows: Sequence[tuple[UUID, Sequence[Coded]]]) -> None:
    CaseCode.objects.bulk_create(
        [
            CaseCode(case_id=case_id, list_name=c.list_name, code=c.code, standard=c.standard, position=position)
            for case_id, codes in rows
            for position, c in enumerate(dict.fromkeys(codes))
        ],
        batch_size=500,
    )


def _locked_cases(by: Actor, ids: Sequence[UUID]) -> dict[UUID, Case]:
    if len(ids) == 1:
        return {ids[0]: locked(by, ids[0])}
    rows = visible(by).select_for_update(of=("self",)).order_by("pk")
    cases: dict[UUID, Case] = {}
    for start in range(0, len(ids), 500):
        cases |= {c.pk: c for c in rows.filter(pk__in=ids[start : start + 500])}
    if len(cases) != len(set(ids)):
        raise Missing(_("Your agency does not work on one of these cases."))
    return cases


def _forms(case_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for start in range(0, len(case_ids), 500):
        rows = CaseCode.objects.filter(case_id__in=case_ids[start : start + 500], list_name="exploitation_form")
        for case_id, code in rows.order_by("position").values_list("case_id", "code"):
            found.setdefault(case_id, []).append(code)
    return found


def _decision(row: Ruling, case: Case, by: Actor, kind: str, forms: Sequence[str]) -> Decision:
    rules.check_open(case.status)
    at = row.decided_at or timezone.now()
    if at < case.opened_at:
        raise Refusal(_("A decision cannot be dated before the case was opened."))
    case.identification = _after(rules.IDENTIFICATION, case.identification, row.verb)
    if case.identification == rules.PRESUMED:
        case.presumed_at = at
    return Decision(
        case=case,
        verb=row.verb,
        outcome=case.identification,
        decided_at=at,
        decided_by=by.id,
        agency_code=by.agency_code,
        agency_kind_code=kind,
        body_code=row.body_code,
        ground_code=row.ground_code,
        reason=row.reason.strip(),
        form_code=rules.principal_form(forms),
        state_code=case.state_code,
    )


def _turn(case: Case, verb: str, by: Actor, reason_code: str, at: datetime) -> None:
    Turn.objects.create(case=case, verb=verb, at=at, by=by.id, agency_code=by.agency_code, reason_code=reason_code)


def _episode(row: Stretch) -> dict[str, object]:
    return {name: getattr(row, name) for name in Stretch.__dataclass_fields__}


def _check_opening(row: Opening) -> None:
    pack = current()
    if pack.codes("case_origin").get(row.origin_code) is None:
        raise Refusal(_("Say how the agency met the person."))
    if row.state_code and row.state_code not in pack.states_by_code:
        raise Refusal(_("This state is not in the list."))
    if row.age_when_trafficked is not None and not 0 <= row.age_when_trafficked <= 120:
        raise Refusal(_("The age must be between 0 and 120 years."))
    _check_coded(row.codes)
    for episode in row.episodes:
        _check_episode(episode)


def _check_coded(codes: Sequence[Coded]) -> None:
    pack = current()
    for coded in codes:
        if coded.list_name not in MULTIPLE_LISTS or pack.codes(coded.list_name).get(coded.code) is None:
            raise Refusal(
                _("“%(code)s” is not in the list “%(list)s”.") % {"code": coded.code, "list": coded.list_name}
            )


def _check_episode(row: Stretch) -> None:
    if current().codes("event_kind").get(row.kind_code) is None:
        raise Refusal(_("Choose recruitment, transit or exploitation."))
    if row.started_on and row.ended_on and row.ended_on < row.started_on:
        raise Refusal(_("The end is before the start."))
