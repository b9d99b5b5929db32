"""Do attitudes to risk change what they must, by known formulas, and nothing that they must not?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gametheory.analyses.assumptions.attitudes import (
    AVERSIONS,
    attitudes,
    constant_aversion,
    decision_weight,
    prospect_value,
)
from gametheory.analyses.assumptions.kinds import claim_cells, restricted_games, solution_codes, solved
from gametheory.analyses.assumptions.lotteries import Lotteries, lotteries, players_with_chance
from gametheory.games import strategic
from gametheory.kernels.payoffs import best_responses
from gametheory.model import Model
from gametheory.reader import load, read
from gametheory.solvers import solve
from gametheory.study import ALL, FAILED, NONE

DRAWS = 20_000
GAIN_CURVE, LOSS_CURVE, LOSSES = 0.61, 0.69, 2.25  # Tversky and Kahneman 1992
POWER = 0.88


def gamble(lottery: str = "(1 - even) * 0 + even * 1", chance: float = 0.5) -> Model:
    """One player chooses between a sure amount and a lottery; the other has nothing to choose."""
    return read(f"""
format: gametheory/1
title: Gamble
form: strategic
players:
  chooser: {{label: Chooser, actions: [safe, bet]}}
  nature: {{label: Nature, actions: [wait]}}
parameters:
  sure: {{value: 0.5, law: {{kind: uniform, low: 0, high: 1}}, unit: u, meaning: m, source: example, mark: A}}
  even: {{value: {chance}, law: {{kind: fixed}}, unit: u, meaning: m, source: example, mark: A}}
payoffs:
  chooser: [[sure], ["{lottery}"]]
  nature: [[0], [0]]
claims:
  safe: {{text: The sure amount is taken, holds: {{order: simultaneous, expect: {{chooser: [safe]}}}}}}
""")


def safe_shares(model: Model) -> dict[str, float]:
    """The share of draws in which the sure amount is taken under every attitude, by its name."""
    claim, points = model.claims["safe"], {"sure": (np.arange(DRAWS) + 0.5) / DRAWS}
    games = model.games(points)
    return {
        found.name: float((found.codes(model, claim, games, points) == ALL).mean()) for found in attitudes(model, claim)
    }


def drawn(model: Model, count: int) -> dict[str, Any]:
    """Points of the model's laws."""
    return {str(name): column.to_numpy() for name, column in model.sample(count, seed=3).items()}


def weight(chance: float, curve: float) -> float:
    raised = math.pow(chance, curve)
    return raised / math.pow(raised + math.pow(1.0 - chance, curve), 1.0 / curve)


@pytest.mark.parametrize("name", ["reference_involvement", "involvement_response"])
def test_the_outcomes_behind_every_payoff_average_to_it(name: str) -> None:
    model = load(name)
    points = drawn(model, 300)
    games = model.games(points)

    found = lotteries(model, games, points)

    assert players_with_chance(model) == ("nato", "russia")
    assert found.expected == pytest.approx(games.payoffs, rel=1e-9, abs=1e-12)
    losses = np.stack([points["disaster_loss_nato"], points["disaster_loss_russia"]], axis=1)
    assert found.worst.reshape(300, 2) == pytest.approx(-losses)


@pytest.mark.parametrize(
    ("formula", "usual", "other"),
    [
        ("(1 - even) * 0.25 + even * 1", 0.25, 1.0),
        ("even * 2 * 3 - (1 - even) * 4", -4.0, 6.0),
        ("0.5 * (1 - even) * 3 - even * 2 - 1", 0.5, -3.0),
        ("1 - (even * 2 - (1 - even))", 2.0, -1.0),
    ],
)
def test_a_lottery_is_read_in_whatever_way_it_is_spelled(formula: str, usual: float, other: float) -> None:
    model = gamble(formula, chance=0.3)

    found = lotteries(model, model.games(), {})

    assert [float(part[0, 0, 1, 0]) for part in found] == pytest.approx([usual, other, 0.3])
    assert [float(part[0, 0, 0, 0]) for part in found] == pytest.approx([0.5, 0.5, 0.0])


@pytest.mark.parametrize(
    "formula",
    [
        "2 * (1 - even)",
        "even * 3",
        "(1 - even) * even",
        "(1 - even) * 2 + even * 3 + even ** 2",
        "(1 - even) * (2 - even) + even * 3",
        "(1 - sure) * (1 - even) + sure * even",
        "min((1 - even) * 2 + even * 3, 1)",
    ],
)
def test_what_is_not_written_as_one_lottery_is_taken_for_sure(formula: str) -> None:
    model = gamble(formula, chance=0.3)

    found = lotteries(model, model.games(), {})

    assert players_with_chance(model) == ()
    assert not found.chance.any()
    assert found.expected.tolist() == model.games().payoffs.tolist()


