"""Are likely slips of sound models told, and is nothing told of models without them?"""

from __future__ import annotations

from typing import Any

import pytest

from gametheory.reader import advice, catalogue, edited, load, read, starter
from gametheory.solvers import solve

FORMS = ("strategic", "extensive", "analytic")


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_the_catalogue_gives_no_cause_for_advice(name: str) -> None:
    assert advice(load(name)) == ()


@pytest.mark.parametrize("form", FORMS)
def test_the_starters_give_no_cause_for_advice(form: str) -> None:
    assert advice(read(starter(form))) == ()


def test_a_parameter_that_nothing_rests_on_is_told_even_where_an_idle_quantity_uses_it() -> None:
    model = read(starter())
    cut = edited(
        model, {"quantities.idle": "war_loss * 2", "payoffs.west": "firm_west", "payoffs.east": "firm_east - war"}
    )

    told = advice(cut)

    assert [text.split(" stands")[0] for text in told] == ["parameter stake", "parameter war_loss"]


def test_the_share_of_points_without_a_payoff_is_told_with_one_of_them() -> None:
    model = edited(
        read(starter()),
        {
            "parameters.war_risk.law": {"kind": "uniform", "low": 0, "high": 0.4},
            "payoffs.west": "log(war_risk - 0.1)",
            "parameters.war_risk.value": 0.3,
        },
    )

    told = [text for text in advice(model) if "payoff of west" in text]

    (text,) = told
    assert "where war_risk = 0.0004" in text  # the lower end of its law
    share = float(text.split(" at ")[-1].split("%")[0])
    assert abs(share - 25.0) < 5.0  # a quarter of the law lies below 0.1; five standard errors of 1,000 draws are 7
    assert solve(model.games(war_risk=0.05)).certificates[0].verdict == "failed"


@pytest.mark.parametrize("place", ["measures.war.expected", "quantities.spare"])
def test_a_measure_without_a_value_is_told_without_calling_the_games_failed(place: str) -> None:
    model = edited(read(starter()), {place: "log(war_loss - 5)"})

    (text,) = advice(model)

    assert text.startswith(f"{'measure war' if 'war' in place else 'quantity spare'} is not a finite number where")
    assert text.endswith("there nothing that rests on it can be told")
    assert solve(model.games(war_loss=3)).certificates[0].verdict == "complete"


def test_a_measure_of_a_tree_is_tried_at_every_outcome() -> None:
    model = edited(read(starter("extensive")), {"measures.loss_east.expected.fight": "log(fight_loss - 1)"})

    assert [text.split(" is")[0] for text in advice(model)] == ["measure loss_east"]


def test_a_law_without_probability_is_tried_at_its_ends() -> None:
    model = edited(
        read(starter()),
        {
            "parameters.war_risk.law": {"kind": "interval", "low": 0, "high": 0.4},
            "payoffs.west": "1 / war_risk",
        },
    )

    assert any("a payoff of west is not a finite number where war_risk = 0" in text for text in advice(model))


@pytest.mark.parametrize("form", FORMS)
def test_the_starter_of_each_form_is_answered_completely(form: str) -> None:
    model = read(starter(form))
    games: Any = {"strategic": model.games, "extensive": model.trees, "analytic": model.systems}[form]()

    for order in model.orders:
        assert solve(games, order=order).certificates[0].verdict in ("complete", "degenerate-complete")


def test_the_warning_of_the_starter_tree_is_the_bluff_that_can_be_worked_out_by_hand() -> None:
    """The East is indifferent where 1 in 4 of those who warn are firm, the yielding where it pushes with 10 in 13."""
    model = read(starter("extensive"))

    solutions = solve(model.trees(), order="sequential")

    assert len(solutions) == 1
    by_hand = [0, 1, 1 / 4, 3 / 4, 0, 1, 3 / 13, 10 / 13, 0, 1, 1, 0]  # keep silent or warn; hold back or push; ...
    assert solutions.behaviour[0].tolist() == pytest.approx(by_hand, abs=1e-9)
