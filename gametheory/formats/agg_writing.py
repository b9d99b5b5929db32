"""How is a game written as a ``.agg`` file, an action-graph game that Gambit reads and that loses no digit?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate, combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.formats.agg_reading import MOST_PAYOFFS
from gametheory.formats.reading import LONGEST_NUMBER, MOST_PLAYERS
from gametheory.formats.writing import check_length, decimal_text
from gametheory.games import Games

__all__ = ["format_agg"]

Payoffs = NDArray[Any]  # [player, a1, a2, ...], of doubles or fractions
Block = tuple[tuple[int, ...], list[Any]]  # neighbours of an action node, and its payoffs by configuration


def format_agg(games: Games) -> str:
    """Text of the one game in ``games`` as an action graph; the names stand in comments.

    Players of a symmetric game share their nodes. In other games each action is a node of its own, whose neighbours
    are the actions of just those players on whose choice its payoff depends. No smallest graph is sought. The format
    holds decimals, not fractions: an exact payoff is written to its last digit. Raises InputError for payoffs without
    a finite decimal, such as 1/3, or not finite, for a batch of several games, and for a game larger than
    ``parse_agg`` reads.

    >>> from gametheory.games import strategic
    >>> print(format_agg(strategic([[[3, 0.5], [3, 2]], [[1, 1], [2, 2]]], title="Small")), end="")
    #AGG
    # 'Small'
    # players, action nodes, function nodes
    2 4 0
    # actions of each player, and their nodes
    2 2
    # 'player_1': 'a1', 'a2'
    0 1
    # 'player_2': 'a1', 'a2'
    2 3
    # neighbours of each action node
    2 2 3
    2 2 3
    2 0 1
    2 0 1
    # payoffs of each action node, in the lexicographic order of its configurations
    0 0.5 3
    0 2 3
    0 2 1
    0 2 1
    """
    payoffs = _payoffs(games)
    if _is_symmetric(payoffs):
        sets = [tuple(range(size)) for size in games.shape]
        blocks = list(_shared_nodes(payoffs))
    else:
        starts = tuple(accumulate(games.shape, initial=0))
        sets = [tuple(range(start, start + size)) for start, size in zip(starts, games.shape, strict=False)]
        blocks = list(_own_nodes(payoffs, starts))
    lines = ["#AGG", *([f"# {games.title!r}"] if games.title else []), "# players, action nodes, function nodes"]
    lines += [f"{len(games.players)} {len(blocks)} 0", "# actions of each player, and their nodes", _row(games.shape)]
    for player, actions, own in zip(games.players, games.actions, sets, strict=True):
        lines += [f"# {player!r}: {', '.join(map(repr, actions))}", _row(own)]
    lines.append("# neighbours of each action node")
    lines += [_row((len(neighbours), *neighbours)) for neighbours, _ in blocks]
    lines.append("# payoffs of each action node, in the lexicographic order of its configurations")
    lines += [" ".join(["0", *map(_number, listed)]) for _, listed in blocks]
    return "\n".join([*lines, ""])


def _payoffs(games: Games) -> Payoffs:
    if len(games) != 1:
        raise InputError(f"a .agg file holds one game, found a batch of {len(games)}; write games[0], games[1], ...")
    if len(games.players) > MOST_PLAYERS or games.payoffs.size > MOST_PAYOFFS:
        size = f"{len(games.players)} players and {games.payoffs.size} payoffs"
        raise InputError(f"a game of {size} cannot be written as .agg; at most {MOST_PLAYERS} and {MOST_PAYOFFS}")
    return np.asarray(games.payoffs[0] if games.exact is None else games.exact[0])


def _row(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers))


def _is_symmetric(payoffs: Payoffs) -> bool:
    """Whether two or more players can be renamed without changing the game: swaps with the first and second suffice."""
    players = len(payoffs)
    if players < 2 or len(set(payoffs.shape[1:])) > 1:
        return False
    first = payoffs[0]
    others_alike = all(np.array_equal(first, first.swapaxes(1, other)) for other in range(2, players))
    return others_alike and all(
        np.array_equal(payoffs[player], first.swapaxes(0, player)) for player in range(1, players)
    )


def _shared_nodes(payoffs: Payoffs) -> Iterator[Block]:
    """One node for each action of a symmetric game; its payoff depends on how many chose each action."""
    players, size = payoffs.shape[:2]
    every = tuple(range(size))
    for action in every:
        listed = {}
        for others in combinations_with_replacement(every, players - 1):
            chosen = (action, *others)
            listed[tuple(map(chosen.count, every))] = payoffs[(0, *chosen)]
        yield every, [listed[configuration] for configuration in sorted(listed)]


def _own_nodes(payoffs: Payoffs, starts: tuple[int, ...]) -> Iterator[Block]:
    """One node for each action of each player, next to the actions of those on whom its payoff depends."""
    for player, own in enumerate(payoffs):
        for action in range(own.shape[player]):
            neighbours: list[int] = []
            reduced = own.take([action], axis=player)
            for other in range(len(payoffs)):
                first = reduced.take([0], axis=other)
                if np.array_equal(np.broadcast_to(first, reduced.shape), reduced):
                    reduced = first
                else:
                    neighbours += range(starts[other], starts[other + 1])
            # A player's last action has the lowest configuration: 0 ... 0 1 comes before 1 0 ... 0.
            yield tuple(neighbours), np.flip(reduced).ravel().tolist()


def _number(payoff: float | Fraction) -> str:
    """Exact decimal text of a payoff."""
    if isinstance(payoff, float):
        return decimal_text(float(payoff))  # NumPy shows its own doubles differently
    check_length(payoff)
    rest = payoff.denominator
    twos = (rest & -rest).bit_length() - 1
    fives = 0
    rest >>= twos
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        advice = "write the game as .nfg, which holds fractions, or round its payoffs"
        raise InputError(f"payoff {payoff} has no finite decimal, and a .agg file holds decimals only; {advice}")
    places = max(twos, fives)
    size = places + 3 + max(0.0, (payoff.numerator.bit_length() - payoff.denominator.bit_length()) * 0.30103)
    if size > LONGEST_NUMBER:
        raise InputError(f"a payoff of about {size:.0f} digits cannot be written; at most {LONGEST_NUMBER}")
    digits = str(abs(payoff.numerator) * 10**places // payoff.denominator).rjust(places + 1, "0")
    whole, decimals = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{'-' if payoff < 0 else ''}{whole}{'.' if places else ''}{decimals}"
