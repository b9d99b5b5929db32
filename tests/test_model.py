"""Do the games of a model have the payoffs that its formulas say, for any number of players and any design?"""

from __future__ import annotations

import pickle
import time
import warnings
from fractions import Fraction
from math import exp
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from gametheory.errors import ComputationError, FormulaError, InputError, ParameterWarning, UnknownNameError
from gametheory.model import Model
from gametheory.reader import load, read, starter
from gametheory.solvers import solve

# As printed beside the game's definition, to three digits: rows are NATO's actions, columns Russia's.
NATO = """
0.500 0.142 0.091 0.076 0.047
0.768 0.327 0.164 -0.261 -2.205
0.780 0.357 0.114 -0.886 -5.408
0.687 0.219 -0.133 -2.047 -10.237
0.473 -0.362 -1.139 -6.380 -23.678
"""
RUSSIA = """
0.600 0.930 0.841 0.609 0.243
0.219 0.541 0.481 -0.104 -2.253
0.120 0.261 0.138 -0.998 -5.634
0.076 0.006 -0.248 -2.292 -10.523
0.032 -0.645 -1.408 -6.757 -23.930
"""

THREE = """
format: gametheory/1
title: Three sides
form: strategic
players:
  a: {actions: [a0, a1]}
  b: {actions: [b0, b1, b2]}
  c: {actions: [c0, c1, c2, c3]}
parameters:
  p: {value: 0.1, law: {kind: uniform, low: 0, high: 1}, unit: none, meaning: p, source: test, mark: A}
  q: {value: 2, law: {kind: interval, low: 1, high: 3}, unit: none, meaning: q, source: test, mark: A}
tables:
  of_a: {over: [a], values: [1, 10]}
  of_cb: {over: [c, b], values: [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12 * q]]}
quantities:
  both: of_a * of_cb
  twice: 2 * both + p
payoffs:
  a: twice
  b: p
  c:
    - - [0, 1, 2, 3]
      - [4, 5, 6, 7]
      - [8, 9, 10, both]
    - - [p, p + 1, p + 2, of_a]
      - [both, twice, q, 2 * q]
      - [0.1, 1 / 3, p / q, 5]
"""

PARAMETER = "{{value: 0.1, law: {law}, unit: none, meaning: p, source: test, mark: A}}"


def two_by_two(payoff: str, law: str = "{kind: uniform, low: -1, high: 1}") -> Model:
    return read(
        "format: gametheory/1\ntitle: t\nform: strategic\n"
        "players: {a: {actions: [x, y]}, b: {actions: [u, v]}}\n"
        f"parameters: {{p: {PARAMETER.format(law=law)}}}\n"
        f"payoffs: {{a: '{payoff}', b: 0}}\n"
    )


@pytest.fixture(scope="module")
def reference() -> Model:
    return load("reference_involvement")


@pytest.fixture(scope="module")
def three() -> Model:
    return read(THREE)


@pytest.mark.parametrize(("place", "printed"), [(0, NATO), (1, RUSSIA)])
def test_the_reference_game_has_the_payoffs_that_are_printed(reference: Model, place: int, printed: str) -> None:
    expected = np.array([[float(x) for x in row.split()] for row in printed.strip().splitlines()])

    np.testing.assert_allclose(reference.games().payoffs[0, place], expected, atol=0.0005001)


def test_the_reference_game_has_the_uncertainty_that_is_stated(reference: Model) -> None:
    laws = {name: parameter.law.describe() for name, parameter in reference.parameters.items()}

    assert laws == {
        "stake_nato": "fixed at 1",
        "stake_russia": "uniform on [0.6, 2.5]",
        "disaster_loss_nato": "log-uniform on [10, 316.228]",
        "disaster_loss_russia": "log-uniform on [10, 316.228]",
        "decisiveness": "uniform on [0.5, 2]",
        "escalation_risk": "log-uniform on [0.0001, 0.1]",
    }
    assert reference.parameters["disaster_loss_nato"].law.support()[1] == 10**2.5
    assert {parameter.mark for parameter in reference.parameters.values()} == {"A"}


