"""The referral mechanism in the years that are over: who was turned away and sent on, who lived where, and for whom nothing was.

The people of the last calibrated year who lived in specialised places agree with the published numbers: so many
at the end of October, so many in the refuge of high security during the year. The rest is drawn and means nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from enlace.country.queries import current
from enlace.demo import caseload
from enlace.demo.caseload import SYSTEM, acting_for, at, by_first_agency, case_id, named, referral_id
from enlace.demo.houses import BOYS, OUT_OF_SERVICE, House, agreements
from enlace.demo.rules import DECLINED, SENT_ON, Invented, calibrated
from enlace.placements.actions import (
    Admission,
    Exit,
    Hold,
    admit_stays,
    exit_stays,
    hold_beds,
    plan_exit,
    record_needs,
    resolve_needs,
)
from enlace.placements.queries import Asked, Gap
from enlace.referrals.actions import Answer, Request, answer_referrals, expire_referrals, send_referrals

RESIDENTS, SERVED, SHELTER = "shelter_residents", "shelter_served", "SHELTER"
HIGH = "high_security_refuge"
RETURNING = 6  # of those in the refuge of high security: people from abroad who return in the same year
EARLIER, LATER = 24, 10  # people who lived in the houses before and after the day of the published number
REASONS = ("plan_completed", "plan_completed", "person_decision", "plan_completed", "lost_contact", "other")
DESTINATIONS = ("own_home", "family", "own_home", "unknown")
EXIT_PLAN = "Plan de salida de ejemplo (sintético)."


@dataclass(frozen=True)
class Resident:
    """One person in one bed, from a day to another."""

    person: Invented
    house: House
    bed: UUID
    turn: int  # how many had this bed before
    admitted_on: date
    left_on: date

    @property
    def stay_id(self) -> UUID:
        return named(f"stay {self.person.number}")

    @property
    def referral_id(self) -> UUID:
        return named(f"shelter referral {self.person.number}")


def last_year() -> int | None:
    """The last year with published totals."""
    return max((block.start.year for block in calibrated(current())), default=None)


def write(people: Sequence[Invented], houses: Sequence[House]) -> list[Resident]:
    """Everything of these years; returns who lived in the houses in the last of them."""
    year = last_year()
    _turned_away(people)
    if year is None:
        return []
    expire_referrals(by=SYSTEM, at=at(date(year - 1, 12, 31), 23))
    found = residents(people, [house for house in houses if house.is_specialised], year)
    _ask(found, houses)
    for turn in range(1 + max((one.turn for one in found), default=-1)):
        _live([one for one in found if one.turn == turn])
    _needs(people, houses, year)
    for month in range(1, 13):
        expire_referrals(by=SYSTEM, at=at(date(year, month, 28), 23))
    return found


def published(indicator: str, period: str) -> int:
    """The first published number of an indicator; 0 where there is none."""
    return next((int(f.value or 0) for f in current().figures_for(indicator, period)), 0)


def residents(people: Sequence[Invented], houses: Sequence[House], year: int) -> list[Resident]:
    """Who lives where and when. Nobody is in two beds, and no bed has two people."""
    day, free = date(year, 10, 31), _Beds(houses)
    high = [house for house in houses if house.kind == HIGH]
    able = sorted((p for p in people if _may_live(p, year)), key=lambda p: (p.assisted_on, p.number))
    found = []
    for n, p in enumerate(_served(able, year) if high else ()):
        found.append(free.give(p, high, 55 + 3 * n))
    taken = {one.person.number for one in found if one}
    near = _near([house for house in houses if house.kind != HIGH])
    others = [p for p in able if p.number not in taken and p.state in near]
    there = sum(1 for one in found if one and one.admitted_on <= day < one.left_on)
    before = [p for p in others if p.assisted_on and p.assisted_on <= day]
    wanted = max(published(RESIDENTS, f"{year}-10") - there, 0) or len(before) // 2
    early = before[:-wanted][:EARLIER]
    found += [free.give(p, near[p.state], 14 + n * 11 % 60, until=day) for n, p in enumerate(early)]
    found += [free.give(p, near[p.state], n * 7 % 60 + 5, after=day) for n, p in enumerate(before[-wanted:])]
    late = [p for p in others if p.assisted_on and p.assisted_on > day][:LATER]
    found += [free.give(p, near[p.state], 20 + 5 * n) for n, p in enumerate(late)]
    return [one for one in found if one]


class _Beds:
    """Until when each bed of the houses is taken."""

    def __init__(self, houses: Sequence[House]) -> None:
        self._until: dict[UUID, date] = {}
        self._turns: dict[UUID, int] = defaultdict(int)
        self._beds = {house.site_id: house.beds[:-OUT_OF_SERVICE] for house in houses}

    def give(
        self, p: Invented, houses: Sequence[House], days: int, *, until: date | None = None, after: date | None = None
    ) -> Resident | None:
        """A bed that is free on the day when help began, for so many days (from ``after``, if given; not past ``until``)."""
        assert p.assisted_on is not None
        start = p.assisted_on
        end = max(start, after or start) + timedelta(days=days)
        end = max(min(end, until), start) if until else end
        turn = p.number % len(houses)
        for house in (*houses[turn:], *houses[:turn]):
            for bed in self._beds[house.site_id]:
                if bed not in self._until or self._until[bed] < start:
                    self._until[bed] = end
                    self._turns[bed] += 1
                    return Resident(p, house, bed, self._turns[bed] - 1, start, end)
        return None


def _may_live(p: Invented, year: int) -> bool:
    """Taken by these houses, helped in the year, and the case still open long enough."""
    in_year = p.identified_on.year == year and p.assisted_on is not None and p.assisted_on.year == year
    is_open = p.closed_on is None or p.closed_on > date(year + 1, 3, 1)
    return in_year and is_open and not p.is_abroad and (p.sex == "female" or _is_young(p))


def _is_young(p: Invented) -> bool:
    band = current().codes("age_group").get(p.age_group)
    return band is not None and band.extra["max_age"].isdecimal() and int(band.extra["max_age"]) <= BOYS


def _served(able: Sequence[Invented], year: int) -> list[Invented]:
    """The people of the refuge of high security: those who will return abroad, then others from all of the year."""
    count = published(SERVED, str(year))
    foreign = [p for p in able if p.citizenship and p.assisted_on and p.assisted_on < date(year, 9, 1)][:RETURNING]
    others = [p for p in able if not p.citizenship]
    step = max(1, len(others) // max(1, count - len(foreign)))
    return foreign + others[step // 2 :: step][: count - len(foreign)]


def _near(houses: Sequence[House]) -> dict[str, list[House]]:
    """The houses of each state, and of a state that has an agreement with theirs."""
    found: dict[str, list[House]] = defaultdict(list)
    for house in houses:
        found[house.state].append(house)
    for start, end in agreements():
        if end in found:
            found[start] = found[end]
    return dict(found)


def _turned_away(people: Sequence[Invented]) -> None:
    """Declined with a reason, or declined and then sent on to another agency, which accepts."""
    reasons = [code.code for code in current().codes("decline_reason")]
    known = caseload.providers()
    declined: dict[str, list[Answer]] = defaultdict(list)
    accepted: dict[str, list[Answer]] = defaultdict(list)
    onward: dict[str, list[Request]] = defaultdict(list)
    for lead, p in _with_lead(people):
        if p.turned_away not in (DECLINED, SENT_ON) or p.referred_on is None:
            continue
        first, _services = caseload.recipient_of(p, known)
        reason = reasons[p.number % len(reasons)]
        no = Answer(referral_id=referral_id(p), verb="decline", reason_code=reason, at=at(p.referred_on, 15))
        declined[first].append(no)
        second = _another(first, lead, known)
        if p.turned_away == SENT_ON and second:
            row = _request(p, f"sent on {p.number}", second, known[second][1], p.referred_on, 17)
            onward[lead].append(replace(row, previous_id=referral_id(p)))
            accepted[second].append(Answer(referral_id=row.id, verb="accept", at=at(p.referred_on, 19)))
    _answer(declined)
    for lead, rows in onward.items():
        send_referrals(by=acting_for(lead), rows=rows)
    _answer(accepted)


def _another(first: str, lead: str, known: Mapping[str, tuple[str, tuple[str, ...]]]) -> str:
    """Another provider, of the same state when there is one."""
    others = [code for code in known if code not in (first, lead)]
    return next((code for code in others if known[code][0] == known[first][0]), others[0] if others else "")


def _answer(answers: Mapping[str, Sequence[Answer]]) -> None:
    for agency_code, rows in answers.items():
        answer_referrals(by=acting_for(agency_code), rows=rows)


def _with_lead(people: Sequence[Invented]) -> Iterator[tuple[str, Invented]]:
    for lead, group in by_first_agency(people).items():
        for p in group:
            yield lead, p


def _request(p: Invented, name: str, recipient: str, services: tuple[str, ...], on: date, hour: int) -> Request:
    row = caseload.request(p, recipient, services)
    return replace(row, id=named(name), code_value=named(f"{name} code").int, sent_at=at(on, hour))


def _ask(found: Sequence[Resident], houses: Sequence[House]) -> None:
    """The houses are asked; for some another one was asked first, which declined, or did not answer in time."""
    people = {one.person.number: one for one in found}
    leads = {p.number: lead for lead, p in _with_lead([one.person for one in found])}
    first: dict[int, Request] = {}
    refused: dict[str, list[Answer]] = defaultdict(list)
    silent = []
    for n, one in enumerate(sorted(people.values(), key=lambda one: one.admitted_on)):
        other = next((h for h in houses if h.agency not in (one.house.agency, leads[one.person.number])), None)
        if n % 7 not in (2, 5) or other is None:
            continue
        day = one.admitted_on if n % 7 == 2 else one.admitted_on - timedelta(days=1)
        row = _request(one.person, f"first asked {one.person.number}", other.agency, (SHELTER,), day, 5)
        first[one.person.number] = replace(row, site_id=other.site_id)
        if n % 7 == 2:
            no = Answer(referral_id=row.id, verb="decline", reason_code="no_capacity", at=at(day, 6))
            refused[other.agency].append(no)
        else:
            silent.append(day)
    _send(leads, first)
    _answer(refused)
    for day in sorted(set(silent)):
        expire_referrals(by=SYSTEM, at=at(day, 23))
    asked, accepted = {}, defaultdict(list)
    for one in people.values():
        name = f"shelter referral {one.person.number}"
        row = _request(one.person, name, one.house.agency, (SHELTER,), one.admitted_on, 7)
        before = first.get(one.person.number)
        asked[one.person.number] = replace(row, site_id=one.house.site_id, previous_id=before.id if before else None)
        accepted[one.house.agency].append(Answer(referral_id=row.id, verb="accept", at=at(one.admitted_on, 8)))
    _send(leads, asked)
    _answer(accepted)


def _send(leads: Mapping[int, str], rows: Mapping[int, Request]) -> None:
    by_lead: dict[str, list[Request]] = defaultdict(list)
    for number, row in rows.items():
        by_lead[leads[number]].append(row)
    for lead, requests in by_lead.items():
        send_referrals(by=acting_for(lead), rows=requests)


def _live(found: Sequence[Resident]) -> None:
    """From the held bed to the exit, for people none of whom waits for another's bed."""
    by_agency: dict[str, list[Resident]] = defaultdict(list)
    for one in found:
        by_agency[one.house.agency].append(one)
    for agency_code, own in by_agency.items():
        by = acting_for(agency_code)
        hold_beds(by=by, rows=[_hold(one) for one in own])
        admitted = [Admission(stay_id=one.stay_id, is_voluntary=True, at=at(one.admitted_on, 10)) for one in own]
        admit_stays(by=by, rows=admitted)
        for one in own:
            if one.person.number % 3 == 0:
                planned = at(max(one.admitted_on, one.left_on - timedelta(days=10)), 11)
                plan_exit(by=by, stay_id=one.stay_id, destination_code=DESTINATIONS[0], plan=EXIT_PLAN, at=planned)
        exit_stays(by=by, rows=[_exit(one) for one in own])


