"""When a count is too small to show, and what an outsider may be able to work out about it."""

from dataclasses import dataclass
from math import ceil, floor

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

    With `share` the interval need only extend that part of the count (0.2: a fifth) to either side, and to a whole
    number. That is what the rule FREQ(n, percent) of tau-ARGUS asks; it hides less and lets readers see which of the
    withheld counts are small.

    `dominance` is for sums of amounts: how near, in percent, whoever contributed to one may come to the largest
    contribution of another (see `amounts`). With 0 nothing is withheld for that.
    """

    threshold: int = 10
    zeros_are_sensitive: bool = False
    minimum_interval: int = 0
    share: float | None = None
    dominance: int = 0

    def __post_init__(self) -> None:
        if self.threshold < 1 or self.minimum_interval < 0:
            raise InputError("the threshold must be at least 1 and the minimum interval at least 0")
        if not 0 <= self.dominance <= 100:
            raise InputError("the dominance must be from 0 to 100 percent")
        if self.share is not None and not 0 < self.share <= 1:
            raise InputError("the share must be more than 0 and at most 1")

    @property
    def lowest(self) -> int:
        """The smallest count that a withheld cell can hold."""
        return 0 if self.zeros_are_sensitive else 1

    def is_sensitive(self, count: int) -> bool:
        """Whether the count is too small to show."""
        return self.lowest <= count < self.threshold

    def span(self, count: int, least: int) -> tuple[int, int]:
        """What the attacker's interval must contain of a sensitive count that can start from `least`."""
        if self.share is None:
            return least, max(self.threshold, least + self.minimum_interval)
        low = max(least, floor(count * (1 - self.share)))
        return low, max(ceil(count * (1 + self.share)), count + 1, low + self.minimum_interval)
