"""Which whole plans does a player have in a tree, leaving open what its own earlier moves exclude?"""

from __future__ import annotations

import math

import numpy as np

from gametheory.errors import InputError
from gametheory.games.trees import IntArray, Tree

__all__ = ["MOST_PLANS", "plan_count", "plan_labels", "reduced_plans"]

MOST_PLANS = 4_096  # of one player
EXCLUDED = -1  # no move: the plan's own earlier moves keep play away from the information set
OPEN, BETWEEN = "*", "."  # in the name of a plan: no move, and what stands between moves


def plan_count(tree: Tree, player: int) -> int:
    """How many reduced plans a player has; raises InputError where a player forgets.

    With imperfect recall behaviour and plans are not exchangeable, and no plan is left out.
    """
    after, found = _after(tree, player), dict[int, int]()
    for number in _last_first(tree, player):
        moves = range(tree.first_move[number], tree.first_move[number + 1])
        found[number] = sum(math.prod(found[later] for later in after.get(move, ())) for move in moves)
    return math.prod(found[number] for number in after.get(-1, ()))


def reduced_plans(tree: Tree, player: int) -> IntArray:
    """Every reduced plan of a player, ``int64[plan, own information set]``: an action's place, or -1 for none.

    The last information set changes fastest. A player without one has a single empty plan. Raises InputError where a
    player forgets, and where the plans are too many.
    """
    if (count := plan_count(tree, player)) > MOST_PLANS:
        raise InputError(
            f"{tree.players[player]} has {count:,} plans, more than {MOST_PLANS:,}; solve the tree without plans "
            "instead, by backward induction or by the sequence form"
        )
    after, own = _after(tree, player), {number: place for place, number in enumerate(tree.sets_of(player))}
    nothing = np.full((1, len(own)), EXCLUDED, dtype=np.int64)
    found: dict[int, IntArray] = {}
    for number in _last_first(tree, player):
        parts = []
        for place, move in enumerate(range(tree.first_move[number], tree.first_move[number + 1])):
            plans = _combined(nothing, [found[later] for later in after.get(move, ())])
            plans[:, own[number]] = place
            parts.append(plans)
        found[number] = np.concatenate(parts)
    plans = _combined(nothing, [found[number] for number in after.get(-1, ())])
    return plans[np.lexsort(plans.T[::-1])] if own else plans


def plan_labels(tree: Tree, player: int, plans: IntArray) -> tuple[str, ...]:
    """The plans in words: their actions joined by ``.`` in the order of the sets, ``*`` where none is chosen.

    Where two plans would read alike the actions are numbered from 1 instead.
    """
    sets = [tree.sets[number].actions for number in tree.sets_of(player)]
    rows = plans.tolist()
    labels = tuple(
        BETWEEN.join(own[place] if place >= 0 else OPEN for own, place in zip(sets, row, strict=True)) or OPEN
        for row in rows
    )
    if len(set(labels)) == len(labels):
        return labels
    return tuple(BETWEEN.join(str(place + 1) if place >= 0 else OPEN for place in row) for row in rows)


def _after(tree: Tree, player: int) -> dict[int, list[int]]:
    """The player's information sets by the last move of its own before them."""
    if tree.forgets:
        raise InputError(f"{tree.forgets}; plans need perfect recall: give these nodes information sets of their own")
    found: dict[int, list[int]] = {}
    for number in tree.sets_of(player):
        found.setdefault(int(tree.last_own[tree.sets[number].nodes[0], player]), []).append(number)
    return found


def _last_first(tree: Tree, player: int) -> list[int]:
    """The player's information sets, each before those that stand above it."""
    return sorted(tree.sets_of(player), key=lambda number: -min(tree.sets[number].nodes))


def _combined(first: IntArray, others: list[IntArray]) -> IntArray:
    """Every choice of one row of each; what one leaves open another may fill."""
    plans = first.copy()
    for other in others:
        plans = np.maximum(plans[:, np.newaxis], other[np.newaxis]).reshape(-1, first.shape[1])
    return plans
