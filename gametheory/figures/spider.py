"""How do the bounds of a payoff or a measure run along each parameter, and where do they break off?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.errors import InputError
from gametheory.figures.orders import bounded
from gametheory.figures.style import DARK, INK, SIZE, axes, letter, room, say, style, title_height, wrap
from gametheory.figures.tornado import one_order, value_range, value_words
from gametheory.figures.words import Labels, counted, labelled, number, order_phrase, sentence_case, times, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["spider", "spider_message"]

PARAMETERS, SETS = 6, 9  # drawn: the parameters that move most; lettered: the sets of equilibria met longest
COLUMNS = 2
PANEL, LEGEND = 2.3, 0.2  # inches: of a row of panels, of a line of text
NARROW = 0.04  # share of a panel below which a segment gets no letter
FEW = 8  # separate values of a parameter, below which each gets a letter
UPPER = "#B04A00"
CURVES = ("lower", DARK.colour, "-", "o"), ("upper", UPPER, "--", "x")  # colour never alone: own dashes and marks


def spider(
    frame: pd.DataFrame, ax: Axes | None = None, *, order: str | None = None, labels: Labels | None = None
) -> Axes:
    """Draw one panel a parameter: the lowest and the highest value over the equilibria, broken at tipping points.

    ``frame`` is that of the analysis `spider`; drawn is one ``order`` of play, by default the first, and of it the
    parameters along which the value moves most. All panels share their vertical axis; across stands the share of the
    parameter's law, so that slopes can be compared, with the parameter's values below. Letters name the sets of
    equilibria. Returns the axes that hold the panels; raises UnknownNameError for an order that the frame does not
    have.
    """
    own, chosen = one_order(frame, order)
    names = _moving(own)
    message = spider_message(own, chosen, labels)
    letters = _letters(own, names)
    separate = frame.attrs.get("separate", ())
    legend = _legend(own, names, letters, labels, separate=any(name in separate for name in names))
    rows = math.ceil(len(names) / COLUMNS)
    tall = rows * PANEL + LEGEND * len(legend) + title_height(message) + 0.3
    with style():
        ax = axes(ax, tall)
        ax.set_axis_off()
        lower = LEGEND * len(legend) / tall
        for place, name in enumerate(names):
            across, down = place % COLUMNS, place // COLUMNS
            box = (0.08 + across * 0.5, 1.0 - (1.0 - lower) * (down + 0.78) / rows, 0.41, (1.0 - lower) * 0.52 / rows)
            panel = ax.inset_axes(box)
            _panel(panel, own[own["parameter"] == name], letters, lines=name not in separate)
            panel.set(ylim=_range(own[own["parameter"].isin(names)]))
            title = wrap(sentence_case(labelled(name, labels)), 0.41 * room(ax))[:2]
            panel.set_title("\n".join(title), fontsize=SIZE, loc="left", pad=17)
        for line, text in enumerate(legend):
            ax.text(0.0, lower - (line + 0.6) * LEGEND / tall, text, transform=ax.transAxes, va="center", color=INK,
                    fontsize=SIZE)  # fmt: skip
        return say(ax, message, _described(own, names, message, labels))


def spider_message(own: pd.DataFrame, order: str, labels: Labels | None = None) -> str:
    """Say along which parameter the value moves most, between which values, and at how many jumps."""
    what = f"{sentence_case(value_words(str(own['of'].iloc[0]), labels))} {order_phrase(order, labels)}"
    name = _moving(own)[0]
    rows = own[own["parameter"] == name]
    values = value_range(float(rows["lower"].min()), float(rows["upper"].max()))
    if not _swing(rows) > 0:
        return f"{what}: {values} along every parameter alone"
    return f"{what}: moved most by {labelled(name, labels)} alone, within {values}{_stretches(rows)}"


def _stretches(rows: pd.DataFrame) -> str:
    """Over how many stretches of a parameter the value is known, and whether it is known everywhere."""
    known = rows[rows["lower"].notna()]
    count = int(known["segment"].nunique())
    unknown = ", and not solved in part" * (len(known) < len(rows))
    if count == len(known) and count > 1:
        return f", at {count} separate values{unknown}"
    if count == 1:
        return f", without a change of the equilibria{unknown}"
    if unknown:
        return f", in {count} stretches with a set of equilibria each{unknown}"
    return f"; the equilibria change {times(count - 1)} on the way"


def _swing(rows: pd.DataFrame) -> float:
    """How far the lower or the upper value moves; 0 where it is nowhere known."""
    moved = [float(rows[end].max() - rows[end].min()) for end in ("lower", "upper")]
    return max((one for one in moved if math.isfinite(one)), default=0.0)


def _moving(own: pd.DataFrame) -> list[str]:
    """The parameters along which the value moves most, the strongest first; the first at least."""
    swings = {str(name): _swing(rows) for name, rows in own.groupby("parameter", sort=False)}
    ranked = sorted(swings, key=lambda name: (-swings[name], name))
    return [name for name in ranked if swings[name] > 1e-9 * max(swings.values())][:PARAMETERS] or ranked[:1]


def _range(own: pd.DataFrame) -> tuple[float, float]:
    """A vertical axis that holds all values."""
    low, high = float(own["lower"].min()), float(own["upper"].max())
    if not (math.isfinite(low) and math.isfinite(high)):
        return 0.0, 1.0
    more = 0.06 * (high - low) or 0.5
    return low - more, high + more


def _letters(own: pd.DataFrame, names: Sequence[str]) -> dict[str, str]:
    """A letter for each set of equilibria, of those that are met longest, in the order in which they are met."""
    length: dict[str, float] = {}
    for name in names:
        panel = own[own["parameter"] == name]
        for _, rows in panel.groupby("segment", sort=True):
            met = str(rows["set"].iloc[0])
            if _has_room(rows, panel):
                length[met] = length.get(met, 0.0) + float(rows["share"].max() - rows["share"].min())
    kept = sorted(length, key=lambda met: -length[met])[:SETS]
    return {met: letter(place) for place, met in enumerate(met for met in length if met in kept)}


def _has_room(rows: pd.DataFrame, panel: pd.DataFrame) -> bool:
    """Whether a letter fits above a segment."""
    shares = panel["share"]
    few = len(panel) == panel["segment"].nunique() and len(panel) < FEW
    return few or bool(rows["share"].max() - rows["share"].min() > NARROW * (shares.max() - shares.min()))


def _panel(ax: Axes, own: pd.DataFrame, letters: Mapping[str, str], *, lines: bool) -> None:
    """Draw the bounds along one parameter."""
    previous = first = float(own["share"].min())
    for _, rows in own.groupby("segment", sort=True):
        share, low, high = (rows[name].to_numpy() for name in ("share", "lower", "upper"))
        start, end = float(share[0]), float(share[-1])
        if lines and start > first:
            ax.axvline((previous + start) / 2, color=INK, linestyle=":", linewidth=0.9)
        previous = end
        if np.isnan(low).all():
            ax.axvspan(start, end, facecolor="#CFCFCF", hatch="xx", edgecolor="#888888", linewidth=0.0)
        line = lines and len(share) > 1
        ax.fill_between(share, low, high, color="#F3CF80", alpha=0.5, linewidth=0)
        for name, colour, dash, mark in CURVES:
            ax.plot(share, rows[name], color=colour, linestyle=dash, linewidth=1.9, marker="" if line else mark)
        if _has_room(rows, own):
            own_letter = letters.get(str(rows["set"].iloc[0]), "")
            ax.text((start + end) / 2, 1.04, own_letter, transform=ax.get_xaxis_transform(), ha="center")
    if not (own["place"] == "central").any():
        raise InputError("frame: without the central case of a parameter; give the whole frame of the analysis spider")
    centre = own[own["place"] == "central"].iloc[0]
    at = float(centre["share"])
    ring: dict[str, Any] = {
        "color": "white" if lines else "none",
        "markeredgecolor": INK,
        "markersize": 6 if lines else 11,
    }
    ax.plot([at, at], [centre["lower"], centre["upper"]], linestyle="none", marker="o", zorder=6, **ring)
    ax.locator_params(axis="y", nbins=5)
    _value_ticks(ax, own, at)


def _value_ticks(ax: Axes, own: pd.DataFrame, centre: float) -> None:
    """Write the parameter's values at both ends and, where there is room, in the central case."""
    ends = own.iloc[[0, -1]]
    places = dict(zip(ends["share"].tolist(), ends["value"].tolist(), strict=True))
    wide = max(places) - min(places)
    if wide > 0 and all(abs(centre - share) > 0.25 * wide for share in places):
        places[centre] = float(own.loc[own["place"] == "central", "value"].iloc[0])
    ax.set_xticks(list(places), [number(value) for value in places.values()])
    if wide > 0:
        ax.set_xlim(min(places) - 0.02 * wide, max(places) + 0.02 * wide)


