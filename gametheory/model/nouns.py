"""Which things does a model consist of?"""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions import Formula, evaluate
from gametheory.markup import described
from gametheory.parameters import Correlation, Joint, Parameter, Ranking

__all__ = ["FORMS", "SUPPORTED", "Cells", "Claim", "Constraint", "Measure", "Player", "Table", "Written", "closed"]

FORMS = MappingProxyType(
    {
        "strategic": "actions for each player and payoffs over profiles",
        "extensive": "a tree with chance moves, information sets and types",
        "analytic": "equations between unknowns with brackets",
        "ordinal": "states, moves and preference orders",
        "coalition": "members with weights and a quota, or the worth of each coalition",
        "stochastic": "states, transitions, actions and a discount",
    }
)
"""Form of a game -> what its file gives."""

SUPPORTED = ("strategic", "extensive", "analytic")  # the forms that this version solves


def closed(mapping: dict[str, Any]) -> Mapping[str, Any]:
    """A mapping that nobody can change."""
    return MappingProxyType(mapping)


def _reduced(mapping: Any) -> tuple[Callable[..., Any], tuple[dict[str, Any]]]:
    return closed, (dict(mapping),)


copyreg.pickle(MappingProxyType, _reduced)  # so that a model, whose mappings are closed, can go to worker processes


@dataclass(frozen=True)
class Player:
    """A player: its name in formulas and files, its label for people, its actions."""

    name: str
    label: str
    actions: tuple[str, ...]

    def _repr_html_(self) -> str:
        """Jupyter's view: the label and the actions."""
        return described(f"Player {self.name}", [("label", self.label), ("actions", ", ".join(self.actions))])


@dataclass(frozen=True)
class Cells:
    """A grid of formulas, flat with the last axis fastest."""

    shape: tuple[int, ...]
    formulas: tuple[Formula, ...]

    @cached_property
    def doubles(self) -> NDArray[np.float64] | None:
        """The values ``float64[cell]`` where no cell has a name in it, so that all games share them; else None."""
        if any(formula.columns for formula in self.formulas):
            return None
        return np.array([evaluate(formula, {}) for formula in self.formulas])


@dataclass(frozen=True)
class Table:
    """Numbers or formulas over the actions of the players in `over`, one axis a player."""

    name: str
    over: tuple[str, ...]
    cells: Cells


@dataclass(frozen=True)
class Measure:
    """A named number of a solution.

    `kind` is ``probability``: the chance that every player in `actions` plays one of the actions listed (the product
    over those players), or ``expected``: the expectation of `formula` over the profile. In a tree it is ``played``: the
    chance that at every information set in `actions` one of the actions listed is taken where the set is reached, or
    ``outcomes``: the expectation of a formula for each outcome in `outcomes`, 0 at the others.
    """

    name: str
    kind: str
    actions: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: closed({}))
    formula: Formula | None = None
    outcomes: Mapping[str, Formula] = field(default_factory=lambda: closed({}))

    def _repr_html_(self) -> str:
        """Jupyter's view: what is measured."""
        facts = [("kind", self.kind), *_choices(self.actions), ("formula", self.formula and self.formula.text)]
        facts += [(f"at {name}", formula.text) for name, formula in self.outcomes.items()]
        return described(f"Measure {self.name}", facts)


@dataclass(frozen=True)
class Claim:
    """A proposition that holds in all, some or none of a game's solutions under one order of play.

    It holds in a solution where the players in `expect` play only the actions listed, or where `measure` is at most
    `at_most` and at least `at_least`. `given` removes the other actions of its players before the game is solved.
    """

    name: str
    text: str
    essay: tuple[str, ...] = ()
    order: str = "simultaneous"
    given: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: closed({}))
    expect: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: closed({}))
    measure: str = ""
    at_most: float | None = None
    at_least: float | None = None
    contested: bool = False

    def _repr_html_(self) -> str:
        """Jupyter's view: what is claimed, and when it holds."""
        facts = [("text", self.text), ("essay", ", ".join(self.essay)), ("order of play", self.order)]
        given = [(f"given that {who}", what) for who, what in _choices(self.given)]
        expected = [(f"holds where {who}", what) for who, what in _choices(self.expect)]
        ends = [("measure", self.measure), ("at most", self.at_most), ("at least", self.at_least)]
        contested = ("contested", "yes" if self.contested else None)
        return described(f"Claim {self.name}", [*facts, *given, *expected, *ends, contested])


@dataclass(frozen=True)
class Constraint:
    """A comparison that every point of the parameters keeps, with where it comes from and how well it is known.

    `holds` is a condition over parameters, and over quantities that rest on parameters alone. Points that break it are
    not part of the model's uncertainty: draws leave them out.
    """

    name: str
    holds: Formula
    source: str
    mark: str

    def _repr_html_(self) -> str:
        """Jupyter's view: what holds at every point, and where that comes from."""
        return described(
            f"Constraint {self.name}", [("holds", self.holds.text), ("mark", self.mark), ("source", self.source)]
        )


def _choices(actions: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str | None]]:
    """Who plays what, one fact a player or information set."""
    return [(f"{who} plays", " or ".join(own)) for who, own in actions.items()]


class Written(Protocol):
    """What evaluation and display need of a model, without knowing the whole of it."""

    def __hash__(self) -> int:
        """A number that models of the same content share."""
        ...

    @property
    def title(self) -> str:
        """What the model is about."""
        ...

    @property
    def question(self) -> str:
        """What it is to answer; may be empty."""
        ...

    @property
    def digest(self) -> str:
        """What identifies its content."""
        ...

    @property
    def players(self) -> tuple[Player, ...]:
        """The players, in the order of the payoff axes."""
        ...

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The uncertain numbers by name."""
        ...

    @property
    def tables(self) -> Mapping[str, Table]:
        """Values over actions by name."""
        ...

    @property
    def quantities(self) -> Mapping[str, Formula]:
        """Formulas by name, each over earlier ones."""
        ...

    @property
    def payoffs(self) -> Mapping[str, Formula | Cells]:
        """A formula or a grid of them for each player."""
        ...

    @property
    def correlations(self) -> tuple[Correlation, ...]:
        """Rank correlations between parameters."""
        ...

    @property
    def constraints(self) -> Mapping[str, Constraint]:
        """Conditions that every point keeps, by name."""
        ...

    @property
    def rankings(self) -> Mapping[str, Ranking]:
        """Orders of parameters of which only the order is known, by name."""
        ...

    @property
    def claims(self) -> Mapping[str, Claim]:
        """The propositions to be tested, by name."""
        ...

    @property
    def joint(self) -> Joint:
        """The joint law of the parameters, before the constraints."""
        ...
