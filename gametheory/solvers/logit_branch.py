"""Which logit equilibria lie on the way from random play to the equilibrium that it leads to?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gametheory import certify
from gametheory.errors import InputError
from gametheory.games.strategic import FloatArray, Games
from gametheory.markup import described
from gametheory.solutions import IntArray, Solutions
from gametheory.solvers.logit_limit import NEAR, limits, selection
from gametheory.solvers.principal_branch import Ends, centred, entry, layout, probabilities, residual
from gametheory.solvers.task import Task

ENDINGS = (
    "the limit could be read off",
    "no next point could be found: the branch is singular beyond crossings that can be passed",
    "the branch has more points than are followed",
)


@dataclass(frozen=True, eq=False, repr=False)
class LogitBranch:
    """The principal branch of one game, point by point from the centroid (precision 0).

    ``precision[k]`` is in 1 / unit of payoff and need not grow from point to point: the branch may turn. Point ``k``
    plays ``strategies[player][k]``; ``payoffs[k, player]`` are expected payoffs, ``regret[k]`` the most that a player
    could gain by a best reply, ``residual[k]`` the largest difference between a probability and its logit response.
    ``turns`` are the points at which the precision turned, ``crossings`` how many other branches were crossed
    (symmetric games). ``limit`` holds the equilibrium that the branch tends to, with its certificate; it is empty where
    none was found. ``distance`` is how far the last point still is from it, and ``reason`` why the branch stops there.
    """

    games: Games
    precision: FloatArray
    strategies: tuple[FloatArray, ...]
    payoffs: FloatArray
    regret: FloatArray
    residual: FloatArray
    turns: IntArray
    crossings: int
    limit: Solutions
    distance: float
    reason: str

    def __len__(self) -> int:
        """Number of points."""
        return len(self.precision)

    @property
    def folded(self) -> bool:
        """Whether the branch turns, so that some precision has several points on it."""
        return len(self.turns) > 0

    def __repr__(self) -> str:
        """One line: how far the branch was followed."""
        return f"<LogitBranch: {len(self)} points up to precision {self.precision.max():.6g}; {self.reason}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: how far the branch was followed, and what it tends to."""
        limit = self.limit.profile(0) if len(self.limit) else "none found"
        facts: list[tuple[str, object]] = [("points", len(self)), ("largest precision", float(self.precision.max()))]
        facts += [("turns", len(self.turns)), ("other branches crossed", self.crossings), ("tends to", limit)]
        facts += [("distance from it", self.distance), ("its certificate", self.limit.certificates[0].verdict)]
        return described("Principal logit branch", [*facts, ("end", self.reason)])


def logit_branch(games: Games) -> LogitBranch:
    """Follow the principal branch of one game, of any number of players, and find the equilibrium it tends to.

    Predictor and corrector along the length of the curve in log-probabilities, through turning points (McKelvey and
    Palfrey 1995; Turocy 2005). What is proved: each point answers itself by logit responses up to ``residual``, and the
    limit is an equilibrium. That the branch tends to it is read from its last point. Raises InputError unless ``games``
    is one game with finite payoffs.

    >>> from gametheory.games import strategic
    >>> hunt = logit_branch(strategic([[[9, 0], [8, 7]], [[9, 8], [0, 7]]]))
    >>> hunt.limit.profile(0), hunt.folded
    ('a2, a2', False)
    """
    from gametheory.kernels.logit_branch import MOST_STEPS, follow

    if len(games) != 1 or not games.finite.all():
        what = f"a batch of {len(games)}" if len(games) != 1 else "a payoff that is not finite"
        raise InputError(f"games: {what}, expected one game with finite payoffs; choose one by games[0]")
    plan, payoffs = layout(games.shape), centred(games.payoffs)
    n = int(plan.starts[-1])
    point, slopes, trail = np.zeros(n + 1), np.zeros(n), np.empty((MOST_STEPS, n + 1))
    flat = np.ascontiguousarray(payoffs.reshape(len(games.players), -1))
    ending, count, turns, crossings = follow(
        flat, plan.places, plan.starts, entry(payoffs)[0], math.inf, point, slopes, trail
    )
    at_end = Ends(
        point[np.newaxis, :n],
        point[n:],
        slopes[np.newaxis],
        np.array([ending], dtype=np.uint8),
        np.array([turns]),
        np.array([crossings]),
    )
    limit = limits(games, at_end, Task())
    centroid = np.concatenate([np.full(size, -math.log(size)) for size in games.shape])
    return _described(
        games,
        np.concatenate([centroid[np.newaxis], trail[:count, :n]]),
        np.concatenate([[0.0], np.exp(trail[:count, n])]),
        selection(games, at_end, limit),
        float(limit.distance[0]),
        ending,
        crossings,
    )


def _described(
    games: Games,
    log_probabilities: FloatArray,
    precision: FloatArray,
    limit: Solutions,
    distance: float,
    ending: int,
    crossings: int,
) -> LogitBranch:
    """Weigh every point of a branch and say where it turned and why it stopped."""
    strategies = probabilities(log_probabilities, layout(games.shape).starts)
    game = np.zeros(len(precision), dtype=np.int64)
    seen = certify.check(games.payoffs, game, strategies)
    rising = np.diff(precision) > 0
    return LogitBranch(
        games=games,
        precision=precision,
        strategies=strategies,
        payoffs=seen.payoffs,
        regret=seen.regret,
        residual=residual(np.broadcast_to(games.payoffs, (len(game), *games.payoffs.shape[1:])), strategies, precision)[
            0
        ],
        turns=np.flatnonzero(rising[1:] != rising[:-1]) + 1,
        crossings=crossings,
        limit=limit,
        distance=distance,
        reason=ENDINGS[ending] if ending or distance <= NEAR else str(limit.certificates.reason[0]),
    )
