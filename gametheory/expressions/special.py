"""Which values do the normal law's functions have, for one variable and for two?"""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["binormal", "normal", "normal_density"]

FloatArray: TypeAlias = NDArray[np.float64]

NODES = 48  # of the quadrature over the correlation: relative errors of 1e-13 at values above 1e-150
STEEPEST = 0.95  # correlation up to which that quadrature is used; beyond it its integrand has a narrow peak
DENSITY_AT_ZERO = 0.3989422804014327  # 1 / sqrt(2 pi)


def normal(x: ArrayLike) -> FloatArray:
    """The standard normal distribution function: the probability of a value of at most ``x``.

    >>> normal(np.array([-np.inf, 0.0, 1.0])).round(6).tolist()
    [0.0, 0.5, 0.841345]
    """
    from scipy.special import ndtr

    return np.asarray(ndtr(np.asarray(x, dtype=np.float64)), dtype=np.float64)


def normal_density(x: ArrayLike) -> FloatArray:
    """The standard normal density at ``x``.

    >>> normal_density(np.array([0.0, 1.0])).round(6).tolist()
    [0.398942, 0.241971]
    """
    place = np.asarray(x, dtype=np.float64)
    return np.asarray(np.exp(-0.5 * place * place) * DENSITY_AT_ZERO)


def binormal(x: ArrayLike, y: ArrayLike, rho: ArrayLike) -> FloatArray:
    """The probability that two standard normal variables of correlation ``rho`` are at most ``x`` and at most ``y``.

    A correlation outside -1 to 1 has no value (not a number). For correlations from 0 to 0.95 the relative error is
    small, so that ratios of small probabilities can be trusted; elsewhere the absolute error is about 1e-15.

    >>> binormal([0.0, 0.0, np.inf], [0.0, 0.0, 0.0], [0.0, 0.5, 0.5]).round(9).tolist()
    [0.25, 0.333333333, 0.5]
    """
    given = [np.asarray(part, dtype=np.float64) for part in (x, y, rho)]
    shape = np.broadcast_shapes(*(part.shape for part in given))
    first, second, tied = (np.broadcast_to(part, shape).ravel() for part in given)
    opposed = tied < 0.0
    turned, size = np.where(opposed, -second, second), np.abs(tied)
    found = np.full(len(first), np.nan)
    plain = size <= STEEPEST
    found[plain] = _spread(first[plain], turned[plain], size[plain])
    steep = (size > STEEPEST) & (size < 1.0)
    found[steep] = _by_owen(first[steep], turned[steep], size[steep])
    certain = size == 1.0
    found[certain] = normal(np.minimum(first[certain], turned[certain]))
    found[opposed] = np.maximum(normal(first[opposed]) - found[opposed], 0.0)
    found[np.isnan(first) | np.isnan(second)] = np.nan
    return found.reshape(shape)


@cache
def _nodes() -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of Gauss and Legendre on the interval from 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return (nodes + 1.0) / 2.0, weights / 2.0


def _spread(x: FloatArray, y: FloatArray, rho: FloatArray) -> FloatArray:
    """The independent case and what the correlation adds to it, a sum of positive numbers.

    The derivative with respect to the correlation is the density (Plackett 1954); with ``rho = sin(angle)`` it is
    smooth up to the end.
    """
    nodes, weights = _nodes()
    angle = np.arcsin(rho)
    total = np.zeros(len(x))
    finite = np.isfinite(x) & np.isfinite(y)
    with np.errstate(all="ignore"):
        squares, product = np.where(finite, x * x + y * y, np.inf), np.where(finite, x * y, 0.0)
        for node, weight in zip(nodes.tolist(), weights.tolist(), strict=True):
            sine = np.sin(angle * node)
            total += weight * np.exp(-0.5 * (squares - 2.0 * product * sine) / (1.0 - sine * sine))
    return np.asarray(normal(x) * normal(y) + angle * total / (2.0 * np.pi))


def _by_owen(x: FloatArray, y: FloatArray, rho: FloatArray) -> FloatArray:
    """By Owen's T function (Owen 1956), for strong correlations."""
    from scipy.special import owens_t

    root = np.sqrt((1.0 - rho) * (1.0 + rho))
    tiny = np.finfo(np.float64).tiny
    first, second = np.where(x == 0.0, tiny, x), np.where(y == 0.0, tiny, y)
    low, high = normal(x), normal(y)
    with np.errstate(all="ignore"):
        wings = owens_t(first, (second / first - rho) / root) + owens_t(second, (first / second - rho) / root)
    apart = np.where(first * second > 0.0, 0.0, np.where(np.sign(first) * np.sign(second) > 0.0, 0.0, 0.5))
    inner = np.clip((low + high) / 2.0 - wings - apart, np.maximum(low + high - 1.0, 0.0), np.minimum(low, high))
    outside = ~(np.isfinite(x) & np.isfinite(y))
    return np.asarray(np.where(outside, np.minimum(low, high), inner))
