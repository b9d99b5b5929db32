"""Which equilibria of a signalling game survive the intuitive criterion?

A type would never send an unsent message if its equilibrium payoff exceeds the most that the message could bring it
when the receiver answers well to some belief. If the receiver rules such types out, and some type would then gain by
the message whatever the answer, the equilibrium fails (Cho and Kreps 1987, Quarterly Journal of Economics 102). The
criterion is one argument about beliefs among several: what fails it is not thereby impossible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import CHANCE, END, FloatArray, Tree
from gametheory.solvers.programs import matrix_game
from gametheory.tree_solutions import TreeSolutions

SLIGHT = 1e-9  # payoffs this share of their magnitude apart count as equal

PASSES, FAILS = "intuitive", "not intuitive"


@dataclass(frozen=True)
class Signalling:
    """The shape of a signalling game: the sender's nodes, one a type, and for each message the receiver's set.

    ``answers[message]`` is None where play ends with the message.
    """

    types: tuple[int, ...]
    messages: tuple[str, ...]
    answers: tuple[int | None, ...]


def signalling(tree: Tree) -> Signalling | None:
    """Read a tree as a signalling game; None where it is none.

    Chance draws a type, one player sees it and sends one of the same messages, another sees the message alone and
    answers, and play is over.
    """
    if tree.owner[0] != CHANCE:
        return None
    types = tree.children[0]
    sender, messages = int(tree.owner[types[0]]), tree.labels[types[0]]
    if sender < 0 or any(tree.owner[node] != sender or tree.labels[node] != messages for node in types):
        return None
    if any(len(tree.sets[tree.set_of[node]].nodes) > 1 for node in types):
        return None
    answers: list[int | None] = []
    for place in range(len(messages)):
        nodes = tuple(tree.children[node][place] for node in types)
        if all(tree.owner[node] == END for node in nodes):
            answers.append(None)
            continue
        number = int(tree.set_of[nodes[0]])
        if number < 0 or tree.sets[number].player == sender or sorted(tree.sets[number].nodes) != sorted(nodes):
            return None
        if any(tree.owner[child] != END for node in nodes for child in tree.children[node]):
            return None
        answers.append(number)
    return Signalling(types, messages, tuple(answers))


def objections(solutions: TreeSolutions) -> tuple[str, ...] | None:
    """Why each solution fails the intuitive criterion, empty where it does not; None for other than signalling games.

    >>> from gametheory.formats import parse_efg
    >>> from gametheory.solvers.trees import solve_trees
    >>> text = 'EFG 2 R "" { "a" "b" } c "" 1 { "weak" 1/10 "strong" 9/10 } 0 '
    >>> text += 'p "" 1 1 { "beer" "quiche" } 0 p "" 2 1 { "duel" "walk" } 0 t "" 1 { 0 1 } t "" 2 { 2 0 } '
    >>> text += 'p "" 2 2 { "duel" "walk" } 0 t "" 3 { 1 1 } t "" 4 { 3 0 } '
    >>> text += 'p "" 1 2 { "beer" "quiche" } 0 p "" 2 1 { "duel" "walk" } 0 t "" 5 { 1 0 } t "" 6 { 3 1 } '
    >>> text += 'p "" 2 2 { "duel" "walk" } 0 t "" 7 { 0 0 } t "" 8 { 2 1 }'
    >>> found = solve_trees(parse_efg(text), order="sequential")
    >>> sorted(set(objections(found)))
    ['', 'strong would gain by beer once weak is ruled out']
    """
    shape = signalling(solutions.tree)
    if shape is None:
        return None
    return tuple(_objection(solutions, shape, s) for s in range(len(solutions)))


def _objection(solutions: TreeSolutions, shape: Signalling, s: int) -> str:
    """The first objection to one solution."""
    tree, games = solutions.tree, solutions.games
    names = tree.labels[0]
    pays = _payoffs(games, int(solutions.game[s]))
    sent = _sent(tree, shape, solutions.behaviour[s])
    now = _now(shape, tree, pays, solutions.behaviour[s])
    sender, scale = int(tree.owner[shape.types[0]]), float(np.abs(pays).max())
    for place, message in enumerate(shape.messages):
        number = shape.answers[place]
        if number is None or sent[:, place].any():
            continue
        children = np.array([tree.children[tree.children[node][place]] for node in shape.types])
        own, its = pays[children, sender], pays[children, tree.sets[number].player]
        everyone = np.ones(len(names), dtype=bool)
        best = _well_answered(its, everyone, scale)
        never = now > own[:, best].max(axis=1) + SLIGHT * scale
        left = ~never if not never.all() else everyone
        answers = _well_answered(its, left, scale)
        eager = left & (own[:, answers].min(axis=1) > now + SLIGHT * scale)
        if never.any() and eager.any():
            ruled = ", ".join(name for name, out in zip(names, never, strict=True) if out)
            return f"{names[int(np.flatnonzero(eager)[0])]} would gain by {message} once {ruled} is ruled out"
    return ""


def _payoffs(games: ExtensiveGames, game: int) -> FloatArray:
    """Payoffs at the ends by node: ``[node, player]``."""
    found = np.zeros((len(games.tree), len(games.tree.players)))
    found[games.tree.ends] = games.payoffs[game].T
    return found


def _sent(tree: Tree, shape: Signalling, behaviour: FloatArray) -> FloatArray:
    """Probability of each message, ``[type, message]``."""
    starts = [int(tree.first_move[tree.set_of[node]]) for node in shape.types]
    return np.stack([behaviour[start : start + len(shape.messages)] for start in starts])


def _now(shape: Signalling, tree: Tree, pays: FloatArray, behaviour: FloatArray) -> FloatArray:
    """What each type gets in equilibrium: ``[type]``."""
    found = np.zeros(len(shape.types))
    sent = _sent(tree, shape, behaviour)
    for k, node in enumerate(shape.types):
        for place, child in enumerate(tree.children[node]):
            number = shape.answers[place]
            if number is None:
                worth = float(pays[child, tree.owner[node]])
            else:
                first = int(tree.first_move[number])
                after = list(tree.children[child])
                worth = float(behaviour[first : first + len(after)] @ pays[after, tree.owner[node]])
            found[k] += sent[k, place] * worth
    return found


def _well_answered(
    pays: FloatArray, believed: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], scale: float
) -> list[int]:
    """The answers that are best for some belief about the types that are believed in; ``pays[type, answer]``."""
    own = pays[believed]
    found = []
    for answer in range(pays.shape[1]):
        better = own[:, [answer]] - own
        belief = np.array(matrix_game(better).strategy, dtype=np.float64)
        if (belief @ better).min() >= -SLIGHT * scale:
            found.append(answer)
    return found
