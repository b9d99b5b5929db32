"""What about the answers of many draws can be driven: the set of equilibria, its bounds, a measure, a claim?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.study import FAILED, Answered, EquilibriumClass, Profile, is_pure

__all__ = ["Driven", "driven", "everywhere", "membership", "somewhere"]

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
Met: TypeAlias = tuple[EquilibriumClass, ...]  # the classes that one draw meets over the points of the intervals
Marked = Callable[[Met], bool]


@dataclass(frozen=True, eq=False)
class Driven:
    """One question about every row: a set, its number ``sets[row]`` with the members ``table[set]``, or a value.

    ``values`` is ``float64[row]``, not a number where a game has none, and None for sets.
    """

    order: str
    over: str
    sets: IntArray
    table: BoolArray
    values: FloatArray | None = None


def driven(answers: Answered) -> Iterator[Driven]:
    """Every question that the answers can be asked, order by order, then the claims under their own orders."""
    for order in answers.classes:
        sets, met = membership(answers, order)
        for over, marks in _questions(met).items():
            table = np.array([[mark(one) for mark in marks] for one in met], dtype=np.bool_)
            yield Driven(order, over, sets, table.reshape(len(met), len(marks)))
        for name, (values, _) in answers.measures[order].items():
            for place, end in enumerate(("lower", "upper")):
                finite = np.where(np.isfinite(values[:, place]), values[:, place], np.nan)
                yield Driven(order, f"measure {name} {end}", sets, np.empty((0, 0), dtype=np.bool_), finite)
    for name, codes in answers.claims.items():
        one_of_each = np.eye(FAILED + 1, dtype=np.bool_)
        yield Driven(answers.model.claims[name].order, f"claim {name}", codes.astype(np.int64), one_of_each)


def membership(answers: Answered, order: str) -> tuple[IntArray, list[Met]]:
    """The number of each row's set of classes, ``int64[row]``, and the sets: one class each, without intervals."""
    numbers, table = answers.classes[order]
    if numbers.shape[1] == 1:
        return numbers[:, 0].astype(np.int64), [(entry,) for entry in table]
    marked = np.zeros((len(numbers), len(table)), dtype=np.bool_)
    for column in numbers.T:
        marked[np.arange(len(numbers)), column] = True
    packed, sets = np.unique(np.packbits(marked, axis=1), axis=0, return_inverse=True)
    rows = np.unpackbits(packed, axis=1, count=len(table))
    return sets.reshape(-1), [tuple(table[place] for place in np.flatnonzero(row)) for row in rows]


def somewhere(profile: Profile) -> Marked:
    """Whether a profile is one of the equilibria, at some point of the intervals at least."""
    return lambda met: any(profile in entry.profiles for entry in met)


def everywhere(profile: Profile) -> Marked:
    """Whether a profile is one of the equilibria, at every point of the intervals."""
    return lambda met: all(profile in entry.profiles for entry in met)


def _questions(met: Sequence[Met]) -> dict[str, list[Marked]]:
    """The indicators of each question about sets of equilibria: what is asked of the classes that a draw meets."""
    profiles = sorted({profile for one in met for entry in one for profile in entry.profiles})
    unsolved = [_has("failed"), _has("partial")]
    both = [somewhere, everywhere] if any(len(one) > 1 for one in met) else [somewhere]
    return {
        "pure profiles": [mark(one) for one in profiles if is_pure(one) for mark in both] + unsolved,
        "supports": [mark(one) for one in profiles for mark in both] + unsolved,
        "number of equilibria": [_is_counted(count) for count in sorted({_counts(one) for one in met})],
        "lower probability": [_is_only(profile) for profile in profiles],
        "upper probability": [somewhere(profile) for profile in profiles],
    }


def _has(status: str) -> Marked:
    """Whether a game has this status, at some point of the intervals at least."""
    return lambda met: any(entry.status == status for entry in met)


def _is_only(profile: Profile) -> Marked:
    """Whether a profile is proved to be the only equilibrium, at every point of the intervals."""
    only = EquilibriumClass("solved", (profile,))
    return lambda met: all(entry == only for entry in met)


def _is_counted(count: tuple[int, ...]) -> Marked:
    """Whether the numbers of equilibria are these."""
    return lambda met: _counts(met) == count


def _counts(met: Met) -> tuple[int, ...]:
    """The numbers of profiles in equilibrium that a draw meets; -1 where the list may lack some or the game failed."""
    return tuple(sorted({len(entry.profiles) if entry.status == "solved" else -1 for entry in met}))
