"""Does the compiled backward induction agree with masks over whole arrays, and with its certifier?"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from gametheory.games import Games, strategic
from gametheory.kernels.paths_of_play import STRONG, WEAK, paths_of_play
from gametheory.kernels.payoffs import as_good
from gametheory.kernels.weighing import leader_values
from gametheory.solvers import leader as solver, solve
from gametheory.solvers.leader import as_leader, marked_paths

SHAPES = [(2, 2), (3, 2), (1, 4), (4, 1), (5, 5), (3, 7)]


def games(shape: tuple[int, int], ties: str, count: int = 400) -> Games:
    """Random games: without ties, with many, or with payoffs that only rounding sets apart."""
    generator = np.random.default_rng(sum(shape))
    size = (count, 2, *shape)
    if ties == "none":
        return strategic(generator.normal(size=size))
    payoffs = generator.integers(-2, 3, size=size).astype(np.float64)
    if ties == "rounding":
        payoffs *= 1.0 + generator.integers(-30, 31, size=size) * 1e-15
    return strategic(payoffs)


@pytest.mark.parametrize("leader", [0, 1])
@pytest.mark.parametrize("ties", ["none", "many", "rounding"])
@pytest.mark.parametrize("shape", SHAPES)
def test_compiled_paths_equal_masks_over_whole_arrays(shape: tuple[int, int], ties: str, leader: int) -> None:
    batch = games(shape, ties)

    game, first, second, rule, finite = paths_of_play(batch.payoffs, leader)

    strong, weak = marked_paths(*as_leader(batch.payoffs, leader), as_good)
    expected = strong * STRONG + weak * WEAK
    places = np.nonzero(expected)
    assert finite.all()
    assert np.array_equal([game, first, second], places)
    assert np.array_equal(rule, expected[places])


def test_a_game_that_is_not_finite_has_no_path_and_leaves_the_others_alone() -> None:
    whole = games((3, 4), "many")
    payoffs = whole.payoffs.copy()
    payoffs[::3, 0, 0, 0], payoffs[1::7, 1, 2, 3] = np.nan, np.inf
    broken = np.logical_not(np.isfinite(payoffs).all(axis=(1, 2, 3)))

    for leader in (0, 1):
        known, found = paths_of_play(whole.payoffs, leader), paths_of_play(payoffs, leader)
        kept = ~broken[known[0]]
        assert np.array_equal(found[4], ~broken)
        for expected, column in zip(known[:4], found[:4], strict=True):
            assert np.array_equal(column, expected[kept])


@pytest.mark.parametrize("leader", [0, 1])
def test_a_leader_secures_what_enumeration_finds(leader: int) -> None:
    batch = games((3, 4), "many", count=100)
    own, its = as_leader(batch.payoffs, leader)

    values, size = leader_values(batch.payoffs, leader, 1e-14)

    for g in range(len(batch)):
        replies = [[j for j in range(own.shape[2]) if its[g, i, j] == its[g, i].max()] for i in range(own.shape[1])]
        assert values[g, 0] == max(max(own[g, i, j] for j in row) for i, row in enumerate(replies))
        assert values[g, 1] == max(min(own[g, i, j] for j in row) for i, row in enumerate(replies))
        assert size[g] == np.abs(own[g]).max()


def test_a_path_that_the_solver_should_not_have_listed_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = games((3, 3), "none", count=50)
    right = solve(batch, order="player_1")

    def second_best(played: Games, leader: int) -> solver.Paths:
        own, its = as_leader(played.payoffs, leader)
        reply = its.argmax(axis=2)
        action = np.take_along_axis(own, reply[:, :, np.newaxis], 2)[:, :, 0].argsort(axis=1)[:, -2]
        every: NDArray[np.int64] = np.arange(len(played))
        return solver.Paths(every, action, reply[every, action], np.full(len(played), 3), played.finite)

    monkeypatch.setattr(solver, "_paths", second_best)
    wrong = solve(batch, order="player_1")

    assert set(right.certificates.verdict) == {"complete"}
    assert set(wrong.certificates.verdict) == {"failed"}
    assert (wrong.regret > 0).all()
