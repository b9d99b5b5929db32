"""Do the models of form analytic give the published special cases, and do their answers move as theory says?

Every number is asked of the model files, and held against a second way to it: a search over a grid, a quadrature, a sum
over single steps, or another library.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import gametheory as gt
from gametheory.model import Model
from gametheory.study.forms import form_of

NAMES = (
    "brinkmanship_threat",
    "crisis_signalling",
    "extended_deterrence",
    "policy_transition",
    "power_risk",
    "red_line_learning",
    "risk_auction",
    "salami_bargaining",
)
DRAWS = 300
FULL = {"complete", "degenerate-complete"}

FloatArray = NDArray[np.float64]

every_model = pytest.mark.parametrize("name", NAMES)
pytestmark = pytest.mark.filterwarnings("ignore::gametheory.ParameterWarning")  # special cases may leave the laws


@dataclass(frozen=True, eq=False)
class Answers:
    """The solutions at the points of a design: their games, verdicts, outcomes and measures."""

    game: NDArray[np.int64]
    verdicts: list[str]
    outcomes: list[str]
    measures: Mapping[str, FloatArray]

    def __getitem__(self, measure: str) -> FloatArray:
        return self.measures[measure]


@cache
def model_of(name: str) -> Model:
    """A model of the catalogue, read once."""
    return gt.load(name)


def answers(name: str, design: Mapping[str, Any] | None = None, /, **values: Any) -> Answers:
    """All solutions of a model at points of its parameters; what is not given stands at its centre."""
    model = model_of(name)
    form, points = form_of(model), {**(design or {}), **values}
    games = form.games(model, points)
    solutions = form.solve(games, model.orders[0], None)
    measures = form.values(model, form.cells(model, points, None), solutions, None)
    outcomes = [solutions.profile(s) for s in range(len(solutions))]
    return Answers(solutions.game, list(solutions.certificates.verdict), outcomes, measures)


def draws(name: str, count: int = DRAWS) -> dict[str, FloatArray]:
    """Draws from the laws of a model, and what its parameters are there."""
    model = model_of(name)
    frame = model.sample(count, seed=0)
    constant = {key: np.full(count, value) for key, value in model.central().items()}
    return {**constant, **{str(key): column.to_numpy() for key, column in frame.items()}}


def integral(heights: FloatArray, places: FloatArray) -> float:
    """Simpson's rule over an even number of equal steps."""
    step = (places[-1] - places[0]) / (len(places) - 1)
    return float(step / 3 * (heights[0] + heights[-1] + 4 * heights[1:-1:2].sum() + 2 * heights[2:-1:2].sum()))


# --- what every one of them owes -------------------------------------------------------------------------------------


@every_model
def test_every_draw_has_an_answer_that_is_proved_and_named(name: str) -> None:
    found = answers(name, draws(name))

    assert set(found.verdicts) <= FULL
    assert len(set(found.game.tolist())) == DRAWS
    assert {outcome.split(" ")[0] for outcome in found.outcomes} <= REGIMES[name]


REGIMES = {
    "brinkmanship_threat": {"certain_threat_bearable", "chance_threat_only", "no_threat"},
    "crisis_signalling": {"mostly_heeded", "mostly_meant", "mostly_bluff"},
    "extended_deterrence": {"firm_enough_to_deter", "too_weak_to_deter"},
    "policy_transition": {"settles_now", "commitment_ends_the_wait", "waits"},
    "power_risk": {"stays_out", "high_level", "unanswered", "low_level"},
    "red_line_learning": {"stays_out", "goes_part_of_the_way", "goes_all_the_way"},
    "risk_auction": {
        "nato_gives_way_at_once",
        "russia_gives_way_at_once",
        "nato_gives_way_more",
        "russia_gives_way_more",
        "even_contest",
    },
    "salami_bargaining": {"fights_before_it_weakens", "certain_deal", "demand_at_a_risk"},
}


@every_model
def test_every_named_outcome_is_met_in_the_laws_or_at_their_ends(name: str) -> None:
    met = set(answers(name, draws(name, 1_000)).outcomes)
    if name == "risk_auction":
        met |= set(answers(name, concession_at_once=np.array([-1.0, 1.0])).outcomes)
        met |= set(answers(name, stake_russia=1).outcomes)

    assert {outcome.split(" ")[0] for outcome in met} == REGIMES[name]


@every_model
def test_a_contested_claim_stands_beside_a_rival_on_the_same_item(name: str) -> None:
    contested = [claim for claim in model_of(name).claims.values() if claim.contested]
    rivals = {
        claim.name for pair in combinations(contested, 2) if set(pair[0].essay) & set(pair[1].essay) for claim in pair
    }

    assert contested
    assert rivals == {claim.name for claim in contested}


@every_model
def test_every_claim_is_conditional(name: str) -> None:
    for claim in model_of(name).claims.values():
        assert claim.text.startswith("If "), claim.name


