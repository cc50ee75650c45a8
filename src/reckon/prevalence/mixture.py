"""Latent classes by maximum likelihood (EM): an exploratory check beside the Bayesian chains.

Class k holds the share nu_k of the people; list j meets its members with chance lambda_kj, independently. Given that a person
was seen, the likelihood is that of n draws; the total is n / (1 - p0), with p0 the chance of being on no list. EM climbs to the
nearest hill, so it starts from many places, all of them side by side: arrays are (starts, classes, ...).
Sources: Goodman, "Exploratory latent structure analysis using both identifiable and unidentifiable models", Biometrika 61:215,
1974; Dempster, Laird & Rubin, JRSS-B 39:1, 1977; for the leaps Varadhan & Roland, Scandinavian Journal of Statistics 35:335,
2008.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reckon.prevalence.bounds import independent_total
from reckon.prevalence.captures import Captures, NotEstimable
from reckon.prevalence.caution import TWO_LISTS, Caution, about_dropped
from reckon.prevalence.preparing import Prepared, prepared

Numbers = npt.NDArray[np.float64]

STARTS = 20
MOST_CLASSES = 5
MOST_LISTS = 12
ROUNDS = 10_000
STILL = 1e-11
"""A climb ends when an EM step changes N by less: EM is slow, and stopping it early moves N."""
EDGE = 0.01
"""Of a person: a class, or its part on or off a list, that is smaller counts as empty."""
SAME_HILL = 1e-5
RIVAL = 2.0
FAR = 1.05
RANK_TOLERANCE = 1e-9
SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class Hill:
    """A local maximum: its log-likelihood, its total, and how many starts ended there."""

    log_likelihood: float
    total: float
    starts: int


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """The best fit found. `shares` (K) fall; `chances` (K x m) in the order of `lists`, those that were not left out.

    `log_likelihood` is conditional on being seen, without the multinomial coefficient; `boundary` names shares and chances
    that ended at 0 or 1 as (class, list or "share"), classes from 1; `identified` says whether the lists can tell all
    parameters apart, the ends 0 and 1 aside.
    """

    lists: tuple[str, ...]
    n: int
    classes: int
    total: float
    log_likelihood: float
    parameters: int
    bic: float
    shares: Numbers
    chances: Numbers
    rounds: int
    converged: bool
    identified: bool
    boundary: tuple[tuple[int, str], ...]
    hills: tuple[Hill, ...]
    seed: int
    warnings: tuple[Caution, ...]

    @property
    def unseen(self) -> float:
        """How many of the total nobody saw."""
        return self.total - self.n


def most_classes(m: int) -> int:
    """The largest K with K m + K - 1 < 2^m - 1, at most five: more parameters than histories say nothing."""
    return max(k for k in range(1, MOST_CLASSES + 1) if k * m + k - 1 < (1 << m) - 1)


def mixture(captures: Captures, classes: int, *, starts: int = STARTS, seed: int = 0) -> Mixture:
    """The best of `starts` climbs with this number of classes. The same arguments give the same bits.

    Raises NotEstimable as `prepared` does, `too_many_classes` when the table has too few histories and `too_many_lists`
    beyond twelve; ValueError for fewer than one class or start.
    """
    if classes < 1 or starts < 1:
        raise ValueError("at least one class and one start are needed")
    ready = prepared(captures)
    m = ready.captures.m
    if m > MOST_LISTS:
        raise NotEstimable(
            "too_many_lists", f"There are {m} lists; this method goes to {MOST_LISTS}. Merge lists that work alike."
        )
    if classes > 1 and classes * m + classes - 1 >= (1 << m) - 1:
        raise NotEstimable(
            "too_many_classes",
            f"{m} lists have {(1 << m) - 1} histories, too few to tell {classes} classes apart; use fewer classes.",
        )
    climb = _Climb(ready.captures, classes, starts, np.random.default_rng(seed))
    climb.run()
    return _result(ready, climb, seed)


def mixtures(captures: Captures, *, starts: int = STARTS, seed: int = 0) -> tuple[Mixture, ...]:
    """One fit for each number of classes, from one until the BIC rises or `most_classes` is reached. See `best`."""
    fits: list[Mixture] = []
    for classes in range(1, most_classes(prepared(captures).captures.m) + 1):
        fits.append(mixture(captures, classes, starts=starts, seed=seed))
        if classes > 1 and fits[-1].bic > fits[-2].bic:
            break
    return tuple(fits)


def best(fits: Iterable[Mixture]) -> Mixture:
    """The fit with the lowest BIC among those that are identified and have converged; one class always does."""
    return min((fit for fit in fits if fit.identified and fit.converged), key=lambda fit: fit.bic)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where every start is: shares (starts, classes) and chances (starts, classes, lists) side by side."""

    shares: Numbers
    chances: Numbers

    def leap(self, first: "_Place", second: "_Place") -> "_Place":
        """Extrapolates two EM steps from here, and stays inside: never nearer to 0 or 1 than a tenth of what is left."""
        once = np.concatenate(
            [first.shares[:, :, None] - self.shares[:, :, None], first.chances - self.chances], axis=2
        )
        twice = np.concatenate(
            [second.shares[:, :, None] - first.shares[:, :, None], second.chances - first.chances], axis=2
        )
        bend = twice - once
        length = np.sqrt((once**2).sum(axis=(1, 2)) / np.maximum((bend**2).sum(axis=(1, 2)), SMALLEST))
        length = np.maximum(length, 1.0)[:, None, None]
        moved = 2 * length * once + length**2 * bend
        shares = np.maximum(self.shares + moved[:, :, 0], second.shares / 10)
        chances = np.clip(self.chances + moved[:, :, 1:], second.chances / 10, 1 - (1 - second.chances) / 10)
        return _Place(shares / shares.sum(axis=1, keepdims=True), chances)

    def where(self, rows: npt.NDArray[np.bool_], other: "_Place") -> "_Place":
        """This place in the rows that are true, the other one elsewhere."""
        shares = np.where(rows[:, None], self.shares, other.shares)
        return _Place(shares, np.where(rows[:, None, None], self.chances, other.chances))


