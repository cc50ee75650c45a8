"""The noise that OpenDP draws is the noise that the promise is worked out with. It takes no seed, so chances are compared."""

import math
from collections import Counter
from fractions import Fraction

import pytest

from reckon.disclosure.private.counts import laplace_quantile
from reckon.disclosure.private.noise import OpenDPNoise, _check_cost
from reckon.tables import InputError
from tests.reckon.disclosure.private.replay import chance_of_largest

DRAWS = 40_000
UNLIKELY = 6.0
"""Standard deviations: by chance a test fails once in 500 million runs."""


@pytest.fixture
def noise() -> OpenDPNoise:
    pytest.importorskip("opendp", reason="the optional noise (extra: synthetic) is not installed")
    return OpenDPNoise()


def near(found: int, chance: float, draws: int = DRAWS) -> bool:
    return abs(found - draws * chance) <= UNLIKELY * math.sqrt(draws * chance * (1 - chance)) + 1


@pytest.mark.parametrize("scale", [Fraction(1, 2), Fraction(3), Fraction(41, 4)])
def test_counts_get_discrete_laplace_noise(noise: OpenDPNoise, scale: Fraction) -> None:
    drawn = Counter(count - 7 for count in noise.laplace([7] * DRAWS, scale))
    rate = math.exp(-1 / float(scale))
    for k in range(-12, 13):
        assert near(drawn[k], (1 - rate) / (1 + rate) * rate ** abs(k)), k


def test_the_largest_is_told_with_the_chances_of_permute_and_flip(noise: OpenDPNoise) -> None:
    scores, scale, draws = [4, 2, 2, -3], Fraction(2), 5_000
    drawn = Counter(noise.largest(scores, scale) for _ in range(draws))
    for place in range(len(scores)):
        assert near(drawn[place], chance_of_largest(scores, place, float(scale)), draws), place


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize("scale", [Fraction(1, 4), Fraction(1), Fraction(25, 2), Fraction(300)])
def test_a_margin_of_error_is_the_smallest_that_holds(scale: Fraction, level: float) -> None:
    rate = math.exp(-1 / float(scale))
    within, margin = (1 - rate) / (1 + rate), 0
    while within < level - 1e-12:
        margin += 1
        within += 2 * (1 - rate) / (1 + rate) * rate**margin
    assert laplace_quantile(scale, level) == margin


def test_a_library_that_counts_a_higher_price_is_not_used() -> None:
    _check_cost(1 / 3 + 1e-17, Fraction(1, 3))
    with pytest.raises(InputError, match="higher price"):
        _check_cost(0.34, Fraction(1, 3))
