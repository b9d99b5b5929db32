"""Does the search in large two-player games find only equilibria, say what it looked at, and prove what it calls so?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from gametheory import certify
from gametheory.games import Games, strategic
from gametheory.kernels import small_supports
from gametheory.solutions import Solutions
from gametheory.solvers import large, paths, plain, search as search_module, solve
from gametheory.solvers.bases import equilibrium, tables
from gametheory.solvers.task import Task
from gametheory.solvers.whole_paths import exact_end
from gametheory.solvers.zero_sum import opposed, optimal_bases
from tests.library import COUNTED, LITERATURE, batch, oneill, random_games

Payoffs = NDArray[np.float64]


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small games are searched like large ones, so that there is a complete list to compare with."""
    monkeypatch.setattr(large, "enumerable", lambda _: False)


def search(games: Games, **options: object) -> Solutions:
    return large.solve(games, Task(**options))


def fractions(payoffs: Payoffs) -> NDArray[np.object_]:
    return np.asarray(np.vectorize(Fraction, otypes=[object])(payoffs))


def matched(found: Solutions, complete: Solutions) -> list[list[int]]:
    """For each solution of ``found`` the solutions of ``complete``, of the same game, that coincide with it."""
    rows, true = (np.concatenate(own.strategies, axis=1) for own in (found, complete))
    return [
        np.flatnonzero((complete.game == game) & np.isclose(true, row, rtol=1e-9, atol=0.0).all(axis=1)).tolist()
        for game, row in zip(found.game, rows, strict=True)
    ]


def blotto(own: int, its: int) -> Payoffs:
    """Colonel Blotto on two posts: a post and the regiments captured there are a point each (Dresher 1961)."""

    def gain(mine: int, theirs: int) -> int:
        return 0 if mine == theirs else (theirs + 1 if mine > theirs else -(mine + 1))

    table = [[gain(i, j) + gain(own - i, its - j) for j in range(its + 1)] for i in range(own + 1)]
    return np.array([table, np.negative(table)], dtype=float)


def security(values: list[float], guards: int, effect: float) -> Payoffs:
    """A defender guards some targets, an attacker strikes one: its value is lost, less the effect of a guard."""
    sets = list(combinations(range(len(values)), guards))
    table = [[-v * (1 - effect * (t in guarded)) for t, v in enumerate(values)] for guarded in sets]
    return np.array([table, np.negative(table)])


@pytest.mark.parametrize(("shape", "levels"), [((6, 6), 0), ((6, 6), 4), ((4, 7), 3), ((7, 3), 2), ((1, 5), 3)])
@pytest.mark.usefixtures("searched")
def test_every_equilibrium_that_the_search_finds_is_one_of_the_complete_list(
    shape: tuple[int, int], levels: int
) -> None:
    games = random_games(seed=11, count=200, shape=shape, levels=levels)

    found, complete = search(games), solve(games)

    partners = matched(found, complete)
    assert all(len(own) == 1 for own in partners)
    assert len({own[0] for own in partners}) == len(found)
    assert np.all(found.count >= 1)
    if levels == 0:
        assert found.index is not None
        assert complete.index is not None
        assert found.index.tolist() == [complete.index[own[0]] for own in partners]
        assert set(found.certificates.verdict) <= {"partial", "complete"}


@pytest.mark.usefixtures("searched")
def test_the_search_lists_every_pure_equilibrium_and_every_one_with_two_actions_a_player() -> None:
    games = random_games(seed=12, count=200, shape=(7, 6))

    found, complete = search(games), solve(games)

    sizes = [np.array([(own > 0).sum(axis=1) for own in part.strategies]) for part in (found, complete)]
    for wanted in (1, 2):
        counts = [
            np.bincount(part.game[(size == wanted).all(axis=0)], minlength=200)
            for part, size in zip((found, complete), sizes, strict=True)
        ]
        assert counts[0].tolist() == counts[1].tolist()


@pytest.mark.usefixtures("searched")
def test_where_every_path_was_followed_the_indices_of_its_ends_sum_to_one() -> None:
    games = random_games(seed=13, count=100, shape=(8, 8))

    for game in range(100):
        scaled = tables(*games.payoffs[game])
        followed = paths.follow_all(scaled, 1_000, np.inf)
        ends = [equilibrium(scaled, basis) for basis in followed.ends]
        assert followed.started == followed.labels == 16
        assert not followed.cut
        assert not followed.late
        assert sum(one.index for one in ends if one is not None and one.index is not None) == 1