# --- brinkmanship ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prior", [0.2, 0.35, 0.45, 0.6, 0.8])
def test_a_threat_must_be_strong_enough_and_bearable_as_in_the_textbook(prior: float) -> None:
    found = answers("brinkmanship_threat", resolute_prior=prior)

    assert found["needed_risk"][0] == pytest.approx(1 / 4, abs=1e-12)
    assert found["bearable_risk"][0] == pytest.approx(min(1, 0.375 * (1 - prior) / prior), abs=1e-12)
    assert found["certain_threat_prior"][0] == pytest.approx(3 / 11, abs=1e-12)
    assert found["chance_threat_prior"][0] == pytest.approx(3 / 5, abs=1e-12)
    assert found["needed_if_resolute"][0] == pytest.approx(5 / 3, abs=1e-12)  # above one: no chance is enough


@pytest.mark.parametrize(
    ("prior", "outcome"),
    [
        (3 / 11 - 1e-9, "certain_threat_bearable"),
        (3 / 11 + 1e-9, "chance_threat_only"),
        (3 / 5 - 1e-9, "chance_threat_only"),
        (3 / 5 + 1e-9, "no_threat"),
    ],
)
def test_the_kind_of_threat_changes_at_the_critical_priors(prior: float, outcome: str) -> None:
    assert answers("brinkmanship_threat", resolute_prior=prior).outcomes == [outcome]


def test_the_window_of_threats_is_that_of_a_search_over_all_of_them() -> None:
    at = draws("brinkmanship_threat", 100)
    found = answers("brinkmanship_threat", at)
    chance = np.linspace(0, 1, 4_001)[:, None]
    gives_in = chance * -at["yielding_loss"] + (1 - chance) * at["carries_on"] <= at["yielding_gives_in"]
    met = chance * -at["threatener_loss"] + (1 - chance) * at["defied"]
    worth = (1 - at["resolute_prior"]) * at["success"] + at["resolute_prior"] * met

    np.testing.assert_allclose(found["needed_risk"], chance[gives_in.argmax(axis=0), 0], atol=2.6e-4)
    clear = np.flatnonzero(np.abs(found["window"]) > 5e-4)
    usable = np.any(gives_in & (worth >= at["quiet"]), axis=0)
    np.testing.assert_array_equal(usable[clear], (found["window"] > 0)[clear])


def test_the_least_threat_has_the_worth_of_its_lottery() -> None:
    found = answers("brinkmanship_threat", resolute_prior=0.4)
    met = 0.25 * -10 + 0.75 * -2

    assert found["window"][0] == pytest.approx(0.5625 - 0.25, abs=1e-12)
    assert found["disaster_of_least_threat"][0] == pytest.approx(0.4 * 0.25, abs=1e-12)
    assert found["value_of_least_threat"][0] == pytest.approx(0.6 * 1 + 0.4 * met - (-2), abs=1e-12)
    assert found["loss_if_misjudged"][0] == pytest.approx((-2 - met) / (1 - (-2)), abs=1e-12)


def test_a_worse_disaster_for_the_threatener_leaves_it_less_to_threaten() -> None:
    found = answers("brinkmanship_threat", threatener_loss=np.array([8.0, 10, 20, 50, 200]))

    assert np.all(np.diff(found["bearable_risk"]) < 0)
    assert np.all(np.diff(found["chance_threat_prior"]) < 0)
    assert np.all(np.diff(found["needed_risk"]) == 0)


# --- the auction in risk ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("loss", "disaster"), [(1, 1 / 3), (9, 1 / 19), (99, 1 / 199)])
def test_equal_stakes_that_are_known_end_in_disaster_with_the_derived_chance(loss: float, disaster: float) -> None:
    found = answers("risk_auction", disaster_loss=loss, stake_russia=1)
    bid = np.linspace(0, 1, 200_001)
    above = (1 - bid) ** loss  # chance that a side bids more

    assert found["disaster"][0] == pytest.approx(disaster, abs=1e-12)
    assert found["disaster"][0] == pytest.approx(integral(above**2, bid), abs=1e-6)
    assert found["critical_nato"][0] / (2 - found["critical_nato"][0]) == pytest.approx(disaster, abs=1e-12)


@pytest.mark.parametrize(
    ("loss", "disaster"), [(1, 11 - 4 * math.e), (9, 0.0178622977), (99, 0.0016778566), (0.9, None), (400, None)]
)
def test_private_stakes_end_in_disaster_with_the_derived_chance(loss: float, disaster: float | None) -> None:
    found = answers("risk_auction", disaster_loss=loss)["disaster_private"][0]
    stake = np.linspace(0, 1, 2_001)
    ran_to = (1 - stake) * stake / loss * ((1 - stake) * np.exp(stake)) ** (1 / loss)

    assert disaster is None or found == pytest.approx(disaster, abs=1e-10)
    if loss <= 1:  # the integrand is smooth enough for the rule only here
        assert found == pytest.approx(integral(ran_to, stake), abs=1e-7)
    assert found == pytest.approx(_disaster_of_bids(loss), abs=1e-6)


def _disaster_of_bids(loss: float) -> float:
    """Mean of the lower of the two bids when both follow the rising rule, by the quantiles of the lower stake."""
    stake = 1 - np.sqrt(1 - (np.arange(400_000) + 0.5) / 400_000)
    return float(np.mean(-np.expm1((np.log1p(-stake) + stake) / loss)))


