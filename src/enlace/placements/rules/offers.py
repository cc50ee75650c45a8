"""The answer of the matcher: every site, with all that speaks for it and against it. Codes; their sentences are labels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from enlace.directory.rules import FACTS

# Every hard filter, in the order in which they stand against a site. The facts are the conditions of the house, those of
# the site before those of its unit.
LAW = ("barred_kind", "not_accepting")
FILTERS = (
    *LAW,
    "service",
    "accessibility",
    "security",
    "no_unit",
    *FACTS,
    "beds",
    "ground",
    "no_agreement",
    "area",
    "refused",
)

# What a decision could change; nothing else is ever proposed. The law, the person's own refusal, the reach of the
# trafficker and what a house is are not up for change.
CHANGES = MappingProxyType(
    dict.fromkeys(FACTS, "rule") | {"beds": "bed", "ground": "ground", "no_agreement": "agreement"}
)

# What orders the sites that fit: the name of the reason for, and of its absence against.
RANKING = MappingProxyType(
    {
        "specialised": "not_specialised",
        "safe_distance": "near",
        "language": "no_language",
        "same_state": "other_state",
        "agreement": "other_state",
        "long_enough": "too_short",
        "goes_out": "no_going_out",
        "not_tied": "tied_to_trial",
    }
)
WARNINGS = ("ask", "stale", "interpreter")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, or why not. ``weight`` is ``None`` for a hard filter and a warning, its points for a reason for, 0 for one against.

    ``detail`` by code: ``service``, ``accessibility`` and ``ask`` (``fact``) name what is meant; a condition gives ``of``
    (site, unit), ``must`` (must, cannot), ``values`` (codes with commas), ``least``, ``most``, ``basis``; ``beds`` gives
    ``free``, ``total``, ``missing``; ``stale`` gives ``hours`` since it was confirmed (empty: never); ``near`` and
    ``safe_distance`` give ``km``; ``too_short`` and ``long_enough`` give ``days`` (empty: no limit).
    """

    code: str
    weight: int | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


class Offer(NamedTuple):
    """A site for this person. ``unit_id`` is the unit that fits, or the nearest to fitting; ``score`` sums ``for_``.

    It fits when nothing in ``against`` has the weight ``None``. (A named tuple, because ten thousand of them are made at once.)
    """

    site_id: UUID
    agency_code: str
    unit_id: UUID | None
    score: int
    fits: bool
    for_: tuple[Reason, ...]
    against: tuple[Reason, ...]
    warnings: tuple[Reason, ...]

    @property
    def barriers(self) -> tuple[Reason, ...]:
        """The hard filters that it fails, in their order."""
        return tuple(reason for reason in self.against if reason.weight is None)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to decide: drop a condition (``rule``), add beds (``bed``), agree with a state (``agreement``), or ask for
    consent or record a legal ground (``ground``).

    A proposal for people to weigh: a condition may protect those who live there.
    """

    kind: str
    site_id: UUID
    agency_code: str
    unit_id: UUID | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best first; then those that do not fit, the nearest to fitting first. What the law bars stands apart.

    ``nearest_changes``: the least set of changes that would create a match; empty when there is one, and when no change
    would do.
    """

    offers: tuple[Offer, ...]
    barred_by_law: tuple[Offer, ...]
    nearest_changes: tuple[Change, ...]

    @property
    def best(self) -> Offer | None:
        """The first choice, if anything fits."""
        return self.offers[0] if self.offers and self.offers[0].fits else None


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of each reason for. Whole numbers, so that sums are exact and nothing depends on their order.

    A policy, not a law. ``agreement`` is given instead of ``same_state``, never on top of it.
    """

    specialised: int = 30
    safe_distance: int = 20
    language: int = 15
    same_state: int = 10
    agreement: int = 8
    long_enough: int = 10
    goes_out: int = 8
    not_tied: int = 7


STANDARD = Weights()


@dataclass(frozen=True, slots=True)
class Limits:
    """The country's measures. ``kilometres``: between two states; a pair that is absent is not known, and earns no points.

    ``needs_agreement``: whether a person may go to another state only under an agreement between the two.
    """

    vacancy_stale: timedelta
    safe_km: float = 300
    kilometres: Mapping[tuple[str, str], float] = field(default_factory=dict)
    needs_agreement: bool = False
