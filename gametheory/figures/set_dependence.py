"""How strongly does the set of solutions depend on each parameter?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, PALE, axes, say, style
from gametheory.figures.words import Labels, counted, joined, labelled, number, order_name, order_phrase, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["kernel_words", "set_dependence", "set_dependence_message"]

SHOWN = 8  # parameters of a question, the strongest; the frame has them all


def set_dependence(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw the share of complete dependence for each parameter, with the mean when the answers are shuffled.

    ``frame`` is that of the analysis `set_dependence`; returns the axes. Bars that chance explains are hatched.
    """
    rows = []
    for (order, over, kernel), own in frame.groupby(["order", "over", "kernel"], sort=False):
        heading = f"{sentence_case(order_name(str(order), labels))}: {over}, by {kernel_words(str(kernel))}"
        ranked = own.sort_values("share", ascending=False, kind="stable")
        for place, (_, row) in enumerate(ranked.head(SHOWN).iterrows()):
            share = float(row["share"])
            bar = Span(0.0, share, DARK if row["verdict"] == "depends" else PALE)
            text = labelled(str(row["parameter"]), labels)
            value = f"{number(round(share, 3))} (shuffled: {number(round(float(row['noise']), 4))})"
            rows.append(Row(text, value, "" if place else heading, (bar,), thick=0.6))
        if len(rest := ranked.iloc[SHOWN:]):
            most = number(round(float(rest["share"].max()), 3))
            rows.append(Row(f"Not drawn: {counted(len(rest), 'other parameter')}, at most {most}."))
    used = set(frame["verdict"])
    rows += [Row("told from chance", swatch=DARK)] * ("depends" in used)
    rows += [Row("not told from chance", swatch=PALE)] * bool(used - {"depends"})
    message = set_dependence_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        high = float(frame["share"].max()) if len(frame) else 1.0
        paint(ax, rows, Scale(0.0, min(1.0, 1.05 * high), "share of what complete dependence would give"))
        return say(ax, message, f"Bars, one a parameter. {message}.")


def set_dependence_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say on which parameter the answer depends most, under each order of play."""
    parts = []
    for order, own in frame.groupby("order", sort=False):
        strongest = own.loc[own.groupby("kernel", sort=False)["share"].idxmax()]
        told = strongest.loc[strongest["verdict"] == "depends", "parameter"]
        names = [labelled(name, labels) for name in dict.fromkeys(map(str, told))]
        parts.append(
            f"{order_phrase(str(order), labels)} on {joined(names, 'or') if names else 'none, as far as told'}"
        )
    return f"The answer depends most: {'; '.join(parts)}" if parts else "The answer is the same in all draws"


def kernel_words(name: str) -> str:
    """What a kernel compares."""
    return {
        "symmetric difference": "the solutions that are in one of two sets only",
        "mean embedding": "how alike the solutions of two sets are",
    }.get(name, "whether it happens")