def test_every_row_of_a_design_is_the_game_of_that_row(reference: Model) -> None:
    design = reference.sample(20, seed=1)

    games = reference.games(design)

    for row in range(len(design)):
        alone = reference.games(**design.iloc[row].to_dict())
        np.testing.assert_allclose(games.payoffs[row], alone.payoffs[0], rtol=1e-14)


def test_blocks_of_rows_do_not_show(reference: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    design = reference.sample(100)
    whole = reference.games(design).payoffs

    monkeypatch.setattr("gametheory.model.evaluation.CELLS_IN_BLOCK", 25 * 7)

    np.testing.assert_array_equal(reference.games(design).payoffs, whole)


def test_a_hundred_thousand_games_are_built_without_a_loop_over_games(reference: Model) -> None:
    design = reference.sample(100_000)
    start = time.process_time()

    games = reference.games(design)

    assert games.payoffs.shape == (100_000, 2, 5, 5)
    assert time.process_time() - start < 5  # a loop over games would take a minute


def test_tables_lie_along_the_axes_of_their_players(three: Model) -> None:
    of_cb = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 24]])
    twice = 2 * np.array([1, 10])[:, None, None] * of_cb.T[None] + 0.1

    payoffs = three.games().payoffs

    assert payoffs.shape == (1, 3, 2, 3, 4)
    np.testing.assert_allclose(payoffs[0, 0], twice)
    np.testing.assert_allclose(payoffs[0, 1], 0.1)


def test_payoffs_cell_by_cell_use_what_holds_in_their_cell(three: Model) -> None:
    cells = three.games(p=[0.1, 0.2], q=[2, 3]).payoffs[:, 2]

    assert cells[0, 0, 1].tolist() == [4, 5, 6, 7]
    assert cells[0, 0, 2].tolist() == [8, 9, 10, 24]
    np.testing.assert_allclose(cells[1, 1, 0], [0.2, 1.2, 2.2, 10])
    np.testing.assert_allclose(cells[1, 1, 1], [20, 2 * 50 + 0.2, 3, 6])


def test_fractions_are_exact_where_every_formula_is_rational(three: Model) -> None:
    games = three.games(exact=True)

    assert games.exact is not None
    assert games.exact[0, 1, 0, 0, 0] == Fraction(1, 10)
    assert games.exact[0, 2, 1, 2, 1] == Fraction(1, 3)
    assert games.exact[0, 0, 1, 2, 3] == 480 + Fraction(1, 10)
    np.testing.assert_array_equal(games.exact.astype(float), games.payoffs)


@pytest.mark.parametrize(
    ("value", "exact"),
    [("0.3", Fraction(3, 10)), ("1/3", Fraction(1, 3)), (Fraction(2, 7), Fraction(2, 7)), (0.3, Fraction(0.3))],
)
def test_a_value_is_as_exact_as_it_is_given(three: Model, value: object, exact: Fraction) -> None:
    games = three.games(p=value, exact=True)

    assert games.exact is not None
    assert games.exact[0, 1, 0, 0, 0] == exact
    assert games.payoffs[0, 1, 0, 0, 0] == float(exact)


def test_a_model_with_exp_has_no_exact_payoffs(reference: Model) -> None:
    assert not reference.rational
    assert reference.games(exact=True).exact is None


def test_an_irrational_quantity_that_no_payoff_uses_does_not_spoil_exactness() -> None:
    model = read(starter().replace("quantities:", "quantities:\n  curve: exp(stake)\n#", 1))

    assert model.rational
    assert model.games(exact=True).exact is not None


def test_a_division_by_zero_leaves_the_doubles_and_no_fractions() -> None:
    games = two_by_two("1 / p").games(p=[0.5, 0.0], exact=True)

    assert games.exact is None
    assert games.payoffs[1, 0, 0, 0] == np.inf


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_a_value_that_is_not_finite_has_no_fraction_and_warns(value: float) -> None:
    with pytest.warns(ParameterWarning):
        games = two_by_two("p").games(p=value, exact=True)

    assert games.exact is None
    np.testing.assert_equal(games.payoffs[0, 0, 0, 0], value)


def test_fractions_that_outgrow_memory_are_a_computation_error() -> None:
    with pytest.raises(ComputationError, match="bits"):
        two_by_two("((p + 1)**16)**16").games(p=0.1, exact=True)


