"""How does the map of two parameters look, with the boundaries of its regions and the point of the controls?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gametheory.explorer.controls import Control
from gametheory.explorer.scans import Map
from gametheory.figures.style import INK, Fill, letter, plain
from gametheory.figures.words import number

__all__ = ["map_svg", "point_svg", "round_marks", "swatch_svg"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Point = tuple[float, float]
Place = TypeVar("Place", float, FloatArray)

LEFT, TOP, SIDE_X, SIDE_Y = 52.0, 8.0, 360.0, 300.0  # the map itself, in units of the drawing
WIDTH, HEIGHT = LEFT + SIDE_X + 14.0, TOP + SIDE_Y + 46.0
SHOWN = 11  # regions with a colour and a letter of their own; the smaller ones are left white
# Cells of free space around a letter -> its height, and how far apart two letters stand at least.
SIZES, APART = ((2.5, 15), (0.99, 10)), 12.0
LARGEST_STEP = 6  # marks along a linear axis, at most
LETTER = 7.2  # how wide a figure of an axis is, in units of the drawing
THICK, THIN = 2.4, 1.3  # of a boundary that is proved, and of one that is not


def map_svg(found: Map, point: str, alternative: str) -> str:
    """The regions as SVG: filled, lettered, with their boundaries, and the ``point`` that `point_svg` draws.

    Boundaries that were followed are drawn where they run, the proved ones thick; else the sides of the cells are
    drawn. Every text is escaped; the drawing needs no style sheet. Its ``data-`` attributes say where the map lies in
    it.
    """
    shown = range(min(len(found.names), SHOWN))
    fills = [plain(place) for place in shown]
    parts = [_hatches(fills)]
    parts += [f'<path d="{_cells(found.codes == k)}" {_paint(fills[k])} shape-rendering="crispEdges"/>' for k in shown]
    parts.append(_boundaries(found))
    parts.append(_letters(found.codes, len(fills)))
    parts.append(f'<rect x="{LEFT}" y="{TOP}" width="{SIDE_X}" height="{SIDE_Y}" fill="none" stroke="{INK}"/>')
    parts += [_axis(found.x, _right, across=True), _axis(found.y, _up, across=False)]
    places = f'data-left="{LEFT:g}" data-top="{TOP:g}" data-wide="{SIDE_X:g}" data-high="{SIDE_Y:g}"'
    return (
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" {places} role="img" aria-label="{escape(alternative)}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}">{"".join(parts)}'
        f'<g class="gt-point">{point}</g></svg>'
    )


def point_svg(x: Control, y: Control, now: Point, central: Point) -> str:
    """The present point and, hollow, the central values: what moves on a map that stays. Both are values."""
    places = [(_right(x.share(point[0])), _up(y.share(point[1]))) for point in (central, now)]
    return (_hollow(places[0]) if places[0] != places[1] else "") + _dot(places[1])


def swatch_svg(place: int) -> str:
    """The fill and the letter of one region, for the legend."""
    own = plain(place)
    return (
        f'<svg viewBox="0 0 30 18" width="30" height="18" aria-hidden="true">{_hatches([own])}'
        f'<rect x="1" y="1" width="28" height="16" {_paint(own)} stroke="{INK}"/>'
        f'<text x="15" y="13.5" text-anchor="middle" font-size="12" font-weight="bold">{letter(place)}</text></svg>'
    )


def _right(share: Place) -> Place:
    """How far right a share of the way across stands."""
    return LEFT + SIDE_X * share


def _up(share: Place) -> Place:
    """How far down a share of the way up stands."""
    return TOP + SIDE_Y * (1.0 - share)


def _paint(own: Fill) -> str:
    """The fill of a region: its colour, with lines over it once all colours are used up."""
    return f'fill="url(#{_pattern(own)})"' if own.hatch else f'fill="{own.colour}"'


def _pattern(own: Fill) -> str:
    """The name of a hatched fill; the same name always means the same lines."""
    return f"gt-hatch-{own.colour[1:]}-{ord(own.hatch[0])}"


def _hatches(fills: Sequence[Fill]) -> str:
    """The hatched fills that are used."""
    turns = {"/": 45, "\\": 135, "|": 0, "x": 60, "-": 90, "+": 120}
    patterns = [
        f'<pattern id="{_pattern(own)}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turns[own.hatch[0]]})"><rect width="6" height="6" fill="{own.colour}"/>'
        f'<path d="M0 0V6" stroke="{INK}" stroke-width="1"/></pattern>'
        for own in fills
        if own.hatch
    ]
    return f"<defs>{''.join(patterns)}</defs>" if patterns else ""


def _cells(inside: BoolArray) -> str:
    """The cells of one region as a path, one box for each run along a row."""
    rows, columns = inside.shape
    wide, high = SIDE_X / columns, SIDE_Y / rows
    steps = np.diff(np.pad(inside.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    starts, stops = np.argwhere(steps == 1), np.argwhere(steps == -1)
    runs = zip(starts.tolist(), stops.tolist(), strict=True)
    return "".join(
        f"M{LEFT + first * wide:.2f} {TOP + SIDE_Y - (row + 1) * high:.2f}H{LEFT + last * wide:.2f}"
        f"V{TOP + SIDE_Y - row * high:.2f}H{LEFT + first * wide:.2f}z"
        for (row, first), (_, last) in runs
    )


def _boundaries(found: Map) -> str:
    """The boundaries as they were followed, else the sides of cells between two regions."""
    if not found.said:
        return f'<path d="{_edges(found.codes)}" fill="none" stroke="{INK}" stroke-width="1"/>'
    across, up = found.x.track_shares, found.y.track_shares
    parts = []
    for curve in found.curves:
        places = zip(_right(across(curve.xs)).tolist(), _up(up(curve.ys)).tolist(), strict=True)
        line = "L".join(f"{x:.2f} {y:.2f}" for x, y in places)
        width = THICK if curve.proved else THIN
        parts.append(f'<path class="gt-curve" d="M{line}" fill="none" stroke="{INK}" stroke-width="{width}"/>')
    return "".join(parts)


def _edges(codes: NDArray[np.int64]) -> str:
    """The sides of cells between two regions, as a path."""
    rows, columns = codes.shape
    wide, high = SIDE_X / columns, SIDE_Y / rows
    upright = np.argwhere(codes[:, 1:] != codes[:, :-1]).tolist()
    level = np.argwhere(codes[1:] != codes[:-1]).tolist()
    return "".join(
        [
            *(f"M{LEFT + (k + 1) * wide:.1f} {TOP + SIDE_Y - row * high:.1f}v{-high:.2f}" for row, k in upright),
            *(f"M{LEFT + k * wide:.1f} {TOP + SIDE_Y - (row + 1) * high:.1f}h{wide:.2f}" for row, k in level),
        ]
    )


def _letters(codes: NDArray[np.int64], count: int) -> str:
    """The letter of each region where it has most room, small in a narrow one; none where two letters would meet."""
    from scipy.ndimage import distance_transform_edt

    texts, taken = [], list[Point]()
    for place in range(count):
        free = distance_transform_edt(np.pad(codes == place, 1))[1:-1, 1:-1]
        row, column = np.unravel_index(int(np.argmax(free)), free.shape)
        size = next((own for room, own in SIZES if free[row, column] >= room), 0)
        x, y = _right((column + 0.5) / codes.shape[1]), _up((row + 0.5) / codes.shape[0])
        x = min(max(x, LEFT + size / 2), LEFT + SIDE_X - size / 2)  # a letter at the edge stays inside
        if size and all(abs(x - left) + abs(y - down) > APART for left, down in taken):
            taken.append((x, y))
            texts.append(
                f'<text x="{x:.1f}" y="{y + size / 3:.1f}" text-anchor="middle" font-size="{size}" font-weight="bold" '
                f'stroke="#fff" stroke-width="3" paint-order="stroke">{letter(place)}</text>'
            )
    return "".join(texts)


def _axis(control: Control, place: Callable[[float], float], *, across: bool) -> str:
    """Marks, numbers and the name along one side."""
    parts = []
    free = -LETTER  # how far right the numbers reach; one that would meet the last is left out
    for value in round_marks(*control.ends, by_powers=control.by_powers):
        at, half = place(control.share(value)), LETTER * len(number(value)) / 2.0
        if across:
            parts.append(f'<path d="M{at:.1f} {TOP + SIDE_Y}v4" stroke="{INK}"/>')
            if at - half >= free:
                parts.append(f'<text x="{at:.1f}" y="{TOP + SIDE_Y + 17}" text-anchor="middle">{number(value)}</text>')
                free = at + half + LETTER
        else:
            parts.append(f'<path d="M{LEFT} {at:.1f}h-4" stroke="{INK}"/>')
            parts.append(f'<text x="{LEFT - 7}" y="{at + 4:.1f}" text-anchor="end">{number(value)}</text>')
    middle_x, middle_y = LEFT + SIDE_X / 2, TOP + SIDE_Y / 2
    where = f'x="{middle_x}" y="{HEIGHT - 8}"' if across else f'transform="translate(11 {middle_y}) rotate(-90)"'
    return f'{"".join(parts)}<text {where} text-anchor="middle" font-size="13">{escape(control.label)}</text>'


def round_marks(low: float, high: float, *, by_powers: bool = False) -> list[float]:
    """Round values along an axis: powers of ten and their halves or fifths, or equal steps.

    The ends need not be among them.

    >>> round_marks(0.0, 1.0), round_marks(0.02, 5.0, by_powers=True)
    ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.1, 1.0])
    """
    if by_powers:
        decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
        few = (1,) if len(decades) > 3 else (1, 2, 5)
        marks = [factor * 10.0**power for power in decades for factor in few]
    else:
        rough = (high - low) / LARGEST_STEP
        power = 10.0 ** np.floor(np.log10(rough))
        step = next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= rough)
        marks = (np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step).tolist()
    return [float(f"{mark:.12g}") + 0.0 for mark in marks if low * (1 - 1e-9) <= mark <= high * (1 + 1e-9)]


def _dot(place: Point) -> str:
    """The present point, told by its shape and its lines to both axes."""
    x, y = place
    return (
        f'<path d="M{x:.1f} {TOP + SIDE_Y}V{y:.1f}H{LEFT}" fill="none" stroke="{INK}" stroke-dasharray="3 3"/>'
        f'<circle class="gt-now" cx="{x:.1f}" cy="{y:.1f}" r="6.5" fill="#000" stroke="#fff" stroke-width="2"/>'
    )


def _hollow(place: Point) -> str:
    """The central values of the two parameters."""
    x, y = place
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="none" stroke="#000" stroke-width="2"/>'
