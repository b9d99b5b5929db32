"""Whose payoffs are known by their order alone, and how do they compare?

The formulas are walked with forms such as ``2 * victory - 1`` in place of numbers: a number for each ranked name, and
one besides. Fixed parameters are numbers; all else is left unknown, and so is what is no such form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.model.evaluation import payoff_array
from gametheory.parameters import PartialOrder

if TYPE_CHECKING:
    from gametheory.expressions import Formula
    from gametheory.model import Model

__all__ = ["Compared", "compared"]

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Compared:
    """A player's payoffs as codes ``[a1, a2, ...]`` that can be compared: groups of an order, or numbers.

    ``ranking`` is the name of the ranking whose order it is; with ``falls`` what stands higher in it pays less. Where
    the payoffs are plain numbers, it is empty, and the largest of them has the code 0. ``words`` names each code.
    """

    ranking: str
    order: PartialOrder
    codes: Codes
    words: tuple[str, ...]
    falls: bool = False

    @cached_property
    def _signs(self) -> list[list[int]]:
        known: list[list[int]] = self.order.comparison().tolist()
        turned = {1: -1, -1: 1, 0: 0, 2: 2} if self.falls else {1: 1, -1: -1, 0: 0, 2: 2}
        return [[turned[sign] for sign in row] for row in known]

    def sign(self, first: int, second: int) -> int:
        """How two codes compare: 1 where the first pays more, -1 less, 0 the same, 2 where the order does not tell."""
        if not self.ranking:
            return (first < second) - (first > second)
        return self._signs[first][second]


def compared(model: Model) -> dict[str, Compared | str]:
    """For each player the comparisons of its payoffs, or in words why the orders alone do not make them.

    They do where every payoff is a number, or each is a name of one ranking, all scaled and shifted alike.
    """
    columns: dict[str, NDArray[np.object_]] = {}
    for name, parameter in model.parameters.items():
        columns[name] = np.empty(1, dtype=object)
        if parameter.law.kind == "ranked":
            columns[name][0] = Form(((name, Fraction(1)),))
        else:
            columns[name][0] = Form((), parameter.exact) if parameter.law.kind == "fixed" else UNKNOWN
    table = payoff_array(model, columns, 1, _evaluate, np.object_)[0]
    return {player.name: _of_player(model, table[place]) for place, player in enumerate(model.players)}


@dataclass(frozen=True)
class Form:
    """Ranked names times numbers, and a number; with ``known`` False it is something else."""

    slopes: tuple[tuple[str, Fraction], ...] = ()
    constant: Fraction = Fraction(0)
    known: bool = True

    @property
    def number(self) -> bool:
        """Whether it is a number, without names."""
        return self.known and not self.slopes


UNKNOWN = Form(known=False)


def _of_player(model: Model, cells: NDArray[np.object_]) -> Compared | str:
    """The comparisons between the cells of one player's payoffs."""
    flat: list[Form] = cells.reshape(-1).tolist()
    if not all(form.known for form in flat):
        return "the payoffs take more than ranked names and fixed numbers, added and multiplied by numbers"
    if all(form.number for form in flat):
        return _of_numbers(cells)
    if (
        not all(len(form.slopes) == 1 for form in flat)
        or len({(form.slopes[0][1], form.constant) for form in flat}) > 1
    ):
        return "the payoffs are not single names, all scaled and shifted alike"
    used = {name for form in flat for name, _ in form.slopes}
    rankings = [ranking for ranking in model.rankings.values() if used.intersection(ranking.names)]
    if len(rankings) > 1:
        return f"the payoffs are names of several rankings: {', '.join(ranking.name for ranking in rankings)}"
    order, falls = rankings[0].order, flat[0].slopes[0][1] < 0
    codes = np.array([order.group(form.slopes[0][0]) for form in flat], dtype=np.int64).reshape(cells.shape)
    return Compared(rankings[0].name, order, codes, tuple(" = ".join(group) for group in order.groups), falls)


def _of_numbers(cells: NDArray[np.object_]) -> Compared:
    """The comparisons between plain numbers."""
    numbers = [form.constant for form in cells.reshape(-1).tolist()]
    distinct = sorted(set(numbers), reverse=True)
    place = {number: code for code, number in enumerate(distinct)}
    codes = np.array([place[number] for number in numbers], dtype=np.int64).reshape(cells.shape)
    return Compared("", PartialOrder((), ()), codes, tuple(map(str, distinct)))


