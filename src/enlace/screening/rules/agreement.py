"""How far two or more screeners agree about the same people beyond what chance would give: Cohen's and Fleiss' kappa.

Intervals are large-sample ones on the scale of kappa, cut at -1 and 1. With few people they are too narrow: read them as a
hint. Neither coefficient is defined for fewer than two people, nor when every rating is in one category, because chance alone
then agrees fully.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Agreement:
    """``value`` from -1 to 1 (0: as chance would), with its standard error and 95 % interval; shares observed and expected."""

    value: float
    error: float
    low: float
    high: float
    observed: float
    expected: float
    subjects: int
    raters: int


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> Agreement | None:
    """Two screeners, one pair of classes for each person; None when it is not defined.

    Cohen (1960), Educational and Psychological Measurement 20, 37-46. Standard error not under chance but as estimated:
    Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72, 323-327, equation 13.
    """
    total = len(pairs)
    if total < 2:
        return None
    first, second = Counter(left for left, _ in pairs), Counter(right for _, right in pairs)
    expected = sum(first[name] * second[name] for name in first) / total**2
    if expected == 1:
        return None
    observed = sum(left == right for left, right in pairs) / total
    kappa = (observed - expected) / (1 - expected)
    on = sum(
        count / total * (1 - (first[name] + second[name]) / total * (1 - kappa)) ** 2
        for (name, other), count in Counter(pairs).items()
        if name == other
    )
    off = sum(
        count / total * ((second[name] + first[other]) / total) ** 2
        for (name, other), count in Counter(pairs).items()
        if name != other
    )
    variance = on + (1 - kappa) ** 2 * off - (kappa - expected * (1 - kappa)) ** 2
    error = sqrt(max(variance, 0.0) / total) / (1 - expected)
    return _agreement(kappa, error, observed, expected, total, 2)


def fleiss_kappa(ratings: Sequence[Sequence[str]]) -> Agreement | None:
    """The same number of screeners (two or more) for each person, not always the same ones; None when it is not defined.

    ``ratings`` holds the classes each person was given. Fleiss (1971), Psychological Bulletin 76, 378-382. Standard error by
    the delta method over people (linearised as in Gwet 2021, Educational and Psychological Measurement 81, 781-790).
    Raises ``ValueError`` when people were rated by different numbers of screeners.
    """
    raters = len(ratings[0]) if ratings else 0
    if any(len(given) != raters for given in ratings):
        raise ValueError("expected the same number of ratings for everybody")
    total = len(ratings)
    if raters < 2 or total < 2:
        return None
    counts = [Counter(given) for given in ratings]
    shares = {name: n / (total * raters) for name, n in sum(counts, Counter[str]()).items()}
    expected = sum(share**2 for share in shares.values())
    if len(shares) == 1:
        return None
    agreed = [(sum(n * n for n in count.values()) - raters) / (raters * (raters - 1)) for count in counts]
    observed = sum(agreed) / total
    kappa = (observed - expected) / (1 - expected)
    by_chance = [sum(shares[name] * n for name, n in count.items()) / raters for count in counts]
    influence = [
        (agree - observed - 2 * (1 - kappa) * (chance - expected)) / (1 - expected)
        for agree, chance in zip(agreed, by_chance, strict=True)
    ]
    error = sqrt(sum(part**2 for part in influence) / (total * (total - 1)))
    return _agreement(kappa, error, observed, expected, total, raters)


def _agreement(kappa: float, error: float, observed: float, expected: float, subjects: int, raters: int) -> Agreement:
    margin = NORMAL_95 * error
    return Agreement(
        kappa, error, max(kappa - margin, -1.0), min(kappa + margin, 1.0), observed, expected, subjects, raters
    )
