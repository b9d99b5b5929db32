"""Do the models of form extensive give the published special cases, and do their answers move as theory says?

Every number is asked of the model files, and held against a second way to it: a walk down the tree, a closed form, sums
over periods, or the same game grown by other hands. reputation_appeasement.yaml, which has the formulas for the tree
of returning_challenger.yaml, is tested here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import gametheory as gt
from gametheory.games import END
from gametheory.model import Model
from gametheory.solvers.trees import solve_trees
from gametheory.study.forms import form_of
from tests.tree_library import asymmetric, chain_store, deterrence

NAMES = ("asymmetric_escalation", "reputation_appeasement", "returning_challenger", "unilateral_deterrence")
TREES = tuple(name for name in NAMES if name != "reputation_appeasement")
FULL = {"complete", "degenerate-complete"}
NEAR = 1e-6  # draws this close to a threshold are left out

FloatArray = NDArray[np.float64]
Values = Mapping[str, Any]

every_model = pytest.mark.parametrize("name", NAMES)
pytestmark = pytest.mark.filterwarnings("ignore::gametheory.ParameterWarning")  # special cases may leave the laws


@dataclass(frozen=True, eq=False)
class Answers:
    """The solutions at the points of a design, and their measures."""

    solutions: Any
    measures: Mapping[str, FloatArray]

    def __getitem__(self, measure: str) -> FloatArray:
        return self.measures[measure]

    def of(self, game: int, measure: str) -> FloatArray:
        """A measure in every solution of one game."""
        own: FloatArray = self.measures[measure][self.solutions.game == game]
        return own


@cache
def model_of(name: str) -> Model:
    return gt.load(name)


def answers(name: str, order: str, given: Mapping[str, tuple[str, ...]] | None = None, /, **values: Any) -> Answers:
    """All solutions of a model at points of its parameters; what is not given stands at its centre."""
    model = model_of(name)
    form = form_of(model)
    games = form.games(model, values)
    solutions = form.solve(form.restricted(games, given) if given else games, order, None)
    assert set(solutions.certificates.verdict) <= FULL
    return Answers(solutions, form.values(model, form.cells(model, values, None), solutions, None))


def draws(name: str, count: int) -> dict[str, FloatArray]:
    """Points drawn from the laws of the parameters."""
    sample = model_of(name).sample(count, seed=5)
    return {column: np.array(sample[column], dtype=float) for column in model_of(name).parameters}


def by_walking(games: Any, game: int) -> tuple[list[float], dict[str, str]]:
    """Payoffs and the action at every set by backward induction, node by node; needs a tree without ties or chance."""
    tree, chosen = games.tree, {}
    ends = tree.ends.tolist()

    def walk(node: int) -> list[float]:
        if tree.owner[node] == END:
            return [float(value) for value in games.payoffs[game][:, ends.index(node)]]
        worth = [walk(child) for child in tree.children[node]]
        best = max(range(len(worth)), key=lambda move: worth[move][int(tree.owner[node])])
        chosen[tree.sets[int(tree.set_of[node])].name] = tree.labels[node][best]
        return worth[best]

    return walk(0), chosen


def pure_choices(solutions: Any, solution: int) -> dict[str, str]:
    """The likeliest action at every information set."""
    tree, row = solutions.tree, solutions.behaviour[solution]
    moves = [row[tree.first_move[k] : tree.first_move[k + 1]] for k in range(len(tree.sets))]
    return {own.name: own.actions[int(part.argmax())] for own, part in zip(tree.sets, moves, strict=True)}


def outcome_payoffs(name: str, player: int, **values: Any) -> dict[str, FloatArray]:
    """What a player gets by outcome: ``float64[game]``."""
    games = model_of(name).trees(values)
    labels = [games.tree.outcomes[place] for place in games.tree.outcome[games.tree.ends].tolist()]
    return {label: games.payoffs[:, player, column] for column, label in enumerate(labels)}


# --- what every one of them owes its reader ---------------------------------------------------------------------------


@every_model
def test_a_contested_claim_stands_beside_a_rival_on_the_same_item(name: str) -> None:
    contested = [claim for claim in model_of(name).claims.values() if claim.contested]
    rivals = {
        claim.name for pair in combinations(contested, 2) if set(pair[0].essay) & set(pair[1].essay) for claim in pair
    }

    assert contested
    assert rivals == {claim.name for claim in contested}


@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("asymmetric_escalation", {"E3", "E16", "E46"}),
        ("unilateral_deterrence", {"E6", "E25", "E46"}),
        ("returning_challenger", {"E43", "E44", "E48", "E49"}),
        ("reputation_appeasement", {"E43", "E44", "E48", "E49"}),
    ],
)
def test_the_models_test_the_items_that_they_were_written_for(name: str, items: set[str]) -> None:
    assert items <= {item for claim in model_of(name).claims.values() for item in claim.essay}


@pytest.mark.parametrize("name", TREES)
def test_credible_play_is_always_among_the_nash_equilibria(name: str) -> None:
    values = draws(name, 25)
    nash, credible = (answers(name, order, **values) for order in ("simultaneous", "sequential"))
    tree = model_of(name).trees().tree

    for game in range(25):
        reached = nash.solutions.reached[nash.solutions.game == game][:, tree.ends]
        for own in credible.solutions.reached[credible.solutions.game == game][:, tree.ends]:
            where = np.abs(reached - own).max(axis=1)
            assert where.min() < NEAR or _between(reached, own)


def _between(corners: FloatArray, point: FloatArray) -> bool:
    """Whether the ends of a solution are a mixture of those of others; of a continuum only corners are listed."""
    from scipy.optimize import linprog

    rows = np.vstack([corners.T, np.ones(len(corners))])
    return bool(linprog(np.zeros(len(corners)), A_eq=rows, b_eq=[*point, 1.0]).status == 0)


# --- asymmetric escalation --------------------------------------------------------------------------------------------

PROFILES = [
    ("S", "H", "H", "status_quo"),
    ("S", "H", "S", "status_quo"),
    ("S", "S", "H", "status_quo"),
    ("S", "S", "S", "status_quo"),
    ("H", "H", "H", "status_quo"),
    ("H", "H", "S", "concession"),
    ("H", "S", "H", "concession"),
    ("H", "S", "S", "concession"),
]
RESOLVES = ("challenger_resolve", "defender_tactical_resolve", "defender_strategic_resolve")


def resolves(*kinds: str) -> dict[str, float]:
    """The three numbers that make a profile."""
    return {name: 0.5 if kind == "H" else -0.5 for name, kind in zip(RESOLVES, kinds, strict=True)}


@pytest.mark.parametrize("order", ["subgame_perfect", "sequential"])
@pytest.mark.parametrize(("challenger", "tactical", "strategic", "outcome"), PROFILES)
def test_the_eight_profiles_end_as_derived(
    challenger: str, tactical: str, strategic: str, outcome: str, order: str
) -> None:
    found = answers("asymmetric_escalation", order, **resolves(challenger, tactical, strategic))
    ranks = solve_trees(asymmetric(challenger, tactical, strategic), order=order)

    assert found[outcome].tolist() == [1.0]
    assert found["any_fighting"].tolist() == [0.0]
    np.testing.assert_allclose(found.solutions.behaviour, ranks.behaviour, atol=1e-12)


def test_the_published_order_of_outcomes_is_kept_at_every_point() -> None:
    values = draws("asymmetric_escalation", 400)
    challenger, defender = (outcome_payoffs("asymmetric_escalation", player, **values) for player in (0, 1))
    determined = [values[name] > 0 for name in RESOLVES]

    up = ["escalated_defence", "limited_war", "escalated_win", "status_quo", "concession"]
    assert all(np.all(challenger[low] < challenger[high]) for low, high in pairwise(up))
    assert np.all((challenger["general_war"] > challenger["escalated_defence"]) == determined[0])
    assert np.all(challenger["general_war"] < challenger["limited_war"])
    up = ["escalated_win", "concession", "escalated_defence", "status_quo"]
    assert all(np.all(defender[low] < defender[high]) for low, high in pairwise(up))
    assert np.all((defender["limited_war"] > defender["concession"]) == determined[1])
    assert np.all(defender["limited_war"] < defender["escalated_defence"])
    assert np.all((defender["general_war"] > defender["escalated_win"]) == determined[2])
    assert np.all(defender["general_war"] < defender["limited_war"])


def test_only_the_profile_decides_and_a_walk_down_the_tree_finds_the_same() -> None:
    values = draws("asymmetric_escalation", 200)
    found = answers("asymmetric_escalation", "subgame_perfect", **values)
    games = model_of("asymmetric_escalation").trees(values)
    hard, tactical, strategic = (values[name] > 0 for name in RESOLVES)

    assert len(found.solutions) == 200
    np.testing.assert_array_equal(found["concession"] == 1, hard & ~(tactical & strategic))
    np.testing.assert_array_equal(found["status_quo"] == 1, ~hard | (tactical & strategic))
    for game in range(200):
        payoffs, chosen = by_walking(games, game)
        assert found.solutions.payoffs[game].tolist() == pytest.approx(payoffs)
        assert pure_choices(found.solutions, game) == chosen


def test_limited_means_alone_never_deter_and_the_last_rung_alone_only_who_would_climb_down() -> None:
    values = draws("asymmetric_escalation", 200)
    limited = {"reply": ("concede", "respond_in_kind"), "answer": ("give_way",)}
    below = answers("asymmetric_escalation", "subgame_perfect", limited, **values)
    above = answers("asymmetric_escalation", "subgame_perfect", {"reply": ("concede", "escalate")}, **values)

    assert np.all(below["concession"] == 1)
    np.testing.assert_array_equal(above["status_quo"] == 1, values["challenger_resolve"] < 0)


@pytest.mark.parametrize("name", RESOLVES[1:])
def test_a_more_determined_defender_is_never_challenged_more(name: str) -> None:
    for others in [resolves(*kinds) for *kinds, _ in PROFILES]:
        found = answers("asymmetric_escalation", "subgame_perfect", **{**others, name: np.linspace(-0.9, 0.9, 8)})
        assert np.all(np.diff(found["status_quo"]) >= 0)


def test_deterrence_by_who_would_not_act_rests_on_a_named_threat() -> None:
    answered = answers("asymmetric_escalation", "simultaneous", **resolves("H", "H", "S"))
    found, tree = answered.solutions, answered.solutions.tree
    held_back = np.flatnonzero(answered["status_quo"] == 1).tolist()
    credible = [s for s in range(len(found)) if "credible" in found.tags[s]]

    assert len(credible) == 1
    assert pure_choices(found, credible[0]) == {
        "start": "demand", "reply": "concede", "step": "escalate", "answer": "give_way", "final": "escalate",
    }  # fmt: skip
    named = set()
    for s in held_back:
        assert "incredible threat" in found.tags[s]
        own_sets = [tree.sets[own.information_set] for own in found.threats[s]]
        assert {tree.players[own.player] for own in own_sets} == {"defender"}
        assert all(own.gain > 0 for own in found.threats[s])
        named |= {(own.name, own.actions[why.action]) for own, why in zip(own_sets, found.threats[s], strict=True)}
    assert {("reply", "escalate"), ("reply", "respond_in_kind"), ("answer", "escalate")} <= named
    certain = next(s for s in held_back if found.behaviour[s][tree.first_move[1] + 2] == 1)
    pays = outcome_payoffs("asymmetric_escalation", 1, **resolves("H", "H", "S"))
    in_kind = "limited_war" if pure_choices(found, certain)["step"] == "leave_it" else "escalated_win"
    better = max(float(pays[outcome][0]) for outcome in ("concession", in_kind))
    assert found.threats[certain][0].gain == pytest.approx(better - float(pays["general_war"][0]))


# --- deterrence with doubt on both sides ------------------------------------------------------------------------------

FOUR_POINTS = [
    ("bluff", 0.2, 0.1, {"hard_demands": 1, "soft_demands": 0.15, "soft_resists": 4 / 9}),
    ("attack", 0.8, 0.1, {"hard_demands": 1, "soft_demands": 1, "soft_resists": 0}),
    ("separating", 0.5, 0.53, {"hard_demands": 1, "soft_demands": 0, "soft_resists": 0}),
    ("certain deterrence", 0.2, 0.7, {"hard_demands": 0, "soft_demands": 0, "status_quo": 1}),
]


def thresholds(values: Values) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The three thresholds of the model file at points of its parameters."""
    model = model_of("unilateral_deterrence")
    first, second, third = (
        np.asarray(model.quantity(name, values)) for name in ("hard_holds_back", "soft_holds_back", "soft_concedes")
    )
    return first, second, third


