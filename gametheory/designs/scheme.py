"""What is the number, the order and the origin of the points of a design, before any of them is made?"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from gametheory.designs.grid import grid_levels, grid_points
from gametheory.designs.latin import latin_columns
from gametheory.designs.pick_freeze import BASES, RANDOM_PAIRS, pick_freeze_columns
from gametheory.designs.sobol import sobol_columns
from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.markup import described
from gametheory.model import Model, allowed, draws
from gametheory.parameters import stream
from gametheory.parameters.quantiles import FloatArray

__all__ = ["BLOCK", "KINDS", "Drawn", "Kind", "Scheme", "scheme"]

BLOCK = 2**14  # points made at once: enough to fill the kernels, few enough to stay within the caches
UNMOVED = 0.5  # uniform number of a column that moves nothing


@dataclass(frozen=True)
class Kind:
    """A kind of design: what it is, its options, and whether a longer one begins with a shorter one."""

    meaning: str
    options: tuple[str, ...]
    extends: bool


KINDS = MappingProxyType(
    {
        "random": Kind("independent draws from the joint law", (), extends=True),
        "latin": Kind("one point in each of N equally probable strata of every parameter", (), extends=False),
        "sobol": Kind("scrambled Sobol points, which fill the joint law evenly", (), extends=True),
        "grid": Kind("every combination of a few values of each parameter", ("over",), extends=False),
        "pick-freeze": Kind("pairs of points with one parameter after the other exchanged", ("base",), extends=True),
    }
)
"""Kind of a design -> what it is."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """The points of one block, name -> ``float64[row]``, and how many were `tried` to find those that are allowed."""

    points: dict[str, FloatArray]
    rows: int
    tried: int


@dataclass(frozen=True)
class Scheme:
    """A design that makes any block of its points from its number alone, in a time that does not grow with the number.

    `samples` counts the base points, `options` are those of `KINDS`; `scheme` checks both. Blocks hold `BLOCK` points,
    the last one the rest. Where the model has constraints, a block of independent draws is filled up with points that
    keep them; of the other kinds only the points that keep them are left in a block, perhaps none.
    """

    kind: str
    model: Model
    samples: int
    seed: int
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def count(self) -> int:
        """How many points are made in all, those that a constraint refuses included."""
        if self.kind == "grid":
            return int(np.prod([len(values) for values in self.levels.values()], dtype=object))
        return self.samples * (len(self.roles) if self.kind == "pick-freeze" else 1)

    @property
    def blocks(self) -> int:
        """How many blocks hold them."""
        return -(-self.count // BLOCK)

    @property
    def extends(self) -> bool:
        """Whether the points of a longer design of this kind begin with these."""
        return KINDS[self.kind].extends

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that every block holds: all but the intervals, save those that a grid runs over."""
        return tuple(name for name in self.model.parameters if name in self.model.joint.names or name in self.levels)

    @property
    def roles(self) -> tuple[str, ...]:
        """What the rows of a pick-freeze design stand for, over and over: A, B, and what is exchanged; else nothing."""
        return ("A", "B", *self.model.joint.factors) if self.kind == "pick-freeze" else ()

    @cached_property
    def levels(self) -> Mapping[str, tuple[float, ...]]:
        """The values of each parameter of a grid; nothing for other kinds."""
        return grid_levels(self.model, self.samples, self.options.get("over")) if self.kind == "grid" else {}

    @property
    def identity(self) -> dict[str, Any]:
        """What tells this design from every other of the same model, as plain values for a file."""
        options = {**self.options}
        if self.kind == "grid":
            options["over"] = {name: list(values) for name, values in self.levels.items()}
        return {"kind": self.kind, "samples": self.samples, "seed": self.seed, "options": options, "block": BLOCK}

    def _repr_html_(self) -> str:
        """Jupyter's view: what kind of design this is, of how many points, and over which parameters."""
        options = ", ".join(f"{name}: {value}" for name, value in self.options.items())
        facts = [("model", self.model.title), ("meaning", KINDS[self.kind].meaning), ("samples", self.samples)]
        facts += [("points", self.count), ("blocks", self.blocks), ("seed", str(self.seed)), ("options", options)]
        grows = "begins with the points of a shorter one" if self.extends else "shares no points with a shorter one"
        return described(f"Design: {self.kind}", [*facts, ("parameters", ", ".join(self.names)), ("growth", grows)])

    def rows(self, number: int) -> int:
        """How many points a block holds; with constraints it is made to count them."""
        if self.model.constraints and self.kind != "random":
            return self.drawn(number).rows
        return self._size(number)

    def accepted(self, number: int) -> tuple[int, int]:
        """How many points of a block keep the constraints, and how many were tried for them."""
        if not self.model.constraints:
            return self._size(number), self._size(number)
        drawn = self.drawn(number)
        return drawn.rows, drawn.tried

    def block(self, number: int) -> dict[str, FloatArray]:
        """The points of a block: name -> ``float64[row]``."""
        return self.drawn(number).points

    def drawn(self, number: int) -> Drawn:
        """The points of a block with how many were tried for them."""
        size = self._size(number)
        if self.kind == "random":
            found = draws(self.model, size, self.seed, number)
            return Drawn(found.points, size, found.tried)
        if self.kind == "grid":
            points = self._on_grid(number, size)
        else:
            points = self.model.joint.points(self._uniforms(number, size))
        if not self.model.constraints:
            return Drawn(points, size, size)
        kept = allowed(self.model, points, size)
        return Drawn({name: column[kept] for name, column in points.items()}, int(np.count_nonzero(kept)), size)

    def _size(self, number: int) -> int:
        """How many points are made for a block."""
        if not 0 <= number < self.blocks:
            raise InputError(f"no block number {number!r}; the design has blocks 0 to {self.blocks - 1}")
        return min(BLOCK, self.count - number * BLOCK)

    def _uniforms(self, number: int, size: int) -> FloatArray:
        """The uniform columns of a block, ``float64[size, dimension]``: only those that move something are made."""
        joint = self.model.joint
        moving = [place for places in joint.factors.values() for place in places]
        uniforms = np.full((size, len(joint.dimensions)), UNMOVED)
        if self.kind == "latin":
            made = latin_columns(len(moving), self.samples, number * BLOCK, size, self.seed)
        elif self.kind == "sobol":
            made = sobol_columns(len(moving), BLOCK, self.seed, number)[:size]
        else:
            made = pick_freeze_columns(_numbered(joint.factors), number * BLOCK, size, BLOCK, self._pairs)
        uniforms[:, moving] = made
        return uniforms

    def _pairs(self, number: int) -> FloatArray:
        """The base points of a pick-freeze design, A beside B."""
        width = 2 * sum(map(len, self.model.joint.factors.values()))
        if self.options["base"] == "sobol":
            return sobol_columns(width, BLOCK, self.seed, number)
        return stream(self.seed, RANDOM_PAIRS, number).random((BLOCK, width))

    def _on_grid(self, number: int, size: int) -> dict[str, FloatArray]:
        """The points of a block of a grid; parameters that it does not run over keep their central values."""
        points = grid_points(self.levels, number * BLOCK, size)
        central = self.model.central()
        return {name: points[name] if name in points else np.full(size, central[name]) for name in self.names}


