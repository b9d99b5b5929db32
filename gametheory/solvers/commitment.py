"""What is the best mixture for a leader to commit to?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.games.strategic import FloatArray, Games
from gametheory.solutions import FAILED, PARTIAL, ExactStrategies, IntArray, Solutions
from gametheory.solvers.exact import Strategy, fraction, positive, walk
from gametheory.solvers.leader import as_leader
from gametheory.solvers.listing import listed
from gametheory.solvers.registry import most_vertices
from gametheory.solvers.task import Task
from gametheory.solvers.vertices import fractions_of, in_blocks

Block = tuple[IntArray, FloatArray, IntArray, tuple[ExactStrategies, ...], NDArray[np.uint8]]

PROOF = "every vertex of the leader's best-response polytope was visited, each with all tight replies"


def solve(games: Games, task: Task) -> Solutions:
    """Find the optimal mixed commitments of player number ``task.leader`` in two-player games.

    The follower sees the mixture and answers with a best reply; where it has several it takes the one that is best for
    the leader (the strong rule, which the leader can enforce up to an arbitrarily small loss in games without ties).
    Its regret is what the follower could gain by another reply.
    """
    from gametheory.kernels import equilibria as kernel

    leader, exact = task.leader, task.exact
    parts = in_blocks(lambda block: _solve_block(block, task), games, task.workers)
    starts = np.cumsum([0, *(len(status) for *_, status in parts)])
    game = np.concatenate([part[0] + start for part, start in zip(parts, starts, strict=False)])
    mixture, reply = (np.concatenate([part[k] for part in parts]) for k in (1, 2))
    status = np.concatenate([part[4] for part in parts])
    pure = np.eye(games.shape[1 - leader])[reply]
    strategies = (mixture, pure) if leader == 0 else (pure, mixture)
    seen = certify.check(games.payoffs, game, strategies, deviators=(1 - leader,))
    return listed(
        games,
        game,
        strategies,
        concept="commitment",
        order=games.players[leader],
        seen=seen,
        tied=np.bincount(game, minlength=len(games)) > 1,
        proof=PROOF,
        reasons=[
            ((status & kernel.NOT_FINITE) > 0, FAILED, "a payoff is not a finite number"),
            ((status & kernel.LIMIT) > 0, PARTIAL, "the leader's polytope has too many vertices to list"),
        ],
        exact=tuple(own for part in parts for own in part[3]) if exact else None,
    )


def _solve_block(games: Games, task: Task) -> Block:
    """Solve one block in floating point, then exactly the games in doubt (all of them if ``exact``)."""
    from gametheory.kernels import equilibria as kernel
    from gametheory.kernels.commitment import commit_block

    leader, exact = task.leader, task.exact
    own, its = (np.ascontiguousarray(table) for table in as_leader(games.payoffs, leader))
    game, mixture, reply, status = commit_block(own, its, most_vertices(games.shape))
    finite = (status & (kernel.NOT_FINITE | kernel.LIMIT)) == 0
    doubtful = finite if exact else finite & ((status & kernel.DOUBT) > 0)
    if not doubtful.any():
        return game, mixture, reply, (), status
    return _decide_exactly(games, leader, (game, mixture, reply, (), status), np.flatnonzero(doubtful), snap=not exact)


def _decide_exactly(games: Games, leader: int, found: Block, chosen: NDArray[np.intp], *, snap: bool) -> Block:
    """Replace the commitments of the chosen games by exact ones."""
    keep = ~np.isin(found[0], chosen)
    rows = []
    for game in chosen:
        payoffs = fractions_of(games, int(game), snap=snap)
        own, its = payoffs[leader], payoffs[1 - leader]
        if leader == 1:
            own, its = own.T, its.T
        rows += [(int(game), *commitment) for commitment in exact_commitments(own, its)]
    game = np.concatenate([found[0][keep], [row[0] for row in rows]]).astype(np.int64)
    mixture = np.concatenate([found[1][keep], [[float(p) for p in row[1]] for row in rows]])
    reply = np.concatenate([found[2][keep], [row[2] for row in rows]]).astype(np.int64)
    order = np.argsort(game, kind="stable")
    size = games.shape[1 - leader]
    fractions = []
    for _, strategy, best in rows:
        pure = tuple(Fraction(int(k == best)) for k in range(size))
        fractions.append((strategy, pure) if leader == 0 else (pure, strategy))
    return game[order], mixture[order], reply[order], tuple(fractions), found[4]


def exact_commitments(own: NDArray[np.object_], its: NDArray[np.object_]) -> list[tuple[Strategy, int]]:
    """Return the optimal commitments and replies for payoffs ``[leader's action, follower's action]`` of fractions."""
    actions, replies = own.shape
    best: Fraction | None = None
    optimal: list[tuple[Strategy, int]] = []
    seen: set[int] = set()
    for vertex in walk(positive(its.T)):
        total = sum(vertex.point)
        if total == 0 or vertex.tight in seen:
            continue
        seen.add(vertex.tight)
        strategy = tuple(fraction(value / total) for value in vertex.point)
        for reply in range(replies):
            if (vertex.tight >> (actions + reply)) & 1:
                value = sum((p * v for p, v in zip(strategy, own[:, reply], strict=True)), Fraction(0))
                if best is None or value > best:
                    best, optimal = value, []
                if value == best:
                    optimal.append((strategy, reply))
    return optimal
