"""Does a claim hold in all, some or none of the correlated equilibria of simultaneous play?

Every equilibrium is a correlated one, so a claim that splits the equilibria splits these too. Else one linear program
decides, and none where iterated strict dominance leaves profiles that all say the same: correlated equilibria give no
weight to actions that it removes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.assumptions.kinds import (
    BoolArray,
    Design,
    FloatArray,
    claim_cells,
    restricted_games,
    shared,
    solution_codes,
    solved,
)
from gametheory.solvers.correlated import greatest, incentives
from gametheory.solvers.own_tables import exact_tables
from gametheory.study import ALL, FAILED, NONE, SOME
from gametheory.study.blocks import CERTAIN

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Claim, Model

__all__ = ["correlated_codes", "undominated_actions"]

ROUNDING = 1e-8  # of the range of the values: what a program in floating point leaves open


def correlated_codes(model: Model, claim: Claim, games: Games, design: Design) -> NDArray[np.int8]:
    """In how much of each game's set of correlated equilibria a claim holds: ``int8[game]``.

    The set is convex, so the values of a measure fill the range between its bounds.
    """
    left = restricted_games(games, claim)
    cells = np.broadcast_to(claim_cells(model, claim, left, design), (len(left), *left.shape))
    nash = solution_codes(claim, cells, solved(left))
    kept = shared(left, "undominated", lambda: undominated_actions(left))
    codes = np.full(len(left), FAILED, dtype=np.int8)
    for game in np.flatnonzero(left.finite):
        own = [np.flatnonzero(mask[game]) for mask in kept]
        codes[game] = _code(claim, left, int(game), own, cells[game], int(nash[game]))
    return codes


def _code(claim: Claim, games: Games, game: int, kept: list[NDArray[np.intp]], cells: FloatArray, nash: int) -> int:
    """The answer for one game, from what the equilibria say and the linear program that they leave to be solved."""
    if nash == SOME:
        return SOME
    values = cells[np.ix_(*kept)]
    low, high = float(values.min()), float(values.max())
    inside, outside = _answer(claim, low, high, 0.0)
    if inside or outside:
        return ALL if inside else NONE
    names = {name: [own[k] for k in at] for name, own, at in zip(games.players, games.actions, kept, strict=True)}
    part = games[game].restrict(names)
    gains = incentives(exact_tables(part, 0, snap=True), part.shape, coarse=False)
    flat = values.reshape(-1)
    bounds = [greatest(gains, sign * _fractions(flat), exact=False) for sign in (-1, 1)]
    if not all(bound.proved for bound in bounds):
        return FAILED
    inside, outside = _answer(claim, -float(bounds[0].value), float(bounds[1].value), ROUNDING * (high - low))
    return ALL if inside else NONE if outside else SOME


def _answer(claim: Claim, low: float, high: float, rounding: float) -> tuple[bool, bool]:
    """Whether every value from ``low`` to ``high`` fulfils the claim, and whether none does."""
    least = claim.at_least if claim.measure else 1.0 - CERTAIN
    most = claim.at_most if claim.measure else None
    floor = -math.inf if least is None else least - rounding
    top = math.inf if most is None else most + rounding
    return low >= floor and high <= top, high < floor or low > top


def undominated_actions(games: Games) -> tuple[BoolArray, ...]:
    """The actions that survive iterated strict dominance by other actions: ``bool[game, action]`` a player."""
    masks = [np.ones((len(games), size), dtype=np.bool_) for size in games.shape]
    changed = True
    while changed:
        changed = False
        for player in range(len(masks)):
            lost = masks[player] & _dominated(games.payoffs[:, player], masks, player)
            masks[player] &= ~lost
            changed = changed or bool(lost.any())
    return tuple(masks)


def _dominated(payoffs: FloatArray, masks: list[BoolArray], player: int) -> BoolArray:
    """Which actions pay less than another one that is left, whatever is left to the others: ``bool[game, action]``."""
    count, size = masks[player].shape
    own = np.moveaxis(payoffs, player + 1, 1).reshape(count, size, -1)
    left = np.ones((count, 1), dtype=np.bool_)
    for place, mask in enumerate(masks):
        if place != player:
            left = (left[:, :, np.newaxis] & mask[:, np.newaxis, :]).reshape(count, -1)
    scale = 1e-12 * np.where(np.isfinite(own), np.abs(own), 0.0).max(axis=(1, 2))
    found = np.zeros((count, size), dtype=np.bool_)
    for other in range(size):
        with np.errstate(invalid="ignore"):
            worse = own < own[:, other : other + 1] - scale[:, np.newaxis, np.newaxis]
        found |= (worse | ~left[:, np.newaxis]).all(axis=2) & masks[player][:, other : other + 1]
    return found


def _fractions(values: FloatArray) -> NDArray[np.object_]:
    """Numbers as the fractions that they are."""
    from fractions import Fraction

    return np.array([Fraction(value) for value in values.tolist()], dtype=object)
