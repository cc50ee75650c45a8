"""Writes the invented people through the same actions that agencies use, in batches."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from enlace.accounts.queries import agencies
from enlace.assistance.actions import Given, record_services
from enlace.base.actor import Actor
from enlace.cases.actions import Coded, Opening, Ruling, close_case, decide_cases, open_cases
from enlace.country.queries import current
from enlace.demo.rules import DECLINED, EXPIRED, Invented
from enlace.directory.actions import Offer
from enlace.people.actions import Consent, Registration, record_consents, register_people
from enlace.referrals.actions import Answer, Request, answer_referrals, send_referrals
from enlace.vault.actions import seal_identities
from enlace.vault.rules import Identity

SYSTEM = Actor.system("demo")
NAMESPACE = UUID("6f2a7a52-5f0e-4a55-8b3b-0d6c0d4f5e01")
SERVICES_OF_KIND = {
    "ngo": ("MENTAL", "LEGAL", "FOOD_CLOTH", "JOB", "EDU"),
    "shelter": ("SHELTER", "FOOD_CLOTH", "MENTAL"),
    "health": ("HEALTH", "EMERG_MED", "MENTAL", "SRH"),
    "child_protection": ("CHILD", "SHELTER", "EDU", "FAMILY"),
    "victims_commission": ("LEGAL", "COMPENS", "TRANSPORT"),
    "legal_service": ("LEGAL", "ADVISER"),
}
# Offered as well, but the invented caseload is not sent there.
ALSO_OFFERED = {
    "prosecutor": ("LEGAL", "SAFETY", "INTERPRET"),
    "migration": ("MIGR",),
    "consulate": ("CONSULAR", "DOCS", "REPATR"),
}
LOST, LOST_AFTER = (EXPIRED, DECLINED), 60  # days
Progress = Callable[[str], None]


def acting_for(agency_code: str) -> Actor:
    """The process that writes the demonstration, in an agency's name."""
    return replace(SYSTEM, agency_code=agency_code)


def named(what: str) -> UUID:
    """The same id for the same thing, every time."""
    return uuid5(NAMESPACE, what)


def person_id(p: Invented) -> UUID:
    """The registered person of an invented one."""
    return _id("person", p)


def case_id(p: Invented) -> UUID:
    """The case of the agency that met an invented person."""
    return _id("case", p)


def referral_id(p: Invented) -> UUID:
    """The first referral of an invented person, when there was one."""
    return _id("referral", p)


def offers() -> list[Offer]:
    """What each kind of agency offers in the demonstration."""
    services = current().codes("service")
    return [
        Offer(agency.pk, code, agency.state_code)
        for agency in agencies()
        for code in (SERVICES_OF_KIND | ALSO_OFFERED).get(agency.kind_code, ())
        if code in services
    ]


def reporting_states() -> list[str]:
    """States with a prosecutor of their own: the others do not report, which is not zero."""
    return [agency.state_code for agency in agencies(kind="prosecutor") if agency.state_code]


def write(people: Sequence[Invented], progress: Progress) -> None:
    """Register, identify, refer and assist all of them."""
    by_agency = by_first_agency(people)
    accepted: dict[str, list[Invented]] = defaultdict(list)
    done = 0
    for agency_code, group in by_agency.items():
        for person, recipient in _first_agency(agency_code, group):
            accepted[recipient].append(person)
        done += len(group)
        progress(f"{done} of {len(people)} people")
    for recipient, group in accepted.items():
        _second_agency(recipient, group)


def close(people: Sequence[Invented]) -> None:
    """Close some cases after help, and those of people whom nobody took and who were lost; the rest stays open."""
    for agency_code, group in by_first_agency(people).items():
        _close(agency_code, group)
        _lose(agency_code, group)


def by_first_agency(people: Sequence[Invented]) -> dict[str, list[Invented]]:
    """The agency that met each of them, and leads the case."""
    found: dict[str, list[Invented]] = defaultdict(list)
    prosecutors = {agency.state_code: agency.pk for agency in agencies(kind="prosecutor") if agency.state_code}
    abroad = next((a.pk for a in agencies() if _is_abroad(a.kind_code)), "")
    for person in people:
        found[abroad if person.is_abroad else prosecutors[person.state]].append(person)
    return found


def _first_agency(agency_code: str, people: Sequence[Invented]) -> list[tuple[Invented, str]]:
    """What the agency that met them does; returns whom another agency accepts."""
    by = acting_for(agency_code)
    register_people(by=by, rows=[_registration(p) for p in people])
    seal_identities(by=by, identities={_id("person", p): _identity(p) for p in people})
    record_consents(by=by, rows=[_consent(p, purpose) for p in people for purpose in ("referral", "services")])
    open_cases(by=by, rows=[_opening(p, "case", p.opened_on) for p in people])
    decide_cases(by=by, rows=[_ruling(p, "case", p.identified_on) for p in people])
    known = providers()
    sent = [(p, recipient_of(p, known)) for p in people if p.referred_on]
    rows = [request(p, recipient, services) for p, (recipient, services) in sent if recipient != agency_code]
    if rows:
        send_referrals(by=by, rows=rows)
    return [(p, recipient) for p, (recipient, _s) in sent if p.is_accepted and recipient != agency_code]


