"""Stepwise search among models of lists and covariates: by BIC first, then by AIC (Cruyff, van Dijk & van der Heijden 2017).

Each step adds or takes out the two-way term that lowers the criterion most. A model whose estimate does not exist or is
not identified is never entered; without that check paths by AIC can end at estimates of thousands of millions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reckon.prevalence.captures import NotEstimable
from reckon.prevalence.joint import JointDesign, JointFit, Pair, fit_joint

Criterion = Literal["bic", "aic"]

GAIN = 1e-7
"""A step must lower the criterion by more than rounding."""


@dataclass(frozen=True)
class JointStep:
    """One model of the path: what was added or taken out on the way to it (None for the first), and its fit."""

    criterion: Criterion
    change: Pair | None
    fit: JointFit


@dataclass(frozen=True)
class JointPath:
    """The models gone through. The last is the one selected; `refused` counts better-looking ones that do not exist."""

    steps: tuple[JointStep, ...]
    refused: int

    @property
    def selected(self) -> JointFit:
        return self.steps[-1].fit

    def stage(self, criterion: Criterion) -> JointFit:
        """The model at which the search by this criterion ended."""
        return [step.fit for step in self.steps if step.criterion == criterion][-1]


def search(
    design: JointDesign,
    criteria: Sequence[Criterion] = ("bic", "aic"),
) -> JointPath:
    """Search from main effects by each criterion in turn, each from where the one before ended.

    Raises NotEstimable when the main effects alone cannot be estimated.
    """
    fit = fit_joint(design, frozenset())
    refuse_if_not_estimable(fit)
    steps: list[JointStep] = []
    refused = 0
    for criterion in criteria:
        steps.append(JointStep(criterion, None, fit))
        while True:
            change, better, skipped = _best_step(design, fit, criterion)
            refused += skipped
            if better is None:
                break
            fit = better
            steps.append(JointStep(criterion, change, fit))
    return JointPath(tuple(steps), refused)


def refuse_if_not_estimable(fit: JointFit) -> None:
    """Raises NotEstimable unless the estimate exists and is identified."""
    if fit.code:
        code = "not_finite" if fit.code == 1 else "not_identifiable"
        raise NotEstimable(code, "The lists share too few people, in these strata, to say how many were not seen.")


def _best_step(design: JointDesign, fit: JointFit, criterion: Criterion) -> tuple[Pair | None, JointFit | None, int]:
    """The step that lowers the criterion most among those that may be taken, and how many better ones may not.

    Existence is asked in the order of the criterion and only until one passes: the same choice with fewer programs.
    """
    candidates = [(pair, fit_joint(design, fit.model ^ {pair}, judge=False, near=fit.fitted)) for pair in design.pairs]
    candidates.sort(key=lambda candidate: _value(candidate[1], criterion))
    for skipped, (pair, candidate) in enumerate(candidates):
        if _value(candidate, criterion) >= _value(fit, criterion) - GAIN:
            return None, None, skipped
        if not (judged := fit_joint(design, candidate.model, near=candidate.fitted)).code:
            return pair, judged, skipped
    return None, None, len(candidates)


def _value(fit: JointFit, criterion: Criterion) -> float:
    return fit.bic if criterion == "bic" else fit.aic
