"""The referral mechanism in a year, in numbers: who got how far, what was asked and answered, stays, needs, help, permits.

Each family of tables counts one unit by several dimensions and is protected as one publication, so that no withheld number
can be worked out from the others. Nothing here holds a row about a person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from statistics import median
from typing import Any
from uuid import UUID

from enlace.accounts.queries import agency_kinds
from enlace.assistance.facts import follow_ups, permit_steps, return_steps, services_given, sessions
from enlace.cases.facts import CaseFact, identifications
from enlace.country.queries import current
from enlace.placements.facts import NeedFact, StayFact, needs_recorded, occupancy, stays_begun
from enlace.referrals.facts import ReferralFact, referrals_sent
from enlace.referrals.rules import DECLINED, EXPIRED, WITHDRAWN
from enlace.statistics.national import rule_of
from reckon.disclosure import protect
from reckon.tables import CountTable, Table

ABOUT = ("state", "sex", "age_group", "form")
# Where a person's path stands, the last step last. Everybody identified is on exactly one of them.
IDENTIFIED, REFERRED, ACCEPTED, ASSISTED, FOLLOWED = "identified", "referred", "accepted", "assisted", "followed_up"
STEPS = (IDENTIFIED, REFERRED, ACCEPTED, ASSISTED, FOLLOWED)
HALF_YEAR, A_YEAR = timedelta(days=182), timedelta(days=365)
GOING_ON, NOT_DONE, REACHED, NOT_REACHED, AGAIN = "going_on", "not_done", "reached", "not_reached", "reexploited"
Row = Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """Rows to count: each of ``dimensions`` alone and by ``split``, which is "" where rows are not told apart."""

    id: str
    unit: str
    split: str
    dimensions: tuple[str, ...]
    rows: Sequence[Row]


def mechanism(start: date, end: date, today: date) -> dict[str, Any]:
    """All of it as plain values, withheld cells without a number: what is stored, shown and printed."""
    until = min(end + A_YEAR, today)
    sent = list(referrals_sent(start, until))
    stays = _begun(start, end)
    return {
        "followed_until": until.isoformat(),
        "families": [_plain(family, str(start.year)) for family in _families(start, end, until, sent, stays)],
        "medians": _medians([fact for fact in sent if fact.on <= end], [fact.hours_to_bed for fact in stays]),
        "occupancy": _occupancy(start, min(end, today)),
    }


def families(start: date, end: date, today: date) -> list[Family]:
    """What is counted of a period as seen on the day ``today``, before anything is protected."""
    until = min(end + A_YEAR, today)
    return _families(start, end, until, list(referrals_sent(start, until)), _begun(start, end))


def _begun(start: date, end: date) -> list[StayFact]:
    """Stays begun in the period; moving to another bed does not begin one."""
    return [fact for fact in stays_begun(start, end) if not fact.began_by_transfer]


def _families(
    start: date, end: date, until: date, sent: Sequence[ReferralFact], stays: Sequence[StayFact]
) -> list[Family]:
    needs = [_need(fact) for fact in needs_recorded(start, end)]
    return [
        cascade(start, end, until, sent),
        *_of_referrals([fact for fact in sent if fact.on <= end]),
        Family("stays", "stay", "ending", (*ABOUT, "site_kind"), [_stay(fact) for fact in stays]),
        Family("needs", "need", "met", (*ABOUT, "service", "reason"), needs),
        *_of_help(start, end),
    ]


def cascade(start: date, end: date, until: date, sent: Iterable[ReferralFact]) -> Family:
    """Everybody first identified in the period, by the furthest step reached until the day ``until``."""
    people: dict[UUID, CaseFact] = {}
    for fact in sorted(identifications(start, end), key=lambda fact: (fact.on, str(fact.about.case_id))):
        people.setdefault(fact.about.person_id, fact.about)
    reached: dict[UUID, int] = defaultdict(int)

    def reach(person_id: UUID, step: str) -> None:
        reached[person_id] = max(reached[person_id], STEPS.index(step))

    for referral in sent:
        reach(referral.about.person_id, ACCEPTED if referral.was_accepted else REFERRED)
    helped = [
        *(fact.about for fact in services_given(start, until)),
        *(fact.about for fact in stays_begun(start, until)),
    ]
    for about in helped:
        reach(about.person_id, ASSISTED)
    half = _half_year_number()
    for follow_up in follow_ups(start, until):
        if follow_up.number == half and follow_up.is_reached:
            reach(follow_up.about.person_id, FOLLOWED)
    rows = [_about(fact) | {"last_step": STEPS[reached[person_id]]} for person_id, fact in people.items()]
    return Family("cascade", "person", "last_step", ABOUT, rows)


def at_least(cells: Mapping[str, int | None], step: str) -> int | None:
    """How many got as far as a step, from how many stand on each; ``None`` when one of the numbers is withheld."""
    counts = [cells.get(name, 0) for name in STEPS[STEPS.index(step) :]]
    return None if None in counts else sum(count for count in counts if count is not None)


def count_tables(family: Family, period: str) -> list[CountTable]:
    """The grand total, the split, and each dimension alone and by the split."""
    split = (family.split,) if family.split else ()
    made = [_table(family, period, ()), *([_table(family, period, split)] if split else [])]
    for name in family.dimensions:
        made += [_table(family, period, (name,)), *([_table(family, period, (name, *split))] if split else [])]
    return made


def _table(family: Family, period: str, dimensions: tuple[str, ...]) -> CountTable:
    categories = tuple(tuple(sorted({row[name] for row in family.rows})) for name in dimensions)
    counted = Counter(tuple(row[name] for name in dimensions) for row in family.rows)
    counts = tuple(counted[key] for key in product(*categories))
    return CountTable(family.id, family.unit, period, dimensions, categories, counts)


def _plain(family: Family, period: str) -> dict[str, Any]:
    tables = protect(count_tables(family, period), rule_of(current())).for_release if family.rows else ()
    return {
        "id": family.id,
        "unit": family.unit,
        "split": family.split,
        "dimensions": list(family.dimensions),
        "tables": [_cells(table) for table in tables],
    }


def _cells(table: Table) -> dict[str, Any]:
    cells = [
        {"key": [category for _name, category in cell.key], "value": cell.value, "status": cell.status}
        for cell in table.cells
    ]
    return {"dimensions": list(table.dimensions), "cells": cells}


def _about(fact: CaseFact) -> dict[str, str]:
    return {"state": fact.state_code, "sex": fact.sex_code, "age_group": fact.age_group_code, "form": fact.form_code}


def _half_year_number() -> int:
    """Which of the pack's follow-ups is the one at six months, counted from 1."""
    spans = current().followups
    return 1 + min(range(len(spans)), key=lambda n: abs(spans[n] - HALF_YEAR)) if spans else 0