@pytest.mark.parametrize("loss", [1, 9, 99])
def test_no_bid_is_better_than_that_of_the_own_stake(loss: float) -> None:
    stake = np.linspace(0, 1, 2_001)[:-1]
    bid = -np.expm1((np.log1p(-stake) + stake) / loss)
    for own in (0.1, 0.5, 0.9):
        won = np.concatenate([[0], np.cumsum((1 - bid) * own - bid * loss)[:-1]]) / 2_000
        worth = won - (1 - stake) * bid * loss
        assert abs(stake[worth.argmax()] - own) <= 0.01


@pytest.mark.parametrize("concession", [-0.5, 0, 0.3])
@pytest.mark.parametrize("stake", [0.6, 1, 2.5])
def test_a_contest_of_unequal_sides_is_that_of_bids_that_leave_the_other_indifferent(
    concession: float, stake: float
) -> None:
    loss = 12.0
    found = answers("risk_auction", disaster_loss=loss, stake_russia=stake, concession_at_once=concession)
    bid = np.linspace(0, 1, 200_001)
    nato_above = (1 - max(-concession, 0)) * (1 - bid) ** (loss / stake)
    russia_above = (1 - max(concession, 0)) * (1 - bid) ** loss

    # whatever NATO bids it gets the same: it wins where Russia's bid lies below
    density = -np.gradient(russia_above, bid)
    worth = max(concession, 0) + np.concatenate(
        [[0], np.cumsum((density * ((1 - bid) - bid * loss))[1:]) * (bid[1] - bid[0])]
    )
    worth = worth - russia_above * bid * loss
    np.testing.assert_allclose(worth, found["value_nato"][0], atol=2e-3)
    assert found["disaster"][0] == pytest.approx(integral(nato_above * russia_above, bid), abs=1e-6)
    assert found["critical_russia"][0] == pytest.approx(1 / (1 + loss / stake), abs=1e-12)
    assert found["value_russia"][0] == pytest.approx(max(-concession, 0) * stake, abs=1e-12)
    assert found["disaster"] + found["nato_yields"] + found["russia_yields"] == pytest.approx(1, abs=1e-12)


def test_who_gives_way_at_once_runs_no_risk() -> None:
    found = answers("risk_auction", concession_at_once=np.array([-1.0, 1.0]))

    assert found.outcomes == ["nato_gives_way_at_once", "russia_gives_way_at_once"]
    assert found["disaster"].tolist() == [0, 0]
    assert found["nato_yields"].tolist() == [1, 0]


def test_three_published_surprises_hold() -> None:
    loss = np.geomspace(1, 1_000, 25)
    found = answers("risk_auction", disaster_loss=loss, stake_russia=1.5)

    assert np.all(found["more_at_stake_prevails"] < 0.5)  # the more resolute need not prevail
    assert np.all(found["danger_of_knowing"] > 1)  # less misperception may destabilise
    assert np.all(np.diff(found["disaster"]) < 0)  # a worse disaster is less likely
    assert np.all(np.diff(found["disaster_private"]) < 0)


def test_stakes_that_are_known_and_average_are_those_of_half_the_size() -> None:
    dark = answers("risk_auction", disaster_loss=np.array([10.0, 99, 500]))
    known = answers("risk_auction", disaster_loss=np.array([20.0, 198, 1_000]), stake_russia=1)

    np.testing.assert_allclose(dark["disaster_if_known"], known["disaster"], atol=1e-12)
    np.testing.assert_allclose(dark["danger_of_knowing"], known["disaster"] / dark["disaster_private"], atol=1e-9)


def test_a_side_has_its_way_where_the_other_gives_way() -> None:
    found = answers("risk_auction", stake_russia=np.array([0.7, 1, 1.8]), concession_at_once=0.1)
    yields = [
        found["russia_yields"][0],
        (found["russia_yields"][1] + found["nato_yields"][1]) / 2,
        found["nato_yields"][2],
    ]

    np.testing.assert_allclose(found["more_at_stake_prevails"], yields, atol=1e-12)


# --- power and risk --------------------------------------------------------------------------------------------------


def test_an_unanswered_challenger_brings_the_derived_power_at_the_derived_risk() -> None:
    found = answers("power_risk", risk_slope=0.2, disaster_loss=4)

    assert found["free_power"][0] == pytest.approx(1 / 0.4 - 2, abs=1e-12)
    assert found["free_risk"][0] == pytest.approx((1 - 0.8) / 2, abs=1e-12)


def test_the_power_brought_is_that_of_a_search_over_all_amounts() -> None:
    at = draws("power_risk", 200)
    found = answers("power_risk", at)
    power = at["least_power"] + np.linspace(0, 1, 4_001)[:, None] * (1 - at["least_power"])
    risk = at["risk_slope"] * power
    outbid = power > at["added_risk"] ** -1.0 / at["risk_slope"] / (1 + at["disaster_loss"])
    wins = np.where(outbid, 1 - at["defender_prior"], 1.0)
    worth = wins * (1 - risk) * power - risk * at["disaster_loss"]

    np.testing.assert_allclose(found["value"], np.maximum(worth.max(axis=0), 0), atol=1e-3)
    staying_out = [outcome == "stays_out" for outcome in found.outcomes]
    clear = np.abs(worth.max(axis=0)) > 1e-3
    np.testing.assert_array_equal((worth.max(axis=0) < 0)[clear], np.array(staying_out)[clear])


