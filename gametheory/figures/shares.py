"""In what share of the admissible parameter points does each outcome, measure or claim come about?

Each share has a lower value (it holds in every solution of the game) and an upper one (in at least one). Whiskers span
1.96 standard errors to either side: about 95 % of the sampling error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gametheory.figures.by_order import by_order, every_order, order_heading
from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, INK, PALE, Fill, axes, say, style
from gametheory.figures.words import (
    EQUILIBRIUM,
    Labels,
    all_orders,
    counted,
    joined,
    labelled,
    number,
    order_name,
    profile,
    sentence_case,
    span,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "DRAWS",
    "NORMAL_95",
    "OUTCOME_KEY",
    "SHOWN",
    "claims",
    "claims_message",
    "measure_ranges",
    "measure_ranges_message",
    "outcome_rows",
    "outcomes",
    "outcomes_alternative",
    "outcomes_message",
    "ranked_outcomes",
]

SHOWN = 4  # outcomes an order; the others are drawn together
DRAWS = "share of the draws from the parameters' laws"
NORMAL_95 = 1.96  # the normal distribution's 97.5 % point
OUTCOME_KEY = (
    Row("share of draws in which it is the only solution; whiskers: 95% sampling error", swatch=DARK),
    Row("further share in which it is one of several solutions", swatch=PALE),
)
ALIKE = 1e-9  # shares that differ by less are equally large
NAMED = 4  # measures that a sentence names; all stand in the picture
ZERO = Fill(INK)
ZERO_WIDE = 0.004  # of the scale: the mark at zero
TREE_ORDERS = {"subgame_perfect", "sequential"}
DECISIONS = "An outcome names what is planned at each decision in turn, also where play does not lead."
ANY = "Any: it does not matter what is planned there."
HOLDS = {
    "all": Fill("#80B9D9"),
    "some": Fill("#F3CF80", "//"),
    "none": Fill("#EAAF80", "\\\\"),
    "failed": Fill("#CFCFCF", "xx"),
}
HOLDS_TEXT = {
    "all": "holds in every solution",
    "some": "holds in some solutions, fails in others",
    "none": "holds in no solution",
    "failed": "not decided: not solved, or the list of solutions may lack some",
}


def outcomes(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw how often each outcome is the only solution (solid) and how often one of several (up to the hatched end).

    ``frame`` is that of the analysis `outcomes`; returns the axes. Each order shows its four most frequent outcomes and
    bounds for the rest together.
    """
    rows = [row for order in dict.fromkeys(frame["order"]) for row in outcome_rows(frame, str(order), labels)]
    rows += _outcome_key(frame)
    message = outcomes_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        high = max((end for row in rows for end in _ends(row)), default=1.0)
        paint(ax, rows, Scale(0.0, min(1.0, 1.05 * high) or 1.0, DRAWS, shares=True))
        return say(ax, message, outcomes_alternative(frame, labels))


def _outcome_key(frame: pd.DataFrame) -> Iterable[Row]:
    """What the fills that are used mean, and how an outcome of a tree is to be read."""
    yield OUTCOME_KEY[0]
    if bool((frame["upper"] > frame["lower"] + ALIKE).any()):
        yield OUTCOME_KEY[1]
    starred = bool(frame["profile"].astype(str).str.contains("*", regex=False).any())
    notes = [DECISIONS] * bool(TREE_ORDERS & set(frame["order"])) + [ANY] * starred
    if notes:
        yield Row(" ".join(notes))


def outcomes_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say which outcome is the most frequent in each order; of several that are alike none is picked."""
    if frame.empty:
        return "No outcome was found in any draw"
    said = {str(order): _most_frequent(own, labels) for order, own in frame.groupby("order", sort=False)}
    return f"Most frequent outcome: {by_order(said, labels)}"


def _most_frequent(own: pd.DataFrame, labels: Labels | None) -> str:
    """The most frequent outcome of one order of play, or how many there are, with their share."""
    ranked = ranked_outcomes(own)
    first = ranked.iloc[0]
    far = (ranked["upper"] - first["upper"]).abs() + (ranked["lower"] - first["lower"]).abs()
    alike = int((far <= ALIKE).sum())
    name = profile(str(first["profile"]), labels) if alike == 1 else f"{alike} outcomes alike"
    return f"{name} ({span(first['lower'], first['upper'])})"


def outcomes_alternative(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Describe the figure to somebody who cannot see it."""
    return f"Bar chart of the shares of draws in which each outcome is a solution. {outcomes_message(frame, labels)}."


