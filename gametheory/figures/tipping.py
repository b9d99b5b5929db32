"""At which values of a parameter does the set of solutions change, in each order of play?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gametheory.figures.keeping import seats
from gametheory.figures.orders import LISTED, bounded, outcome
from gametheory.figures.rows import Row, Scale, Span, height, paint, seen, spread
from gametheory.figures.style import axes, letter, plain, room, say, style, text_width
from gametheory.figures.words import (
    EQUILIBRIUM,
    Labels,
    all_orders,
    counted,
    joined,
    labelled,
    number,
    order_name,
    order_phrase,
    sentence_case,
    times,
    within,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["Interval", "intervals", "parameter_of", "tip", "tip_alternative", "tip_message", "tip_rows"]

Profiles = tuple[str, ...]

SLIVER = 1e-3  # of a strip: a shorter stretch would be thinner than half a pixel
THICK = 1.3  # lines: height of a strip


@dataclass(frozen=True)
class Interval:
    """A stretch of a parameter over which one order of play keeps one set of solutions (None: not known)."""

    order: str
    low: float
    high: float
    solutions: Profiles | None


@dataclass(frozen=True)
class Strip:
    """What is drawn of one order of play: its stretches, and the cuts between them with the changes at each."""

    stretches: tuple[Interval, ...]
    cuts: tuple[tuple[float, int], ...]

    @property
    def order(self) -> str:
        """The order of play."""
        return self.stretches[0].order


def tip(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    *,
    low: float | None = None,
    high: float | None = None,
    value: float | None = None,
    present: Mapping[str, Profiles | None] | None = None,
    log: bool | None = None,
    labels: Labels | None = None,
) -> Axes:
    """Draw one strip an order, cut at the tipping points and lettered by the set of solutions in between.

    ``frame`` is that of the analysis `tip` for one parameter, frames of several orders joined. ``low`` and ``high`` are
    the ends of the strips; ``value`` is marked, by default the one that all else was held at; ``log`` spaces by powers,
    by default where the law of the parameter does; ``present`` gives the solutions of the orders that do not tip at
    all, by default what the frame says of them. Returns the axes.
    """
    found = intervals(frame, low=low, high=high, present=present)
    parameter = parameter_of(frame)
    message = tip_message(frame, labels)
    ends = min(one.low for one in found), max(one.high for one in found)
    powers = bool(frame.attrs.get("logarithmic", False)) if log is None else log
    value = frame.attrs.get("parameters", {}).get(parameter) if value is None else value
    text = "" if value is None else f"base case, {number(value)}"
    scale = Scale(*ends, labelled(parameter, labels), powers and ends[0] > 0, mark=value, mark_text=text)
    drawn = strips(found, scale)
    rows = [*_strip_rows(drawn, scale, room(ax), labels), *_key(drawn, labels), *_left_out(found, drawn)]
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, scale)
        return say(ax, message, tip_alternative(frame, labels, drawn), inset=0.15)


def tip_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say how often the answer tips in each order, and whether that is proved or the find of a search."""
    name = labelled(parameter_of(frame), labels)
    methods = {str(order): method for order, method in frame.attrs.get("method", {}).items()}
    if frame.empty:
        if methods and set(methods.values()) == {"exact"}:
            return f"No value of {name} in the range changes the answer, which is proved"
        return f"No value of {name} was found in the range that changes the answer"
    counts = frame.groupby("order", sort=False)["value"].nunique()
    parts = [f"{times(int(count))}{_under(str(order), labels)}" for order, count in counts.items()]
    still = [order for order in methods if order not in counts.index]
    never = f"; {joined([order_phrase(order, labels) for order in still], 'and')} no change was found" if still else ""
    return f"As {name} grows, the answer changes {joined(parts)}{_certainty(frame)}{never}"


def _under(order: str, labels: Labels | None) -> str:
    """The order of play in a sentence; equations have one only, which goes without saying."""
    return "" if order == EQUILIBRIUM else f" {order_phrase(order, labels)}"


def _certainty(frame: pd.DataFrame) -> str:
    """How the values are known: the end of the sentence about them."""
    known = [bool(exact) for exact in frame["exact"]] if "exact" in frame else []
    if known and not any(known):
        return " (values found numerically)"
    return " (exact values)" if known and all(known) else ""


def tip_alternative(frame: pd.DataFrame, labels: Labels | None = None, drawn: Sequence[Strip] | None = None) -> str:
    """Describe the figure to somebody who cannot see it: each strip by its letters, then what they stand for."""
    drawn = strips(intervals(frame)) if drawn is None else drawn
    letters = {own: letter(place) for own, place in _places(drawn).items()}
    orders = [one.order for one in drawn]
    kind = "kind" if all_orders(orders).endswith("kinds of play") else "order"
    start = f"One strip for each {kind} of play" if len(drawn) > 1 else "One strip"
    told = []
    for one in drawn:
        cuts = [*(f" up to {number(value)}" for value, _ in one.cuts), ""]
        along = [f"{letters[own.solutions]}{cut}" for own, cut in zip(one.stretches, cuts, strict=True)]
        name = sentence_case(order_name(one.order, labels)) if one.order else "The parameter"
        told.append(f"{name}: {', then '.join(along)}")
    told += [row.label for row in _key(drawn, labels) if row.swatch]
    return f"{start}. {tip_message(frame, labels)}. {within(told, '. ')}."


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


