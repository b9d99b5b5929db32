"""Which games have the same set of equilibria, and what is that set called?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gametheory.solutions import Solutions

__all__ = ["EquilibriumClass", "Profile", "class_name", "classify", "is_pure", "merge", "profile_name", "profile_names"]

IntArray = NDArray[np.int64]
Profile = tuple[tuple[int, ...], ...]  # the actions in use, player by player

STATUSES = ("solved", "partial", "failed")  # partial: the list of equilibria may lack some


class EquilibriumClass(NamedTuple):
    """The games whose equilibria use the same actions: a status and the sorted profiles of actions in use."""

    status: str
    profiles: tuple[Profile, ...]


def classify(solutions: Solutions) -> tuple[IntArray, tuple[EquilibriumClass, ...]]:
    """Class number of each game, ``int64[game]``, and the sorted classes; failed games are a class of their own."""
    signature, signatures = solutions.signatures()
    verdict = np.asarray(solutions.certificates.verdict)
    status = np.where(verdict == "failed", 2, np.where(verdict == "partial", 1, 0))
    codes, inverse = np.unique(signature * len(STATUSES) + status, return_inverse=True)
    table = [
        EquilibriumClass(STATUSES[code % 3], () if code % 3 == 2 else _as_profiles(signatures[code // 3]))
        for code in codes.tolist()
    ]
    numbers, classes = merge([(inverse, tuple(table))])
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
    """Whether every player uses one action only."""
    return all(len(used) == 1 for used in profile)


def profile_name(profile: Profile, actions: Sequence[Sequence[str]]) -> str:
    """The actions in use: mixed ones are joined by plus signs, players by commas.

    >>> profile_name(((0,), (0, 1)), [("aid", "troops"), ("carry_on", "strike")])
    'aid, carry_on+strike'
    """
    return ", ".join("+".join(own[action] for action in used) for used, own in zip(profile, actions, strict=True))


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


def _as_profiles(signature: Sequence[Profile]) -> tuple[Profile, ...]:
    """A signature as plain numbers, each profile once: two equilibria may use the same actions."""
    return tuple(sorted({tuple(tuple(int(a) for a in used) for used in profile) for profile in signature}))
