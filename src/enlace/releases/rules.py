"""The life of a release, and what changed between two of the same period."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from enlace.base.states import Machine, Move

PREPARED, APPROVED, REFUSED, SUPERSEDED = "prepared", "approved", "refused", "superseded"

RELEASE = Machine(
    "release",
    PREPARED,
    (
        Move("approve", PREPARED, APPROVED),
        Move("refuse", PREPARED, REFUSED),
        Move("supersede", APPROVED, SUPERSEDED),
    ),
)

Place = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Where a number stands: indicator, dimensions, categories."""


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is not what it was in the release before. ``None`` before or after: there was no such cell."""

    indicator: str
    dimensions: tuple[str, ...]
    key: tuple[str, ...]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def status_of(outcome: str, is_followed: bool) -> str:
    """Where a release stands: what was decided ("" nothing yet), and whether a later one took its place."""
    if outcome == APPROVED and is_followed:
        return RELEASE.after(APPROVED, "supersede")
    return outcome or PREPARED


def changes(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Every cell that differs between the indicators of two releases, in the order of the newer, then of the older."""
    old, new = dict(_cells(before)), dict(_cells(after))
    return [
        Change(*place, old.get(place), new.get(place))
        for place in dict.fromkeys([*new, *old])
        if old.get(place) != new.get(place)
    ]


def _cells(indicators: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for indicator in indicators:
        for table in (*indicator["tables"], *indicator["deduced"]):
            for cell in table["cells"]:
                shown = {"value": cell["value"], "status": cell["status"]}
                yield (indicator["id"], tuple(table["dimensions"]), tuple(cell["key"])), shown