def scheme(kind: str, model: Model, samples: int, seed: int = 0, **options: Any) -> Scheme:
    """The design of a kind in `KINDS` with `samples` base points (for a grid: values of each parameter).

    Options: of a grid ``over``, the parameters that it runs over, or a mapping from them to a number of values or the
    values (intervals may be among them); of pick-freeze ``base``, "sobol" (where not given) or "random". A random, a
    Sobol and a pick-freeze design begin with the points of a shorter one; a Latin hypercube and a grid do not.

    A Latin hypercube has one point a stratum in the uniform columns, so in every parameter that is not tied to another.
    A grid takes no account of rank correlations; it refuses a discrete law whose values are not given, and where values
    are given its points are not equally probable: shares over it are then no probabilities. Under a strict constraint
    only a random design fills up what is refused. Pick-freeze needs parameters that can be exchanged one by one: it is
    refused where there are correlations or constraints. Raises `UnknownNameError` for an unknown kind, option or
    parameter and `InputError` for a value that cannot be used.

    >>> from gametheory.reader import load
    >>> points = scheme("sobol", load("reference_involvement"), samples=100_000)
    >>> points.blocks, [points.rows(number) for number in (0, 6)]
    (7, [16384, 1696])
    """
    if kind not in KINDS:
        raise UnknownNameError(f"no design {kind!r}{did_you_mean(kind, KINDS)}; expected one of {', '.join(KINDS)}")
    samples, seed = _whole("samples", samples, 1), _whole("seed", seed, 0)
    for name in options:
        if name not in KINDS[kind].options:
            known = ", ".join(KINDS[kind].options) or "none"
            raise UnknownNameError(f"a {kind} design has no option {name!r}; its options: {known}")
    if kind == "pick-freeze":
        options = {"base": options.get("base", BASES[0])}
        _check_pick_freeze(model, options["base"])
    made = Scheme(kind, model, samples, seed, MappingProxyType(dict(options)))
    if not made.count:
        raise InputError("a grid without a point; name the parameters and values that it runs over with over=")
    return made


def _whole(name: str, number: Any, least: int) -> int:
    """A whole number, or a refusal."""
    try:
        whole = operator.index(number)
    except TypeError:
        whole = least - 1
    if whole < least:
        raise InputError(f"{name}: {number!r}, expected a whole number of at least {least}")
    return whole


def _check_pick_freeze(model: Model, base: object) -> None:
    """Refuse what pick-freeze cannot do."""
    if base not in BASES:
        raise InputError(f"base: {base!r}, expected one of {', '.join(BASES)}")
    for what, there in (("rank correlations", model.correlations), ("constraints", model.constraints)):
        if there:
            message = f"pick-freeze exchanges one parameter at a time, and {what} let none move without the others"
            raise InputError(f"{message}; use a random or Sobol design, from which the given data tell what drives")
    if not model.joint.factors:
        raise InputError("pick-freeze exchanges uncertain parameters, and the model has none")


def _numbered(factors: Mapping[str, tuple[int, ...]]) -> list[list[int]]:
    """The columns of each factor, counted among the columns that move."""
    columns: list[list[int]] = []
    before = 0
    for places in factors.values():
        columns.append(list(range(before, before + len(places))))
        before += len(places)
    return columns
