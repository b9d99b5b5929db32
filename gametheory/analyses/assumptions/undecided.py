"""In which draws is a claim not decided under an alternative, and why?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.assumptions.kinds import Alternative, Codes, doubts, sharing
from gametheory.study import FAILED

if TYPE_CHECKING:
    from gametheory.model import Claim, Model

__all__ = ["undecided"]

LOOKED_AT = 3  # draws that are answered again to learn the reason
SHOWN = 5  # draws that are named by their number
UNKNOWN = "the answer cannot be told there, and no solver gives a reason"

CodeArray = NDArray[np.int8]
FloatArray = NDArray[np.float64]


def undecided(
    model: Model,
    claim: Claim,
    own: tuple[Codes, Alternative],
    codes: tuple[CodeArray, CodeArray],
    points: Mapping[str, FloatArray],
    cover: Sequence[Mapping[str, float]],
) -> str:
    """Which draws are not decided under the claim's own assumptions, and under the alternative, with the reasons.

    ``own`` answers under the claim's own assumptions and under the other; ``codes`` are these answers draw by draw.
    ``points`` are the draws. A few draws are answered again to learn why. Empty where all are decided.
    """
    parts = []
    for where, answer, found in zip(
        ("the claim's own assumptions", "the alternative"), (own[0], own[1].codes), codes, strict=True
    ):
        rows = np.flatnonzero(found == FAILED)
        if not len(rows):
            continue
        listed = ", ".join(str(row) for row in rows[:SHOWN]) + ", ..." * (len(rows) > SHOWN)
        reasons = _reasons(model, claim, answer, rows[:LOOKED_AT], points, cover)
        parts.append(f"{len(rows)} of {len(found)} draws under {where} (draws {listed}): {'; '.join(reasons)}")
    return " | ".join(parts)


def _reasons(
    model: Model,
    claim: Claim,
    answer: Codes,
    rows: NDArray[np.intp],
    points: Mapping[str, FloatArray],
    cover: Sequence[Mapping[str, float]],
) -> list[str]:
    """Why some draws are not decided, at any point of the intervals."""
    told: list[str] = []
    for point in cover:
        design = {
            **{name: column[rows] for name, column in points.items()},
            **{name: np.full(len(rows), value) for name, value in point.items()},
        }
        with sharing(), doubts() as collected:
            answer(model, claim, model.games(design), design)
        told += collected
        if told:
            break
    return list(dict.fromkeys(told)) or [UNKNOWN]
