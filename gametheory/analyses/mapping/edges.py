"""Where on straight segments of a plane does the set of equilibria change, and which deviation makes it change there?

Each segment is cut into parts whose games are solved. Between two that differ, a solution ends or begins, so one of its
slacks passes through zero: the place is the zero of that slack, clear of the zone in which a solver reads a tie.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.tipping.brackets import section
from gametheory.analyses.tipping.slacks import Slack, slack_values, slacks

if TYPE_CHECKING:
    from gametheory.analyses.mapping.planes import Plane
    from gametheory.solutions import Solutions
    from gametheory.study import Profile

__all__ = ["Binding", "Crossing", "Follower", "crossings", "roots"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Binding = frozenset[tuple[Slack, int]]  # what vanishes, and the label on whose side its solution stands

PARTS = 8  # into which a segment is cut; two changes within one part are told apart by their slacks only
SAME = 1e-11  # two zeros this close, as a share of the plane's side, are one
NOISE = 16 * float(np.finfo(np.float64).eps)  # slacks below this share of the payoffs are rounding
WIDTH = 1e-14  # share of a bracket to which its zero is closed in
STEPS = 60  # of the search for a zero; a dozen are usual, bisection alone takes 43
DEEP_ROUNDS = 10  # of the search by solving alone: sixteen parts each, to 1e-12 of a part
STRENGTH = ("mixing", "mixed deviation")  # named only where no deviation between pure profiles binds


@dataclass(frozen=True, eq=False)
class Crossing:
    """A place at which the label changes along a segment, and the strongest slacks that vanish there.

    ``before`` and ``after`` are the labels along the segment. ``binding`` is empty where no slack explains the change.
    """

    place: tuple[float, float]
    before: int
    after: int
    binding: Binding


@dataclass(frozen=True, eq=False)
class Brackets:
    """Parts of segments over which the label changes: the segment of each, its two ends, and the label at each end."""

    segment: IntArray
    ends: FloatArray  # [bracket, end, 2]
    labels: IntArray  # [bracket, end]

    def place(self, rows: IntArray, shares: FloatArray) -> FloatArray:
        """The places at these shares of the brackets ``rows``."""
        start, stop = self.ends[rows, 0], self.ends[rows, 1]
        return np.asarray(start + (stop - start) * shares[:, np.newaxis])

    def length(self, row: int) -> float:
        """How long a bracket is."""
        return float(np.hypot(*(self.ends[row, 1] - self.ends[row, 0])))


class Follower:
    """Evaluates many slacks, each in games of its own: those that are equal are worked out together."""

    def __init__(self, listed: Sequence[Slack]) -> None:
        different: dict[Slack, list[int]] = defaultdict(list)
        for row, slack in enumerate(listed):
            different[slack].append(row)
        self.slacks = list(different)
        self.number = np.empty(len(listed), dtype=np.int64)
        for number, rows in enumerate(different.values()):
            self.number[rows] = number

    def values(self, rows: IntArray, payoffs: FloatArray) -> FloatArray:
        """The value of slack ``rows[k]`` in game ``k``, as a share of the numbers that it compares there."""
        found = np.zeros(len(rows))
        own = self.number[rows]
        for number in np.unique(own).tolist():
            chosen = np.flatnonzero(own == number)
            slack, table = self.slacks[number], payoffs[chosen]
            found[chosen] = slack_values(slack, table) / _sizes(slack, table)
        return found


def crossings(plane: Plane, starts: FloatArray, stops: FloatArray) -> list[list[Crossing]]:
    """Every change of the label along each segment that its parts reveal, in order along the segment.

    ``starts`` and ``stops`` are ``[segment, 2]``. Changes that no slack explains are closed in on by solving alone.
    """
    found: list[list[Crossing]] = [[] for _ in starts]
    brackets = _brackets(plane, starts, stops)
    if not len(brackets.segment):
        return found
    owners, listed = _suspects(plane, brackets)
    shares, kept = _zeros(plane, brackets, owners, listed)
    explained = _explained(plane, brackets, shares, [owners[k] for k in kept], [listed[k] for k in kept])
    explained |= _by_solving(plane, brackets, [row for row in range(len(brackets.segment)) if row not in explained])
    for row, segment in enumerate(brackets.segment.tolist()):
        found[segment] += explained.get(row, [])
    return found


def roots(
    plane: Plane, follower: Follower, rows: IntArray, starts: FloatArray, stops: FloatArray, ends: FloatArray
) -> FloatArray:
    """The share of each segment at which its slack is zero, by Chandrupatla's method on all at once.

    ``ends`` are the slacks at both ends, ``[segment, 2]``, of opposite signs; ``rows`` are the follower's.
    """
    count = len(rows)
    a, b, c = np.ones(count), np.zeros(count), np.zeros(count)
    fa, fb, fc = ends[:, 1].copy(), ends[:, 0].copy(), ends[:, 0].copy()
    step, open_ = np.full(count, 0.5), np.arange(count)
    for _ in range(STEPS):
        k = open_
        if not len(k):
            break
        new = a[k] + step[k] * (b[k] - a[k])
        places = starts[k] + (stops[k] - starts[k]) * new[:, np.newaxis]
        value = follower.values(rows[k], plane.payoffs(places))
        same = np.sign(value) == np.sign(fa[k])
        c[k], fc[k] = np.where(same, a[k], b[k]), np.where(same, fa[k], fb[k])
        b[k], fb[k] = np.where(same, b[k], a[k]), np.where(same, fb[k], fa[k])
        a[k], fa[k] = new, value
        least = WIDTH / np.maximum(np.abs(b[k] - a[k]), WIDTH)
        step[k] = np.clip(_inverse(a[k], b[k], c[k], fa[k], fb[k], fc[k]), least, 1.0 - least)
        open_ = k[(least < 0.5) & (value != 0.0)]
    return np.where(np.abs(fa) <= np.abs(fb), a, b)


def _inverse(a: FloatArray, b: FloatArray, c: FloatArray, fa: FloatArray, fb: FloatArray, fc: FloatArray) -> FloatArray:
    """The next step from ``a`` towards ``b``: inverse quadratic where that is safe, else half."""
    with np.errstate(all="ignore"):
        part, height = (a - b) / (c - b), (fa - fb) / (fc - fb)
        safe = (height**2 < part) & ((1.0 - height) ** 2 < 1.0 - part)
        step = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    return np.where(safe & np.isfinite(step), step, 0.5)


def _brackets(plane: Plane, starts: FloatArray, stops: FloatArray) -> Brackets:
    """The parts of the segments at whose ends the labels differ."""
    steps = np.linspace(0.0, 1.0, PARTS + 1)[:, np.newaxis]
    places = starts[:, np.newaxis] * (1.0 - steps) + stops[:, np.newaxis] * steps
    labels = plane.labels(places.reshape(-1, 2)).reshape(len(starts), PARTS + 1)
    segment, part = np.nonzero(labels[:, 1:] != labels[:, :-1])
    ends = np.stack([places[segment, part], places[segment, part + 1]], axis=1)
    return Brackets(segment, ends, np.stack([labels[segment, part], labels[segment, part + 1]], axis=1))


def _suspects(plane: Plane, brackets: Brackets) -> tuple[list[int], list[tuple[Slack, bool]]]:
    """Every slack of every solution that stands at one end of a bracket only: its bracket, and does it end."""
    owners: list[int] = []
    listed: list[tuple[Slack, bool]] = []
    solutions = plane.solutions(brackets.ends.reshape(-1, 2))
    first = np.searchsorted(solutions.game, np.arange(2 * len(brackets.segment) + 1)).tolist()
    known: dict[Profile, list[Slack]] = {}
    for row in range(len(brackets.segment)):
        held = [_profiles(solutions, range(first[k], first[k + 1])) for k in (2 * row, 2 * row + 1)]
        for here, there, ends in ((held[0], held[1], True), (held[1], held[0], False)):
            for profile in here.keys() - there.keys():
                own = _slacks_of(solutions, profile, here[profile], known)
                owners += [row] * len(own)
                listed += [(slack, ends) for slack in own]
    return owners, listed


def _profiles(solutions: Solutions, numbers: range) -> dict[Profile, list[int]]:
    """The solutions of one game by the actions that they use."""
    held: dict[Profile, list[int]] = {}
    for number in numbers:
        held.setdefault(solutions.support(number), []).append(number)
    return held


def _slacks_of(
    solutions: Solutions, profile: Profile, numbers: Sequence[int], known: dict[Profile, list[Slack]]
) -> list[Slack]:
    """The slacks of one game's solutions with this profile, without their values.

    Those of pure simultaneous solutions are the same in every game and kept in ``known``. A mixture of three players or
    more is no linear system and has none.
    """
    if profile in known:
        return known[profile]
    own = [replace(slack, value=0.0, relative=0.0) for number in numbers for slack in slacks(solutions, number)]
    if len(solutions.players) > 2:
        own = [slack for slack in own if not slack.support]
    own = list(dict.fromkeys(own))
    if solutions.order == "simultaneous" and all(len(used) == 1 for used in profile):
        known[profile] = own
    return own


def _zeros(
    plane: Plane, brackets: Brackets, owners: Sequence[int], listed: Sequence[tuple[Slack, bool]]
) -> tuple[FloatArray, list[int]]:
    """The suspects whose slack changes its sign in their bracket, and the share of the bracket at which it does."""
    if not owners:
        return np.empty(0), []
    follower, rows = Follower([slack for slack, _ in listed]), np.array(owners)
    table = plane.payoffs(brackets.ends.reshape(-1, 2))
    table = table.reshape(-1, 2, *table.shape[1:])
    every = np.arange(len(owners))
    ends = np.stack([follower.values(every, table[rows, end]) for end in (0, 1)], axis=1)
    opposite = (ends[:, 0] > 0) != (ends[:, 1] > 0)
    kept = np.flatnonzero(opposite & (np.abs(ends).min(axis=1) > NOISE))
    starts, stops = brackets.ends[rows[kept], 0], brackets.ends[rows[kept], 1]
    return roots(plane, follower, kept, starts, stops, ends[kept]), kept.tolist()


def _explained(
    plane: Plane, brackets: Brackets, shares: FloatArray, owners: Sequence[int], listed: Sequence[tuple[Slack, bool]]
) -> dict[int, list[Crossing]]:
    """The crossings of each bracket that its slacks explain: the groups of zeros around which the label changes."""
    by_row: dict[int, list[int]] = defaultdict(list)
    for k, row in enumerate(owners):
        by_row[row].append(k)
    groups = {row: _grouped(shares, own, SAME / brackets.length(row)) for row, own in by_row.items()}
    between = _labels_between(plane, brackets, shares, groups)
    found: dict[int, list[Crossing]] = {}
    for row, sets in groups.items():
        labels = [int(brackets.labels[row, 0]), *between[row], int(brackets.labels[row, 1])]
        for own, (before, after) in zip(sets, pairwise(labels), strict=True):
            if before != after:
                share = np.array([np.median(shares[own])])
                place = brackets.place(np.array([row]), share)[0]
                binding = _strongest([listed[k] for k in own], before, after)
                found.setdefault(row, []).append(Crossing((float(place[0]), float(place[1])), before, after, binding))
    return found


def _labels_between(
    plane: Plane, brackets: Brackets, shares: FloatArray, groups: dict[int, list[list[int]]]
) -> dict[int, list[int]]:
    """The labels between neighbouring groups of zeros of each bracket."""
    rows = [row for row, sets in groups.items() for _ in sets[1:]]
    middles = [
        (float(np.median(shares[first])) + float(np.median(shares[second]))) / 2
        for sets in groups.values()
        for first, second in pairwise(sets)
    ]
    labels = plane.labels(brackets.place(np.array(rows, dtype=np.int64), np.array(middles)))
    found: dict[int, list[int]] = {row: [] for row in groups}
    for row, label in zip(rows, labels.tolist(), strict=True):
        found[row].append(label)
    return found


def _grouped(shares: FloatArray, own: Sequence[int], gap: float) -> list[list[int]]:
    """Zeros that are the same place up to ``gap``, together, in order."""
    groups: list[list[int]] = []
    for k in sorted(own, key=lambda k: float(shares[k])):
        if groups and shares[k] - shares[groups[-1][-1]] <= gap:
            groups[-1].append(k)
        else:
            groups.append([k])
    return groups


def _strongest(listed: Sequence[tuple[Slack, bool]], before: int, after: int) -> Binding:
    """Deviations between pure profiles if any vanish, else those from a mixture, else ends of mixing."""

    def strength(slack: Slack) -> int:
        return -STRENGTH.index(slack.kind) if slack.kind in STRENGTH else -len(STRENGTH)

    best = min(strength(slack) for slack, _ in listed)
    return frozenset((slack, before if ends else after) for slack, ends in listed if strength(slack) == best)


def _by_solving(plane: Plane, brackets: Brackets, rows: Sequence[int]) -> dict[int, list[Crossing]]:
    """One change in each bracket that no slack explains, closed in on by solving alone."""
    if not rows:
        return {}
    chosen = np.array(rows, dtype=np.int64)

    def label(own: IntArray, shares: FloatArray) -> IntArray:
        places = brackets.place(np.repeat(own, shares.shape[1]), shares.ravel())
        return plane.labels(places).reshape(shares.shape)

    low, high, owner = section((np.zeros(len(rows)), np.ones(len(rows)), chosen), label, DEEP_ROUNDS, parts=16, crowd=1)
    found: dict[int, list[Crossing]] = {}
    for row in rows:
        own = np.flatnonzero(owner == row)
        share = np.array([(low[own].min() + high[own].max()) / 2])
        place = brackets.place(np.array([row]), share)[0]
        before, after = brackets.labels[row].tolist()
        found[row] = [Crossing((float(place[0]), float(place[1])), before, after, frozenset())]
    return found


def _sizes(slack: Slack, payoffs: FloatArray) -> FloatArray:
    """The largest number that a slack compares in each game; 1 for shares of a mixture."""
    if slack.kind == "mixing":
        return np.ones(len(payoffs))
    own = np.abs(payoffs[:, slack.player]).reshape(len(payoffs), -1)
    if slack.stay:
        own = own[:, [np.ravel_multi_index(cell, payoffs.shape[2:]) for cell in (slack.stay, slack.leave)]]
    size = own.max(axis=1)
    return np.where(size > 0.0, size, 1.0)