def measure_ranges(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw the lower and the upper mean of each measure, one group a measure, one bar an order.

    ``frame`` is that of the analysis `measure_ranges`; returns the axes. The bars of one measure share a scale that
    includes zero; different measures, which may have different units, have scales of their own. Orders of play that
    give a measure the same means share a bar.
    """
    rows = [row for name in dict.fromkeys(frame["measure"]) for row in _measure_rows(frame, str(name), labels)]
    rows += _measure_key(frame)
    message = measure_ranges_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, 1.0))
        return say(ax, message, _measure_ranges_alternative(frame, labels))


def _measure_key(frame: pd.DataFrame) -> Iterable[Row]:
    """What the fills that are used mean."""
    if frame.empty:
        return
    once = _agreeing(frame)
    reach = "the mean over the draws, or to the nearer one where there are two"
    if len(set(once)) == 1:
        reach = "the mean over the draws" if once[0] else "the nearer of the two means over the draws"
    yield Row(f"from zero to {reach}; whiskers: 95% sampling error", swatch=DARK)
    if not all(once):
        yield Row("from the mean of the lowest to the mean of the highest value that it has in the solutions of a draw",
                  swatch=PALE)  # fmt: skip
    yield Row("mark at zero", swatch=ZERO)


def _agreeing(frame: pd.DataFrame) -> list[bool]:
    """For each row whether the lower and the upper mean are written alike."""
    return [_digits(low) == _digits(high) for low, high in zip(frame["lower"], frame["upper"], strict=True)]


def measure_ranges_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say between which values each measure lies over all orders; the first few measures where there are many."""
    ends = {name: (own["lower"].min(), own["upper"].max()) for name, own in frame.groupby("measure", sort=False)}
    if not ends:
        return "No measure was defined"
    parts = [f"{labelled(str(name), labels)} {_between(*own)}" for name, own in list(ends.items())[:NAMED]]
    parts += [f"{len(ends) - NAMED} more"] * (len(ends) > NAMED)
    once = " (one number where they agree)" * any(_digits(low) == _digits(high) for low, high in ends.values())
    return f"Lower and upper mean{all_orders(frame['order'])}{once}: {joined(parts)}"


def _measure_ranges_alternative(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Describe the figure to somebody who cannot see it."""
    parts = [
        ", ".join(
            word
            for word in (
                labelled(row["measure"], labels),
                "" if row["order"] == EQUILIBRIUM else order_name(row["order"], labels),
            )
            if word
        )
        + f": {_between(row['lower'], row['upper'])}"
        for _, row in frame.iterrows()
    ]
    return f"Bars from the lower to the upper mean. {measure_ranges_message(frame, labels)}. {'; '.join(parts)}."


def claims(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw for each claim the shares of draws in which it holds in all, in some or in no solution, or was not decided.

    ``frame`` is that of the analysis `claims`; returns the axes.
    """
    rows = [_claim_row(row, labels) for _, row in frame.iterrows()]
    used = [name for name in HOLDS if (frame[name] > 0).any()]
    rows += [Row(HOLDS_TEXT[name], swatch=HOLDS[name]) for name in used]
    message = claims_message(frame)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, 1.0, DRAWS, shares=True))
        return say(ax, message, _claims_alternative(frame))


def claims_message(frame: pd.DataFrame) -> str:
    """Say how many claims hold, and how many fail, in more than half of the draws."""
    if frame.empty:
        return "The model makes no claim"
    hold, fail = int((frame["all"] > 0.5).sum()), int((frame["none"] > 0.5).sum())
    if len(frame) == 1:
        told = "holds" if hold else "fails" if fail else "neither holds nor fails"
        return f"The one claim of the model {told} in every solution in more than half of the draws"
    holding = f"{hold or 'none'} {'hold' if hold > 1 else 'holds'}"
    failing = f"{fail or 'none'} {'fail' if fail > 1 else 'fails'}"
    return (
        f"Of {counted(len(frame), 'claim')}, {holding} and {failing} in every solution in more than half of the draws"
    )


def _claims_alternative(frame: pd.DataFrame) -> str:
    """Describe the figure to somebody who cannot see it."""
    parts = [
        f"{row['text']}: " + ", ".join(f"{name} {span(row[name], row[name])}" for name in HOLDS)
        for _, row in frame.iterrows()
    ]
    return f"Stacked bars, one a claim. {claims_message(frame)}. {'; '.join(parts)}."


def _between(low: float, high: float) -> str:
    """Both ends of a range, once where they are written alike."""
    first, last = _digits(low), _digits(high)
    return first if first == last else f"{first} to {last}"


def _digits(value: float) -> str:
    """A mean with three significant digits.

    >>> _digits(0.629412), _digits(-0.0), _digits(128_912.3)
    ('0.629', '0', '129,000')
    """
    return number(float(f"{value:.3g}"))


