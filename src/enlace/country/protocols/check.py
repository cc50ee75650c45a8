"""Checks of a protocol as a whole: that everything in it can be reached, and that it can come to a finding."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from enlace.country.instruments import ScreeningIndicator
from enlace.country.protocols.conditions import AllOf, Answered
from enlace.country.protocols.reach import Shown, TooMany, is_reachable, shown
from enlace.country.protocols.read import Vocabulary, answers_of, files, read_protocol, read_protocols
from enlace.country.protocols.read_rule import FILE, read_rule
from enlace.country.protocols.rule import ScreeningRule, is_satisfied
from enlace.country.protocols.types import Protocol, Question
from enlace.country.rows import PackError


def read_screening_set(
    folder: Path, vocabulary: Vocabulary, indicators: Sequence[ScreeningIndicator]
) -> tuple[tuple[Protocol, ...], ScreeningRule | None]:
    """The protocols of the pack and the rule that weighs them, all of it checked. Raises ``PackError``."""
    protocols = read_protocols(folder, vocabulary)
    rule = read_rule(folder, vocabulary, indicators)
    if rule is None:
        if protocols:
            raise PackError(
                f"{folder.name}/{FILE}", 0, "", "expected this file: without it no protocol comes to a class"
            )
        return (), None
    for protocol in protocols:
        check_reach(protocol, vocabulary)
        check_finds(protocol, indicators, rule)
    return protocols, rule


def defects(folder: Path, vocabulary: Vocabulary, indicators: Sequence[ScreeningIndicator]) -> Iterator[PackError]:
    """The first defect of each file, so that whoever writes several files mends them all at once."""
    rule = None
    try:
        rule = read_rule(folder, vocabulary, indicators)
    except PackError as error:
        yield error
    for name in files(folder):
        try:
            protocol = read_protocol(folder, name, vocabulary)
            check_reach(protocol, vocabulary)
            if rule:
                check_finds(protocol, indicators, rule)
        except PackError as error:
            yield error


def check_reach(protocol: Protocol, vocabulary: Vocabulary) -> None:
    """Raise ``PackError`` for a section, a question or an indicator that no answers can lead to."""
    sizes = {question.code: len(answers_of(question, vocabulary)) for question in protocol.questions}
    asked = shown(protocol, sizes)
    for section in protocol.sections:
        if section.show_if is not None:
            _check(protocol, f"sections.{section.code}.show_if", asked, AllOf((section.show_if,)))
        for question in section.questions:
            path = f"sections.{section.code}.questions.{question.code}"
            _check(protocol, f"{path}.show_if", asked, asked.condition_by_code[question.code])
            _check_uses(protocol, path, asked, question)


def _check_uses(protocol: Protocol, path: str, asked: Shown, question: Question) -> None:
    for use in question.uses:
        goal = AllOf((Answered(question.code), use.when))
        _check(protocol, f"{path}.indicators.{use.indicator}.when", asked, goal)


def _check(protocol: Protocol, place: str, asked: Shown, goal: AllOf) -> None:
    try:
        if is_reachable(asked, goal):
            return
    except TooMany as error:
        expected = "expected a condition that depends on fewer answers: this one cannot be followed to the end"
        raise PackError(protocol.file, 0, place, expected) from error
    raise PackError(protocol.file, 0, place, "expected a condition that some answers can meet: none can")


def check_finds(protocol: Protocol, indicators: Sequence[ScreeningIndicator], rule: ScreeningRule) -> None:
    """Raise ``PackError`` when a protocol that is to give a class could not find anything, whatever was answered."""
    names = {use.indicator for question in protocol.questions for use in question.uses}
    used = [indicator for indicator in indicators if indicator.id in names]
    by_sign = any(indicator.rule_role in rule.signs for indicator in used)
    if not by_sign and (protocol.kind == "prompt" or not _by_dimension(protocol, used, rule)):
        raise PackError(protocol.file, 0, "sections", "expected indicators enough to come to a class; these never do")


def _by_dimension(protocol: Protocol, used: Sequence[ScreeningIndicator], rule: ScreeningRule) -> bool:
    """Whether some population has a finding when every indicator is present and every fact is shown."""
    facts = {question.fact for question in protocol.questions if question.fact}
    populations = {population for indicator in used for population in indicator.strengths}
    for population in populations:
        counts = strengths(used, population)
        positive = {d.code for d in rule.dimensions if rule.is_positive(*counts.get(d.code, (0, 0, 0)))}
        shows = facts.union(*(d.shows for d in rule.dimensions if d.code in positive))
        age = population.partition("_")[0]
        if any(age in person.ages and is_satisfied(person.when, positive, shows) for person in rule.people):
            return True
    return False


def strengths(used: Sequence[ScreeningIndicator], population: str) -> Mapping[str, tuple[int, int, int]]:
    """How many strong, medium and weak indicators each dimension has for a population."""
    counted = Counter((indicator.dimension, indicator.strengths.get(population, "")) for indicator in used)
    dimensions = {dimension for dimension, _ in counted}
    return {name: (counted[name, "S"], counted[name, "M"], counted[name, "W"]) for name in dimensions}
