"""Does a conclusion survive players who are wrong about each other's payoffs?

A hypergame of the first level (Bennett 1977, Omega 5; 1980, Journal of the Operational Research Society 31): every
player plays the game that it sees, and takes it for the game that all see. What it sees is right about itself and about
every parameter that enters its own payoffs or those of several players; it is wrong about the parameters that enter the
payoffs of one other player alone. Each player solves its own game, and plays its part of a solution of it. A player who
answers a move that it has seen answers by its true payoffs, whatever it had expected.

Where the games that the players see have several solutions, every combination of what the players may do counts.
Correlations, constraints and rankings of the parameters are not imposed on what is believed.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.assumptions.kinds import (
    Alternative,
    claim_cells,
    holds_over,
    restricted_games,
    shared,
    solved,
)
from gametheory.expressions import Formula, evaluate
from gametheory.kernels.payoffs import as_good
from gametheory.model.evaluation import closure, payoff_array
from gametheory.parameters import Law, stream
from gametheory.solvers.leader import as_leader, marked_paths
from gametheory.study import ALL, FAILED, NONE, SOME

if TYPE_CHECKING:
    from gametheory.analyses.assumptions.kinds import Design
    from gametheory.games import Games
    from gametheory.model import Claim, Model
    from gametheory.solutions import Solutions

__all__ = ["PERCEPTIONS", "Perception", "Plays", "perceived_games", "perceptions", "plays", "private_parameters"]

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FAMILY = "perception"
TAIL = 0.1  # probability below the low and above the high value that the others are believed to have
CLOSE, ROUGH = 0.9, 0.5  # correlation, in normal scores, between an estimate and what is estimated
RANKS = 4096  # steps in which the rank of a value under its law is told
EDGE = 0.5 / RANKS
ERRORS_KEY = 29  # key of the errors beside other random numbers
MOST_COMBINATIONS = 400  # of solutions in a draw; a draw with more counts as failed


@dataclass(frozen=True)
class Perception:
    """How another player's parameter is seen: in words, and as values from its law, the truth and normal errors."""

    words: str
    seen: Callable[[Law, FloatArray, FloatArray], FloatArray]


def _at(share: float, law: Law, true: FloatArray, _errors: FloatArray) -> FloatArray:
    """The same quantile whatever is true, or the end of an interval."""
    value = law.quantile(share) if law.has_probability else law.support()[share > 0.5]
    return np.full(true.shape, float(value))


def _estimated(correlation: float, law: Law, true: FloatArray, errors: FloatArray) -> FloatArray:
    """An estimate that has the law of the parameter and is correlated with it; an interval counts as evenly spread."""
    from scipy.special import ndtr, ndtri

    spread = law if law.has_probability else _even(law)
    score = correlation * ndtri(_rank(spread, true)) + math.sqrt(1.0 - correlation**2) * errors
    return spread.quantile(ndtr(score).clip(EDGE, 1.0 - EDGE))


ESTIMATE = (
    "with an error of its own: the estimate follows the law and is correlated {:g} with the truth (in normal scores; "
    "an interval counts as evenly spread)"
)
PERCEPTIONS: Mapping[str, Perception] = MappingProxyType(
    {
        "others low": Perception(
            f"at the value that its law falls below with probability {TAIL:g} (an interval at its low end)",
            partial(_at, TAIL),
        ),
        "others high": Perception(
            f"at the value that its law exceeds with probability {TAIL:g} (an interval at its high end)",
            partial(_at, 1.0 - TAIL),
        ),
        "close estimates": Perception(ESTIMATE.format(CLOSE), partial(_estimated, CLOSE)),
        "rough estimates": Perception(ESTIMATE.format(ROUGH), partial(_estimated, ROUGH)),
    }
)
"""How players see the parameters that enter one other player's payoffs alone."""


class Plays(NamedTuple):
    """What may be played in each draw, one row a combination of what the players have in mind, sorted by draw.

    ``strategies`` are those played, ``float64[row, action]`` a player; ``minds`` say, player by player, which solution
    of the game that it sees a player has in mind: ``int64[row]``. In draws that ``failed`` nothing is listed, in
    ``partial`` ones more may be played: ``bool[draw]``.
    """

    draw: IntArray
    strategies: tuple[FloatArray, ...]
    minds: tuple[IntArray, ...]
    failed: BoolArray
    partial: BoolArray


