"""What is a batch of analytic games: equations between unknowns, and perhaps a quantity that one side maximises?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.expressions import Formula, evaluate, evaluate_exact
from gametheory.expressions.enclosure import enclose
from gametheory.expressions.intervals import point
from gametheory.markup import tabulated

__all__ = ["AnalyticGames", "Decision", "Equation", "System", "Unknown"]

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]

MOST_OF_A_KIND = 9  # solutions of one regime that have labels of their own
OTHER = "other"  # the regime of what fits none of those named


@dataclass(frozen=True)
class Unknown:
    """A number that the equations determine, with the bracket in which it is looked for.

    Where the bracket is `open`, its ends themselves are no solutions.
    """

    name: str
    low: Formula
    high: Formula
    meaning: str
    open: bool = False


@dataclass(frozen=True)
class Equation:
    """Two formulas that are equal in a solution."""

    left: Formula
    right: Formula


@dataclass(frozen=True)
class Decision:
    """A number that one player chooses from an interval, ends included, to make a formula as large as possible."""

    player: str
    choose: str
    low: Formula
    high: Formula
    maximise: Formula


@dataclass(frozen=True)
class System:
    """What an analytic model solves for.

    `guaranteed` says that a solution of the equations is known to exist. `regimes` are named conditions, of which the
    first that holds names a solution.
    """

    unknowns: tuple[Unknown, ...] = ()
    equations: Mapping[str, Equation] = field(default_factory=dict)
    guaranteed: bool = False
    decision: Decision | None = None
    regimes: Mapping[str, Formula] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The regimes, with what fits none of them; one kind where no regime is named."""
        if self.regimes:
            return (*self.regimes, OTHER)
        if self.decision is not None and not self.unknowns:
            return ("optimum",)
        return ("root",) if self.unknowns else ("solution",)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of solutions: the regime, with a number for the second and further ones of a game.

        >>> System().labels[:2]
        ('solution', 'solution 2')
        """
        return tuple(
            kind if rank == 1 else f"{kind} {rank}" for rank in range(1, MOST_OF_A_KIND + 1) for kind in self.kinds
        )

    @property
    def variables(self) -> tuple[str, ...]:
        """The names that a solution gives values to: the unknowns, then the choice."""
        chosen = () if self.decision is None else (self.decision.choose,)
        return (*(unknown.name for unknown in self.unknowns), *chosen)


@dataclass(frozen=True, eq=False, repr=False)
class AnalyticGames:
    """A batch of analytic games that share one system of equations.

    ``columns[name]`` is each parameter as ``float64[game]``, or ``float64[1]`` where all games share it. ``quantities``
    are formulas over parameters, unknowns and earlier quantities. Indexing gives a batch again.
    """

    players: tuple[str, ...]
    system: System
    quantities: Mapping[str, Formula]
    columns: Mapping[str, FloatArray]
    count: int
    title: str = ""

    def __len__(self) -> int:
        """Number of games."""
        return self.count

    def __getitem__(self, which: int | slice | IntArray) -> AnalyticGames:
        """Return some of the games as a batch."""
        rows = np.atleast_1d(np.arange(self.count)[which])
        columns = {name: own if len(own) == 1 else own[rows] for name, own in self.columns.items()}
        return replace(self, columns=columns, count=len(rows))

    def __repr__(self) -> str:
        """One line: how many games of which unknowns."""
        names = ", ".join(self.system.variables) or "closed form"
        return f"<AnalyticGames: {self.count} {'game' if self.count == 1 else 'games'}, {names}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: the unknowns with their brackets, what they solve, and what is maximised."""
        own = self.system
        rows = [(unknown.name, unknown.low.text, unknown.high.text, unknown.meaning) for unknown in own.unknowns]
        if own.decision is not None:
            chosen = own.decision
            rows.append((chosen.choose, chosen.low.text, chosen.high.text, f"chosen by {chosen.player}"))
        name = self.title or repr(self)[1:-1]
        html = tabulated(f"{name}: what is looked for", ("unknown", "from", "to", "meaning"), rows) if rows else ""
        equations = [(name, f"{each.left.text} = {each.right.text}") for name, each in own.equations.items()]
        if own.decision is not None:
            equations.append(("made as large as possible", own.decision.maximise.text))
        formulas = [(name, formula.text) for name, formula in self.quantities.items()]
        return html + tabulated(f"{name}: equations and quantities", ("name", "formula"), [*equations, *formulas])

    @cached_property
    def moving(self) -> frozenset[str]:
        """The quantities that rest on an unknown or on the choice."""
        found = set(self.system.variables)
        for name, formula in self.quantities.items():
            if not formula.names.isdisjoint(found):
                found.add(name)
        return frozenset(found.difference(self.system.variables))

    def values(
        self, formulas: Sequence[Formula], rows: IntArray, given: Mapping[str, FloatArray] | None = None
    ) -> list[FloatArray]:
        """Formulas in doubles, ``float64[row]`` each, for the games ``rows`` and the ``given`` values of variables."""
        found = self._worked_out(formulas, rows, given or {}, evaluate, np.asarray)
        return [np.broadcast_to(own, len(rows)).astype(np.float64) for own in found]

    def bounds(self, formulas: Sequence[Formula], rows: IntArray, given: Mapping[str, Any]) -> list[Any]:
        """Formulas as an `Interval` or `Slope` each, for the games ``rows`` and ``given`` ranges of the variables."""
        return self._worked_out(formulas, rows, given, enclose, point)

    def fractions(
        self, formulas: Sequence[Formula], game: int, given: Mapping[str, float]
    ) -> list[Fraction | float] | None:
        """Formulas of one game as fractions, doubles taken as the fractions they are; None where one is irrational."""
        behind = self._behind(formulas)
        used = [*formulas, *(own for name, own in self.quantities.items() if name in behind)]
        if not all(formula.rational for formula in used):
            return None
        exact = {name: _fraction(value) for name, value in given.items()}
        rows = np.array([game])
        found = self._worked_out(formulas, rows, exact, evaluate_exact, lambda own: _fraction(float(own[0])))
        return [np.ravel(own)[0] for own in found]

    def _worked_out(
        self,
        formulas: Sequence[Formula],
        rows: IntArray,
        given: Mapping[str, Any],
        evaluator: Callable[[Formula, Mapping[str, Any]], Any],
        constant: Callable[[FloatArray], Any],
    ) -> list[Any]:
        wanted = self._behind(formulas)
        values = {
            name: constant(own if len(own) == 1 else own[rows]) for name, own in self.columns.items() if name in wanted
        }
        values |= given
        for name, formula in self.quantities.items():
            if name in wanted:
                values[name] = evaluator(formula, values)
        return [evaluator(formula, values) for formula in formulas]

    def _behind(self, formulas: Sequence[Formula]) -> frozenset[str]:
        """Every name that formulas rest on, directly or through quantities."""
        names = set().union(*(formula.names for formula in formulas))
        for name, formula in reversed(tuple(self.quantities.items())):  # a quantity uses only earlier ones
            if name in names:
                names |= formula.names
        return frozenset(names)

    def ends(self, low: Formula, high: Formula, name: str) -> tuple[FloatArray, FloatArray]:
        """The ends of a bracket in every game; raises InputError where one is not finite or they are out of order."""
        rows = np.arange(self.count)
        first, last = self.values([low, high], rows)
        wrong = np.flatnonzero(~(np.isfinite(first) & np.isfinite(last) & (first <= last)))
        if len(wrong):
            place = int(wrong[0])
            pair = f"[{float(first[place])!r}, {float(last[place])!r}]"
            raise InputError(
                f"{name}: bracket {pair} in game {place}, expected finite ends, the low one not above the high"
            )
        return first, last


def _fraction(value: float) -> NDArray[np.object_]:
    """A double as the fraction that it is, in an array of its own; what is not finite stays as it is."""
    found = np.empty(1, dtype=object)
    found[0] = Fraction(value) if np.isfinite(value) else value
    return found