def _second_agency(recipient: str, people: Sequence[Invented]) -> None:
    by = acting_for(recipient)
    answers = [
        Answer(referral_id=referral_id(p), verb="accept", at=at(p.referred_on, 15)) for p in people if p.referred_on
    ]
    answer_referrals(by=by, rows=answers)
    services = providers()[recipient][1]
    assisted = [p for p in people if p.assisted_on]
    if assisted:
        record_services(by=by, rows=[_given(p, services) for p in assisted])
    own = [p for p in people if p.has_second_case and p.assisted_on]
    if own and _decides(recipient):
        open_cases(by=by, rows=[_opening(p, "second", p.assisted_on or p.identified_on) for p in own])
        decide_cases(by=by, rows=[_ruling(p, "second", p.assisted_on or p.identified_on) for p in own])


def _close(agency_code: str, people: Sequence[Invented]) -> None:
    """Close some cases, the rest stays open; few enough to do one by one."""
    by, today = acting_for(agency_code), timezone.localdate()
    for person in people[::10]:
        if person.closed_on and person.closed_on < today and person.assisted_on:
            close_case(by=by, case_id=case_id(person), reason_code="reintegrated", at=at(person.closed_on, 12))


def _lose(agency_code: str, people: Sequence[Invented]) -> None:
    """Without this the clocks would look for a place, today, for people who were met years ago."""
    by, today = acting_for(agency_code), timezone.localdate()
    for person in people:
        if person.turned_away in LOST and (lost_on := person.identified_on + timedelta(days=LOST_AFTER)) < today:
            reason = "declined_services" if person.number % 2 else "lost_contact"
            close_case(by=by, case_id=case_id(person), reason_code=reason, at=at(lost_on, 12))


def _registration(p: Invented) -> Registration:
    pack = current()
    return Registration(
        id=_id("person", p),
        code_value=_id("person code", p).int,
        sex_code=p.sex,
        age_group_code=p.age_group,
        citizenship_codes=(home,) if (home := p.citizenship or pack.country_iso2) in pack.codes("country") else (),
        origin_state_code=p.state,
        registered_at=at(p.opened_on, 9),
    )


def _identity(p: Invented) -> Identity:
    return Identity(
        given_names=p.given_names, family_names=p.family_names, phones=(f"55000{p.number:05d}",), aliases=("Sintética",)
    )


def _consent(p: Invented, purpose: str) -> Consent:
    return Consent(
        person_id=_id("person", p),
        purpose_code=purpose,
        given_by_code="person",
        given_on=p.opened_on,
        is_refusal=not p.consents,
    )


def _opening(p: Invented, kind: str, on: date) -> Opening:
    return Opening(
        id=_id(kind, p),
        code_value=_id(f"{kind} code", p).int,
        person_id=_id("person", p),
        origin_code="consulate" if p.is_abroad else "police",
        state_code=p.state,
        country_code=p.country,
        codes=tuple(Coded(list_name="exploitation_form", code=code) for code in p.forms),
        opened_at=at(on, 9 if kind == "case" else 16),
    )


def _ruling(p: Invented, kind: str, on: date) -> Ruling:
    ground = next(iter(current().codes("identification_ground"))).code
    return Ruling(
        case_id=_id(kind, p), verb="identify", ground_code=ground, decided_at=at(on, 11 if kind == "case" else 17)
    )


def request(p: Invented, recipient: str, services: tuple[str, ...]) -> Request:
    ground = next(iter(current().codes("consent_ground"))).code
    return Request(
        id=_id("referral", p),
        code_value=_id("referral code", p).int,
        case_id=_id("case", p),
        recipient_code=recipient,
        service_codes=(services[p.number % len(services)],),
        ground_code="" if p.consents else ground,
        shares_identity=p.consents and p.shares_identity,
        sent_at=at(p.referred_on, 12),
    )


def _given(p: Invented, services: tuple[str, ...]) -> Given:
    started = p.assisted_on or p.identified_on
    return Given(
        id=_id("service", p),
        case_id=_id("case", p),
        referral_id=_id("referral", p),
        service_code=services[p.number % len(services)],
        started_on=started,
        ended_on=started + timedelta(days=20),
        completes=p.number % 3 > 0,
    )


def providers() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Agencies that take referrals: code -> (state, services)."""
    services = current().codes("service")
    found = {}
    for agency in agencies():
        codes = tuple(code for code in SERVICES_OF_KIND.get(agency.kind_code, ()) if code in services)
        if codes:
            found[agency.pk] = (agency.state_code, codes)
    return found


def recipient_of(p: Invented, providers: dict[str, tuple[str, tuple[str, ...]]]) -> tuple[str, tuple[str, ...]]:
    """A provider of the same state when there is one."""
    near = [code for code, (state, _s) in providers.items() if state == p.state] or list(providers)
    code = near[p.number % len(near)]
    return code, providers[code][1]


def _decides(agency_code: str) -> bool:
    """Only authorities recognise: their second decision in the same year must not count the person twice."""
    kind = next(a.kind_code for a in agencies() if a.pk == agency_code)
    code = current().codes("agency_kind").get(kind)
    return code is not None and code.extra.get("government") == "yes"


def _is_abroad(kind_code: str) -> bool:
    code = current().codes("agency_kind").get(kind_code)
    return code is not None and code.extra.get("abroad") == "yes"


def _id(kind: str, p: Invented) -> UUID:
    return named(f"{kind} {p.number} {p.identified_on.isoformat()}")


def at(on: date | None, hour: int) -> datetime:
    """An hour of a day, in the country's time zone."""
    assert on is not None
    return timezone.make_aware(datetime.combine(on, time(hour)))
