"""Every equilibrium of small games with three or more players, mixed ones included, with a proof where there is one.

All pure equilibria come from comparing best replies. For the others every support (the actions that each player uses)
is searched: the strategies are covered by cells, and each is either shown to hold no equilibrium or to hold none but a
root that is proved to exist and to be alone there. Cells that can be neither are a continuum of equilibria, or ones too
close to tell apart: the verdict is then partial, and the reason names a place. Small supports come first, where most
games have their equilibria (Porter, Nudelman and Shoham 2008, Games and Economic Behavior 63).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, lru_cache
from itertools import product
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.games.strategic import FloatArray, Games, strategic
from gametheory.kernels.payoffs import ROUNDING, best_responses, pure_equilibria
from gametheory.solutions import FAILED, PARTIAL, UNKNOWN, Certificates, IntArray, Solutions
from gametheory.solvers.task import Task
from gametheory.solvers.ties import rational_profile, tied_actions, tied_index
from gametheory.solvers.vertices import fractions_of, in_blocks

if TYPE_CHECKING:
    from gametheory.kernels.supports import Found

ROOM = 4096  # roots and unsettled supports that one call of the kernel may find
BUDGET = 100_000_000  # multiplications of one call, about a tenth of a second: how often the clock is looked at
RATE = 20_000_000  # multiplications that one support may take for each second of the task,
LONGEST = 60.0  # up to as many seconds: where no clock is to decide, the work is bounded still
CLOSE = Fraction(1, 10**6)  # where nothing else is found, how far from a cell that stayed open a guess may lie

PROOF = "every support was searched: each root was isolated by interval arithmetic, and nothing else is left"
SUMMED = f"{PROOF}; the indices sum to 1"


@dataclass(frozen=True, eq=False)
class Listed:
    """Equilibria of a batch as flat columns, and what is wrong with the list of a game: ``doubts[game]`` a sentence.

    ``near[game]`` is a profile where more equilibria are likely.
    """

    game: IntArray
    strategies: tuple[FloatArray, ...]
    index: IntArray
    doubts: dict[int, str]
    tied: NDArray[np.bool_]
    near: dict[int, list[FloatArray]] = field(default_factory=dict)


def solve(games: Games, task: Task) -> Solutions:
    """Find every equilibrium of every game of a batch, in blocks shared by ``task.workers`` threads.

    The verdict is ``complete`` where every support was settled and no unused action is tied, ``degenerate-complete``
    where such ties were decided exactly and all equilibria are isolated, else ``partial``: pure equilibria are then
    still all listed, and so is every mixed one that was proved. The claims are about the payoffs in floating point; two
    that differ by rounding alone count as equal, unless ``task.exact``. Strategies are not kept as fractions: those of
    three players may be irrational. The search of all games together ends after ``task.seconds``, compiling left out.

    ``index`` and ``component`` are unknown for a game if the index of any listed equilibrium cannot be told, which
    happens where equilibria form a continuum or more than first-order ties meet.
    """
    warm()
    deadline = monotonic() + task.seconds
    parts = in_blocks(lambda block: _listed(block, task, deadline), games, task.workers)
    sizes = np.cumsum([0, *(len(part.tied) for part in parts)])
    listed = Listed(
        np.concatenate([part.game + start for part, start in zip(parts, sizes, strict=False)]),
        tuple(np.concatenate([part.strategies[k] for part in parts]) for k in range(len(games.shape))),
        np.concatenate([part.index for part in parts]),
        {
            game + int(start): why
            for part, start in zip(parts, sizes, strict=False)
            for game, why in part.doubts.items()
        },
        np.concatenate([part.tied for part in parts]),
    )
    return _certified(games, listed)


@cache
def warm() -> None:
    """Compile the kernels of the search, or load them, on a small game: no game's time is to go into that."""
    _mixed(strategic(np.arange(6.0).reshape(1, 3, 2, 1, 1)), Task(), np.inf)


