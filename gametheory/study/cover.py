"""At which points of the intervals, which have no probability, is each draw repeated?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["interval_cover"]

MOST_CORNERS = 4  # intervals: up to 16 corners; beyond that the corners alone would outgrow the inner points
INNER_POINTS = 16


def interval_cover(model: Model, seed: int = 0) -> list[dict[str, float]]:
    """Points of the box of the interval parameters: all corners of up to four intervals, and 16 scrambled Sobol points.

    A model without interval parameters has one empty point. With more than four intervals there are four times as many
    inner points and two corners, all low and all high. The bounds taken over the cover lie inside the true ones: a
    cover cannot prove that nothing happens between its points.
    """
    boxes = {name: p.law.support() for name, p in model.parameters.items() if not p.law.has_probability}
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
