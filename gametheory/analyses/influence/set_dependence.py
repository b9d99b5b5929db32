"""How strongly does the whole set of solutions depend on each parameter, whatever the form of the dependence?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.events import (
    asked_events,
    draws_used,
    event_attributes,
    moving,
    needed_orders,
    profiles_found,
)
from gametheory.analyses.provenance import orders_of
from gametheory.analyses.shares.stages import answers_told, stages
from gametheory.errors import InputError
from gametheory.estimators.dependence import (
    Dependence,
    dependence,
    difference_kernel,
    embedding_kernel,
    same_kernel,
)
from gametheory.progress import Asked, shown
from gametheory.study import Answered, Profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from gametheory.model import Model

__all__ = ["LEVEL", "Question", "questions", "set_dependence"]

LEVEL = 0.05  # of the corrected p-values
FEWEST = round(1.0 / LEVEL) - 1  # permutations, for a p-value to reach the level
STATUSES = ("failed", "partial")  # each an element of the set of a draw, so that it is a class of its own
DIFFERENCE, EMBEDDING = "symmetric difference", "mean embedding"

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Question(NamedTuple):
    """Classes of the draws that count, and how alike the classes are."""

    order: str
    over: str
    kernel: str
    kept: BoolArray
    classes: IntArray
    alike: FloatArray


def set_dependence(
    model: Model,
    *,
    of: str | None = None,
    when: str = "some",
    order: str = "all",
    samples: int = 4096,
    seed: int = 0,
    permutations: int = 199,
    answers: Answered | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Dependence of the set of solutions (or of one event) on each parameter, by the Hilbert-Schmidt criterion.

    Two kernels compare the sets: by the solutions that belong to one of them only (``symmetric difference``), and by
    how alike their members are (``mean embedding``; two supports by the actions that they share, player by player).
    With ``of``, an event as in `discovery`, only whether it happens counts (kernel ``same``): target dependence.
    Columns: ``order``, ``over``, ``kernel``, ``parameter``, ``share`` (of what complete dependence would give, 0 to 1),
    ``noise`` (the same when the answers are shuffled), ``p_value`` (by that shuffling), ``corrected`` (over all
    parameters of a question) and ``verdict``. Failed games and those with an unproved list are classes of their own; in
    target dependence, undecided draws are left out and counted under ``undecided``. Tied parameters share what either
    of them explains. ``progress`` is called with the draws answered and the permutations done, and their number.

    >>> from gametheory.reader import load
    >>> frame = set_dependence(load("reference_involvement"), order="nato", samples=300, permutations=99)
    >>> frame.iloc[0]["parameter"], frame.iloc[0]["verdict"]
    ('escalation_risk', 'depends')
    """
    import pandas as pd

    if permutations < FEWEST:
        raise InputError(f"permutations: {permutations!r}, expected at least {FEWEST}, or nothing could be told")
    notes = [f"p-values are by {permutations:,} permutations: none can be below {1 / (1 + permutations):.2g}"]
    rows: list[dict[str, Any]] = []
    steps = [permutations] * _how_many(model, of, order)
    with shown(progress, "set dependence") as report:
        answering, *shuffling = stages(report, 0 if answers is not None else samples, *steps)
        used = answers_told(model, answers, needed_orders(model, of, order), (samples, seed), answering)
        names, values = moving(used)
        drawn = draws_used(used)
        for asked, step in zip(questions(used, model, drawn, of, when, order), shuffling, strict=True):
            if np.ptp(asked.classes) == 0:
                notes.append(f"all draws answer alike, so nothing can matter: {asked.order}, {asked.over}")
                if step is not None:
                    step(permutations, permutations)
                continue
            found = dependence(values[asked.kept], asked.classes, asked.alike, permutations, seed, step)
            rows += _rows(asked, names, found, int(np.count_nonzero(drawn & ~asked.kept)))
    columns = ["order", "over", "kernel", "parameter", "share", "noise", "p_value"]
    frame = pd.DataFrame(rows, columns=[*columns, "corrected", "undecided"])
    frame["verdict"] = np.where(frame["corrected"] <= LEVEL, "depends", "no dependence that could be told from chance")
    frame.attrs.update(event_attributes(used, notes, seed, permutations=permutations))
    return frame


def questions(
    answers: Answered, model: Model, drawn: BoolArray, of: str | None, when: str, order: str
) -> Iterator[Question]:
    """What dependence is asked of: the sets of solutions by either kernel, or one event."""
    if of is not None:
        for own in asked_events(answers, of, orders_of(model, order), when):
            kept = drawn & own.decided
            yield Question(own.order, own.name, "same", kept, own.happens[kept].astype(np.int64), same_kernel(2))
        return
    for name in orders_of(model, order):
        classes, members, profiles = _sets(answers, name, drawn)
        weights = np.bincount(classes, minlength=len(members)) / len(classes)
        for kernel, alike in (
            (DIFFERENCE, difference_kernel(members, weights)),
            (EMBEDDING, embedding_kernel(members, _alike(profiles, len(answers.cover)), weights)),
        ):
            yield Question(name, "set of solutions", kernel, drawn, classes, alike)


def _how_many(model: Model, of: str | None, order: str) -> int:
    """How many `questions` there are."""
    orders = needed_orders(model, of, order)
    return 2 * len(orders) if of is None else max(len(orders), 1)


def _sets(answers: Answered, order: str, drawn: BoolArray) -> tuple[IntArray, BoolArray, list[Profile]]:
    """The class of each draw, the members of each class ``bool[class, element]``, and the profiles found.

    An element is a profile, or a status that is not ``solved``, at one point of the intervals.
    """
    numbers, table = answers.classes[order]
    profiles = profiles_found(answers, order)
    own = np.array(
        [[profile in entry.profiles for profile in profiles] + [entry.status == name for name in STATUSES]
         for entry in table], dtype=np.bool_)  # fmt: skip
    different, classes = np.unique(numbers[drawn], axis=0, return_inverse=True)
    members = own[different].reshape(len(different), -1)
    return classes.reshape(-1).astype(np.int64), members, profiles


def _alike(profiles: list[Profile], points: int) -> FloatArray:
    """How alike two elements are: for profiles the mean over axes of the share of used actions that both use.

    Where neither uses any, as at information sets that both exclude, they are alike.
    """
    size = len(profiles) + len(STATUSES)
    alike = np.eye(size)
    for row, first in enumerate(profiles):
        for column, second in enumerate(profiles):
            shared = [
                len({*a} & {*b}) / len({*a} | {*b}) if a or b else 1.0 for a, b in zip(first, second, strict=True)
            ]
            alike[row, column] = sum(shared) / len(shared)
    return np.asarray(np.kron(np.eye(points), alike), dtype=np.float64)


def _rows(asked: Question, names: Sequence[str], found: Dependence, undecided: int) -> list[dict[str, Any]]:
    """The rows of one question, the strongest dependence first."""
    head = {"order": asked.order, "over": asked.over, "kernel": asked.kernel}
    return [
        {**head, "parameter": names[place], **_row(found, place), "undecided": undecided}
        for place in np.argsort(-found.share, kind="stable").tolist()
    ]


def _row(found: Dependence, place: int) -> dict[str, float]:
    """What was found for one parameter."""
    return {name: float(getattr(found, name)[place]) for name in ("share", "noise", "p_value", "corrected")}
