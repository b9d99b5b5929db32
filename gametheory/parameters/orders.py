"""Which of several names stand above which, where chains tell only part of it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError

__all__ = ["MOST_NAMES", "Chain", "Fault", "Over", "PartialOrder", "order_faults", "order_of"]

Chain: TypeAlias = Sequence[str | Sequence[str]]
"""Names from the best to the worst; a list in the place of a name holds names of equal value."""

BoolArray: TypeAlias = NDArray[np.bool_]

MOST_NAMES = 100  # in one order; what follows from a comparison is worked out at once, for every pair


class Fault(NamedTuple):
    """What is wrong with chains: the number of the chain, the place in it (and in a tie), and a sentence."""

    place: tuple[int, ...]
    message: str


class Over(NamedTuple):
    """A demand on two groups of an order: that one stands above the other, or (not ``strictly``) not below it."""

    better: int
    worse: int
    strictly: bool


@dataclass(frozen=True)
class PartialOrder:
    """Names in groups of equal value, and which group stands above which.

    The groups stand in one of the orders that agree with what is known, best first: of the groups that may come next,
    the one whose first name is first in the alphabet. So chains that say the same give equal orders. ``above`` holds
    all pairs (better, worse) of group numbers, those that follow from others included, sorted.
    """

    groups: tuple[tuple[str, ...], ...]
    above: tuple[tuple[int, int], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, group by group."""
        return tuple(name for group in self.groups for name in group)

    @property
    def total(self) -> bool:
        """Whether every two groups are compared."""
        return 2 * len(self.above) == len(self.groups) * (len(self.groups) - 1)

    @property
    def steps(self) -> tuple[tuple[int, int], ...]:
        """The pairs (better, worse) with no group known to stand between them; all others follow from these."""
        signs = self.comparison() == 1
        between = signs.astype(np.int64) @ signs.astype(np.int64)
        return tuple(pair for pair in self.above if not between[pair])

    def group(self, name: str) -> int:
        """The number of the group of a name."""
        return next(number for number, group in enumerate(self.groups) if name in group)

    def comparison(self) -> NDArray[np.int8]:
        """``int8[group, group]``: 1 where the first stands above, -1 below, 0 for a group and itself, 2 not known."""
        signs = np.full((len(self.groups),) * 2, 2, dtype=np.int8)
        np.fill_diagonal(signs, 0)
        for better, worse in self.above:
            signs[better, worse], signs[worse, better] = 1, -1
        return signs

    def allows(self, demands: Iterable[Over]) -> bool:
        """Whether the values can meet all demands at once.

        >>> order = order_of([["a", "c"], ["b", "c"]])
        >>> order.allows([Over(0, 1, strictly=True)]), order.allows([Over(2, 0, strictly=False)])
        (True, False)
        """
        relation = _nothing_known(len(self.groups))
        for better, worse, strictly in (*(Over(a, b, strictly=True) for a, b in self.above), *demands):
            relation = _with(relation, better, worse, strictly=strictly)
            if relation.contradictory:
                return False
        return True


@dataclass(frozen=True, eq=False)
class _Relation:
    """Who stands at least as high as whom, and who above whom: ``bool[name, name]``, closed."""

    weak: BoolArray
    strict: BoolArray

    @property
    def contradictory(self) -> bool:
        """Whether something stands above itself."""
        return bool(self.strict.diagonal().any())


def order_of(chains: Sequence[Chain]) -> PartialOrder:
    """The order that chains tell together, with all that follows from them; `InputError` where they contradict.

    >>> order_of([["victory", ["truce", "stalemate"], "defeat"], ["victory", "war"]]).groups
    (('victory',), ('stalemate', 'truce'), ('defeat',), ('war',))
    """
    if wrong := [fault.message for fault in order_faults(chains)]:
        raise InputError("; ".join(wrong))
    names = sorted({name for chain in chains for entry in chain for name in _tied(entry)})
    relation = _nothing_known(len(names))
    place = {name: number for number, name in enumerate(names)}
    for _, better, worse, strictly in _steps(chains):
        relation = _with(relation, place[better], place[worse], strictly=strictly)
    equal = relation.weak & relation.weak.T
    firsts = [number for number in range(len(names)) if not equal[number, :number].any()]
    ordered: list[int] = []
    while len(ordered) < len(firsts):
        left = [number for number in firsts if number not in ordered]
        ordered.append(next(number for number in left if not relation.strict[left, number].any()))
    groups = tuple(tuple(names[other] for other in np.flatnonzero(equal[number]).tolist()) for number in ordered)
    strict = relation.strict[np.ix_(ordered, ordered)]
    return PartialOrder(groups, tuple((a, b) for a, b in np.argwhere(strict).tolist()))


def order_faults(chains: Sequence[Chain]) -> Iterator[Fault]:
    """What makes chains contradict themselves, each with its place; what stands before it counts as right.

    >>> for fault in order_faults([["a", "b"], ["b", "c", "a"]]):
    ...     print(fault.place, fault.message)
    (1, 2) puts 'c' above 'a', which stands above it already
    """
    names = sorted({name for chain in chains for entry in chain for name in _tied(entry)})
    empty = [(at, place) for at, chain in enumerate(chains) for place, entry in enumerate(chain) if not _tied(entry)]
    if empty or len(names) > MOST_NAMES:
        many = f"{len(names)} names in one order; at most {MOST_NAMES} are allowed"
        yield Fault(empty[0], "an empty list; expected names of equal value") if empty else Fault((), many)
        return
    number = {name: place for place, name in enumerate(names)}
    relation = _nothing_known(len(names))
    for where, better, worse, strictly in _steps(chains):
        first, second = number[better], number[worse]
        widened = _with(relation, first, second, strictly=strictly)
        if not widened.contradictory:
            relation = widened
        elif first == second:
            yield Fault(where, f"{worse!r} stands twice in one chain; a name cannot stand above itself")
        elif strictly:
            known = "which stands above it already" if relation.strict[second, first] else "which is its equal already"
            yield Fault(where, f"puts {better!r} above {worse!r}, {known}")
        else:
            high, low = (better, worse) if relation.strict[first, second] else (worse, better)
            yield Fault(where, f"makes {better!r} and {worse!r} equal, but {high!r} stands above {low!r} already")


def _steps(chains: Sequence[Chain]) -> Iterator[tuple[tuple[int, ...], str, str, bool]]:
    """Every comparison that chains make: its place, two names, and whether the first stands above the second."""
    for number, chain in enumerate(chains):
        for at, entry in enumerate(chain):
            for inside, (one, other) in enumerate(pairwise(_tied(entry)), start=1):
                yield (number, at, inside), one, other, False
                yield (number, at, inside), other, one, False
        for at, (upper, lower) in enumerate(pairwise(chain), start=1):
            yield (number, at), _tied(upper)[0], _tied(lower)[0], True


def _tied(entry: str | Sequence[str]) -> tuple[str, ...]:
    return (entry,) if isinstance(entry, str) else tuple(entry)


def _nothing_known(count: int) -> _Relation:
    return _Relation(np.eye(count, dtype=np.bool_), np.zeros((count, count), dtype=np.bool_))


def _with(relation: _Relation, better: int, worse: int, *, strictly: bool) -> _Relation:
    """A closed relation with one more comparison and all that follows from it."""
    weak, strict = relation.weak, relation.strict
    over, under = weak[:, better], weak[worse]
    follows = np.outer(over, under)
    above = np.outer(strict[:, better], under) | np.outer(over, strict[worse])
    return _Relation(weak | follows, strict | above | (follows if strictly else False))
