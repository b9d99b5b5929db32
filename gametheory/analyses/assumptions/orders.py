"""Does a claim survive another order of play?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.assumptions.kinds import (
    Alternative,
    Codes,
    Design,
    choosers,
    claim_cells,
    restricted_games,
    solution_codes,
    solved,
)
from gametheory.solvers.registry import enumerable
from gametheory.study import FAILED, solvable_orders

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Claim, Model

__all__ = ["FAMILY", "order_codes", "other_orders"]

FAMILY = "order of play"


def other_orders(model: Model, claim: Claim) -> Sequence[Alternative]:
    """Every order of play that can be solved but the claim's own, and each leader committed to a mixture.

    None where ``given`` leaves a choice to one player alone, for then nobody waits for anybody.
    """
    if len(choosers(model, claim)) < 2:
        return ()
    found = []
    for order in solvable_orders(model):
        leads = f"{order} moves first, is observed, and the other answers it"
        if order != claim.order:
            name, words = (order, "all choose at once") if order == "simultaneous" else (f"{order} first", leads)
            found.append(Alternative(name, FAMILY, words, order_codes(order)))
        if order != "simultaneous":
            words = f"{order} commits first to a mixture, which is observed; ties are broken in its favour"
            found.append(Alternative(f"{order} commits to a mixture", FAMILY, words, order_codes(order, "commitment")))
    return tuple(found)


def order_codes(order: str, concept: str = "nash") -> Codes:
    """In how many solutions under an order of play a claim holds, whatever its own order is.

    Games too large for every vertex of a commitment to be listed are not decided.
    """

    def codes(model: Model, claim: Claim, games: Games, design: Design) -> NDArray[np.int8]:
        left = restricted_games(games, claim)
        if concept == "commitment" and not enumerable(left):
            return np.full(len(left), FAILED, dtype=np.int8)
        cells = claim_cells(model, claim, left, design)
        return solution_codes(claim, cells, solved(left, order=order, concept=concept))

    return codes