def test_the_thresholds_of_deterrence_are_the_derived_ones() -> None:
    assert [float(value[0]) for value in thresholds({})] == pytest.approx([4 / 7, 1 / 2, 5 / 8])


@pytest.mark.parametrize(("kind", "challenger", "defender", "expected"), FOUR_POINTS)
def test_the_four_points_have_their_named_equilibrium_among_the_sequential_ones(
    kind: str, challenger: float, defender: float, expected: Mapping[str, float]
) -> None:
    found = answers("unilateral_deterrence", "sequential", challenger_hard=challenger, defender_hard=defender)
    nash = answers("unilateral_deterrence", "simultaneous", challenger_hard=challenger, defender_hard=defender)
    again = solve_trees(deterrence(challenger, defender), order="sequential")
    matches = np.all([np.abs(found[name] - value) < NEAR for name, value in expected.items()], axis=0)

    assert matches.any(), kind
    np.testing.assert_allclose(np.sort(found.solutions.payoffs, axis=0), np.sort(again.payoffs, axis=0), atol=1e-9)
    assert 5 <= len(nash.solutions) <= 7
    assert sum("idle incredible choice" in words for words in nash.solutions.tags) >= 2
    assert not any(nash.solutions.threats)


def test_bluffing_has_its_closed_form_wherever_it_is_possible() -> None:
    values = draws("unilateral_deterrence", 120)
    found = answers("unilateral_deterrence", "sequential", **values)
    first, second, third = thresholds(values)
    own, other = values["challenger_hard"], values["defender_hard"]
    assert np.all((second < first) & (first < 1) & (third < 1))

    bluffs = np.flatnonzero((other < second - NEAR) & (own < third - NEAR))
    assert len(bluffs) > 20
    for game in bluffs.tolist():
        demand = own[game] * (1 - third[game]) / ((1 - own[game]) * third[game])
        resist = (second[game] - other[game]) / (1 - other[game])
        near = np.abs(found.of(game, "soft_demands") - demand) + np.abs(found.of(game, "soft_resists") - resist)
        assert near.min() < NEAR


