"""Does a study count every draw, whatever the workers, the failures and the intervals?"""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from gametheory import designs, study
from gametheory.analyses.shares.outcomes import measure_ranges, multiplicity, outcomes
from gametheory.errors import InputError, UnknownNameError
from gametheory.measures import bounds, measure_values
from gametheory.model import Model
from gametheory.reader import load, read
from gametheory.solutions import Solutions
from gametheory.solvers import solve
from gametheory.study.cover import interval_cover

HEAD = """
format: gametheory/1
title: Chicken with escalation risk
form: strategic
players:
  nato: {label: NATO, actions: [hold, concede]}
  russia: {label: Russia, actions: [hold, concede]}
parameters:
"""
PARAMETER = "  {name}: {{value: {value}, law: {law}, unit: u, meaning: m, source: example, mark: A}}\n"
UNIFORM = "{kind: uniform, low: 0, high: 1}"
CHICKEN = """
payoffs:
  nato: [[-4 * p, 1], [-4 * t, 0]]
  russia: [[-2 * p, -1], [1, 0]]
quantities:
  disaster: p
measures:
  nato_holds: {probability: {nato: [hold]}}
  risk: {expected: disaster}
claims:
  nato_holds: {text: NATO holds, holds: {order: simultaneous, expect: {nato: [hold]}}}
  if_russia_holds:
    text: NATO holds against a holding Russia
    holds: {order: nato, given: {russia: [hold]}, expect: {nato: [hold]}}
  seldom: {text: NATO seldom holds, holds: {order: simultaneous, measure: nato_holds, at_most: 0.5}}
"""


def chicken(p: str = UNIFORM, t: str = "{kind: fixed}", payoffs: str = CHICKEN) -> Model:
    """NATO holds against a holding Russia while p < t, Russia while p < 0.5."""
    parameters = PARAMETER.format(name="p", value=0.2, law=p) + PARAMETER.format(name="t", value=0.25, law=t)
    return read(HEAD + parameters + payoffs)


def frame_rows(frame: Any, key: str) -> dict[str, dict[Any, Any]]:
    return {row[key]: row for row in frame.to_dict("records")}


def within(value: float, expected: float, samples: int, errors: float = 4.0) -> bool:
    """Whether a share lies within so many standard errors of what is expected, or equals it where it has none."""
    return bool(abs(value - expected) <= errors * np.sqrt(expected * (1 - expected) / samples) + 1e-12)


@pytest.fixture(scope="module")
def answered() -> study.Run:
    return study.run(chicken(), 20_000)


def test_shares_of_chicken_lie_between_certain_and_possible(answered: study.Run) -> None:
    shares = frame_rows(outcomes(answered.model, run=answered, order="simultaneous"), "profile")

    expected = {
        "hold, hold": (0.25, 0.25),
        "concede, hold": (0.25, 0.75),
        "hold, concede": (0.0, 0.5),
        "hold+concede, hold+concede": (0.0, 0.5),
    }
    assert set(shares) == set(expected)
    for profile, (lower, upper) in expected.items():
        assert within(shares[profile]["lower"], lower, 20_000)
        assert within(shares[profile]["upper"], upper, 20_000)


def test_several_equilibria_are_counted(answered: study.Run) -> None:
    row = frame_rows(multiplicity(answered.model, run=answered), "order")["simultaneous"]

    assert within(row["several"], 0.5, 20_000)
    assert row["none"] + row["one"] + row["several"] + row["failed"] + row["varies"] == pytest.approx(1.0)


def test_a_mixture_depends_on_the_payoffs_of_the_other_side_alone() -> None:
    model = chicken(t="{kind: uniform, low: 0, high: 0.5}")
    p = np.linspace(0.55, 0.95, 9)

    for t in (0.1, 0.3, 0.5):
        solutions = solve(model.games({"p": p, "t": np.full(9, t)}))
        mixed = ~solutions.pure
        assert solutions.strategies[0][mixed, 0] == pytest.approx(1 / (2 * p), rel=1e-12)
        assert solutions.strategies[1][mixed, 0] == pytest.approx(1 / (1 + 4 * p - 4 * t), rel=1e-12)


