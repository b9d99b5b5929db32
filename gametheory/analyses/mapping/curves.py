"""Along which curves do the boundaries of a mesh run, and between which sets of equilibria?"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.mapping.edges import Binding, Crossing, Follower, roots
from gametheory.analyses.mapping.mesh import Mesh, Ring, pairs

if TYPE_CHECKING:
    from gametheory.analyses.mapping.planes import Plane
    from gametheory.analyses.tipping.slacks import Slack

__all__ = ["Arc", "Curve", "Leaf", "Piece", "curves", "leaves", "ordered"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Place = tuple[float, float]
Node = Crossing | Place  # where arcs meet: on the side of a cell, or at a junction within one

BEND = 1e-4  # share of the plane's side: a chord that strays farther from its curve gets another point
BENDS = 5  # times that a chord may be cut in two
REACH = 0.5  # of a chord's length: how far from its middle the curve is looked for
NEWTON = 12  # steps towards a junction
NUDGE = 1e-3  # of a small cell: the step of a difference quotient


class Piece(NamedTuple):
    """A short stretch of a curve: its ends, and the point of the curve across from the middle of their chord."""

    start: Place
    middle: Place
    stop: Place


@dataclass(frozen=True, eq=False)
class Arc:
    """A boundary within one cell, from one node to another, with the labels on its two sides as one walks it."""

    start: Node
    stop: Node
    left: int
    right: int
    binding: Binding
    pieces: tuple[Piece, ...]

    @property
    def turned(self) -> Arc:
        """The same boundary walked the other way."""
        pieces = tuple(Piece(one.stop, one.middle, one.start) for one in reversed(self.pieces))
        return replace(self, start=self.stop, stop=self.start, left=self.right, right=self.left, pieces=pieces)


@dataclass(frozen=True, eq=False)
class Leaf:
    """A cell of the mesh: the way round it, its arcs, and the junction at which they meet where it has one."""

    ring: Ring
    arcs: tuple[Arc, ...]
    junction: Place | None


@dataclass(frozen=True, eq=False)
class Curve:
    """A boundary between two sets of equilibria on which the same slacks vanish throughout."""

    pieces: tuple[Piece, ...]
    left: int
    right: int
    binding: Binding

    @property
    def points(self) -> FloatArray:
        """The points of the curve in order, ``[point, 2]``."""
        return np.array([self.pieces[0].start, *(one.stop for one in self.pieces)])

    @property
    def turned(self) -> Curve:
        """The same curve walked the other way."""
        pieces = tuple(Piece(one.stop, one.middle, one.start) for one in reversed(self.pieces))
        return Curve(pieces, self.right, self.left, self.binding)


def leaves(mesh: Mesh) -> list[Leaf]:
    """Every cell of the mesh that may hold a boundary, with the arcs in it, bent where the curve bends."""
    rings = [mesh.ring(cell) for cell in sorted(mesh.cells)]
    meeting = [k for k, ring in enumerate(rings) if pairs(ring) is None]
    junctions = dict(zip(meeting, _junctions(mesh.plane, [rings[k] for k in meeting]), strict=True))
    drawn = [_arcs(ring, junctions.get(k)) for k, ring in enumerate(rings)]
    bent = iter(_bent(mesh.plane, [arc for arcs in drawn for arc in arcs]))
    return [
        Leaf(ring, tuple(next(bent) for _ in arcs), junctions.get(k))
        for k, (ring, arcs) in enumerate(zip(rings, drawn, strict=True))
    ]


def curves(listed: Sequence[Leaf]) -> list[Curve]:
    """The arcs of all cells joined to curves, in an order that depends on their places only."""
    every = [arc for leaf in listed for arc in leaf.arcs if arc.left != arc.right]
    arcs = [arc if arc.left < arc.right else arc.turned for arc in every]
    leaving: dict[Node, list[Arc]] = defaultdict(list)
    arriving: dict[Node, list[Arc]] = defaultdict(list)
    for arc in arcs:
        leaving[arc.start].append(arc)
        arriving[arc.stop].append(arc)

    def following(arc: Arc) -> Arc | None:
        after = [one for one in leaving[arc.stop] if _alike(arc, one)]
        before = [one for one in arriving[arc.stop] if after and _alike(after[0], one)]
        return after[0] if len(after) == len(before) == 1 else None

    nexts = {arc: other for arc in arcs if (other := following(arc)) is not None}
    reached = set(nexts.values())
    waiting = deque([*(arc for arc in arcs if arc not in reached), *arcs])  # those without a start are circles
    walked: set[Arc] = set()
    found = []
    while waiting:
        chain, binding, rest = _walk(waiting.popleft(), nexts, walked)
        if rest is not None:
            waiting.appendleft(rest)
        if chain:
            pieces = tuple(piece for arc in chain for piece in arc.pieces)
            found.append(Curve(pieces, chain[0].left, chain[0].right, binding))
    return sorted(found, key=lambda curve: curve.pieces)


def ordered(binding: Binding) -> list[tuple[Slack, int]]:
    """The slacks of a binding in an order that does not vary from run to run."""
    return sorted(binding, key=lambda pair: (pair[0].player, pair[0].kind, repr(pair)))


def _alike(first: Arc, second: Arc) -> bool:
    """Whether two arcs part the same sets by the same slacks."""
    same = (first.left, first.right) == (second.left, second.right)
    return same and (bool(first.binding & second.binding) or not (first.binding or second.binding))


def _walk(start: Arc, nexts: dict[Arc, Arc], walked: set[Arc]) -> tuple[list[Arc], Binding, Arc | None]:
    """The arcs from ``start`` on that share a slack and were not ``walked``, that slack, and the arc after them."""
    chain: list[Arc] = []
    arc: Arc | None = start
    binding = start.binding
    while arc is not None and arc not in walked:
        shared = binding & arc.binding
        if binding and not shared:
            return chain, binding, arc
        walked.add(arc)
        chain.append(arc)
        binding, arc = shared, nexts.get(arc)
    return chain, binding, None


def _arcs(ring: Ring, junction: Place | None) -> tuple[Arc, ...]:
    """The straight arcs of a cell: those from crossing to crossing, or one from each crossing to the junction."""
    met = ring.crossings
    if junction is not None:
        return tuple(
            Arc(one, junction, ring.labels[k - 1], ring.labels[k], one.binding, (_straight(one.place, junction),))
            for k, one in enumerate(met)
        )
    return tuple(
        Arc(
            met[first],
            met[second],
            ring.labels[second],
            ring.labels[first],
            met[first].binding & met[second].binding,
            (_straight(met[first].place, met[second].place),),
        )
        for first, second in pairs(ring) or ()
    )


def _straight(start: Place, stop: Place) -> Piece:
    """A stretch without a bend."""
    return Piece(start, ((start[0] + stop[0]) / 2, (start[1] + stop[1]) / 2), stop)


def _bent(plane: Plane, arcs: Sequence[Arc]) -> list[Arc]:
    """The arcs with as many points as their bends need; those that no slack explains stay straight."""
    waiting = [(k, 0.0, 1.0, arc.pieces[0]) for k, arc in enumerate(arcs) if arc.binding]
    done: dict[int, list[tuple[float, Piece]]] = defaultdict(list)
    for turn in range(BENDS + 1):
        listed = [ordered(arcs[k].binding)[0][0] for k, *_ in waiting]
        middles = _across(plane, listed, [piece for *_, piece in waiting])
        cut = []
        for (k, low, high, piece), middle in zip(waiting, middles, strict=True):
            chord = piece.middle
            if turn < BENDS and np.hypot(middle[0] - chord[0], middle[1] - chord[1]) > BEND:
                half = (low + high) / 2
                cut += [(k, low, half, _straight(piece.start, middle)), (k, half, high, _straight(middle, piece.stop))]
            else:
                done[k].append((low, Piece(piece.start, middle, piece.stop)))
        waiting = cut
    return [
        replace(arc, pieces=tuple(piece for _, piece in sorted(done[k]))) if k in done else arc
        for k, arc in enumerate(arcs)
    ]


def _across(plane: Plane, listed: Sequence[Slack], pieces: Sequence[Piece]) -> list[Place]:
    """The point of each curve across from the middle of its chord; the middle itself where none is near."""
    if not pieces:
        return []
    ends, middles = np.array([(one.start, one.stop) for one in pieces]), np.array([one.middle for one in pieces])
    along = ends[:, 1] - ends[:, 0]
    side = REACH * np.column_stack([-along[:, 1], along[:, 0]])
    starts, stops, follower = middles - side, middles + side, Follower(listed)
    every = np.arange(len(pieces))
    values = np.stack([follower.values(every, plane.payoffs(places)) for places in (starts, stops)], axis=1)
    kept = np.flatnonzero(values[:, 0] * values[:, 1] < 0.0)
    share = roots(plane, follower, kept, starts[kept], stops[kept], values[kept])
    middles[kept] = starts[kept] + (stops[kept] - starts[kept]) * share[:, np.newaxis]
    return [(float(x), float(y)) for x, y in middles]


def _junctions(plane: Plane, rings: Sequence[Ring]) -> list[Place]:
    """Where the boundaries in each small cell meet: the common zero of two slacks, else the mean of the crossings."""
    if not rings:
        return []
    boxes = np.array([[np.min(ring.points, axis=0), np.max(ring.points, axis=0)] for ring in rings])
    means = np.array([np.mean([one.place for one in ring.crossings] or ring.points, axis=0) for ring in rings])
    pairs = [(k, pair) for k, ring in enumerate(rings) if (pair := _two_slacks(ring)) is not None]
    if pairs:
        chosen = np.array([k for k, _ in pairs])
        places = _common_zeros(plane, [pair for _, pair in pairs], boxes[chosen])
        size = boxes[chosen, 1] - boxes[chosen, 0]
        near = ((places >= boxes[chosen, 0] - size) & (places <= boxes[chosen, 1] + size)).all(axis=1)
        means[chosen[near]] = places[near]
    return [(float(x), float(y)) for x, y in means]


def _two_slacks(ring: Ring) -> tuple[Slack, Slack] | None:
    """Two slacks of different crossings of a cell, none of them shared; nothing where there are none."""
    for k, first in enumerate(ring.crossings):
        for second in ring.crossings[k + 1 :]:
            own, other = ({slack for slack, _ in one.binding} for one in (first, second))
            if own and other and not own & other:
                return ordered(first.binding)[0][0], ordered(second.binding)[0][0]
    return None


def _common_zeros(plane: Plane, pairs: Sequence[tuple[Slack, Slack]], boxes: FloatArray) -> FloatArray:
    """Where both slacks of each pair are zero, by Newton's method from the middle of each box."""
    follower, count = Follower([slack for pair in pairs for slack in pair]), len(pairs)
    nudge = NUDGE * (boxes[:, 1] - boxes[:, 0])
    offsets = np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]], dtype=np.float64)
    places = boxes.mean(axis=1)
    for _ in range(NEWTON):
        spots = (places[:, np.newaxis] + offsets * nudge[:, np.newaxis]).reshape(-1, 2)
        payoffs = np.repeat(plane.payoffs(np.clip(spots, 0.0, 1.0)), 2, axis=0)
        rows = (2 * np.arange(count)[:, np.newaxis, np.newaxis] + np.arange(2)) + np.zeros((1, 5, 1), dtype=np.int64)
        values = follower.values(rows.ravel(), payoffs).reshape(count, 5, 2)
        slopes = np.stack([values[:, 1] - values[:, 2], values[:, 3] - values[:, 4]], axis=2)
        slopes /= 2.0 * nudge[:, np.newaxis, :]
        steps = np.einsum("kij,kj->ki", np.linalg.pinv(slopes), values[:, 0])
        places = places - np.clip(np.nan_to_num(steps), -1.0, 1.0)
    return np.asarray(places)
