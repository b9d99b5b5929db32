"""Does the search find every root and every best choice, and does it say what it could not prove?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from gametheory.expressions import parse, parse_condition
from gametheory.games.analytic import AnalyticGames, Decision, Equation, System, Unknown
from gametheory.solvers.roots import AnalyticSolutions, solve_systems
from gametheory.solvers.roots.events import find_events

UNIT = ("0", "1")


def games(
    equations: Mapping[str, str] | Sequence[str] = (),
    unknowns: Mapping[str, tuple[str, str]] | None = None,
    *,
    opened: bool = False,
    guaranteed: bool = False,
    decision: tuple[str, str, str] | None = None,
    quantities: Mapping[str, str] | None = None,
    regimes: Mapping[str, str] | None = None,
    **columns: float | list[float],
) -> AnalyticGames:
    """A batch of games from text: equations such as ``p = q``, a decision on ``x`` as low, high and formula."""
    listed = tuple(Unknown(name, parse(low), parse(high), "", opened) for name, (low, high) in (unknowns or {}).items())
    sides = [text.split("=") for text in equations]
    system = System(
        listed,
        {str(k): Equation(parse(left), parse(right)) for k, (left, right) in enumerate(sides)},
        guaranteed,
        None if decision is None else Decision("a", "x", *map(parse, decision)),
        {name: parse_condition(text) for name, text in (regimes or {}).items()},
    )
    values = {name: np.atleast_1d(np.array(own, dtype=np.float64)) for name, own in columns.items()}
    count = max((len(own) for own in values.values()), default=1)
    return AnalyticGames(
        ("a",), system, {name: parse(text) for name, text in (quantities or {}).items()}, values, count
    )


def verdict(found: AnalyticSolutions, game: int = 0) -> str:
    return found.certificates[game].verdict


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 39), min_size=1, max_size=5, unique=True))
def test_every_root_of_a_polynomial_is_found_and_proved(places: list[int]) -> None:
    product = "*".join(f"(p - {place}/40)" for place in places)
    found = solve_systems(games([f"{product} = 0"], {"p": UNIT}))

    assert verdict(found) == "complete"
    assert found.values[:, 0] == pytest.approx(sorted(place / 40 for place in places), abs=1e-10)
    assert np.all(found.index[1:] == -found.index[:-1])


def test_a_batch_answers_as_its_games_alone() -> None:
    a = np.linspace(0.05, 0.95, 40)
    batch = solve_systems(games(["p*p*p = a*p + 0.01"], {"p": ("-2", "2")}, a=a.tolist()))
    for game in range(0, 40, 7):
        alone = solve_systems(games(["p*p*p = a*p + 0.01"], {"p": ("-2", "2")}, a=float(a[game])))
        assert np.array_equal(batch.of(game).values, alone.values)
        cubic = np.roots([1.0, 0.0, -a[game], -0.01])
        real = np.sort(cubic[np.abs(cubic.imag) < 1e-12].real)
        assert alone.values[:, 0] == pytest.approx(real, abs=1e-12)


def test_all_roots_of_two_equations_are_found() -> None:
    found = solve_systems(games(["p*p + q*q = 1", "p*q = 0.3"], {"p": ("-2", "2"), "q": ("-2", "2")}))
    total, difference = np.sqrt(1.6), np.sqrt(0.4)
    high, low = (total + difference) / 2, (total - difference) / 2

    assert verdict(found) == "complete"
    assert found.values == pytest.approx(np.array([[-high, -low], [-low, -high], [low, high], [high, low]]))
    assert found.index.sum() == 0


def test_kinks_do_not_hide_a_root() -> None:
    found = solve_systems(games(["p = max(0.2, min(q, 0.6))", "q = 1 - p"], {"p": UNIT, "q": UNIT}))

    assert verdict(found) == "complete"
    assert found.values == pytest.approx(np.array([[0.5, 0.5]]))


def test_an_end_of_a_bracket_is_a_root_unless_the_bracket_is_open() -> None:
    closed = solve_systems(games(["p = p**2"], {"p": UNIT}))
    opened = solve_systems(games(["p = p**2"], {"p": UNIT}, opened=True))

    assert closed.values[:, 0].tolist() == pytest.approx([0.0, 1.0])
    assert verdict(closed) == verdict(opened) == "complete"
    assert len(opened) == 0


def test_a_root_closer_to_an_open_end_than_doubles_tell_is_not_lost() -> None:
    """At 1 - 1e-23 a scan of doubles sees no change of sign, and reports no root although one is known to exist."""
    sure = solve_systems(games(["p = normal(10)"], {"p": UNIT}, opened=True, guaranteed=True))
    unsure = solve_systems(games(["p = normal(10)"], {"p": UNIT}, opened=True))

    assert sure.values[:, 0].tolist() == pytest.approx([1.0])
    assert verdict(sure) == "complete"
    assert verdict(unsure) == "partial"
    assert "end of the open bracket" in unsure.certificates[0].reason


def test_no_root_where_one_is_known_to_exist_is_a_failure() -> None:
    found = solve_systems(games(["p = 1 + p*p"], {"p": UNIT}, guaranteed=True))

    assert verdict(found) == "failed"
    assert len(found) == 0
    assert "known to exist" in found.certificates[0].reason


def test_no_root_can_be_proved_too() -> None:
    found = solve_systems(games(["p = 1 + p*p"], {"p": UNIT}))

    assert (verdict(found), len(found)) == ("complete", 0)


@pytest.mark.parametrize(("equation", "listed"), [("(p - 0.5)**2 = 0", 1), ("p = p", 0), ("p = p + 0*log(p - 2)", 0)])
def test_what_is_not_proved_is_partial(equation: str, listed: int) -> None:
    found = solve_systems(games([equation], {"p": UNIT}))

    assert (verdict(found), len(found)) == ("partial", listed)


@pytest.mark.parametrize("equation", ["where(p < 0.3, -1, 1) = 0", "p - 0.3 + where(p < 0.3, 0.1, -0.1) = 0"])
def test_a_jump_over_zero_is_no_root_but_not_ruled_out(equation: str) -> None:
    found = solve_systems(games([equation], {"p": UNIT}))

    near = found.values[np.abs(found.values[:, 0] - 0.3) < 1e-3]
    assert (verdict(found), len(near)) == ("partial", 0)


@pytest.mark.parametrize(
    ("low", "high", "formula", "places", "word"),
    [
        ("0", "1", "x*(1 - x)", [0.5], "complete"),
        ("0", "1", "x**2", [1.0], "complete"),
        ("-1", "1", "x**2", [-1.0, 1.0], "degenerate-complete"),
        ("0", "1", "-abs(x - 0.3)", [0.3], "complete"),
        ("0", "1", "1 - (x - 0.25)**4", [0.25], "complete"),
        ("0", "1", "0", [0.0, 1.0], "partial"),
        ("0", "6.283185307179586", "x*exp(-x)", [1.0], "complete"),
        ("0", "1", "min(x, 1 - x)", [0.5], "complete"),
        ("0", "1", "-abs(x - 0.001953125)", [0.001953125], "complete"),
        ("0", "2", "log(x) - x", [1.0], "complete"),
        ("0", "1", "-1/x", [1.0], "complete"),
        ("0", "1", "-x*log(x)", [0.36787944], "partial"),
    ],
)
def test_every_best_choice_is_found(low: str, high: str, formula: str, places: list[float], word: str) -> None:
    found = solve_systems(games(decision=(low, high, formula)))

    assert found.values[:, 0].tolist() == pytest.approx(places, abs=1e-3)
    assert verdict(found) == word
    assert found.residual.max() <= 1e-9


@pytest.mark.parametrize("gap", [1e-12, 3e-9, 8e-9, 1e-7, 1e-6])
def test_a_best_choice_beside_an_end_is_one_choice_and_not_two(gap: float) -> None:
    found = solve_systems(games(decision=("0", "1", "x*(2*(1 - gap) - x)"), gap=gap))

    assert found.values[:, 0].tolist() == pytest.approx([1.0], abs=2e-6)
    assert verdict(found) == "complete"


@pytest.mark.parametrize(("formula", "place"), [("where(x <= 0.5, x, 0)", 0.5), ("where(x < 0.5, x, 0)", 0.5)])
def test_a_jump_at_the_best_choice_is_said_and_proves_nothing(formula: str, place: float) -> None:
    found = solve_systems(games(decision=("0", "1", formula)))

    assert found.values[:, 0].tolist() == pytest.approx([place], abs=1e-9)
    assert verdict(found) == "partial"
    assert "jump" in found.certificates[0].reason


def test_a_decision_follows_each_root() -> None:
    found = solve_systems(games(["p*p = 0.25"], {"p": ("-1", "1")}, decision=("-1", "1", "-(x - p)**2")))

    assert found.values == pytest.approx(np.array([[-0.5, -0.5], [0.5, 0.5]]))


def test_a_quantity_without_a_value_fails_its_game_alone() -> None:
    found = solve_systems(games(quantities={"y": "1/a"}, a=[0.0, 2.0]))

    assert found.certificates.verdict.tolist() == ["failed", "complete"]
    assert found.quantities["y"].tolist() == [0.5]


def test_regimes_name_solutions_by_the_first_condition_that_holds() -> None:
    found = solve_systems(
        games(
            ["(p - 0.1)*(p - 0.2)*(p - 0.7)*(p - 0.9) = 0"], {"p": UNIT}, regimes={"low": "p < 0.5", "mid": "p < 0.8"}
        )
    )

    assert [found.profile(number) for number in range(4)] == ["low", "low 2", "mid", "other"]


def test_folds_are_found_where_roots_meet() -> None:
    """The roots of p**3 - 3p = t meet at t = -2 (p = 1) and at t = 2 (p = -1)."""
    events = find_events(games(["p**3 - 3*p = t"], {"p": ("-3", "3")}, t=0.0), "t", -4.0, 4.5)

    assert not events.left_open
    assert [event.place for event in events.found] == pytest.approx([-2.0, 2.0])
    assert {event.what for event in events.found} == {"two solutions meet"}


def test_no_proof_is_claimed_where_roots_meet_at_a_kink_between_two_pieces() -> None:
    """The right side is negative from 0.3 to 0.3001, where the two roots have met at 0.5 and gone."""
    events = find_events(games(["abs(p - 0.5) = (t - 0.3)*(t - 0.3001)"], {"p": UNIT}, t=0.2), "t", 0.2, 0.8)

    met = [event.place for event in events.found if event.what == "two solutions meet"]
    assert "two solutions meet" in events.left_open or met == pytest.approx([0.3, 0.3001])


@pytest.mark.parametrize("beside", [0.0, 1e-15, 1e-12, 1e-9])
def test_a_root_at_the_rim_of_a_piece_is_proved_and_listed_once(beside: float) -> None:
    found = solve_systems(games(["max(0.5 - p, 2*p - 1) = t"], {"p": UNIT}, t=0.0625 - beside))

    assert found.values[:, 0].tolist() == pytest.approx([0.4375, 0.53125], abs=1e-8)
    assert verdict(found) == "complete"


def test_a_fold_of_two_equations_is_found() -> None:
    """The line p + q = t touches the circle at t = 2**0.5 and t = -2**0.5."""
    box = {"p": ("-2", "2"), "q": ("-2", "2")}
    events = find_events(games(["p*p + q*q = 1", "p + q = t"], box, t=0.0), "t", -1.9, 1.9)

    folds = [event.place for event in events.found if event.what == "two solutions meet"]
    assert folds == pytest.approx([-(2**0.5), 2**0.5])
