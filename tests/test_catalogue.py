"""Does every model of the catalogue load, say where its numbers come from, and give the answers it must give?"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.model import Model
from gametheory.reader import catalogue, problems
from gametheory.study.forms import form_of

NAMES = tuple(sorted(catalogue()))
VERDICTS_OF_A_FULL_ANSWER = {"complete", "degenerate-complete"}
ESSAY_ITEMS = {f"E{number}" for number in range(1, 52)}

every_model = pytest.mark.parametrize("name", NAMES)


# --- what every model owes its reader ------------------------------------------------------------------------------


def test_the_catalogue_holds_the_reference_game_and_the_essay_game() -> None:
    assert {"reference_involvement", "involvement_response"} <= set(NAMES)


@every_model
def test_a_model_of_the_catalogue_has_no_problems(name: str) -> None:
    path = catalogue()[name]

    assert problems(path.read_text(encoding="utf-8"), str(path)) == ()


@every_model
def test_every_parameter_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    for parameter in gt.load(name).parameters.values():
        assert all(text.strip() for text in (parameter.unit, parameter.meaning, parameter.source)), parameter.name
        assert parameter.mark in {"V", "R", "D", "A"}, parameter.name


@every_model
def test_a_verified_number_names_a_source_other_than_the_analyst(name: str) -> None:
    for parameter in gt.load(name).parameters.values():
        if parameter.mark == "V":
            assert not parameter.source.lower().startswith("analyst"), parameter.name


@every_model
def test_an_assumed_number_says_that_it_is_assumed(name: str) -> None:
    for parameter in gt.load(name).parameters.values():
        if parameter.mark == "A":
            assert "assumption" in parameter.source.lower(), parameter.name


@every_model
def test_no_source_is_younger_than_the_model(name: str) -> None:
    model = gt.load(name)

    for parameter in model.parameters.values():
        assert parameter.date <= str(model.as_of), parameter.name


@every_model
def test_every_central_value_lies_in_its_law(name: str) -> None:
    for parameter in gt.load(name).parameters.values():
        assert parameter.law.contains(parameter.value), parameter.name


@every_model
def test_every_claim_cites_items_of_the_essay(name: str) -> None:
    for claim in gt.load(name).claims.values():
        assert claim.essay, claim.name
        assert set(claim.essay) <= ESSAY_ITEMS, claim.name


@every_model
def test_the_digest_is_the_same_on_every_load(name: str) -> None:
    digest = gt.load(name).digest

    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert gt.load(name).digest == digest


def answer_of(model: Model, order: str) -> Any:
    """The solutions at the central values, whatever the form of the model."""
    form = form_of(model)
    return form.solve(form.games(model, {}), order, None)


@every_model
def test_the_centre_is_solved_in_full_in_every_order(name: str) -> None:
    model = gt.load(name)

    for order in model.orders:
        certificate = answer_of(model, order).certificates[0]
        assert certificate.verdict in VERDICTS_OF_A_FULL_ANSWER, (order, certificate)
        assert certificate.found >= 1, order


# --- the reference game ----------------------------------------------------------------------------------------------

REFERENCE_NATO = [
    [0.500, 0.142, 0.091, 0.076, 0.047],
    [0.768, 0.327, 0.164, -0.261, -2.205],
    [0.780, 0.357, 0.114, -0.886, -5.408],
    [0.687, 0.219, -0.133, -2.047, -10.237],
    [0.473, -0.362, -1.139, -6.380, -23.678],
]
REFERENCE_RUSSIA = [
    [0.600, 0.930, 0.841, 0.609, 0.243],
    [0.219, 0.541, 0.481, -0.104, -2.253],
    [0.120, 0.261, 0.138, -0.998, -5.634],
    [0.076, 0.006, -0.248, -2.292, -10.523],
    [0.032, -0.645, -1.408, -6.757, -23.930],
]
ORDER_FLIPS = [
    (0.001, "simultaneous", {(2, 1)}),
    (0.001, "nato", {(2, 1)}),
    (0.001, "russia", {(2, 1)}),
    (0.01, "simultaneous", {(2, 1)}),
    (0.01, "nato", {(4, 0)}),
    (0.01, "russia", {(0, 3)}),
    (0.02, "simultaneous", {(2, 1)}),
    (0.02, "nato", {(3, 0)}),
    (0.02, "russia", {(0, 3)}),
    (0.05, "simultaneous", {(1, 1), (2, 0)}),
    (0.05, "nato", {(2, 0)}),
    (0.05, "russia", {(0, 2)}),
]


def pure_profiles(solutions: gt.Solutions) -> set[tuple[int, ...]]:
    """Profiles of the solutions in which every player uses one action."""
    return {tuple(used[0] for used in solutions.support(s)) for s in range(len(solutions)) if bool(solutions.pure[s])}


def test_the_reference_game_has_the_printed_payoffs() -> None:
    payoffs = gt.load("reference_involvement").games().payoffs[0]

    # printed to three digits, hence half a unit of the third
    np.testing.assert_allclose(payoffs[0], REFERENCE_NATO, rtol=0, atol=0.5001e-3)
    np.testing.assert_allclose(payoffs[1], REFERENCE_RUSSIA, rtol=0, atol=0.5001e-3)


@pytest.mark.parametrize(("risk", "order", "expected"), ORDER_FLIPS)
def test_the_reference_game_flips_with_the_order_of_play(
    risk: float, order: str, expected: set[tuple[int, ...]]
) -> None:
    games = gt.load("reference_involvement").games(escalation_risk=risk)

    assert pure_profiles(gt.solve(games, order=order)) == expected


# --- the essay's game ------------------------------------------------------------------------------------------------


def test_the_essay_game_tests_the_items_that_it_was_written_for() -> None:
    cited = {item for claim in gt.load("involvement_response").claims.values() for item in claim.essay}

    assert {"E1", "E3", "E5", "E13", "E41"} <= cited


def test_a_contested_claim_stands_beside_a_rival_on_the_same_item() -> None:
    contested = [claim for claim in gt.load("involvement_response").claims.values() if claim.contested]
    rivals = {
        claim.name for pair in combinations(contested, 2) if set(pair[0].essay) & set(pair[1].essay) for claim in pair
    }

    assert contested
    assert rivals == {claim.name for claim in contested}


def test_a_promise_and_an_act_are_separate_attributes() -> None:
    model = gt.load("involvement_response")
    levels = model.players[0].actions
    presence, promise = (model.quantity(name, model.central())[0, :, 0] for name in ("presence", "promise"))

    troops, membership = levels.index("troops"), levels.index("membership")
    assert presence[troops] > presence[membership]
    assert promise[troops] == 0
    assert promise[membership] == 1


@pytest.mark.filterwarnings("ignore::gametheory.ParameterWarning")
def test_without_risk_the_cost_of_disaster_moves_nothing() -> None:
    model = gt.load("involvement_response")
    small = model.games(escalation_risk=0, nuclear_spread=0, disaster_loss_nato=10, disaster_loss_russia=10)
    large = model.games(escalation_risk=0, nuclear_spread=0, disaster_loss_nato=1000, disaster_loss_russia=1000)

    np.testing.assert_array_equal(small.payoffs, large.payoffs)


@pytest.mark.filterwarnings("ignore::gametheory.ParameterWarning")
def test_without_risk_payoffs_are_stakes_less_costs() -> None:
    model = gt.load("involvement_response")
    free = {**model.central(), "escalation_risk": 0.0, "nuclear_spread": 0.0}
    nato, russia = model.games(free).payoffs[0]

    np.testing.assert_allclose(nato, model.quantity("share - cost_nato", free)[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        russia, model.quantity("stake_russia * (1 - share) - cost_russia", free)[0], rtol=0, atol=1e-12
    )


@pytest.mark.filterwarnings("ignore::gametheory.ParameterWarning")
def test_the_answers_near_zero_risk_are_those_at_zero_risk() -> None:
    model = gt.load("involvement_response")

    for order in model.orders:
        none = gt.solve(model.games(escalation_risk=0, nuclear_spread=0), order=order)
        least = gt.solve(model.games(escalation_risk=1e-9, nuclear_spread=1e-9), order=order)
        assert none.signatures()[1] == least.signatures()[1], order


def test_the_orders_of_the_essay_game_disagree_in_many_draws() -> None:
    model = gt.load("involvement_response")
    games = model.games(model.sample(2_000, seed=0))
    first = {order: gt.solve(games, order=order) for order in model.orders}

    def classes(order: str) -> list[tuple[object, ...]]:
        number, table = first[order].signatures()
        return [table[k] for k in number]

    answers = [classes(order) for order in model.orders]
    differ = np.mean([len(set(row)) > 1 for row in zip(*answers, strict=True)])

    # measured 0.82 over 200,000 draws; half would already be news
    assert differ > 0.5
    assert np.mean(first["simultaneous"].count > 1) > 0.02


# --- the critical risk of Chicken, to which the essay game reduces -------------------------------------------------


@pytest.mark.parametrize(
    ("temptation", "reward", "sucker", "crash", "critical"), [(5, 0, -5, -100, 0.05), (1, 0, -1, -10, 0.10)]
)
def test_chicken_is_firm_with_the_weight_of_its_critical_risk(
    temptation: float, reward: float, sucker: float, crash: float, critical: float
) -> None:
    row = np.array([[crash, temptation], [sucker, reward]])  # firm, yield
    solutions = gt.solve(gt.strategic(np.stack([row, row.T])))
    mixed = [s for s in range(len(solutions)) if 0 < solutions.strategies[0][s, 0] < 1]

    assert len(solutions) == 3
    assert critical == pytest.approx((temptation - reward) / ((temptation - reward) + (sucker - crash)))
    assert [[x[s, 0] for x in solutions.strategies] for s in mixed] == [pytest.approx([critical, critical])]


# --- the model that the front page prints ----------------------------------------------------------------------------


def test_the_model_of_the_readme_has_the_three_equilibria_that_it_names() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", readme, flags=re.DOTALL)
    solutions = gt.solve(gt.read(text, "README.md").games())
    firm = sorted(float(x) for x in solutions.strategies[0][:, 0])

    assert len(text.splitlines()) == 10
    assert firm == pytest.approx([0, 0.05, 1])
