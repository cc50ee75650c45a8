"""Capture histories: who of one population was met by which of m lists, as counts.

A history is a bit mask, bit j standing for list j (list 1 is bit 0); 0, on no list, is what nobody observed. A history
that is absent has the count zero: it is never missing. Sources and notation: Chan, Silverman & Vincent 2021, section 2.
Files are read by `reading`; `preparing` leaves out the lists that would spoil every estimate.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from reckon.tables import InputError

Integers = npt.NDArray[np.int64]

MOST_LISTS = 20
"""More cannot be read: the table of m lists has 2^m - 1 cells."""


class NotEstimable(ValueError):
    """The data are sound but cannot say how many were not seen. `code` is one word, `reason` a plain sentence."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class BadCaptures(InputError):
    """Malformed input: the text says what is wrong, where, and what to do. It never repeats what stood in a row."""


@dataclass(frozen=True, eq=False)
class Captures:
    """Capture histories of one population.

    `masks` are the histories that were observed, ascending, without 0; `counts` (same length) are positive.
    Build it with `captures_from_masks` or a reader: those sum duplicates and leave zeros out.
    """

    lists: tuple[str, ...]
    masks: Integers
    counts: Integers

    def __post_init__(self) -> None:
        _check_names(self.lists)
        if len(self.masks) != len(self.counts):
            raise BadCaptures("Every history needs one count.")
        if (np.diff(self.masks) <= 0).any() or (self.counts <= 0).any():
            raise BadCaptures("Histories must ascend and counts must be positive; captures_from_masks sees to that.")
        if len(self.masks) and not 0 < self.masks[0] <= self.masks[-1] < 1 << self.m:
            raise BadCaptures(f"A history must lie between 1 and {(1 << self.m) - 1} when there are {self.m} lists.")
        self.masks.setflags(write=False)
        self.counts.setflags(write=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Captures) and self.digest() == other.digest()

    def __hash__(self) -> int:
        return hash(self.digest())

    @property
    def m(self) -> int:
        """The number of lists."""
        return len(self.lists)

    @cached_property
    def n(self) -> int:
        """People seen by at least one list."""
        return int(self.counts.sum())

    @cached_property
    def support(self) -> int:
        """The observed histories as one number: bit w is set when history w has a positive count."""
        return sum(1 << int(mask) for mask in self.masks)

    @cached_property
    def membership(self) -> npt.NDArray[np.bool_]:
        """One row for each observed history, one column for each list."""
        return (self.masks[:, None] >> np.arange(self.m) & 1).astype(bool)

    @cached_property
    def by_number(self) -> tuple[int, ...]:
        """f1, f2, ..., fm: how many people are on exactly one list, on two, ..."""
        numbers = self.membership.sum(axis=1)
        return tuple(int(self.counts[numbers == number].sum()) for number in range(1, self.m + 1))

    @cached_property
    def overlaps(self) -> Integers:
        """How many people each pair of lists shares (m x m); the diagonal holds the sizes of the lists."""
        member = self.membership.astype(np.int64)
        return (member * self.counts[:, None]).T @ member

    @property
    def list_sizes(self) -> tuple[int, ...]:
        """How many people each list holds."""
        return tuple(int(size) for size in np.diag(self.overlaps))

    def cells(self) -> Integers:
        """The counts of all 2^m - 1 histories, zeros included; history w is at place w - 1."""
        dense = np.zeros((1 << self.m) - 1, dtype=np.int64)
        dense[self.masks - 1] = self.counts
        return dense

    def count_of(self, mask: int) -> int:
        """How many people have exactly this history."""
        place = int(np.searchsorted(self.masks, mask))
        return int(self.counts[place]) if place < len(self.masks) and self.masks[place] == mask else 0

    def history(self, mask: int) -> tuple[str, ...]:
        """The names of the lists in a mask."""
        return tuple(name for place, name in enumerate(self.lists) if mask >> place & 1)

    def position(self, name: str) -> int:
        """The place of a list. Raises BadCaptures for a name that is not there."""
        if name not in self.lists:
            raise BadCaptures(f"There is no list {name}; there are {', '.join(self.lists)}.")
        return self.lists.index(name)

    def without(self, name: str) -> "Captures":
        """The table without one list: people seen only there are not in it any more."""
        gone = self.position(name)
        kept = [place for place in range(self.m) if place != gone]
        return self._regrouped([self.lists[place] for place in kept], [[place] for place in kept])

    def merged(self, first: str, second: str, name: str) -> "Captures":
        """The table with two lists made one, which stands in the place of the first."""
        one, two = self.position(first), self.position(second)
        if one == two:
            raise BadCaptures("A list cannot be merged with itself; name two different lists.")
        kept = [place for place in range(self.m) if place != two]
        names = [name if place == one else self.lists[place] for place in kept]
        return self._regrouped(names, [[one, two] if place == one else [place] for place in kept])

    def permuted(self, order: Sequence[int]) -> "Captures":
        """The same people with the lists in another order: place p holds what was list `order[p]`."""
        if sorted(order) != list(range(self.m)):
            raise BadCaptures(f"The order must hold each of the places 0 to {self.m - 1} once.")
        return self._regrouped([self.lists[place] for place in order], [[place] for place in order])

    def only_members_of(self, name: str) -> "Captures":
        """The members of one list as the other lists see them: a population whose size is known.

        Those whom no other list met are not in the table; their number is what an estimate has to find.
        """
        place = self.position(name)
        members = self.membership[:, place]
        return captures_from_masks(self.lists, self.masks[members], self.counts[members]).without(name)

    def sample(self, rng: np.random.Generator, size: int) -> "Captures":
        """`size` of the people, drawn without replacement."""
        if not 0 <= size <= self.n:
            raise BadCaptures(f"A sample of {self.n} people can hold 0 to {self.n} of them.")
        drawn = rng.multivariate_hypergeometric(self.counts, size, method="marginals")
        return captures_from_masks(self.lists, self.masks, drawn)

    def digest(self) -> str:
        """SHA-256 of the names, histories and counts: the same for the same table however it was written."""
        histories = [[int(mask), int(count)] for mask, count in zip(self.masks, self.counts, strict=True)]
        text = json.dumps({"lists": self.lists, "histories": histories}, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _regrouped(self, names: Sequence[str], sources: Sequence[Sequence[int]]) -> "Captures":
        """New lists, each of them the union of old ones; who is on none of them is left out."""
        masks = np.zeros(len(self.masks), dtype=np.int64)
        for place, source in enumerate(sources):
            masks |= self.membership[:, list(source)].any(axis=1).astype(np.int64) << place
        seen = masks > 0
        return captures_from_masks(names, masks[seen], self.counts[seen])


def captures_from_masks(lists: Sequence[str], masks: npt.ArrayLike, counts: npt.ArrayLike | None = None) -> Captures:
    """Captures from histories in any order; duplicates are summed, zeros left out. Without counts, one person each.

    Raises BadCaptures for a negative count or a mask that is no history.
    """
    given = np.asarray(masks, dtype=np.int64)
    exact = np.ones(len(given)) if counts is None else np.asarray(counts)
    numbers = exact.astype(np.int64)
    if (numbers != exact).any():
        raise BadCaptures("A count is not a whole number; histories count people.")
    if (numbers < 0).any():
        raise BadCaptures("A count is negative; a history has 0 people or more.")
    found, where = np.unique(given[numbers > 0], return_inverse=True)
    sums = np.zeros(len(found), dtype=np.int64)
    np.add.at(sums, where, numbers[numbers > 0])
    return Captures(tuple(lists), found.astype(np.int64), sums)


def captures_from_rows(lists: Sequence[str], rows: Iterable[Sequence[int]]) -> Captures:
    """Captures from rows of 0 or 1 for each list and the count at the end.

    Duplicated histories are summed, rows that count nobody are accepted. Raises BadCaptures naming the row and the list.
    """
    _check_names(lists)
    masks: list[int] = []
    counts: list[int] = []
    for number, row in enumerate(rows, start=1):
        mask, count = parse_row(lists, row, f"Row {number}")
        masks.append(mask)
        counts.append(count)
    found = captures_from_masks(lists, masks, counts)
    if not found.n:
        raise BadCaptures("The table counts nobody; give at least one history with a count above zero.")
    return found


def parse_row(lists: Sequence[str], row: Sequence[int], where: str) -> tuple[int, int]:
    """The mask and the count of one row. Raises BadCaptures; `where` begins its sentence ("Row 3")."""
    if len(row) != len(lists) + 1:
        raise BadCaptures(f"{where}: expected {len(lists)} times 0 or 1 and a count.")
    mask = 0
    for place, (name, value) in enumerate(zip(lists, row, strict=False)):
        if value not in (0, 1):
            raise BadCaptures(f"{where}, list {name}: expected 0 (not on the list) or 1 (on it).")
        mask |= int(value) << place
    count = row[-1]
    if count != int(count):
        raise BadCaptures(f"{where}: the count is not a whole number; histories count people.")
    if count < 0:
        raise BadCaptures(f"{where}: the count is negative; a history has 0 people or more.")
    if not mask and count:
        raise BadCaptures(f"{where}: it counts people who are on no list, whom nobody can have seen; remove the row.")
    return mask, int(count) if mask else 0


def _check_names(lists: Sequence[str]) -> None:
    if not lists:
        raise BadCaptures("There are no lists; give at least two, better three or more.")
    if len(lists) > MOST_LISTS:
        raise BadCaptures(
            f"There are {len(lists)} lists and at most {MOST_LISTS} can be read; merge lists that meet people "
            "in the same way (several police forces, several shelters) before counting."
        )
    if len(set(lists)) != len(lists) or not all(name.strip() for name in lists):
        raise BadCaptures("Every list needs a name of its own.")
