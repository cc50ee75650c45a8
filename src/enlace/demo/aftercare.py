"""What came after: sessions, follow-ups, permits of stay, assisted returns, and the half-years that consulates reported.

Where figures were published, the permits granted in a year and the returns are those; a year with none reported has people
who were told and who applied, and no grant.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from enlace.accounts.queries import agencies
from enlace.assistance.actions import (
    Ending,
    Given,
    Heard,
    Meeting,
    PermitStep,
    ReturnStep,
    end_service,
    move_permit,
    move_return,
    open_permit,
    open_return,
    plan_follow_ups,
    record_follow_up,
    record_services,
    record_sessions,
    report_half,
)
from enlace.assistance.queries import follow_ups_of_case
from enlace.base.actor import Actor
from enlace.country.queries import current
from enlace.demo.cascade import HIGH, Resident, last_year, published
from enlace.demo.caseload import acting_for, at, by_first_agency, case_id, named, person_id
from enlace.demo.rules import Invented, calibrated
from enlace.people.actions import Consent, record_consents

VISAS, RETURNED = "humanitarian_visas", "victims_repatriated"
TOLD_AFTER, APPLIED_AFTER, GRANTED_AFTER = 3, 10, 50  # days after the identification
TOLD, APPLIED = 12, 7  # in a year without a grant
FOLLOWED = 40
# What came of each follow-up, as the flags of the pack's outcomes: contact, exploited again, ends.
WELL, SILENT, LOST, AGAIN_EXPLOITED = ("yes", "no", "no"), ("no", "no", "no"), ("no", "no", "yes"), ("yes", "yes", "no")
PATTERNS = (
    (WELL, WELL, WELL, WELL),
    (WELL, WELL, WELL, SILENT),
    (WELL, SILENT, WELL, WELL),
    (WELL, WELL, LOST),
    (WELL, WELL, WELL, LOST),
    (WELL, WELL, AGAIN_EXPLOITED),
    (LOST,),
)
AGAIN, AGAIN_FOR = 5, (8, 21)  # the pattern, and for whom
SEEN = 20  # residents whose sessions are recorded


def write(people: Sequence[Invented], found: Sequence[Resident]) -> None:
    """All of it; ``found`` are the residents of the last calibrated year."""
    year = last_year()
    if year is None:
        return
    for one in (year - 1, year):
        _permits(people, one)
    returning = _returns(found, year)
    _sessions(found[:SEEN])
    stayed = [one for one in found if one.person.number not in returning]
    _follow_ups(stayed[:FOLLOWED])
    _halves()


def _permits(people: Sequence[Invented], year: int) -> None:
    """As many granted in the year as were published; where none was, some people were told and some of them applied."""
    kind = next((code.code for code in current().codes("permit_kind") if code.extra["foreign"] == "yes"), "")
    granted, last = published(VISAS, str(year)), date(year, 12, 28) - timedelta(days=GRANTED_AFTER)
    leads = {p.number: lead for lead, group in by_first_agency(people).items() for p in group}
    able = [p for p in people if p.citizenship and p.identified_on.year == year and p.identified_on <= last]
    if not kind:
        return
    for n, p in enumerate(able[: granted or TOLD]):
        by, permit = acting_for(leads[p.number]), named(f"permit {p.number}")
        open_permit(by=by, case_id=case_id(p), kind_code=kind, on=p.identified_on, permit_id=permit)
        for step in _steps(p, "granted" if granted else "applied" if n < APPLIED else "informed"):
            move_permit(by=by, row=step)


def _steps(p: Invented, until: str) -> list[PermitStep]:
    """From being told to the end of the permit, or to giving up."""
    permit, language = named(f"permit {p.number}"), next(iter(current().codes("language"))).code
    day = p.identified_on
    told, applied, granted = (day + timedelta(days=n) for n in (TOLD_AFTER, APPLIED_AFTER, GRANTED_AFTER))
    steps = [PermitStep(permit_id=permit, verb="inform", on=told, code="person", language_code=language)]
    if until != "informed":
        steps.append(PermitStep(permit_id=permit, verb="apply", on=applied))
    if until == "applied":
        steps.append(PermitStep(permit_id=permit, verb="withdraw", on=applied + timedelta(days=200)))
    if until == "granted":
        steps.append(PermitStep(permit_id=permit, verb="grant", on=granted))
    end = granted + timedelta(days=365)
    if end <= timezone.localdate():
        reason = "lapsed" if until == "granted" else "person_decision"
        steps.append(PermitStep(permit_id=permit, verb="end", on=end, code=reason))
    return steps


def _returns(found: Sequence[Resident], year: int) -> set[int]:
    """The people from abroad of the refuge of high security return with help; returns their numbers."""
    kinds = [code.code for code in current().codes("return_kind") if code.extra["abroad"] == "no"]
    going = [one for one in found if one.person.citizenship and one.house.kind == HIGH]
    going = going[: published(RETURNED, str(year))]
    for one in going:
        by, left = acting_for(one.house.agency), one.left_on
        purpose, day = "repatriation", left - timedelta(days=10)
        row = Consent(person_id=person_id(one.person), purpose_code=purpose, given_by_code="person", given_on=day)
        record_consents(by=by, rows=[row])
        opened = open_return(
            by=by, case_id=case_id(one.person), kind_code=kinds[0], country_code=one.person.citizenship, on=day
        )
        risks = {code.code: "no" for code in current().codes("return_risk")}
        receiver = next(iter(current().codes("receiving_side"))).code
        for step in (
            ReturnStep(return_id=opened.pk, verb="check_risks", on=day, code="safe", risks=risks),
            ReturnStep(return_id=opened.pk, verb="confirm", on=left - timedelta(days=3), code=receiver),
            ReturnStep(return_id=opened.pk, verb="depart", on=left),
            ReturnStep(return_id=opened.pk, verb="arrive", on=left, code=receiver),
        ):
            move_return(by=by, row=step)
        _hear(by, one, len(PATTERNS) - 1)  # the arrival has planned when they are asked
    return {one.person.number for one in going}


def _sessions(found: Sequence[Resident]) -> None:
    """A service of the house for some of its people: sessions held, missed and cancelled."""
    by_agency: dict[str, list[Resident]] = defaultdict(list)
    for one in found:
        by_agency[one.house.agency].append(one)
    for agency_code, own in by_agency.items():
        by = acting_for(agency_code)
        record_services(by=by, rows=[_service(one) for one in own])
        record_sessions(by=by, rows=[meeting for one in own for meeting in _meetings(one)])
        for one in own:
            end_service(by=by, service_id=_service(one).id, on=one.left_on)


def _service(one: Resident) -> Given:
    return Given(
        id=named(f"house service {one.person.number}"),
        case_id=case_id(one.person),
        service_code="MENTAL",
        started_on=one.admitted_on,
    )


def _meetings(one: Resident) -> list[Meeting]:
    said = (("hold", ""), ("hold", ""), ("miss", ""), ("cancel", "provider"))
    return [
        Meeting(
            service_id=_service(one).id,
            planned_at=at(one.admitted_on + timedelta(days=n), 16),
            verb=verb,
            cancelled_by=who,
            minutes=50 if verb == "hold" else None,
        )
        for n, (verb, who) in enumerate(said)
    ]


def _follow_ups(found: Sequence[Resident]) -> None:
    """Asked after one, three, six and twelve months; some were not reached, some lost, some exploited again."""
    leads = {p.number: lead for lead, group in by_first_agency([one.person for one in found]).items() for p in group}
    by_lead: dict[str, list[Resident]] = defaultdict(list)
    for one in found:
        by_lead[leads[one.person.number]].append(one)
    for lead, own in by_lead.items():
        rows = [Ending(case_id=case_id(one.person), ended_on=one.left_on) for one in own]
        plan_follow_ups(by=acting_for(lead), rows=rows)
    for n, one in enumerate(found):
        _hear(acting_for(leads[one.person.number]), one, AGAIN if n in AGAIN_FOR else n % AGAIN)


def _hear(by: Actor, one: Resident, pattern: int) -> None:
    """Record what came of each time, until contact ends, the person was exploited again, or the day has not come."""
    rows = list(follow_ups_of_case(viewer=by, case_id=case_id(one.person)))
    codes = list(current().codes("followup_outcome"))
    for row, (contact, again, ends) in zip(sorted(rows, key=lambda row: row.number), PATTERNS[pattern], strict=False):
        said = {"contact": contact, "reexploited": again, "ends": ends}
        outcome = next((code.code for code in codes if said == {name: code.extra[name] for name in said}), "")
        done = row.due_on + timedelta(days=2)
        if outcome and done <= timezone.localdate():
            heard = Heard(follow_up_id=row.pk, outcome_code=outcome, done_on=done)
            record_follow_up(by=by, row=heard)


def _halves() -> None:
    """Agencies abroad reported the half-years of which a total was published, and no other: those are missing."""
    halves = set()
    for block in calibrated(current()):
        if block.is_abroad:
            months = range(block.start.month, block.end.month + 1)
            halves |= {f"{block.start.year}-H{1 if month <= 6 else 2}" for month in months}
    abroad = {kind.code for kind in current().codes("agency_kind") if kind.extra["abroad"] == "yes"}
    for agency in agencies():
        if agency.kind_code in abroad:
            for half in sorted(halves):
                report_half(by=acting_for(agency.pk), half=half)
