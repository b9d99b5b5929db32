"""How does every column get exactly one point in each of N equal strata, without ever holding all N of them?

Column by column, the strata are visited in an order that can be asked for at any place: a permutation by rounds of
mixing (a Feistel network over two digits, one of them in base ceil(sqrt N)), which needs no memory of the other places.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gametheory.parameters import stream
from gametheory.parameters.quantiles import FloatArray

__all__ = ["latin_columns", "permuted"]

ORDERS, PLACES = 2, 3  # keys of these random numbers beside those of other designs
ROUNDS = 12  # four mix well in theory; the digits of a small N carry few bits, so more
EDGE = 2.0**-20  # share of a stratum kept free at both its ends, so that rounding leaves no point in the next one


def latin_columns(dimension: int, strata: int, start: int, count: int, seed: int) -> FloatArray:
    """Points `start` to ``start + count`` of a Latin hypercube of `strata` points, ``float64[count, dimension]``.

    Each column has one point in each stratum of width 1/strata, in an order of its own.

    >>> points = latin_columns(2, strata=5, start=0, count=5, seed=0)
    >>> np.sort((points * 5).astype(int), axis=0).T.tolist()
    [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]
    """
    inside = stream(seed, PLACES, start).random((count, dimension))
    places = np.arange(start, start + count, dtype=np.uint64)
    points = np.empty((count, dimension))
    for column in range(dimension):
        keys = stream(seed, ORDERS, column).integers(2**64, size=ROUNDS, dtype=np.uint64)
        points[:, column] = permuted(places, strata, keys)
    return (points + EDGE + inside * (1.0 - 2.0 * EDGE)) / strata


def permuted(places: NDArray[np.uint64], size: int, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Where a permutation of the numbers below `size` sends some of them; `keys`, one a round, choose the permutation.

    A number is two digits; each round adds to one of them a hash of the other, which can be undone, so no two numbers
    meet. The digits reach a little beyond `size`: what lands there is sent on until it lands inside.

    >>> keys = np.array([3, 1, 4, 1], dtype=np.uint64)
    >>> sorted(permuted(np.arange(7, dtype=np.uint64), 7, keys).tolist())
    [0, 1, 2, 3, 4, 5, 6]
    """
    base = math.isqrt(size - 1) + 1
    other = -(-size // base)
    moved = _mixed(places, base, other, keys)
    while len(outside := np.flatnonzero(moved >= size)):
        moved[outside] = _mixed(moved[outside], base, other, keys)
    return moved


def _mixed(numbers: NDArray[np.uint64], base: int, other: int, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One pass of the rounds over numbers below ``base * other``."""
    high, low = np.divmod(numbers, np.uint64(base))
    for round_number, key in enumerate(keys):
        if round_number % 2:
            low = (low + _hashed(high, key) % np.uint64(base)) % np.uint64(base)
        else:
            high = (high + _hashed(low, key) % np.uint64(other)) % np.uint64(other)
    return high * np.uint64(base) + low


def _hashed(numbers: NDArray[np.uint64], key: np.uint64) -> NDArray[np.uint64]:
    """Numbers whose bits look unrelated to those of `numbers`: the finalizer of SplitMix64 (Steele et al. 2014)."""
    bits = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15) ^ key
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
