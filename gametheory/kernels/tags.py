"""What can be said of a solution in a word?

pure: every player plays one action for certain. strict: every deviation to another action costs. dominated: a player
uses an action that another of its actions weakly dominates. payoff-dominant: no other solution of the game gives any
player more, and each gives some player less. risk-dominant: a strict equilibrium whose product of deviation losses
exceeds that of every other strict one (two players; Harsanyi and Selten 1988). may vanish: its component has index 0,
so an arbitrarily small change of the payoffs can remove it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gametheory.kernels.payoffs import action_payoffs, as_good, weakly_dominated

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def tag_columns(
    payoffs: FloatArray,
    game: IntArray,
    strategies: Sequence[FloatArray],
    expected: FloatArray,
    index: IntArray | None,
) -> dict[str, BoolArray]:
    """Return the tags as columns ``bool[solution]``, in the order of this module's docstring.

    ``payoffs`` is ``[game, player, a1, ...]``, ``game`` the sorted game of each solution, ``strategies`` one array
    ``[solution, action]`` a player, ``expected`` ``[solution, player]``, ``index`` the index of each solution's
    component or None where there is none (then only ``pure`` is given: the others are about equilibria of simultaneous
    play).
    """
    pure = np.logical_and.reduce([(own > 0).sum(axis=1) == 1 for own in strategies])
    columns = {"pure": pure}
    if index is None:
        return columns
    dominated = np.zeros(len(game), dtype=bool)
    for player, own in enumerate(strategies):
        dominated |= ((own > 0) & weakly_dominated(payoffs, player)[game]).any(axis=1)
    strict = pure & _strict(payoffs[game], strategies, expected)
    columns |= {"strict": strict, "dominated": dominated}
    edges = np.flatnonzero(np.diff(game, prepend=-1, append=-1))
    groups = [slice(int(a), int(b)) for a, b in pairwise(edges) if b - a > 1]
    columns["payoff-dominant"] = _payoff_dominant(expected, groups)
    columns["risk-dominant"] = _risk_dominant(payoffs, game, strategies, strict, groups)
    columns["may vanish"] = index == 0
    return columns


def _strict(payoffs: FloatArray, strategies: Sequence[FloatArray], expected: FloatArray) -> BoolArray:
    """Whether every player would lose by any unused action, beyond rounding."""
    strict = np.ones(len(expected), dtype=bool)
    for player, own in enumerate(strategies):
        value = action_payoffs(payoffs, strategies, player)
        strict &= (~as_good(value, expected[:, player, np.newaxis]) | (own > 0)).all(axis=1)
    return strict


def _payoff_dominant(expected: FloatArray, groups: Sequence[slice]) -> BoolArray:
    """Whether the solution is at least as good as each other one of its game for all players, and better for some."""
    marked = np.zeros(len(expected), dtype=bool)
    for group in groups:
        own = expected[group]
        never_worse, never_better = as_good(own[:, np.newaxis], own), as_good(own, own[:, np.newaxis])
        better = np.asarray(never_worse.all(axis=2) & ~never_better.all(axis=2))
        np.fill_diagonal(better, True)
        marked[group] = np.all(better, axis=1)
    return marked


def _risk_dominant(
    payoffs: FloatArray, game: IntArray, strategies: Sequence[FloatArray], strict: BoolArray, groups: Sequence[slice]
) -> BoolArray:
    """Whether a strict equilibrium of two players risk-dominates every other strict one, pair by pair."""
    marked = np.zeros(len(game), dtype=bool)
    if payoffs.shape[1] != 2:
        return marked
    for group in groups:
        members = np.arange(group.start, group.stop)[strict[group]]
        if len(members) > 1:
            rows, columns = (own[members].argmax(axis=1) for own in strategies)
            product = _loss_products(payoffs[game[members[0]]], rows, columns)
            wins = product > product.T
            np.fill_diagonal(wins, True)
            marked[members] = wins.all(axis=1)
    return marked


def _loss_products(payoffs: FloatArray, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> FloatArray:
    """Entry ``[p, q]``: product of both losses when each player alone deviates from equilibrium p to that of q."""
    a, b = payoffs
    first = a[rows, columns][:, np.newaxis] - a[rows[np.newaxis, :], columns[:, np.newaxis]]
    second = b[rows, columns][:, np.newaxis] - b[rows[:, np.newaxis], columns[np.newaxis, :]]
    return np.asarray(first * second)
