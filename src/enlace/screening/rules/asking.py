"""Which questions would still change the class, the most telling first."""

from collections.abc import Iterable

from enlace.screening.rules.decisive import decisive
from enlace.screening.rules.material import AGE_FACTS, Material
from enlace.screening.rules.weigh import RANK

HEAVY = {"S": 3, "M": 2, "W": 1, "": 0}


def would_change(material: Material, floor: str, ceiling: str) -> tuple[str, ...]:
    """The questions to put now whose answers could change the class for a population that may apply.

    In order: what the answer could come to by itself, then the weight of its indicators, then the order of asking.
    A question that tells the population is among them while populations can still differ.
    """
    indicators, facts = _decisive(material)
    by_question: dict[str, tuple[set[str], set[str]]] = {}
    for name in indicators:
        for trace in material.traces[name]:
            for code in trace.settled_by:
                by_question.setdefault(code, (set(), set()))[0].add(name)
    for fact in facts:
        for code in material.who.settled_by[fact]:
            by_question.setdefault(code, (set(), set()))[1].add(fact)
    if floor != ceiling:
        for code in _telling_population(material):
            by_question.setdefault(code, (set(), set()))
    place = {question.code: nth for nth, question in enumerate(material.protocol.questions)}
    return tuple(sorted(by_question, key=lambda code: (*_telling(material, *by_question[code]), place[code])))


def _decisive(material: Material) -> tuple[set[str], set[str]]:
    indicators: set[str] = set()
    facts: set[str] = set()
    for scale in material.possible:
        found, shown = decisive(scale, material.known)
        indicators |= found
        facts |= shown
    return indicators, facts


def _telling_population(material: Material) -> Iterable[str]:
    """The open questions about age and form while more than one age or sector may apply."""
    ages = {scale.population.partition("_")[0] for scale in material.possible}
    sectors = {scale.population.partition("_")[2] for scale in material.possible}
    facts = [*(AGE_FACTS if len(ages) > 1 else ()), *(["purpose"] if len(sectors) > 1 else ())]
    return [code for fact in facts for code in material.who.settled_by.get(fact, ())]


def _telling(material: Material, indicators: set[str], facts: set[str]) -> tuple[int, int]:
    """Sorts the most telling first: the class reached by this question alone, then the heaviest indicator in it."""
    added = [indicator for indicator in material.used if indicator.id in indicators]
    alone = [
        scale.weigh([*material.known.present, *added], {*material.known.facts, *facts}).class_code
        for scale in material.possible
    ]
    weights = [HEAVY[scale.strength(indicator)] for scale in material.possible for indicator in added]
    return -max(RANK[code] for code in alone), -max(weights, default=0)
