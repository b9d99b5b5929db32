"""Do the solvers of trees agree with slow and simple searches on random trees, tied ones among them?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from gametheory.games import strategic
from gametheory.games.extensive import ExtensiveGames, Tree
from gametheory.solutions import COMPLETE, DEGENERATE, PARTIAL
from gametheory.solvers import solve
from gametheory.solvers.trees import solve_trees
from gametheory.solvers.trees.assessments import assessments
from gametheory.solvers.trees.cells import Point, System, settle
from gametheory.solvers.trees.certificate import check, subgame_gains
from gametheory.solvers.trees.polynomials import add, constant, multiply, unknown
from tests.tree_library import at_once, grow, random_tree, stacked

FloatArray = NDArray[np.float64]


def pure_profiles(tree: Tree) -> Iterator[FloatArray]:
    for choice in product(*(range(len(own.actions)) for own in tree.sets)):
        behaviour = np.zeros(tree.move_count)
        behaviour[tree.first_move[:-1] + np.array(choice)] = 1.0
        yield behaviour


def after_mistakes(tree: Tree, behaviour: FloatArray, chances: FloatArray, seed: int) -> FloatArray:
    """Beliefs that random orders and weights of mistakes lead to, straight from the definition."""
    random = np.random.default_rng(seed)
    orders, weights = random.integers(1, 4, tree.move_count), random.uniform(0.05, 2, tree.move_count)
    order, weight = np.zeros(len(tree)), np.ones(len(tree))
    for node in range(1, len(tree)):
        move, before = tree.move_to[node], tree.parent[node]
        order[node], weight[node] = order[before], weight[before] * chances[node]
        if move >= 0 and behaviour[move] == 0:
            order[node] += orders[move]
            weight[node] *= weights[move]
    beliefs = np.zeros(len(tree))
    for own in tree.sets:
        nodes = list(own.nodes)
        share = weight[nodes] * (order[nodes] == order[nodes].min())
        beliefs[nodes] = share / share.sum()
    return beliefs


def is_rational(games: ExtensiveGames, behaviour: FloatArray, beliefs: FloatArray) -> bool:
    """Whether a pure profile is best at every information set, with these beliefs."""
    tree = games.tree
    values = np.zeros((len(tree), len(tree.players)))
    values[tree.ends] = games.payoffs[0].T
    for node in range(len(tree) - 1, 0, -1):
        move = tree.move_to[node]
        values[tree.parent[node]] += (behaviour[move] if move >= 0 else games.chances[0, node]) * values[node]
    for number, own in enumerate(tree.sets):
        first = tree.first_move[number]
        pays = [
            sum(beliefs[node] * values[tree.children[node][place], own.player] for node in own.nodes)
            for place in range(len(own.actions))
        ]
        if max(pays) - pays[int(behaviour[first : first + len(pays)].argmax())] > 1e-9:
            return False
    return True


SMALL = [random_tree(seed, depth=2 + seed % 2, players=2 + seed % 3 // 2, tied=seed % 4 == 0) for seed in range(60)]


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_every_pure_profile_that_mistakes_support_is_listed(start: int) -> None:
    met = 0
    for games in SMALL[start : start + 20]:
        found = solve_trees(games, order="sequential")
        listed = {tuple(row) for row in found.behaviour.round(6).tolist()}
        for behaviour in pure_profiles(games.tree):
            if any(
                is_rational(games, behaviour, after_mistakes(games.tree, behaviour, games.chances[0], seed))
                for seed in range(8)
            ):
                met += 1
                assert tuple(behaviour.tolist()) in listed
    assert met > 15


def test_every_listed_solution_is_confirmed_and_refines_the_one_before() -> None:
    for games in SMALL[::2]:
        kept, perfect = (solve_trees(games, order=order) for order in ("sequential", "subgame_perfect"))
        seen = check(games, kept.game, kept.behaviour, kept.beliefs)
        assert (seen.valid & seen.no_set_gain & seen.no_plan_gain & seen.consistent).all()
        assert subgame_gains(games, kept.game, kept.behaviour)[1].all()
        assert subgame_gains(games, perfect.game, perfect.behaviour)[1].all()
        assert len(kept)


def test_a_game_in_which_all_move_at_once_has_its_nash_equilibria_for_sequential_ones() -> None:
    random = np.random.default_rng(1)
    for number in range(24):
        shape = [(2, 2), (3, 3), (2, 3), (3, 2)][number % 4]
        payoffs = random.integers(0, 4 if number % 2 else 100, (2, *shape)).astype(float)
        found, table = solve_trees(at_once(payoffs), order="sequential"), solve(strategic(payoffs))
        expected = np.concatenate(table.strategies, axis=1)

        assert found.certificates[0].verdict in (COMPLETE, DEGENERATE)
        assert len(found) == len(expected)
        assert np.abs(found.behaviour[:, np.newaxis] - expected).max(axis=2).min(axis=1).max() < 1e-7


def test_three_players_at_once_have_no_equilibrium_that_is_not_listed() -> None:
    random = np.random.default_rng(2)
    whole = 0
    for _ in range(12):
        payoffs = random.permutation(24).reshape(3, 2, 2, 2).astype(float)
        found = solve_trees(at_once(payoffs), order="sequential")
        table = solve(strategic(payoffs, players=["1", "2", "3"]))
        expected = np.concatenate(table.strategies, axis=1)

        distance = np.abs(found.behaviour[np.newaxis] - expected[:, np.newaxis]).max(axis=2)
        assert distance.min(axis=1).max() < 1e-6
        if found.certificates[0].verdict == COMPLETE:
            whole += 1
            assert table.certificates[0].verdict != COMPLETE or len(found) == len(expected)
    assert whole >= 10


def test_backward_induction_and_the_search_agree_on_trees_of_perfect_information() -> None:
    trees = [random_tree(seed, depth=3, join=0.0) for seed in range(12)]
    for order in ("subgame_perfect", "sequential"):
        quick = [solve_trees(games, order=order) for games in trees]
        for games, found in zip(trees, quick, strict=True):
            searched = assessments(
                games, everywhere=order == "sequential", rows=np.ones(1, dtype=bool), deadline=np.inf
            )
            assert np.array_equal(found.behaviour, searched.behaviour)


def test_ties_of_perfect_information_leave_exactly_the_pure_profiles_without_a_better_move() -> None:
    for seed in range(8):
        games = random_tree(seed, depth=3, join=0.0, tied=True)
        alone = np.zeros(len(games.tree))
        for own in games.tree.sets:
            alone[own.nodes[0]] = 1.0
        expected = {
            tuple(behaviour.tolist()) for behaviour in pure_profiles(games.tree) if is_rational(games, behaviour, alone)
        }
        found = solve_trees(games, order="subgame_perfect")
        pure = {tuple(row.tolist()) for row in found.behaviour if set(row.tolist()) <= {0.0, 1.0}}

        assert pure == expected


def test_conditions_with_two_roots_give_both_and_drop_what_lies_outside() -> None:
    count, one = 3, constant(np.ones(3))
    u, v = unknown(0, count), unknown(1, count)
    goals = constant(np.array([0.24, 0.25, 0.3]))
    equations = (add(add(u, v), one, -1.0), add(multiply(u, v), goals, -1.0))
    lifted = (add(equations[0], multiply(multiply(u, v), constant(np.zeros(3)))), add(equations[1], equations[0]))
    for chosen in (equations, lifted):
        bounds = tuple(bound for x in (u, v) for bound in (x, add(one, x, -1.0)))
        met: dict[int, set[float]] = {0: set(), 1: set(), 2: set()}
        for outcome in settle(System(np.arange(count), chosen, bounds, frozenset(), {})):
            assert isinstance(outcome, Point)
            for row, value in zip(outcome.rows.tolist(), outcome.known[0].tolist(), strict=True):
                met[row].add(round(value, 6))

        assert met == {0: {0.4, 0.6}, 1: {0.5}, 2: set()}


def test_where_own_play_excludes_a_set_the_best_action_against_the_others_is_shown() -> None:
    after = ("later", 0, {"low": (1, 0), "high": (2, 0)})
    reply = ("reply", 1, {"kind": after, "harsh": (-9, 1)})
    found = solve_trees(grow(("1", "2"), ("first", 0, {"in": reply, "out": (0, 0)})))
    hidden = (
        "chance",
        {"x": (0.9, ("later", 0, {"a": (3, 0), "b": (0, 0)})), "y": (0.1, ("later", 0, {"a": (0, 0), "b": (9, 0)}))},
    )
    other = solve_trees(grow(("1", "2"), ("first", 0, {"in": hidden, "out": (9, 0)})))

    assert all(row[-1] == 1 for row in found.behaviour.tolist())
    assert other.behaviour.tolist() == [[0, 1, 1, 0]]


def test_an_excluded_set_shows_what_pays_more_by_however_little_and_what_errors_favour_where_both_pay_the_same() -> (
    None
):
    def after(small: float) -> ExtensiveGames:
        """The others choose kind; if ever they choose harsh, high pays a thousand times as much as low."""
        low, high = {"kind": (1 + small, 0), "harsh": (0, -1)}, {"kind": (1, 0), "harsh": (1_000, -1)}
        later = ("later", 0, {"low": ("reply", 1, low), "high": ("reply", 1, high)})
        return grow(("1", "2"), ("first", 0, {"in": later, "out": (2_000, 0)}))

    shown = [solve_trees(after(small)).behaviour[0].round(9).tolist() for small in (1e-7, 0.0)]

    assert shown == [[0, 1, 1, 0, 1, 0], [0, 1, 0, 1, 1, 0]]


def test_equilibria_that_use_other_moves_are_told_apart_however_near_they_are() -> None:
    entry = {"yield": (-5e-10, 0), "fight": (1, 0)}
    found = solve_trees(
        grow(
            ("1", "2"),
            ("first", 0, {"in": ("reply", 1, entry), "out": ("reply", 1, {"yield": (0, 0), "fight": (0, 0)})}),
        )
    )

    kept = {tuple(row) for row in found.used.tolist()}
    assert {(False, True, True, False), (False, True, True, True)} <= kept


def test_a_batch_of_random_payoffs_is_solved_as_its_games_are() -> None:
    random = np.random.default_rng(3)
    one = random_tree(5, depth=3, join=1.0)
    batch = stacked([one] * 30)
    batch = ExtensiveGames(one.tree, random.integers(-3, 4, batch.payoffs.shape).astype(float), batch.chances)
    whole = solve_trees(batch, order="sequential")

    assert len(set(whole.count.tolist())) > 1
    for game in range(0, 30, 5):
        alone = solve_trees(batch[game], order="sequential")
        assert np.array_equal(alone.behaviour, whole.of(game).behaviour)
        assert alone.certificates[0] == whole.of(game).certificates[0]


@pytest.mark.slow
def test_no_pure_profile_is_missed_on_many_larger_trees_and_most_lists_are_complete() -> None:
    verdicts = []
    for seed in range(40):
        games = random_tree(seed, depth=4, tied=False)
        if len(games.tree.sets) > 9:
            continue
        found = solve_trees(games, order="sequential", seconds=120)
        listed = {tuple(row) for row in found.behaviour.round(6).tolist()}
        verdicts.append(found.certificates[0].verdict)
        for behaviour in pure_profiles(games.tree):
            beliefs = [after_mistakes(games.tree, behaviour, games.chances[0], mistakes) for mistakes in range(8)]
            if any(is_rational(games, behaviour, own) for own in beliefs):
                assert tuple(behaviour.tolist()) in listed
    assert verdicts.count(PARTIAL) <= 0.2 * len(verdicts)
