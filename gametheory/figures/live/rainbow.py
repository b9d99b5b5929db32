"""Over which stretches of each parameter's range does each set of solutions hold, all parameters beside each other?"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gametheory.errors import InputError, UnknownNameError
from gametheory.figures.live.bars import Bar, bars, plain_rows
from gametheory.figures.live.sheet import precise, told, with_unit
from gametheory.figures.live.tipping import change_words
from gametheory.figures.rows import Row, Scale, Span
from gametheory.figures.style import fill, letter
from gametheory.figures.tipping import Interval, intervals, parameter_of, solutions
from gametheory.figures.words import Labels, counted, joined, labelled, number, order_phrase, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

__all__ = ["rainbow"]

SETS = 11  # sets of solutions with a colour and a letter of their own; those with the shortest stretches share one
REST = "other sets of solutions, each on shorter stretches: point at them"
ACROSS = "place in the range of the parameter, from its low (0%) to its high end (100%)"

Profiles = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Strip:
    """One parameter in one order of play: its tipping points, its stretches, its range and its central value."""

    name: str
    frame: pd.DataFrame
    found: Sequence[Interval]
    low: float
    high: float
    central: float | None
    log: bool

    def place(self, value: float) -> float:
        """Where a value lies in the range, from 0 to 1."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    @property
    def nearest(self) -> float | None:
        """The tipping point nearest to the central value, on the scale of the strip."""
        values = [float(value) for value in self.frame["value"]]
        if self.central is None or not values:
            return values[0] if values else None
        centre = self.place(self.central)
        return min(values, key=lambda value: abs(self.place(value) - centre))


def rainbow(
    frames: pd.DataFrame | Iterable[pd.DataFrame],
    *,
    order: str | None = None,
    log: Collection[str] = (),
    labels: Labels | None = None,
    units: Labels | None = None,
) -> Figure:
    """Draw live one strip a parameter, cut at its tipping points, coloured and lettered by the set of solutions.

    ``frames`` are those of the analysis `tip`, one a parameter, of one ``order`` of play or several (drawn is the first
    that they have, unless one is named). Equal sets have equal colours on all strips; the base case is marked on each.
    ``log`` names the parameters spaced by powers, ``units`` are those of the parameters. The parameter whose answer
    changes nearest to its central value comes first. Returns a figure of plotly; raises UnknownNameError for an order
    that the frames do not have, InputError for no frame and where plotly is not installed.
    """
    import pandas as pd

    given = [frames] if isinstance(frames, pd.DataFrame) else list(frames)
    chosen = _order(given, order)
    strips = sorted((_strip(frame, chosen, log) for frame in given), key=_distance)
    sets = _largest(strips)
    moving = [strip for strip in strips if len(strip.frame)]
    still = [strip.name for strip in strips if not len(strip.frame)]
    rows = [_bar(strip, sets, (labels, units)) for strip in moving]
    if still:
        names = joined([labelled(name, labels) for name in still])
        rows += plain_rows([Row(f"No value in its range changes the answer: {names}.")])
    rows += plain_rows(_key(strips, sets, labels))
    said = _message(strips, chosen, labels)
    return bars(rows, Scale(0.0, 1.0, ACROSS, shares=True), said, _described(strips, said, labels))


def _order(frames: Sequence[pd.DataFrame], order: str | None) -> str:
    """The order of play that is drawn."""
    if not frames:
        raise InputError("frames: none, expected at least one frame of the analysis tip")
    known = [str(name) for frame in frames for name in (*frame.attrs.get("method", ()), *frame["order"])]
    known = list(dict.fromkeys(known))
    if order is not None and order not in known:
        raise UnknownNameError(f"no tipping points in order {order!r}; expected one of {', '.join(known)}")
    return order or (known[0] if known else "")


def _strip(frame: pd.DataFrame, order: str, log: Collection[str]) -> Strip:
    """One parameter in one order of play."""
    name = parameter_of(frame)
    own = frame[frame["order"] == order].sort_values("value", kind="stable")
    told_of = dict(frame.attrs.get("present", {}))
    present: dict[str, Profiles | None] = {order: tuple(told_of[order]) if order in told_of else None}
    found = intervals(own, present=present)
    central = dict(frame.attrs.get("parameters", {})).get(name)
    low, high = found[0].low, found[-1].high
    return Strip(name, own, found, low, high, central, name in log and low > 0)


