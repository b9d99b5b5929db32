"""Where on a map of two parameters does each answer hold, and which deviation binds along each boundary?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.figures.keeping import seats
from gametheory.figures.orders import bounded, brief
from gametheory.figures.rows import LABEL_BOX
from gametheory.figures.style import (
    INK,
    axes,
    fill,
    letter,
    powers_axis,
    room,
    say,
    style,
    text_width,
    title_height,
    wrap,
)
from gametheory.figures.words import Labels, counted, labelled, number, within

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "SHOWN",
    "Map",
    "axes_of",
    "binding_words",
    "letter_places",
    "map_of",
    "number_places",
    "powers",
    "region_texts",
    "regions",
    "regions_alternative",
    "regions_message",
]

SHOWN = 11  # outcomes with a colour and a letter of their own; the smallest areas share one "other"
NUMBERED = 9  # deviations whose boundaries are numbered and named, the longest first
SIDE = 4.4  # inches: height of the map itself
KEY_LINE, KEY_GAP, BELOW = 0.17, 0.07, 0.55  # inches: of a line of the legend, between entries, and above it
VALUES = 0.6  # inches: the values beside the vertical axis
LEGEND = 1.0  # inches that the legend's boxes and the axis take from its text
CLEAR = 0.06  # share of the map that a number keeps from letters, other numbers and the edge
TOLD = 400  # characters of each list in the description
SHORTEST = 0.04  # share of the map below which a boundary gets no number

CIRCLE: dict[str, Any] = {"boxstyle": "circle,pad=0.12", "facecolor": "white", "edgecolor": INK, "linewidth": 0.7}

POINT = "base case"
BESIDE = 0.125  # inches from the middle of the marked point to its name
AROUND = 0.14  # inches that letters keep from that name

FloatArray = NDArray[np.float64]
Point = tuple[float, float]
Box = tuple[Point, Point]  # low and high across, low and high upwards, from 0 to 1


@dataclass(frozen=True, eq=False)
class Map:
    """What a frame of regions holds: the grid ``codes[y, x]`` over its axes, and the outcomes from the largest down.

    ``ends`` are those of the map: low and high of each axis.
    """

    x: FloatArray
    y: FloatArray
    codes: NDArray[np.int64]
    names: tuple[str, ...]
    ends: tuple[Point, Point]

    def shares(self, points: FloatArray) -> FloatArray:
        """Where points ``[point, 2]`` lie on the map, from 0 to 1 each way."""
        scales = zip((self.x, self.y), self.ends, strict=True)
        return np.column_stack([_share(points[:, k], own, ends) for k, (own, ends) in enumerate(scales)])


def regions(
    frame: pd.DataFrame,
    ax: Axes | None = None,
    *,
    point: Point | None = None,
    labels: Labels | None = None,
) -> Axes:
    """Draw the regions over two parameters, lettered and hatched, and their boundaries as numbered curves.

    ``frame`` is that of the analysis `regions` with its attributes; ``point`` is the base case. An axis whose values
    are spaced by powers is drawn so. Boundaries on which the same deviation binds share a number; short ones and those
    beyond the longest few have none. Returns the axes; raises InputError where the frame has lost its attributes.
    """
    found = map_of(frame)
    kept = kept_places(found)
    named = sorted(zip(kept, region_texts(found.names, labels), strict=True))
    covered = None if point is None else _covered(found, point, room(ax) - VALUES)
    letters = letter_places(found, covered)
    texts = [f"{letter(k)}: {text}{_unlettered(letter(k), letters)}" for k, text in named]
    taken = [*letters.values(), *([] if point is None else [point])]
    numbers = number_places(frame, found, taken, covered)
    texts += [f"{k}: {binding_words(text, labels)}" for k, text in enumerate(numbers, start=1)]
    entries = ["\n".join(wrap(text, room(ax) - LEGEND)) for text in texts]
    message = regions_message(frame, point, labels)
    lines = sum(len(entry.splitlines()) for entry in entries)
    with style():
        ax = axes(ax, SIDE + KEY_LINE * lines + KEY_GAP * len(entries) + BELOW + 0.25 + title_height(message, VALUES))
        _paint(ax, found)
        _paint_curves(ax, frame)
        for name, place in letters.items():
            ax.text(*place, name, ha="center", va="center", weight="bold", bbox=LABEL_BOX, zorder=5)
        for k, place in enumerate(numbers.values(), start=1):
            ax.text(*place, str(k), ha="center", va="center", bbox=CIRCLE, zorder=5)
        if point is not None:
            _paint_point(ax, point)
        _paint_legend(ax, entries, sorted(kept))
        names = axes_of(frame)
        ax.set_xlabel(labelled(names[0], labels))
        ax.set_ylabel(labelled(names[1], labels))
        return say(ax, message, regions_alternative(frame, message, labels), inset=VALUES)


def regions_message(frame: pd.DataFrame, point: Point | None = None, labels: Labels | None = None) -> str:
    """Say how many answers the map holds, and which the base case has."""
    found = map_of(frame)
    x, y = (labelled(name, labels) for name in axes_of(frame))
    if len(found.names) == 1:
        return f"One answer everywhere on the map of {x} and {y}: {brief(found.names[0], labels)}"
    said = f"{counted(len(found.names), 'different answer')} over {x} and {y}"
    if point is None:
        return said
    column, row = (_nearest(own, value) for own, value in zip((found.x, found.y), point, strict=True))
    return f"{said}; in the base case it is {brief(found.names[found.codes[row, column]], labels)}"


def axes_of(frame: pd.DataFrame) -> tuple[str, str]:
    """The two parameters of the map."""
    return str(frame.columns[1]), str(frame.columns[2])


def regions_alternative(frame: pd.DataFrame, message: str, labels: Labels | None) -> str:
    """Describe the figure to somebody who cannot see it."""
    found = map_of(frame)
    x, y = (labelled(name, labels) for name in axes_of(frame))
    ends = [f"{number(low)} to {number(high)}" for low, high in found.ends]
    names = [bounded(name, labels) for name in found.names]
    binding = [binding_words(text, labels) for text in _longest(frame, found)]
    curves = f" Boundaries, the longest first: {within(binding, '. ', TOLD)}." if binding else ""
    return (
        f"Map with {x} from {ends[0]} across and {y} from {ends[1]} up. {message}. "
        f"Answers, the largest area first: {within(names, '. ', TOLD)}.{curves}"
    )


def map_of(frame: pd.DataFrame) -> Map:
    """The grid that the frame carries."""
    grid, names = frame.attrs.get("grid"), frame.attrs.get("outcomes")
    if not isinstance(grid, Mapping) or not names:
        raise InputError("frame: without the grid in its attributes; draw it as the analysis regions returns it")
    x, y = (np.array(grid[axis], dtype=np.float64) for axis in "xy")
    pairs = (frame.attrs.get(f"{axis}_range", (own[0], own[-1])) for axis, own in (("x", x), ("y", y)))
    first, second = ((float(low), float(high)) for low, high in pairs)
    return Map(x, y, np.array(grid["region"], dtype=np.int64), tuple(map(str, names)), (first, second))


def _share(values: FloatArray, own: FloatArray, ends: Point) -> FloatArray:
    """Where values lie between the ends of an axis with the values ``own``, measured on its scale."""
    low, high = ends
    if powers(own):
        return np.asarray(np.log(np.maximum(values, low / 2) / low) / np.log(high / low))
    return np.asarray((values - low) / (high - low))


def _nearest(own: FloatArray, value: float) -> int:
    """The place on an axis that is nearest to a value."""
    ends = float(own[0]), float(own[-1])
    return int(np.argmin(np.abs(_share(own, own, ends) - _share(np.array([value]), own, ends))))


def powers(values: NDArray[np.float64]) -> bool:
    """Whether sorted values are spaced by a factor rather than by a difference.

    >>> powers(np.array([0.1, 1.0, 10.0])), powers(np.array([0.0, 1.0, 2.0])), powers(np.array([1.0, 2.0]))
    (True, False, False)
    """
    if len(values) < 3 or values[0] <= 0:
        return False
    ratios = values[1:] / values[:-1]
    return bool(np.allclose(ratios, ratios[0], rtol=1e-6) and ratios[0] > 1.0 + 1e-9)


def region_texts(names: Sequence[str], labels: Labels | None) -> list[str]:
    """The legend: each outcome, the smallest ones together."""
    texts = [bounded(name, labels) for name in names[:SHOWN]]
    rest = len(names) - SHOWN
    if rest > 0:
        texts.append(counted(rest, "smaller region of another answer", "smaller regions of other answers"))
    return texts


def _chains(frame: pd.DataFrame, found: Map) -> list[tuple[str, FloatArray, FloatArray]]:
    """Each curve: what binds along it, its points, and where they lie on the map."""
    points = frame.iloc[:, 1:3].to_numpy(dtype=np.float64)
    place = frame.groupby("curve", sort=True).indices
    binding = frame["binding"].to_numpy()
    return [(str(binding[own[0]]), points[own], found.shares(points[own])) for own in place.values()]


def _longest(frame: pd.DataFrame, found: Map) -> list[str]:
    """The bindings whose curves are longest, in order."""
    lengths: dict[str, float] = defaultdict(float)
    longest: dict[str, float] = defaultdict(float)
    for binding, _, places in _chains(frame, found):
        length = float(np.hypot(*np.diff(places, axis=0).T).sum())
        lengths[binding] += length
        longest[binding] = max(longest[binding], length)
    shown = [binding for binding in lengths if longest[binding] >= SHORTEST]
    return sorted(shown, key=lambda binding: (-round(lengths[binding], 9), binding))[:NUMBERED]


def binding_words(text: str, labels: Labels | None) -> str:
    """What binds, in words: ``nato: surge -> limited_aid, against carry_on``."""
    words = text.replace("->", "\u2192").split(" ")
    marks = [word[len(word.rstrip(":,;")) :] for word in words]
    return " ".join(
        " + ".join(labelled(part, labels) for part in word.rstrip(":,;").split("+")) + mark
        for word, mark in zip(words, marks, strict=True)
    )


def _paint(ax: Axes, found: Map) -> None:
    """Draw the regions."""
    from matplotlib.colors import ListedColormap

    x, y, codes = found.x, found.y, np.minimum(found.codes, SHOWN)
    fills = [fill(place) for place in kept_places(found)]
    colours = ListedColormap([own.colour for own in fills])
    ax.pcolormesh(x, y, codes, cmap=colours, vmin=-0.5, vmax=len(fills) - 0.5, shading="nearest", rasterized=True)
    for place, own in enumerate(fills):
        if own.hatch and min(codes.shape) > 1:
            ax.contourf(x, y, (codes == place).astype(float), levels=[0.5, 1.5], colors="none", hatches=[own.hatch])
    ax.set(xlim=found.ends[0], ylim=found.ends[1])
    for side, values in (("x", x), ("y", y)):
        if powers(values):
            powers_axis(ax, side)


def kept_places(found: Map) -> list[int]:
    """The places among letters and colours of the answers that have one, and of the others together."""
    kept = seats([name.split(" | ") for name in found.names[:SHOWN]])
    return [*kept, max(kept) + 1] if len(found.names) > SHOWN else kept


def _unlettered(name: str, letters: Mapping[str, Point]) -> str:
    """The end of a legend entry whose letter stands nowhere on the map."""
    return "" if name in letters else " (no room for its letter)"


def _covered(found: Map, point: Point, wide: float) -> Box:
    """What the name of the marked point takes of a map ``wide`` inches wide, with room for a letter beside it."""
    box = []
    own = found.shares(np.array([point]))[0].tolist()
    for middle, size, text in zip(own, (wide, SIDE), (text_width(POINT, bold=True), KEY_LINE), strict=True):
        ends = middle - _side(middle) * AROUND / size, middle + _side(middle) * (BESIDE + text + AROUND) / size
        box.append((min(ends), max(ends)))
    return box[0], box[1]


def _side(share: float) -> int:
    """On which side of a point there is more room: 1 after it, -1 before it."""
    return -1 if share > 0.5 else 1


def letter_places(found: Map, covered: Box | None = None) -> dict[str, Point]:
    """Where the letter of each region stands: where there is most room around it; regions without room have none.

    No letter stands in the box that is ``covered``.
    """
    from scipy.ndimage import distance_transform_edt

    codes = np.minimum(found.codes, SHOWN)
    if covered is not None:
        x, y = (_share(own, own, ends) for own, ends in zip((found.x, found.y), found.ends, strict=True))
        across, up = ((low <= own) & (own <= high) for own, (low, high) in zip((x, y), covered, strict=True))
        codes = np.where(up[:, np.newaxis] & across, -1, codes)
    standing = {}
    for place, kept in enumerate(kept_places(found)):
        free = distance_transform_edt(np.pad(codes == place, 1))[1:-1, 1:-1]
        row, column = np.unravel_index(int(np.argmax(free)), free.shape)
        if free[row, column] >= 0.015 * min(free.shape):
            standing[letter(kept)] = (float(found.x[column]), float(found.y[row]))
    return standing


def number_places(
    frame: pd.DataFrame, found: Map, taken: Sequence[Point], covered: Box | None = None
) -> dict[str, Point]:
    """The bindings with a number on the map, the longest boundary first, and where it stands on it."""
    spots = [tuple(spot) for spot in found.shares(np.array(taken).reshape(-1, 2)).tolist()]
    if covered is not None:
        spots += [(across, sum(covered[1]) / 2) for across in np.linspace(*covered[0], 5).tolist()]
    chains = _chains(frame, found)
    placed: dict[str, Point] = {}
    for binding in _longest(frame, found):
        own = [_spaced(points, places) for name, points, places in chains if name == binding]
        points, places = (np.concatenate(parts) for parts in zip(*own, strict=True))
        best = _roomiest(places, spots)
        if best is not None:
            spots.append(tuple(places[best].tolist()))
            placed[binding] = (float(points[best, 0]), float(points[best, 1]))
    return placed


def _paint_curves(ax: Axes, frame: pd.DataFrame) -> None:
    """Draw every boundary."""
    points = frame.iloc[:, 1:3].to_numpy(dtype=np.float64)
    for own in frame.groupby("curve", sort=True).indices.values():
        ax.plot(*points[own].T, color=INK, linewidth=1.3, solid_joinstyle="round", zorder=3)


def _spaced(points: FloatArray, places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Points all along a curve at equal distances, and their places on the map."""
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(places, axis=0).T))])
    wanted = np.linspace(0.0, length[-1], 41)
    parts = [np.column_stack([np.interp(wanted, length, own[:, k]) for k in (0, 1)]) for own in (points, places)]
    return parts[0], parts[1]


