"""Do the solvers of trees find the published equilibria, and name the threats that nobody would carry out?"""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import gametheory.solvers.trees.certificate as certifier
from gametheory.errors import InputError, UnknownNameError
from gametheory.games.extensive import ExtensiveGames
from gametheory.solutions import COMPLETE, DEGENERATE, FAILED, PARTIAL
from gametheory.solvers.trees import ORDERS, solve_trees
from gametheory.tree_solutions import TreeSolutions
from tests.tree_library import (
    asymmetric,
    beer_quiche,
    chain_store,
    deterrence,
    entry,
    grow,
    horse,
    random_tree,
    stacked,
)


def played(solutions: TreeSolutions, solution: int, name: str, action: str) -> float:
    """Probability of an action at the information set of that name."""
    return float(solutions.behaviour[solution, solutions.tree.moves.index((name, action))])


def outcomes(solutions: TreeSolutions) -> set[tuple[float, ...]]:
    return {tuple(row) for row in solutions.payoffs.round(6).tolist()}


def test_a_threat_to_fight_is_nash_and_is_named_and_goes_with_the_first_refinement() -> None:
    found = solve_trees(entry())
    out = [s for s in range(len(found)) if played(found, s, "entrant", "out") > 0.5]

    assert len(found) == 3
    assert [found.tags[s][-1] for s in range(3)].count("incredible threat") == 2
    assert all(found.threats[s][0].information_set == 1 and found.threats[s][0].action == 1 for s in out)
    assert sorted(round(found.threats[s][0].gain, 9) for s in out) == [round(2 / 3, 9), 2.0]
    for order in ORDERS[1:]:
        left = solve_trees(entry(), order=order)
        assert outcomes(left) == {(2.0, 1.0)}
        assert left.certificates[0].verdict == COMPLETE


def test_only_one_of_the_pure_equilibria_of_seltens_horse_is_sequential() -> None:
    every, kept = solve_trees(horse()), solve_trees(horse(), order="sequential")

    pure = {tuple(every.payoffs[s]) for s in range(len(every)) if "pure" in every.tags[s]}
    assert pure == {(3.0, 2.0, 2.0), (1.0, 1.0, 1.0)}
    assert outcomes(kept) == {(1.0, 1.0, 1.0)}
    assert [round(played(kept, s, "three", "l"), 9) for s in range(2)] == [0.25, 0.0]  # the corners of a continuum
    assert kept.component is not None
    assert kept.component.tolist() == [0, 0]
    assert kept.certificates[0].verdict == DEGENERATE
    threat = next(own for own, row in zip(every.threats, every.payoffs, strict=True) if row[0] == 3)
    assert [(own.information_set, own.action, own.gain) for own in threat] == [(1, 0, 3.0)]


def test_both_breakfasts_are_sequential_and_the_intuitive_criterion_keeps_beer() -> None:
    found = solve_trees(beer_quiche(), order="sequential")

    assert outcomes(found) == {(2.9, 0.9), (2.1, 0.9)}
    for s in range(len(found)):
        beer = found.payoffs[s, 0] > 2.5
        assert ("intuitive" in found.tags[s]) == beer
        assert ("not intuitive" in found.tags[s]) != beer
        assert {round(played(found, s, kind, "beer"), 9) for kind in ("weak", "strong")} == {1.0 if beer else 0.0}
    unsent = {round(played(found, s, "after_quiche", "duel"), 9) for s in range(2)}
    assert unsent == {0.5, 1.0}  # any duel from one half up deters


@pytest.mark.parametrize(("markets", "fights"), [(1, 0.0), (2, 1 / 9), pytest.param(3, 1 / 3, marks=pytest.mark.slow)])
def test_the_weak_incumbent_fights_as_often_as_kreps_and_wilson_say(markets: int, fights: float) -> None:
    found = solve_trees(chain_store(markets, 0.1), order="sequential", seconds=300)

    assert len(found) == 1
    assert found.certificates[0].verdict == COMPLETE
    assert played(found, 0, "weak", "fight") == pytest.approx(fights, abs=1e-9)
    assert played(found, 0, "entrant0", "in") == 1