def test_power_falls_with_risk_and_with_the_loss() -> None:
    by_risk = answers("power_risk", risk_slope=np.linspace(0.26, 0.45, 12))
    by_loss = answers("power_risk", disaster_loss=np.linspace(1.4, 3.2, 12))

    assert np.all(np.diff(by_risk["free_power"]) < 0)
    assert np.all(np.diff(by_loss["free_power"]) < 0)


def test_the_likelier_the_defender_is_resolute_the_less_power_is_brought() -> None:
    at = draws("power_risk", 30)
    for row in range(30):
        point = {name: column[row] for name, column in at.items()} | {"defender_prior": np.linspace(0, 1, 60)}
        assert np.all(np.diff(answers("power_risk", point)["power"]) <= 1e-12)


def test_a_less_stable_balance_makes_high_conflict_rarer_and_low_conflict_more_frequent() -> None:
    prior = np.linspace(0, 1, 400)
    shares = []
    for slope in (0.26, 0.28, 0.30, 0.33, 0.36, 0.40):
        outcomes = answers("power_risk", risk_slope=slope, defender_prior=prior).outcomes
        shares.append([outcomes.count(level) for level in ("high_level", "low_level")])
    high, low = np.array(shares).T

    assert np.all(np.diff(high) < 0)
    assert np.all(np.diff(low) > 0)


def test_the_power_told_has_the_worth_told() -> None:
    at = draws("power_risk", 200)
    found = answers("power_risk", at)
    power, risk = found["power"], at["risk_slope"] * found["power"]
    wins = np.where(power > found["safe_power"] + 1e-12, 1 - at["defender_prior"], 1.0)

    np.testing.assert_allclose(found["risk"], risk, atol=1e-12)
    np.testing.assert_allclose(wins * (1 - risk) * power - risk * at["disaster_loss"], found["value"], atol=1e-12)


def test_at_the_safe_power_the_defender_can_just_reach_the_critical_risk() -> None:
    at = draws("power_risk", 200)
    safe = answers("power_risk", at)["safe_power"]
    critical = 1 / (1 + at["disaster_loss"])
    reached = at["added_risk"] * at["risk_slope"] * safe

    np.testing.assert_allclose(reached[safe < 1], critical[safe < 1], atol=1e-12)
    assert np.all(reached[safe >= 1] <= critical[safe >= 1] + 1e-12)


def test_the_bold_power_is_best_where_only_a_weaker_defender_gives_way() -> None:
    at = draws("power_risk", 200)
    power = at["least_power"] + np.linspace(0, 1, 4_001)[:, None] * (1 - at["least_power"])
    risk = at["risk_slope"] * power
    worth = (1 - at["defender_prior"]) * (1 - risk) * power - risk * at["disaster_loss"]
    best = np.take_along_axis(power, worth.argmax(axis=0)[None, :], axis=0)[0]

    np.testing.assert_allclose(answers("power_risk", at)["bold_power"], best, atol=3e-4)


# --- signalling in a crisis ------------------------------------------------------------------------------------------


def _reply(resisted: float, at: Mapping[str, float]) -> tuple[float, float, float]:
    """The receiver's best reply, and the chances that a threat is made and meant, with SciPy's normal laws."""
    from scipy.stats import multivariate_normal, norm

    root = 1 / math.sqrt(2)
    cutoff = (at["no_threat"] - (1 - resisted) * at["threat_heeded"]) / resisted
    made = 1 - norm.cdf(cutoff - at["sender_fights"]) * norm.cdf(cutoff - at["back_down"])
    places = [(at["sender_fights"] - at["back_down"]) * root, at["sender_fights"] - cutoff]
    meant = multivariate_normal.cdf(places, mean=[0, 0], cov=[[1, root], [root, 1]]) / made
    worth = meant * at["receiver_fights"] + (1 - meant) * at["receiver_unharmed"] - at["receiver_gives_way"]
    return float(norm.cdf(worth / meant)), float(made), float(meant)


def test_the_centre_of_the_signalling_game_has_its_three_published_equilibria() -> None:
    found = answers("crisis_signalling")

    assert found.verdicts == ["complete"]
    assert found["resisted"].tolist() == pytest.approx([0.813322, 0.594723, 0.251105], abs=1e-6)
    assert found["threatens"].tolist() == pytest.approx([0.205452, 0.379868, 0.994789], abs=1e-6)
    assert found["meant"].tolist() == pytest.approx([0.208759, 0.241563, 0.309695], abs=1e-6)


def test_every_signalling_equilibrium_is_a_best_reply_by_another_library() -> None:
    at = draws("crisis_signalling", 15)
    found = answers("crisis_signalling", at)

    for solution, game in enumerate(found.game.tolist()):
        if found["resisted"][solution] < 1 - 1e-6:
            point = {name: float(column[game]) for name, column in at.items()}
            reply, made, meant = _reply(float(found["resisted"][solution]), point)
            assert reply == pytest.approx(found["resisted"][solution], abs=1e-5)
            assert made == pytest.approx(found["threatens"][solution], abs=1e-6)
            assert meant == pytest.approx(found["meant"][solution], abs=1e-5)


