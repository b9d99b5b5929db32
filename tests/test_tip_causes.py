"""Do tipping points of trees and of equations name what really ties, meets, turns or jumps there?"""

from __future__ import annotations

import numpy as np
import pytest

from gametheory.analyses import tip
from gametheory.model import Model
from gametheory.reader import load, read
from gametheory.solvers.trees import solve_trees
from tests.test_analytic import model
from tests.test_extensive_answers import ENTRY

P = {"p": (0.5, 0.0, 1.0)}


@pytest.fixture(scope="module")
def entry() -> Model:
    return read(ENTRY)


@pytest.mark.parametrize("order", ["subgame_perfect", "sequential"])
def test_a_tip_of_a_tree_names_the_set_the_player_and_the_two_actions_that_pay_the_same(
    order: str, entry: Model
) -> None:
    row = tip(entry, "cost", order=order).iloc[0]

    assert (row["player"], row["binding"]) == ("incumbent", "incumbent: fight -> acquiesce at reply")
    pays = entry.trees({"cost": [row["value"]]}).payoffs[0, 1]
    names = entry.trees().tree.outcomes
    assert pays[names.index("shared")] == pytest.approx(pays[names.index("fought")])


def test_the_tips_of_unilateral_deterrence_name_who_is_on_the_derived_threshold() -> None:
    derived = load("unilateral_deterrence")
    at = {name: float(np.ravel(derived.quantity(name))[0]) for name in ("hard_holds_back", "soft_holds_back")}

    frame = tip(derived, "defender_hard", order="sequential")

    named = {round(value, 6): why for value, why in zip(frame["value"], frame["binding"], strict=True)}
    assert named == {
        round(at["soft_holds_back"], 6): "challenger: demand -> hold_back at start.soft",
        round(at["hard_holds_back"], 6): "challenger: demand -> hold_back at start.hard",
    }


def test_the_choice_that_ties_pays_the_same_in_the_solutions_on_both_sides() -> None:
    asymmetric = load("asymmetric_escalation")
    row = tip(asymmetric, "defender_strategic_resolve", order="sequential").iloc[0]

    games = asymmetric.trees({"defender_strategic_resolve": [row["value"] - 1e-7, row["value"] + 1e-7]})
    found = solve_trees(games, order="sequential")
    tree = found.tree
    number = next(k for k, own in enumerate(tree.sets) if own.name == "answer")
    first, node = int(tree.first_move[number]), tree.sets[number].nodes[0]
    actions = tree.sets[number].actions
    assert row["binding"] == f"defender: {actions[0]} -> {actions[1]} at answer"
    assert found.behaviour[:, first].tolist() == [1.0, 0.0]
    ends = [int(np.flatnonzero(tree.ends == child)[0]) for child in tree.children[node]]
    before, after = np.diff(games.payoffs[:, 1, ends], axis=1)[:, 0]
    assert before < 0 < after


def test_a_payoff_that_jumps_is_named_and_no_tie_is_made_up(entry: Model) -> None:
    jumping = read(ENTRY.replace("incumbent: 1 - cost", 'incumbent: "where(cost < 0.7, 2, 0)"'))

    row = tip(jumping, "cost", order="sequential").iloc[0]

    assert row["value"] == pytest.approx(0.7, abs=1e-6)
    assert row["binding"] == "what fought pays incumbent jumps from 2 to 0"
    assert row["player"] == ""


CHOICES = {
    "maximise: (x - p)**2": (0.5, "a", "a: the best x jumps from 1 to 0: both pay the same here"),
    "maximise: -(x - p)**2": (0.5, "", "high: x > 0.5 turns; low: x <= 0.5 turns"),
}


@pytest.mark.parametrize("goal", CHOICES)
def test_a_tip_of_a_decision_says_whether_the_best_choice_jumps_or_runs_past_a_condition(goal: str) -> None:
    value, player, words = CHOICES[goal]
    text = f"decision: {{player: a, choose: x, low: 0, high: 1, {goal}}}\nregimes: {{high: x > 0.5, low: x <= 0.5}}\n"
    text += "measures: {x: {expected: x}}"

    frame = tip(model(text, **P), "p", low=0.1, high=0.93)

    assert frame["value"].tolist() == pytest.approx([value], abs=1e-6)
    assert (frame["player"][0], frame["binding"][0]) == (player, words)


def test_a_comparison_inside_a_formula_is_named_with_the_formula_that_it_switches() -> None:
    text = 'quantities: {case: "where(2 * p > 0.3, 1, 0)"}\nregimes: {one: case >= 0.5, none: case < 0.5}\n'
    text += "measures: {case: {expected: case}}"

    frame = tip(model(text, **P), "p")

    assert frame["value"].tolist() == pytest.approx([0.15], abs=1e-9)
    assert frame["binding"].tolist() == ["(2 * p) > 0.3 turns in case"]


def test_two_roots_that_meet_are_a_fold_and_their_change_of_name_is_a_turn() -> None:
    text = (
        "unknowns: {x: {low: -2, high: 2, meaning: m}}\nequations: {e: x**2 = p}\nregimes: {up: x > 0, down: x <= 0}\n"
    )
    text += "measures: {x: {expected: x}}"

    frame = tip(model(text, p=(0.5, -1.0, 1.0)), "p")

    assert frame["value"].tolist() == pytest.approx([0.0], abs=1e-6)
    assert "two solutions meet: both begin here" in frame["binding"][0]


QUICK = {
    "brinkmanship_threat": ["resolute_prior", "quiet"],
    "extended_deterrence": ["answered_cost"],
    "power_risk": ["added_risk"],
    "reputation_appeasement": ["firm_prior", "limited_means"],
    "policy_transition": ["cut_to", "settle_now"],
}


@pytest.mark.parametrize("name", QUICK)
def test_tips_of_the_catalogue_are_identified(name: str) -> None:
    catalogued = load(name)
    for parameter in QUICK[name]:
        frame = tip(catalogued, parameter, order="all")
        assert len(frame)
        assert not frame["binding"].str.contains("not identified").any(), parameter


@pytest.mark.slow
@pytest.mark.parametrize("name", ["asymmetric_escalation", "red_line_learning", "salami_bargaining", "risk_auction"])
def test_every_tip_of_these_models_is_identified(name: str) -> None:
    catalogued = load(name)
    for parameter, own in catalogued.parameters.items():
        low, high = own.law.support()
        if low < high:
            assert not tip(catalogued, parameter, order="all")["binding"].str.contains("not identified").any()
