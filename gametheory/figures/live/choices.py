"""Which action is ahead under which criterion, and what does each one risk, with every value at the pointer?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.figures.choices import (
    AGAINST,
    INKS,
    NO_RIGHT_ONE,
    SHARES,
    TEXT,
    choice_curves_described,
    choice_curves_message,
    choices_alternative,
    choices_message,
    lead_words,
    leaders,
)
from gametheory.figures.live.bars import NAME, Bar, bars, plain_rows
from gametheory.figures.live.sheet import (
    EDGE,
    SIZE,
    broken,
    clear,
    graph_objects,
    precise,
    share,
    sheet,
    spanning,
    told,
)
from gametheory.figures.rows import Row, Scale, Span
from gametheory.figures.style import Fill, letter, plain, some_rows
from gametheory.figures.words import Labels, labelled, order_name, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

__all__ = ["choice_curves", "choices"]

DASHES = ("solid", "dash", "dashdot", "dot", "longdashdot", "longdash", "3px,1px", "1px,4px")
SYMBOLS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "triangle-down", "star")
TALL, LEFT = 300, 50  # pixels: the curves, and the values beside them


def choices(frame: pd.DataFrame, *, labels: Labels | None = None) -> Figure:
    """Draw live which action is ahead under each criterion and by how much: a row a criterion, a column an order.

    ``frame`` is that of the analysis `choices`. Actions are lettered; the pointer is told the values of all of them.
    Where the lower and the upper values put different actions ahead, the field is cut: lower values left, upper values
    right. Returns a figure of plotly; raises InputError where plotly is not installed.
    """
    orders = [str(order) for order in dict.fromkeys(some_rows(frame, "choices")["order"])]
    actions = {str(action): place for place, action in enumerate(dict.fromkeys(frame["action"]))}
    cells = dict(list(frame.groupby(["criterion", "order"], sort=False)))
    rows = [_heads(frame, orders, labels)]
    for criterion in dict.fromkeys(frame["criterion"]):
        found = [_cell(cells[criterion, order], (place, len(orders)), actions, labels)
                 for place, order in enumerate(orders)]  # fmt: skip
        spans = tuple(span for own, _ in found for span in own)
        words = tuple(text for own, text in found for _ in own)
        rows.append(Bar(Row(TEXT[str(criterion)], spans=spans, thick=2.6), words))
    rows += plain_rows([Row(NO_RIGHT_ONE)])
    rows += plain_rows([Row(f"{letter(k)}: {labelled(name, labels)}", swatch=plain(k)) for name, k in actions.items()])
    return bars(rows, Scale(0.0, 1.0), choices_message(frame, labels), choices_alternative(frame, labels))


def choice_curves(frame: pd.DataFrame, *, order: str | None = None, labels: Labels | None = None) -> Figure:
    """Draw live the share of the draws in which each action keeps its regret, or reaches a payoff, over the limits.

    ``frame`` is that of the analysis `choice_curves`; ``order`` chooses one of its orders, by default the first. The
    line is the lower share, the band reaches to the upper one; the pointer is told both. Returns a figure of plotly;
    raises InputError where plotly is not installed.
    """
    chosen = str(some_rows(frame, "choice_curves")["order"].iloc[0]) if order is None else order
    own = frame[frame["order"] == chosen]
    regret = bool((own["of"] == "regret").all())
    said = choice_curves_message(own, labels)
    curves = {str(action): rows.sort_values("limit") for action, rows in own.groupby("action", sort=False)}
    traces = [trace for place, (name, rows) in enumerate(curves.items())
              for trace in _curve(rows, place, labelled(name, labels), regret=regret)]  # fmt: skip
    what = f"{'regret of at most' if regret else 'payoff of at least'} \u2026 (units of the payoff)"
    title = {"text": broken(what), "standoff": 8, "font": {"size": SIZE}}
    x = {"title": title, "type": "log" if regret else "linear", "nticks": 6}
    y = {"range": [0.0, 1.02], "tickformat": ",.2~%", "nticks": 6}
    text = {"text": "\u2191 share of the draws", "x": 0.0, "xref": "paper", "xanchor": "left", "xshift": EDGE - LEFT}
    above = {"y": 1.0, "yref": "paper", "yanchor": "bottom", "yshift": 6, "showarrow": False}
    described = f"One curve for each action. {said}. {choice_curves_described(curves, labels)}"
    page: dict[str, Any] = {"xaxis": x, "yaxis": y, "annotations": [{**text, **above}]}
    return sheet(traces, said, described, tall=TALL, left=LEFT, above=30, **page)


def _heads(frame: pd.DataFrame, orders: Sequence[str], labels: Labels | None) -> Bar:
    """The head of the table: the orders of play; the pointer is told what the others do in each."""
    spans, words = [], []
    for place, order in enumerate(orders):
        against = AGAINST[str(frame[frame["order"] == order]["against"].iloc[0])]
        name = sentence_case(order_name(order, labels))
        spans.append(Span(place / len(orders), (place + 1) / len(orders), Fill("#FFFFFF"), name))
        words.append(told(name, against))
    return Bar(Row(spans=tuple(spans), thick=2.4), tuple(words))


def _cell(
    part: pd.DataFrame, where: tuple[int, int], actions: dict[str, int], labels: Labels | None
) -> tuple[list[Span], str]:
    """The actions ahead under one criterion and order with their lead, and what the pointer is told of all."""
    return [*_ahead(part, where, actions)], _told(part, actions, labels)


def _ahead(part: pd.DataFrame, where: tuple[int, int], actions: dict[str, int]) -> Iterator[Span]:
    """The fields of the actions ahead: one where lower and upper values agree, else two."""
    place, count = where
    criterion = str(part["criterion"].iloc[0])
    lower, upper = (leaders(part, end) for end in ("lower", "upper"))
    ends = [(lower, ["lower", "upper"])] if lower == upper else [(lower, ["lower"]), (upper, ["upper"])]
    for side, (names, used) in enumerate(ends):
        width = 1.0 / count / len(ends) / len(names)
        for turn, action in enumerate(names):
            start = (place + side / len(ends)) / count + turn * width
            own = part[part["action"] == action]
            leads = sorted(float(own[f"gap_{end}"].iloc[0]) for end in used)
            lead = "level" if len(names) > 1 else lead_words(leads, criterion)
            yield Span(start, start + width, plain(actions[action]), f"{letter(actions[action])}\n{lead}")


def _told(part: pd.DataFrame, actions: dict[str, int], labels: Labels | None) -> str:
    """All actions under one criterion and order."""
    criterion = str(part["criterion"].iloc[0])
    write = share if criterion in SHARES else precise
    values = [
        f"{letter(actions[str(row['action'])])}: {labelled(str(row['action']), labels)}, "
        f"{spanning(float(row['lower']), float(row['upper']), write)}"
        for _, row in part.iterrows()
    ]
    unit = (
        "lowest to highest share of the draws" if criterion in SHARES else "lowest to highest, in units of the payoff"
    )
    order = sentence_case(order_name(str(part["order"].iloc[0]), labels))
    return told(f"{sentence_case(TEXT[criterion])}: {order}", *values, unit)


def _curve(rows: pd.DataFrame, place: int, name: str, *, regret: bool) -> list[Any]:
    """One action: its band, and its line with marks."""
    kinds = graph_objects()
    limits, lower, upper = (rows[column].to_numpy(float) for column in ("limit", "lower", "upper"))
    colour = INKS[place % len(INKS)]
    what = "regret of at most" if regret else "payoff of at least"
    texts = [
        told(name, f"{what} {precise(limit)} (units of the payoff)", f"in {spanning(low, high, share)} of the draws")
        for limit, low, high in zip(limits.tolist(), lower.tolist(), upper.tolist(), strict=True)
    ]
    shared: dict[str, Any] = {"legendgroup": str(place)}
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    line = {"color": colour, "dash": DASHES[place % len(DASHES)], "width": 2}
    every = max(len(limits) // 8, 1)
    sizes = np.where((np.arange(len(limits)) + place * every // 5) % every == 0, 8, 0)
    marker: dict[str, Any] = {"symbol": SYMBOLS[place % len(SYMBOLS)], "color": colour, "opacity": 1.0}
    curve: dict[str, Any] = {"mode": "lines+markers", "line": line, **shared}
    return [
        kinds.Scatter(x=limits, y=upper, **edge, **shared),
        kinds.Scatter(x=limits, y=lower, fill="tonexty", fillcolor=clear(colour), **edge, **shared),
        kinds.Scatter(
            x=limits, y=lower, marker={**marker, "size": sizes, "line": {"width": 0}}, hovertext=texts,
            hoverinfo="text", showlegend=False, **curve,
        ),
        kinds.Scatter(x=[None], y=[None], marker={**marker, "size": 8}, name=broken(name, NAME), **curve),
    ]  # fmt: skip