def test_there_is_always_a_signalling_equilibrium_and_their_number_is_odd() -> None:
    # a root within rounding of certain resistance is easily lost, and zero roots would then be reported
    found = answers("crisis_signalling", draws("crisis_signalling", 1_000))
    count = np.bincount(found.game, minlength=1_000)

    assert np.all(count % 2 == 1)
    assert np.any(count > 1)
    assert np.any(found["resisted"] > 1 - 1e-12)
    total = found["quiet"] + found["gives_way"] + found["fight"] + found["backs_down"]
    np.testing.assert_allclose(total, 1, atol=1e-12)


def test_threats_fall_and_then_rise_with_the_audience_cost() -> None:
    found = answers("crisis_signalling", back_down=-np.linspace(0, 4, 41), sender_fights=-2, receiver_fights=-1)
    threats = found["threatens"]
    assert len(threats) == 41
    lowest = int(threats.argmin())

    assert 0 < lowest < 40
    assert np.all(np.diff(threats[: lowest + 1]) < 0)
    assert np.all(np.diff(threats[lowest:]) > 0)


def test_a_higher_audience_cost_makes_threats_be_meant() -> None:
    found = answers("crisis_signalling", back_down=-np.linspace(0, 4, 41), sender_fights=-2, receiver_fights=-1)

    assert np.all(np.diff(found["meant"]) > 0)


def test_a_threat_is_meant_or_a_bluff() -> None:
    found = answers("crisis_signalling")

    np.testing.assert_allclose(found["bluffs"], 1 - found["meant"], atol=1e-12)


# --- a hidden red line -----------------------------------------------------------------------------------------------


def test_the_best_level_before_a_hidden_line_is_the_derived_one() -> None:
    uniform = answers("red_line_learning", warning=0, crossing_loss=0.4)
    exponential = answers("red_line_learning", warning=0, crossing_loss=0.4, line_tail=0, line_scale=0.5)

    for found, level in ((uniform, 0.3), (exponential, 0.1)):
        assert found["jump"][0] == pytest.approx(level, abs=1e-12)
        assert found["level"][0] == pytest.approx(level, abs=1e-6)
        assert found["gain_of_steps"][0] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("warning", "steps", "worth"),
    [(0, 1, 0), (0, 60, 0), (0.5, 1, 0.12), (0.5, 60, 0.2085), (0.9, 1, 0.216), (0.9, 60, 0.3753)],
)
def test_small_steps_are_worth_more_only_where_there_are_warnings(warning: float, steps: int, worth: float) -> None:
    found = answers("red_line_learning", warning=warning, steps=steps, goal=0.6, crossing_loss=0.4)
    levels = np.linspace(0, 0.6, steps + 1)
    kept_or_lost = warning * levels[:-1] - (1 - warning) * 0.4

    assert found["goal_steps"][0] == pytest.approx(worth, abs=1e-12)
    assert found["goal_steps"][0] == pytest.approx(np.sum(np.diff(levels) * kept_or_lost) + 0.4 * 0.6, abs=1e-12)


@pytest.mark.parametrize("tail", [-1.0, -0.5, 0.0, 0.3])
def test_the_worth_of_a_level_is_the_sum_over_very_many_steps(tail: float) -> None:
    found = answers("red_line_learning", line_tail=tail, warning=0.3, line_scale=0.8)
    levels = np.linspace(0, found["level"][0], 200_001)
    beyond = np.exp(-levels / 0.8) if tail == 0 else np.maximum(1 + tail * levels / 0.8, 0) ** (-1 / tail)
    steps = -np.diff(beyond) * (0.3 * levels[:-1] - 0.7 * 0.4)

    assert found["worth"][0] == pytest.approx(steps.sum() + beyond[-1] * levels[-1], abs=1e-5)
    assert found["crossed"][0] == pytest.approx(1 - beyond[-1], abs=1e-12)


def test_the_best_level_solves_its_first_order_condition_or_lies_at_an_end() -> None:
    at = draws("red_line_learning")
    found = answers("red_line_learning", at)
    falling = at["line_tail"] < 1 - at["warning"] - 0.05  # then worth has one peak
    level = (at["line_scale"] - (1 - at["warning"]) * at["crossing_loss"]) / (1 - at["warning"] - at["line_tail"])

    assert np.mean(falling) > 0.5
    np.testing.assert_allclose(found["level"][falling], np.clip(level, 0, 1)[falling], atol=1e-6)


def test_having_come_far_does_not_move_the_best_level_of_one_jump() -> None:
    level = np.linspace(0, 1, 10_001)
    for come in (0.05, 0.2, 0.29):
        beyond = np.clip((1 - level) / (1 - come), 0, 1)
        worth = np.where(level >= come, beyond * level - (1 - beyond) * 0.4, -1)
        assert level[worth.argmax()] == pytest.approx(answers("red_line_learning")["jump"][0], abs=1e-4)


def test_more_warnings_and_smaller_losses_make_one_go_further() -> None:
    by_warning = answers("red_line_learning", warning=np.linspace(0, 0.7, 15))
    by_loss = answers("red_line_learning", crossing_loss=np.linspace(0.1, 1.5, 15))

    assert np.all(np.diff(by_warning["level"]) > 0)
    assert np.all(np.diff(by_loss["level"]) < 0)
    assert np.all(by_warning["gain_of_steps"] >= -1e-12)