def test_one_and_two_workers_give_the_same_bytes() -> None:
    runs = [study.run(chicken(t="{kind: uniform, low: 0, high: 0.5}"), 100_000, workers=count) for count in (1, 2)]

    first, second = (json.dumps(study.as_json(run.totals)) for run in runs)

    assert first == second


def answers_of(model: Model, samples: int, seed: int = 0) -> list[study.Answers]:
    """The answers of a study's blocks, one after the other."""
    scheme, cover = designs.scheme("random", model, samples, seed), study.interval_cover(model, seed)
    orders = study.solvable_orders(model)
    return [study.block_answers(model, cover, orders, scheme.block(number)) for number in range(scheme.blocks)]


def test_totals_are_the_same_bytes_in_whatever_order_and_grouping_blocks_are_joined() -> None:
    model = chicken(t="{kind: uniform, low: 0, high: 0.5}")
    parts = [study.totals_of(answers) for answers in answers_of(model, 70_000)]
    whole = study.joined(parts)

    others = [
        study.joined(parts[::-1]),
        study.joined([study.joined(parts[:3]), study.joined(parts[3:])]),
        study.joined([parts[4], study.joined([parts[2], study.no_draws(0), parts[0]]), study.joined(parts[1:4:2])]),
    ]

    assert len(parts) == 5
    assert {json.dumps(study.as_json(other)) for other in others} == {json.dumps(study.as_json(whole))}
    assert study.run(model, 70_000, workers=2).totals == whole


@pytest.mark.parametrize(("kind", "samples", "points"), [("interval", 2_000, 18), ("uniform", 20_000, 1)])
def test_totals_agree_with_sums_over_every_draw(kind: str, samples: int, points: int) -> None:
    model = chicken(t=f"{{kind: {kind}, low: 0.1, high: 0.7}}")
    parts = answers_of(model, samples, seed=2)
    totals = study.run(model, samples, seed=2).totals

    assert totals.draws == totals.tried == samples
    for order, own in totals.orders.items():
        sets = [
            [{table[number] for number in row} for row in numbers.tolist()]
            for numbers, table in (part.classes[order] for part in parts)
        ]
        every = [met for block in sets for met in block]
        for entry in own.classes:
            assert own.share([entry], everywhere=True) == sum(met == {entry} for met in every) / samples
            assert own.share([entry], everywhere=False) == sum(entry in met for met in every) / samples
        assert own.draws == samples
        assert sum(own.verdicts.values()) == samples * points
        for name, measured in own.measures.items():
            values = np.concatenate([part.measures[order][name][0] for part in parts])
            assert measured.solved == len(values)
            assert measured.mean == pytest.approx(values.mean(axis=0), rel=1e-13)
            assert measured.deviation == pytest.approx(values.std(axis=0), rel=1e-12)
            assert (measured.least, measured.most) == (tuple(values.min(axis=0)), tuple(values.max(axis=0)))
    for name, counts in totals.claims.items():
        codes = np.concatenate([part.claims[name] for part in parts])
        assert counts == tuple((codes == code).sum() for code in range(4))


@given(
    offset=st.floats(-1e9, 1e9),
    spread=st.floats(1e-6, 1e3),
    sizes=st.lists(st.integers(0, 50), min_size=1, max_size=4).filter(any),
)
def test_deviations_keep_their_digits_however_far_the_mean_lies(offset: float, spread: float, sizes: list[int]) -> None:
    ends = np.cumsum([0, *sizes])
    values = offset + spread * np.random.default_rng(sum(sizes)).random((ends[-1], 2))
    blocks = [made_up(values[a:b]) for a, b in pairwise(ends)]

    measured = study.joined([study.totals_of(block) for block in blocks]).orders["nato"].measures["risk"]

    for end in (0, 1):
        column = [Fraction(value) for value in values[:, end].tolist()]
        mean = sum(column) / len(column)
        variance = sum((value - mean) ** 2 for value in column) / len(column)
        assert measured.mean[end] == pytest.approx(float(mean), rel=1e-15, abs=1e-15 * spread)
        assert measured.deviation[end] == pytest.approx(float(variance) ** 0.5, rel=1e-10, abs=1e-12 * spread)


