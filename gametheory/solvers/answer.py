"""What did a search find in one large game, and how far does the list go?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gametheory.games.strategic import FloatArray
from gametheory.solutions import ExactStrategies, IntArray


@dataclass(frozen=True, eq=False)
class Answer:
    """Strategies ``x[solution, action]`` and ``y`` of sound equilibria with their regret, and verdict and reason.

    ``index`` and ``component`` are None where they are not known of every solution, ``exact`` where the strategies were
    not solved for as fractions.
    """

    x: FloatArray
    y: FloatArray
    regret: FloatArray
    index: IntArray | None
    component: IntArray | None
    exact: tuple[ExactStrategies, ...] | None
    verdict: str
    reason: str


def empty(shape: tuple[int, ...], verdict: str, reason: str) -> Answer:
    """The answer that lists nothing."""
    none = np.empty(0, dtype=np.int64)
    return Answer(np.empty((0, shape[0])), np.empty((0, shape[1])), np.empty(0), none, none, (), verdict, reason)


def spread(answer: Answer, shape: tuple[int, ...], kept: Sequence[NDArray[np.int64]]) -> Answer:
    """The same answer over all actions: 0 for those that are not ``kept``."""
    wide = []
    for own, size, actions in zip((answer.x, answer.y), shape, kept, strict=True):
        strategies = np.zeros((len(own), size))
        strategies[:, actions] = own
        wide.append(strategies)
    exact = None if answer.exact is None else tuple(_widened(own, shape, kept) for own in answer.exact)
    return replace(answer, x=wide[0], y=wide[1], exact=exact)


def _widened(strategies: ExactStrategies, shape: tuple[int, ...], kept: Sequence[NDArray[np.int64]]) -> ExactStrategies:
    """One profile of fractions over all actions."""
    from fractions import Fraction

    wide = []
    for own, size, actions in zip(strategies, shape, kept, strict=True):
        weight = dict(zip(actions.tolist(), own, strict=True))
        wide.append(tuple(weight.get(action, Fraction(0)) for action in range(size)))
    return tuple(wide)
