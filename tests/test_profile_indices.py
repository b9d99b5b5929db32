"""Does each equilibrium by itself have the indices that integrals say, and none where too little was seen?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gametheory.analyses.influence.drivers import drivers
from gametheory.analyses.influence.profile_indices import profile_indices
from gametheory.errors import InputError
from tests.test_drivers import CALM, RENUMBERED_PAYOFFS, RENUMBERED_PLAYERS, chicken, found as of_drivers

# (share, first of p, first of t) in the game of chicken with p uniform to 1 and t to 0.5, by integration
EXACT = {
    "hold, hold": (0.25, 5 / 9, 1 / 9),  # where p < t
    "concede, hold": (0.75, 5 / 9, 1 / 9),  # where p > t
    "hold, concede": (0.5, 1.0, 0.0),  # where p > 0.5
    "hold+concede, hold+concede": (0.5, 1.0, 0.0),
}


@pytest.fixture(scope="module")
def square() -> pd.DataFrame:
    return profile_indices(chicken(), samples=4096)


def of(frame: pd.DataFrame, profile: str) -> pd.DataFrame:
    """The rows of one profile by parameter."""
    return frame[frame["profile"] == profile].set_index("parameter")


@pytest.mark.parametrize("profile", EXACT)
def test_each_equilibrium_has_the_indices_of_the_integrals(square: pd.DataFrame, profile: str) -> None:
    share, *first = EXACT[profile]
    own = of(square, profile).loc[["p", "t"]]

    assert own["share"].to_numpy() == pytest.approx(share, abs=0.01)
    assert own["first"].fillna(0.0).to_numpy() == pytest.approx(first, abs=0.02)
    assert own["total"].fillna(0.0).to_numpy() == pytest.approx(1 - np.array(first[::-1]), abs=0.02)
    told = own[own["total"].notna()]
    assert ((told["total_low"] <= told["total"]) & (told["total"] <= told["total_high"])).all()


def test_together_the_equilibria_have_the_indices_of_the_whole_set(square: pd.DataFrame) -> None:
    whole = of_drivers(drivers(chicken(), samples=4096), "supports")
    weights = square["share"] * (1 - square["share"])  # the variance of each indicator
    for index in ("first", "total"):
        sums = (weights * square[index].fillna(0.0)).groupby(square["parameter"]).sum()
        mean = sums / weights.groupby(square["parameter"]).sum()
        assert mean["p"] == pytest.approx(whole.loc["p", index], abs=1e-9)
        assert mean["t"] == pytest.approx(whole.loc["t", index], abs=1e-9)


def test_an_index_on_few_changes_is_refused_and_its_bound_kept(square: pd.DataFrame) -> None:
    row = of(square, "hold, concede").loc["t"]

    assert row["flips"] == 0
    assert row[["first", "first_low", "first_high", "total"]].isna().all()
    assert 0.0 < row["total_high"] < 0.01
    assert row["verdict"] == "refused: exchanges that make it appear or vanish: 0, fewer than 30"
    assert (square[square["flips"] >= 30]["first"].notna()).all()


def test_an_equilibrium_that_is_hardly_ever_gained_or_lost_has_no_index_at_all() -> None:
    frame = profile_indices(chicken(p="{kind: uniform, low: 0, high: 0.22}", t="{kind: uniform, low: 0.2, high: 0.5}"))
    rare = of(frame, "concede, hold")

    assert 0 < rare["flips"].max() < 30
    assert rare[["first", "total", "total_high"]].isna().all(axis=None)
    assert rare["verdict"].str.startswith("refused: too rare").all()
    assert "simultaneous: concede, hold" in frame.attrs["refused"]


def test_a_small_sample_is_refused_and_a_larger_one_is_not() -> None:
    small, large = (profile_indices(chicken(), samples=samples) for samples in (64, 512))

    assert of(small, "hold, hold")["verdict"].str.startswith("refused: too rare").all()
    assert of(large, "hold, hold")["total"].notna().all()


def test_renumbering_players_and_actions_moves_no_index(square: pd.DataFrame) -> None:
    again = profile_indices(chicken(players=RENUMBERED_PLAYERS, payoffs=RENUMBERED_PAYOFFS), samples=4096)

    names = {"hold, hold": "hold, hold", "concede, hold": "hold, concede", "hold, concede": "concede, hold"}
    for one, other in names.items():
        first, second = of(square, one), of(again, other).loc[of(square, one).index]
        for column in ("share", "first", "total", "flips"):
            assert first[column].to_numpy() == pytest.approx(second[column].to_numpy(), nan_ok=True), (one, column)


def test_the_number_of_workers_changes_nothing() -> None:
    one, two = (profile_indices(chicken(), samples=256, order="all", workers=workers) for workers in (1, 2))

    pd.testing.assert_frame_equal(one, two)
    assert set(one["order"]) == {"simultaneous", "nato", "russia"}


def test_a_failed_game_has_no_equilibrium_and_moves_no_other() -> None:
    # the games with s > 0.9 fail, independently of p and t
    failing = "\n  nato: [[-4 * p + 0 * log(0.9 - s), 1], [-4 * t, 0]]\n  russia: [[-2 * p, -1], [1, 0]]"
    unit = "{kind: uniform, low: 0, high: 1}"
    frame = profile_indices(chicken(s=unit, payoffs=failing), samples=4096)
    own = of(frame, "hold, hold")

    assert own["share"].iloc[0] == pytest.approx(0.9 * 0.25, abs=0.01)
    variance = 0.225 * 0.775
    assert own.loc["s", "first"] == pytest.approx(0.25**2 * 0.09 / variance, abs=0.02)
    assert own.loc["p", "first"] == pytest.approx(0.9**2 * 5 / 9 * 0.1875 / variance, abs=0.02)


def test_parameters_that_hang_together_are_refused_with_what_to_try() -> None:
    with pytest.raises(InputError, match="try response_indices"):
        profile_indices(chicken(rest=CALM))
