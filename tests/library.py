"""Games from the literature and games made at random, for tests: arrays and batches, nothing else."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from gametheory.games import Games, strategic

PAIR = ["row", "column"]

# name -> (payoffs of both players, extreme equilibria, index of each component in any order)
LITERATURE = MappingProxyType(
    {
        "battle of the sexes": ([[[3, 1], [0, 2]], [[2, 1], [0, 3]]], 3, [1, -1, 1]),
        "matching pennies": ([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], 1, [1]),
        "prisoner's dilemma": ([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], 1, [1]),
        # entrant In/Out, incumbent Acquiesce/Fight: "Out, because of the threat to fight" has index 0
        "entry deterrence": ([[[2, -1], [1, 1]], [[1, -1], [2, 2]]], 3, [1, 0]),
        # nashpy issue 222: one segment
        "segment": ([[[-3, 3], [-3, 5]], [[2, 7], [4, 2]]], 2, [1]),
        # Nisan et al. 2007, Algorithmic Game Theory, chapter 3: a segment of index 0 and an isolated equilibrium
        "textbook tie": ([[[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]], 3, [0, 1]),
        "all zero 2x2": (np.zeros((2, 2, 2)), 4, [1]),
        "all zero 3x4": (np.zeros((2, 3, 4)), 12, [1]),
        "coordination 3x3": (np.stack([np.eye(3), np.eye(3)]), 7, [1, 1, 1, -1, -1, -1, 1]),
        "coordination 4x4": (np.stack([np.eye(4), np.eye(4)]), 15, [1] * 8 + [-1] * 7),
        "rock paper scissors": (
            [[[0, -1, 1], [1, 0, -1], [-1, 1, 0]], [[0, 1, -1], [-1, 0, 1], [1, -1, 0]]],
            1,
            [1],
        ),
        "one by one": ([[[7]], [[-7]]], 1, [1]),
        "one by three": ([[[1, 2, 3]], [[4, 4, 1]]], 2, [1]),
        "three by one": ([[[1], [1], [0]], [[5], [6], [7]]], 2, [1]),
    }
)


# name -> (payoffs, number of extreme equilibria, tied)
COUNTED = MappingProxyType(
    {
        # Winkels 1979, Game Theory and Related Topics: six by two, heavily tied
        "winkels": (
            [
                [[1, 3], [1, 3], [3, 1], [3, 1], [2.5, 2.5], [2.5, 2.5]],
                [[1, 2], [0, -1], [-2, 2], [4, -1], [-1, 6], [6, -1]],
            ],
            12,
            True,
        ),
        # von Stengel 1999, Discrete and Computational Geometry 21: more equilibria than the identity game
        "von stengel": (
            [
                [
                    [9504, -660, 19976, -20526, 1776, -8976],
                    [-111771, 31680, -130944, 168124, -8514, 52764],
                    [397584, -113850, 451176, -586476, 29216, -178761],
                    [171204, -45936, 208626, -263076, 14124, -84436],
                    [1303104, -453420, 1227336, -1718376, 72336, -461736],
                    [737154, -227040, 774576, -1039236, 48081, -300036],
                ],
                [
                    [72336, 48081, 29216, 14124, 1776, -8514],
                    [-461736, -300036, -178761, -84436, -8976, 52764],
                    [1227336, 774576, 451176, 208626, 19976, -130944],
                    [-1718376, -1039236, -586476, -263076, -20526, 168124],
                    [1303104, 737154, 397584, 171204, 9504, -111771],
                    [-453420, -227040, -113850, -45936, -660, 31680],
                ],
            ],
            75,
            False,
        ),
    }
)


def oneill() -> NDArray[np.float64]:
    """O'Neill 1987, Proceedings of the National Academy of Sciences 84: 4x4, unique equilibrium (1, 1, 1, 2) / 5."""
    wins = np.array([[-1, 1, 1, -1], [1, -1, 1, -1], [1, 1, -1, -1], [-1, -1, -1, 1]], dtype=float)
    return np.stack([wins, -wins])


def batch(payoffs: object) -> Games:
    """One game, or a batch, of two players."""
    return strategic(np.array(payoffs, dtype=float), players=PAIR)


def random_games(*, seed: int, count: int, shape: tuple[int, ...] = (4, 3), levels: int = 0) -> Games:
    """Games with normal payoffs, or with whole-number payoffs below ``levels`` (then most are tied)."""
    generator = np.random.default_rng(seed)
    size = (count, len(shape), *shape)
    payoffs = generator.integers(0, levels, size).astype(float) if levels else generator.normal(size=size)
    return strategic(payoffs, players=[f"p{k}" for k in range(len(shape))])
