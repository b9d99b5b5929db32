"""What happens where players are wrong about each other, by known formulas and against the true games?"""

from __future__ import annotations

import math
from dataclasses import replace
from importlib import import_module
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from gametheory import figures
from gametheory.analyses.assumptions import perception as module
from gametheory.analyses.assumptions.attitudes import attitudes
from gametheory.analyses.assumptions.kinds import claim_cells, restricted_games, sharing, solution_codes, solved
from gametheory.analyses.assumptions.misperception import misperception, misperception_outcomes
from gametheory.analyses.assumptions.perception import (
    PERCEPTIONS,
    Perception,
    perceived_games,
    perceptions,
    plays,
    private_parameters,
)
from gametheory.errors import UnknownNameError
from gametheory.figures.words import span
from gametheory.games import strategic
from gametheory.model import Model
from gametheory.parameters import Law
from gametheory.reader import load, read
from gametheory.solvers import solve
from gametheory.study import ALL, FAILED, NONE, SOME

MODELS = ["reference_involvement", "involvement_response"]
# A rival who enters is fought where that costs the owner less than a half.
ENTRY = """
format: gametheory/1
title: Entry
form: strategic
players:
  rival: {label: Rival, actions: [stay_out, enter]}
  owner: {label: Owner, actions: [give_way, fight]}
parameters:
  cost: {value: 0.2, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
payoffs:
  rival: [[0, 0], [1, -1]]
  owner: [[2, 1], [0.5, 1 - cost]]
claims:
  peace: {text: Nobody fights, holds: {order: rival, expect: {owner: [give_way]}}}
  entered: {text: If the rival enters it is fought,
            holds: {order: rival, given: {rival: [enter]}, expect: {owner: [fight]}}}
"""
# Matching pennies in which a stake of one player is seen wrongly by the other: a mixture betrays what its owner thinks.
PENNIES = """
format: gametheory/1
title: Pennies
form: strategic
players:
  first: {label: First, actions: [heads, tails]}
  second: {label: Second, actions: [heads, tails]}
parameters:
  a: {value: 2, law: {kind: interval, low: 1, high: 3}, unit: u, meaning: m, source: example, mark: A}
  b: {value: 2, law: {kind: discrete, values: [1, 2, 4], probabilities: [0.3, 0.4, 0.3]},
      unit: u, meaning: m, source: example, mark: A}
payoffs:
  first: [[a, 0], [0, 1]]
  second: [[0, 1], [b, 0]]
"""


def points_of(model: Model, count: int) -> dict[str, Any]:
    """Draws from the model's laws."""
    return {str(name): column.to_numpy() for name, column in model.sample(count, seed=3).items()}


def by_perception(model: Model, player: str, **options: Any) -> pd.DataFrame:
    """The rows of one player, or of all together, by perception."""
    frame = misperception(model, **options)
    return frame[frame["player"] == player].set_index("perception")


def quadrant(correlation: float) -> float:
    """The chance that two normal scores have given signs, both the same (Sheppard 1899)."""
    return 0.25 + math.asin(correlation) / (2.0 * math.pi)


@pytest.mark.parametrize("name", MODELS)
def test_a_parameter_is_private_where_moving_it_moves_one_players_payoffs_alone(name: str) -> None:
    model = load(name)
    base = model.games().payoffs
    moved: dict[str, tuple[str, ...]] = {player.name: () for player in model.players}
    for parameter in model.parameters.values():
        low, high = parameter.law.support()
        changed = model.games(**{parameter.name: low + 0.37 * (high - low)}).payoffs != base
        owners = [player.name for place, player in enumerate(model.players) if changed[:, place].any()]
        if len(owners) == 1:
            moved[owners[0]] += (parameter.name,)

    found = private_parameters(model)
    assert {player: set(names) for player, names in found.items()} == {k: set(own) for k, own in moved.items()}
    assert all(found.values())


def test_a_parameter_in_the_cells_of_a_table_enters_what_the_table_enters() -> None:
    price = "tables:\n  price: {over: [owner], values: [0, cost]}\npayoffs:"
    inside = read(ENTRY.replace("payoffs:", price).replace("[[2, 1], [0.5, 1 - cost]]", "2 - price"))
    both = read(inside.text.replace("rival: [[0, 0], [1, -1]]", "rival: price"))

    assert private_parameters(inside) == {"rival": (), "owner": ("cost",)}
    assert private_parameters(both) == {"rival": (), "owner": ()}


