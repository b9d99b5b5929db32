"""How much of the dependence of the set of solutions is due to each parameter, alone and with others?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.events import draws_used, event_attributes, moving, needed_orders
from gametheory.analyses.influence.set_dependence import LEVEL, Question, questions
from gametheory.analyses.shares.stages import answers_told, counted, twice
from gametheory.errors import InputError
from gametheory.estimators.anova_dependence import Shared, anova_dependence, idle_p_values
from gametheory.estimators.regional import holm
from gametheory.progress import Asked, Progress, shown
from gametheory.study import Answered

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["dependence_indices"]

MOST = 4096  # draws that are used: the time grows with their square
TESTED = 400  # draws that the permutations use, each of which costs as much
FEWEST = 64  # draws of a question
FEWEST_SHUFFLES = 199
NORMAL_95 = 1.96  # the normal distribution's 97.5 % point
INDICES = ("first", "total", "shapley")
MATTERS, UNTOLD = "matters, alone or with others", "nothing that could be told from chance"
TIED = "not tested: parameters are tied, so one cannot be shuffled by itself"

FloatArray = NDArray[np.float64]

MEANING = (
    "first: share of the dependence on all parameters that is due to one alone; total: to it in all its combinations; "
    "shapley: the same with each combination divided equally among its members, which adds up to 1; low and high: 95 % "
    "intervals, too narrow close to 0, where p_value judges better"
)
SHUFFLED = (
    "p_value: how often the total would be as large if the parameter entered nothing, by shuffling its column alone, "
    "over at most {rows} of the draws; corrected: for all parameters of a question at once (Holm)"
)
TOGETHER = (
    "parameters are tied: first includes what a parameter tells about those tied to it, total is not defined, shapley "
    "still adds up to 1; p-values of dependence are those of set_dependence"
)


def dependence_indices(
    model: Model,
    *,
    of: str | None = None,
    when: str = "some",
    order: str = "simultaneous",
    samples: int = 2048,
    seed: int = 0,
    permutations: int | None = None,
    answers: Answered | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """First, total and Shapley shares of each parameter in the dependence of the set of solutions on all of them.

    The criterion and the questions are those of `set_dependence`, with a kernel of mean zero for each parameter, so
    that the criterion is a sum over groups of parameters as a variance is. Columns: ``order``, ``over``, ``kernel``,
    ``parameter``, ``first``, ``total`` and ``shapley``, each with ``_low`` and ``_high`` (95 % intervals), ``p_value``,
    ``corrected``, ``undecided`` and ``verdict``. Unlike the indices of `drivers` they weigh every change of the law of
    the set, not of its members' probabilities alone; a share says how the dependence is divided, not how strong it is:
    for that see `set_dependence`. No renumbering moves them. The time grows with the square of the draws, of which
    at most 4,096 are used.

    Without ``permutations`` there are 20 a parameter and at least 199, so that a p-value can pass the correction. Where
    parameters are tied, ``total`` and the p-values are missing. ``progress`` counts each draw twice: once it is
    answered, and again as the dependence of a question is divided and then tested. Raises InputError where fewer than
    64 draws are decided, and what `set_dependence` raises.

    >>> from gametheory.reader import load
    >>> frame = dependence_indices(load("reference_involvement"), order="nato", samples=300, permutations=99)
    >>> own = frame[frame["kernel"] == "symmetric difference"]
    >>> own.iloc[0]["parameter"], round(float(own["shapley"].sum()), 9)
    ('escalation_risk', 1.0)
    """
    import pandas as pd

    with shown(progress, "dependence indices") as report:
        answering, dividing = twice(report, answers, samples)
        used = answers_told(model, answers, needed_orders(model, of, order), (samples, seed), answering)
        names, _ = moving(used)
        least = max(round(len(names) / LEVEL) - 1, FEWEST_SHUFFLES)  # or no p-value could pass the correction
        permutations = least if permutations is None else permutations
        rows, notes = _divided(model, used, (of, when, order), permutations, seed, dividing)
    ends = [f"{index}{end}" for index in INDICES for end in ("", "_low", "_high")]
    columns = ["order", "over", "kernel", "parameter", *ends, "p_value", "corrected", "undecided", "verdict"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs.update(event_attributes(used, notes, seed, permutations=permutations))
    return frame


def _divided(
    model: Model,
    used: Answered,
    about: tuple[str | None, str, str],
    permutations: int,
    seed: int,
    progress: Progress | None,
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of all questions, and notes; ``progress`` is told of two steps a question: divided, and tested."""
    of, when, order = about
    names, values = moving(used)
    drawn = draws_used(used)
    tied = bool(model.correlations or model.constraints or model.joint.blocks)
    notes = [MEANING, TOGETHER if tied else SHUFFLED.format(rows=TESTED)]
    if np.count_nonzero(drawn) > MOST:
        notes.append(f"of the draws the first {MOST:,} are used")
    rows: list[dict[str, Any]] = []
    all_asked = [*questions(used, model, drawn, of, when, order)]
    for number, asked in enumerate(counted(all_asked, progress)):
        count = int(np.count_nonzero(asked.kept))
        if count < FEWEST:
            raise InputError(f"samples: {count!r} draws are decided, expected at least {FEWEST}; draw more")
        if np.ptp(asked.classes) == 0:
            notes.append(f"all draws answer alike, so nothing can matter: {asked.order}, {asked.over}")
            continue
        own, classes = values[asked.kept][:MOST], asked.classes[:MOST]
        try:
            found = anova_dependence(own, classes, asked.alike)
        except InputError as error:  # too rare a difference to divide among the parameters
            notes.append(f"{asked.order}, {asked.over}, {asked.kernel}: {error}")
            continue
        if progress is not None:
            progress(2 * number + 1, 2 * len(all_asked))
        chances = None if tied else _chances(own[:TESTED], classes[:TESTED], asked, permutations, seed)
        rows += _rows(asked, names, found, chances, int(np.count_nonzero(drawn & ~asked.kept)))
    return rows, notes


def _chances(
    values: FloatArray, classes: NDArray[np.int64], asked: Question, permutations: int, seed: int
) -> FloatArray:
    """The p-values of one question; 1 where the few draws that the permutations use answer alike."""
    if np.ptp(classes) == 0:
        return np.ones(values.shape[1])
    return idle_p_values(values, classes, asked.alike, permutations, seed)


def _rows(
    asked: Question, names: Sequence[str], found: Shared, chances: FloatArray | None, undecided: int
) -> list[dict[str, Any]]:
    """The rows of one question, the largest Shapley share first."""
    corrected = None if chances is None else holm(chances)
    rows = []
    for place in np.argsort(-found.shapley, kind="stable").tolist():
        row: dict[str, Any] = {"order": asked.order, "over": asked.over, "kernel": asked.kernel}
        row["parameter"] = names[place]
        for index in INDICES:
            value, error = (float(getattr(found, name)[place]) for name in (index, f"{index}_error"))
            if index == "total" and chances is None:
                value = error = float("nan")
            row |= {index: value, f"{index}_low": value - NORMAL_95 * error, f"{index}_high": value + NORMAL_95 * error}
        row["p_value"] = float("nan") if chances is None else float(chances[place])
        row["corrected"] = float("nan") if corrected is None else float(corrected[place])
        row["undecided"] = undecided
        row["verdict"] = TIED if corrected is None else MATTERS if corrected[place] <= LEVEL else UNTOLD
        rows.append(row)
    return rows
