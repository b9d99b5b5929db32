"""What turns where the solutions of an analytic model change and no event of its equations says why?

The solutions on both sides of the place are compared. Where they run on, a comparison turns: one of a regime, or one
inside the formulas that it rests on. Where they do not, something jumps: the best choice, or a number that a formula
switches.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.expressions import Formula
from gametheory.solvers.roots import solve_systems
from gametheory.study import without_parameter_warnings

if TYPE_CHECKING:
    from gametheory.games import AnalyticGames
    from gametheory.model import Model

__all__ = ["UNNAMED", "turned"]

UNNAMED = "not identified: no fold, end of a bracket or turn of a regime was found here"
EVEN = 1e-6  # share of the numbers compared below which their difference counts as nothing, and a step as no jump

COMPARED = MappingProxyType({"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge})

Values = Mapping[str, float]


@dataclass(frozen=True)
class Sides:
    """One solution just before and just after a place: the games, their numbers there, and the values of variables."""

    games: AnalyticGames
    before: Values
    after: Values

    def values(self, formula: Formula) -> tuple[float, float]:
        """A formula before and after."""
        found = []
        for game, own in enumerate((self.before, self.after)):
            given = {name: np.array([value]) for name, value in own.items()}
            found.append(float(self.games.values([formula], np.array([game]), given)[0][0]))
        return found[0], found[1]


def turned(model: Model, parameter: str, low: float, high: float) -> tuple[str, str]:
    """The player who decides, if somebody does, and what turns between two places close together, in words.

    Solutions are taken to run on in the order of their values. Where their number differs, or nothing is found to turn,
    the words say that it was not identified.
    """
    with without_parameter_warnings():
        games = model.systems({parameter: [low, high]})
    found = solve_systems(games)
    first, second = (np.flatnonzero(found.game == game) for game in (0, 1))
    if len(first) != len(second) or (found.certificates.verdict == "failed").any():
        return "", UNNAMED
    words: list[str] = []
    deciding = False
    for s, t in zip(first.tolist(), second.tolist(), strict=True):
        if found.kind[s] == found.kind[t]:
            continue
        sides = Sides(games, *({name: float(own[k]) for name, own in found.variables.items()} for k in (s, t)))
        told = [*_chosen(sides)]
        deciding |= bool(told)
        words += told or [*_turns(sides)] or [*_jumps(sides)]
    decision = games.system.decision
    player = decision.player if decision is not None and deciding else ""
    return player, "; ".join(dict.fromkeys(words)) or UNNAMED


def _chosen(sides: Sides) -> Iterator[str]:
    """What happens to a best choice: it jumps between two that pay the same, or comes to an end of its interval."""
    decision = sides.games.system.decision
    if decision is None:
        return
    name = decision.choose
    (start, _), (stop, _) = sides.values(decision.low), sides.values(decision.high)
    width = abs(stop - start) or 1.0
    before, after = sides.before[name], sides.after[name]
    if abs(after - before) > EVEN * width:
        stays, leaves = (
            Sides(sides.games, {**sides.before, name: own}, {**sides.after, name: own}).values(decision.maximise)[0]
            for own in (before, after)
        )
        even = abs(stays - leaves) <= EVEN * max(abs(stays), abs(leaves), 1e-300)
        pays = ": both pay the same here" if even else ""
        yield f"{decision.player}: the best {name} jumps from {before:.6g} to {after:.6g}{pays}"


def _turns(sides: Sides) -> Iterator[str]:
    """The comparisons whose truth differs between the two sides while what they compare runs on."""
    for name, condition in sides.games.system.regimes.items():
        if _turned(sides, condition):
            yield f"{name}: {condition.text} turns"
    seen: set[str] = set()
    for name, tree in _inner(sides.games):
        condition = _formula(tree)
        if condition.canonical not in seen and _turned(sides, condition):
            seen.add(condition.canonical)
            yield f"{_spelt(tree)} turns in {name}"


def _turned(sides: Sides, condition: Formula) -> bool:
    """Whether a comparison holds on one side alone, and its own two sides nearly meet on both."""
    sign, left, right = condition.tree
    gaps = [sides.values(_formula(tree)) for tree in (left, right)]
    holds = COMPARED[sign]
    pairs = list(zip(*gaps, strict=True))
    close = all(abs(one - other) <= EVEN * max(abs(one), abs(other), 1.0) for one, other in pairs)
    return close and holds(*pairs[0]) != holds(*pairs[1])


def _jumps(sides: Sides) -> Iterator[str]:
    """The regimes whose comparison holds on one side alone because what it compares jumps."""
    for name, condition in sides.games.system.regimes.items():
        before, after = sides.values(_formula(condition.tree[1]))
        if abs(after - before) > EVEN * max(abs(before), abs(after)):
            yield f"{name}: the left side of {condition.text} jumps from {before:.6g} to {after:.6g}"
            return


def _formula(tree: Any) -> Formula:
    """A part of a formula as one of its own."""
    return Formula("", tree, tuple((own, 0) for own in sorted(_names(tree))), rational=False)


def _inner(games: AnalyticGames) -> Iterator[tuple[str, Any]]:
    """The comparisons inside the quantities that the regimes rest on, each with the quantity that it stands in."""
    wanted = set().union(*(own.names for own in games.system.regimes.values())) if games.system.regimes else set()
    for name, formula in reversed(tuple(games.quantities.items())):
        if name in wanted:
            wanted |= formula.names
            for tree in _comparisons(formula.tree):
                yield name, tree


def _spelt(tree: Any) -> str:
    """A part of a formula as it is written, with brackets around sums and products.

    >>> from gametheory.expressions import parse
    >>> _spelt(parse("where(2 * x < min(y, 1/2), 1, 0)").tree[1])
    '(2 * x) < min(y, (1 / 2))'
    """
    kind, parts = tree[0], tree[1:]
    if kind == "name":
        return str(parts[0])
    if kind == "number":
        return f"{float(parts[0]):.12g}"
    if kind == "negative":
        return f"-{_spelt(parts[0])}"
    if kind in COMPARED:
        return f"{_spelt(parts[0])} {kind} {_spelt(parts[1])}"
    if kind == "**":
        return f"{_spelt(parts[0])}**{parts[1]}"
    if kind in ("+", "-", "*", "/"):
        return f"({_spelt(parts[0])} {kind} {_spelt(parts[1])})"
    return f"{kind}({', '.join(map(_spelt, parts))})"


def _comparisons(tree: Any) -> Iterator[Any]:
    """Every comparison in a tree."""
    if isinstance(tree, tuple):
        if tree and tree[0] in COMPARED:
            yield tree
        for part in tree[1:]:
            yield from _comparisons(part)


def _names(tree: Any) -> set[str]:
    """Every name in a tree."""
    if not isinstance(tree, tuple):
        return set()
    return {tree[1]} if tree[0] == "name" else set().union(*(_names(part) for part in tree[1:]))