@pytest.mark.parametrize("name", MODELS)
def test_players_who_are_not_wrong_play_the_true_game(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PERCEPTIONS", {"right": Perception("rightly", lambda _law, true, _errors: true)})
    model = load(name)
    points = points_of(model, 300)
    games = model.games(points)
    for claim in model.claims.values():
        (alike,) = perceptions(model, claim)
        with sharing():
            codes = alike.codes(model, claim, games, points)
        left = restricted_games(games, claim)
        solutions = solved(left, order=claim.order)
        truth = solution_codes(claim, claim_cells(model, claim, left, points), solutions)
        one = solutions.count == 1
        several = "both play, but perhaps not of the same solution"
        assert codes[one].tolist() == truth[one].tolist(), claim.name
        assert ((codes == truth) | ~one | (claim.order != "simultaneous")).all(), several
        assert (codes[truth == ALL] != NONE).all()


def test_estimates_of_full_correlation_are_the_truth() -> None:
    law = load("reference_involvement").parameters["disaster_loss_russia"].law
    true = law.quantile(np.random.default_rng(0).random(1000))

    found = module._estimated(1.0, law, true, np.random.default_rng(1).normal(size=1000))

    assert found == pytest.approx(true, rel=2e-3)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_estimates_have_the_law_of_what_they_estimate_and_the_stated_correlation(correlation: float) -> None:
    from scipy.stats import kstest

    law = Law("loguniform", low=0.01, high=10)
    random = np.random.default_rng(2)
    true = law.quantile(random.random(20_000))

    found = module._estimated(correlation, law, true, random.normal(size=20_000))

    assert kstest(np.log(found / 0.01) / np.log(1000.0), "uniform").statistic < 1.63 / math.sqrt(20_000)
    same = ((true > np.sqrt(0.1)) == (found > np.sqrt(0.1))).mean()
    assert same == pytest.approx(2.0 * quadrant(correlation), abs=4 * 0.5 / math.sqrt(20_000))


def test_a_rival_that_takes_the_owner_for_ready_to_fight_stays_out() -> None:
    frame = misperception_outcomes(read(ENTRY), order="rival", samples=4_000)
    low = frame[frame["perception"] == "others low"]

    assert low["profile"].tolist() == ["stay_out, give_way"]
    assert (low["lower"].iloc[0], low["upper"].iloc[0]) == (1.0, 1.0)


def test_a_rival_that_takes_the_owner_for_weak_is_fought_as_often_as_the_owner_is_strong() -> None:
    frame = by_perception(read(ENTRY), "rival", order="rival", samples=6_000)
    row = frame.loc["others high"]

    assert row["worse_lower"] == row["worse_upper"] == pytest.approx(0.5, abs=0.03)
    assert row["as_expected_lower"] == pytest.approx(0.5, abs=0.03)
    assert frame.loc["nobody is wrong", "as_expected_lower"] == 1.0


@pytest.mark.parametrize(("name", "correlation"), [("close estimates", 0.9), ("rough estimates", 0.5)])
def test_surprises_are_as_frequent_as_the_quadrants_of_the_normal_law(name: str, correlation: float) -> None:
    surprised = 0.5 - quadrant(correlation)  # the rival expects to be let in, and is fought
    for player, missed in (("rival", surprised), ("owner", 2.0 * surprised), ("", 2.0 * surprised)):
        row = by_perception(read(ENTRY), player, order="rival", samples=8_000).loc[name]
        assert row["worse_upper"] == pytest.approx(surprised, abs=4 * row["worse_se"])
        assert row["as_expected_upper"] == pytest.approx(1.0 - missed, abs=4 * row["as_expected_se"])


def test_a_move_that_is_seen_is_answered_by_the_true_payoffs() -> None:
    model = read(ENTRY)
    points = {"cost": np.array([0.1, 0.4, 0.6, 0.9])}
    games = model.games(points)

    for own in perceptions(model, model.claims["entered"]):
        assert own.codes(model, model.claims["entered"], games, points).tolist() == [ALL, ALL, NONE, NONE], own.name
    low, high = perceptions(model, model.claims["peace"])[:2]
    assert low.codes(model, model.claims["peace"], games, points).tolist() == [ALL] * 4
    assert high.codes(model, model.claims["peace"], games, points).tolist() == [NONE, NONE, ALL, ALL]


def test_a_mixture_is_that_of_the_game_its_owner_sees() -> None:
    model = read(PENNIES)
    points = {"a": np.array([2.0]), "b": np.array([2.0])}
    games = model.games(points)
    seen = perceived_games(model, "others low", games, points)  # both take the other's stake for 1

    found = plays([solve(own) for own in seen], games, "simultaneous")

    # each mixes so that the other is indifferent by the stakes that it sees: not 2/3, as in the true game
    assert found.strategies[0].tolist() == pytest.approx(np.array([[0.5, 0.5]]))
    assert found.strategies[1].tolist() == pytest.approx(np.array([[0.5, 0.5]]))
    true = solve(games).strategies
    assert [own[0, 0] for own in true] == pytest.approx([2.0 / 3.0, 1.0 / 3.0])
    assert private_parameters(model) == {"first": ("a",), "second": ("b",)}


def test_every_combination_of_what_players_have_in_mind_may_be_played() -> None:
    chicken = strategic([[[-9.0, 2.0], [0.0, 1.0]], [[-9.0, 0.0], [2.0, 1.0]]])
    found = plays([solve(chicken), solve(chicken)], chicken, "simultaneous")

    pairs = {tuple(float(own[row, 0]) for own in found.strategies) for row in range(len(found.draw))}
    assert len(pairs) == 9  # three solutions each
    assert {(1.0, 1.0), (0.0, 0.0), (1.0, 0.0), (0.0, 1.0)} < pairs


def test_the_row_of_everybody_bounds_those_of_the_players() -> None:
    frame = misperception(load("involvement_response"), samples=300).set_index(["order", "perception"])
    everybody = frame[frame["player"] == ""]
    each = frame[frame["player"] != ""].groupby(level=[0, 1], sort=False)

    for end in ("lower", "upper"):
        assert (everybody[f"as_expected_{end}"] <= each[f"as_expected_{end}"].min()).all()
        assert (everybody[f"worse_{end}"] >= each[f"worse_{end}"].max()).all()
    assert (everybody["worse_upper"] <= each["worse_upper"].sum() + 1e-12).all()


def test_a_claim_that_holds_in_some_of_what_may_be_played_holds_in_some() -> None:
    text = ENTRY.replace("[[0, 0], [1, -1]]", "[[1, 0], [2, -9]]").replace("[[2, 1], [0.5, 1 - cost]]",
        "[[1, 2], [0, -9 - cost]]").replace("order: rival, expect", "order: simultaneous, expect")  # fmt: skip
    model, points = read(text), {"cost": np.array([0.2, 0.8])}
    claim = model.claims["peace"]

    for own in perceptions(model, claim):
        assert own.codes(model, claim, model.games(points), points).tolist() == [SOME, SOME], own.name


def test_players_who_are_right_may_still_miss_each_other_where_there_are_several_solutions() -> None:
    model = load("reference_involvement")
    row = by_perception(model, "", order="simultaneous", samples=500).loc["nobody is wrong"]
    points = {name: column.to_numpy() for name, column in model.sample(500, seed=0).items()}
    several = float((solve(model.games(points)).count > 1).mean())

    assert 1.0 - row["as_expected_lower"] == pytest.approx(several)
    assert row["as_expected_upper"] == 1.0
    assert row["worse_lower"] == 0.0


@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_shares_of_what_is_played_add_up_around_one(order: str) -> None:
    frame = misperception_outcomes(load("reference_involvement"), order=order, samples=400)

    for name, own in frame.groupby("perception"):
        assert own["lower"].sum() <= 1.0 + 1e-9, name
        assert own["upper"].sum() >= 1.0 - 1e-9, name
        assert (own["lower"] <= own["upper"]).all(), name
        assert own["profile"].is_unique


def test_the_true_game_is_played_as_often_as_it_is_solved_so() -> None:
    model = load("reference_involvement")
    own = misperception_outcomes(model, order="nato", samples=400).set_index(["perception", "profile"])
    points = {name: column.to_numpy() for name, column in model.sample(400, seed=0).items()}
    solutions = solve(model.games(points), order="nato")

    for profile, row in own.loc["nobody is wrong"].iterrows():
        moves = [list(player.actions).index(part) for player, part in
                 zip(model.players, str(profile).split(", "), strict=True)]  # fmt: skip
        played = np.all([s[:, k] > 0 for s, k in zip(solutions.strategies, moves, strict=True)], axis=0)
        assert row["upper"] == pytest.approx(len(set(solutions.game[played].tolist())) / 400)


def test_errors_belong_to_the_draws_and_fewer_draws_are_the_first_of_more() -> None:
    model = load("involvement_response")
    points = points_of(model, 50)
    fewer = {name: column[:20] for name, column in points.items()}

    whole, part = (perceived_games(model, "rough estimates", model.games(p), p) for p in (points, fewer))

    for more, less in zip(whole, part, strict=True):
        assert more.payoffs[:20].tolist() == less.payoffs.tolist()


def test_a_player_sees_its_own_payoffs_rightly_and_errs_by_itself() -> None:
    model = load("involvement_response")
    points = points_of(model, 50)
    games = model.games(points)

    for name in PERCEPTIONS:
        for place, seen in enumerate(perceived_games(model, name, games, points)):
            assert seen.payoffs[:, place].tolist() == games.payoffs[:, place].tolist()
            assert (seen.payoffs[:, 1 - place] != games.payoffs[:, 1 - place]).any()


def test_a_game_that_cannot_be_solved_fails_its_own_draw_alone() -> None:
    broken = read(ENTRY.replace("1 - cost]", "1 - cost + 0 * sqrt(cost)]").replace("low: 0,", "low: -1,"))
    claim, points = broken.claims["peace"], {"cost": np.array([0.9, -0.5, 0.9, 0.1])}
    games = broken.games(points)

    for own in perceptions(broken, claim):
        codes = own.codes(broken, claim, games, points)
        assert codes[0] == codes[2] or "estimates" in own.name
        if own.name == "others high":
            assert codes.tolist() == [ALL, FAILED, ALL, NONE]


def test_a_draw_with_too_many_combinations_counts_as_failed() -> None:
    flat = strategic(np.zeros((1, 2, 12, 12)))
    calm = strategic([[[1.0, 0.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 0.0]]])

    crowded = plays([solve(flat), solve(flat)], flat, "simultaneous")
    assert crowded.failed.tolist() == [len(solve(flat)) ** 2 > module.MOST_COMBINATIONS]
    assert not plays([solve(calm), solve(calm)], calm, "simultaneous").failed.any()


def test_an_incomplete_list_of_solutions_leaves_nothing_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("gametheory.analyses.assumptions.misperception"), "solved", partly)
    frame = misperception(load("reference_involvement"), order="simultaneous", samples=50)

    assert not frame["as_expected_lower"].any()
    assert (frame["as_expected_upper"] == 1.0).all()


