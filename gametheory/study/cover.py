"""At which points of the intervals, which have no probability, is a draw repeated, and what do all of them answer?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.study.blocks import ALL, FAILED, NONE, SOME, Answers, answer_block
from gametheory.study.classes import merge

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["block_answers", "interval_cover"]

MOST_CORNERS = 4  # intervals: up to 16 corners; beyond that the corners alone would outgrow the inner points
INNER_POINTS = 16

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


def interval_cover(model: Model, seed: int = 0, given: Collection[str] = ()) -> list[dict[str, float]]:
    """Points of the box of the interval parameters: all corners of up to four intervals, and 16 scrambled Sobol points.

    Left out are the parameters in ``given``, for which the draws have values. Without interval parameters there is one
    empty point. With more than four intervals there are four times as many inner points and two corners, all low and
    all high. The bounds taken over the cover lie inside the true ones: a cover cannot prove that nothing happens
    between its points.
    """
    intervals = {name: p.law for name, p in model.parameters.items() if not p.law.has_probability}
    boxes = {name: law.support() for name, law in intervals.items() if name not in given}
    if not boxes:
        return [{}]
    low, high = (np.array(side) for side in zip(*boxes.values(), strict=True))
    if len(boxes) <= MOST_CORNERS:
        corners = np.stack(np.meshgrid(*[[0.0, 1.0]] * len(boxes), indexing="ij"), axis=-1).reshape(-1, len(boxes))
        inner = INNER_POINTS
    else:
        corners = np.array([[0.0] * len(boxes), [1.0] * len(boxes)])
        inner = 4 * INNER_POINTS
    from scipy.stats import qmc

    points = np.concatenate([corners, qmc.Sobol(len(boxes), rng=np.random.default_rng(seed)).random(inner)])
    inside = np.clip(low + points * (high - low), low, high)
    return [dict(zip(boxes, row, strict=True)) for row in inside.tolist()]


def block_answers(
    model: Model,
    cover: Sequence[Mapping[str, float]],
    orders: Sequence[str],
    points: Mapping[str, FloatArray],
    count: int = 1,
) -> Answers:
    """The answers of one block of draws ``points``, ``float64[draw]`` by name, joined over the points of the cover.

    ``count`` is the number of draws where ``points`` has no columns, because every parameter is an interval.

    >>> from gametheory.reader import load
    >>> model = load("reference_involvement")
    >>> answers = block_answers(model, interval_cover(model), ["nato"], {"escalation_risk": np.array([0.01, 0.05])})
    >>> answers.draws, answers.classes["nato"][0].shape
    (2, (2, 1))
    """
    count = max(map(len, points.values()), default=count)
    parts = []
    for point in cover:
        fixed = {name: np.full(count, value) for name, value in point.items()}
        parts.append(answer_block(model, {**points, **fixed}, orders))
    return parts[0] if len(parts) == 1 else _over_cover(parts, orders)


def _over_cover(points: Sequence[Answers], orders: Sequence[str]) -> Answers:
    """Join the answers of the same draws at several points of the intervals: classes side by side, bounds widened."""
    classes, verdicts, measures = {}, {}, {}
    for order in orders:
        numbers, table = merge([point.classes[order] for point in points])
        classes[order] = (np.concatenate(numbers, axis=1), table)
        verdicts[order] = _added([point.verdicts[order] for point in points])
        measures[order] = {
            name: _widened([point.measures[order][name] for point in points]) for name in points[0].measures[order]
        }
    claims = {name: _claim_over_cover([point.claims[name] for point in points]) for name in points[0].claims}
    return Answers(points[0].draws, classes, verdicts, measures, claims)


def _added(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Sums of counts by name, names sorted."""
    names = sorted({name for part in counts for name in part})
    return {name: sum(part.get(name, 0) for part in counts) for name in names}


def _widened(parts: Sequence[tuple[FloatArray, BoolArray]]) -> tuple[FloatArray, BoolArray]:
    """Smallest lower and largest upper value over the cover points; one failed point makes the draw fail."""
    solved = np.logical_and.reduce([mask for _, mask in parts])
    low, high = np.full(len(solved), np.inf), np.full(len(solved), -np.inf)
    for values, mask in parts:
        low[mask] = np.minimum(low[mask], values[:, 0])
        high[mask] = np.maximum(high[mask], values[:, 1])
    return np.stack([low[solved], high[solved]], axis=1), solved


def _claim_over_cover(parts: Sequence[NDArray[np.int8]]) -> NDArray[np.int8]:
    """A claim holds in all (none) only if it does so at every cover point; one failed point makes the draw fail."""
    codes = np.stack(parts, axis=1)
    joined = np.full(len(codes), SOME, dtype=np.int8)
    for outcome in (ALL, NONE):
        joined[(codes == outcome).all(axis=1)] = outcome
    joined[(codes == FAILED).any(axis=1)] = FAILED
    return joined