def ranked_outcomes(own: pd.DataFrame) -> pd.DataFrame:
    """The outcomes of one order, the most frequent first."""
    return own.sort_values(["upper", "lower", "profile"], ascending=[False, False, True], kind="stable")


def _ends(row: Row) -> tuple[float, ...]:
    """The right ends of what a row draws."""
    return (*(piece.end for piece in row.spans), *(end for _, end in row.errors))


def outcome_rows(frame: pd.DataFrame, order: str, labels: Labels | None) -> Iterable[Row]:
    """The bars of one order."""
    ranked = ranked_outcomes(frame[frame["order"] == order])
    heading = order_heading(order, labels)
    for place, (_, row) in enumerate(ranked.head(SHOWN).iterrows()):
        yield Row(
            profile(row["profile"], labels),
            span(row["lower"], row["upper"]),
            "" if place else heading,
            (Span(0.0, row["lower"], DARK), Span(row["lower"], row["upper"], PALE)),
            _whiskers(row),
            thick=0.6,
        )
    rest = ranked.iloc[SHOWN:]
    if len(rest):
        low, high = float(rest["lower"].sum()), min(float(rest["upper"].sum()), 1.0)
        label = counted(len(rest), "other outcome") + ", together within" * (len(rest) > 1)
        yield Row(label, span(low, high), spans=(Span(0.0, low, DARK), Span(low, high, PALE)), thick=0.6)


def _measure_rows(frame: pd.DataFrame, measure: str, labels: Labels | None) -> Iterable[Row]:
    """The bars of one measure, on its own scale, one for all orders of play that give it the same means."""
    own = frame[frame["measure"] == measure]
    low = min(0.0, float((own["lower"] - NORMAL_95 * own["lower_se"]).min()))
    high = max(0.0, float((own["upper"] + NORMAL_95 * own["upper_se"]).max()))
    size = high - low or 1.0
    name = sentence_case(labelled(measure, labels))
    ends = own[["lower", "upper", "lower_se", "upper_se"]]
    groups = own.groupby([(ends[end] / size).round(9) for end in ends], sort=False)  # alike up to rounding
    for place, (_, rows) in enumerate(groups):
        row = rows.iloc[0]
        first, last, zero = ((float(value) - low) / size for value in (row["lower"], row["upper"], 0.0))
        orders = [str(order) for order in rows["order"]]
        where = every_order(orders) if len(orders) == len(own) > 1 else _names(orders, labels)
        alone = orders == [EQUILIBRIUM]
        yield Row(
            name if alone else where,
            _between(row["lower"], row["upper"]),
            "" if place or alone else name,
            (*_bar(first, last, zero), _mark(zero)),
            tuple(((a - low) / size, (b - low) / size) for a, b in _whiskers(row)),
            thick=0.6,
        )


def _names(orders: list[str], labels: Labels | None) -> str:
    """The names of some orders of play."""
    return joined([order_name(order, labels) for order in orders])


def _mark(zero: float) -> Span:
    """The mark at zero, inside the scale."""
    start = min(max(zero - ZERO_WIDE / 2, 0.0), 1.0 - ZERO_WIDE)
    return Span(start, start + ZERO_WIDE, ZERO)


def _bar(first: float, last: float, zero: float) -> tuple[Span, ...]:
    """A solid bar from zero to the nearer end and a hatched one from the lower to the upper end."""
    if first < zero < last:
        return (Span(first, last, PALE),)
    solid = Span(zero, first, DARK) if first >= zero else Span(last, zero, DARK)
    return (solid, Span(first, last, PALE))


def _whiskers(row: pd.Series[Any]) -> tuple[tuple[float, float], ...]:
    """The sampling error of the lower and the upper value, once where they agree."""
    ends = [(float(row[end]), NORMAL_95 * float(row[f"{end}_se"])) for end in ("lower", "upper")]
    return tuple((value - error, value + error) for value, error in dict.fromkeys(ends) if error > 0)


def _claim_row(row: pd.Series[Any], labels: Labels | None) -> Row:
    """The stacked bar of one claim."""
    start, spans = 0.0, []
    for name, own in HOLDS.items():
        end = min(start + float(row[name]), 1.0)
        spans.append(Span(start, end, own, f"{name} {span(row[name], row[name])}"))
        start = end
    sources = f" [{row['essay']}]" if row["essay"] else ""
    contested = " (contested)" if row["contested"] else ""
    order = "" if row["order"] == EQUILIBRIUM else f" \u2013 {order_name(row['order'], labels)}"
    return Row(f"{row['text']}{sources}{contested}{order}", spans=tuple(spans), thick=1.3)
