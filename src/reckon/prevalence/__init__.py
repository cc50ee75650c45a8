"""How many are never seen: multiple systems estimation from the overlaps of incomplete lists.

Owns capture histories, log-linear models fitted by extended maximum likelihood, their selection, and intervals that
include the selection. "Not estimable", with the reason (`NotEstimable`), is an answer; a number without one is not.
Does not know where lists come from, and links no records: it is handed counts, or rows of people already linked.
"""

from reckon.prevalence.captures import BadCaptures, Captures, NotEstimable, captures_from_masks, captures_from_rows
from reckon.prevalence.criterion import lowest_many, lowest_of_first_many, rank
from reckon.prevalence.downhill import downhill, downhill_many
from reckon.prevalence.fit import Fit, fit, fit_many
from reckon.prevalence.intervals import bca, percentile
from reckon.prevalence.models import Model, all_pairs, generators, independence
from reckon.prevalence.preparing import Dropped, Prepared, prepared
from reckon.prevalence.profile import profile
from reckon.prevalence.reading import captures_from_people, read_captures
from reckon.prevalence.resample import Bootstrap, bootstrap, bootstrap_each
from reckon.prevalence.runner import spread, workers
from reckon.prevalence.stepwise import aic_stepwise, stepwise, stepwise_many

__all__ = [
    "BadCaptures",
    "Bootstrap",
    "Captures",
    "Dropped",
    "Fit",
    "Model",
    "NotEstimable",
    "Prepared",
    "aic_stepwise",
    "all_pairs",
    "bca",
    "bootstrap",
    "bootstrap_each",
    "captures_from_masks",
    "captures_from_people",
    "captures_from_rows",
    "downhill",
    "downhill_many",
    "fit",
    "fit_many",
    "generators",
    "independence",
    "lowest_many",
    "lowest_of_first_many",
    "percentile",
    "prepared",
    "profile",
    "rank",
    "read_captures",
    "spread",
    "stepwise",
    "stepwise_many",
    "workers",
]
