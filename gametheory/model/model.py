"""Which games does a model stand for?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.expressions import Formula, evaluate, evaluate_exact, parse
from gametheory.games.analytic import AnalyticGames, System
from gametheory.games.extensive import ExactTree, ExtensiveGames
from gametheory.games.strategic import Games
from gametheory.model.designs import (
    Design,
    exact_columns,
    float_columns,
    given_values,
    row_count,
    warn_disordered,
    warn_outside,
)
from gametheory.model.digest import digest
from gametheory.model.display import model_html
from gametheory.model.evaluation import closure, environment, payoff_array, payoff_formulas
from gametheory.model.nouns import Cells, Claim, Constraint, Measure, Player, Table, closed
from gametheory.model.sampling import draws
from gametheory.model.trees import GameTree, tree_arrays
from gametheory.parameters import Correlation, Joint, Parameter, Ranking

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Model"]

FloatArray: TypeAlias = NDArray[np.float64]

ORDERS_OF_FORM = MappingProxyType(
    {"extensive": ("simultaneous", "subgame_perfect", "sequential"), "analytic": ("equilibrium",)}
)
"""Form -> its orders of play, where they are not the players."""


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """What an analyst wrote, frozen: players, parameters and how they hang together, formulas, measures and claims.

    `digest` identifies the content whatever its layout; `text` and `path` are the file that it was read from. Two
    models are equal where their digests are. Nothing here counts players: every axis comes from `players`.
    """

    title: str
    question: str
    form: str
    as_of: str
    players: tuple[Player, ...]
    parameters: Mapping[str, Parameter]
    tables: Mapping[str, Table]
    quantities: Mapping[str, Formula]
    payoffs: Mapping[str, Formula | Cells]
    measures: Mapping[str, Measure]
    claims: Mapping[str, Claim]
    text: str
    path: str
    correlations: tuple[Correlation, ...] = ()
    constraints: Mapping[str, Constraint] = field(default_factory=lambda: closed({}))
    rankings: Mapping[str, Ranking] = field(default_factory=lambda: closed({}))
    tree: GameTree | None = None
    system: System | None = None
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Work out the digest once."""
        object.__setattr__(self, "digest", digest(self))

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders of play: simultaneous, or one player moves first and is observed.

        In a tree, where the tree itself says who moves when, simultaneous means that whole plans are chosen at once;
        the others leave of its equilibria those that a player would carry out.
        """
        if self.form in ORDERS_OF_FORM:
            return ORDERS_OF_FORM[self.form]
        return ("simultaneous", *(player.name for player in self.players))

    @property
    def axes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Name and labels of everything that a solution chooses from: players, or information sets, and actions.

        An analytic model has one axis, ``outcome``, with the names of its solutions.
        """
        if self.tree is not None:
            return self.tree.axes
        if self.system is not None:
            return (("outcome", self.system.labels),)
        return tuple((player.name, player.actions) for player in self.players)

    @cached_property
    def joint(self) -> Joint:
        """The joint law of the parameters: their laws, rank correlations and rankings, before the constraints."""
        return Joint(tuple(self.parameters.values()), self.correlations, tuple(self.rankings.values()))

    @cached_property
    def rational(self) -> bool:
        """Whether every payoff is a fraction of the parameters, so that games can be exact."""
        if self.tree is not None:
            behind = closure(self, self.tree.formulas)
            used = [formula for name, formula in self.quantities.items() if name in behind]
            return all(formula.rational for formula in (*self.tree.formulas, *used))
        if self.system is not None:
            return False
        return all(formula.rational for formula in payoff_formulas(self).values())

    def central(self) -> dict[str, float]:
        """The central value of every parameter, in the order of the file."""
        return {name: parameter.value for name, parameter in self.parameters.items()}

    def games(
        self,
        design: Design | None = None,
        /,
        *,
        given: Mapping[str, Sequence[str]] | None = None,
        exact: bool = False,
        **values: Any,
    ) -> Games:
        """The games at the points of a design (a frame, or a mapping of names to values or columns).

        Parameters that are not given keep their central values. A value is a number, exact text such as ``"0.1"``
        or ``"1/3"``, or a `fractions.Fraction`. `given` leaves its players only the actions listed. With `exact`,
        the games carry fractions beside the doubles where every formula is rational and every value finite.

        Raises `UnknownNameError` for a name that is no parameter, player or action, `InputError` for a value that
        is no number; warns with `ParameterWarning` where a value leaves its law, or values contradict a ranking.
        Raises `InputError` for a model of another form than the strategic.
        """
        if self.form != "strategic":
            named = {"extensive": "use trees instead of games", "analytic": "use systems instead of games"}
            instead = named.get(self.form, "it has no table of payoffs")
            raise InputError(f"{self.title!r} is a model of form {self.form!r}; {instead}")
        raw, count, columns = self._points(design, values)
        payoffs = payoff_array(self, columns, count, evaluate, np.float64)
        fractions = exact_payoffs(self, raw, count) if exact and self.rational else None
        names = tuple(player.name for player in self.players)
        actions = tuple(player.actions for player in self.players)
        source = ExactPayoffs(self, raw) if self.rational else None
        games = Games(names, actions, payoffs, self.title, fractions, source)
        return games.restrict(given) if given else games

    def trees(
        self,
        design: Design | None = None,
        /,
        *,
        given: Mapping[str, Sequence[str]] | None = None,
        exact: bool = False,
        **values: Any,
    ) -> ExtensiveGames:
        """The extensive games at the points of a design; as `games`, which is for the strategic form.

        `given` leaves its information sets only the actions listed. Raises `InputError` for a model without a tree.
        """
        if self.tree is None:
            raise InputError(f"{self.title!r} is a model of form {self.form!r} and has no tree")
        raw, count, columns = self._points(design, values)
        payoffs, chances = tree_arrays(self, self.tree, columns, count, evaluate, 1.0)
        fractions = exact_trees(self, raw, count) if exact and self.rational else None
        source = ExactTrees(self, raw) if self.rational else None
        games = ExtensiveGames(self.tree.tree, payoffs, chances, self.title, fractions, source)
        return games.restrict(given) if given else games

    def systems(self, design: Design | None = None, /, **values: Any) -> AnalyticGames:
        """The analytic games at the points of a design; as `games`, which is for the strategic form.

        Raises `InputError` for a model of another form.
        """
        if self.system is None:
            raise InputError(f"{self.title!r} is a model of form {self.form!r} and has no equations")
        _, count, columns = self._points(design, values)
        players = tuple(player.name for player in self.players)
        return AnalyticGames(players, self.system, self.quantities, columns, count, self.title)

    def quantity(self, formula: str | Formula, design: Design | None = None, /, **values: Any) -> FloatArray:
        """A formula over parameters, tables and quantities as ``float64[game, a1, a2, ...]``, fully broadcast.

        Where the model is not strategic there are no actions to vary over: ``float64[game]``.

        Raises `FormulaError` for a formula that cannot be read and `UnknownNameError` for a name in it.
        """
        read = parse(formula) if isinstance(formula, str) else formula
        _, count, columns = self._points(design, values)
        known = (*self.quantities, *self.tables, *self.parameters)
        for name in sorted(read.names.difference(known)):
            raise UnknownNameError(f"no quantity, table or parameter named {name!r}{did_you_mean(name, known)}")
        values_of = environment(self, columns, evaluate, closure(self, [read]))
        found = evaluate(read, values_of)
        if self.form != "strategic":
            return np.broadcast_to(found.reshape(-1), (count,)).copy()
        return np.broadcast_to(found, (count, *(len(player.actions) for player in self.players))).copy()

    def _points(
        self, design: Design | None, values: Mapping[str, Any]
    ) -> tuple[dict[str, NDArray[Any]], int, dict[str, FloatArray]]:
        """The values that are given, how many points there are, and every parameter as a column of doubles."""
        raw = given_values(self.parameters, design, values)
        columns = float_columns(self.parameters, raw)
        warn_outside(self.parameters, columns, tuple(raw))
        warn_disordered(self.rankings, columns, tuple(raw))
        return raw, row_count(raw, design), columns

    def sample(self, count: int, seed: int = 0, block: int = 0) -> pd.DataFrame:
        """A design of `count` draws from the joint law; interval parameters have none and are left out.

        The draws have the model's rank correlations and keep its constraints. Where it has any, `attrs` tell how many
        points were drawn for those that keep them (`tried`), and the largest change of a correlation (`repaired`).
        Fewer draws are the first of more. Raises `InputError` for a negative count, seed or block, and where fewer
        than one draw in ten thousand keeps the constraints.
        """
        import pandas as pd

        drawn = draws(self, count, seed, block)
        frame = pd.DataFrame(drawn.points, index=pd.RangeIndex(count))
        if self.constraints or self.correlations:
            frame.attrs = {"accepted": count, "tried": drawn.tried, "repaired": self.joint.repaired}
        return frame

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Model) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        """One line: title, players, size and digest."""
        names = " x ".join(f"{name} ({len(labels)})" for name, labels in self.axes)
        if self.system is not None:
            names = ", ".join(self.system.variables) or "closed form"
        return f"<Model {self.title!r}: {names}, {len(self.parameters)} parameters, digest {self.digest[:12]}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: title, question, players, and parameters with their sources and marks."""
        return model_html(self)


