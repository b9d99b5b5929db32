"""What is a strategic game, and what is a batch of them?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gametheory.errors import InputError, UnknownNameError, did_you_mean

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Source = Callable[[IntArray], "NDArray[np.object_] | None"]  # numbers of games -> their payoffs as fractions


@dataclass(frozen=True, eq=False)
class Picked:
    """A source for some games of a batch."""

    source: Source
    positions: IntArray

    def __call__(self, games: IntArray) -> NDArray[np.object_] | None:
        """The payoffs of the games picked."""
        return self.source(self.positions[games])


@dataclass(frozen=True, eq=False)
class Cut:
    """A source for games that kept some actions; ``grid`` indexes player and actions."""

    source: Source
    grid: tuple[NDArray[Any], ...]

    def __call__(self, games: IntArray) -> NDArray[np.object_] | None:
        """The payoffs of what was kept."""
        found = self.source(games)
        return None if found is None else found[:, *(index[0] for index in self.grid)]


def picked(source: Source, positions: IntArray) -> Source:
    """The source of the games at ``positions``; picking twice is picking once."""
    if isinstance(source, Picked):
        return Picked(source.source, source.positions[positions])
    return Picked(source, positions)


@dataclass(frozen=True, eq=False, repr=False)
class Games:
    """A batch of strategic games that share their players and actions.

    ``payoffs`` is ``float64[game, player, a1, a2, ...]``: the action axes stand in the order of the players, for every
    player alike, and the array is read-only. ``exact`` holds the same numbers as fractions where they are known
    exactly; a ``source`` works them out for the games that it is asked for, so that a large batch need not hold them.
    Indexing gives a batch again: a single game is a batch of one.

    >>> games = strategic([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> len(games), games.shape, games.actions[0]
    (1, (2, 2), ('a1', 'a2'))
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    payoffs: FloatArray
    title: str = ""
    exact: NDArray[np.object_] | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        """Check the shape against the labels and close the array to writing."""
        payoffs = np.ascontiguousarray(self.payoffs, dtype=np.float64)
        expected = (len(self.players), *(len(own) for own in self.actions))
        if len(self.actions) != len(self.players) or payoffs.shape[1:] != expected:
            raise InputError(
                f"payoffs: shape {payoffs.shape!r}, expected (games, {', '.join(map(str, expected))}) "
                f"for the players {', '.join(self.players)} and their actions"
            )
        for name, own in (("players", self.players), *zip(self.players, self.actions, strict=True)):
            _check_labels(name, own)
        if self.exact is not None and self.exact.shape != payoffs.shape:
            raise InputError(f"exact: shape {self.exact.shape!r}, expected that of the payoffs, {payoffs.shape!r}")
        if payoffs is self.payoffs and payoffs.flags.writeable:
            payoffs = payoffs.view()
        payoffs.flags.writeable = False
        object.__setattr__(self, "payoffs", payoffs)

    def __len__(self) -> int:
        """Number of games in the batch."""
        return int(self.payoffs.shape[0])

    @overload
    def __getitem__(self, index: int) -> Games: ...
    @overload
    def __getitem__(self, index: slice | NDArray[Any]) -> Games: ...
    def __getitem__(self, index: int | slice | NDArray[Any]) -> Games:
        """Return the games at ``index`` as a batch; a whole number gives a batch of one."""
        if isinstance(index, int | np.integer):
            if not -len(self) <= index < len(self):
                raise IndexError(f"game {index!r} of a batch of {len(self)}")
            start = int(index) % len(self)
            index = slice(start, start + 1)
        exact = None if self.exact is None else self.exact[index]
        source = None if self.source is None else picked(self.source, np.arange(len(self))[index])
        return replace(self, payoffs=self.payoffs[index], exact=exact, source=source)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return tuple(len(own) for own in self.actions)

    @property
    def finite(self) -> NDArray[np.bool_]:
        """Whether every payoff of the game is a finite number: ``bool[game]``."""
        return np.asarray(np.isfinite(self.payoffs).all(axis=tuple(range(1, self.payoffs.ndim))), dtype=bool)

    def restrict(self, given: Mapping[str, Sequence[str]]) -> Games:
        """Keep only the listed actions of the players in ``given``, in the game's own order.

        >>> strategic([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]).restrict({"player_1": ["a2"]}).shape
        (1, 2)
        """
        index: list[Any] = [slice(None), slice(None)]
        kept: list[tuple[str, ...]] = []
        for unknown in [name for name in given if name not in self.players]:
            raise UnknownNameError(f"no player named {unknown!r}{did_you_mean(unknown, self.players)}")
        for player, own in zip(self.players, self.actions, strict=True):
            wanted = given.get(player, own)
            for action in wanted:
                if action not in own:
                    raise UnknownNameError(f"{player} has no action {action!r}{did_you_mean(action, own)}")
            positions = [place for place, action in enumerate(own) if action in wanted]
            if not positions:
                raise InputError(f"{player}: no action is left; keep at least one of {', '.join(own)}")
            index.append(positions)
            kept.append(tuple(own[place] for place in positions))
        grid = np.ix_(range(len(self)), range(len(self.players)), *index[2:])
        exact = None if self.exact is None else self.exact[grid]
        source = None if self.source is None else Cut(self.source, grid[1:])
        return replace(self, actions=tuple(kept), payoffs=self.payoffs[grid], exact=exact, source=source)

    def fractions(self, game: int) -> NDArray[np.object_] | None:
        """The payoffs of one game as fractions ``[player, a1, a2, ...]``, or None where they are not known exactly."""
        if self.exact is not None:
            return np.asarray(self.exact[game])
        found = None if self.source is None else self.source(np.array([game]))
        return None if found is None else np.asarray(found[0])

    def __repr__(self) -> str:
        """One line: how many games of which size."""
        sizes = " x ".join(map(str, self.shape))
        return f"<Games: {len(self)} of {sizes} for {', '.join(self.players)}>"

    def __str__(self) -> str:
        """The payoff table as text, best responses and pure equilibria marked."""
        from gametheory.games.display import payoff_table_text

        return payoff_table_text(self.players, self.actions, self.payoffs, self.title)

    def _repr_html_(self) -> str:
        """Jupyter's view: the payoff table with best responses and pure equilibria marked."""
        from gametheory.games.display import payoff_table_html

        return payoff_table_html(self.players, self.actions, self.payoffs, self.title)


def strategic(
    payoffs: ArrayLike,
    *,
    players: Sequence[str] | None = None,
    actions: Sequence[Sequence[str]] | None = None,
    title: str = "",
) -> Games:
    """Build games from an array ``[game, player, a1, a2, ...]``, or one game from ``[player, a1, a2, ...]``.

    With ``n`` players one game has ``n + 1`` axes, the first of length ``n``, and a batch has ``n + 2``; the number of
    axes tells which is meant, and where both fit ``players`` must say. Raises InputError for any other shape. Values
    need not be finite: the solver counts such a game as failed and goes on.

    >>> strategic([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], players=["even", "odd"]).players
    ('even', 'odd')
    """
    try:
        array = np.array(payoffs, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"payoffs: not an array of numbers: {error}") from error
    readings = [
        reading
        for reading in (array[np.newaxis], array)
        if reading.ndim >= 3 and reading.shape[1] == reading.ndim - 2 and len(players or reading[0]) == reading.shape[1]
    ]
    if not readings:
        raise InputError(
            f"payoffs: shape {array.shape!r}, expected (games, players, actions of player 1, actions of player 2, ...)"
            + (f" for {len(players)} players" if players is not None else "")
        )
    if len(readings) == 2:
        raise InputError(
            f"payoffs: shape {array.shape!r} is one game of {array.shape[0]} players or {array.shape[0]} games of "
            f"{array.shape[1]}; say which with players=[...]"
        )
    array = readings[0]
    count = array.shape[1]
    names = tuple(players) if players is not None else tuple(f"player_{k + 1}" for k in range(count))
    labels = (
        tuple(tuple(own) for own in actions)
        if actions is not None
        else tuple(tuple(f"a{k + 1}" for k in range(size)) for size in array.shape[2:])
    )
    return Games(names, labels, array, title)


def _check_labels(name: str, labels: tuple[str, ...]) -> None:
    """Refuse empty and repeated labels."""
    if not labels:
        raise InputError(f"{name}: no labels; expected at least one")
    seen: set[str] = set()
    for label in labels:
        if not label:
            raise InputError(f"{name}: label {label!r}, expected a non-empty string")
        if label in seen:
            raise InputError(f"{name}: label {label!r} stands twice; labels must differ")
        seen.add(label)