@pytest.mark.parametrize("levels", [0, 3])
def test_a_path_in_floating_point_ends_where_the_path_in_whole_numbers_ends(levels: int) -> None:
    games = random_games(seed=14, count=15, shape=(7, 6), levels=levels)

    for game in range(15):
        scaled, exact = tables(*games.payoffs[game]), fractions(games.payoffs[game])
        for label in range(13):
            end = paths.end_of_path(scaled, ((), ()), label, 1_000, np.inf)
            assert end == exact_end(exact, label, np.inf)


def test_a_path_of_each_label_ends_where_that_of_quantecon_ends() -> None:
    import quantecon.game_theory as qe

    games = random_games(seed=15, count=10, shape=(12, 10))

    for a, b in games.payoffs:
        game = qe.NormalFormGame((qe.Player(a.copy()), qe.Player(np.ascontiguousarray(b.T))))
        scaled = tables(a, b)
        for label in range(22):
            end = paths.end_of_path(scaled, ((), ()), label, 1_000, np.inf)
            assert end is not None
            one = equilibrium(scaled, end)
            assert one is not None
            expected = qe.lemke_howson(game, init_pivot=label)
            assert np.allclose(one.x, expected[0], atol=1e-9)
            assert np.allclose(one.y, expected[1], atol=1e-9)


@pytest.mark.parametrize("levels", [0, 2, 4])
@pytest.mark.usefixtures("searched")
def test_zero_sum_games_have_the_value_of_the_complete_list_and_complete_means_that_it_has_one_member(
    levels: int,
) -> None:
    games = random_games(seed=16, count=150, shape=(5, 6), levels=levels)
    payoffs = games.payoffs.copy()
    payoffs[:, 1] = -payoffs[:, 0]
    payoffs[::2, 1] = 7 - 0.25 * payoffs[::2, 0]
    games = batch(payoffs)

    found, complete = search(games), solve(games)

    pure = [np.bincount(part.game[part.pure], minlength=150).tolist() for part in (found, complete)]
    assert pure[0] == pure[1]
    assert np.all(found.count >= 1)
    value = complete.payoffs[np.unique(complete.game, return_index=True)[1]]
    assert np.allclose(found.payoffs, value[found.game], atol=1e-12)
    assert np.array_equal(found.certificates.verdict == "complete", complete.count == 1)
    assert np.all(found.certificates.index_sum == 1)
    assert found.index is not None
    assert np.all(found.index == 1)
    assert all(len(own) == 1 for own in matched(found, complete))


def test_the_linear_program_leads_to_an_optimal_pair_even_where_its_supports_differ_in_size() -> None:
    games = random_games(seed=26, count=150, shape=(7, 6), levels=3)

    for a in games.payoffs[:, 0]:
        pairs = [equilibrium(tables(a, -a), basis) for basis in optimal_bases(a, 60.0)]
        gaps = [(a @ pair.y).max() - (pair.x @ a).min() for pair in pairs if pair is not None]
        assert min(gaps) < 1e-12


@pytest.mark.usefixtures("searched")
def test_colonel_blotto_with_four_regiments_against_three_is_worth_fourteen_ninths() -> None:
    found = search(batch(blotto(4, 3)))

    assert found.payoffs[0, 0] == pytest.approx(14 / 9, abs=1e-12)
    assert np.allclose(found.strategies[0][0], np.array([4, 0, 1, 0, 4]) / 9, atol=1e-12)
    assert found.certificates[0].verdict == "partial"  # the weaker side has several optimal strategies
    assert "zero-sum" in found.certificates[0].reason


def test_a_large_blotto_game_is_solved_and_both_sides_secure_its_value() -> None:
    payoffs = blotto(90, 70)

    found = solve(batch(payoffs))

    (x,), (y,) = found.strategies
    assert (x @ payoffs[0]).min() == pytest.approx((payoffs[0] @ y).max(), abs=1e-9)
    assert found.payoffs[0, 0] == pytest.approx((x @ payoffs[0]).min(), abs=1e-9)
    assert found.index is not None
    assert found.index.tolist() == [1]