@pytest.mark.parametrize("challenger", ["H", "S"])
@pytest.mark.parametrize("defender", ["HH", "HS", "SH", "SS"])
def test_only_a_defender_hard_in_both_ways_deters_a_hard_challenger(challenger: str, defender: str) -> None:
    games = asymmetric(challenger, *defender)
    status_quo = challenger == "S" or defender == "HH"

    for order in ORDERS[1:]:
        found = solve_trees(games, order=order)
        assert outcomes(found) == ({(5.0, 7.0)} if status_quo else {(6.0, 4.0)})
        assert found.certificates[0].verdict == COMPLETE


POINTS = {
    "bluff": ((0.2, 0.1), {"demand.hard": 1.0, "demand.soft": 0.15, "resist.hard": 1.0, "resist.soft": 4 / 9}),
    "attack": ((0.8, 0.1), {"demand.hard": 1.0, "demand.soft": 1.0, "resist.hard": 1.0, "resist.soft": 0.0}),
    "separating": ((0.5, 0.53), {"demand.hard": 1.0, "demand.soft": 0.0, "resist.hard": 1.0, "resist.soft": 0.0}),
    "certain deterrence": ((0.2, 0.7), {"demand.hard": 0.0, "demand.soft": 0.0, "resist.hard": 1.0, "resist.soft": 0}),
}
SETS = {"demand": "start", "resist": "reply"}


@pytest.mark.parametrize("name", POINTS)
def test_unilateral_deterrence_has_the_published_equilibrium_in_each_region(name: str) -> None:
    (hard_challenger, hard_defender), expected = POINTS[name]
    found = solve_trees(deterrence(hard_challenger, hard_defender), order="sequential")

    def fits(s: int) -> bool:
        return all(
            abs(played(found, s, f"{SETS[action]}.{kind}", action) - share) < 1e-9
            for (action, kind), share in ((key.split("."), value) for key, value in expected.items())
        )

    assert sum(fits(s) for s in range(len(found))) == 1
    assert found.certificates[0].verdict == DEGENERATE


def test_no_equilibrium_of_unilateral_deterrence_rests_on_a_choice_that_nobody_would_carry_out() -> None:
    batch = stacked([deterrence(*point) for point, _ in POINTS.values()])
    every, kept = solve_trees(batch), solve_trees(batch, order="sequential")

    assert set(every.count.tolist()) <= {5, 6, 7}
    assert sum(map(bool, every.idle)) == 14
    for s in range(len(every)):
        mates = np.flatnonzero(kept.game == every.game[s])
        assert not every.threats[s]
        assert ("idle incredible choice" in every.tags[s]) == bool(every.idle[s])
        assert min(ends_apart(every, s, kept, k) for k in mates) < 1e-9
        if every.idle[s]:
            assert min(np.abs(kept.behaviour[k] - every.behaviour[s]).max() for k in mates) > 1e-6


def ends_apart(one: TreeSolutions, s: int, other: TreeSolutions, k: int) -> float:
    """How far two solutions are apart in the probabilities of the ends."""
    return float(np.abs(one.reached[s][one.tree.ends] - other.reached[k][other.tree.ends]).max())


@pytest.mark.parametrize("depth", [3, 4])
def test_with_nothing_hidden_the_outcome_rests_on_threats_just_where_backward_induction_has_another(depth: int) -> None:
    seen = {"incredible threat": 0, "idle incredible choice": 0, "credible": 0}
    for seed in range(12):
        games = random_tree(seed, depth=depth, join=0.0)
        every, kept = solve_trees(games), solve_trees(games, order="subgame_perfect")
        assert len(kept) == 1
        for s in range(len(every)):
            elsewhere = ends_apart(every, s, kept, 0) > 1e-9
            assert bool(every.threats[s]) == elsewhere
            assert ("incredible threat" in every.tags[s]) == elsewhere
            seen[every.tags[s][-1]] += 1
    assert min(seen.values()) > 5


def hidden_entry(fought: float) -> ExtensiveGames:
    """Two ways in that the other does not see and that only a mixed answer deters, and one that nobody would fight."""
    answers = {"left": {"left": (3, 1), "right": (-3, 0)}, "right": {"left": (-3, 0), "right": (3, 1)}}
    hidden = {f"go_{way}": ("unseen", 1, answers[way]) for way in answers}
    seen = ("seen", 1, {"yield": (fought, 1), "fight": (-1, 0)})
    return grow(("first", "second"), ("start", 0, {"out": (1, 0), **hidden, "march": seen}))


