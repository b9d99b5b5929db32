"""What does the study do with strategic games?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gametheory.measures import limits, listed_probability, measure_cells, values_from_cells
from gametheory.solvers import solve
from gametheory.study.classes import classify
from gametheory.study.contract import NO_CLOCK, Form, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gametheory.games import Games
    from gametheory.model import Model
    from gametheory.model.designs import Design
    from gametheory.solutions import Solutions

__all__ = ["STRATEGIC"]


def _games(model: Model, design: Design) -> Games:
    return model.games(design)


def _restricted(games: Games, given: Mapping[str, tuple[str, ...]]) -> Games:
    return games.restrict(given)


def _solve(games: Games, order: str, workers: int | None) -> Solutions:
    return solve(games, order=order, workers=workers, seconds=NO_CLOCK)


STRATEGIC = Form(
    games=_games,
    restricted=_restricted,
    solve=_solve,
    cells=measure_cells,
    values=values_from_cells,
    limits=limits,
    listed=listed_probability,
    classify=classify,
    together=whole,
)
