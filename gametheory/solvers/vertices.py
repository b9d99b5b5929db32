"""Every extreme equilibrium of two-player games: in floating point where it is sure, exactly where it is not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.games.strategic import FloatArray, Games
from gametheory.machine import processors
from gametheory.solutions import FAILED, PARTIAL, ExactStrategies, IntArray, Solutions
from gametheory.solvers.registry import most_vertices
from gametheory.solvers.task import Task

Result = TypeVar("Result")
Number = TypeVar("Number", bound=np.generic)

LATE_BIT = 16  # beside the kernel's status bits: there was no time to decide the game exactly
BLOCK = 4096  # games that one thread solves at a time: large against the call, small against the memory
PROOF = "every vertex of both best-response polytopes was visited and the indices of all components sum to 1"


@dataclass(frozen=True, eq=False)
class Found:
    """What one block of games gave: flat solutions, and per game the kernel's status bits."""

    game: IntArray
    x: FloatArray
    y: FloatArray
    component: IntArray
    index: IntArray
    status: NDArray[np.uint8]
    payoffs: FloatArray
    regret: FloatArray
    sound: NDArray[np.bool_]
    repeats: NDArray[np.bool_]


def solve(games: Games, task: Task) -> Solutions:
    """Find every extreme equilibrium of every game of a batch of two-player games.

    Blocks of games are solved by ``task.workers`` threads (all processors by default); the answer does not depend on
    their number. Games on which floating point is not sure, and all games with ``task.exact``, are solved in exact
    arithmetic: on ``games.exact`` where it is known, else on the floats as they stand. Exact arithmetic stops after
    ``task.seconds``; the verdict of what it has not decided is ``partial``, with what was found so far.
    """
    _warm()
    exact, deadline = task.exact, monotonic() + task.seconds
    found = in_blocks(lambda block: _solve_block(block, exact=exact, deadline=deadline), games, task.workers)
    merged = _merge([part for part, _ in found])
    fractions = tuple(own for _, part in found for own in part) if exact else None
    return _certified(games, merged, fractions)


def _warm() -> None:
    """Compile the kernel, or load it, on a game of one cell: no game's time is to go into that."""
    from gametheory.kernels import equilibria as kernel

    kernel.solve_block(np.zeros((1, 2, 1, 1)), most_vertices((1, 1)))