@pytest.mark.parametrize("aversion", AVERSIONS)
def test_constant_aversion_takes_the_sure_amount_above_the_known_equivalent(aversion: float) -> None:
    shares = safe_shares(gamble())

    for name, own in ((f"averse {aversion:g}", aversion), (f"seeking {aversion:g}", -aversion)):
        equivalent = -math.log((1.0 + math.exp(-own)) / 2.0) / own
        assert 1.0 - shares[name] == pytest.approx(equivalent, abs=1.5 / DRAWS), name


def test_prospect_theory_takes_the_sure_amount_above_the_known_equivalent() -> None:
    shares = safe_shares(gamble())

    gains = weight(0.5, GAIN_CURVE) ** (1.0 / POWER)
    losses = 1.0 - weight(0.5, LOSS_CURVE) ** (1.0 / POWER)
    assert 1.0 - shares["all gains"] == pytest.approx(gains, abs=1.5 / DRAWS)
    assert 1.0 - shares["all losses"] == pytest.approx(losses, abs=1.5 / DRAWS)
    assert gains < 0.5 < losses  # averse among gains, seeking among losses


def test_averse_and_seeking_players_mirror_each_other() -> None:
    shares = safe_shares(gamble())

    for aversion in AVERSIONS:
        assert shares[f"averse {aversion:g}"] + shares[f"seeking {aversion:g}"] == pytest.approx(1.0, abs=2 / DRAWS)


def test_decision_weights_are_those_of_the_published_curve() -> None:
    # Tversky and Kahneman 1992: their curve for gains gives 0.055, 0.132, 0.186, 0.421, 0.712, 0.912 at these chances
    chances = np.array([0.01, 0.05, 0.1, 0.5, 0.9, 0.99])

    assert decision_weight(chances, GAIN_CURVE).round(3).tolist() == [0.055, 0.132, 0.186, 0.421, 0.712, 0.912]
    assert decision_weight(np.array([0.5]), LOSS_CURVE).round(3).tolist() == [0.454]


def test_prospects_are_those_of_the_cumulative_definition() -> None:
    draw = np.random.default_rng(5)
    usual, other = draw.normal(size=(2, 400))
    usual[:20] = other[:20]
    usual[20:30] = 0.0
    chance = np.where(np.arange(400) % 7 == 0, draw.integers(0, 2, 400), draw.random(400))

    found = prospect_value(Lotteries(*(part.reshape(-1, 1, 1, 1) for part in (usual, other, chance))), np.float64(0.2))

    expected = [cumulative([(x - 0.2, 1.0 - p), (y - 0.2, p)]) for x, y, p in zip(usual, other, chance, strict=True)]
    assert found.reshape(-1) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def cumulative(prospect: list[tuple[float, float]]) -> float:
    """Cumulative prospect theory for any number of outcomes: differences of weights of what is at least as extreme."""
    total = 0.0
    for curve, factor, sign in ((GAIN_CURVE, 1.0, 1.0), (LOSS_CURVE, -LOSSES, -1.0)):
        side = sorted((sign * amount, chance) for amount, chance in prospect if sign * amount > 0.0)
        for place, (size, _) in enumerate(side):
            beyond = [sum(chance for _, chance in side[k:]) for k in (place, place + 1)]
            weights = [weight(min(part, 1.0), curve) for part in beyond]
            total += factor * size**POWER * (weights[0] - weights[1])
    return total


def test_an_even_bet_is_taken_only_for_a_gain_of_more_than_two_and_a_half_times_the_loss() -> None:
    ratio = (LOSSES * weight(0.5, LOSS_CURVE) / weight(0.5, GAIN_CURVE)) ** (1.0 / POWER)
    bets = Lotteries(*np.array([[0.99 * ratio, 1.01 * ratio], [-1.0, -1.0], [0.5, 0.5]]).reshape(3, 1, 1, 1, 2))

    refused, taken = prospect_value(bets, np.float64(0.0)).reshape(-1)

    assert ratio == pytest.approx(2.741, abs=1e-3)
    assert refused < 0.0 < taken


