"""What would it be worth to know each parameter before choosing, and where would knowing it hurt?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, INK, PALE, Fill, axes, say, style
from gametheory.figures.words import Labels, counted, joined, labelled, order_name, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["information_setting", "value_of_information", "value_of_information_message"]

SHOWN = 6  # topics of one setting; the frame has them all
ROUNDING = 1e-12  # units of the payoff
TIED = 2  # others, not told from the one named, that a sentence names too
NORMAL_95 = 1.96  # the normal distribution's 97.5 % point
LOSS = Fill("#D55E00", "\\\\")
UNTOLD = "not told from nothing"
SETTINGS = {
    ("know the parameters", "private"): "the others know the parameters, {player} learns",
    ("know only the law", "private"): "nobody knows, and {player} learns alone, unnoticed",
    ("know only the law", "public"): "nobody knows, and all learn the same",
}
SHORT = {
    ("know the parameters", "private"): "the others know",
    ("know only the law", "private"): "learnt alone",
    ("know only the law", "public"): "learnt by all",
}


def value_of_information(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw what knowing each parameter is worth, the largest first, one group an order of play and setting.

    ``frame`` is that of the analysis `value_of_information`; returns the axes. Bars to the left of zero are losses,
    which only information that the others have too can bring. What is not told from nothing is counted, not drawn.
    """
    frame, rows = _cleared(frame), []
    for (order, others, information), own in frame.groupby(["order", "others", "information"], sort=False):
        rows += _setting_rows(own, str(order), (str(others), str(information)), labels)
    rows += _legend(rows)
    message = value_of_information_message(frame, labels)
    ends = [0.0, *(end for row in rows for piece in row.spans for end in (piece.start, piece.end))]
    ends += [end for row in rows for pair in row.errors for end in pair]
    margin = 0.02 * (max(ends) - min(ends)) or 1.0
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(min(ends) - margin, max(ends) + margin, "worth to the player, in units of its payoff"))
        for bar in [bar for bars in ax.containers for bar in bars]:
            top, bottom = bar.get_y() - 0.15, bar.get_y() + bar.get_height() + 0.15
            ax.plot([0.0, 0.0], [top, bottom], color=INK, linewidth=1.2, zorder=3)
        return say(ax, message, _alternative(frame, message, labels), inset=0.15)


def _cleared(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with 0 where a value is nothing but the rounding of the arithmetic."""
    values = frame[["worst", "best"]]
    return frame.assign(**{str(name): own.where(own.abs() > ROUNDING, 0.0) for name, own in values.items()})


def value_of_information_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say which single parameter is worth most, and which costs most where all learn it."""
    single = frame[(frame["kind"] == "parameter") & (frame["verdict"] != UNTOLD)]
    if single.empty:
        return "No single parameter is worth more than the noise of the draws"
    values = single[["worst", "best"]]
    most = single.iloc[int(values.max(axis=1).to_numpy().argmax())]
    least = single.iloc[int(values.min(axis=1).to_numpy().argmin())]
    parts = []
    if max(most["worst"], most["best"]) > 0.0:
        parts.append(f"Worth most to know: {_said(most, labels)}")
    if min(least["worst"], least["best"]) < 0.0:
        parts.append(f"costs most: {_said(least, labels)}")
    return sentence_case("; ".join(parts))


def information_setting(others: str, information: str, player: str) -> str:
    """Say who knows what, and who learns it.

    >>> information_setting("know the parameters", "private", "NATO")
    'the others know the parameters, NATO learns'
    """
    return SETTINGS[others, information].format(player=player)


def _said(row: pd.Series[Any], labels: Labels | None) -> str:
    """One row in words."""
    where = f"{order_name(str(row['order']), labels)}, {SHORT[str(row['others']), str(row['information'])]}"
    tied = [name for name in str(row.get("tied", "")).split(", ") if name]
    others = [f"one of {len(tied)} that the draws do not tell from it"]
    if len(tied) <= TIED:
        others = [labelled(name, labels) for name in tied]
    names = joined([labelled(str(row["about"]), labels), *others], "or")
    return f"{names}, {_between(row)} ({where})"


def _setting_rows(own: pd.DataFrame, order: str, setting: tuple[str, str], labels: Labels | None) -> list[Row]:
    """The bars of one order and setting, and how many are not told from nothing."""
    player = labelled(str(own["player"].iloc[0]), labels)
    heading = f"{sentence_case(order_name(order, labels))}: {information_setting(*setting, player)}"
    told = own[(own["verdict"] != UNTOLD) | (own["kind"] == "all")]
    size = told[["worst", "best"]].abs().max(axis=1)
    shown = told.loc[[*told.index[told["kind"] == "all"], *size[told["kind"] != "all"].nlargest(SHOWN).index]]
    rows = []
    for place, (_, row) in enumerate(shown.iterrows()):
        name = labelled(str(row["about"]), labels)
        rows.append(Row(name, _between(row), "" if place else heading, _bar(row), _whiskers(row), thick=0.6))
    untold, rest = len(own) - len(told), len(told) - len(shown)
    words = [f"{counted(rest, 'smaller one')} not drawn"] if rest else []
    words += [f"{counted(untold, 'other')} not told from nothing"] if untold else []
    return [*rows, Row(sentence_case("; ".join(words)))] if words else rows


def _bar(row: pd.Series[Any]) -> tuple[Span, ...]:
    """From zero to the nearer of both values solid, between them hatched; a loss has a colour and hatch of its own."""
    low, high = sorted((float(row["worst"]), float(row["best"])))
    if low < 0.0 < high:
        return (Span(low, 0.0, LOSS), Span(0.0, high, PALE))
    if high <= 0.0:
        return (Span(low, high, PALE), Span(high, 0.0, LOSS))
    return (Span(0.0, low, DARK), Span(low, high, PALE))


def _whiskers(row: pd.Series[Any]) -> tuple[tuple[float, float], ...]:
    """The sampling error of both values, once where they agree."""
    ends = [(float(row[end]), NORMAL_95 * float(row[f"{end}_se"])) for end in ("worst", "best")]
    return tuple((value - error, value + error) for value, error in dict.fromkeys(ends) if error > 0)


def _legend(rows: Sequence[Row]) -> list[Row]:
    """What the fills that are used mean."""
    used = {piece.fill for row in rows for piece in row.spans if piece.end > piece.start}
    words = {
        DARK: "value at the worst or the best equilibria, the smaller of both; whiskers: 95% sampling error",
        LOSS: "loss: what the others do with it outweighs what the player gains",
        PALE: "from there to the other of both values",
    }
    return [Row(text, swatch=fill) for fill, text in words.items() if fill in used]


def _between(row: pd.Series[Any]) -> str:
    """Both values, once where they are written alike."""
    first, last = (f"{value:.3g}" for value in sorted((float(row["worst"]), float(row["best"]))))
    return first if first == last else f"{first} to {last}"


def _alternative(frame: pd.DataFrame, message: str, labels: Labels | None) -> str:
    """The values in words, for somebody who cannot see the picture."""
    parts = [_said(row, labels) for _, row in frame[frame["verdict"] != UNTOLD].iterrows()]
    return f"Bars of what information is worth. {message}. {'; '.join(parts)}{'.' if parts else ''}"
