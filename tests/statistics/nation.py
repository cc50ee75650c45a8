"""A random small nation written through actions, and the slow count that judges the fast one."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from enlace.accounts.models import Agency
from enlace.assistance.actions import Given, record_services
from enlace.assistance.models import ServiceGiven
from enlace.base.actor import Actor
from enlace.cases.actions import Coded, Opening, Ruling, decide_cases, open_cases
from enlace.cases.models import Case, CaseCode, Decision
from enlace.people.actions import Consent, Registration, record_consents, register_people
from enlace.people.models import Person
from enlace.people.queries import age_group_of
from enlace.referrals.actions import Answer, Request, answer_referrals, send_referrals
from enlace.referrals.models import Referral
from tests.world import SYSTEM

YEAR = 2024
START, END = date(YEAR, 1, 1), date(YEAR, 12, 31)
FORMS = ("sexual_use", "bonded_work")
MEETING = ("prosecutor-north", "prosecutor-south", "police-north", "consular-network")


def acting(agency_code: str) -> Actor:
    return replace(SYSTEM, agency_code=agency_code)


def at(day: date, hour: int = 12) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


@dataclass
class Plan:
    """What one agency will write, in batches."""

    registrations: list[Registration] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    services: list[Given] = field(default_factory=list)

    def carry_out(self, agency_code: str) -> None:
        by = acting(agency_code)
        register_people(by=by, rows=self.registrations)
        record_consents(by=by, rows=self.consents)
        open_cases(by=by, rows=self.openings)
        decide_cases(by=by, rows=self.rulings)
        send_referrals(by=by, rows=self.requests)
        answer_referrals(by=by, rows=self.answers)
        record_services(by=by, rows=self.services)


def make_nation(seed: int, size: int = 60) -> None:
    """People met by several agencies, some twice, some without consent, around both ends of the year."""
    chance = random.Random(seed)
    first, health = {code: Plan() for code in MEETING}, Plan()
    for _ in range(size):
        plan = first[chance.choice(MEETING)]
        day = chance.choice([START - timedelta(days=1), START, END, START + timedelta(days=chance.randrange(366))])
        person_id = _somebody(chance, plan, day)
        case_id = _case(chance, plan, person_id, day)
        if chance.random() < 0.7:
            plan.rulings.append(_ruling(case_id, at(day, chance.choice([0, 12, 23]))))
        if chance.random() < 0.3:
            plan.rulings.append(_ruling(_case(chance, plan, person_id, day), at(day + timedelta(days=1), 0)))
        if chance.random() < 0.6:
            _refer(chance, plan, health, person_id, case_id, day)
    for agency_code, plan in first.items():
        plan.carry_out(agency_code)
    health.carry_out("health-south")


def _somebody(chance: random.Random, plan: Plan, day: date) -> UUID:
    row = Registration(
        sex_code=chance.choice(["female", "female", "male"]),
        birth_year=chance.choice([None, YEAR - 17, YEAR - 16, 1990]),
        age_group_code=chance.choice(["", "", "0_15"]),
        registered_at=at(day, 0),
    )
    plan.registrations.append(row)
    refused = chance.random() < 0.3
    said = Consent(person_id=row.id, purpose_code="referral", given_by_code="person", given_on=day, is_refusal=refused)
    plan.consents.append(said)
    return row.id


def _case(chance: random.Random, plan: Plan, person_id: UUID, day: date) -> UUID:
    forms = chance.sample(FORMS, chance.choice([0, 1, 1, 2]))
    row = Opening(
        person_id=person_id,
        origin_code="police",
        state_code=chance.choice(["XX-N", "XX-N", "XX-S", ""]),
        codes=tuple(Coded(list_name="exploitation_form", code=code) for code in forms),
        opened_at=at(day, 0),
    )
    plan.openings.append(row)
    return row.id


def _ruling(case_id: UUID, moment: datetime) -> Ruling:
    return Ruling(case_id=case_id, verb="identify", ground_code="prosecutor", decided_at=moment)


def _refer(chance: random.Random, plan: Plan, health: Plan, person_id: UUID, case_id: UUID, day: date) -> None:
    row = Request(
        case_id=case_id,
        recipient_code="health-south",
        service_codes=("HEALTH",),
        ground_code="emergency",
        sent_at=at(day, 13),
    )
    plan.requests.append(row)
    if chance.random() < 0.6:
        health.answers.append(Answer(referral_id=row.id, verb="accept", at=at(day, 14)))
        given = Given(case_id=case_id, service_code="HEALTH", started_on=day, referral_id=row.id)
        health.services.append(given)
        if chance.random() < 0.5:  # the second agency opens a case of its own and identifies again
            health.rulings.append(_ruling(_case(chance, health, person_id, day), at(day, 15)))


@dataclass(frozen=True, order=True)
class Happened:
    """One thing that happened to a person, in the order in which the first counts."""

    on: date
    case: str
    agency: str
    person: str
    kind: str
    state: str
    sex: str
    age_group: str
    form: str


def slow_count(indicator: str) -> dict[str, Counter[str]]:
    """The total under "" and one counter for each dimension: every person once, where first met in the year."""
    measure = {"identified_abroad": "identified"}.get(indicator, indicator)
    kinds = {"identified": {"police", "prosecutor", "health", "commission"}, "identified_abroad": {"consulate"}}
    firsts: dict[str, Happened] = {}
    for event in sorted(_events(measure)):
        if START <= event.on <= END and (indicator not in kinds or event.kind in kinds[indicator]):
            firsts.setdefault(event.person, event)
    counted = {
        name: Counter(getattr(e, name) for e in firsts.values()) for name in ("state", "sex", "age_group", "form")
    }
    return {"": Counter({"": len(firsts)}), **counted}


def _events(measure: str) -> Iterator[Happened]:
    kinds = dict(Agency.objects.values_list("code", "kind_code"))
    if measure == "identified":
        for d in Decision.objects.filter(verb="identify"):
            on = timezone.localdate(d.decided_at)
            yield _happened(on, d.case, d.agency_code, d.agency_kind_code, on, d.form_code)
    elif measure == "referred":
        for r in Referral.objects.all():
            yield _happened(timezone.localdate(r.sent_at), r.case, r.sender_code, kinds[r.sender_code], END)
    else:
        for s in ServiceGiven.objects.all():
            yield _happened(s.started_on, s.case, s.agency_code, kinds[s.agency_code], END)


def _happened(on: date, case: Case, agency: str, kind: str, aged_on: date, form: str | None = None) -> Happened:
    if form is None:
        codes = set(CaseCode.objects.filter(case=case, list_name="exploitation_form").values_list("code", flat=True))
        form = "several" if len(codes) > 1 else next(iter(codes), "")
    person = Person.objects.get(pk=case.person_id)
    group = age_group_of(person.birth_year, aged_on, person.age_group_code)
    return Happened(on, str(case.pk), agency, str(person.pk), kind, case.state_code, person.sex_code, group, form)
