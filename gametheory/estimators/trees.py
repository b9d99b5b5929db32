"""Which nested limits on the parameters tell several kinds of answers apart?

Classification trees: Breiman, Friedman, Olshen and Stone (1984), Classification and Regression Trees; for scenarios
Lempert, Bryant and Bankes (2008), RAND WR-557. Every leaf is a box, the boxes do not overlap, and together they hold
all points. Leaves are found by scikit-learn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier

__all__ = ["Leaf", "agreement", "leaves"]

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Leaf:
    """A box ``low[parameter] < x <= high[parameter]``, infinite where it has no limit, and its points by class."""

    low: FloatArray
    high: FloatArray
    counts: IntArray

    @property
    def size(self) -> int:
        """Number of points inside."""
        return int(self.counts.sum())

    @property
    def answer(self) -> int:
        """The most frequent class inside, the first of equals."""
        return int(np.argmax(self.counts))


def leaves(values: FloatArray, classes: IntArray, *, most: int = 8, least: float = 0.05) -> list[Leaf]:
    """The leaves of a tree of at most ``most`` of them, none with less than ``least`` of all points, largest first.

    Each cut is the one that lowers the Gini impurity most, which no renumbering of the classes moves; equally good
    cuts are settled by the order of the parameters, shuffled by a fixed seed.

    >>> x = np.linspace(0.005, 0.995, 100)[:, np.newaxis]
    >>> found = leaves(x, np.searchsorted([0.3, 0.8], x[:, 0]))
    >>> [(leaf.answer, leaf.size, leaf.low.round(2).tolist()) for leaf in found]
    [(1, 50, [0.3]), (0, 30, [-inf]), (2, 20, [0.8])]
    """
    columns = [np.unique(column, return_inverse=True) for column in values.T]
    places = np.stack([place for _, place in columns], axis=1)  # whole numbers: trees round to single precision
    tree = _grown(places, classes, most, least)
    placed = tree.apply(places)
    number = int(classes.max()) + 1
    found = [
        Leaf(low, high, np.bincount(classes[placed == node], minlength=number))
        for node, low, high in _boxes(tree, [different for different, _ in columns])
    ]
    return sorted(found, key=lambda leaf: -leaf.size)


def agreement(
    values: FloatArray, classes: IntArray, *, most: int = 8, least: float = 0.05, folds: int = 5, seed: int = 0
) -> float:
    """Share of the points whose class a tree grown without them tells, over ``folds`` parts left out in turn.

    >>> x = np.linspace(0.005, 0.995, 100)[:, np.newaxis]
    >>> agreement(x, np.searchsorted([0.3, 0.8], x[:, 0])) > 0.9
    True
    """
    part = np.random.default_rng(seed).permutation(len(classes)) % folds
    right = 0
    for fold in range(folds):
        left_out = part == fold
        tree = _grown(values[~left_out], classes[~left_out], most, least)
        right += int(np.count_nonzero(tree.predict(values[left_out]) == classes[left_out]))
    return right / len(classes)


def _grown(values: FloatArray | IntArray, classes: IntArray, most: int, least: float) -> DecisionTreeClassifier:
    """A tree, the same for the same points."""
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(max_leaf_nodes=max(most, 2), min_samples_leaf=least, random_state=0)
    tree.fit(values, classes)
    return tree


def _boxes(tree: DecisionTreeClassifier, different: list[FloatArray]) -> list[tuple[int, FloatArray, FloatArray]]:
    """The number and the limits of every leaf of a tree over places among the ``different`` values of each column."""
    grown = tree.tree_
    waiting = [(0, np.full(len(different), -np.inf), np.full(len(different), np.inf))]
    found = []
    while waiting:
        node, low, high = waiting.pop()
        left, right = int(grown.children_left[node]), int(grown.children_right[node])
        if left == right:
            found.append((node, low, high))
            continue
        column = int(grown.feature[node])
        below = int(np.floor(grown.threshold[node]))
        cut = float(different[column][below : below + 2].mean())
        upper, lower = high.copy(), low.copy()
        upper[column], lower[column] = min(high[column], cut), max(low[column], cut)
        waiting += [(left, low, upper), (right, lower, high)]
    return found
