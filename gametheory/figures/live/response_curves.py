"""How does the share of draws with each equilibrium change along each parameter, bin by bin at the pointer?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.figures.live.bars import NAME
from gametheory.figures.live.sheet import (
    EDGE,
    LINE,
    PHONE,
    SMALL,
    broken,
    clear,
    fitted,
    graph_objects,
    precise,
    share,
    sheet,
    told,
)
from gametheory.figures.response_curves import (
    LINES,
    curve_name,
    curves_described,
    drawn_curves,
    happens,
    most_moving,
    response_curves_message,
)
from gametheory.figures.style import INK
from gametheory.figures.words import Labels, counted, labelled, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

__all__ = ["response_curves"]

COLUMNS, PANELS = 2, 12  # panels beside each other; drawn: the parameters along which a profile moves most
TALL, HEAD, VALUES = 118, 40, 26  # pixels: a panel, its name above it, the values below it
LEFT, BETWEEN = 48, 0.16  # pixels of the values beside the panels; share of the width between two panels
WIDE = (1.0 - BETWEEN * (COLUMNS - 1)) / COLUMNS  # of a panel, as a share
DASHES = ("solid", "dash", "dot")
SYMBOLS = ("circle", "square", "triangle-up")
READ = "share of the draws in each bin of the parameter in which the profile is an equilibrium; bands: 95% intervals"


def response_curves(
    frame: pd.DataFrame, *, order: str | None = None, labels: Labels | None = None, units: Labels | None = None
) -> Figure:
    """Draw live small multiples: one panel a parameter, one stepped line a profile, with its 95 % band.

    ``frame`` is that of the analysis `response_curves`; drawn is one ``order`` of play (by default the first), of it
    the profile that moves most, the most frequent others, and the parameters along which one of them moves most. The
    pointer is told the bin, the share and its interval; ``units`` are those of the parameters. Returns a figure of
    plotly; raises UnknownNameError for an order that the frame does not have, InputError where plotly is not installed.
    """
    own, chosen = drawn_curves(frame, order)
    names = most_moving(own, PANELS) if len(own) else []
    profiles = [str(name) for name in dict.fromkeys(own["profile"])]
    said = response_curves_message(own, chosen, labels)
    traces: list[Any] = []
    for panel, name in enumerate(names):
        for place, profile in enumerate(profiles):
            rows = own[(own["parameter"] == name) & (own["profile"] == profile)].sort_values("low", kind="stable")
            if len(rows):
                traces += _curve(rows, (panel, place), (labels, units))
    traces += _key(frame, own, (profiles, names), labels)
    rows_of = math.ceil(len(names) / COLUMNS)
    tall = max(rows_of * (TALL + HEAD + VALUES) - VALUES, 20)
    top = float(own["share_high"].max()) if len(own) else 1.0
    powers = frame.attrs.get("logarithmic", ())
    page: dict[str, Any] = {}
    for panel, name in enumerate(names):
        page |= _axes(panel, tall, top=top, log=name in powers)
    page["annotations"] = [_head(panel, tall, labelled(name, labels)) for panel, name in enumerate(names)]
    return sheet(traces, said, curves_described(own, profiles, names, labels), tall=tall, below=30, left=LEFT, **page)


def _curve(rows: pd.DataFrame, which: tuple[int, int], words: tuple[Labels | None, Labels | None]) -> list[Any]:
    """One curve of one panel with its band; separate values, between which there is no curve, are points."""
    panel, place = which
    low, high, *shares = (rows[name].to_numpy(float) for name in ("low", "high", "share", "share_low", "share_high"))
    colour = LINES[place][0]
    axes = {"xaxis": f"x{panel + 1}" if panel else "x", "yaxis": f"y{panel + 1}" if panel else "y"}
    shared: dict[str, Any] = {**axes, "legendgroup": str(place), "showlegend": False}
    texts = [_told(row, words) for _, row in rows.iterrows()]
    kinds = graph_objects()
    if np.array_equal(low, high):
        above, below = shares[2] - shares[0], shares[0] - shares[1]
        marker = {"symbol": SYMBOLS[place], "size": 8, "color": colour}
        error = {"type": "data", "array": above, "arrayminus": below, "color": colour}
        look = {"mode": "markers", "marker": marker, "error_y": error, "hovertext": texts, "hoverinfo": "text"}
        return [kinds.Scatter(x=low, y=shares[0], **look, **shared)]
    ends = np.append(low, high[-1])
    share_of, least, most = (np.append(own, own[-1]) for own in shares)
    edge = {"mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
    line = {"color": colour, "dash": DASHES[place], "width": 2, "shape": "hv"}
    pointed = {"hovertext": [*texts, texts[-1]], "hoverinfo": "text"}
    middles = np.sqrt(low * high) if (low > 0).all() and _even(low, high) else (low + high) / 2
    hidden = {"mode": "markers", "marker": {"opacity": 0.0, "size": 10}, "hovertext": texts, "hoverinfo": "text"}
    return [
        kinds.Scatter(x=ends, y=least, **edge, **shared),
        kinds.Scatter(x=ends, y=most, fill="tonexty", fillcolor=clear(colour), **edge, **shared),
        kinds.Scatter(x=ends, y=share_of, mode="lines", line=line, **pointed, **shared),
        kinds.Scatter(x=middles, y=shares[0], **hidden, **shared),
    ]


def _even(low: np.ndarray[Any, Any], high: np.ndarray[Any, Any]) -> bool:
    """Whether bins are nearer to equal ratios than to equal widths."""
    return bool(np.ptp(np.log(high / low)) / np.log(high / low).mean() < np.ptp(high - low) / (high - low).mean())


def _told(row: pd.Series[Any], words: tuple[Labels | None, Labels | None]) -> str:
    """One bin of one curve at the pointer."""
    labels, units = words
    name = str(row["parameter"])
    unit = (units or {}).get(name, "")
    ends = f"{precise(float(row['low']))} to {precise(float(row['high']))}{f' ({unit})' if unit else ''}"
    known = f"95% interval {share(float(row['share_low']))} to {share(float(row['share_high']))}"
    return told(
        sentence_case(happens(str(row["profile"]), labels)),
        f"{labelled(name, labels)}: {ends}",
        f"in {share(float(row['share']))} of the draws",
        known,
    )


def _key(
    frame: pd.DataFrame, own: pd.DataFrame, drawn: tuple[list[str], list[str]], labels: Labels | None
) -> list[Any]:
    """The names below: what each curve is, what a panel shows, and what is not drawn."""
    profiles, names = drawn
    kinds = graph_objects()
    traces = []
    for place, profile in enumerate(profiles):
        line = {"color": LINES[place][0], "dash": DASHES[place], "width": 2}
        marker = {"symbol": SYMBOLS[place], "size": 7, "color": LINES[place][0]}
        look = {"mode": "lines+markers", "line": line, "marker": marker, "legendgroup": str(place)}
        traces.append(kinds.Scatter(x=[None], y=[None], name=broken(curve_name(profile, labels), NAME), **look))
    order = str(own["order"].iloc[0]) if len(own) else ""
    every = frame[frame["order"] == order]
    hidden = [
        counted(every["profile"].nunique() - len(profiles), "other profile"),
        counted(every["parameter"].nunique() - len(names), "other parameter"),
    ]
    for text in (sentence_case(READ), f"Not drawn: {hidden[0]}, {hidden[1]}"):
        blank = {"mode": "lines", "line": {"width": 0}}
        traces.append(kinds.Scatter(x=[None], y=[None], name=broken(f"{text}.", NAME), **blank))
    return traces


def _axes(panel: int, tall: float, *, top: float, log: bool) -> dict[str, Any]:
    """Where a panel stands, and its axes; all panels have one scale of shares."""
    down, across = divmod(panel, COLUMNS)
    upper = 1.0 - (down * (TALL + HEAD + VALUES) + HEAD) / tall
    number = str(panel + 1) if panel else ""
    small = {"tickfont": {"size": SMALL}, "showline": True, "linecolor": INK}
    left = across * (WIDE + BETWEEN)
    return {
        f"xaxis{number}": {
            "domain": [left, left + WIDE],
            **small,
            "anchor": f"y{number}",
            "type": "log" if log else "linear",
            "nticks": 3,
            "tickangle": 0,
        },
        f"yaxis{number}": {
            "domain": [max(upper - TALL / tall, 0.0), upper],
            **small,
            "anchor": f"x{number}",
            "range": [0.0, top * 1.02],
            "tickformat": ",.2~%",
            "nticks": 5,
            **({"matches": "y"} if panel else {}),
        },
    }


def _head(panel: int, tall: float, name: str) -> dict[str, Any]:
    """The name of a panel, above it."""
    down, across = divmod(panel, COLUMNS)
    lines = fitted(name, (PHONE + EDGE - LEFT) * WIDE, size=SMALL, bold=True)
    room = HEAD // LINE
    kept = lines if len(lines) <= room else [*lines[: room - 1], f"{lines[room - 1]}\u2026"]
    text = "<b>" + "<br>".join(kept) + "</b>"
    place = {"xref": "paper", "x": across * (WIDE + BETWEEN), "xanchor": "left", "yref": "paper", "yanchor": "bottom"}
    y = 1.0 - (down * (TALL + HEAD + VALUES) + HEAD) / tall
    return {"text": text, "y": y, "yshift": 1, "align": "left", "showarrow": False, "font": {"size": SMALL}, **place}
