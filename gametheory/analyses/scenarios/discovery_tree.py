"""Which nested conditions on the parameters tell the answers of a game apart, all of them at once?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.events import draws_used, event_attributes, moving
from gametheory.analyses.provenance import orders_of
from gametheory.analyses.scenarios.discovery import limits_in_words
from gametheory.analyses.shares.stages import answers_told, twice
from gametheory.estimators.trees import agreement, leaves
from gametheory.progress import Asked, Progress, shown
from gametheory.study import Answered, class_name

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["discovery_tree"]

LEAST = 0.02  # of all draws in the smallest leaf

IntArray = NDArray[np.int64]


def discovery_tree(
    model: Model,
    *,
    order: str = "simultaneous",
    samples: int = 20_000,
    seed: int = 0,
    most: int = 8,
    answers: Answered | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Boxes that do not overlap and hold all draws, each with the set of solutions most frequent in it.

    Columns: ``order``, ``leaf``, ``conditions`` (in words; empty where there are none), ``answer`` (the set of
    solutions by the actions in use; failed games are an answer of their own), ``density`` (share of the draws inside
    that answer so), ``coverage`` (share of all draws of this answer that lie inside), ``mass``, ``next`` and
    ``next_density`` (the second most frequent). The attributes hold ``agreement``, the share of the draws whose answer
    a tree grown without them tells, and ``commonest``, the share that one would tell by always naming the most frequent
    answer: a tree that does not exceed it says nothing. ``progress`` counts each draw twice: once it is answered, and
    again as the tree is grown and then tried on draws left out.

    >>> from gametheory.reader import load
    >>> frame = discovery_tree(load("reference_involvement"), order="nato", samples=1_000, most=4)
    >>> len(frame), round(float(frame["mass"].sum()), 9), frame.attrs["agreement"] > frame.attrs["commonest"]
    (4, 1.0, True)
    """
    import pandas as pd

    (order,) = orders_of(model, order)
    with shown(progress, "discovery tree") as report:
        answering, growing = twice(report, answers, samples)
        used = answers_told(model, answers, (order,), (samples, seed), answering)
        rows, more = _grown(used, order, most, seed, growing)
    frame = pd.DataFrame(rows)
    notes = ["conditions were chosen one after the other; close to their edges a tree is often wrong"]
    frame.attrs.update(event_attributes(used, notes, seed, **more))
    return frame


def _grown(
    used: Answered, order: str, most: int, seed: int, progress: Progress | None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """One row a leaf, and how well the tree tells; ``progress`` is told of two steps: grown, and tried."""
    names, values = moving(used)
    drawn = draws_used(used)
    classes, table = _answers(used, order, drawn)
    counts = np.bincount(classes, minlength=len(table))
    rows: list[dict[str, Any]] = []
    for number, leaf in enumerate(leaves(values[drawn], classes, most=most, least=LEAST), start=1):
        first, second = np.argsort(-leaf.counts, kind="stable")[:2].tolist() if len(table) > 1 else (0, 0)
        row = {"order": order, "leaf": number, "conditions": limits_in_words(names, leaf.low, leaf.high)}
        row |= {"answer": table[first], "density": leaf.counts[first] / leaf.size}
        row |= {"coverage": leaf.counts[first] / counts[first], "mass": leaf.size / len(classes)}
        other = leaf.counts[second] if second != first else 0
        rows.append({**row, "next": table[second] if other else "", "next_density": other / leaf.size})
    if progress is not None:
        progress(1, 2)
    told = agreement(values[drawn], classes, most=most, least=LEAST, seed=seed)
    if progress is not None:
        progress(2, 2)
    commonest = float(counts.max() / len(classes))
    verdict = "tells more than naming the commonest answer" if told > commonest else "tells nothing"
    return rows, {"agreement": told, "commonest": commonest, "verdict": verdict}


def _answers(answers: Answered, order: str, drawn: NDArray[np.bool_]) -> tuple[IntArray, list[str]]:
    """The answer of each draw, and the answers in words: over intervals, all that occur there."""
    numbers, table = answers.classes[order]
    actions = [labels for _, labels in answers.model.axes]
    words = [class_name(entry, actions) for entry in table]
    named = [" or ".join(dict.fromkeys(words[number] for number in sorted(set(row)))) for row in numbers.tolist()]
    different, classes = np.unique(np.array(named)[drawn], return_inverse=True)
    return classes.reshape(-1).astype(np.int64), different.tolist()
