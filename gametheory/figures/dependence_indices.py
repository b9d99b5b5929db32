"""How is the dependence of the set of solutions divided among the parameters?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gametheory.analyses.influence.dependence_indices import MATTERS, TIED
from gametheory.figures.by_order import by_order
from gametheory.figures.drivers import not_drawn
from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.set_dependence import question_heading
from gametheory.figures.style import DARK, PALE, Fill, axes, say, style
from gametheory.figures.words import Labels, joined, labelled, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["dependence_indices", "dependence_indices_message"]

SHOWN = 6  # parameters of a question, those with the largest share; the frame has them all
UNTESTED = Fill("#80CEB9", "\\\\")
AXIS = "fair share of the dependence on all parameters together (Shapley)"
NOTHING = "The answer depends on no parameter, as far as the draws tell"
KEYS = ["order", "over", "kernel"]


def dependence_indices(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw for each parameter its fair share of the dependence, with its 95 % interval, one group a question.

    ``frame`` is that of the analysis `dependence_indices`; returns the axes. The shares of a group add up to 1; beside
    them stand the first-order and the total share. Bars that chance explains are hatched.
    """
    rows = [row for _, own in frame.groupby(KEYS, sort=False) for row in _group(own, frame, labels)]
    used = {_fill(row) for _, row in frame.iterrows()}
    words = {
        DARK: "told from chance; whiskers: 95% intervals",
        PALE: "not told from chance",
        UNTESTED: "not tested, as parameters are tied; whiskers: 95% intervals",
    }
    rows += [Row(text, swatch=fill) for fill, text in words.items() if fill in used]
    if len(frame):
        rows.append(Row("alone: without others; in all: in every combination; fair: the combinations divided equally"))
    message = dependence_indices_message(frame, labels)
    ends = [end for row in rows for end in (*(piece.end for piece in row.spans), *(high for _, high in row.errors))]
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, min(1.0, 1.04 * max(ends, default=1.0)) or 1.0, AXIS, shares=True))
        return say(ax, message, _described(frame, message, labels))


def dependence_indices_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say to which parameter most of the dependence is due, under each order of play."""
    said = {}
    for order, own in frame.groupby("order", sort=False):
        first = own.loc[own.groupby(["over", "kernel"], sort=False)["shapley"].idxmax()]
        told = first[first["verdict"].isin([MATTERS, TIED])]
        names = [labelled(name, labels) for name in dict.fromkeys(map(str, told["parameter"]))]
        shares = sorted(_within(float(value)) for value in told["shapley"])
        ends = list(dict.fromkeys(percent(share) for share in (*shares[:1], *shares[-1:])))
        said[str(order)] = f"on {joined(names, 'or')} ({' to '.join(ends)})" if names else "on none, as far as told"
    head = "Of the dependence of the answer on all parameters, most rests"
    return f"{head} {by_order(said, labels, ' ')}" if said else NOTHING


def _group(own: pd.DataFrame, frame: pd.DataFrame, labels: Labels | None) -> list[Row]:
    """The bars of one question, the largest share first."""
    heading = _heading(own, frame, labels)
    ranked = own.sort_values("shapley", ascending=False, kind="stable")
    rows = []
    for place, (_, row) in enumerate(ranked.head(SHOWN).iterrows()):
        low, high = (_within(float(row[f"shapley_{end}"])) for end in ("low", "high"))
        bar = (Span(0.0, _within(float(row["shapley"])), _fill(row)),)
        words = labelled(str(row["parameter"]), labels)
        rows.append(Row(words, _values(row), "" if place else heading, bar, ((low, high),) * (high > low), thick=0.6))
    rest = ranked.iloc[SHOWN:]
    if len(rest):
        rows.append(Row(f"{not_drawn(len(rest), float(rest['shapley'].max()))}."))
    return rows


def _heading(own: pd.DataFrame, frame: pd.DataFrame, labels: Labels | None) -> str:
    """What the bars of one question are about."""
    order, over, kernel = (str(own[name].iloc[0]) for name in KEYS)
    return question_heading((order, over, kernel), frame, labels)


def _fill(row: pd.Series[Any]) -> Fill:
    """The fill of a bar: told from chance, not told, or not tested."""
    return DARK if row["verdict"] == MATTERS else UNTESTED if row["verdict"] == TIED else PALE


def _values(row: pd.Series[Any]) -> str:
    """The three shares in words; the total one is missing where parameters are tied."""
    names = {"fair": "shapley", "alone": "first", "in all": "total"}
    known = {word: float(row[name]) for word, name in names.items()}
    return ", ".join(f"{word} {percent(_within(value))}" for word, value in known.items() if not math.isnan(value))


def _within(value: float) -> float:
    """A share inside the axis; an estimate may lie a little outside."""
    return min(max(value, 0.0), 1.0)


def _described(frame: pd.DataFrame, message: str, labels: Labels | None) -> str:
    """The largest shares in words, for somebody who cannot see the picture."""
    parts = []
    for _, own in frame.groupby(KEYS, sort=False):
        ranked = own.sort_values("shapley", ascending=False, kind="stable").head(SHOWN)
        listed = [f"{labelled(str(row['parameter']), labels)} {_values(row)}" for _, row in ranked.iterrows()]
        heading = _heading(own, frame, labels)
        parts.append(f"{heading}{': ' * bool(heading)}{'; '.join(listed)}.")
    return f"Bars, one a parameter. {message}. {' '.join(parts)}"
