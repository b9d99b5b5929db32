"""Which uncertain parameters drive the answer, alone and together with others?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gametheory.analyses.influence.drivers import NOTHING_VARIES, leading_index
from gametheory.errors import UnknownNameError, did_you_mean
from gametheory.figures.by_order import by_order, order_heading
from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, PALE, Fill, axes, say, some_rows, style
from gametheory.figures.words import EQUILIBRIUM, Labels, counted, joined, labelled, order_name, percent, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "AXIS",
    "LEGENDS",
    "SHOWN",
    "driver_rows",
    "drivers",
    "drivers_described",
    "drivers_message",
    "not_drawn",
    "one_question",
    "question_words",
    "sample_words",
    "shown_drivers",
]

SHOWN = 8  # parameters an order, the largest; the frame has them all
LEAST = 0.0005  # share of the variance below which 0% would be written
SUFFICIENT = "sufficient"
FLOOR = Fill("#F3CF80", "xx")
AXIS = "share of the variance of the answer"
LEGENDS = {
    "total": (
        ("explained by the parameter alone (first-order index)", DARK),
        ("further share that rests on it together with others (in all: the total index)", PALE),
        ("noise floor of the first-order index; whiskers: 95% intervals", FLOOR),
    ),
    "shapley": (("fair share, as parameters are tied (Shapley shares, together 100%); whiskers: 95% intervals", DARK),),
}
WORDS = {
    "pure profiles": "which equilibria in actions there are",
    "supports": "which equilibria there are",
    "number of equilibria": "how many equilibria there are",
    "lower probability": "which outcome is the only equilibrium",
    "upper probability": "which outcomes are among the equilibria",
}
REASONS = {
    "interval of": "a 95% interval is wider than 10 percentage points",
    "exchanges change": "too few exchanges of the parameter change the answer",
    "without a value": "many games have no value",
}
"""What a verdict says of a sample that does not suffice -> why that is."""


def drivers(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    *,
    over: str = "supports",
    order: str | None = None,
    labels: Labels | None = None,
) -> Axes:
    """Draw for each parameter the share of the variance that it explains alone, and together with others.

    ``frame`` is that of the analysis `drivers`, of which ``over`` chooses the question and ``order`` the order of play
    (by default all that have it). Whiskers are the 95 % intervals of both ends; what lies below the noise floor cannot
    be told from a parameter that enters nothing. Where parameters are tied, those shares overlap, and the bars are the
    Shapley shares instead. Returns the axes; raises UnknownNameError for a question or order that the frame does not
    have.
    """
    own = one_question(frame, over, order)
    message = drivers_message(own, over, labels)
    rows = [row for name in dict.fromkeys(own["order"]) for row in driver_rows(own, str(name), labels)]
    rows += [Row(text, swatch=fill) for text, fill in LEGENDS[leading_index(own)]]
    rows += [Row(text) for text in sample_words(own, labels)]
    with style():
        ax = axes(ax, height(rows, message))
        high = max((end for row in rows for end in _ends(row)), default=1.0)
        paint(ax, rows, Scale(0.0, min(1.0, 1.04 * high) or 1.0, AXIS, shares=True))
        return say(ax, message, f"Bar chart. {message}. {drivers_described(own, labels)}")


def drivers_message(own: pd.DataFrame, over: str, labels: Labels | None = None) -> str:
    """Say which parameter matters most in each order, or that none is seen to."""
    index = leading_index(own)
    how = "alone or with others" if index == "total" else "fairly divided among tied parameters"
    said, told = {}, False
    for order, rows in own.groupby("order", sort=False):
        most = rows.sort_values([index, "parameter"], ascending=[False, True], kind="stable").iloc[0]
        said[str(order)] = _most(most, index, labels)
        told = told or most["verdict"] == SUFFICIENT
    by = f", by its share of the variance, {how}" * told
    return f"What drives {question_words(over, labels)}{by}: {by_order(said, labels)}"


def _most(row: pd.Series[Any], index: str, labels: Labels | None) -> str:
    """Say how much the largest driver explains, or that this is not known."""
    if row["verdict"] == NOTHING_VARIES:
        return "nothing is seen to: the answer is the same at every point drawn"
    if row["verdict"] != SUFFICIENT:
        return "the sample does not tell"
    return f"{labelled(str(row['parameter']), labels)} ({percent(_within(float(row[index])))})"


def question_words(over: str, labels: Labels | None = None) -> str:
    """Say in words what is driven.

    >>> question_words("measure nuclear_use lower"), question_words("claim nato_holds")
    ('the lowest value of nuclear use in equilibrium', 'whether the claim nato holds is true')
    """
    if over.startswith("measure "):
        name, end = over.removeprefix("measure ").rsplit(" ", 1)
        return f"the {'lowest' if end == 'lower' else 'highest'} value of {labelled(name, labels)} in equilibrium"
    if over.startswith("claim "):
        return f"whether the claim {labelled(over.removeprefix('claim '), labels)} is true"
    return WORDS.get(over, over)


def one_question(frame: pd.DataFrame, over: str, order: str | None) -> pd.DataFrame:
    """The rows of one question, under one order of play or all."""
    own = some_rows(frame, "drivers")[frame["over"] == over]
    if own.empty:
        known = list(dict.fromkeys(frame["over"]))
        raise UnknownNameError(
            f"no drivers over {over!r}; expected one of {', '.join(known)}{did_you_mean(over, known)}"
        )
    if order is None:
        return own
    known = list(dict.fromkeys(own["order"]))
    if order not in known:
        raise UnknownNameError(f"no drivers over {over!r} in order {order!r}; expected one of {', '.join(known)}")
    return own[own["order"] == order]


def shown_drivers(own: pd.DataFrame, order: str) -> pd.DataFrame:
    """The parameters of one order that are drawn: the largest, those of which 0% would be written left out."""
    ranked = own[own["order"] == order]
    drawn = ranked.head(SHOWN)
    large = (drawn[leading_index(own)] >= LEAST).to_numpy()
    shown: pd.DataFrame = drawn[large | (drawn.index == drawn.index[0])]
    return shown


def driver_rows(own: pd.DataFrame, order: str, labels: Labels | None) -> Sequence[Row]:
    """The bars of one order, the largest first."""
    ranked, index = own[own["order"] == order], leading_index(own)
    rows: list[Row] = []
    heading = order_heading(order, labels)
    if (ranked["verdict"] == NOTHING_VARIES).all():
        return [Row("The answer is the same at every point drawn: nothing is seen to drive it.", heading=heading)]
    drawn = shown_drivers(own, order)
    for place, (_, row) in enumerate(drawn.iterrows()):
        words, parts = _values(row, index), (_bar(row, index), _whiskers(row, index))
        name = labelled(str(row["parameter"]), labels)
        rows.append(Row(name, words, "" if place else heading, *parts, thick=0.6))
    rest = ranked.drop(drawn.index)
    if len(rest):
        text = not_drawn(len(rest), float(rest[index].max())) + " in all" * (index == "total")
        rows.append(Row(f"{text}.", spans=(Span(0.0, 0.0, DARK),), thick=0.05))
    return rows


def not_drawn(count: int, most: float) -> str:
    """How many parameters are not drawn, and how large a share each of them has at most.

    >>> not_drawn(3, 0.12), not_drawn(1, 0.0)
    ('Not drawn: 3 other parameters, each at most 12.0%', 'Not drawn: 1 other parameter, 0%')
    """
    share = percent(_within(most))
    bound = share if share.startswith(("0%", "less")) else f"at most {share}"
    return f"Not drawn: {counted(count, 'other parameter')}, {'each ' * (count > 1)}{bound}"


def _bar(row: pd.Series[Any], index: str) -> tuple[Span, ...]:
    """What the parameter explains alone, what it does with others, and over both what may be noise; or its share."""
    if index == "shapley":
        return (Span(0.0, _within(float(row[index])), DARK),)
    first, total, floor = (_within(float(row[name])) for name in ("first", "total", "noise_floor"))
    ends = Span(0.0, first, DARK), Span(first, max(first, total), PALE)
    return (*ends, Span(0.0, min(floor, max(first, total)), FLOOR))


def _whiskers(row: pd.Series[Any], index: str) -> tuple[tuple[float, float], ...]:
    """The intervals of what is drawn, inside the axis."""
    drawn = ("first", "total") if index == "total" else (index,)
    ends = [tuple(_within(float(row[f"{name}{end}"])) for end in ("_low", "_high")) for name in drawn]
    return tuple((low, high) for low, high in ends if high > low)


def _within(value: float) -> float:
    """A share inside the axis."""
    return min(max(value, 0.0), 1.0)


def _values(row: pd.Series[Any], index: str) -> str:
    """Both indices in words, or the fair share."""
    first, leading = (percent(_within(float(row[name]))) for name in ("first", index))
    return f"alone {first}, in all {leading}" if index == "total" else leading


def _ends(row: Row) -> tuple[float, ...]:
    """The right ends of what a row draws."""
    return (*(piece.end for piece in row.spans), *(high for _, high in row.errors))


def sample_words(own: pd.DataFrame, labels: Labels | None) -> list[str]:
    """Say where the sample does not suffice."""
    short = own[~own["verdict"].isin([SUFFICIENT, NOTHING_VARIES])]
    if (own["verdict"] == NOTHING_VARIES).all():
        return []
    if short.empty:
        return ["The sample suffices for every share: each 95% interval is at most 10 percentage points wide."]
    names = [labelled(str(name), labels) for name in dict.fromkeys(short["parameter"])]
    listed = joined(names[:4] + ([f"{len(names) - 4} more"] if len(names) > 4 else []))
    verdicts = " ".join(dict.fromkeys(short["verdict"].astype(str)))
    reasons = [text for sign, text in REASONS.items() if sign in verdicts]
    return [f"The sample does not suffice for the shares of {listed}{': ' * bool(reasons)}{joined(reasons, 'or')}."]


def drivers_described(own: pd.DataFrame, labels: Labels | None) -> str:
    """The largest indices in words, for somebody who cannot see the picture."""
    parts = []
    for order, rows in own.groupby("order", sort=False):
        index = leading_index(rows)
        drawn = shown_drivers(rows, str(order))
        listed = [f"{labelled(str(row['parameter']), labels)} {_values(row, index)}" for _, row in drawn.iterrows()]
        name = "Shares" if order == EQUILIBRIUM else sentence_case(order_name(str(order), labels))
        parts.append(f"{name}: {', '.join(listed)}.")
    return " ".join(parts)
