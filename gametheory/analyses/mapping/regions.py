"""Which equilibria hold where over two parameters, and along which curves do they change?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.mapping.curves import Curve, curves, leaves, ordered
from gametheory.analyses.mapping.line_checks import LineCheck, checked_along_lines
from gametheory.analyses.mapping.mesh import mesh
from gametheory.analyses.mapping.planes import Plane, Range, over_ranges, value_range
from gametheory.analyses.mapping.proofs import ASIDE, crosses, work
from gametheory.analyses.provenance import attributes, known_parameter, orders_of
from gametheory.analyses.rankings.kept_order import check_apart
from gametheory.analyses.tipping.slacks import sentence
from gametheory.errors import InputError
from gametheory.study import class_name, profile_names

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["regions", "two_parameters"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FEWEST, MOST = 4, 1024  # cells of the grid along each axis
FILL = 3  # times as fine as the mesh is the grid that shows what lies between the curves
MIDDLES = (0.5 + 2**0.5 / 100, 0.5 - 3**0.5 / 100)  # of its cells, nearly: clear of round values and of diagonals
MOST_PROOFS = 40_000  # payoffs in fractions, about two seconds
BESIDE = 1e-6  # share of the map's side: how far from a curve the games on its two sides are solved
SHORT = 1e-5  # pieces of curve below this length are not tested so
UNNAMED = "not identified: no followed deviation changes sign here"
COLUMNS = ("player", "binding", "growing", "before", "after", "exact")


def regions(
    model: Model,
    x: str,
    y: str,
    *,
    order: str = "simultaneous",
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    resolution: int = 64,
    lines: int = 2,
) -> pd.DataFrame:
    """The curves that part sets of equilibria over two parameters, the others at their central values.

    One row a point, the points of a curve in order: ``curve`` (its number), the parameters ``x`` and ``y`` by their
    names, the ``player`` whose deviation binds, ``binding`` in words, the profiles ``before`` and ``after``, and
    ``exact``. Along one curve these are the same: it ends where another deviation begins to bind or other sets meet.
    ``before`` and ``after`` are the sets on its two sides as the parameter ``growing`` grows, which is the one that
    the curve is steep against; of a closed curve ``before`` is inside.

    A grid of ``resolution`` cells each way is solved first (even in the logarithm where a law is log-uniform). Every
    change along a line of it is closed in on, to the rounding of the payoffs, where a slack passes through zero; cells
    in which boundaries meet are cut up until the meeting point is found, and a curve that bends gets more points, until
    it strays no farther than 1e-4 of the map's side from the straight lines between them. What lies within a cell and
    touches none of its sides is missed.

    ``exact`` marks the curves at each of whose points (the ends of a boundary of mixtures excepted) the slack, worked
    out in fractions, has opposite signs 1e-11 of the map's side to the left and to the right. For models of two
    players with rational payoffs, ``lines`` lines each way are compared with exact tipping points; the attribute
    ``checks`` says what disagreed, there and where games on both sides of each piece of curve were solved.

    The attribute ``grid`` holds a finer grid for drawing: the values ``x`` and ``y``, and the number of the set at each
    place ``region[y][x]``, 0 the most frequent; ``outcomes`` names them. Raises InputError where ``x`` and ``y`` are
    the same or stand in one ranking, for an empty range and a resolution outside 4 to 1024, and UnknownNameError for a
    bad name.

    >>> from gametheory.reader import load
    >>> frame = regions(load("reference_involvement"), "escalation_risk", "stake_russia", order="nato", resolution=16)
    >>> len(frame.attrs["outcomes"]), bool(frame["exact"].any())
    (7, False)
    """
    import pandas as pd

    strategic_only(model, "regions")
    chosen = two_parameters(model, x, y, order)
    if not FEWEST <= resolution <= MOST:
        raise InputError(f"resolution: {resolution!r}, expected {FEWEST} to {MOST}")
    ranges = {x: value_range(model, x, x_range), y: value_range(model, y, y_range)}
    plane = over_ranges(model, chosen, ranges)
    found = mesh(plane, resolution)
    drawn = [_directed(curve) for curve in curves(leaves(found))]
    proved = _proved(plane, [curve for curve, _ in drawn])
    rows = [
        row
        for number, ((curve, growing), exact) in enumerate(zip(drawn, proved, strict=True))
        for row in _rows(plane, number, curve, (x, y)[growing], exact=exact)
    ]
    frame = pd.DataFrame(rows, columns=["curve", x, y, *COLUMNS])
    frame = frame.astype({"curve": np.int64, x: float, y: float, "exact": bool})
    grid, outcomes, unseen = _grid(plane, ranges, FILL * resolution, set(np.unique(found.grid).tolist()), drawn)
    sides = _sides(plane, [curve for curve, _ in drawn])
    line_check = checked_along_lines(model, chosen, ranges, plane, [curve for curve, _ in drawn], lines)
    checks = {**sides, **line_check.counts}
    notes = _notes(model, resolution, checks, line_check, unseen=unseen, crowded=len(found.coarse()), proved=proved)
    ends = {"x_range": [ranges[x].low, ranges[x].high], "y_range": [ranges[y].low, ranges[y].high]}
    what = {"parameters": model.central(), "order": chosen, "x": x, "y": y, **ends, "resolution": resolution}
    frame.attrs.update(attributes(model, notes, **what, grid=grid, outcomes=outcomes, checks=checks))
    return frame


def two_parameters(model: Model, x: str, y: str, order: str) -> str:
    """The order of play; raises for parameters that are not two or stand in one ranking, and for several orders."""
    if known_parameter(model, x) == known_parameter(model, y):
        raise InputError(f"x and y: both {x!r}, expected two different parameters")
    check_apart(model, x, y)
    if order == "all":
        raise InputError("order: 'all', expected one order of play for a map")
    return orders_of(model, order)[0]


def _directed(curve: Curve) -> tuple[Curve, int]:
    """The curve with what comes before on its left, and the axis along which it does: 0 for x, 1 for y.

    A curve steep against x runs upwards, so that less of x lies on its left; the others run to lower x.
    """
    points = curve.points
    if len(points) > 2 and np.allclose(points[0], points[-1], rtol=0.0, atol=1e-9):
        turned = float(np.sum(points[:-1, 0] * points[1:, 1] - points[1:, 0] * points[:-1, 1])) < 0.0
        return (curve.turned if turned else curve), 0
    run, rise = points[-1] - points[0]
    if abs(rise) >= abs(run):
        return (curve if rise > 0 else curve.turned), 0
    return (curve if run < 0 else curve.turned), 1


def _rows(plane: Plane, number: int, curve: Curve, growing: str, *, exact: bool) -> list[dict[str, Any]]:
    """The rows of one curve."""
    actions = tuple(player.actions for player in plane.model.players)
    players = tuple(player.name for player in plane.model.players)
    listed = ordered(curve.binding)
    words = [sentence(slack, actions, players, ends=label == curve.left) for slack, label in listed]
    shared = {
        "player": " and ".join(dict.fromkeys(players[slack.player] for slack, _ in listed)),
        "binding": "; ".join(dict.fromkeys(words)) or UNNAMED,
        "growing": growing,
        "before": tuple(profile_names(plane.entry(curve.left), actions)),
        "after": tuple(profile_names(plane.entry(curve.right), actions)),
        "exact": exact,
    }
    columns = plane.values(curve.points)
    names, values = list(columns), np.column_stack(list(columns.values())).tolist()
    return [{"curve": number, **dict(zip(names, point, strict=True)), **shared} for point in values]


def _proved(plane: Plane, drawn: Sequence[Curve]) -> list[bool]:
    """Which curves are proved to lie where a slack changes its sign."""
    left = MOST_PROOFS
    found = []
    for curve in drawn:
        slack = ordered(curve.binding)[0][0] if curve.binding else None
        points = curve.points
        cost = 2 * len(points) * work(slack) if slack is not None and plane.model.rational else 0
        if slack is None or not 0 < cost <= left:
            found.append(False)
            continue
        left -= cost
        inside = crosses(plane, slack, points)
        found.append(bool((inside[1:-1] if slack.support else inside).all()))
    return found


def _grid(
    plane: Plane, ranges: Mapping[str, Range], count: int, known: set[int], drawn: Sequence[tuple[Curve, int]]
) -> tuple[dict[str, Any], list[str], int]:
    """The grid for drawing, the names of its sets, and how many of its places have a set that bounds no curve."""
    shares = [(np.arange(count) + shift) / count for shift in MIDDLES]
    across, up = np.meshgrid(*shares)
    labels = plane.labels(np.column_stack([across.ravel(), up.ravel()]))
    counts = np.bincount(labels, minlength=len(plane.classes))
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] > 0]
    rank = np.zeros(len(counts), dtype=np.int64)
    rank[order] = np.arange(len(order))
    actions = [player.actions for player in plane.model.players]
    values = {axis: own.values(s).tolist() for axis, own, s in zip("xy", ranges.values(), shares, strict=True)}
    bounded = known | {side for curve, _ in drawn for side in (curve.left, curve.right)}
    unseen = int(sum(counts[label] for label in order.tolist() if label not in bounded))
    grid = {**values, "region": rank[labels].reshape(count, count).tolist()}
    return grid, [class_name(plane.entry(label), actions) for label in order.tolist()], unseen


def _sides(plane: Plane, drawn: Sequence[Curve]) -> dict[str, int]:
    """On how many sides of pieces of curve a game was solved, and on how many its set is not what the curve says."""
    places, expected = [], []
    for curve in drawn:
        for piece in curve.pieces:
            along = np.subtract(piece.stop, piece.start)
            length = float(np.hypot(*along))
            if length > SHORT:
                aside = np.array([-along[1], along[0]]) / length * BESIDE
                places += [np.add(piece.middle, aside), np.subtract(piece.middle, aside)]
                expected += [curve.left, curve.right]
    found = plane.labels(np.array(places).reshape(-1, 2))
    return {"sides": len(expected), "sides_differ": int(np.sum(found != np.array(expected, dtype=np.int64)))}


def _notes(
    model: Model,
    resolution: int,
    checks: Mapping[str, int],
    line_check: LineCheck,
    *,
    unseen: int,
    crowded: int,
    proved: list[bool],
) -> list[str]:
    """How the curves were found, and what that leaves open."""
    notes = [
        f"a grid of {resolution} x {resolution} cells: a region within one cell that meets none of its sides is missed",
        "the other parameters stand at their central values; an area of the map is not a probability",
        f"games solved on both sides of the curves: {checks['sides']}; not as the curves say: {checks['sides_differ']}",
    ]
    if unseen:
        notes.append(f"{unseen} places of the finer grid lie in regions that no curve bounds: raise the resolution")
    if crowded:
        notes.append(f"too many boundaries: in {crowded} places where several meet they are drawn to a common point")
    if any(proved):
        which = "all curves" if all(proved) else f"{sum(proved)} of {len(proved)} curves"
        notes.append(f"{which} proved: in fractions, the slack changes its sign within {ASIDE:g} of the map's side")
    if model.constraints:
        notes.append("the map shows places that break the model's constraints as well")
    return [*notes, line_check.note]
