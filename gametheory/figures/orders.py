"""What does the order of play do to the outcome?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory.figures.keeping import seats
from gametheory.figures.rows import LINE, Row, Scale, Span, height, paint
from gametheory.figures.style import INK, Fill, axes, plain, room, say, style, text_width, title_height, wrap
from gametheory.figures.words import (
    Labels,
    all_orders,
    counted,
    labelled,
    number,
    order_name,
    order_phrase,
    profile,
    sentence_case,
    within,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["bounded", "brief", "flips", "flips_message", "outcome", "swept"]

LISTED, NAMED = 4, 2  # profiles of one outcome that are all written out; of more, so many
LONG = 240  # characters of an outcome, from which on the same holds for fewer profiles
VALUES = 0.7  # inches: the values of the parameter beside the grid
KNOWN = {"order", "concept", "outcome", "ties"}
VERDICTS = MappingProxyType(
    {
        "failed": "no answer: the game could not be solved",
        "partial": "none found, but the search was not complete",
        "complete": "no solution",
        "degenerate-complete": "no solution",
    }
)


def flips(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw the outcome under each order of play: one card an order, or a grid where a parameter is swept.

    ``frame`` is that of the analysis `flips`; returns the axes. Equal outcomes have equal colours, and each is written
    out.
    """
    with style():
        return _cards(frame, ax, labels) if swept(frame) is None else _grid(frame, ax, labels)


def flips_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say whether the order of play decides the outcome."""
    parameter = swept(frame)
    nash = frame[frame["concept"] == "nash"]
    orders = nash["order"].nunique()
    if parameter is None:
        found = list(dict.fromkeys(nash["outcome"]))
        if orders == 1:
            return f"{sentence_case(order_name(nash['order'].iloc[0], labels))}: {brief(found[0], labels)}"
        kind = _kind(nash)
        if len(found) == 1:
            same = "solutions are" if " | " in found[0] else "outcome is"
            return f"The {same} the same under {_all_orders(orders, kind)}: {brief(found[0], labels)}"
        return f"Same payoffs, {counted(orders, kind)} of play, {counted(len(found), 'different outcome')}"
    values = nash.groupby(parameter, sort=False)["outcome"].nunique()
    differing = int((values > 1).sum())
    name = labelled(parameter, labels)
    if orders == 1:
        count = nash["outcome"].nunique()
        give = "give" if len(values) > 1 else "gives"
        told = f"{give} {counted(count, 'different outcome' if count > 1 else 'outcome')}"
        return f"{counted(len(values), 'value')} of {name} {told} {order_phrase(nash['order'].iloc[0], labels)}"
    return f"At {differing} of {counted(len(values), 'value')} of {name} the {_kind(nash)} of play decides the outcome"


def _alternative(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Describe the figure to somebody who cannot see it."""
    parameter = swept(frame)
    parts = []
    for _, row in frame.iterrows():
        at = "" if parameter is None else f"at {number(row[parameter])}, "
        parts.append(f"{at}{order_name(row['order'], labels, row['concept'])}: {bounded(row['outcome'], labels)}")
    return f"{flips_message(frame, labels)}. {within(parts)}."


def swept(frame: pd.DataFrame) -> str | None:
    """The parameter whose values the rows run through, or None."""
    own = [name for name in frame.columns if name not in KNOWN and not name.startswith("payoff_")]
    return own[0] if own else None


def outcome(text: str, labels: Labels | None = None) -> str:
    """Write an outcome, whose profiles are joined by bars; a verdict in its place is written out.

    >>> outcome("limited_aid, carry_on | surge, deescalate"), outcome("failed")
    ('limited aid / carry on; or surge / deescalate', 'no answer: the game could not be solved')
    """
    return VERDICTS.get(text) or "; or ".join(profile(part, labels) for part in text.split(" | "))


def bounded(text: str, labels: Labels | None = None, first: Sequence[str] = ()) -> str:
    """Write an outcome; one of many profiles by their number and two of them, those in ``first`` before others.

    >>> bounded("a, b | c, d"), bounded("a | b | c | d | e", first=["d"])
    ('a / b; or c / d', '5 solutions: d; a; and 3 more')
    """
    parts = text.split(" | ")
    whole = outcome(text, labels)
    if len(parts) <= (LISTED if len(whole) < LONG else NAMED):
        return whole
    ranked = sorted(parts, key=lambda part: first.index(part) if part in first else len(first))
    named = "; ".join(profile(part, labels) for part in ranked[:NAMED])
    return f"{len(parts)} solutions: {named}; and {len(parts) - NAMED} more"


