"""How strongly does a set-valued answer depend on each parameter, whatever the form of the dependence?

The Hilbert-Schmidt independence criterion (Gretton et al. 2005, ALT, LNCS 3734:63-77; for sensitivity Da Veiga 2015,
JSCS 85:1283-1305) with kernels between sets: of the symmetric difference (Fellmann et al. 2024, arXiv 2305.09268), or
of the mean embedding of the sets' members. It is zero only for independence, holds for correlated parameters too, and
no renumbering moves it. A parameter tied to an influential one shows its dependence as well: it says what goes
together, not what causes what.

The answers are classes of equal sets, so kernels are matrices over classes, and only the parameters need one over rows;
that one is factored, so that a permutation only adds up the factors of the rows of each class.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.progress import Progress

__all__ = ["Dependence", "dependence", "difference_kernel", "embedding_kernel", "ranks", "same_kernel"]

SPREAD = 12.0**-0.5  # of the uniform law: the width of the Gaussian kernel between ranks
ROUNDING = 1e-12  # relative: a permutation that comes this close is one that reached the criterion
RESIDUE = 1e-10  # of the kernel's trace: what its factors may leave out

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Dependence(NamedTuple):
    """What was found for each parameter; every field is ``float64[parameter]``.

    ``hsic`` is the criterion itself, ``share`` the criterion as a share of what complete dependence would give (R2 of
    Da Veiga), ``noise`` the mean share over permutations, in which nothing depends on anything, and ``p_value`` how
    often a permutation reached the criterion: (1 + those that did) / (1 + permutations), so never 0. ``corrected``
    counts the permutations in which the largest share of any parameter reached it, which keeps the chance of a single
    false alarm among all parameters at the level (Westfall and Young 1993, Resampling-Based Multiple Testing).
    """

    hsic: FloatArray
    share: FloatArray
    noise: FloatArray
    p_value: FloatArray
    corrected: FloatArray


def dependence(
    values: FloatArray,
    classes: IntArray,
    kernel: FloatArray,
    permutations: int = 999,
    seed: int = 0,
    progress: Progress | None = None,
) -> Dependence:
    """Dependence between each column of ``values[row, parameter]`` and the class of the row.

    ``kernel[class, class]`` says how alike two classes are; ``classes`` are its rows. Parameters enter by their ranks,
    so no change of units or of scale matters, through a Gaussian kernel. All parameters see the same permutations.
    ``progress`` is called with the permutations done and their number. Raises InputError where all rows are of one
    class, or alike, and for fewer than one permutation.

    >>> x = np.random.default_rng(0).random((200, 2))
    >>> found = dependence(x, (x[:, 0] > 0.5).astype(int), same_kernel(2), permutations=99)
    >>> bool(found.share[0] > 0.6 and found.share[1] < 0.05), found.p_value[0].tolist()
    (True, 0.01)
    """
    if permutations < 1:
        raise InputError(f"permutations: {permutations!r}, expected at least 1")
    rows, parameters = values.shape
    sizes = np.bincount(classes, minlength=len(kernel))
    own = _centred_kernel(sizes / rows, kernel)
    if not own > 0.0:
        raise InputError("classes: all rows answer alike, so that there is nothing to depend on")
    factors = [_centred(_factor(ranks(values[:, column]))) for column in range(parameters)]
    starts = np.cumsum([0, *(factor.shape[1] for factor in factors[:-1])])
    largest = np.array([np.sum((factor.T @ factor / rows) ** 2) for factor in factors])
    scale = np.sqrt(largest * own)
    beside = np.concatenate(factors, axis=1)
    by_class = np.argsort(classes, kind="stable")
    hsic = _criteria(beside, starts, by_class, sizes, kernel)
    drawn = np.empty((permutations, parameters))
    generator = np.random.default_rng(seed)
    for number in range(permutations):
        place = np.argsort(generator.permutation(rows))  # where each row went
        drawn[number] = _criteria(beside, starts, place[by_class], sizes, kernel)
        if progress is not None:
            progress(number + 1, permutations)
    share, shuffled = _over(hsic, scale), _over(drawn, scale)
    reached = share * (1.0 - ROUNDING)
    beaten = (np.count_nonzero(part >= reached, axis=0) for part in (shuffled, shuffled.max(axis=1, keepdims=True)))
    p_value, corrected = ((1.0 + count) / (1.0 + permutations) for count in beaten)
    return Dependence(hsic, share, shuffled.mean(axis=0), p_value, corrected)


def same_kernel(count: int) -> FloatArray:
    """Classes are alike only to themselves."""
    return np.eye(count)


def difference_kernel(members: BoolArray, weights: FloatArray) -> FloatArray:
    """Sets ``members[class, element]`` are the less alike the more elements belong to one of them only.

    ``exp(-d / m)`` with ``d`` the size of the symmetric difference and ``m`` its mean over pairs of classes drawn by
    their ``weights`` and not equal: characteristic, so that it tells any two laws of sets apart (Fellmann et al. 2024).

    >>> sets = np.array([[True, False], [True, True]])
    >>> difference_kernel(sets, np.array([0.5, 0.5])).round(3).tolist()
    [[1.0, 0.368], [0.368, 1.0]]
    """
    number = members.astype(np.float64)
    apart = number @ (1.0 - number).T
    return _decaying(apart + apart.T, weights)


def embedding_kernel(members: BoolArray, alike: FloatArray, weights: FloatArray) -> FloatArray:
    """Sets are the more alike the more alike their members are: the Gaussian kernel between their mean embeddings.

    ``alike[element, element]`` is a positive semidefinite kernel between members, which makes this one so as well
    (a Gaussian of a Hausdorff distance need not be). The empty set is embedded at zero. The squared distance is
    measured in its mean over unequal pairs, as in `difference_kernel`.
    """
    number = members.astype(np.float64)
    means = number / np.maximum(number.sum(axis=1, keepdims=True), 1.0)
    inner = means @ alike @ means.T
    squares = np.diag(inner)
    return _decaying(np.maximum(squares[:, np.newaxis] + squares - 2.0 * inner, 0.0), weights)


def _decaying(distances: FloatArray, weights: FloatArray) -> FloatArray:
    """``exp(-distance / mean distance)``, the mean taken over pairs at a distance."""
    pairs = np.outer(weights, weights) * (distances > 0.0)
    mass = float(pairs.sum())
    mean = float((pairs * distances).sum()) / mass if mass > 0.0 else 1.0
    return np.asarray(np.exp(-distances / mean), dtype=np.float64)


def _criteria(
    factors: FloatArray, starts: IntArray, by_class: IntArray, sizes: IntArray, kernel: FloatArray
) -> FloatArray:
    """The criterion (1/n^2) trace(K H L H) of each parameter; its factor of H K H begins at a column of ``starts``.

    ``by_class`` are the rows class after class, ``sizes`` of each.
    """
    from scipy.sparse import csr_array

    rows = len(by_class)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    members = csr_array((np.full(rows, 1.0 / rows), by_class, ends), shape=(len(sizes), rows))
    met = members @ factors
    parts = np.sum((kernel @ met) * met, axis=0)
    return np.asarray(np.add.reduceat(parts, starts), dtype=np.float64)


def _centred_kernel(shares: FloatArray, kernel: FloatArray) -> float:
    """(1/n^2) trace(L H L H) for classes with these shares."""
    centred = kernel - (shares @ kernel) - (kernel @ shares)[:, np.newaxis] + shares @ kernel @ shares
    return float(shares @ (centred**2) @ shares)


def ranks(column: FloatArray) -> FloatArray:
    """Ranks between 0 and 1, equal values in the middle of theirs.

    >>> ranks(np.array([5.0, 2.0, 5.0, 9.0])).tolist()
    [0.5, 0.125, 0.5, 0.875]
    """
    from scipy.stats import rankdata

    return np.asarray((rankdata(column) - 0.5) / len(column), dtype=np.float64)


def _factor(points: FloatArray) -> FloatArray:
    """``F[row, :]`` with ``F F'`` the Gaussian kernel of points, up to RESIDUE of its trace: pivoted Cholesky."""
    left = np.ones(len(points))
    columns: list[FloatArray] = []
    while left.sum() > RESIDUE * len(points):
        pivot = int(np.argmax(left))
        column = np.exp(-((points - points[pivot]) ** 2) / (2.0 * SPREAD**2))
        for earlier in columns:
            column -= earlier * earlier[pivot]
        columns.append(column / np.sqrt(left[pivot]))
        left = np.maximum(left - columns[-1] ** 2, 0.0)
    return np.stack(columns, axis=1)


def _centred(factor: FloatArray) -> FloatArray:
    """The factor with each column moved to mean zero."""
    return np.asarray(factor - factor.mean(axis=0), dtype=np.float64)


def _over(part: FloatArray, whole: FloatArray) -> FloatArray:
    """The ratio, 0 where a parameter does not vary."""
    return np.divide(part, whole, out=np.zeros_like(part), where=np.broadcast_to(whole > 0.0, part.shape))
