"""How far does each parameter alone move the answer, with both ends and the equilibria there at the pointer?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gametheory.figures.live.bars import Bar, bars, plain_rows
from gametheory.figures.live.sheet import spanning, told, with_unit
from gametheory.figures.orders import outcome
from gametheory.figures.tornado import (
    WAYS,
    central_rows,
    change_words,
    moving_parameters,
    one_order,
    parameter_rows,
    tornado_described,
    tornado_key,
    tornado_message,
    tornado_scale,
    value_words,
)
from gametheory.figures.words import Labels

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

__all__ = ["tornado"]


def tornado(
    frame: pd.DataFrame, *, order: str | None = None, labels: Labels | None = None, units: Labels | None = None
) -> Figure:
    """Draw live two bars a parameter: what the value can be at its low and at its high end, from the central case on.

    ``frame`` is that of the analysis `tornado`; drawn is one ``order`` of play, by default the first. Bars at whose end
    the equilibria are others are hatched, and the pointer is told which those are; ``units`` are those of the
    parameters. Returns a figure of plotly; raises UnknownNameError for an order that the frame does not have,
    InputError where plotly is not installed.
    """
    own, chosen = one_order(frame, order)
    said = tornado_message(own, chosen, labels)
    rows = plain_rows([*central_rows(own)])
    rows += [bar for _, record in moving_parameters(own).iterrows() for bar in _rows(record, labels, units)]
    rows += plain_rows([*tornado_key(own)])
    return bars(rows, tornado_scale(own, labels), said, tornado_described(own, said, labels))


def _rows(row: pd.Series[Any], labels: Labels | None, units: Labels | None) -> Iterator[Bar]:
    """The two bars of one parameter."""
    for (place, side), drawn in zip(WAYS, parameter_rows(row, labels), strict=True):
        yield Bar(drawn, (_told(row, place, side, (labels, units)),))


def _told(row: pd.Series[Any], place: str, side: str, words: tuple[Labels | None, Labels | None]) -> str:
    """One end of one parameter at the pointer."""
    labels, units = words
    what = value_words(str(row["of"]), labels)
    ends = [
        f"{what} {text}: {spanning(float(row[low]), float(row[high]))}"
        for text, low, high in (
            (f"at this {place} end", f"lower_at_{place}", f"upper_at_{place}"),
            ("in the central case", "lower_at_central", "upper_at_central"),
            ("on the way", f"least_{side}", f"most_{side}"),
        )
    ]
    there = f"equilibria there: {outcome(str(row[f'set_{place}']), labels)}"
    return told(
        with_unit(str(row["parameter"]), float(row[place]), labels, units), *ends, change_words(row, place), there
    )
