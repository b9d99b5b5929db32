"""Which nested conditions on the parameters tell the answers of a game apart, all of them at once?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.events import answers_of, draws_used, event_attributes, moving
from gametheory.analyses.provenance import orders_of
from gametheory.analyses.scenarios.discovery import limits_in_words
from gametheory.estimators.trees import agreement, leaves
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
) -> pd.DataFrame:
    """Boxes that do not overlap and hold all draws, each with the set of solutions most frequent in it.

    Columns: ``order``, ``leaf``, ``conditions`` (in words; empty where there are none), ``answer`` (the set of
    solutions by the actions in use; failed games are an answer of their own), ``density`` (share of the draws inside
    that answer so), ``coverage`` (share of all draws of this answer that lie inside), ``mass``, ``next`` and
    ``next_density`` (the second most frequent). The attributes hold ``agreement``, the share of the draws whose answer
    a tree grown without them tells, and ``commonest``, the share that one would tell by always naming the most frequent
    answer: a tree that does not exceed it says nothing.

    >>> from gametheory.reader import load
    >>> frame = discovery_tree(load("reference_involvement"), order="nato", samples=1_000, most=4)
    >>> len(frame), round(float(frame["mass"].sum()), 9), frame.attrs["agreement"] > frame.attrs["commonest"]
    (4, 1.0, True)
    """
    import pandas as pd

    (order,) = orders_of(model, order)
    used = answers_of(model, answers, (order,), samples, seed)
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
    frame = pd.DataFrame(rows)
    told = agreement(values[drawn], classes, most=most, least=LEAST, seed=seed)
    commonest = float(counts.max() / len(classes))
    verdict = "tells more than naming the commonest answer" if told > commonest else "tells nothing"
    notes = ["conditions were chosen one after the other; close to their edges a tree is often wrong"]
    more = {"agreement": told, "commonest": commonest, "verdict": verdict}
    frame.attrs.update(event_attributes(used, notes, seed, **more))
    return frame


def _answers(answers: Answered, order: str, drawn: NDArray[np.bool_]) -> tuple[IntArray, list[str]]:
    """The answer of each draw, and the answers in words: over intervals, all that occur there."""
    numbers, table = answers.classes[order]
    actions = [labels for _, labels in answers.model.axes]
    words = [class_name(entry, actions) for entry in table]
    named = [" or ".join(dict.fromkeys(words[number] for number in sorted(set(row)))) for row in numbers.tolist()]
    different, classes = np.unique(np.array(named)[drawn], return_inverse=True)
    return classes.reshape(-1).astype(np.int64), different.tolist()
