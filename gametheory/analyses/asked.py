"""Can a question be asked of this model, and are its numbers numbers?"""

from __future__ import annotations

import operator
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory.errors import InputError

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["known_end", "known_points", "ordered_only", "strategic_only", "without_law"]

FORMS = MappingProxyType(
    {
        "extensive": "a tree, whose payoffs stand at its ends",
        "analytic": "equations and formulas",
    }
)
"""Form without a table of payoffs -> what it has in its place."""

INSTEAD = MappingProxyType(
    {
        "alternatives": "claims, each under an order of play of its own,",
        "break_even": "tip",
        "choice_curves": "measure_ranges or response_curves",
        "choices": "measure_ranges or outcomes",
        "critical_risk": "tip or discovery",
        "critical_risk_elasticities": "tip or drivers",
        "discovery_region": "discovery",
        "forecast": "outcomes",
        "forecast_payoffs": "measure_ranges",
        "least_change": "tip, one parameter at a time, or discovery",
        "margins": "tip",
        "misperception": "outcomes or measure_ranges",
        "ordinal": "claims, with laws in place of the rankings,",
        "outcomes": "outcomes, claims, drivers, discovery or tip",
        "radius": "tip, one parameter at a time, or discovery",
        "region_areas": "outcomes",
        "regions": "tip along each parameter, or discovery_tree",
        "spider": "response_curves or measure_shifts",
        "tornado": "drivers or measure_shifts",
        "value_of_information": "drivers or set_dependence",
    }
)
"""Analysis of tables of payoffs -> what comes nearest to it for the other forms."""

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
        instead = INSTEAD.get(name.removeprefix("a "), INSTEAD["outcomes"])
        raise InputError(
            f"{name} needs a table of payoffs over actions, and {model.title!r} is of form {model.form!r}: "
            f"{FORMS[model.form]}; ask for {instead} instead"
        )


def without_law(model: Model, name: str) -> InputError:
    """The error for an analysis of draws where no parameter differs between them; it names what needs no law."""
    intervals = [own for own, parameter in model.parameters.items() if not parameter.law.has_probability]
    if not intervals:
        what = "the model has no uncertain parameter; give at least one a law with a probability such as uniform"
        return InputError(f"{name} needs laws: {what}")
    more = ", regions and tornado" if model.form == "strategic" else ""
    return InputError(
        f"{name} needs laws: no parameter of {model.title!r} differs between draws ({', '.join(intervals)}: intervals "
        "without probability); give at least one a law with a probability such as uniform, or ask for what needs none: "
        f"outcomes, measure_ranges, claims, tip{more}"
    )


def ordered_only(model: Model, name: str) -> None:
    """Raise InputError where an analysis compares orders of play and the model has but one."""
    if model.form == "analytic":
        raise InputError(
            f"{name} compares orders of play, and {model.title!r} is of form {model.form!r}: {FORMS[model.form]}, of "
            "which there is one order alone; ask for base_case or tip instead"
        )
