"""Which Nash equilibria does a tree have, and which of them rest on incredible threats?

All equilibria of the reduced strategic form, by the solvers of that form, with each mixture of plans written as
behaviour at the information sets (Kuhn 1953, Contributions to the Theory of Games II).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.games.extensive import MOST_CELLS, ExtensiveGames
from gametheory.games.plans import MOST_PLANS, plan_count
from gametheory.games.trees import FloatArray, IntArray, Tree
from gametheory.kernels import announce_compilation
from gametheory.solutions import FAILED, Certificates, Solutions
from gametheory.solvers.registry import SIMULTANEOUS, checked_options, chosen_solver, solver
from gametheory.solvers.task import Task
from gametheory.solvers.trees import certificate
from gametheory.solvers.trees.play import believed, best_fill
from gametheory.solvers.trees.resting import resting
from gametheory.solvers.trees.threats import threats
from gametheory.tree_solutions import TreeSolutions

SAME = 1e-9  # behaviour that differs by less is the same
MOST_PROFILES = 20_000  # profiles of plans; the search of larger tables takes minutes
TINY = 1e-13  # probabilities below this are rounding
CREDIBLE = "credible"


def nash(games: ExtensiveGames, *, workers: int | None, seconds: float) -> TreeSolutions:
    """Find the Nash equilibria of every game; the verdict is that of the strategic form.

    Actions at information sets off the path that another action beats whatever is believed there are ``threats`` where
    the outcome rests on them, and else ``idle``. ``credible`` equilibria have none: each action is best for some
    belief, which makes them weak perfect Bayesian equilibria. Raises InputError where the tree has too many plans.
    """
    if not len(games):
        none, texts = np.zeros(0, dtype=np.int64), np.empty(0, dtype=object)
        nothing = Certificates(texts, none, np.zeros(0), None, texts)
        return described(games, none, np.zeros((0, games.tree.move_count)), nothing, concept="nash")
    table = games.strategic()
    name = chosen_solver(table, SIMULTANEOUS, "nash")
    announce_compilation()
    found = solver(name)(table, Task(workers=workers, seconds=seconds, options=checked_options(name, {})))
    game, behaviour, rows = as_behaviour(games, found)
    listed = described(games, game, behaviour, found.certificates, concept="nash")
    return replace(
        listed,
        index=None if found.index is None else found.index[rows],
        component=None if found.component is None else found.component[rows],
    )


def fits(tree: Tree, count: int) -> bool:
    """Whether the strategic form of so many games on a tree is small enough to be written down and searched."""
    plans = [plan_count(tree, player) for player in range(len(tree.players))]
    profiles = math.prod(plans)
    return max(plans) <= MOST_PLANS and profiles <= MOST_PROFILES and count * len(plans) * profiles <= MOST_CELLS


def as_behaviour(games: ExtensiveGames, found: Solutions) -> tuple[IntArray, FloatArray, NDArray[np.intp]]:
    """Mixtures of plans as behaviour: the games, ``behaviour[row, move]`` and the solution each row comes from.

    Mixtures that come to the same behaviour are listed once. At sets that own play excludes, behaviour is a best reply.
    """
    tree = games.tree
    behaviour, excluded = np.zeros((len(found), tree.move_count)), np.zeros((len(found), len(tree.sets)), dtype=bool)
    for player, weights in enumerate(found.strategies):
        for place, number in enumerate(tree.sets_of(player)):
            plan, first = games.plans[player][:, place], tree.first_move[number]
            for action in range(len(tree.sets[number].actions)):
                behaviour[:, first + action] = weights[:, plan == action].sum(axis=1)
            moves = slice(first, tree.first_move[number + 1])
            own = behaviour[:, moves]
            own[own <= TINY] = 0.0
            total = own.sum(axis=1, keepdims=True)
            excluded[:, number] = total[:, 0] <= 0
            behaviour[:, moves] = np.where(total > 0, own / np.where(total > 0, total, 1.0), 1 / own.shape[1])
    behaviour = best_fill(games, found.game, behaviour, excluded)
    kept = _first_of_each(found.game, np.where(excluded[:, tree.set_of_move], -1.0, behaviour))
    return found.game[kept], behaviour[kept], kept


def _first_of_each(game: IntArray, behaviour: FloatArray) -> NDArray[np.intp]:
    """The rows without those that repeat an earlier row of the same game; a row that uses other moves does not."""
    kept: list[int] = []
    used = behaviour > 0
    for row in range(len(game)):
        place = len(kept) - 1
        while place >= 0 and game[kept[place]] == game[row]:
            near = np.abs(behaviour[kept[place]] - behaviour[row]).max(initial=0.0) <= SAME
            if near and np.array_equal(used[kept[place]], used[row]):
                break
            place -= 1
        else:
            kept.append(row)
    return np.array(kept, dtype=np.intp)


def described(
    games: ExtensiveGames, game: IntArray, behaviour: FloatArray, certificates: Certificates, *, concept: str
) -> TreeSolutions:
    """Nash equilibria with beliefs, threats, tags and certificates; what leaves a plan a gain fails its game."""
    tree = games.tree
    open_sets = tree.open_sets(behaviour)
    found, nearest = threats(games, game, behaviour, open_sets)
    named, idle, words = resting(games, game, behaviour, found)
    beliefs, known = believed(games, game, behaviour)
    for number, own in enumerate(tree.sets):
        nodes = list(own.nodes)
        beliefs[:, nodes] = np.where(known[:, [number]], beliefs[:, nodes], nearest[:, nodes])
    seen = certificate.check(games, game, behaviour, beliefs, limits=False)
    return TreeSolutions(
        games=games,
        order="simultaneous",
        concept=concept,
        game=game,
        behaviour=behaviour,
        beliefs=beliefs,
        reached=seen.reached,
        payoffs=seen.payoffs,
        regret=np.maximum(seen.plan_gain, 0.0),
        component=None,
        index=None,
        certificates=confirmed(certificates, game, seen.plan_gain, seen.valid & seen.no_plan_gain),
        tags=tuple(
            (*pure_word(row, tree.first_move), word or CREDIBLE) for row, word in zip(behaviour, words, strict=True)
        ),
        threats=tuple(named),
        idle=tuple(idle),
    )


def pure_word(row: FloatArray, first_move: IntArray) -> tuple[str, ...]:
    """The word ``pure`` where every information set has one move in use."""
    sets: Sequence[FloatArray] = np.split(row, first_move[1:-1].tolist())
    return ("pure",) if all((own > 0).sum() == 1 for own in sets) else ()


def confirmed(own: Certificates, game: IntArray, gain: FloatArray, sound: NDArray[np.bool_]) -> Certificates:
    """The certificates of a list of behaviour: how many, their largest gain, and failed where one is wrong."""
    count = len(own)
    largest = np.zeros(count)
    np.maximum.at(largest, game, np.maximum(gain, 0.0))
    wrong = np.bincount(game[~sound], minlength=count) > 0
    verdict, reason = own.verdict.astype(object), own.reason.astype(object)
    verdict[wrong], reason[wrong] = FAILED, "a listed solution leaves a player a profitable deviation"
    return Certificates(verdict, np.bincount(game, minlength=count).astype(np.int64), largest, own.index_sum, reason)


def too_large(games: ExtensiveGames) -> InputError:
    """The error for trees that no solver of all equilibria can take."""
    return InputError(
        f"{games!r}: too many plans, and not two players, for which the sequence form would find one equilibrium; "
        "cut the tree, or ask for order 'subgame_perfect' or 'sequential'"
    )
