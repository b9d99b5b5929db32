"""Are all equilibria of small games with three or more players found, mixed ones included, and is that proved?"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from time import monotonic

import numpy as np
import pytest
from numpy.typing import NDArray

from gametheory.analyses import base_case, claims, outcomes
from gametheory.games import Games, strategic
from gametheory.kernels import supports as kernel
from gametheory.reader import read
from gametheory.solutions import Solutions
from gametheory.solvers import solve, solver, supports
from gametheory.solvers.task import Task
from gametheory.solvers.ties import gains, rational_profile, tied_index
from tests.library import random_games

FloatArray = NDArray[np.float64]
TRIO = ["one", "two", "three"]


def game(payoffs: object) -> Games:
    """One game of three players."""
    return strategic(np.array(payoffs, dtype=float), players=TRIO)


def mckelvey_mclennan() -> Games:
    """McKelvey and McLennan 1996, Handbook of Computational Economics 1, chapter 2."""
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0], payoffs[:, 1, 1, 0] = (9, 8, 12), (9, 8, 2)
    payoffs[:, 0, 1, 1] = payoffs[:, 1, 0, 1] = (3, 4, 6)
    return game(payoffs)


def irrational() -> Games:
    """Nau, Gomez Canovas and Hansen 2004, International Journal of Game Theory 32: one equilibrium, irrational."""
    cells = [[[(3, 0, 2), (1, 0, 0)], [(0, 2, 0), (0, 1, 0)]], [[(0, 1, 0), (0, 3, 0)], [(1, 0, 0), (2, 0, 3)]]]
    return game(np.moveaxis(np.array(cells, dtype=float), 3, 0))


def pursuit() -> Games:
    """Jordan 1993, Games and Economic Behavior 5: one wants to match two, two to match three, three to differ."""
    i, j, k = np.indices((2, 2, 2))
    return game([i == j, j == k, k != i])


def circle() -> Games:
    """Each is indifferent when the two others mix alike: a line of completely mixed equilibria."""
    i, j, k = 1 - np.indices((2, 2, 2))
    return game([i * (j - k), j * (k - i), k * (i - j)])


def nothing() -> Games:
    """Nobody cares."""
    return game(np.zeros((3, 2, 2, 2)))


def crowd(crash: float) -> Games:
    """Going alone pays 1, going together the crash, staying away 0."""
    i, j, k = np.indices((2, 2, 2))
    pay = np.where(i + j + k == 1, 1.0, crash)
    return game([i * pay, j * pay, k * pay])


def flat(solutions: Solutions, number: int = 0) -> FloatArray:
    return np.concatenate(solutions.of(number).strategies, axis=1)


def as_set(rows: object) -> set[tuple[float, ...]]:
    return {tuple(float(v) + 0.0 for v in np.round(row, 7)) for row in rows}  # type: ignore[attr-defined]


def test_the_game_of_mckelvey_and_mclennan_has_nine_equilibria_two_of_them_completely_mixed() -> None:
    solutions = solve(mckelvey_mclennan())

    complete = np.logical_and.reduce([own == 3 for own in solutions.supports])
    assert len(solutions) == 9
    assert as_set(flat(solutions)[complete]) == as_set(
        [[0.5, 0.5, 0.4, 0.6, 0.25, 0.75], [0.4, 0.6, 0.5, 0.5, 1 / 3, 2 / 3]]
    )
    assert solutions.certificates[0].verdict == "complete"
    assert solutions.certificates[0].index_sum == 1


def test_a_unique_irrational_equilibrium_is_found_to_the_last_digits() -> None:
    solutions = solve(irrational())

    # indifference gives r^2 + 11.5 r - 4.5 = 0 for the third player, and the others' odds from r
    r = (math.sqrt(601) - 23) / 4
    q = (2 - r) / ((2 - r) + (1 + 2 * r))
    p = (3 - 2 * r) / ((3 - 2 * r) + (1 + r))
    assert flat(solutions).tolist() == [pytest.approx([p, 1 - p, q, 1 - q, r, 1 - r], rel=1e-14)]
    assert solutions.certificates[0].verdict == "complete"


def test_jordans_pursuit_has_one_equilibrium_at_the_centre() -> None:
    solutions = solve(pursuit())

    assert flat(solutions).tolist() == [[0.5] * 6]
    assert solutions.index is not None
    assert solutions.index.tolist() == [1]
    assert solutions.certificates[0].verdict == "complete"


@pytest.mark.parametrize("games", [circle(), nothing()], ids=["line", "everything"])
def test_a_continuum_makes_the_verdict_partial_and_pure_equilibria_are_still_listed(games: Games) -> None:
    solutions = solve(games)

    certificate = solutions.certificates[0]
    pure = solver("pure")(games, Task())
    assert certificate.verdict == "partial"
    assert "continuum" in certificate.reason
    assert "every pure equilibrium is listed" in certificate.reason
    assert as_set(flat(pure)) <= as_set(flat(solutions))
    assert solutions.index is None
    assert solutions.component is None
    assert not solutions.told.any()


def test_a_continuum_in_one_game_hides_the_index_of_no_other() -> None:
    games = strategic(np.concatenate([irrational().payoffs, nothing().payoffs, pursuit().payoffs]), players=TRIO)

    solutions = solve(games)

    assert solutions.told.tolist() == [True, False, True]
    for number, alone in enumerate((solve(irrational()), solve(nothing()), solve(pursuit()))):
        own = solutions.of(number)
        assert own.frame().equals(alone.frame())
        assert (own.index is None) == (alone.index is None) == (number == 1)
        assert own.certificates[0] == alone.certificates[0] == solutions.certificates[number]


def test_the_time_of_compiling_is_not_taken_from_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, compiled = [0.0], kernel.sweep

    def compiling(*arguments: object) -> None:
        if clock[0] < 1e6:
            clock[0] += 1e6  # the first call takes long
        compiled(*arguments)

    monkeypatch.setattr(kernel, "sweep", compiling)
    monkeypatch.setattr(supports, "monotonic", lambda: clock[0])
    monkeypatch.setattr(supports, "BUDGET", 1)  # the clock is looked at after each support
    supports.warm.cache_clear()

    solutions = solve(irrational(), seconds=5.0)

    assert clock[0] > 0
    assert solutions.certificates[0].verdict == "complete"


@pytest.mark.parametrize(
    ("shape", "count"), [((2, 2, 2), 1_000), ((3, 3, 2), 100), ((2, 2, 2, 2), 100), ((3, 3, 3), 8), ((1, 3, 4), 100)]
)
def test_random_games_are_complete_and_their_indices_sum_to_one(shape: tuple[int, ...], count: int) -> None:
    games = random_games(seed=1, count=count, shape=shape)

    solutions = solve(games)

    assert set(solutions.certificates.verdict) == {"complete"}
    assert solutions.certificates.index_sum is not None
    assert (solutions.certificates.index_sum == 1).all()
    assert (solutions.count % 2 == 1).all()
    assert (solutions.regret <= 1e-12).all()


def by_elimination(payoffs: FloatArray) -> set[tuple[float, ...]]:
    """Every equilibrium of a generic 2x2x2 game, by closed formulas: Moebius maps and a quadratic equation."""
    points = [
        [float(a == 0) for a in cell]
        for cell in product(range(2), repeat=3)
        if all(payoffs[(k, *cell)] >= payoffs[(k, *swapped(cell, k))] for k in range(3))
    ]
    gap = [np.moveaxis(payoffs[k], k, 0)[0] - np.moveaxis(payoffs[k], k, 0)[1] for k in range(3)]  # [first, second]
    for k in range(3):  # player k plays one action, the others mix
        i, j = (p for p in range(3) if p != k)
        for action in range(2):
            to_j = gap[i].take(action, axis=[p for p in range(3) if p != i].index(k))
            to_i = gap[j].take(action, axis=[p for p in range(3) if p != j].index(k))
            y, x = -to_j[1] / (to_j[0] - to_j[1]), -to_i[1] / (to_i[0] - to_i[1])
            point = [0.0] * 3
            point[i], point[j], point[k] = x, y, float(action == 0)
            lead = bilinear(gap[k], x, y)
            if 0 < x < 1 and 0 < y < 1 and (lead > 0) == (action == 0):
                points.append(point)
    # all mix: q and p are Moebius functions of r by the first two equations, and the third one decides r
    (a, b, c, d), (e, f, g, h), third = (coefficients(table) for table in gap)
    q_top, q_bottom, p_top, p_bottom = (np.poly1d(own) for own in ([-c, -a], [d, b], [-g, -e], [h, f]))
    terms = p_bottom * q_bottom, p_top * q_bottom, p_bottom * q_top, p_top * q_top
    whole = sum((term * factor for term, factor in zip(terms, third, strict=True)), np.poly1d([0.0]))
    for r in whole.roots:
        if abs(r.imag) < 1e-12:
            point = [p_top(r.real) / p_bottom(r.real), q_top(r.real) / q_bottom(r.real), r.real]
            points += [point] if all(0 < v < 1 for v in point) else []
    return as_set([[v for p in point for v in (p, 1 - p)] for point in points])


def swapped(cell: tuple[int, ...], player: int) -> tuple[int, ...]:
    return (*cell[:player], 1 - cell[player], *cell[player + 1 :])


def coefficients(table: FloatArray) -> tuple[float, ...]:
    """Of 1, x, y and xy, where x and y are the probabilities of the first row and column."""
    (both, left), (right, neither) = table.tolist()
    return neither, left - neither, right - neither, both - left - right + neither


def bilinear(table: FloatArray, x: float, y: float) -> float:
    return float(np.array([x, 1 - x]) @ table @ np.array([y, 1 - y]))


def test_two_by_two_by_two_games_have_the_equilibria_of_closed_formulas_and_no_others() -> None:
    games = random_games(seed=2, count=400, shape=(2, 2, 2))

    solutions = solve(games)

    wrong = [g for g in range(len(games)) if as_set(flat(solutions, g)) != by_elimination(games.payoffs[g])]
    assert wrong == []
    assert max(solutions.count) >= 7


@pytest.mark.parametrize(("shape", "count"), [((3, 3, 2), 3), ((2, 2, 2, 2), 3)])
def test_every_root_that_newton_finds_from_random_starts_is_listed(shape: tuple[int, ...], count: int) -> None:
    from scipy.optimize import root

    games = random_games(seed=3, count=count, shape=shape)
    generator = np.random.default_rng(0)

    solutions = solve(games)

    for g in range(count):
        payoffs, listed = games.payoffs[g], as_set(flat(solutions, g))
        for used in product(*(subsets(size) for size in shape)):
            for _ in range(4):
                start = np.concatenate([generator.dirichlet(np.ones(len(own)))[1:] for own in used])
                answer = root(residual, start, args=(payoffs, used)) if len(start) else None
                point = widen(start if answer is None else answer.x, used, shape)
                ends = [own.min() for own in point]
                if (answer is None or answer.success) and min(ends) >= 0 and is_equilibrium(payoffs, point):
                    assert as_set([np.concatenate(point)]) <= listed


def subsets(size: int) -> list[tuple[int, ...]]:
    return [tuple(a for a in range(size) if mask >> a & 1) for mask in range(1, 1 << size)]


def widen(free: FloatArray, used: tuple[tuple[int, ...], ...], shape: tuple[int, ...]) -> list[FloatArray]:
    """Full strategies from the probabilities of all used actions but the first."""
    point, place = [], 0
    for own, size in zip(used, shape, strict=True):
        strategy = np.zeros(size)
        strategy[list(own[1:])] = free[place : place + len(own) - 1]
        strategy[own[0]] = 1 - strategy.sum()
        point.append(strategy)
        place += len(own) - 1
    return point


def pays(payoffs: FloatArray, point: list[FloatArray], player: int) -> FloatArray:
    value = payoffs[player]
    for other in reversed(range(len(point))):
        if other != player:
            value = np.tensordot(value, point[other], axes=(other, 0))
    return np.asarray(value)


def residual(free: FloatArray, payoffs: FloatArray, used: tuple[tuple[int, ...], ...]) -> list[float]:
    point = widen(free, used, payoffs.shape[1:])
    values = [pays(payoffs, point, player) for player in range(len(used))]
    return [float(v[a] - v[own[0]]) for v, own in zip(values, used, strict=True) for a in own[1:]]


def is_equilibrium(payoffs: FloatArray, point: list[FloatArray]) -> bool:
    return all(pays(payoffs, point, k).max() - pays(payoffs, point, k) @ own <= 1e-9 for k, own in enumerate(point))


@pytest.mark.parametrize("size", [1, 2])
def test_a_third_player_without_a_choice_leaves_the_equilibria_of_the_two_others(size: int) -> None:
    pairs = random_games(seed=4, count=100, shape=(3, 3))
    payoffs = np.zeros((100, 3, 3, 3, size))
    payoffs[:, :2, :, :, 0] = pairs.payoffs
    payoffs[:, 2, :, :, 1:] = -1.0  # a second action that is strictly worse

    solutions, expected = solve(strategic(payoffs)), solve(pairs)

    assert expected.index is not None
    assert solutions.index is not None
    for g in range(100):
        theirs = np.concatenate([flat(expected, g), np.eye(size)[[0] * expected.count[g]]], axis=1)
        assert as_set(flat(solutions, g)) == as_set(theirs)
        assert sorted(solutions.of(g).index) == sorted(expected.of(g).index)


@pytest.mark.parametrize("crash", [-1.0, -1e5, -1e10, -1e15])
def test_a_catastrophic_payoff_hides_no_equilibrium_of_three_players(crash: float) -> None:
    solutions = solve(crowd(crash))

    pair = 1 / (1 - crash)
    all_three = pair / (1 + math.sqrt(-crash * pair))  # 1 - sqrt(-crash / (1 - crash)) without cancellation
    going = np.sort(np.stack([own[:, 1] for own in solutions.strategies], axis=1), axis=1)
    assert np.allclose(
        sorted(going.tolist()),
        sorted([[0, 0, 1]] * 3 + [[0, pair, pair]] * 3 + [[all_three] * 3]),
        rtol=1e-12,
        atol=0,
    )
    assert solutions.certificates[0].verdict == "complete"
    assert solutions.certificates[0].index_sum == 1


def test_tiny_stakes_beside_huge_ones_leave_the_list_as_it_is() -> None:
    base = solve(mckelvey_mclennan())
    payoffs = np.array(mckelvey_mclennan().payoffs[0])
    scaled = payoffs * np.array([1e9, 1e-9, 1.0]).reshape(3, 1, 1, 1)

    assert as_set(flat(solve(game(scaled)))) == as_set(flat(base))


def test_an_isolated_equilibrium_with_ties_has_its_index_and_the_list_is_complete() -> None:
    i, j, _ = np.indices((2, 2, 1))

    solutions = solve(game([i * j, i * j, 0 * i]))

    assert flat(solutions).tolist() == [[1, 0, 1, 0, 1], [0, 1, 0, 1, 1]]
    assert solutions.index is not None
    assert solutions.index.tolist() == [0, 1]
    assert solutions.certificates[0].verdict == "degenerate-complete"


def test_tied_games_list_every_pure_equilibrium_and_nothing_that_has_regret() -> None:
    games = random_games(seed=5, count=150, shape=(2, 2, 2), levels=3)

    solutions, pure = solve(games), solver("pure")(games, Task())

    assert (solutions.regret <= 1e-12).all()
    for g in range(len(games)):
        assert as_set(flat(pure, g)) <= as_set(flat(solutions, g))
        assert solutions.certificates[g].verdict != "partial" or "near" in solutions.certificates[g].reason
    assert {"complete", "degenerate-complete", "partial"} == set(solutions.certificates.verdict)


def test_where_ties_leave_one_equilibrium_that_cannot_be_proved_alone_it_is_listed_all_the_same() -> None:
    # the second player is indifferent; the first stays up to one half, and the third from one half on
    first, second = [[[2, 0], [3, 2]], [[3, 0], [2, 1]]], [[[4, 3], [4, 1]], [[0, 3], [1, 0]]]

    solutions = solve(game([first, second, [[[2, 1], [1, 2]], [[3, 1], [2, 3]]]]))

    assert flat(solutions).tolist() == [[1, 0, 0.5, 0.5, 1, 0]]
    assert solutions.certificates[0].verdict == "partial"


def test_tied_games_called_complete_agree_with_a_nearby_game_on_the_sum_of_indices() -> None:
    games = random_games(seed=6, count=150, shape=(2, 2, 2), levels=4)
    nearby = strategic(games.payoffs + 1e-7 * np.random.default_rng(0).normal(size=games.payoffs.shape))

    base, moved = solve(games), solve(nearby)

    for g in np.flatnonzero(base.certificates.verdict != "partial"):
        points = flat(base, int(g))
        gaps = np.abs(flat(moved, int(g))[:, np.newaxis] - points).max(axis=2)
        assert (gaps.min(axis=1) < 1e-2).all()  # every equilibrium of the game nearby is close to a listed one


def test_relabelling_players_and_actions_maps_the_equilibria_to_themselves() -> None:
    games = random_games(seed=7, count=50, shape=(2, 3, 2))
    turned = strategic(games.payoffs[:, [2, 0, 1]].transpose(0, 1, 4, 2, 3))
    flipped = strategic(games.payoffs[:, :, :, ::-1])

    base, other, third = solve(games), solve(turned), solve(flipped)

    for g in range(50):
        x, y, z = base.of(g).strategies
        assert as_set(np.concatenate([z, x, y], axis=1)) == as_set(flat(other, g))
        assert as_set(np.concatenate([x, y[:, ::-1], z], axis=1)) == as_set(flat(third, g))


def test_a_game_that_is_not_finite_fails_alone() -> None:
    payoffs = np.stack([mckelvey_mclennan().payoffs[0]] * 3)
    payoffs[1, 0, 0, 0, 0] = np.nan

    solutions = solve(strategic(payoffs, players=TRIO))

    assert solutions.certificates.verdict.tolist() == ["complete", "failed", "complete"]
    assert solutions.count.tolist() == [9, 0, 9]


def test_the_search_stops_in_time_and_keeps_what_it_has() -> None:
    games = random_games(seed=8, count=300, shape=(4, 4, 4))
    solve(games[0], seconds=0.001)  # compile first
    start = monotonic()

    solutions = solve(games, seconds=0.5)

    assert monotonic() - start < 20
    assert "partial" in set(solutions.certificates.verdict)
    assert any("stopped after 0.5 seconds" in reason for reason in solutions.certificates.reason)
    assert solutions.pure.sum() == len(solver("pure")(games, Task()))


def test_the_number_of_workers_changes_no_byte() -> None:
    games = random_games(seed=9, count=300, shape=(2, 2, 2))

    one, two = solve(games, workers=1), solve(games, workers=2)

    assert [own.tobytes() for own in one.strategies] == [own.tobytes() for own in two.strategies]
    assert list(one.certificates) == list(two.certificates)


def test_games_too_large_to_search_keep_their_pure_equilibria() -> None:
    games = random_games(seed=0, count=1, shape=(9, 9, 9))

    assert "mixed ones were not searched for" in solve(games).certificates[0].reason


def test_simplest_fractions_are_an_equilibrium_and_have_no_gain() -> None:
    payoffs = np.vectorize(Fraction)(mckelvey_mclennan().payoffs[0].astype(int))
    profile = rational_profile([np.array([0.5, 0.5]), np.array([0.4, 0.6]), np.array([0.25, 0.75])])

    assert profile[1] == (Fraction(2, 5), Fraction(3, 5))
    assert gains(payoffs, profile) == [[0, 0], [0, 0], [0, 0]]


def test_the_index_of_a_tie_that_opens_a_continuum_is_not_told() -> None:
    payoffs = np.zeros((3, 2, 1, 1))

    assert tied_index(payoffs[:, :, :, :], [np.array([1.0, 0.0]), np.ones(1), np.ones(1)], ((1,), (), ())) is None


MODEL = """
format: gametheory/1
title: Three neighbours and a shared well
question: Does anybody keep the well?
form: strategic
as_of: 2024-12-01
players:
  north: {label: North, actions: [keep, leave]}
  east: {label: East, actions: [keep, leave]}
  south: {label: South, actions: [keep, leave]}
