"""Leaves out the lists that would spoil every estimate, says which and why, and refuses what no method can estimate.

An empty list, a list with the same members as another and a list that holds everybody carry no information about those
whom nobody saw, and make fits diverge that look finite on the screen (the published packages do not check this).
"""

from dataclasses import dataclass
from typing import Literal

from reckon.prevalence.captures import Captures, NotEstimable

Why = Literal["empty", "duplicate", "holds_all"]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A list that was left out. `other` is the list it repeats; `lost` counts people whom no remaining list saw."""

    name: str
    why: Why
    other: str
    lost: int

    @property
    def sentence(self) -> str:
        """Why the list was left out, in plain words."""
        if self.why == "empty":
            return f"The list {self.name} is empty; it was left out."
        if self.why == "duplicate":
            return f"The list {self.name} has exactly the members of {self.other}; it was left out."
        return (
            f"The list {self.name} holds everybody who was seen, so it says nothing about who was not; it was left "
            f"out, and with it {self.lost} people whom no other list met."
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """What can be estimated from, and what was left out of it, in that order."""

    captures: Captures
    dropped: tuple[Dropped, ...]


def prepared(captures: Captures) -> Prepared:
    """The captures without empty, repeated and all-containing lists.

    Raises NotEstimable: `nobody`, `one_list` (fewer than two remain) or `no_overlap` (nobody is on two lists).
    """
    if not captures.n:
        raise NotEstimable("nobody", "The table counts nobody, so there is nothing to estimate from.")
    dropped: list[Dropped] = []
    while captures.m > 1 and (found := _useless(captures)):
        name, why, other = found
        rest = captures.without(name)
        dropped.append(Dropped(name, why, other, captures.n - rest.n))
        captures = rest
    require_overlap(captures)
    return Prepared(captures, tuple(dropped))


def require_overlap(captures: Captures) -> None:
    """Raises NotEstimable (`one_list`, `no_overlap`) when no list can be compared with another."""
    if sum(size > 0 for size in captures.list_sizes) < 2:
        raise NotEstimable(
            "one_list",
            "Only one list can be used. How many people it missed cannot be known from itself; a second list, "
            "kept independently, is needed, and better two.",
        )
    if not any(captures.by_number[1:]):
        raise NotEstimable(
            "no_overlap",
            "Nobody is on two lists. Without anybody seen twice, the number of those never seen has no upper limit; "
            "check how people were linked between the lists.",
        )


def _useless(captures: Captures) -> tuple[str, Why, str] | None:
    """The first list to leave out, the reason and the list it repeats."""
    sizes, shared = captures.list_sizes, captures.overlaps
    for place, name in enumerate(captures.lists):
        if not sizes[place]:
            return name, "empty", ""
    for place, name in enumerate(captures.lists):
        for before in range(place):
            if sizes[place] == sizes[before] == shared[place, before]:
                return name, "duplicate", captures.lists[before]
    for place, name in enumerate(captures.lists):
        if sizes[place] == captures.n:
            return name, "holds_all", ""
    return None
