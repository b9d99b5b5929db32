"""What do the games of one block of parameter points answer, in every order of play?"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.designs import BLOCK
from gametheory.errors import ParameterWarning
from gametheory.measures import Groups, bounds_over, groups
from gametheory.solutions import VERDICTS
from gametheory.study.classes import EquilibriumClass, merge
from gametheory.study.contract import NO_CLOCK, Form
from gametheory.study.forms import form_of

if TYPE_CHECKING:
    from gametheory.model import Claim, Model

__all__ = [
    "ALL",
    "BLOCK",
    "CERTAIN",
    "FAILED",
    "NONE",
    "NO_CLOCK",
    "SOME",
    "Answers",
    "answer_block",
    "claim_bounds",
    "classes_over",
    "without_parameter_warnings",
]

NONE, SOME, ALL, FAILED = range(4)  # in how many of a game's solutions a claim holds
CERTAIN = 1e-9  # a probability this close to 1 counts as 1, a measure this close to a bound keeps to it

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Design = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Answers:
    """What the games of one block answer: per order of play the classes and measures, per claim how often it holds.

    ``classes[order]`` is ``(int64[draw, cover point], table)``, the number of each game's class and the sorted classes;
    ``verdicts[order]`` counts the games by verdict; ``measures[order][name]`` is ``(float64[solved, 2], bool[draw])``,
    the lower and upper value of each solved draw over its solutions and cover points, and which draws are solved: those
    without a failed game at any cover point. A game whose list of solutions may lack some counts as solved, with all
    that the measure can be. ``claims[name]`` is ``int8[draw]`` of NONE, SOME, ALL and FAILED.
    """

    draws: int
    classes: Mapping[str, tuple[IntArray, tuple[EquilibriumClass, ...]]]
    verdicts: Mapping[str, Mapping[str, int]]
    measures: Mapping[str, Mapping[str, tuple[FloatArray, BoolArray]]]
    claims: Mapping[str, NDArray[np.int8]]


def answer_block(model: Model, design: Design, orders: Sequence[str], workers: int | None = 1) -> Answers:
    """Solve the games of ``design``, one a draw, once for each order and each restriction that a claim asks for."""
    form = form_of(model)
    games = form.games(model, design)
    asked = {claim.measure for claim in model.claims.values()} - {""}
    cells = form.cells(model, design, None if orders else sorted(asked))
    classes, verdicts, measures, claims = {}, {}, {}, {}
    for (order, given), named in _questions(model, orders).items():
        left = form.restricted(games, dict(given)) if given else games
        solutions = form.solve(left, order, workers)
        grouped = groups(solutions)
        reported = not given and order in orders
        needed = {model.claims[name].measure for name in named} - {""}
        values = form.values(model, cells, solutions, None if reported else sorted(needed))
        for name in named:
            claim = model.claims[name]
            claims[name] = _claim_codes(_holds(form, claim, solutions, values), grouped)
        if reported:
            numbers, table = form.classify(solutions)
            classes[order] = (numbers[:, np.newaxis], table)
            verdicts[order] = _counts(solutions)
            measures[order] = {
                name: bounds_over(
                    grouped, own, form.limits(model, cells, solutions, name) if grouped.partial.any() else None
                )
                for name, own in values.items()
            }
    return Answers(len(games), classes, verdicts, measures, claims)


def classes_over(
    model: Model, design: Design, order: str, workers: int | None = None
) -> tuple[IntArray, tuple[EquilibriumClass, ...]]:
    """Class number of every point of ``design`` under one order of play, solved block by block, and the classes.

    Points outside the parameters' laws are not warned of here.
    """
    form = form_of(model)
    count = max(len(np.atleast_1d(column)) for column in design.values())
    columns = {name: np.broadcast_to(np.asarray(column, dtype=np.float64), count) for name, column in design.items()}
    parts = []
    for start in range(0, count, BLOCK):
        with without_parameter_warnings():
            games = form.games(model, {name: column[start : start + BLOCK] for name, column in columns.items()})
        parts.append(form.classify(form.solve(games, order, workers)))
    numbers, classes = merge(parts)
    return np.concatenate(numbers), classes


@contextmanager
def without_parameter_warnings() -> Iterator[None]:
    """Let values leave their laws in silence: for the main thread, after the user was warned once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ParameterWarning)
        yield


Question = tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]


def _questions(model: Model, orders: Sequence[str]) -> dict[Question, list[str]]:
    """Every pair of an order and a restriction to be solved, with the claims that it answers."""
    questions: dict[Question, list[str]] = {(order, ()): [] for order in orders}
    for name, claim in model.claims.items():
        given = tuple((player, tuple(kept)) for player, kept in claim.given.items())
        questions.setdefault((claim.order, given), []).append(name)
    return questions


def _claim_codes(holds: BoolArray, grouped: Groups) -> NDArray[np.int8]:
    """In how many solutions of each game a claim holds, from whether it ``holds`` in each solution.

    Where the list of solutions may lack some, a claim that holds in all of those found holds in some, and one that
    holds in none of them is not decided: it counts as failed.
    """
    share, solved = bounds_over(grouped, holds.astype(np.float64))
    codes = np.full(len(solved), FAILED, dtype=np.int8)
    codes[solved] = np.where(share[:, 0] == 1.0, ALL, np.where(share[:, 1] == 1.0, SOME, NONE))
    codes[grouped.partial & (codes == NONE)] = FAILED
    codes[grouped.partial & (codes == ALL)] = SOME
    codes[grouped.failed] = FAILED
    return codes


def _holds(form: Form, claim: Claim, solutions: Any, values: Mapping[str, FloatArray]) -> BoolArray:
    """Whether the claim holds, solution by solution."""
    if not claim.measure:
        return form.listed(solutions, claim.expect) >= 1.0 - CERTAIN
    low, high = claim_bounds(claim)
    return np.asarray((values[claim.measure] >= low) & (values[claim.measure] <= high), dtype=np.bool_)


def claim_bounds(claim: Claim) -> tuple[float, float]:
    """Between which values a claim wants its measure, with room for the rounding of a value that stands on a bound.

    >>> from gametheory.model import Claim
    >>> low, high = claim_bounds(Claim("c", "it never fails", measure="risk", at_least=1.0))
    >>> 0.9999999999999999 >= low, 0.99 >= low, high
    (True, False, inf)
    """
    low = -np.inf if claim.at_least is None else claim.at_least
    high = np.inf if claim.at_most is None else claim.at_most
    return low - CERTAIN * max(1.0, abs(low)), high + CERTAIN * max(1.0, abs(high))


def _counts(solutions: Any) -> dict[str, int]:
    """How many games got each verdict."""
    counts = Counter(solutions.certificates.verdict.tolist())
    return {name: counts[name] for name in VERDICTS if name in counts}