@lru_cache(maxsize=16)
def mixed_supports(shape: tuple[int, ...]) -> IntArray:
    """Every support with more than one action for some player, one bit an action, small ones first: ``[n, player]``.

    >>> mixed_supports((1, 2, 2)).tolist()
    [[1, 1, 3], [1, 2, 3], [1, 3, 1], [1, 3, 2], [1, 3, 3]]
    """
    every = list(product(*(range(1, 1 << size) for size in shape)))
    count = {support: sum(own.bit_count() for own in support) for support in every}
    chosen = sorted((s for s in every if count[s] > len(shape)), key=lambda support: (count[support], support))
    return np.array(chosen, dtype=np.int64).reshape(-1, len(shape))


def _listed(games: Games, task: Task, deadline: float) -> Listed:
    """The equilibria of one block: the pure ones of all games at once, then the mixed ones of each."""
    finite = games.finite
    payoffs = np.where(finite.reshape(-1, *[1] * (games.payoffs.ndim - 1)), games.payoffs, 0.0)
    marked = pure_equilibria(payoffs)
    marked[~finite] = False
    game, *profile = np.nonzero(marked)
    pure = tuple(np.eye(size)[own] for size, own in zip(games.shape, profile, strict=True))
    tied = np.zeros(len(games), dtype=bool)
    index = np.ones(len(game), dtype=np.int64)
    replies = best_responses(payoffs[game]) if len(game) else np.zeros((0, *payoffs.shape[1:]), dtype=bool)
    for s in range(len(game)):
        ties = _tied_at(replies[s], [int(own[s]) for own in profile])
        if any(ties):
            tied[game[s]] = True
            value = tied_index(payoffs[game[s]], [own[s] for own in pure], ties)
            index[s] = UNKNOWN if value is None else value
    mixed = _mixed(games[np.flatnonzero(finite)], task, deadline)
    kept = np.flatnonzero(finite)
    tied[kept] |= mixed.tied
    guessed = {
        g: _guess(games[int(kept[g])], own, exact=task.exact)
        for g, own in mixed.near.items()
        if kept[g] not in game and g not in mixed.game
    }
    bare = [g for g, own in guessed.items() if own]
    inside = [np.array([guessed[g][k] for g in bare]).reshape(-1, size) for k, size in enumerate(games.shape)]
    return Listed(
        np.concatenate([game, kept[mixed.game], kept[bare]]).astype(np.int64),
        tuple(np.concatenate(own) for own in zip(pure, mixed.strategies, inside, strict=True)),
        np.concatenate([index, mixed.index, np.full(len(bare), UNKNOWN)]),
        {int(kept[g]): why for g, why in mixed.doubts.items()},
        tied,
    )


def _tied_at(replies: NDArray[np.bool_], profile: list[int]) -> tuple[tuple[int, ...], ...]:
    """The other best replies of each player at a pure equilibrium; ``replies[player, a1, ...]`` marks best replies."""
    ties = []
    for player, own in enumerate(profile):
        at = tuple(slice(None) if k == player else a for k, a in enumerate(profile))
        ties.append(tuple(int(a) for a in np.flatnonzero(replies[(player, *at)]) if a != own))
    return tuple(ties)


def _mixed(games: Games, task: Task, deadline: float) -> Listed:
    """The mixed equilibria of finite games, searched support by support until the deadline."""
    from gametheory.kernels import supports as kernel

    payoffs = np.ascontiguousarray(games.payoffs.reshape(len(games), len(games.shape), -1))
    shape, supports = np.array(games.shape, dtype=np.int64), mixed_supports(games.shape)
    start, found = np.zeros(2, dtype=np.int64), kernel.found_room(ROOM, shape)
    rounding = 0.0 if task.exact else ROUNDING
    work = int(RATE * min(task.seconds, LONGEST))
    calls = [_copied(found)]
    while start[0] < len(games) and monotonic() <= deadline:
        kernel.sweep(payoffs, shape, supports, start, rounding, work, BUDGET, found)
        calls.append(_copied(found))
    mixed = _decided(games, _joined(calls), exact=task.exact)
    late = f"the search was stopped after {task.seconds:g} seconds, before every support was searched"
    return replace(mixed, doubts={**mixed.doubts, **dict.fromkeys(range(int(start[0]), len(games)), late)})


