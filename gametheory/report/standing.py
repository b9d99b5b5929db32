"""Which sections tell how the claims of the argument stand, and whether they survive other ways to model it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory import figures
from gametheory.figures.words import joined, number, sentence_case
from gametheory.report import sentences, tables
from gametheory.report.phrases import Names
from gametheory.report.pictures import Picture, picture
from gametheory.report.section import Frames, Section, noted, only
from gametheory.report.tables import Table, table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["claims"]

WIDER = "The wider the plain bar, the more of the admissible parameters bear the claim out."


def claims(frames: Frames, names: Names) -> Section | None:
    """How far the claims of the argument follow, what decides them, and what would overturn them."""
    audited = only(frames, "audit")
    frame = only(frames, "claims") if audited is None else audited
    if frame is None or frame.empty:
        return None
    blocks: list[Picture | Table] = [
        picture(figures.claims, frame, WIDER, labels=names.labels),
        tables.claims(frame, names),
    ]
    if audited is not None:
        blocks.append(_deciding(audited, names))
    return Section("claims", "Claims", sentences.claim(frame, names), blocks, noted(frame))


def _deciding(frame: pd.DataFrame, names: Names) -> Table:
    """What decides each claim, and the nearest change of one assumption that overturns it."""
    known = {str(row["nearest"]).partition(" ")[0] for _, row in frame.iterrows() if row["nearest"]}
    rows = [
        [
            str(row["text"]),
            joined([names.say(name) for name in row["decided_by"]]) or "the sample does not tell",
            sentence_case(names.words(_nearest(row), known)),
            number(float(row["distance"])) if row["nearest"] else "\u2013",
        ]
        for _, row in frame.iterrows()
    ]
    heads = ["Claim", "Decided most by", "Nearest single change that overturns it at the central values", "Spreads"]
    return table("What decides each claim, and what would overturn it", heads, rows, "tttn", longest=len(rows))


def _nearest(row: Any) -> str:
    """The nearest change in words."""
    return str(row["nearest"]).partition(" (")[0] if row["nearest"] else "none found within the laws"