def test_given_leaves_the_listed_actions_only(reference: Model) -> None:
    games = reference.games(given={"nato": ["troops"], "russia": ["nuclear_use", "carry_on"]})

    assert games.actions == (("troops",), ("carry_on", "nuclear_use"))
    np.testing.assert_array_equal(games.payoffs[0, :, 0], reference.games().payoffs[0][:, 4, [1, 4]])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"nto": ["troops"]}, "'nato'"), ({"nato": ["troop"]}, "'troops'")],
    ids=["player", "action"],
)
def test_given_of_an_unknown_name_suggests_the_right_one(
    reference: Model, given: dict[str, list[str]], sentence: str
) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean {sentence}"):
        reference.games(given=given)


def test_a_frame_a_mapping_and_names_say_the_same(reference: Model) -> None:
    points = {"escalation_risk": [0.01, 0.05], "stake_russia": [1.0, 2.0]}

    by_frame = reference.games(pd.DataFrame(points)).payoffs

    np.testing.assert_array_equal(reference.games(points).payoffs, by_frame)
    np.testing.assert_array_equal(reference.games(**points).payoffs, by_frame)
    np.testing.assert_array_equal(
        reference.games({"escalation_risk": [0.01, 0.05]}, stake_russia="2").payoffs[1], by_frame[1]
    )


def test_an_empty_frame_gives_no_games_and_a_frame_without_columns_gives_its_rows(reference: Model) -> None:
    assert len(reference.games(reference.sample(0))) == 0
    assert len(reference.games(pd.DataFrame(index=range(3)))) == 3
    assert reference.quantity("disaster", pd.DataFrame(index=range(3))).shape == (3, 5, 5)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"escalation_rsk": 0.1}, "did you mean 'escalation_risk'"),
        ({"zzz": 0.1}, "the parameters are stake_nato"),
        ({"escalation_risk": "abc"}, "'abc' is not a number"),
        ({"escalation_risk": "1/0"}, "'1/0' is not a number"),
        ({"escalation_risk": True}, "True is not a number"),
        ({"escalation_risk": None}, "None is not a number"),
        ({"escalation_risk": [[0.1]]}, "expected one value or a column"),
        ({"escalation_risk": [0.1, 0.2], "decisiveness": [1, 1, 1]}, "columns of different lengths"),
    ],
)
def test_values_that_cannot_be_used_are_refused_in_a_sentence(
    reference: Model, values: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        reference.games(values)


def test_a_value_given_twice_or_beside_a_longer_frame_is_refused(reference: Model) -> None:
    with pytest.raises(InputError, match="given twice"):
        reference.games({"escalation_risk": 0.1}, escalation_risk=0.1)
    with pytest.raises(InputError, match="the frame 3"):
        reference.games(reference.sample(3)[["decisiveness"]], escalation_risk=[0.1, 0.2])
    with pytest.raises(InputError, match="a frame or a mapping"):
        reference.games(cast("Any", [0.1]))


def test_a_value_outside_its_law_is_used_with_a_warning_at_the_caller(reference: Model) -> None:
    with pytest.warns(ParameterWarning, match="escalation_risk: value 0.2 lies outside") as caught:
        reference.games(escalation_risk=0.2)

    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reference.games(escalation_risk=[0.0001, 0.1])


def test_a_quantity_spans_games_and_all_actions(reference: Model) -> None:
    disaster = reference.quantity("disaster", escalation_risk=[0.02, 0.05])

    assert disaster.shape == (2, 5, 5)
    assert disaster[1, 4, 4] == pytest.approx(1 - exp(-0.05 * 3 * 15))
    assert reference.quantity("2 * stake_russia").tolist() == np.full((1, 5, 5), 2.4).tolist()


def test_a_quantity_of_unknown_names_or_bad_grammar_is_refused(reference: Model) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'disaster'"):
        reference.quantity("disastr")
    with pytest.raises(FormulaError):
        reference.quantity("disaster +")


def test_a_sample_holds_every_parameter_with_a_probability(three: Model, reference: Model) -> None:
    assert list(three.sample(4)) == ["p"]
    assert list(reference.sample(4)) == list(reference.parameters)
    pd.testing.assert_frame_equal(reference.sample(4, seed=0), reference.sample(9, seed=0).head(4))


def test_the_digest_forgets_comments_layout_order_and_spelling_of_numbers() -> None:
    text = starter()
    changed = "# a note\n" + text.replace("value: 0.05", "value: 0.050").replace("1 - war", "1.0-war")
    lines = changed.replace("    unit: probability\n", "").replace(
        "    meaning: chance", "    unit: probability\n    meaning: chance"
    )

    assert read(lines).digest == read(text).digest
    assert lines != text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: 0.05", "value: 0.06"),
        ("high: 0.5", "high: 0.6"),
        ("title: Two", "title: 2"),
        ("mark: A ", "mark: R "),
        ("[hold_back, stand_firm]", "[stand_firm, hold_back]"),
        ("(1 - war) * stake * share_west", "(1 - war) * (stake * share_west)"),
        ("values: [0, 1]", "values: [0, 2]"),
        ("contested: true", "contested: false"),
    ],
)
def test_the_digest_notices_every_change_of_content(old: str, new: str) -> None:
    text = starter()

    assert old in text
    assert read(text.replace(old, new, 1)).digest != read(text).digest


