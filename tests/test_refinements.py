"""Which equilibria are perfect, and which are proper? Held against other definitions and known answers."""

from __future__ import annotations

from fractions import Fraction
from itertools import count, permutations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from gametheory.games import Games
from gametheory.solutions import Solutions
from gametheory.solvers import exact, orderings, proper, solve
from tests.library import COUNTED, LITERATURE, batch, random_games

# Myerson 1978, International Journal of Game Theory 7: adding a useless third action makes the second one perfect
MYERSON = [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]
SMALL = Fraction(1, 2_000)


def flat(solutions: Solutions, game: int = 0) -> set[tuple[float, ...]]:
    own = solutions.of(game)
    return {tuple(row) for row in np.round(np.concatenate(own.strategies, axis=1), 9).tolist()}


def best_gain_without_loss(table: np.ndarray, strategy: np.ndarray) -> float:
    """How much another strategy gains over all columns together while it loses in none: positive where dominated."""
    found = linprog(
        -table.sum(axis=1),
        A_ub=-table.T,
        b_ub=-(strategy @ table),
        A_eq=np.ones((1, len(table))),
        b_eq=[1.0],
    )
    return float(-found.fun - (strategy @ table).sum())


def test_of_myersons_three_equilibria_two_are_perfect_and_one_is_proper() -> None:
    games = batch([MYERSON, MYERSON])

    assert len(solve(games)) == 3
    assert sorted(solve(games, concept="perfect").frame()["profile"]) == ["a1, a1", "a2, a2"]
    assert solve(games, concept="proper").frame()["profile"].tolist() == ["a1, a1"]


def test_the_threat_that_is_not_credible_is_neither_perfect_nor_proper() -> None:
    games = batch(LITERATURE["entry deterrence"][0])

    for concept in ("perfect", "proper"):
        solutions = solve(games, concept=concept)
        assert solutions.frame()["profile"].tolist() == ["a1, a1"]
        assert solutions.certificates[0].verdict == "degenerate-complete"


def test_an_equilibrium_dominated_only_by_a_mixture_is_not_perfect() -> None:
    # the middle row is never better than an even mixture of the others, and worse in the third column
    games = batch([[[4, 0, 2], [2, 2, 0], [0, 4, 2]], np.zeros((3, 3))])

    middle = {point for point in flat(solve(games)) if point[1] == 1}

    assert middle
    assert not middle & flat(solve(games, concept="perfect"))


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 3)])
def test_in_generic_games_every_equilibrium_is_proper(shape: tuple[int, ...]) -> None:
    games = random_games(seed=41, count=15, shape=shape)

    everything = solve(games)
    for concept in ("perfect", "proper"):
        found = solve(games, concept=concept)
        assert np.array_equal(found.game, everything.game)
        assert set(found.certificates.verdict) == {"complete"}
        for own, other in zip(found.strategies, everything.strategies, strict=True):
            assert np.allclose(own, other, atol=1e-9)


@pytest.mark.parametrize(("shape", "levels"), [((2, 3), 2), ((3, 3), 3), ((4, 4), 4), ((1, 3), 2)])
def test_perfect_is_what_no_strategy_dominates_by_another_program(shape: tuple[int, ...], levels: int) -> None:
    games = random_games(seed=42, count=25, shape=shape, levels=levels)

    everything, found = solve(games), solve(games, concept="perfect")

    expected: list[set[tuple[float, ...]]] = [set() for _ in range(len(games))]
    for s, game in enumerate(everything.game.tolist()):
        tables = (games.payoffs[game, 0], games.payoffs[game, 1].T)
        gains = [best_gain_without_loss(own, x[s]) for own, x in zip(tables, everything.strategies, strict=True)]
        if max(gains) <= 1e-7:
            expected[game].add(tuple(np.round(np.concatenate([x[s] for x in everything.strategies]), 9).tolist()))
    assert [flat(found, game) for game in range(len(games))] == expected
    assert (found.count >= 1).all()


@pytest.mark.parametrize(("shape", "levels"), [((2, 3), 2), ((3, 3), 3), ((3, 3), 2), ((3, 4), 3)])
def test_proper_equilibria_are_perfect_and_isolated_ones_of_nonzero_index_are_proper(
    shape: tuple[int, ...], levels: int
) -> None:
    # an essential component contains a proper equilibrium (Kohlberg and Mertens 1986, Econometrica 54)
    games = random_games(seed=43, count=25, shape=shape, levels=levels)

    everything, perfect, proper = solve(games), solve(games, concept="perfect"), solve(games, concept="proper")

    assert everything.component is not None
    assert everything.index is not None
    for game in range(len(games)):
        assert flat(proper, game) <= flat(perfect, game) <= flat(everything, game)
        own = everything.of(game)
        sizes = np.bincount(own.component)[own.component]
        isolated = {
            point
            for point, size, index in zip(
                np.round(np.concatenate(own.strategies, axis=1), 9).tolist(), sizes, own.index, strict=True
            )
            if size == 1 and index != 0
            for point in [tuple(point)]
        }
        assert isolated <= flat(proper, game)


