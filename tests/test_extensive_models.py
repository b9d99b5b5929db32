"""Does a file with a tree become the tree that it describes, and is every mistake in it named with its place?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gametheory import analyses
from gametheory.errors import InputError, ModelError, UnknownNameError
from gametheory.expressions import parse
from gametheory.games import CHANCE
from gametheory.model import Model
from gametheory.reader import problems, read
from gametheory.reader.shares import sums_to_one
from gametheory.solutions import Certificates
from gametheory.study import answer_block, class_name, run, tree_measures
from gametheory.tree_solutions import TreeSolutions

PARAMETER = "unit: none, meaning: some number, source: analyst assumption, mark: A}"
SOUND = f"""\
format: gametheory/1
title: Deterrence with a hidden type
form: extensive
players: {{challenger: {{label: Challenger}}, defender: {{label: Defender}}}}
types:
  challenger: {{soft: 1 - p_hard, hard: p_hard}}
parameters:
  p_hard: {{value: 0.3, law: {{kind: uniform, low: 0, high: 1}}, {PARAMETER}
  p_war: {{value: 0.4, law: {{kind: uniform, low: 0, high: 1}}, {PARAMETER}
  cost: {{value: 2, law: {{kind: uniform, low: 1, high: 3}}, {PARAMETER}
quantities:
  calm: 1 - p_war
tree:
  player: challenger
  at: start
  moves:
    concede: status_quo
    demand:
      player: defender
      at: reply
      moves:
        give_in: gives_in
        resist:
          chance: escalation
          moves:
            war: {{probability: p_war, then: war}}
            back_down: {{probability: calm, then: status_quo}}
outcomes:
  status_quo: {{challenger: 0, defender: 0}}
  gives_in: {{challenger: 1, defender: -1}}
  war: {{challenger: {{soft: -cost, hard: 0.5}}, defender: -cost}}
measures:
  war: {{reached: [war]}}
  resists: {{played: {{reply: [resist]}}}}
  demands: {{played: {{start: [demand]}}}}
  damage: {{expected: {{war: 10 * cost, gives_in: 1}}}}
claims:
  hard_demands: {{text: A hard challenger demands, holds: {{expect: {{start.hard: [demand]}}, order: sequential}}}}
  all_demand: {{text: Everybody demands, holds: {{expect: {{start: [demand]}}}}}}
  no_war: {{text: No war, holds: {{measure: war, at_most: 0, given: {{reply: [give_in]}}}}}}
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return read(SOUND)


def changed(old: str, new: str) -> str:
    assert SOUND.count(old) >= 1
    return SOUND.replace(old, new, 1)


def test_types_are_drawn_first_and_split_only_their_own_players_information_sets(model: Model) -> None:
    games = model.trees()
    tree = games.tree

    assert [own.name for own in tree.sets] == ["start.soft", "start.hard", "reply"]
    assert [len(own.nodes) for own in tree.sets] == [1, 1, 2]
    assert tree.owner[0] == CHANCE
    assert games.chances[0, list(tree.children[0])].tolist() == [0.7, 0.3]
    assert not tree.forgets
    assert model.axes[0] == ("start.soft", ("concede", "demand"))


def test_payoffs_follow_the_own_type_and_the_parameters(model: Model) -> None:
    games = model.trees(cost=[1.0, 3.0])
    tree = games.tree
    wars = [k for k, end in enumerate(tree.ends.tolist()) if tree.outcomes[tree.outcome[end]] == "war"]

    assert games.payoffs[:, 0, wars].tolist() == [[-1.0, 0.5], [-3.0, 0.5]]
    assert games.payoffs[:, 1, wars].tolist() == [[-1.0, -1.0], [-3.0, -3.0]]


def test_exact_numbers_are_those_of_the_formulas(model: Model) -> None:
    games = model.trees(p_hard="1/3", exact=True)
    found = model.trees(p_hard="1/3").fractions(0)

    assert games.exact is not None
    assert found is not None
    assert [str(share) for share in games.exact.chances[0, list(games.tree.children[0])]] == ["2/3", "1/3"]
    assert found.chances.tolist() == games.exact.chances[0].tolist()


def test_the_digest_forgets_the_order_of_outcomes_and_layout_but_not_a_move(model: Model) -> None:
    lines = SOUND.replace(
        "  status_quo: {challenger: 0, defender: 0}\n  gives_in: {challenger: 1, defender: -1}\n",
        "  gives_in: {defender: -1, challenger: 1.0}\n  status_quo: {challenger: 0, defender: 0}\n",
    )

    assert read(lines).digest == model.digest
    assert read(changed("    concede: status_quo\n", "    concede: gives_in\n")).digest != model.digest
    assert read(SOUND.replace("reply", "answer")).digest != model.digest


MISTAKES = {
    "unknown outcome": ("give_in: gives_in", "give_in: gives_up", "named 'gives_up'; did you mean 'gives_in'"),
    "unused outcome": ("war: {probability: p_war, then: war}", "war: {probability: p_war, then: gives_in}",
                       "outcomes.war: no branch of the tree leads to this outcome"),
    "unknown player": ("player: defender", "player: defendr", "no player named 'defendr'; did you mean 'defender'"),
    "missing payoff": ("challenger: 1, defender: -1", "challenger: 1", "outcomes.gives_in.defender: is missing"),
    "unknown type": ("soft: -cost", "mild: -cost", "challenger has no type 'mild'"),
    "missing type": ("{soft: -cost, hard: 0.5}", "{soft: -cost}", "outcomes.war.challenger.hard: is missing"),
    "type of nobody": ("  challenger: {soft: 1 - p_hard, hard: p_hard}", "  umpire: {a: 1}", "player named 'umpire'"),
    "bad formula": ("challenger: 1, def", "challenger: 1 +, def", "outcomes.gives_in.challenger"),
    "unknown name": ("probability: calm", "probability: clam", "named 'clam'; did you mean 'calm'"),
    "actions of a player": ("{label: Defender}", "{label: Defender, actions: [a]}", "actions: unknown key"),
    "no place": ("      at: reply\n", "", "at: is missing"),
    "empty moves": ("moves: \n", "", ""),
    "payoffs": ("outcomes:\n", "payoffs: {challenger: 1, defender: 2}\noutcomes:\n", "payoffs: belongs to models"),
    "measure of an outcome": ("reached: [war]", "reached: [wra]", "no outcome named 'wra'; did you mean 'war'"),
    "measure of a set": ("{reply: [resist]}", "{rply: [resist]}", "no information set named 'rply'"),
    "measure of an action": ("{reply: [resist]}", "{reply: [resits]}", "no action 'resits' at reply"),
    "claim of a type": ("start.hard", "start.tough", "challenger has no type 'tough'"),
    "claim of an order": ("order: sequential", "order: challenger", "no order of play named 'challenger'"),
    "sum of chances": ("probability: calm", "probability: 0.7 - p_war / 2", "probabilities sum to"),
    "negative chance": ("soft: 1 - p_hard, hard: p_hard", "soft: 1 - 2 * p_hard, hard: 2 * p_hard",
                        "the probability of 'soft' is -1"),
    "infinite payoff": ("defender: -cost}", "defender: -cost / (cost - 2)}", "outcomes.war.defender: is -inf"),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, own in MISTAKES.items() if own[2]])
def test_a_mistake_in_a_tree_is_named_with_its_place(name: str) -> None:
    old, new, message = MISTAKES[name]
    text = changed(old, new)

    found = problems(text, "x.yaml")

    assert any(message in problem.message for problem in found), [problem.message for problem in found]
    assert all(problem.line > 1 for problem in found)


def test_nodes_of_one_information_set_offer_the_same_moves_to_the_same_player() -> None:
    inner = "{player: challenger, at: reply, moves: {stop: status_quo, on: war}}"
    found = problems(changed("    concede: status_quo\n", f"    concede: {inner}\n"), "x.yaml")

    assert any("'defender' moves here, and 'challenger' at" in problem.message for problem in found)
    same = "{player: defender, at: reply, moves: {stop: status_quo, on: war}}"
    found = problems(changed("    concede: status_quo\n", f"    concede: {same}\n"), "x.yaml")
    assert any("a player would tell them apart" in problem.message for problem in found)


def test_a_player_who_forgets_is_refused() -> None:
    later = "{player: challenger, at: later, moves: {stop: status_quo, on: gives_in}}"
    text = SOUND.replace("    concede: status_quo\n", f"    concede: {later}\n")
    text = text.replace("give_in: gives_in", f"give_in: {later}")

    assert any("challenger forgets at later" in problem.message for problem in problems(text, "x.yaml"))


def test_a_strategic_file_may_not_have_a_tree_and_needs_payoffs() -> None:
    found = [problem.message for problem in problems(changed("form: extensive", "form: strategic"), "x.yaml")]

    assert any("tree: belongs to models of the form extensive" in message for message in found)
    assert any("payoffs: is missing" in message for message in found)


@pytest.mark.parametrize(
    ("shares", "proved"),
    [
        (["p_war", "calm"], True),
        (["p_war / (p_war + cost)", "cost / (cost + p_war)"], True),
        (["exp(-cost)", "1 - exp(-1 * cost)"], True),
        (["p_war ** 2", "calm ** 2", "2 * p_war * calm"], True),
        (["min(p_war, 0.5)", "1 - min(p_war, 0.5)"], True),
        (["p_war", "0.9 - p_war"], False),
        (["p_war", "calm + 1e-9"], False),
        (["abs(p_war)", "1 - p_war"], False),
    ],
)
def test_sums_of_one_are_proved_and_others_are_not(model: Model, shares: list[str], proved: bool) -> None:
    assert sums_to_one(model, [parse(text) for text in shares]) is proved


def pure(model: Model, *chosen: str) -> TreeSolutions:
    """The play of one action at every information set, as a solution of the central game."""
    games = model.trees()
    tree = games.tree
    behaviour = np.zeros((1, tree.move_count))
    for number, action in enumerate(chosen):
        behaviour[0, tree.first_move[number] + tree.sets[number].actions.index(action)] = 1.0
    reached = tree.reach(behaviour, games.chances)
    beliefs = np.zeros((1, len(tree)))
    one = np.array([1])
    verdict, reason = np.array(["complete"], dtype=object), np.array([""], dtype=object)
    certificates = Certificates(verdict, one, np.zeros(1), None, reason)
    payoffs = (games.payoffs[0] @ reached[0, tree.ends])[np.newaxis]
    order = ("simultaneous", "nash", np.zeros(1, dtype=np.int64))
    return TreeSolutions(
        games, *order, behaviour, beliefs, reached, payoffs, np.zeros(1), None, None, certificates, ((),), ((),)
    )


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (("concede", "demand", "resist"), {"war": 0.12, "resists": 1.0, "demands": 0.3, "damage": 0.12 * 20}),
        (("concede", "concede", "resist"), {"war": 0.0, "resists": 1.0, "demands": 0.0, "damage": 0.0}),
        (("demand", "concede", "give_in"), {"war": 0.0, "resists": 0.0, "demands": 0.7, "damage": 0.7}),
    ],
)
def test_measures_are_what_one_works_out_by_hand(model: Model, chosen: tuple[str, ...], expected: Any) -> None:
    found = tree_measures(model, {}, pure(model, *chosen))

    assert {name: float(values[0]) for name, (values, _) in found.items()} == pytest.approx(expected)
    assert found["war"][1].tolist() == [[0.0, 1.0]]
    assert found["damage"][1].tolist() == [[0.0, 20.0]]


def test_every_order_answers_and_claims_hold_as_by_hand(model: Model) -> None:
    design = {"p_war": np.array([0.4, 0.9]), "p_hard": np.array([0.3, 0.9])}  # p_war 2: giving in is better

    answers = answer_block(model, design, model.orders)

    actions = [labels for _, labels in model.axes]
    for order in model.orders:
        numbers, table = answers.classes[order]
        names = [class_name(table[number], actions) for number in numbers[:, 0]]
        assert names == ["concede, demand, resist", "demand, demand, give_in"]
    assert answers.claims["hard_demands"].tolist() == [2, 2]
    assert answers.claims["all_demand"].tolist() == [0, 2]
    assert answers.claims["no_war"].tolist() == [2, 2]
    assert answers.measures["sequential"]["war"][0][:, 0].tolist() == pytest.approx([0.12, 0.0])


def test_a_study_of_a_tree_gives_the_same_totals_for_any_number_of_workers(model: Model) -> None:
    first, second = (run(model, 60, seed=3, workers=workers).totals for workers in (1, 3))

    assert first == second
    assert set(first.orders) == {"simultaneous", "subgame_perfect", "sequential"}


@pytest.mark.parametrize(
    "name", ["margins", "radius", "least_change", "critical_risk", "choices", "forecast", "ordinal"]
)
def test_an_analysis_of_tables_says_that_a_tree_has_none(model: Model, name: str) -> None:
    with pytest.raises(InputError, match=f"{name} needs a table of payoffs.*extensive"):
        getattr(analyses, name)(model)


def test_analyses_of_solutions_work_on_a_tree(model: Model) -> None:
    base = analyses.base_case(model)
    outcomes = analyses.outcomes(model, samples=60, seed=1)
    flips = analyses.flips(model)

    assert base["order"].tolist() == list(model.orders)
    assert set(base["beliefs"]) == {"reply: 1 hard/demand"}
    assert set(outcomes["profile"]) <= {"concede, demand, resist", "demand, demand, give_in", "demand, demand, resist"}
    assert flips["order"].tolist() == list(model.orders)
    claims = analyses.claims(model, samples=60, seed=1)
    assert claims.set_index("claim").loc["no_war", "all"] == 1.0


def test_games_of_the_wrong_form_are_refused(model: Model) -> None:
    with pytest.raises(InputError, match="use trees instead"):
        model.games()
    with pytest.raises(UnknownNameError, match="no information set"):
        model.trees(given={"nowhere": ["a"]})
    with pytest.raises(ModelError):
        read(changed("give_in: gives_in", "give_in: nothing"))
