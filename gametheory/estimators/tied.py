"""Which parameters drive an answer where none can be exchanged by itself, since they hang together?

The share of a group of parameters is then the variance of the answer's mean once they are known. It holds what they
tell about the others, so shares of groups overlap; Shapley effects divide the whole among the parameters all the same,
never below zero, and an idle parameter gets a share where it goes with one that is not (Song, Nelson and Staum 2016,
SIAM/ASA Journal on Uncertainty Quantification 4:1060-1083; Owen and Prieur 2017, same journal 5:986-1002).

In place of exchanges come redraws: points at which some parameters keep the values of a base point and the others are
drawn afresh from their law given those. The sums are those of `variance`, of which independent exchanges are the case
where that law does not look at what is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.estimators.variance import PickFrozen, Sums

__all__ = ["Redrawn", "redrawn_sums"]


class Redrawn(NamedTuple):
    """Answers at base points and their redraws, with numbers as in `PickFrozen`.

    ``a`` and ``b`` are ``[base]``, independent draws of the joint law. ``kept`` is ``[parameter, base]``: that
    parameter from A, all others redrawn given it; ``redrawn`` the other way round: all from A but that parameter.
    ``path`` is ``[base, step]``: the parameters ``turns[base, place]`` redrawn up to a place, given those that are not,
    from A to B.
    """

    a: NDArray[Any]
    b: NDArray[Any]
    kept: NDArray[Any]
    redrawn: NDArray[Any]
    path: NDArray[Any]
    turns: NDArray[np.int64]
    replicate: NDArray[np.int64]


def redrawn_sums(answers: Redrawn, sums: Callable[[PickFrozen], Sums]) -> Sums:
    """Sums from redraws, of which `indices` makes the shares; ``sums`` is that of sets or that of numbers.

    In the indices ``first`` is then the share of a parameter with all that it tells about others, ``total`` what is
    left of the variance where all others are known, and may be the smaller of the two: an idle parameter that goes with
    one that matters changes nothing alone, and yet its ``first`` rests on all changes of its redraws. Where a number is
    missing from the one comparison of a base point in a parameter, the other is left out as well.

    >>> from gametheory.estimators.variance import indices, value_sums
    >>> x = np.random.default_rng(0).standard_normal((2, 8000))  # the second parameter equals the first, answer: x
    >>> both = np.stack([x[0], x[0]])
    >>> path, turns = np.stack([x[0], x[0], x[1]], axis=1), np.tile([[0, 1], [1, 0]], (4000, 1))
    >>> found = indices(redrawn_sums(Redrawn(*x, both, both, path, turns, np.arange(8000) % 4), value_sums))
    >>> found.first.round(1).tolist(), found.total.tolist(), found.shapley.tolist()
    ([1.0, 1.0], [0.0, 0.0], [0.5, 0.5])
    """
    a, b, kept, redrawn, path, turns, replicate = answers
    if kept.dtype.kind == "f":
        missing = np.isnan(kept) | np.isnan(redrawn)
        kept, redrawn = np.where(missing, np.nan, kept), np.where(missing, np.nan, redrawn)
    whole = sums(PickFrozen(a, b, redrawn, path, turns, replicate))
    alone = sums(PickFrozen(b, a, kept, path, turns, replicate))
    return whole._replace(
        first=alone.first, seen=alone.flips, moved=alone.moved, second=alone.second, noise=alone.noise
    )