def strips(found: Sequence[Interval], scale: Scale | None = None) -> list[Strip]:
    """The strips of the orders of play; on a ``scale``, stretches too short to be seen leave their cuts joined.

    >>> own = [Interval("", 0.0, 0.5, ("a",)), Interval("", 0.5, 0.5001, ("b",)), Interval("", 0.5001, 1.0, ("c",))]
    >>> strips(own)[0].cuts, strips(own, Scale(0.0, 1.0))[0].cuts
    (((0.5, 1), (0.5001, 1)), ((0.5, 2),))
    """
    orders = dict.fromkeys(one.order for one in found)
    return [_strip([one for one in found if one.order == order], scale) for order in orders]


def _strip(own: Sequence[Interval], scale: Scale | None) -> Strip:
    """One strip; its first and its last stretch stay, however short."""
    kept, cuts = [own[0]], list[list[float]]()
    unseen = False
    for one in own[1:]:
        if unseen:
            cuts[-1].append(one.low)
        else:
            cuts.append([one.low])
        unseen = one is not own[-1] and scale is not None and scale.place(one.high) - scale.place(one.low) < SLIVER
        if not unseen:
            kept.append(replace(one, low=cuts[-1][0]))
    ends = [*(cut[0] for cut in cuts), own[-1].high]
    stretches = tuple(replace(one, high=end) for one, end in zip(kept, ends, strict=True))
    return Strip(stretches, tuple((cut[len(cut) // 2], len(cut)) for cut in cuts))


def tip_rows(frame: pd.DataFrame, found: Sequence[Interval], labels: Labels | None) -> list[Row]:
    """One strip an order with every stretch of it and the frame's values, then one legend line a set of solutions."""
    drawn = strips(found)
    rows = []
    for one in drawn:
        cuts = frame[frame["order"] == one.order]["value"].drop_duplicates().sort_values()
        ticks = tuple((float(cut), number(float(cut))) for cut in cuts)
        rows.append(replace(_strip_row(one, _places(drawn), labels), ticks=ticks))
    return [*rows, *_key(drawn, labels)]


def _places(drawn: Sequence[Strip]) -> dict[Profiles | None, int]:
    """The place of every set of solutions among letters and colours."""
    sets = list(dict.fromkeys(own.solutions for one in drawn for own in one.stretches))
    return dict(zip(sets, seats([own or () for own in sets]), strict=True))


def _strip_row(one: Strip, places: Mapping[Profiles | None, int], labels: Labels | None) -> Row:
    """One strip without its numbers."""
    kept = [(own, places[own.solutions]) for own in one.stretches]
    spans = tuple(Span(own.low, own.high, plain(place), letter(place)) for own, place in kept)
    name = sentence_case(order_name(one.order, labels)) if one.order else ""
    return Row(name, spans=spans, thick=THICK)


def _strip_rows(drawn: Sequence[Strip], scale: Scale, width: float, labels: Labels | None) -> list[Row]:
    """The strips; letters and numbers for which there is no room are written above them."""
    rows = []
    for one in drawn:
        row = _strip_row(one, _places(drawn), labels)
        ticks = [(value, number(value) + f" (\u00d7{count})" * (count > 1)) for value, count in one.cuts]
        above = [row.label] if row.label and one.order != EQUILIBRIUM else []
        if not all(seen(span, scale, width, THICK) for span in row.spans):
            above.append(f"from left to right {', '.join(span.text for span in row.spans)}")
        sizes = [(text_width(text) + 0.1) / width for _, text in ticks]
        if spread([scale.place(value) for value, _ in ticks], sizes) is None:
            above.append(f"changes at {joined([text for _, text in ticks])}")
            ticks = [(value, "") for value, _ in ticks]
        rows.append(replace(row, label=sentence_case("; ".join(above)), ticks=tuple(ticks)))
    return rows


def _key(drawn: Sequence[Strip], labels: Labels | None) -> list[Row]:
    """What the letters stand for; of many solutions those are named that tell their set from the others."""
    places = _places(drawn)
    shared = Counter(profile for own in places if len(own or ()) > LISTED for profile in own or ())
    rows = []
    for own in sorted(places, key=places.__getitem__):
        rarest = sorted(own or (), key=shared.__getitem__)
        text = "not known" if own is None else bounded(" | ".join(own), labels, rarest) if own else "none found"
        rows.append(Row(f"{letter(places[own])}: {text}", swatch=plain(places[own])))
    if len(places) > 1 and any(" solutions: " in row.label for row in rows):
        rows.append(Row("Of many solutions two are named, those that the fewest of the other sets share."))
    return rows


def _left_out(found: Sequence[Interval], drawn: Sequence[Strip]) -> list[Row]:
    """What is not drawn, and what a number of changes beside a value means."""
    if all(count == 1 for one in drawn for _, count in one.cuts):
        return []
    lost = len({one.solutions for one in found} - {own.solutions for one in drawn for own in one.stretches})
    more = f", with {counted(lost, 'further set')} of solutions between them" if lost else ""
    return [Row(f"\u00d72, \u00d73: so many changes, too close together to be drawn apart{more}.")]
