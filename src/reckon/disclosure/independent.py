"""Which equations say something that others do not: a margin of four dimensions can be summed in four ways."""

import numpy as np
from scipy import sparse

from reckon.disclosure.frame import Indices
from reckon.disclosure.programs import Matrix

DEEPEST = 50
"""Steps from a margin down to its finest parts; no set of tables comes near."""


def independent_rows(matrix: Matrix) -> Indices:
    """Rows with the same solutions as all the rows of `matrix` y = 0, whose entries are 1 and, for a margin, -1.

    Of the sums of one margin the shortest is kept. Through these sums every variable is written in those that are no
    margin; another row says nothing new exactly when nothing is left of it then. Of a table of four dimensions a sixth can go.
    """
    rows = matrix.tocsr()
    margin, kept = _shortest_sums(rows)
    parts = rows[kept]
    parts.data[parts.data < 0] = 0.0
    width = rows.shape[1]
    place = sparse.csr_array((np.ones(len(kept)), (margin, np.arange(len(kept)))), (width, len(kept)))
    once = place @ parts
    finest = sparse.diags_array((~np.isin(np.arange(width), margin)).astype(float), format="csr")
    written = finest
    for _ in range(DEEPEST):
        before, written = written, finest + once @ written
        if abs(written - before).nnz == 0:
            left = abs(rows @ written).tocsr()
            left.eliminate_zeros()
            return np.union1d(kept, np.flatnonzero(np.diff(left.indptr)))
    return np.arange(rows.shape[0])


def _shortest_sums(rows: Matrix) -> tuple[Indices, Indices]:
    """The variables that some row gives as the sum of others, and the shortest such row of each."""
    lengths = np.diff(rows.indptr)
    best: dict[int, int] = {}
    for row in np.argsort(lengths, kind="stable").tolist():
        span = slice(rows.indptr[row], rows.indptr[row + 1])
        heads = rows.indices[span][rows.data[span] < 0]
        if len(heads) == 1:
            best.setdefault(int(heads[0]), row)
    return np.array(list(best), dtype=np.int64), np.array(list(best.values()), dtype=np.int64)