def test_attack_separation_and_deterrence_come_where_they_were_derived() -> None:
    values = draws("unilateral_deterrence", 120)
    found = answers("unilateral_deterrence", "sequential", **values)
    first, second, third = thresholds(values)
    own, other = values["challenger_hard"], values["defender_hard"]

    for game in range(120):
        quiet = found.of(game, "status_quo") > 1 - NEAR
        attack = (found.of(game, "soft_demands") > 1 - NEAR) & (found.of(game, "soft_resists") < NEAR)
        apart = (found.of(game, "hard_demands") > 1 - NEAR) & (found.of(game, "soft_demands") < NEAR)
        assert quiet.any()
        assert quiet.all() == (other[game] >= first[game])
        assert attack.any() == (other[game] <= second[game] and own[game] >= third[game])
        assert apart.any() == (second[game] <= other[game] <= first[game])


def test_steadfast_deterrence_rests_on_the_belief_that_a_demand_comes_from_who_would_not_fight() -> None:
    values = draws("unilateral_deterrence", 120)
    found = answers("unilateral_deterrence", "sequential", **values)
    tree, game = found.solutions.tree, found.solutions.game
    first, _, third = thresholds(values)
    (reply,) = [own for own in tree.sets if own.name == "reply.soft"]
    hard = [node for node in reply.nodes if found.solutions.path(node).startswith("hard")]
    quiet = (found["status_quo"] > 1 - NEAR) & (values["defender_hard"] < first - NEAR)[game]

    assert np.any(values["challenger_hard"][game][quiet] > third[game][quiet] + 0.1)
    assert np.all(found.solutions.beliefs[quiet][:, hard].sum(axis=1) <= third[game][quiet] + NEAR)
    assert np.all(found["soft_resists"][quiet] > 0)


