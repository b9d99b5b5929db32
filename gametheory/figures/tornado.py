"""How far does each parameter alone move the answer, and where do the equilibria change on the way?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gametheory.errors import UnknownNameError
from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import Fill, axes, say, some_rows, style
from gametheory.figures.words import Labels, counted, labelled, number, order_phrase, sentence_case, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "WAYS",
    "central_rows",
    "change_words",
    "moving_parameters",
    "one_order",
    "parameter_rows",
    "range_words",
    "tornado",
    "tornado_described",
    "tornado_key",
    "tornado_message",
    "tornado_scale",
    "value_range",
    "value_words",
]

SHOWN = 7  # parameters, those that move the value most; the frame has them all
SAME, OTHER = Fill("#80B9D9"), Fill("#F3CF80", "//")
WAYS = (("low", "below"), ("high", "above"))


def tornado(
    frame: pd.DataFrame, ax: Axes | None = None, *, order: str | None = None, labels: Labels | None = None
) -> Axes:
    """Draw two bars a parameter: what the value can be at its low and at its high end, from the central case on.

    ``frame`` is that of the analysis `tornado`; drawn is one ``order`` of play, by default the first. A bar spans the
    lowest and the highest value over the equilibria at both of its ends; it is hatched, and says so in words, where the
    equilibria at its end are not those of the central case. Whiskers reach to the extremes on the way between. Returns
    the axes; raises UnknownNameError for an order that the frame does not have.
    """
    own, chosen = one_order(frame, order)
    message = tornado_message(own, chosen, labels)
    rows = [*central_rows(own)]
    rows += [row for _, record in moving_parameters(own).iterrows() for row in parameter_rows(record, labels)]
    rows += tornado_key(own)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, tornado_scale(own, labels))
        return say(ax, message, tornado_described(own, message, labels))


def tornado_message(own: pd.DataFrame, order: str, labels: Labels | None = None) -> str:
    """Say which parameter moves the value most, and along how many the equilibria change."""
    what = f"{sentence_case(value_words(str(own['of'].iloc[0]), labels))} {order_phrase(order, labels)}"
    first = own.iloc[0]
    changing = _changing(own)
    along = f"the equilibria change along {changing or 'none'} of {counted(len(own), 'parameter')}"
    lost = int(own[["changes_low", "changes_high"]].isin(("not solved", "not decided")).any(axis=1).sum())
    along += f", and at an end of {lost} that is not known" if lost else ""
    if not first["swing"] > 0:
        return f"{what}: moved by no parameter alone; {along}"
    places = [range_words(first, place) for place in ("low", "central", "high")]
    name = labelled(str(first["parameter"]), labels)
    values = f"{places[0]} at its low, {places[1]} at its central and {places[2]} at its high value"
    return f"{what}: moved most by {name}, {values}; {along}"


def _changing(own: pd.DataFrame) -> int:
    """Along how many parameters the equilibria change: on the way, or at once where the central case is an edge."""
    ends = (own[["changes_low", "changes_high"]] == "yes").any(axis=1)
    return int(((own["tips_low"] + own["tips_high"] > 0) | ends).sum())


def one_order(frame: pd.DataFrame, order: str | None) -> tuple[pd.DataFrame, str]:
    """The rows of one order of play, by default of the first."""
    known = list(dict.fromkeys(some_rows(frame, "tornado or spider")["order"]))
    if order is not None and order not in known:
        raise UnknownNameError(f"nothing was varied in order {order!r}; expected one of {', '.join(known)}")
    chosen = str(known[0]) if order is None else order
    return frame[frame["order"] == chosen], chosen


def value_words(of: str, labels: Labels | None = None) -> str:
    """Write what is looked at as words.

    >>> value_words("payoff nato", {"nato": "NATO"}), value_words("measure nuclear_use")
    ('payoff of NATO', 'nuclear use')
    """
    kind, _, name = of.partition(" ")
    return f"payoff of {labelled(name, labels)}" if kind == "payoff" else labelled(name, labels)


def value_range(low: float, high: float) -> str:
    """Write the lower and the upper value over the equilibria, once where they are written alike.

    >>> value_range(0.25, 0.25), value_range(0.25, 0.5), value_range(float("nan"), 0.5)
    ('0.25', '0.25 to 0.5', 'not solved')
    """
    if math.isnan(low) or math.isnan(high):
        return "not solved"
    ends = [number(0.0 if abs(end) < 1e-12 else float(f"{end:.3g}")) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def range_words(row: pd.Series[Any], place: str) -> str:
    """The value over the equilibria at one place."""
    return value_range(float(row[f"lower_at_{place}"]), float(row[f"upper_at_{place}"]))


def moving_parameters(own: pd.DataFrame) -> pd.DataFrame:
    """What is drawn: the parameters that move the value or change the equilibria, the first at least."""
    still = (own["swing"] == 0.0) & (own["tips_low"] + own["tips_high"] == 0)
    still &= (own["changes_low"] == "no") & (own["changes_high"] == "no")
    return own.head(min(max(int((~still).sum()), 1), SHOWN))


def central_rows(own: pd.DataFrame) -> Iterator[Row]:
    """The bar of the central case, where its equilibria differ in value."""
    low, high = _reach(own.iloc[0], ("central",))
    if low < high and value_range(low, high) != value_range(low, low):
        yield Row("all parameters at their central values", range_words(own.iloc[0], "central"), "Central case",
                  (Span(low, high, SAME),), thick=0.6)  # fmt: skip


def parameter_rows(row: pd.Series[Any], labels: Labels | None) -> Iterator[Row]:
    """The bars of one parameter: towards its low and towards its high value."""
    for place, side in WAYS:
        heading = sentence_case(labelled(str(row["parameter"]), labels)) if place == "low" else ""
        label = f"{place}, {number(float(row[place]))}: {change_words(row, place)}"
        low, high = _reach(row, (place, "central"))
        whiskers = _whiskers(row, side, low, high)
        bar = (Span(low, high, SAME if row[f"changes_{place}"] == "no" else OTHER),) if low <= high else ()
        ticks = Span(low, low, SAME)  # keeps the place of a bar that has no length
        yield Row(label, range_words(row, place), heading, bar or (ticks,), whiskers, thick=0.6)


def change_words(row: pd.Series[Any], place: str) -> str:
    """What happens to the equilibria on the way to one end, in words."""
    tips = int(row[f"tips_{place}"])
    passed = f", {counted(tips, 'change')} on the way" if tips else ""
    told = {"yes": "other equilibria", "no": "the same equilibria"}.get(str(row[f"changes_{place}"]))
    return f"{told or 'equilibria ' + str(row[f'changes_{place}'])}{passed}"


def _reach(row: pd.Series[Any], places: tuple[str, ...]) -> tuple[float, float]:
    """The lowest and the highest value over the equilibria at some places, of those that are known."""
    known = [float(row[f"{end}_at_{place}"]) for place in places for end in ("lower", "upper")]
    known = [value for value in known if math.isfinite(value)]
    return (min(known), max(known)) if known else (math.nan, math.nan)


def _whiskers(row: pd.Series[Any], side: str, low: float, high: float) -> tuple[tuple[float, float], ...]:
    """The extremes on the way, where they lie beyond the bar."""
    ends = ((float(row[f"least_{side}"]), low), (high, float(row[f"most_{side}"])))
    return tuple((first, last) for first, last in ends if first < last)


def tornado_scale(own: pd.DataFrame, labels: Labels | None) -> Scale:
    """An axis that holds all that is drawn, with the central case marked."""
    shown = moving_parameters(own)
    columns = [name for name in own.columns if name.startswith(("lower_", "upper_", "least_", "most_"))]
    known = [float(value) for name in columns for value in shown[name] if math.isfinite(value)] or [0.0]
    low, high = min(known), max(known)
    room = 0.04 * (high - low) or 0.5
    centre = _reach(own.iloc[0], ("central",))
    mark = None if math.isnan(centre[0]) or any(central_rows(own)) else centre[0]
    words = f"central case, {value_range(*centre)}"
    return Scale(low - room, high + room, value_words(str(own["of"].iloc[0]), labels), mark=mark, mark_text=words)


def tornado_key(own: pd.DataFrame) -> Iterator[Row]:
    """What bars, hatches and whiskers mean, and what is not drawn."""
    shown = moving_parameters(own)
    used = {str(value) for place, _ in WAYS for value in shown[f"changes_{place}"]}
    yield Row("lowest to highest value over the equilibria of the central case and of that end", swatch=SAME)
    if used - {"no"}:
        yield Row("the same, where the equilibria at that end are others, or may be", swatch=OTHER)
    whiskers = [_whiskers(row, side, *_reach(row, (place, "central"))) for _, row in shown.iterrows()
                for place, side in WAYS]  # fmt: skip
    if any(whiskers):
        yield Row("Whiskers: how far the value goes on the way between the two.")
    rest = own.iloc[len(shown) :]
    if len(rest):
        most = float(rest["swing"].max())
        moved = f"moving the value by at most {number(float(f'{most:.2g}'))}" if most > 0 else "not moving the value"
        tips = _changing(rest)
        yield Row(f"Not drawn: {counted(len(rest), 'other parameter')}, {moved}; the equilibria "
                  f"change along {tips or 'none'} of them.")  # fmt: skip


def tornado_described(own: pd.DataFrame, message: str, labels: Labels | None) -> str:
    """The bars in words, for somebody who cannot see the picture."""
    parts = []
    for _, row in moving_parameters(own).iterrows():
        ends = [
            f"{range_words(row, place)} at {number(float(row[place]))} ({change_words(row, place)})"
            for place, _ in WAYS
        ]
        parts.append(f"{labelled(str(row['parameter']), labels)}: {' and '.join(ends)}")
    return f"Two bars for each parameter. {message}. {within(parts)}."