def _hold(one: Resident) -> Hold:
    return Hold(
        id=one.stay_id,
        code_value=named(f"stay code {one.person.number}").int,
        case_id=case_id(one.person),
        unit_id=one.house.unit_id,
        bed_id=one.bed,
        referral_id=one.referral_id,
        at=at(one.admitted_on, 9),
    )


def _exit(one: Resident) -> Exit:
    number = one.person.number
    goes_home = one.person.citizenship and one.house.kind == HIGH
    return Exit(
        stay_id=one.stay_id,
        reason_code="returned_home" if goes_home else REASONS[number % len(REASONS)],
        destination_code="abroad" if goes_home else DESTINATIONS[number % len(DESTINATIONS)],
        at=at(one.left_on, 12),
    )


def _needs(people: Sequence[Invented], houses: Sequence[House], year: int) -> None:
    """For males above the age that the houses take, and for some people of states without a house, there was no place."""
    served = {house.state for house in houses} | {start for start, _end in agreements()}
    by_lead: dict[str, list[Gap]] = defaultdict(list)
    for lead, p in _with_lead(people):
        if p.is_abroad or p.identified_on.year != year:
            continue
        if p.sex == "male" and not _is_young(p) and p.number % 2:
            by_lead[lead].append(_gap(p, "boys_age"))
        elif p.sex == "female" and p.state not in served and p.number % 2:
            by_lead[lead].append(_gap(p, "no_agreement"))
    for lead, rows in by_lead.items():
        record_needs(by=acting_for(lead), rows=rows)
    helped = [row.case_id for rows in by_lead.values() for row in rows[::4]]
    resolve_needs(
        by=SYSTEM, case_ids=helped, resolution="helped", at=min(at(date(year + 1, 1, 15), 12), timezone.now())
    )


def _gap(p: Invented, reason: str) -> Gap:
    return Gap(
        id=named(f"need {p.number}"),
        case_id=case_id(p),
        service_code=SHELTER,
        reason_code=reason,
        sex_code=p.sex,
        age_group_code=p.age_group,
        state_code=p.state,
        form_code=p.forms[0],
        asked=Asked(service_codes=(SHELTER,)).stored(),
        at=at(p.identified_on, 13),
    )
