"""Which points tell how much of a result each parameter drives, alone and together with the others?

Pick-freeze: two independent base points A and B, and for each parameter a copy of A with that parameter taken from B
(Saltelli et al. 2010, Computer Physics Communications 181). The rows of one base point stand together, so that any
number of base points is the beginning of more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from gametheory.parameters.quantiles import FloatArray

__all__ = ["BASES", "RANDOM_PAIRS", "pick_freeze_columns"]

BASES = ("sobol", "random")
RANDOM_PAIRS = 4  # key of these random numbers beside those of other designs

Pairs = Callable[[int], FloatArray]


def pick_freeze_columns(
    factors: Sequence[Sequence[int]], start: int, count: int, block: int, pairs: Pairs
) -> FloatArray:
    """Rows `start` to ``start + count`` of a pick-freeze design, ``float64[count, column]``.

    `factors` holds the columns that are switched together; every column belongs to one of them. ``pairs(number)`` gives
    the base points ``float64[block, 2 * column]`` of one block, A beside B. Of each base point the rows are A, B, and A
    with one factor after the other from B.

    >>> base = np.array([[0.1, 0.2, 0.8, 0.9]])
    >>> pick_freeze_columns([[0], [1]], 0, 4, 1, lambda number: base).tolist()
    [[0.1, 0.2], [0.8, 0.9], [0.8, 0.2], [0.1, 0.9]]
    """
    width = sum(map(len, factors))
    from_b = np.zeros((len(factors) + 2, width), dtype=np.bool_)
    from_b[1] = True
    for number, columns in enumerate(factors, start=2):
        from_b[number, list(columns)] = True
    rows = np.arange(start, start + count)
    base, role = np.divmod(rows, len(from_b))
    both = _base_points(base, block, pairs)
    return np.where(from_b[role], both[:, width:], both[:, :width])


def _base_points(base: NDArray[np.int64], block: int, pairs: Pairs) -> FloatArray:
    """The pairs of rising base points, from the one or two blocks that hold them."""
    first, last = int(base[0]) // block, int(base[-1]) // block
    together = np.concatenate([pairs(number) for number in range(first, last + 1)])
    return together[base - first * block]
