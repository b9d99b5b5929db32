"""How often is each outcome the only solution, and how often one of several, with what the pointer tells of it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gametheory.figures.live.bars import Bar, bars, plain_rows
from gametheory.figures.live.sheet import share, told
from gametheory.figures.rows import Scale
from gametheory.figures.shares import (
    DRAWS,
    NORMAL_95,
    OUTCOME_KEY,
    SHOWN,
    outcome_rows,
    outcomes_alternative,
    outcomes_message,
    ranked_outcomes,
)
from gametheory.figures.words import Labels, order_name, profile, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

__all__ = ["outcomes"]


def outcomes(frame: pd.DataFrame, *, labels: Labels | None = None) -> Figure:
    """Draw live how often each outcome is the only solution (solid) and how often one of several (hatched).

    ``frame`` is that of the analysis `outcomes`; the pointer is told both shares and their sampling error. Returns a
    figure of plotly; raises InputError where plotly is not installed.
    """
    rows = [bar for order in dict.fromkeys(frame["order"]) for bar in _rows(frame, str(order), labels)]
    ends = [end for bar in rows for end in (*(p.end for p in bar.row.spans), *(high for _, high in bar.row.errors))]
    scale = Scale(0.0, min(1.0, 1.05 * max(ends, default=1.0)) or 1.0, DRAWS, shares=True)
    rows += plain_rows(OUTCOME_KEY)
    return bars(rows, scale, outcomes_message(frame, labels), outcomes_alternative(frame, labels))


def _rows(frame: pd.DataFrame, order: str, labels: Labels | None) -> Iterator[Bar]:
    """The bars of one order, each with what is told of it."""
    records = [row for _, row in ranked_outcomes(frame[frame["order"] == order]).head(SHOWN).iterrows()]
    for place, row in enumerate(outcome_rows(frame, order, labels)):
        words = _told(records[place], labels) if place < len(records) else told(row.label, row.value)
        yield Bar(row, (words,))


def _told(row: pd.Series[Any], labels: Labels | None) -> str:
    """One outcome at the pointer."""
    ends = [
        f"{text}: {share(float(row[end]))} of the draws, \u00b1 {share(NORMAL_95 * float(row[f'{end}_se']))}"
        for end, text in (("lower", "the only solution"), ("upper", "one of the solutions"))
    ]
    name = sentence_case(order_name(str(row["order"]), labels))
    return told(profile(str(row["profile"]), labels), name, *ends, "\u00b1: 95% sampling error")