def partly(*args: Any, **options: Any) -> Any:
    """As `solved`, but not proved to be complete."""
    whole = solved(*args, **options)
    verdict = np.full(len(whole.certificates), "partial", dtype=object)
    return replace(whole, certificates=replace(whole.certificates, verdict=verdict))


def test_an_interval_widens_the_bounds_and_leaves_the_draws_alone() -> None:
    model = read(PENNIES)
    frame = by_perception(model, "first", order="simultaneous", samples=64)

    assert set(frame.index) == {"nobody is wrong", *PERCEPTIONS}
    assert (frame["failed"] == 0.0).all()
    assert (frame["as_expected_lower"] == 1.0).all()  # both mix, whatever they think
    assert frame.loc["nobody is wrong", "worse_upper"] == 0.0
    # taken for 3, the stake is overrated where it is 1 and rightly seen where it is 3, at the other end of the interval
    assert (frame.loc["others high", "worse_lower"], frame.loc["others high", "worse_upper"]) == (0.0, 1.0)


def test_three_players_can_be_wrong_about_each_other() -> None:
    model = read(ALLIES)
    frame = by_perception(model, "three", samples=300)

    assert private_parameters(model) == {"one": ("x",), "two": ("y",), "three": ("z",)}
    assert set(frame["order"]) == {"simultaneous"}
    # the third joins where it thinks that both others go, which they do where their own gain is above nothing
    assert frame.loc["nobody is wrong", "worse_upper"] == 0.0
    assert frame.loc["others high", "worse_lower"] == pytest.approx(0.75, abs=0.1)
    assert frame.loc["others low", "worse_upper"] == 0.0


