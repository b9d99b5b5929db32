"""Which extensive game does the text of a ``.efg`` file describe?

The file lists the nodes of the tree in preorder: ``c`` for a move of chance, ``p`` for one of a player and ``t`` for an
end, each with its name, its information set by number, and an outcome by number. The actions of an information set and
the payoffs of an outcome stand where they are first met, or anywhere. Payoffs at inner nodes are added up to the end.
The format is described in Gambit's manual (Savani and Turocy, Gambit: The package for computation in game theory).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from gametheory.errors import ModelError, ParameterWarning, Problem
from gametheory.formats.efg_nodes import Entry, Files, entries
from gametheory.formats.reading import MOST_PROBLEMS, at_most
from gametheory.formats.tokens import Source, read_nodes
from gametheory.games import CHANCE, END, ExactTree, ExtensiveGames, InformationSet, Tree

__all__ = ["parse_efg"]

NOTHING = "none"  # the outcome of an end that has none
ROUNDED = Fraction(1, 10_000)  # how far from one written probabilities may sum that were rounded
DIGITS = Fraction(1, 10**12)  # what the decimals of doubles may miss; such probabilities stay as they are written


@dataclass(frozen=True)
class _Rows:
    """The tree while it grows, node by node in preorder."""

    parent: list[int] = field(default_factory=list)
    move: list[int] = field(default_factory=list)
    chances: list[Fraction] = field(default_factory=list)
    ends: list[tuple[int, ...]] = field(default_factory=list)  # the outcomes on the way to each end


def parse_efg(text: str, file: str = "<text>") -> ExtensiveGames:
    """Read the game in ``text``: a batch of one, with its numbers as doubles and, in ``exact``, as fractions.

    Unnamed players become ``player_1``, ``player_2``, ..., unnamed actions ``1``, ``2``, ..., unnamed information sets
    ``PLAYER_NUMBER`` and outcomes ``outcome_NUMBER``; a name that stands twice gets its number too. Information sets
    stand in the order in which the file comes to them. Comments are not kept. Probabilities that were rounded, so that
    they miss one by up to 1e-4, are scaled to it with a warning. Raises ModelError that places every mistake it can
    see.

    >>> games = parse_efg('EFG 2 R "" { "a" "b" } p "" 1 1 { "in" "out" } 0 t "" 1 { 1 2 } t "" 2 { 0 3/2 }')
    >>> games.tree.sets[0].actions, games.payoffs[0].tolist()
    (('in', 'out'), [[1.0, 0.0], [2.0, 1.5]])
    """
    source = Source(text, file)
    problems: list[Problem] = []
    title, players, listed, known = entries(source, read_nodes(source), problems)
    _check_outcomes(source, listed, known, problems)
    _check_chances(source, known, problems)
    rows = _grown(source, listed, known, problems)
    if problems:
        raise ModelError(at_most(problems, MOST_PROBLEMS))
    return _game(title, players, listed, known, rows)


def _grown(source: Source, listed: list[Entry], known: Files, problems: list[Problem]) -> _Rows:
    """Give each node its parent; raises where the file ends too early or goes on."""
    rows = _Rows()
    waiting: list[tuple[int, int, tuple[int, ...]]] = [(-1, 0, ())]
    for number, entry in enumerate(listed):
        if not waiting:
            raise source.wrong(entry.offset, f"the tree is complete after {number} nodes; expected the end of the file")
        before, move, path = waiting.pop()
        path = (*path, entry.outcome) if entry.outcome else path
        rows.parent.append(before)
        rows.move.append(move)
        chance = before >= 0 and listed[before].kind == "c"
        rows.chances.append(known.shares[listed[before].key][move] if chance else Fraction(1))
        if entry.kind == "t":
            rows.ends.append(path)
        else:
            count = len(known.actions.get(entry.key, ()))
            if not count:
                raise ModelError([*problems, source.problem(entry.offset, "the actions of this set stand nowhere")])
            waiting.extend((number, step, path) for step in reversed(range(count)))
    if waiting:
        message = f"the file ends here, expected {len(waiting)} more branches of the tree at least"
        raise ModelError([*problems, source.problem(len(source.text), message)])
    return rows


def _check_outcomes(source: Source, listed: list[Entry], known: Files, problems: list[Problem]) -> None:
    """Outcomes that are used and have payoffs nowhere."""
    for entry in listed:
        if entry.outcome and entry.outcome not in known.payoffs:
            message = f"outcome {entry.outcome} has payoffs nowhere; write its name and {{ payoffs }} once"
            problems.append(source.problem(entry.offset, message))


def _check_chances(source: Source, known: Files, problems: list[Problem]) -> None:
    """Scale probabilities that were rounded; report those that are none."""
    for key, shares in known.shares.items():
        total = sum(shares, Fraction(0))
        if min(shares) < 0 or abs(total - 1) > ROUNDED:
            found = " + ".join(map(str, shares))
            message = f"the probabilities {found} of a move of chance make {float(total):.6g}, expected 0 to 1 and 1"
            problems.append(source.problem(known.places[key], message))
        elif abs(total - 1) > DIGITS:
            message = f"{source.file}: probabilities that sum to {float(total):.9g} were divided by their sum"
            warnings.warn(message, ParameterWarning, stacklevel=3)
            known.shares[key] = [share / total for share in shares]


def _game(title: str, players: tuple[str, ...], listed: list[Entry], known: Files, rows: _Rows) -> ExtensiveGames:
    """The game of a file in which nothing is wrong."""
    keys = list(dict.fromkeys(entry.key for entry in listed if entry.kind == "p"))
    number_of = {key: number for number, key in enumerate(keys)}
    names = _different((known.names[key] or f"{players[key[0]]}_{key[1]}", key[1]) for key in keys)
    nodes: dict[tuple[int, int], list[int]] = {key: [] for key in keys}
    for number, entry in enumerate(listed):
        if entry.kind == "p":
            nodes[entry.key].append(number)
    outcomes = list(dict.fromkeys(rows.ends))
    ends = iter(rows.ends)
    tree = Tree(
        players,
        parent=np.array(rows.parent),
        move=np.array(rows.move),
        owner=np.array([{"c": CHANCE, "t": END}.get(entry.kind, entry.key[0]) for entry in listed]),
        set_of=np.array([number_of.get(entry.key, -1) if entry.kind == "p" else -1 for entry in listed]),
        outcome=np.array([outcomes.index(next(ends)) if entry.kind == "t" else -1 for entry in listed]),
        labels=tuple(known.actions[entry.key] if entry.kind != "t" else () for entry in listed),
        sets=tuple(
            InformationSet(name, key[0], known.actions[key], tuple(nodes[key]))
            for name, key in zip(names, keys, strict=True)
        ),
        outcomes=_outcome_names(outcomes, known),
    )
    exact = _numbers(known, rows, len(players))
    payoffs, chances = exact.payoffs.astype(np.float64), exact.chances.astype(np.float64)
    written = tuple(entry.name for entry in listed)
    return ExtensiveGames(tree, payoffs, chances, title, exact, names=written if any(written) else ())


def _numbers(known: Files, rows: _Rows, players: int) -> ExactTree:
    """Payoffs and chances as fractions."""
    payoffs = np.full((1, players, len(rows.ends)), Fraction(0), dtype=object)
    for end, path in enumerate(rows.ends):
        for outcome in path:
            for player, payoff in enumerate(known.payoffs[outcome]):
                payoffs[0, player, end] += payoff
    chances = np.empty((1, len(rows.parent)), dtype=object)
    chances[0] = rows.chances
    return ExactTree(payoffs, chances)


def _outcome_names(paths: list[tuple[int, ...]], known: Files) -> tuple[str, ...]:
    """Outcomes by their names; several on one path are joined by plus signs."""
    called = {number: name or f"outcome_{number}" for number, name in known.outcomes.items()}
    single = dict(zip(called, _different((name, number) for number, name in called.items()), strict=True))
    joined = [("+".join(single[number] for number in path) or NOTHING, place) for place, path in enumerate(paths, 1)]
    return _different(joined)


def _different(names: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """The names, those that stood before with their number."""
    found: dict[str, None] = {}
    for name, number in names:
        unused = name
        while unused in found:
            unused = f"{unused}_{number}"
        found[unused] = None
    return tuple(found)
