"""How do payoffs change with each parameter: by what slope, and in a straight line or not?

Formulas are evaluated on *jets*: along the axis that elsewhere counts games stand the value and then its slope in each
parameter, and every operation applies its rule of differentiation (forward automatic differentiation, Wengert 1964).
Slopes are exact: fractions where the payoffs are, else correct up to the rounding of the operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.provenance import changed_values
from gametheory.errors import InputError
from gametheory.expressions.grammar import IRRATIONAL
from gametheory.expressions.special import binormal, normal, normal_density
from gametheory.model.evaluation import CELLS_IN_BLOCK, payoff_array

if TYPE_CHECKING:
    from gametheory.expressions import Formula
    from gametheory.model import Model

__all__ = ["degrees", "exact_values", "payoff_slopes"]

AnyArray = NDArray[Any]
Operation = Callable[..., Any]
Evaluator = Callable[["Formula", Mapping[str, Any]], AnyArray]


def payoff_slopes(
    model: Model, values: Mapping[str, Any], names: Sequence[str], *, exact: bool = False
) -> tuple[AnyArray, AnyArray]:
    """Payoffs ``[player, a1, a2, ...]`` at one point and their slopes ``[parameter, player, a1, a2, ...]``.

    With ``exact``, for models whose payoffs are rational and ``values`` that are fractions, both hold fractions; a
    division by zero then raises ZeroDivisionError. In doubles it gives infinities and NaN. At a corner of ``min``,
    ``max``, ``abs``, ``where`` or ``clip`` the slope is that of one of the two sides. Raises InputError where one game
    has too many profiles.
    """
    cells = int(np.prod([len(player.actions) for player in model.players]))
    at_once = CELLS_IN_BLOCK // cells - 1
    if at_once < 1:
        raise InputError(f"slopes of a game of {cells} profiles, expected at most {CELLS_IN_BLOCK // 2}")
    payoffs: AnyArray = np.empty(0)
    slopes = []
    for start in range(0, max(len(names), 1), at_once):
        jets = _payoff_jets(model, values, names[start : start + at_once], exact=exact)
        payoffs = jets[0]
        slopes.append(jets[1:])
    return payoffs, np.concatenate(slopes)


def exact_values(model: Model, changes: Mapping[str, Any] | None = None) -> dict[str, Fraction]:
    """Every parameter as a fraction: what its text says, unless it is changed; a double stands for itself."""
    return {**{name: parameter.exact for name, parameter in model.parameters.items()}, **changed_values(model, changes)}


def degrees(model: Model, moving: Sequence[str]) -> NDArray[np.float64]:
    """The degree of each payoff as a polynomial in the parameters that move, ``[player, a1, a2, ...]``.

    0 means that it does not move, 1 that it moves in a straight line, infinity that it is no polynomial as it is
    written. An upper bound: terms that cancel are counted.

    >>> from gametheory.reader import load
    >>> degrees(load("reference_involvement"), ["stake_russia"]).max(axis=(1, 2)).tolist()
    [0.0, 1.0]
    """
    columns = {name: np.array([float(name in moving)]) for name in model.parameters}

    def evaluator(formula: Formula, values: Mapping[str, Any]) -> AnyArray:
        return np.asarray(_walk(formula.tree, values, _DEGREES), dtype=np.float64)

    found = payoff_array(model, columns, 1, evaluator, np.float64)[0]
    return np.asarray(found, dtype=np.float64)


def _payoff_jets(model: Model, values: Mapping[str, Any], names: Sequence[str], *, exact: bool) -> AnyArray:
    """Payoffs as jets, ``[value and slopes, player, a1, a2, ...]``."""
    length, dtype = 1 + len(names), np.object_ if exact else np.float64
    zero: Any = Fraction(0) if exact else 0.0
    one: Any = Fraction(1) if exact else 1.0
    columns: dict[str, AnyArray] = {}
    for name in model.parameters:
        column: AnyArray = np.full(length, zero, dtype=dtype)
        column[0] = values[name]
        if name in names:
            column[1 + list(names).index(name)] = one
        columns[name] = column

    def constant(number: Fraction) -> AnyArray:
        jet: AnyArray = np.full((length, *(1,) * len(model.players)), zero, dtype=dtype)
        jet[0] = number if exact else float(number)
        return jet

    operations = MappingProxyType({**_JETS, "number": constant})

    def evaluator(formula: Formula, named: Mapping[str, Any]) -> AnyArray:
        return np.asarray(_walk(formula.tree, named, operations))

    with np.errstate(all="ignore"):
        return payoff_array(model, columns, length, evaluator, dtype)


def _walk(tree: tuple[Any, ...], values: Mapping[str, Any], operations: Mapping[str, Operation]) -> Any:
    """The value of a tree under other operations."""
    kind = tree[0]
    if kind == "name":
        return values[tree[1]]
    if kind == "number":
        return operations[kind](tree[1])
    if kind == "**":
        return operations[kind](_walk(tree[1], values, operations), tree[2])
    return operations[kind](*[_walk(branch, values, operations) for branch in tree[1:]])


def _jet(value: AnyArray, slopes: AnyArray) -> AnyArray:
    """Join a value and its slopes along the first axis."""
    shape = np.broadcast_shapes(value.shape[1:], slopes.shape[1:])
    parts = [np.broadcast_to(part, (len(part), *shape)) for part in (value, slopes)]
    return np.concatenate(parts)


def _product(a: AnyArray, b: AnyArray) -> AnyArray:
    return _jet(a[:1] * b[:1], a[:1] * b[1:] + a[1:] * b[:1])


def _quotient(a: AnyArray, b: AnyArray) -> AnyArray:
    value = a[:1] / b[:1]
    return _jet(value, (a[1:] - value * b[1:]) / b[:1])


def _power(base: AnyArray, power: int) -> AnyArray:
    if power == 0:
        return _jet(base[:1] ** 0, base[1:] * 0)
    if power < 0:
        return _quotient(_jet(base[:1] ** 0, base[1:] * 0), _power(base, -power))
    return _jet(base[:1] ** power, power * base[:1] ** (power - 1) * base[1:])


def _exp(a: AnyArray) -> AnyArray:
    value = np.exp(a[:1])
    return _jet(value, value * a[1:])


def _binormal(a: AnyArray, b: AnyArray, rho: AnyArray) -> AnyArray:
    """The distribution function of two normal variables, with the derivatives of Plackett (1954)."""
    x, y, tied = a[:1], b[:1], rho[:1]
    root = np.sqrt(1.0 - tied * tied)
    to_x = normal_density(x) * normal((y - tied * x) / root)
    to_y = normal_density(y) * normal((x - tied * y) / root)
    to_rho = normal_density(x) * normal_density((y - tied * x) / root) / root
    return _jet(binormal(x, y, tied), to_x * a[1:] + to_y * b[1:] + to_rho * rho[1:])


def _sqrt(a: AnyArray) -> AnyArray:
    value = np.sqrt(a[:1])
    return _jet(value, a[1:] / (2 * value))


def _least(first: AnyArray, *others: AnyArray) -> AnyArray:
    for other in others:
        first = np.where(first[:1] <= other[:1], first, other)
    return first


def _greatest(first: AnyArray, *others: AnyArray) -> AnyArray:
    for other in others:
        first = np.where(first[:1] >= other[:1], first, other)
    return first


_JETS: Mapping[str, Operation] = MappingProxyType(
    {
        "negative": lambda a: -a,
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": _product,
        "/": _quotient,
        "**": _power,
        "<": lambda a, b: a[:1] < b[:1],
        "<=": lambda a, b: a[:1] <= b[:1],
        ">": lambda a, b: a[:1] > b[:1],
        ">=": lambda a, b: a[:1] >= b[:1],
        "min": _least,
        "max": _greatest,
        "abs": lambda a: np.where(a[:1] >= 0, a, -a),
        "exp": _exp,
        "log": lambda a: _jet(np.log(a[:1]), a[1:] / a[:1]),
        "sqrt": _sqrt,
        "where": np.where,
        "clip": lambda a, low, high: _least(_greatest(a, low), high),
        "normal": lambda a: _jet(normal(a[:1]), normal_density(a[:1]) * a[1:]),
        "normal_density": lambda a: _jet(normal_density(a[:1]), -a[:1] * normal_density(a[:1]) * a[1:]),
        "binormal": _binormal,
    }
)


def _larger(first: AnyArray, *others: AnyArray) -> AnyArray:
    for other in others:
        first = np.maximum(first, other)
    return first


def _still(*arguments: AnyArray) -> AnyArray:
    """0 where nothing inside moves, else no polynomial."""
    return np.asarray(np.where(_larger(*arguments) == 0.0, 0.0, np.inf))


def _power_degree(base: AnyArray, power: int) -> AnyArray:
    if power <= 0:
        return _still(base) if power else np.zeros_like(base)
    return np.asarray(base * power)


_DEGREES: Mapping[str, Operation] = MappingProxyType(
    {
        "number": lambda _: np.zeros(()),
        "negative": lambda a: a,
        "+": np.maximum,
        "-": np.maximum,
        "*": np.add,
        "/": lambda a, b: a + _still(b),
        "**": _power_degree,
        **dict.fromkeys(("<", "<=", ">", ">=", "min", "max", "abs", "clip", *IRRATIONAL), _still),
        "where": lambda held, a, b: held + np.maximum(a, b),
    }
)
