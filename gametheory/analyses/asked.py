"""Can a question be asked of this model, and are its numbers numbers?"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from gametheory.errors import InputError

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["known_end", "known_points", "strategic_only"]

FEWEST_POINTS = 16  # of a grid that is searched


def known_points(points: Any) -> int:
    """The number of places to look at first; raises InputError for what is no whole number or too small.

    >>> known_points(400)
    400
    """
    try:
        number = operator.index(points)
    except TypeError:
        number = -1
    if number < FEWEST_POINTS:
        raise InputError(f"points: {points!r}, expected a whole number of at least {FEWEST_POINTS}")
    return number


def known_end(name: str, end: Any) -> float | None:
    """An end of a range, if one was given; raises InputError for what is no number.

    >>> known_end("low", None), known_end("high", 2)
    (None, 2.0)
    """
    if end is None:
        return None
    try:
        return float(end)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{name}: {end!r}, expected a number, or nothing for the end of the law") from error


def strategic_only(model: Model, name: str) -> None:
    """Raise InputError where an analysis needs a table of payoffs and the model, of another form, has none."""
    if model.form != "strategic":
        raise InputError(
            f"{name} needs a table of payoffs over actions, and {model.title!r} is of form {model.form!r}; "
            "ask for outcomes, claims, drivers, discovery or tipping points instead"
        )
