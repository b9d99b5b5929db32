"""What does each action pay on average against the forecast of the other player's choice?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, INK, PALE, axes, say, style
from gametheory.figures.words import Labels, joined, labelled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["forecast_payoffs", "forecast_payoffs_message"]

NORMAL_95 = 1.96  # the normal distribution's 97.5 % point


def forecast_payoffs(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw the mean payoff of each action against the forecast, the best first, with its sampling error.

    ``frame`` is that of the analysis `forecast_payoffs`; returns the axes. The hatched part spans what the other
    player's equally good replies leave open.
    """
    ranked = _ranked(frame)
    rows = [_row(row, labels) for _, row in ranked.iterrows()]
    several = bool((frame["upper"] > frame["lower"]).any())
    if rows:
        where = ", at the other's worst reply of those equally good" if several else ""
        rows.append(Row(f"mean payoff{where}; whiskers: 95% sampling error", swatch=DARK))
    if several:
        rows.append(Row("from there to its best reply of those equally good", swatch=PALE))
    rows.append(Row("A forecast is a share of the draws under the model's assumptions, not the chance of an event."))
    message = forecast_payoffs_message(frame, labels)
    ends = [0.0, *(end for row in rows for piece in row.spans for end in (piece.start, piece.end))]
    ends += [end for row in rows for pair in row.errors for end in pair]
    margin = 0.02 * (max(ends) - min(ends)) or 1.0
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(min(ends) - margin, max(ends) + margin, "mean payoff, in units of the player's payoff"))
        for bar in [bar for bars in ax.containers for bar in bars]:
            top, bottom = bar.get_y() - 0.15, bar.get_y() + bar.get_height() + 0.15
            ax.plot([0.0, 0.0], [top, bottom], color=INK, linewidth=1.2, zorder=3)
        return say(ax, message, _described(ranked, message, labels), inset=0.15)


def forecast_payoffs_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say which action pays most on average, by how much, and whether the draws tell it from the next one."""
    if frame.empty:
        return "No action was compared"
    first = _ranked(frame).iloc[0]
    player, other = (labelled(str(first[name]), labels) for name in ("player", "opponent"))
    start = f"Against the forecast of {other}, {joined(_leaders(frame, labels), 'or')} pays {player} most on average"
    lead = sorted(float(first[f"gap_{end}"]) for end in ("lower", "upper"))
    if lead[0] < 0.0:
        return f"Which action pays {player} most on average hangs on which of equally good replies {other} takes"
    error = NORMAL_95 * max(float(first[f"gap_{end}_se"]) for end in ("lower", "upper"))
    if not lead[-1] > 0.0:
        return f"{start}: they are level"
    told = f"{start}: {_between(first)}, ahead of the next by {_range(*lead)}"
    return told if lead[0] > error else f"{told}, which the draws do not tell from nothing"


def _leaders(frame: pd.DataFrame, labels: Labels | None) -> list[str]:
    """The actions that no other one is ahead of, the first one of the ranking at least."""
    level = frame[(frame["gap_lower"] >= 0.0) & (frame["gap_upper"] >= 0.0)]
    names = level["action"] if len(level) else _ranked(frame)["action"].head(1)
    return [labelled(str(name), labels) for name in names]


def _ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """The actions, the best first."""
    return frame.sort_values(["lower", "upper"], ascending=False, kind="stable")


def _row(row: pd.Series[Any], labels: Labels | None) -> Row:
    """The bar of one action: from nothing to its payoff, and over what remains open."""
    low, high = float(row["lower"]), float(row["upper"])
    solid = Span(0.0, low, DARK) if low >= 0.0 else Span(min(high, 0.0), 0.0, DARK)
    bars = (Span(low, high, PALE),) if low < 0.0 < high else (solid, Span(low, high, PALE))
    errors = [(float(row[end]), NORMAL_95 * float(row[f"{end}_se"])) for end in ("lower", "upper")]
    whiskers = tuple((value - error, value + error) for value, error in dict.fromkeys(errors) if error > 0)
    return Row(labelled(str(row["action"]), labels), _between(row), "", bars, whiskers, thick=0.6)


def _between(row: pd.Series[Any]) -> str:
    """Both payoffs, once where they are written alike."""
    return _range(float(row["lower"]), float(row["upper"]))


def _range(low: float, high: float) -> str:
    """Two numbers, once where they are written alike."""
    first, last = f"{low:.3g}", f"{high:.3g}"
    return first if first == last else f"{first} to {last}"


def _described(ranked: pd.DataFrame, message: str, labels: Labels | None) -> str:
    """The payoffs in words, for somebody who cannot see the picture."""
    parts = [f"{labelled(str(row['action']), labels)} {_between(row)}" for _, row in ranked.iterrows()]
    return f"Bars, one an action. {message}. {'; '.join(parts)}{'.' if parts else ''}"
