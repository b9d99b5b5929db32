"""Which game does the text of a ``.agg`` file, an action-graph game, describe?

After the line ``#AGG`` stand the numbers of players, action nodes and function nodes, the size of each player's action
set, the sets, the list of neighbours of each node, the functions, and the payoffs of each action node: all of them in
the lexicographic order of the configurations, or each after its configuration. The format is described in Gambit's
manual; where that description and Gambit itself differ (see ``Function``), this reader follows Gambit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from graphlib import CycleError

import numpy as np

from gametheory.errors import ModelError, Problem
from gametheory.formats.action_graphs import EXISTS, ActionGraph, Configuration, Function, count_leaves
from gametheory.formats.reading import MOST_PLAYERS, MOST_PROBLEMS, at_most, number_reader
from gametheory.formats.tokens import Node, Source, shortened
from gametheory.games import Games

__all__ = ["MOST_PAYOFFS", "parse_agg"]

MOST_PAYOFFS = 10_000_000  # of the expanded game: about 200 MB as doubles and fractions
MOST_TIMES = 10**18  # by way of other function nodes; the numbers stay short enough to be shown
WEIGHTED = 10  # from this number on, functions bring a default and weights

_LEXER = re.compile(r"\s++|#[^\n]*+|(?P<word>[\[\]]|[^\s\[\]#]++)")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def parse_agg(text: str, file: str = "<text>") -> Games:
    r"""Read the action-graph game in ``text`` as a strategic game: a batch of one, with every payoff written out.

    ``exact`` keeps the numbers as the file writes them. The format has no names: players become ``player_1``, ...,
    actions ``node_0``, ... after their nodes, and there is no title. Raises ModelError that places every mistake it
    can see, and for games of more than ``MOST_PAYOFFS`` payoffs and Bayesian action-graph games.

    >>> text = "#AGG\n 2 2 0  2 2  0 1  0 1  2 0 1  2 0 1  0 -1 3  1 2 [0 2] 0 [1 1] 2"
    >>> game = parse_agg(text)
    >>> game.actions[1], game.payoffs[0, 0].tolist()
    (('node_0', 'node_1'), [[3.0, -1.0], [2.0, 0.0]])
    """
    source = Source(text, file)
    _check_header(source)
    words = (Node("word", match.start(), match["word"]) for match in _LEXER.finditer(text) if match["word"])
    reader = _Reader(source, words, [])
    graph = _graph(reader)
    if reader.problems:
        raise reader.failure()
    shape = tuple(map(len, graph.action_sets))
    exact = np.empty((1, len(shape), *shape), dtype=object)
    before = "the neighbours and functions take all the numbers before it"
    for node in range(graph.nodes):
        configurations, places = graph.configurations(node)
        payoffs = np.empty(len(configurations), dtype=object)
        payoffs[:] = _payoffs(reader, node, len(graph.neighbours[node]), configurations, before)
        for player, numbers in places.items():
            own = np.moveaxis(exact[0, player], player, 0)
            own[graph.action_sets[player].index(node)] = payoffs[numbers]
        before = f"action node {node} takes {len(configurations)} payoffs before it"
    for word in reader.words:
        reader.note(word, f"found {shortened(word.value)}, expected the end of the file, since {before}")
        break
    if reader.problems:
        raise reader.failure()
    players = tuple(f"player_{place}" for place in range(1, len(shape) + 1))
    actions = tuple(tuple(f"node_{node}" for node in own) for own in graph.action_sets)
    return Games(players, actions, exact.astype(np.float64), "", exact)


def _check_header(source: Source) -> None:
    first, *_ = source.text.split("\n", 1)[0].split() or [""]
    if first.upper() == "#BAGG":
        message = "a Bayesian action-graph game; only action-graph games without types (#AGG) can be read"
        raise source.wrong(0, message)
    if first.upper() != "#AGG":
        message = f"found {shortened(first)}, expected #AGG as the first line; put it there if the file lacks it"
        raise source.wrong(0, message)


@dataclass(frozen=True)
class _Reader:
    """The words of a file that are still to be read, and the mistakes that did not yet stop the reading."""

    source: Source
    words: Iterator[Node]
    problems: list[Problem]

    def note(self, word: Node, message: str) -> None:
        self.problems.append(self.source.problem(word.offset, message))

    def failure(self) -> ModelError:
        return ModelError(at_most(self.problems, MOST_PROBLEMS))

    def wrong(self, word: Node, message: str) -> ModelError:
        self.note(word, message)
        return self.failure()

    def word(self, meaning: str) -> Node:
        """The next word; raises at the end of the file."""
        word = next(self.words, None)
        if word is None:
            raise self.wrong(Node("word", len(self.source.text)), f"the file ends here, expected {meaning}")
        return word

    def mark(self, mark: str, meaning: str) -> None:
        word = self.word(f"{mark!r} {meaning}")
        if word.value != mark:
            raise self.wrong(word, f"found {shortened(word.value)}, expected {mark!r} {meaning}")

    def whole(self, meaning: str) -> tuple[Node, int]:
        """The next word as a whole number; raises for other words, after which nothing would be in its place."""
        word = self.word(meaning)
        if not _WHOLE.fullmatch(word.value):
            raise self.wrong(word, f"found {shortened(word.value)}, expected {meaning}, a whole number")
        return word, int(word.value)

    def count(self, meaning: str, least: int, most: int | None = None) -> int:
        """How many things follow; raises where the number makes no sense."""
        word, number = self.whole(meaning)
        if number < least or (most is not None and number > most):
            limits = f"from {least} up" if most is None else f"{least} to {most}"
            raise self.wrong(word, f"found {number}, expected {meaning}, {limits}")
        return number

    def index(self, meaning: str, end: int) -> tuple[Node, int]:
        """Number of a node below ``end``; another number is noted and read as 0."""
        word, number = self.whole(meaning)
        if not 0 <= number < end:
            self.note(word, f"found {number}, expected {meaning}, 0 to {end - 1}")
            return word, 0
        return word, number


def _graph(reader: _Reader) -> ActionGraph:
    """Everything before the payoffs; the graph is right only if no problem was noted."""
    players = reader.count("the number of players", 1, MOST_PLAYERS)
    nodes = reader.count("the number of action nodes", 1)
    functions = reader.count("the number of function nodes", 0)
    action_sets = _action_sets(reader, players, nodes)
    end = nodes + functions
    neighbours, starts = [], []
    for node in range(end):
        start, size = reader.whole(f"the number of neighbours of node {node}")
        if size < 0:
            raise reader.wrong(start, f"found {size}, expected the number of neighbours of node {node}, from 0 up")
        starts.append(start)
        neighbours.append(tuple(reader.index(f"a neighbour of node {node}", end)[1] for _ in range(size)))
    counted = neighbours[nodes:]
    signatures = tuple(_function(reader, nodes, node, end) for node in range(nodes, end))
    for node, own in enumerate(counted, nodes):
        for other in own:
            if other >= nodes and signatures[other - nodes] != signatures[node - nodes]:
                message = f"function node {node} counts function node {other}, whose function differs from its own"
                reader.note(starts[node], message)
    try:
        leaves = count_leaves(counted, nodes)
    except CycleError as error:
        ring = error.args[1]
        message = f"function node {ring[0]} counts itself, by way of {shortened(' -> '.join(map(str, ring)))}"
        raise reader.wrong(starts[ring[0]], message) from error
    for node, own_leaves in enumerate(leaves, nodes):
        if max(own_leaves.values(), default=0) > MOST_TIMES:
            reader.note(starts[node], f"function node {node} counts an action node more than {MOST_TIMES} times")
    return ActionGraph(nodes, action_sets, tuple(neighbours[:nodes]), signatures, leaves)


def _action_sets(reader: _Reader, players: int, nodes: int) -> tuple[tuple[int, ...], ...]:
    """Nodes of each player, ascending; raises before memory is asked for if the game would be too large."""
    start, first = reader.whole("the number of actions of player 1")
    sizes = [first, *(reader.whole(f"the number of actions of player {place}")[1] for place in range(2, players + 1))]
    for place, size in enumerate(sizes, 1):
        if not 1 <= size <= nodes:
            raise reader.wrong(start, f"player {place} has {size} actions, expected 1 to {nodes}, the number of nodes")
    if math.prod(sizes) * players > MOST_PAYOFFS:
        shown = " x ".join(map(str, sizes))
        message = f"the game has {math.prod(sizes) * players} payoffs when written out ({shown} profiles)"
        raise reader.wrong(start, f"{message}, expected at most {MOST_PAYOFFS}")
    sets = []
    for player, size in enumerate(sizes, 1):
        own: list[int] = []
        for _ in range(size):
            word, node = reader.index(f"an action node of player {player}", nodes)
            if own and node <= own[-1]:
                reader.note(word, f"action node {node} of player {player} stands after {own[-1]}; put them in order")
            own.append(node)
        sets.append(tuple(own))
    return tuple(sets)


def _function(reader: _Reader, nodes: int, node: int, end: int) -> Function:
    word, kind = reader.whole(f"the type of function node {node}")
    if kind in range(4):
        return Function(kind, end if kind > EXISTS else 0)
    if kind - WEIGHTED not in range(4):
        raise reader.wrong(word, f"found function type {kind}, expected 0 to 3, or {WEIGHTED} to {WEIGHTED + 3}")
    kind -= WEIGHTED
    default = reader.whole(f"the default of function node {node}")[1]
    reader.mark("[", f"before the weights of function node {node}")
    weights = tuple(reader.whole(f"one of the {nodes} weights of function node {node}")[1] for _ in range(nodes))
    reader.mark("]", f"after the {nodes} weights of function node {node}")
    if kind == EXISTS and min(default, *weights) < 0:
        reader.note(word, f"function node {node} of type {WEIGHTED + EXISTS} has a default or weight below 0")
    return Function(kind, default, weights)


def _payoffs(
    reader: _Reader, node: int, width: int, configurations: list[Configuration], before: str
) -> list[Fraction]:
    """Payoffs of an action node in the order of its configurations."""
    meaning = f"the payoff type of action node {node}"
    word = reader.word(meaning)
    if word.value not in ("0", "1"):
        expected = f"{meaning}, 0 or 1, since {before}"
        raise reader.wrong(word, f"found {shortened(word.value)}, expected {expected}")
    number = number_reader(reader.source, reader.problems)
    if word.value == "0":
        if not configurations:
            raise reader.wrong(word, f"no player has action node {node}; it takes 1 0, an empty list of payoffs")
        wanted = f"one of the {len(configurations)} payoffs of action node {node}"
        return [number(reader.word(wanted)) for _ in configurations]
    listed: dict[Configuration, Fraction] = {}
    before_it, after_it = f"before a configuration of action node {node}", f"after the counts of its {width} neighbours"
    one = f"a count for each of the {width} neighbours of action node {node}"
    for _ in range(reader.count(f"the number of configurations of action node {node}", 0)):
        reader.mark("[", before_it)
        counts = [reader.whole(one) for _ in range(width)]
        reader.mark("]", after_it)
        payoff = reader.word(f"a payoff of action node {node}")
        configuration = tuple(count for _, count in counts)
        if configuration in listed:
            reader.note(payoff, f"configuration {_shown(configuration)} of action node {node} stands twice")
        listed[configuration] = number(payoff)
    missing = [configuration for configuration in configurations if configuration not in listed]
    if missing:
        share = f"{len(missing)} of the {len(configurations)} configurations of action node {node}"
        reader.note(word, f"no payoff for {share}, the first is {_shown(missing[0])}")
    return [listed.get(configuration, Fraction(0)) for configuration in configurations]


def _shown(configuration: Configuration) -> str:
    return shortened(f"[{' '.join(map(str, configuration))}]")
