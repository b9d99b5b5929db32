"""How large a share of the uncertainty in two parameters does each set of equilibria hold?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.mapping.curves import Leaf, Piece, leaves
from gametheory.analyses.mapping.mesh import INSET, mesh
from gametheory.analyses.mapping.planes import EXCLUDED, Plane, over_laws
from gametheory.analyses.mapping.regions import two_parameters
from gametheory.analyses.provenance import attributes
from gametheory.errors import ComputationError, InputError
from gametheory.study import class_name

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["region_areas"]

FEWEST, MOST = 8, 1024  # cells of the grid along each axis
OUTSIDE = 2 * sum(map(sum, INSET))  # at most so much of the plane lies outside the outermost lines, twice over
PARABOLA = 4.0 / 3.0  # area below an arc of a parabola, as a multiple of the triangle in it


def region_areas(model: Model, x: str, y: str, *, order: str = "simultaneous", resolution: int = 64) -> pd.DataFrame:
    """The share of the joint law of two parameters in which each set of equilibria holds, the others central.

    One row a set, the largest first: ``order``, ``outcome`` (its profiles), ``share``, ``error``, and ``of``: what it
    is a share of. The shares sum to 1. The joint law has the two parameters' own rank correlation; constraints of the
    model are kept, with the other parameters at their central values. Of a parameter that is an interval without
    probability the share is one of its length, and then ``share`` is no probability; ``of`` says so.

    Areas are measured on the unit square of the laws' quantiles, along the curves that `regions` follows, so that they
    need no sample. ``error`` is the change from half the ``resolution`` plus what lies outside the outermost lines,
    1.3e-6; it is an estimate and no bound: what both grids miss is in neither. Raises InputError where ``x`` and
    ``y`` are the same, where one of them is fixed or ranked, and for a resolution outside 8 to 1024; UnknownNameError
    for a bad name.

    >>> from gametheory.reader import load
    >>> model = load("reference_involvement")
    >>> frame = region_areas(model, "escalation_risk", "stake_russia", order="nato", resolution=16)
    >>> frame["outcome"].iloc[0], round(float(frame["share"].sum()), 12)
    ('troops, deescalate', 1.0)
    """
    import pandas as pd

    strategic_only(model, "region_areas")
    chosen = two_parameters(model, x, y, order)
    if not FEWEST <= resolution <= MOST:
        raise InputError(f"resolution: {resolution!r}, expected {FEWEST} to {MOST}")
    plane = over_laws(model, chosen, x, y)
    fine, coarse = (_shares(plane, cells) for cells in (resolution, resolution // 2))
    excluded = plane.classes.get(EXCLUDED, -1)
    kept = 1.0 - fine.pop(excluded, 0.0)
    kept_before = 1.0 - coarse.pop(excluded, 0.0)
    if min(kept, kept_before) <= 0.0:
        raise ComputationError(f"no value of {x} and {y} keeps the constraints, the other parameters at central values")
    actions = [player.actions for player in model.players]
    of = _of(model, x, y)
    rows = []
    for label in sorted(fine.keys() | coarse.keys(), key=lambda label: -fine.get(label, 0.0)):
        share, before = fine.get(label, 0.0) / kept, coarse.get(label, 0.0) / kept_before
        rows.append((chosen, class_name(plane.entry(label), actions), share, abs(share - before) + OUTSIDE, of))
    frame = pd.DataFrame(rows, columns=["order", "outcome", "share", "error", "of"])
    notes = [
        f"a grid of {resolution} x {resolution} cells: a region within one cell that meets none of its sides is missed",
        "the other parameters stand at their central values, whatever their laws",
    ]
    if model.constraints:
        notes.append(f"shares of what keeps the constraints, which is {100 * kept:.4g} % of {of}")
    what = {"parameters": model.central(), "order": chosen, "x": x, "y": y, "resolution": resolution}
    frame.attrs.update(attributes(model, notes, **what))
    return frame


def _of(model: Model, x: str, y: str) -> str:
    """What an area is a share of, in words."""
    without = [name for name in (x, y) if not model.parameters[name].law.has_probability]
    if len(without) == 2:
        return f"the box of {x} and {y}, not a probability"
    if without:
        (with_law,) = {x, y} - set(without)
        return f"the law of {with_law} times the length of {without[0]}, not a probability"
    return f"the joint law of {x} and {y}"


def _shares(plane: Plane, resolution: int) -> dict[int, float]:
    """The share of the plane that each label holds."""
    found = mesh(plane, resolution)
    areas: dict[int, float] = defaultdict(float)
    for label, area in found.quiet():
        areas[label] += area
    for leaf in leaves(found):
        for label, area in _areas(leaf):
            areas[label] += area
    whole = sum(areas.values())
    return {label: area / whole for label, area in areas.items()}


def _areas(leaf: Leaf) -> list[tuple[int, float]]:
    """Contributions to the areas in one cell: what each stretch of a region's border adds, walked against the clock."""
    points, found = leaf.ring.points, []
    labels = leaf.ring.labels
    label = labels[-1]
    marks = set(leaf.ring.marks)
    passed = 0
    origin = points[0]
    for k, point in enumerate(points):
        if k in marks:
            label = labels[passed]
            passed += 1
        found.append((label, _swept(origin, point, points[(k + 1) % len(points)])))
    for arc in leaf.arcs:
        area = sum(_under(origin, piece) for piece in arc.pieces)
        found += [(arc.left, area), (arc.right, -area)]
    return found


def _under(origin: tuple[float, float], piece: Piece) -> float:
    """The area swept along a piece of curve, which is taken for an arc of a parabola."""
    return _swept(origin, piece.start, piece.stop) + PARABOLA * _swept(piece.start, piece.middle, piece.stop)


def _swept(origin: tuple[float, float], start: tuple[float, float], stop: tuple[float, float]) -> float:
    """The area of a triangle, positive against the clock.

    >>> _swept((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
    0.5
    """
    a, b = np.subtract(start, origin), np.subtract(stop, origin)
    return float(a[0] * b[1] - a[1] * b[0]) / 2.0
