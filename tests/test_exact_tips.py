"""Are exact tipping points exact, complete and the same as what independent methods find?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from gametheory.analyses.exact import NotRationalError, Partition, partition, pieces, range_end
from gametheory.analyses.exact.cells import Cells, Stretch, cells
from gametheory.analyses.exact.paths import Paths, paths
from gametheory.analyses.exact.pieces import Piece
from gametheory.analyses.exact.roots import Root, between, exact_root, grouped, isolated, nearest_double, settled
from gametheory.analyses.exact.supports import Supports, supports
from gametheory.analyses.tipping.tip import tip
from gametheory.cli.app import app
from gametheory.errors import ComputationError, InputError
from gametheory.figures.tipping import tip_message
from gametheory.model import Model
from gametheory.reader import read
from gametheory.study import EquilibriumClass
from tests import oracle

UNIT = "{kind: uniform, low: 0, high: 1}"
RUSSIA_INDIFFERENT = "[[1, 0], [1, 0]]"
Tables = list[list[list[Fraction]]]


def model_of(nato: str, russia: str, *, rows: int = 2, columns: int = 2, law: str = UNIT) -> Model:
    """A small model in which payoffs depend on ``p`` and on the fixed parameters ``third`` and ``cost``."""
    return read(
        f"""
format: gametheory/1
title: A small game
form: strategic
players:
  nato: {{label: NATO, actions: [{", ".join(f"a{k}" for k in range(rows))}]}}
  russia: {{label: Russia, actions: [{", ".join(f"b{k}" for k in range(columns))}]}}
parameters:
  p: {{value: 0.4, law: {law}, unit: u, meaning: varied, source: example, mark: A}}
  cost: {{value: 0.1, law: {UNIT}, unit: u, meaning: a decimal, source: example, mark: A}}
payoffs:
  nato: {nato}
  russia: {russia}
