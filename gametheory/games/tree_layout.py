"""Where does each part of a tree stand in a picture that grows from left to right, with all ends in one column?

Lengths are inches for text of 9 points. Nothing is drawn here: `gametheory.games.tree_svg` and the figures do that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from gametheory.errors import InputError
from gametheory.games.trees import CHANCE, END, FloatArray, Tree

__all__ = [
    "MOST_ENDS",
    "SEEN",
    "SIZE",
    "Box",
    "Drawing",
    "Edge",
    "Play",
    "Say",
    "approximate_width",
    "belief_text",
    "layout",
]

SIZE = 9.0  # points
LINE = 0.165  # inches from one line of text to the next
WIDEST = 1.3  # inches of a label before it is broken
ROW, PAD, STEM = 0.46, 0.07, 0.1
MOST_ENDS = 120
SEEN = 1e-9  # probabilities below it are not marked

Measure = Callable[[str], float]  # inches that a text takes
Say = Callable[[str], str]  # a name of the model in words
Point = tuple[float, float]


class Play(NamedTuple):
    """How a tree is played: the probability of each move, ``float64[move]``, and of each node, ``float64[node]``.

    ``beliefs`` are the probabilities of nodes given their information set, ``float64[node]``, where they are to be
    shown (NaN: not there); ``marks`` stand before the names of moves of which something is to be said.
    """

    behaviour: FloatArray
    reached: FloatArray
    beliefs: FloatArray | None = None
    marks: Mapping[int, str] = MappingProxyType({})


class Box(NamedTuple):
    """A node at which somebody moves: middle of its left side, size, and lines, the last with the set's name."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    chance: bool


class Edge(NamedTuple):
    """An edge as a line, with its label above the last stretch.

    ``strength`` is 0 for an action that is not taken, 1 for one that would be taken where play does not come to, and 2
    where play goes.
    """

    points: tuple[Point, ...]
    lines: tuple[str, ...]
    strength: int


class Finish(NamedTuple):
    """An end: where its text begins, the outcome, and the payoffs."""

    x: float
    y: float
    outcome: str
    payoffs: str


@dataclass(frozen=True)
class Drawing:
    """A tree ready to be drawn, in inches from the upper left corner; ``links`` join nodes of one information set."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    links: tuple[tuple[Point, Point], ...]
    ends: tuple[Finish, ...]


def approximate_width(text: str) -> float:
    """Inches that a text of 9 points takes in a common sans-serif font, a little more than less."""
    return 0.62 * SIZE / 72.0 * len(text)


def layout(
    tree: Tree,
    payoffs: FloatArray,
    chances: FloatArray,
    play: Play | None = None,
    *,
    say: Say = str,
    measure: Measure = approximate_width,
) -> Drawing:
    """Place the tree of one game, ``payoffs[player, end]`` and ``chances[node]``, and how it is played where given.

    Raises InputError for a tree of too many ends to be read as a picture.
    """
    if len(tree.ends) > MOST_ENDS:
        raise InputError(f"a tree of {len(tree.ends)} ends is too large to be drawn; at most {MOST_ENDS}")
    labels = _edge_labels(tree, chances, play, say, measure)
    texts = [_box_lines(tree, node, say, play) for node in range(len(tree))]
    row = max([ROW, *(0.2 + LINE * len(lines) for lines in labels)])
    y = _heights(tree, row)
    left, right = _columns(tree, texts, labels, measure)
    depth = tree.depth.tolist()
    boxes = tuple(
        Box(left[depth[node]], y[node], max(map(measure, texts[node])) + 2 * PAD, 0.1 + LINE * len(texts[node]),
            texts[node], int(tree.owner[node]) == CHANCE)
        for node in range(len(tree)) if tree.owner[node] != END
    )  # fmt: skip
    ends = tuple(
        Finish(left[-1], y[node], say(tree.outcomes[int(tree.outcome[node])]),
               ", ".join(f"{value:.4g}" for value in payoffs[:, place]))
        for place, node in enumerate(tree.ends.tolist())
    )  # fmt: skip
    width = max(end.x + measure(f"{end.outcome}  {end.payoffs}") + 3 * PAD for end in ends)
    edges = tuple(_edge(tree, node, (left, right), y, labels[node], play) for node in range(1, len(tree)))
    strongest_last = tuple(sorted(edges, key=lambda edge: edge.strength))
    return Drawing(width, row * len(tree.ends) + LINE, boxes, strongest_last, _links(tree, left, y), ends)


def _edge_labels(
    tree: Tree, chances: FloatArray, play: Play | None, say: Say, measure: Measure
) -> list[tuple[str, ...]]:
    """The lines above the edge that leads to each node."""
    found: list[tuple[str, ...]] = [()]
    for node in range(1, len(tree)):
        before = int(tree.parent[node])
        text, share = say(tree.labels[before][int(tree.move[node])]), 0.0
        if tree.owner[before] == CHANCE:
            share = float(chances[node])
        elif play is not None:
            share = float(play.behaviour[tree.move_to[node]])
        percent = f" {100 * share:.3g}%" if share > SEEN or tree.owner[before] == CHANCE else ""
        mark = "" if play is None else play.marks.get(int(tree.move_to[node]), "")
        found.append(_broken(mark + text + percent, measure))
    return found


def _broken(text: str, measure: Measure) -> tuple[str, ...]:
    """A text in lines that are not too wide where it has spaces."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= WIDEST:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def belief_text(tree: Tree, node: int, play: Play | None) -> str:
    """What the player believes of a node that it cannot tell from others; empty where there is nothing to say."""
    number = int(tree.set_of[node])
    if play is None or play.beliefs is None or number < 0 or len(tree.sets[number].nodes) < 2:
        return ""
    if np.isnan(play.beliefs[node]):
        return ""
    return f"belief {100 * play.beliefs[node]:.3g}%"