@dataclass(frozen=True, eq=False)
class ExactPayoffs:
    """The payoffs of a rational model as fractions, worked out for the games of a design that are asked for."""

    model: Model
    raw: Mapping[str, NDArray[Any]]

    def __call__(self, games: NDArray[np.int64]) -> NDArray[np.object_] | None:
        """Payoffs ``[game, player, a1, a2, ...]``, or None where one of them is not finite."""
        chosen = {name: column if len(column) == 1 else column[games] for name, column in self.raw.items()}
        return exact_payoffs(self.model, chosen, len(games))


@dataclass(frozen=True, eq=False)
class ExactTrees:
    """Payoffs and chances of a rational tree as fractions, worked out for the games of a design that are asked for."""

    model: Model
    raw: Mapping[str, NDArray[Any]]

    def __call__(self, games: NDArray[np.int64]) -> ExactTree | None:
        """Payoffs and chances, or None where one of them is not finite."""
        chosen = {name: column if len(column) == 1 else column[games] for name, column in self.raw.items()}
        return exact_trees(self.model, chosen, len(games))


def exact_trees(model: Model, raw: Mapping[str, NDArray[Any]], count: int) -> ExactTree | None:
    """Payoffs and chances of the trees as fractions, or None where one of them is not finite."""
    columns = exact_columns(model.parameters, raw)
    if columns is None or model.tree is None:
        return None
    payoffs, chances = tree_arrays(model, model.tree, columns, count, evaluate_exact, Fraction(1))
    finite = not any(isinstance(number, float) for part in (payoffs, chances) for number in part.flat)
    return ExactTree(payoffs, chances) if finite else None


def exact_payoffs(model: Model, raw: Mapping[str, NDArray[Any]], count: int) -> NDArray[np.object_] | None:
    """Payoffs as fractions, or None where one of them is not finite."""
    columns = exact_columns(model.parameters, raw)
    if columns is None:
        return None
    payoffs = payoff_array(model, columns, count, evaluate_exact, np.object_)
    finite = not any(isinstance(payoff, float) for payoff in payoffs.flat)
    return payoffs if finite else None
