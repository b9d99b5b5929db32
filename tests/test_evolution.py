"""Which strategies resist every mutant, and where does selection come to rest?"""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from gametheory.errors import InputError
from gametheory.games import Games
from gametheory.solvers import solve
from gametheory.solvers.evolution import Evolution, evolution, strictly_copositive
from tests.library import batch, random_games


def symmetric(*tables: object) -> Games:
    array = np.array(tables, dtype=float)
    return batch(np.stack([array, array.swapaxes(1, 2)], axis=1))


def random_symmetric(*, seed: int, count: int, size: int, levels: int = 0) -> Games:
    return symmetric(*random_games(seed=seed, count=count, shape=(size, size), levels=levels).payoffs[:, 0])


def rock_paper_scissors(win: float, loss: float) -> list[list[float]]:
    return [[0, -loss, win], [win, 0, -loss], [-loss, win, 0]]


def listed(found: Evolution, game: int = 0) -> dict[tuple[float, ...], tuple[bool, str]]:
    chosen = np.flatnonzero(found.game == game)
    return {tuple(np.round(found.points[s], 9)): (bool(found.ess[s]), str(found.stability[s])) for s in chosen}


def flow(table: np.ndarray, start: np.ndarray, steps: int = 4_000, step: float = 0.05) -> np.ndarray:
    """Follow the replicator dynamic by the midpoint rule."""

    def growth(shares: np.ndarray) -> np.ndarray:
        pays = table @ shares
        return np.asarray(shares * (pays - shares @ pays))

    shares = start
    for _ in range(steps):
        shares = np.maximum(shares + step * growth(shares + step / 2 * growth(shares)), 0)
        shares = shares / shares.sum()
    return shares


def test_hawks_and_doves_mix_as_the_cost_of_a_fight_says() -> None:
    # prize 2, injury 4: half are hawks
    assert listed(evolution(symmetric([[-1, 2], [0, 1]]))) == {
        (1.0, 0.0): (False, "unstable"),
        (0.5, 0.5): (True, "stable"),
        (0.0, 1.0): (False, "unstable"),
    }


@pytest.mark.parametrize(
    ("win", "loss", "ess", "stability"), [(2, 1, True, "stable"), (1, 1, False, "undecided"), (1, 2, False, "unstable")]
)
def test_rock_paper_scissors_turns_on_whether_a_win_outweighs_a_loss(
    win: float, loss: float, ess: bool, stability: str
) -> None:
    found = evolution(symmetric(rock_paper_scissors(win, loss)))

    points = listed(found)
    assert points[(0.333333333,) * 3] == (ess, stability)
    assert len(points) == 4
    assert sum(own for own, _ in points.values()) == int(ess)


def test_in_zeemans_game_an_attractor_is_not_evolutionarily_stable() -> None:
    # Zeeman 1980, Lecture Notes in Mathematics 819
    points = listed(evolution(symmetric([[0, 6, -4], [-3, 0, 5], [-1, 3, 0]])))

    assert points[(0.333333333,) * 3] == (False, "stable")
    assert points[(1.0, 0.0, 0.0)] == (True, "stable")


def test_coordination_has_two_stable_customs_and_a_watershed_between_them() -> None:
    points = listed(evolution(symmetric([[3, 0], [0, 1]])))

    assert points == {(1, 0): (True, "stable"), (0.25, 0.75): (False, "unstable"), (0, 1): (True, "stable")}


def test_a_tie_with_a_mutant_is_broken_by_how_mutants_fare_among_themselves() -> None:
    stable, neutral, invaded = (listed(evolution(symmetric([[1, 1], [1, own]]))) for own in (0, 1, 2))

    assert stable[1.0, 0.0] == (True, "stable")
    assert neutral[1.0, 0.0] == (False, "undecided")
    assert invaded[1.0, 0.0][0] is False


def resists_mutants(table: np.ndarray, point: np.ndarray, generator: np.random.Generator) -> bool:
    """Whether a strategy does better than many others nearby against these, by their definition."""
    mutants = np.vstack([np.eye(len(table)), generator.dirichlet(np.full(len(table), 0.3), size=3_000)])
    near = point + 1e-3 * (mutants - point)
    differ = np.abs(near - point).max(axis=1) > 1e-9
    return bool((((point - near) * (near @ table.T)).sum(axis=1)[differ] > 0).all())


@pytest.mark.parametrize("size", [2, 3, 4])
def test_evolutionarily_stable_is_what_resists_all_mutants_nearby(size: int) -> None:
    games = random_symmetric(seed=61, count=40, size=size)
    generator = np.random.default_rng(0)

    found = evolution(games)

    for s, game in enumerate(found.game):
        assert found.ess[s] == resists_mutants(games.payoffs[game, 0], found.points[s], generator)
    assert found.ess.any()


@pytest.mark.parametrize("size", [2, 3, 4])
def test_rest_points_are_those_of_the_linear_system_of_every_set_of_actions(size: int) -> None:
    games = random_symmetric(seed=62, count=30, size=size)

    found = evolution(games)

    for game in range(len(games)):
        table = games.payoffs[game, 0]
        expected = set()
        for used in chain.from_iterable(combinations(range(size), k) for k in range(1, size + 1)):
            shares = np.linalg.solve(table[np.ix_(used, used)], np.ones(len(used)))
            shares /= shares.sum()
            if (shares > 0).all():
                point = np.zeros(size)
                point[list(used)] = shares
                expected.add(tuple(np.round(point, 9)))
        assert set(listed(found, game)) == expected
    assert set(found.certificates.verdict) == {"complete"}


