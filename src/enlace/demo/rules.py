"""Invents the caseload: pure, deterministic, and equal to the published totals where there are some.

Every person is invented. Totals (people identified in the country by year, people found abroad by period and group) are
the pack's published figures; everything inside a total (state, form, help received) is drawn and means nothing.
"""

import calendar
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from enlace.country.loader import Pack

IDENTIFIED, ABROAD = "victims_identified", "victims_abroad"
RECENT, RECENT_DAYS = 200, 30
SEED = "enlace synthetic caseload 1"
GROUPS = {
    "women": ("female", "adult"),
    "men": ("male", "adult"),
    "girls": ("female", "minor"),
    "boys": ("male", "minor"),
}
EXPIRED, DECLINED, SENT_ON = "expired", "declined", "sent_on"
FOREIGN = ("BR", "CO", "HN", "PY", "VE")  # of which the people were who returned with help in 2020
PARTS = {"group", "sex", "age_group", "form"}  # a figure broken down so is a part of a total, never another total
FORM_WEIGHTS = {"SexualExploitation": 50, "ForcedLabour": 14, "ForcedBegging": 8, "Servitude": 5}
OTHER_FORM_WEIGHT = 3
SHARES = {"female": 0.79, "referred": 0.84, "accepted": 0.86, "assisted": 0.93, "consents": 0.88, "several_forms": 0.06}
SHARES |= {"own_case": 0.05, "closed": 0.7, "shares_identity": 0.35}
GIVEN = ("Alma", "Bruno", "Carmen", "Darío", "Elvira", "Fausto", "Gala", "Hugo", "Inés", "Joel", "Lía", "Mauro", "Nora")
SURNAMES = ("Ficticia", "Inventada", "Imaginaria", "Supuesta")


@dataclass(frozen=True)
class Invented:
    """One invented person and what happened to them. Days; ``None`` = it did not happen."""

    number: int
    given_names: str
    family_names: str
    sex: str
    age_group: str
    state: str
    country: str
    is_abroad: bool
    forms: tuple[str, ...]
    opened_on: date
    identified_on: date
    consents: bool
    shares_identity: bool
    referred_on: date | None
    is_accepted: bool
    assisted_on: date | None
    has_second_case: bool
    closed_on: date | None
    citizenship: str = ""  # "": of this country

    @property
    def turned_away(self) -> str:
        """What came of a referral that was not accepted: declined, expired, or sent on to an agency that accepted it."""
        if self.referred_on is None or self.is_accepted:
            return ""
        return (EXPIRED, DECLINED, EXPIRED, DECLINED, EXPIRED, SENT_ON)[self.number % 6]


@dataclass(frozen=True)
class Block:
    """People of one published total: how many, between which days, and how many of each group and country."""

    name: str
    start: date
    end: date
    size: int
    is_abroad: bool = False
    groups: Mapping[str, int] | None = None
    countries: Mapping[str, int] | None = None


def calibrated(pack: Pack) -> list[Block]:
    """The blocks that reproduce the pack's published totals."""
    blocks = []
    for figure in pack.figures:
        if figure.value is None or figure.qualifier or PARTS & figure.breakdown.keys():
            continue
        start_end = days_of(figure.period)
        if start_end and figure.indicator_id == IDENTIFIED:
            blocks.append(Block(f"identified {figure.period}", *start_end, int(figure.value)))
        elif start_end and figure.indicator_id == ABROAD and figure.area == "abroad":
            blocks.append(
                Block(
                    f"abroad {figure.period}",
                    *start_end,
                    int(figure.value),
                    is_abroad=True,
                    groups=_parts(pack, figure.period, by_group=True),
                    countries=_parts(pack, figure.period, by_group=False),
                )
            )
    return sorted(blocks, key=lambda block: (block.start, block.name))


def uncalibrated(pack: Pack, size: int, today: date) -> list[Block]:
    """Further people, outside every calibrated period."""
    last = max((block.end for block in calibrated(pack)), default=date(today.year - 3, 12, 31))
    return [Block("uncalibrated", last + timedelta(days=1), today - timedelta(days=1), size)] if size else []


def recent(today: date) -> list[Block]:
    """A few people of this year, so that its table shows numbers from the first day of use; none in its first weeks."""
    start, end = date(today.year, 1, 1), today - timedelta(days=1)
    return [Block("recent", start, end, RECENT)] if (end - start).days >= RECENT_DAYS else []


def invent(pack: Pack, blocks: Sequence[Block], states: Sequence[str]) -> list[Invented]:
    """All people of the blocks; the same input gives the same people. ``states``: those whose agencies report."""
    people: list[Invented] = []
    for block in blocks:
        rng = dice(block.name)
        groups = _spread(rng, block.groups, block.size)
        countries = _spread(rng, block.countries, block.size)
        first = len(people)
        for group, country in zip(groups, countries, strict=True):
            people.append(_person(rng, pack, block, len(people), group, country, states))
        if not block.is_abroad:
            people[first:] = _with_foreigners(pack, people[first:])
    return people


def days_of(period: str) -> tuple[date, date] | None:
    """First and last day of ``2020`` or ``2020-H1``; ``None`` for any other way of writing a period."""
    year, _, half = period.partition("-")
    if not year.isdigit() or len(year) != 4 or half not in ("", "H1", "H2"):
        return None
    first_month, last_month = {"": (1, 12), "H1": (1, 6), "H2": (7, 12)}[half]
    last_day = calendar.monthrange(int(year), last_month)[1]
    return date(int(year), first_month, 1), date(int(year), last_month, last_day)


