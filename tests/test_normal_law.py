"""Are the normal law's functions right, and do their intervals hold them?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gametheory.errors import FormulaError
from gametheory.expressions import evaluate, evaluate_exact, parse
from gametheory.expressions.enclosure import enclose
from gametheory.expressions.intervals import Interval, binormal_interval, density_interval, normal_interval, point
from gametheory.expressions.slopes import Slope, primal, variables
from gametheory.expressions.special import STEEPEST, binormal, normal, normal_density

FORMULAS = [
    "p*q - 1/3",
    "exp(p)*log(q + 2)",
    "sqrt(p + q)",
    "max(p, q)*min(p, 1 - q)",
    "abs(p - q)**3",
    "clip(p + q, 0.2, 0.9)",
    "p**-2 + q**2 - q**3",
    "1/(p + q) - p/q",
    "normal(3*p - q)*normal_density(q)",
    "binormal(p - 2*q, q, p/2)",
    "binormal(p, q, -0.99)/(p + 1)",
    "where(p < q, p, 2*q)",
]


def exactly(x: float, y: float, rho: float) -> Any:
    """The bivariate normal probability by rigorous integration over the correlation, to 100 bits and more."""
    from flint import acb, arb, ctx

    ctx.prec = 120
    a, b, tied = arb(x), arb(y), arb(rho)

    def rate(angle: Any, _: object) -> Any:
        return (-(acb(a * a + b * b) - 2 * a * b * acb(angle).sin()) / (2 * acb(angle).cos() ** 2)).exp()

    independent = exactly_one(x) * exactly_one(y)
    return independent + acb.integral(rate, 0, tied.asin()).real / (2 * arb.pi())


def exactly_one(x: float) -> Any:
    from flint import arb, ctx

    ctx.prec = 120
    return (-(arb(x) / arb(2).sqrt())).erfc() / 2


def test_the_bivariate_law_agrees_with_rigorous_integration() -> None:
    generator = np.random.default_rng(0)
    for _ in range(150):
        x, y = generator.uniform(-8, 8, 2)
        rho = generator.uniform(-0.999, 0.999)
        wanted, found = float(exactly(x, y, rho)), float(binormal(x, y, rho))

        assert abs(found - wanted) < 2e-15
        if 0.0 <= rho <= STEEPEST:
            assert abs(found - wanted) < 1e-12 * wanted


def test_the_two_ways_to_the_bivariate_law_meet_where_they_change_over() -> None:
    x, y = np.meshgrid(np.linspace(-4, 4, 17), np.linspace(-4, 4, 17))
    step = 1e-9

    below, above = binormal(x, y, STEEPEST - step), binormal(x, y, STEEPEST + step)

    assert np.abs(above - below).max() < 3e-9


@pytest.mark.parametrize(
    ("x", "y", "rho", "value"),
    [
        (0.0, 0.0, 0.5, 1 / 3),
        (0.0, 0.0, -0.5, 1 / 6),
        (np.inf, 1.0, 0.3, float(normal(1.0))),
        (-np.inf, 1.0, 0.3, 0.0),
        (1.0, 2.0, 1.0, float(normal(1.0))),
        (1.0, -1.0, -1.0, 0.0),
        (0.5, np.inf, 0.99, float(normal(0.5))),
    ],
)
def test_known_values_of_the_bivariate_law(x: float, y: float, rho: float, value: float) -> None:
    assert float(binormal(x, y, rho)) == pytest.approx(value, abs=1e-15)


def test_a_correlation_beyond_one_has_no_value() -> None:
    assert np.isnan(float(binormal(0.0, 0.0, 1.5)))
    found = binormal_interval(point(0.0), point(0.0), Interval(np.array(0.5), np.array(1.5)))
    assert np.isneginf(found.low)
    assert np.isposinf(found.high)


def test_intervals_of_single_points_hold_the_true_values() -> None:
    generator = np.random.default_rng(1)
    for x in generator.uniform(-30, 9, 200).tolist():
        true, bounds = exactly_one(x), normal_interval(point(x))
        assert not true < float(bounds.low)  # the true value is a ball, which may reach over a bound
        assert not true > float(bounds.high)
    for x, y, rho in generator.uniform(-1, 1, (60, 3)).tolist():
        true, bounds = exactly(6 * x, 6 * y, rho), binormal_interval(point(6 * x), point(6 * y), point(rho))
        assert not true < float(bounds.low)  # the true value is a ball, which may reach over a bound
        assert not true > float(bounds.high)


def test_the_density_is_largest_in_the_middle() -> None:
    across = density_interval(Interval(np.array(-2.0), np.array(1.0)))

    assert float(across.low) <= float(normal_density(-2.0)) <= float(across.low) * (1 + 1e-14)
    assert float(across.high) == pytest.approx(float(normal_density(0.0)), rel=1e-14)


def test_the_normal_law_has_no_exact_value() -> None:
    with pytest.raises(FormulaError, match="no exact value"):
        evaluate_exact(parse("normal(1)"), {})


def boxes(
    seed: int,
) -> tuple[list[Interval], np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.float64]]]:
    generator = np.random.default_rng(seed)
    corner, width = generator.uniform(0.05, 1, (500, 2)), generator.uniform(0, 0.1, (500, 2))
    inside = [corner + width * generator.uniform(0, 1, (500, 2)) for _ in range(2)]
    return [Interval(corner[:, k], corner[:, k] + width[:, k]) for k in range(2)], inside[0], inside[1]


@pytest.mark.parametrize("text", FORMULAS)
def test_an_enclosure_holds_the_values_and_the_slopes_between_them(text: str) -> None:
    formula = parse(text)
    box, first, second = boxes(2)
    found = enclose(formula, dict(zip("pq", variables(box), strict=True)))
    value = evaluate(formula, {"p": first[:, 0], "q": first[:, 1]})

    assert np.all((found.value.low <= value) & (value <= found.value.high))
    for k, slope in enumerate(found.slopes):
        moved = first.copy()
        moved[:, k] = second[:, k]
        far = np.abs(moved[:, k] - first[:, k]) > 1e-4
        rate = (evaluate(formula, {"p": moved[:, 0], "q": moved[:, 1]}) - value)[far] / (moved - first)[far, k]
        low, high = (np.broadcast_to(end, len(value))[far] for end in (slope.low, slope.high))
        assert np.all((low - 1e-9 <= rate) & (rate <= high + 1e-9))


@pytest.mark.parametrize("text", [text for text in FORMULAS if "where" not in text])
def test_second_derivatives_hold_the_changes_of_first_ones(text: str) -> None:
    formula = parse(text)
    box, first, second = boxes(3)
    found = enclose(formula, dict(zip("pq", variables(list(variables(box))), strict=True)))
    at = [enclose(formula, {"p": p, "q": point(first[:, 1])}) for p in _along(first[:, 0], second[:, 0])]
    rate = found.slopes[0]
    change = primal(at[1].slopes[0] or point(0.0)).low - primal(at[0].slopes[0] or point(0.0)).low
    gap = second[:, 0] - first[:, 0]
    far = np.abs(gap) > 1e-3
    ends = rate.slopes[0] if isinstance(rate, Slope) and rate.slopes[0] is not None else point(0.0)
    low, high = (np.broadcast_to(end, len(gap))[far] for end in (ends.low, ends.high))
    quotient = np.broadcast_to(change, len(gap))[far] / gap[far]
    assert np.all((low - 1e-6 <= quotient) & (quotient <= high + 1e-6))


def _along(*places: np.ndarray[Any, np.dtype[np.float64]]) -> list[Slope]:
    return [variables([point(place)])[0] for place in places]
