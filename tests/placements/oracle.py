"""The matcher once more, slowly: one person, one site, one condition at a time; and every possibility tried.

Written from the description alone and built differently. A condition that depends on something not known is settled by trying
everything that the unknown may be; the least change by trying sets of changes, small ones first; an assignment and a plan by
trying them all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations, product

from enlace.directory.rules import AgreementFacts, Criterion, SiteFacts, UnitFacts, is_stale
from enlace.placements.rules import Child, Limits, Need, Profile, Weights

UNKNOWN = ("", "unknown", "not_specified")
AGES = range(131)


# --- one condition ---


def admits(criterion: Criterion, need: Need) -> bool | None:
    """Try every person who may stand behind what is known."""
    answers = {_admits_known(criterion, person) for person in _possible(criterion, need)}
    return answers.pop() if len(answers) == 1 else None


def _admits_known(criterion: Criterion, need: Need) -> bool:
    """The rule as a sentence, of a person of whom everything that it asks is known."""
    if criterion.fact == "boys_age":
        males = [child.age for child in (Child(need.sex, need.age), *(need.children or ())) if child.sex == "male"]
        return all(_inside(criterion, age) == criterion.must for age in males)
    so = {
        "sex": need.sex in criterion.values,
        "gender": need.gender in criterion.values,
        "nationality": need.nationality in criterion.values,
        "migration_status": need.migration_status in criterion.values,
        "form": any(form in criterion.values for form in need.forms),
        "exclusion": any(code in criterion.values for code in need.exclusions or ()),
        "age": _inside(criterion, need.age),
        "security_level": _inside(criterion, need.security),
        "with_children": bool(need.children),
        "family": bool(need.family),
        "pregnancy": bool(need.pregnant),
        "disability": bool(need.disability),
        "lgbti": bool(need.lgbti),
    }
    return so[criterion.fact] if criterion.must else not so[criterion.fact]


def _inside(criterion: Criterion, number: int | None) -> bool:
    if number is None:
        return False
    return not (criterion.least is not None and number < criterion.least) and not (
        criterion.most is not None and number > criterion.most
    )


def _possible(criterion: Criterion, need: Need) -> Iterator[Need]:
    """Every completion of what this condition looks at."""
    some, other = min(criterion.values, default="any"), "something else"
    for name in ("sex", "gender", "nationality", "migration_status"):
        if criterion.fact == name and getattr(need, name) in UNKNOWN:
            yield from (replace(need, **{name: code}) for code in (some, other))
            return
    flag = {"pregnancy": "pregnant"}.get(criterion.fact, criterion.fact)
    if flag in ("family", "pregnant", "disability", "lgbti") and getattr(need, flag) is None:
        yield from (replace(need, **{flag: value}) for value in (True, False))
    elif criterion.fact == "form" and not need.forms:
        yield from (replace(need, forms=frozenset({code})) for code in (some, other))
    elif criterion.fact == "exclusion" and need.exclusions is None:
        yield from (replace(need, exclusions=codes) for codes in (frozenset(), criterion.values))
    elif criterion.fact == "security_level" and need.security is None:
        yield from (replace(need, security=level) for level in range(20))
    elif criterion.fact == "with_children" and need.children is None:
        yield from (replace(need, children=children) for children in ((), (Child(),)))
    elif criterion.fact == "age":
        yield from (replace(need, age=age) for age in _ages(need.age, need.age_span))
    elif criterion.fact == "boys_age":
        yield from _possible_groups(criterion, need)
    else:
        yield need


def _ages(age: int | None, span: tuple[int, int]) -> Sequence[int]:
    return range(span[0], span[1] + 1) if age is None else [age]


def _possible_groups(criterion: Criterion, need: Need) -> Iterator[Need]:
    """Who may be male, and how old: the person and each child; a child may come if nobody asked."""
    people = [_faces(criterion, need.sex, _ages(need.age, need.age_span))]
    people += [_faces(criterion, child.sex, _ages(child.age, (0, 130))) for child in need.children or ()]
    children = [people[1:]] if need.children is not None else [[], [_faces(criterion, "", AGES)]]
    for person, others in ((person, group) for person in people[0] for group in children):
        yield from (replace(need, sex=person.sex, age=person.age, children=chosen) for chosen in product(*others))


def _faces(criterion: Criterion, sex: str, ages: Sequence[int]) -> list[Child]:
    """Both sexes where it is not known; the youngest, the oldest, and the ages about the limits of the condition."""
    sexes = ("male", "female") if sex in UNKNOWN else (sex,)
    about = {limit + step for limit in (criterion.least or 0, criterion.most or 0) for step in (-1, 0, 1)}
    return [Child(each, age) for each in sexes for age in sorted({ages[0], ages[-1]} | about.intersection(ages))]


# --- one site ---


@dataclass(frozen=True)
class Verdict:
    """What is found of one site; codes with what they are about."""

    site: SiteFacts
    unit: UnitFacts | None
    law: list[str]
    fixed: list[str]
    changes: list[str]
    pros: list[str]
    cons: list[str]
    questions: set[str]
    others: list[str]
    score: int

    @property
    def fits(self) -> bool:
        return not (self.law or self.fixed or self.changes)


def rank(
    need: Need,
    sites: Sequence[SiteFacts],
    agreements: Sequence[AgreementFacts],
    at: datetime,
    limits: Limits,
    weights: Weights,
) -> tuple[list[Verdict], list[Verdict]]:
    """Those that the law allows, in order, and those that it bars."""
    verdicts = [judge(need, site, agreements, at, limits, weights) for site in sites]
    verdicts.sort(key=_place_in_line)
    return [one for one in verdicts if not one.law], [one for one in verdicts if one.law]


def _place_in_line(one: Verdict) -> tuple[int, int, int, int, int, str, int]:
    free = max(0, one.unit.free) if one.unit else 0
    return (
        len(one.law) + len(one.fixed),
        len(one.changes),
        -one.score,
        len(one.questions) + len(one.others),
        -free,
        one.site.agency_code,
        one.site.site_id.int,
    )


def judge(
    need: Need, site: SiteFacts, agreements: Sequence[AgreementFacts], at: datetime, limits: Limits, weights: Weights
) -> Verdict:
    agreed = any(_covers(one, need, site) for one in agreements)
    unit = _nearest_unit(need, site, at, limits)
    pros, cons = _ranking(need, site, agreed, limits, weights)
    criteria = set(site.criteria), set(unit.criteria if unit else ())
    changes = [one.fact for side in criteria for one in side if admits(one, need) is False]
    changes += ["bed"] * (max(0, need.beds - max(0, unit.free)) if unit else 0)
    may_be_told = need.has_consent_or_ground and site.agency_code not in need.refused_agencies
    changes += [] if may_be_told or site.agency_code in need.consented_agencies else ["ground"]
    if limits.needs_agreement and need.state and site.state != need.state and not agreed:
        changes.append("no_agreement")
    others = []
    if unit and max(0, unit.free) >= need.beds and is_stale(unit.confirmed_at, at, limits.vacancy_stale):
        others.append("stale")
    if need.needs_interpreter and not need.languages & site.languages:
        others.append("interpreter")
    return Verdict(
        site=site,
        unit=unit,
        law=["barred_kind"] * site.barred + ["not_accepting"] * (not site.accepts_trafficking),
        fixed=_fixed(need, site),
        changes=changes,
        pros=pros,
        cons=cons,
        questions={one.fact for side in criteria for one in side if admits(one, need) is None},
        others=others,
        score=sum(getattr(weights, code) for code in pros),
    )


def _fixed(need: Need, site: SiteFacts) -> list[str]:
    found = ["service" for code in need.services if code not in site.services]
    found += ["accessibility" for code in need.accessibility if code not in site.accessibility]
    found += ["security"] if need.security is not None and site.security < need.security else []
    found += ["no_unit"] if need.beds and not site.units else []
    found += ["area"] if site.state in need.avoid_states else []
    return found + (["refused"] if site.site_id in need.refused_sites else [])


def _covers(one: AgreementFacts, need: Need, site: SiteFacts) -> bool:
    of_place = one.site_id == site.site_id if one.site_id else one.to_state == site.state
    return one.from_state == need.state and of_place and one.service in {"", *need.services}


def _nearest_unit(need: Need, site: SiteFacts, at: datetime, limits: Limits) -> UnitFacts | None:
    def far(unit: UnitFacts) -> tuple[int, int, bool, int, int]:
        answers = [admits(one, need) for one in set(unit.criteria)]
        missing = max(0, need.beds - max(0, unit.free))
        stale = is_stale(unit.confirmed_at, at, limits.vacancy_stale)
        return answers.count(False) + missing, answers.count(None), stale, -max(0, unit.free), unit.unit_id.int

    return min(site.units, key=far) if site.units and need.beds else None


def _ranking(
    need: Need, site: SiteFacts, agreed: bool, limits: Limits, weights: Weights
) -> tuple[list[str], list[str]]:
    found = ["specialised" if site.specialised else "not_specialised"]
    away = [limits.kilometres.get((site.state, state)) for state in need.avoid_states if state != site.state]
    if need.avoid_states and site.state not in need.avoid_states and None not in away:
        found.append("safe_distance" if min(km for km in away if km is not None) >= limits.safe_km else "near")
    if need.languages:
        found.append("language" if need.languages & site.languages else "no_language")
    if need.state:
        found.append("same_state" if site.state == need.state else "agreement" if agreed else "other_state")
    if need.days is not None:
        found.append("long_enough" if site.max_stay_days is None or site.max_stay_days >= need.days else "too_short")
    found.append("goes_out" if site.may_go_out_alone else "no_going_out")
    found.append("tied_to_trial" if site.only_while_trial else "not_tied")
    return [code for code in found if hasattr(weights, code)], [code for code in found if not hasattr(weights, code)]


# --- the least changes ---

Change = tuple[str, int, int, int]
"""What, of which site, which unit (-1: of the site), which condition or bed."""


def least_changes(
    need: Need,
    sites: Sequence[SiteFacts],
    agreements: Sequence[AgreementFacts],
    at: datetime,
    limits: Limits,
    most: int,
) -> int | None:
    """The size of the smallest set of changes after which a site fits; ``None`` when no set of ``most`` changes does."""
    universe = list(_universe(need, sites))
    for size in range(min(most, len(universe)) + 1):
        for chosen in combinations(universe, size):
            if _any_fits(chosen, need, sites, agreements, at, limits):
                return size
    return None


def _universe(need: Need, sites: Sequence[SiteFacts]) -> Iterator[Change]:
    yield "ground", -1, -1, -1
    for s, site in enumerate(sites):
        yield "agreement", s, -1, -1
        yield from (("rule", s, -1, number) for number in range(len(site.criteria)))
        for u, unit in enumerate(site.units):
            yield from (("rule", s, u, number) for number in range(len(unit.criteria)))
            yield from (("bed", s, u, number) for number in range(need.beds))


def _any_fits(
    chosen: tuple[Change, ...],
    need: Need,
    sites: Sequence[SiteFacts],
    agreements: Sequence[AgreementFacts],
    at: datetime,
    limits: Limits,
) -> bool:
    everybody = frozenset(site.agency_code for site in sites)
    asked = replace(need, consented_agencies=everybody) if ("ground", -1, -1, -1) in chosen else need
    made = [AgreementFacts(need.state, sites[s].state) for what, s, _, _ in chosen if what == "agreement"]
    changed = [_changed(site, s, chosen) for s, site in enumerate(sites)]
    return any(judge(asked, site, [*agreements, *made], at, limits, Weights()).fits for site in changed)


def _changed(site: SiteFacts, s: int, chosen: tuple[Change, ...]) -> SiteFacts:
    units = tuple(
        replace(
            unit,
            criteria=tuple(one for n, one in enumerate(unit.criteria) if ("rule", s, u, n) not in chosen),
            free=max(0, unit.free)
            + sum((what, at_site, at_unit) == ("bed", s, u) for what, at_site, at_unit, _ in chosen),
        )
        for u, unit in enumerate(site.units)
    )
    criteria = tuple(one for n, one in enumerate(site.criteria) if ("rule", s, -1, n) not in chosen)
    return replace(site, units=units, criteria=criteria)


# --- many people ---

Options = Sequence[Sequence[int | None]]
"""The points of each person (row) in each unit; ``None`` where the person cannot live."""


def assign(options: Options, beds: Sequence[int], free: Sequence[int], families: Sequence[int]) -> tuple[int, int]:
    """The most people that can be placed, and then the most points: by trying every assignment."""
    units = range(len(free))
    best = (0, 0)
    for chosen in product((None, *units), repeat=len(options)):
        homes = {(family, unit) for family, unit in zip(families, chosen, strict=True)}
        used = [sum(b for b, at_unit in zip(beds, chosen, strict=True) if at_unit == unit) for unit in units]
        points = [options[person][unit] for person, unit in enumerate(chosen) if unit is not None]
        is_together = len(homes) == len(set(families))
        if is_together and None not in points and all(u <= f for u, f in zip(used, free, strict=True)):
            best = max(best, (len(points), sum(value for value in points if value is not None)))
    return best


def greedy(options: Options, free: Sequence[int]) -> tuple[int, int]:
    """One person after another to the best place then free."""
    left, placed, points = list(free), 0, 0
    for person in options:
        open_to = [(value, -unit) for unit, value in enumerate(person) if value is not None and left[unit]]
        if open_to:
            value, unit = max(open_to)
            left[-unit] -= 1
            placed, points = placed + 1, points + value
    return placed, points


# --- new places ---


def plan(
    needs: Sequence[Need], candidates: Sequence[tuple[SiteFacts, int]], k: int, at: datetime, limits: Limits
) -> tuple[int, int, int]:
    """Needs closed, of them at home, and minus the places used: the best over every choice of places and of who gets them.

    ``candidates``: a house with room for anybody, and how many stays one place of it gives.
    """
    fits = [[judge(need, site, (), at, limits, Weights()).fits for site, _ in candidates] for need in needs]
    best = (0, 0, 0)
    for places in product(range(k + 1), repeat=len(candidates)):
        if sum(places) <= k:
            served = max(_ways(needs, fits, candidates, places))
            best = max(best, (*served, -sum(places)))
    return best


def _ways(
    needs: Sequence[Need], fits: list[list[bool]], candidates: Sequence[tuple[SiteFacts, int]], places: tuple[int, ...]
) -> Iterator[tuple[int, int]]:
    for chosen in product((None, *range(len(candidates))), repeat=len(needs)):
        given = [(need, number, c) for number, (need, c) in enumerate(zip(needs, chosen, strict=True)) if c is not None]
        stays = [sum(need.beds for need, _, c in given if c == number) for number in range(len(candidates))]
        enough = all(used <= n * turns for used, n, (_, turns) in zip(stays, places, candidates, strict=True))
        if enough and all(fits[number][c] and need.beds <= places[c] for need, number, c in given):
            yield len(given), sum(need.state == candidates[c][0].state for need, _, c in given)


def candidates(profiles: Sequence[Profile], states: Sequence[str], days: int) -> list[tuple[SiteFacts, int]]:
    """Each profile in each state, with a hundred free beds."""
    return [
        (replace(one.house, state=state, units=(UnitFacts(one.house.site_id, 100, None, free=100),)), one.stays(days))
        for state in states
        for one in profiles
    ]
