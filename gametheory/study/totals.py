"""What do the answers of many draws add up to?

Counts and sums alone: they take the same memory for a thousand draws and for a thousand million, and those of two sets
of draws add up to those of both. Sums are kept as fractions, because fractions, unlike floats, add up to the same in
whatever order and grouping the blocks arrive.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.study.blocks import FAILED, Answers
from gametheory.study.classes import EquilibriumClass

__all__ = ["MeasureTotals", "OrderTotals", "Totals", "as_json", "from_json", "joined", "totals_of"]

FloatArray: TypeAlias = NDArray[np.float64]
Sum: TypeAlias = Fraction | float  # a float only where a value is infinite or not a number
Pair: TypeAlias = tuple[Sum, Sum]  # of the lower and of the upper value
Ends: TypeAlias = tuple[float, float]
Met: TypeAlias = tuple[EquilibriumClass, ...]  # the classes that one draw meets, sorted: one, or some over intervals

UNIT = 600  # binary places by which values are made smaller where their squares are beyond the doubles
NOTHING_YET = ((math.inf, math.inf), (-math.inf, -math.inf))  # the least and the most of no values


@dataclass(frozen=True)
class MeasureTotals:
    """The lower and the upper value of one measure over the solved draws: how many, their sums and extremes.

    Pairs are of the lower and the upper value. ``squares`` are the sums of their squares, ``least`` and ``most`` the
    smallest and the largest of each over the draws (infinite where no draw is solved).
    """

    solved: int
    sums: Pair
    squares: Pair
    least: Ends
    most: Ends

    @property
    def mean(self) -> Ends:
        """Mean of the lower and of the upper value over the solved draws, of which there must be some."""
        return (_rounded(self.sums[0] / self.solved), _rounded(self.sums[1] / self.solved))

    @property
    def deviation(self) -> Ends:
        """Standard deviation of the lower and of the upper value over the solved draws."""
        first, second = (self._deviation(end) for end in (0, 1))
        return (first, second)

    def _deviation(self, end: int) -> float:
        total, squares = self.sums[end], self.squares[end]
        if isinstance(total, float) or isinstance(squares, float):
            return math.nan  # a value is infinite
        return _root(max(squares / self.solved - (total / self.solved) ** 2, Fraction(0)))


@dataclass(frozen=True)
class OrderTotals:
    """The answers of all draws under one order of play.

    ``met`` counts the draws by the classes that they meet: one class, or with interval parameters every class that
    occurs at some point of the cover, sorted. There are few such sets, however many the draws. ``verdicts`` counts the
    games, one a draw and cover point; ``measures`` are over the draws without a failed game at any cover point.
    """

    met: Mapping[Met, int]
    verdicts: Mapping[str, int]
    measures: Mapping[str, MeasureTotals]

    @property
    def draws(self) -> int:
        """Number of draws."""
        return sum(self.met.values())

    @property
    def classes(self) -> tuple[EquilibriumClass, ...]:
        """Every class that some draw meets, sorted."""
        return tuple(sorted(set(chain.from_iterable(self.met))))

    def share(self, marked: Iterable[EquilibriumClass], *, everywhere: bool) -> float:
        """Share of the draws that meet marked classes alone, or (not ``everywhere``) one of them at least."""
        chosen = frozenset(marked)
        counted = all if everywhere else any
        return sum(n for met, n in self.met.items() if counted(entry in chosen for entry in met)) / self.draws

    def share_of(self, status: str) -> float:
        """Share of the draws with a class of this status (``solved``, ``partial``, ``failed``) at any cover point."""
        return self.share((entry for entry in self.classes if entry.status == status), everywhere=False)


@dataclass(frozen=True)
class Totals:
    """The answers of all draws: by order of play, and per claim the numbers of NONE, SOME, ALL and FAILED.

    ``tried`` is the number of points that were tried for the draws: more than the draws where constraints refuse some.
    Two are equal where their contents are; the order of the draws leaves no trace.
    """

    draws: int
    tried: int
    orders: Mapping[str, OrderTotals]
    claims: Mapping[str, tuple[int, ...]]


def no_draws(tried: int) -> Totals:
    """The totals of no draws at all, for which so many points were tried; joined to others they change nothing else."""
    return Totals(0, tried, {}, {})


def totals_of(answers: Answers, tried: int | None = None) -> Totals:
    """Add up the answers of one block, for whose draws so many points were ``tried`` (by default, none in vain)."""
    orders = {
        order: OrderTotals(
            _met(numbers, classes),
            dict(sorted(answers.verdicts[order].items())),
            {name: _measured(values) for name, (values, _) in answers.measures[order].items()},
        )
        for order, (numbers, classes) in answers.classes.items()
    }
    claims = {name: tuple(np.bincount(codes, minlength=FAILED + 1).tolist()) for name, codes in answers.claims.items()}
    return Totals(answers.draws, answers.draws if tried is None else tried, orders, claims)


def joined(parts: Sequence[Totals]) -> Totals:
    """The totals of all draws of several totals, which must answer the same orders, measures and claims.

    The result is the same, to the last bit, in whatever order and grouping the parts are joined.
    """
    some = [part for part in parts if part.draws]
    names = some[0] if some else no_draws(0)
    orders = {order: _order_joined([part.orders[order] for part in some]) for order in names.orders}
    claims = {name: tuple(map(sum, zip(*(part.claims[name] for part in some), strict=True))) for name in names.claims}
    return Totals(sum(part.draws for part in parts), sum(part.tried for part in parts), orders, claims)


def as_json(totals: Totals) -> dict[str, Any]:
    """The totals as lists, numbers and texts that JSON can hold; `from_json` gives back equal totals.

    Sums are fractions in words, such as ``"3/8"``; extremes are hexadecimal floats.
    """
    orders = {order: _order_as_json(own) for order, own in totals.orders.items()}
    claims = {name: list(own) for name, own in totals.claims.items()}
    return {"draws": totals.draws, "tried": totals.tried, "orders": orders, "claims": claims}


def from_json(content: Mapping[str, Any]) -> Totals:
    """The totals that `as_json` has written.

    >>> calm = (EquilibriumClass("solved", (((0,), (0, 1)),)),)
    >>> risk = MeasureTotals(3, (Fraction(3, 8), 1), (Fraction(9, 64), 1), (0.1, 0.25), (0.125, 0.75))
    >>> nato = OrderTotals({calm: 4}, {"complete": 4}, {"risk": risk})
    >>> totals = Totals(4, 5, {"nato": nato}, {"holds": (1, 0, 3, 0)})
    >>> from_json(as_json(totals)) == totals
    True
    """
    orders = {order: _order_from_json(own) for order, own in content["orders"].items()}
    claims = {name: tuple(own) for name, own in content["claims"].items()}
    return Totals(content["draws"], content["tried"], orders, claims)


def _met(numbers: NDArray[np.integer], classes: Sequence[EquilibriumClass]) -> dict[Met, int]:
    """How many draws meet which classes, from the class numbers ``[draw, cover point]``."""
    if numbers.shape[1] == 1:
        counts = np.bincount(numbers[:, 0], minlength=len(classes)).tolist()
        return {(entry,): count for entry, count in sorted(zip(classes, counts, strict=True)) if count}
    marked = np.zeros((len(numbers), len(classes)), dtype=np.bool_)
    for column in numbers.T:
        marked[np.arange(len(numbers)), column] = True
    packed, counted = np.unique(np.packbits(marked, axis=1), axis=0, return_counts=True)
    rows = np.unpackbits(packed, axis=1, count=len(classes))
    sets = (tuple(sorted(classes[place] for place in np.flatnonzero(row).tolist())) for row in rows)
    return dict(sorted(zip(sets, counted.tolist(), strict=True)))


def _measured(values: FloatArray) -> MeasureTotals:
    """The totals of ``float64[solved draw, (lower, upper)]``."""
    if not len(values):
        return MeasureTotals(0, (Fraction(0), Fraction(0)), (Fraction(0), Fraction(0)), *NOTHING_YET)
    lower, upper = np.ascontiguousarray(values.T)
    least, most = (lower.min(), upper.min()), (lower.max(), upper.max())
    (s, ss), (t, tt) = _sums(lower, least[0], most[0]), _sums(upper, least[1], most[1])
    return MeasureTotals(len(values), (s, t), (ss, tt), _ends(least), _ends(most))


def _sums(values: FloatArray, least: float, most: float) -> Pair:
    """The sum of some numbers between ``least`` and ``most``, and of their squares.

    Both are summed about the middle, which keeps the digits of the deviations, and moved back in fractions. Values
    whose squares are beyond the doubles are summed in a larger unit.
    """
    with np.errstate(all="ignore"):
        middle = min(max(float(values.mean()), least), most)  # of equal numbers it is that number
        apart = values - middle
        offset, around = float(apart.sum()), float((apart * apart).sum())
    if math.isfinite(around):
        centre, moved = Fraction(middle), Fraction(offset)
        return len(values) * centre + moved, Fraction(around) + 2 * centre * moved + len(values) * centre**2
    endless = values[~np.isfinite(values)]
    if len(endless):
        with np.errstate(invalid="ignore"):
            return float(endless.sum()), float((endless * endless).sum())
    total, squares = _sums(np.ldexp(values, -UNIT), math.ldexp(least, -UNIT), math.ldexp(most, -UNIT))
    return total * Fraction(2) ** UNIT, squares * Fraction(4) ** UNIT


def _rounded(number: Sum) -> float:
    """The nearest double; infinite where the number is beyond them."""
    try:
        return float(number)
    except OverflowError:
        return math.copysign(math.inf, number)


def _root(number: Fraction) -> float:
    """The square root, also of a number beyond the doubles."""
    half = (number.numerator.bit_length() - number.denominator.bit_length()) // 2
    try:
        return math.ldexp(math.sqrt(number / Fraction(4) ** half), half)
    except OverflowError:
        return math.inf


def _ends(pair: Sequence[np.floating] | FloatArray) -> Ends:
    """Two numbers as a tuple."""
    return (float(pair[0]), float(pair[1]))


def _order_joined(parts: Sequence[OrderTotals]) -> OrderTotals:
    """The same order of play over all parts."""
    measures = {name: _measure_joined([part.measures[name] for part in parts]) for name in parts[0].measures}
    met = _added([part.met for part in parts])
    return OrderTotals(met, _added([part.verdicts for part in parts]), measures)


def _measure_joined(parts: Sequence[MeasureTotals]) -> MeasureTotals:
    """The same measure over all parts."""
    return MeasureTotals(
        sum(part.solved for part in parts),
        _pairs_added([part.sums for part in parts]),
        _pairs_added([part.squares for part in parts]),
        _ends(np.min([part.least for part in parts], axis=0)),
        _ends(np.max([part.most for part in parts], axis=0)),
    )


def _pairs_added(pairs: Sequence[Pair]) -> Pair:
    """Sums of the first and of the second entries."""
    return (_added_up([pair[0] for pair in pairs]), _added_up([pair[1] for pair in pairs]))


def _added_up(sums: Sequence[Sum]) -> Sum:
    """One sum of several; beside one that is infinite or not a number, the finite ones make no difference."""
    endless = [part for part in sums if isinstance(part, float)]
    return sum(endless) if endless else sum(sums, Fraction(0))


def _added(counts: Sequence[Mapping[Any, int]]) -> dict[Any, int]:
    """Sums of counts by key, keys sorted."""
    total: dict[Any, int] = {}
    for part in counts:
        for key, count in part.items():
            total[key] = total.get(key, 0) + count
    return dict(sorted(total.items()))


def _order_as_json(own: OrderTotals) -> dict[str, Any]:
    """One order of play; each class is written once and then meant by its number."""
    place = {entry: number for number, entry in enumerate(own.classes)}
    return {
        "classes": [[entry.status, entry.profiles] for entry in own.classes],
        "met": [[[place[entry] for entry in met], count] for met, count in own.met.items()],
        "verdicts": dict(own.verdicts),
        "measures": {name: _measure_as_json(measure) for name, measure in own.measures.items()},
    }


def _measure_as_json(own: MeasureTotals) -> dict[str, Any]:
    """One measure."""
    sums = {"sums": [str(s) for s in own.sums], "squares": [str(s) for s in own.squares]}
    return {"solved": own.solved, **sums, "least": [x.hex() for x in own.least], "most": [x.hex() for x in own.most]}


def _order_from_json(own: Mapping[str, Any]) -> OrderTotals:
    """One order of play."""
    classes = [EquilibriumClass(status, _tuples(profiles)) for status, profiles in own["classes"]]
    met = {tuple(classes[place] for place in places): count for places, count in own["met"]}
    measures = {name: _measure_from_json(measure) for name, measure in own["measures"].items()}
    return OrderTotals(met, dict(own["verdicts"]), measures)


def _measure_from_json(own: Mapping[str, Any]) -> MeasureTotals:
    """One measure."""
    sums, squares = ((_sum(own[name][0]), _sum(own[name][1])) for name in ("sums", "squares"))
    least, most = ((float.fromhex(own[k][0]), float.fromhex(own[k][1])) for k in ("least", "most"))
    return MeasureTotals(own["solved"], sums, squares, least, most)


def _sum(text: str) -> Sum:
    """A sum from its text."""
    return float(text) if text in ("inf", "-inf", "nan") else Fraction(text)


def _tuples(content: Any) -> Any:
    """Nested lists as nested tuples."""
    return tuple(map(_tuples, content)) if isinstance(content, list | tuple) else content
