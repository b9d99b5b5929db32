"""Where on a map of two parameters does each answer hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.figures.orders import outcome
from gametheory.figures.rows import LABEL_BOX, LINE
from gametheory.figures.style import INK, axes, fill, letter, room, say, style, title_height, wrap
from gametheory.figures.words import Labels, counted, labelled, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["region_map", "region_map_message"]

SHOWN = 11  # outcomes with a colour and a letter of their own; the smallest areas share one "other"
SIDE = 4.4  # inches: height of the map itself
VALUES = 0.6  # inches: the values beside the vertical axis
LEGEND = 1.0  # inches that the legend's boxes and the axis take from its text

Point = tuple[float, float]


def region_map(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    *,
    point: Point | None = None,
    labels: Labels | None = None,
) -> Axes:
    """Draw the regions of a map of two parameters, lettered and hatched, with the base case at ``point``.

    ``frame`` is that of the analysis `region_map`: the first two columns are the parameters, over a full grid. An axis
    whose values are spaced by powers is drawn so. Returns the axes.
    """
    x, y, codes, names = _grid(frame)
    entries = [
        "\n".join(wrap(f"{letter(k)}: {text}", room(ax) - LEGEND)) for k, text in enumerate(_texts(names, labels))
    ]
    message = region_map_message(frame, point, labels)
    lines = sum(len(entry.splitlines()) for entry in entries) + 4
    with style():
        ax = axes(ax, SIDE + LINE * 1.1 * lines + title_height(message))
        _paint(ax, x, y, codes, entries)
        if point is not None:
            _paint_point(ax, point)
        ax.set_xlabel(labelled(str(frame.columns[0]), labels))
        ax.set_ylabel(labelled(str(frame.columns[1]), labels))
        return say(ax, message, _alternative(frame, message, labels), inset=VALUES)


def region_map_message(frame: pd.DataFrame, point: Point | None = None, labels: Labels | None = None) -> str:
    """Say how many answers the map holds, and which the base case has."""
    x, y = (labelled(str(name), labels) for name in frame.columns[:2])
    count = frame["outcome"].nunique()
    if count == 1:
        return f"One answer everywhere on the map of {x} and {y}: {outcome(frame['outcome'].iloc[0], labels)}"
    found = f"{counted(count, 'different answer')} over {x} and {y}"
    if point is None:
        return found
    here = frame.loc[_nearest(frame, point), "outcome"]
    return f"{found}; in the base case it is {outcome(str(here), labels)}"


def _alternative(frame: pd.DataFrame, message: str, labels: Labels | None) -> str:
    """Describe the figure to somebody who cannot see it."""
    (x, y), columns = (labelled(str(name), labels) for name in frame.columns[:2]), frame.columns[:2]
    ends = [f"{number(frame[name].min())} to {number(frame[name].max())}" for name in columns]
    names = [outcome(name, labels) for name in frame["outcome"].value_counts().index[:SHOWN]]
    return (
        f"Map with {x} from {ends[0]} across and {y} from {ends[1]} up. {message}. "
        f"Answers, the largest area first: {'. '.join(names)}."
    )


def _nearest(frame: pd.DataFrame, point: Point) -> int:
    """Row of the frame whose place is nearest to ``point``, each axis measured on its own scale."""
    distance = np.zeros(len(frame))
    for name, value in zip(frame.columns[:2], point, strict=True):
        values = frame[name].to_numpy(dtype=np.float64)
        if powers(np.unique(values)):
            values, place = np.log(values), float(np.log(value)) if value > 0 else -np.inf
        else:
            place = value
        distance += np.abs(values - place) / (np.ptp(values) or 1.0)
    return int(frame.index[int(np.argmin(distance))])


def powers(values: NDArray[np.float64]) -> bool:
    """Whether sorted values are spaced by a factor rather than by a difference.

    >>> powers(np.array([0.1, 1.0, 10.0])), powers(np.array([0.0, 1.0, 2.0])), powers(np.array([1.0, 2.0]))
    (True, False, False)
    """
    if len(values) < 3 or values[0] <= 0:
        return False
    ratios = values[1:] / values[:-1]
    return bool(np.allclose(ratios, ratios[0], rtol=1e-6) and ratios[0] > 1.0 + 1e-9)


def _grid(frame: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], list[str]]:
    """The axes, the number of the outcome at each place ``[y, x]``, and the outcomes from the largest area down."""
    first, second = frame.columns[:2]
    names = [str(name) for name in frame["outcome"].value_counts(sort=True).index]
    order = {name: min(place, SHOWN) for place, name in enumerate(sorted(names, key=names.index))}
    table = frame.assign(code=frame["outcome"].map(order)).pivot_table(index=second, columns=first, values="code")
    codes = np.rint(table.to_numpy(dtype=np.float64)).astype(np.int64)
    return table.columns.to_numpy(dtype=np.float64), table.index.to_numpy(dtype=np.float64), codes, names


def _texts(names: list[str], labels: Labels | None) -> list[str]:
    """The legend: each outcome, the smallest ones together."""
    texts = [outcome(name, labels) for name in names[:SHOWN]]
    rest = len(names) - SHOWN
    return (
        [*texts, counted(rest, "smaller region of another answer", "smaller regions of other answers")]
        if (rest > 0)
        else texts
    )


def _paint(
    ax: Axes, x: NDArray[np.float64], y: NDArray[np.float64], codes: NDArray[np.int64], entries: list[str]
) -> None:
    """Draw the regions, their letters and the legend."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    fills = [fill(place) for place in range(len(entries))]
    colours = ListedColormap([own.colour for own in fills])
    ax.pcolormesh(x, y, codes, cmap=colours, vmin=-0.5, vmax=len(fills) - 0.5, shading="nearest", rasterized=True)
    for place, own in enumerate(fills):
        inside = codes == place
        if own.hatch and min(codes.shape) > 1:
            ax.contourf(x, y, inside.astype(float), levels=[0.5, 1.5], colors="none", hatches=[own.hatch])
        _paint_letter(ax, x, y, inside, letter(place))
    if min(codes.shape) > 1 and len(fills) > 1:
        for place in range(len(fills)):
            ax.contour(x, y, (codes == place).astype(float), levels=[0.5], colors=INK, linewidths=0.8)
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    if powers(x):
        ax.set_xscale("log")
    if powers(y):
        ax.set_yscale("log")
    patches = [
        Patch(facecolor=own.colour, hatch=own.hatch, edgecolor=INK, linewidth=0.7, label=entry)
        for own, entry in zip(fills, entries, strict=True)
    ]
    ax.legend(handles=patches, loc="upper left", bbox_to_anchor=(-0.08, -0.12), frameon=False, handlelength=2.2)


def _paint_point(ax: Axes, point: Point) -> None:
    """Mark the base case, with its name on the side where there is room."""
    ax.plot(*point, marker="o", markersize=10, markeredgecolor="white", markeredgewidth=2, color="black", zorder=6)
    x, y = ax.transAxes.inverted().transform(ax.transData.transform(point))
    side, level = (-1 if x > 0.5 else 1), (-1 if y > 0.5 else 1)
    ax.annotate(
        "base case", point, xytext=(9 * side, 9 * level), textcoords="offset points", zorder=7, weight="bold",
        ha="right" if side < 0 else "left", va="top" if level < 0 else "bottom", bbox=LABEL_BOX,
    )  # fmt: skip


def _paint_letter(
    ax: Axes, x: NDArray[np.float64], y: NDArray[np.float64], inside: NDArray[np.bool_], text: str
) -> None:
    """Write the letter of a region where there is most room around it."""
    from scipy.ndimage import distance_transform_edt

    room = distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
    row, column = np.unravel_index(int(np.argmax(room)), room.shape)
    if room[row, column] < 0.015 * min(inside.shape):
        return
    ax.text(x[column], y[row], text, ha="center", va="center", weight="bold", bbox=LABEL_BOX, zorder=5)
