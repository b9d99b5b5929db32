"""How does a written tree become a tree of nodes, with the types of players drawn first?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gametheory.expressions import Formula, parse
from gametheory.games.trees import CHANCE, END, OF_TYPE, InformationSet, Tree
from gametheory.model import Measure
from gametheory.model.nouns import closed
from gametheory.model.trees import ChanceMove, GameTree
from gametheory.reader.extensive import Plan, plan_of
from gametheory.reader.tree import Node

__all__ = ["game_tree", "tree_measure"]

Types = Mapping[str, str]  # player -> the type that was drawn
SetKey = tuple[str, str]  # name of an information set, type of its player or nothing


@dataclass(frozen=True)
class _Rows:
    """The tree while it grows, node by node in preorder."""

    players: tuple[str, ...]
    outcomes: Mapping[str, Mapping[str, Formula | Mapping[str, Formula]]]
    sets: dict[SetKey, int]
    parent: list[int] = field(default_factory=list)
    move: list[int] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    set_of: list[int] = field(default_factory=list)
    outcome: list[int] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)
    chances: list[Formula | None] = field(default_factory=list)
    payoffs: list[tuple[Formula, ...]] = field(default_factory=list)

    def add(self, entry: tuple[int, int, Formula | None], owner: int, labels: tuple[str, ...]) -> int:
        """Add a node that its parent's edge leads to, and return its number."""
        before, move, chance = entry
        self.parent.append(before)
        self.move.append(move)
        self.chances.append(chance)
        self.owner.append(owner)
        self.labels.append(labels)
        self.set_of.append(-1)
        self.outcome.append(-1)
        return len(self.parent) - 1


def game_tree(root: Node) -> GameTree:
    """The tree of a file in which nothing is wrong.

    Chance draws the types first, player by player; an information set then becomes one for each type of its player,
    ``NAME.TYPE``. Information sets stand in the order of the file, those of one name in the order of the types.
    """
    players = tuple(map(str, root.parts["players"].parts))
    written = _formulas(root.parts["types"]) if "types" in root.parts else {}
    types = {player: written[player] for player in players if player in written}
    plan = plan_of(root)
    places = {place.name: place for place in reversed(plan.places) if place.kind == "player"}
    names = dict.fromkeys(place.name for place in plan.places if place.kind == "player")
    keys = [(name, own) for name in names for own in types.get(places[name].player, {"": None})]
    rows = _Rows(players, _outcomes(root, plan), {key: number for number, key in enumerate(keys)})
    _draw(rows, root.parts["tree"], types, {}, (-1, 0, None))
    nodes: list[list[int]] = [[] for _ in keys]
    for node, number in enumerate(rows.set_of):
        if number >= 0:
            nodes[number].append(node)
    sets = tuple(
        InformationSet(
            OF_TYPE.join(filter(None, key)), players.index(places[key[0]].player), places[key[0]].moves, tuple(own)
        )
        for key, own in zip(keys, nodes, strict=True)
    )
    tree = Tree(
        players,
        parent=np.array(rows.parent),
        move=np.array(rows.move),
        owner=np.array(rows.owner),
        set_of=np.array(rows.set_of),
        outcome=np.array(rows.outcome),
        labels=tuple(rows.labels),
        sets=sets,
        outcomes=tuple(rows.outcomes),
    )
    return GameTree(tree, tuple(rows.chances), tuple(zip(*rows.payoffs, strict=True)), _chance_moves(root, types))


def tree_measure(name: str, node: Node) -> Measure:
    """A measure of an extensive model."""
    if "played" in node.parts:
        actions = {key: tuple(own) for key, own in node.parts["played"].plain().items()}
        return Measure(name, "played", closed(actions))
    if "reached" in node.parts:
        certain = parse("1")
        return Measure(name, "outcomes", outcomes=closed(dict.fromkeys(node.parts["reached"].plain(), certain)))
    by_outcome = {str(key): parse(part.text) for key, part in node.parts["expected"].parts.items()}
    return Measure(name, "outcomes", outcomes=closed(by_outcome))


def _draw(
    rows: _Rows,
    node: Node,
    types: Mapping[str, Mapping[str, Formula]],
    drawn: Types,
    entry: tuple[int, int, Formula | None],
) -> None:
    """Let chance draw the types that are not drawn yet, then grow the tree below."""
    player = next((name for name in types if name not in drawn), None)
    if player is None:
        _grow(rows, node, drawn, entry)
        return
    number = rows.add(entry, CHANCE, tuple(types[player]))
    for move, (name, probability) in enumerate(types[player].items()):
        _draw(rows, node, types, {**drawn, player: name}, (number, move, probability))


def _grow(rows: _Rows, node: Node, drawn: Types, entry: tuple[int, int, Formula | None]) -> None:
    """Add a written node and everything below it."""
    if node.kind == "scalar":
        number = rows.add(entry, END, ())
        rows.outcome[number] = list(rows.outcomes).index(node.text)
        rows.payoffs.append(_payoffs(rows, node.text, drawn))
        return
    branches = node.parts["moves"].parts
    labels = tuple(map(str, branches))
    if "chance" in node.parts:
        number = rows.add(entry, CHANCE, labels)
        for move, branch in enumerate(branches.values()):
            _grow(rows, branch.parts["then"], drawn, (number, move, parse(branch.parts["probability"].text)))
        return
    player = node.parts["player"].text
    number = rows.add(entry, rows.players.index(player), labels)
    rows.set_of[number] = rows.sets[node.parts["at"].text, drawn.get(player, "")]
    for move, branch in enumerate(branches.values()):
        _grow(rows, branch, drawn, (number, move, None))


def _payoffs(rows: _Rows, outcome: str, drawn: Types) -> tuple[Formula, ...]:
    """What each player gets at an end, by its own type where the file says so."""
    written = rows.outcomes[outcome]
    found = []
    for player in rows.players:
        own = written[player]
        found.append(own if isinstance(own, Formula) else own[drawn[player]])
    return tuple(found)


def _outcomes(root: Node, plan: Plan) -> dict[str, dict[str, Formula | Mapping[str, Formula]]]:
    """The payoffs of every outcome, in the order in which the tree comes to them."""
    written = root.parts["outcomes"].parts
    return {
        name: {
            str(player): parse(part.text)
            if part.kind == "scalar"
            else {str(k): parse(v.text) for k, v in part.parts.items()}
            for player, part in written[name].parts.items()
        }
        for name in dict.fromkeys(name for _, name in plan.ends)
    }


def _formulas(node: Node) -> dict[str, dict[str, Formula]]:
    """Formulas by two names."""
    return {
        str(key): {str(name): parse(part.text) for name, part in own.parts.items()} for key, own in node.parts.items()
    }


def _chance_moves(root: Node, types: Mapping[str, Mapping[str, Formula]]) -> tuple[ChanceMove, ...]:
    """The draws of types and the moves of chance, each as often as it is written."""
    found = [ChanceMove(("types", player), tuple(own.items())) for player, own in types.items()]
    for place in plan_of(root).places:
        if place.kind == "chance":
            moves = root.find(place.path).parts["moves"].parts
            shares = tuple((str(name), parse(part.parts["probability"].text)) for name, part in moves.items())
            found.append(ChanceMove((*map(str, place.path), "moves"), shares))
    return tuple(found)