def _legend(
    own: pd.DataFrame, names: Sequence[str], letters: Mapping[str, str], labels: Labels | None, *, separate: bool
) -> list[str]:
    """The lines below the panels: what the lines and letters are, and what is not drawn."""
    parts = [f"{own_letter}: {bounded(text, labels)}" for text, own_letter in letters.items()]
    shown = own[own["parameter"].isin(names)]
    more = shown["set"].nunique() - len(letters)
    parts += [f"Without a letter, as they hold along a short way only: {counted(more, 'other set')}."] * bool(more)
    crossed = " Crossed out: not solved." * bool(shown["lower"].isna().any())
    what = value_words(str(own["of"].iloc[0]), labels)
    marks = " (dots and crosses where the parameter has a few values only)" * separate
    parts.append(
        f"Solid: the lowest, dashed: the highest {what} over the equilibria{marks}; dotted: the set of equilibria "
        f"changes; ring: the central case.{crossed} Across: from the low to the high value of the parameter, evenly by "
        "its law."
    )
    hidden = own["parameter"].nunique() - len(names)
    if hidden:
        move = "moves" if hidden == 1 else "move"
        parts.append(f"Not drawn: {counted(hidden, 'other parameter')} that {move} it no more.")
    return [line for text in parts for line in wrap(text, room(None))]


def _described(own: pd.DataFrame, names: Sequence[str], message: str, labels: Labels | None) -> str:
    """The panels in words, for somebody who cannot see the picture."""
    parts = []
    for name in names:
        stretches = []
        for _, rows in own[own["parameter"] == name].groupby("segment", sort=True):
            ends = [number(float(value)) for value in rows["value"].iloc[[0, -1]]]
            values = value_range(float(rows["lower"].min()), float(rows["upper"].max()))
            stretches.append(f"{' to '.join(dict.fromkeys(ends))}: {values} ({bounded(rows['set'].iloc[0], labels)})")
        parts.append(f"{labelled(name, labels)}, {'; '.join(stretches)}")
    return f"One panel for each parameter. {message}. {within(parts, '. ')}."