def test_silence_so_far_teaches_the_derived_amounts() -> None:
    often = answers("red_line_learning", bluff_prior=0.5, answer_rate=0.2, crossings=10)
    seldom = answers("red_line_learning", bluff_prior=0.5, answer_rate=0.05, crossings=10)

    assert often["bluff"][0] == pytest.approx(0.9030, abs=5e-5)
    assert seldom["bluff"][0] == pytest.approx(0.6255, abs=5e-5)
    assert often["next_answer"][0] == pytest.approx(1 / 12, abs=1e-12)
    assert often["next_answer_bound"][0] == pytest.approx(0.259, abs=5e-4)
    assert (1 - often["next_answer_bound"][0]) ** 10 == pytest.approx(0.05, abs=1e-12)


@pytest.mark.parametrize("tail", [-1.0, 0.0, 0.3])
def test_one_jump_is_worth_what_a_search_over_all_jumps_finds(tail: float) -> None:
    found = answers("red_line_learning", line_tail=tail, warning=0.5)
    level = np.linspace(0, 1, 20_001)
    beyond = np.exp(-level) if tail == 0 else np.maximum(1 + tail * level, 0) ** (-1 / tail)

    assert found["jump_worth"][0] == pytest.approx(float(np.max(beyond * level - (1 - beyond) * 0.4)), abs=1e-7)
    assert found["gain_of_steps"][0] == pytest.approx(found["worth"][0] - found["jump_worth"][0], abs=1e-12)
    assert found["retaliation"][0] == pytest.approx(0.5 * found["crossed"][0], abs=1e-12)


def test_one_step_to_the_goal_is_a_jump() -> None:
    one, many = answers("red_line_learning", steps=1), answers("red_line_learning", steps=60)

    assert one["goal_steps"][0] == pytest.approx(many["goal_jump"][0], abs=1e-12)


# --- demands, slices, shifting power ---------------------------------------------------------------------------------


def test_the_last_demand_is_the_published_one() -> None:
    found = answers("salami_bargaining", war_share=0.6, war_cost_russia=0.1, war_cost_spread=0.3)

    assert found["demand"][0] == pytest.approx(0.7, abs=1e-6)
    assert found["best_demand"][0] == pytest.approx(0.7, abs=1e-12)
    assert found["war_risk"][0] == pytest.approx(1 / 3, abs=1e-12)
    assert found["deal_range"][0] == pytest.approx(0.1 + 0.15, abs=1e-12)  # 0.5 to 0.6 and the mean cost
    assert answers("salami_bargaining", cost_firm=0.05, cost_weary=0.25, war_cost_russia=0.1)["gamble_threshold"][
        0
    ] == pytest.approx(4 / 7, abs=1e-12)


def test_the_gamble_on_weary_backers_pays_up_to_its_threshold() -> None:
    share, cost, firm, weary = 0.6, 0.1, 0.05, 0.25
    threshold = float(answers("salami_bargaining")["gamble_threshold"][0])
    for prior in np.linspace(0, 1, 101).tolist():
        safe, bold = share + firm, (1 - prior) * (share + weary) + prior * (share - cost)
        assert (bold > safe) == (prior < threshold)


def test_the_best_demand_of_the_formula_is_that_of_the_proof() -> None:
    at = draws("salami_bargaining")
    found = answers("salami_bargaining", at)
    demand = np.linspace(0, 1, 4_001)[:, None]
    refused = np.clip((demand - at["war_share"]) / at["war_cost_spread"], 0, 1)
    worth = (1 - refused) * demand + refused * (at["war_share"] - at["war_cost_russia"])

    np.testing.assert_allclose(found["worth_to_russia"], worth.max(axis=0), atol=3e-4)
    np.testing.assert_allclose(found["demand"], found["best_demand"], atol=1e-6)
    np.testing.assert_allclose(found["fought"], found["war_risk"], atol=1e-5)


def test_more_help_moves_the_demand_and_not_the_risk_of_war() -> None:
    found = answers("salami_bargaining", war_share=np.linspace(0.4, 0.7, 7), help=0.1)

    np.testing.assert_allclose(np.diff(found["demand"]), 0.05, atol=1e-6)
    np.testing.assert_allclose(found["war_risk"], 1 / 3, atol=1e-12)
    np.testing.assert_allclose(found["help_wins"], 0.1, atol=1e-12)


def test_a_slice_is_the_derived_one_and_grows_with_the_doubt_about_the_defender() -> None:
    found = answers("salami_bargaining", slice_spread=np.array([0.6, 0.7, 0.9]), slice_cost=0.2, slice_recovered=1)

    assert found["slice"][0] == pytest.approx(0.2, abs=1e-12)
    assert found["slice_fought"][0] == pytest.approx(1 / 3, abs=1e-12)
    assert np.all(np.diff(found["slice"]) > 0)
    assert np.all(np.diff(found["slice_fought"]) > 0)


