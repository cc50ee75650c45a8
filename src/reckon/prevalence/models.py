"""Hierarchical log-linear models of capture histories, as sorted tuples of bit masks.

A mask is an interaction: bit j stands for list j. A model holds every single list, and with a mask all its non-empty
subsets; the intercept is understood and not written. In text a model is its generators (maximal terms), lists numbered
from 1: "[12,35,4]"; where there are ten lists or more, with points: "[1.2,3.10,4]".
"""

from functools import lru_cache
from itertools import combinations

from reckon.prevalence.captures import BadCaptures

Model = tuple[int, ...]

MOST_ENUMERATED = 5
"""Six lists have 7,785,061 hierarchical models: with more lists than five, only pairs can be enumerated (to six)."""


def order_of(mask: int) -> int:
    """How many lists a term joins."""
    return mask.bit_count()


def mask_of(*lists: int) -> int:
    """The term of lists numbered from 1: `mask_of(1, 3)` is 5."""
    return sum(1 << (number - 1) for number in set(lists))


def lists_of(mask: int) -> tuple[int, ...]:
    """The lists of a term, numbered from 1."""
    return tuple(place + 1 for place in range(mask.bit_length()) if mask >> place & 1)


def subsets(mask: int) -> tuple[int, ...]:
    """All non-empty subsets of a term, itself included."""
    found = []
    part = mask
    while part:
        found.append(part)
        part = (part - 1) & mask
    return tuple(sorted(found))


def independence(m: int) -> Model:
    """Every list for itself."""
    return tuple(1 << place for place in range(m))


def pairs(m: int) -> tuple[int, ...]:
    """The pairs of lists in the order 12, 13, ..., 1m, 23, ...: it decides between ties in stepwise selection."""
    return tuple(1 << first | 1 << second for first, second in combinations(range(m), 2))


def all_pairs(m: int) -> Model:
    """Every list and every pair."""
    return tuple(sorted((*independence(m), *pairs(m))))


def with_terms(m: int, *terms: int) -> Model:
    """The smallest hierarchical model of m lists that holds these terms."""
    model = set(independence(m))
    for term in terms:
        model.update(subsets(term))
    return tuple(sorted(model))


def is_hierarchical(model: Model, m: int) -> bool:
    """Whether the model holds every list, and every subset of each of its terms."""
    held = set(model)
    return held.issuperset(independence(m)) and all(held.issuperset(subsets(term)) for term in model)


def generators(model: Model) -> str:
    """The model's text: its maximal terms, larger terms first, e.g. "[123,14,34]"."""
    maximal = [term for term in model if not any(term & other == term and term != other for other in model)]
    numbered = sorted((lists_of(term) for term in maximal), key=lambda numbers: (-len(numbers), numbers))
    point = "." if any(number > 9 for numbers in numbered for number in numbers) else ""
    return f"[{','.join(point.join(map(str, numbers)) for numbers in numbered)}]"


def parse(text: str, m: int) -> Model:
    """The model of a text like "[12,35,4]"; lists that it leaves out are in it for themselves. Raises BadCaptures."""
    terms = []
    for part in text.strip().removeprefix("[").removesuffix("]").replace(";", ",").split(","):
        numbers = part.strip().split(".") if "." in part or m > 9 else list(part.strip())
        if not numbers or not all(
            number.isascii() and number.isdigit() and 1 <= int(number) <= m for number in numbers
        ):
            raise BadCaptures(f"A model is written like [12,35,4], with lists numbered from 1 to {m}.")
        terms.append(mask_of(*(int(number) for number in numbers)))
    return with_terms(m, *terms)


@lru_cache(maxsize=32)
def hierarchical(m: int, max_order: int | None = None) -> tuple[Model, ...]:
    """All hierarchical models of m lists with terms of at most `max_order` lists, the term of all lists never in.

    1, 8, 113 and 6893 models for m = 2, 3, 4, 5 (order 2: 1, 8, 64, 1024). Raises BadCaptures when there are too many.
    """
    order = min(m - 1, max_order if max_order is not None else m - 1)
    if m > MOST_ENUMERATED + (order <= 2):
        raise BadCaptures(
            f"{m} lists have too many models to fit them all; choose stepwise selection or the downhill search."
        )
    found = {independence(m)}
    frontier = [independence(m)]
    while frontier:
        model = frontier.pop()
        for term in addable(model, m, order):
            larger = tuple(sorted((*model, term)))
            if larger not in found:
                found.add(larger)
                frontier.append(larger)
    return tuple(sorted(found, key=lambda model: (len(model), model)))


def addable(model: Model, m: int, max_order: int) -> tuple[int, ...]:
    """The terms that may come in next: not in the model, every proper subset in it."""
    held = set(model)
    return tuple(
        sum(1 << place for place in places)
        for size in range(2, max_order + 1)
        for places in combinations(range(m), size)
        if _is_addable(sum(1 << place for place in places), held)
    )


def _is_addable(term: int, held: set[int]) -> bool:
    if term in held:
        return False
    return all(term ^ bit in held for bit in (1 << place for place in range(term.bit_length())) if term & bit)


def removable(model: Model) -> tuple[int, ...]:
    """The interactions that may go first: those that are in no larger term."""
    return tuple(
        term
        for term in model
        if order_of(term) > 1 and not any(term & other == term and term != other for other in model)
    )


@lru_cache(maxsize=1 << 16)
def neighbours(model: Model, m: int, max_order: int) -> tuple[Model, ...]:
    """The hierarchical models one term away: larger ones first, each group in the order of the term."""
    larger = [tuple(sorted((*model, term))) for term in addable(model, m, max_order)]
    smaller = [tuple(held for held in model if held != term) for term in removable(model)]
    return (*larger, *smaller)
