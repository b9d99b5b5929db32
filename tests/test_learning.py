"""Does learning, seen through nashpy, drift where theory says it must?"""

from __future__ import annotations

import numpy as np
import pytest

from gametheory.errors import InputError, UnknownNameError
from gametheory.solvers.evolution import evolution
from gametheory.solvers.learning import learn
from tests.library import LITERATURE, batch, oneill, random_games

HAWK_DOVE = [[[0, 3], [1, 2]], [[0, 1], [3, 2]]]


def test_fictitious_play_of_a_zero_sum_game_drifts_to_its_equilibrium() -> None:
    # Robinson 1951, Annals of Mathematics 54
    found = learn(batch(oneill()), rounds=8_000, seed=3)

    for own in found.shares:
        assert own.shape == (8_000, 4)
        assert np.allclose(own.sum(axis=1), 1)
        assert own[-1] == pytest.approx([0.2, 0.2, 0.2, 0.4], abs=0.05)


def test_the_past_counts_in_fictitious_play() -> None:
    battle = batch(LITERATURE["battle of the sexes"][0])

    first, second = (learn(battle, rounds=50, start=start).shares[0][-1] for start in ([[9, 0]] * 2, [[0, 9]] * 2))

    assert first.tolist() == [1.0, 0.0]
    assert second.tolist() == [0.0, 1.0]


def test_one_population_settles_at_the_stable_strategy_and_two_at_an_uneven_one() -> None:
    games = batch(HAWK_DOVE)
    stable = evolution(games)

    one = learn(games, by="replicator", rounds=100, start=[[0.1, 0.9]])
    two = learn(games, by="two_populations", rounds=200, start=[[0.4, 0.6], [0.6, 0.4]])

    assert one.shares[0][-1] == pytest.approx(stable.points[stable.ess][0], abs=1e-6)
    assert [own[-1].round(6).tolist() for own in two.shares] == [[0.0, 1.0], [1.0, 0.0]]
    assert one.times[-1] == 100


def test_a_finite_population_ends_alike_and_defectors_take_over() -> None:
    dilemma = batch(LITERATURE["prisoner's dilemma"][0])

    ends = [learn(dilemma, by="moran", rounds=5_000, seed=seed).shares[0][-1].tolist() for seed in range(10)]

    assert sorted({tuple(end) for end in ends}) in ([(0.0, 1.0)], [(0.0, 1.0), (1.0, 0.0)])
    assert ends.count([0.0, 1.0]) >= 7


@pytest.mark.parametrize("by", ["fictitious_play", "moran"])
def test_a_seed_gives_one_trajectory_and_leaves_the_global_generator_alone(by: str) -> None:
    games = batch(HAWK_DOVE)
    np.random.seed(5)  # noqa: NPY002  (nashpy draws from the global generator)
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002

    one, same, other = (learn(games, by=by, rounds=60, seed=seed).shares[0] for seed in (0, 0, 1))

    assert one.tolist() == same.tolist()
    assert one.tolist() != other.tolist()
    assert np.random.random() == expected  # noqa: NPY002


def test_a_trajectory_claims_nothing() -> None:
    certificate = learn(batch(HAWK_DOVE), rounds=1).certificates[0]

    assert certificate.verdict == "partial"
    assert "proves nothing" in certificate.reason


@pytest.mark.parametrize(
    ("payoffs", "options", "error", "words"),
    [
        (HAWK_DOVE, {"by": "replicater"}, UnknownNameError, "did you mean 'replicator'"),
        (HAWK_DOVE, {"rounds": 0}, InputError, "expected at least 1"),
        (HAWK_DOVE, {"start": [[1, 1]]}, InputError, "expected 2 list"),
        (HAWK_DOVE, {"by": "moran", "start": [[1.5, 1]]}, InputError, "whole numbers"),
        (LITERATURE["battle of the sexes"][0], {"by": "moran"}, InputError, "not the same from both sides"),
        ([[[-1, 0], [0, 0]], [[-1, 0], [0, 0]]], {"by": "moran"}, InputError, "none below 0"),
        ([[[np.nan, 0], [0, 0]], [[-1, 0], [0, 0]]], {}, InputError, "finite payoffs"),
    ],
)
def test_what_does_not_fit_is_refused(
    payoffs: object, options: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        learn(batch(payoffs), **options)


def test_more_players_or_games_are_refused() -> None:
    for shape, count in (((2, 2, 2), 1), ((2, 2), 2)):
        with pytest.raises(InputError, match="expected one game of two players"):
            learn(random_games(seed=0, count=count, shape=shape))
