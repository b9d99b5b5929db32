"""In which ways can a solution end, or a new one begin, when payoffs change?

A *break* is one such way: some slacks have fallen to zero or below together. An equilibrium ends by a single deviation,
so its breaks have one slack each. A path of play behind a leader also ends where another action of the leader attracts,
together with the reply to it: that reply must be the follower's best, and the leader must gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.tipping.slacks import Slack, sentence, slack_values, slacks

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.solutions import Solutions

__all__ = ["Break", "appearances", "breaks_of", "held", "words"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Cell = tuple[int, ...]

TIE = 1e-11  # a slack within this share of the payoffs that it compares counts as zero


@dataclass(frozen=True)
class Break:
    """Slacks that must all have fallen for the change to happen: the first below zero, the others to zero at most."""

    conditions: tuple[Slack, ...]

    def values(self, payoffs: FloatArray) -> FloatArray:
        """The value of every slack in games ``[game, player, a1, a2, ...]``: ``float64[game, condition]``.

        Not a number where payoffs that it compares are infinite on both sides.
        """
        with np.errstate(invalid="ignore", over="ignore"):
            return np.stack([slack_values(slack, payoffs) for slack in self.conditions], axis=1)

    def sizes(self, payoffs: FloatArray) -> FloatArray:
        """The size of the numbers that each slack compares, game by game: ``float64[game, condition]``.

        Each game has its own: what is large elsewhere does not hide what happens here.
        """
        return np.stack([_sizes(slack, payoffs) for slack in self.conditions], axis=1)


def held(values: FloatArray, sizes: FloatArray) -> BoolArray:
    """In which games the change has happened, from `Break.values` and `Break.sizes` of the same games.

    What is not a number has not fallen.
    """
    beyond = values[:, 0] < -TIE * sizes[:, 0]
    return np.asarray(beyond & (values[:, 1:] <= TIE * sizes[:, 1:]).all(axis=1))


def breaks_of(solutions: Solutions, number: int) -> list[Break] | None:
    """Every way in which one solution ends; None where it cannot be followed: mixed, of three players or behind one."""
    support = solutions.support(number)
    pure = all(len(used) == 1 for used in support)
    if not pure and (len(support) > 2 or solutions.order != "simultaneous"):
        return None
    if solutions.order == "simultaneous":
        return [Break((slack,)) for slack in slacks(solutions, number)]
    path = tuple(used[0] for used in support)
    return _leader_breaks(path, solutions.games.shape, solutions.players.index(solutions.order))


def appearances(shape: Sequence[int], standing: Sequence[Cell]) -> list[Break]:
    """How each profile of actions that is no equilibrium yet can become one: each deviation from it must not pay."""
    found = []
    for cell in product(*map(range, shape)):
        if cell in standing:
            continue
        others = [
            Slack(player, "deviation", 0.0, 0.0, (*cell[:player], action, *cell[player + 1 :]), cell)
            for player, size in enumerate(shape)
            for action in range(size)
            if action != cell[player]
        ]
        if others:
            found.append(Break(tuple(others)))
    return found


def words(model: Model, one: Break, active: Sequence[bool]) -> tuple[str, str]:
    """Whose deviations bind, and which they are, of those slacks of a break that are zero where it happens."""
    players, actions = tuple(p.name for p in model.players), tuple(p.actions for p in model.players)
    binding = [slack for slack, zero in zip(one.conditions, active, strict=True) if zero] or [one.conditions[0]]
    named = dict.fromkeys(players[slack.player] for slack in binding)
    return " and ".join(named), "; ".join(sentence(slack, actions, players) for slack in binding)


def _leader_breaks(path: Cell, shape: Sequence[int], leader: int) -> list[Break]:
    """Another reply on the path, or another action of the leader with a reply to it."""
    follower = 1 - leader
    found = [
        Break((Slack(follower, "reply", 0.0, 0.0, path, _cell(leader, path[leader], reply)),))
        for reply in range(shape[follower])
        if reply != path[follower]
    ]
    for action, reply in product(range(shape[leader]), range(shape[follower])):
        if action != path[leader]:
            there = _cell(leader, action, reply)
            best = [
                Slack(follower, "off-path reply", 0.0, 0.0, _cell(leader, action, other), there)
                for other in range(shape[follower])
                if other != reply
            ]
            found.append(Break((Slack(leader, "alternative", 0.0, 0.0, path, there), *best)))
    return found


def _sizes(slack: Slack, payoffs: FloatArray) -> FloatArray:
    """The largest of the numbers that a slack compares in each game, as `slacks.slack_size` has it for one."""
    if slack.kind == "mixing":
        return np.ones(len(payoffs))
    own = np.abs(payoffs[:, slack.player]).reshape(len(payoffs), -1)
    if slack.stay:
        own = own[:, [np.ravel_multi_index(cell, payoffs.shape[2:]) for cell in (slack.stay, slack.leave)]]
    largest = own.max(axis=1)
    return np.asarray(np.where(largest > 0, largest, 1.0))


def _cell(leader: int, action: int, reply: int) -> Cell:
    """The profile in which the leader plays ``action`` and the follower ``reply``."""
    return (action, reply) if leader == 0 else (reply, action)
