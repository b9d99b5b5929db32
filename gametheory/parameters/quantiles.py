"""Which value does each law put at a given probability?

Inverse distribution functions, vectorised over the probabilities. `Law.quantile` keeps them inside the support.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["QUANTILES", "FloatArray"]

FloatArray: TypeAlias = NDArray[np.float64]

PERT_WEIGHT = 4.0  # the usual weight of the mode in the PERT law
HALVINGS = 60  # of the range from 0 to 1: below the spacing of doubles near 1


def _fixed(u: FloatArray, value: float) -> FloatArray:
    return np.full_like(u, value)


def _uniform(u: FloatArray, low: float, high: float) -> FloatArray:
    return low + u * (high - low)


def _loguniform(u: FloatArray, low: float, high: float) -> FloatArray:
    return np.exp(math.log(low) + u * (math.log(high) - math.log(low)))


def _triangular(u: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    width, below, above = high - low, mode - low, high - mode
    rising = low + width * np.sqrt(u * (below / width))
    falling = high - width * np.sqrt((1.0 - u) * (above / width))
    return np.where(u * width < below, rising, falling)


def _beta(u: FloatArray, a: float, b: float, low: float, high: float) -> FloatArray:
    from scipy.special import betaincinv

    return np.asarray(low + (high - low) * betaincinv(a, b, u), dtype=np.float64)


def _pert(u: FloatArray, low: float, mode: float, high: float) -> FloatArray:
    share = (mode - low) / (high - low)
    return _beta(u, 1.0 + PERT_WEIGHT * share, 1.0 + PERT_WEIGHT * (1.0 - share), low, high)


def _normal(u: FloatArray, mean: float, sd: float) -> FloatArray:
    from scipy.special import ndtri

    return np.asarray(mean + sd * ndtri(u), dtype=np.float64)


def _lognormal(u: FloatArray, mean: float, sd: float) -> FloatArray:
    from scipy.special import ndtri

    variance = math.log1p((sd / mean) ** 2)  # of the logarithm: sd**2 / mean**2 = exp(variance) - 1
    return np.exp(math.log(mean) - variance / 2.0 + math.sqrt(variance) * ndtri(u))


def _truncnormal(u: FloatArray, mean: float, sd: float, low: float, high: float) -> FloatArray:
    from scipy.special import ndtr, ndtri

    if low > mean:  # in the upper tail probabilities round to 1, so mirror the law into the lower tail
        return -_truncnormal(1.0 - u, -mean, sd, -high, -low)
    bottom, top = ndtr((low - mean) / sd), ndtr((high - mean) / sd)
    return np.asarray(mean + sd * ndtri(bottom + u * (top - bottom)), dtype=np.float64)


def _discrete(u: FloatArray, values: tuple[float, ...], probabilities: tuple[float, ...]) -> FloatArray:
    order = np.argsort(np.asarray(values))
    steps = np.cumsum(np.asarray(probabilities)[order])
    place = np.searchsorted(steps / steps[-1], u, side="left")
    return np.asarray(values, dtype=np.float64)[order][np.minimum(place, len(values) - 1)]


def _ranked(u: FloatArray, low: float, high: float, places: tuple[float, ...]) -> FloatArray:
    """The law of a mixture of the beta laws that sorted uniform numbers have, by halving the range."""
    from scipy.special import betainc, betaincinv

    size = len(places)
    chances = {place: chance for place, chance in enumerate(places, start=1) if chance > 0.0}
    if len(chances) == 1:
        (place,) = chances
        return np.asarray(low + (high - low) * betaincinv(place, size + 1 - place, u), dtype=np.float64)
    bottom, top = np.zeros_like(u), np.ones_like(u)
    for _ in range(HALVINGS):
        middle = (bottom + top) / 2.0
        reached = sum(chance * betainc(place, size + 1 - place, middle) for place, chance in chances.items())
        bottom, top = np.where(reached < u, middle, bottom), np.where(reached < u, top, middle)
    return np.asarray(low + (high - low) * top, dtype=np.float64)


QUANTILES: Mapping[str, Callable[..., FloatArray]] = MappingProxyType(
    {
        "fixed": _fixed,
        "uniform": _uniform,
        "loguniform": _loguniform,
        "triangular": _triangular,
        "pert": _pert,
        "beta": _beta,
        "normal": _normal,
        "lognormal": _lognormal,
        "truncnormal": _truncnormal,
        "discrete": _discrete,
        "ranked": _ranked,
    }
)
