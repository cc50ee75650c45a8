"""The weight of indicators for one population: dimensions by strong, medium and weak, then the person.

Operational indicators of trafficking, ILO and European Commission, 2009: within a dimension the indicators of each strength
are counted and compared with the combinations of the pack; the positive dimensions decide about the person.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from enlace.country.protocols import POSSIBLE, PRESUMED, ScreeningIndicator, ScreeningRule, is_satisfied

NOTHING, INSUFFICIENT = "no_indication_found", "insufficient"
CLASSES = (NOTHING, INSUFFICIENT, POSSIBLE, PRESUMED)
RANK = {name: place for place, name in enumerate(CLASSES)}
STRENGTHS = ("S", "M", "W")

Counts = tuple[int, int, int]


@dataclass(frozen=True)
class Weighed:
    """What indicators and facts come to. ``findings``: the rules about people that hold; ``class_code``: the highest of them."""

    population: str
    positive: frozenset[str]
    shown: frozenset[str]
    findings: tuple[str, ...]
    class_code: str


@dataclass(frozen=True)
class Scale:
    """How indicators are weighed for a population such as ``child_labour``; ``scored`` is false where no dimension counts."""

    rule: ScreeningRule
    population: str
    scored: bool = True

    @property
    def age(self) -> str:
        return self.population.partition("_")[0]

    def strength(self, indicator: ScreeningIndicator) -> str:
        """S, M or W; "" when the indicator has no weight for this population."""
        return indicator.strengths.get(self.population, "") if self.scored else ""

    def counts(self, dimension: str, indicators: Iterable[ScreeningIndicator]) -> Counts:
        """How many strong, medium and weak ones of a dimension there are."""
        found = Counter(self.strength(i) for i in indicators if i.dimension == dimension)
        return found["S"], found["M"], found["W"]

    def weigh(self, present: Sequence[ScreeningIndicator], facts: Collection[str]) -> Weighed:
        dimensions = self.rule.dimensions
        positive = frozenset(d.code for d in dimensions if self.rule.is_positive(*self.counts(d.code, present)))
        shown = frozenset(facts).union(*(d.shows for d in dimensions if d.code in positive))
        findings = [p for p in self.rule.people if self.age in p.ages and is_satisfied(p.when, positive, shown)]
        reached = [person.class_code for person in findings]
        if any(indicator.rule_role in self.rule.signs for indicator in present):
            reached.append(POSSIBLE)
        best = max(reached, key=RANK.__getitem__, default=NOTHING)
        return Weighed(self.population, positive, shown, tuple(person.code for person in findings), best)
