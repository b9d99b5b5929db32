"""How is an extensive game written as a ``.efg`` file that Gambit reads and that loses no digit?"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from gametheory.errors import InputError
from gametheory.formats.tokens import quote
from gametheory.formats.writing import check_length, decimal_text
from gametheory.games import CHANCE, END, ExtensiveGames

__all__ = ["format_efg"]


def format_efg(games: ExtensiveGames) -> str:
    """Text of the one game in ``games``, one line a node.

    Fractions are written where the game has them, else the shortest decimals that give the same doubles. Each end has
    an outcome of its own, except that ends of one outcome with the same payoffs share it. Information sets are numbered
    player by player in their order. Raises InputError for a batch of several games and for numbers that are not finite.

    >>> from gametheory.formats import parse_efg
    >>> text = 'EFG 2 R "" { "a" "b" } p "" 1 1 { "in" "out" } 0 t "" 1 { 1 2 } t "" 2 "lost" { 0 3/2 }'
    >>> print(format_efg(parse_efg(text)), end="")
    EFG 2 R "" { "a" "b" }
    ""
    <BLANKLINE>
    p "" 1 1 "a_1" { "in" "out" } 0
    t "" 1 "outcome_1" { 1 2 }
    t "" 2 "lost" { 0 3/2 }
    """
    if len(games) != 1:
        raise InputError(f"a .efg file holds one game, found a batch of {len(games)}; write games[0], games[1], ...")
    tree = games.tree
    exact = games.fractions(0)
    payoffs = (games.payoffs[0] if exact is None else exact.payoffs).T.tolist()
    chances = (games.chances[0] if exact is None else exact.chances).tolist()
    numbers: dict[tuple[int, tuple[Any, ...]], int] = {}
    ends = dict(zip(tree.ends.tolist(), payoffs, strict=True))
    lines = [f"EFG 2 R {quote(games.title)} {{ {' '.join(map(quote, tree.players))} }}", '""', ""]
    for node in range(len(tree)):
        name = quote(games.names[node]) if games.names else '""'
        owner = int(tree.owner[node])
        if owner == END:
            outcome = int(tree.outcome[node])
            own = numbers.setdefault((outcome, tuple(ends[node])), len(numbers) + 1)
            listed = " ".join(map(_number, ends[node]))
            lines.append(f"t {name} {own} {quote(tree.outcomes[outcome])} {{ {listed} }}")
        elif owner == CHANCE:
            numbers_of = _shares([chances[child] for child in tree.children[node]])
            shares = (f"{quote(label)} {share}" for label, share in zip(tree.labels[node], numbers_of, strict=True))
            lines.append(f'c {name} {_chance_number(games, node)} "" {{ {" ".join(shares)} }} 0')
        else:
            number = int(tree.set_of[node])
            place = tree.sets_of(owner).index(number) + 1
            actions = " ".join(map(quote, tree.labels[node]))
            lines.append(f"p {name} {owner + 1} {place} {quote(tree.sets[number].name)} {{ {actions} }} 0")
    return "\n".join([*lines, ""])


def _chance_number(games: ExtensiveGames, node: int) -> int:
    """Moves of chance are numbered in preorder, each an information set of its own."""
    return int((games.tree.owner[: node + 1] == CHANCE).sum())


def _shares(chances: list[float | Fraction]) -> list[str]:
    """Probabilities of one move of chance, as numbers that sum to exactly one, which Gambit demands.

    The decimals of doubles may miss one by rounding. Then the largest makes up for it or, where that would be another
    double, all do within their last digits; where the doubles themselves do not allow it, they stand as they are.

    >>> _shares([0.9048374180359595, 0.09516258196404048])
    ['5655233862724747/6250000000000000', '0.09516258196404048']
    """
    texts = list(map(_number, chances))
    written = list(map(Fraction, texts))
    largest = [Fraction(own == max(written)) for own in written]
    digits = [Fraction(math.ulp(float(chance))) if chance else Fraction(0) for chance in chances]
    if sum(written) == 1:
        return texts
    for start, parts in ((written, largest), ([Fraction(chance) for chance in chances], digits)):
        missing, whole = 1 - sum(start), sum(parts)
        shares = [own + missing * part / whole for own, part in zip(start, parts, strict=True)]
        if all(float(own) == chance for own, chance in zip(shares, chances, strict=True)):
            return [text if own == old else str(own) for text, own, old in zip(texts, shares, written, strict=True)]
    return texts


def _number(value: float | Fraction) -> str:
    if isinstance(value, float):
        return decimal_text(value)
    check_length(value)
    return str(value)
