"""Where does a frame come from, and under which assumptions do its numbers hold?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gametheory.errors import UnknownNameError, did_you_mean
from gametheory.study import solvable_orders
from gametheory.version import __version__

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.solutions import Certificate

__all__ = ["attributes", "known_parameter", "orders_of", "values_used", "verdict_words"]


def attributes(model: Model, notes: Sequence[str], **more: Any) -> dict[str, Any]:
    """The attributes that every frame carries: the model, its digest, the version, notes, and what else matters."""
    return {"model": model.title, "digest": model.digest, "version": __version__, "notes": list(notes), **more}


def orders_of(model: Model, order: str) -> tuple[str, ...]:
    """The orders of play meant by ``order``: one of the model's, or ``"all"``; raises UnknownNameError for others."""
    if order == "all":
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
    """Every parameter's value: the central one unless it is changed."""
    from fractions import Fraction

    for name in changes or {}:
        known_parameter(model, name)
    changed = {
        name: float(Fraction(value)) if isinstance(value, str) else float(value)
        for name, value in (changes or {}).items()
    }
    return {**model.central(), **changed}


def verdict_words(certificate: Certificate) -> str:
    """The verdict on one game, with its reason where there is one."""
    return f"{certificate.verdict}{': ' * bool(certificate.reason)}{certificate.reason}"
