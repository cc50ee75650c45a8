"""The referral mechanism of these weeks: something in each of its work queues, and an own page that can be opened."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from enlace.accounts.queries import agency
from enlace.assistance.actions import (
    Ending,
    Given,
    Meeting,
    NewGoal,
    PermitStep,
    add_goal,
    draw_plan,
    move_permit,
    open_permit,
    plan_follow_ups,
    record_services,
    record_sessions,
)
from enlace.base.actor import Actor
from enlace.cases.actions import Coded, Opening, Ruling, decide_cases, open_cases
from enlace.country.queries import current
from enlace.demo.caseload import SYSTEM, acting_for, named
from enlace.demo.houses import House
from enlace.demo.people import actor, agency_of
from enlace.demo.rules import FOREIGN
from enlace.people.actions import Breaking, Consent, Registration, record_consents, register_people
from enlace.placements.actions import (
    Admission,
    Hold,
    admit_stays,
    confirm_stay,
    hold_beds,
    lapse_holds,
    record_gap,
    request_bed,
    reroute,
    watch_stays,
)
from enlace.placements.queries import Asked
from enlace.portal.actions import Giving, ask, issue_page
from enlace.portal.permissions import person_actor
from enlace.portal.queries import page_by_number
from enlace.referrals.actions import Answer, Request, answer_referrals, expire_referrals, send_referrals
from enlace.vault.actions import end_emergency, open_emergency, seal_identities
from enlace.vault.rules import Identity

SHELTER, FOREIGNER, MALE = "SHELTER", 7, 6
NAMES = ("Nadia", "Odette", "Paz", "Quirina", "Rita", "Sara", "Tomás", "Úrsula", "Vera")
NEAR_LIMIT, CLOSED_DOOR, HELD, NOT_COME, IN_LINE, EXPIRED, NOWHERE, WAITING, TO_ASK = range(len(NAMES))
MET_DAYS_AGO = 400
QUESTION = "Pregunta de ejemplo (sintética): quiero saber quién vio mis datos."
URGENT = "Ejemplo sintético: la persona pidió ayuda inmediata por teléfono."
GOAL = "Objetivo de ejemplo (sintético): terminar la secundaria."


def write(houses: Sequence[House]) -> None:
    """Nine people of the coordination; where its country has no house for them, only what needs none."""
    lead = acting_for(agency_of("coordinacion"))
    people, cases = _met(lead)
    own = [house for house in houses if house.agency == agency_of("refugio")]
    if own:
        _stays(lead, own, cases)
        _own_page(own[0].agency, people[NEAR_LIMIT])
    _sent_on(lead, houses, cases[EXPIRED])
    record_gap(by=lead, case_id=cases[NOWHERE], asked=Asked(service_codes=(SHELTER,), days=60))
    _permit(lead, cases[WAITING])
    plan_follow_ups(by=lead, rows=[Ending(case_id=cases[TO_ASK], ended_on=_asked_today())])
    _emergency(people[CLOSED_DOOR])


def page_to_open() -> str:
    """The number of the own page of the demonstration, in groups of four; "" when none was given."""
    number = _number()
    return " ".join(number[start : start + 4] for start in range(0, 16, 4)) if page_by_number(number) else ""


def _number() -> str:
    return f"{named('own page').int % 10**16:016}"


def _ago(days: float = 0, hours: float = 0) -> datetime:
    return timezone.now() - timedelta(days=days, hours=hours)


def _asked_today() -> date:
    """The day on which help ended of whoever is to be asked today for the first time."""
    return timezone.localdate() - current().followups[0]


def _met(by: Actor) -> tuple[list[UUID], list[UUID]]:
    """People with consent and a case that is decided: their ids, and those of the cases."""
    pack, day = current(), timezone.localdate(_ago(MET_DAYS_AGO))
    adult = [c.code for c in pack.codes("age_group") if c.extra.get("majority") == "adult"]
    home = (pack.country_iso2,) if pack.country_iso2 in pack.codes("country") else ()
    abroad = tuple(code for code in FOREIGN if code in pack.codes("country"))[:1]
    rows = [
        Registration(
            id=named(f"caring {n}"),
            code_value=named(f"caring code {n}").int,
            sex_code="male" if n == MALE else "female",
            age_group_code=adult[0],
            citizenship_codes=abroad if n == FOREIGNER else home,
            registered_at=_ago(MET_DAYS_AGO),
        )
        for n in range(len(NAMES))
    ]
    register_people(by=by, rows=rows)
    identities = {row.id: Identity(given_names=NAMES[n], family_names="Ficticia") for n, row in enumerate(rows)}
    seal_identities(by=by, identities=identities)
    consents = [
        Consent(person_id=row.id, purpose_code=purpose, given_by_code="person", given_on=day)
        for row in rows
        for purpose in ("referral", "services")
    ]
    record_consents(by=by, rows=consents)
    people = [row.id for row in rows]
    return people, _decided(by, people)


def _decided(by: Actor, people: Sequence[UUID]) -> list[UUID]:
    """A case of each, decided on the day after."""
    pack = current()
    forms = [form.code for form in pack.forms]
    openings = [
        Opening(
            id=named(f"caring case {n}"),
            code_value=named(f"caring case code {n}").int,
            person_id=person_id,
            origin_code="police",
            state_code=agency(by.agency_code).state_code,
            codes=(Coded(list_name="exploitation_form", code=forms[n % len(forms)]),),
            opened_at=_ago(MET_DAYS_AGO),
        )
        for n, person_id in enumerate(people)
    ]
    open_cases(by=by, rows=openings)
    ground = next(iter(pack.codes("identification_ground"))).code
    at = _ago(MET_DAYS_AGO - 1)
    rulings = [Ruling(case_id=row.id, verb="identify", ground_code=ground, decided_at=at) for row in openings]
    decide_cases(by=by, rows=rulings)
    return [row.id for row in openings]


def _stays(lead: Actor, houses: Sequence[House], cases: Sequence[UUID]) -> None:
    """Near the limit without an exit plan, behind a closed door, held, held in vain, and in the line."""
    limits, by = current().limits, acting_for(houses[0].agency)
    limited = next((house for house in houses if house.max_days), houses[0])
    lived = (limited.max_days or 60) - limits["stay_alert"].days // 2
    hold = limits["placement_hold"]
    since = {
        NEAR_LIMIT: _ago(lived),
        CLOSED_DOOR: _ago(40),
        HELD: _ago(hours=2),
        NOT_COME: timezone.now() - hold - timedelta(hours=3),
        IN_LINE: _ago(hours=1),
    }
    requests = {
        n: Request(
            case_id=cases[n],
            recipient_code=by.agency_code,
            site_id=limited.site_id,
            service_codes=(SHELTER,),
            shares_identity=True,
            sent_at=at - timedelta(hours=2),
        )
        for n, at in since.items()
    }
    send_referrals(by=lead, rows=list(requests.values()))
    yes = [Answer(referral_id=row.id, verb="accept", at=since[n] - timedelta(hours=1)) for n, row in requests.items()]
    answer_referrals(by=by, rows=yes)
    rows = [
        Hold(case_id=cases[n], unit_id=limited.unit_id, referral_id=requests[n].id, at=since[n])
        for n in (NEAR_LIMIT, CLOSED_DOOR, NOT_COME, HELD)
    ]
    hold_beds(by=by, rows=rows)
    _lived(by, rows, since)
    request_bed(by=by, case_id=cases[IN_LINE], site_id=limited.site_id, referral_id=requests[IN_LINE].id)
    watch_stays(by=SYSTEM, at=timezone.now())
    _help(by, cases[NEAR_LIMIT])


def _lived(by: Actor, rows: Sequence[Hold], since: Mapping[int, datetime]) -> None:
    """The first two come in, and the second has said that she wants to leave; the hold of who did not come has lapsed."""
    admitted = [
        Admission(stay_id=rows[0].id, is_voluntary=True, at=since[NEAR_LIMIT] + timedelta(hours=1)),
        Admission(stay_id=rows[1].id, is_voluntary=True, may_go_out=False, at=since[CLOSED_DOOR] + timedelta(hours=1)),
    ]
    admit_stays(by=by, rows=admitted)
    lapse_holds(by=by, at=timezone.now())
    confirm_stay(by=by, stay_id=rows[1].id, wants_to_stay=False, at=_ago(hours=2))


def _help(by: Actor, case_id: UUID) -> None:
    """A care plan as a draft, and a service with a session held, one to settle and one to come."""
    plan = draw_plan(by=by, case_id=case_id, words="Palabras de ejemplo (sintéticas).")
    add_goal(by=by, plan_id=plan.pk, row=NewGoal(area_code="education", objective=GOAL))
    given = Given(case_id=case_id, service_code="MENTAL", started_on=timezone.localdate(_ago(20)))
    record_services(by=by, rows=[given])
    meetings = [
        Meeting(service_id=given.id, planned_at=_ago(14), verb="hold", minutes=50),
        Meeting(service_id=given.id, planned_at=_ago(1)),
        Meeting(service_id=given.id, planned_at=_ago(-6)),
    ]
    record_sessions(by=by, rows=meetings)


def _sent_on(lead: Actor, houses: Sequence[House], case_id: UUID) -> None:
    """Nobody answered in time, so the clock has asked the next best place."""
    asked = next((house for house in houses if house.is_specialised), None)
    if asked is None:
        return
    row = Request(
        case_id=case_id,
        recipient_code=asked.agency,
        site_id=asked.site_id,
        service_codes=(SHELTER,),
        sent_at=timezone.now() - current().limits["referral_answer_shelter"] - timedelta(hours=1),
    )
    send_referrals(by=lead, rows=[row])
    expire_referrals(by=SYSTEM, at=timezone.now())
    reroute(by=Actor.system("placements"), at=timezone.now())


def _permit(by: Actor, case_id: UUID) -> None:
    """Asked for, and not answered within the time that the law gives. Without such a permit, or without foreigners: none."""
    kind = next((code for code in current().codes("permit_kind") if code.extra["foreign"] == "yes"), None)
    if kind is None:
        return
    limit = current().limits.get(kind.extra["decision_limit"], timedelta())
    today, language = timezone.localdate(), next(iter(current().codes("language"))).code
    applied = today - limit - timedelta(days=1)
    told = applied - timedelta(days=5)
    permit = open_permit(by=by, case_id=case_id, kind_code=kind.code, on=told)
    move_permit(
        by=by, row=PermitStep(permit_id=permit.pk, verb="inform", on=told, code="person", language_code=language)
    )
    move_permit(by=by, row=PermitStep(permit_id=permit.pk, verb="apply", on=applied))


def _own_page(agency_code: str, person_id: UUID) -> None:
    """A number on paper, and a question that the person asked with it."""
    page = issue_page(by=acting_for(agency_code), row=Giving(person_id=person_id, number=_number()))
    ask(by=person_actor(person_id, page.person.code), kind_code="question", text=QUESTION)


def _emergency(person_id: UUID) -> None:
    """Somebody of another agency opened a record in an emergency and gave it back; it waits for its review."""
    officer, reason = actor("policia"), next(iter(current().codes("emergency_reason"))).code
    if officer is None or not officer.may("EMERGENCY_OPEN"):
        return
    row = Breaking(person_id=person_id, reason_code=reason, words=URGENT)
    end_emergency(by=officer, emergency_id=open_emergency(by=officer, row=row))