class _Raw(NamedTuple):
    """What the kernel found in one call or several: its roots, then its unsettled supports."""

    game: IntArray
    support: IntArray
    kind: IntArray
    sign: IntArray
    strategies: FloatArray
    open_game: IntArray
    why: IntArray
    doubt: FloatArray


def _copied(found: Found) -> _Raw:
    """The filled rows of the kernel's columns, which its next call overwrites."""
    roots, doubts = (int(count) for count in found.counts)
    return _Raw(
        found.game[:roots].copy(),
        found.support[:roots].copy(),
        found.kind[:roots].copy(),
        found.sign[:roots].copy(),
        found.strategies[:roots].copy(),
        found.open_game[:doubts].copy(),
        found.why[:doubts].copy(),
        found.doubt[:doubts].copy(),
    )


def _joined(calls: list[_Raw]) -> _Raw:
    """What several calls of the kernel found, as one."""
    return _Raw(
        np.concatenate([call.game for call in calls]),
        np.concatenate([call.support for call in calls]),
        np.concatenate([call.kind for call in calls]),
        np.concatenate([call.sign for call in calls]),
        np.concatenate([call.strategies for call in calls]),
        np.concatenate([call.open_game for call in calls]),
        np.concatenate([call.why for call in calls]),
        np.concatenate([call.doubt for call in calls]),
    )


def _decided(games: Games, raw: _Raw, *, exact: bool) -> Listed:
    """Keep the roots that are equilibria; decide those on an edge or with a tie, and say what stays in doubt."""
    from gametheory.kernels.roots import REGULAR

    index, keep, supports = raw.sign.copy(), raw.kind == REGULAR, mixed_supports(games.shape)
    doubts, near = _unsettled(games, raw)
    tied = np.zeros(len(games), dtype=bool)
    for s in np.flatnonzero(~keep):
        game = int(raw.game[s])
        own = [raw.strategies[s, k, :size] for k, size in enumerate(games.shape)]
        keep[s], value = _doubtful(games[game], own, supports[raw.support[s]], exact=exact)
        tied[game] = True
        index[s] = UNKNOWN if value is None else value
        if value is None:
            doubts.setdefault(game, f"near {_in_words(games, own)}: a tie could not be decided")
    strategies = tuple(raw.strategies[keep, k, :size] for k, size in enumerate(games.shape))
    return Listed(raw.game[keep], strategies, index[keep], doubts, tied, near)


def _doubtful(games: Games, strategies: list[FloatArray], support: IntArray, *, exact: bool) -> tuple[bool, int | None]:
    """Whether to list a root that may lie on an edge or leave an action tied, and its index, None if it is unknown.

    On an edge some actions of the support have no weight. Such a root is not listed: it belongs to a smaller support,
    and is found there. It is proved to lie on the edge if exactly there those actions are tied.
    """
    payoffs = fractions_of(games if exact else _snapped(games), 0, snap=False)
    profile = rational_profile(strategies)
    ties = tied_actions(payoffs, profile)
    unused = [
        (player, action)
        for player, own in enumerate(strategies)
        for action in np.flatnonzero(own == 0).tolist()
        if support[player] >> action & 1
    ]
    if unused:
        return False, 0 if ties and all(action in ties[player] for player, action in unused) else None
    if ties is None:
        return True, None
    return True, tied_index(games.payoffs[0], [np.array(own, dtype=float) for own in profile], ties)


def _guess(games: Games, strategies: list[FloatArray], *, exact: bool) -> list[FloatArray]:
    """The simplest fractions near a profile of one game, if they are an equilibrium; else nothing."""
    payoffs = fractions_of(games if exact else _snapped(games), 0, snap=False)
    profile = rational_profile(strategies, CLOSE)
    return [] if tied_actions(payoffs, profile) is None else [np.array(own, dtype=float) for own in profile]


def _snapped(games: Games) -> Games:
    """The same games with payoffs made equal that differ by rounding only, as the kernel reads them."""
    from gametheory.kernels.reduction import snap

    payoffs = games.payoffs.copy()
    for table in payoffs:
        for player in range(len(games.shape)):
            own_first = np.moveaxis(table[player], player, 0)
            flat = np.ascontiguousarray(own_first.reshape(games.shape[player], -1))
            snap(flat)
            own_first[...] = flat.reshape(own_first.shape)
    return replace(games, payoffs=payoffs)