def test_the_slice_is_that_of_a_search_over_all_slices() -> None:
    at = draws("salami_bargaining", 100)
    found = answers("salami_bargaining", at)
    cut = np.linspace(0, 1, 10_001)[:, None]
    fought = np.minimum(at["slice_recovered"] * cut / at["slice_spread"], 1)
    worth = (1 - fought) * cut + fought * ((1 - at["slice_recovered"]) * cut - at["slice_cost"])
    worth[fought >= 1] = -1  # slices that are fought over for certain are wars, not slices
    own = np.take_along_axis(worth, np.rint(found["slice"] * 10_000).astype(int)[None, :], axis=0)[0]

    np.testing.assert_allclose(own, worth.max(axis=0), atol=1e-4)


@pytest.mark.parametrize(
    ("first", "second", "share"), [(0.9, 0.9, 0.526316), (0.9, 0.8, 0.714286), (0.99, 0.9, 0.917431)]
)
def test_the_first_to_propose_gets_the_published_share(first: float, second: float, share: float) -> None:
    found = answers("salami_bargaining", patience_russia=first, patience_ukraine=second)

    assert found["patient_share"][0] == pytest.approx(share, abs=5e-7)


def test_a_shift_of_power_is_fought_over_beyond_the_derived_size() -> None:
    found = answers("salami_bargaining", war_share=0.7, war_cost_russia=0.1, patience_russia=0.9)
    at = float(found["shift_russia_accepts"][0])

    assert at == pytest.approx(0.3444, abs=5e-5)
    for shift, war in ((at - 1e-6, False), (at + 1e-6, True)):
        # a war now decides both periods; else all of today is the most there is, and tomorrow is worth a weaker war
        fight_now, settle = 0.7 * (1 + 0.9) - 0.1, 1 + 0.9 * (0.7 - shift - 0.1)
        assert (fight_now > settle) == war
        outcome = answers(
            "salami_bargaining", war_share=0.7, war_cost_russia=0.1, patience_russia=0.9, shift_to_ukraine=shift
        ).outcomes[0]
        assert (outcome == "fights_before_it_weakens") == war


def test_help_leads_to_the_demand_of_a_weaker_russia() -> None:
    helped, weaker = answers("salami_bargaining", help=0.15), answers("salami_bargaining", war_share=0.6 - 0.15)

    assert helped["demand_after_help"][0] == pytest.approx(weaker["best_demand"][0], abs=1e-12)


def test_margins_are_thresholds_less_what_stands_there() -> None:
    found = answers("salami_bargaining", firm_prior=0.4, shift_to_ukraine=0.3, shift_to_russia=0.2)

    assert found["gamble_gain"][0] == pytest.approx(4 / 7 - 0.4, abs=1e-12)
    assert found["margin_to_ukraine"][0] == pytest.approx(found["shift_russia_accepts"][0] - 0.3, abs=1e-12)
    assert found["margin_to_russia"][0] == pytest.approx(found["shift_ukraine_accepts"][0] - 0.2, abs=1e-12)


def test_a_shift_against_ukraine_is_the_same_game_with_sides_changed() -> None:
    # Ukraine's share by fighting is what is left, its cost the mean of the spread
    ukraine = answers("salami_bargaining", war_share=0.35, war_cost_spread=0.3, patience_ukraine=0.85)
    mirror = answers("salami_bargaining", war_share=0.65, war_cost_russia=0.15, patience_russia=0.85)

    assert ukraine["shift_ukraine_accepts"][0] == pytest.approx(mirror["shift_russia_accepts"][0], abs=1e-12)


# --- extended deterrence ---------------------------------------------------------------------------------------------


def test_the_thresholds_of_extended_deterrence_are_the_derived_ones() -> None:
    found = answers("extended_deterrence")

    assert found["deterring"][0] == pytest.approx(0.2, abs=1e-12)
    assert found["firmness"][0] == pytest.approx(0.4, abs=1e-6)
    assert found["best_firmness"][0] == pytest.approx(0.4, abs=1e-12)
    assert found["prolonging"][0] == pytest.approx(0.5, abs=1e-12)
    assert found["tripwire"][0] == pytest.approx((1.5 - 0.5) / 0.02, abs=1e-9)


def test_the_best_firmness_of_the_formula_is_that_of_the_proof() -> None:
    found = answers("extended_deterrence", draws("extended_deterrence"))

    np.testing.assert_allclose(found["firmness"], found["best_firmness"], atol=1e-6)


def test_deterrence_asks_more_for_a_bigger_prize_and_less_where_defence_is_dear_to_the_attacker() -> None:
    by_prize = answers("extended_deterrence", prize=np.linspace(0.5, 2, 7))
    by_cost = answers("extended_deterrence", answered_cost=np.linspace(1, 20, 7))

    assert np.all(np.diff(by_prize["deterring"]) > 0)
    assert np.all(np.diff(by_cost["deterring"]) < 0)


def test_a_tripwire_without_effect_is_never_large_enough() -> None:
    found = answers("extended_deterrence", tripwire_effect=0, force=100)

    assert found["tripwire"][0] == 10_000
    assert found["tripwire_margin"][0] < 0


def test_the_tripwire_of_the_formula_is_where_its_margin_changes_sign() -> None:
    least = float(answers("extended_deterrence")["tripwire"][0])
    margins = [float(answers("extended_deterrence", force=least + d)["tripwire_margin"][0]) for d in (-1e-6, 1e-6)]

    assert margins[0] < 0 < margins[1]


