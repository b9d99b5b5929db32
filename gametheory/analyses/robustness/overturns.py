"""Where, nearest to the present assumptions, does a question get another answer?

Only answers are asked for, point by point: nothing is known of why they change. Rays first meet the places at which
they do; each is then moved along the boundary it stands on, whose slope is measured by more answers, until no nearer
place is found. What comes out was seen to have another answer; that nothing nearer has is not proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.robustness.straight import nearest_in_box
from gametheory.errors import UnknownNameError, did_you_mean
from gametheory.study import (
    ALL,
    FAILED,
    NONE,
    SOME,
    answer_block,
    classes_over,
    profile_names,
    without_parameter_warnings,
)

if TYPE_CHECKING:
    from gametheory.analyses.robustness.nearest import Field
    from gametheory.model import Model
    from gametheory.study import EquilibriumClass

__all__ = ["Overturn", "Question", "Seen", "claim_question", "equilibria_question", "overturns", "seen"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Answer = tuple[str, ...]

PARTS, CUTS = 8, 14  # into how many parts a stretch is cut, and how often: to 1e-12 of it
KEPT = 4  # crossings that are sharpened, the nearest first
SHARPENED = 6  # steps along a boundary
TILT, STRETCH = 1e-3, 0.25  # how far rays are tilted to measure a boundary's slope, and how far along them one looks
BETTER = 1e-9  # share by which a place must be nearer to count as nearer
BEYOND = (1e-8, 1e-6, 1e-4, 1e-3)  # shares of a move: how far beyond and short of it the answer is looked at
AROUND, SEED = 64, 0  # places around the end of a move at each of these shares but the last
WORDS = {ALL: "all", SOME: "some", NONE: "none"}


@dataclass(frozen=True, eq=False)
class Question:
    """Something that has one answer at each point: ``answers(design)`` are numbers, -1 where there is none.

    ``name(number)`` puts an answer into words.
    """

    answers: Callable[[Mapping[str, FloatArray]], IntArray]
    name: Callable[[int], Answer]


class Overturn(NamedTuple):
    """A move of the assumptions, in spreads, beyond which the answer is another."""

    distance: float
    steps: FloatArray
    after: Answer


class Seen(NamedTuple):
    """The answer just beyond a move, whether the present one was seen just short of it, and whether no other was."""

    after: Answer
    verified: bool
    first: bool


def equilibria_question(model: Model, order: str) -> Question:
    """Which actions are in use in the equilibria under one order of play."""
    known: dict[EquilibriumClass, int] = {}
    actions = [labels for _, labels in model.axes]

    def answers(design: Mapping[str, FloatArray]) -> IntArray:
        numbers, table = classes_over(model, design, order)
        own = [-1 if one.status == "failed" else known.setdefault(one, len(known)) for one in table]
        return np.array(own, dtype=np.int64)[numbers]

    return Question(answers, lambda number: tuple(profile_names(list(known)[number], actions)))


def claim_question(model: Model, claim: str) -> Question:
    """Whether a claim holds in all, some or none of the equilibria."""
    from dataclasses import replace

    if claim not in model.claims:
        known = ", ".join(model.claims) or "none"
        raise UnknownNameError(f"no claim named {claim!r}; the claims are: {known}{did_you_mean(claim, model.claims)}")
    alone = replace(model, claims={claim: model.claims[claim]})

    def answers(design: Mapping[str, FloatArray]) -> IntArray:
        with without_parameter_warnings():
            codes = answer_block(alone, design, ()).claims[claim].astype(np.int64)
        return np.where(codes == FAILED, -1, codes)

    return Question(answers, lambda number: (WORDS[number],))


def seen(games: Field, question: Question, move: FloatArray) -> Seen | None:
    """What lies just beyond and just short of a move; None where the answer stays the same.

    The nearest place beyond it that has another answer counts. Where a constraint ends the way straight beyond, places
    all around the end of the move are tried; what they show is not counted as verified.
    """
    shares = np.array([[1.0 + side, 1.0 - side] for side in BEYOND])
    found = _answers(games, question, move * shares.reshape(-1, 1)).reshape(-1, 2)
    present = int(_answers(games, question, np.zeros((1, len(move))))[0])
    for beyond, short in found.tolist():
        if beyond not in (present, -1):
            return Seen(question.name(beyond), short == present, short in (present, -1))
    if len(games.model.constraints) and not games.kept(move * shares[:, :1]).any():
        codes = _answers(games, question, _around(move))
        other = codes[(codes != present) & (codes >= 0)]
        if len(other):
            return Seen(
                question.name(int(other[0])), verified=False, first=bool(np.isin(found[:, 1], (present, -1)).all())
            )
    return None


def _around(move: FloatArray) -> FloatArray:
    """Places close to the end of a move on all sides, the closest first."""
    drawn = np.random.default_rng(SEED).standard_normal((AROUND, len(move)))
    drawn *= np.linalg.norm(move) / np.linalg.norm(drawn, axis=1, keepdims=True)
    return np.concatenate([move + share * drawn for share in BEYOND[:-1]])


def overturns(games: Field, question: Question) -> list[Overturn]:
    """The nearest moves of several assumptions at once that were found to change the answer, the nearest first."""
    if not len(games.reach.names):
        return []
    present = int(_answers(games, question, np.zeros((1, len(games.reach.names))))[0])
    steps = games.ray_steps
    codes = _answers(games, question, steps.reshape(-1, steps.shape[2])).reshape(steps.shape[:2])
    changed = (codes != present) & (codes >= 0)
    rays = np.flatnonzero(changed.any(axis=1))
    if not len(rays) or present < 0:
        return []
    place = changed[rays].argmax(axis=1)
    inner = np.where((place > 0)[:, np.newaxis], steps[rays, place - 1], 0.0)
    order = np.argsort(np.linalg.norm(steps[rays, place], axis=1), kind="stable")[: 4 * KEPT]
    points = _closed_in(games, question, present, inner[order], steps[rays, place][order])
    nearest = points[np.argsort(np.linalg.norm(points, axis=1), kind="stable")][:KEPT]
    found = []
    for point in nearest:
        sharp = _sharpened(games, question, present, point)
        beyond = seen(games, question, sharp)
        if beyond is not None:
            found.append(Overturn(float(np.linalg.norm(sharp)), sharp, beyond.after))
    return sorted(found, key=lambda one: one.distance)


def _answers(games: Field, question: Question, steps: FloatArray) -> IntArray:
    """Answers at points ``[point, parameter]``; -1 where there is none or a constraint is broken."""
    ends = games.reach.searched
    inside = np.clip(steps, ends[:, 0], ends[:, 1])
    fixed = {name: np.full(len(steps), value) for name, value in games.values.items()}
    codes = question.answers({**fixed, **games.reach.values(inside)})
    return np.where(games.kept(inside), codes, -1)


def _closed_in(games: Field, question: Question, present: int, inner: FloatArray, outer: FloatArray) -> FloatArray:
    """On each stretch from ``inner`` to ``outer`` a place at which the present answer ends."""
    rows = np.arange(len(inner))
    shares = np.linspace(0.0, 1.0, PARTS + 1)
    for _ in range(CUTS):
        places = inner[:, np.newaxis] + shares[:, np.newaxis] * (outer - inner)[:, np.newaxis]
        places[:, -1] = outer
        codes = _answers(games, question, places[:, 1:-1].reshape(-1, inner.shape[1])).reshape(len(inner), -1)
        changed = (codes != present) & (codes >= 0)
        cut = np.where(changed.any(axis=1), changed.argmax(axis=1), PARTS - 1)
        inner, outer = places[rows, cut], places[rows, cut + 1]
    return outer


def _sharpened(games: Field, question: Question, present: int, point: FloatArray) -> FloatArray:
    """A nearer place on the same boundary: step by step the nearest of its tangent plane, drawn back onto it."""
    for _ in range(SHARPENED):
        slopes = _slopes(games, question, present, point)
        ends = games.reach.searched
        target = nearest_in_box(1.0, -slopes, ends[:, 0], ends[:, 1], euclidean=True)[1]
        if not np.any(target):
            break
        tries = np.stack([point + share * (target - point) for share in (1.0, 0.5, 0.25, 0.1)])
        moved = _drawn_back(games, question, present, tries)
        lengths = np.linalg.norm(moved, axis=1)
        best = int(np.nanargmin(lengths)) if np.isfinite(lengths).any() else -1
        if best < 0 or lengths[best] >= np.linalg.norm(point) * (1 - BETTER):
            break
        point = moved[best]
    return point


def _slopes(games: Field, question: Question, present: int, point: FloatArray) -> FloatArray:
    """The normal ``n`` of the boundary at a point on it, scaled to ``n @ point == 1``: one tilted ray a parameter."""
    length = float(np.linalg.norm(point))
    ends = games.reach.searched
    upward = point + TILT * length <= ends[:, 1]
    tilts = np.diag(np.where(upward, 1.0, -1.0) * TILT * length)
    inner, outer = (1 - STRETCH) * point + tilts, (1 + STRETCH) * point + tilts
    codes = _answers(games, question, np.concatenate([inner, outer])).reshape(2, -1)
    usable = (codes[0] == present) & (codes[1] != present) & (codes[1] >= 0)
    there = _closed_in(games, question, present, inner, outer)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = ((there - tilts) @ point) / length**2
    return np.where(usable, (1.0 - share) / tilts.diagonal(), 0.0)


def _drawn_back(games: Field, question: Question, present: int, targets: FloatArray) -> FloatArray:
    """Where the rays to some targets first have another answer; not a number where they have none."""
    shares = np.linspace(0.0, 1.0 + STRETCH, 26)[1:]
    points = targets[:, np.newaxis] * shares[:, np.newaxis]
    codes = _answers(games, question, points.reshape(-1, points.shape[2])).reshape(points.shape[:2])
    changed = (codes != present) & (codes >= 0)
    place, rows = changed.argmax(axis=1), np.arange(len(targets))
    inner = np.where((place > 0)[:, np.newaxis], points[rows, place - 1], 0.0)
    found = _closed_in(games, question, present, inner, points[rows, place])
    return np.where(changed.any(axis=1)[:, np.newaxis], found, np.nan)
