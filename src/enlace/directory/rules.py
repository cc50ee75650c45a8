"""Pure rules of the directory: who a place takes, as data, and the frozen facts of a place that the matcher reads.

A criterion is a sentence of data, "must" or "cannot", about one fact of the person:

- facts of ``CODED`` name codes in ``values``: the person's code must be (or cannot be) one of them;
- facts of ``RANGED`` give a span, both ends included, ``None`` for an open end: the person's number must be (or cannot
  be) inside it. ``boys_age`` speaks of males only, of those who come with a parent too; ``security_level`` of the level
  that the person needs (column ``level`` of the pack's list);
- facts of ``FLAGGED`` are so or not so: the person must be so ("only families") or cannot be ("no pregnancy").

The criteria of a site hold together, all of them; those of a unit are added to those of its site. A unit without beds is
no place; a site without units does not house anybody.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from enlace.base.errors import Refusal

# A fact, and the pack's list of its codes; "" where the codes are these two.
CODED = {
    "sex": "sex",
    "gender": "gender",
    "nationality": "",
    "migration_status": "migration_status",
    "form": "exploitation_form",
    "exclusion": "place_exclusion",
}
NATIONALITIES = ("national", "foreign")
RANGED = ("age", "boys_age", "security_level")
FLAGGED = ("with_children", "family", "pregnancy", "disability", "lgbti")
FACTS = (*CODED, *RANGED, *FLAGGED)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition for being taken. ``basis`` names the article or the rule of the house that it rests on."""

    must: bool
    fact: str
    values: frozenset[str] = frozenset()
    least: int | None = None
    most: int | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """The beds of one unit. ``total`` counts those in service; ``free`` is -1 where nobody who knows the stays said it."""

    unit_id: UUID
    total: int
    confirmed_at: datetime | None
    criteria: tuple[Criterion, ...] = ()
    free: int = -1


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the matcher needs to know of one open site; never where it is, beyond its state.

    ``barred``: the law (``article``) closes this kind of place to victims of trafficking. ``security`` is the level's
    number in the pack's list, higher is safer. ``max_stay_days`` is ``None`` without a limit.
    """

    site_id: UUID
    agency_code: str
    kind: str
    state: str
    barred: bool = False
    article: str = ""
    specialised: bool = False
    security: int = 0
    services: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    accessibility: frozenset[str] = frozenset()
    criteria: tuple[Criterion, ...] = ()
    max_stay_days: int | None = None
    extension_days: int | None = None
    may_go_out_alone: bool = True
    only_while_trial: bool = False
    accepts_trafficking: bool = True
    units: tuple[UnitFacts, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """A state may send people to another one: to any site there, or to one; for any service (""), or for one."""

    from_state: str
    to_state: str
    site_id: UUID | None = None
    service: str = ""


def is_stale(confirmed_at: datetime | None, at: datetime, limit: timedelta) -> bool:
    """Whether a vacancy was last confirmed longer ago than the limit ``vacancy_stale``, or never."""
    return confirmed_at is None or at - confirmed_at > limit


def check_criterion(row: Criterion) -> None:
    """Refuse a condition that says nothing or contradicts itself. The codes themselves are the pack's to check."""
    if row.fact not in FACTS:
        raise Refusal("Choose what the condition is about.")
    if row.fact in CODED and not row.values:
        raise Refusal("Choose at least one value for this condition.")
    if row.fact not in CODED and row.values:
        raise Refusal("This condition takes no list of values.")
    if row.fact in RANGED:
        _check_span(row.least, row.most)
    elif row.least is not None or row.most is not None:
        raise Refusal("This condition takes no numbers.")


def _check_span(least: int | None, most: int | None) -> None:
    if least is None and most is None:
        raise Refusal("Give the least or the most, or both.")
    if min(least or 0, most or 0) < 0:
        raise Refusal("A number here is zero or more.")
    if least is not None and most is not None and least > most:
        raise Refusal("The least is not above the most.")