def in_blocks(task: Callable[[Games], Result], games: Games, workers: int | None) -> list[Result]:
    """Apply ``task`` to consecutive blocks of the batch, in threads, and return the results in order."""
    size = min(BLOCK, max(len(games) // 16, 64))
    blocks = [games[start : start + size] for start in range(0, len(games), size)] or [games]
    threads = min(len(blocks), workers or processors())
    if threads <= 1:
        return [task(block) for block in blocks]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(task, blocks))


def _solve_block(games: Games, *, exact: bool, deadline: float) -> tuple[Found, list[ExactStrategies]]:
    """Solve one block in floating point, then exactly the games in doubt (all of them if ``exact``)."""
    from gametheory.kernels import equilibria as kernel

    payoffs = np.ascontiguousarray(games.payoffs)
    game, x, y, component, index, status = kernel.solve_block(payoffs, most_vertices(games.shape))
    found = _checked(games, game, x, y, component, index, status)
    finite = (status & kernel.NOT_FINITE) == 0
    astray = (status & (kernel.DOUBT | kernel.LIMIT)) > 0  # more vertices than there can be: rounding led the walk
    doubtful = finite if exact else finite & _doubtful(found, len(games), astray)
    if not doubtful.any():
        return found, []
    return _decide_exactly(games, found, np.flatnonzero(doubtful), snap=not exact, deadline=deadline)


def _checked(
    games: Games,
    game: IntArray,
    x: FloatArray,
    y: FloatArray,
    component: IntArray,
    index: IntArray,
    status: NDArray[np.uint8],
) -> Found:
    """Attach the certifier's view to what the kernel found."""
    seen = certify.check(games.payoffs, game, (x, y))
    repeats = certify.duplicated(game, (x, y))
    return Found(game, x, y, component, index, status, seen.payoffs, seen.regret, seen.sound, repeats)


def _doubtful(found: Found, count: int, flagged: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which games floating point must not decide: the kernel says so, or the certifier is not content."""
    bad = np.bincount(found.game[~found.sound | found.repeats], minlength=count) > 0
    return np.asarray(flagged | bad | (certify.index_sums(count, found.game, found.component, found.index) != 1))


def _decide_exactly(
    games: Games, found: Found, chosen: NDArray[np.intp], *, snap: bool, deadline: float
) -> tuple[Found, list[ExactStrategies]]:
    """Replace the solutions of the chosen games by exact ones, rounded to floats at the end; in time as many as can be.

    Those of floating point are in doubt, and are dropped even where the time runs out.
    """
    from gametheory.kernels.equilibria import DOUBT, LIMIT, TIED
    from gametheory.solvers.exact import OutOfTimeError, equilibria

    keep = ~np.isin(found.game, chosen)
    status = found.status.copy()
    status[chosen] &= ~np.uint8(DOUBT | LIMIT)
    fractions: list[ExactStrategies] = []
    rows: list[tuple[int, int, int, float, bool]] = []
    for game in chosen:
        payoffs = fractions_of(games, int(game), snap=snap)
        try:
            solutions, tied = equilibria(payoffs, deadline)
        except OutOfTimeError as late:
            solutions, tied = late.found, False
            status[game] |= LATE_BIT
        status[game] = (status[game] & ~np.uint8(TIED)) | (TIED if tied else 0)
        for solution in solutions:
            regret = certify.exact_regret(payoffs, solution.strategies)
            rows.append((int(game), solution.component, solution.index, float(regret), regret == 0))
            fractions.append(solution.strategies)
    x, y = (
        np.array([[float(p) for p in own[k]] for own in fractions]).reshape(len(rows), games.shape[k]) for k in (0, 1)
    )
    game = np.array([row[0] for row in rows], dtype=np.int64)
    component, index = (np.array([row[k] for row in rows], dtype=np.int64) for k in (1, 2))
    seen = certify.check(games.payoffs, game, (x, y))
    order = np.argsort(np.concatenate([found.game[keep], game]), kind="stable")

    def both(old: NDArray[Number], new: NDArray[Number]) -> NDArray[Number]:
        return np.concatenate([old[keep], new])[order]

    merged = Found(
        both(found.game, game),
        both(found.x, x),
        both(found.y, y),
        both(found.component, component),
        both(found.index, index),
        status,
        both(found.payoffs, seen.payoffs),
        both(found.regret, np.array([row[3] for row in rows])),
        both(found.sound, np.array([row[4] for row in rows], dtype=bool)),
        both(found.repeats, np.zeros(len(rows), dtype=bool)),
    )
    return merged, fractions


def fractions_of(games: Games, game: int, *, snap: bool) -> NDArray[np.object_]:
    """Return one game's payoffs as fractions: as they are known exactly, else the floats as they stand.

    With ``snap`` payoffs of one player that differ only by rounding are first made equal, as in floating point.
    """
    known = games.fractions(game)
    if known is not None:
        return known
    payoffs = games.payoffs[game].copy()
    if snap:
        from gametheory.kernels.reduction import snap as make_equal

        make_equal(payoffs[0])
        columns = payoffs[1].T.copy()
        make_equal(columns)
        payoffs[1] = columns.T
    return np.asarray(np.vectorize(Fraction, otypes=[object])(payoffs))


def _merge(parts: list[Found]) -> Found:
    """Join the blocks, numbering the games through."""
    starts = np.cumsum([0, *(len(part.status) for part in parts)])
    game = np.concatenate([part.game + start for part, start in zip(parts, starts, strict=False)])
    fields = ("x", "y", "component", "index", "status", "payoffs", "regret", "sound", "repeats")
    return Found(game, *(np.concatenate([getattr(part, name) for part in parts]) for name in fields))


def _certified(games: Games, found: Found, exact: tuple[ExactStrategies, ...] | None) -> Solutions:
    """Put the solutions and their certificates together."""
    from gametheory.kernels import equilibria as kernel
    from gametheory.solvers.exact import LATE

    certificates = certify.certificates(
        count=len(games),
        game=found.game,
        regret=found.regret,
        sound=found.sound,
        repeats=found.repeats,
        index_sum=certify.index_sums(len(games), found.game, found.component, found.index),
        tied=(found.status & kernel.TIED) > 0,
        proof=PROOF,
        reasons=[
            ((found.status & kernel.NOT_FINITE) > 0, FAILED, "a payoff is not a finite number"),
            ((found.status & LATE_BIT) > 0, PARTIAL, LATE),
        ],
    )
    return Solutions(
        games=games,
        order="simultaneous",
        concept="nash",
        game=found.game,
        strategies=(found.x, found.y),
        payoffs=found.payoffs,
        regret=found.regret,
        index=found.index,
        component=found.component,
        certificates=certificates,
        exact=exact,
    )
