"""Which action is the other player likely to find best, given what it sees or believes?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, PALE, axes, say, some_rows, style
from gametheory.figures.words import Labels, counted, labelled, percent, sentence_case, span

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["forecast", "forecast_message"]

SHOWN = 4  # replies to an action, the most frequent; the others are counted
NORMAL_95 = 1.96  # the normal distribution's 97.5 % point
ROUNDING = 1e-9  # shares closer than this are the same
AXIS = "share of the draws from the parameters' laws"
ASKED = ["order", "depth", "action"]


def forecast(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw how often each reply is the only best one for the other player (solid), and one of the best (hatched).

    ``frame`` is that of the analysis `forecast`; returns the axes. Each action that is seen has its own group of bars;
    where none is seen there is one group. Whiskers are the sampling error.
    """
    rows = [row for _, own in some_rows(frame, "forecast").groupby(ASKED, sort=False) for row in _group(own, labels)]
    rows += [Row("the only best one; whiskers: 95% sampling error", swatch=DARK)]
    rows += [Row("one of several that are equally good", swatch=PALE)] * bool((frame["upper"] > frame["lower"]).any())
    rows += [Row("These are shares of the draws if that player maximises what the model says that it wants; they are "
                 "not chances of events.")]  # fmt: skip
    message = forecast_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, 1.0, AXIS, shares=True))
        return say(ax, message, _described(frame, message, labels))


def forecast_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say where the reply can be told best and where least; of several that are alike none is picked."""
    groups = [_ranked(own) for _, own in frame.groupby(ASKED, sort=False)]
    name = labelled(str(frame["opponent"].iloc[0]), labels)
    if len(groups) == 1:
        return f"Best for {name} most often, {_condition(groups[0].iloc[0], labels)}: {_most_often(groups[0], labels)}"
    ordered = sorted(groups, key=lambda own: -float(own["lower"].iloc[0]))
    first, last = (_alike(groups, ordered[end]) for end in (0, -1))
    if len(first) == len(groups):
        return f"What is best for {name} can be told equally well whatever it sees ({_share(ordered[0].iloc[0])})"
    sides = [_side(own, labels) for own in (first, last)]
    return f"What is best for {name} can be told most surely {sides[0]}, least surely {sides[1]}"


def _alike(groups: Sequence[pd.DataFrame], one: pd.DataFrame) -> list[pd.DataFrame]:
    """The groups whose most frequent reply has the share that it has in ``one``."""
    level = float(one["lower"].iloc[0])
    return [own for own in groups if abs(float(own["lower"].iloc[0]) - level) <= ROUNDING]


def _side(alike: Sequence[pd.DataFrame], labels: Labels | None) -> str:
    """When a reply can be told so well, and which; how often that is so where there are several."""
    row = alike[0].iloc[0]
    if len(alike) == 1:
        return f"{_condition(row, labels)} ({_most_often(alike[0], labels)})"
    return f"under {len(alike)} of the actions that it may see ({_share(row)} each)"


def _most_often(own: pd.DataFrame, labels: Labels | None) -> str:
    """The most frequent reply with its share, or how many are as frequent."""
    first = own.iloc[0]
    far = (own["lower"] - first["lower"]).abs() + (own["upper"] - first["upper"]).abs()
    count = int((far <= ROUNDING).sum())
    return _leader(first, labels) if count == 1 else f"{count} replies alike, {_share(first)}"


def _condition(row: pd.Series[Any], labels: Labels | None) -> str:
    """What the other player sees or believes."""
    player = labelled(str(row["player"]), labels)
    if row["action"]:
        return f"when it sees {player} play {labelled(str(row['action']), labels)}"
    if int(row["depth"]) == 1:
        return f"with every belief about {player} equally likely"
    return f"when it forecasts {player} in turn, to depth {int(row['depth'])}"


def _leader(row: pd.Series[Any], labels: Labels | None) -> str:
    """A reply with its share."""
    return f"{labelled(str(row['reply']), labels)}, {_share(row)}"


def _share(row: pd.Series[Any]) -> str:
    """The share of a reply, from the only best one to one of the best."""
    return span(float(row["lower"]), float(row["upper"]))


def _ranked(own: pd.DataFrame) -> pd.DataFrame:
    """The replies, the most frequent first."""
    return own.sort_values(["lower", "upper"], ascending=False, kind="stable")


def _group(own: pd.DataFrame, labels: Labels | None) -> Iterator[Row]:
    """The bars of one action that is seen."""
    ranked = _ranked(own)
    found = ranked[ranked["upper"] > 0.0].head(SHOWN)
    for place, (_, row) in enumerate(found.iterrows()):
        low, high = float(row["lower"]), float(row["upper"])
        heading = "" if place else sentence_case(_condition(row, labels))
        yield Row(labelled(str(row["reply"]), labels), span(low, high), heading,
                  (Span(0.0, low, DARK), Span(low, high, PALE)), _whiskers(row), thick=0.6)  # fmt: skip
    rest = ranked.iloc[len(found) :]
    if len(rest):
        most = float(rest["upper"].max())
        told = f"each at most {percent(most)}" if most > 0.0 else "best in no draw"
        yield Row(f"{counted(len(rest), 'other reply', 'other replies')}, {told}")


def _whiskers(row: pd.Series[Any]) -> tuple[tuple[float, float], ...]:
    """The sampling error of both shares, once where they agree, inside the axis."""
    ends = [(float(row[end]), NORMAL_95 * float(row[f"{end}_se"])) for end in ("lower", "upper")]
    return tuple(
        (max(value - error, 0.0), min(value + error, 1.0)) for value, error in dict.fromkeys(ends) if error > 0
    )


def _described(frame: pd.DataFrame, message: str, labels: Labels | None) -> str:
    """Describe the figure to somebody who cannot see it."""
    parts = []
    for _, own in frame.groupby(ASKED, sort=False):
        listed = [_leader(row, labels) for _, row in _ranked(own).head(SHOWN).iterrows()]
        parts.append(f"{sentence_case(_condition(own.iloc[0], labels))}: {'; '.join(listed)}.")
    return f"Bars, one a reply. {message}. {' '.join(parts)}"
