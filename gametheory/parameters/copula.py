"""How do several parameters keep their own laws and still rise and fall together?

A Gaussian copula: normal scores with a given correlation, turned back into uniform columns. A rank correlation r is a
correlation of 2 sin(pi r / 6) between the scores.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gametheory.errors import ComputationError
from gametheory.parameters.quantiles import FloatArray

__all__ = ["Group", "grouped", "nearest_correlation", "within_unit"]

SMALLEST_UNIFORM = 2.0**-54  # half a step of the generator: keeps 0, where a normal law is infinite, out of the draws
LARGEST_UNIFORM = 1.0 - 2.0**-53  # the double below 1, where it is infinite too
NEGLIGIBLE = 1e-12  # of an eigenvalue, where those of a correlation matrix sum to its size: rounding, not a direction
CONVERGED = 1e-12  # relative step of the alternating projections
MOST_PROJECTIONS = 100_000  # convergence is linear; a dozen parameters take a few hundred


@dataclass(frozen=True)
class Group:
    """Parameters that are tied by rank correlations, directly or through others, in the order of their names.

    ``asked`` and ``used`` are rank correlations ``[name, name]``: what was written, 0 where nothing was, and what is
    drawn; they differ only where no joint law has what was written. ``factor`` is lower triangular with rows of length
    1: its product with its transpose is the correlation of the normal scores.
    """

    names: tuple[str, ...]
    asked: FloatArray = field(compare=False)
    used: FloatArray = field(compare=False)
    factor: FloatArray = field(compare=False)

    @property
    def repaired(self) -> float:
        """The largest change of a rank correlation that was needed; 0 where all are drawn as they were asked for."""
        return float(np.max(np.abs(self.used - self.asked)))

    def tie(self, uniforms: FloatArray) -> FloatArray:
        """Independent uniform columns ``float64[count, name]`` as columns with the correlations of the group.

        The first column stays as it is. The sum is written out, because a product of matrices may round differently
        with another number of threads.
        """
        from scipy.special import ndtr, ndtri

        scores = ndtri(within_unit(uniforms))
        tied = np.array(uniforms, dtype=np.float64)
        for place in range(1, len(self.names)):
            total = np.zeros(len(scores))
            for other in range(place + 1):
                total += self.factor[place, other] * scores[:, other]
            tied[:, place] = ndtr(total)
        return within_unit(tied)


def within_unit(uniforms: FloatArray) -> FloatArray:
    """Uniform numbers moved off 0 and 1 by less than the generator can tell."""
    return np.clip(uniforms, SMALLEST_UNIFORM, LARGEST_UNIFORM)


def grouped(ranks: Mapping[tuple[str, str], float]) -> tuple[Group, ...]:
    """The groups of parameters that rank correlations between pairs tie together."""
    together: list[set[str]] = []
    for pair in ranks:
        touched = [names for names in together if names & set(pair)]
        together = [names for names in together if not names & set(pair)] + [set(pair).union(*touched)]
    return tuple(_group(tuple(sorted(names)), ranks) for names in sorted(together, key=min))


def nearest_correlation(matrix: FloatArray) -> FloatArray:
    """The correlation matrix nearest to a symmetric matrix, by the sum of squared differences.

    Alternating projections onto the positive semidefinite matrices and onto those with ones on the diagonal, with
    Dykstra's correction (Higham 2002, IMA Journal of Numerical Analysis 22). Raises `ComputationError` where they do
    not settle.

    >>> nearest_correlation(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])).round(4).tolist()
    [[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]]
    """
    current, correction = np.array(matrix, dtype=np.float64), np.zeros_like(matrix)
    for _ in range(MOST_PROJECTIONS):
        without = current - correction
        positive = _positive_part(without)
        correction = positive - without
        ones = positive.copy()
        np.fill_diagonal(ones, 1.0)
        settled = np.linalg.norm(ones - current) <= CONVERGED * np.linalg.norm(ones)
        current = ones
        if settled:
            scale = np.sqrt(np.diag(positive))  # off 1 by the last step only
            nearest: FloatArray = positive / np.outer(scale, scale)
            np.fill_diagonal(nearest, 1.0)
            return nearest
    raise ComputationError("no nearest correlation matrix was found; write fewer or smaller rank correlations")


def _group(names: tuple[str, ...], ranks: Mapping[tuple[str, str], float]) -> Group:
    place = {name: number for number, name in enumerate(names)}
    asked = np.eye(len(names))
    for (first, second), rank in ranks.items():
        if first in place:
            asked[place[first], place[second]] = asked[place[second], place[first]] = rank
    scores = 2.0 * np.sin(math.pi * asked / 6.0)
    np.fill_diagonal(scores, 1.0)
    if np.linalg.eigvalsh(scores)[0] >= -NEGLIGIBLE * len(names):
        return Group(names, asked, asked, _factor(scores))
    nearest = nearest_correlation(scores)
    used = 6.0 / math.pi * np.arcsin(nearest / 2.0)
    np.fill_diagonal(used, 1.0)
    return Group(names, asked, used, _factor(nearest))


def _factor(correlation: FloatArray) -> FloatArray:
    """The lower triangular root of a positive semidefinite matrix with ones on the diagonal, singular ones included."""
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.where(values > NEGLIGIBLE * len(values), values, 0.0))
    triangle = np.linalg.qr(root.T)[1].T
    factor = np.tril(triangle * np.where(np.diag(triangle) < 0.0, -1.0, 1.0))
    lengths = np.sqrt(np.sum(factor**2, axis=1, keepdims=True))
    return np.asarray(factor / lengths, dtype=np.float64)


def _positive_part(matrix: FloatArray) -> FloatArray:
    """The nearest positive semidefinite matrix: negative eigenvalues become 0."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T, dtype=np.float64)
