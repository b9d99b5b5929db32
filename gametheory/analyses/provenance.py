"""Where does a frame come from, and under which assumptions do its numbers hold?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.model.designs import exact_columns
from gametheory.study import solvable_orders
from gametheory.version import __version__

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.solutions import Certificate

__all__ = ["attributes", "changed_values", "known_parameter", "orders_of", "values_used", "verdict_words"]

LARGEST = Fraction(float(np.finfo(np.float64).max))  # doubles end here


def attributes(model: Model, notes: Sequence[str], **more: Any) -> dict[str, Any]:
    """The attributes that every frame carries: the model, its digest, the version, notes, and what else matters."""
    return {"model": model.title, "digest": model.digest, "version": __version__, "notes": list(notes), **more}


def orders_of(model: Model, order: str) -> tuple[str, ...]:
    """The orders of play meant by ``order``: one of the model's, or ``"all"``; raises UnknownNameError for others.

    Where a model has one order alone, whatever its name, ``"simultaneous"`` means that one too.
    """
    if order == "all" or (order == "simultaneous" and len(model.orders) == 1):
        return solvable_orders(model)
    if order not in model.orders:
        known = (*model.orders, "all")
        raise UnknownNameError(
            f"no order of play {order!r}; expected one of {', '.join(known)}{did_you_mean(order, known)}"
        )
    return (order,)


def known_parameter(model: Model, name: str) -> str:
    """The name itself; raises UnknownNameError where the model has no such parameter."""
    if name not in model.parameters:
        raise UnknownNameError(
            f"no parameter named {name!r}; expected one of {', '.join(model.parameters)}"
            f"{did_you_mean(name, model.parameters)}"
        )
    return name


def values_used(model: Model, changes: Mapping[str, Any] | None = None) -> dict[str, float]:
    """Every parameter's value: the central one unless it is changed; raises as `changed_values` does."""
    return {**model.central(), **{name: float(value) for name, value in changed_values(model, changes).items()}}


def changed_values(model: Model, changes: Mapping[str, Any] | None = None) -> dict[str, Fraction]:
    """The values given for some parameters as fractions: numbers, or text such as ``"0.1"`` and ``"1/3"``.

    Raises UnknownNameError for a name that is no parameter, InputError for what is not one finite number.
    """
    return {known_parameter(model, name): _number(model, name, value) for name, value in (changes or {}).items()}


def _number(model: Model, name: str, value: Any) -> Fraction:
    """One value as a fraction, also where NumPy holds it."""
    column = np.empty(1, dtype=object)
    column[0] = value.item() if isinstance(value, np.generic | np.ndarray) and value.ndim == 0 else value
    columns = exact_columns({name: model.parameters[name]}, {name: column})
    if columns is None or abs(columns[name][0]) > LARGEST:
        raise InputError(f"{name}: {value!r} is not finite; expected a finite number or text such as '0.02' or '1/50'")
    number: Fraction = columns[name][0]
    return number


def verdict_words(certificate: Certificate) -> str:
    """The verdict on one game, with its reason where there is one."""
    return f"{certificate.verdict}{': ' * bool(certificate.reason)}{certificate.reason}"
