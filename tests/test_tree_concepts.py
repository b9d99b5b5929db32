"""Is every concept of a form there by name, in Python and on the command line alike, and is each what it says?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from gametheory.cli.app import app
from gametheory.cli.inputs import CONCEPTS
from gametheory.errors import InputError, UnknownNameError
from gametheory.formats import read_game, write_game
from gametheory.games import strategic
from gametheory.games.extensive import ExtensiveGames
from gametheory.reader import load
from gametheory.solutions import FAILED, PARTIAL
from gametheory.solvers import concepts, solve
from gametheory.solvers.trees.agents import agent_branch
from gametheory.solvers.trees.concepts import TREE_CONCEPTS
from tests.tree_library import at_once, beer_quiche, chain_store, deterrence, entry, grow, horse, random_tree, stacked

TREES = tuple(TREE_CONCEPTS)
EXAMPLES = {
    "strategic": lambda: strategic([[[1.0, 0.0], [0.0, 2.0]], [[1.0, 0.0], [0.0, 2.0]]]),
    "extensive": beer_quiche,
    "analytic": lambda: load("crisis_signalling").systems(),
}
RUN = CliRunner()


@pytest.mark.parametrize("form", CONCEPTS)
def test_the_help_names_the_concepts_of_each_form_that_the_registry_has(form: str) -> None:
    said = " ".join(RUN.invoke(app, ["solve", "--help"], env={"COLUMNS": "500"}).output.split())

    assert CONCEPTS[form].split() == list(concepts(form))
    assert ", ".join(concepts(form)) in said


@pytest.mark.parametrize("form", CONCEPTS)
def test_a_concept_of_another_form_is_refused_with_those_that_apply(form: str) -> None:
    every = {name for other in CONCEPTS for name in concepts(other)}
    for name in every - set(concepts(form)):
        with pytest.raises(InputError, match=f"those that apply to .*: {', '.join(concepts(form))}"):
            solve(EXAMPLES[form](), concept=name)
    with pytest.raises(UnknownNameError, match="did you mean 'nash'"):
        solve(EXAMPLES[form](), concept="nahs")
    with pytest.raises(InputError, match="no list of solutions"):
        solve(EXAMPLES[form](), concept="logit_branch")


@pytest.mark.parametrize(
    ("form", "concept", "words"),
    [
        ("extensive", "agent_branch", r"in Python gametheory\.agent_branch\(games\)"),
        ("extensive", "rationalizable", "it is for tables of payoffs"),
        ("strategic", "agent_branch", "it is for game trees"),
        ("strategic", "correlated", r"gametheory\.finding\('correlated'\)\(games\)"),
        ("analytic", "agent_branch", "it is for game trees"),
        ("analytic", "logit_branch", "it is for tables of payoffs"),
    ],
)
def test_what_is_no_list_of_solutions_is_named_where_it_is(form: str, concept: str, words: str) -> None:
    with pytest.raises(InputError, match=f"no list of solutions; .*{words}; those that apply"):
        solve(EXAMPLES[form](), concept=concept)


@pytest.mark.parametrize("concept", TREES)
def test_the_command_line_answers_by_each_concept_of_trees_as_python_does(concept: str, tmp_path: Path) -> None:
    file = tmp_path / "breakfast.efg"
    write_game(beer_quiche(), file)

    result = RUN.invoke(app, ["solve", str(file), "--concept", concept, "--format", "json"])
    record, found = json.loads(result.stdout), solve(read_game(file), concept=concept)

    assert result.exit_code == 0
    assert (
        (record["concept"], record["order"]) == (found.concept, found.order) == (concept, TREE_CONCEPTS[concept].order)
    )
    starts = found.tree.first_move
    for s, own in enumerate(record["solutions"]):
        assert [p for row in own["strategies"] for p in row] == found.behaviour[s].tolist()
        assert len(own["strategies"]) == len(starts) - 1
    table = RUN.invoke(app, ["solve", str(file), "--concept", concept]).output
    assert TREE_CONCEPTS[concept].order in table or concept in table
    nash = json.loads(RUN.invoke(app, ["solve", str(file), "--format", "json"]).stdout)
    assert set(record) == set(nash)
    assert set(record["solutions"][0]) == set(nash["solutions"][0])


def test_a_name_of_an_order_of_play_means_the_same_as_a_concept() -> None:
    for name in ("subgame_perfect", "sequential"):
        for games in (entry(), beer_quiche()):
            by_order, by_concept = solve(games, order=name), solve(games, concept=name)
            np.testing.assert_array_equal(by_order.behaviour, by_concept.behaviour)
    with pytest.raises(InputError, match="do not go together"):
        solve(entry(), order="subgame_perfect", concept="logit")
    with pytest.raises(UnknownNameError, match="no option named 'precision'"):
        solve(entry(), concept="sequential", precision=2)
    with pytest.raises(InputError, match="precision: -1"):
        solve(entry(), concept="logit", precision=-1)


def random_table(seed: int, shape: tuple[int, ...]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.random.default_rng(seed).normal(size=(len(shape), *shape))


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 2, 2)])
@pytest.mark.parametrize("precision", [0.0, 0.7, 6.0])
def test_moves_that_nobody_sees_are_made_by_the_logit_of_the_table(shape: tuple[int, ...], precision: float) -> None:
    for seed in range(4):
        payoffs = random_table(seed, shape)
        of_tree = solve(at_once(payoffs), concept="logit", precision=precision)
        of_table = solve(strategic(payoffs[np.newaxis]), concept="logit", precision=precision)

        assert of_tree.behaviour[0] == pytest.approx(np.concatenate([own[0] for own in of_table.strategies]), abs=1e-7)
        assert of_tree.payoffs[0] == pytest.approx(of_table.payoffs[0], abs=1e-6)
        assert of_tree.certificates[0].verdict == PARTIAL


def test_moves_that_nobody_sees_tend_to_the_limit_of_the_table() -> None:
    for seed in range(6):
        payoffs = random_table(seed, (3, 2))
        of_tree = solve(at_once(payoffs), concept="logit_limit")
        of_table = solve(strategic(payoffs[np.newaxis]), concept="logit_limit")
        assert of_tree.behaviour[0] == pytest.approx(np.concatenate([own[0] for own in of_table.strategies]), abs=1e-8)


@pytest.mark.parametrize("games", [entry(), beer_quiche(), deterrence(0.2, 0.1), chain_store(2, 0.1), horse()])
def test_the_limit_of_a_tree_is_that_of_its_branch(games: ExtensiveGames) -> None:
    found, branch = solve(games, concept="logit_limit"), agent_branch(games)

    np.testing.assert_array_equal(found.behaviour, branch.limit.behaviour)
    assert found.regret.max() < 1e-9
    at = solve(games, concept="logit", precision=float(branch.precision[3]))
    assert at.behaviour[0] == pytest.approx(branch.behaviour[3], abs=1e-7)


@pytest.mark.parametrize("strong", [0.6, 0.9])
def test_only_beer_is_left_by_the_intuitive_criterion(strong: float) -> None:
    every, kept = solve(beer_quiche(strong), concept="sequential"), solve(beer_quiche(strong), concept="intuitive")

    passing = [s for s in range(len(every)) if "not intuitive" not in every.tags[s]]
    assert 0 < len(passing) < len(every)
    np.testing.assert_array_equal(kept.behaviour, every.behaviour[passing])
    assert kept.payoffs[:, 0] == pytest.approx(2 + strong)
    assert "tested at the corners" in kept.certificates[0].reason
    with pytest.raises(InputError, match="signalling games alone"):
        solve(entry(), concept="intuitive")


def test_the_equilibrium_of_the_sequence_form_is_among_all_of_them() -> None:
    compared = 0
    for seed in range(16):
        games = random_tree(seed, depth=3)
        one, every = solve(games, concept="sequence_form"), solve(games)
        assert one.certificates[0].verdict == PARTIAL
        assert one.regret[0] < 1e-9
        assert one.threats[0] or one.idle[0] or "credible" in one.tags[0]
        ends = every.reached[:, games.tree.ends]
        if len({tuple(row) for row in ends.round(6).tolist()}) == 1:
            assert one.reached[0, games.tree.ends] == pytest.approx(ends[0], abs=1e-6)
            compared += 1
    assert compared >= 5
    with pytest.raises(InputError, match="two players; this one has 3"):
        solve(horse(), concept="sequence_form")


@pytest.mark.parametrize("concept", ["logit", "logit_limit", "intuitive", "sequence_form"])
def test_a_tree_that_cannot_be_solved_fails_alone_and_an_empty_batch_is_empty(concept: str) -> None:
    good = beer_quiche()
    broken = ExtensiveGames(good.tree, np.where(good.payoffs == 3, np.nan, good.payoffs), good.chances)

    found = solve(stacked([good, broken, good]), concept=concept)

    assert found.certificates.verdict.tolist() == [PARTIAL, FAILED, PARTIAL]
    assert found.count.tolist()[1] == 0
    alone = solve(good, concept=concept)
    for game in (0, 2):
        np.testing.assert_array_equal(found.of(game).behaviour, alone.behaviour)
    assert len(solve(good[:0], concept=concept)) == 0


def test_where_chance_never_draws_a_type_the_branch_is_refused_for_that_game() -> None:
    never = beer_quiche(1.0)

    for concept in ("logit", "logit_limit"):
        assert "probability 0" in solve(never, concept=concept).certificates[0].reason
    with np.errstate(all="ignore"):
        beyond = beer_quiche(1.25)
    assert "below 0" in solve(beyond, concept="logit").certificates[0].reason


def test_the_branch_shows_itself_in_a_notebook() -> None:
    shown = agent_branch(grow(("a", "b"), ("start", 0, {"in": (1, 0), "out": (0, 1)})))._repr_html_()

    assert "Branch of agent logit" in shown
    assert "start: in" in shown