def test_delayed_membership_prolongs_the_war_beyond_its_threshold() -> None:
    # fight for ever at 0.05 a period, or end it and lose 1 with the chance of membership
    for chance in (0.49, 0.51):
        fighting = -0.05 / (1 - 0.9)
        found = answers("extended_deterrence", membership_after_war=chance)
        assert (found["prolonging_margin"][0] > 0) == (fighting > -chance)


def test_margins_of_deterrence_are_what_stands_there_less_the_threshold() -> None:
    found = answers("extended_deterrence")

    assert found["bridge_margin"][0] == pytest.approx(0.3 - 0.2, abs=1e-12)
    assert found["memorandum_margin"][0] == pytest.approx(0.02 - 0.2, abs=1e-12)
    assert found["firmness_margin"][0] == pytest.approx(0.4 - 0.2, abs=1e-6)
    assert found["tripwire_margin"][0] == pytest.approx(0.5 + 0.02 * 40 - 1.5, abs=1e-12)
    assert found["prolonging_margin"][0] == pytest.approx(0.4 - 0.5, abs=1e-12)


def test_firmness_trades_challenges_for_entrapment() -> None:
    found = answers("extended_deterrence", weight_entrapment=np.geomspace(0.5, 5, 7))

    np.testing.assert_allclose(found["challenged"], 0.4 * (1 - found["firmness"]), atol=1e-12)
    np.testing.assert_allclose(found["entrapped"], 0.5 * found["firmness"] ** 2, atol=1e-12)
    assert np.all(np.diff(found["challenged"]) > 0)
    assert np.all(np.diff(found["entrapped"]) < 0)


# --- a change of government ------------------------------------------------------------------------------------------


def test_waiting_pays_beyond_the_derived_chance_of_a_turn() -> None:
    assert answers("policy_transition")["threshold"][0] == pytest.approx(0.375, abs=1e-12)
    for chance, waits in ((0.375 - 1e-9, False), (0.375 + 1e-9, True)):
        found = answers("policy_transition", turn_chance=chance)
        assert (found["wait_gain"][0] > 0) == waits
        assert (found.outcomes == ["settles_now"]) != waits


def test_the_best_commitment_of_the_formula_is_that_of_the_proof() -> None:
    at = draws("policy_transition")
    found = answers("policy_transition", at)
    clear = np.abs(found["gain"]) > 1e-6  # elsewhere two commitments are about as good

    assert np.mean(clear) > 0.4
    np.testing.assert_allclose(found["committed"][clear], found["best_commitment"][clear], atol=1e-6)
    assert np.all(found["gain"] >= -1e-12)


def test_tying_hands_never_hurts_who_ties_and_may_hurt_the_allies() -> None:
    at = draws("policy_transition")
    found = answers("policy_transition", at)

    assert np.all(found["gain"] >= -1e-12)
    assert np.any(found["allies_gain"] > 0.01)
    assert np.any(found["allies_gain"] < -0.01)
    assert np.all(found["wait_gain_left"] <= found["wait_gain"] + 1e-12)


def test_a_likelier_turn_calls_for_more_commitment_and_haste_for_less() -> None:
    by_turn = answers("policy_transition", turn_chance=np.linspace(0.3, 0.9, 7))
    by_haste = answers("policy_transition", haste_cost=np.linspace(0.05, 0.4, 7))

    assert np.all(np.diff(by_turn["committed"]) > 0)
    assert np.all(np.diff(by_haste["committed"]) < 0)


def test_what_was_committed_stands_after_a_turn_and_not_otherwise() -> None:
    found = answers("policy_transition", turn_chance=0.5, wanted=0.7, cut_to=0.2, haste_cost=0.2, allies_want=0.3)
    kept = 0.5 * 0.7 / (0.5 + 0.2)

    assert found["committed"][0] == pytest.approx(kept, abs=1e-6)
    assert found["support_kept"][0] == pytest.approx(kept / 0.7, abs=1e-6)
    assert found["gain"][0] == pytest.approx(0.5 * (0.5**2 - (0.7 - kept) ** 2) - 0.2 * kept**2, abs=1e-9)
    assert found["allies_gain"][0] == pytest.approx(0.5 * ((0.2 - 0.3) ** 2 - (kept - 0.3) ** 2), abs=1e-6)


def test_a_commitment_takes_from_waiting_the_share_that_it_secures() -> None:
    found = answers("policy_transition")
    secured = (0.5 - 0.2) / (0.7 - 0.2)

    assert found["wait_gain"][0] == pytest.approx(0.5 * 0.6 + 0.5 * 0.2 - 0.05 - 0.3, abs=1e-12)
    assert found["wait_gain_left"][0] == pytest.approx(found["wait_gain"][0] - 0.5 * secured * (0.6 - 0.2), abs=1e-6)


def test_a_small_commitment_that_the_successor_would_make_anyway_is_never_best() -> None:
    found = answers("policy_transition", draws("policy_transition", 1_000))
    some = found["committed"] > 1e-6

    assert np.any(some)
    assert not np.all(some)
    assert np.all(found["gain"][some] > 0)
