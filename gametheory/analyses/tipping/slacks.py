"""By how much does each solution stand, and which deviation would bring it down?

A solution stands as long as none of its *slacks* is negative: what a player would lose by a deviation, or, in a mixed
equilibrium, the probability of an action in use. `slacks` lists them with their present value; `slack_values` follows
one of them through other games, on both sides of the point at which it vanishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.kernels.payoffs import action_payoffs

if TYPE_CHECKING:
    from gametheory.solutions import Solutions

__all__ = ["Slack", "change", "sentence", "setting", "slack_size", "slack_values", "slacks"]

FloatArray = NDArray[np.float64]
Cell = tuple[int, ...]
Support = tuple[Cell, ...]
Labels = tuple[tuple[str, ...], ...]

TIE = 1e-11  # a reply this close to the best one, as a share of the payoff range, counts as a best reply


@dataclass(frozen=True)
class Slack:
    """One inequality that a solution must keep: it breaks where ``value`` falls below zero.

    Between two profiles of actions, ``stay`` and ``leave``, the value is what ``player`` loses by the second. In a
    mixed equilibrium it belongs to ``action``: what the action would lose against the others' strategies (kind
    ``mixed deviation``), or its own probability (kind ``mixing``); there ``support`` and ``replies`` hold every
    player's actions in use and best replies.
    """

    player: int
    kind: str
    value: float
    relative: float
    stay: Cell = ()
    leave: Cell = ()
    action: int = -1
    support: Support = ()
    replies: Support = ()


def slacks(solutions: Solutions, number: int) -> list[Slack]:
    """Every slack of solution ``number`` in its own game.

    For a simultaneous order these are each player's unused actions and, where it mixes, the probabilities of the used
    ones. For a leader order of two players they are the follower's other replies on the path, the leader's
    alternatives, and the replies off the path that would attract the leader; a solution that mixes then has none.
    """
    payoffs = solutions.games.payoffs[solutions.game[number] : solutions.game[number] + 1]
    support = solutions.support(number)
    pure = all(len(used) == 1 for used in support)
    path = tuple(used[0] for used in support)
    if solutions.order != "simultaneous":
        leader = solutions.players.index(solutions.order)
        return _leader_slacks(payoffs, path, leader) if pure and len(path) == 2 else []
    if pure:
        return _pure_slacks(payoffs, path)
    return _mixed_slacks(payoffs, [own[number : number + 1] for own in solutions.strategies], support)


def slack_values(slack: Slack, payoffs: FloatArray) -> FloatArray:
    """The value of ``slack`` in other games, ``float64[game]``, whether or not its solution stands there.

    ``payoffs`` is ``[game, player, a1, a2, ...]``. Mixed equilibria can be followed for two players only: there the
    actions in use determine the strategies that keep them best replies.
    """
    if slack.stay:
        own = payoffs[:, slack.player].reshape(len(payoffs), -1)
        stay, leave = (np.ravel_multi_index(cell, payoffs.shape[2:]) for cell in (slack.stay, slack.leave))
        return np.asarray(own[:, stay] - own[:, leave])
    if slack.kind == "mixing":
        strategy, _ = _indifference(payoffs, 1 - slack.player, slack)
        return np.asarray(strategy[:, slack.support[slack.player].index(slack.action)])
    strategy, level = _indifference(payoffs, slack.player, slack)
    own = _table(payoffs, slack.player)[:, slack.action][:, list(slack.support[1 - slack.player])]
    return np.asarray(level - (own * strategy).sum(axis=1))


def slack_size(slack: Slack, payoffs: FloatArray) -> float:
    """The largest of the numbers that ``slack`` compares in the games of ``payoffs``; 1 for shares of a mixture.

    Rounding is a share of it. For two profiles these are their own payoffs: others may be far larger.
    """
    if slack.kind == "mixing":
        return 1.0
    own = np.abs(payoffs[:, slack.player]).reshape(len(payoffs), -1)
    if slack.stay:
        own = own[:, [np.ravel_multi_index(cell, payoffs.shape[2:]) for cell in (slack.stay, slack.leave)]]
    return float(own.max()) or 1.0


def sentence(slack: Slack, actions: Labels, players: tuple[str, ...], *, ends: bool = True) -> str:
    """What happens where ``slack`` vanishes, in words; ``ends`` tells whether its solution ends or begins there."""
    player = players[slack.player]
    if slack.kind == "mixing":
        return f"{player} {'stops' if ends else 'starts'} mixing {actions[slack.player][slack.action]}"
    return f"{player}: {change(slack, actions, ends=ends)}, {setting(slack, actions, ends=ends)}"


def change(slack: Slack, actions: Labels, *, ends: bool = True) -> str:
    """The deviation in words: what is left for what; turned round where the solution begins."""
    own = actions[slack.player]
    if slack.kind == "mixing":
        return f"mixes {own[slack.action]}"
    used = "+".join(own[action] for action in slack.support[slack.player]) if slack.support else ""
    pair = (used, own[slack.action]) if used else (own[slack.stay[slack.player]], own[slack.leave[slack.player]])
    return " -> ".join(pair if ends else pair[::-1])


def setting(slack: Slack, actions: Labels, *, ends: bool = True) -> str:
    """What the others do meanwhile: against what, after what, or answered by what."""
    others = [player for player in range(len(actions)) if player != slack.player]
    if slack.support:
        mixes = ["+".join(actions[player][a] for a in slack.support[player]) for player in others]
        return f"against {' and '.join(mixes)}"
    cell = slack.leave if ends else slack.stay
    link = {"deviation": "against", "alternative": "answered by"}.get(slack.kind, "after")
    return f"{link} {' and '.join(actions[player][cell[player]] for player in others)}"


def _pure_slacks(payoffs: FloatArray, cell: Cell) -> list[Slack]:
    """What each player loses by each other action, the others staying at ``cell``."""
    found = []
    for player, used in enumerate(cell):
        for action in range(payoffs.shape[2 + player]):
            if action != used:
                leave = (*cell[:player], action, *cell[player + 1 :])
                found.append(_between(payoffs, player, "deviation", cell, leave))
    return found


def _mixed_slacks(payoffs: FloatArray, strategies: list[FloatArray], support: Support) -> list[Slack]:
    """Losses of the unused actions and probabilities of the used ones, where a player mixes."""
    tables = [action_payoffs(payoffs, strategies, player)[0] for player in range(len(support))]
    levels = [float(table @ strategy[0]) for table, strategy in zip(tables, strategies, strict=True)]
    best = [tables[k] >= levels[k] - TIE * _range(payoffs, k) for k in range(len(support))]
    replies = tuple(
        tuple(sorted({*used, *np.flatnonzero(tied).tolist()})) for used, tied in zip(support, best, strict=True)
    )
    found = []
    for player, used in enumerate(support):
        size = _range(payoffs, player) or 1.0
        for action in range(payoffs.shape[2 + player]):
            if action in used and len(used) > 1:
                share = float(strategies[player][0, action])
                found.append(Slack(player, "mixing", share, share, (), (), action, support, replies))
            if action not in used:
                loss = levels[player] - float(tables[player][action])
                found.append(Slack(player, "mixed deviation", loss, loss / size, (), (), action, support, replies))
    return found


def _leader_slacks(payoffs: FloatArray, path: Cell, leader: int) -> list[Slack]:
    """What keeps the path of play: replies on it, the leader's alternatives, and replies off it."""
    follower = 1 - leader
    replies = _table(payoffs, follower)[0]  # [reply, leader's action]
    own = _table(payoffs, leader)[0]
    tolerance = TIE * _range(payoffs, follower)
    found = []
    for reply in range(replies.shape[0]):
        if reply != path[follower]:
            leave = _cell(leader, path[leader], reply)
            found.append(_between(payoffs, follower, "reply", path, leave))
    for action in range(own.shape[0]):
        if action == path[leader]:
            continue
        best = np.flatnonzero(replies[:, action] >= replies[:, action].max() - tolerance)
        for reply in range(replies.shape[0]):
            cell = _cell(leader, action, reply)
            if reply in best:
                found.append(_between(payoffs, leader, "alternative", path, cell))
            elif own[action, reply] > own[path[leader], path[follower]]:
                found.extend(
                    _between(payoffs, follower, "off-path reply", _cell(leader, action, int(now)), cell) for now in best
                )
    return found


