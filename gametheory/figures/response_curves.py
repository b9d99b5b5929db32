"""How does the share of draws with each equilibrium change along each parameter?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.influence.response_curves import FAILED
from gametheory.errors import UnknownNameError
from gametheory.figures.style import INK, SIZE, axes, powers_axis, room, say, style, title_height, wrap
from gametheory.figures.words import (
    EQUILIBRIUM,
    Labels,
    counted,
    joined,
    labelled,
    number,
    order_phrase,
    percent,
    profile,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "LINES",
    "MARKS",
    "curve_name",
    "curves_described",
    "drawn_curves",
    "happens",
    "most_moving",
    "response_curves",
    "response_curves_message",
]

ABOVE, ASIDE = 1.05, 0.16  # of the largest share: the top of a panel; of a value: from one of its points to the next
FloatArray = NDArray[np.float64]
PROFILES, ROWS = 3, 3  # drawn: profiles; rows of panels
WIDE = 6.0  # inches of room for three panels side by side; two stand in less
PANEL, LEGEND = 1.9, 0.24  # inches: of a row of panels, of a line of text
LINES = (("#0072B2", "-"), ("#B04A00", "--"), ("#117755", ":"))  # colour never alone: each has its own dash
MARKS = ("o", "s", "^")
READ = "Share of the draws in each bin of the parameter in which the profile is an equilibrium; bands: 95% intervals"
PLAIN, GOES_ON = -1, -2  # lines below the panels: those of no curve, and further ones of a name


def response_curves(
    frame: pd.DataFrame, ax: Axes | None = None, *, order: str | None = None, labels: Labels | None = None
) -> Axes:
    """Draw small multiples: one panel a parameter, one stepped line a profile, with its 95 % band.

    ``frame`` is that of the analysis `response_curves`; drawn is one ``order`` of play (by default the first), of it
    the profile that moves most, the most frequent others, and the parameters along which one of them moves most. A line
    is flat within each bin, so that no slope is read where there is a jump. Returns the axes that hold the panels;
    raises UnknownNameError for an order that the frame does not have.
    """
    own, chosen = drawn_curves(frame, order)
    columns = 3 if room(ax) >= WIDE else 2
    names = most_moving(own, ROWS * columns) if len(own) else []
    message = response_curves_message(own, chosen, labels)
    profiles = list(dict.fromkeys(own["profile"]))
    legend = _legend(frame, own, profiles, names, labels)
    rows = math.ceil(len(names) / columns)
    tall = rows * PANEL + LEGEND * len(legend) + title_height(message) + 0.4
    with style():
        ax = axes(ax, tall)
        ax.set_axis_off()
        lower = LEGEND * len(legend) / tall
        points = bool((own["low"] == own["high"])[own["parameter"].isin(names)].any())
        top = max((float(own["share_high"].max()), 1e-3)) if len(own) else 1.0
        for place, name in enumerate(names):
            down, across = divmod(place, columns)
            left, width = 0.03 + across * 1.0 / columns, 1.0 / columns - 0.095
            box = (left + 0.05, 1.0 - (1.0 - lower) * (down + 0.8) / rows, width, (1.0 - lower) * 0.57 / rows)
            powers = name in frame.attrs.get("logarithmic", ())
            title = "\n".join(wrap(labelled(name, labels), (width - 0.035) * room(ax))[:2])
            _panel(ax.inset_axes(box), own[own["parameter"] == name], profiles, title, top, powers=powers)
        for line, (text, kind) in enumerate(legend):
            _legend_line(ax, text, kind, lower - (line + 0.6) * LEGEND / tall, points=points)
        return say(ax, message, f"{message}. {curves_described(own, profiles, names, labels)}")


def response_curves_message(own: pd.DataFrame, order: str, labels: Labels | None = None) -> str:
    """Say which curve moves most, and between which shares."""
    if own.empty:
        return "No profile is frequent enough for a curve"
    swing = own.groupby(["profile", "parameter"], sort=False)["share"].agg(["min", "max"]).reset_index()
    most = swing.iloc[int((swing["max"] - swing["min"]).to_numpy().argmax())]
    parameter = str(most["parameter"])
    equal = swing[(swing["min"] == most["min"]) & (swing["max"] == most["max"]) & (swing["parameter"] == parameter)]
    told = _each(list(map(str, equal["profile"])), labels)
    shares = f"{percent(float(most['min']))} to {percent(float(most['max']))} of the draws"
    where = "" if order == EQUILIBRIUM else f"{order_phrase(order, labels)}, "
    return f"Largest swing {where}along {labelled(parameter, labels)}: {told} in {shares}"


def _each(names: Sequence[str], labels: Labels | None) -> str:
    """What equally large swings are of: of several profiles none is picked, and failed games are always told."""
    solved = [name for name in names if name != FAILED]
    told = [f"each of {len(solved)} profiles is an equilibrium"] if len(solved) > 1 else []
    told = told or [happens(name, labels) for name in solved]
    return ", and likewise ".join([*told, *(happens(name, labels) for name in names if name == FAILED)])


def happens(name: str, labels: Labels | None = None) -> str:
    """Say what a curve counts: a profile in equilibrium, or games that failed.

    >>> happens("surge, carry_on"), happens(FAILED)
    ('surge / carry on is an equilibrium', 'the game could not be solved')
    """
    return "the game could not be solved" if name == FAILED else f"{profile(name, labels)} is an equilibrium"


def curve_name(name: str, labels: Labels | None) -> str:
    """What a curve is called in a legend."""
    return "not solved" if name == FAILED else profile(name, labels)


def drawn_curves(frame: pd.DataFrame, order: str | None) -> tuple[pd.DataFrame, str]:
    """The curves that are drawn of one order of play: of the profile that moves most, and of the most frequent."""
    known = list(dict.fromkeys(frame["order"]))
    if order is None:
        order = str(known[0]) if known else ""
    elif order not in known:
        raise UnknownNameError(f"no curves in order {order!r}; expected one of {', '.join(known)}")
    own = frame[frame["order"] == order]
    frequent = own.groupby("profile", sort=False)["share"].mean().sort_values(ascending=False, kind="stable")
    swings = own.groupby(["profile", "parameter"], sort=False)["share"].agg(np.ptp).groupby("profile", sort=False).max()
    moving = list(frequent.index[frequent.index == swings.idxmax()]) if len(own) else []
    chosen = list(dict.fromkeys([*moving, *frequent.index]))[:PROFILES]
    return own[own["profile"].isin(chosen)], order


def most_moving(own: pd.DataFrame, count: int) -> list[str]:
    """So many of the parameters along which some profile moves most, the strongest first."""
    shares = own.groupby(["parameter", "profile"], sort=False)["share"].agg(np.ptp)
    most = shares.groupby("parameter", sort=False).max().sort_values(ascending=False, kind="stable")
    return [str(name) for name in most.index[:count]]


def _panel(ax: Axes, own: pd.DataFrame, profiles: list[str], name: str, top: float, *, powers: bool) -> None:
    """Draw the curves along one parameter."""
    separate = bool((own["low"] == own["high"]).all())
    for place, one in enumerate(profiles):
        rows = own[own["profile"] == one].sort_values("low", kind="stable")
        low, high, *shares = (rows[end].to_numpy() for end in ("low", "high", "share", "share_low", "share_high"))
        colour, dash = LINES[place]
        if separate:  # a few values: between them there is no curve
            _points(ax, low, shares, place, len(profiles))
            continue
        ends, (share, least, most) = np.append(low, high[-1]), (np.append(end, end[-1]) for end in shares)
        ax.fill_between(ends, least, most, step="post", color=colour, alpha=0.22, linewidth=0)
        ax.step(ends, share, where="post", color=colour, linestyle=dash, linewidth=1.5)
    if separate:
        values = sorted(set(own["low"]))
        ax.set_xticks(range(len(values)), [number(float(value)) for value in values])
        ax.set_xlim(-0.5, len(values) - 0.5)
    elif powers:
        powers_axis(ax, most=3)
    else:
        ax.locator_params(axis="x", nbins=3)
    ax.set(ylim=(0.0, ABOVE * top))
    ax.locator_params(axis="y", nbins=4)
    ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.4g}%")
    ax.set_title(name, fontsize=SIZE, loc="left", pad=5)


def _points(ax: Axes, low: FloatArray, shares: Sequence[FloatArray], place: int, count: int) -> None:
    """Draw the shares at a few separate values as points beside each other, evenly spaced."""
    across = np.arange(len(low)) + ASIDE * (place - (count - 1) / 2)
    errors = np.abs(np.stack(shares[1:]) - shares[0])
    look: dict[str, Any] = {"color": LINES[place][0], "marker": MARKS[place], "linestyle": "none", "clip_on": False}
    ax.errorbar(across, shares[0], yerr=errors, capsize=2, **look)


def _legend(
    frame: pd.DataFrame, own: pd.DataFrame, profiles: list[str], names: list[str], labels: Labels | None
) -> list[tuple[str, int]]:
    """The lines below the panels: what each curve is, what a panel shows, and what is not drawn."""
    lines = []
    for place, one in enumerate(profiles):
        name = wrap(curve_name(one, labels), 0.92 * room(None))
        lines += [(line, GOES_ON if turn else place) for turn, line in enumerate(name)]
    order = str(own["order"].iloc[0]) if len(own) else ""
    every = frame[frame["order"] == order]
    rest = {
        "other profile": every["profile"].nunique() - len(profiles),
        "other parameter": every["parameter"].nunique() - len(names),
    }
    hidden = joined([counted(count, noun) for noun, count in rest.items() if count])
    stepped = set(own.loc[own["low"] != own["high"], "parameter"]) & set(names)
    drawn = own[own["parameter"].isin(stepped)]
    curves = [tuple(drawn.loc[drawn["profile"] == one, "share"]) for one in profiles]
    covered = " Curves that agree lie on each other." * (len(drawn) > 0 and len(set(curves)) < len(curves))
    text = f"{READ}.{covered}{f' Not drawn: {hidden}.' if hidden else ''}"
    return [*lines, *((line, PLAIN) for line in wrap(text, room(None)))]


def _legend_line(ax: Axes, text: str, place: int, height: float, *, points: bool) -> None:
    """Write one line below the panels, with a sample of its curve and, where there are points, of those."""
    if place >= 0:
        colour, dash = LINES[place]
        ax.plot([0.0, 0.06], [height, height], transform=ax.transAxes, color=colour, linestyle=dash, linewidth=2)
        if points:
            ax.plot([0.03], [height], transform=ax.transAxes, color=colour, marker=MARKS[place])
    ax.text(
        0.0 if place == PLAIN else 0.08, height, text, transform=ax.transAxes, va="center", color=INK, fontsize=SIZE
    )


def curves_described(own: pd.DataFrame, profiles: list[str], names: list[str], labels: Labels | None) -> str:
    """The curves in words, for somebody who cannot see the picture."""
    parts = []
    for one in profiles:
        rows = own[(own["profile"] == one) & own["parameter"].isin(names)]
        ends = [f"{labelled(str(name), labels)} {_ends(part)}" for name, part in rows.groupby("parameter", sort=False)]
        parts.append(f"{curve_name(one, labels)}: {', '.join(ends)}.")
    return f"Small multiples, one panel a parameter. {' '.join(parts)}"


def _ends(part: pd.DataFrame) -> str:
    """The share at the low and at the high end of a parameter."""
    rows = part.sort_values("low", kind="stable")
    first, last = rows.iloc[0], rows.iloc[-1]
    shares = (percent(float(row["share"])) for row in (first, last))
    return f"from {next(shares)} at {number(float(first['low']))} to {next(shares)} at {number(float(last['high']))}"
