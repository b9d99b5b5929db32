"""Do the answers held row by row agree with those of a study, and do they belong to their points?"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from gametheory import designs, study
from gametheory.designs import BLOCK
from gametheory.errors import InputError, UnknownNameError
from gametheory.model import Model
from gametheory.reader import read
from gametheory.study import tree_form
from gametheory.study.answered import Answered, answered, answered_at
from gametheory.study.pieces import pieces
from tests.test_extensive_answers import ENTRY

CHICKEN = """
format: gametheory/1
title: Chicken with escalation risk
form: strategic
players:
  nato: {{label: NATO, actions: [hold, concede]}}
  russia: {{label: Russia, actions: [hold, concede]}}
parameters:
  p: {{value: 0.2, law: {p}, unit: u, meaning: m, source: example, mark: A}}
  t: {{value: 0.25, law: {t}, unit: u, meaning: m, source: example, mark: A}}
quantities: {{danger: {danger}}}
payoffs:
  nato: [[-4 * danger, 1], [-4 * t, 0]]
  russia: [[-2 * p, -1], [1, 0]]
measures:
  nato_holds: {{probability: {{nato: [hold]}}}}
  risk: {{expected: p}}
claims:
  nato_holds: {{text: NATO holds, holds: {{order: simultaneous, expect: {{nato: [hold]}}}}}}
  first: {{text: NATO holds when first, holds: {{order: nato, expect: {{nato: [hold]}}}}}}
{constraints}
"""
UNIT = "{kind: uniform, low: 0, high: 1}"
HALF = "{kind: uniform, low: 0, high: 0.5}"


def chicken(p: str = UNIT, t: str = HALF, danger: str = "p", constraints: str = "") -> Model:
    """NATO holds against a holding Russia while p < t, Russia while p < 0.5."""
    return read(CHICKEN.format(p=p, t=t, danger=danger, constraints=constraints))


def same(first: Answered, second: Answered) -> None:
    """Check that two have the same bytes."""
    assert first.rows == second.rows
    assert first.verdicts == second.verdicts
    for order, (numbers, table) in first.classes.items():
        assert second.classes[order][1] == table
        assert second.classes[order][0].tobytes() == numbers.tobytes()
        for name, (values, solved) in first.measures[order].items():
            assert second.measures[order][name][0].tobytes() == values.tobytes()
            assert second.measures[order][name][1].tobytes() == solved.tobytes()
    for group in ("points", "claims"):
        for name, column in getattr(first, group).items():
            assert getattr(second, group)[name].tobytes() == column.tobytes()


def test_each_row_is_answered_at_its_own_point() -> None:
    model = chicken()
    answers = answered(model, designs.scheme("random", model, 20_000), ["simultaneous"])

    p, t = answers.points["p"], answers.points["t"]
    numbers, table = answers.classes["simultaneous"]
    both_hold, concede_hold, hold_concede = ((((a,), (b,))) for a, b in ((0, 0), (1, 0), (0, 1)))
    has = {profile: np.array([profile in entry.profiles for entry in table]) for profile in (both_hold, concede_hold)}

    assert numbers.dtype == np.int32
    assert numbers.shape == (20_000, 1)
    assert np.array_equal(has[both_hold][numbers[:, 0]], (p < t) & (p < 0.5))
    assert np.array_equal(has[concede_hold][numbers[:, 0]], p > t)
    assert hold_concede in {profile for entry in table for profile in entry.profiles}
    risk, solved = answers.measures["simultaneous"]["risk"]
    assert solved.all()
    assert risk == pytest.approx(np.stack([p, p], axis=1), rel=1e-12)
    claim = answers.claims["nato_holds"]
    assert np.array_equal(claim == study.ALL, p < t)
    assert np.array_equal(claim == study.NONE, (p > t) & (p < 0.5))


@pytest.mark.parametrize("p", [UNIT, "{kind: interval, low: 0.1, high: 0.9}"])
def test_rows_add_up_to_the_totals_of_a_study(p: str) -> None:
    model = chicken(p)
    answers = answered(model, designs.scheme("random", model, 3_000, seed=5))
    totals = study.run(model, 3_000, seed=5).totals

    assert set(answers.classes) == set(totals.orders)
    for order, own in totals.orders.items():
        numbers, table = answers.classes[order]
        assert dict(own.verdicts) == answers.verdicts[order]
        for number, entry in enumerate(table):
            assert own.share([entry], everywhere=False) == (numbers == number).any(axis=1).mean()
            assert own.share([entry], everywhere=True) == (numbers == number).all(axis=1).mean()
        for name, measured in own.measures.items():
            assert measured.mean == pytest.approx(answers.measures[order][name][0].mean(axis=0), rel=1e-12)
    for name, counts in totals.claims.items():
        assert counts == tuple(np.bincount(answers.claims[name], minlength=4).tolist())


def test_one_and_two_workers_hold_the_same_bytes() -> None:
    model = chicken()
    scheme = designs.scheme("pick-freeze", model, 9_000)
    steps: list[tuple[int, int]] = []

    one = answered(model, scheme, workers=1, progress=lambda done, count: steps.append((done, count)))
    two = answered(model, scheme, workers=2)

    same(one, two)
    assert scheme.blocks == 3
    assert steps == [(16_384, 36_000), (32_768, 36_000), (36_000, 36_000)]
    assert one.roles == ("A", "B", "p", "t")


@pytest.mark.parametrize("constraints", ["", "constraints: {c: {holds: cost <= 1, source: s, mark: A}}"])
def test_the_pieces_of_a_block_of_trees_leave_no_trace(constraints: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bonus = "  bonus: {value: 0, law: {kind: interval, low: -2, high: 2}, unit: u, meaning: m, source: s, mark: A}"
    text = ENTRY.replace("tree:", f"{bonus}\n{constraints}\ntree:").replace("entrant: 1,", "entrant: 1 + bonus,")
    model = read(text.replace("fought]}}", "fought]}, price: {expected: {fought: cost / 3, kept_out: cost / 7}}}"))
    scheme = designs.scheme("sobol", model, 40)
    whole, total = answered(model, scheme), study.run(model, 40, scheme=scheme)
    monkeypatch.setattr(tree_form, "PIECE", 8)

    parts, joined = answered(model, scheme), study.run(model, 40, scheme=scheme)

    assert len(pieces(model, 40)) == 5
    assert whole.rows < 32 if constraints else whole.rows == 40
    assert len({entry.profiles for _, table in whole.classes.values() for entry in table}) > 2
    assert (whole.tried, whole.cover) == (parts.tried, parts.cover)
    same(whole, parts)
    assert study.as_json(total.totals) == study.as_json(joined.totals)


def test_trees_too_large_for_a_search_of_their_plans_stay_in_whole_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    model = read(ENTRY)
    assert [len(pieces(model, count)) for count in (512, 513, 2 * BLOCK)] == [1, 2, 64]

    monkeypatch.setattr("gametheory.solvers.trees.nash.MOST_CELLS", 100)  # 12 games of 2 x 2 cells for two

    assert [(piece.start, piece.stop) for piece in pieces(model, BLOCK + 5)] == [(0, BLOCK), (0, 5)]


def test_points_of_ones_own_are_answered_as_those_of_a_scheme() -> None:
    model = chicken()
    by_scheme = answered(model, designs.scheme("sobol", model, 20_000))

    same(by_scheme, answered_at(model, by_scheme.points))


def test_failed_games_are_a_class_and_have_no_value() -> None:
    model = chicken("{kind: uniform, low: -1, high: 1}", danger="log(p)")
    answers = answered(model, designs.scheme("random", model, 2_000), ["simultaneous"])

    numbers, table = answers.classes["simultaneous"]
    failed = answers.points["p"] < 0
    values, solved = answers.measures["simultaneous"]["risk"]

    assert table[0].status == "failed"
    assert np.array_equal(numbers[:, 0] == 0, failed)
    assert np.array_equal(solved, ~failed)
    assert np.isnan(values[failed]).all()
    assert np.isfinite(values[solved]).all()
    assert np.array_equal(answers.claims["nato_holds"] == study.FAILED, failed)
    assert answers.verdicts["simultaneous"]["failed"] == failed.sum()


def test_points_that_constraints_refuse_are_left_out_and_counted() -> None:
    model = chicken(constraints="constraints:\n  calm: {holds: p <= t, source: example, mark: A}\n")

    for kind in ("random", "sobol"):
        answers = answered(model, designs.scheme(kind, model, 20_000), ["nato"])
        assert (answers.points["p"] <= answers.points["t"]).all()
        assert answers.rows / answers.tried == pytest.approx(0.25, abs=0.01)
        assert len(answers.classes["nato"][0]) == answers.rows


def test_what_outgrows_memory_is_refused_with_the_number_of_rows_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    model = chicken()
    monkeypatch.setattr(import_module("gametheory.study.answered"), "MOST_BYTES", 200_000)

    with pytest.raises(InputError, match=r"100,000 rows .* at most (\d+) rows") as refused:
        answered(model, designs.scheme("random", model, 100_000))
    most = int(str(refused.value).split("at most ")[1].split(" rows")[0].replace(",", ""))

    assert answered(model, designs.scheme("random", model, most)).rows == most


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda m: answered(m, designs.scheme("random", m, 9), ["nat"]), UnknownNameError, "no order of play 'nat'"),
        (lambda m: answered(m, designs.scheme("random", chicken(UNIT, UNIT), 9)), InputError, "same digest"),
        (lambda m: answered_at(m, {"p": np.zeros(3), "t": np.zeros(2)}), InputError, "one length"),
        (lambda m: answered_at(m, {}), InputError, "one length"),
    ],
    ids=["an unknown order", "another model", "unequal columns", "no columns"],
)
def test_what_cannot_be_answered_is_refused(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call(chicken())