TIES = """\
correlations:
  - {between: [war_risk, war_loss], rank: 0.25, source: a guess, mark: A}
constraints:
  dear: {holds: war_loss >= 2 * war_risk, source: a guess, mark: A}
"""


def test_models_without_ties_keep_the_digest_that_they_had_before_there_were_any() -> None:
    assert read(THREE).digest == "7bb0e3eac43e4249cfbcaba2ec33371f45dce222c635b8ed59562febfa057d89"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rank: 0.25", "rank: 0.26"),
        ("source: a guess, mark: A}\ncon", "source: a report, mark: A}\ncon"),
        (">= 2 * war_risk", ">= 3 * war_risk"),
        (">= 2 * war_risk", "> 2 * war_risk"),
        ("dear:", "cheap:"),
        ("constraints:\n  dear: {holds: war_loss >= 2 * war_risk, source: a guess, mark: A}\n", ""),
    ],
)
def test_the_digest_notices_every_change_of_what_ties_parameters(old: str, new: str) -> None:
    text = starter() + TIES

    assert old in text
    assert read(text.replace(old, new, 1)).digest != read(text).digest
    assert read(text).digest != read(starter()).digest


def test_the_digest_forgets_the_order_and_spelling_of_what_ties_parameters() -> None:
    text = starter().replace("law: {kind: fixed}", "law: {kind: uniform, low: 0, high: 2}") + TIES
    more = "  - {between: [stake, war_loss], rank: 0.1, source: a guess, mark: A}\n"
    first = text.replace("correlations:\n", "correlations:\n" + more)
    last = text.replace("constraints:\n", more + "constraints:\n").replace(
        "[war_risk, war_loss]", "[war_loss, war_risk]"
    )

    last = last.replace("rank: 0.25", "rank: 0.250").replace("2 * war_risk", "2.0*(war_risk)")

    assert read(first).digest == read(last).digest
    assert read(first).sample(20).equals(read(last).sample(20))


def test_a_model_that_ties_its_parameters_draws_them_tied() -> None:
    free, tied = read(starter()), read(starter() + TIES)

    before, after = free.sample(2_000, seed=1), tied.sample(2_000, seed=1)

    assert before.attrs == {}
    assert after.attrs["accepted"] == 2_000
    assert after.attrs["repaired"] == 0.0
    assert (after["war_loss"] >= 2 * after["war_risk"]).all()
    assert before.corr("spearman").loc["war_risk", "war_loss"] == pytest.approx(0.0, abs=0.06)
    assert after.corr("spearman").loc["war_risk", "war_loss"] == pytest.approx(0.25, abs=0.06)
    assert len(tied.games(tied.sample(0))) == 0


def test_what_ties_parameters_is_shown_with_every_text_escaped_and_with_the_repair() -> None:
    text = starter().replace("law: {kind: fixed}", "law: {kind: uniform, low: 0, high: 2}")
    text += TIES.replace("a guess", "<i>me</i>").replace(
        "constraints:",
        "  - {between: [stake, war_loss], rank: 0.9, source: s, mark: A}\n"
        "  - {between: [war_risk, stake], rank: -0.9, source: s, mark: A}\nconstraints:",
    )

    html = read(text)._repr_html_()

    assert "Rank correlations (no draws have all of them; the nearest possible differ by up to 0." in html
    assert "war_risk and war_loss" in html
    assert "war_loss &gt;= 2 * war_risk" in html
    assert "<i>" not in html
    assert "orrelation" not in read(starter())._repr_html_()


