"""How well does each claim stand, what decides it, and which smallest error would overturn it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.shares import DRAWS, HOLDS, HOLDS_TEXT, claims_message
from gametheory.figures.style import axes, say, style
from gametheory.figures.words import EQUILIBRIUM, Labels, joined, labelled, number, order_name, span

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["audit", "audit_message"]

LEAST = 0.001  # spreads, below which no distance is written
NOTHING = 1e-4  # of where a parameter starts: where it ends is then as good as zero
POWER = re.compile(r"-?\d+(?:\.\d+)?e[-+]?\d+")  # a number that is written with a power of ten
GAP = 4  # empty rows before a claim
CENTRAL = {
    "all": "holds in every solution",
    "some": "holds in some solutions only",
    "none": "holds in no solution",
    "failed": "not decided",
}
SPREADS = (
    "A spread is the standard deviation of a parameter's law (of an interval half its width). Nearest: one assumption "
    "moved alone; several together may need to move less."
)


def audit(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw for each claim in what share of the draws it holds, and write what decides it and what would overturn it.

    ``frame`` is that of the analysis `audit`; returns the axes.
    """
    rows = [row for _, record in frame.iterrows() for row in _claim_rows(record, labels)]
    rows += [Row(HOLDS_TEXT[name], swatch=HOLDS[name]) for name in HOLDS if (frame[name] > 0).any()]
    rows += [Row(SPREADS)] * bool(len(frame))
    message = audit_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, 1.0, DRAWS, shares=True))
        return say(ax, message, _described(frame, message, labels))


def audit_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say how many claims hold or fail in most of the draws, and what decides them most often."""
    if frame.empty:
        return claims_message(frame)
    named = [str(name) for names in frame["decided_by"] for name in names]
    if not named:
        whom = "it" if len(frame) == 1 else "them"
        return f"{claims_message(frame)}; what decides {whom} cannot be told from this sample"
    often = {name: named.count(name) for name in dict.fromkeys(named)}
    most = [name for name, count in often.items() if count == max(often.values())]
    words = joined([labelled(name, labels) for name in most[:3]], "or")
    if len(frame) == 1:
        return f"{claims_message(frame)}; decided most by {joined([labelled(name, labels) for name in most])}"
    count = f"{max(often.values())} of {len(frame)}"
    return f"{claims_message(frame)}; most often among what decides them: {words} ({count})"


def _claim_rows(row: pd.Series[Any], labels: Labels | None) -> Iterator[Row]:
    """The stacked bar of one claim, and what is known of it besides."""
    sources = f" [{row['essay']}]" if row["essay"] else ""
    contested = " (contested)" if row["contested"] else ""
    start, spans = 0.0, []
    for name, own in HOLDS.items():
        end = min(start + float(row[name]), 1.0)
        spans.append(Span(start, end, own, f"{name} {span(row[name], row[name])}"))
        start = end
    order = "" if row["order"] == EQUILIBRIUM else f" \u2013 {order_name(str(row['order']), labels)}"
    yield from [Row()] * GAP
    yield Row(f"{row['text']}{sources}{contested}{order}", spans=tuple(spans), thick=1.3)
    yield Row(f"{_decided(row, labels)} {_nearest(row, labels)}")


def _decided(row: pd.Series[Any], labels: Labels | None) -> str:
    """What decides a claim, or that it is not known."""
    names = joined([labelled(str(name), labels) for name in row["decided_by"]])
    return f"Decided most by: {names}." if names else "What decides it cannot be told from this sample."


def _nearest(row: pd.Series[Any], labels: Labels | None) -> str:
    """What a claim is in the central case, and what would overturn it there."""
    central = f"Central case: {CENTRAL[str(row['base'])]}"
    if not row["nearest"]:
        return f"{central}; no single change within the laws was found to overturn it."
    name, _, rest = str(row["nearest"]).partition(" from ")
    spreads = float(row["distance"])
    far = number(float(f"{spreads:.2g}")) if spreads >= LEAST else f"less than {LEAST}"
    moved = _plain(rest.partition(" (")[0])
    return f"{central}; nearest change to overturn it: {labelled(name, labels)} from {moved}, {far} spreads."


def _plain(moved: str) -> str:
    """From where to where a parameter moves, without powers of ten.

    >>> _plain("0.5 to -1.221e-06"), _plain("2 to 3.234")
    ('0.5 to about 0', '2 to 3.234')
    """
    start, _, end = moved.partition(" to ")
    try:
        first, last = float(start), float(end)
    except ValueError:
        return POWER.sub(lambda found: number(float(found[0])), moved)
    return f"{number(first)} to {'about 0' if 0.0 < abs(last) < NOTHING * abs(first) else number(last)}"


def _described(frame: pd.DataFrame, message: str, labels: Labels | None) -> str:
    """Describe the figure to somebody who cannot see it."""
    parts = []
    for _, row in frame.iterrows():
        shares = ", ".join(f"{name} {span(row[name], row[name])}" for name in HOLDS)
        parts.append(f"{row['text']}: {shares}. {_decided(row, labels)} {_nearest(row, labels)}")
    return f"Stacked bars, one a claim. {message}. {' '.join(parts)}"