def test_a_defender_that_is_likelier_hard_is_challenged_less_at_worst() -> None:
    beliefs = np.array([0.1, 0.3, 0.45, 0.53, 0.56, 0.6, 0.8])
    found = answers("unilateral_deterrence", "sequential", defender_hard=beliefs)
    worst = np.array([found.of(game, "status_quo").min() for game in range(len(beliefs))])

    assert np.all(np.diff(worst) >= -1e-9)
    assert worst.tolist() == pytest.approx([0.68, 0.68, 0.68, 0.8, 0.8, 1, 1])


def test_deterrence_tips_where_its_thresholds_are() -> None:
    frame = gt.tip(model_of("unilateral_deterrence"), "defender_hard", order="sequential")

    assert frame["value"].tolist() == pytest.approx([1 / 2, 4 / 7], abs=1e-9)


# --- reputation and its opposite --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crises", "demands", "fights"), [(1, True, 0), (2, True, 1 / 9), (3, True, 1 / 3), (4, False, 7 / 9)]
)
def test_the_formulas_of_the_chain_store_give_the_published_case(crises: int, demands: bool, fights: float) -> None:
    found = answers("reputation_appeasement", "equilibrium", crises=crises)

    assert found["yielding_fights"][0] == pytest.approx(fights)
    assert (found["demand_margin"][0] > 0) == demands


