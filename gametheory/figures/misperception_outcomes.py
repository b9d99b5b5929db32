"""What is really played where players are wrong about each other?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gametheory.errors import UnknownNameError
from gametheory.figures.misperception import TEXT
from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, PALE, axes, say, style
from gametheory.figures.words import Labels, counted, labelled, order_phrase, percent, profile, sentence_case, span

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["misperception_outcomes", "misperception_outcomes_message"]

SHOWN = 3  # profiles a perception, the most frequent; the frame has them all
NORMAL_95 = 1.96  # the normal distribution's 97.5 % point
NOBODY = "nobody is wrong"
AXIS = "share of the draws from the parameters' laws"


def misperception_outcomes(
    frame: pd.DataFrame, ax: Axes | None = None, *, order: str | None = None, labels: Labels | None = None
) -> Axes:
    """Draw how often each profile is played, one group a way of being wrong.

    ``frame`` is that of the analysis `misperception_outcomes`; drawn is one ``order`` of play, by default the first.
    A bar is solid up to the share of draws in which nothing else may be played, and hatched up to that in which the
    profile may be. Returns the axes; raises UnknownNameError for an order that the frame does not have.
    """
    own = _one_order(frame, order)
    rows = [row for _, part in own.groupby("perception", sort=False) for row in _group(part, labels)]
    if rows:
        rows.append(Row("nothing else may be played; whiskers: 95% sampling error", swatch=DARK))
    if bool((own["upper"] > own["lower"]).any()):
        rows.append(Row("it may be played, and so may something else", swatch=PALE))
    message = misperception_outcomes_message(own, labels)
    ends = [end for row in rows for end in (*(piece.end for piece in row.spans), *(high for _, high in row.errors))]
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, min(1.0, 1.04 * max(ends, default=1.0)) or 1.0, AXIS, shares=True))
        return say(ax, message, _described(own, message, labels))


def misperception_outcomes_message(own: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say what is played most often where nobody is wrong, and between which shares where players are."""
    right = own[own["perception"] == NOBODY]
    if right.empty:
        return "No profile that may be played was found"
    first = _ranked(right).iloc[0]
    name = str(first["profile"])
    start = f"{sentence_case(order_phrase(str(first['order']), labels))}, {profile(name, labels)} is played in "
    said = f"{start}{span(float(first['lower']), float(first['upper']))} of the draws if nobody is wrong"
    wrong = own[own["perception"] != NOBODY]
    if wrong.empty:
        return said
    same = wrong[wrong["profile"] == name]
    absent = wrong["perception"].nunique() > same["perception"].nunique()
    low = 0.0 if absent else float(same["lower"].min())
    high = float(same["upper"].max()) if len(same) else 0.0
    return f"{said}, and in {span(low, high)} if players are wrong in these ways"


def _one_order(frame: pd.DataFrame, order: str | None) -> pd.DataFrame:
    """The rows of one order of play, by default of the first."""
    known = list(dict.fromkeys(map(str, frame["order"])))
    if order is not None and order not in known:
        raise UnknownNameError(f"nothing is played in order {order!r}; expected one of {', '.join(known)}")
    return frame[frame["order"] == (order or (known[0] if known else ""))]


def _ranked(part: pd.DataFrame) -> pd.DataFrame:
    """The profiles, the most frequent first."""
    return part.sort_values(["upper", "lower", "profile"], ascending=[False, False, True], kind="stable")


def _group(part: pd.DataFrame, labels: Labels | None) -> Iterator[Row]:
    """The bars of one perception."""
    ranked = _ranked(part)
    for place, (_, row) in enumerate(ranked.head(SHOWN).iterrows()):
        low, high = float(row["lower"]), float(row["upper"])
        heading = "" if place else TEXT.get(str(row["perception"]), labelled(str(row["perception"]), labels))
        bars = (Span(0.0, low, DARK), Span(low, high, PALE))
        yield Row(profile(str(row["profile"]), labels), span(low, high), heading, bars, _whiskers(row), thick=0.6)
    rest = ranked.iloc[SHOWN:]
    if len(rest):
        yield Row(f"{counted(len(rest), 'other profile')}, each in at most {percent(float(rest['upper'].max()))}")


def _whiskers(row: pd.Series[Any]) -> tuple[tuple[float, float], ...]:
    """The sampling error of both shares, once where they agree."""
    ends = [(float(row[end]), NORMAL_95 * float(row[f"{end}_se"])) for end in ("lower", "upper")]
    return tuple((value - error, value + error) for value, error in dict.fromkeys(ends) if error > 0)


def _described(own: pd.DataFrame, message: str, labels: Labels | None) -> str:
    """The shares in words, for somebody who cannot see the picture."""
    parts = []
    for name, part in own.groupby("perception", sort=False):
        listed = [
            f"{profile(str(row['profile']), labels)} {span(float(row['lower']), float(row['upper']))}"
            for _, row in _ranked(part).head(SHOWN).iterrows()
        ]
        parts.append(f"{TEXT.get(str(name), str(name))}: {'; '.join(listed)}.")
    return f"Bars, one a profile. {message}. {' '.join(parts)}"