class _Climb:
    """EM from all starts at once, with leaps. The last history is that of the unseen."""

    def __init__(self, captures: Captures, classes: int, starts: int, rng: np.random.Generator) -> None:
        self.n = captures.n
        member = np.vstack([captures.membership, np.zeros(captures.m, dtype=bool)]).astype(np.float64)
        self.member_and_one = np.column_stack([member, np.ones(len(member))])
        self.met_or_missed = np.ascontiguousarray(np.column_stack([member, 1 - member]).T)
        self.seen = captures.counts.astype(np.float64)
        self.place = _starts(captures, classes, starts, rng)
        self.unseen = np.zeros(len(self.place.shares))
        self.log_likelihoods = np.zeros(len(self.place.shares))
        self.still = np.full(len(self.place.shares), classes == 1)
        self.rounds = 0

    def run(self) -> None:
        """Climbs until every start is still, or the rounds are used up. One class is at its maximum already."""
        if self.still.all():
            _, self.log_likelihoods, self.unseen = self.step(self.place)
        while self.rounds < ROUNDS and not self.still.all():
            self.round()

    def round(self) -> None:
        """Two EM steps, a leap along them, and an EM step from there where it lies no lower: the climb never goes down."""
        first, _, unseen = self.step(self.place)
        second, likelihood, moved = self.step(first)
        landed, self.log_likelihoods, self.unseen = self.step(self.place.leap(first, second))
        self.still = np.abs(moved - unseen) <= STILL * (self.n + unseen)
        higher = (self.log_likelihoods >= likelihood) & ~self.still
        self.place = landed.where(higher, second)
        self.log_likelihoods = np.where(higher, self.log_likelihoods, likelihood)
        self.unseen = np.where(higher, self.unseen, moved)
        self.rounds += 1

    def step(self, place: _Place) -> tuple[_Place, Numbers, Numbers]:
        """One EM step: who belongs where given the chances, then the chances given who belongs where.

        Also the log-likelihoods and the unseen at the place that was given.
        """
        logs = np.log(np.maximum(np.concatenate([place.chances, 1 - place.chances], axis=2), SMALLEST))
        joint = np.log(np.maximum(place.shares, SMALLEST))[:, :, None] + logs @ self.met_or_missed
        top = joint.max(axis=1, keepdims=True)
        weights = np.exp(joint - top)
        sums = weights.sum(axis=1, keepdims=True)
        log_histories = (np.log(sums) + top)[:, 0, :]
        log_seen = np.log(np.maximum(-np.expm1(np.minimum(log_histories[:, -1], 0.0)), SMALLEST))
        likelihoods = log_histories[:, :-1] @ self.seen - self.n * log_seen
        unseen = self.n * np.exp(log_histories[:, -1] - log_seen)
        counts = np.column_stack([np.tile(self.seen, (len(unseen), 1)), unseen])
        held = (weights / sums * counts[:, None, :]) @ self.member_and_one
        people = np.maximum(held[:, :, -1], SMALLEST)
        chances = np.clip(held[:, :, :-1] / people[:, :, None], 0.0, 1.0)
        return _Place(people / people.sum(axis=1, keepdims=True), chances), likelihoods, unseen


def _starts(captures: Captures, classes: int, starts: int, rng: np.random.Generator) -> _Place:
    """Random places around the lists' shares of the people; for one class its maximum, which is known."""
    sizes = np.array(captures.list_sizes, dtype=np.float64)
    if classes == 1:
        chances = sizes / independent_total(float(captures.n), sizes)
        return _Place(np.ones((1, 1)), chances[None, None, :])
    scale = rng.uniform(0.05, 0.9, size=(starts, 1, 1)) * np.exp(rng.normal(size=(starts, classes, captures.m)))
    shares = rng.dirichlet(np.ones(classes), size=starts)
    return _Place(shares, np.clip(sizes / captures.n * scale, 1e-3, 1 - 1e-3))


