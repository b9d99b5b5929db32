"""Under which few conditions does something happen, and what does such a box hold and miss?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory.figures.rows import LABEL_BOX, Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, INK, PALE, axes, say, style, title_height
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
    within,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["discovery", "discovery_message", "discovery_trade_off", "discovery_trade_off_message", "event_words"]

SIZE = 3.4  # inches: height of the picture of the trade-off
INSET = 0.65  # inches that the labels of the vertical axis take
ROOM = 0.25  # of the coverage: what the name of the chosen box takes to the left of it
MARKERS = "os^Dv"
MANY = len(MARKERS) - 1  # limited parameters: so many and more share a marker
ENDS = {"some": "in at least one solution", "all": "in every solution"}


def discovery(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw coverage and density of every box, with its conditions and what it reaches on draws that did not shape it.

    ``frame`` is that of the analysis `discovery`; returns the axes.
    """
    rows = [row for _, box in frame.groupby("box", sort=True) for row in _box_rows(box, labels)]
    if rows:
        rows.append(Row("whiskers: from there to what is reached, on average, on draws held out"))
    message = discovery_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, 1.0, "share of draws", shares=True))
        return say(ax, message, _alternative(frame, labels))


def discovery_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say what the boxes hold together."""
    if frame.empty:
        return f"No box: {str(frame.attrs.get('verdict') or 'nothing was found').removeprefix('no box: ')}"
    together, boxes = frame.attrs["together"], frame["box"].nunique()
    what = "One box holds" if boxes == 1 else f"{boxes} boxes hold"
    return (
        f"{what} {percent(together['coverage'])} of the draws in which {event_words(frame, labels)}; it is so in "
        f"{percent(together['density'])} of the draws inside"
    )


def event_words(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say the event of a frame, in how many solutions, and under which order of play."""
    row = frame.iloc[0]
    kind, _, rest = str(row["event"]).partition(" ")
    if kind == "claim":
        return f"the claim \u201c{labelled(rest, labels)}\u201d holds {ENDS[str(row['when'])]}"
    if kind == "measure":
        name, side, bound = rest.split(" ")
        words = f"{labelled(name, labels)} is at {'least' if side == '>=' else 'most'} {bound} {ENDS[str(row['when'])]}"
    else:
        words = f"{profile(str(row['event']), labels)} is {'a' if row['when'] == 'some' else 'the only'} solution"
    return f"{words}{'' if row['order'] == EQUILIBRIUM else ' ' + order_phrase(str(row['order']), labels)}"


def _box_rows(box: pd.DataFrame, labels: Labels | None) -> list[Row]:
    """The bars of one box: how much of what it looks for lies inside, and how much of the inside is such."""
    first = box.iloc[0]
    outside = ", outside the boxes before" if first["box"] > 1 else ""
    size = f"{percent(float(first['mass']))} of all draws"
    return [
        Row(f"if {_conditions(box, labels)}", heading=f"Box {first['box']}{outside}"),
        Row("coverage: of the draws in which it happens, those inside", percent(float(first["coverage"])),
            spans=(Span(0.0, float(first["coverage"]), PALE),), errors=_whisker(first, "coverage"), thick=0.6),
        Row(f"density: of the draws inside ({size}), those in which it happens", percent(float(first["density"])),
            spans=(Span(0.0, float(first["density"]), DARK),), errors=_whisker(first, "density"), thick=0.6),
    ]  # fmt: skip


def _whisker(row: pd.Series[Any], name: str) -> tuple[tuple[float, float], ...]:
    """From the value to what is reached on draws held out; a later box is held out of those left over only."""
    if row["box"] > 1 and name == "coverage":
        return ()
    ends = sorted((float(row[name]), float(row[f"held_out_{name}"])))
    return ((ends[0], ends[1]),)


def _conditions(box: pd.DataFrame, labels: Labels | None) -> str:
    """What a box asks of all its parameters."""
    return joined([_condition(own, labels) for _, own in box.groupby("parameter", sort=False)])


def _condition(limits: pd.DataFrame, labels: Labels | None) -> str:
    """What a box asks of one parameter."""
    name = labelled(str(limits["parameter"].iloc[0]), labels)
    sides = {str(row["side"]): number(float(row["limit"])) for _, row in limits.iterrows()}
    if len(sides) > 1:
        return f"{name} is between {sides['above']} and {sides['below']}"
    ((side, limit),) = sides.items()
    return f"{name} is {side} {limit}"


def _alternative(frame: pd.DataFrame, labels: Labels | None) -> str:
    """Describe the figure to somebody who cannot see it."""
    parts = []
    for place, box in frame.groupby("box", sort=True):
        first = box.iloc[0]
        shares = [f"{name} {percent(float(first[name]))}" for name in ("coverage", "density")]
        shares.append(f"{percent(float(first['mass']))} of all draws")
        parts.append(f"Box {place}: if {_conditions(box, labels)}, {', '.join(shares)}")
    return f"Two bars for each box. {discovery_message(frame, labels)}. {within(parts, '. ')}{'.' * bool(parts)}"


def discovery_trade_off(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw every box by its coverage and density, the number of its limited parameters, and the chosen one.

    ``frame`` is that of the analysis `discovery_trade_off`; returns the axes.
    """
    message = discovery_trade_off_message(frame, labels)
    with style():
        ax = axes(ax, SIZE + title_height(message))
        ax.set(xlabel="coverage: of the draws in which it happens, those inside", ylabel="density inside",
               xlim=(0.0, 1.03), ylim=(0.0, 1.05))  # fmt: skip
        peeled, chosen = frame[frame["kind"] == "peeled"], frame[frame["kind"] == "chosen"]
        ax.plot(peeled["coverage"], peeled["density"], color="#9A9A9A", linewidth=0.8, zorder=1)
        for count, own in peeled.groupby(peeled["restricted"].clip(upper=MANY), sort=True):
            limited = int(str(count))
            name = counted(limited, "parameter limited", f"{'or more ' * (limited == MANY)}parameters limited")
            ax.plot(own["coverage"], own["density"], marker=MARKERS[limited], markersize=5, linestyle="none",
                    color=DARK.colour, label=name)  # fmt: skip
        for _, row in chosen.iterrows():
            ax.plot(row["coverage"], row["density"], marker="*", markersize=15, color="#E69F00", markeredgecolor=INK)
            left = float(row["coverage"]) > ROOM
            ax.annotate("the box chosen", (row["coverage"], row["density"]), xytext=(-10 if left else 10, -20),
                        textcoords="offset points", ha="right" if left else "left", bbox=LABEL_BOX)  # fmt: skip
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
        if len(peeled):
            ax.legend(loc="lower left", frameon=False)
        return say(ax, message, f"A falling line of boxes, from all draws to the smallest. {message}.", inset=INSET)


def discovery_trade_off_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say where the chosen box lies."""
    chosen = frame[frame["kind"] == "chosen"]
    if chosen.empty:
        return f"No box: {str(frame.attrs.get('verdict') or 'nothing was found').removeprefix('no box: ')}"
    row = chosen.iloc[0]
    return (
        f"The box chosen holds {percent(float(row['coverage']))} of the draws in which {event_words(frame, labels)}, "
        f"by limits on {counted(int(row['restricted']), 'parameter')}; it is so in {percent(float(row['density']))} of "
        "the draws inside"
    )
