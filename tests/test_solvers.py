"""Do the solvers find what their registry lines claim, on random, literature and tied games?"""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from gametheory.certify import index_sums
from gametheory.errors import InputError, UnknownNameError
from gametheory.games import strategic
from gametheory.kernels.equilibria import LIMIT, solve_block
from gametheory.solutions import Solutions
from gametheory.solvers import SOLVERS, solve, solver
from gametheory.solvers.task import Task
from tests import batch_oracle, oracle
from tests.library import COUNTED, LITERATURE, batch, oneill, random_games

CHICKEN = [[[-1.0, 1.0], [0.0, 0.5]], [[-1.0, 0.0], [1.0, 0.5]]]
SHAPES = [(2, 2), (3, 3), (4, 3), (2, 5), (5, 5), (1, 4), (4, 1)]


def points(solutions: Solutions, game: int = 0) -> list[tuple[float, ...]]:
    """The solutions of one game as sorted flat tuples, rounded so that the last bits do not decide the order."""
    own = solutions.of(game)
    flat = np.concatenate(own.strategies, axis=1)
    return sorted(tuple(row) for row in np.round(flat, 9).tolist())


def rounded(found: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    return sorted(tuple(round(value, 9) for value in row) for row in found)


@pytest.mark.parametrize("name", LITERATURE)
def test_games_of_the_literature_have_their_known_equilibria_and_indices(name: str) -> None:
    payoffs, count, indices = LITERATURE[name]

    for exact in (False, True):
        solutions = solve(batch(payoffs), exact=exact)

        assert len(solutions) == count
        assert solutions.component is not None
        assert solutions.index is not None
        by_component = dict(zip(solutions.component.tolist(), solutions.index.tolist(), strict=True))
        assert sorted(by_component.values()) == sorted(indices)
        assert solutions.certificates[0].index_sum == 1
        assert solutions.certificates[0].verdict in {"complete", "degenerate-complete"}


@pytest.mark.parametrize("name", COUNTED)
@pytest.mark.parametrize("exact", [False, True])
def test_hard_games_have_their_published_number_of_extreme_equilibria(name: str, exact: bool) -> None:
    payoffs, count, tied = COUNTED[name]

    solutions = solve(batch(payoffs), exact=exact)

    assert len(solutions) == count
    assert solutions.certificates[0].verdict == ("degenerate-complete" if tied else "complete")


def test_oneills_game_has_one_equilibrium_with_two_fifths_on_the_joker() -> None:
    solutions = solve(batch(oneill()), exact=True)

    mixture = (Fraction(1, 5), Fraction(1, 5), Fraction(1, 5), Fraction(2, 5))
    assert solutions.exact == ((mixture, mixture),)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("levels", [0, 4])
def test_every_equilibrium_has_no_regret_and_the_indices_of_a_game_sum_to_one(
    shape: tuple[int, ...], levels: int
) -> None:
    games = random_games(seed=1, count=500, shape=shape, levels=levels)

    solutions = solve(games)

    span = np.ptp(games.payoffs, axis=(1, 2, 3))[solutions.game]
    assert np.all(solutions.regret <= 1e-12 * span)
    assert solutions.certificates.index_sum is not None
    assert np.all(solutions.certificates.index_sum == 1)
    assert set(solutions.certificates.verdict) <= {"complete", "degenerate-complete"}
    assert np.all(solutions.count >= 1)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 3), (4, 4)])