@pytest.mark.parametrize("prior", [0.1, 0.2, 0.3, 0.4])
def test_two_crises_as_a_tree_are_the_formulas_and_the_game_of_two_entrants(prior: float) -> None:
    tree = answers("returning_challenger", "sequential", firm_prior=prior)
    closed = answers("reputation_appeasement", "equilibrium", firm_prior=prior, crises=2)
    entrants = solve_trees(chain_store(2, prior), order="sequential")
    names = [own.name for own in entrants.tree.sets]

    def of_entrants(name: str, action: int) -> FloatArray:
        return np.asarray(entrants.behaviour[:, entrants.tree.first_move[names.index(name)] + action])

    assert np.ptp(tree["yielding_fights"]) < NEAR
    assert tree["first_demand"].tolist() == [float(prior < 0.25)] * len(tree.solutions)
    assert tree["yielding_fights"][0] == pytest.approx(closed["yielding_fights"][0])
    assert tree["back_after_fight"][0] == pytest.approx(closed["after_fight"][0])
    assert tree["back_after_concession"][0] == closed["after_concession"][0] == 1
    assert of_entrants("weak", 1).tolist() == pytest.approx([float(tree["yielding_fights"][0])] * len(entrants))
    assert of_entrants("entrant0", 0).tolist() == pytest.approx([float(tree["first_demand"][0])] * len(entrants))
    assert of_entrants("entrant1F", 0)[0] == pytest.approx(tree["back_after_fight"][0])


def test_ample_means_make_the_first_demand_stop_at_the_square_of_the_gain() -> None:
    values = {**draws("returning_challenger", 80), "exhaustion": np.zeros(80), "second_stake": np.ones(80)}
    found = answers("returning_challenger", "sequential", **values)
    prior, gain = values["firm_prior"], values["gain"]
    assert np.mean(prior < gain) > 0.3

    for game in range(80):
        published = found.of(game, "first_demand") == float(prior[game] < gain[game] ** 2)
        assert published.any()
        if prior[game] < gain[game]:  # else conceding may be taken for strength
            mixed = (1 - gain[game]) * prior[game] / ((1 - prior[game]) * gain[game])
            assert published.all()
            assert found.of(game, "yielding_fights") == pytest.approx(mixed)
            assert found.of(game, "back_after_fight") == pytest.approx(1 - 1 / values["deterrence_worth"][game])
            assert np.all(found.of(game, "back_after_concession") == 1)


def test_the_stages_of_the_chain_store_leave_a_yielding_defender_nothing_to_gain() -> None:
    values = draws("reputation_appeasement", 100)
    stages = range(1, 9)
    found = {
        crises: answers("reputation_appeasement", "equilibrium", **{**values, "crises": np.full(100, crises)})
        for crises in stages
    }

    def worth(left: int, belief: float, gain: float, reward: float) -> float:
        """What a yielding defender has with so many crises left, from the challengers' rules alone."""
        if left == 0:
            return 0.0
        bar = gain**left
        at_bar = abs(belief - bar) <= 1e-9 * bar
        met = max(0.0, -1 + worth(left - 1, max(belief, gain ** (left - 1)), gain, reward)) if belief > 0 else 0.0
        if belief > bar and not at_bar:
            return reward + worth(left - 1, belief, gain, reward)
        quiet = 1 / reward if at_bar else 0.0
        return quiet * (reward + worth(left - 1, belief, gain, reward)) + (1 - quiet) * met

    for crises in stages:
        for game in range(100):
            gain, reward = float(values["gain"][game]), float(values["deterrence_worth"][game])
            after = float(found[crises]["belief_after_fight"][game])
            fighting = -1 + worth(crises - 1, after, gain, reward)
            share = float(found[crises]["yielding_fights"][game])
            assert 0 <= share <= 1
            if share == 0:
                assert crises == 1
                assert fighting == -1
            elif share < 1:
                assert fighting == pytest.approx(0, abs=1e-6)
            else:
                assert fighting >= -1e-9


