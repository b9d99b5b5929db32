"""Which games have the same set of equilibria, and what is that set called?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gametheory.solutions import Solutions

__all__ = [
    "EquilibriumClass",
    "Profile",
    "class_name",
    "classify",
    "classify_used",
    "is_pure",
    "merge",
    "profile_name",
    "profile_names",
]

IntArray = NDArray[np.int64]
Profile = tuple[tuple[int, ...], ...]  # the actions in use, axis by axis: of the players, or of information sets

KEY_BITS = 64  # actions of all players together that fit into one key
STATUSES = ("solved", "partial", "failed")  # partial: the list of equilibria may lack some


class EquilibriumClass(NamedTuple):
    """The games whose equilibria use the same actions: a status and the sorted profiles of actions in use."""

    status: str
    profiles: tuple[Profile, ...]


def classify(solutions: Solutions) -> tuple[IntArray, tuple[EquilibriumClass, ...]]:
    """Class number of each game, ``int64[game]``, and the sorted classes; failed games are a class of their own."""
    key, profile_of = _profile_keys(solutions)
    return _classified(solutions.game, np.asarray(solutions.certificates.verdict), key, profile_of)


def classify_used(
    game: IntArray, verdict: NDArray[np.object_], used: NDArray[np.bool_], sizes: Sequence[int]
) -> tuple[IntArray, tuple[EquilibriumClass, ...]]:
    """The same for solutions of any form: ``used`` is ``bool[solution, label]``, the labels of all axes in one row.

    ``game`` is the game of each solution, ``verdict`` that of each game, ``sizes`` the number of labels of each axis.

    >>> used = np.array([[True, False, True], [False, True, True]])
    >>> numbers, classes = classify_used(np.array([0, 1]), np.array(["complete"] * 2, dtype=object), used, [2, 1])
    >>> numbers.tolist(), [entry.profiles for entry in classes]
    ([0, 1], [(((0,), (0,)),), (((1,), (0,)),)])
    """
    stops = np.cumsum(sizes)[:-1]
    rows, inverse = np.unique(used, axis=0, return_inverse=True)

    def profile(number: int) -> Profile:
        return tuple(tuple(np.flatnonzero(own).tolist()) for own in np.split(rows[number], stops))

    return _classified(game, verdict, inverse.reshape(-1).astype(np.uint64), profile)


def _classified(
    game: IntArray, verdict: NDArray[np.object_], key: NDArray[np.uint64], profile_of: Callable[[int], Profile]
) -> tuple[IntArray, tuple[EquilibriumClass, ...]]:
    """Class number of each game and the classes, from a key for what each solution uses."""
    from gametheory.kernels.grouping import key_sets

    node, parent, last = key_sets(len(verdict), game, key)
    codes = node * len(STATUSES)
    codes[verdict == "partial"] += 1
    codes[verdict == "failed"] += 2
    used = np.flatnonzero(np.bincount(codes))
    place = np.empty(len(STATUSES) * len(parent), dtype=np.int64)
    place[used] = np.arange(len(used))
    table = []
    for number, status in zip(*divmod(used, len(STATUSES)), strict=True):
        profiles = () if STATUSES[status] == "failed" else _profiles(int(number), parent, last, profile_of)
        table.append(EquilibriumClass(STATUSES[status], profiles))
    numbers, classes = merge([(place[codes], tuple(table))])
    return numbers[0], classes


def merge(
    parts: Sequence[tuple[NDArray[np.integer], Sequence[EquilibriumClass]]],
) -> tuple[list[IntArray], tuple[EquilibriumClass, ...]]:
    """Give several tables of classes one numbering, in sorted order, so that the order of the parts leaves no trace.

    >>> calm, war = EquilibriumClass("solved", (((0,), (0,)),)), EquilibriumClass("solved", (((1,), (1,)),))
    >>> numbers, classes = merge([(np.array([0, 0]), [war]), (np.array([1, 0]), [war, calm])])
    >>> [part.tolist() for part in numbers], classes == (calm, war)
    ([[1, 1], [0, 1]], True)
    """
    classes = tuple(sorted({entry for _, table in parts for entry in table}))
    place = {entry: number for number, entry in enumerate(classes)}
    numbers = [np.array([place[entry] for entry in table], dtype=np.int64)[part] for part, table in parts]
    return numbers, classes


def is_pure(profile: Profile) -> bool:
    """Whether one action alone is in use on every axis, or none where it does not matter what is chosen."""
    return all(len(used) <= 1 for used in profile)


def profile_name(profile: Profile, actions: Sequence[Sequence[str]]) -> str:
    """The actions in use: mixed ones are joined by plus signs, axes by commas; ``*`` where any action will do.

    >>> profile_name(((0,), (0, 1)), [("aid", "troops"), ("carry_on", "strike")])
    'aid, carry_on+strike'
    """
    return ", ".join(
        "+".join(own[action] for action in used) or "*" for used, own in zip(profile, actions, strict=True)
    )


def profile_names(entry: EquilibriumClass, actions: Sequence[Sequence[str]]) -> list[str]:
    """The profiles of a class in words, pure ones first."""
    ordered = sorted(entry.profiles, key=lambda profile: (not is_pure(profile), profile))
    return [profile_name(profile, actions) for profile in ordered]


def class_name(entry: EquilibriumClass, actions: Sequence[Sequence[str]]) -> str:
    """All profiles of a class, pure ones first, joined by bars; a failed game is called so."""
    if entry.status == "failed":
        return "failed"
    names = " | ".join(profile_names(entry, actions))
    return names if entry.status == "solved" else f"{names} | others not ruled out" if names else "none found"


def _profile_keys(solutions: Solutions) -> tuple[NDArray[np.uint64], Callable[[int], Profile]]:
    """A key for the actions in use in each solution, and what a key means."""
    sizes = solutions.games.shape
    if sum(sizes) <= KEY_BITS:
        first_bits = [sum(sizes[:player]) for player in range(len(sizes))]
        key = np.zeros(len(solutions), dtype=np.uint64)
        for bit, used in zip(first_bits, solutions.supports, strict=True):
            key |= used << np.uint64(bit)
        return key, lambda number: tuple(_bits(number >> b, m) for b, m in zip(first_bits, sizes, strict=True))
    _, first, inverse = np.unique(np.column_stack(solutions.supports), axis=0, return_index=True, return_inverse=True)
    return inverse.reshape(-1).astype(np.uint64), lambda number: solutions.support(int(first[number]))


def _bits(number: int, count: int) -> tuple[int, ...]:
    """Which of the ``count`` lowest bits are set.

    >>> _bits(0b1101, 3)
    (0, 2)
    """
    return tuple(bit for bit in range(count) if number >> bit & 1)


def _profiles(
    node: int, parent: IntArray, last: NDArray[np.uint64], profile_of: Callable[[int], Profile]
) -> tuple[Profile, ...]:
    """The sorted profiles of the set of keys that ends at a node."""
    found = []
    while node:
        found.append(profile_of(int(last[node])))
        node = int(parent[node])
    return tuple(sorted(found))
