"""Where on a map of two parameters does each answer hold, bounded by the exact points of the boundaries?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.figures.live.bars import LETTER, NAME
from gametheory.figures.live.boundaries import Words, base, curves
from gametheory.figures.live.faces import Face, faces
from gametheory.figures.live.sheet import (
    AXIS,
    EDGE,
    LINE,
    SIZE,
    SMALL,
    broken,
    fitted,
    graph_objects,
    pattern,
    sheet,
    told,
)
from gametheory.figures.orders import outcome
from gametheory.figures.regions import (
    SHOWN,
    Map,
    axes_of,
    letter_places,
    map_of,
    number_places,
    powers,
    region_texts,
    regions_alternative,
    regions_message,
)
from gametheory.figures.style import INK, fill, letter
from gametheory.figures.words import Labels

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

__all__ = ["regions"]

TALL, LEFT, ABOVE = 420, 50, 30  # pixels: the map, the values beside it, the name of the vertical axis above it
FINEST = 64  # places each way at which the pointer is told the game that was solved there
STRAY = 0.02  # share of a face's games that may lie on another side of its rim, by rounding
RASTER = "areas as on the grid of games: the boundaries do not part the whole map"
NEAR = 10  # pixels from a boundary at which the pointer is told of it
FEW = 3  # games that never count as astray

FloatArray = NDArray[np.float64]
Point = tuple[float, float]
Chain = tuple[FloatArray, FloatArray, int]


def regions(
    frame: pd.DataFrame,
    *,
    point: Point | None = None,
    labels: Labels | None = None,
    units: Labels | None = None,
) -> Figure:
    """Draw the regions over two parameters live: faces bounded by the very points of the boundaries, at any zoom.

    ``frame`` is that of the analysis `regions` with its attributes; ``point`` is the base case, ``units`` are those of
    the parameters. The pointer is told the answer where it stands; on a boundary the values, the deviation that binds
    and the answers on both sides. Where the boundaries do not part the map cleanly, the areas are those of the grid of
    games that were solved, and the figure says so. Returns a figure of plotly; raises InputError where the frame has
    lost its attributes and where plotly is not installed.
    """
    found = map_of(frame)
    words = Words(axes_of(frame), labels, units)
    texts = [f"{letter(k)}: {text}" for k, text in enumerate(region_texts(found.names, labels))]
    letters = letter_places(found)
    numbers = number_places(frame, found, [*letters.values(), *([] if point is None else [point])])
    chains = _chains(frame, found)
    parted = _parted(chains, found)
    areas = _raster(found, texts) if parted is None else _areas(parted, found, texts, words)
    scales = powers(found.x), powers(found.y)
    drawn = curves(frame, chains, list(numbers), scales, words)
    traces = [*areas, _games(found, words), *drawn, *base(point, words)]
    said = regions_message(frame, point, labels)
    across = broken(words.axis(0))
    marks = [_mark(found, place, name, bold=True) for name, place in letters.items()]
    marks += [_mark(found, place, str(k), bold=False) for k, place in enumerate(numbers.values(), start=1)]
    page: dict[str, Any] = {
        "annotations": [*marks, _upright(words)],
        "xaxis": _axis(found, 0, across),
        "yaxis": _axis(found, 1, ""),
    }
    page["hoverdistance"] = NEAR
    below = AXIS + LINE * (len(fitted(words.axis(0))) - 1)
    description = regions_alternative(frame, said, labels)
    return sheet(traces, said, description, tall=TALL, below=below, left=LEFT, above=ABOVE, **page)


def _chains(frame: pd.DataFrame, found: Map) -> list[Chain]:
    """Each boundary: its places on the map, its points, and the first of its rows."""
    points = frame.iloc[:, 1:3].to_numpy(dtype=np.float64)
    own = frame.groupby("curve", sort=True).indices.values()
    return [(found.shares(points[rows]), points[rows], int(rows[0])) for rows in own]


def _parted(chains: Sequence[Chain], found: Map) -> list[tuple[Face, int]] | None:
    """The faces between the boundaries with the number of their answer, or None where the games there differ."""
    from matplotlib.path import Path

    (left, right), (low, high) = found.ends
    corners = np.array([[left, low], [right, low], [right, high], [left, high]])
    walked = faces([(places, points) for places, points, _ in chains], corners)
    games = np.stack(np.meshgrid(found.x, found.y), axis=-1).reshape(-1, 2)
    places, codes = found.shares(games), found.codes.ravel()
    owner = np.full(len(codes), -1)
    for number, face in enumerate(walked):
        owner[Path(face.rim).contains_points(places)] = number
    named = []
    for number, face in enumerate(walked):
        own = codes[owner == number]
        if not len(own):
            middle = face.rim.mean(axis=0)
            own = codes[[int(np.argmin(np.hypot(*(places - middle).T)))]]
        counts = np.bincount(own)
        if counts.sum() - counts.max() > max(STRAY * counts.sum(), FEW):
            return None
        named.append((face, int(counts.argmax())))
    inside = ((places > 0.0) & (places < 1.0)).all(axis=1)
    return named if np.mean(owner[inside] >= 0) >= 1.0 - STRAY else None


def _areas(parted: Sequence[tuple[Face, int]], found: Map, texts: Sequence[str], words: Words) -> list[Any]:
    """The faces, those within others after them; the first of each answer bears its name below."""
    kinds = graph_objects()
    traces, named = [], set()
    for face, code in parted:
        place = min(code, SHOWN)
        own = fill(place)
        look = {"fillcolor": own.colour, "fillpattern": pattern(own.hatch, own.colour)} if own.hatch else {}
        traces.append(
            kinds.Scatter(
                x=np.append(face.points[:, 0], face.points[0, 0]),
                y=np.append(face.points[:, 1], face.points[0, 1]),
                mode="lines",
                line={"width": 0, "color": INK},
                fill="toself",
                hoveron="fills",
                hoverinfo="text",
                text=told(f"{letter(place)}: {outcome(found.names[code], words.labels)}"),
                name=broken(texts[place], NAME),
                legendgroup=letter(place),
                legendrank=place + 1,
                showlegend=place not in named,
                **(look or {"fillcolor": own.colour}),
            )
        )
        named.add(place)
    return traces


def _raster(found: Map, texts: Sequence[str]) -> list[Any]:
    """The areas as the grid of games has them, with their names below."""
    kinds = graph_objects()
    count = len(texts)
    colours = [fill(place).colour for place in range(count)]
    steps = [[end, colours[place]] for place in range(count) for end in (place / count, (place + 1) / count)]
    codes = np.minimum(found.codes, SHOWN).astype(np.float64)
    x, y = (_edges(found, axis, own) for axis, own in enumerate((found.x, found.y)))
    look = {"colorscale": steps, "zmin": -0.5, "zmax": count - 0.5, "showscale": False, "hoverinfo": "skip"}
    squares = [
        kinds.Scatter(
            x=[None], y=[None], mode="markers", marker={"symbol": "square", "size": 12, "color": colours[place]},
            name=broken(text, NAME), hoverinfo="skip",
        )
        for place, text in enumerate(texts)
    ]  # fmt: skip
    note = kinds.Scatter(x=[None], y=[None], mode="lines", line={"width": 0}, name=broken(RASTER, NAME))
    return [kinds.Heatmap(x=x, y=y, z=codes, **look), *squares, note]


def _edges(found: Map, axis: int, values: FloatArray) -> FloatArray:
    """The ends of the cells around values of an axis, halfway between them on its scale."""
    low, high = found.ends[axis]
    scaled = np.log(values) if powers(found.x if axis == 0 else found.y) else values
    middles = (scaled[1:] + scaled[:-1]) / 2
    inner = np.exp(middles) if powers(found.x if axis == 0 else found.y) else middles
    return np.concatenate([[low], inner, [high]])


def _games(found: Map, words: Words) -> Any:
    """What the pointer is told away from every boundary: the answer of the game solved nearest to it, and its values.

    Only cells far from any change tell of a game; elsewhere the face itself tells its answer.
    """
    from scipy.ndimage import maximum_filter, minimum_filter

    steps = [max(1, -(-len(own) // FINEST)) for own in (found.y, found.x)]
    size = tuple(2 * step + 1 for step in steps)
    even = minimum_filter(found.codes, size=size) == maximum_filter(found.codes, size=size)
    rows, columns = (slice(step // 2, None, step) for step in steps)
    x, y, codes, clear = found.x[columns], found.y[rows], found.codes[rows, columns], even[rows, columns]
    answers = [outcome(name, words.labels) for name in found.names]
    texts = [
        [
            told(f"{letter(min(code, SHOWN))}: {answers[code]}", *words.at(x[column], y[row]))
            if clear[row, column]
            else ""
            for column, code in enumerate(line)
        ]
        for row, line in enumerate(codes.tolist())
    ]
    return graph_objects().Heatmap(
        x=_edges(found, 0, x),
        y=_edges(found, 1, y),
        z=np.where(clear, codes, np.nan),
        hovertext=texts,
        hoverinfo="text",
        hoverongaps=False,
        opacity=0.0,
        showscale=False,
    )


def _mark(found: Map, place: Point, text: str, *, bold: bool) -> dict[str, Any]:
    """A letter on an area, or the number of a boundary in a frame."""
    look: dict[str, Any] = {"text": f"<b>{text}</b>", "bgcolor": LETTER}
    if not bold:
        look = {"text": text, "bgcolor": "white", "bordercolor": INK, "borderwidth": 1, "font": {"size": SMALL}}
    x, y = (_on(found, axis, value) for axis, value in enumerate(place))
    return {"x": x, "y": y, "showarrow": False, "borderpad": 1, **look}


def _on(found: Map, axis: int, value: float) -> float:
    """A value as annotations and ranges want it: on an axis of powers, its exponent."""
    return float(np.log10(value)) if powers((found.x, found.y)[axis]) else value


def _axis(found: Map, axis: int, name: str) -> dict[str, Any]:
    """One axis of the map."""
    ends = [_on(found, axis, end) for end in found.ends[axis]]
    kind = "log" if powers((found.x, found.y)[axis]) else "linear"
    title = {"text": name, "standoff": 8, "font": {"size": SIZE}}
    frame = {"showline": True, "mirror": True, "linecolor": INK, "ticks": "outside", "showgrid": False}
    return {"type": kind, "range": ends, "title": title, "nticks": 7, **frame}


def _upright(words: Words) -> dict[str, Any]:
    """The name of the vertical axis, above it."""
    text = "<br>".join(fitted(f"\u2191 {words.axis(1)}"))
    place = {"x": 0.0, "xref": "paper", "xanchor": "left", "xshift": EDGE - LEFT, "y": 1.0, "yref": "paper"}
    return {"text": text, "align": "left", "yanchor": "bottom", "yshift": 4, "showarrow": False, **place}
