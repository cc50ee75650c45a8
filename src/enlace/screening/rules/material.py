"""Everything the engine weighs, gathered once: indicators with their states, facts, and the populations that may apply."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from enlace.country.protocols import AGES, SECTORS, SHOWN_FACTS, Answers, Protocol, ScreeningIndicator, ScreeningRule
from enlace.screening.rules.decisive import Known
from enlace.screening.rules.evidence import (
    OPEN,
    PRESENT,
    STATES,
    Circumstances,
    Facts,
    Trace,
    circumstances,
    traces,
)
from enlace.screening.rules.outcome import Configuration
from enlace.screening.rules.visibility import Standing, stand
from enlace.screening.rules.weigh import Scale, Weighed

ADULT, CHILD = AGES
AGE_FACTS = ("age", "birth_year", "age_doubt")
UNSCORED = "prompt"


@dataclass(frozen=True)
class Material:
    """``scales``: one for each population the person may belong to by what is known; ``possible``: also by what is open."""

    protocol: Protocol
    standing: Standing
    who: Circumstances
    used: tuple[ScreeningIndicator, ...]
    traces: Mapping[str, tuple[Trace, ...]]
    states: Mapping[str, str]
    known: Known
    scales: tuple[Scale, ...]
    possible: tuple[Scale, ...]

    def weighed(self, scales: Iterable[Scale], *, with_open: bool = False) -> list[Weighed]:
        """What is present comes to on each scale; ``with_open``: as if everything open were present too."""
        present, facts = list(self.known.present), set(self.known.facts)
        if with_open:
            present, facts = present + list(self.known.open), facts | set(self.known.open_facts)
        return [scale.weigh(present, facts) for scale in scales]


def gather(
    protocol: Protocol,
    indicators: Iterable[ScreeningIndicator],
    configuration: Configuration,
    answers: Answers,
    facts: Facts,
) -> Material:
    standing = stand(protocol, answers)
    who = circumstances(protocol, standing, facts, configuration.adult_age)
    by_indicator: dict[str, tuple[Trace, ...]] = {}
    for trace in traces(protocol, standing):
        by_indicator[trace.indicator] = (*by_indicator.get(trace.indicator, ()), trace)
    states = {name: min((t.state for t in found), key=STATES.index) for name, found in by_indicator.items()}
    used = tuple(indicator for indicator in indicators if indicator.id in states)
    known = Known(
        present=[indicator for indicator in used if states[indicator.id] == PRESENT],
        open=[indicator for indicator in used if states[indicator.id] == OPEN],
        facts=[fact for fact in SHOWN_FACTS if getattr(who, fact)],
        open_facts=[fact for fact in SHOWN_FACTS if not getattr(who, fact) and fact in who.settled_by],
    )
    rule, scored = configuration.rule, protocol.kind != UNSCORED
    ages, sectors = _ages(who), _sectors(who, rule)
    later_ages = AGES if who.minor is None or (not who.minor and any(f in who.settled_by for f in AGE_FACTS)) else ages
    later_sectors = SECTORS if "purpose" in who.settled_by else sectors
    return Material(
        protocol=protocol,
        standing=standing,
        who=who,
        used=used,
        traces=by_indicator,
        states=states,
        known=known,
        scales=_scales(rule, ages, sectors, scored),
        possible=_scales(rule, later_ages, later_sectors, scored),
    )


def _ages(who: Circumstances) -> Sequence[str]:
    return AGES if who.minor is None else (CHILD,) if who.minor else (ADULT,)


def _sectors(who: Circumstances, rule: ScreeningRule) -> Sequence[str]:
    """Both, unless every form of exploitation that is known belongs to one of them."""
    found = {rule.sectors.get(form, "") for form in who.forms}
    return tuple(found) if len(found) == 1 and found <= set(SECTORS) else SECTORS


def _scales(rule: ScreeningRule, ages: Sequence[str], sectors: Sequence[str], scored: bool) -> tuple[Scale, ...]:
    return tuple(Scale(rule, f"{age}_{sector}", scored) for age in ages for sector in sectors)
