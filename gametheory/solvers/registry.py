"""Which solvers are there, what does each claim to find, and which one fits a batch of games?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from math import comb, prod
from types import MappingProxyType

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.games.strategic import Games
from gametheory.markup import described
from gametheory.solutions import Solutions
from gametheory.solvers.task import Task

__all__ = [
    "FINDINGS",
    "LEADER",
    "SIMULTANEOUS",
    "SOLVERS",
    "Finding",
    "Solver",
    "chosen_solver",
    "enumerable",
    "finding",
    "solver",
]

SIMULTANEOUS, LEADER = "simultaneous", "leader"
ANY = 0  # any number of players
MOST_LABELS = 62  # actions of both players together: the bits of a signed 64-bit word
# Memory for the vertices of one polytope. It admits 14 x 14, 11 x 17, 8 x 23 and 4 x 58 actions: random games of these
# sizes, with ties or without, take up to a second, unless rounding leaves a doubt. Exact arithmetic then takes half a
# minute (at 14 x 14 for 4 in 72 such games, at 12 x 12 for 2 in 72), and minutes where payoffs of very different sizes
# meet. That is a matter for a time limit and not for this one, which would give up the other games too.
MOST_BYTES = 1 << 28
MOST_SUPPORTS, MOST_PROFILES = 1 << 18, 1 << 10  # of games of three players or more whose supports are searched


@dataclass(frozen=True)
class Solver:
    """One way to solve: its concept, the order of play, the number of players, and the claim it is held to.

    ``options`` are the numbers that the concept can be asked with, each with its default; ``fits`` says whether a batch
    is of a size that it can take.
    """

    form: str
    concept: str
    order: str
    players: int
    finds: str
    options: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    fits: Callable[[Games], bool] = field(default=lambda _: True)

    def _repr_html_(self) -> str:
        """Jupyter's view: the claim, and what it is for."""
        options = ", ".join(f"{name}={value:g}" for name, value in self.options.items())
        facts = [("finds", self.finds), ("form", self.form), ("order of play", self.order)]
        facts += [("players", _players(self.players)), ("options, with their defaults", options)]
        return described(f"Solver of the concept {self.concept}", facts)