@pytest.mark.parametrize(("guards", "effect", "loss"), [(1, 1.0, 5.106383), (2, 1.0, 3.116883), (1, 0.8, 5.617021)])
@pytest.mark.usefixtures("searched")
def test_security_games_have_the_values_of_their_linear_programs(guards: int, effect: float, loss: float) -> None:
    found = search(batch(security([10, 8, 6, 4], guards, effect)))

    assert found.payoffs[0, 1] == pytest.approx(loss, abs=5e-7)


@pytest.mark.parametrize("size", [30, 300, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_random_zero_sum_game_has_one_equilibrium_and_it_is_proved(size: int) -> None:
    table = np.random.default_rng(size).normal(size=(size, size))

    found = solve(batch([table, -table]))

    (x,), (y,) = found.strategies
    assert (table @ y).max() - (x @ table).min() < 1e-12
    assert found.certificates[0].verdict == "complete"
    assert found.certificates[0].index_sum == 1


@pytest.mark.parametrize("size", [40, 400])
def test_a_diagonal_game_has_the_harmonic_value(size: int) -> None:
    stakes = np.linspace(1.0, 2.0, size)

    found = solve(batch([np.diag(stakes), -np.diag(stakes)]))

    assert found.payoffs[0, 0] == pytest.approx(1 / np.sum(1 / stakes), rel=1e-12)
    assert found.certificates[0].verdict == "complete"


def test_opposed_interests_are_read_up_to_rounding_but_not_beyond() -> None:
    a = np.random.default_rng(0).normal(size=(20, 20))
    spoiled = -a.copy()
    spoiled[3, 4] += 1e-9

    assert opposed(a, 0.1 - 0.3 * a)
    assert opposed(a * 1e15, -a * 1e-9)
    assert not opposed(a, spoiled)
    assert not opposed(a, 2 * a)
    assert opposed(np.zeros((2, 2)), np.ones((2, 2)))
    assert not opposed(np.zeros((2, 2)), np.eye(2))


def test_large_general_games_have_equilibria_and_the_verdict_says_what_was_looked_at() -> None:
    games = random_games(seed=17, count=2, shape=(40, 30))

    found = solve(games, seconds=20.0)

    for certificate in found.certificates:
        assert certificate.verdict == "partial"
        assert certificate.found > 70
        assert "all 70 labels" in certificate.reason
        assert "every pure equilibrium" in certificate.reason
    assert np.all(found.regret < 1e-12)
    assert found.component is not None
    assert found.certificates.found.tolist() == found.count.tolist()


def test_a_random_game_of_a_hundred_actions_each_has_a_certified_equilibrium() -> None:
    found = solve(random_games(seed=18, count=1, shape=(100, 100)), seconds=3.0)

    assert len(found) >= 1
    assert np.all(found.regret < 1e-12)
    assert found.certificates[0].verdict == "partial"


def test_each_game_of_a_mixed_batch_goes_its_own_way() -> None:
    payoffs = np.random.default_rng(19).integers(0, 3, (5, 2, 20, 20)).astype(float)
    payoffs[1, 0, :, :10] = payoffs[1, 0, :, 10:]
    payoffs[1, 1] = -payoffs[1, 0]
    payoffs[2, 0, 3, 3] = np.nan
    payoffs[3, :, 4:] = -1e3  # the row player never uses these, and then four rows are left
    payoffs[3, 0, 4:] -= 1.0
    payoffs[4, 1] = 5.0

    found = solve(batch(payoffs), seconds=20.0)

    verdicts, reasons = found.certificates.verdict.tolist(), found.certificates.reason.tolist()
    assert verdicts == ["partial", "partial", "failed", "degenerate-complete", "partial"]
    assert ["zero-sum" in text for text in reasons] == [False, True, False, False, False]
    assert "finite" in reasons[2]
    assert "vertex" in reasons[3]
    assert found.told.tolist() == [False, True, True, True, False]  # games 0 and 4 are tied
    assert [one.index_sum for one in found.certificates] == [None, 1, 0, 1, None]
    for game in (1, 2, 3):
        own, alone = found.of(game), solve(batch(payoffs[game]))
        assert np.array_equal(alone.strategies[1], own.strategies[1])
        assert alone.index is not None
        assert own.index is not None
        assert alone.index.tolist() == own.index.tolist()
        assert own.tags == alone.tags
        assert own.frame().equals(alone.frame())


@pytest.mark.parametrize("crash", [-1e5, -1e10, -1e15])
@pytest.mark.usefixtures("searched")
def test_a_crash_does_not_hide_the_stakes_from_the_search(crash: float) -> None:
    games = batch([[[crash, 1.0], [0.0, 0.5]], [[crash, 0.0], [1.0, 0.5]]])

    found, complete = search(games), solve(games)

    assert len(found) == 3
    assert sorted(matched(found, complete)) == [[0], [1], [2]]


@pytest.mark.parametrize("kind", ["columns", "cells", "crash"])
@pytest.mark.usefixtures("searched")
def test_badly_scaled_games_have_equilibria_by_exact_arithmetic(kind: str) -> None:
    generator = np.random.default_rng(20)
    payoffs = generator.normal(size=(2, 2, 14, 14))
    if kind == "columns":
        payoffs[:, 0] *= generator.choice([1e-9, 1.0, 1e9], (2, 1, 14))
        payoffs[:, 1] *= generator.choice([1e-9, 1.0, 1e9], (2, 14, 1))
    if kind == "cells":
        payoffs *= generator.choice([1e-9, 1.0, 1e9], payoffs.shape)
    if kind == "crash":
        payoffs[generator.random(payoffs.shape) < 0.1] = -1e15
    games = batch(payoffs)

    found, exact = search(games, seconds=600.0), search(games, seconds=600.0, exact=True)

    assert np.all(found.count >= 1)
    assert found.count.tolist() == exact.count.tolist()
    assert all(len(own) == 1 for own in matched(found, exact))
    for game in range(2):
        own = exact.of(game)
        for one in own.exact or ():
            assert certify.exact_regret(fractions(payoffs[game]), one) == 0


@pytest.mark.parametrize("last_row", [None, [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
@pytest.mark.usefixtures("searched")
def test_where_rounding_hides_an_equilibrium_whole_numbers_find_it(last_row: list[float] | None) -> None:
    # beside -1e18 no float of the scaled table tells the first column's 0, 1 and -1 apart
    wins = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
    a = np.vstack([wins, [-1e18, 1.5, 1.5]])
    b = -a if last_row is None else np.vstack([-wins, last_row])
    scaled = tables(a, b)

    found = search(batch([a, b]))

    ends = [paths.end_of_path(scaled, ((), ()), label, 100, np.inf) for label in range(7)]
    assert ((0, 1, 2), (0, 1, 2)) not in ends
    thirds = [np.isclose(own[:, :3], 1 / 3, rtol=1e-12).all(axis=1) for own in found.strategies]
    assert (thirds[0] & thirds[1]).sum() == 1
    assert all(len(own) == 1 for own in matched(found, solve(batch([a, b]), exact=True)))


@pytest.mark.usefixtures("searched")
def test_duplicated_rows_and_constant_payoffs_are_ties_that_leave_the_index_open() -> None:
    payoffs = random_games(seed=21, count=20, shape=(5, 5)).payoffs.copy()
    payoffs[:, :, 3] = payoffs[:, :, 1]
    payoffs[:, :, 4] = payoffs[:, :, 0]

    found, complete = search(batch(payoffs)), solve(batch(payoffs))

    assert all(len(own) == 1 for own in matched(found, complete))
    assert not found.told.all()
    assert np.array_equal(found.told, [one.index_sum is not None for one in found.certificates])
    constant = search(batch(np.ones((2, 30, 20))))
    assert len(constant) == 600
    assert constant.certificates[0].verdict == "degenerate-complete"
    assert constant.certificates[0].index_sum == 1


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (6, 1), (3, 4)])
@pytest.mark.usefixtures("searched")
def test_games_without_a_choice_that_matters_have_the_list_of_their_vertices(
    shape: tuple[int, int], *, exact: bool
) -> None:
    payoffs = random_games(seed=27, count=40, shape=shape, levels=2).payoffs.copy()
    if 1 not in shape:
        payoffs[:, 0], payoffs[:, 1] = payoffs[:, 0, :1], payoffs[:, 1, :, :1]  # own actions change nothing
    games = batch(payoffs)

    found, complete = search(games, exact=exact), solve(games, exact=exact)

    assert found.frame().equals(complete.frame())
    assert found.exact == complete.exact
    assert found.certificates.index_sum is not None
    assert np.all(found.certificates.index_sum == 1)


@pytest.mark.parametrize("shape", [(1, 1_000), (1_000, 1), (1, 63), (30, 40)])
def test_large_games_without_a_choice_that_matters_are_listed_completely(shape: tuple[int, int]) -> None:
    tied = batch(np.zeros((2, *shape)))
    single = batch(np.broadcast_to(np.arange(float(shape[0] * shape[1])).reshape(shape), (2, *shape)))

    all_profiles, best = solve(tied), solve(single)

    assert len(all_profiles) == shape[0] * shape[1]
    assert all_profiles.certificates[0].verdict == "degenerate-complete"
    assert all_profiles.certificates[0].index_sum == 1
    assert all_profiles.component is not None
    assert not all_profiles.component.any()
    assert best.support(0) == ((shape[0] - 1,), (shape[1] - 1,))
    assert list(best.certificates.verdict) == ["complete"]


def test_exactly_solved_payoffs_that_differ_by_rounding_are_no_ties() -> None:
    payoffs = np.ones((2, 33, 33))
    payoffs[0, np.arange(33), np.arange(33)] += 1e-15
    payoffs[1, np.arange(33), np.arange(33)] -= 1e-15

    rounded, exact = solve(batch(payoffs)), solve(batch(payoffs), exact=True)

    assert len(rounded) == 33 * 33
    assert rounded.certificates[0].verdict == "degenerate-complete"
    assert len(exact) == 1
    assert np.allclose(exact.strategies[0], 1 / 33, rtol=0.2)  # pennies on a diagonal, in units of the last place
    assert np.all(exact.regret == 0)


def test_what_is_left_of_a_large_game_may_be_one_row_of_many_ties() -> None:
    payoffs = np.zeros((2, 70, 80))
    payoffs[0, 5] = 1.0
    payoffs[1, 5, :66] = 2.0

    found = solve(batch(payoffs))

    assert found.certificates[0].verdict == "degenerate-complete"
    assert [found.support(s) for s in range(len(found))] == [((5,), (k,)) for k in range(66)]


def test_a_list_of_pure_equilibria_that_is_cut_is_partial_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MOST_PURE", 100)

    found = solve(batch(np.ones((2, 40, 30))))

    assert len(found) == 100
    assert found.certificates[0].verdict == "partial"
    assert "of 1200 pure ones 100 are listed" in found.certificates[0].reason


def badly_scaled(kind: str, size: int, seed: int) -> Payoffs:
    """A table of payoffs of very different sizes."""
    generator = np.random.default_rng(seed)
    table = generator.normal(size=(size, size))
    if kind == "crash":
        table[generator.random(table.shape) < 0.05] = -1e15
    if kind == "crash and triumph":
        table[generator.random(table.shape) < 0.05] = 1e15
        table[generator.random(table.shape) < 0.05] = -1e15
    sizes = {"cells": table.shape, "rows": (size, 1), "columns": (1, size)}
    return table * 10.0 ** generator.uniform(-9, 15, sizes[kind]) if kind in sizes else table


@pytest.mark.parametrize("kind", ["crash", "crash and triumph", "cells", "rows", "columns"])
@pytest.mark.parametrize("size", [16, 24, pytest.param(60, marks=pytest.mark.slow)])
def test_badly_scaled_zero_sum_games_are_solved_in_fractions_of_any_number_of_cells(
    kind: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "EXACT_CELLS", 1)
    table = badly_scaled(kind, size, seed=28)
    games = batch([table, -table])

    found, exact = solve(games, seconds=600.0), solve(games, seconds=600.0, exact=True)

    assert found.certificates[0].verdict == "complete"
    assert exact.exact is not None
    assert len(exact) == 1
    assert certify.exact_regret(fractions(games.payoffs[0]), exact.exact[0]) == 0
    assert matched(found, exact) == [[0]]


def test_where_fractions_refute_an_optimal_pair_another_one_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.random.default_rng(29).normal(size=(16, 16))
    core = search_module.Core(batch([table, -table]), np.inf, exact=False)
    pair = equilibrium(core.tables, optimal_bases(table, 60.0)[0])
    assert pair is not None
    wrong = ((0,), (0,)), replace(pair, index=None)
    monkeypatch.setattr(search_module, "_first", lambda *_: wrong)

    found = search_module.zero_sum(core)

    assert found.verdict == "complete"
    assert np.allclose(found.x[0], pair.x)


def test_the_time_of_compiling_is_not_taken_from_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, compiled = [0.0], small_supports.two_by_two

    def compiling(*arguments: object) -> int:
        if clock[0] < 1e6:
            clock[0] += 1e6  # the first call takes long
        return int(compiled(*arguments))

    monkeypatch.setattr(small_supports, "two_by_two", compiling)
    for module in (large, search_module, paths):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    large.warm.cache_clear()

    found = solve(random_games(seed=30, count=1, shape=(16, 16)), seconds=5.0)

    assert clock[0] > 0
    assert "all 32 labels" in found.certificates[0].reason
    assert "time was up" not in found.certificates[0].reason


@pytest.mark.parametrize("name", ["rock paper scissors", "segment", "textbook tie", "coordination 4x4", "winkels"])
@pytest.mark.usefixtures("searched")
def test_exact_solutions_are_fractions_and_belong_to_the_complete_list(name: str) -> None:
    payoffs = (LITERATURE.get(name) or COUNTED[name])[0]

    found, complete = search(batch(payoffs), exact=True), solve(batch(payoffs), exact=True)

    assert found.exact
    assert len(found.exact) == len(found) == len(set(found.exact))
    assert set(found.exact) <= set(complete.exact or ())
    assert np.all(found.regret == 0)


@pytest.mark.usefixtures("searched")
def test_oneills_game_is_proved_to_have_one_equilibrium_without_its_vertices() -> None:
    found = search(batch(oneill()))

    assert np.allclose(found.strategies[0][0], [0.2, 0.2, 0.2, 0.4])
    assert found.certificates[0].verdict == "complete"


def test_a_large_game_with_dominated_actions_is_listed_completely() -> None:
    payoffs = np.random.default_rng(22).normal(size=(2, 60, 60))
    payoffs[0, 5:] -= 100.0
    payoffs[1, :, 4:] -= 100.0

    found, small = solve(batch(payoffs)), solve(batch(payoffs[:, :5, :4]))

    assert found.certificates[0].verdict == "complete"
    assert np.allclose(found.strategies[0][:, :5], small.strategies[0])
    assert not found.strategies[0][:, 5:].any()


def test_a_path_that_is_given_up_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LIMITS", (1,))
    monkeypatch.setattr(paths, "CHUNK", 1)
    found = solve(batch(np.random.default_rng(23).normal(size=(2, 20, 20))))

    assert "pivots" in found.certificates[0].reason
    assert found.certificates[0].verdict == "partial"


def test_a_search_without_time_fails_or_is_partial_and_never_complete() -> None:
    found = solve(random_games(seed=24, count=3, shape=(60, 60)), seconds=1e-6)

    for certificate in found.certificates:
        assert certificate.verdict in {"partial", "failed"}
        assert "time was up" in certificate.reason


def test_the_number_of_workers_changes_no_byte_of_a_search_that_ends() -> None:
    games = random_games(seed=25, count=6, shape=(16, 15))
    payoffs = games.payoffs.copy()
    payoffs[::2, 1] = -payoffs[::2, 0]

    one, two = (solve(strategic(payoffs), workers=workers, seconds=300.0) for workers in (1, 2))

    assert one.certificates[1].found > 1
    assert [own.tobytes() for own in one.strategies] == [own.tobytes() for own in two.strategies]
    assert list(one.certificates) == list(two.certificates)


def test_the_empty_batch_of_large_games_is_empty() -> None:
    assert len(solve(random_games(seed=0, count=1, shape=(40, 40))[0:0])) == 0
