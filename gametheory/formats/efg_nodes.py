"""What stands in the prologue and in each node of a ``.efg`` file?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from gametheory.errors import Problem
from gametheory.formats.reading import MOST_PLAYERS, labels_of, number_reader
from gametheory.formats.tokens import Node, Source, shortened

__all__ = ["Entry", "Files", "entries"]

CHANCE_OWNER = -1
_NUMBER = re.compile(r"[0-9]{1,9}")

SetKey = tuple[int, int]  # the player's number, or -1 for chance, and the number of the information set


class Entry(NamedTuple):
    """A node: ``c``, ``p`` or ``t``, where it stands, its name, its information set and the number of its outcome."""

    kind: str
    offset: int
    name: str
    key: SetKey
    outcome: int


@dataclass(frozen=True)
class Files:
    """What the nodes told of information sets, by player and number, and of outcomes, by number."""

    actions: dict[SetKey, tuple[str, ...]] = field(default_factory=dict)
    names: dict[SetKey, str] = field(default_factory=dict)
    shares: dict[SetKey, list[Fraction]] = field(default_factory=dict)
    places: dict[SetKey, int] = field(default_factory=dict)
    outcomes: dict[int, str] = field(default_factory=dict)
    payoffs: dict[int, list[Fraction]] = field(default_factory=dict)


@dataclass
class _Cursor:
    """The nodes of the file and how far they were read."""

    source: Source
    nodes: Sequence[Node]
    problems: list[Problem]
    place: int = 0

    def peek(self, kind: str) -> Node | None:
        """The next node, if it is of this kind."""
        node = self.nodes[self.place] if self.place < len(self.nodes) else None
        return node if node is not None and node.kind == kind else None

    def take(self, kind: str) -> Node | None:
        """The next node, if it is of this kind, which is then read."""
        node = self.peek(kind)
        self.place += node is not None
        return node

    def expect(self, kind: str, meaning: str) -> Node:
        """The next node; raises where it is of another kind."""
        node = self.take(kind)
        if node is None:
            offset, found = len(self.source.text), "the file ends here"
            if self.place < len(self.nodes):
                other = self.nodes[self.place]
                offset = other.offset
                shown = {"list": "a list", "text": f"the text {shortened(other.value)}"}
                found = f"found {shown.get(other.kind, shortened(other.value))}"
            raise self.source.wrong(offset, f"{found}, expected {meaning}")
        return node

    def number(self, meaning: str, least: int, most: int | None = None) -> int:
        """The next node as a whole number; raises where it is none."""
        node = self.expect("word", meaning)
        if (
            not _NUMBER.fullmatch(node.value)
            or int(node.value) < least
            or (most is not None and int(node.value) > most)
        ):
            upper = "" if most is None else f" to {most}"
            raise self.source.wrong(node.offset, f"found {shortened(node.value)}, expected {meaning}, {least}{upper}")
        return int(node.value)


def entries(
    source: Source, nodes: Sequence[Node], problems: list[Problem]
) -> tuple[str, tuple[str, ...], list[Entry], Files]:
    """Title, players, nodes in the order of the file, and what they told of information sets and outcomes.

    Mistakes that let reading go on are added to ``problems``; raises ModelError at the first that does not.
    """
    cursor = _Cursor(source, nodes, problems)
    for allowed, meaning in (
        (("EFG",), "EFG, the type of the file"),
        (("2",), "2, the version of the format"),
        (("R", "D"), "R or D, the kind of numbers"),
    ):
        word = cursor.expect("word", meaning)
        if word.value.upper() not in allowed:
            raise source.wrong(word.offset, f"found {shortened(word.value)}, expected {meaning}")
    title = cursor.expect("text", "the title in quotation marks").value
    listed = cursor.expect("list", 'the players, as in { "nato" "russia" }')
    if not 1 <= len(listed.parts) <= MOST_PLAYERS:
        raise source.wrong(listed.offset, f"{len(listed.parts)} players, expected 1 to {MOST_PLAYERS}")
    players = labels_of(source, listed.parts, "player", "player_{}", problems)
    cursor.take("text")  # the comment
    found, known = [], Files()
    while cursor.place < len(nodes):
        found.append(_entry(cursor, len(listed.parts), known))
    if not found:
        raise source.wrong(len(source.text), "the file ends here, expected the nodes of the tree: c, p or t")
    return title, players, found, known


def _entry(cursor: _Cursor, players: int, known: Files) -> Entry:
    """The node that begins here."""
    word = cursor.expect("word", "a node: c, p or t")
    kind = word.value.lower()
    if kind not in ("c", "p", "t"):
        raise cursor.source.wrong(word.offset, f"found {shortened(word.value)}, expected a node: c, p or t")
    named = cursor.take("text")
    name = named.value if named is not None else ""
    if kind == "t":
        return Entry(kind, word.offset, name, (CHANCE_OWNER, 0), _outcome(cursor, players, known))
    player = cursor.number("the number of a player", 1, players) - 1 if kind == "p" else CHANCE_OWNER
    key = (player, cursor.number("the number of an information set", 1))
    _information_set(cursor, key, word.offset, known)
    return Entry(kind, word.offset, name, key, _outcome(cursor, players, known))


def _information_set(cursor: _Cursor, key: SetKey, offset: int, known: Files) -> None:
    """Name, actions and probabilities of an information set, where they stand here."""
    named = cursor.take("text")
    known.names.setdefault(key, "")
    if named is not None and not known.names[key]:
        known.names[key] = named.value
    listed = cursor.take("list")
    if listed is None:
        return
    chance = key[0] == CHANCE_OWNER
    parts = listed.parts
    labels = parts[::2] if chance else parts
    if not parts or (chance and len(parts) % 2) or any(node.kind != "text" for node in labels):
        expected = '{ "action" probability ... }' if chance else '{ "action" "action" ... }'
        raise cursor.source.wrong(listed.offset, f"expected the actions of the information set as {expected}")
    actions = _actions(labels)
    number = number_reader(cursor.source, cursor.problems)
    shares = [number(node) for node in parts[1::2]] if chance else []
    told_before = key in known.actions
    if told_before and (known.actions[key] != actions or (chance and known.shares[key] != shares)):
        message = f"information set {key[1]} has other actions or probabilities here than where it stood first"
        cursor.problems.append(cursor.source.problem(offset, message))
    known.actions.setdefault(key, actions)
    known.places.setdefault(key, offset)
    if chance:
        known.shares.setdefault(key, shares)


def _actions(labels: Sequence[Node]) -> tuple[str, ...]:
    """Names of actions: numbered where they are empty, and told apart by their number where they are equal."""
    found: dict[str, None] = {}
    for place, node in enumerate(labels, 1):
        label = node.value or str(place)
        while label in found:
            label = f"{label}_{place}"
        found[label] = None
    return tuple(found)


def _outcome(cursor: _Cursor, players: int, known: Files) -> int:
    """The number of a node's outcome, with name and payoffs where they stand here; 0 is no outcome."""
    outcome = cursor.number("the number of an outcome", 0)
    named, listed = cursor.take("text"), cursor.take("list")
    if named is not None and outcome and not known.outcomes.get(outcome):
        known.outcomes[outcome] = named.value
    if outcome:
        known.outcomes.setdefault(outcome, "")
    if listed is None or not outcome:
        return outcome
    number = number_reader(cursor.source, cursor.problems)
    payoffs = [number(node) for node in listed.parts]
    if len(payoffs) != players:
        message = f"outcome {outcome}: found {len(payoffs)} payoffs, expected {players}"
        cursor.problems.append(cursor.source.problem(listed.offset, message))
    elif known.payoffs.setdefault(outcome, payoffs) != payoffs:
        message = f"outcome {outcome} has other payoffs here than where it stood first"
        cursor.problems.append(cursor.source.problem(listed.offset, message))
    return outcome
