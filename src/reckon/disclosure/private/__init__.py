"""Differential privacy: counts with noise, and invented rows, about persons who were promised that one more changes little.

`people_from` reads rows against given code lists, one row per person; `private_counts` and `synthesize` answer, each paid
from a `Ledger` of exact epsilons; `utility` compares, for the house only. Noise is drawn by OpenDP (the extra `synthetic`), which
is needed only when something is drawn. Knows no threshold: a table protected by withholding and a table with noise about
the same people must not both be published without looking at them together.
"""

from reckon.disclosure.private.counts import NoisyTable, private_counts
from reckon.disclosure.private.ledger import Entry, Ledger, OverBudget
from reckon.disclosure.private.people import Column, People, people_from
from reckon.disclosure.private.synthesis import Synthetic, synthesize
from reckon.disclosure.private.utility import Utility, utility

__all__ = [
    "Column",
    "Entry",
    "Ledger",
    "NoisyTable",
    "OverBudget",
    "People",
    "Synthetic",
    "Utility",
    "people_from",
    "private_counts",
    "synthesize",
    "utility",
]
