"""Which uncertain parameters drive the answer, with every index, interval and noise floor at the pointer?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gametheory.analyses.influence.drivers import NOTHING_VARIES, leading_index
from gametheory.figures.drivers import (
    AXIS,
    LEGENDS,
    driver_rows,
    drivers_described,
    drivers_message,
    one_question,
    sample_words,
    shown_drivers,
)
from gametheory.figures.live.bars import Bar, bars, plain_rows
from gametheory.figures.live.sheet import share, told
from gametheory.figures.rows import Row, Scale
from gametheory.figures.words import Labels, labelled, order_name, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

__all__ = ["drivers"]

INDICES = {
    "first": "alone (first-order index)",
    "total": "alone or with others (total index)",
    "shapley": "fair share (Shapley share)",
}


def drivers(
    frame: pd.DataFrame, *, over: str = "supports", order: str | None = None, labels: Labels | None = None
) -> Figure:
    """Draw live for each parameter the share of the variance that it explains alone, and together with others.

    ``frame`` is that of the analysis `drivers`, of which ``over`` chooses the question and ``order`` the order of play
    (by default all that have it). The pointer is told all three indices with their 95 % intervals, the noise floor and
    whether the sample suffices. Returns a figure of plotly; raises UnknownNameError for a question or order that the
    frame does not have, InputError where plotly is not installed.
    """
    own = one_question(frame, over, order)
    said = drivers_message(own, over, labels)
    rows = [bar for name in dict.fromkeys(own["order"]) for bar in _rows(own, str(name), labels)]
    rows += plain_rows([Row(text, swatch=fill) for text, fill in LEGENDS[leading_index(own)]])
    rows += plain_rows([Row(text) for text in sample_words(own, labels)])
    ends = [end for bar in rows for end in (*(p.end for p in bar.row.spans), *(high for _, high in bar.row.errors))]
    scale = Scale(0.0, min(1.0, 1.04 * max(ends, default=1.0)) or 1.0, AXIS, shares=True)
    return bars(rows, scale, said, f"Bar chart. {said}. {drivers_described(own, labels)}")


def _rows(own: pd.DataFrame, order: str, labels: Labels | None) -> Iterator[Bar]:
    """The bars of one order, each with what is told of it."""
    ranked = own[own["order"] == order]
    still = bool((ranked["verdict"] == NOTHING_VARIES).all())
    records = [] if still else [row for _, row in shown_drivers(own, order).iterrows()]
    for place, row in enumerate(driver_rows(own, order, labels)):
        yield Bar(row, (_told(records[place], labels) if place < len(records) else told(row.label),))


def _told(row: pd.Series[Any], labels: Labels | None) -> str:
    """One parameter at the pointer."""
    said = [
        f"{text}: {share(float(row[name]))}, 95% interval {share(float(row[f'{name}_low']))} "
        f"to {share(float(row[f'{name}_high']))}"
        for name, text in INDICES.items()
    ]
    floor = f"noise floor: {share(float(row['noise_floor']))}"
    sample = f"the sample: {row['verdict']}"
    name = sentence_case(order_name(str(row["order"]), labels))
    return told(labelled(str(row["parameter"]), labels), name, *said, floor, sample)
