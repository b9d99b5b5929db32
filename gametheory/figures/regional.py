"""In which parameters do the draws where something happens differ from the others?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gametheory.errors import UnknownNameError
from gametheory.figures.discovery import INSET, event_words
from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, INK, PALE, axes, powers_axis, say, style, title_height
from gametheory.figures.words import Labels, counted, labelled, number, percent, sentence_case, within

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["regional", "regional_curves", "regional_curves_message", "regional_message"]

SHOWN = 3  # parameters an event
MOST = 8  # events drawn: the most frequent ones
TALL = 3.2  # inches: height of the picture of two distribution functions
LOGARITHMIC = "log-uniform"  # how such a law begins in words


def regional(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw for each event the three parameters whose distributions differ most where it happens and where not.

    ``frame`` is that of the analysis `regional`; returns the axes. Differences that chance explains are hatched.
    """
    rows = []
    events = [own for _, own in frame.groupby(["order", "event"], sort=False)]
    drawn = sorted(sorted(range(len(events)), key=lambda place: -int(events[place]["inside"].iloc[0]))[:MOST])
    for own in (events[place] for place in drawn):
        heading = sentence_case(event_words(own, labels))
        for place, (_, row) in enumerate(own.head(SHOWN).iterrows()):
            known = not str(row["verdict"]).startswith("no ")
            text = f"{labelled(str(row['parameter']), labels)}: {row['verdict']}"
            bar = Span(0.0, float(row["distance"]), DARK if known else PALE)
            rows.append(
                Row(text, number(round(float(row["distance"]), 3)), "" if place else heading, (bar,), thick=0.6)
            )
    if len(events) > MOST:
        rows.append(Row(f"not drawn: {counted(len(events) - MOST, 'rarer event')}"))
    message = regional_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, 1.0, "largest gap between the two distribution functions (0: none, 1: apart)"))
        return say(ax, message, f"Up to three bars for each event. {message}. {_told(rows)}")


def regional_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say which parameter most often differs most."""
    if frame.empty:
        return "No event with enough draws on both sides to compare"
    strongest = frame.groupby(["order", "event"], sort=False).head(1)
    told = strongest[~strongest["verdict"].str.startswith("no ")]
    if told.empty:
        return "No difference that could be told from chance"
    counts = told["parameter"].value_counts()
    name = labelled(str(counts.index[0]), labels)
    if len(strongest) == 1:
        return f"{sentence_case(name)} differs most: {told['verdict'].iloc[0]} that {event_words(frame, labels)}"
    return (
        f"Between the draws with an event and those without, {name} differs most in {counts.iloc[0]} of "
        f"{counted(len(strongest), 'event')}"
    )


def _told(rows: list[Row]) -> str:
    """The bars in words, for somebody who cannot see the picture."""
    parts = [f"{row.heading}{': ' * bool(row.heading)}{row.label}, {row.value}" for row in rows if row.spans]
    return f"{within(parts)}{'.' * bool(parts)}"


def regional_curves(
    frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None, parameter: str = ""
) -> Axes:
    """Draw the two distribution functions of a parameter: of the draws where the event happens, and of the others.

    ``frame`` is that of the analysis `regional_curves`; ``parameter`` is one of those in it, the strongest where not
    given. Returns the axes; raises UnknownNameError where the frame has no curves for it.
    """
    known = list(dict.fromkeys(map(str, frame["parameter"])))
    if not known or (parameter and parameter not in known):
        raise UnknownNameError(
            f"no curves for {parameter or 'any parameter'!r}; the frame has {', '.join(known) or 'none'}"
        )
    parameter = parameter or known[0]
    own = frame[frame["parameter"] == parameter]
    message = regional_curves_message(own, labels)
    with style():
        ax = axes(ax, TALL + title_height(message))
        ax.step(own["value"], own["inside"], where="post", color=DARK.colour, linewidth=2.2)
        ax.step(own["value"], own["outside"], where="post", color="#D55E00", linewidth=1.8, linestyle="--")
        _mark_gap(ax, own)
        ax.set(xlabel=labelled(parameter, labels), ylabel="share of the draws up to there", ylim=(0.0, 1.02))
        ax.margins(x=0.02)
        if str(frame.attrs.get("laws", {}).get(parameter, "")).startswith(LOGARITHMIC):
            powers_axis(ax)
        ax.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
        ax.legend(["where it happens", "where it does not"], loc="best", frameon=False)
        return say(ax, message, f"Two rising curves from 0 to 100%. {message}.", inset=INSET)


def regional_curves_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say how far apart the two functions of one parameter are, and where."""
    row = frame.iloc[_gap(frame)]
    name = labelled(str(row["parameter"]), labels)
    return (
        f"{sentence_case(name)} is at most {number(float(row['value']))} in {percent(float(row['inside']))} of the "
        f"draws in which {event_words(frame, labels)}, and in {percent(float(row['outside']))} of the others"
    )


def _gap(frame: pd.DataFrame) -> int:
    """The place where the two functions differ most."""
    return int(np.argmax(np.abs((frame["inside"] - frame["outside"]).to_numpy(dtype=np.float64))))


def _mark_gap(ax: Axes, frame: pd.DataFrame) -> None:
    """Draw the largest gap."""
    row = frame.iloc[_gap(frame)]
    low, high = sorted((float(row["inside"]), float(row["outside"])))
    ax.plot([row["value"]] * 2, [low, high], color=INK, linewidth=1.2, linestyle=":", label="_gap")