def test_under_limited_means_it_is_the_fight_that_invites_and_the_concession_that_may_deter() -> None:
    values = {**draws("returning_challenger", 60), "exhaustion": np.full(60, 5.0)}
    found = answers("returning_challenger", "sequential", **values)

    assert np.all(found["back_after_fight"] == 1)
    assert np.all(found["yielding_fights"] == 0)
    for game in range(60):
        deterred = (found.of(game, "back_after_concession") < NEAR).any()
        worth = values["second_stake"][game] * values["deterrence_worth"][game] >= values["firm_gain"][game]
        assert deterred == (values["firm_prior"][game] > values["gain"][game] and worth)


def test_the_two_theories_disagree_about_what_invites() -> None:
    values = draws("reputation_appeasement", 300)
    several = values["crises"] > 1.5
    uses_up = values["means"] - values["first_fight_uses"] < values["second_needs"]
    enough = values["means"] >= values["second_needs"]
    by_record = answers("reputation_appeasement", "equilibrium", **{**values, "limited_means": 0})
    by_means = answers("reputation_appeasement", "equilibrium", **{**values, "limited_means": 1})

    np.testing.assert_array_equal(by_record["invitation"] > 0, several)
    assert np.all(by_record["invitation"] >= 0)
    np.testing.assert_array_equal(by_means["invitation"] < 0, uses_up & enough)
    assert np.all(by_means["invitation"] <= 0)


def test_conceding_first_pays_where_the_second_theatre_is_worth_more_than_the_first_less_its_cost() -> None:
    values = draws("reputation_appeasement", 300)
    found = answers("reputation_appeasement", "equilibrium", **{**values, "limited_means": 1})
    binding = (values["means"] - values["first_fight_uses"] < values["second_needs"]) & (
        values["means"] >= values["second_needs"]
    )
    more = values["second_worth"] > values["first_worth"] - values["fight_cost"]

    assert np.mean(binding) > 0.2
    np.testing.assert_array_equal(found["gain_by_conceding"][binding] > 0, more[binding])


def test_patience_keeps_a_bargain_from_the_published_thresholds_on() -> None:
    found = answers("reputation_appeasement", "equilibrium")

    assert found["lasting_punishment"][0] == pytest.approx(1 / 2)
    assert found["punishment_in_kind"][0] == pytest.approx(2 / 3)


def test_below_its_threshold_some_breach_pays_and_above_it_none_does() -> None:
    values = draws("reputation_appeasement", 40)
    found = answers("reputation_appeasement", "equilibrium", **values)
    periods = np.arange(4_000)

    for game in range(40):
        best, kept, none, lost = (float(values[n][game]) for n in ("temptation", "reward", "punishment", "sucker"))
        for measure, streams in (
            ("lasting_punishment", [np.where(periods == 0, best, none)]),
            ("punishment_in_kind", [np.where(periods == 0, best, none), np.where(periods % 2 == 0, best, lost)]),
        ):
            at = float(found[measure][game])
            for patience, pays in ((at - 1e-3, True), (at + 1e-3, False)):
                if patience < 0.99:
                    weights = patience**periods
                    gains = [float(((stream - kept) * weights).sum()) for stream in streams]
                    assert (max(gains) > 0) == pays


@pytest.mark.parametrize("order", ["simultaneous", "subgame_perfect", "sequential"])
@pytest.mark.filterwarnings("ignore::gametheory.errors.ParameterWarning")
def test_a_chance_that_is_no_probability_is_no_game(order: str) -> None:
    model = gt.read(gt.starter("extensive"))

    solutions = gt.solve(model.trees(firm_share=[2.0, -0.5, 0.2, 1.0]), order=order)

    assert [verdict == "failed" for verdict in solutions.certificates.verdict] == [True, True, False, False]
    assert set(solutions.game.tolist()) == {2, 3}