def restricted(payoffs: np.ndarray) -> tuple[Games, list[np.ndarray]]:
    """The game in which a player can only choose in which order its mistakes are rare: eps-proper in equilibrium."""
    orders = []
    for size in payoffs.shape[1:]:
        weights = [SMALL**k / sum(SMALL**j for j in range(size)) for k in range(size)]
        orders.append(np.array([[weights[k] for k in order] for order in permutations(range(size))], dtype=object))
    whole = np.vectorize(Fraction, otypes=[object])(payoffs)
    exact = np.stack([orders[0] @ own @ orders[1].T for own in whole])[np.newaxis]
    labels = tuple(tuple(f"o{k}" for k in range(len(own))) for own in orders)
    return Games(("row", "column"), labels, exact.astype(float), exact=exact), orders


def test_equilibria_of_games_with_ranked_mistakes_lie_near_proper_ones() -> None:
    games = random_games(seed=44, count=60, shape=(3, 3), levels=3)
    proper = solve(games, concept="proper")
    compared = 0

    for game in range(len(games)):
        if proper.certificates[game].verdict == "partial":
            continue
        compared += 1
        near, orders = restricted(games.payoffs[game])
        points = np.array(sorted(flat(proper, game)))
        for profile in solve(near, exact=True).exact or ():
            play = [np.array(own, dtype=object) @ order for own, order in zip(profile, orders, strict=True)]
            point = np.concatenate(play).astype(float)
            assert np.abs(points - point).max(axis=1).min() <= 0.02
    assert compared >= 20


def test_a_proper_equilibrium_between_extreme_ones_makes_the_verdict_partial() -> None:
    games = random_games(seed=45, count=100, shape=(3, 3), levels=3)

    found = solve(games, concept="proper")

    empty = found.count == 0
    assert empty.any()
    assert set(found.certificates.verdict[empty]) == {"partial"}


def test_without_time_the_verdict_is_partial() -> None:
    found = solve(batch(COUNTED["winkels"][0]), concept="proper", seconds=1e-9)

    assert found.certificates[0].verdict == "partial"
    assert "no time" in found.certificates[0].reason


@pytest.mark.parametrize("looks", range(1, 60, 6))
def test_proper_stops_at_any_look_at_the_clock_and_lists_nothing_wrong(
    monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    games = random_games(seed=41, count=1, shape=(3, 3))
    whole = flat(solve(games, concept="proper"))
    ticks = count()
    for module in (exact, orderings, proper):
        monkeypatch.setattr(module, "monotonic", lambda: float(next(ticks)))

    found = solve(games, concept="proper", seconds=float(looks))

    assert flat(found) <= whole
    assert found.certificates[0].verdict == ("partial" if next(ticks) > looks + 1 else "complete")


def test_the_enumeration_for_proper_is_itself_stopped_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    games = random_games(seed=46, count=1, shape=(10, 10))
    ticks = count()
    monkeypatch.setattr(exact, "monotonic", lambda: float(next(ticks)))
    monkeypatch.setattr(proper, "monotonic", lambda: 0.0)

    found = solve(games, concept="proper", seconds=50.0)

    assert found.certificates[0].verdict == "partial"
    assert next(ticks) < 100


def test_rankings_of_many_tied_actions_come_one_by_one() -> None:
    # twelve actions have 28,091,567,595 rankings
    first, even = Fraction(1), Fraction(1, 12)

    assert next(orderings.rankings([first] + [first * 0] * 11, np.zeros(12)))[0] == (0,)
    assert list(orderings.rankings([even] * 12, np.zeros(12))) == [(tuple(range(12)),)]


def test_rankings_are_all_that_put_the_actions_in_use_first() -> None:
    pays = np.array([2, 1, 2, 2, 1])

    found = list(orderings.rankings([Fraction(k == 2) for k in range(5)], pays))

    every = {
        tuple(tuple(k for k in range(5) if ranks[k] == level) for level in sorted(set(ranks)))
        for ranks in product(range(5), repeat=5)
        if all(ranks[k] < ranks[j] for k in (0, 2, 3) for j in (1, 4)) and ranks[2] == min(ranks)
    }
    assert len(found) == len(set(found))
    assert set(found) == every


@pytest.mark.parametrize("concept", ["perfect", "proper"])
@pytest.mark.parametrize("crash", [-1e5, -1e10, -1e15])
def test_a_catastrophe_removes_no_credible_equilibrium(concept: str, crash: float) -> None:
    games = batch([[[crash, 1.0], [0.0, 0.5]], [[crash, 0.0], [1.0, 0.5]]])

    assert len(solve(games, concept=concept)) == 3


@pytest.mark.parametrize("concept", ["perfect", "proper"])
def test_exact_strategies_and_components_are_kept(concept: str) -> None:
    games = batch(LITERATURE["entry deterrence"][0])

    found, everything = solve(games, concept=concept, exact=True), solve(games, exact=True)

    enters = (Fraction(1), Fraction(0))
    assert found.exact == ((enters, enters),)
    assert found.index is not None
    assert found.index.tolist() == [1]
    assert everything.component is not None
    assert found.component is not None
    place = flat(everything)
    assert flat(found) <= place


@pytest.mark.parametrize("concept", ["perfect", "proper"])
def test_a_game_that_is_not_finite_fails_alone(concept: str) -> None:
    payoffs = np.array([LITERATURE["battle of the sexes"][0]] * 3, dtype=float)
    payoffs[1, 0, 0, 0] = np.nan

    found = solve(batch(payoffs), concept=concept)

    assert found.count.tolist() == [3, 0, 3]
    assert list(found.certificates.verdict) == ["complete", "failed", "complete"]
    assert "finite" in found.certificates[1].reason
