"""Are the points of a principal logit branch logit equilibria, and does the branch end in the equilibrium it should?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import root

from gametheory.errors import InputError
from gametheory.games import Games, strategic
from gametheory.kernels.payoffs import action_payoffs
from gametheory.solvers import solve
from gametheory.solvers.logit_branch import logit_branch
from tests.homotopy import curve, logit_system, softmax
from tests.library import LITERATURE, batch, oneill, random_games

CHICKEN = [[[-1.0, 1.0], [0.0, 0.5]], [[-1.0, 0.0], [1.0, 0.5]]]
SHAPES = [(2, 2), (4, 3), (1, 3), (2, 2, 2), (3, 2, 3), (2, 2, 2, 2)]


def distance_from_response(games: Games, strategies: list[np.ndarray], precision: float) -> np.ndarray:
    """The fixed point once more, in the plainest way."""
    worst = np.zeros(len(games))
    for player, own in enumerate(strategies):
        weight = np.exp(precision * action_payoffs(games.payoffs, strategies, player))
        worst = np.maximum(worst, np.abs(own - weight / weight.sum(axis=1, keepdims=True)).max(axis=1))
    return worst


def risk_dominant(payoffs: np.ndarray) -> np.ndarray:
    """In 2x2 coordination games: 0 where the first diagonal cell risk-dominates, else 1."""
    a, b = payoffs[:, 0], payoffs[:, 1]
    first = (a[:, 0, 0] - a[:, 1, 0]) * (b[:, 0, 0] - b[:, 0, 1])
    second = (a[:, 1, 1] - a[:, 0, 1]) * (b[:, 1, 1] - b[:, 1, 0])
    return np.where(first > second, 0, 1)


def symmetric(tables: np.ndarray) -> Games:
    return strategic(np.stack([tables, tables.swapaxes(1, 2)], axis=1))


def test_the_prisoners_dilemma_at_precision_one_cooperates_with_one_over_one_plus_e() -> None:
    solutions = solve(batch([[[2, 0], [3, 1]], [[2, 3], [0, 1]]]), concept="logit")

    for own in solutions.strategies:
        assert own[0, 0] == pytest.approx(0.2689414213699951, abs=1e-15)
    assert solutions.certificates[0].verdict == "complete"
    assert "no Nash equilibrium" in solutions.certificates[0].reason


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("levels", [0, 3])
@pytest.mark.parametrize("precision", [0.0, 0.3, 1.0, 20.0])
def test_every_point_answers_itself(shape: tuple[int, ...], levels: int, precision: float) -> None:
    games = random_games(seed=1, count=100, shape=shape, levels=levels)

    solutions = solve(games, concept="logit", precision=precision)

    assert solutions.game.tolist() == list(range(100))
    assert distance_from_response(games, list(solutions.strategies), precision).max() < 1e-12
    assert set(solutions.certificates.verdict) <= {"complete", "partial"}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_whole_branch_answers_itself_and_has_no_gaps(shape: tuple[int, ...]) -> None:
    games = random_games(seed=2, count=15, shape=shape)

    for game in range(len(games)):
        branch = logit_branch(games[game])

        assert branch.precision[0] == 0
        assert all(np.allclose(own[0], 1 / size) for own, size in zip(branch.strategies, shape, strict=True))
        assert branch.residual[branch.precision <= 100].max() < 1e-12
        assert np.all(branch.residual <= 1e-12 + 1e-13 * branch.precision)
        flat = np.concatenate(branch.strategies, axis=1)
        assert np.abs(np.diff(flat, axis=0)).max() < 0.35
        assert branch.distance < 1e-6
        assert branch.limit.regret[0] < 1e-12
        assert branch.reason == "the limit could be read off"


def test_the_branch_is_that_of_another_method_through_its_turns() -> None:
    games = random_games(seed=3, count=120, shape=(3, 3))
    folded = [game for game in range(len(games)) if logit_branch(games[game]).folded]
    assert len(folded) >= 2

    for game in [0, 1, *folded[:3]]:
        branch = logit_branch(games[game])
        points = curve(logit_system(games.payoffs[game]), np.zeros(5), 60.0)
        own = points[-1]
        reference = solve(games[game], concept="logit_limit")

        assert np.abs(softmax(own[:2]) - reference.strategies[0][0]).max() < 0.1
        assert np.abs(softmax(own[2:4]) - reference.strategies[1][0]).max() < 0.1
        theirs = points[:, -1]
        turns = theirs[1:-1][(np.diff(theirs)[1:] > 0) != (np.diff(theirs)[:-1] > 0)]
        assert len(turns) == len(branch.turns)
        assert np.allclose(branch.precision[branch.turns], turns, rtol=0.15)


def test_a_branch_that_turns_meets_a_precision_three_times_and_the_first_point_is_given() -> None:
    games = random_games(seed=3, count=120, shape=(3, 3))
    game = next(game for game in range(len(games)) if logit_branch(games[game]).folded)
    branch = logit_branch(games[game])
    high, low = branch.precision[branch.turns[:2]]
    level = (high + low) / 2

    solutions = solve(games[game], concept="logit", precision=level)

    assert low < high
    meets = np.flatnonzero((branch.precision[1:] > level) != (branch.precision[:-1] > level))
    assert len(meets) >= 3
    for own, point in zip(branch.strategies, solutions.strategies, strict=True):
        before, after = own[meets[0]], own[meets[0] + 1]
        assert np.all((point[0] >= np.minimum(before, after) - 0.02) & (point[0] <= np.maximum(before, after) + 0.02))
    assert solutions.certificates[0].verdict == "partial"


def test_complete_means_that_no_other_start_leads_elsewhere() -> None:
    games = random_games(seed=4, count=60, shape=(3, 3))
    generator = np.random.default_rng(0)

    solutions = solve(games, concept="logit", precision=1.5)

    proved = np.flatnonzero(solutions.certificates.verdict == "complete")
    assert 10 < len(proved) < 60
    for game in proved[:20]:
        a, b = games.payoffs[game]

        def away(flat: np.ndarray, a: np.ndarray = a, b: np.ndarray = b) -> np.ndarray:
            x, y = np.exp(1.5 * a @ flat[3:]), np.exp(1.5 * flat[:3] @ b)
            return np.asarray(flat - np.concatenate([x / x.sum(), y / y.sum()]))

        for _ in range(5):
            found = root(away, generator.dirichlet(np.ones(3), 2).reshape(-1), tol=1e-13)
            if found.success:
                assert np.allclose(found.x, np.concatenate([own[game] for own in solutions.strategies]), atol=1e-9)


@pytest.mark.parametrize(("precision", "verdict"), [(1.999, "complete"), (2.0, "partial"), (2.001, "partial")])
def test_uniqueness_ends_exactly_where_the_coordination_game_forks(precision: float, verdict: str) -> None:
    solutions = solve(batch([np.eye(2), np.eye(2)]), concept="logit", precision=precision)

    assert solutions.certificates[0].verdict == verdict
    assert np.allclose(solutions.strategies[0], 0.5, atol=1e-12)


def test_symmetric_games_stay_symmetric_along_the_branch() -> None:
    generator = np.random.default_rng(5)
    games = symmetric(generator.normal(size=(30, 3, 3)))

    for game in range(len(games)):
        branch = logit_branch(games[game])

        assert np.abs(branch.strategies[0] - branch.strategies[1]).max() < 1e-6
        assert np.allclose(branch.limit.strategies[0], branch.limit.strategies[1], atol=1e-9)


@pytest.mark.parametrize("crash", [-1.0, -1e5, -1e10, -1e15])
def test_symmetric_chicken_goes_straight_over_the_fork_to_the_mixed_equilibrium(crash: float) -> None:
    payoffs = np.array(CHICKEN)
    payoffs[:, 0, 0] = crash

    branch = logit_branch(batch(payoffs))

    dare = 0.5 / (0.5 - crash)
    assert branch.crossings == 1
    assert np.allclose(np.concatenate(branch.limit.strategies)[:, 0], dare, rtol=1e-9, atol=0)
    assert "branches cross" in branch.limit.certificates[0].reason


@pytest.mark.parametrize("crash", [-2, -(10**5), -(10**8), -(10**10), -(10**15)])
@pytest.mark.parametrize(("give_way", "wait", "dare"), [(0, -1, 1), (3, 1, 4), (Fraction(1, 2), 0, 1)])
def test_symmetric_chicken_ends_at_even_odds_wherever_zero_lies(
    crash: int, give_way: Fraction, wait: int, dare: int
) -> None:
    row = np.array([[give_way, wait], [dare, crash]], dtype=float)
    rate = (dare - give_way) / Fraction(dare - give_way + wait - crash)  # at which giving way and daring pay the same

    solutions = solve(batch([row, row.T]), concept="logit_limit")

    assert solutions.count.tolist() == [1]
    assert np.allclose(np.concatenate(solutions.strategies)[:, 1], float(rate), rtol=1e-9, atol=0)


@pytest.mark.parametrize("crash", [-1.0, -1e5, -1e8, -1e10])
@pytest.mark.parametrize("edge", [0.01, 1.0])
def test_who_has_more_to_win_by_daring_dares_however_bad_the_crash(crash: float, edge: float) -> None:
    first, second = [[crash, 1 + edge], [0, 0.5]], [[crash, 0], [1, 0.5]]

    solutions = solve(batch([[first, second], [np.transpose(second), np.transpose(first)]]), concept="logit_limit")

    assert [solutions.profile(s) for s in range(2)] == ["a1, a2", "a2, a1"]
    assert not any("cross" in reason for reason in solutions.certificates.reason)


def test_an_edge_below_the_rounding_of_the_crash_is_not_passed_off_as_symmetry() -> None:
    solutions = solve(batch([[[-1e15, 1.01], [0, 0.5]], [[-1e15, 0], [1, 0.5]]]), concept="logit_limit")

    assert "more closely than rounding can tell" in solutions.certificates[0].reason


@pytest.mark.parametrize("unit", [(1e9, 1e-9), (1e-9, 1e9), (1e9, 1.0), (1.0, 1e9)])
def test_pennies_of_any_two_sizes_end_at_their_only_equilibrium(unit: tuple[float, float]) -> None:
    large, small = unit
    games = batch([[[large, 0], [0, small]], [[0, small], [large, 0]]])

    solutions = solve(games, concept="logit_limit")

    rare, often = small / (large + small), large / (large + small)
    assert solutions.count.tolist() == [1]
    assert np.allclose(solutions.strategies[0], [[often, rare]], rtol=1e-9, atol=0)
    assert np.allclose(solutions.strategies[1], [[rare, often]], rtol=1e-9, atol=0)


def test_payoffs_on_eighteen_scales_lose_no_limit_and_the_only_equilibrium_needs_no_branch() -> None:
    generator = np.random.default_rng(12)
    payoffs = generator.normal(size=(200, 2, 2, 2)) * 10 ** generator.uniform(-9, 9, size=(200, 2, 2, 2))
    games = strategic(payoffs)

    solutions, every = solve(games, concept="logit_limit"), solve(games)

    assert solutions.count.tolist() == [1] * 200
    for game in range(200):
        own = np.concatenate([strategy[game] for strategy in solutions.strategies])
        assert np.abs(np.concatenate(every.of(game).strategies, axis=1) - own).max(axis=1).min() < 1e-9
    alone = ["the only one of the game" in reason for reason in solutions.certificates.reason]
    assert any(alone)
    assert np.all(every.count[alone] == 1)


def test_with_unlike_stakes_the_limit_of_another_method_need_not_be_risk_dominant() -> None:
    # the first player's stakes of 8 and 1 settle its play while the second, with stakes of 0.1 and 1, hardly minds
    payoffs = np.array([[[8.0, 0.0], [0.0, 1.0]], [[0.1, 0.0], [0.0, 1.0]]])
    games = batch(payoffs)

    solutions = solve(games, concept="logit_limit")

    last = curve(logit_system(payoffs), np.zeros(3), 60.0, step=0.1)[-1]
    assert np.allclose(softmax(last[:1]), solutions.strategies[0][0], atol=0.01)
    assert np.allclose(softmax(last[1:2]), solutions.strategies[1][0], atol=0.01)
    assert risk_dominant(games.payoffs)[0] == 1
    assert solutions.profile(0) == "a1, a1"


def test_the_limit_is_the_risk_dominant_equilibrium_of_symmetric_coordination_games() -> None:
    generator = np.random.default_rng(6)
    tables = generator.normal(size=(4_000, 2, 2))
    tables = tables[(tables[:, 0, 0] > tables[:, 1, 0]) & (tables[:, 1, 1] > tables[:, 0, 1])]
    games = symmetric(tables)

    solutions = solve(games, concept="logit_limit")

    expected = risk_dominant(games.payoffs)
    assert solutions.game.tolist() == list(range(len(games)))
    for own in solutions.strategies:
        assert np.array_equal(own.argmax(axis=1), expected)
        assert np.all(own.max(axis=1) == 1)


def test_the_smallest_advantage_decides_before_the_fork() -> None:
    for edge in (1e-3, 1e-6, 1e-9):
        solutions = solve(batch([[[1, 0], [0, 1 + edge]], [[1, 0], [0, 1 + edge]]]), concept="logit_limit")

        assert solutions.profile(0) == "a2, a2"


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 3), (2, 5)])
def test_the_limit_of_a_generic_game_is_one_of_all_its_equilibria(shape: tuple[int, ...]) -> None:
    games = random_games(seed=7, count=200, shape=shape)

    solutions, every = solve(games, concept="logit_limit"), solve(games)

    assert solutions.count.tolist() == [1] * 200
    for game in range(200):
        own = np.concatenate([strategy[game] for strategy in solutions.strategies])
        listed = np.concatenate(every.of(game).strategies, axis=1)
        assert np.abs(listed - own).max(axis=1).min() < 1e-9
    assert set(solutions.certificates.verdict) == {"partial"}


@pytest.mark.parametrize("shape", SHAPES)
def test_limits_of_tied_games_are_equilibria_and_what_is_not_found_is_said(shape: tuple[int, ...]) -> None:
    games = random_games(seed=8, count=200, shape=shape, levels=3)

    solutions = solve(games, concept="logit_limit")

    assert np.all(solutions.regret <= 1e-9)
    assert np.mean(solutions.count) >= 0.99
    failed = solutions.certificates.verdict == "failed"
    assert np.array_equal(failed, solutions.count == 0)
    assert all("principal branch" in reason for reason in solutions.certificates.reason[failed])


@pytest.mark.parametrize("name", LITERATURE)
def test_games_of_the_literature_have_a_certified_limit(name: str) -> None:
    solutions = solve(batch(LITERATURE[name][0]), concept="logit_limit")

    assert len(solutions) == 1
    assert solutions.regret[0] < 1e-12


def test_known_limits() -> None:
    assert np.allclose(solve(batch(oneill()), concept="logit_limit").strategies[0], [[0.2, 0.2, 0.2, 0.4]], atol=1e-12)
    deterrence = solve(batch(LITERATURE["entry deterrence"][0]), concept="logit_limit")
    assert deterrence.profile(0) == "a1, a1"  # the entrant comes in: an incredible threat does not survive mistakes


def test_precision_is_per_unit_of_payoff_and_only_differences_count() -> None:
    games = random_games(seed=9, count=50, shape=(3, 2, 2))
    base = solve(games, concept="logit", precision=2.0)

    for scale in (1e-9, 1e9):
        scaled = strategic(scale * games.payoffs, players=games.players)
        other = solve(scaled, concept="logit", precision=2.0 / scale)
        assert all(
            np.allclose(own, its, atol=1e-12) for own, its in zip(base.strategies, other.strategies, strict=True)
        )
    shifted = games.payoffs.copy()
    shifted[:, 0] += np.array([[5.0, -3.0], [2.0, 0.5]])  # the same for every own action
    other = solve(strategic(shifted, players=games.players), concept="logit", precision=2.0)
    assert all(np.allclose(own, its, atol=1e-12) for own, its in zip(base.strategies, other.strategies, strict=True))


def test_stakes_of_a_millionth_beside_a_catastrophe_of_a_billion_still_decide() -> None:
    payoffs = np.array([[[-1e9, 1e-6], [0.0, 0.0]], [[-1e9, 0.0], [1e-6, 0.0]]])

    branch = logit_branch(batch(payoffs))

    assert branch.limit.strategies[0][0, 0] == pytest.approx(1e-15, rel=1e-6)
    assert branch.residual[branch.precision < 1.0].max() < 1e-12


def test_large_offsets_cost_no_accuracy() -> None:
    plain = batch([[[2, 0], [3, 1]], [[2, 3], [0, 1]]])
    offset = batch(plain.payoffs[0] + 2.0**40)

    first, second = (solve(games, concept="logit", precision=30.0) for games in (plain, offset))

    assert np.array_equal(first.strategies[0], second.strategies[0])


@pytest.mark.parametrize("concept", ["logit", "logit_limit"])
def test_a_game_that_is_not_finite_fails_alone(concept: str) -> None:
    payoffs = np.array([CHICKEN, CHICKEN, CHICKEN])
    payoffs[1, 0, 0, 0] = np.inf

    solutions = solve(batch(payoffs), concept=concept)

    assert solutions.game.tolist() == [0, 2]
    assert solutions.certificates[1].verdict == "failed"
    assert "finite" in solutions.certificates[1].reason
    assert np.array_equal(solutions.strategies[0][0], solutions.strategies[0][1])


@pytest.mark.parametrize("concept", ["logit", "logit_limit"])
def test_neither_workers_nor_company_change_a_byte(concept: str) -> None:
    games = random_games(seed=10, count=400, shape=(3, 3))

    one, two = (solve(games, concept=concept, workers=workers) for workers in (1, 2))
    alone = solve(games[17], concept=concept)

    assert [own.tobytes() for own in one.strategies] == [own.tobytes() for own in two.strategies]
    assert alone.strategies[0].tobytes() == one.strategies[0][17:18].tobytes()


def test_when_the_time_is_over_the_rest_fails_and_says_so() -> None:
    solutions = solve(random_games(seed=11, count=10), concept="logit_limit", seconds=1e-9)

    assert set(solutions.certificates.verdict) == {"failed"}
    assert "time" in solutions.certificates[0].reason


@pytest.mark.parametrize("precision", [-1.0, np.nan, np.inf])
def test_a_precision_that_is_none_is_refused(precision: float) -> None:
    with pytest.raises(InputError, match="precision: .*expected a finite number"):
        solve(batch(CHICKEN), concept="logit", precision=precision)


def test_a_branch_is_that_of_one_finite_game() -> None:
    with pytest.raises(InputError, match="expected one game"):
        logit_branch(random_games(seed=0, count=2))
    with pytest.raises(InputError, match="not finite"):
        logit_branch(batch([[[np.nan, 0], [0, 1]], [[1, 0], [0, 1]]]))