def _evaluate(formula: Formula, values: Mapping[str, Any]) -> NDArray[np.object_]:
    """The value of a formula in forms."""
    value = _walk(formula.tree, values)
    if isinstance(value, np.ndarray):
        return value
    single = np.empty((), dtype=object)
    single[()] = value
    return single


def _walk(tree: tuple[Any, ...], values: Mapping[str, Any]) -> Any:
    """Value of a formula's tree, element by element of the arrays in ``values``."""
    kind = tree[0]
    if kind == "name":
        return values[tree[1]]
    if kind == "number":
        return Form((), tree[1])
    if kind == "**":
        return np.frompyfunc(_power, 2, 1)(_walk(tree[1], values), tree[2])
    branches = [_walk(branch, values) for branch in tree[1:]]
    if kind in ("min", "max"):
        value, pair = branches[0], np.frompyfunc(OPERATIONS[kind], 2, 1)
        for other in branches[1:]:
            value = pair(value, other)
        return value
    operation = OPERATIONS.get(kind, lambda *_: UNKNOWN)
    return np.frompyfunc(operation, len(branches), 1)(*branches)


def _plus(first: Form, second: Form) -> Form:
    if not (first.known and second.known):
        return UNKNOWN
    slopes = dict(first.slopes)
    for name, slope in second.slopes:
        slopes[name] = slopes.get(name, Fraction(0)) + slope
    kept = tuple(sorted((name, slope) for name, slope in slopes.items() if slope))
    return Form(kept, first.constant + second.constant)


def _times(first: Form, second: Form) -> Form:
    if not (first.known and second.known) or (first.slopes and second.slopes):
        return UNKNOWN
    form, factor = (first, second.constant) if second.number else (second, first.constant)
    kept = tuple((name, slope * factor) for name, slope in form.slopes) if factor else ()
    return Form(kept, form.constant * factor)


def _minus(first: Form, second: Form) -> Form:
    return _plus(first, _times(second, Form((), Fraction(-1))))


def _divided(first: Form, second: Form) -> Form:
    if not second.number or not second.constant:
        return UNKNOWN
    return _times(first, Form((), 1 / second.constant))


def _power(base: Form, power: int) -> Form:
    if power == 1:
        return base
    if not base.number or (power < 0 and not base.constant):
        return UNKNOWN
    return Form((), base.constant**power)


def _sign(first: Form, second: Form) -> int | None:
    """The sign of a difference, where it is a number."""
    difference = _minus(first, second)
    if not difference.number:
        return None
    return (difference.constant > 0) - (difference.constant < 0)


def _chosen(sign: int | None, first: Form, second: Form) -> Form:
    """The first where the sign is not negative, else the second."""
    return UNKNOWN if sign is None else first if sign >= 0 else second


def _tested(test: Callable[[int], bool]) -> Callable[[Form, Form], Form]:
    """A comparison of two forms, 1 where it holds and 0 where not; unknown where it depends on the names."""

    def holds(first: Form, second: Form) -> Form:
        sign = _sign(first, second)
        return UNKNOWN if sign is None else Form((), Fraction(test(sign)))

    return holds


def _where(holds: Form, first: Form, second: Form) -> Form:
    if not holds.known:
        return first if first == second else UNKNOWN
    return first if holds.constant else second


def _largest(first: Form, second: Form) -> Form:
    return _chosen(_sign(first, second), first, second)


def _smallest(first: Form, second: Form) -> Form:
    return _chosen(_sign(second, first), first, second)


def _negative(form: Form) -> Form:
    return _minus(Form(), form)


OPERATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "negative": _negative,
        "+": _plus,
        "-": _minus,
        "*": _times,
        "/": _divided,
        "<": _tested(lambda sign: sign < 0),
        "<=": _tested(lambda sign: sign <= 0),
        ">": _tested(lambda sign: sign > 0),
        ">=": _tested(lambda sign: sign >= 0),
        "min": _smallest,
        "max": _largest,
        "abs": lambda form: _largest(form, _negative(form)),
        "where": _where,
        "clip": lambda form, low, high: _smallest(_largest(form, low), high),
    }
)
