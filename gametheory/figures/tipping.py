"""At which values of a parameter does the set of solutions change, in each order of play?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gametheory.figures.keeping import seats
from gametheory.figures.orders import outcome
from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import axes, letter, plain, say, style
from gametheory.figures.words import Labels, joined, labelled, number, order_name, order_phrase, sentence_case, times

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["Interval", "intervals", "parameter_of", "tip", "tip_alternative", "tip_message", "tip_rows"]

Profiles = tuple[str, ...]


@dataclass(frozen=True)
class Interval:
    """A stretch of a parameter over which one order of play keeps one set of solutions (None: not known)."""

    order: str
    low: float
    high: float
    solutions: Profiles | None


def tip(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    *,
    low: float | None = None,
    high: float | None = None,
    value: float | None = None,
    present: Mapping[str, Profiles | None] | None = None,
    log: bool = False,
    labels: Labels | None = None,
) -> Axes:
    """Draw one strip an order, cut at the tipping points and lettered by the set of solutions in between.

    ``frame`` is that of the analysis `tip` for one parameter, frames of several orders joined. ``low`` and ``high`` are
    the ends of the strips, ``value`` is marked, ``log`` spaces by powers, and ``present`` gives the solutions of the
    orders that do not tip at all, by default what the frame says of them. Returns the axes.
    """
    found = intervals(frame, low=low, high=high, present=present)
    parameter = parameter_of(frame)
    message = tip_message(frame, labels)
    ends = min(one.low for one in found), max(one.high for one in found)
    text = "" if value is None else f"base case, {number(value)}"
    scale = Scale(*ends, labelled(parameter, labels), log and ends[0] > 0, mark=value, mark_text=text)
    rows = tip_rows(frame, found, labels)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, scale)
        return say(ax, message, tip_alternative(frame, labels), inset=0.15)


def tip_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say how often the answer tips in each order, and whether that is proved or the find of a search."""
    name = labelled(parameter_of(frame), labels)
    if frame.empty:
        proved = set(frame.attrs.get("method", {"": ""}).values()) == {"exact"}
        return f"No value of {name} in the range changes the answer{', which is proved' if proved else ''}"
    counts = frame.groupby("order", sort=False)["value"].nunique()
    parts = [f"{times(int(count))} {order_phrase(str(order), labels)}" for order, count in counts.items()]
    return f"As {name} grows, the answer changes {joined(parts)}{_certainty(frame)}"


def _certainty(frame: pd.DataFrame) -> str:
    """How the values are known: the end of the sentence about them."""
    known = [bool(exact) for exact in frame["exact"]] if "exact" in frame else []
    if known and not any(known):
        return " (values found numerically)"
    return " (exact values)" if known and all(known) else ""


def tip_alternative(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Describe the figure to somebody who cannot see it."""
    parts = [
        f"{order_name(row['order'], labels)} at {number(row['value'])}: from {solutions(row['before'], labels)} "
        f"to {solutions(row['after'], labels)}"
        for _, row in frame.head(40).iterrows()
    ]
    return f"One strip for each order of play. {tip_message(frame, labels)}. {'; '.join(parts)}{'.' if parts else ''}"


def solutions(profiles: Sequence[str], labels: Labels | None = None) -> str:
    """Write a set of solutions: ``surge / carry on; or concede / carry on``; an empty one is ``none found``."""
    return outcome(" | ".join(profiles), labels) if len(profiles) else "none found"


def intervals(
    frame: pd.DataFrame,
    *,
    low: float | None = None,
    high: float | None = None,
    present: Mapping[str, Profiles | None] | None = None,
) -> list[Interval]:
    """The stretches between the tipping points, order by order, from ``low`` to ``high``.

    Two tips at one value (several players indifferent at once) cut the strip once. Without ``low`` and ``high`` the
    frame's ``attrs`` are asked for them, then the outermost tipping points.
    """
    values = [float(value) for value in frame["value"]]
    low = float(frame.attrs.get("low", min(values, default=0.0)) if low is None else low)
    high = float(frame.attrs.get("high", max(values, default=1.0)) if high is None else high)
    known = frame.attrs.get("present", {}) if present is None else present
    found = []
    for order in dict.fromkeys([*known, *frame["order"]]):
        own = frame[frame["order"] == order].sort_values("value", kind="stable")
        cuts = list(dict.fromkeys(own["value"]))
        if not cuts:
            still = known.get(order)
            found.append(Interval(order, low, high, None if still is None else tuple(still)))
            continue
        befores = own.groupby("value", sort=True)["before"].first()
        afters = own.groupby("value", sort=True)["after"].last()
        sets = [tuple(befores.iloc[0]), *(tuple(after) for after in afters)]
        ends = [min(low, cuts[0]), *cuts, max(high, cuts[-1])]
        found += [Interval(order, ends[k], ends[k + 1], sets[k]) for k in range(len(sets))]
    return found or [Interval("", low, high, None)]


def parameter_of(frame: pd.DataFrame) -> str:
    """The parameter of a frame, from its rows or its ``attrs``."""
    return str(frame["parameter"].iloc[0] if len(frame) else frame.attrs.get("parameter", "the parameter"))


def tip_rows(frame: pd.DataFrame, found: Sequence[Interval], labels: Labels | None) -> list[Row]:
    """One strip an order, then one legend line a set of solutions."""
    sets = list(dict.fromkeys(one.solutions for one in found))
    kept = dict(zip(sets, seats([own or () for own in sets]), strict=True))
    letters = {own: letter(place) for own, place in kept.items()}
    fills = {own: plain(place) for own, place in kept.items()}
    rows = []
    for order in dict.fromkeys(one.order for one in found):
        spans = tuple(
            Span(one.low, one.high, fills[one.solutions], letters[one.solutions]) for one in found if one.order == order
        )
        cuts = frame[frame["order"] == order]["value"].drop_duplicates().sort_values()
        ticks = tuple((float(cut), number(float(cut))) for cut in cuts)
        name = sentence_case(order_name(order, labels)) if order else ""
        rows.append(Row(name, spans=spans, ticks=ticks, thick=1.3))
    names = {own: "not known" if own is None else solutions(own, labels) for own in sets}
    return [
        *rows,
        *(Row(f"{letters[own]}: {names[own]}", swatch=fills[own]) for own in sorted(sets, key=kept.__getitem__)),
    ]
