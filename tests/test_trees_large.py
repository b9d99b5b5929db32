"""Does the sequence form find an equilibrium where plans are too many, and the agent branch the way to one?"""

from __future__ import annotations

import numpy as np
import pytest

from gametheory.errors import InputError
from gametheory.games.extensive import ExtensiveGames
from gametheory.solutions import FAILED, PARTIAL
from gametheory.solvers import solve
from gametheory.solvers.trees import solve_trees
from gametheory.solvers.trees.agents import agent_branch
from gametheory.solvers.trees.certificate import check
from gametheory.solvers.trees.intuitive import objections, signalling
from gametheory.solvers.trees.lemke import lemke
from gametheory.solvers.trees.sequence_form import sequence_form
from tests.tree_library import at_once, beer_quiche, chain_store, deterrence, entry, horse, random_tree


def opposed(games: ExtensiveGames) -> ExtensiveGames:
    """The same tree with the second player losing what the first wins."""
    first = games.payoffs[:, 0]
    return ExtensiveGames(games.tree, np.stack([first, -first], axis=1), games.chances)


@pytest.mark.parametrize("tied", [False, True])
def test_the_sequence_form_gives_an_equilibrium_of_every_tree(tied: bool) -> None:
    for seed in range(40):
        games = random_tree(seed, depth=3 + seed % 3, tied=tied)
        for own in (games, opposed(games)):
            found = sequence_form(own, seconds=60)
            seen = check(own, found.game, found.behaviour, found.beliefs, limits=False)
            assert found.certificates[0].verdict == PARTIAL
            assert seen.no_plan_gain.all()
            assert seen.valid.all()


def test_the_value_of_a_zero_sum_tree_is_that_of_its_table() -> None:
    for seed in range(10):
        games = opposed(random_tree(seed, depth=3))
        by_sequences = sequence_form(games, seconds=60)
        by_table = solve(games.strategic())

        assert by_sequences.payoffs[0, 0] == pytest.approx(by_table.payoffs[0, 0], abs=1e-7)


def test_the_sequence_form_finds_one_of_the_listed_equilibria() -> None:
    for games in (entry(), beer_quiche(), deterrence(0.2, 0.1), deterrence(0.8, 0.1)):
        one, every = sequence_form(games, seconds=60), solve_trees(games)
        assert np.abs(every.payoffs - one.payoffs[0]).max(axis=1).min() < 1e-9


def test_trees_with_too_many_plans_go_to_the_sequence_form() -> None:
    games = random_tree(1, depth=7)
    for own in (games, opposed(games)):
        found = solve_trees(own)
        assert found.certificates[0].verdict == PARTIAL
        assert "one" in found.certificates[0].reason
        assert check(own, found.game, found.behaviour, found.beliefs, limits=False).no_plan_gain.all()


@pytest.mark.slow
def test_trees_of_thousands_of_nodes_are_solved() -> None:
    games = random_tree(1, depth=11)
    for own in (games, opposed(games)):
        found = sequence_form(own, seconds=600)
        assert found.certificates[0].verdict == PARTIAL
        assert check(own, found.game, found.behaviour, found.beliefs, limits=False).no_plan_gain.all()


def test_no_time_for_lemke_is_said() -> None:
    found = sequence_form(random_tree(1, depth=7), seconds=1e-9)

    assert found.certificates[0].verdict == FAILED
    assert "time" in found.certificates[0].reason


def test_three_players_without_a_table_are_refused() -> None:
    with pytest.raises(InputError, match="two players"):
        sequence_form(horse(), seconds=1)
    with pytest.raises(InputError, match="too many plans"):
        solve_trees(random_tree(0, depth=10, players=3))


def test_lemke_solves_problems_whose_solution_is_known_and_says_so_where_there_is_none() -> None:
    random = np.random.default_rng(0)
    for size in (2, 5, 12):
        root = random.normal(size=(size, size))
        matrix, right = root @ root.T + np.eye(size), random.normal(size=size)
        found = lemke(matrix, right, np.ones(size), np.inf)
        assert found.z is not None
        slack = matrix @ found.z + right
        assert found.z.min() >= 0
        assert slack.min() > -1e-9
        assert abs(found.z @ slack) < 1e-8
    none = lemke(np.array([[-1.0]]), np.array([-1.0]), np.ones(1), np.inf)
    assert none.z is None
    assert "pivots" in none.reason


def test_agents_who_move_once_answer_by_the_logit_of_their_payoffs() -> None:
    dilemma = at_once(np.array([[[3.0, 1.0], [4.0, 2.0]], [[3.0, 4.0], [1.0, 2.0]]]))
    branch = agent_branch(dilemma, precision=1.0)

    assert branch.precision[-1] == pytest.approx(1.0)
    assert branch.behaviour[-1, [0, 2]] == pytest.approx([1 / (1 + np.e)] * 2, abs=1e-9)
    assert len(branch.limit) == 0


def test_the_first_agent_foresees_the_mistakes_of_the_second() -> None:
    branch = agent_branch(entry(), precision=1.0)
    yields = 1 / (1 + np.exp(-2.0))
    inside = 2 * yields - (1 - yields)

    assert branch.behaviour[-1, 2] == pytest.approx(yields, abs=1e-9)
    assert branch.behaviour[-1, 0] == pytest.approx(1 / (1 + np.exp(1 - inside)), abs=1e-9)


@pytest.mark.parametrize("games", [entry(), horse(), beer_quiche(), deterrence(0.2, 0.1), chain_store(2, 0.1)])
def test_the_branch_of_agents_ends_at_a_sequential_equilibrium(games: ExtensiveGames) -> None:
    branch = agent_branch(games)

    assert branch.residual.max() < 1e-7
    assert len(branch.limit) == 1
    assert branch.distance < 0.01
    assert np.all(np.diff(branch.precision[:2]) > 0)
    assert "incredible threat" not in branch.limit.tags[0]


def test_agents_choose_beer_and_bluff() -> None:
    assert agent_branch(beer_quiche()).limit.payoffs[0].round(9).tolist() == [2.9, 0.9]
    bluff = agent_branch(deterrence(0.2, 0.1)).limit
    assert bluff.behaviour[0, bluff.tree.moves.index(("start.soft", "demand"))] == pytest.approx(0.15)


def test_only_trees_of_the_right_shape_are_signalling_games() -> None:
    shape = signalling(beer_quiche().tree)

    assert shape is not None
    assert shape.messages == ("beer", "quiche")
    for games in (entry(), horse(), deterrence(0.2, 0.1), chain_store(2, 0.1)):
        assert signalling(games.tree) is None
        assert objections(solve_trees(games, order="sequential")) is None


@pytest.mark.parametrize("strong", [0.6, 0.75, 0.9])
def test_the_objection_to_quiche_names_the_type_that_would_leave(strong: float) -> None:
    found = solve_trees(beer_quiche(strong), order="sequential")
    against = objections(found)

    assert against is not None
    for payoffs, why in zip(found.payoffs, against, strict=True):
        quiche = payoffs[0] == pytest.approx(3 - strong)
        assert bool(why) == quiche
        assert not quiche or why == "strong would gain by beer once weak is ruled out"
