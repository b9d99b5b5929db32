"""Which numbers fill the unit cube evenly, block by block and without end?

A scrambled Sobol sequence covers the cube more evenly than independent draws do. A generator of such sequences ends
after so many points, and reaching a late one takes a time that grows with its number; so the points come in
super-blocks of about a million, each the beginning of a sequence that is scrambled by itself.
"""

from __future__ import annotations

import numpy as np

from gametheory.parameters import stream
from gametheory.parameters.quantiles import FloatArray

__all__ = ["SUPER_BLOCK", "sobol_columns"]

SUPER_BLOCK = 2**20  # points of one scrambling; a power of two, at which a Sobol sequence is balanced
SCRAMBLINGS = 1  # key of these random numbers beside those of other designs


def sobol_columns(dimension: int, count: int, seed: int, block: int) -> FloatArray:
    """Block number `block` of `count` scrambled Sobol points, ``float64[count, dimension]`` from 0 to below 1.

    `count` is a power of two of at most `SUPER_BLOCK`, so that no block spans two scramblings.

    >>> column = sobol_columns(1, 8, seed=0, block=5)[:, 0]
    >>> np.sort((column * 8).astype(int)).tolist()
    [0, 1, 2, 3, 4, 5, 6, 7]
    """
    if not dimension:
        return np.empty((count, 0))
    from scipy.stats import qmc

    scrambling, before = divmod(block * count, SUPER_BLOCK)
    engine = qmc.Sobol(dimension, scramble=True, rng=stream(seed, SCRAMBLINGS, scrambling))
    if before:
        engine.fast_forward(before)
    return np.asarray(engine.random(count), dtype=np.float64)