def _box_lines(tree: Tree, node: int, say: Say, play: Play | None) -> tuple[str, ...]:
    """Who moves at a node, the name of the information set, and the belief where there is one."""
    owner = int(tree.owner[node])
    if owner == END:
        return ("",)
    if owner == CHANCE:
        return ("chance",)
    belief = belief_text(tree, node, play)
    return (say(tree.players[owner]), say(tree.sets[int(tree.set_of[node])].name), *([belief] if belief else []))


def _heights(tree: Tree, row: float) -> list[float]:
    """How far down each node stands: ends in even rows, other nodes in the middle of what follows."""
    y = np.zeros(len(tree))
    y[tree.ends] = (np.arange(len(tree.ends)) + 0.5) * row + LINE
    for node in range(len(tree) - 1, -1, -1):
        if tree.children[node]:
            y[node] = (y[tree.children[node][0]] + y[tree.children[node][-1]]) / 2.0
    return [float(value) for value in y]


def _columns(
    tree: Tree, texts: list[tuple[str, ...]], labels: list[tuple[str, ...]], measure: Measure
) -> tuple[list[float], list[float]]:
    """Where the nodes of each depth begin, and where their boxes end at most."""
    deepest = int(tree.depth.max())
    boxes, stretches = [0.0] * (deepest + 1), [0.3] * (deepest + 1)
    for node, depth in enumerate(tree.depth.tolist()):
        if tree.owner[node] != END:
            boxes[depth] = max(boxes[depth], max(map(measure, texts[node])) + 2 * PAD)
        if node:
            stretches[depth - 1] = max(stretches[depth - 1], max(map(measure, labels[node])) + 2 * PAD)
    left, right = [PAD], [PAD + boxes[0]]
    for depth in range(deepest):
        left.append(right[depth] + STEM + stretches[depth])
        right.append(left[-1] + boxes[depth + 1])
    return left, right


def _edge(
    tree: Tree,
    node: int,
    columns: tuple[list[float], list[float]],
    y: list[float],
    lines: tuple[str, ...],
    play: Play | None,
) -> Edge:
    """The edge that leads to a node: out of the box, down or up the stem, and across."""
    left, right = columns
    before = int(tree.parent[node])
    depth = int(tree.depth[node])
    stem = right[depth - 1] + STEM / 2
    stop = left[-1] if tree.owner[node] == END else left[depth]
    points = ((left[depth - 1], y[before]), (stem, y[before]), (stem, y[node]), (stop, y[node]))
    strength = 0
    if play is not None:
        move = int(tree.move_to[node])
        taken = move < 0 or play.behaviour[move] > SEEN
        strength = 2 if play.reached[node] > SEEN else int(bool(taken and move >= 0))
    return Edge(points, lines, strength)


def _links(tree: Tree, left: list[float], y: list[float]) -> tuple[tuple[Point, Point], ...]:
    """Lines between the nodes of one information set, from above to below."""
    found = []
    for own in tree.sets:
        nodes = sorted(own.nodes, key=lambda node: y[node])
        places = [(left[int(tree.depth[node])] + 2 * PAD, y[node]) for node in nodes]
        found += list(pairwise(places))
    return tuple(found)
