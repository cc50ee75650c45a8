"""The only place where noise is made: the samplers of OpenDP, which draw from the exact distributions.

Floating-point samplers of the textbook leak through the bits of their results (Mironov, 2012), so none is written here.
OpenDP draws from the operating system's source of randomness and takes no seed: noise cannot be repeated or stored.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

from reckon.tables import InputError

GRAIN = 1024
"""Scales are multiples of 1/1024, so that a float holds them exactly."""
CLOSE = 1e-9


class Noise(Protocol):
    """What a release draws. Tests hand in one of their own, with a seed, through arguments named `noise_for_tests`."""

    def laplace(self, counts: Sequence[int], scale: Fraction) -> list[int]:
        """Each count plus an integer k drawn with probability proportional to exp(-|k| / scale)."""

    def largest(self, scores: Sequence[int], scale: Fraction) -> int:
        """The place of one score, drawn with probability at least exponential in score / scale."""


def scale_for(epsilon: Fraction, sensitivity: int) -> Fraction:
    """The smallest scale of the grain with which noise costs at most epsilon: sensitivity / scale ≤ epsilon."""
    return Fraction(-(-sensitivity * GRAIN // epsilon), GRAIN)


class OpenDPNoise:
    """The mechanisms of OpenDP. Each is asked what it costs before it is used."""

    def laplace(self, counts: Sequence[int], scale: Fraction) -> list[int]:
        """Discrete Laplace noise; costs 1 / scale where one person changes one count by one."""
        dp = _opendp()
        space = dp.vector_domain(dp.atom_domain(T=dp.i64)), dp.l1_distance(T=dp.i64)
        mechanism = dp.m.make_laplace(*space, scale=float(scale))
        _check_cost(mechanism.map(1), 1 / scale)
        return [int(count) for count in mechanism([int(count) for count in counts])]

    def largest(self, scores: Sequence[int], scale: Fraction) -> int:
        """The exponential mechanism; costs 2 / scale where one person changes every score by at most one."""
        dp = _opendp()
        space = dp.vector_domain(dp.atom_domain(T=dp.i64)), dp.linf_distance(T=dp.i64)
        mechanism = dp.m.make_noisy_max(*space, dp.max_divergence(), scale=float(scale))
        _check_cost(mechanism.map(1), 2 / scale)
        return int(mechanism([int(score) for score in scores]))


def check_installed() -> None:
    """InputError when noise cannot be drawn here: better said before anything is paid."""
    _opendp()


def _check_cost(said: float, ours: Fraction) -> None:
    """OpenDP's own bound, rounded up to a float, against the exact cost that the ledger has paid."""
    if said > float(ours) * (1 + CLOSE):
        raise InputError("the library of noise counts a higher price than was paid; nothing was computed")


@cache
def _opendp() -> Any:
    try:
        import opendp.prelude as dp
    except ImportError as error:
        raise InputError("noise needs the package opendp: install the extra named synthetic") from error
    dp.enable_features("contrib")
    return dp
