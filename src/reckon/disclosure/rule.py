"""When a count is too small to show, and what an outsider may be able to work out about it."""

from dataclasses import dataclass

from reckon.tables import InputError


@dataclass(frozen=True, slots=True)
class Rule:
    """Threshold rule for frequency tables.

    A count n is sensitive when 0 < n < threshold (0 <= n < threshold if `zeros_are_sensitive`). Everything else is
    published, zeros included, unless it must be withheld to protect a sensitive count.

    A sensitive count is safe when the attacker's interval reaches from `floor`, the lowest value that the mark itself
    leaves open (1: zeros are shown, so a withheld cell is not zero; more for a margin of several such cells), up to the
    threshold, and is `minimum_interval` wide at least. The reason: the mark says "not zero, perhaps small, perhaps
    not", and the rest of the publication must not let anyone say more. An interval that ended below the threshold
    would prove the count small; one that began above the floor would, for a reader who guesses that the count is
    small, leave only the values from there to the threshold: protection has to hold for that reader too.
    """

    threshold: int = 10
    zeros_are_sensitive: bool = False
    minimum_interval: int = 0

    def __post_init__(self) -> None:
        if self.threshold < 1 or self.minimum_interval < 0:
            raise InputError("the threshold must be at least 1 and the minimum interval at least 0")

    @property
    def lowest(self) -> int:
        """The smallest count that a withheld cell can hold."""
        return 0 if self.zeros_are_sensitive else 1

    def is_sensitive(self, count: int) -> bool:
        """Whether the count is too small to show."""
        return self.lowest <= count < self.threshold

    def ceiling(self, floor: int) -> int:
        """The value up to which the attacker's interval must reach, when it can start from `floor`."""
        return max(self.threshold, floor + self.minimum_interval)