@pytest.mark.parametrize("aversion", [-4.0, 1.0, 4.0])
def test_sure_payoffs_valued_anew_keep_every_best_reply_and_path(aversion: float) -> None:
    payoffs = np.random.default_rng(1).normal(size=(200, 2, 4, 3))
    sure = Lotteries(payoffs, payoffs, np.zeros_like(payoffs))
    reference = np.median(payoffs, axis=(2, 3), keepdims=True)

    for valued in (constant_aversion(sure, aversion), prospect_value(sure, reference)):
        assert (best_responses(valued) == best_responses(payoffs)).all()
        for order in ("player_1", "player_2"):
            before, after = (solve(strategic(own), order=order) for own in (payoffs, valued))
            assert [own.tolist() for own in before.strategies] == [own.tolist() for own in after.strategies]


def test_no_aversion_is_the_model_itself() -> None:
    model = load("reference_involvement")
    points = drawn(model, 200)
    games = model.games(points)
    level = constant_aversion(lotteries(model, games, points), 0.0)

    found = lotteries(model, games, points)
    assert level == pytest.approx((games.payoffs - found.worst) / (found.best - found.worst), rel=1e-9)
    assert constant_aversion(found, 1e-7) == pytest.approx(level, abs=1e-6)


def test_a_large_loss_weighs_more_for_the_averse_and_less_for_the_seeking() -> None:
    model = load("reference_involvement")
    claim, points = model.claims["troops_force_retreat"], drawn(model, 2_000)
    games = model.games(points)

    shares = {own.name: (own.codes(model, claim, games, points) == ALL).mean() for own in attitudes(model, claim)}
    base = (base_codes(model, "troops_force_retreat", points) == ALL).mean()

    assert shares["seeking 4"] < shares["seeking 1"] < base < shares["averse 1"] < shares["averse 4"]


def base_codes(model: Model, name: str, points: dict[str, Any]) -> NDArray[np.int8]:
    """The codes of a claim as the model is written."""
    claim = model.claims[name]
    left = restricted_games(model.games(points), claim)
    return solution_codes(claim, claim_cells(model, claim, left, points), solved(left, order=claim.order))


def test_the_reference_point_is_what_the_players_get_at_the_centre() -> None:
    model = load("reference_involvement")
    found = {own.name: own.assumption for own in attitudes(model, model.claims["troops_force_retreat"])}

    assert "(nato 0.687, russia 0.07557)" in found["gains and losses"]  # NATO first: bridge, and Russia steps back
    assert all("the chance written inside the payoffs of nato and russia is a lottery" in own for own in found.values())


def test_several_solutions_at_the_centre_give_a_lowest_and_a_highest_reference_point() -> None:
    model = gamble("sure")

    ties = [own.name for own in attitudes(model, model.claims["safe"])]
    chicken = read(CHICKEN)
    both = {own.name: own.assumption for own in attitudes(chicken, chicken.claims["holds"])}

    assert ties[-1] == "gains and losses"  # two solutions, but the same payoffs
    assert "lowest of several (one 0, two 0)" in both["gains and losses, lowest"]
    assert "highest of several (one 2, two 2)" in both["gains and losses, highest"]
    assert "all are taken for sure amounts" in both["averse 1"]


CHICKEN = """
format: gametheory/1
title: Chicken
form: strategic
players:
  one: {label: One, actions: [hold, yield]}
  two: {label: Two, actions: [hold, yield]}
parameters:
  clash: {value: 10, law: {kind: uniform, low: 5, high: 15}, unit: u, meaning: m, source: example, mark: A}
payoffs:
  one: [[-clash, 2], [0, 1]]
  two: [[-clash, 0], [2, 1]]
claims:
  holds: {text: One holds, holds: {order: simultaneous, expect: {one: [hold]}}}
"""


def test_a_chance_that_is_no_probability_fails_its_own_draw_alone() -> None:
    model = gamble("(1 - 2 * sure) * 0 + 2 * sure * 1").games()  # no lottery: nothing fails
    assert model.finite.all()
    text = gamble().text.replace("even:", "odds:").replace("even", "odds").replace("kind: fixed", KIND)
    broken = read(text)
    claim, points = broken.claims["safe"], {"odds": np.array([0.5, 1.5, 0.5, -0.1])}

    for found in attitudes(broken, claim):
        codes = found.codes(broken, claim, broken.games(points), points).tolist()
        assert [code == FAILED for code in codes] == [False, True, False, True], found.name
        assert codes[0] == codes[2]
        assert codes[0] in (ALL, NONE) or found.name.startswith("gains")


KIND = "kind: uniform, low: -2, high: 2"