def _unsettled(games: Games, raw: _Raw) -> tuple[dict[int, str], dict[int, list[FloatArray]]]:
    """A sentence for each game in which supports stayed open, about the worst of them, and its place."""
    from gametheory.kernels.cells import CONTINUUM, WORK

    sentences: dict[int, str] = {}
    near: dict[int, list[FloatArray]] = {}
    for game in np.unique(raw.open_game):
        rows = np.flatnonzero(raw.open_game == game)
        worst = rows[np.argmax(raw.why[rows])]
        own = [raw.doubt[worst, k, :size] for k, size in enumerate(games.shape)]
        place, why = _in_words(games, own), int(raw.why[worst])
        if why == CONTINUUM:
            text = f"a continuum of equilibria, of which some points are listed: all near {place} with the same support"
        elif why == WORK:
            text = f"the search about {place} took too long; more seconds may settle it"
        else:
            text = f"near {place} equilibria are neither excluded nor isolated; a continuum of them looks like this"
        near[int(game)] = own
        rest = len(rows) - 1
        more = f" ({rest} more {'support is' if rest == 1 else 'supports are'} open)" if rest else ""
        sentences[int(game)] = text + more
    return sentences, near


def _in_words(games: Games, strategies: list[FloatArray]) -> str:
    """A profile in words: ``0.25 hold + 0.75 fold, hold``."""
    texts = []
    for labels, own in zip(games.actions, strategies, strict=True):
        used = np.flatnonzero(own > 0)
        shares = [f"{own[a]:.4g} {labels[a]}" if len(used) > 1 else labels[a] for a in used]
        texts.append(" + ".join(shares))
    return ", ".join(texts)


def _certified(games: Games, listed: Listed) -> Solutions:
    """Sort the equilibria, weigh them, and attach the certificates."""
    columns = [own[:, a] for own in listed.strategies for a in range(own.shape[1])]
    order = np.lexsort([*(-column for column in reversed(columns)), listed.game])
    game, index = listed.game[order], listed.index[order]
    strategies = tuple(np.ascontiguousarray(own[order]) for own in listed.strategies)
    seen = certify.check(games.payoffs, game, strategies)
    component = np.arange(len(game)) - np.searchsorted(game, game)
    doubtful = np.zeros(len(games), dtype=bool)
    doubtful[list(listed.doubts)] = True
    sums, unsure = np.zeros(len(games), dtype=np.int64), np.zeros(len(games), dtype=bool)
    unsure[game[index == UNKNOWN]] = True
    np.add.at(sums, game, np.where(index == UNKNOWN, 0, index))
    certificates = certify.certificates(
        count=len(games),
        game=game,
        regret=seen.regret,
        sound=seen.sound,
        repeats=certify.duplicated(game, strategies),
        index_sum=None,
        tied=listed.tied,
        proof=PROOF,
        reasons=[
            (~games.finite, FAILED, "a payoff is not a finite number"),
            (doubtful, PARTIAL, ""),
            (~unsure & (sums != 1), PARTIAL, "the indices of the listed equilibria do not sum to 1"),
        ],
    )
    told = not unsure.all()
    certificates = replace(certificates, index_sum=np.where(unsure, UNKNOWN, sums) if told else None)
    return Solutions(
        games=games,
        order="simultaneous",
        concept="nash",
        game=game.astype(np.int64),
        strategies=strategies,
        payoffs=seen.payoffs,
        regret=seen.regret,
        index=np.where(unsure[game], UNKNOWN, index) if told else None,
        component=np.where(unsure[game], UNKNOWN, component) if told else None,
        certificates=_with_reasons(certificates, listed.doubts, ~unsure & (sums == 1)),
    )


def _with_reasons(certificates: Certificates, doubts: dict[int, str], summed: NDArray[np.bool_]) -> Certificates:
    """Say of each doubtful game what its own doubt is, and of each complete one whether its indices sum to 1."""
    reason = certificates.reason.copy()
    for game, why in doubts.items():
        reason[game] = f"{why}; every pure equilibrium is listed"
    reason[summed & (reason == PROOF)] = SUMMED
    return replace(certificates, reason=reason)
