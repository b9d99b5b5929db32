"""What does the study ask of a form of game, so that everything else can stay the same for all forms?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.study.classes import EquilibriumClass

__all__ = ["NO_CLOCK", "Form", "whole"]

NO_CLOCK = 1e9  # seconds for a search: the clock must not decide what a draw answers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Form:
    """The functions of one form. Its games and its solutions are its own; the study only hands them on.

    Games have a length. Solutions have ``games``, ``game`` (that of each, in order), ``count`` and ``certificates``.

    ``games(model, design)`` are the games at the points of a design; ``restricted(games, given)`` are those without the
    actions that a claim takes away; ``solve(games, order, workers)`` are their solutions, without a clock.

    ``cells(model, design, names)`` prepares the measures in ``names`` (all where it is None); ``values(model, cells,
    solutions, names)`` are these measures in every solution, ``float64[solution]`` by name; ``limits(model, cells,
    solutions, name)`` is ``float64[game or 1, 2]``, between which values a measure lies whatever is played.

    ``together(model, count)`` is how many of ``count`` draws are answered in one piece, before progress is told of.

    ``listed(solutions, expect)`` is ``float64[solution]``, the probability that only what a claim expects is played;
    ``classify(solutions)`` are class numbers ``int64[game]`` and the sorted classes.
    """

    games: Callable[[Any, Any], Any]
    restricted: Callable[[Any, Mapping[str, tuple[str, ...]]], Any]
    solve: Callable[[Any, str, int | None], Any]
    cells: Callable[[Any, Any, Any], Mapping[str, FloatArray]]
    values: Callable[[Any, Mapping[str, FloatArray], Any, Any], dict[str, FloatArray]]
    limits: Callable[[Any, Mapping[str, FloatArray], Any, str], FloatArray]
    listed: Callable[[Any, Mapping[str, tuple[str, ...]]], FloatArray]
    classify: Callable[[Any], tuple[IntArray, tuple[EquilibriumClass, ...]]]
    together: Callable[[Any, int], int]


def whole(model: Any, count: int) -> int:
    """All draws in one piece: for games of which a block takes no longer than seconds."""
    del model
    return count
