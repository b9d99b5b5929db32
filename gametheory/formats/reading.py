"""Which game does the text of a ``.nfg`` file describe?

The file lists the payoffs of all players profile by profile, the first player's strategy changing fastest, either
directly or as numbers of outcomes listed before. Strategies are named, or only counted. The format is described in
Gambit's manual (Savani and Turocy, Gambit: The package for computation in game theory).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import ModelError, Problem
from gametheory.formats.tokens import Node, Source, read_nodes, shortened
from gametheory.games import Games

__all__ = ["LONGEST_NUMBER", "MOST_PLAYERS", "MOST_PROBLEMS", "at_most", "labels_of", "number_reader", "parse_nfg"]

LONGEST_NUMBER = 4_000  # characters, and decimal places; Python refuses to convert more than 4,300 digits
MOST_PLAYERS = 62  # NumPy has 64 axes, and two are the game and the player
MOST_PROBLEMS = 100

_COUNT = re.compile(r"[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+/[0-9]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE](?P<exponent>[+-]?[0-9]+))?)")


def parse_nfg(text: str, file: str = "<text>") -> Games:
    """Read the game in ``text``: a batch of one, with its payoffs as doubles and, in ``exact``, as fractions.

    Unnamed players become ``player_1``, ``player_2``, ..., unnamed strategies ``1``, ``2``, .... The comment after the
    strategies and the names of outcomes are not kept. Raises ModelError that places every mistake it can see.

    >>> game = parse_nfg('NFG 1 R "Pennies" { "even" "odd" } { 2 2 } 1 -1 -1 1 -1 1 1 -1')
    >>> game.players, game.actions[0], game.payoffs[0, 0].tolist()
    (('even', 'odd'), ('1', '2'), [[1.0, -1.0], [-1.0, 1.0]])
    """
    source = Source(text, file)
    nodes = read_nodes(source)
    title, players, strategies, body = _prologue(source, nodes)
    problems: list[Problem] = []
    names = labels_of(source, players, "player", "player_{}", problems)
    counts = _counts(source, strategies, len(players))
    table = _payoffs(source, body, counts, len(players), problems)
    actions = tuple(_actions(source, node, problems) for node in strategies)
    if problems:
        raise ModelError(at_most(problems, MOST_PROBLEMS))
    exact = _as_profiles(table, counts, len(players))
    return Games(names, actions, exact.astype(np.float64), title, exact)


def _prologue(
    source: Source, nodes: Sequence[Node]
) -> tuple[str, tuple[Node, ...], tuple[Node, ...], tuple[Node, ...]]:
    """Title, players, strategies and the rest of a file; raises at the first thing that is not in its place."""
    file_type = _expect(source, nodes, 0, "word", "NFG, the type of the file")
    if file_type.value.upper() == "EFG":
        raise source.wrong(file_type.offset, "an extensive game; read it with parse_efg, or name the file .efg")
    for place, allowed, meaning in (
        (0, ("NFG",), "NFG, the type of the file"),
        (1, ("1",), "1, the version of the format"),
        (2, ("R", "D"), "R or D, the kind of numbers"),
    ):
        word = _expect(source, nodes, place, "word", meaning)
        if word.value.upper() not in allowed:
            raise source.wrong(word.offset, f"found {shortened(word.value)}, expected {meaning}")
    title = _expect(source, nodes, 3, "text", "the title in quotation marks").value
    players = _expect(source, nodes, 4, "list", 'the players, as in { "nato" "russia" }')
    if not 1 <= len(players.parts) <= MOST_PLAYERS:
        raise source.wrong(players.offset, f"{len(players.parts)} players, expected 1 to {MOST_PLAYERS}")
    strategies = _expect(source, nodes, 5, "list", 'the strategies, as in { 2 2 } or { { "a" "b" } { "c" "d" } }')
    if not strategies.parts:
        raise source.wrong(strategies.offset, "no strategies, expected a number or a list of names for each player")
    has_comment = len(nodes) > 6 and nodes[6].kind == "text"
    return title, players.parts, strategies.parts, tuple(nodes[7 if has_comment else 6 :])


def _expect(source: Source, nodes: Sequence[Node], place: int, kind: str, meaning: str) -> Node:
    if place >= len(nodes):
        raise source.wrong(len(source.text), f"the file ends here, expected {meaning}")
    if nodes[place].kind != kind:
        raise source.wrong(nodes[place].offset, f"found {_shown(nodes[place])}, expected {meaning}")
    return nodes[place]


def _shown(node: Node) -> str:
    return {"word": shortened(node.value), "text": f"the text {shortened(node.value)}", "list": "a list"}[node.kind]


def labels_of(
    source: Source, nodes: Sequence[Node], noun: str, default: str, problems: list[Problem]
) -> tuple[str, ...]:
    """Names of players or strategies: quoted, different, numbered where they are empty."""
    labels: dict[str, None] = {}
    for place, node in enumerate(nodes, 1):
        label = node.value or default.format(place)
        if node.kind != "text":
            problems.append(source.problem(node.offset, f"found {_shown(node)}, expected a {noun} in quotation marks"))
        elif label in labels:
            problems.append(source.problem(node.offset, f"{noun} {shortened(label)} stands twice; names must differ"))
        labels[label] = None
    return tuple(labels)


def _counts(source: Source, strategies: Sequence[Node], players: int) -> tuple[int, ...]:
    """How many strategies each player has; raises, since without these numbers no payoff can be placed."""
    if len(strategies) != players:
        message = f"found strategies for {len(strategies)} players, expected them for the {players} named before"
        raise source.wrong(strategies[0].offset, message)
    wrong = []
    for node in strategies:
        count = len(node.parts) if node.kind == "list" else int(node.value) if _COUNT.fullmatch(node.value) else 0
        if not count or node.kind == "text":
            message = "no strategies" if node.kind == "list" else f"found {_shown(node)}"
            wrong.append(source.problem(node.offset, f"{message}, expected a list of names or a number from 1 up"))
    if wrong:
        raise ModelError(wrong)
    return tuple(len(node.parts) or int(node.value) for node in strategies)


def _actions(source: Source, node: Node, problems: list[Problem]) -> tuple[str, ...]:
    if node.kind == "list":
        return labels_of(source, node.parts, "strategy", "{}", problems)
    return tuple(str(place) for place in range(1, int(node.value) + 1)) if not problems else ()


def _payoffs(
    source: Source, body: tuple[Node, ...], counts: tuple[int, ...], players: int, problems: list[Problem]
) -> list[Fraction]:
    """All payoffs in the order of the file, player by player within each profile."""
    profiles = math.prod(counts)
    sizes = " x ".join(map(str, counts))
    if body and body[0].kind == "list":
        rows = _outcomes(source, body[0], players, problems)
        if not _enough(source, body[1:], profiles, f"outcome numbers, one for each of the {sizes} profiles", problems):
            return []
        chosen = [_outcome(source, node, len(rows) - 1, problems) for node in body[1:]]
        return [payoff for number in chosen for payoff in rows[number]]
    if not _enough(source, body, profiles * players, f"payoffs, {players} for each of the {sizes} profiles", problems):
        return []
    number = number_reader(source, problems)
    return [number(node) for node in body]


def _enough(source: Source, nodes: Sequence[Node], expected: int, meaning: str, problems: list[Problem]) -> bool:
    """Whether the list has the length that the strategies ask for; says so where it ends too early or goes on."""
    if len(nodes) != expected:
        offset = nodes[expected].offset if len(nodes) > expected else len(source.text)
        problems.append(source.problem(offset, f"found {len(nodes)}, expected {expected} {meaning}"))
    return len(nodes) == expected


def _outcomes(source: Source, listed: Node, players: int, problems: list[Problem]) -> list[list[Fraction]]:
    """Payoffs of each outcome; number 0 is the outcome that gives nothing to anyone."""
    number = number_reader(source, problems)
    rows = [[Fraction(0)] * players]
    for place, node in enumerate(listed.parts, 1):
        parts = node.parts[1:] if node.parts and node.parts[0].kind == "text" else node.parts
        if node.kind != "list" or len(parts) != players:
            found = f"{len(parts)} payoffs" if node.kind == "list" else _shown(node)
            problems.append(
                source.problem(node.offset, f'outcome {place}: found {found}, expected {{ "name" {players} payoffs }}')
            )
        else:
            rows.append([number(part) for part in parts])
    return rows


def _outcome(source: Source, node: Node, last: int, problems: list[Problem]) -> int:
    if node.kind == "word" and _COUNT.fullmatch(node.value) and int(node.value) <= last:
        return int(node.value)
    problems.append(
        source.problem(node.offset, f"found {_shown(node)}, expected the number of an outcome, 0 to {last}")
    )
    return 0


def number_reader(source: Source, problems: list[Problem]) -> Callable[[Node], Fraction]:
    """Return a function from a node to its exact number; what is no number is noted and read as 0."""
    known: dict[str, Fraction] = {}

    def number(node: Node) -> Fraction:
        value = known.get(node.value) if node.kind == "word" else None
        if value is None:
            value, message = _number(node)
            if message:
                problems.append(source.problem(node.offset, message))
            elif node.kind == "word":
                known[node.value] = value
        return value

    return number


def _number(node: Node) -> tuple[Fraction, str]:
    """Exact number of a node, and what is wrong with it."""
    match = _NUMBER.fullmatch(node.value) if node.kind == "word" else None
    if match is None:
        return Fraction(0), f"found {_shown(node)}, expected a number such as 3, -0.5, 2/3 or 1e-3"
    exponent = match["exponent"] or "0"
    if len(node.value) > LONGEST_NUMBER or len(exponent) > 6 or abs(int(exponent)) > LONGEST_NUMBER:
        return Fraction(0), f"{shortened(node.value)} is longer than {LONGEST_NUMBER} digits; round it"
    try:
        value = Fraction(node.value)
        float(value)
    except ZeroDivisionError:
        return Fraction(0), f"{shortened(node.value)} divides by zero"
    except OverflowError:
        return Fraction(0), f"{shortened(node.value)} is too large for a double; rescale the payoffs"
    return value, ""


def at_most(problems: list[Problem], most: int) -> list[Problem]:
    """Return the first mistakes in the order of the file, and how many more there are."""
    problems = sorted(problems)
    if len(problems) <= most:
        return problems
    first = problems[most - 1]
    rest = f"{len(problems) - most + 1} more mistakes from here on; they may follow from those above"
    return [*problems[: most - 1], Problem(first.file, first.line, first.column, rest)]


def _as_profiles(table: list[Fraction], counts: tuple[int, ...], players: int) -> NDArray[np.object_]:
    """Array ``[game, player, a1, a2, ...]`` from payoffs listed with the first player's strategy changing fastest."""
    flat = np.empty(len(table), dtype=object)
    flat[:] = table
    return np.ascontiguousarray(flat.reshape(*reversed(counts), players).T)[np.newaxis]