ALLIES = """
format: gametheory/1
title: Allies
form: strategic
players:
  one: {label: One, actions: [stay, go]}
  two: {label: Two, actions: [stay, go]}
  three: {label: Three, actions: [stay, go]}
parameters:
  x: {value: 0.5, law: {kind: uniform, low: -1, high: 1}, unit: u, meaning: m, source: example, mark: A}
  y: {value: 0.5, law: {kind: uniform, low: -1, high: 1}, unit: u, meaning: m, source: example, mark: A}
  z: {value: 1, law: {kind: uniform, low: 1, high: 2}, unit: u, meaning: m, source: example, mark: A}
tables:
  a: {over: [one], values: [0, 1]}
  b: {over: [two], values: [0, 1]}
  c: {over: [three], values: [0, 1]}
payoffs:
  one: a * x
  two: b * y
  three: c * (z * a * b - 0.5)
"""


def test_a_model_in_which_nobody_can_be_wrong_says_so() -> None:
    model = read(ENTRY.replace("[0.5, 1 - cost]", "[0.5, 0.2]").replace("[1, -1]", "[1, -cost]").replace(
        "[2, 1]", "[2, 1 + cost]"))  # fmt: skip

    frame = misperception(model, samples=50)
    assert perceptions(model, model.claims["peace"]) == []
    assert set(frame["perception"]) == {"nobody is wrong"}
    assert "nobody can be wrong" in frame.attrs["notes"][-1]
    ax = drawn(frame)
    assert figures.message(ax) == "Nobody can be wrong about another's payoffs in this model"
    assert not ax.containers
    assert "No uncertain number enters the payoffs of one player alone" in " ".join(t.get_text() for t in ax.texts)


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="no order of play 'rusia'"):
        misperception(load("reference_involvement"), order="rusia")