"""
    )


def table(rows: int, columns: int, cell: Callable[[], str]) -> str:
    """Payoffs cell by cell, as the text of a model file."""
    lines = ["[" + ", ".join(f'"{cell()}"' for _ in range(columns)) + "]" for _ in range(rows)]
    return "[" + ", ".join(lines) + "]"


def random_model(seed: int, kind: int, *, rows: int, columns: int) -> Model:
    """Small whole coefficients, so that ties, lasting ties and repeated actions are common."""
    draw = np.random.default_rng(seed)

    def number() -> int:
        return int(draw.integers(-2, 3))

    def cell() -> str:
        linear = f"{number()} + {number()}*p"
        if kind == 0:
            return linear
        if kind == 1:
            return f"{linear} + {number()}*p**2 + {number()}*p**3"
        if kind == 2:
            bent = (f"max({number()}, {linear})", f"abs(p - 0.5)*{number()}", f"clip({linear}, -1, 0.5)")
            return str(draw.choice([f"{number()}", linear, *bent, f"where(p < 0.3, {number()}, {number()})"]))
        return str(draw.choice([f"{number()}", linear, f"({linear})/(3*p + {draw.choice((1, 2, -1, -2))})"]))

    return model_of(table(rows, columns, cell), table(rows, columns, cell), rows=rows, columns=columns)


def chicken(law: str = UNIT) -> Model:
    """Chicken with escalation risk: L = 4 and c = 1 for NATO, L2 = 2, c2 = 1 and v2 = 1 for Russia."""
    return model_of("[[-4 * p, 1], [-1, 0]]", "[[-2 * p, -1], [1, 0]]", law=law)


MODELS = {
    "linear": chicken(),
    "quadratic": model_of('[["p**2 - p + 0.2", 0], [0, 0]]', RUSSIA_INDIFFERENT),
    "cubic": model_of('[["(p - 0.2) * (p**2 - 0.5)", 0], [0, 0]]', "[[1, p], [0.3, 0]]"),
    "rational": model_of('[["1 / (1 + p)", 0], [0.7, p]]', '[["p / (2 - p)", 0.4], [0, 0.2]]'),
    "a repeated action": model_of(
        "[[-4 * p, 1], [-4 * p, 1], [-1, 0]]", "[[-2 * p, -1], [-2 * p, -1], [1, 0]]", rows=3
    ),
    "a lasting tie": model_of('[["max(0, p - 0.5)", 0], [0, 0]]', RUSSIA_INDIFFERENT),
    "a pole": model_of('[["1 / (p - 0.51)", 0], [0, 0]]', RUSSIA_INDIFFERENT),
    "an irrational kink": model_of('[["max(p**2, 0.5) - 0.6", 0], [0, 0]]', "[[1, 0], [p, 0.5]]"),
    "a decimal of another parameter": model_of("[[cost, cost], [p, p]]", "[[cost, p], [cost, p]]"),
    "an outside option": model_of("[[1, -1], [-1, 1], [p - 0.3, p - 0.3]]", "[[-1, 1], [1, -1], [0, 0]]", rows=3),
    "random 3 x 3": random_model(5, 0, rows=3, columns=3),
    "random 4 x 3": random_model(8, 0, rows=4, columns=3),
    "random 4 x 4": random_model(9, 0, rows=4, columns=4),
}


def whole(model: Model, low: float = 0.0, high: float = 1.0) -> list[Piece]:
    return pieces(model, "p", range_end(low), range_end(high))


def fractions(model: Model, value: Fraction) -> Tables:
    """The payoffs of one game from the model itself, not from what the analysis made of them."""
    found = model.games({"p": [value]}, exact=True).exact
    assert found is not None
    return [[list(row) for row in own] for own in found[0]]


def brute_supports(game: Tables) -> set[tuple[tuple[int, ...], ...]]:
    pairs = oracle.extreme_equilibria(game[0], game[1])
    return {tuple(tuple(k for k, share in enumerate(own) if share > 0) for own in pair) for pair in pairs}


def brute_paths(game: Tables, leader: int) -> set[tuple[tuple[int, ...], ...]]:
    """The paths of play under both tie rules, by looking ahead in fractions."""
    own, its = game if leader == 0 else [[list(column) for column in zip(*table, strict=True)] for table in game[::-1]]
    found = set()
    for pick in (max, min):
        kept: dict[tuple[int, int], Fraction] = {}
        for action, replies in enumerate(its):
            best = [reply for reply, value in enumerate(replies) if value == max(replies)]
            level = pick(own[action][reply] for reply in best)
            kept |= {(action, reply): level for reply in best if own[action][reply] == level}
        found |= {cell for cell, level in kept.items() if level == max(kept.values())}
    return {((a,), (r,)) if leader == 0 else ((r,), (a,)) for a, r in found}


def brute(model: Model, order: str, value: Fraction) -> set[tuple[tuple[int, ...], ...]]:
    game = fractions(model, value)
    return brute_supports(game) if order == "simultaneous" else brute_paths(game, ("nato", "russia").index(order))


def named(model: Model, profiles: set[tuple[tuple[int, ...], ...]]) -> set[str]:
    words = [player.actions for player in model.players]
    return {
        ", ".join("+".join(own[k] for k in used) for used, own in zip(profile, words, strict=True))
        for profile in profiles
    }


def rows(model: Model, order: str = "simultaneous", method: str = "exact", **options: Any) -> list[dict[Any, Any]]:
    return tip(model, "p", order=order, method=method, **options).to_dict("records")


@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
@pytest.mark.parametrize("name", MODELS)
def test_exact_and_numerical_tipping_points_agree(name: str, order: str) -> None:
    exact, numerical = rows(MODELS[name], order), rows(MODELS[name], order, "numerical")

    assert [row["value"] for row in exact] == pytest.approx([row["value"] for row in numerical], abs=1e-12, rel=0)
    assert [(row["before"], row["after"]) for row in exact] == [(row["before"], row["after"]) for row in numerical]
    assert [set(row["player"].split(" and ")) for row in exact] == [
        set(row["player"].split(" and ")) for row in numerical
    ]
    assert all(row["exact"] for row in exact)
    assert not any(row["exact"] for row in numerical)


def test_the_models_have_tipping_points_to_agree_on() -> None:
    assert sum(bool(rows(model)) for model in MODELS.values()) >= 10


@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
@pytest.mark.parametrize("name", MODELS)
def test_between_exact_tipping_points_a_dense_exact_search_finds_no_other_class(name: str, order: str) -> None:
    model = MODELS[name]
    found = rows(model, order)
    cuts = [Fraction(0), *(Fraction(row["value"]) for row in found), Fraction(1)]

    for number, (low, high) in enumerate(pairwise(cuts)):
        seen = [named(model, brute(model, order, low + (high - low) * Fraction(k, 37))) for k in (1, 5, 13, 22, 31, 36)]
        held = found[number - 1]["after"] if number else found[0]["before"] if found else sorted(seen[0])
        assert all(own == set(held) for own in seen)


def checked(model: Model) -> int:
    """Compare the classes of every cell with brute force at a rational value in it; return how many were compared."""
    compared = 0
    for piece in whole(model):
        answers: dict[str, Supports | Paths] = {"simultaneous": supports(piece)}
        answers |= {"nato": paths(piece, 0), "russia": paths(piece, 1)}
        for order, answer in answers.items():
            for cell in range(answer.cells.count):
                value = value_in(answer.cells, cell)
                if value is not None:
                    told = {profile for profile, held in answer.held.items() if held[cell]}
                    assert told == brute(model, order, value), (order, value)
                    compared += 1
    return compared


def value_in(cut: Cells, cell: int) -> Fraction | None:
    """A rational number in a cell; None where the cell is an irrational point."""
    if cell % 2 == 0:
        value = cut.sample(cell)
    else:
        root = settled(cut.roots[cell // 2])
        if not root.rational:
            return None
        value = root.low
    return Fraction(int(value.p), int(value.q))


@pytest.mark.parametrize("kind", range(4))
@pytest.mark.parametrize("seed", range(4))
def test_the_signs_of_polynomials_tell_the_classes_that_brute_force_finds_ties_included(seed: int, kind: int) -> None:
    assert checked(random_model(seed, kind, rows=3, columns=2 + seed % 2)) > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 300))
def test_the_signs_of_polynomials_tell_the_classes_of_many_more_models(seed: int) -> None:
    assert checked(random_model(seed, seed % 4, rows=2 + seed % 3, columns=2 + seed // 3 % 3)) > 0


@pytest.mark.parametrize("seed", range(12))
def test_every_tipping_point_names_a_deviation_and_leads_from_one_set_to_the_next(seed: int) -> None:
    model = random_model(40 + seed, seed % 4, rows=3, columns=3)

    for order in model.orders:
        found = rows(model, order)
        assert not any("not identified" in row["binding"] for row in found)
        assert [row["after"] for row in found[:-1]] == [row["before"] for row in found[1:]]
        assert all(row["before"] != row["after"] and row["player"] for row in found)


def test_chicken_tips_exactly_at_the_critical_risks_of_both_sides() -> None:
    found = rows(chicken())

    assert [row["value"] for row in found] == [0.25, 0.5]  # tN = c / L and tR = c2 / L2
    assert [row["binding"] for row in found] == ["nato: a0 -> a1, against b0", "russia: b0 -> b1, against a0"]
    assert found[0]["before"] == ("a0, b0",)
    assert found[0]["after"] == found[1]["before"] == ("a1, b0",)
    assert set(found[1]["after"]) == {"a0, b1", "a1, b0", "a0+a1, b0+b1"}


def test_own_payoffs_do_not_move_where_the_mixture_of_chicken_begins() -> None:
    dearer = model_of("[[-7 * p, 3], [-2, 0]]", "[[-2 * p, -1], [1, 0]]")

    (begins,) = [row for row in rows(dearer) if "a0+a1, b0+b1" in row["after"]]

    assert begins["value"] == 0.5


@pytest.mark.parametrize("gap", ["1e-9", "1e-15", "1e-30"])
@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_two_tipping_points_that_no_grid_can_tell_apart_are_both_found(gap: str, order: str) -> None:
    model = model_of(f'[["(p - 0.51234) * (p - 0.51234 - {gap})", 0], [0, 0]]', RUSSIA_INDIFFERENT)
    frame = tip(model, "p", order=order)

    assert [row["after"] for row in frame.to_dict("records")] == [("a1, b0",), ("a0, b0",)]
    assert frame["value"].tolist() == [0.51234, float(Fraction("0.51234") + Fraction(gap))]
    assert [entry["between"][0] for entry in frame.attrs["isolating"]] == [
        str(Fraction("0.51234")), str(Fraction("0.51234") + Fraction(gap))
    ]  # fmt: skip


def test_the_numerical_search_misses_a_pair_that_is_too_close_and_says_how_close_that_is() -> None:
    narrow = "where(p < 0.51234, -1, where(p < 0.51234 + 1e-9, 1, -1))"
    model = model_of(f'[["{narrow}", 0], [0, 0]]', RUSSIA_INDIFFERENT)
    search = tip(model, "p", method="numerical")

    assert len(tip(model, "p")) == 2
    assert search.empty
    assert "may be missed" in search.attrs["notes"][0]
    assert "4096 games" in search.attrs["notes"][1]


@pytest.mark.parametrize("text", ["(p - 0.5)**2", "(p**2 - 0.5)**2", "(p - 1/3)**4"])
def test_a_double_root_at_which_nothing_changes_is_a_note_and_not_a_tipping_point(text: str) -> None:
    frame = tip(model_of(f'[["{text}", 0], [0, 0]]', RUSSIA_INDIFFERENT), "p", method="exact")

    assert frame.empty
    assert any("exactly at 0." in note and "before and after it" in note for note in frame.attrs["notes"])


def test_values_are_the_doubles_nearest_to_irrational_roots() -> None:
    found = tip(model_of('[["p**2 - 0.5", 0], [0, 0]]', RUSSIA_INDIFFERENT), "p", method="exact")

    assert found["value"].tolist() == [0.5**0.5]
    assert found.attrs["isolating"] == [
        {"order": "simultaneous", "value": 0.5**0.5, "polynomial": "2*p**2 - 1", "between": ["0", "1"]}
    ]


def test_decimals_stand_for_the_fractions_that_they_say() -> None:
    tenths = model_of("[[cost, cost], [3 * p, 3 * p]]", RUSSIA_INDIFFERENT)

    assert [row["value"] for row in rows(tenths)] == [1 / 30]
    frame = tip(tenths, "p", low=0.0, high=0.1, method="exact")
    assert frame.attrs["isolating"][0]["polynomial"] == "30*p - 1"


def test_a_tipping_point_at_an_end_of_the_range_is_a_note() -> None:
    frame = tip(model_of("[[0.1, 0.1], [p, p]]", RUSSIA_INDIFFERENT), "p", low=0.1, high=0.9, method="exact")

    assert frame.empty
    assert "order simultaneous: exactly at 0.1, an end of the range, the equilibria differ" in frame.attrs["notes"]


def test_a_pole_divides_the_range_and_its_game_fails() -> None:
    frame = tip(model_of('[["1 / (p - 0.5)", 0], [0, 0]]', RUSSIA_INDIFFERENT), "p", method="exact")
    irrational = tip(model_of('[["1 / (p**2 - 0.5)", 0], [0, 0]]', RUSSIA_INDIFFERENT), "p", method="exact")

    assert frame["value"].tolist() == [0.5]
    assert any("exactly at 0.5 the games cannot be solved" in note for note in frame.attrs["notes"])
    assert irrational["value"].tolist() == [0.5**0.5]
    assert any("grows beyond all bounds" in note for note in irrational.attrs["notes"])


def test_a_removable_gap_is_no_tipping_point() -> None:
    frame = tip(model_of('[["(p**2 - p) / (p - 0.5) * (p - 0.5) + 1", 0], [0, 0]]', RUSSIA_INDIFFERENT), "p")

    assert frame.empty
    assert any("exactly at 0.5 the games cannot be solved" in note for note in frame.attrs["notes"])


def test_a_jump_is_found_where_it_is_with_the_deviation_that_it_makes_pay() -> None:
    (found,) = rows(model_of('[["where(p < 0.3, 1, -1)", 0], [0, 0]]', RUSSIA_INDIFFERENT))

    assert (found["value"], found["binding"]) == (0.3, "nato: a0 -> a1, against b0")


def test_a_tie_that_lasts_over_an_interval_is_a_class_of_its_own() -> None:
    found = rows(model_of('[["max(0, abs(p - 0.6) - 0.1)", 0], [0, 0]]', RUSSIA_INDIFFERENT))

    assert [row["value"] for row in found] == [0.5, 0.7]
    assert found[0]["after"] == ("a0, b0", "a1, b0")


@pytest.mark.parametrize(
    ("nato", "reason"),
    [
        ("[[exp(-p), 0], [0.5, 0]]", "takes exp"),
        ("[[exp(1) * p, 0], [0.5, 0]]", "takes exp"),
        ('[["where(p < 2, 1, 1 / (cost - 0.1))", 0], [p, 0]]', "divides by zero"),
        ('[["p**16 * (p**16 + 1)**16 * (p**16 - 1)**16", 0], [0, 0]]', "degree"),
    ],
)
def test_where_an_exact_answer_is_not_possible_the_reason_is_given(nato: str, reason: str) -> None:
    model = model_of(nato, RUSSIA_INDIFFERENT)
    with pytest.raises(InputError, match=f"no exact tipping points of p: .*{reason}"):
        tip(model, "p", method="exact")

    frame = tip(model, "p")
    assert frame.attrs["method"] == {"simultaneous": "numerical"}
    assert any(reason in note for note in frame.attrs["notes"])


def test_games_too_large_to_follow_are_searched_numerically_and_their_leaders_exactly() -> None:
    draw = np.random.default_rng(0)

    def cell() -> str:
        return f"{draw.integers(-99, 100)} + {draw.integers(-99, 100)}*p"

    model = model_of(table(8, 8, cell), table(8, 8, cell), rows=8, columns=8)
    frame = tip(model, "p", order="all", low=0.4, high=0.41, points=16)

    assert frame.attrs["method"] == {"simultaneous": "numerical", "nato": "exact", "russia": "exact"}
    assert any("not exact, because" in note for note in frame.attrs["notes"])


def test_a_range_of_too_many_pieces_is_searched_numerically(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[Partition.__module__], "MOST_POLYNOMIALS", 2)

    frame = tip(chicken(), "p")

    assert frame.attrs["method"] == {"simultaneous": "numerical"}
    assert any("too many to follow" in note for note in frame.attrs["notes"])
    assert tip(chicken(), "p", method="exact").attrs["method"] == {"simultaneous": "exact"}


def test_methods_that_do_not_exist_are_refused() -> None:
    with pytest.raises(InputError, match="method: 'sampled', expected one of auto, exact, numerical"):
        tip(chicken(), "p", method="sampled")


def test_three_players_are_refused_by_the_exact_method() -> None:
    three = chicken().text.replace("players:\n", "players:\n  third: {label: Third, actions: [c0]}\n")
    three = three.replace("  nato: [[-4 * p, 1], [-1, 0]]", "  third: 0\n  nato: p").replace(
        "  russia: [[-2 * p, -1], [1, 0]]", "  russia: 1 - p"
    )
    with pytest.raises(InputError, match="a game of 3 players; only two are followed exactly"):
        tip(read(three), "p", method="exact")


def test_a_solver_that_contradicts_the_signs_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: Any, **__: Any) -> tuple[np.ndarray, tuple[EquilibriumClass, ...]]:
        return np.zeros(3, dtype=np.int64), (EquilibriumClass("solved", ()),)

    monkeypatch.setattr(sys.modules[Partition.__module__], "classify", wrong)

    with pytest.raises(ComputationError, match="disagree"):
        partition(chicken(), "p", "simultaneous", whole(chicken()))


def polynomial(roots: Sequence[Fraction]) -> Any:
    """The polynomial with whole coefficients and these roots."""
    from flint import fmpz_poly

    product = fmpz_poly([1])
    for root in roots:
        product *= fmpz_poly([-root.numerator, root.denominator])
    return product


def unit() -> Stretch:
    return Stretch(exact_root(range_end(0.0)), exact_root(range_end(1.0)))


@pytest.mark.parametrize("seed", range(20))
def test_known_roots_are_found_sorted_and_recognised_across_polynomials(seed: int) -> None:
    draw = np.random.default_rng(seed)
    pool = sorted({Fraction(int(draw.integers(-40, 141)), int(draw.choice((97, 100)))) for _ in range(9)})
    listed = [[pool[draw.integers(len(pool))] for _ in range(draw.integers(1, 6))] for _ in range(6)]
    listed.append([Fraction(1, 2), Fraction(1, 2) + Fraction(1, 10**40)])
    inside = sorted({root for roots in listed for root in roots if 0 < root < 1})

    cut = cells([polynomial(roots) for roots in listed], unit())

    assert [nearest_double(settled(root)) for root in cut.roots] == [float(root) for root in inside]
    for roots, signs in zip(listed, cut.signs.tolist(), strict=True):
        for cell, told in enumerate(signs):
            at = inside[cell // 2] if cell % 2 else value_in(cut, cell)
            assert at is not None
            value = Fraction(1)
            for root in roots:
                value *= at - root
            assert told == (value > 0) - (value < 0)


@pytest.mark.parametrize("seed", range(10))
def test_isolated_roots_are_those_of_an_independent_method(seed: int) -> None:
    from flint import ctx, fmpz_poly

    draw = np.random.default_rng(seed)
    poly = fmpz_poly(draw.integers(-(10**6), 10**6, size=draw.integers(3, 13)).tolist())
    with ctx.workprec(200):
        roots: list[Any] = list(poly.complex_roots())
    reals = sorted(float(root.real) for root, _ in roots if root.imag == 0)

    found = isolated(poly, range_end(-2.0), range_end(2.0))

    assert [nearest_double(settled(root)) for root in found] == [root for root in reals if -2 < root < 2]


def test_equal_roots_of_different_polynomials_are_one_and_close_ones_are_two() -> None:
    from flint import fmpq, fmpz_poly

    root, other = fmpz_poly([-1, 0, 2]), fmpz_poly([-1, 0, 2]) * fmpz_poly([3, 1])
    near = fmpz_poly([-(10**60) - 1, 0, 2 * 10**60])
    different, place = grouped([Root(poly, fmpq(0), fmpq(1)) for poly in (root, other, near)])

    assert place == [0, 0, 1]
    assert different[0].high <= different[1].low
    assert different[0].low < between(different[0], different[1]) <= different[1].low


def test_pieces_are_cut_where_a_comparison_turns_also_at_irrational_values() -> None:
    model = model_of('[["max(p**2, 0.5) * max(p, 0.2)", 0], [0, 0]]', RUSSIA_INDIFFERENT)

    stops = [nearest_double(settled(piece.stretch.stop)) for piece in whole(model)]

    assert stops == [0.2, 0.5**0.5, 1.0]


def test_payoffs_on_a_piece_are_those_of_the_model() -> None:
    for model in MODELS.values():
        for piece in whole(model):
            value = between(piece.stretch.start, piece.stretch.stop)
            told = [[[Fraction(int(x.p), int(x.q)) for x in row] for row in own] for own in piece.payoffs(value)]
            assert told == fractions(model, Fraction(int(value.p), int(value.q)))


def test_formulas_that_turn_too_often_are_refused() -> None:
    steps = iter(range(1, 641))

    def bent() -> str:
        return " + ".join(f"abs(p - {next(steps)} / 700)" for _ in range(40))

    with pytest.raises(NotRationalError, match="more than 500 values"):
        whole(model_of(table(8, 2, bent), table(8, 2, lambda: "0"), rows=8))


def test_the_figure_says_whether_values_are_exact_and_whether_their_absence_is_proved() -> None:
    never = model_of("[[1, 1], [p - 1, p - 1]]", RUSSIA_INDIFFERENT)
    messages = {
        method: [tip_message(tip(model, "p", method=method)) for model in (chicken(), never)]
        for method in ("exact", "numerical")
    }

    assert messages["exact"][0].endswith(" (exact values)")
    assert messages["exact"][1].endswith(", which is proved")
    assert messages["numerical"][0].endswith(" (values found numerically)")
    assert messages["numerical"][1].endswith("changes the answer")


def test_the_command_takes_the_method_and_prints_the_polynomial(tmp_path: Path) -> None:
    file = tmp_path / "chicken.yaml"
    file.write_text(chicken().text, encoding="utf-8")
    arguments = ["tip", str(file), "--parameter", "p", "--method", "exact", "--format", "json"]

    ran = CliRunner().invoke(app, arguments)

    record = json.loads(ran.stdout)
    assert ran.exit_code == 0
    assert record["method"] == "exact"
    assert [(found["value"], found["exact"], found["polynomial"]) for found in record["tips"]] == [
        (0.25, True, "4*p - 1"),
        (0.5, True, "2*p - 1"),
    ]
