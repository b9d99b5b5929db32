"""Does linear tracing end where theory and another method say?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gametheory.errors import InputError
from gametheory.solvers import solve
from gametheory.solvers.task import Task
from gametheory.solvers.tracing import trace
from tests.homotopy import curve, softmax, tracing_system
from tests.library import LITERATURE, batch, random_games

SHAPES = [(2, 2), (3, 3), (4, 2), (1, 3), (3, 1), (5, 5)]


def coordination_games(count: int) -> np.ndarray:
    """Random 2x2 games with two strict equilibria on the diagonal."""
    payoffs = np.random.default_rng(1).normal(size=(count, 2, 2, 2))
    a, b = payoffs[:, 0], payoffs[:, 1]
    keep = (a[:, 0, 0] > a[:, 1, 0]) & (a[:, 1, 1] > a[:, 0, 1]) & (b[:, 0, 0] > b[:, 0, 1])
    return payoffs[keep & (b[:, 1, 1] > b[:, 1, 0])]


def test_the_uniform_prior_selects_the_risk_dominant_equilibrium_of_two_by_two_games() -> None:
    payoffs = coordination_games(2_000)
    games = batch(payoffs)

    solutions = solve(games, concept="tracing")

    a, b = payoffs[:, 0], payoffs[:, 1]
    first = (a[:, 0, 0] - a[:, 1, 0]) * (b[:, 0, 0] - b[:, 0, 1])
    second = (a[:, 1, 1] - a[:, 0, 1]) * (b[:, 1, 1] - b[:, 1, 0])
    assert len(games) > 80
    for own in solutions.strategies:
        assert np.array_equal(own[:, 0], first > second)
    assert set(solutions.certificates.verdict) == {"partial"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("levels", [0, 3])
def test_every_end_is_an_exact_equilibrium_and_one_of_all(shape: tuple[int, ...], levels: int) -> None:
    games = random_games(seed=2, count=60, shape=shape, levels=levels)

    exact, solutions, every = solve(games, concept="tracing", exact=True), solve(games, concept="tracing"), solve(games)

    assert exact.exact is not None
    assert np.all(solutions.regret <= 1e-12)
    assert np.all(solutions.count >= 1)
    assert levels > 0 or np.all(solutions.count == 1)
    for s in range(len(exact)):
        tables = np.vectorize(Fraction, otypes=[object])(games.payoffs[exact.game[s]])
        x, y = (np.array(own, dtype=object) for own in exact.exact[s])
        assert sum(x) == sum(y) == 1
        assert max(tables[0] @ y) == x @ tables[0] @ y
        assert max(x @ tables[1]) == x @ tables[1] @ y
    if levels == 0:
        for game in range(60):
            own = np.concatenate([strategy[game] for strategy in solutions.strategies])
            assert np.abs(np.concatenate(every.of(game).strategies, axis=1) - own).max(axis=1).min() < 1e-9


def test_the_end_is_that_of_a_smooth_path_that_shares_nothing_with_pivoting() -> None:
    games = random_games(seed=3, count=10, shape=(3, 3))

    solutions = solve(games, concept="tracing")

    for game in range(len(games)):
        a, b = games.payoffs[game]
        begin = np.concatenate([150 * (a[1:] - a[0]).mean(axis=1), 150 * (b[:, 1:] - b[:, :1]).mean(axis=0), [0.0]])
        end = curve(tracing_system(games.payoffs[game], 150.0), begin, 1.0, step=2.0)[-1]
        assert np.abs(softmax(end[:2]) - solutions.strategies[0][game]).max() < 0.15
        assert np.abs(softmax(end[2:4]) - solutions.strategies[1][game]).max() < 0.15


def test_a_strict_equilibrium_as_the_prior_selects_itself() -> None:
    games = batch([[[3, 1], [0, 2]], [[2, 1], [0, 3]]])

    for action in (0, 1):
        pure = np.eye(2)[action]
        solutions = trace(games, Task(), [pure, pure])
        assert len(solutions) == 1
        assert np.array_equal(solutions.strategies[0][0], pure)
        assert "pass" not in solutions.certificates[0].reason


def test_the_order_of_actions_and_players_changes_nothing() -> None:
    for levels in (0, 3):
        games = random_games(seed=4, count=80, shape=(3, 2), levels=levels)
        turned = batch(games.payoffs[:, ::-1].swapaxes(2, 3)[:, :, ::-1, ::-1])

        first, second = solve(games, concept="tracing", exact=True), solve(turned, concept="tracing", exact=True)

        assert first.exact is not None
        assert second.exact is not None
        back = [(y[::-1], x[::-1]) for x, y in second.exact]
        assert sorted(zip(first.game, first.exact, strict=True)) == sorted(zip(second.game, back, strict=True))


def test_where_ties_split_the_path_every_end_reached_is_listed_and_said() -> None:
    split = solve(batch(LITERATURE["battle of the sexes"][0]), concept="tracing")
    harmless = solve(batch(LITERATURE["matching pennies"][0]), concept="tracing")

    assert [split.profile(s) for s in range(len(split))] == ["a1, a1", "a2, a2"]
    assert "ties split" in split.certificates[0].reason
    assert len(harmless) == 1
    assert "leads here" in harmless.certificates[0].reason


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_positive_scale_and_a_shared_column_payoff_change_nothing(scale: float) -> None:
    games = random_games(seed=5, count=60, shape=(3, 3))
    payoffs = games.payoffs.copy()
    payoffs[:, 0] = scale * (payoffs[:, 0] + np.array([4.0, -2.0, 0.25]))

    first, second = solve(games, concept="tracing"), solve(batch(payoffs), concept="tracing")

    for own, its in zip(first.strategies, second.strategies, strict=True):
        assert np.allclose(own, its, atol=1e-6)


def test_a_catastrophe_leaves_the_answer_exact() -> None:
    crash = -(10.0**15)
    games = batch([[[crash, 1.0], [0.0, 0.5]], [[crash, 0.0], [1.0, 0.25]]])

    solutions = solve(games, concept="tracing", exact=True)

    assert all(regret == 0 for regret in solutions.regret)
    assert solutions.certificates[0].verdict == "partial"
    # the second player gains more by daring against a swerve, so that the first gives way sooner
    assert solutions.profile(0) == "a2, a1"


def test_what_cannot_be_traced_fails_alone_or_is_refused() -> None:
    payoffs = np.array([LITERATURE["prisoner's dilemma"][0]] * 3, dtype=float)
    payoffs[1, 0, 0, 0] = np.nan
    solutions = solve(batch(payoffs), concept="tracing")
    assert solutions.game.tolist() == [0, 2]
    assert "finite" in solutions.certificates[1].reason

    late = solve(batch(payoffs), concept="tracing", seconds=1e-9)
    assert set(late.certificates.verdict) == {"failed"}

    with pytest.raises(InputError, match="needs 2 players"):
        solve(random_games(seed=0, count=1, shape=(2, 2, 2)), concept="tracing")
    with pytest.raises(InputError, match="prior: shapes"):
        trace(batch(payoffs), Task(), [[1.0], [0.5, 0.5]])
    with pytest.raises(InputError, match="sum to 1"):
        trace(batch(payoffs), Task(), [[0.5, 0.6], [0.5, 0.5]])
    with pytest.raises(InputError, match="3 players, expected 2"):
        trace(random_games(seed=0, count=1, shape=(2, 2, 2)), Task())