def made_up(values: Any) -> study.Answers:
    """Answers of one order and one measure with these lower and upper values, all draws of one class."""
    count, table = len(values), (study.EquilibriumClass("solved", (((0,), (0,)),)),)
    classes = {"nato": (np.zeros((count, 1), dtype=np.int64), table)}
    solved = np.ones(count, dtype=np.bool_)
    return study.Answers(count, classes, {"nato": {"complete": count}}, {"nato": {"risk": (values, solved)}}, {})


def test_a_measure_without_end_has_no_finite_mean_and_no_deviation() -> None:
    parts = [study.totals_of(made_up(np.array(rows))) for rows in ([[1.0, np.inf]], [[2.0, 5.0]])]

    for own in (study.joined(parts), study.from_json(json.loads(json.dumps(study.as_json(study.joined(parts)))))):
        measured = own.orders["nato"].measures["risk"]
        assert measured.mean == (1.5, np.inf)
        assert measured.deviation[0] == 0.5
        assert np.isnan(measured.deviation[1])
        assert measured.most == (2.0, np.inf)


@pytest.mark.parametrize("size", [1e150, 1e160, 1e200, 1e300, float(np.finfo(np.float64).max)])
def test_measures_whose_squares_are_beyond_the_doubles_have_a_mean_and_a_deviation(size: float) -> None:
    rows = [[[size, 1.0], [-size, 1.0]], [[size, 2.0]] * 3, [[-size / 4, size]]]
    parts = [study.totals_of(made_up(np.array(block))) for block in rows]
    whole = study.joined(parts)

    measured = study.from_json(json.loads(json.dumps(study.as_json(whole)))).orders["nato"].measures["risk"]

    assert study.joined([study.joined(parts[::-1][:2]), parts[0]]) == whole
    for end in (0, 1):
        column = [Fraction(row[end]) for block in rows for row in block]
        mean = sum(column) / 6
        variance = sum((value - mean) ** 2 for value in column) / 6
        unit = Fraction(size)
        assert measured.mean[end] == pytest.approx(float(mean), rel=1e-14)
        assert measured.deviation[end] / size == pytest.approx(float(variance / unit**2) ** 0.5, rel=1e-12)


def test_beside_a_value_without_end_large_values_make_no_difference() -> None:
    parts = [study.totals_of(made_up(np.array(rows))) for rows in ([[1e300, -np.inf]], [[1e300, np.inf]] * 2)]

    measured = study.joined(parts).orders["nato"].measures["risk"]

    assert measured.mean[0] == 1e300
    assert measured.deviation[0] == 0.0
    assert np.isnan(measured.mean[1])
    endless = study.totals_of(made_up(np.array([[1e308, 1e308], [1e308, 1e308], [0.0, -np.inf]])))
    assert endless.orders["nato"].measures["risk"].mean[1] == -np.inf


def test_totals_survive_json_and_answers_travel_between_processes() -> None:
    model = chicken("{kind: interval, low: 0.1, high: 0.3}", UNIFORM)
    totals = study.run(model, 500).totals

    (answers,) = answers_of(model, 500)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = pool.submit(study.totals_of, answers).result()

    assert study.from_json(json.loads(json.dumps(study.as_json(totals)))) == totals
    assert there == totals


def test_what_a_study_keeps_does_not_grow_with_the_draws() -> None:
    model = chicken(t="{kind: uniform, low: 0, high: 0.5}")

    sizes = [len(json.dumps(study.as_json(study.run(model, count).totals))) for count in (10_000, 100_000)]

    assert sizes[1] <= 1.1 * sizes[0]  # numbers grow by a digit or two, and nothing is added


