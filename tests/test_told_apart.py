"""Are leads within the error, ties of value and undecided draws told as what they are?"""

from __future__ import annotations

import numpy as np
import pytest

from gametheory.analyses import alternatives, choices, value_of_information
from gametheory.model import Model
from gametheory.reader import read

HEAD = """\
format: gametheory/1
title: Two by two
form: strategic
players: {row: {actions: [hold, yield, leave]}, column: {actions: [left, right]}}
parameters:
"""
PARAMETER = "  {name}: {{value: {value}, law: {law}, unit: u, meaning: m, source: s, mark: A}}\n"


def two_by_two(payoffs: str, more: str = "", **laws: tuple[float, str]) -> Model:
    parameters = "".join(PARAMETER.format(name=name, value=value, law=law) for name, (value, law) in laws.items())
    return read(f"{HEAD}{parameters}payoffs:\n  row: {payoffs}\n  column: [[1, 0], [1, 0], [1, 0]]\n{more}")


NOISE = (0.0, "{kind: normal, mean: 0, sd: 1}")


def test_a_lead_within_the_error_of_the_draws_is_no_lead() -> None:
    """Two actions pay independent noise: one has the larger mean in any sample, and neither is ahead."""
    noisy = two_by_two("[[p, p], [q, q], [-9, -9]]", p=NOISE, q=NOISE)
    for seed in range(6):
        frame = choices(noisy, player="row", order="simultaneous", threshold=0.0, samples=400, seed=seed)
        own = frame[frame["criterion"] == "expected"].set_index("action")
        within = abs(own["gap_lower"]["hold"]) <= 1.96 * own["gap_lower_se"]["hold"]
        assert (set(own["ahead"]) == {"no"}) == within
        leaders = ["hold", "yield"] if within else [own["gap_lower"].idxmax()]
        assert frame.attrs["ahead"]["simultaneous"]["expected"]["lower"] == leaders
        assert "behind" in own["verdict"]["leave"]


def test_a_lead_beyond_the_error_is_one_however_small() -> None:
    """The difference is the same in every draw, so that its error is nothing though that of each mean is large."""
    shifted = two_by_two("[[p, p], [p - 0.001, p - 0.001], [p - 9, p - 9]]", p=NOISE)
    frame = choices(shifted, player="row", order="simultaneous", samples=200)

    own = frame[frame["criterion"] == "expected"].set_index("action")
    assert own["ahead"]["hold"] == "whatever the others do"
    assert own["lower_se"]["hold"] > 0.01


def test_a_difference_of_rounding_is_level_and_all_level_rivals_are_named() -> None:
    rounded = two_by_two("[[3 * 0.1, 3 * 0.1], [0.3, 0.3], [0.3, 0.3]]", p=NOISE)
    frame = choices(rounded, player="row", order="simultaneous", samples=50)

    assert set(frame["ahead"]) == {"no"}
    own = frame[frame["criterion"] == "worst_case"].set_index("action")
    assert own["rival_lower"].to_dict() == {
        "hold": "yield and leave", "yield": "hold and leave", "leave": "hold and yield",
    }  # fmt: skip
    assert own["verdict"]["hold"] == "level with yield and leave"
    assert frame.attrs["ahead"]["simultaneous"]["worst_case"]["lower"] == ["hold", "yield", "leave"]


def test_a_catastrophe_beside_it_does_not_hide_a_lead() -> None:
    beside = two_by_two("[[p + 0.001, p + 0.001], [p, p], [-1e10, -1e10]]", p=NOISE)
    frame = choices(beside, player="row", order="simultaneous", samples=100)

    for criterion in ("expected", "worst_case", "tail_mean"):
        own = frame[frame["criterion"] == criterion].set_index("action")
        assert own["ahead"]["hold"] == "whatever the others do", criterion


def test_values_of_information_that_are_not_told_apart_name_each_other() -> None:
    """Both parameters enter alike, a third matters far more, and two enter nothing."""
    alike = two_by_two(
        "[[p + q + 20 * big, p + q + 20 * big], [0, 0], [-99, -99]]",
        p=NOISE,
        q=NOISE,
        big=NOISE,
        idle=NOISE,
        mute=NOISE,
    )
    frame = value_of_information(alike, player="row", order="simultaneous", samples=4096)

    own = frame[(frame["kind"] == "parameter") & (frame["others"] == "know only the law")]
    private = own[own["information"] == "private"].set_index("about")
    tied = {about: set(filter(None, str(names).split(", "))) for about, names in private["tied"].items()}
    assert tied["big"] == set()
    assert "mute" in tied["idle"]
    assert "idle" in tied["mute"]
    assert "q" in tied["p"]
    assert "big" not in set().union(*tied.values())


CLAIMED = (
    "measures: {held: {probability: {row: [hold]}}}\nclaims: {holds: {text: t, holds: {measure: held, at_least: 1}}}"
)


@pytest.fixture(scope="module")
def broken() -> Model:
    payoffs = "[[log(p), 1], [0, 0], [-1, -1]]"
    return two_by_two(payoffs, CLAIMED, p=(0.5, "{kind: uniform, low: -0.2, high: 0.8}"))


def test_undecided_draws_are_numbered_with_the_reason_on_the_side_where_they_arise(broken: Model) -> None:
    frame = alternatives(broken, samples=64, seed=3)

    from gametheory.designs import scheme

    points = scheme("random", broken, 64, 3).drawn(0).points["p"]
    failed = np.flatnonzero(points < 0)
    assert frame["baseline_failed"].iloc[0] == pytest.approx(len(failed) / 64)
    assert set(frame["survives"]) == {"not decided"}
    for text in frame["undecided"]:
        assert f"{len(failed)} of 64 draws under the claim's own assumptions" in text
        assert f"(draws {', '.join(map(str, failed[:5]))}" in text
        assert "a payoff is not a finite number" in text


def test_nothing_is_said_to_be_undecided_where_all_is_decided(broken: Model) -> None:
    sound = read(broken.text.replace("log(p)", "p"))

    assert set(alternatives(sound, samples=32)["undecided"]) == {""}
