"""How are the boundaries of a live map drawn: by their own points, with what binds there at the pointer?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.figures.live.bars import NAME
from gametheory.figures.live.sheet import POINTED, broken, graph_objects, told, with_unit
from gametheory.figures.regions import binding_words
from gametheory.figures.style import INK
from gametheory.figures.tipping import solutions
from gametheory.figures.words import Labels, labelled

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Words", "base", "curves"]

RANK = 1000  # below the areas, by the library's counting
WIDE = 0.02  # share of the map's side: where points of a boundary lie farther apart, the pointer finds it between them

FloatArray = NDArray[np.float64]
Point = tuple[float, float]
Chain = tuple[FloatArray, FloatArray, int]


@dataclass(frozen=True)
class Words:
    """The two parameters of a map, and how names are written."""

    names: tuple[str, str]
    labels: Labels | None
    units: Labels | None

    def at(self, x: float, y: float) -> tuple[str, str]:
        """A place on the map in words."""
        return (
            with_unit(self.names[0], x, self.labels, self.units),
            with_unit(self.names[1], y, self.labels, self.units),
        )

    def axis(self, place: int) -> str:
        """The name of an axis, with its unit."""
        name = self.names[place]
        unit = (self.units or {}).get(name, "")
        return f"{labelled(name, self.labels)}{f' ({unit})' if unit else ''}"


def curves(
    frame: pd.DataFrame, chains: Sequence[Chain], numbers: Sequence[str], scales: tuple[bool, bool], words: Words
) -> list[Any]:
    """Every boundary by its own points; those with a number on the map have it with their name below.

    ``scales`` says of each axis whether it is spaced by powers.
    """
    kinds = graph_objects()
    traces: list[Any] = []
    named: set[str] = set()
    for places, points, first in chains:
        row = frame.iloc[first]
        binding = str(row["binding"])
        number = numbers.index(binding) + 1 if binding in numbers else 0
        text = binding_words(binding, words.labels)
        group = {
            "legendgroup": f"binding {binding}",
            "name": broken(f"{number}: {text}", NAME),
            "legendrank": RANK + number,
        }
        shown = bool(number) and binding not in named
        named.add(binding)
        look = {"mode": "lines", "line": {"color": INK, "width": 1.8}, "hovertemplate": _template(row, text, words)}
        traces.append(kinds.Scatter(x=points[:, 0], y=points[:, 1], showlegend=shown, **look, **group))
        between = _between(places, points, scales)
        if len(between):
            hidden = {"mode": "markers", "marker": {"opacity": 0.0, "size": 6}, "hoverinfo": "text", **group}
            words_there = told(text, *_sides(row, words))
            traces.append(
                kinds.Scatter(x=between[:, 0], y=between[:, 1], hovertext=words_there, showlegend=False, **hidden)
            )
    return traces


def base(point: Point | None, words: Words) -> list[Any]:
    """The base case, where there is one."""
    if point is None:
        return []
    marker = {"symbol": "circle", "size": 12, "color": "black", "line": {"color": "white", "width": 2}}
    text = told("base case", *words.at(*point))
    look = {
        "mode": "markers",
        "marker": marker,
        "name": "base case",
        "hovertext": text,
        "hoverinfo": "text",
        "legendrank": 2 * RANK,
    }
    return [graph_objects().Scatter(x=[point[0]], y=[point[1]], **look)]


def _template(row: pd.Series[Any], text: str, words: Words) -> str:
    """What the pointer is told on a point of a boundary; the library fills in the values."""
    heads = [broken(f"{words.axis(place)}:", POINTED) for place in (0, 1)]
    values = [f"{head} %{{{axis}:,.8~g}}" for head, axis in zip(heads, "xy", strict=True)]
    lines = [told(text), *values, *(broken(side, POINTED) for side in _sides(row, words))]
    return "<br>".join(lines) + "<extra></extra>"


def _sides(row: pd.Series[Any], words: Words) -> list[str]:
    """The answers on both sides of a boundary, and how it is known; what a frame does not have is left out."""
    if not {"before", "after", "growing"} <= set(row.index):
        return []
    grows = f"as {labelled(str(row['growing']), words.labels)} grows"
    before, after = (solutions(row[side], words.labels) for side in ("before", "after"))
    return [f"{grows}, from: {before}", f"to: {after}", "exact" if bool(row["exact"]) else "found numerically"]


def _between(places: FloatArray, points: FloatArray, scales: tuple[bool, bool]) -> FloatArray:
    """Points on the straight lines of the map between points of a boundary that lie far apart; those are left out."""
    even = np.column_stack([np.log(points[:, k]) if scales[k] else points[:, k] for k in (0, 1)])
    parts = [np.empty((0, 2))]
    for k, step in enumerate(np.hypot(*np.diff(places, axis=0).T)):
        inner = np.linspace(0.0, 1.0, int(step / WIDE) + 2)[1:-1, None]
        parts.append(even[k] + inner * (even[k + 1] - even[k]))
    found = np.concatenate(parts)
    return np.column_stack([np.exp(found[:, k]) if scales[k] else found[:, k] for k in (0, 1)])