def most_vertices(shape: tuple[int, ...]) -> int:
    """How many vertices of one polytope fit the memory that is set aside for them."""
    rows, columns = shape
    return int(MOST_BYTES // (8 * max(rows * (columns + 1), columns * (rows + 1))))


def enumerable(games: Games) -> bool:
    """Whether all vertices of both polytopes of these two-player games are sure to fit the memory.

    A simple polytope of dimension d with N facets has at most ``C(N - ceil(d/2), N - d) + C(N - floor(d/2) - 1, N -
    d)`` vertices (McMullen 1970, Mathematika 17).
    """
    labels = sum(games.shape)
    bounds = [comb(labels - -(-d // 2), labels - d) + comb(labels - d // 2 - 1, labels - d) for d in games.shape]
    return labels <= MOST_LABELS and max(bounds) <= most_vertices(games.shape)


def searchable(games: Games) -> bool:
    """Whether these games have three players or more, and few enough actions to search every support."""
    supports = prod((1 << size) - 1 for size in games.shape)
    return len(games.shape) > 2 and supports <= MOST_SUPPORTS and prod(games.shape) <= MOST_PROFILES


# Each name is that of the file in this folder whose ``solve(games, task)`` does the work. Of several that fit, the
# first is taken.
SOLVERS: Mapping[str, Solver] = MappingProxyType(
    {
        "vertices": Solver(
            "strategic",
            "nash",
            SIMULTANEOUS,
            2,
            "every extreme equilibrium of two players, ties included",
            fits=enumerable,
        ),
        "large": Solver(
            "strategic",
            "nash",
            SIMULTANEOUS,
            2,
            "every equilibrium in actions of two players, and mixed ones; an optimal pair where the game is zero-sum",
        ),
        "supports": Solver(
            "strategic",
            "nash",
            SIMULTANEOUS,
            ANY,
            "every equilibrium of three players or more where each is isolated, mixed ones included",
            fits=searchable,
        ),
        "pure": Solver("strategic", "nash", SIMULTANEOUS, ANY, "every equilibrium in actions"),
        "leader": Solver("strategic", "nash", LEADER, 2, "every path of play under both tie rules"),
        "commitment": Solver(
            "strategic",
            "commitment",
            LEADER,
            2,
            "every extreme optimal mixed commitment, strong tie rule",
            fits=enumerable,
        ),
        "logit": Solver(
            "strategic",
            "logit",
            SIMULTANEOUS,
            ANY,
            "the first point of the principal logit branch at a precision, in 1 / unit of payoff",
            options=MappingProxyType({"precision": 1.0}),
        ),
        "logit_limit": Solver(
            "strategic", "logit_limit", SIMULTANEOUS, ANY, "one equilibrium: the limit of the principal logit branch"
        ),
        "tracing": Solver(
            "strategic", "tracing", SIMULTANEOUS, 2, "one equilibrium: the end of linear tracing from the uniform prior"
        ),
        "level_k": Solver(
            "strategic",
            "level_k",
            SIMULTANEOUS,
            ANY,
            "the play of players who think some steps ahead: a prediction, not an equilibrium",
            options=MappingProxyType({"level": 2.0}),
        ),
        "cognitive_hierarchy": Solver(
            "strategic",
            "cognitive_hierarchy",
            SIMULTANEOUS,
            ANY,
            "the play of a population whose steps of thinking are Poisson: a prediction, not an equilibrium",
            options=MappingProxyType({"tau": 1.5}),
        ),
        "maximin": Solver(
            "strategic",
            "maximin",
            SIMULTANEOUS,
            ANY,
            "a strategy of every player that guarantees it the most: no equilibrium is claimed",
            options=MappingProxyType({"pure": 0.0}),
        ),
        "minimax_regret": Solver(
            "strategic",
            "minimax_regret",
            SIMULTANEOUS,
            ANY,
            "a strategy of every player whose largest regret is least: no equilibrium is claimed",
            options=MappingProxyType({"pure": 0.0}),
        ),
        "perfect": Solver(
            "strategic",
            "perfect",
            SIMULTANEOUS,
            2,
            "every extreme equilibrium of two players that is trembling-hand perfect",
            fits=enumerable,
        ),
        "proper": Solver(
            "strategic",
            "proper",
            SIMULTANEOUS,
            2,
            "every extreme equilibrium of two players that is proper",
            fits=enumerable,
        ),
    }
)


@dataclass(frozen=True)
class Finding:
    """One concept whose answer is no list of strategies: what it finds, and the function of its file that finds it."""

    form: str
    players: int
    finds: str
    function: str

    def _repr_html_(self) -> str:
        """Jupyter's view: what is found, and for which games."""
        facts = [("finds", self.finds), ("form", self.form), ("players", _players(self.players))]
        return described(f"Finding by {self.function}", facts)


# Each name is that of the file in this folder that holds the function.
FINDINGS: Mapping[str, Finding] = MappingProxyType(
    {
        "logit_branch": Finding(
            "strategic", ANY, "the principal logit branch of one game, point by point to its limit", "logit_branch"
        ),
        "rationalizable": Finding(
            "strategic", ANY, "every action that survives iterated strict dominance, also by mixtures", "rationalizable"
        ),
        "correlated": Finding(
            "strategic", ANY, "bounds of any measure over all correlated, or all coarse, equilibria", "correlated"
        ),
        "guarantees": Finding(
            "strategic", ANY, "every player's security level, or the least that it can hold its regret to", "guarantees"
        ),
        "bargaining": Finding(
            "strategic",
            2,
            "the agreement of two players by Nash, Kalai and Smorodinsky, or Rubinstein, over a game's outcomes",
            "bargain",
        ),
        "evolution": Finding(
            "strategic",
            2,
            "every evolutionarily stable strategy and isolated rest point of the replicator dynamic of symmetric games",
            "evolution",
        ),
        "learning": Finding(
            "strategic", 2, "one trajectory of learning or of a population, by nashpy: it proves nothing", "learn"
        ),
    }
)


def solver(name: str) -> Callable[[Games, Task], Solutions]:
    """Return the function behind a name of the registry."""
    found: Callable[[Games, Task], Solutions] = import_module(f"gametheory.solvers.{name}").solve
    return found


def finding(name: str) -> Callable[..., object]:
    """Return the function behind a name of the findings."""
    found: Callable[..., object] = getattr(import_module(f"gametheory.solvers.{name}"), FINDINGS[name].function)
    return found


def chosen_solver(games: Games, order: str, concept: str) -> str:
    """Return the name of the solver for these games; raise where there is none."""
    _known("order: no player named", order, (SIMULTANEOUS, *games.players))
    _known("concept: no concept named", concept, sorted({entry.concept for entry in SOLVERS.values()}))
    kind = SIMULTANEOUS if order == SIMULTANEOUS else LEADER
    named = {name: entry for name, entry in SOLVERS.items() if entry.concept == concept}
    ordered = {name: entry for name, entry in named.items() if entry.order == kind}
    if not ordered:
        advice = "name the player who moves first" if kind == SIMULTANEOUS else "it is for simultaneous play"
        raise InputError(f"concept {concept!r}: no answer for order {order!r}; {advice}")
    count = len(games.players)
    for name, entry in ordered.items():
        if entry.players in (ANY, count) and entry.fits(games):
            return name
    if kind == LEADER and count != 2:
        raise InputError(f"order {order!r}: an observed leader is solved for two players only; this game has {count}")
    wanted = " or ".join(sorted({str(entry.players) for entry in ordered.values()}))
    sizes = " x ".join(map(str, games.shape))
    raise InputError(f"concept {concept!r}, order {order!r}: needs {wanted} players and a game that fits, not {sizes}")


def checked_options(name: str, options: Mapping[str, float]) -> Mapping[str, float]:
    """Return a value for every option of a solver; raise for a name that it does not have."""
    return named_options(f"solver {name!r}", SOLVERS[name].options, options)


def named_options(what: str, known: Mapping[str, float], options: Mapping[str, float]) -> Mapping[str, float]:
    """Return a value for every known option; raise UnknownNameError for a name that is not known."""
    for option in options:
        _known(f"{what}: no option named", option, tuple(known))
    return MappingProxyType({**known, **{option: float(value) for option, value in options.items()}})


def _players(count: int) -> str:
    """How many players there may be, in words."""
    return "any number" if count == ANY else str(count)


def _known(what: str, name: str, known: tuple[str, ...] | list[str]) -> None:
    """Raise unless the name is known, saying which are."""
    if name not in known:
        listed = f"expected one of {', '.join(known)}" if known else "it has none"
        raise UnknownNameError(f"{what} {name!r}, {listed}{did_you_mean(name, known)}")
