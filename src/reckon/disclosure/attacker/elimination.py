"""Exact recoveries without a solver: which unknown counts the equations give away, in whole numbers.

Two ways, taken in turn. The shuttle: every equation bounds each of its unknowns by what the others can hold, again and
again until nothing moves (Buzzigoli and Giusti, "An algorithm to calculate the lower and upper bounds of the elements
of an array given its marginals", SDP 1998). Then elimination modulo a prime: an unknown is fixed by the equations
exactly when every vector of their kernel is zero there, which two random vectors of the kernel tell with a probability
of error below one in 10^17 for each unknown.
"""

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from reckon.disclosure.attacker.polytope import Matrix, Vector

PRIME = 2_147_483_647
ROUNDS = 200
"""Turns of the shuttle after which it is stopped; it seldom needs twenty."""

Row = dict[int, int]
RIGHT = -1
"""The column of the right side in a row."""


def fixed(matrix: Matrix, rhs: Vector, lower: Vector) -> dict[int, int]:
    """The unknowns that {y : matrix y = rhs, y >= lower} fixes as far as these two ways can see, and their values."""
    low, high = shuttle(matrix, rhs, lower)
    found = {int(j): int(low[j]) for j in np.flatnonzero(low == high)}
    rows = _rows(matrix, rhs, found)
    return found | _in_the_row_space(rows)


def shuttle(matrix: Matrix, rhs: Vector, lower: Vector) -> tuple[Vector, Vector]:
    """Bounds that no table that fits can leave; they need not be the closest."""
    entries = matrix.tocoo()
    row, column, sign = entries.row, entries.col, entries.data
    low, high = lower.astype(float), np.full(len(lower), np.inf)
    for _ in range(ROUNDS):
        least = np.where(sign > 0, sign * low[column], sign * high[column])
        most = np.where(sign > 0, sign * high[column], sign * low[column])
        others_least = _sum_of_others(row, least, len(rhs))
        others_most = _sum_of_others(row, most, len(rhs))
        # sign * y lies between what is left when the others hold the most and when they hold the least
        up, down = rhs[row] - others_least, rhs[row] - others_most
        new_high, new_low = high.copy(), low.copy()
        np.minimum.at(new_high, column, np.where(sign > 0, up, -down))
        np.maximum.at(new_low, column, np.where(sign > 0, down, -up))
        if (new_low == low).all() and (new_high == high).all():
            break
        low, high = new_low, new_high
    return low, high


def _sum_of_others(row: npt.NDArray[np.int32], values: Vector, rows: int) -> Vector:
    """For each entry the sum of the other entries of its row, which may be infinite."""
    infinite = np.isinf(values)
    finite_sum = np.bincount(row, weights=np.where(infinite, 0.0, values), minlength=rows)[row]
    others = np.bincount(row, weights=infinite, minlength=rows)[row] - infinite
    # all infinite entries have one sign: they are the least values, or the most, of each entry
    limitless = -np.inf if (values == -np.inf).any() else np.inf
    return np.where(others > 0, limitless, finite_sum - np.where(infinite, 0.0, values))


def _rows(matrix: Matrix, rhs: Vector, known: dict[int, int]) -> list[Row]:
    """The equations with what is known put in."""
    by_row = matrix.tocsr()
    rows = []
    for number in range(by_row.shape[0]):
        span = slice(by_row.indptr[number], by_row.indptr[number + 1])
        row, right = {}, int(rhs[number])
        for column, sign in zip(by_row.indices[span].tolist(), by_row.data[span].tolist(), strict=True):
            if column in known:
                right -= int(sign) * known[column]
            else:
                row[column] = int(sign) % PRIME
        if row:
            rows.append(row | {RIGHT: right % PRIME})
    return rows


def _in_the_row_space(rows: list[Row]) -> dict[int, int]:
    """The unknowns whose value follows from the equations by addition and subtraction."""
    pivots = _echelon(rows)
    unknowns = sorted({column for row in rows for column in row if column != RIGHT} | {c for c, _ in pivots})
    random = np.random.default_rng(0)
    zero = set(unknowns)
    for _ in range(2):
        kernel = {column: int(random.integers(1, PRIME)) for column in unknowns} | {RIGHT: 0}
        _substitute(pivots, kernel)
        zero &= {column for column in unknowns if kernel[column] == 0}
    solution = dict.fromkeys(unknowns, 0) | {RIGHT: PRIME - 1}
    _substitute(pivots, solution)
    return {column: solution[column] for column in zero}


def _echelon(rows: list[Row]) -> list[tuple[int, Row]]:
    """Pivots (column, row with 1 there); no pivot's column is in a later row. Short rows and rare columns go first."""
    left = dict(enumerate(rows))
    where: dict[int, set[int]] = defaultdict(set)
    for number, row in left.items():
        for column in row.keys() - {RIGHT}:
            where[column].add(number)
    pivots = []
    while left:
        number = min(left, key=lambda n: len(left[n]))
        row = left.pop(number)
        columns = row.keys() - {RIGHT}
        for column in columns:
            where[column].discard(number)
        if not columns:
            continue
        pivot = min(columns, key=lambda c: (len(where[c]), c))
        inverse = pow(row[pivot], -1, PRIME)
        row = {column: value * inverse % PRIME for column, value in row.items()}
        pivots.append((pivot, row))
        for other in list(where[pivot]):
            _subtract(left[other], row, left[other][pivot], other, where)
    return pivots


def _subtract(target: Row, row: Row, times: int, number: int, where: dict[int, set[int]]) -> None:
    for column, value in row.items():
        after = (target.get(column, 0) - times * value) % PRIME
        if after or column == RIGHT:
            target[column] = after
            if column != RIGHT:
                where[column].add(number)
        else:
            target.pop(column, None)
            where[column].discard(number)


def _substitute(pivots: list[tuple[int, Row]], values: Row) -> None:
    """Fill in the pivots' values from the last to the first, so that every row is zero; RIGHT counts as a column."""
    for pivot, row in reversed(pivots):
        values[pivot] = -sum(value * values[column] for column, value in row.items() if column != pivot) % PRIME