def test_a_shorter_run_is_the_beginning_of_a_longer_one() -> None:
    short, long = (answers_of(chicken(), count, seed=3) for count in (17_000, 33_000))

    for order in ("simultaneous", "nato", "russia"):
        names = [
            [table[number] for numbers, table in (part.classes[order] for part in parts) for number in numbers[:, 0]]
            for parts in (short, long)
        ]
        assert names[0] == names[1][:17_000]


def test_seed_zero_is_a_seed_and_seeds_differ() -> None:
    first, again, other = (study.run(chicken(), 500, seed=seed).totals for seed in (0, 0, 1))

    assert first == again
    assert first != other


def test_a_scheme_gives_the_points_and_its_seed() -> None:
    model = chicken(t="{kind: uniform, low: 0, high: 0.5}")
    plain = study.run(model, 20_000, seed=4)

    same = study.run(model, 20_000, scheme=designs.scheme("random", model, 20_000, seed=4))
    even = study.run(model, 20_000, scheme=designs.scheme("sobol", model, 20_000, seed=4))

    assert same.totals == plain.totals
    assert (same.seed, even.seed, even.kind) == (4, 4, "sobol")
    only = study.EquilibriumClass("solved", (((0,), (0,)),))  # both hold: p < t and p < 0.5, of measure 1/4
    assert even.totals.orders["simultaneous"].share([only], everywhere=True) == pytest.approx(0.25, abs=0.001)
    assert any("sobol design" in note for note in outcomes(model, run=even).attrs["notes"])


def test_a_grid_may_run_over_an_interval_which_then_needs_no_cover() -> None:
    model = chicken("{kind: interval, low: 0.1, high: 0.4}")
    scheme = designs.scheme("grid", model, 4, over={"p": [0.1, 0.2, 0.3, 0.4]})

    run = study.run(model, 4, scheme=scheme)

    assert run.cover == ({},)
    shares = frame_rows(outcomes(model, run=run, order="simultaneous"), "profile")
    assert shares["hold, hold"]["lower"] == 0.5  # p below t = 0.25 at two of four points


def test_points_that_constraints_refuse_are_counted_and_not_answered() -> None:
    text = CHICKEN + "constraints:\n  calm: {holds: p <= t, source: example, mark: A}\n"
    model = chicken(payoffs=text)

    for kind in ("random", "sobol"):
        run = study.run(model, 20_000, scheme=designs.scheme(kind, model, 20_000))
        frame = outcomes(model, run=run, order="simultaneous")
        assert within(run.totals.draws / run.totals.tried, 0.25, 20_000)
        assert frame.set_index("profile")["lower"].to_dict() == {"hold, hold": 1.0}
        assert any("draws keep the constraints calm" in note for note in frame.attrs["notes"])


def test_a_design_without_an_allowed_point_is_refused() -> None:
    text = CHICKEN + "constraints:\n  calm: {holds: p <= t, source: example, mark: A}\n"
    model = chicken(payoffs=text)

    with pytest.raises(InputError, match="none of the 2 points of this grid design"):
        study.run(model, 2, scheme=designs.scheme("grid", model, 2, over={"p": [0.5, 0.75]}))


def test_failed_games_are_counted_and_shown_and_never_dropped() -> None:
    payoffs = "payoffs:\n  nato: [[log(p), 0], [0, 0.5]]\n  russia: [[1, 0], [1, 0]]\n"
    run = study.run(chicken("{kind: uniform, low: -1, high: 3}", payoffs=payoffs), 8_000, orders=["simultaneous"])

    frame = outcomes(run.model, run=run)

    assert within(frame.attrs["failed"]["simultaneous"], 0.25, 8_000)
    assert frame["lower"].sum() + frame.attrs["failed"]["simultaneous"] == pytest.approx(1.0)
    assert run.totals.orders["simultaneous"].verdicts["failed"] == round(8_000 * frame.attrs["failed"]["simultaneous"])
    assert not frame.isna().any().any()