def _distance(strip: Strip) -> float:
    """How far the nearest change is from the base case, as a share of the range."""
    if strip.nearest is None:
        return math.inf
    return 0.0 if strip.central is None else abs(strip.place(strip.nearest) - strip.place(strip.central))


def _largest(strips: Sequence[Strip]) -> dict[Profiles | None, int]:
    """Sets of solutions by their number, those on the longest stretches first; the others have none."""
    lengths: dict[Profiles | None, float] = {}
    for strip in strips:
        for one in strip.found:
            length = strip.place(one.high) - strip.place(one.low)
            lengths[one.solutions] = lengths.get(one.solutions, 0.0) + length
    ranked = sorted(lengths, key=lambda own: -round(lengths[own], 9))
    return {own: place for place, own in enumerate(ranked[:SETS])}


def _bar(strip: Strip, sets: dict[Profiles | None, int], words: tuple[Labels | None, Labels | None]) -> Bar:
    """The strip of one parameter."""
    labels, units = words
    spans, stretches = [], []
    for one in strip.found:
        place = sets.get(one.solutions, SETS)
        spans.append(Span(strip.place(one.low), strip.place(one.high), fill(place), letter(place)))
        ends = f"from {precise(one.low)} to {precise(one.high)}"
        stretches.append(told(_named(one.solutions, labels), labelled(strip.name, labels), ends))
    cuts = [change_words(rows, labels, units) for _, rows in strip.frame.groupby("value", sort=True)]
    ticks = [(strip.place(float(value)), number(float(value))) for value in np.unique(strip.frame["value"])]
    base = [] if strip.central is None else [(strip.place(strip.central), "base case", _base(strip, words))]
    spaced = ", spaced by powers" if strip.log else ""
    label = f"{sentence_case(labelled(strip.name, labels))}, {number(strip.low)} to {number(strip.high)}{spaced}"
    row = Row(label, spans=tuple(spans), ticks=tuple(ticks), thick=1.2)
    return Bar(row, tuple(stretches), tuple(cuts), tuple(base))


def _base(strip: Strip, words: tuple[Labels | None, Labels | None]) -> str:
    """The base case at the pointer."""
    central = math.nan if strip.central is None else strip.central
    held = next((one.solutions for one in strip.found if one.low <= central <= one.high), None)
    return told("base case", with_unit(strip.name, central, *words), _named(held, words[0]))


def _named(held: Profiles | None, labels: Labels | None) -> str:
    """A set of solutions in words."""
    return "not known" if held is None else solutions(held, labels)


def _key(strips: Sequence[Strip], sets: dict[Profiles | None, int], labels: Labels | None) -> list[Row]:
    """What each colour and letter stands for."""
    rows = [Row(f"{letter(place)}: {_named(own, labels)}", swatch=fill(place)) for own, place in sets.items()]
    more = any(one.solutions not in sets for strip in strips for one in strip.found)
    return [*rows, Row(f"{letter(SETS)}: {REST}", swatch=fill(SETS))] if more else rows


def _message(strips: Sequence[Strip], order: str, labels: Labels | None) -> str:
    """Say how many parameters change the answer, and which of them does so nearest to the base case."""
    moving = [strip for strip in strips if len(strip.frame)]
    where = sentence_case(order_phrase(order, labels))
    count = f"{len(moving) or 'none'} of {counted(len(strips), 'parameter')}, moved alone,"
    said = f"{where}, {count} change{'' if len(moving) > 1 else 's'} the answer"
    if not moving or moving[0].central is None or moving[0].nearest is None:
        return said
    first = moving[0]
    name, central, nearest = labelled(first.name, labels), number(moving[0].central), number(moving[0].nearest)
    return f"{said}; nearest to the base case: {name}, at {nearest} instead of {central}"


def _described(strips: Sequence[Strip], said: str, labels: Labels | None) -> str:
    """The strips in words, for somebody who cannot see the picture."""
    parts = []
    for strip in strips:
        stretches = [f"from {number(one.low)} to {number(one.high)} {_named(one.solutions, labels)}"
                     for one in strip.found]  # fmt: skip
        parts.append(f"{sentence_case(labelled(strip.name, labels))}: {'; '.join(stretches)}.")
    return f"One strip for each parameter. {said}. {' '.join(parts)}"