def perceptions(model: Model, _claim: Claim) -> list[Alternative]:
    """Players who are wrong about the parameters that enter one other player's payoffs alone; none if there are none.

    >>> from gametheory.reader import load
    >>> model = load("reference_involvement")
    >>> [found.name for found in perceptions(model, model.claims["caution_prevails"])]
    ['others low', 'others high', 'close estimates', 'rough estimates']
    """
    if not any(private_parameters(model).values()):
        return []
    return [
        Alternative(name, FAMILY, assumption(model, perception), partial(_codes, name))
        for name, perception in PERCEPTIONS.items()
    ]


def assumption(model: Model, perception: Perception) -> str:
    """What a perception assumes of a model, in words."""
    own = [f"of {name} {', '.join(names)}" for name, names in private_parameters(model).items() if names]
    return f"every player sees each number that enters another one's payoffs alone {perception.words}: {'; '.join(own)}"


@lru_cache(maxsize=16)
def _private(model: Model) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The uncertain parameters that enter the payoffs of one player alone, by player."""
    entering = {player.name: _entering(model, player.name) for player in model.players}
    found = []
    for name, own in entering.items():
        others = frozenset().union(*(names for other, names in entering.items() if other != name))
        kept = (p.name for p in model.parameters.values() if p.law.kind != "fixed" and p.name in own - others)
        found.append((name, tuple(kept)))
    return tuple(found)


def private_parameters(model: Model) -> dict[str, tuple[str, ...]]:
    """The uncertain parameters that enter the payoffs of one player alone, by player.

    >>> from gametheory.reader import load
    >>> private_parameters(load("reference_involvement"))
    {'nato': ('disaster_loss_nato',), 'russia': ('stake_russia', 'disaster_loss_russia')}
    """
    return dict(_private(model))


def perceived_games(model: Model, name: str, games: Games, design: Design) -> tuple[Games, ...]:
    """The game that each player sees in each draw, player by player, under the perception of this name.

    ``games`` are the true ones, built from the points of ``design``. The errors of estimates belong to the draws: the
    same block of draws has the same errors each time, and a shorter block begins with those of a longer one.
    """
    private, rows = private_parameters(model), len(games)
    errors = _errors(model, rows, design)
    seen = []
    for place, player in enumerate(model.players):
        points = {parameter: _column(model, parameter, design) for parameter in model.parameters}
        for owner, names in private.items():
            for parameter in () if owner == player.name else names:
                true = np.broadcast_to(points[parameter], rows)
                noise = errors[:, place, sorted(model.parameters).index(parameter)]
                points[parameter] = PERCEPTIONS[name].seen(model.parameters[parameter].law, true, noise)
        payoffs = payoff_array(model, points, rows, evaluate, np.float64)  # unasked whether it keeps all rankings
        seen.append(replace(games, payoffs=payoffs, exact=None, source=None))
    return tuple(seen)


def plays(believed: Sequence[Solutions], truth: Games, order: str) -> Plays:
    """What is played where each player acts on a solution of the game that it sees: ``believed``, player by player.

    Simultaneously every player plays its own part. A leader makes its own move, and the follower's answer is the best
    reply by the true payoffs, ties broken by the rule (for or against the leader) by which the leader has that move.
    """
    count = np.stack([own.count for own in believed])
    partial = np.logical_or.reduce([own.certificates.verdict == "partial" for own in believed])
    failed = np.logical_or.reduce([own.certificates.verdict == "failed" for own in believed])
    total = np.prod(count.astype(np.float64), axis=0)
    failed = failed | (total > MOST_COMBINATIONS) | (partial & (total < 1.0))
    total = np.where(failed, 0, total).astype(np.int64)
    draw = np.repeat(np.arange(len(truth)), total)
    turn = np.arange(len(draw)) - np.repeat(np.cumsum(total) - total, total)
    minds = []
    for own in count:
        minds.append((np.cumsum(own) - own)[draw] + turn % own[draw])
        turn //= own[draw]
    if order != "simultaneous":
        return _answered(believed, truth, order, Plays(draw, (), tuple(minds), failed, partial & ~failed))
    strategies = tuple(own.strategies[k][minds[k]] for k, own in enumerate(believed))
    return Plays(draw, strategies, tuple(minds), failed, partial & ~failed)


def _answered(believed: Sequence[Solutions], truth: Games, order: str, found: Plays) -> Plays:
    """The leader's moves with the true answers to them."""
    leader = truth.players.index(order)
    mind = found.minds[leader]
    move = believed[leader].strategies[leader][mind].argmax(axis=1)
    own, its = (table[found.draw, move][:, np.newaxis] for table in as_leader(truth.payoffs, leader))
    with np.errstate(invalid="ignore"):
        strong, weak = (mask[:, 0] for mask in marked_paths(own, its, as_good))
    rule = np.array(believed[leader].tie_rule or [""] * len(believed[leader]), dtype=np.str_)[mind]
    replies = np.where(rule[:, None] == "strong", strong, np.where(rule[:, None] == "weak", weak, strong | weak))
    row, reply = np.nonzero(replies)
    first, second = np.eye(truth.shape[leader])[move[row]], np.eye(truth.shape[1 - leader])[reply]
    strategies = (first, second) if leader == 0 else (second, first)
    return found._replace(draw=found.draw[row], strategies=strategies, minds=tuple(m[row] for m in found.minds))


