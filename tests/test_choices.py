"""Do choices, values of information and forecasts mean what they say, under each order and every equilibrium?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from gametheory.analyses.choosing.action_values import action_values, block_values
from gametheory.analyses.choosing.choices import CRITERIA, choice_curves, choices
from gametheory.analyses.choosing.forecast import forecast, forecast_payoffs
from gametheory.analyses.choosing.value_of_information import value_of_information
from gametheory.designs import scheme
from gametheory.errors import InputError, UnknownNameError
from gametheory.games import Games
from gametheory.reader import load
from gametheory.solvers import solve
from tests.choosing import UNIT, midpoints, model_of, trust, vignette
from tests.library import random_games


def by_criterion(frame: pd.DataFrame, action: str) -> dict[str, tuple[float, float]]:
    own = frame[frame["action"] == action]
    return {row["criterion"]: (row["lower"], row["upper"]) for row in own.to_dict("records")}


# What choosing an action means


@pytest.mark.parametrize("levels", [0, 3])
@pytest.mark.parametrize("player", [0, 1])
def test_replies_are_the_solutions_of_the_game_in_which_the_action_is_given(player: int, levels: int) -> None:
    games = random_games(seed=player, count=200, shape=(3, 4), levels=levels)
    found = block_values(games, player, "simultaneous", "replies")

    for order in ("simultaneous", *games.players):
        for number, action in enumerate(games.actions[player]):
            solutions = solve(games.restrict({games.players[player]: [action]}), order=order)
            low, high = np.full(len(games), np.inf), np.full(len(games), -np.inf)
            np.minimum.at(low, solutions.game, solutions.payoffs[:, player])
            np.maximum.at(high, solutions.game, solutions.payoffs[:, player])
            if order != games.players[player]:  # a leader with one action breaks no tie, so that its solver lists all
                assert np.allclose(found.lower[:, number], low), (order, action)
            assert np.allclose(found.upper[:, number], high), (order, action)


@pytest.mark.parametrize("levels", [0, 3])
@pytest.mark.parametrize("player", [0, 1])
def test_the_best_action_against_replies_pays_what_the_paths_of_a_leader_pay(player: int, levels: int) -> None:
    games = random_games(seed=3, count=300, shape=(4, 3), levels=levels)
    found = block_values(games, player, games.players[player], "replies")
    paths = solve(games, order=games.players[player])

    for value, end in ((found.worst.max(axis=1), np.minimum), (found.best.max(axis=1), np.maximum)):
        expected = np.full(len(games), np.inf if end is np.minimum else -np.inf)
        end.at(expected, paths.game, paths.payoffs[:, player])
        assert np.allclose(value, expected)


@pytest.mark.parametrize("order", ["simultaneous", "p0", "p1"])
@pytest.mark.parametrize("levels", [0, 3])
def test_against_an_equilibrium_nothing_beats_the_actions_in_use(levels: int, order: str) -> None:
    games = random_games(seed=5, count=200, shape=(3, 3), levels=levels)
    player = 0 if order != "p0" else 1
    found = block_values(games, player, order, "equilibrium")
    solutions = solve(games, order=order)

    for game in range(len(games)):
        own = solutions.of(game)
        payoffs = own.payoffs[:, player]
        assert found.worst[game].max() == pytest.approx(payoffs.min(), abs=1e-9)
        assert found.best[game].max() == pytest.approx(payoffs.max(), abs=1e-9)
        used = np.logical_or.reduce(own.strategies[player] > 0)
        assert np.all(found.least[game, used] <= 0.0)
        assert np.all(found.lower[game] <= found.worst[game] + 1e-12)
        assert np.all(found.best[game] <= found.upper[game] + 1e-12)
        if len(own) == 1:
            assert found.least[game] == pytest.approx(found.most[game])


@pytest.mark.parametrize("catastrophe", [1e2, 1e10, 1e12])
@pytest.mark.parametrize(
    ("order", "against"), [("p0", "replies"), ("p1", "equilibrium"), ("simultaneous", "equilibrium")]
)
def test_a_small_regret_stays_beside_a_catastrophe_and_rounding_is_none(
    order: str, against: str, catastrophe: float
) -> None:
    """The other side never plays what brings the catastrophe about; the others pay 0.1 + 0.2 and 0.3."""
    own = [[-catastrophe, 0.301], [0.0, 0.1 + 0.2], [0.0, 0.3]]
    games = Games(("p0", "p1"), (("a", "b", "c"), ("x", "y")), np.array([[own, [[0, 1], [0, 1], [0, 1]]]], dtype=float))

    found = block_values(games, 0, order, against)
    without = block_values(games.restrict({"p0": ["b", "c"]}), 0, order, against)

    for regrets in (found.least, found.most):
        assert regrets[0] == pytest.approx([0.0, 0.001, 0.001], abs=1e-12)
    for regrets in (without.least, without.most):
        assert regrets.tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("catastrophe", [1e2, 1e4, 1e10])
def test_a_small_regret_against_mixtures_that_weigh_a_catastrophe_stays(catastrophe: float) -> None:
    """The first two actions are mixed against a mixture; the third pays 0.001 less than the second."""
    first = [[-catastrophe, 2.0], [-1.0, 0.0], [-1.001, -0.001]]
    second = [[-catastrophe, -1.0], [2.0, 0.0], [2.0, 0.0]]
    games = Games(("p0", "p1"), (("a", "b", "c"), ("x", "y")), np.array([[first, second]]))
    mixed = [own for own in solve(games).strategies[1] if (own > 0).all()]

    found = block_values(games, 0, "simultaneous", "equilibrium")

    assert len(mixed) == 1
    assert found.least[0] == pytest.approx([0.0, 0.0, 0.001], rel=0.02)
    assert found.least[0, :2].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("levels", [0, 3])
@pytest.mark.parametrize("catastrophe", [1e4, 1e10])
def test_actions_in_use_have_no_regret_beside_a_catastrophe(levels: int, catastrophe: float) -> None:
    games = random_games(seed=11, count=200, shape=(3, 3), levels=levels)
    payoffs = games.payoffs.copy()
    at = np.random.default_rng(0).integers(0, 3, size=(2, len(games)))
    payoffs[np.arange(len(games)), :, at[0], at[1]] = -catastrophe
    worse = Games(games.players, games.actions, payoffs)
    solutions = solve(worse)

    for player in range(2):
        found = block_values(worse, player, "simultaneous", "equilibrium")
        assert (
            found.least[solutions.game][solutions.strategies[player] > 0].tolist().count(0.0)
            == (solutions.strategies[player] > 0).sum()
        )


def test_three_players_answer_a_fixed_action_with_an_equilibrium_between_themselves() -> None:
    games = random_games(seed=7, count=12, shape=(2, 2, 2))
    found = block_values(games, 1, "simultaneous", "replies")

    for action in range(2):
        left = Games(("a", "b"), (("x", "y"), ("x", "y")), games.payoffs[:, [0, 2]][:, :, :, action])
        for game in range(len(games)):
            own = solve(left[game])
            pays = np.einsum("ac,sa,sc->s", games.payoffs[game, 1, :, action], *own.strategies)
            assert found.lower[game, action] == pytest.approx(pays.min(), abs=1e-9)
            assert found.upper[game, action] == pytest.approx(pays.max(), abs=1e-9)


def test_a_game_of_three_that_fails_for_one_action_is_not_solved() -> None:
    games = random_games(seed=8, count=3, shape=(2, 2, 2))
    payoffs = games.payoffs.copy()
    payoffs[1, 0, 1, 0, 1] = np.nan

    found = block_values(Games(games.players, games.actions, payoffs), 1, "simultaneous", "replies")

    assert found.solved.tolist() == [True, False, True]


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.permutations(range(3)), st.permutations(range(3)), st.sampled_from(["p0", "p1"]))
def test_no_value_hangs_on_how_actions_are_numbered(seed: int, rows: list[int], columns: list[int], order: str) -> None:
    games = random_games(seed=seed, count=20, shape=(3, 3), levels=3)
    moved = Games(games.players, games.actions, games.payoffs[:, :, rows][:, :, :, columns])

    for name, against in ((order, "replies"), ("simultaneous", "equilibrium"), ("p1", "equilibrium")):
        plain, other = (block_values(own, 0, name, against) for own in (games, moved))
        for field in ("lower", "upper", "least", "most"):
            assert getattr(other, field) == pytest.approx(getattr(plain, field)[:, rows], abs=1e-9), (name, field)


# Criteria


@pytest.mark.parametrize("against", ["replies", "equilibrium"])
@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_the_criteria_of_the_vignette_are_those_worked_out_by_hand(order: str, against: str) -> None:
    model = vignette()
    frame = choices(model, order=order, against=against, threshold=0.5, scheme=midpoints(model))
    hold, concede = by_criterion(frame, "hold"), by_criterion(frame, "concede")

    expected = {
        "expected": (0.0, -0.5),
        "worst_case": (-1.995, -1.0),
        "tail_mean": (-1.8, -1.0),
        "regret_mean": (0.125, 0.625),
        "regret_90": (0.595, 1.0),
        "regret_max": (0.995, 1.0),
        "satisficing": (0.5, 0.0),
        "domain": (0.75, 0.25),
    }
    assert set(expected) == set(CRITERIA)
    for criterion, (of_hold, of_concede) in expected.items():
        assert hold[criterion] == pytest.approx((of_hold, of_hold), abs=1e-9), criterion
        assert concede[criterion] == pytest.approx((of_concede, of_concede), abs=1e-9), criterion
    ahead = dict(zip(frame["action"] + " " + frame["criterion"], frame["ahead"], strict=True))
    assert ahead["hold expected"] == ahead["concede worst_case"] == "whatever the others do"
    assert frame.attrs["ahead"][order]["expected"] == {"lower": ["hold"], "upper": ["hold"]}
    assert frame.attrs["ahead"][order]["worst_case"] == {"lower": ["concede"], "upper": ["concede"]}


def test_several_equilibria_give_a_lower_and_an_upper_value_and_regret_within_each_of_them() -> None:
    """Each side yields where the other holds: two pure equilibria and a mixed one, the same in all draws."""
    model = model_of("[[-3, 2], [-1, 0]]", "[[-3, -1], [2, 0]]")
    frame = choices(model, order="simultaneous", samples=50)
    hold, concede = by_criterion(frame, "hold"), by_criterion(frame, "concede")

    assert (*hold["expected"], *concede["expected"]) == pytest.approx((-3.0, 2.0, -1.0, 0.0))
    assert (*hold["regret_mean"], *concede["regret_mean"]) == pytest.approx((0.0, 2.0, 0.0, 2.0))
    assert (hold["domain"], concede["domain"]) == ((0.0, 1.0), (0.0, 1.0))
    own = frame[frame["criterion"] == "expected"].set_index("action")
    assert own["ahead"].to_dict() == {"hold": "at the upper values", "concede": "at the lower values"}
    assert (
        own.loc["hold", "verdict"]
        == "behind concede by 2 at the lower values; ahead of concede by 2 at the upper values"
    )
    replies = by_criterion(choices(model, order="nato", samples=50), "hold")
    assert replies["expected"] == (2.0, 2.0)


def test_ties_of_the_follower_keep_both_ends() -> None:
    frame = choices(model_of("[[1, 5], [2, 2]]", "[[0, 0], [0, 0]]"), order="nato", samples=20)

    assert by_criterion(frame, "hold")["expected"] == (1.0, 5.0)
    assert by_criterion(frame, "hold")["regret_mean"] == (0.0, 1.0)
    assert by_criterion(frame, "concede")["regret_max"] == (0.0, 3.0)
    assert frame.attrs["thresholds"]["nato"] == 2.0  # what the weak rule leaves


@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_a_game_that_fails_is_counted_and_moves_nothing_else(order: str) -> None:
    good, bad = (
        vignette(),
        model_of(
            "[[-4 * p, 1], [-1, 0 / (p - 1.5)]]", "[[0.5, p], [0.5, p]]", {"p": "{kind: uniform, low: 0, high: 2}"}
        ),
    )
    points = midpoints(good, 40).levels["p"]
    with_failure = scheme("grid", bad, 1, over={"p": [*points, 1.5]})

    one = choices(good, order=order, threshold=0.5, scheme=scheme("grid", good, 1, over={"p": list(points)}))
    two = choices(bad, order=order, threshold=0.5, scheme=with_failure)

    assert two.attrs["failed"][order] == pytest.approx(1 / 41)
    shares = one["criterion"].isin(["satisficing", "domain"])
    for column in ("lower", "upper"):
        assert two[column].to_numpy() == pytest.approx(one[column].where(~shares, one[column] * 40 / 41).to_numpy())
    assert np.isfinite(two[["lower", "upper", "gap_lower", "gap_upper"]].to_numpy()).all()


def test_intervals_widen_the_bounds_and_have_no_value_of_information() -> None:
    laws = {"p": UNIT, "win": "{kind: interval, low: 0, high: 2}"}
    model = model_of("[[-4 * p, win], [-1, 0]]", "[[0.5, p], [0.5, p]]", laws)
    frame = choices(model, order="nato", samples=2_000)

    low, high = by_criterion(frame, "hold")["expected"]
    assert high - low == pytest.approx(2.0 * 0.5, abs=0.05)
    with pytest.raises(InputError, match="win: an interval without probability"):
        value_of_information(model)
    with pytest.raises(InputError, match="win: an interval without probability"):
        forecast(model)


def test_a_payoff_that_equals_the_threshold_reaches_it() -> None:
    frame = choices(model_of("[[0.1 + 0.2, 0.1 + 0.2], [0, 0]]", "[[0, 1], [0, 1]]"), threshold=0.3, samples=20)
    exact = choices(model_of("[[0.25, 0.25], [0, 0]]", "[[0, 1], [0, 1]]"), threshold=0.25, samples=20)

    for own in (frame, exact):
        assert by_criterion(own, "hold")["satisficing"] == (1.0, 1.0)
        assert by_criterion(own, "concede")["satisficing"] == (0.0, 0.0)


def test_the_curves_pass_through_the_criteria() -> None:
    model = load("reference_involvement")
    frame = choices(model, order="simultaneous", samples=800)
    regret = choice_curves(model, order="simultaneous", samples=800)
    pays = choice_curves(model, order="simultaneous", samples=800, of="payoff")

    for action in model.players[0].actions:
        own, criteria = regret[regret["action"] == action], by_criterion(frame, action)
        assert (own["lower"] <= own["upper"]).all()
        assert own["lower"].is_monotonic_increasing
        assert own["lower"].iloc[0] >= criteria["domain"][0]
        assert (own.loc[own["limit"] >= criteria["regret_max"][1], "lower"] >= 1.0 - 1e-12).all()
        assert (own.loc[own["limit"] >= criteria["regret_90"][1], "lower"] >= 0.9).all()
        assert (own.loc[own["limit"] < criteria["regret_90"][0], "upper"] <= 0.9).all()
        assert pays[pays["action"] == action].sort_values("limit")["lower"].is_monotonic_decreasing


def test_frames_are_the_same_for_any_number_of_workers() -> None:
    model = load("reference_involvement")
    options: dict[str, Any] = {"order": "all", "samples": 20_000, "seed": 3}

    one, many = (choices(model, workers=workers, **options) for workers in (1, 3))

    pd.testing.assert_frame_equal(one, many, check_exact=True)


def test_no_frame_recommends_and_all_survive_parquet(tmp_path: Any) -> None:
    model = load("reference_involvement")
    frames = {
        "choices": choices(model, samples=300),
        "curves": choice_curves(model, samples=300),
        "information": value_of_information(model, samples=600, groups={"risk": ["escalation_risk"]}),
        "forecast": forecast(model, samples=300),
        "payoffs": forecast_payoffs(model, samples=300),
    }

    for name, frame in frames.items():
        frame.to_parquet(tmp_path / f"{name}.parquet")
        again = pd.read_parquet(tmp_path / f"{name}.parquet")
        assert again.attrs["digest"] == model.digest
        assert {"samples", "seed", "laws", "notes", "failed"} <= set(again.attrs), name
    assert any("none of them is a recommendation" in note for note in frames["choices"].attrs["notes"])


# Bad questions


def test_bad_questions_are_refused_with_what_to_try() -> None:
    model = vignette()

    with pytest.raises(UnknownNameError, match=r"no player named 'rusia'.*did you mean 'russia'"):
        choices(model, player="rusia")
    with pytest.raises(UnknownNameError, match="against: no reading 'reply'"):
        choices(model, against="reply")
    with pytest.raises(UnknownNameError, match="of: no curve of 'loss'"):
        choice_curves(model, of="loss")
    with pytest.raises(InputError, match="scheme: of model"):
        action_values(model, 0, scheme("random", trust(), 5), order="nato")