def test_failed_games_make_claims_and_measures_neither_true_nor_false() -> None:
    text = "payoffs:\n  nato: [[log(p), 0], [0, 0.5]]\n  russia: [[1, 0], [1, 0]]\n"
    rest = CHICKEN[CHICKEN.index("quantities") :]
    (answers,) = answers_of(chicken("{kind: uniform, low: -1, high: 3}", payoffs=text + rest), 2_000)

    numbers, classes = answers.classes["simultaneous"]
    failed = numbers[:, 0] == 0
    codes = answers.claims["nato_holds"]
    values, solved = answers.measures["simultaneous"]["risk"]

    assert classes[0].status == "failed"
    assert np.array_equal(failed, ~solved)
    assert np.array_equal(codes == study.FAILED, ~solved)
    assert len(values) == solved.sum()
    assert np.isfinite(values).all()
    assert failed.any()


def test_an_interval_has_bounds_and_no_probability() -> None:
    model = chicken("{kind: interval, low: 0.1, high: 0.3}", UNIFORM)
    run = study.run(model, 4_000, orders=["simultaneous"])

    shares = frame_rows(outcomes(model, run=run), "profile")

    assert within(shares["hold, hold"]["lower"], 0.7, 4_000)
    assert within(shares["hold, hold"]["upper"], 0.9, 4_000)
    assert within(shares["concede, hold"]["lower"], 0.1, 4_000)
    assert within(shares["concede, hold"]["upper"], 0.3, 4_000)
    risk = run.totals.orders["simultaneous"].measures["risk"]
    assert risk.least == pytest.approx((0.1, 0.3))
    assert risk.most == pytest.approx((0.1, 0.3))


def test_over_an_interval_a_claim_holds_in_all_only_if_it_does_at_every_point() -> None:
    run = study.run(chicken("{kind: interval, low: 0.1, high: 0.3}", UNIFORM), 4_000, orders=["simultaneous"])

    counts = run.totals.claims["nato_holds"]

    assert within(counts[study.ALL] / 4_000, 0.7, 4_000)
    assert within(counts[study.NONE] / 4_000, 0.1, 4_000)
    assert within(counts[study.SOME] / 4_000, 0.2, 4_000)


def test_a_draw_that_fails_somewhere_in_an_interval_is_undecided() -> None:
    payoffs = "payoffs:\n  nato: [[log(p), 0], [0, t]]\n  russia: [[1, 0], [1, 0]]\n"
    rest = CHICKEN[CHICKEN.index("quantities") :]
    run = study.run(chicken("{kind: interval, low: -1, high: 3}", UNIFORM, payoffs + rest), 300)

    frame = outcomes(run.model, run=run, order="simultaneous")

    assert run.totals.claims["nato_holds"][study.FAILED] == 300
    assert frame.attrs["failed"]["simultaneous"] == 1.0
    assert not frame["lower"].any()
    assert frame_rows(frame, "profile")["hold, hold"]["upper"] == 1.0


def test_a_cover_holds_the_corners_and_stays_in_the_box() -> None:
    cover = interval_cover(chicken("{kind: interval, low: 0.1, high: 0.3}", "{kind: interval, low: 0.2, high: 0.7}"))

    assert len(cover) == 4 + 16
    assert {(0.1, 0.2), (0.1, 0.7), (0.3, 0.2), (0.3, 0.7)} <= {(point["p"], point["t"]) for point in cover}
    assert all(0.1 <= point["p"] <= 0.3 and 0.2 <= point["t"] <= 0.7 for point in cover)
    assert interval_cover(chicken()) == [{}]