def _codes(name: str, model: Model, claim: Claim, games: Games, design: Design) -> NDArray[np.int8]:
    """How often a claim holds in what is really played."""
    seen = shared(games, ("perceived", name), lambda: perceived_games(model, name, games, design))
    left = restricted_games(games, claim)
    found = shared(left, ("plays", name, claim.order), lambda: plays(
        [solved(restricted_games(own, claim), order=claim.order) for own in seen], left, claim.order
    ))  # fmt: skip
    holds = holds_over(claim, claim_cells(model, claim, left, design), found.strategies, found.draw)
    always, ever = in_draws(found, holds)
    codes = np.where(always, ALL, np.where(ever, SOME, NONE)).astype(np.int8)
    codes[found.partial] = np.where(ever, SOME, FAILED)[found.partial]
    codes[found.failed] = FAILED
    return codes


def in_draws(found: Plays, holds: BoolArray) -> tuple[BoolArray, BoolArray]:
    """In which draws something holds in all that may be played, and in some of it; never in draws without plays."""
    draws = len(found.failed)
    rows = np.bincount(found.draw, minlength=draws)
    held = np.bincount(found.draw, weights=holds, minlength=draws)
    return (rows > 0) & (held > rows - 0.5), held > 0.5


def _entering(model: Model, player: str) -> frozenset[str]:
    """The names that a player's payoffs rest on, those in the cells of tables included."""
    entry = model.payoffs[player]
    names = closure(model, (entry,) if isinstance(entry, Formula) else entry.formulas)
    cells = [formula for table in model.tables.values() if table.name in names for formula in table.cells.formulas]
    return names | closure(model, cells)


def _column(model: Model, parameter: str, design: Design) -> FloatArray:
    """The true values of a parameter."""
    return np.atleast_1d(np.asarray(design.get(parameter, model.parameters[parameter].value), dtype=np.float64))


def _errors(model: Model, rows: int, design: Design) -> FloatArray:
    """Standard normal errors, ``float64[draw, player, parameter]``, that belong to the first draw of the block."""
    from scipy.special import ndtri

    first = [float(_column(model, name, design)[0]) for name in model.joint.names]
    seed = int.from_bytes(hashlib.sha256(np.array(first).tobytes()).digest()[:8], "little")
    uniforms = stream(seed, ERRORS_KEY).random((rows, len(model.players), len(model.parameters)))
    return np.asarray(ndtri(uniforms.clip(EDGE, 1.0 - EDGE)))


@lru_cache(maxsize=64)
def _grid(law: Law) -> FloatArray:
    """The quantiles of a law in the middle of equally probable steps."""
    return law.quantile((np.arange(RANKS) + 0.5) / RANKS)


def _rank(law: Law, values: FloatArray) -> FloatArray:
    """The rank of values under a law, strictly between 0 and 1; of a value with a probability the middle of its ranks.

    >>> _rank(Law("uniform", low=0, high=4), np.array([-1.0, 1.0, 9.0])).round(3).tolist()
    [0.0, 0.25, 1.0]
    """
    below, within = (np.searchsorted(_grid(law), values, side=side) for side in ("left", "right"))
    return ((below + within) / (2.0 * RANKS)).clip(EDGE, 1.0 - EDGE)


def _even(law: Law) -> Law:
    """An interval as a law that spreads evenly over it."""
    low, high = law.support()
    return Law("uniform", low=low, high=high)