def test_shared_work_changes_no_answer() -> None:
    model = load("reference_involvement")
    points = points_of(model, 200)
    games = model.games(points)
    for claim in model.claims.values():
        listed = [*perceptions(model, claim), *attitudes(model, claim)]
        alone = [own.codes(model, claim, games, points).tolist() for own in listed]
        with sharing():
            together = [own.codes(model, claim, games, points).tolist() for own in listed]
        assert alone == together


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return misperception(load("involvement_response"), samples=256)


def drawn(frame: pd.DataFrame, width: float = 6.6) -> Any:
    """The axes of the figure drawn for a file."""
    with figures.off_screen(width), figures.style():
        return figures.misperception(frame, labels={"nato": "NATO", "russia": "Russia"})


@pytest.mark.parametrize("width", [5.4, 6.6])
def test_the_picture_clips_no_text_and_lets_none_overlap(frame: pd.DataFrame, width: float) -> None:
    ax = drawn(frame, width)
    figure = ax.get_figure(root=True)
    with figures.style():
        figure.draw_without_rendering()
    ticks = [text for text in ax.get_xticklabels() if text.get_text()]
    texts: list[Text] = [*ax.texts, *ticks, ax.xaxis.label, ax.title, ax._left_title]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text()]

    for text, box in boxes:
        assert box.x0 >= figure.bbox.x0 - 1, text
        assert box.x1 <= figure.bbox.x1 + 1, text
        assert box.y0 >= figure.bbox.y0 - 1, text
        assert box.y1 <= figure.bbox.y1 + 1, text
    for (one, first), (two, second) in combinations(boxes, 2):
        assert not first.padded(-1.0).overlaps(second.padded(-1.0)), (one, two)


def test_the_bars_of_the_picture_end_at_the_shares(frame: pd.DataFrame) -> None:
    ax = drawn(frame)
    lengths = [bar.get_width() for bars in ax.containers for bar in bars]

    together = frame[frame["player"] == ""]
    shares = [*together["as_expected_lower"], *frame[frame["player"] != ""]["worse_lower"]]
    assert all(share <= 0.0 or np.isclose(lengths, 0.9 * share).any() for share in shares)
    for lower, upper in zip(together["as_expected_lower"], together["as_expected_upper"], strict=True):
        assert f"as expected {span(lower, upper)}" in figures.alternative(ax)
    assert "NATO gets less than it expected" in [text.get_text() for text in ax.texts]


def test_the_sentence_of_the_picture_gives_the_extremes_of_the_frame(frame: pd.DataFrame) -> None:
    wrong = frame[(frame["perception"] != "nobody is wrong") & (frame["player"] == "")]
    said = figures.message(drawn(frame))

    for _, own in wrong.groupby("order"):
        low, high = own["as_expected_lower"].min(), own["as_expected_upper"].max()
        assert f"{low:.1%} to {high:.1%} of the draws" in said