def test_what_a_mixture_off_the_path_deters_does_not_rest_on_an_idle_threat_elsewhere() -> None:
    """Marching in pays less than staying out even where nobody fights it: the threat to fight decides nothing."""
    found = solve_trees(hidden_entry(0.5), order="simultaneous")
    out = [s for s in range(len(found)) if found.payoffs[s, 0] == 1 and "fight" in found.described(s)]

    assert out
    for s in out:
        assert "idle incredible choice" in found.tags[s]
        assert found.idle[s]
        assert not found.threats[s]


def test_a_threat_is_one_where_a_single_departure_pays_whatever_credible_play_follows() -> None:
    found = solve_trees(hidden_entry(2.0), order="simultaneous")
    out = [s for s in range(len(found)) if found.payoffs[s, 0] == 1]

    assert out
    for s in out:
        assert "incredible threat" in found.tags[s]
        assert [choice.action for choice in found.threats[s]] == [1]


def test_two_threats_of_which_each_suffices_are_named_together() -> None:
    firm = ("second", 2, {"give_in": (2, 0, 1), "punish": (-1, 0, -1)})
    games = grow(
        ("one", "two", "three"),
        ("start", 0, {"stay": (0, 3, 3), "go": ("first", 1, {"yield": firm, "fight": (-1, -1, 0)})}),
    )

    found = solve_trees(games)
    both = [s for s in range(len(found)) if len(found.threats[s]) + len(found.idle[s]) == 2 and "pure" in found.tags[s]]

    assert len(both) == 1
    assert [(own.information_set, own.alone) for own in found.threats[both[0]]] == [(1, False), (2, False)]
    assert found.threat(both[0]).count("(together with the others)") == 2


def test_a_batch_says_of_each_game_what_the_game_alone_would_say() -> None:
    random = np.random.default_rng(0)
    batch = stacked([deterrence(*random.random(2)) for _ in range(20)])
    for order in ORDERS:
        whole = solve_trees(batch, order=order, workers=1)
        for game in range(0, 20, 7):
            alone = solve_trees(batch[game], order=order, workers=2)
            part = whole.of(game)
            assert np.array_equal(part.behaviour, alone.behaviour)
            assert np.array_equal(part.beliefs, alone.beliefs)
            assert part.certificates[0] == alone.certificates[0]


def test_a_tie_keeps_every_best_choice_and_what_it_makes_possible_before() -> None:
    reply = ("second", 1, {"left": (2, 1), "right": (0, 1)})
    found = solve_trees(grow(("1", "2"), ("first", 0, {"in": reply, "out": (1, 5)})), order="subgame_perfect")

    shown = {tuple(row) for row in found.behaviour.round(9).tolist()}
    assert shown == {(1, 0, 1, 0), (1, 0, 0.5, 0.5), (0, 1, 0.5, 0.5), (0, 1, 0, 1)}
    assert found.component is not None
    assert set(found.component.tolist()) == {0}
    assert found.certificates[0].verdict == DEGENERATE


def test_a_catastrophe_elsewhere_does_not_hide_a_small_gain() -> None:
    reply = ("second", 1, {"yield": (0, 1e-3), "fight": (-1e9, 0), "end_it": (-1e9, -1e9)})
    found = solve_trees(grow(("1", "2"), ("first", 0, {"in": reply, "out": (-1, 0)})), order="sequential")

    assert found.behaviour.tolist() == [[1, 0, 1, 0, 0]]
    assert found.certificates[0].verdict == COMPLETE


def test_a_payoff_that_is_not_finite_fails_its_game_alone() -> None:
    games = stacked([entry(), entry()])
    payoffs = games.payoffs.copy()
    payoffs[0, 0, 0] = np.nan
    for order in ORDERS:
        found = solve_trees(ExtensiveGames(games.tree, payoffs, games.chances), order=order)
        assert found.certificates.verdict[0] == FAILED
        assert found.certificates.verdict[1] != FAILED
        assert set(found.game.tolist()) == {1}


def test_no_games_have_no_solutions() -> None:
    for order in ORDERS:
        found = solve_trees(entry()[:0], order=order)
        assert len(found) == 0
        assert len(found.certificates) == 0


