"""What is wrong with the numbers of a law?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TypeAlias

__all__ = ["Number", "as_tuple", "faults", "short"]

Number: TypeAlias = float | tuple[float, ...]

FARTHEST_CUT = 30.0  # standard deviations; farther out the cut normal law has no mass that a double can hold


def faults(kind: str, numbers: Mapping[str, Number]) -> Iterator[tuple[str, str]]:
    """What is wrong with the numbers of a law: pairs of the number's name and a sentence.

    >>> list(faults("uniform", {"low": 2.0, "high": 1.0}))
    [('low', 'low 2 is not below high 1')]
    """
    if kind == "discrete":
        yield from _discrete_faults(as_tuple(numbers["values"]), as_tuple(numbers["probabilities"]))
        return
    given = {key: float(number) for key, number in numbers.items() if not isinstance(number, tuple)}
    infinite = [key for key, number in given.items() if not math.isfinite(number)]
    yield from ((key, f"{key} is not a finite number") for key in infinite)
    if not infinite:
        yield from _order_faults(given)
        yield from _sign_faults(kind, given)
        yield from _cut_faults(kind, given)
    if kind == "ranked":
        yield from _place_faults(as_tuple(numbers["places"]))


def _order_faults(given: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    low, mode, high = given.get("low"), given.get("mode"), given.get("high")
    if low is None or high is None:
        return
    if not low < high:
        yield "low", f"low {short(low)} is not below high {short(high)}"
    elif mode is not None and not low <= mode <= high:
        yield "mode", f"mode {short(mode)} lies outside low {short(low)} to high {short(high)}"


def _sign_faults(kind: str, given: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    positive = [key for key in ("a", "b", "sd") if key in given]
    positive += {"loguniform": ["low"], "lognormal": ["mean"]}.get(kind, [])
    for key in positive:
        if not given[key] > 0.0:
            yield key, f"{key} {short(given[key])} is not above 0"


def _cut_faults(kind: str, given: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    if kind != "truncnormal" or not given["sd"] > 0.0:
        return
    nearest = min(max(given["mean"], given["low"]), given["high"])
    if abs(nearest - given["mean"]) > FARTHEST_CUT * given["sd"]:
        yield "mean", f"mean {short(given['mean'])} lies more than {FARTHEST_CUT:g} sd outside low to high"


def _discrete_faults(values: tuple[float, ...], probabilities: tuple[float, ...]) -> Iterator[tuple[str, str]]:
    if not values:
        yield "values", "values is empty"
    if not all(map(math.isfinite, (*values, *probabilities))):
        yield "values", "values and probabilities are finite numbers"
        return
    if len(set(values)) < len(values):
        yield "values", "a value stands twice"
    if len(values) != len(probabilities):
        yield "probabilities", f"{len(probabilities)} probabilities for {len(values)} values"
    if any(not 0.0 < probability <= 1.0 for probability in probabilities):
        yield "probabilities", "a probability is not above 0 and at most 1; leave out values that cannot happen"
    elif abs(math.fsum(probabilities) - 1.0) > 1e-9:
        yield "probabilities", f"probabilities sum to {short(math.fsum(probabilities))}, expected 1"


def _place_faults(places: tuple[float, ...]) -> Iterator[tuple[str, str]]:
    if not all(0.0 <= chance <= 1.0 for chance in places) or abs(math.fsum(places) - 1.0) > 1e-9:
        yield "places", f"places are {short(places) or 'missing'}, expected chances that sum to 1"


def as_tuple(number: Number) -> tuple[float, ...]:
    """One number as a tuple of one, several as they are."""
    return number if isinstance(number, tuple) else (number,)


def short(number: Number) -> str:
    """Numbers as a sentence shows them, with six significant digits."""
    return ", ".join(f"{part:.6g}" for part in as_tuple(number))
