"""Do the curves and areas over two parameters agree with known answers, exact games, exact tips and samples?"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gametheory.analyses.mapping.areas import region_areas
from gametheory.analyses.mapping.curves import curves, leaves
from gametheory.analyses.mapping.line_checks import checked_along_lines
from gametheory.analyses.mapping.mesh import mesh
from gametheory.analyses.mapping.planes import over_ranges, value_range
from gametheory.analyses.mapping.proofs import crosses
from gametheory.analyses.mapping.regions import regions
from gametheory.errors import ComputationError, InputError, UnknownNameError
from gametheory.model import Model
from gametheory.parameters import Correlation
from gametheory.reader import load, read
from gametheory.solvers import solve
from gametheory.study import class_name, classes_over, classify, profile_names

HEAD = """
format: gametheory/1
title: Two parameters
form: strategic
players:
  nato: {{label: NATO, actions: [{rows}]}}
  russia: {{label: Russia, actions: [{columns}]}}
parameters:
  p: {{value: 0.3, law: {p}, unit: u, meaning: m, source: example, mark: A}}
  q: {{value: 0.6, law: {q}, unit: u, meaning: m, source: example, mark: A}}
"""
UNIT = "{kind: uniform, low: 0, high: 1}"
# NATO holds against a holding Russia while p < q, Russia while p < 0.5
CHICKEN = "payoffs: {nato: [[-4 * p, 1], [-4 * q, 0]], russia: [[-2 * p, -1], [1, 0]]}"
# each has a dominant action: NATO the first while 2 p + q < 1, Russia while p + 2 q < 1
POLYGONS = "payoffs: {nato: [[1 - 2*p - q, 1 - 2*p - q], [0, 0]], russia: [[1 - p - 2*q, 0], [1 - p - 2*q, 0]]}"
DISC = "payoffs: {nato: [[0.09 - (p - 0.5)**2 - (q - 0.5)**2, 0.09 - (p - 0.5)**2 - (q - 0.5)**2], [0, 0]], russia: 0}"
JUMP = "payoffs: {nato: [['where(p < 0.3 + q / 10, 1, -1)'], [0]], russia: [[0], [0]]}"
SEVERAL = "hold, concede | concede, hold | hold+concede, hold+concede"


def two(
    payoffs: str, *, p: str = UNIT, q: str = UNIT, rows: str = "hold, concede", columns: str = "hold, concede"
) -> Model:
    return read(HEAD.format(p=p, q=q, rows=rows, columns=columns) + payoffs)


def at_random(seed: int, size: int = 3) -> Model:
    """A model of bilinear payoffs with small whole coefficients."""
    generator = np.random.default_rng(seed)

    def table() -> str:
        cells = generator.integers(-9, 10, (size, size, 4)).tolist()
        rows = [", ".join(f"{a} + {b}*p + {c}*q + {d}*p*q" for a, b, c, d in row) for row in cells]
        return "[" + ", ".join(f"[{row}]" for row in rows) + "]"

    names = [", ".join(f"{letter}{k}" for k in range(size)) for letter in "ab"]
    return two(f"payoffs: {{nato: {table()}, russia: {table()}}}", rows=names[0], columns=names[1])


@pytest.fixture(scope="module")
def reference() -> Model:
    return load("reference_involvement")


def shares(frame: pd.DataFrame) -> dict[str, float]:
    return dict(zip(frame["outcome"], frame["share"], strict=True))


def polygon(*corners: tuple[float, float]) -> float:
    """The area within straight sides."""
    x, y = np.array(corners).T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


# Curves


def test_chicken_has_the_two_known_boundaries() -> None:
    frame = regions(two(CHICKEN), "p", "q", resolution=16)

    assert frame["exact"].all()
    assert set(frame["binding"]) == {
        "nato: hold -> concede, against hold",
        "nato: concede -> hold, against hold",
        "russia: hold -> concede, against hold",
    }
    for row in frame.to_dict("records"):
        gap = row["p"] - row["q"] if row["player"] == "nato" else row["p"] - 0.5
        assert abs(gap) < 1e-12, row


def test_the_points_of_a_curve_lie_on_the_circle_that_it_is() -> None:
    frame = regions(two(DISC), "p", "q", resolution=16)

    assert frame["curve"].nunique() == 1
    assert np.abs(np.hypot(frame["p"] - 0.5, frame["q"] - 0.5) - 0.3).max() < 1e-12
    first, last = frame.iloc[0], frame.iloc[-1]
    assert (first["p"], first["q"]) == pytest.approx((last["p"], last["q"]), abs=1e-12)
    assert any(name.startswith("hold") for name in first["before"])
    assert not any(name.startswith("hold") for name in first["after"])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("order", ["simultaneous", "russia"])
def test_exact_games_on_both_sides_have_the_sets_that_a_curve_parts(seed: int, order: str) -> None:
    model = at_random(seed)
    frame = regions(model, "p", "q", order=order, resolution=16, lines=0)

    for _, own in frame.groupby("curve"):
        if len(own) < 3:
            continue
        middle = own.iloc[len(own) // 2]
        side = {"p": np.array([1e-7, 0.0]), "q": np.array([0.0, 1e-7])}[middle["growing"]]
        spots = [(middle["p"] + turn * side[0], middle["q"] + turn * side[1]) for turn in (-1, 1)]
        columns = {name: [Fraction(spot[k]) for spot in spots] for k, name in enumerate("pq")}
        numbers, table = classify(solve(model.games(columns, exact=True), order=order, exact=True))
        actions = [player.actions for player in model.players]
        found = [tuple(profile_names(table[number], actions)) for number in numbers.tolist()]
        assert set(found) == {middle["before"], middle["after"]}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("order", ["simultaneous", "nato"])
def test_curves_agree_with_exact_tipping_points_along_lines(seed: int, order: str) -> None:
    frame = regions(at_random(seed), "p", "q", order=order, resolution=32, lines=4)

    checks = frame.attrs["checks"]
    assert checks["lines"] == 8
    assert checks["disagreements"] == 0
    assert checks["sides"] > 0
    assert checks["sides_differ"] == 0


def test_a_curve_in_the_wrong_place_disagrees_with_the_tipping_points() -> None:
    model = two(CHICKEN)
    ranges = {name: value_range(model, name, None) for name in "pq"}
    plane = over_ranges(model, "simultaneous", ranges)
    drawn = curves(leaves(mesh(plane, 16)))
    moved = [
        replace(curve, pieces=tuple(type(piece)(*((x + 0.001, y) for x, y in piece)) for piece in curve.pieces))
        for curve in drawn
    ]

    right = checked_along_lines(model, "simultaneous", ranges, plane, drawn, 2)
    wrong = checked_along_lines(model, "simultaneous", ranges, plane, moved, 2)
    missing = checked_along_lines(model, "simultaneous", ranges, plane, drawn[1:], 2)

    assert (right.disagreements, wrong.disagreements) == (0, 2 * wrong.tips)
    assert missing.disagreements > 0


def test_a_point_off_its_curve_is_not_proved() -> None:
    model = two(CHICKEN)
    plane = over_ranges(model, "simultaneous", {name: value_range(model, name, None) for name in "pq"})
    for curve in curves(leaves(mesh(plane, 8))):
        slack = min(curve.binding, key=repr)[0]

        assert crosses(plane, slack, curve.points).all()
        assert not crosses(plane, slack, curve.points + np.array([1e-9, 0.0])).any()


@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_curves_end_at_the_edge_of_the_map_or_where_others_end(reference: Model, order: str) -> None:
    frame = regions(reference, "escalation_risk", "stake_russia", order=order, resolution=32)

    across = np.log(frame["escalation_risk"] / 1e-4) / np.log(1000)
    places = pd.DataFrame({"curve": frame["curve"], "x": across, "y": (frame["stake_russia"] - 0.6) / 1.9})
    ends = places.groupby("curve").nth([0, -1])[["x", "y"]].to_numpy()
    for end in ends:
        inside = bool(np.minimum(end, 1 - end).min() > 1e-6)
        together = int((np.abs(ends - end).max(axis=1) < 1e-9).sum())
        assert together != 1 if inside else together >= 1, end
    assert frame.attrs["checks"]["sides_differ"] == 0
    assert not frame["exact"].any()
    assert any("a payoff takes exp" in note for note in frame.attrs["notes"])


def test_the_grid_has_the_sets_of_the_games_at_its_places(reference: Model) -> None:
    frame = regions(reference, "escalation_risk", "stake_russia", resolution=8)

    grid, names = frame.attrs["grid"], frame.attrs["outcomes"]
    x, y = np.meshgrid(grid["x"], grid["y"])
    numbers, table = classes_over(reference, {"escalation_risk": x.ravel(), "stake_russia": y.ravel()}, "simultaneous")
    actions = [player.actions for player in reference.players]
    expected = [class_name(table[number], actions) for number in numbers.tolist()]
    assert [names[k] for row in grid["region"] for k in row] == expected
    assert np.diff(np.log(grid["x"])) == pytest.approx(np.log(1000) / len(grid["x"]))


def test_a_jump_of_the_payoffs_is_found_where_it_is() -> None:
    frame = regions(two(JUMP, columns="wait"), "p", "q")

    assert np.abs(frame["p"] - 0.3 - frame["q"] / 10).max() < 1e-10


@pytest.mark.slow
def test_the_same_curves_come_from_every_process() -> None:
    command = (
        "from gametheory.analyses.mapping.regions import regions; from gametheory.reader import load;"
        "print(regions(load('reference_involvement'), 'escalation_risk', 'stake_russia', resolution=8).to_csv())"
    )
    texts = [
        subprocess.run(
            [sys.executable, "-c", command],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert texts[0] == texts[1]
    assert len(texts[0]) > 1000


def test_a_map_that_cannot_be_drawn_is_refused() -> None:
    model = two(CHICKEN)
    with pytest.raises(InputError, match="two different parameters"):
        regions(model, "p", "p")
    with pytest.raises(InputError, match="resolution: 3"):
        regions(model, "p", "q", resolution=3)
    with pytest.raises(InputError, match="one order of play"):
        regions(model, "p", "q", order="all")
    with pytest.raises(UnknownNameError, match="no parameter named 'r'"):
        region_areas(model, "p", "r")
    with pytest.raises(InputError, match="is fixed"):
        region_areas(two(CHICKEN, q="{kind: fixed}"), "p", "q")


# Areas


def test_the_areas_of_polygons_are_exact() -> None:
    found = shares(region_areas(two(POLYGONS), "p", "q", resolution=16))

    both = polygon((0, 0), (0.5, 0), (1 / 3, 1 / 3), (0, 0.5))
    nato = polygon((0, 0), (0.5, 0), (0, 1)) - both
    russia = polygon((0, 0), (1, 0), (0, 0.5)) - both
    expected = {"hold, hold": both, "hold, concede": nato, "concede, hold": russia}
    expected["concede, concede"] = 1 - both - nato - russia
    assert found == pytest.approx(expected, abs=1e-6)


def test_the_areas_of_chicken_are_the_known_ones() -> None:
    """Risk uniform on 0 to 1, critical risks 1/4 (on average) and 1/2."""
    narrow = "{kind: uniform, low: 0.2, high: 0.3}"
    text = HEAD.format(p=UNIT, q=narrow, rows="hold, concede", columns="hold, concede").replace(
        "value: 0.6", "value: 0.25"
    )

    found = shares(region_areas(read(text + CHICKEN), "p", "q", resolution=16))

    assert found == pytest.approx({SEVERAL: 0.5, "hold, hold": 0.25, "concede, hold": 0.25}, abs=1e-6)


def test_the_area_of_a_disc_is_pi_times_its_radius_squared() -> None:
    frame = region_areas(two(DISC), "p", "q", resolution=32)

    inside = frame[frame["outcome"].str.startswith("hold")].iloc[0]
    assert abs(inside["share"] - np.pi * 0.09) < 2e-6
    assert inside["error"] < 1e-4
    assert frame["share"].sum() == pytest.approx(1.0)


@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_areas_lie_within_three_standard_errors_of_a_sample(reference: Model, order: str) -> None:
    tied = replace(reference, correlations=(Correlation(("escalation_risk", "stake_russia"), 0.6, "example", "A"),))
    frame = region_areas(tied, "escalation_risk", "stake_russia", order=order, resolution=32)

    count = 40_000
    drawn = tied.sample(count, seed=1)
    numbers, table = classes_over(tied, {name: drawn[name] for name in ("escalation_risk", "stake_russia")}, order)
    actions = [player.actions for player in tied.players]
    seen = {class_name(entry, actions): n / count for entry, n in zip(table, np.bincount(numbers), strict=True)}
    found = shares(frame)
    assert sum(found.values()) == pytest.approx(1.0)
    for name in found.keys() | seen.keys():
        share = found.get(name, 0.0)
        assert abs(seen.get(name, 0.0) - share) <= 3 * np.sqrt(share * (1 - share) / count) + 3 / count, name


def test_an_interval_has_lengths_and_no_probability() -> None:
    box = "{kind: interval, low: 0, high: 1}"

    whole = region_areas(two(POLYGONS), "p", "q", resolution=8)
    half = region_areas(two(POLYGONS, p=box), "p", "q", resolution=8)
    none = region_areas(two(POLYGONS, p=box, q=box), "p", "q", resolution=8)

    assert set(whole["of"]) == {"the joint law of p and q"}
    assert set(half["of"]) == {"the law of q times the length of p, not a probability"}
    assert set(none["of"]) == {"the box of p and q, not a probability"}
    assert shares(half) == pytest.approx(shares(whole), abs=1e-12)
    assert shares(none) == pytest.approx(shares(whole), abs=1e-12)


def test_areas_keep_the_constraints() -> None:
    constraint = "\nconstraints: {more: {holds: q >= p, source: example, mark: A}}\n"
    model = read(HEAD.format(p=UNIT, q=UNIT, rows="hold, concede", columns="hold, concede") + CHICKEN + constraint)

    frame = region_areas(model, "p", "q", resolution=16)

    # above the diagonal NATO holds against a holding Russia; Russia while p < 0.5
    assert shares(frame)["hold, hold"] == pytest.approx(0.75, abs=1e-5)
    assert frame["share"].sum() == pytest.approx(1.0)
    assert any("50 %" in note for note in frame.attrs["notes"])


def test_constraints_that_leave_nothing_are_an_error() -> None:
    constraint = "\nconstraints: {never: {holds: q + p > 3 * r, source: example, mark: A}}\n"
    extra = (
        "  r: {value: 0.2, law: {kind: uniform, low: 0.1, high: 1}, unit: u, meaning: m, source: example, mark: A}\n"
    )
    model = read(HEAD.format(p=UNIT, q=UNIT, rows="a, b", columns="a, b") + extra + CHICKEN + constraint)
    parameters: Any = {**model.parameters, "r": replace(model.parameters["r"], value=1.0, text="1")}

    with pytest.raises(ComputationError, match="keeps the constraints"):
        region_areas(replace(model, parameters=parameters), "p", "q", resolution=8)


def test_a_map_of_payoffs_that_are_not_rational_says_why_no_exact_tips_were_compared_and_advises_nothing() -> None:
    frame = regions(load("reference_involvement"), "escalation_risk", "decisiveness", resolution=8)

    (told,) = [note for note in frame.attrs["notes"] if "not compared with exact tipping points" in note]
    assert "exp" in told
    assert "try" not in told
