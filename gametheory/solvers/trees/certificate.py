"""Does a solution of an extensive game hold: no gain by deviating, beliefs by Bayes' rule, and consistent elsewhere?

The certifier starts from the tree, the payoffs, the behaviour and the beliefs alone and shares nothing with the
solvers. Behaviour and beliefs are consistent when they are the limit of completely mixed behaviour and of the beliefs
that follow from it. That is so exactly when every unused move can be given an order ``e >= 1`` and a weight ``z > 0``
such that the nodes of a set that are believed in are those of least total order, in the ratio of their total weights
(Kreps and Wilson 1982, Econometrica 50, appendix). Orders are a linear program, weights a linear system in logarithms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import FloatArray, IntArray, Tree

BoolArray = NDArray[np.bool_]
Nodes = tuple[int, ...]

SOUND = 1e-9  # largest gain, as a share of the payoffs in play where the deviation begins
SAME = 1e-7  # beliefs may differ so much from what Bayes' rule gives


@dataclass(frozen=True, eq=False)
class TreeCheck:
    """What holds of each solution; all arrays have one row a solution.

    ``plan_gain`` is the most that a player could gain by another plan for the whole game, ``set_gain`` by another
    action at one information set, given the beliefs there; ``no_plan_gain`` and ``no_set_gain`` say that these are
    rounding. ``bayes``: beliefs follow from behaviour where play comes; ``consistent``: and elsewhere are limits of
    such beliefs.
    """

    payoffs: FloatArray
    reached: FloatArray
    plan_gain: FloatArray
    set_gain: FloatArray
    valid: BoolArray
    no_plan_gain: BoolArray
    no_set_gain: BoolArray
    bayes: BoolArray
    consistent: BoolArray


def check(
    games: ExtensiveGames, game: IntArray, behaviour: FloatArray, beliefs: FloatArray, *, limits: bool = True
) -> TreeCheck:
    """Weigh every solution; without ``limits`` consistency off the path is not looked at and reads False.

    >>> from gametheory.formats import parse_efg
    >>> games = parse_efg('EFG 2 R "" { "a" "b" } p "" 1 1 { "in" "out" } 0 t "" 1 { 1 2 } t "" 2 { 0 3 }')
    >>> found = check(games, np.array([0]), np.array([[0.25, 0.75]]), np.array([[1.0, 0.0, 0.0]]))
    >>> found.set_gain.tolist(), found.no_set_gain.tolist(), found.consistent.tolist()
    ([0.75], [False], [True])
    """
    tree = games.tree
    payoffs, chances = games.payoffs[game], games.chances[game]
    reached = _reached(tree, behaviour, chances)
    values, sizes = (_expected(tree, behaviour, chances, own) for own in (payoffs, np.abs(payoffs)))
    valid = np.asarray((behaviour >= 0).all(axis=1), dtype=bool)
    for first, stop in zip(tree.first_move[:-1], tree.first_move[1:], strict=True):
        valid &= np.abs(behaviour[:, first:stop].sum(axis=1) - 1) <= SAME
    set_gain, no_set_gain = _set_gains(tree, values, sizes, behaviour, beliefs)
    plan_gain, no_plan_gain = _plan_gains(tree, behaviour, chances, payoffs, 0, len(tree))
    bayes = _follows_bayes(tree, reached, beliefs)
    consistent = bayes.copy()
    known: dict[bytes, tuple[bool, FloatArray, FloatArray]] = {}
    unreached = np.zeros(len(game), dtype=bool)
    for own in tree.sets:
        unreached |= (len(own.nodes) > 1) & (reached[:, list(own.nodes)].sum(axis=1) <= 0)
    for s in np.flatnonzero(bayes & unreached) if limits else []:  # else beliefs are continuous in behaviour
        consistent[s] = _is_limit(tree, behaviour[s], beliefs[s], chances[s], known)
    return TreeCheck(
        values[:, 0],
        reached,
        plan_gain,
        set_gain,
        valid,
        no_plan_gain,
        no_set_gain,
        bayes,
        np.asarray(consistent & limits, dtype=bool),
    )


def _reached(tree: Tree, behaviour: FloatArray, chances: FloatArray) -> FloatArray:
    """Probability of each node, from the root down."""
    found = np.ones((len(behaviour), len(tree)))
    for node in range(1, len(tree)):
        found[:, node] = found[:, tree.parent[node]] * _edge(tree, node, behaviour, chances)
    return found


def _edge(tree: Tree, node: int, behaviour: FloatArray, chances: FloatArray) -> FloatArray:
    """Probability of the edge that leads to a node."""
    before = int(tree.parent[node])
    number = int(tree.set_of[before])
    return chances[:, node] if number < 0 else behaviour[:, tree.first_move[number] + tree.move[node]]


def _expected(tree: Tree, behaviour: FloatArray, chances: FloatArray, payoffs: FloatArray) -> FloatArray:
    """Expected payoffs from each node on, ``[row, node, player]``."""
    values = np.zeros((len(behaviour), len(tree), payoffs.shape[1]))
    for place, node in enumerate(tree.ends.tolist()):
        values[:, node] = payoffs[:, :, place]
    for node in range(len(tree) - 1, 0, -1):
        values[:, tree.parent[node]] += _edge(tree, node, behaviour, chances)[:, np.newaxis] * values[:, node]
    return values


def _set_gains(
    tree: Tree, values: FloatArray, sizes: FloatArray, behaviour: FloatArray, beliefs: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """The largest gain by another action at one information set, given the beliefs; and whether all are rounding."""
    gain, slight = np.zeros(len(behaviour)), np.ones(len(behaviour), dtype=bool)
    for number, own in enumerate(tree.sets):
        moves = behaviour[:, tree.first_move[number] : tree.first_move[number + 1]]
        pays, size = np.zeros(moves.shape), np.zeros(moves.shape)
        for node in own.nodes:
            for place, child in enumerate(tree.children[node]):
                pays[:, place] += beliefs[:, node] * values[:, child, own.player]
                size[:, place] += beliefs[:, node] * sizes[:, child, own.player]
        best = pays.max(axis=1)
        gain = np.maximum(gain, best - (moves * pays).sum(axis=1))
        loss = np.where(moves > 0, best[:, np.newaxis] - pays, 0.0)  # each action in use must be a best one
        slight &= (loss <= SOUND * (size + size.max(axis=1, keepdims=True)) + 1e-300).all(axis=1)
    return gain, slight


def subgame_gains(games: ExtensiveGames, game: IntArray, behaviour: FloatArray) -> tuple[FloatArray, BoolArray]:
    """The largest gain of a player by another plan for any one subgame, and whether all such gains are rounding.

    A subgame begins at a node whose subtree holds all nodes of each information set that it meets.
    """
    tree = games.tree
    payoffs, chances = games.payoffs[game], games.chances[game]
    gain, slight = np.zeros(len(game)), np.ones(len(game), dtype=bool)
    depth = tree.depth
    for root in range(len(tree)):
        stop = next((node for node in range(root + 1, len(tree)) if depth[node] <= depth[root]), len(tree))
        inside = [own.nodes for own in tree.sets if any(root <= node < stop for node in own.nodes)]
        if stop - root > 1 and all(root <= node < stop for nodes in inside for node in nodes):
            own_gain, own_slight = _plan_gains(tree, behaviour, chances, payoffs, root, stop)
            gain, slight = np.maximum(gain, own_gain), slight & own_slight
    return gain, slight


def _plan_gains(
    tree: Tree, behaviour: FloatArray, chances: FloatArray, payoffs: FloatArray, root: int, stop: int
) -> tuple[FloatArray, BoolArray]:
    """The largest gain of a player by its best plan against the others, once play stands at ``root``.

    The nodes of the subtree are those from ``root`` to before ``stop``. What a player can still get is weighed by how
    likely chance and the others make it; with perfect recall its own moves need not be weighed, and its best action at
    a set maximises the sum over the nodes there.
    """
    gain, slight = np.zeros(len(behaviour)), np.ones(len(behaviour), dtype=bool)
    values, sizes = (_expected(tree, behaviour, chances, own) for own in (payoffs, np.abs(payoffs)))
    for player in range(len(tree.players)):
        others = np.ones((len(behaviour), len(tree)))
        for node in range(root + 1, stop):
            own_move = tree.owner[tree.parent[node]] == player
            edge = 1.0 if own_move else _edge(tree, node, behaviour, chances)
            others[:, node] = others[:, tree.parent[node]] * edge
        best, size = _best_plan(tree, player, others, payoffs[:, player], (root, stop))
        own_gain = best - values[:, root, player]
        gain = np.maximum(gain, own_gain)
        slight &= own_gain <= SOUND * (size + sizes[:, root, player]) + 1e-300
    return gain, slight


def _best_plan(
    tree: Tree, player: int, others: FloatArray, payoffs: FloatArray, span: tuple[int, int]
) -> tuple[FloatArray, FloatArray]:
    """What the best plan of a player pays from a root on, and the magnitude of the payoffs that it meets.

    Information sets come in the order of how many own moves stand before them, the most first: what follows is decided.
    """
    within = (tree.ends >= span[0]) & (tree.ends < span[1])
    worth = np.where(within, others[:, tree.ends] * payoffs, 0.0)
    under = _ends_under(tree)
    own_sets = [number for number in tree.sets_of(player) if span[0] <= tree.sets[number].nodes[0] < span[1]]
    for number in sorted(own_sets, key=lambda number: -_own_moves(tree, tree.sets[number].nodes[0], player)):
        own = tree.sets[number]
        after = [[under[tree.children[node][place]] for node in own.nodes] for place in range(len(own.actions))]
        totals = np.stack([sum(worth[:, ends].sum(axis=1) for ends in ways) for ways in after], axis=1)
        chosen = totals.argmax(axis=1)
        for place, ways in enumerate(after):
            for ends in ways:
                worth[chosen != place, ends] = 0.0
    return worth.sum(axis=1), np.abs(worth).sum(axis=1)


def _own_moves(tree: Tree, node: int, player: int) -> int:
    """How many moves of the player lead to a node."""
    count = 0
    while node > 0:
        node = int(tree.parent[node])
        count += int(tree.owner[node] == player)
    return count


def _ends_under(tree: Tree) -> list[slice]:
    """The ends to which each node leads, which stand side by side."""
    last = np.arange(len(tree))
    for node in range(len(tree) - 1, 0, -1):
        last[tree.parent[node]] = max(last[tree.parent[node]], last[node])
    starts = np.searchsorted(tree.ends, np.arange(len(tree)))
    stops = np.searchsorted(tree.ends, last, side="right")
    return [slice(int(start), int(stop)) for start, stop in zip(starts, stops, strict=True)]


def _follows_bayes(tree: Tree, reached: FloatArray, beliefs: FloatArray) -> BoolArray:
    """Whether beliefs are probabilities, and follow from behaviour at the information sets that play may reach."""
    good = (beliefs >= 0).all(axis=1)
    for own in tree.sets:
        nodes = list(own.nodes)
        total = reached[:, nodes].sum(axis=1, keepdims=True)
        good &= np.abs(beliefs[:, nodes].sum(axis=1) - 1) <= SAME
        good &= (np.abs(reached[:, nodes] - beliefs[:, nodes] * total) <= SAME * total).all(axis=1)
    return np.asarray(good, dtype=bool)


def _is_limit(
    tree: Tree,
    behaviour: FloatArray,
    beliefs: FloatArray,
    chances: FloatArray,
    known: dict[bytes, tuple[bool, FloatArray, FloatArray]],
) -> bool:
    """Whether one assessment is the limit of completely mixed ones.

    Only which moves are used and which nodes believed in decides about the orders, and gives the system of the weights;
    ``known`` remembers that. A chance move of probability 0 is treated as a mistake of nature.
    """
    made = np.array([-1, *(_move_number(tree, node) for node in range(1, len(tree)))])
    share = np.where(made >= 0, behaviour[made], chances)
    share[0] = 1.0
    pattern = np.concatenate([share > 0, beliefs > 0])
    key = pattern.tobytes()
    if key not in known:
        known[key] = _orders(tree, made, pattern[: len(tree)], pattern[len(tree) :])
    ordered, pairs, system = known[key]
    if not ordered or not len(pairs):
        return ordered
    logs = np.zeros(len(tree))
    for node in range(1, len(tree)):
        logs[node] = logs[tree.parent[node]] + (np.log(share[node]) if share[node] > 0 else 0.0)
    first, second = pairs.astype(np.int64).T
    wanted = np.log(beliefs[first]) - np.log(beliefs[second]) - (logs[first] - logs[second])
    rest = wanted - system @ np.linalg.lstsq(system, wanted, rcond=None)[0] if system.shape[1] else wanted
    return bool(np.abs(rest).max() <= SAME)


def _move_number(tree: Tree, node: int) -> int:
    """The place of the move that leads to a node among all moves, -1 after chance."""
    before = int(tree.parent[node])
    number = int(tree.set_of[before])
    return -1 if number < 0 else int(tree.first_move[number] + tree.move[node])


def _orders(tree: Tree, made: IntArray, used: BoolArray, seen: BoolArray) -> tuple[bool, FloatArray, FloatArray]:
    """Whether unused moves can be ordered so that the nodes believed in are the likeliest of their sets.

    Also the pairs of nodes whose ratio of beliefs is given, and how often each unused move counts in that ratio.
    """
    unused = sorted({_name(made, node) for node in range(1, len(tree)) if not used[node]})
    column = {name: place for place, name in enumerate(unused)}
    counts = np.zeros((len(tree), len(unused)))
    for node in range(1, len(tree)):
        counts[node] = counts[tree.parent[node]]
        if not used[node]:
            counts[node, column[_name(made, node)]] += 1
    equal: list[FloatArray] = []
    above: list[FloatArray] = []
    pairs: list[tuple[int, int]] = []
    for own in tree.sets:
        base = next((node for node in own.nodes if seen[node]), -1)
        if base < 0:
            return False, np.empty((0, 2)), np.empty((0, 0))
        for node in own.nodes:
            if node != base:
                (equal if seen[node] else above).append(counts[node] - counts[base])
                if seen[node]:
                    pairs.append((node, base))
    system = np.array(equal).reshape(len(equal), len(unused))
    strict = np.array(above).reshape(len(above), len(unused))
    return _feasible(system, strict), np.array(pairs, dtype=np.float64).reshape(-1, 2), system


def _name(made: IntArray, node: int) -> tuple[int, int]:
    """The move that leads to a node; a move of chance is named by the node."""
    return (0, int(made[node])) if made[node] >= 0 else (1, node)


def _feasible(system: FloatArray, strict: FloatArray) -> bool:
    """Whether orders of at least 1 make ``system @ e`` zero and ``strict @ e`` at least 1."""
    if not system.any() and (strict >= 0).all() and (strict.sum(axis=1) >= 1).all():
        return True
    if not system.shape[1]:
        return not len(strict)
    from scipy.optimize import linprog

    answer = linprog(
        np.ones(system.shape[1]),
        A_ub=-strict if len(strict) else None,
        b_ub=-np.ones(len(strict)) if len(strict) else None,
        A_eq=system if len(system) else None,
        b_eq=np.zeros(len(system)) if len(system) else None,
        bounds=(1, None),
    )
    return int(answer.status) == 0