def _result(ready: Prepared, climb: _Climb, seed: int) -> Mixture:
    captures = ready.captures
    winner = int(np.argmax(climb.log_likelihoods))
    order = np.argsort(-climb.place.shares[winner], kind="stable")
    shares, chances = climb.place.shares[winner][order], climb.place.chances[winner][order]
    classes, m = chances.shape
    parameters = classes * m + classes - 1
    likelihood = float(climb.log_likelihoods[winner])
    hills = _hills(climb)
    people = (captures.n + float(climb.unseen[winner])) * shares
    edges = people < EDGE
    outer = (people[:, None] * chances < EDGE) | (people[:, None] * (1 - chances) < EDGE)
    boundary = (
        *((int(k) + 1, "share") for k in np.flatnonzero(edges)),
        *((int(k) + 1, captures.lists[j]) for k, j in np.argwhere(outer)),
    )
    identified = _is_identified(shares, chances)
    cautions = _cautions(boundary, hills, identified, bool(climb.still[winner]), captures.m)
    return Mixture(
        lists=captures.lists,
        n=captures.n,
        classes=classes,
        total=captures.n + float(climb.unseen[winner]),
        log_likelihood=likelihood,
        parameters=parameters,
        bic=float(parameters * np.log(captures.n) - 2 * likelihood),
        shares=shares,
        chances=chances,
        rounds=climb.rounds,
        converged=bool(climb.still[winner]),
        identified=identified,
        boundary=boundary,
        hills=hills,
        seed=seed,
        warnings=(*about_dropped(ready.dropped), *cautions),
    )


def _hills(climb: _Climb) -> tuple[Hill, ...]:
    """Starts that ended at the same likelihood ended on the same hill. The highest first."""
    found: list[Hill] = []
    for start in np.argsort(-climb.log_likelihoods, kind="stable").tolist():
        likelihood, total = float(climb.log_likelihoods[start]), climb.n + float(climb.unseen[start])
        if found and found[-1].log_likelihood - likelihood < SAME_HILL and _ratio(found[-1].total, total) < FAR:
            found[-1] = Hill(found[-1].log_likelihood, found[-1].total, found[-1].starts + 1)
        else:
            found.append(Hill(likelihood, total, 1))
    return tuple(found)


def _ratio(one: float, other: float) -> float:
    return max(one, other) / min(one, other)


def _is_identified(shares: Numbers, chances: Numbers) -> bool:
    """Whether the probabilities of all histories, given being seen, change with every parameter.

    Goodman's condition: the rank of the derivatives is the number of parameters. Three classes of four lists never meet it.
    """
    classes, m = chances.shape
    member = (np.arange(1 << m)[:, None] >> np.arange(m) & 1).astype(bool)
    single = np.where(member[None, :, :], chances[:, None, :], 1 - chances[:, None, :])
    each = single.prod(axis=2)
    columns = [each[k] - each[-1] for k in range(classes - 1)]
    for k, j in np.ndindex(classes, m):
        others = np.delete(single[k], j, axis=1).prod(axis=1)
        columns.append(shares[k] * others * np.where(member[:, j], 1.0, -1.0))
    whole, slopes = shares @ each, np.column_stack(columns)
    seen = 1 - whole[0]
    given_seen = slopes[1:] / seen + np.outer(whole[1:], slopes[0]) / seen**2
    scaled = given_seen / np.maximum(np.linalg.norm(given_seen, axis=0), SMALLEST)
    return int(np.linalg.matrix_rank(scaled, tol=RANK_TOLERANCE)) == len(columns)


def _cautions(
    boundary: tuple[tuple[int, str], ...], hills: tuple[Hill, ...], identified: bool, converged: bool, m: int
) -> tuple[Caution, ...]:
    found = [TWO_LISTS] if m == 2 else []
    if boundary:
        found.append(
            Caution(
                "at_boundary",
                f"{len(boundary)} of the shares and chances ended at 0 or 1: the classes describe gaps in the table "
                "rather than kinds of people, and no usual interval holds.",
            )
        )
    rivals = [hill for hill in hills[1:] if hills[0].log_likelihood - hill.log_likelihood < RIVAL]
    rivals = [hill for hill in rivals if _ratio(hill.total, hills[0].total) >= FAR]
    if rivals:
        places = ", ".join(f"{hill.total:.0f}" for hill in (hills[0], *rivals))
        found.append(Caution("several_modes", f"Answers that fit about as well: {places}."))
    if not identified:
        found.append(
            Caution(
                "not_identifiable",
                "The lists cannot tell so many classes apart: others fit the data just as well, unless a share or chance "
                "of 0 or 1 stops them. The total is not determined by the data.",
            )
        )
    if not converged:
        found.append(
            Caution(
                "not_converged",
                f"The climb was stopped after {ROUNDS:,} rounds, still moving; do not use the total.",
            )
        )
    return tuple(found)
