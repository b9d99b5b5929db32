"""Game trees for tests: a builder from nested tuples, random trees, and the published ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gametheory.games.extensive import CHANCE, END, ExtensiveGames, InformationSet, Tree

Node = Any  # ("set name", player, {action: Node}) | ("chance", {label: (probability, Node)}) | payoffs of an end


def grow(players: Sequence[str], root: Node, *, title: str = "") -> ExtensiveGames:
    """One game from nested tuples; nodes with the same name of an information set belong together."""
    parent: list[int] = []
    move: list[int] = []
    owner: list[int] = []
    labels: list[tuple[str, ...]] = []
    names: list[str] = []
    chance: list[float] = []
    ends: list[tuple[float, ...]] = []

    def visit(node: Node, before: int, place: int, share: float) -> None:
        number = len(parent)
        parent.append(before)
        move.append(place)
        chance.append(share)
        if isinstance(node, tuple) and node and node[0] == "chance":
            owner.append(CHANCE)
            names.append("")
            labels.append(tuple(node[1]))
            for k, (probability, child) in enumerate(node[1].values()):
                visit(child, number, k, float(probability))
        elif isinstance(node, tuple) and node and isinstance(node[0], str):
            owner.append(node[1])
            names.append(node[0])
            labels.append(tuple(node[2]))
            for k, child in enumerate(node[2].values()):
                visit(child, number, k, 1.0)
        else:
            owner.append(END)
            names.append("")
            labels.append(())
            ends.append(tuple(float(value) for value in node))

    visit(root, -1, -1, 1.0)
    order = list(dict.fromkeys(name for name in names if name))
    sets = tuple(
        InformationSet(
            name,
            owner[names.index(name)],
            labels[names.index(name)],
            tuple(k for k, own in enumerate(names) if own == name),
        )
        for name in order
    )
    set_of = np.array([order.index(name) if name else -1 for name in names])
    outcome = np.full(len(parent), -1)
    outcome[np.array(owner) == END] = np.arange(len(ends))
    tree = Tree(
        tuple(players),
        np.array(parent),
        np.array(move),
        np.array(owner),
        set_of,
        outcome,
        tuple(labels),
        sets,
        tuple(f"end_{k + 1}" for k in range(len(ends))),
    )
    return ExtensiveGames(tree, np.array(ends).T[np.newaxis], np.array(chance)[np.newaxis], title)


def stacked(games: Sequence[ExtensiveGames]) -> ExtensiveGames:
    """Games on the same tree as one batch."""
    return ExtensiveGames(
        games[0].tree, np.concatenate([g.payoffs for g in games]), np.concatenate([g.chances for g in games])
    )


def entry() -> ExtensiveGames:
    """Entry deterrence: staying out, because of the threat to fight, is Nash and not subgame-perfect."""
    reply = ("incumbent", 1, {"acquiesce": (2, 1), "fight": (-1, -1)})
    return grow(("entrant", "incumbent"), ("entrant", 0, {"in": reply, "out": (1, 2)}))


def horse() -> ExtensiveGames:
    """Selten's horse (1975, figure 1)."""
    third_down = ("three", 2, {"l": (3, 2, 2), "r": (0, 0, 0)})
    third_across = ("three", 2, {"l": (4, 4, 0), "r": (0, 0, 1)})
    second = ("two", 1, {"across": (1, 1, 1), "down": third_across})
    return grow(("1", "2", "3"), ("one", 0, {"across": second, "down": third_down}))


def beer_quiche(strong: float = 0.9) -> ExtensiveGames:
    """Cho and Kreps (1987): 1 for the preferred breakfast, 2 for no duel; the receiver duels with the weak."""

    def reply(kind: str, meal: str) -> Node:
        liked = 1 if (kind == "strong") == (meal == "beer") else 0
        duel, walk = (1, 0) if kind == "weak" else (0, 1)
        return (f"after_{meal}", 1, {"duel": (liked, duel), "walk": (liked + 2, walk)})

    def sender(kind: str) -> Node:
        return (kind, 0, {"beer": reply(kind, "beer"), "quiche": reply(kind, "quiche")})

    root = ("chance", {"weak": (1 - strong, sender("weak")), "strong": (strong, sender("strong"))})
    return grow(("sender", "receiver"), root)


CHALLENGER = {"DC": 1.0, "SQ": 0.6, "DD+": 0.3, "CD": 0.2, "DD-": 0.0}
DEFENDER = {"SQ": 1.0, "CD": 0.8, "DD+": 0.4, "DC": 0.3, "DD-": 0.0}