def test_claims_hold_in_all_some_or_none_of_the_equilibria(answered: study.Run) -> None:
    def share(name: str, code: int) -> float:
        return answered.totals.claims[name][code] / 20_000

    assert within(share("nato_holds", study.ALL), 0.25, 20_000)
    assert within(share("nato_holds", study.SOME), 0.5, 20_000)
    assert within(share("nato_holds", study.NONE), 0.25, 20_000)
    assert within(share("if_russia_holds", study.ALL), 0.25, 20_000)
    assert within(share("if_russia_holds", study.NONE), 0.75, 20_000)
    assert within(share("seldom", study.NONE), 0.25, 20_000)
    assert within(share("seldom", study.ALL), 0.25, 20_000)


def test_measures_are_bounded_over_the_solutions_of_each_game() -> None:
    model, design = chicken(), {"p": np.array([0.1, 0.75])}
    solutions = solve(model.games(design))

    values = measure_values(model, design, solutions)
    held, solved = bounds(values["nato_holds"], solutions)

    assert solved.all()
    assert held.tolist() == [[1.0, 1.0], [0.0, 1.0]]
    assert bounds(values["risk"], solutions)[0][0].tolist() == pytest.approx([0.1, 0.1])
    assert values["nato_holds"] == pytest.approx(solutions.strategies[0][:, 0])


def test_measures_of_restricted_games_speak_of_the_actions_that_are_left() -> None:
    model, design = chicken(), {"p": np.array([0.1, 0.75])}
    solutions = solve(model.games(design, given={"nato": ["concede"]}))

    values = measure_values(model, design, solutions)

    assert not values["nato_holds"].any()
    assert values["risk"] == pytest.approx(design["p"][solutions.game])


def test_the_shares_of_the_reference_game_come_out_within_three_standard_errors() -> None:
    model = load("reference_involvement")
    run = study.run(model, 200_000, orders=["simultaneous", "nato"])

    shares = {(row["order"], row["profile"]): row["upper"] for row in outcomes(model, run=run).to_dict("records")}
    counted = frame_rows(multiplicity(model, run=run), "order")["simultaneous"]

    expected = {
        ("simultaneous", "surge, carry_on"): 0.2391,
        ("simultaneous", "bridge, hybrid_surge"): 0.1960,
        ("simultaneous", "surge, hybrid_surge"): 0.1771,
        ("nato", "troops, deescalate"): 0.3481,
        ("nato", "bridge, deescalate"): 0.1806,
        ("nato", "surge, deescalate"): 0.1506,
        ("nato", "surge, carry_on"): 0.1124,
    }
    for key, share in expected.items():
        assert within(shares[key], share, 200_000, errors=3.0), key
    assert within(counted["none"], 0.1058, 200_000, errors=3.0)
    assert within(counted["several"], 0.0680, 200_000, errors=3.0)


def test_renaming_and_reordering_actions_leaves_the_shares_alone() -> None:
    text = CHICKEN[: CHICKEN.index("quantities")].replace("[[-4 * p, 1], [-4 * t, 0]]", "[[-4 * t, 0], [-4 * p, 1]]")
    text = text.replace("[[-2 * p, -1], [1, 0]]", "[[1, 0], [-2 * p, -1]]")
    head = HEAD.replace("NATO, actions: [hold, concede]", "NATO, actions: [yield, stay]")
    parameters = PARAMETER.format(name="p", value=0.2, law=UNIFORM)
    parameters += PARAMETER.format(name="t", value=0.25, law="{kind: fixed}")
    turned = read(head + parameters + text)

    first = frame_rows(outcomes(chicken(), samples=3_000), "profile")
    second = frame_rows(outcomes(turned, samples=3_000), "profile")

    for old, new in (
        ("hold, hold", "stay, hold"),
        ("concede, hold", "yield, hold"),
        ("hold, concede", "stay, concede"),
    ):
        assert (first[old]["lower"], first[old]["upper"]) == (second[new]["lower"], second[new]["upper"])


def test_progress_is_told_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []

    study.run(chicken(), 20_000, orders=["simultaneous"], progress=lambda done, total: told.append((done, total)))

    assert told == [(16_384, 20_000), (20_000, 20_000)]


