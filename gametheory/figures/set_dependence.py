"""How strongly does the set of solutions depend on each parameter?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory.figures.by_order import by_order, order_heading
from gametheory.figures.drivers import not_drawn
from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, PALE, axes, say, style
from gametheory.figures.words import Labels, joined, labelled, percent, profile

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["question_heading", "set_dependence", "set_dependence_message"]

SHOWN = 8  # parameters of a question, the strongest; the frame has them all
SET = "set of solutions"
AXIS = "dependence, as a share of complete dependence"
SHUFFLED = "by chance: what remains on average when the answers are shuffled among the draws"
COMPARES = {
    "symmetric difference": "draws differ by the solutions that one has and the other lacks",
    "mean embedding": "draws differ by how unlike their solutions are",
}
"""Kernel -> how it compares the answers of two draws."""


def set_dependence(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw the share of complete dependence for each parameter, with the mean when the answers are shuffled.

    ``frame`` is that of the analysis `set_dependence`; returns the axes. Bars that chance explains are hatched.
    """
    rows = []
    for (order, over, kernel), own in frame.groupby(["order", "over", "kernel"], sort=False):
        heading = question_heading((str(order), str(over), str(kernel)), frame, labels)
        ranked = own.sort_values("share", ascending=False, kind="stable")
        for place, (_, row) in enumerate(ranked.head(SHOWN).iterrows()):
            share = max(float(row["share"]), 0.0)
            bar = Span(0.0, share, DARK if row["verdict"] == "depends" else PALE)
            name = labelled(str(row["parameter"]), labels)
            rows.append(Row(name, _value(row), "" if place else heading, (bar,), thick=0.6))
        if len(rest := ranked.iloc[SHOWN:]):
            rows.append(Row(f"{not_drawn(len(rest), float(rest['share'].max()))}."))
    used = set(frame["verdict"])
    rows += [Row("told from chance", swatch=DARK)] * ("depends" in used)
    rows += [Row("not told from chance", swatch=PALE)] * bool(used - {"depends"})
    rows += [Row(SHUFFLED)] * bool(len(frame))
    message = set_dependence_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        high = float(frame["share"].max()) if len(frame) else 1.0
        paint(ax, rows, Scale(0.0, min(1.0, 1.05 * high) or 1.0, AXIS, shares=True))
        return say(ax, message, _described(frame, message, labels))


def set_dependence_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say on which parameter the answer depends most, under each order of play."""
    said = {}
    for order, own in frame.groupby("order", sort=False):
        strongest = own.loc[own.groupby("kernel", sort=False)["share"].idxmax()]
        told = strongest.loc[strongest["verdict"] == "depends", "parameter"]
        names = [labelled(name, labels) for name in dict.fromkeys(map(str, told))]
        said[str(order)] = f"on {joined(names, 'or') if names else 'none, as far as told'}"
    return f"The answer depends most {by_order(said, labels, ' ')}" if said else "The answer is the same in all draws"


def question_heading(question: tuple[str, str, str], frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """What a group of bars is about: its order of play, what is asked, and how answers are compared if in two ways.

    ``question`` is an order of play, what the answer is about, and a kernel, of those that ``frame`` has.
    """
    order, over, kernel = question
    claim = over.removeprefix("claim ")
    what = f"claim {labelled(claim, labels)}" if claim != over else profile(over, labels)
    how = COMPARES.get(kernel, "") if frame["kernel"].nunique() > 1 else ""
    return order_heading(order, labels, "; ".join(part for part in (what * (over != SET), how) if part))


def _value(row: pd.Series[Any]) -> str:
    """The share, and what chance alone would give."""
    share, noise = (percent(min(max(float(row[name]), 0.0), 1.0)) for name in ("share", "noise"))
    return f"{share} (by chance {noise})"


def _described(frame: pd.DataFrame, message: str, labels: Labels | None) -> str:
    """The largest shares in words, for somebody who cannot see the picture."""
    parts = []
    for (order, over, kernel), own in frame.groupby(["order", "over", "kernel"], sort=False):
        ranked = own.sort_values("share", ascending=False, kind="stable").head(SHOWN)
        listed = [f"{labelled(str(row['parameter']), labels)} {_value(row)}" for _, row in ranked.iterrows()]
        heading = question_heading((str(order), str(over), str(kernel)), frame, labels)
        parts.append(f"{heading}{': ' * bool(heading)}{'; '.join(listed)}.")
    return f"Bars, one a parameter. {message}. {' '.join(parts)}".strip()