def test_the_order_of_players_is_content() -> None:
    west = "  west: {label: The West, actions: [hold_back, stand_firm]}\n"
    text = starter()

    assert read(text.replace(west, "").replace("parameters: ", west + "parameters: ", 1)).digest != read(text).digest


def test_models_with_one_digest_are_equal_and_travel_between_processes(reference: Model) -> None:
    copy = pickle.loads(pickle.dumps(reference))  # noqa: S301  # our own bytes

    assert copy == reference
    assert copy.digest == reference.digest
    assert len({copy, reference, read(starter())}) == 2
    assert reference != "a model"


def test_a_model_cannot_be_changed(reference: Model) -> None:
    with pytest.raises(TypeError):
        reference.parameters["stake_nato"] = reference.parameters["stake_russia"]  # type: ignore[index]  # on purpose
    with pytest.raises(AttributeError):
        reference.title = "x"  # type: ignore[misc]  # on purpose
    assert not reference.games().payoffs.flags.writeable


def test_a_model_shows_itself_with_every_text_escaped() -> None:
    text = starter().replace("title: Two sides in a crisis", "title: <script>alert(1)</script>")
    text = text.replace("label: The West", "label: <img onerror=x>").replace("unit: probability", "unit: <b>")

    html = read(text)._repr_html_()

    assert "<script>" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "west (2) x east (2)" in repr(read(text))


def test_orders_are_simultaneous_play_and_each_player_first(three: Model) -> None:
    assert three.orders == ("simultaneous", "a", "b", "c")
    assert three.central() == {"p": 0.1, "q": 2.0}


def test_a_tie_that_holds_for_every_value_is_a_tie_at_every_value() -> None:
    # a mixture of the last two rows is as good as the first for every p; the rounding of the doubles hides it
    text = """\
format: gametheory/1
title: A tie in a mixture
form: strategic
players:
  a: {label: A, actions: [x, y, z]}
  b: {label: B, actions: [u, v, w]}
parameters:
  p: {value: 0.001, law: {kind: uniform, low: 0, high: 1}, unit: share, meaning: m, source: s, mark: A}
payoffs:
  a: [[1 + p/2, 1 - p/2, 1 + p/2], [3 + 3*p/2, p/2, 2 - p/2], [-p/2, 1 - 3*p/2, 1 + 3*p/2]]
  b: [[3 - p/2, 2 + 3*p/2, 1 + p/2], [-p/2, -3*p/2, 3 - p/2], [-3*p/2, 3 - 3*p/2, 2 - p/2]]
"""
    games = read(text).games({"p": np.geomspace(1e-6, 1e-3, 50)})

    plain, exact = solve(games), solve(games, exact=True)

    assert plain.signatures()[1] == exact.signatures()[1]
    assert plain.signatures()[0].tolist() == exact.signatures()[0].tolist()
    assert set(exact.certificates.verdict) == {"degenerate-complete"}


def test_fractions_follow_the_games_through_picking_cutting_and_pickling() -> None:
    games = read(MODEL_WITH_FRACTIONS).games({"p": np.linspace(0, 1, 5)})

    part = games.restrict({"b": ["v"]})[1:4][1]

    assert part.fractions(0).tolist() == [[[Fraction(1, 2)], [Fraction(1, 3)]], [[1], [Fraction(1, 4)]]]
    assert pickle.loads(pickle.dumps(part)).fractions(0).tolist() == part.fractions(0).tolist()  # noqa: S301


MODEL_WITH_FRACTIONS = """\
format: gametheory/1
title: Fractions
form: strategic
players:
  a: {label: A, actions: [x, y]}
  b: {label: B, actions: [u, v]}
parameters:
  p: {value: 0.1, law: {kind: uniform, low: 0, high: 1}, unit: share, meaning: m, source: s, mark: A}
payoffs:
  a: [[p, p], [0, 1/3]]
  b: [[1, 1], [p, p*p]]
"""