def _outcome(fact: ReferralFact) -> str:
    if fact.was_accepted:
        return ACCEPTED
    return fact.status if fact.status in (DECLINED, EXPIRED, WITHDRAWN) else "waiting"


def _of_referrals(sent: Sequence[ReferralFact]) -> list[Family]:
    rows = [_about(fact.about) | {"outcome": _outcome(fact), "provider": fact.recipient_kind} for fact in sent]
    asked = [
        {"service": code, "outcome": _outcome(fact)} for fact in sent for code in dict.fromkeys(fact.service_codes)
    ]
    declined = [
        {"decline_reason": fact.decline_reason_code, "provider": fact.recipient_kind}
        for fact in sent
        if fact.status == DECLINED
    ]
    return [
        Family("referrals", "referral", "outcome", (*ABOUT, "provider"), rows),
        Family("requests", "request", "outcome", ("service",), asked),
        Family("declined", "referral", "", ("decline_reason", "provider"), declined),
    ]


def _stay(fact: StayFact) -> dict[str, str]:
    ending = GOING_ON if fact.ended is None else fact.exit_reason_code or fact.status
    return _about(fact.about) | {"ending": ending, "site_kind": fact.site_kind_code}


def _need(fact: NeedFact) -> dict[str, str]:
    met = "open" if fact.resolved is None else fact.resolution
    return _about(fact.about) | {"met": met, "service": fact.service_code, "reason": fact.reason_code}


def _of_help(start: date, end: date) -> list[Family]:
    kinds = agency_kinds()
    services = [
        _about(fact.about) | {"service": fact.service_code, "provider": kinds.get(fact.agency_code, "")}
        for fact in services_given(start, end)
    ]
    held = [
        {"service": f.service_code, "session": f.status, "interpreter": f.interpreter_code}
        for f in sessions(start, end)
    ]
    permits = [_about(f.about) | {"permit": f.kind_code, "permit_step": f.verb} for f in permit_steps(start, end)]
    returns = [_about(f.about) | {"return": f.kind_code, "return_step": f.verb} for f in return_steps(start, end)]
    follow = [
        _about(f.about) | {"number": str(f.number), "result": _result(f.is_reached, f.is_reexploited, f.done_on)}
        for f in follow_ups(start, end)
    ]
    return [
        Family("services", "service", "", (*ABOUT, "service", "provider"), services),
        Family("sessions", "session", "session", ("service", "interpreter"), held),
        Family("permits", "step", "permit_step", ("permit", *ABOUT), permits),
        Family("returns", "step", "return_step", ("return", *ABOUT), returns),
        Family("follow_ups", "follow_up", "result", ("number", *ABOUT), follow),
    ]


def _result(is_reached: bool, is_reexploited: bool, done_on: date | None) -> str:
    if done_on is None:
        return NOT_DONE
    return AGAIN if is_reexploited else REACHED if is_reached else NOT_REACHED


def _medians(sent: Sequence[ReferralFact], hours_to_bed: Iterable[float | None]) -> dict[str, float | None]:
    """Median hours; ``None`` where there are fewer than the pack's threshold."""
    asked = [fact for fact in sent if fact.hours_to_answer is not None]
    return {
        "answer": _median([fact.hours_to_answer for fact in asked]),
        "answer_shelter": _median([fact.hours_to_answer for fact in asked if "SHELTER" in fact.service_codes]),
        "bed": _median(list(hours_to_bed)),
    }


def _median(hours: Sequence[float | None]) -> float | None:
    known = [value for value in hours if value is not None]
    return round(median(known), 1) if len(known) >= current().disclosure.threshold else None


def _occupancy(start: date, end: date) -> list[dict[str, Any]]:
    """Beds taken at noon, on average over the days, by state; withheld where fewer than the threshold."""
    days = (end - start).days + 1
    taken: dict[str, int] = defaultdict(int)
    for fact in occupancy(start, end):
        taken[fact.state_code] += fact.held + fact.occupied
    least = current().disclosure.threshold
    return [
        {"state": state, "beds": round(total / days, 1) if total >= least * days else None}
        for state, total in sorted(taken.items())
    ]
