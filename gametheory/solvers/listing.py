"""How does a list of profiles become certified Solutions?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.certify import Check
from gametheory.games.strategic import FloatArray, Games
from gametheory.solutions import ExactStrategies, IntArray, Solutions

BoolArray = NDArray[np.bool_]
Reasons = Sequence[tuple[BoolArray, str, str]]


def listed(
    games: Games,
    game: NDArray[np.integer],
    strategies: tuple[FloatArray, ...],
    *,
    concept: str,
    reasons: Reasons,
    order: str = "simultaneous",
    seen: Check | None = None,
    repeats: BoolArray | None = None,
    tied: BoolArray | None = None,
    proof: str = "",
    exact: tuple[ExactStrategies, ...] | None = None,
    tie_rule: tuple[str, ...] | None = None,
) -> Solutions:
    """Certify profiles ``strategies[player][solution]`` of the games ``game[solution]`` that have no index.

    ``seen`` is what the certifier says of them, where more than the profiles goes into it; ``repeats`` marks what
    stands twice, ``tied`` the games with ties. ``proof`` says why the list is complete where none of the ``reasons``
    (games, verdict, sentence) speaks against it.
    """
    number: IntArray = game.astype(np.int64)
    found = seen or certify.check(games.payoffs, number, strategies)
    certificates = certify.certificates(
        count=len(games),
        game=number,
        regret=found.regret,
        sound=found.sound,
        repeats=certify.duplicated(number, strategies) if repeats is None else repeats,
        index_sum=None,
        tied=np.zeros(len(games), dtype=bool) if tied is None else tied,
        proof=proof,
        reasons=reasons,
    )
    return Solutions(
        games=games,
        order=order,
        concept=concept,
        game=number,
        strategies=strategies,
        payoffs=found.payoffs,
        regret=found.regret,
        index=None,
        component=None,
        certificates=certificates,
        tie_rule=tie_rule,
        exact=exact,
    )
