"""What follows from orders of payoffs alone: in every completion of them, in some, or in none?

A completion compares all names that the orders leave uncompared, one above the other. An action that pays at least as
much as another in all completions does so for every value of the payoffs.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gametheory.analyses.rankings.order_only import Compared
from gametheory.games import Games
from gametheory.parameters import Over, PartialOrder, complete_orders, count_completions
from gametheory.solvers import solve

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = [
    "COINCIDENCE",
    "IMPOSSIBLE",
    "MOST_COMPLETIONS",
    "NECESSARY",
    "POSSIBLE",
    "Finding",
    "completions_of",
    "dominance",
    "paths",
    "pure_equilibria",
]

NECESSARY, POSSIBLE, COINCIDENCE, IMPOSSIBLE = "necessary", "possible", "coincidence", "impossible"
MOST_COMPLETIONS = 10_000  # solved one by one for the orders of play in which one player leads
MOST_NAMED = 3  # conditions told in one sentence

Profile = tuple[int, ...]


class Finding(NamedTuple):
    """Something about a profile or a pair of actions, in which completions it is so, and why."""

    subject: Any
    verdict: str
    because: str


def pure_equilibria(model: Model, own: Sequence[Compared]) -> Iterator[Finding]:
    """For every profile of actions in which completions it is an equilibrium.

    It is in none where a deviation stands above it for certain, and in all where every deviation stands below it or is
    its equal. Otherwise it is in some: nothing keeps a name from standing above all names that do not stand above it.
    Only where players share a ranking their wishes may contradict; then the order is asked for all of them at once.
    """
    for profile in np.ndindex(*own[0].codes.shape):
        steps = [step for player in range(len(own)) for step in _deviations(own, player, profile)]
        blocking = [step for step in steps if step.sign == 1]
        if blocking:
            yield Finding(profile, IMPOSSIBLE, _words(model, own, blocking[0]))
        elif all(step.sign != 2 for step in steps):
            yield Finding(profile, NECESSARY, "no deviation stands above in any completion")
        else:
            yield Finding(profile, *_together(model, own, [step for step in steps if step.sign == 2]))


def dominance(model: Model, player: int, own: Compared) -> Iterator[Finding]:
    """For every two actions of a player in which completions the first dominates the second, where in some.

    The subject is ``(first, second, how)``. Strict dominance: it pays more against all that the others can do; weak:
    never less, and more at least once. Weak dominance is listed where it holds in more completions.
    """
    codes = np.moveaxis(own.codes, player, 0)
    rows: list[list[int]] = codes.reshape(len(codes), -1).tolist()
    actions = model.players[player].actions
    for first, second in itertools.permutations(range(len(rows)), 2):
        pairs = [(a, b, own.sign(a, b)) for a, b in zip(rows[first], rows[second], strict=True)]
        found = {how: _dominated(own, pairs, weakly=how == "weakly") for how in ("strictly", "weakly")}
        if found["weakly"] == found["strictly"]:
            del found["weakly"]
        open_pairs = [(a, b) for a, b, sign in pairs if sign == 2]
        for how, verdict in found.items():
            if verdict != IMPOSSIBLE:
                told = _listed(_condition(own, a, b, strictly=True) for a, b in open_pairs)
                yield Finding((actions[first], actions[second], how), verdict, told or "in every completion")


def completions_of(own: Sequence[Compared]) -> int:
    """How many completions the orders of all players have together."""
    return math.prod(map(count_completions, _orders(own).values()))


def paths(model: Model, own: Sequence[Compared], leader: str) -> Iterator[Finding]:
    """For every profile that is a path of play when ``leader`` is observed, in which completions it is one.

    Every completion is solved, its payoffs being places in it. A path counts where it is played by either rule for the
    follower's ties.
    """
    games = _completed(model, own)
    solutions = solve(games, order=leader)
    played = np.column_stack([strategy.argmax(axis=1) for strategy in solutions.strategies]).tolist()
    rules = solutions.tie_rule or ("",) * len(played)
    met, tied = Counter[Profile](), Counter[Profile]()
    for profile, rule in zip(map(tuple, played), rules, strict=True):
        met[profile] += 1
        tied[profile] += rule in ("strong", "weak")
    for profile in sorted(np.ndindex(*games.shape), key=lambda profile: -met[profile]):
        count = met[profile]
        because = f"in {count} of {len(games)} completions"
        if tied[profile]:
            because += f", in {tied[profile]} of them by one rule for the follower's ties only"
        yield Finding(profile, NECESSARY if count == len(games) else POSSIBLE if count else IMPOSSIBLE, because)


class _Step(NamedTuple):
    """A deviation from a profile: who, to which action, and how what it gives compares with what is left."""

    player: int
    action: int
    given: int
    left: int
    sign: int
    start: int


def _deviations(own: Sequence[Compared], player: int, profile: Profile) -> Iterator[_Step]:
    """All deviations of one player from a profile."""
    compared = own[player]
    here = int(compared.codes[profile])
    for action in range(compared.codes.shape[player]):
        if action != profile[player]:
            there = int(compared.codes[(*profile[:player], action, *profile[player + 1 :])])
            yield _Step(player, action, there, here, compared.sign(there, here), profile[player])


def _together(model: Model, own: Sequence[Compared], steps: Sequence[_Step]) -> tuple[str, str]:
    """Whether completions can make no open deviation pay, and under which condition."""
    wishes: dict[str, list[_Step]] = {}
    for step in steps:
        wishes.setdefault(own[step.player].ranking, []).append(step)
    verdict = POSSIBLE
    for asked in wishes.values():
        order = own[asked[0].player].order
        if not order.allows(_over(own[step.player], step.left, step.given, strictly=True) for step in asked):
            if not order.allows(_over(own[step.player], step.left, step.given, strictly=False) for step in asked):
                names = ", ".join(dict.fromkeys(model.players[step.player].name for step in asked))
                return IMPOSSIBLE, f"what {names} would need contradicts itself"
            verdict = COINCIDENCE
    strictly = verdict == POSSIBLE
    return verdict, _listed(_condition(own[step.player], step.left, step.given, strictly=strictly) for step in steps)


def _dominated(own: Compared, pairs: Sequence[tuple[int, int, int]], *, weakly: bool) -> str:
    """In which completions the first of each pair pays more (or, weakly, somewhere more and nowhere less)."""
    signs = {sign for _, _, sign in pairs}
    if -1 in signs or (0 in signs and (not weakly or signs == {0})):
        return IMPOSSIBLE
    if 2 not in signs:
        return NECESSARY
    wishes = [_over(own, a, b, strictly=True) for a, b, sign in pairs if sign == 2]
    return POSSIBLE if own.order.allows(wishes) else IMPOSSIBLE


def _over(own: Compared, more: int, less: int, *, strictly: bool) -> Over:
    """The demand that one payoff be larger than another, as one on the order behind them."""
    return Over(less, more, strictly) if own.falls else Over(more, less, strictly)


def _orders(own: Sequence[Compared]) -> dict[str, PartialOrder]:
    """The rankings that payoffs are names of."""
    return {one.ranking: one.order for one in own if one.ranking}


def _completed(model: Model, own: Sequence[Compared]) -> Games:
    """One game a completion; each payoff is the place of its name, counted from the worst, or of its number."""
    orders = _orders(own)
    places = [[-np.argsort(complete) for complete in complete_orders(order)] for order in orders.values()]
    games = []
    for chosen in itertools.product(*places):
        place = dict(zip(orders, chosen, strict=True))
        rising = [place[one.ranking][one.codes] if one.ranking else -one.codes for one in own]
        games.append([-cells if one.falls else cells for one, cells in zip(own, rising, strict=True)])
    actions = tuple(player.actions for player in model.players)
    return Games(tuple(player.name for player in model.players), actions, np.array(games, dtype=float), model.title)


def _words(model: Model, own: Sequence[Compared], step: _Step) -> str:
    """A deviation in words."""
    player, words = model.players[step.player], own[step.player].words
    move = f"{player.actions[step.start]} -> {player.actions[step.action]}"
    return f"{player.name}: {move} gives {words[step.given]} instead of {words[step.left]}, which pays less"


def _condition(own: Compared, more: int, less: int, *, strictly: bool) -> str:
    """What a completion must say for one payoff to be larger than another."""
    demand = _over(own, more, less, strictly=strictly)
    return f"{own.words[demand.better]} {'>' if strictly else '>='} {own.words[demand.worse]}"


def _listed(conditions: Iterable[str]) -> str:
    """Conditions in one sentence, the first few of many; nothing where there are none."""
    told = list(dict.fromkeys(conditions))
    more = f" and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
    return f"if {' and '.join(told[:MOST_NAMED])}{more}" if told else ""