def test_bad_requests_are_refused_with_a_sentence() -> None:
    with pytest.raises(InputError, match="samples: 0"):
        study.run(chicken(), 0)
    with pytest.raises(InputError, match="seed: -1"):
        study.run(chicken(), 10, seed=-1)
    with pytest.raises(UnknownNameError, match="did you mean 'nato'"):
        study.run(chicken(), 10, orders=["natp"])


def withheld(*args: Any, **options: Any) -> Solutions:
    """As `solve`, but every second game keeps its first solution alone, every fourth none: verdict partial."""
    whole: Solutions = solve(*args, **options)
    place = np.arange(len(whole)) - np.searchsorted(whole.game, whole.game)
    kept = (whole.game % 2 == 1) | ((whole.game % 4 == 2) & (place == 0))
    verdict = np.array(whole.certificates.verdict, dtype=object)
    verdict[::2] = "partial"
    return replace(
        whole,
        game=whole.game[kept],
        strategies=tuple(own[kept] for own in whole.strategies),
        payoffs=whole.payoffs[kept],
        regret=whole.regret[kept],
        index=None,
        component=None,
        tie_rule=None,
        certificates=replace(whole.certificates, verdict=verdict, found=np.bincount(whole.game[kept])),
    )


def test_a_measure_takes_every_value_it_can_where_the_list_may_lack_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gametheory.study.strategic_form.solve", withheld)
    payoffs = CHICKEN.replace("disaster: p", "disaster: p * both").replace(
        "\npayoffs:", "\ntables:\n  both: {over: [nato, russia], values: [[3, 1], [1, -1]]}\npayoffs:"
    )
    model = chicken(payoffs=payoffs)
    (answers,) = answers_of(model, 2_000)

    held, solved = answers.measures["simultaneous"]["nato_holds"]
    risk, _ = answers.measures["simultaneous"]["risk"]

    assert solved.all()
    assert held[::2].tolist() == [[0.0, 1.0]] * 1_000
    p = model.sample(study.BLOCK)["p"].to_numpy()[:2_000:2]
    assert risk[::2] == pytest.approx(np.stack([-p, 3 * p], axis=1))
    assert (held[1::2, 0] == held[1::2, 1]).any()


def test_the_share_of_incomplete_lists_stands_beside_every_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gametheory.study.strategic_form.solve", withheld)
    run = study.run(chicken(), 2_000, orders=["simultaneous"])

    for frame in (make(run.model, run=run) for make in (outcomes, multiplicity, measure_ranges)):
        assert frame.attrs["partial"] == {"simultaneous": 0.5}
        assert any("simultaneous 1,000 complete, 1,000 partial" in note for note in frame.attrs["notes"])
    assert multiplicity(run.model, run=run)["partial"].tolist() == [0.5]


def test_a_measure_that_cannot_be_otherwise_stays_certain_in_an_incomplete_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gametheory.study.strategic_form.solve", withheld)
    payoffs = CHICKEN.replace(
        "nato_holds: {probability: {nato: [hold]}}", "nato_holds: {probability: {nato: [hold, concede]}}"
    )

    held = study.run(chicken(payoffs=payoffs), 200).totals.orders["simultaneous"].measures["nato_holds"]

    assert held.solved == 200
    assert held.least == pytest.approx((1.0, 1.0))
    assert held.most == pytest.approx((1.0, 1.0))


def test_one_failed_point_of_the_intervals_makes_the_draw_fail_everywhere() -> None:
    text = (
        "payoffs:\n  nato: [[log(t), 0], [0, 0.5]]\n  russia: [[p, 0], [1, 0]]\n"
        + CHICKEN[CHICKEN.index("quantities") :]
    )
    run = study.run(chicken(t="{kind: interval, low: -1, high: 2}", payoffs=text), 500)

    ranges = measure_ranges(run.model, run=run)

    for order, share in ranges.attrs["failed"].items():
        assert share == 1.0
        for measured in run.totals.orders[order].measures.values():
            assert measured.solved == 0
    assert ranges.empty