def deterrence(hard_challenger: float, hard_defender: float) -> ExtensiveGames:
    """Unilateral deterrence with two-sided uncertainty; each side sees its own type alone."""

    def ends(outcome: str, own: str, other: str) -> tuple[float, float]:
        kinds = ("DD+" if outcome == "DD" and kind == "hard" else "DD-" for kind in (own, other))
        first, second = (kind if outcome == "DD" else outcome for kind in kinds)
        return CHALLENGER[first], DEFENDER[second]

    def game(own: str, other: str) -> Node:
        again = (f"again.{own}", 0, {"back_down": ends("CD", own, other), "press_on": ends("DD", own, other)})
        reply = (f"reply.{other}", 1, {"concede": ends("DC", own, other), "resist": again})
        return (f"start.{own}", 0, {"concede": ends("SQ", own, other), "demand": reply})

    def second(own: str) -> Node:
        split = {"hard": hard_defender, "soft": 1 - hard_defender}
        return ("chance", {kind: (share, game(own, kind)) for kind, share in split.items()})

    split = {"hard": hard_challenger, "soft": 1 - hard_challenger}
    return grow(("challenger", "defender"), ("chance", {kind: (share, second(kind)) for kind, share in split.items()}))


SAFE = {"DE": 1, "DD": 3, "ED": 4, "SQ": 5, "DC": 6}
HELD = {"ED": 1, "DC": 4, "DE": 6, "SQ": 7}


def asymmetric(challenger: str, tactically: str, strategically: str) -> ExtensiveGames:
    """Asymmetric escalation with complete information (Zagare and Kilgour 1995), payoffs by rank."""
    first = {**SAFE, "EE": 2 if challenger == "H" else 0}
    second = {**HELD, "DD": 5 if tactically == "H" else 3, "EE": 2 if strategically == "H" else 0}

    def end(name: str) -> tuple[int, int]:
        return first[name], second[name]

    answer = ("answer", 1, {"D": end("ED"), "E": end("EE")})
    step = ("step", 0, {"C": end("DD"), "E": answer})
    final = ("final", 0, {"D": end("DE"), "E": end("EE")})
    reply = ("reply", 1, {"C": end("DC"), "D": step, "E": final})
    return grow(("challenger", "defender"), ("start", 0, {"C": end("SQ"), "D": reply}))


def chain_store(markets: int, hard: float, *, b: float = 0.5, a: float = 2.0) -> ExtensiveGames:
    """Kreps and Wilson (1982): entrants in turn against an incumbent that may be of a kind that always fights."""

    def stage(left: int, kind: str, story: str, entrants: tuple[float, ...], own: float) -> Node:
        if not left:
            return (*entrants, own)
        number = markets - left

        def after(mark: str, pays: float, gains: float) -> Node:
            return stage(left - 1, kind, story + mark, (*entrants, pays), own + gains)

        fought = after("F", b - 1, -1.0)
        meets = fought if kind == "hard" else (f"weak{story}", markets, {"yield": after("Y", b, 0.0), "fight": fought})
        return (f"entrant{number}{story}", number, {"in": meets, "out": after("O", 0.0, a)})

    root = ("chance", {k: (p, stage(markets, k, "", (), 0.0)) for k, p in (("hard", hard), ("weak", 1 - hard))})
    return grow((*(f"entrant_{k + 1}" for k in range(markets)), "incumbent"), root)


def random_tree(
    seed: int, *, depth: int = 3, players: int = 2, join: float = 0.5, tied: bool = False
) -> ExtensiveGames:
    """A random binary tree whose players move by turns and see, of each move before, its result or nothing.

    Recall is perfect: what a player sees includes its own moves.
    """
    random = np.random.default_rng(seed)
    hidden = {level: random.random() < join for level in range(depth)}

    def visit(level: int, seen: Mapping[int, str]) -> Node:
        if level == depth:
            draw = random.integers(0, 4, players) if tied else random.integers(-50, 50, players)
            return tuple(int(value) for value in draw)
        player = level % players

        def then(action: str) -> Node:
            news = {
                k: story + (action if k == player else "?" if hidden[level] else action) for k, story in seen.items()
            }
            return visit(level + 1, news)

        return (f"p{player}:{seen[player]}.", player, {action: then(action) for action in "ab"})

    return grow(tuple(f"player_{k + 1}" for k in range(players)), visit(0, dict.fromkeys(range(players), "")))


def at_once(payoffs: np.ndarray[Any, np.dtype[np.float64]]) -> ExtensiveGames:
    """A strategic game ``payoffs[player, a1, a2, ...]`` as a tree in which nobody sees what the others did."""
    players = payoffs.shape[0]

    def node(player: int, chosen: tuple[int, ...]) -> Node:
        if player == players:
            return tuple(payoffs[(slice(None), *chosen)])
        actions = range(payoffs.shape[1 + player])
        return (f"set_{player}", player, {f"a{k}": node(player + 1, (*chosen, k)) for k in actions})

    return grow([f"player_{k}" for k in range(players)], node(0, ()))
