"""What should the author of a sound model look at: what nothing uses, and where the formulas have no value?"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError, ParameterWarning
from gametheory.expressions import Formula
from gametheory.model import Model
from gametheory.model.evaluation import closure

__all__ = ["advice"]

DRAWS = 1000  # points at which the formulas are tried, besides the ends of the laws
END = 1e-3  # share of a law's probability beyond the value that stands for its end
PLACES = 4  # digits of a value in a sentence
SOLELY_TOLD = ("quantity", "measure")  # what games are solved without
NO_ANSWER = "such games get no answer and count as failed"
NO_NUMBER = "there nothing that rests on it can be told"


def advice(model: Model) -> tuple[str, ...]:
    """Sentences on what is likely to be a slip, though the file is sound; none where nothing was found.

    Told are parameters and tables on which nothing depends, and the share of the admissible points at which a
    payoff, a chance, a quantity or a measure is not a finite number, with one such point. They are looked for at the
    ends of each law, the others at their central values, and at draws from all laws. Unknowns of equations are not
    tried.

    >>> from gametheory.reader import load
    >>> advice(load("reference_involvement"))
    ()
    """
    return (*_unused(model), *_without_value(model))


def _unused(model: Model) -> Iterator[str]:
    """The parameters and tables on which nothing that is reported depends; a quantity may be there to be asked for."""
    parts = [getattr(model, field.name) for field in fields(model) if field.name not in ("quantities", "tables")]
    used = closure(model, [formula for part in parts for formula in _formulas(part)])
    for table in model.tables.values():
        if table.name in used:
            used |= set().union(*(formula.names for formula in table.cells.formulas))
    for kind, entries in (("parameter", model.parameters), ("table", model.tables)):
        for name in entries:
            if name not in used:
                yield f"{kind} {name} stands in no formula that a payoff, a measure or a claim rests on"


def _formulas(part: Any) -> Iterator[Formula]:
    """Every formula in a part of a model."""
    if isinstance(part, Formula):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _formulas(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from _formulas(value)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _formulas(getattr(part, field.name))


def _without_value(model: Model) -> Iterator[str]:
    """Where a payoff, a chance, a quantity or a measure is no finite number."""
    points, ends = _points(model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ParameterWarning)
        tried = _tried(model, points)
    for what, finite in tried.items():
        if finite.all():
            continue
        first = int(np.flatnonzero(~finite)[0])
        where = ", ".join(f"{name} = {points[name][first]:.{PLACES}g}" for name in _moved(model, points, first, ends))
        drawn = finite[ends:]
        share = f" and at {1.0 - drawn.mean():.1%} of {len(drawn):,} draws" if len(drawn) and not drawn.all() else ""
        at = f"where {where}" if where else "at the central values"
        yield f"{what} is not a finite number {at}{share}; {NO_NUMBER if what.startswith(SOLELY_TOLD) else NO_ANSWER}"


def _points(model: Model) -> tuple[dict[str, NDArray[np.float64]], int]:
    """The central point, the ends of each law, and draws; and how many of these points are no draws."""
    central = model.central()
    rows = [central]
    for name, parameter in model.parameters.items():
        law = parameter.law
        if law.kind in ("fixed", "ranked"):
            continue
        ends = law.quantile(np.array([END, 1.0 - END])) if law.has_probability else law.support()
        rows += [{**central, name: float(end)} for end in ends]
    points = {name: np.array([row[name] for row in rows]) for name in central}
    try:
        drawn = model.sample(DRAWS)
    except InputError:  # constraints that hardly any draw keeps: told when the model is sampled
        return points, len(rows)
    columns = {name: drawn[name].to_numpy() if name in drawn else np.full(DRAWS, central[name]) for name in central}
    return {name: np.concatenate([points[name], columns[name]]) for name in central}, len(rows)


def _tried(model: Model, points: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.bool_]]:
    """What was tried, in words -> whether it is finite ``[point]``."""
    found: dict[str, NDArray[np.bool_]] = {}
    if model.form == "strategic":
        payoffs = model.games(points).payoffs
        for place, player in enumerate(model.players):
            found[f"a payoff of {player.name}"] = _finite(payoffs[:, place])
    elif model.form == "extensive":
        trees = model.trees(points)
        found["a payoff or a chance"] = _finite(trees.payoffs) & _finite(trees.chances)
    if model.form != "analytic":
        for name in model.quantities:
            found[f"quantity {name}"] = _finite(model.quantity(name, points))
        for name, measure in model.measures.items():
            formulas = [*([] if measure.formula is None else [measure.formula]), *measure.outcomes.values()]
            each = [_finite(model.quantity(formula, points)) for formula in formulas]
            if each:
                found[f"measure {name}"] = np.logical_and.reduce(each)
    return found


def _finite(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether all values of a point are finite ``[point]``."""
    return np.asarray(np.isfinite(values.reshape(len(values), -1)).all(axis=1))


def _moved(model: Model, points: Mapping[str, NDArray[np.float64]], row: int, ends: int) -> list[str]:
    """The parameters whose values tell a point from the central one; of a draw those that vary, a few."""
    central = model.central()
    moved = [name for name in points if points[name][row] != central[name]]
    return moved if row < ends else moved[:3]
