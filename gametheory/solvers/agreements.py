"""Which point of the Pareto frontier of a finite set of gains do the bargaining solutions single out?

The frontier of the convex hull is a falling, concave, broken line; every solution is found on one of its pieces by a
linear or quadratic equation, in fractions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

__all__ = ["Frontier", "Point", "agreement", "is_agreement", "pareto_frontier"]

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True, eq=False)
class Frontier:
    """The Pareto frontier: corners from the second player's best point to the first's, and the profile of each.

    Between ``low`` and ``high``, gains of the first player, neither player loses; ``low > high`` where there is no such
    point.
    """

    corners: tuple[Point, ...]
    profiles: tuple[int, ...]
    low: Fraction
    high: Fraction

    def other(self, gain: Fraction) -> Fraction:
        """The most that the second player can gain when the first gains at least ``gain``."""
        if gain <= self.corners[0][0]:
            return self.corners[0][1]
        left, right = self._piece(gain)
        (a, b), (c, d) = self.corners[left], self.corners[right]
        return b if left == right else b + (gain - a) * (d - b) / (c - a)

    def lottery(self, point: Point) -> dict[int, Fraction]:
        """Probabilities of at most two profiles that give a point of the frontier."""
        left, right = self._piece(point[0])
        start, end = self.corners[left][0], self.corners[right][0]
        share = Fraction(0) if left == right else (point[0] - start) / (end - start)
        weights = {self.profiles[left]: 1 - share, self.profiles[right]: share} if share else {self.profiles[left]: 1}
        return {profile: Fraction(weight) for profile, weight in weights.items()}

    def _piece(self, gain: Fraction) -> tuple[int, int]:
        """The corners on both sides of a gain of the first player (one corner twice at the end)."""
        left = bisect_right([own for own, _ in self.corners], gain) - 1
        return left, min(left + 1, len(self.corners) - 1)


def pareto_frontier(gains: Sequence[Point]) -> Frontier:
    """The frontier of the convex hull of some points (the right part of Andrew's 1979 upper hull).

    >>> line = pareto_frontier([(Fraction(a), Fraction(b)) for a, b in [(0, 3), (2, 2), (3, 0), (1, 1), (-1, 3)]])
    >>> [(str(a), str(b)) for a, b in line.corners], line.profiles, line.other(Fraction(1))
    ([('0', '3'), ('2', '2'), ('3', '0')], (0, 1, 2), Fraction(5, 2))
    """
    best: dict[Fraction, tuple[Fraction, int]] = {}
    for profile, (a, b) in enumerate(gains):
        if a not in best or b > best[a][0]:
            best[a] = (b, profile)
    chain: list[tuple[Fraction, Fraction, int]] = []
    for a in sorted(best):
        corner = (a, *best[a])
        while chain and chain[-1][1] <= corner[1]:
            chain.pop()
        while len(chain) > 1 and _turns_left(chain[-2], chain[-1], corner):
            chain.pop()
        chain.append(corner)
    corners = tuple((a, b) for a, b, _ in chain)
    profiles = tuple(profile for _, _, profile in chain)
    low, high = max(corners[0][0], Fraction(0)), corners[-1][0]
    if corners[-1][1] < 0:
        high = _where_nothing_is_left(corners)
    return Frontier(corners, profiles, low, high)


def _turns_left(
    first: tuple[Fraction, Fraction, int], second: tuple[Fraction, Fraction, int], third: tuple[Fraction, Fraction, int]
) -> bool:
    """Whether the middle point lies on or below the line between its neighbours."""
    return (second[0] - first[0]) * (third[1] - first[1]) >= (second[1] - first[1]) * (third[0] - first[0])


def _where_nothing_is_left(corners: Sequence[Point]) -> Fraction:
    """The first player's gain at which the second's is zero; below all gains where the second always loses."""
    for (a, b), (c, d) in pairwise(corners):
        if b >= 0 > d:
            return a + b * (c - a) / (b - d)
    return Fraction(-1)


def agreement(frontier: Frontier, solution: str, shares: tuple[Fraction, Fraction] | None) -> Point:
    """The gains of both players in a bargaining solution, named as in `gametheory.solvers.bargaining`.

    ``shares`` are the discount factors of alternating offers, the first player offering first.
    """
    if solution == "nash":
        return _largest_product(frontier)
    low, high = frontier.low, frontier.high
    if shares is None:
        most = frontier.other(low)

        def excess(gain: Fraction) -> Fraction:
            """How far the second player is above its proportional share."""
            return frontier.other(gain) * high - most * gain

        places = _places(frontier)
    else:
        own, other = shares

        def excess(gain: Fraction) -> Fraction:
            """How much more than the second player's price an offer leaves it."""
            return frontier.other(gain) - other * frontier.other(own * gain)

        inner = [gain / own for gain in _places(frontier) if own and low <= gain / own <= high]
        places = sorted({*_places(frontier), *inner})
    gain = _crossing(excess, places)
    return gain, frontier.other(gain)


def _places(frontier: Frontier) -> list[Fraction]:
    """The first player's gains at the ends and corners of the part where nobody loses."""
    inside = [a for a, _ in frontier.corners if frontier.low < a < frontier.high]
    return sorted({frontier.low, *inside, frontier.high})


def _largest_product(frontier: Frontier) -> Point:
    """The point at which the product of the gains is largest."""
    candidates = set(_places(frontier))
    for a, c in pairwise(_places(frontier)):
        slope = (frontier.other(c) - frontier.other(a)) / (c - a)
        peak = (a - frontier.other(a) / slope) / 2  # the product gain * (other(a) + slope * (gain - a)) is a parabola
        candidates.add(min(max(peak, a), c))
    best = max(sorted(candidates), key=lambda gain: (gain * frontier.other(gain), gain + frontier.other(gain)))
    return best, frontier.other(best)


def _crossing(excess: Callable[[Fraction], Fraction], places: Sequence[Fraction]) -> Fraction:
    """Where a falling function, linear between places, becomes zero; the last place where it stays positive."""
    for a, c in pairwise(places):
        before, after = excess(a), excess(c)
        if before >= 0 >= after and before != after:
            return a + (c - a) * before / (before - after)
    return places[-1] if excess(places[-1]) >= 0 else places[0]


def is_agreement(
    gains: Sequence[Point],
    frontier: Frontier,
    point: Point,
    solution: str,
    shares: tuple[Fraction, Fraction] | None,
) -> bool:
    """Whether a point satisfies what defines the solution, checked against every outcome rather than the frontier.

    A point wastes nothing when some positive weights on the gains make no outcome better.
    """
    x, y = point
    if x < 0 or y < 0 or not _wastes_nothing(gains, point):
        return False
    if x == 0 or y == 0:
        return frontier.low == frontier.high or solution == "rubinstein"
    if solution == "nash":
        return all(a * y + b * x <= 2 * x * y for a, b in gains)
    if shares is None:
        return x * frontier.other(frontier.low) == y * frontier.high
    counter = max(shares[0] * x, frontier.corners[0][0])
    fair = y == shares[1] * frontier.other(counter)
    return fair or (x == frontier.high and y >= shares[1] * frontier.other(counter))


def _wastes_nothing(gains: Sequence[Point], point: Point) -> bool:
    """Whether no convex combination of outcomes is better for one player and no worse for the other."""
    ahead = [(a - point[0], b - point[1]) for a, b in gains]
    if any(a >= 0 and b >= 0 and a + b > 0 for a, b in ahead):
        return False
    steepest = max((b / -a for a, b in ahead if a < 0 < b), default=Fraction(0))
    return all(-b >= steepest * a for a, b in ahead if b < 0 < a)
