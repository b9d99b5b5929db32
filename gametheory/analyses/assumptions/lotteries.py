"""Which payoffs of a model are averages over a chance, and what are the two outcomes behind each?

A payoff formula is read as a lottery where it says so itself: ``(1 - q) * x + q * y``, with ``q`` one name that stands
nowhere else in it, pays y with chance q and else x; further terms are paid either way. Every other payoff, also an
expected value that is written in another way, is read as an amount that is paid for sure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions import Formula, parse
from gametheory.model.nouns import Cells, closed

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Model

__all__ = ["Lotteries", "lotteries", "players_with_chance"]

FloatArray = NDArray[np.float64]
Tree = tuple[Any, ...]

NEVER = parse("0")
ONE = parse("1").tree


class Lotteries(NamedTuple):
    """With ``chance`` a profile pays ``other``, else ``usual``: all ``float64[game, player, a1, a2, ...]``."""

    usual: FloatArray
    other: FloatArray
    chance: FloatArray

    @property
    def expected(self) -> FloatArray:
        """The payoffs that the model writes down, up to rounding."""
        return np.where(self.chance > 0.0, (1.0 - self.chance) * self.usual + self.chance * self.other, self.usual)

    @property
    def best(self) -> FloatArray:
        """The best outcome that each player can have: ``float64[game, player, 1, 1, ...]``."""
        return self._end(np.maximum)

    @property
    def worst(self) -> FloatArray:
        """The worst outcome that each player can have: ``float64[game, player, 1, 1, ...]``."""
        return self._end(np.minimum)

    def _end(self, pick: np.ufunc) -> FloatArray:
        """The extreme of all outcomes that have a chance."""
        axes = tuple(range(2, self.usual.ndim))
        first = np.where(self.chance < 1.0, self.usual, self.other)
        second = np.where(self.chance > 0.0, self.other, self.usual)
        return np.asarray(pick.reduce(pick(first, second), axis=axes, keepdims=True))


def lotteries(model: Model, games: Games, design: Any) -> Lotteries:
    """The outcomes behind the payoffs of ``games``, the unrestricted games of the model at the points of ``design``.

    A chance that is no number between 0 and 1 makes all three not a number there, so that the game cannot be solved.

    >>> from gametheory.reader import load
    >>> model = load("reference_involvement")
    >>> found = lotteries(model, model.games(), {})
    >>> bool(np.allclose(found.expected, model.games().payoffs)), float(found.worst[0, 0].item())
    (True, -40.0)
    """
    if not players_with_chance(model):
        return Lotteries(games.payoffs, games.payoffs, np.zeros_like(games.payoffs))
    usual, other, chance = (part.games(design).payoffs for part in _parts(model))
    chance = np.where((chance >= 0.0) & (chance <= 1.0), chance, np.nan)
    usual, other = (np.where(np.isnan(chance), np.nan, part) for part in (usual, other))
    return Lotteries(usual, other, chance)


@lru_cache(maxsize=16)
def players_with_chance(model: Model) -> tuple[str, ...]:
    """The players some of whose payoffs are lotteries by their formulas.

    >>> from gametheory.reader import load
    >>> players_with_chance(load("reference_involvement"))
    ('nato', 'russia')
    """
    chance = _parts(model)[2].payoffs
    return tuple(name for name, entry in chance.items() if any(formula != NEVER for formula in _formulas(entry)))


@lru_cache(maxsize=16)
def _parts(model: Model) -> tuple[Model, Model, Model]:
    """The model with its payoffs replaced by the usual outcomes, by the other ones, and by the chance of these."""
    split = {name: [_split(formula) for formula in _formulas(entry)] for name, entry in model.payoffs.items()}
    models = []
    for place in range(3):
        payoffs: dict[str, Formula | Cells] = {}
        for name, entry in model.payoffs.items():
            own = tuple(parts[place] for parts in split[name])
            payoffs[name] = own[0] if isinstance(entry, Formula) else Cells(entry.shape, own)
        models.append(replace(model, payoffs=closed(payoffs)))
    return models[0], models[1], models[2]


def _formulas(entry: Formula | Cells) -> tuple[Formula, ...]:
    """The formulas of a payoff, one or one a cell."""
    return (entry,) if isinstance(entry, Formula) else entry.formulas


def _split(formula: Formula) -> tuple[Formula, Formula, Formula]:
    """The usual outcome, the other one and its chance.

    >>> found = _split(parse("(1 - q) * (gain - cost) - q * loss"))
    >>> [part.tree for part in found] == [parse(text).tree for text in ("gain - cost", "-loss", "q")]
    True
    >>> _split(parse("stake * (1 - q)"))[2] == NEVER
    True
    """
    terms = [(sign, list(_factors(term))) for sign, term in _terms(formula.tree, positive=True)]
    found = [name for name in sorted(formula.names) if _is_chance(name, terms)]
    if len(found) != 1:
        return formula, formula, NEVER
    (name,) = found
    q = ("name", name)
    not_q = ("-", ONE, q)
    usual = [(sign, [part for part in own if part != not_q]) for sign, own in terms if q not in own]
    other = [(sign, [part for part in own if part != q]) for sign, own in terms if not_q not in own]
    return _formula(_sum(usual)), _formula(_sum(other)), _formula(q)


def _is_chance(name: str, terms: list[tuple[bool, list[Tree]]]) -> bool:
    """Whether some terms are multiplied by the name, some by one less the name, and the name stands nowhere else."""
    q: Tree = ("name", name)
    not_q: Tree = ("-", ONE, q)
    seen = {True: 0, False: 0}
    for _, factors in terms:
        marks = [part == q for part in factors if part in (q, not_q)]
        if len(marks) > 1 or any(name in _names(part) for part in factors if part not in (q, not_q)):
            return False
        for mark in marks:
            seen[mark] += 1
    return min(seen.values()) > 0


def _terms(tree: Tree, *, positive: bool) -> Iterator[tuple[bool, Tree]]:
    """The terms of a sum, each with whether it is added; one less a name is a term of its own."""
    if tree[0] in {"+", "-"} and not (tree[:2] == ("-", ONE) and tree[2][0] == "name"):
        yield from _terms(tree[1], positive=positive)
        yield from _terms(tree[2], positive=positive == (tree[0] == "+"))
    elif tree[0] == "negative":
        yield from _terms(tree[1], positive=not positive)
    else:
        yield positive, tree


def _factors(tree: Tree) -> Iterator[Tree]:
    """The factors of a product."""
    if tree[0] == "*":
        yield from _factors(tree[1])
        yield from _factors(tree[2])
    else:
        yield tree


def _names(tree: Tree) -> frozenset[str]:
    """The names in a tree."""
    if tree[0] == "name":
        return frozenset({tree[1]})
    return frozenset().union(*(_names(part) for part in tree[1:] if isinstance(part, tuple)))


def _sum(terms: list[tuple[bool, list[Tree]]]) -> Tree:
    """The tree of a sum of products."""
    total: Tree | None = None
    for positive, factors in terms:
        product = reduce(lambda left, right: ("*", left, right), factors) if factors else ONE
        if total is None:
            total = product if positive else ("negative", product)
        else:
            total = ("+" if positive else "-", total, product)
    return NEVER.tree if total is None else total


def _formula(tree: Tree) -> Formula:
    """A formula of a tree; its own text does not matter here, and it is never evaluated exactly."""
    return Formula("", tree, tuple((name, 0) for name in sorted(_names(tree))), rational=False)
