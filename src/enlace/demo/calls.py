"""Invents a hotline's year: pure, deterministic, and equal to the published breakdown of the year.

Published are the calls about trafficking, the people found by sex and by nationality, the sets of services they were
referred for and the investigations that began. Everything else (channel, day, place, who was met together) is drawn and
means nothing. Two assumptions, because the source says neither: nobody's sex and nationality depend on each other, and
``SHARED`` of the women and of the men are people whom an authority identified in the same year; the source leaves the
overlap with the national count unknown. Wrong numbers are not invented: the source counts calls about trafficking only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from enlace.country.figures import PublishedFigure
from enlace.country.loader import Pack
from enlace.demo.rules import Invented, dice, labels

CALLS, VICTIMS, REFERRALS, INVESTIGATIONS = (
    "hotline_calls",
    "hotline_victims",
    "hotline_referrals",
    "hotline_investigations",
)
SHARED = 0.25
SEXES = {"female": "female", "male": "male", "unspecified": "unknown"}
FOREIGN, UNSPECIFIED, NATIONAL = "foreign", "unspecified", "national"
SERVICES = {"medical": "HEALTH", "psychological": "MENTAL", "legal": "LEGAL", "legal_counselling": "LEGAL"}
MET_TOGETHER = ((1, 2, 3, 4), (80, 12, 5, 3))
CHANNELS = (60, 14, 22, 4)  # call, chat, message, visit: the hotline's channels in the pack's order
WITHOUT_PERSON = {"information": 58, "counselling": 34, "tip": 3, "follow_up": 3, "missing_person": 2}
WITH_PERSON = {"possible_trafficking": 85, "emergency": 15}
PLACE_KNOWN = 0.85


@dataclass(frozen=True)
class Found:
    """One person at risk. ``known`` is the person of the national caseload, when it is one of them."""

    number: int
    sex: str
    nationality: str
    services: tuple[str, ...]
    known: Invented | None = None


@dataclass(frozen=True)
class Call:
    """One contact and the people at risk in it; ``opened_at`` is a local time of the country."""

    number: int
    opened_at: datetime
    seconds: int
    channel: str
    disposition: str
    state: str
    people: tuple[Found, ...] = ()
    begins_investigation: bool = False


def years(pack: Pack) -> list[int]:
    """The years with a published number of calls and of people."""
    told = {figure.period for figure in pack.figures if figure.indicator_id == CALLS and figure.value}
    return sorted(int(period) for period in told if period.isdigit() and _total(pack, VICTIMS, period))


def invent(pack: Pack, year: int, people: Sequence[Invented], channels: Sequence[str]) -> list[Call]:
    """All contacts of a year, in the order of time; the same input gives the same contacts.

    ``people`` are those of the national caseload, ``channels`` the hotline's. Raises ``ValueError`` when the published
    parts do not add up to their total.
    """
    rng, period = dice(f"hotline {year}"), str(year)
    found = _found(rng, pack, period, _shared(pack, period, people))
    together = _together(rng, found)
    starting = set(rng.sample(range(len(together)), _total(pack, INVESTIGATIONS, period)))
    calls = [
        _call(rng, pack, year, channels, group, begins_investigation=n in starting) for n, group in enumerate(together)
    ]
    size = next(int(f.value or 0) for f in pack.figures_for(CALLS, period))
    calls += [_call(rng, pack, year, channels, ()) for _n in range(size - len(calls))]
    return sorted(calls, key=lambda call: call.opened_at)


def _shared(pack: Pack, period: str, people: Sequence[Invented]) -> dict[str, list[Invented]]:
    """The people of the national caseload who were in touch with the hotline before, by sex."""
    sizes = {SEXES[f.breakdown["sex"]]: int(f.value or 0) for f in _parts(pack, VICTIMS, period, "sex")}
    first = date(int(period), 1, 20)
    there = [p for p in people if not p.is_abroad and p.opened_on >= first and p.identified_on.year == int(period)]
    return {
        sex: [p for p in there if p.sex == sex][: int(size * SHARED)] for sex, size in sizes.items() if sex != "unknown"
    }


def _found(rng: Random, pack: Pack, period: str, shared: dict[str, list[Invented]]) -> list[Found]:
    total = _total(pack, VICTIMS, period)
    sexes = [SEXES[sex] for sex in labels(rng, _sizes(pack, VICTIMS, period, "sex"), total)]
    nations = labels(rng, _sizes(pack, VICTIMS, period, "nationality"), total)
    services = labels(rng, _sizes(pack, REFERRALS, period, "services"), total)
    waiting = {sex: list(known) for sex, known in shared.items()}
    found = []
    for sex, nation, names in zip(sexes, nations, services, strict=True):
        nationality = nation if nation in (FOREIGN, UNSPECIFIED) else NATIONAL
        known = waiting[sex].pop(0) if nationality == NATIONAL and waiting.get(sex) else None
        codes = tuple(sorted(SERVICES[name] for name in names.split("+")))
        found.append(Found(rng.getrandbits(48), sex, nationality, codes, known))
    return found


def _together(rng: Random, found: Sequence[Found]) -> list[tuple[Found, ...]]:
    """Who was met in one contact; those of the national caseload each in one of their own."""
    groups = [(one,) for one in found if one.known]
    others = [one for one in found if not one.known]
    while others:
        size = rng.choices(*MET_TOGETHER)[0]
        groups.append(tuple(others[:size]))  # type: ignore[arg-type]
        others = others[size:]
    return groups  # type: ignore[return-value]


def _call(
    rng: Random,
    pack: Pack,
    year: int,
    channels: Sequence[str],
    people: tuple[Found, ...],
    *,
    begins_investigation: bool = False,
) -> Call:
    weights = WITH_PERSON if people else WITHOUT_PERSON
    known = next((one.known for one in people if one.known), None)
    if known:
        day, state = known.opened_on - timedelta(days=rng.randrange(1, 11)), known.state
    else:
        day, state = date(year, 1, 1) + timedelta(days=rng.randrange(365)), _state(rng, pack, year)
    moment = time(rng.randrange(24), rng.randrange(60), rng.randrange(60))
    return Call(
        number=rng.getrandbits(48),
        opened_at=datetime.combine(day, moment),
        seconds=rng.randrange(240, 2400) if people else rng.randrange(40, 900),
        channel=rng.choices(list(channels), CHANNELS[: len(channels)])[0],
        disposition=rng.choices(list(weights), list(weights.values()))[0],
        state=state,
        people=people,
        begins_investigation=begins_investigation,
    )


def _state(rng: Random, pack: Pack, year: int) -> str:
    codes = [state.code for state in pack.states]
    weights = [pack.population(code, year) or 1 for code in codes]
    return rng.choices(codes, weights)[0] if rng.random() < PLACE_KNOWN else ""


def _total(pack: Pack, indicator: str, period: str) -> int:
    return next((int(f.value or 0) for f in pack.figures_for(indicator, period) if not f.breakdown), 0)


def _parts(pack: Pack, indicator: str, period: str, dimension: str) -> list[PublishedFigure]:
    return [figure for figure in pack.figures_for(indicator, period) if dimension in figure.breakdown]


def _sizes(pack: Pack, indicator: str, period: str, dimension: str) -> dict[str, int]:
    """The published parts of a total by one dimension."""
    return {f.breakdown[dimension]: int(f.value or 0) for f in _parts(pack, indicator, period, dimension)}
