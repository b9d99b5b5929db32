"""What is an alternative assumption about how the game is played, and when does a claim hold under it?

An `Alternative` leaves the model's numbers alone and changes how they are played. Each family of alternatives has a
file with one function ``(model, claim) -> list of Alternative``, and a line in the registry of this package
(`gametheory.analyses.assumptions.registry`). What several claims or alternatives need of the same games is worked out
once: see `sharing`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from gametheory.games import Games
from gametheory.measures import bounds_over, groups
from gametheory.solvers import solve
from gametheory.study import ALL, FAILED, NONE, SOME
from gametheory.study.blocks import CERTAIN, NO_CLOCK, claim_bounds

if TYPE_CHECKING:
    from gametheory.model import Claim, Model
    from gametheory.solutions import Solutions

__all__ = [
    "Alternative",
    "Codes",
    "Design",
    "choosers",
    "claim_cells",
    "doubts",
    "expectation",
    "holds_over",
    "prediction_codes",
    "restricted_games",
    "shared",
    "sharing",
    "solution_codes",
    "solved",
    "value_holds",
]

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Design = Mapping[str, Any]
Codes = Callable[["Model", "Claim", Games, Design], NDArray[np.int8]]
Work = TypeVar("Work")

_SHARED: ContextVar[dict[tuple[Games, Hashable], Any] | None] = ContextVar("shared", default=None)


_DOUBTS: ContextVar[list[str] | None] = ContextVar("doubts", default=None)


@contextmanager
def doubts() -> Iterator[list[str]]:
    """While this lasts, the list that is given collects why games that are `solved` may not decide a claim.

    >>> from gametheory.games import strategic
    >>> with doubts() as told:
    ...     found = solved(strategic([[[np.nan, 0], [5, 1]], [[3, 5], [0, 1]]]))
    >>> told
    ['failed: a payoff is not a finite number']
    """
    told: list[str] = []
    token = _DOUBTS.set(told)
    try:
        yield told
    finally:
        _DOUBTS.reset(token)


@dataclass(frozen=True, eq=False)
class Alternative:
    """Another assumption about how the game is played: its short name, its family, and what it says, with its numbers.

    ``codes`` is called with the model, the claim, the games of a block of draws (before the claim's ``given``) and the
    points that they were built from, and returns ``int8[draw]`` of NONE, SOME, ALL and FAILED.
    """

    name: str
    family: str
    assumption: str
    codes: Codes


@contextmanager
def sharing() -> Iterator[None]:
    """While this lasts, `shared` remembers; afterwards all of it is forgotten.

    >>> from gametheory.games import strategic
    >>> batch = strategic([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> with sharing():
    ...     shared(batch, "size", lambda: len(batch)), shared(batch, "size", lambda: -1)
    (1, 1)
    """
    token = _SHARED.set({})
    try:
        yield
    finally:
        _SHARED.reset(token)


def shared(games: Games, key: Hashable, work: Callable[[], Work]) -> Work:
    """What ``work`` gives for a batch of games: inside `sharing` done once for each batch (the object) and key."""
    known = _SHARED.get()
    if known is None:
        return work()
    if (games, key) not in known:
        known[games, key] = work()
    return cast("Work", known[games, key])


def restricted_games(games: Games, claim: Claim) -> Games:
    """The games as the claim's ``given`` leaves them; the same object for all claims that give the same."""
    given = tuple((player, tuple(kept)) for player, kept in claim.given.items())
    return shared(games, ("given", given), lambda: games.restrict(dict(given))) if given else games


def choosers(model: Model, claim: Claim) -> tuple[str, ...]:
    """The players to whom the claim's ``given`` leaves a choice; where it is one, who moves first cannot matter."""
    return tuple(own.name for own in model.players if len(claim.given.get(own.name, own.actions)) > 1)


def solved(games: Games, *, order: str = "simultaneous", concept: str = "nash", **options: float) -> Solutions:
    """`gametheory.solvers.solve` as a study calls it, once for each question to these games in `sharing`."""

    def work() -> Solutions:
        return solve(games, order=order, concept=concept, exact=False, workers=1, seconds=NO_CLOCK, **options)

    found = shared(games, ("solved", order, concept, *sorted(options.items())), work)
    told = _DOUBTS.get()
    if told is not None:
        own = found.certificates
        open_ = np.flatnonzero(np.isin(own.verdict, ("partial", "failed")))
        told += [f"{own.verdict[game]}: {own.reason[game]}" for game in open_]
    return found


def claim_cells(model: Model, claim: Claim, games: Games, design: Design) -> FloatArray:
    """What the claim looks at, profile by profile: ``float64[game or 1, a1, a2, ...]`` over the actions of ``games``.

    For a claim about actions, and for a measure that is a probability, 1 where the actions are those listed and else 0;
    for an expected measure what it takes the expectation of. ``games`` may be restricted: their names tell what is
    left. The expectation over a profile of strategies is the probability, or the measure.
    """
    measure = model.measures.get(claim.measure)
    if measure is not None and measure.formula is not None:
        cells = model.quantity(measure.formula, design)
        for axis, (player, own) in enumerate(zip(model.players, games.actions, strict=True), start=1):
            if player.actions != own:
                cells = cells.take([player.actions.index(action) for action in own], axis=axis)
        return cells
    listed = claim.expect if measure is None else measure.actions
    cells = np.ones((1, *games.shape))
    for axis, (name, own) in enumerate(zip(games.players, games.actions, strict=True), start=1):
        if name in listed:
            marks = np.array([float(action in listed[name]) for action in own])
            cells = cells * marks.reshape([-1 if place == axis else 1 for place in range(cells.ndim)])
    return cells


def expectation(cells: FloatArray, strategies: Sequence[FloatArray], game: IntArray | None = None) -> FloatArray:
    """Average of ``cells`` over profiles of strategies ``float64[row, action]`` of the games numbered: ``[row]``.

    Without ``game`` the rows are the games themselves.
    """
    rows = len(strategies[0])
    average = cells if game is None or len(cells) == 1 else cells[game]
    average = np.broadcast_to(average, (rows, *cells.shape[1:]))
    for strategy in reversed(strategies):
        average = np.einsum("s...a,sa->s...", average, strategy)
    return np.asarray(average)


def holds_over(
    claim: Claim,
    cells: FloatArray,
    strategies: Sequence[FloatArray],
    game: IntArray | None = None,
    *,
    least: float | None = None,
) -> BoolArray:
    """Whether the claim holds in each profile of strategies; arguments as those of `expectation`.

    By default as everywhere: listed actions are certain, and a measure obeys its bounds. ``least`` is for assumptions
    under which nothing is certain: what is to be certain (listed actions, or at least 1 or at most 0 of a measure that
    is 0 or 1 in every cell) holds where it has at least this probability; other bounds of a measure stay as they are.
    """
    return value_holds(claim, cells, expectation(cells, strategies, game), least=least)


def value_holds(claim: Claim, cells: FloatArray, values: FloatArray, *, least: float | None = None) -> BoolArray:
    """Whether the claim holds where its probability, or its measure, has these values; ``least`` as in `holds_over`."""
    if not claim.measure:
        return np.asarray(values >= (1.0 - CERTAIN if least is None else least), dtype=np.bool_)
    event = least is not None and bool(np.isin(cells, (0.0, 1.0)).all())
    low, high = claim_bounds(claim)
    if event and least is not None:
        high = 1.0 - least if claim.at_most is not None and claim.at_most <= 0.0 else high
        low = least if claim.at_least is not None and claim.at_least >= 1.0 else low
    return np.asarray((values >= low) & (values <= high), dtype=np.bool_)


def solution_codes(claim: Claim, cells: FloatArray, solutions: Solutions) -> NDArray[np.int8]:
    """In how many of each game's solutions the claim holds, by the rules of `gametheory.study`: ``int8[game]``.

    Where the list of solutions may lack some, a claim that holds in all of those found holds in some, and one that
    holds in none of them is not decided: it counts as failed.
    """
    holds = holds_over(claim, cells, solutions.strategies, solutions.game)
    grouped = groups(solutions)
    share, listed = bounds_over(grouped, holds.astype(np.float64))
    codes = np.full(len(listed), FAILED, dtype=np.int8)
    codes[listed] = np.where(share[:, 0] > 0.5, ALL, np.where(share[:, 1] > 0.5, SOME, NONE))
    codes[grouped.partial & (codes == NONE)] = FAILED
    codes[grouped.partial & (codes == ALL)] = SOME
    codes[grouped.failed] = FAILED
    return codes


def prediction_codes(holds: BoolArray, answered: BoolArray) -> NDArray[np.int8]:
    """The codes where one thing is predicted for each game, or several: ``bool[game]`` or ``bool[game, prediction]``.

    >>> prediction_codes(np.array([[True, True], [True, False]]), np.array([True, True])).tolist()
    [2, 1]
    """
    each = holds.reshape(len(holds), -1)
    codes = np.where(each.all(axis=1), ALL, np.where(each.any(axis=1), SOME, NONE)).astype(np.int8)
    codes[~answered] = FAILED
    return codes
