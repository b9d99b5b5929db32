"""How far can one parameter move, the others staying, before the values leave the order that ranks them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gametheory.errors import InputError

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.parameters import Ranking

__all__ = ["check_apart", "kept_range", "ranked_names"]


def ranked_names(model: Model) -> tuple[str, ...]:
    """The parameters of which only the order is known."""
    return tuple(name for name, parameter in model.parameters.items() if parameter.law.kind == "ranked")


def kept_range(model: Model, parameter: str) -> tuple[float, float]:
    """The values of a ranked parameter between those of its neighbours in the ranking, at their central values.

    At the ends of the range it equals a neighbour. Raises `InputError` for a name that is tied to another, because the
    two cannot move apart.
    """
    ranking = _ranking(model, parameter)
    order, values = ranking.order, model.central()
    own = order.group(parameter)
    if others := [name for name in order.groups[own] if name != parameter]:
        message = f"{parameter}: equal to {', '.join(others)} in the ranking {ranking.name!r}, and cannot move alone"
        raise InputError(f"{message}; write a parameter that both payoffs use instead")
    lower = [values[order.groups[worse][0]] for better, worse in order.above if better == own]
    upper = [values[order.groups[better][0]] for better, worse in order.above if worse == own]
    return max([float(ranking.low), *lower]), min([float(ranking.high), *upper])


def check_apart(model: Model, x: str, y: str) -> None:
    """Raise `InputError` where two parameters stand in one ranking: moved together they could leave its order."""
    for ranking in model.rankings.values():
        if x in ranking.names and y in ranking.names:
            message = f"x and y: {x!r} and {y!r} stand in one ranking, {ranking.name!r}, and cannot move freely"
            raise InputError(f"{message}; `ordinal` tells what holds for all their values")


def _ranking(model: Model, parameter: str) -> Ranking:
    """The ranking in which a name stands."""
    return next(ranking for ranking in model.rankings.values() if parameter in ranking.names)