def test_generic_games_have_an_odd_number_of_equilibria_each_its_own_component(shape: tuple[int, ...]) -> None:
    solutions = solve(random_games(seed=2, count=1_000, shape=shape))

    assert np.all(solutions.count % 2 == 1)
    assert solutions.component is not None
    assert np.all(
        np.bincount(solutions.game)
        == 1
        + np.array([own.max() for own in np.split(solutions.component, np.flatnonzero(np.diff(solutions.game)) + 1)])
    )


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_tied_games_give_exactly_the_extreme_equilibria_of_two_other_methods(count: int) -> None:
    games = random_games(seed=3, count=count, shape=(4, 4), levels=4)

    solutions = solve(games)

    cramer = batch_oracle.extreme_equilibria(games.payoffs.astype(np.int64))
    wrong = [game for game in range(count) if points(solutions, game) != rounded(cramer[game])]
    assert wrong == []
    for game in range(0, count, max(count // 500, 5)):
        a, b = [[[Fraction(int(v)) for v in row] for row in table] for table in games.payoffs[game]]
        assert points(solutions, game) == rounded(
            [tuple(map(float, x + y)) for x, y in oracle.extreme_equilibria(a, b)]
        )


@pytest.mark.parametrize("levels", [2, 3, 0])
@pytest.mark.parametrize("shape", [(2, 3), (3, 3), (4, 2)])
def test_exact_mode_equals_brute_force_to_the_last_digit(shape: tuple[int, ...], levels: int) -> None:
    games = random_games(seed=4, count=40, shape=shape, levels=levels)

    solutions = solve(games, exact=True)

    assert solutions.exact is not None
    for game in range(len(games)):
        a, b = [[[Fraction(v) for v in row] for row in table.tolist()] for table in games.payoffs[game]]
        assert set(solutions.of(game).exact or ()) == oracle.extreme_equilibria(a, b)
    assert np.all(solutions.regret == 0)


@pytest.mark.skipif(shutil.which("lrsnash") is None, reason="Debian's lrslib is not installed")
@pytest.mark.parametrize("count", [50, pytest.param(10_000, marks=pytest.mark.slow)])
def test_tied_games_agree_with_lrsnash(count: int, tmp_path: Path) -> None:
    games = random_games(seed=5, count=count, shape=(4, 4), levels=4)

    solutions = solve(games)

    wrong = [g for g in range(count) if points(solutions, g) != rounded(lrsnash(games.payoffs[g], tmp_path))]
    assert wrong == []


def lrsnash(payoffs: np.ndarray, folder: Path) -> list[tuple[float, ...]]:
    """Extreme equilibria of an integer game by the exact program of Avis, Rosenberg, Savani and von Stengel."""
    _, m, n = payoffs.shape
    tables = "\n\n".join("\n".join(" ".join(str(int(v)) for v in row) for row in table) for table in payoffs)
    file = folder / "game"
    file.write_text(f"{m} {n}\n\n{tables}\n")
    printed = subprocess.run(["lrsnash", file], capture_output=True, text=True, check=True).stdout
    found, seconds = [], []
    for line in printed.splitlines():
        words = line.split()
        if words[:1] == ["2"]:
            seconds.append(tuple(float(Fraction(word)) for word in words[1 : n + 1]))
        elif words[:1] == ["1"]:
            first = tuple(float(Fraction(word)) for word in words[1 : m + 1])
            found += [first + second for second in seconds]
            seconds = []
    return found


@pytest.mark.parametrize("crash", [-1e3, -1e5, -1e8, -1e10, -1e15])
def test_a_catastrophic_payoff_hides_no_equilibrium_and_excuses_none(crash: float) -> None:
    payoffs = np.array(CHICKEN)
    payoffs[:, 0, 0] = crash

    solutions = solve(batch(payoffs))

    risk = 0.5 / (0.5 - crash)
    expected = [(0, 1, 1, 0), (risk, 1 - risk, risk, 1 - risk), (1, 0, 0, 1)]
    assert np.allclose(sorted(np.concatenate(solutions.strategies, axis=1).tolist()), expected, rtol=1e-12, atol=0)
    assert np.all(solutions.regret <= 1e-12)


SPOILT = np.array(
    [
        [[0, 0, 0, 2], [0, 0, 0, 2], [0, 0, 0, 0], [0, 0, 0, 0]],
        [[1e9, 0, 0, 0], [1, 1e9, 1, -1e15], [1e9, 0, 0, -1e15], [0, -1e15, 0, 1e9]],
    ]
)


@pytest.mark.parametrize("exact", [False, True])
def test_a_game_that_floating_point_cannot_walk_is_decided_exactly_and_spoils_no_batch(exact: bool) -> None:
    solutions = solve(batch(np.stack([SPOILT, np.zeros((2, 4, 4)), SPOILT])), exact=exact)

    assert set(solutions.certificates.verdict) <= {"complete", "degenerate-complete"}
    assert solutions.count.tolist()[1] == 16
    a, b = [[[Fraction(v) for v in row] for row in table] for table in SPOILT.tolist()]
    expected = rounded([tuple(map(float, x + y)) for x, y in oracle.extreme_equilibria(a, b)])
    assert points(solutions, 0) == points(solutions, 2) == expected


@pytest.mark.parametrize("shape", [(4, 4), (5, 4), (6, 6)])
def test_payoffs_on_five_scales_in_one_game_are_solved_as_in_exact_mode(shape: tuple[int, int]) -> None:
    generator = np.random.default_rng(11)
    scales = np.array([0.0, 1.0, 2.0, -1e15, 1e-9, 1e9])
    games = batch(generator.choice(scales, (25, 2, *shape)))

    plain, exact = solve(games), solve(games, exact=True)

    assert plain.count.tolist() == exact.count.tolist()
    assert set(plain.certificates.verdict) <= {"complete", "degenerate-complete"}
    assert np.all(exact.regret == 0)


@pytest.mark.parametrize("small", [1e-9, 1e-13])
def test_tiny_stakes_beside_huge_ones_are_still_told_apart(small: float) -> None:
    # both swerve is not an equilibrium, however small the gain from standing firm is against the crash
    payoffs = np.array([[[-1e9, small], [0.0, 0.0]], [[-1e9, 0.0], [small, 0.0]]])

    solutions = solve(batch(payoffs))

    assert solutions.pure.tolist() == [True, False, True]
    assert 0 < solutions.strategies[0][1, 0] < 1e-17


def test_duplicated_rows_give_every_extreme_equilibrium() -> None:
    payoffs = np.array([[[3, 1], [3, 1], [0, 2]], [[2, 1], [2, 1], [0, 3]]], dtype=float)

    solutions = solve(batch(payoffs))

    assert points(solutions) == [
        (0.0, 0.0, 1.0, 0.0, 1.0),
        (0.0, 0.75, 0.25, 0.25, 0.75),
        (0.0, 1.0, 0.0, 1.0, 0.0),
        (0.75, 0.0, 0.25, 0.25, 0.75),
        (1.0, 0.0, 0.0, 1.0, 0.0),
    ]
    assert solutions.certificates[0].verdict == "degenerate-complete"


def test_payoffs_equal_up_to_rounding_are_a_tie() -> None:
    payoffs = np.array([[[0.1 + 0.2, 0.0], [0.3, 0.0]], [[1.0, 0.0], [1.0, 0.0]]])

    assert len(solve(batch(payoffs))) == 2
    assert len(solve(batch(payoffs), exact=True)) == 1  # the floats as they stand differ


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_relabelling_scaling_and_swapping_players_map_the_solutions_to_themselves(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from([(2, 2), (3, 2), (3, 3)]))
    whole = st.lists(st.integers(-3, 3), min_size=2 * shape[0] * shape[1], max_size=2 * shape[0] * shape[1])
    payoffs = np.array(data.draw(whole), dtype=float).reshape(2, *shape)
    rows = np.array(data.draw(st.permutations(range(shape[0]))))
    scale, shift = data.draw(st.sampled_from([0.5, 3.0, 1e6])), data.draw(st.integers(-5, 5))
    base = solve(batch(payoffs))

    permuted = solve(batch(payoffs[:, rows]))
    scaled = solve(batch(np.stack([scale * payoffs[0] + shift, payoffs[1]])))
    column = payoffs.copy()
    column[0, :, 0] += shift
    swapped = solve(batch(payoffs[::-1].swapaxes(1, 2)))

    m = shape[0]
    assert rounded([tuple(p[:m][k] for k in rows) + p[m:] for p in points(base)]) == points(permuted)
    assert points(base) == points(scaled)
    assert points(base) == points(solve(batch(column)))
    assert rounded([p[m:] + p[:m] for p in points(base)]) == points(swapped)


def test_own_payoffs_do_not_move_ones_own_mix() -> None:
    base = solve(batch([[[3, 0], [1, 2]], [[0, 3], [2, 1]]]))
    moved = solve(batch([[[5, 0], [1, 2]], [[0, 3], [2, 1]]]))

    assert np.allclose(base.strategies[0], moved.strategies[0])
    assert not np.allclose(base.strategies[1], moved.strategies[1])


@pytest.mark.parametrize("order", ["simultaneous", "p0", "p1"])
def test_the_number_of_workers_changes_no_byte(order: str) -> None:
    games = random_games(seed=6, count=9_000, shape=(3, 3), levels=5)

    one, two = (solve(games, order=order, workers=workers) for workers in (1, 2))

    assert one.payoffs.tobytes() == two.payoffs.tobytes()
    assert [own.tobytes() for own in one.strategies] == [own.tobytes() for own in two.strategies]
    assert list(one.certificates) == list(two.certificates)


def test_batches_that_outgrow_the_memory_they_begin_with_lose_nothing() -> None:
    coordination = np.broadcast_to(np.eye(9), (3, 2, 9, 9)).copy()
    one_indifferent = np.broadcast_to(np.add.outer(np.arange(17.0), np.arange(17.0)), (200, 2, 17, 17)).copy()
    one_indifferent[100] = 0.0
    counts = np.ones(200, dtype=np.int64)
    counts[100] = 17 * 17

    for payoffs, expected in ((coordination, np.full(3, 2**9 - 1)), (one_indifferent, counts)):
        game, x, y, component, index, status = solve_block(payoffs, 10_000)
        assert np.bincount(game).tolist() == expected.tolist()
        assert len(np.unique(np.column_stack([game, x, y]), axis=0)) == expected.sum()
        assert (index_sums(len(payoffs), game, component, index) == 1).all()
        assert not (status & LIMIT).any()


def test_one_game_alone_gives_what_it_gives_in_a_batch() -> None:
    games = random_games(seed=7, count=200, shape=(4, 4), levels=4)

    together = solve(games)

    for game in range(0, 200, 7):
        alone = solve(games[game])
        assert alone.strategies[0].tobytes() == together.of(game).strategies[0].tobytes()
        assert alone.certificates[0] == together.of(game).certificates[0]


@pytest.mark.parametrize("order", ["simultaneous", "row", "column"])
@pytest.mark.parametrize("concept", ["nash", "commitment"])
def test_a_game_that_is_not_finite_fails_alone(order: str, concept: str) -> None:
    if (order, concept) == ("simultaneous", "commitment"):
        return
    payoffs = np.array([CHICKEN, CHICKEN, CHICKEN])
    payoffs[1, 0, 0, 0] = np.nan

    solutions = solve(batch(payoffs), order=order, concept=concept)

    assert [certificate.verdict for certificate in solutions.certificates][1] == "failed"
    assert "finite" in solutions.certificates[1].reason
    assert solutions.count[1] == 0
    assert points(solutions, 0) == points(solutions, 2)
    assert len(points(solutions, 0)) > 0


def brute_force_paths(own: np.ndarray, its: np.ndarray, *, strong: bool) -> set[tuple[int, int]]:
    """Backward induction, one cell at a time."""
    value: dict[int, float] = {}
    replies: dict[int, list[int]] = {}
    for i in range(own.shape[0]):
        best = max(its[i])
        tied = [j for j in range(own.shape[1]) if its[i, j] == best]
        value[i] = (max if strong else min)(own[i, j] for j in tied)
        replies[i] = [j for j in tied if own[i, j] == value[i]]
    top = max(value.values())
    return {(i, j) for i in value if value[i] == top for j in replies[i]}


@pytest.mark.parametrize("leader", ["p0", "p1"])
@pytest.mark.parametrize("levels", [0, 3])
def test_leader_orders_equal_backward_induction_under_both_tie_rules(leader: str, levels: int) -> None:
    games = random_games(seed=8, count=300, shape=(3, 4), levels=levels)

    solutions = solve(games, order=leader)
    exact = solve(games, order=leader, exact=True)

    for game in range(len(games)):
        a, b = games.payoffs[game]
        own, its = (a, b) if leader == "p0" else (b.T, a.T)
        expected = {rule: brute_force_paths(own, its, strong=rule == "strong") for rule in ("strong", "weak")}
        for found in (solutions.of(game), exact.of(game)):
            moves = [own_strategy.argmax(axis=1) for own_strategy in found.strategies]
            paths = list(zip(*(moves if leader == "p0" else moves[::-1]), strict=True))
            for rule, wanted in expected.items():
                differ = expected["strong"] != expected["weak"]
                listed = {path for path, tags in zip(paths, found.tags, strict=True) if not differ or rule in tags}
                assert listed == wanted
                assert differ == any("strong" in tags or "weak" in tags for tags in found.tags)


def test_the_best_mixed_commitment_beats_the_uniform_one_and_nash() -> None:
    games = strategic([[[2, 4], [1, 3]], [[1, 0], [0, 2]]], players=["leader", "follower"])

    solutions = solve(games, order="leader", concept="commitment", exact=True)

    assert solutions.exact == (((Fraction(2, 3), Fraction(1, 3)), (Fraction(0), Fraction(1))),)
    assert solutions.payoffs[0, 0] == pytest.approx(11 / 3, abs=1e-12)


def commitment_by_programs(own: np.ndarray, its: np.ndarray) -> float:
    """The value of commitment by one linear program a reply (Conitzer and Sandholm 2006)."""
    from scipy.optimize import linprog

    values = []
    for reply in range(own.shape[1]):
        program = linprog(
            -own[:, reply],
            A_ub=(its - its[:, [reply]]).T,
            b_ub=np.zeros(own.shape[1]),
            A_eq=np.ones((1, own.shape[0])),
            b_eq=[1.0],
        )
        if program.success:
            values.append(-program.fun)
    return max(values)


@pytest.mark.parametrize("leader", ["p0", "p1"])
@pytest.mark.parametrize("levels", [0, 4])
def test_commitment_values_equal_those_of_linear_programs(leader: str, levels: int) -> None:
    games = random_games(seed=9, count=60, shape=(4, 3), levels=levels)
    number = games.players.index(leader)

    solutions = solve(games, order=leader, concept="commitment")
    exact = solve(games, order=leader, concept="commitment", exact=True)

    assert solutions.count.tolist() == exact.count.tolist()
    for game in range(len(games)):
        a, b = games.payoffs[game]
        own, its = (a, b) if leader == "p0" else (b.T, a.T)
        value = commitment_by_programs(own, its)
        assert np.allclose(solutions.of(game).payoffs[:, number], value, atol=1e-7)
        assert np.allclose(exact.of(game).payoffs[:, number], value, atol=1e-7)


def test_pure_equilibria_of_three_players_are_all_found_and_the_verdict_is_partial() -> None:
    games = random_games(seed=10, count=50, shape=(2, 3, 2), levels=3)

    solutions = solver("pure")(games, Task())

    for game in range(len(games)):
        payoffs = games.payoffs[game]
        expected = {
            profile
            for profile in product(range(2), range(3), range(2))
            if all(
                payoffs[(k, *profile)] >= payoffs[(k, *profile[:k], other, *profile[k + 1 :])]
                for k in range(3)
                for other in range(payoffs.shape[k + 1])
            )
        }
        found = zip(*(own.argmax(axis=1).tolist() for own in solutions.of(game).strategies), strict=True)
        assert set(found) == expected
    assert set(solutions.certificates.verdict) == {"partial"}


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"order": "colum"}, UnknownNameError, "did you mean 'column'"),
        ({"concept": "nsh"}, UnknownNameError, "did you mean 'nash'"),
        ({"concept": "commitment"}, InputError, "name the player who moves first"),
        ({"precision": 2.0}, UnknownNameError, "no option named 'precision'"),
        ({"seconds": 0.0}, InputError, "expected a positive number"),
    ],
)
def test_an_unknown_order_or_concept_is_refused_with_what_to_try(
    options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        solve(batch(CHICKEN), **options)


def test_a_leader_of_three_players_is_refused() -> None:
    with pytest.raises(InputError, match="for two players only; this game has 3"):
        solve(random_games(seed=0, count=1, shape=(2, 2, 2)), order="p0")


def test_every_registry_line_names_a_solver_and_its_claim() -> None:
    from gametheory.solvers.registry import FINDINGS, finding

    for name, entry in SOLVERS.items():
        assert callable(solver(name))
        assert len(entry.finds.split()) > 3
    for name, found in FINDINGS.items():
        assert callable(finding(name))
        assert len(found.finds.split()) > 3


def test_a_very_large_game_is_not_silently_called_complete() -> None:
    games = strategic(np.random.default_rng(0).normal(size=(1, 2, 40, 40)))

    solutions = solve(games)

    assert solutions.certificates[0].verdict == "partial"


@pytest.mark.parametrize("concept", sorted({entry.concept for entry in SOLVERS.values()}))
@pytest.mark.parametrize("shape", [(3, 2), (2, 2, 2)])
def test_solutions_of_an_empty_batch_are_empty(concept: str, shape: tuple[int, ...]) -> None:
    games = random_games(seed=0, count=1, shape=shape)[0:0]
    order = "p0" if concept == "commitment" else "simultaneous"
    if len(shape) > 2 and not any(entry.players != 2 for entry in SOLVERS.values() if entry.concept == concept):
        return

    solutions = solve(games, order=order, concept=concept)

    assert len(solutions) == 0
    assert len(solutions.certificates) == 0


@pytest.mark.parametrize("concept", sorted({entry.concept for entry in SOLVERS.values()}))
def test_no_concept_lets_a_game_that_is_not_finite_touch_its_neighbours(concept: str) -> None:
    payoffs = np.array([CHICKEN, CHICKEN, CHICKEN])
    payoffs[1, 0, 0, 0] = np.inf
    order = "row" if concept == "commitment" else "simultaneous"

    solutions = solve(batch(payoffs), order=order, concept=concept)

    assert solutions.certificates[1].verdict == "failed"
    assert points(solutions, 0) == points(solutions, 2)
    assert points(solutions, 0) == points(solve(batch(payoffs[:1]), order=order, concept=concept))
