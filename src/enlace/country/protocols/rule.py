"""The rule of a country that turns indicators into a class: combinations, dimensions, signs, people (``screening/rule.toml``)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from enlace.country.protocols.types import Texts

POSSIBLE, PRESUMED = "possible", "presumed"
AGES = ("adult", "child")
SECTORS = ("labour", "sexual")
SHOWN_FACTS = ("act", "means", "purpose")


@dataclass(frozen=True)
class Combination:
    """At least so many strong, medium and weak indicators; a stronger one may stand in for a weaker."""

    strong: int = 0
    medium: int = 0
    weak: int = 0

    def is_met(self, strong: int, medium: int, weak: int) -> bool:
        return (
            strong >= self.strong
            and strong + medium >= self.strong + self.medium
            and strong + medium + weak >= self.strong + self.medium + self.weak
        )


@dataclass(frozen=True)
class Dimension:
    """A group of indicators scored together. A positive one ``shows`` facts that nobody was asked for by name."""

    code: str
    titles: Texts
    shows: tuple[str, ...] = ()

    def title(self, lang: str) -> str:
        return self.titles.text(lang)


@dataclass(frozen=True)
class IsPositive:
    dimension: str


@dataclass(frozen=True)
class IsShown:
    fact: str


@dataclass(frozen=True)
class Every:
    parts: "tuple[Formula, ...]"


@dataclass(frozen=True)
class Either:
    parts: "tuple[Formula, ...]"


# Without negation: one more indicator can never lower the class.
Formula = IsPositive | IsShown | Every | Either


@dataclass(frozen=True)
class PersonRule:
    """What is found of a person of these ages when the formula holds. ``refer``: help is offered whatever is decided."""

    code: str
    titles: Texts
    ages: tuple[str, ...]
    class_code: str
    when: Formula
    refer: bool
    provisional: bool
    basis: str

    def title(self, lang: str) -> str:
        return self.titles.text(lang)


@dataclass(frozen=True)
class ScreeningRule:
    """``sectors`` maps a form of exploitation to ``labour`` or ``sexual``; one that is not there is weighed as both.

    ``signs`` are the roles of indicators of which a single one makes trafficking possible. ``people`` are in the order of the
    file, those of the higher class first: the first that holds is what was found.
    """

    code: str
    basis: str
    combinations: tuple[Combination, ...]
    dimensions: tuple[Dimension, ...]
    signs: tuple[str, ...]
    people: tuple[PersonRule, ...]
    sectors: Mapping[str, str]
    digest: str = ""

    def dimension(self, code: str) -> Dimension:
        """Raises ``KeyError`` for a dimension that the rule does not score."""
        return {dimension.code: dimension for dimension in self.dimensions}[code]

    def finding(self, code: str) -> PersonRule:
        """Raises ``KeyError`` for a finding that the rule does not know."""
        return {person.code: person for person in self.people}[code]

    def is_positive(self, strong: int, medium: int, weak: int) -> bool:
        return any(combination.is_met(strong, medium, weak) for combination in self.combinations)


def is_satisfied(formula: Formula, positive: Collection[str], facts: Collection[str]) -> bool:
    """Whether a formula holds of these positive dimensions and shown facts."""
    if isinstance(formula, Every):
        return all(is_satisfied(part, positive, facts) for part in formula.parts)
    if isinstance(formula, Either):
        return any(is_satisfied(part, positive, facts) for part in formula.parts)
    return formula.dimension in positive if isinstance(formula, IsPositive) else formula.fact in facts
