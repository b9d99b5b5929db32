"""Where does play drift when players learn or populations evolve, step by step?

A second view, by nashpy and not by this package: fictitious play (Brown 1951, in Activity Analysis of Production and
Allocation), the replicator dynamic of one or two populations (Taylor and Jonker 1978, Mathematical Biosciences 40), and
the Moran process of a finite population (Moran 1958, Mathematical Proceedings of the Cambridge Philosophical Society
54). A trajectory proves nothing: it may cycle, stop early, or rest where no equilibrium is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.games.strategic import FloatArray, Games
from gametheory.markup import mixture, tabulated
from gametheory.solutions import PARTIAL, Certificates

if TYPE_CHECKING:
    import nashpy

__all__ = ["Trajectory", "learn"]

POINTS = 1_000  # of a continuous trajectory
REASON = "a trajectory proves nothing: it shows one way that play may go"

Start = Sequence[FloatArray] | None
Steps = tuple[FloatArray, tuple[FloatArray, ...]]


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory:
    """How play went: at ``times[t]`` each player, or the one population, stood at ``shares[k][t, action]``."""

    games: Games
    by: str
    times: FloatArray
    shares: tuple[FloatArray, ...]
    certificates: Certificates

    def __repr__(self) -> str:
        """One line: what was followed, and how long."""
        return f"<Trajectory: {self.by} up to time {self.times[-1]:g}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: where play stood at the beginning and at the end."""
        names = self.games.players if len(self.shares) > 1 else ("population",)
        told = zip(names, self.games.actions, self.shares, strict=False)
        rows = [(name, mixture(actions, own[0]), mixture(actions, own[-1])) for name, actions, own in told]
        caption = f"{self.by.replace('_', ' ')} up to time {self.times[-1]:g}: it proves nothing"
        return tabulated(caption, ("who", "at the beginning", "at the end"), rows)


def learn(
    games: Games,
    *,
    by: str = "fictitious_play",
    rounds: int = 1_000,
    start: Sequence[ArrayLike] | None = None,
    seed: int = 0,
) -> Trajectory:
    """Follow one way of learning in one two-player game, by nashpy.

    ``by="fictitious_play"``: each player answers the past play of the other, ties broken at random; shares are those of
    all play so far, and ``start`` counts what was played before, one list a player. ``"replicator"``: the shares of one
    population in continuous time up to ``rounds``, from ``start``; the game must be the same from both sides.
    ``"two_populations"``: the same with a population for each player. ``"moran"``: a finite population of ``start``
    members an action (ten each by default), one of whom a round is replaced by a copy of another, drawn in proportion
    to its payoff; it stops when all are alike, after ``rounds`` at the latest.

    The same seed gives the same trajectory; while nashpy draws, NumPy's global generator is seeded, and afterwards set
    back, so do not run this in several threads. Raises InputError for another kind of game or start, UnknownNameError
    for another way of learning.

    >>> from gametheory.games import strategic
    >>> dilemma = strategic([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> learn(dilemma, rounds=50, seed=1).shares[0][-1].round(1).tolist()
    [0.0, 1.0]
    """
    if by not in WAYS:
        raise UnknownNameError(f"by: {by!r}, expected one of {', '.join(WAYS)}{did_you_mean(by, tuple(WAYS))}")
    if len(games) != 1 or len(games.players) != 2 or not games.finite.all():
        raise InputError(f"learning: {games!r}, expected one game of two players with finite payoffs")
    if rounds < 1:
        raise InputError(f"rounds: {rounds!r}, expected at least 1")
    populations = None if start is None else _checked(games, start, 1 if by in ONE_POPULATION else 2)
    if by in ONE_POPULATION and not _symmetric(games):
        raise InputError(f"by {by!r}: the game is not the same from both sides, as one population needs")
    import nashpy

    times, shares = WAYS[by](nashpy.Game(*games.payoffs[0].copy()), rounds, populations, seed)
    certificates = Certificates(
        np.array([PARTIAL], dtype=object),
        np.array([len(times)]),
        np.zeros(1),
        None,
        np.array([REASON], dtype=object),
    )
    return Trajectory(games, by, times, shares, certificates)


def _checked(games: Games, start: Sequence[ArrayLike], populations: int) -> tuple[FloatArray, ...]:
    """The start as arrays, one a population."""
    arrays = tuple(np.asarray(own, dtype=np.float64) for own in start)
    wanted = tuple((size,) for size in games.shape[:populations])
    fits = tuple(own.shape for own in arrays) == wanted
    if not fits or not all((own >= 0).all() and own.sum() > 0 for own in arrays):
        sizes = " and ".join(str(size) for (size,) in wanted)
        raise InputError(
            f"start: {start!r}, expected {populations} list(s) of {sizes} numbers, not negative nor all zero"
        )
    return arrays


def _symmetric(games: Games) -> bool:
    """Whether both players have the same payoffs from each side."""
    own, its = games.payoffs[0]
    return own.shape[0] == own.shape[1] and bool(np.allclose(own, its.T, rtol=1e-12, atol=0))


def _fictitious_play(game: nashpy.Game, rounds: int, start: Start, seed: int) -> Steps:
    """The shares of all play so far, after each round."""
    with _seeded(seed):
        counts = list(game.fictitious_play(iterations=rounds, play_counts=None if start is None else list(start)))[1:]
    tables = tuple(np.array([own[k] for own in counts], dtype=np.float64) for k in range(2))
    return np.arange(1.0, rounds + 1), tuple(own / own.sum(axis=1, keepdims=True) for own in tables)


def _replicator(game: nashpy.Game, rounds: int, start: Start, _: int) -> Steps:
    """The shares of one population at evenly spaced times."""
    times = np.linspace(0, rounds, POINTS)
    first = None if start is None else start[0] / start[0].sum()
    return times, (np.asarray(game.replicator_dynamics(y0=first, timepoints=times)),)


def _two_populations(game: nashpy.Game, rounds: int, start: Start, _: int) -> Steps:
    """The shares of a population for each player."""
    times = np.linspace(0, rounds, POINTS)
    first, second = (None, None) if start is None else (own / own.sum() for own in start)
    found = game.asymmetric_replicator_dynamics(x0=first, y0=second, timepoints=times)
    return times, tuple(np.asarray(own) for own in found)


def _moran(game: nashpy.Game, rounds: int, start: Start, seed: int) -> Steps:
    """The shares of a finite population after each replacement, the start included."""
    table = game.payoff_matrices[0]
    if table.min() < 0:
        raise InputError(f"by 'moran': a payoff of {float(table.min())!r}, expected none below 0: they are fitness")
    counts = np.full(len(table), 10.0) if start is None else start[0]
    if not (counts == counts.astype(np.int64)).all():
        raise InputError(f"start: {counts.tolist()!r}, expected whole numbers of members")
    members = np.repeat(np.arange(len(table)), counts.astype(np.int64))
    with _seeded(seed):
        generations = [members, *islice(game.moran_process(initial_population=members), rounds)]
    shares = np.array([np.bincount(own, minlength=len(table)) for own in generations]) / len(members)
    return np.arange(float(len(shares))), (shares,)


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed the generator that nashpy draws from, and put it back as it was."""
    before = np.random.get_state()  # noqa: NPY002  (nashpy draws from the global generator)
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002


WAYS: Mapping[str, Callable[[nashpy.Game, int, Start, int], Steps]] = MappingProxyType(
    {
        "fictitious_play": _fictitious_play,
        "replicator": _replicator,
        "two_populations": _two_populations,
        "moran": _moran,
    }
)
ONE_POPULATION = ("replicator", "moran")