def test_the_dynamic_returns_to_stable_points_and_leaves_unstable_ones() -> None:
    games = random_symmetric(seed=63, count=12, size=3)
    found = evolution(games)
    towards = np.array([0.5, 0.3, 0.2])

    for s, game in enumerate(found.game):
        start = found.points[s] + 1e-3 * (towards - found.points[s])
        slowest = np.abs(found.eigenvalues[s].real).min()
        steps = int(min(20_000, 600 / slowest))
        end = flow(games.payoffs[game, 0], start, steps=steps)
        away = np.abs(end - found.points[s]).max()
        assert (away < 1e-4) == (found.stability[s] == "stable")


@pytest.mark.parametrize(("size", "levels"), [(3, 0), (3, 3), (4, 3), (5, 0)])
def test_stable_strategies_are_symmetric_equilibria_and_none_lies_within_anothers_best_replies(
    size: int, levels: int
) -> None:
    # Bishop and Cannings 1976, Advances in Applied Probability 8
    games = random_symmetric(seed=64, count=40, size=size, levels=levels)

    found, solutions = evolution(games), solve(games)

    for game in range(len(games)):
        x, y = (np.round(own, 7) for own in solutions.of(game).strategies)
        equilibria = {tuple(a) for a, b in zip(x, y, strict=True) if (a == b).all()}
        stable = found.points[(found.game == game) & found.ess]
        assert {tuple(np.round(point, 7)) for point in stable} <= equilibria
        for one, other in combinations(stable, 2):
            assert not ((one > 0) <= (other > 0)).all()
            assert not ((other > 0) <= (one > 0)).all()
    assert (found.stability[found.ess] == "stable").all()


@given(st.data())
@settings(max_examples=40)
def test_strict_copositivity_is_that_of_a_fine_grid(data: st.DataObject) -> None:
    entries = data.draw(st.lists(st.integers(-3, 3), min_size=6, max_size=6))
    form = np.zeros((3, 3), dtype=int)
    form[np.triu_indices(3)] = entries
    form = form + np.triu(form, 1).T
    steps = 60
    grid = np.array([(a, b, steps - a - b) for a in range(steps + 1) for b in range(steps + 1 - a)])
    least = np.einsum("zi,ij,zj->z", grid, form, grid).min() / steps**2

    strict = strictly_copositive(form.astype(object))

    assert strict == (least > 0) or abs(least) < 0.01  # the least point may lie between those of the grid
    assert not (strict and least <= 0)


def test_a_continuum_of_rest_points_makes_the_verdict_partial() -> None:
    constant, duplicate = (
        evolution(symmetric(np.zeros((3, 3)))),
        evolution(symmetric([[0, 0, 1], [0, 0, 1], [1, 1, 0]])),
    )

    for found in (constant, duplicate):
        assert found.certificates[0].verdict == "partial"
        assert not found.ess.any()
        assert np.eye(3).tolist() == sorted((p for p in found.points.tolist() if 1.0 in p), reverse=True)


@pytest.mark.parametrize("crash", [-1e5, -1e10, -1e15])
def test_a_catastrophe_leaves_a_rare_stable_share_of_daring(crash: float) -> None:
    found = evolution(symmetric([[crash, 1], [0, 0.5]]))

    assert found.ess.tolist() == [False, True, False]
    assert found.points[1, 0] == pytest.approx(0.5 / (0.5 - crash), rel=1e-12)
    assert found.stability.tolist() == ["unstable", "stable", "unstable"]


@given(seed=st.integers(0, 60), scale=st.sampled_from([2.0**-20, 4.0]), column=st.integers(-3, 3))
@settings(max_examples=10)
def test_scale_and_what_only_the_opponent_decides_do_not_matter(seed: int, scale: float, column: int) -> None:
    games = random_symmetric(seed=seed, count=3, size=3, levels=5)
    moved = symmetric(*(scale * (games.payoffs[:, 0] + column * np.array([1.0, 0.0, -2.0]))))

    base, found = evolution(games), evolution(moved)

    assert found.exact == base.exact
    assert found.ess.tolist() == base.ess.tolist()
    assert found.stability.tolist() == base.stability.tolist()


def test_one_action_is_stable() -> None:
    assert listed(evolution(symmetric([[3]]))) == {(1.0,): (True, "stable")}


def test_games_that_are_not_symmetric_or_not_finite_fail_alone() -> None:
    payoffs = symmetric([[-1, 2], [0, 1]], [[-1, 2], [0, 1]], [[-1, 2], [0, 1]]).payoffs.copy()
    payoffs[1, 0, 0, 1] = 7
    payoffs[2, :, 0, 0] = np.inf

    found = evolution(batch(payoffs))

    assert list(found.certificates.verdict) == ["complete", "failed", "failed"]
    assert "symmetric" in found.certificates[1].reason
    assert "finite" in found.certificates[2].reason
    assert set(found.game) == {0}


@pytest.mark.parametrize("shape", [(2, 3), (2, 2, 2), (15, 15)])
def test_games_of_another_form_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="expected two players"):
        evolution(random_games(seed=0, count=1, shape=shape))
