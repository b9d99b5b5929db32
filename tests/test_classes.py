"""Are games put into one class exactly when their equilibria use the same actions?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from gametheory.games import strategic
from gametheory.kernels.grouping import key_sets
from gametheory.solutions import Solutions
from gametheory.solvers import solve
from gametheory.study import EquilibriumClass, classify

KEYS = st.integers(0, 2**64 - 1) | st.integers(0, 5)


def tree_sets(keys: list[list[int]]) -> list[frozenset[int]]:
    """The set of keys of each game as the tree tells it, and each set once."""
    game = np.repeat(np.arange(len(keys)), [len(own) for own in keys])
    node, parent, last = key_sets(len(keys), game, np.array([k for own in keys for k in own], dtype=np.uint64))
    sets: list[frozenset[int]] = [frozenset()]
    for above, key in zip(parent[1:].tolist(), last[1:].tolist(), strict=True):
        assert max(sets[above], default=-1) < key
        sets.append(sets[above] | {key})
    assert len(set(sets)) == len(sets)
    return [sets[place] for place in node]


@given(st.lists(st.lists(KEYS, max_size=6), max_size=30))
def test_games_end_at_one_node_exactly_where_their_keys_are_the_same_set(keys: list[list[int]]) -> None:
    assert tree_sets(keys) == [frozenset(own) for own in keys]


def test_a_tree_of_many_nodes_grows_and_keeps_all_of_them() -> None:
    generator = np.random.default_rng(0)
    keys = [generator.integers(0, 40, size=count).tolist() for count in generator.integers(0, 8, size=5_000)]

    assert tree_sets(keys) == [frozenset(own) for own in keys]


@pytest.mark.parametrize("shape", [(2, 2), (4, 3), (2, 2, 2), (64, 1), (63, 2), (70, 2)])
def test_classes_are_the_sets_of_supports_read_one_by_one(shape: tuple[int, ...]) -> None:
    count = 300 if len(shape) == 2 and max(shape) < 60 else 12
    payoffs = np.random.default_rng(1).integers(0, 4, size=(count, len(shape), *shape)).astype(np.float64)
    payoffs[::5, 0, ...] = np.nan
    solutions = solve(strategic(payoffs), seconds=5)

    numbers, classes = classify(solutions)

    assert list(classes) == sorted(set(classes))
    assert [classes[number] for number in numbers] == [one_by_one(solutions, game) for game in range(count)]
    assert {entry.status for entry in classes} >= {"failed"}


def one_by_one(solutions: Solutions, game: int) -> EquilibriumClass:
    """The class of one game from its own solutions."""
    verdict = solutions.certificates[game].verdict
    own = solutions.of(game)
    profiles = tuple(sorted({own.support(s) for s in range(len(own))}))
    status = verdict if verdict in ("failed", "partial") else "solved"
    return EquilibriumClass(status, () if status == "failed" else profiles)
