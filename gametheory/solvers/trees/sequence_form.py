"""Which equilibrium does a two-player tree have that is too large for a table of plans?

A *sequence* is a player's own moves up to some point; with perfect recall there is one for each of its moves, and a
strategy is a weight for each sequence, linear where plans are exponential (Koller, Megiddo and von Stengel 1996, Games
and Economic Behavior 14). Zero-sum trees are a linear program. For the others every move but one of each information
set is at first given a penalty that shrinks: Lemke's method follows the equilibria of the trees between to that of the
tree itself. One equilibrium is found, and it need not be subgame-perfect.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.errors import InputError
from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import FloatArray, IntArray, Tree
from gametheory.solutions import FAILED, PARTIAL, Certificates
from gametheory.solvers.trees.lemke import lemke
from gametheory.solvers.trees.nash import described
from gametheory.solvers.trees.play import best_fill
from gametheory.tree_solutions import TreeSolutions

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST_SEQUENCES = 12_000  # of both players together: Lemke's table then takes about a gigabyte
ROUNDING = 1e-12  # payoffs whose sum varies by less than this share are zero-sum
ROUNDS = 20  # best replies in turn before Lemke's method starts
TINY = 1e-12  # weights below it are rounding

ONE = "the sequence form gave one Nash equilibrium; others may exist"
OPTIMAL = "the tree is zero-sum: a linear program gave one optimal pair, and with it the value; other pairs may exist"
NOT_FINITE = "a payoff is not a finite number, or a probability lies outside 0 to 1"


@dataclass(frozen=True, eq=False)
class Sequences:
    """The sequences of one player: number 0 is the empty one, the others are its moves, in order.

    ``of_move[move]`` is the number of the sequence that ends with a move. ``before[set]`` is the sequence that leads to
    each of its information sets, ``after[set]`` those that go on from there, and ``order`` the sets from the first.
    """

    count: int
    of_move: dict[int, int]
    before: dict[int, int]
    after: dict[int, list[int]]
    order: tuple[int, ...]


def sequences(tree: Tree, player: int) -> Sequences:
    """Number the sequences of a player."""
    sets = sorted(tree.sets_of(player), key=lambda number: min(tree.sets[number].nodes))
    moves = [move for number in sets for move in range(tree.first_move[number], tree.first_move[number + 1])]
    of_move = {-1: 0, **{int(move): place + 1 for place, move in enumerate(moves)}}
    before = {number: of_move[int(tree.last_own[tree.sets[number].nodes[0], player])] for number in sets}
    after = {
        number: [of_move[move] for move in range(tree.first_move[number], tree.first_move[number + 1])]
        for number in sets
    }
    return Sequences(len(moves) + 1, of_move, before, after, tuple(sets))


def sequence_form(games: ExtensiveGames, *, seconds: float) -> TreeSolutions:
    """Find one Nash equilibrium of each two-player tree; every verdict is ``partial``, or ``failed``.

    All games together may take ``seconds``. Raises InputError for another number of players, and where the sequences
    are too many.
    """
    tree = games.tree
    if len(tree.players) != 2:
        raise InputError(f"the sequence form is for two players; this tree has {len(tree.players)}")
    if tree.move_count > MOST_SEQUENCES:
        raise InputError(f"the tree has {tree.move_count:,} moves, more than {MOST_SEQUENCES:,}; cut it")
    own = (sequences(tree, 0), sequences(tree, 1))
    deadline = time.monotonic() + seconds
    found, rows = [], []
    verdict, reason = np.empty(len(games), dtype=object), np.empty(len(games), dtype=object)
    for game in range(len(games)):
        verdict[game], reason[game] = FAILED, NOT_FINITE
        if not games.finite[game]:
            continue
        answer, reason[game] = _solved(games, game, own, deadline)
        if answer is not None:
            verdict[game] = PARTIAL
            found.append(answer)
            rows.append(game)
    where = np.array(rows, dtype=np.int64)
    behaviour, excluded = _behaviour(tree, own, found)
    behaviour = best_fill(games, where, behaviour, excluded)
    none = np.zeros(len(games), dtype=np.int64)
    return described(
        games, where, behaviour, Certificates(verdict, none, np.zeros(len(games)), None, reason), concept="nash"
    )


def _solved(
    games: ExtensiveGames, game: int, own: tuple[Sequences, Sequences], deadline: float
) -> tuple[tuple[FloatArray, FloatArray] | None, str]:
    """Weights of the sequences of both players in one game, and the reason of the verdict."""
    payoffs = games.payoffs[game]
    total = payoffs.sum(axis=0)
    if np.ptp(total) <= ROUNDING * np.abs(payoffs).max(initial=0.0):
        found = _optimal_pair(games, game, own, max(deadline - time.monotonic(), 1e-3))
        return found, OPTIMAL if found is not None else "the linear program was not solved in the time"
    first, second = (_table(games, game, own, player) for player in (0, 1))
    chosen = _start(games[game])
    frames = [_frame(player, chosen) for player in own]
    matrix, right, cover, sizes = _complementarity(first, second, frames)
    answer = lemke(matrix, right, cover, deadline)
    if answer.z is None:
        return None, f"Lemke's method found nothing: {answer.reason}"
    weights, place = [], 0
    for player, (start, frame, free, _) in enumerate(frames):
        weights.append(start + frame @ answer.z[place : place + len(free)])
        place += sizes[player]
    return (weights[0], weights[1]), ONE


def _table(games: ExtensiveGames, game: int, own: tuple[Sequences, Sequences], player: int) -> csr_array[Any, Any]:
    """Payoffs of a player by the sequences of both, weighed by chance and scaled to at most 1."""
    from scipy.sparse import csr_array

    tree = games.tree
    shares = np.ones(len(tree))
    for node in range(1, len(tree)):
        shares[node] = shares[tree.parent[node]] * games.chances[game, node]
    pays = games.payoffs[game, player]
    scale = np.abs(pays).max(initial=0.0) or 1.0
    last: IntArray = tree.last_own[tree.ends]
    places = [np.array([side.of_move[int(move)] for move in last[:, k]]) for k, side in enumerate(own)]
    shape = (own[0].count, own[1].count)
    return csr_array((pays / scale * shares[tree.ends], (places[0], places[1])), shape=shape)


Frame = tuple[FloatArray, Any, list[int], list[int]]


def _start(games: ExtensiveGames) -> dict[int, int]:
    """The place of the move of each information set that bears no penalty: best against a course of best replies."""
    tree, game = games.tree, np.zeros(1, dtype=np.int64)
    sizes = np.diff(tree.first_move)
    mean = np.repeat(1 / sizes, sizes)[np.newaxis]
    everything = np.ones((1, len(tree.sets)), dtype=bool)
    for turn in range(2, ROUNDS + 2):
        reply = best_fill(games, game, mean, everything)
        mean = mean + (reply - mean) / turn
    return {
        number: int(reply[0, first:stop].argmax())
        for number, (first, stop) in enumerate(zip(tree.first_move[:-1], tree.first_move[1:], strict=True))
    }


def _frame(own: Sequences, chosen: dict[int, int]) -> Frame:
    """Weights of sequences as ``start + frame @ weights of the free ones``: one move of each set is not free.

    Also the numbers of the free sequences, and of those that are not: the ``chosen`` ones.
    """
    from scipy.sparse import csr_array

    bound = {number: own.after[number][chosen[number]] for number in own.order}
    free = [k for number in own.order for k in own.after[number] if k != bound[number]]
    place = {number: k for k, number in enumerate(free)}
    start = np.zeros(own.count)
    start[0] = 1.0
    rows: list[dict[int, float]] = [{} for _ in range(own.count)]
    for number in free:
        rows[number] = {place[number]: 1.0}
    for number in own.order:
        last = bound[number]
        start[last] = start[own.before[number]]
        rows[last] = {**rows[own.before[number]], **{place[k]: -1.0 for k in own.after[number] if k != last}}
    entries = [(row, column, value) for row, held in enumerate(rows) for column, value in held.items()]
    places = np.array([entry[:2] for entry in entries], dtype=np.int64).reshape(-1, 2).T
    values = np.array([entry[2] for entry in entries])
    frame = csr_array((values, (places[0], places[1])), shape=(own.count, len(free)))
    return start, frame, free, list(bound.values())


def _complementarity(
    first: Any, second: Any, frames: list[Frame]
) -> tuple[FloatArray, FloatArray, FloatArray, list[int]]:
    """The complementarity problem of two players: matrix, right-hand sides, penalties, and variables of each player.

    The variables of a player are the weights of its free sequences, paired with what they pay too little, and then the
    prices of the moves that are not free, paired with the weights of these.
    """
    from scipy.sparse import block_array, csr_array

    (x0, n, _, rest), (y0, m, _, others) = frames
    bound_n, bound_m = n[rest], m[others]
    matrix = block_array(
        [
            [None, -bound_n.T, -(n.T @ first @ m), None],
            [bound_n, csr_array((len(rest), len(rest))), None, None],
            [-(m.T @ second.T @ n), None, None, -bound_m.T],
            [None, None, bound_m, csr_array((len(others), len(others)))],
        ]
    )
    right = np.concatenate([-(n.T @ (first @ y0)), x0[rest], -(m.T @ (second.T @ x0)), y0[others]])
    sizes = [n.shape[1] + len(rest), m.shape[1] + len(others)]
    cover = np.concatenate([np.ones(n.shape[1]), np.zeros(len(rest)), np.ones(m.shape[1]), np.zeros(len(others))])
    return matrix.toarray(), right, cover, sizes


def _optimal_pair(
    games: ExtensiveGames, game: int, own: tuple[Sequences, Sequences], seconds: float
) -> tuple[FloatArray, FloatArray] | None:
    """An optimal pair of a zero-sum tree: the weights of the first player, and of the second as the duals."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack

    table = _table(games, game, own, 0)
    (first, wanted), (second, target) = (_constraints(side) for side in own)
    cost = np.concatenate([np.zeros(own[0].count), -target])
    found = linprog(
        cost,
        A_ub=hstack([-table.T, second.T]),
        b_ub=np.zeros(own[1].count),
        A_eq=hstack([first, csr_array((first.shape[0], second.shape[0]))]),
        b_eq=wanted,
        bounds=[(0, None)] * own[0].count + [(None, None)] * second.shape[0],
        method="highs",
        options={"time_limit": seconds, "primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.x is None or found.status != 0:
        return None
    return found.x[: own[0].count], -np.asarray(found.ineqlin.marginals)


def _constraints(own: Sequences) -> tuple[Any, FloatArray]:
    """The equations that weights of sequences fulfil: matrix and right-hand sides."""
    from scipy.sparse import csr_array

    rows, columns, values = [0], [0], [1.0]
    for row, number in enumerate(own.order, start=1):
        for column, value in [(own.before[number], -1.0), *((k, 1.0) for k in own.after[number])]:
            rows.append(row)
            columns.append(column)
            values.append(value)
    wanted = np.zeros(len(own.order) + 1)
    wanted[0] = 1.0
    return csr_array((values, (rows, columns)), shape=(len(wanted), own.count)), wanted


def _behaviour(
    tree: Tree, own: tuple[Sequences, Sequences], found: list[tuple[FloatArray, FloatArray]]
) -> tuple[FloatArray, Any]:
    """Weights of sequences as behaviour, and the information sets that own play excludes."""
    behaviour = np.zeros((len(found), tree.move_count))
    excluded = np.zeros((len(found), len(tree.sets)), dtype=bool)
    for side, player in enumerate(own):
        if not found:
            break
        weights = np.stack([pair[side] for pair in found])
        weights = np.where(weights <= TINY, 0.0, weights)
        for number in player.order:
            moves = slice(int(tree.first_move[number]), int(tree.first_move[number + 1]))
            shares = weights[:, player.after[number]]
            total = shares.sum(axis=1, keepdims=True)
            excluded[:, number] = total[:, 0] <= TINY
            behaviour[:, moves] = np.where(
                total > TINY, shares / np.where(total > TINY, total, 1.0), 1 / shares.shape[1]
            )
    return behaviour, excluded
