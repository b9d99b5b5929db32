"""Which numbers can names have of which only the order is known, and how are they drawn?

Every assignment of values from low to high that agrees with the order is equally likely: the law is uniform on the
order polytope. A draw of it is a random complete order of the groups, each equally likely, with sorted uniform numbers.
Complete orders are counted exactly, over the sets that with each group hold all groups below it (Stanley 1986, Discrete
and Computational Geometry 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.parameters.copula import within_unit
from gametheory.parameters.laws import Law
from gametheory.parameters.orders import Chain, PartialOrder, order_of
from gametheory.parameters.parameter import Parameter
from gametheory.parameters.quantiles import FloatArray

__all__ = ["MOST_SETS", "Ranking", "complete_orders", "count_completions", "counted_sets", "range_fault", "ranking"]

MOST_SETS = 2**16  # sets closed downwards; 16 names that nothing compares have so many
NARROWEST = 2.0**-30  # width of the range against its ends; in a narrower one doubles hardly tell values apart

Sets = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Ranking:
    """Names of which only the order is known, each between `low` and `high`, with where that comes from.

    It is a block of a joint law: `columns` are its uniform columns, one a group of equal names. The first gives the
    largest value and, where the order leaves several groups for the first place, which of them it is; the second the
    next largest below it, and so on. Different groups have different values but for rounding.

    >>> sides = ranking("war_aims", [["win", ["truce", "talks"], "lose"]])
    >>> sides.columns, {name: str(sides.mean(name)) for name in sides.names}
    (('war_aims[1]', 'war_aims[2]', 'war_aims[3]'), {'win': '3/4', 'talks': '1/2', 'truce': '1/2', 'lose': '1/4'})
    """

    name: str
    order: PartialOrder
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(1)
    unit: str = ""
    meaning: str = ""
    source: str = ""
    mark: str = "A"
    date: str = ""
    url: str = ""
    quote: str = ""

    def __post_init__(self) -> None:
        """Check the range and count the complete orders."""
        if fault := range_fault(self.low, self.high):
            raise InputError(f"ranking {self.name!r}: {fault}")
        _counts(self.order)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that it gives, group by group, better ones first where they are compared."""
        return self.order.names

    @property
    def columns(self) -> tuple[str, ...]:
        """Its uniform columns; no parameter can be called so."""
        return tuple(f"{self.name}[{place}]" for place in range(1, len(self.order.groups) + 1))

    @property
    def completions(self) -> int:
        """How many complete orders of the groups agree with what is known."""
        return count_completions(self.order)

    def describe(self) -> str:
        """The order in words, best first: what stands above what with nothing between, and what nothing compares.

        >>> ranking("aims", [["win", ["truce", "talks"]], ["win", "wait"], ["sit"]]).describe()
        'win > talks = truce; win > wait; sit'
        """
        words = [" = ".join(group) for group in self.order.groups]
        if self.order.total:
            return " > ".join(words)
        steps = self.order.steps
        alone = [word for group, word in enumerate(words) if not any(group in step for step in steps)]
        return "; ".join([*(f"{words[better]} > {words[worse]}" for better, worse in steps), *alone])

    def places(self, name: str) -> tuple[Fraction, ...]:
        """The chance that a name has each place among the groups, the worst place first."""
        return _counts(self.order).places[self.order.group(name)]

    def mean(self, name: str) -> Fraction:
        """The mean of the values that a name can have: a share of the range, by its mean place."""
        places = self.places(name)
        mean_place = sum(number * chance for number, chance in enumerate(places, start=1))
        return self.low + (self.high - self.low) * mean_place / (len(places) + 1)

    def law(self, name: str) -> Law:
        """The law of one name taken by itself; it does not say that others stand above or below it."""
        return Law("ranked", low=float(self.low), high=float(self.high), places=list(map(float, self.places(name))))

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The names as parameters, their means as central values."""
        origin = {"unit": self.unit, "source": self.source, "mark": self.mark}
        more = {"date": self.date, "url": self.url, "quote": self.quote}
        return tuple(
            Parameter(name, float(mean), str(mean), self.law(name), meaning=self._meaning(name), **origin, **more)
            for name, mean in ((name, self.mean(name)) for name in self.names)
        )

    def points(self, uniforms: FloatArray) -> dict[str, FloatArray]:
        """Its parameters, each ``float64[count]``, from ``float64[count, column]`` strictly between 0 and 1."""
        low, high = float(self.low), float(self.high)
        values = np.clip(low + (high - low) * _counts(self.order).draw(uniforms), low, high)
        return {name: values[:, number].copy() for number, group in enumerate(self.order.groups) for name in group}

    def _meaning(self, name: str) -> str:
        """What one name stands for."""
        return f"{name} in the order {self.name}" + (f": {self.meaning}" if self.meaning else "")


@dataclass(frozen=True, eq=False)
class _Counts:
    """The sets of groups that hold with each group all below it, smallest first, and how draws go through them.

    From a set the next group down is one of `heads[set]`; without it `follows[set]` is left. The complete orders that
    go on with it take the part of the unit interval between two neighbouring `edges[set]`. Rows are filled up at the
    end with what is never drawn.
    """

    sets: Sets
    completions: int
    places: tuple[tuple[Fraction, ...], ...]
    edges: FloatArray
    heads: NDArray[np.int64]
    follows: NDArray[np.int64]

    def draw(self, uniforms: FloatArray) -> FloatArray:
        """Values between 0 and 1, ``float64[count, group]``, from uniform numbers of the same shape.

        The largest of n sorted uniform numbers below x is x times the n-th root of one uniform number. That number is
        what is left of a column's own when it has chosen the group.
        """
        count, groups = uniforms.shape
        rows, values = np.arange(count), np.empty((count, groups))
        state = np.full(count, len(self.sets) - 1)
        below = np.ones(count)
        for place in range(groups):
            column, edges = uniforms[:, place], self.edges[state]
            choice = (edges[:, 1:-1] <= column[:, np.newaxis]).sum(axis=1)
            start, end = edges[rows, choice], edges[rows, choice + 1]
            left = within_unit((column - start) / (end - start))
            below = below * left ** (1.0 / (groups - place))
            values[rows, self.heads[state, choice]] = below
            state = self.follows[state, choice]
        return values


def ranking(name: str, chains: Sequence[Chain], **more: Any) -> Ranking:
    """The ranking that chains tell, each from the best to the worst; see `Ranking` for the rest.

    Raises `InputError` where the chains contradict themselves, leave too much open, or the range is empty.
    """
    return Ranking(name, order_of(chains), **more)


def range_fault(low: Fraction, high: Fraction) -> str:
    """What is wrong with the range of a ranking, or nothing.

    >>> range_fault(Fraction(1), Fraction(1)), range_fault(Fraction(0), Fraction(1))
    ('low 1 is not clearly below high 1', '')
    """
    enough = high - low > NARROWEST * max(abs(low), abs(high))
    return "" if enough else f"low {float(low):g} is not clearly below high {float(high):g}"


def counted_sets(order: PartialOrder) -> Sets:
    """All sets of groups that hold with each group all below it, as sorted tuples, smaller sets first.

    Raises `InputError` where there are more than `MOST_SETS`.

    >>> counted_sets(order_of([["a", "b"], ["c"]]))
    ((), (1,), (2,), (0, 1), (1, 2), (0, 1, 2))
    """
    over = _above_each(order)
    level: set[int] = {(1 << len(order.groups)) - 1}
    found: list[list[int]] = []
    while level:
        found.append(sorted(level))
        if sum(map(len, found)) > MOST_SETS:
            message = f"the order leaves too much open to be counted (more than {MOST_SETS} sets of names)"
            raise InputError(f"{message}; compare more of the names, or split them into several rankings")
        level = {left & ~(1 << group) for left in level for group in _heads(left, over)}
    return tuple(sorted((tuple(_members(left)) for own in found for left in own), key=lambda own: (len(own), own)))


def count_completions(order: PartialOrder) -> int:
    """How many complete orders of the groups agree with what is known; errors as in `counted_sets`.

    >>> count_completions(order_of([["a", "b"], ["c", "d"]]))
    6
    """
    return _counts(order).completions


def complete_orders(order: PartialOrder) -> Iterator[tuple[int, ...]]:
    """Every complete order of the groups that agrees with what is known: the group numbers, best first.

    >>> list(complete_orders(order_of([["a", "b"], ["c"]])))
    [(0, 1, 2), (0, 2, 1), (2, 0, 1)]
    """
    counts = _counts(order)
    return _complete(counts, len(counts.sets) - 1)


@lru_cache(maxsize=64)
def _counts(order: PartialOrder) -> _Counts:
    """Count the complete orders below and above each set, and with them the places of each group."""
    sets, over, size = counted_sets(order), _above_each(order), len(order.groups)
    number = {sum(1 << group for group in members): place for place, members in enumerate(sets)}
    heads = [_heads(left, over) for left in number]
    follows = [[number[left & ~(1 << group)] for group in own] for left, own in zip(number, heads, strict=True)]
    below = [1] * len(sets)  # complete orders of the groups in a set
    for place in range(1, len(sets)):
        below[place] = sum(below[after] for after in follows[place])
    above = [0] * (len(sets) - 1) + [1]  # ways down to a set
    places = [[0] * size for _ in range(size)]
    for place in range(len(sets) - 1, 0, -1):
        for group, after in zip(heads[place], follows[place], strict=True):
            above[after] += above[place]
            places[group][len(sets[place]) - 1] += above[place] * below[after]
    widest = max(map(len, heads))
    edges = np.ones((len(sets), widest + 1))
    for place, own in enumerate(follows):
        total = 0
        for choice, after in enumerate(own):
            edges[place, choice] = total / below[place]
            total += below[after]
    chances = tuple(tuple(Fraction(ways, below[-1]) for ways in row) for row in places)
    return _Counts(sets, below[-1], chances, edges, _filled(heads, widest), _filled(follows, widest))


def _complete(counts: _Counts, state: int) -> Iterator[tuple[int, ...]]:
    """Every complete order of the groups in a set."""
    if not counts.sets[state]:
        yield ()
        return
    for group, after in zip(counts.heads[state].tolist(), counts.follows[state].tolist(), strict=True):
        if group >= 0:
            yield from ((group, *rest) for rest in _complete(counts, after))


def _filled(rows: Sequence[Sequence[int]], width: int) -> NDArray[np.int64]:
    """Rows of different lengths as one array, -1 behind their ends."""
    return np.array([[*row, *[-1] * (width - len(row))] for row in rows], dtype=np.int64).reshape(len(rows), width)


def _above_each(order: PartialOrder) -> list[int]:
    """For each group the set of those above it, as bits."""
    over = [0] * len(order.groups)
    for better, worse in order.above:
        over[worse] |= 1 << better
    return over


def _heads(members: int, over: Sequence[int]) -> list[int]:
    """The groups of a set above which none of the set stands."""
    return [group for group in _members(members) if not over[group] & members]


def _members(bits: int) -> Iterator[int]:
    """The groups in a set that is given as bits."""
    return (group for group in range(bits.bit_length()) if bits >> group & 1)