parameters:
  cost:
    value: 0.25
    law: {kind: uniform, low: 0.1, high: 0.9}
    unit: value of water
    meaning: what keeping the well costs
    source: made up
    mark: A
tables:
  north_keeps: {over: [north], values: [1, 0]}
  east_keeps: {over: [east], values: [1, 0]}
  south_keeps: {over: [south], values: [1, 0]}
quantities:
  water: max(north_keeps, east_keeps, south_keeps)
payoffs:
  north: water - cost * north_keeps
  east: water - cost * east_keeps
  south: water - cost * south_keeps
measures:
  water: {expected: water}
  all_leave: {probability: {north: [leave], east: [leave], south: [leave]}}
claims:
  kept:
    text: There is water more often than not
    holds: {order: simultaneous, measure: water, at_least: 0.5}
"""


def test_a_model_of_three_players_gives_the_equilibria_of_the_volunteers_dilemma() -> None:
    # Diekmann 1985, Journal of Conflict Resolution 29: all mix, and two others leave with the probability of the cost
    model = read(MODEL)

    frame = base_case(model, order="simultaneous")

    symmetric = frame.loc[frame["profile"].str.count("0.5") == 6]
    assert frame["verdict"].unique().tolist() == ["complete"]
    assert len(frame) == 7  # one keeps; two share; all mix
    assert frame["index"].sum() == 1
    assert symmetric["measure_all_leave"].tolist() == pytest.approx([0.125])
    assert symmetric["measure_water"].tolist() == pytest.approx([0.875])


def test_a_model_of_three_players_goes_through_a_study() -> None:
    model = read(MODEL)

    held = claims(model, samples=100).set_index("claim")
    shares = outcomes(model, samples=100)

    assert held.loc["kept", "failed"] == 0
    assert held.loc["kept", "all"] < 1  # where the cost is high, all who mix leave too often
    assert set(shares["order"]) == {"simultaneous"}
    assert (shares["upper"] > 0).all()
