"""How far does the law of a measure move once a parameter is known, whatever the number of bins?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory.analyses.influence.measure_shifts import ABOVE, SOME
from gametheory.figures.by_order import order_heading
from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, PALE, Fill, axes, say, style
from gametheory.figures.words import EQUILIBRIUM, Labels, counted, labelled, order_name, order_phrase, sentence_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["measure_shifts", "measure_shifts_message"]

SHOWN = 4  # parameters of a question, the first ones; the frame has them all
MOST = 8  # questions drawn: those whose law moves most
FLOOR = Fill("#F3CF80", "xx")
IDLE = Fill("#FFFFFF", "..")
AXIS = "shift of the distribution, median over the parameter's bins (0: none, 1: wholly apart)"
COLUMNS = ("median", "median_fewer", "median_more")


def measure_shifts(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw for each measure how far its law moves once each parameter is known, with the floor of idle parameters.

    ``frame`` is that of the analysis `measure_shifts`; returns the axes. Whiskers span what half and twice as many bins
    give. The lower and the upper value of a measure are one group where nothing tells them apart, and only the
    questions whose law moves most are drawn.
    """
    groups = _groups(frame)
    drawn = sorted(sorted(range(len(groups)), key=lambda place: -float(groups[place][1]["median"].max()))[:MOST])
    rows = [row for place in drawn for row in _rows(*groups[place], labels)]
    if rows:
        rows += _legend(frame)
    if len(groups) > MOST:
        rows.append(Row(f"Not drawn: {counted(len(groups) - MOST, 'question')} with smaller shifts."))
    message = measure_shifts_message(frame, labels)
    ends = [end for row in rows for end in (*(piece.end for piece in row.spans), *(high for _, high in row.errors))]
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, min(1.0, 1.04 * max(ends, default=1.0)) or 1.0, AXIS * bool(rows)))
        return say(ax, message, _described(groups, message, labels))


def measure_shifts_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say which parameter moves the law of a measure most, and whether the number of bins decides that."""
    told = frame[frame["verdict"].isin([ABOVE, SOME])]
    if told.empty:
        return "No parameter is seen to move the distribution of a measure"
    row = told.iloc[int(told["median"].to_numpy().argmax())]
    order, over = str(row["order"]), str(row["over"])
    both = any(
        alike and (str(own["order"].iloc[0]), str(own["over"].iloc[0])) == (order, over)
        for alike, own in _groups(frame)
    )
    doubt = "" if row["verdict"] == ABOVE else ", with some numbers of bins only"
    what = f"the distribution of {_question(over, labels, whole=both)}"
    where = "" if order == EQUILIBRIUM else f" {order_phrase(order, labels)}"
    shift = f"by {float(row['median']):.2f} of at most 1"
    return f"Knowing {labelled(str(row['parameter']), labels)} moves {what} most{where}, {shift}{doubt}"


def _question(over: str, labels: Labels | None, *, whole: bool = False) -> str:
    """A bound of a measure in words."""
    name, end = over.removeprefix("measure ").rsplit(" ", 1)
    return (
        labelled(name, labels) if whole else f"the {'lowest' if end == 'lower' else 'highest'} {labelled(name, labels)}"
    )


def _groups(frame: pd.DataFrame) -> list[tuple[bool, pd.DataFrame]]:
    """The rows of each question, and whether they hold for both values of the measure."""
    found: list[tuple[bool, pd.DataFrame]] = []
    for _, own in frame.groupby(["order", "over"], sort=False):
        before = found[-1][1] if found else own.iloc[:0]
        rest = [name for name in own.columns if name != "over"]
        if before[rest].reset_index(drop=True).equals(own[rest].reset_index(drop=True)):
            found[-1] = (True, before)
        else:
            found.append((False, own))
    return found


def _rows(both: bool, own: pd.DataFrame, labels: Labels | None) -> Iterator[Row]:  # noqa: FBT001  (a pair, unpacked)
    """The bars of one question, the largest shift first."""
    ranked = own.sort_values("rank", kind="stable")
    order, over = str(own["order"].iloc[0]), str(own["over"].iloc[0])
    heading = order_heading(order, labels, _question(over, labels, whole=both))
    for place, (_, row) in enumerate(ranked.head(SHOWN).iterrows()):
        ends = sorted(float(row[name]) for name in COLUMNS)
        bars = (Span(0.0, float(row["median"]), _fill(row)), Span(0.0, _floor(row), FLOOR))
        words = labelled(str(row["parameter"]), labels)
        yield Row(words, _value(row), "" if place else heading, bars, ((ends[0], ends[-1]),), thick=0.6)
    rest = ranked.iloc[SHOWN:]
    if len(rest):
        above = int(rest["verdict"].isin([ABOVE, SOME]).sum())
        told = f"{above or 'none'} of them" if len(rest) > 1 else "not " * (not above)
        yield Row(f"{counted(len(rest), 'other parameter')}, {told.strip()} above the floor")


def _floor(row: pd.Series[Any]) -> float:
    """The floor where it does not hide the bar's end."""
    return min(float(row["median_floor"]), float(row["median"]))


def _fill(row: pd.Series[Any]) -> Fill:
    """The fill of a bar by its verdict."""
    return DARK if row["verdict"] == ABOVE else PALE if row["verdict"] == SOME else IDLE


def _value(row: pd.Series[Any]) -> str:
    """The shift and the floor in words."""
    return f"{float(row['median']):.3f} (floor {float(row['median_floor']):.3f})"


def _legend(frame: pd.DataFrame) -> Iterator[Row]:
    """What the fills and the whiskers mean."""
    used = {_fill(row) for _, row in frame.iterrows()}
    words = {
        DARK: "above the floor whatever the number of bins; whiskers: with half and twice as many bins",
        PALE: "above the floor with some numbers of bins; whiskers: with half and twice as many bins",
        IDLE: "not told from a parameter that enters nothing",
        FLOOR: "floor: what 95 of 100 parameters that enter nothing stay below",
    }
    for fill, text in words.items():
        if fill in used or fill == FLOOR:
            yield Row(text, swatch=fill)


def _described(groups: list[tuple[bool, pd.DataFrame]], message: str, labels: Labels | None) -> str:
    """The shifts in words, for somebody who cannot see the picture."""
    parts = []
    for both, own in groups:
        ranked = own.sort_values("rank", kind="stable").head(SHOWN)
        listed = [f"{labelled(str(row['parameter']), labels)} {_value(row)}" for _, row in ranked.iterrows()]
        order = str(own["order"].iloc[0])
        where = "" if order == EQUILIBRIUM else f", {order_name(order, labels)}"
        what = _question(str(own["over"].iloc[0]), labels, whole=both)
        parts.append(f"{sentence_case(what)}{where}: {', '.join(listed)}.")
    return f"Bars, one a parameter. {message}. {' '.join(parts)}"
