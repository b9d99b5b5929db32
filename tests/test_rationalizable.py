"""Which actions survive iterated strict dominance, and why did the others go?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog

from gametheory.errors import UnknownNameError
from gametheory.games import Games, strategic
from gametheory.solvers import solve
from gametheory.solvers.rationalizable import is_positive, rationalizable
from tests.library import LITERATURE, batch, random_games

# Gibbons 1992, A Primer in Game Theory, section 1.1.B: right goes, then down, then left
LADDER = [[[1, 1, 0], [0, 0, 2]], [[0, 2, 1], [3, 1, 0]]]


def loss_against_beliefs(table: np.ndarray, action: int, rivals: list[int]) -> float:
    """How much a best reply beats ``action`` by, at the belief that is kindest to it: one program over beliefs."""
    profiles = table.shape[1]
    gains = np.array([table[rival] - table[action] for rival in rivals]).reshape(len(rivals), profiles)
    found = linprog(
        [*[0.0] * profiles, 1.0],
        A_ub=np.hstack([gains, -np.ones((len(rivals), 1))]),
        b_ub=np.zeros(len(rivals)),
        A_eq=[[*[1.0] * profiles, 0.0]],
        b_eq=[1.0],
        bounds=[*[(0, None)] * profiles, (None, None)],
    )
    return float(found.fun)


def survivors_one_at_a_time(payoffs: np.ndarray, generator: np.random.Generator) -> list[list[int]]:
    """Eliminate one action at a time, in any order, by looking for a belief at which it is a best reply."""
    players = payoffs.shape[0]
    left = [list(range(size)) for size in payoffs.shape[1:]]
    going = True
    while going:
        going = False
        places = [(player, action) for player in range(players) for action in left[player]]
        for player, action in generator.permutation(places):
            own = np.moveaxis(payoffs[player][np.ix_(*left)], player, 0).reshape(len(left[player]), -1)
            place = left[player].index(action)
            others = [k for k in range(len(own)) if k != place]
            if others and loss_against_beliefs(own, place, others) > 1e-9:
                left[player].remove(action)
                going = True
                break
    return left


@pytest.mark.parametrize(("shape", "levels"), [((3, 3), 0), ((4, 3), 5), ((5, 4), 0), ((2, 3, 2), 4), ((3, 2, 3), 0)])
def test_survivors_are_the_actions_left_by_programs_over_beliefs_in_any_order(
    shape: tuple[int, ...], levels: int
) -> None:
    games = random_games(seed=11, count=25, shape=shape, levels=levels)
    generator = np.random.default_rng(0)

    found = rationalizable(games)

    for game in range(len(games)):
        expected = survivors_one_at_a_time(games.payoffs[game], generator)
        assert [np.flatnonzero(own[game]).tolist() for own in found.survives] == expected
    assert set(found.certificates.verdict) == {"complete"}


def test_actions_go_in_the_round_in_which_they_are_first_dominated() -> None:
    found = rationalizable(batch(LADDER))

    assert [own.tolist() for own in found.round] == [[[0, 2]], [[3, 0, 1]]]
    assert [own.tolist() for own in found.survives] == [[[True, False]], [[False, True, False]]]


def test_a_mixture_eliminates_what_no_action_does() -> None:
    games = batch([[[3, 0], [0, 3], [1, 1]], [[2, 1], [1, 2], [0, 5]]])

    by_actions, by_mixtures = rationalizable(games, by="actions"), rationalizable(games)

    assert by_actions.survives[0].tolist() == [[True, True, True]]
    assert by_mixtures.survives[0].tolist() == [[True, True, False]]
    assert by_mixtures.round[0].tolist() == [[0, 0, 1]]
    assert by_mixtures.certificates[0].found == 4


def test_what_is_only_weakly_dominated_stays() -> None:
    games = batch([[[1, 1], [1, 0]], [[1, 0], [0, 1]]])
    even = batch([[[2, 0], [0, 2], [1, 1]], [[0, 0], [0, 0], [0, 0]]])

    assert rationalizable(games).survives[0].all()
    assert rationalizable(even).survives[0].all()
    assert rationalizable(even, exact=True).survives[0].all()


def test_the_dilemma_leaves_one_action_each_and_pennies_leave_all() -> None:
    dilemma, pennies = (batch(LITERATURE[name][0]) for name in ("prisoner's dilemma", "matching pennies"))

    assert [own.tolist() for own in rationalizable(dilemma).survives] == [[[False, True]]] * 2
    assert all(own.all() for own in rationalizable(pennies).survives)


@pytest.mark.parametrize("levels", [0, 4])
def test_every_equilibrium_uses_only_actions_that_survive(levels: int) -> None:
    games = random_games(seed=12, count=100, shape=(4, 4), levels=levels)

    found, solutions = rationalizable(games), solve(games)

    for survives, own in zip(found.survives, solutions.strategies, strict=True):
        assert not ((own > 0) & ~survives[solutions.game]).any()


def test_mixtures_never_spare_what_actions_eliminate() -> None:
    games = random_games(seed=13, count=100, shape=(3, 3, 2), levels=5)

    by_actions, by_mixtures = rationalizable(games, by="actions"), rationalizable(games)

    for fewer, more in zip(by_mixtures.survives, by_actions.survives, strict=True):
        assert not (fewer & ~more).any()


@given(scale=st.sampled_from([1e-9, 1.0, 1e9]), seed=st.integers(0, 50))
@settings(max_examples=15)
def test_scaling_and_what_the_others_do_to_ones_payoff_change_nothing(scale: float, seed: int) -> None:
    games = random_games(seed=seed, count=5, shape=(4, 3), levels=7)
    payoffs = games.payoffs.copy()
    payoffs[:, 0] = scale * (payoffs[:, 0] + np.arange(3.0))

    found, moved = rationalizable(games), rationalizable(batch(payoffs))

    assert all((a == b).all() for a, b in zip(found.round, moved.round, strict=True))


@pytest.mark.parametrize("crash", [-1e5, -1e10, -1e15])
def test_a_catastrophe_excuses_no_action_and_condemns_none(crash: float) -> None:
    # the mixture of the first two rows beats the third by 1/2, and the crash is the same for all of them
    rows = [[3, 0, crash], [0, 3, crash], [1, 1, crash * 2]]
    beaten = batch([rows, np.zeros((3, 3))])
    # here the third row alone avoids the crash
    rows[2][2] = 0
    spared = batch([rows, np.zeros((3, 3))])

    assert rationalizable(beaten).survives[0].tolist() == [[True, True, False]]
    assert rationalizable(spared).survives[0].all()


def test_payoffs_equal_up_to_rounding_dominate_nothing_unless_read_exactly() -> None:
    games = batch([[[0.1 + 0.2], [0.3]], [[0], [0]]])

    assert rationalizable(games).survives[0].tolist() == [[True, True]]
    assert rationalizable(games, exact=True).survives[0].tolist() == [[True, False]]


def test_exact_tables_decide_where_floats_cannot_differ() -> None:
    tiny = Fraction(1, 10**30)
    table = np.array([[[[1 + tiny], [Fraction(1)]], [[Fraction(0)], [Fraction(0)]]]], dtype=object)
    games = Games(("a", "b"), (("x", "y"), ("z",)), table.astype(float), exact=table)

    assert rationalizable(games, exact=True).survives[0].tolist() == [[True, False]]


def test_large_games_are_decided_in_floating_point_and_say_so_where_they_cannot() -> None:
    generator = np.random.default_rng(1)
    gain = generator.normal(size=(60, 60))
    gain[0] = 1.0
    tie = np.zeros((60, 60))

    assert is_positive(gain) is True
    assert is_positive(-np.abs(gain)) is False
    assert is_positive(tie) is None


@pytest.mark.parametrize("shape", [(1, 4), (4, 1), (1, 1), (2, 1, 2)])
def test_constant_payoffs_and_single_actions_eliminate_nothing(shape: tuple[int, ...]) -> None:
    games = strategic(np.zeros((1, len(shape), *shape)), players=[f"p{k}" for k in range(len(shape))])

    assert all(own.all() for own in rationalizable(games).survives)


def test_a_game_that_is_not_finite_fails_alone() -> None:
    payoffs = np.array([LITERATURE["prisoner's dilemma"][0]] * 3, dtype=float)
    payoffs[1, 0, 0, 0] = np.nan

    found = rationalizable(batch(payoffs))

    assert list(found.certificates.verdict) == ["complete", "failed", "complete"]
    assert "finite" in found.certificates[1].reason
    assert found.survives[0].tolist() == [[False, True], [True, True], [False, True]]


def test_another_kind_of_dominance_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'mixtures'"):
        rationalizable(batch(LADDER), by="mixture")


@pytest.mark.parametrize("by", ["actions", "mixtures"])
def test_an_empty_batch_has_no_survivors(by: str) -> None:
    found = rationalizable(batch(LADDER)[0:0], by=by)

    assert [own.shape for own in found.survives] == [(0, 2), (0, 3)]
    assert len(found.certificates) == 0