def _between(payoffs: FloatArray, player: int, kind: str, stay: Cell, leave: Cell) -> Slack:
    """The slack between two profiles of actions."""
    value = float(payoffs[(0, player, *stay)] - payoffs[(0, player, *leave)])
    return Slack(player, kind, value, value / (_range(payoffs, player) or 1.0), stay, leave)


def _cell(leader: int, action: int, reply: int) -> Cell:
    """The profile in which the leader plays ``action`` and the follower ``reply``."""
    return (action, reply) if leader == 0 else (reply, action)


def _table(payoffs: FloatArray, player: int) -> FloatArray:
    """One player's payoffs in a game of two, ``[game, own action, the other's action]``."""
    return payoffs[:, player] if player == 0 else payoffs[:, player].swapaxes(1, 2)


def _range(payoffs: FloatArray, player: int) -> float:
    """Largest less smallest payoff of ``player``."""
    return float(np.ptp(payoffs[:, player]))


def _indifference(payoffs: FloatArray, player: int, slack: Slack) -> tuple[FloatArray, FloatArray]:
    """The other player's strategy over its actions in use that makes ``player``'s best replies equal, and their payoff.

    One linear system a game; least squares where a lasting tie adds equations that say the same.
    """
    used, replies = slack.support[1 - player], slack.replies[player]
    table = _table(payoffs, player)[:, list(replies)][:, :, list(used)]
    system = np.zeros((len(payoffs), len(replies) + 1, len(used) + 1))
    system[:, :-1, :-1], system[:, :-1, -1], system[:, -1, :-1] = np.nan_to_num(table), -1.0, 1.0
    answer = np.asarray(np.linalg.pinv(system)[:, :, -1], dtype=np.float64)
    return answer[:, :-1], answer[:, -1]