def _roomiest(places: FloatArray, taken: Sequence[tuple[float, ...]]) -> int | None:
    """Which of the places is farthest from all that is taken and from the edge; None where all are too near."""
    free = np.minimum(places, 1.0 - places).min(axis=1)
    for other in taken:
        free = np.minimum(free, np.hypot(*(places - np.array(other)).T))
    best = int(np.argmax(free))
    return best if free[best] >= CLEAR else None


def _paint_legend(ax: Axes, entries: Sequence[str], kept: Sequence[int]) -> None:
    """Write what the letters and the numbers stand for."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.transforms import ScaledTranslation

    patches = [
        Patch(facecolor=fill(k).colour, hatch=fill(k).hatch, edgecolor=INK, linewidth=0.7, label=entry)
        for k, entry in zip(kept, entries, strict=False)
    ]
    curves = [Line2D([], [], color=INK, linewidth=1.3, label=entry) for entry in entries[len(kept) :]]
    below = ax.transAxes + ScaledTranslation(0.0, -BELOW, ax.figure.dpi_scale_trans)
    handles = [*patches, *curves]
    ax.legend(handles=handles, loc="upper left", frameon=False, handlelength=2.2, bbox_to_anchor=(-0.08, 0.0),
              bbox_transform=below)  # fmt: skip


def _paint_point(ax: Axes, point: Point) -> None:
    """Mark the base case, with its name on the side where there is room."""
    ax.plot(*point, marker="o", markersize=10, markeredgecolor="white", markeredgewidth=2, color="black", zorder=6)
    x, y = ax.transAxes.inverted().transform(ax.transData.transform(point))
    side, level, away = _side(x), _side(y), 72 * BESIDE
    ax.annotate(
        POINT, point, xytext=(away * side, away * level), textcoords="offset points", zorder=7, weight="bold",
        ha="right" if side < 0 else "left", va="top" if level < 0 else "bottom", bbox=LABEL_BOX,
    )  # fmt: skip
