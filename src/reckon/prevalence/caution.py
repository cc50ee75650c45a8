"""What a reader has to be told together with a number."""

from collections.abc import Iterable
from dataclasses import dataclass

from reckon.prevalence.preparing import Dropped


@dataclass(frozen=True, slots=True)
class Caution:
    """`code` is one word for software and translations, `sentence` says it in plain English with its numbers."""

    code: str
    sentence: str


TWO_LISTS = Caution(
    "independence_assumed",
    "Two lists cannot show whether being on one changes the chance of being on the other; the answer takes for granted, "
    "or lets a prior decide, that it does not.",
)


def about_dropped(dropped: Iterable[Dropped]) -> tuple[Caution, ...]:
    """One caution (`list_dropped`) for each list that was left out before estimating."""
    return tuple(Caution("list_dropped", found.sentence) for found in dropped)
