"""Which codes of a dimension contain which: regions and their states, broad age groups and narrow ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reckon.tables import InputError

Leaves = frozenset[str]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """`parts` names, for each code that contains others, the codes directly within it: {"north": ("BC", "SON")}.

    A code without parts is a leaf. Two codes may overlap, as "0-17" and "16+" both hold "16-17": two publications with
    different groups of one dimension can then be set against one another. The whole of the dimension needs no code.
    Raises InputError when a code contains itself, directly or through others, or a name is listed twice.
    """

    dimension: str
    parts: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        for code, within in self.parts.items():
            if len(set(within)) != len(within) or not within:
                raise InputError(f"hierarchy of {self.dimension}: {code} has no parts, or one of them twice")
            self.leaves(code)

    def leaves(self, code: str) -> Leaves:
        """The finest codes in this one; the code itself when it has no parts."""
        return frozenset(self._walk(code, ()))

    def _walk(self, code: str, above: tuple[str, ...]) -> Iterable[str]:
        if code in above:
            raise InputError(f"hierarchy of {self.dimension}: {code} contains itself")
        within = self.parts.get(code, ())
        return [leaf for part in within for leaf in self._walk(part, (*above, code))] if within else [code]


def leaves_of(dimension: str, code: str, hierarchies: Iterable[Hierarchy]) -> Leaves:
    """The finest codes within a code of a dimension, which may have no hierarchy."""
    return next((h.leaves(code) for h in hierarchies if h.dimension == dimension), frozenset([code]))
