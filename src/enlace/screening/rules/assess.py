"""The engine: from a protocol, the answers and what else is known to an outcome that explains itself. It never decides."""

from collections.abc import Iterable, Sequence

from enlace.country.protocols import PRESUMED, Answers, Protocol, ScreeningIndicator
from enlace.screening.rules.asking import would_change
from enlace.screening.rules.evidence import OPEN, PRESENT, Facts
from enlace.screening.rules.material import Material, gather
from enlace.screening.rules.outcome import (
    NEGATIVE,
    NOT_SHOWN,
    POSITIVE,
    SHOWN,
    UNDECIDED,
    Configuration,
    DimensionResult,
    IndicatorResult,
    LegalFlag,
    Outcome,
)
from enlace.screening.rules.weigh import INSUFFICIENT, NOTHING, RANK, Scale, Weighed


def assess(
    protocol: Protocol,
    indicators: Iterable[ScreeningIndicator],
    configuration: Configuration,
    answers: Answers,
    facts: Facts,
) -> Outcome:
    """Weigh the answers that count for every population the person may belong to; the highest class is the class.

    Answers to hidden questions and to questions of another version may be among ``answers``: they count for nothing.
    """
    material = gather(protocol, indicators, configuration, answers, facts)
    who, rule = material.who, configuration.rule
    base = material.weighed(material.scales)
    most = material.weighed(material.possible, with_open=True)
    best, ceiling = _highest(base), _highest(most)
    floor = min((each.class_code for each in material.weighed(material.possible)), key=RANK.__getitem__)
    findings = tuple(person.code for person in rule.people if any(person.code in w.findings for w in base))
    return Outcome(
        class_code=INSUFFICIENT if best == NOTHING != ceiling else best,
        floor=floor,
        ceiling=ceiling,
        settled=best == ceiling,
        refer=best == PRESUMED or any(rule.finding(code).refer for code in findings),
        findings=findings,
        populations=tuple(scale.population for scale in material.scales),
        minor=who.minor,
        minor_by_doubt=who.minor_by_doubt,
        legal=_legal(material, base, most, configuration.means_required),
        dimensions=tuple(_dimensions(material, configuration)),
        indicators=tuple(_indicator(material, indicator) for indicator in material.used),
        unanswered=tuple(q.code for q in material.standing.visible if q.code in material.standing.open),
        would_change=would_change(material, floor, ceiling),
        detained=who.detained,
        apprehended=who.apprehended,
        forms=who.forms,
        groups=who.groups,
    )


def _highest(weighed: Iterable[Weighed]) -> str:
    return max((each.class_code for each in weighed), key=RANK.__getitem__)


def _indicator(material: Material, indicator: ScreeningIndicator) -> IndicatorResult:
    state = material.states[indicator.id]
    return IndicatorResult(
        id=indicator.id,
        dimension=indicator.dimension,
        role=indicator.rule_role,
        state=state,
        questions=tuple(dict.fromkeys(t.question for t in material.traces[indicator.id] if t.state == state)),
        strengths={scale.population: scale.strength(indicator) for scale in material.scales},
    )


def _dimensions(material: Material, configuration: Configuration) -> Iterable[DimensionResult]:
    """Every dimension of which this protocol asks something, for each population that may apply."""
    for scale in material.scales:
        for dimension in configuration.rule.dimensions:
            weighty = [i for i in material.used if i.dimension == dimension.code and scale.strength(i)]
            if weighty:
                yield _dimension(material, scale, dimension.code, weighty)


def _dimension(material: Material, scale: Scale, code: str, weighty: Sequence[ScreeningIndicator]) -> DimensionResult:
    present = [i for i in weighty if material.states[i.id] == PRESENT]
    undecided = [i for i in weighty if material.states[i.id] == OPEN]
    counts = scale.counts(code, present)
    may_be = scale.rule.is_positive(*scale.counts(code, [*present, *undecided]))
    return DimensionResult(
        code=code,
        population=scale.population,
        state=POSITIVE if scale.rule.is_positive(*counts) else UNDECIDED if may_be else NEGATIVE,
        strong=counts[0],
        medium=counts[1],
        weak=counts[2],
        indicators=tuple(indicator.id for indicator in present),
        open_indicators=tuple(indicator.id for indicator in undecided),
    )


def _legal(material: Material, base: Sequence[Weighed], most: Sequence[Weighed], means_required: bool) -> LegalFlag:
    """Act and purpose, and means only where the base offence asks for them of an adult who could understand and resist."""
    who = material.who
    act, purpose, means = (_element(material, fact, base, most) for fact in ("act", "purpose", "means"))
    means_needed = means_required and not who.unable and (None if who.minor is None else not who.minor)
    elements = [act, purpose] if means_needed is False else [act, purpose, means]
    if means_needed is None and means is not True:
        elements = [act, purpose, None]
    asked = [fact for fact in ("act", "purpose", "means") if fact != "means" or means_needed is not False]
    settled_by = [code for fact in asked for code in sorted(who.settled_by.get(fact, ()))]
    state = NOT_SHOWN if False in elements else UNDECIDED if None in elements else SHOWN
    return LegalFlag(state, act, purpose, means, means_needed, tuple(dict.fromkeys(settled_by)))


def _element(material: Material, fact: str, base: Sequence[Weighed], most: Sequence[Weighed]) -> bool | None:
    """True when it was told or a positive dimension shows it; False after a plain no that nothing open can overturn."""
    if any(fact in weighed.shown for weighed in base):
        return True
    return None if any(fact in weighed.shown for weighed in most) else getattr(material.who, fact)