def brief(text: str, labels: Labels | None = None) -> str:
    """Write an outcome for a sentence: one that would be long by the number of its profiles alone.

    >>> brief("a, b | c, d"), brief(" | ".join("abcde"))
    ('a / b; or c / d', '5 solutions')
    """
    whole, count = bounded(text, labels), text.count(" | ") + 1
    return whole if count == 1 or whole == outcome(text, labels) else f"{count} solutions"


def _kind(nash: pd.DataFrame) -> str:
    """What the rows differ in: the order of play, or its kind where the game is a tree."""
    return "kind" if all_orders(nash["order"]).endswith("kinds of play") else "order"


def _all_orders(orders: int, kind: str) -> str:
    """The words for both or all orders, or kinds of play of a tree."""
    return f"both {kind}s of play" if orders == 2 else f"all {orders} {kind}s of play"


def _fills(frame: pd.DataFrame) -> dict[str, Fill]:
    """A colour for each outcome; the text beside it makes hatches needless."""
    names = list(dict.fromkeys(frame["outcome"]))
    return {name: plain(place) for name, place in zip(names, seats([name.split(" | ") for name in names]), strict=True)}


def _payoffs(row: pd.Series[Any], labels: Labels | None) -> str:
    """What each player gets, lower to upper: ``NATO 0.357, Russia 0.261``."""
    parts = []
    for name in row.index:
        if name.startswith("payoff_") and name.endswith("_lower"):
            player = name.removeprefix("payoff_").removesuffix("_lower")
            ends = (float(row[f"payoff_{player}_{end}"]) for end in ("lower", "upper"))
            low, high = (f"{round(end, 3) + 0.0:.3f}" for end in ends)  # adding nothing makes -0 a plain 0
            if "nan" not in (low, high):
                parts.append(f"{labelled(player, labels)} {low if low == high else f'{low} to {high}'}")
    return ", ".join(parts)


def _cards(frame: pd.DataFrame, ax: Axes | None, labels: Labels | None) -> Axes:
    """One card an order: its name and the payoffs above, the outcome inside."""
    fills = _fills(frame)
    rows = []
    for _, row in frame.iterrows():
        name, payoffs = sentence_case(order_name(row["order"], labels, row["concept"])), _payoffs(row, labels)
        card = Span(0.0, 1.0, fills[row["outcome"]], bounded(row["outcome"], labels))
        if text_width(name) + text_width(payoffs) + 0.3 > room(ax):  # no room side by side
            name, payoffs = f"{name}: {payoffs}", ""
        rows.append(Row(name, payoffs, spans=(card,), thick=0))
    message = flips_message(frame, labels)
    ax = axes(ax, height(rows, message))
    paint(ax, rows, Scale(0.0, 1.0))
    return say(ax, message, _alternative(frame, labels))


def _grid(frame: pd.DataFrame, ax: Axes | None, labels: Labels | None) -> Axes:
    """One column an order, one row a value of the parameter, the outcome written in each cell."""
    parameter = str(swept(frame))
    shown = frame[frame["concept"] == "nash"]
    orders = list(dict.fromkeys(shown["order"]))
    values = list(dict.fromkeys(shown[parameter]))
    column = (room(ax) - VALUES) / len(orders)
    texts = {
        (row[parameter], row["order"]): wrap(bounded(row["outcome"], labels), column - 0.15)
        for _, row in shown.iterrows()
    }
    edges = [0.0]
    for value in values:
        edges.append(edges[-1] + 1 + max(len(lines) for (own, _), lines in texts.items() if own == value))
    message = flips_message(frame, labels)
    ax = axes(ax, LINE * (edges[-1] + 3) + title_height(message))
    fills = _fills(shown)
    for _, row in shown.iterrows():
        place = values.index(row[parameter])
        box = (orders.index(row["order"]), edges[place], 1.0, edges[place + 1] - edges[place])
        _paint_cell(ax, box, fills[row["outcome"]], texts[row[parameter], row["order"]])
    ax.set(xlim=(0, len(orders)), ylim=(edges[-1], 0), ylabel=labelled(parameter, labels))
    ax.set_xticks([place + 0.5 for place in range(len(orders))], [order_name(order, labels) for order in orders])
    middles = [(top + bottom) / 2 for top, bottom in pairwise(edges)]
    ax.set_yticks(middles, [number(value) for value in values])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return say(ax, message, _alternative(shown, labels), inset=VALUES)


def _paint_cell(ax: Axes, box: tuple[float, float, float, float], fill: Fill, text: list[str]) -> None:
    """Draw one cell of the grid: ``box`` is left, top, width and height."""
    from matplotlib.patches import Rectangle

    left, top, width, tall = box
    ax.add_patch(Rectangle((left, top), width, tall, facecolor=fill.colour, edgecolor=INK, linewidth=0.8))
    ax.text(left + width / 2, top + tall / 2, "\n".join(text), ha="center", va="center")