def dice(what: str) -> random.Random:
    """The same throws for the same purpose, every time."""
    return random.Random(f"{SEED} {what}")


def labels(rng: random.Random, parts: Mapping[str, int], size: int) -> list[str]:
    """One label for each of ``size`` people, shuffled. Raises ``ValueError`` when the parts do not add up."""
    if sum(parts.values()) != size:
        raise ValueError(f"the parts {dict(parts)} do not add up to {size}")
    return _spread(rng, parts, size)


def _parts(pack: Pack, period: str, *, by_group: bool) -> dict[str, int] | None:
    """Parts of a total found abroad, by group of people or by country ("" for the others)."""
    rows = [f for f in pack.figures_for(ABROAD, period) if f.value is not None]
    if by_group:
        found = {f.breakdown["group"]: int(f.value or 0) for f in rows if f.breakdown.get("group") in GROUPS}
    else:
        known = pack.codes("country")
        rows = [f for f in rows if f.area != "abroad" and not f.breakdown]
        found = {(f.area if f.area in known else ""): int(f.value or 0) for f in rows}
    return found or None


def _spread(rng: random.Random, parts: Mapping[str, int] | None, size: int) -> list[str]:
    """Labels that add up to the parts, shuffled; blanks where there are no parts or they fall short."""
    labels = [label for label, count in (parts or {}).items() for _ in range(count)]
    labels = (labels + [""] * size)[:size]
    rng.shuffle(labels)
    return labels


def _person(
    rng: random.Random, pack: Pack, block: Block, number: int, group: str, country: str, states: Sequence[str]
) -> Invented:
    sex, majority = GROUPS.get(group) or ("female" if rng.random() < SHARES["female"] else "male", "")
    length = (block.end - block.start).days
    identified_on = block.start + timedelta(days=rng.randrange(8, max(9, length - 12)))
    referred_on = identified_on + timedelta(days=rng.randrange(3)) if _happens(rng, "referred") else None
    is_accepted = referred_on is not None and _happens(rng, "accepted")
    assisted = is_accepted and _happens(rng, "assisted")
    closed = _happens(rng, "closed") and identified_on.year < block.end.year + 1
    return Invented(
        number=number,
        given_names=rng.choice(GIVEN),
        family_names=f"{rng.choice(SURNAMES)} {rng.choice(SURNAMES)}",
        sex=sex,
        age_group=_age_group(rng, pack, majority),
        state="" if block.is_abroad else _state(rng, pack, states, block.start.year),
        country=(country or _other_country(rng, pack, block.countries)) if block.is_abroad else "",
        is_abroad=block.is_abroad,
        forms=_forms(rng, pack),
        opened_on=identified_on - timedelta(days=rng.randrange(1, 8)),
        identified_on=identified_on,
        consents=_happens(rng, "consents"),
        shares_identity=_happens(rng, "shares_identity"),
        referred_on=referred_on,
        is_accepted=is_accepted,
        assisted_on=referred_on + timedelta(days=rng.randrange(1, 5)) if assisted and referred_on else None,
        has_second_case=is_accepted and not block.is_abroad and _happens(rng, "own_case"),
        closed_on=identified_on + timedelta(days=rng.randrange(60, 400)) if closed else None,
    )


def _with_foreigners(pack: Pack, people: Sequence[Invented]) -> list[Invented]:
    """A third of the second half comes from abroad; the hotline, which was published as well, met those of the first."""
    known = pack.codes("country")
    countries = [code for code in FOREIGN if code in known and code != pack.country_iso2]
    half = len(people) // 2
    return [
        replace(p, citizenship=countries[n % len(countries)]) if countries and n >= half and n % 3 == 0 else p
        for n, p in enumerate(people)
    ]


def _happens(rng: random.Random, name: str) -> bool:
    return rng.random() < SHARES[name]


def _age_group(rng: random.Random, pack: Pack, majority: str) -> str:
    bands = [c for c in pack.codes("age_group") if c.extra.get("majority")]
    if majority:
        return rng.choice([c.code for c in bands if c.extra["majority"] == majority])
    minor = rng.random() < 0.31
    return rng.choice([c.code for c in bands if (c.extra["majority"] == "minor") == minor])


def _state(rng: random.Random, pack: Pack, states: Sequence[str], year: int) -> str:
    weights = [pack.population(code, year) or 1 for code in states]
    return rng.choices(list(states), weights)[0]


def _forms(rng: random.Random, pack: Pack) -> tuple[str, ...]:
    codes = [c.code for c in pack.forms]
    weights = [FORM_WEIGHTS.get(c.maps.get("htcds", ""), OTHER_FORM_WEIGHT) for c in pack.forms]
    first = rng.choices(codes, weights)[0]
    second = rng.choices(codes, weights)[0]
    return (first, second) if _happens(rng, "several_forms") and second != first else (first,)


def _other_country(rng: random.Random, pack: Pack, named: Mapping[str, int] | None) -> str:
    codes = [c.code for c in pack.codes("country") if c.code != pack.country_iso2 and c.code not in (named or {})]
    return rng.choice(codes)
