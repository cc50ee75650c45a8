"""A table with its margins as one array: an axis for each dimension, along it the codes of every level and the total."""

from collections.abc import Sequence

import numpy as np

from reckon.disclosure.frame import Grid, Indices, Level, is_coarser

NOTHING = -1
"""No variable: the cell is empty for all to see, or nobody printed it."""

Layout = Indices
"""The variable at each combination of codes."""


def layout_of(top: Grid, tables: Sequence[tuple[Grid, Indices]]) -> Layout:
    """The layout of a table and all its margins, each given with its variables."""
    fit = [(grid, cells) for grid, cells in tables if all(_is_under(token, top) for token in grid.tokens)]
    axes = []
    for name in top.names:
        levels = sorted({level for grid, _ in fit for n, level in grid.tokens if n == name})
        nodes: list[tuple[Level, int] | None] = [(level, first) for level in levels for first in sorted(set(level))]
        axes.append([*nodes, None])
    layout = np.full([len(nodes) for nodes in axes], NOTHING, dtype=np.int64)
    for grid, cells in fit:
        wanted = dict(grid.tokens)
        places = [
            [k for k, node in enumerate(nodes) if (node and node[0]) == wanted.get(name)]
            for name, nodes in zip(top.names, axes, strict=True)
        ]
        shaped = cells.reshape([len(set(level)) for level in grid.levels])
        order = [grid.names.index(name) for name in top.names if name in wanted]
        layout[np.ix_(*places)] = shaped.transpose(order).reshape([len(place) for place in places])
    return layout


def _is_under(token: tuple[str, Level], top: Grid) -> bool:
    return any(name == token[0] and is_coarser(token[1], level) for name, level in top.tokens)