def test_no_time_gives_a_partial_list_or_a_reason() -> None:
    found = solve_trees(deterrence(0.2, 0.1), order="sequential", seconds=1e-9)

    assert found.certificates[0].verdict in (PARTIAL, FAILED)
    assert "time" in found.certificates[0].reason


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'sequential'"):
        solve_trees(entry(), order="sequental")
    with pytest.raises(InputError, match="seconds: -1"):
        solve_trees(entry(), seconds=-1)
    forgetful = grow(
        ("1", "2"), ("a", 0, {"l": ("b", 0, {"x": (0, 0), "y": (1, 0)}), "r": ("b", 0, {"x": (0, 0), "y": (1, 0)})})
    )
    with pytest.raises(InputError, match="forgets"):
        solve_trees(forgetful, order="sequential")


def assess(games: ExtensiveGames, behaviour: list[float], beliefs: dict[int, float]) -> certifier.TreeCheck:
    row = np.zeros((1, len(games.tree)))
    for node, share in beliefs.items():
        row[0, node] = share
    return certifier.check(games, np.zeros(1, dtype=np.int64), np.array([behaviour]), row)


def test_the_certificate_refuses_wrong_behaviour_wrong_beliefs_and_beliefs_without_a_cause() -> None:
    found = solve_trees(beer_quiche(), order="sequential")
    games, behaviour, beliefs = beer_quiche(), found.behaviour[:1], found.beliefs[:1]
    zero = np.zeros(1, dtype=np.int64)
    nodes = {own.name: own.nodes for own in found.tree.sets}

    good = certifier.check(games, zero, behaviour, beliefs)
    assert good.valid.all()
    assert good.no_set_gain.all()
    assert good.consistent.all()
    turned = beliefs.copy()
    turned[0, list(nodes["after_quiche"])] = [0.2, 0.8]  # no duel would follow, and quiche would pay the weak
    assert not certifier.check(games, zero, behaviour, turned).no_set_gain.any()
    wrong = beliefs.copy()
    wrong[0, list(nodes["after_beer"])] = [0.5, 0.5]  # beer is sent by both: Bayes' rule says one in ten
    assert not certifier.check(games, zero, behaviour, wrong).bayes.any()
    moved = behaviour[:, ::-1].copy()
    assert certifier.check(games, zero, moved, beliefs).plan_gain.max() > 0.1


def test_two_mistakes_are_not_likelier_than_one_of_them() -> None:
    last = ("last", 2, {"l": (0, 0, 0), "r": (0, 0, 0)})
    after = ("second", 1, {"stop": last, "go": (0, 0, 0), "err": last})
    games = grow(("1", "2", "3"), ("first", 0, {"good": (1, 1, 1), "bad": after}))
    stop, err = games.tree.sets[2].nodes
    behaviour = [1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0]

    one = assess(games, behaviour, {0: 1.0, 2: 1.0, stop: 1.0})
    both = assess(games, behaviour, {0: 1.0, 2: 1.0, stop: 0.5, err: 0.5})

    assert one.consistent.tolist() == [True]
    assert both.bayes.tolist() == [True]
    assert both.consistent.tolist() == [False]


def test_beliefs_that_one_player_mistake_explains_must_agree_between_information_sets() -> None:
    def ends() -> dict[str, tuple[float, float, float]]:
        return {"l": (0, 0, 0), "r": (0, 0, 0)}

    def split(kind: str) -> tuple[str, int, dict[str, object]]:
        return (
            f"type_{kind}",
            0,
            {"safe": (1, 0, 0), "x": ("chance", {"u": (0.5, ("two", 1, ends())), "v": (0.5, ("three", 2, ends()))})},
        )

    games = grow(("1", "2", "3"), ("chance", {"a": (0.5, split("a")), "b": (0.5, split("b"))}))
    two, three = (next(own.nodes for own in games.tree.sets if own.name == name) for name in ("two", "three"))
    behaviour = np.zeros(games.tree.move_count)
    for number, first in enumerate(games.tree.first_move[:-1]):
        behaviour[first] = 1.0
        assert games.tree.sets[number].actions
    own = {own.nodes[0]: 1.0 for own in games.tree.sets if own.name.startswith("type")}

    same = assess(games, behaviour.tolist(), {**own, **dict.fromkeys((*two, *three), 0.5)})
    other = assess(games, behaviour.tolist(), {**own, two[0]: 0.5, two[1]: 0.5, three[0]: 0.9, three[1]: 0.1})

    assert same.consistent.tolist() == [True]
    assert other.consistent.tolist() == [False]


def test_the_certificate_imports_nothing_of_the_solvers() -> None:
    tree = ast.parse(Path(certifier.__file__).read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert not [name for name in names if name and "solvers" in name]
