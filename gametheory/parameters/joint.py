"""How are points of all parameters drawn together from columns of uniform numbers?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.markup import described, tabulated
from gametheory.parameters.copula import Group, grouped, within_unit
from gametheory.parameters.parameter import Parameter
from gametheory.parameters.quantiles import FloatArray

__all__ = ["Block", "Correlation", "Joint", "sample", "stream"]


@dataclass(frozen=True)
class Correlation:
    """A rank correlation (Spearman's) between two parameters, with where it comes from and a mark of `MARKS`."""

    between: tuple[str, str]
    rank: float
    source: str
    mark: str

    def _repr_html_(self) -> str:
        """Jupyter's view: between which parameters, how strong, and where it comes from."""
        facts = [("rank correlation", self.rank), ("mark", self.mark), ("source", self.source)]
        return described(f"Rank correlation between {' and '.join(self.between)}", facts)


class Block(Protocol):
    """Several parameters that are drawn as one, such as payoffs of which only the order is known.

    ``names`` are the parameters that it gives, ``columns`` the names of the uniform columns that it turns into them;
    these differ from the names of all other parameters and columns, except that they may be the block's own parameters.
    """

    @property
    def name(self) -> str:
        """What the block is called."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that it gives."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Its uniform columns."""
        ...

    def points(self, uniforms: FloatArray) -> Mapping[str, FloatArray]:
        """Its parameters, each ``float64[count]``, from ``float64[count, column]`` strictly between 0 and 1."""
        ...


@dataclass(frozen=True, repr=False)
class Joint:
    """The joint law of all parameters: their own laws, rank correlations, and blocks that give several at once.

    Every parameter owns one uniform column, in the order of the names, whatever its law; one that a block gives owns
    none, and the block's columns stand among the others in the same order. So draws do not depend on the order of a
    file, and a new correlation changes only the parameters that it ties together, the first of them in name excepted.

    Raises `UnknownNameError` for a correlation of no parameter and `InputError` for one that no draws can have:
    between a parameter and itself, twice between the same two, outside -1 to 1, or of a parameter that is fixed, has
    no probability or is drawn by a block; also for a ranked parameter without the ranking that gives it. A rank
    correlation is met exactly by laws without steps; a discrete law weakens it.

    >>> from gametheory.parameters import Law
    >>> unit = Law("uniform", low=0, high=1)
    >>> x, y = (Parameter(name, 0.5, "0.5", unit, "share", "a share", "an example", "A") for name in ("x", "y"))
    >>> joint = Joint((x, y), (Correlation(("x", "y"), -1.0, "an example", "A"),))
    >>> joint.dimensions, joint.points(np.array([[0.25, 0.5]]))["y"].round(6).tolist()
    (('x', 'y'), [0.75])
    """

    parameters: tuple[Parameter, ...]
    correlations: tuple[Correlation, ...] = ()
    blocks: tuple[Block, ...] = ()
    groups: tuple[Group, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the parameters and correlations, and find the groups that these tie together."""
        given = _given(self.blocks)
        for parameter in self.parameters:
            if parameter.law.kind == "ranked" and parameter.name not in given:
                message = f"{parameter.name!r} is known by its order alone, and has no law apart from its ranking"
                raise InputError(f"{message}; draw it with the joint law of the whole model")
        object.__setattr__(self, "groups", grouped(_checked(self)))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The names of the uniform columns, in their order."""
        given = _given(self.blocks)
        own = [parameter.name for parameter in self.parameters if parameter.name not in given]
        return tuple(sorted([*own, *(column for block in self.blocks for column in block.columns)]))

    @property
    def factors(self) -> Mapping[str, tuple[int, ...]]:
        """What varies: parameter or block -> the places of its columns among the dimensions, in their order.

        Fixed parameters and intervals are left out: their columns move nothing.
        """
        place = {name: number for number, name in enumerate(self.dimensions)}
        given = _given(self.blocks)
        own = {p.name: (place[p.name],) for p in self.parameters if p.name not in given and _varies(p)}
        blocks = {block.name: tuple(place[column] for column in block.columns) for block in self.blocks}
        return dict(sorted({**own, **blocks}.items(), key=lambda item: item[1]))

    @property
    def repaired(self) -> float:
        """The largest change of a rank correlation to one that a joint law can have; 0 where none was needed."""
        return max((group.repaired for group in self.groups), default=0.0)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that `points` gives: all but the intervals, in the order of the parameters."""
        given = _given(self.blocks)
        return tuple(p.name for p in self.parameters if p.name in given or p.law.has_probability)

    def points(self, uniforms: FloatArray) -> dict[str, FloatArray]:
        """Points of all parameters that have a probability: name -> ``float64[count]``.

        `uniforms` are ``float64[count, dimension]`` from 0 to 1; a 0 or a 1 counts as the nearest number inside.
        """
        columns = within_unit(np.asarray(uniforms, dtype=np.float64))
        place = {name: number for number, name in enumerate(self.dimensions)}
        if columns.ndim != 2 or columns.shape[1] != len(place):
            raise InputError(f"uniforms of shape {columns.shape!r}; expected (count, {len(place)})")
        for group in self.groups:
            places = [place[name] for name in group.names]
            columns[:, places] = group.tie(columns[:, places])
        drawn: dict[str, FloatArray] = {}
        for block in self.blocks:
            drawn.update(block.points(columns[:, [place[name] for name in block.columns]]))
        own = {p.name: p.law for p in self.parameters}
        return {
            name: drawn[name] if name in drawn else own[name].quantile(columns[:, place[name]]) for name in self.names
        }

    def __repr__(self) -> str:
        """One line: how many parameters, and what ties them together."""
        ties = f"{len(self.correlations)} correlations, {len(self.blocks)} blocks"
        return f"<Joint: {len(self.parameters)} parameters, {ties}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: the law of every parameter, and what ties parameters together."""
        heads = ("parameter", "law", "drawn")
        alone = {True: "by its law", False: "not at all: no probability"}
        drawn = {name: f"with {block.name}" for block in self.blocks for name in block.names}
        laws = [(p.name, p.law.describe(), drawn.get(p.name, alone[p.name in self.names])) for p in self.parameters]
        html = tabulated("Joint law of the parameters", heads, laws)
        if self.correlations:
            changed = f" (changed by up to {self.repaired:.2g}, so that a joint law has them)" * bool(self.repaired)
            pairs = [(" and ".join(own.between), own.rank, own.mark, own.source) for own in self.correlations]
            html += tabulated(f"Rank correlations{changed}", ("between", "rank correlation", "mark", "source"), pairs)
        return html


def sample(parameters: Sequence[Parameter], count: int, seed: int, block: int = 0) -> dict[str, FloatArray]:
    """Draw `count` independent points of all parameters that have a probability: name -> ``float64[count]``.

    The draws depend on `seed`, `block` and the names alone: every parameter owns one uniform column, in the order of
    the names, whatever its law and wherever it stands in the file. Fewer points are the first of more points.
    Interval parameters are left out. Raises `InputError` for a negative count, seed or block.

    >>> from gametheory.parameters import Law
    >>> law = Law("uniform", low=0, high=1)
    >>> stake = Parameter("stake", 0.5, "0.5", law, "share", "what is at stake", "an example", "A")
    >>> [len(column) for column in sample([stake], 3, seed=0).values()]
    [3]
    """
    joint = Joint(tuple(parameters))
    generator = stream(seed, block)
    if count < 0:
        raise InputError(f"count is {count!r}; expected 0 or more")
    return joint.points(generator.random((count, len(joint.dimensions))))


def stream(seed: int, *key: int) -> np.random.Generator:
    """The random numbers that belong to a seed and a key, such as the number of a block, and to no other.

    Raises `InputError` for a negative seed or key.
    """
    for name, number in (("seed", seed), *(("block", part) for part in key)):
        if number < 0:
            raise InputError(f"{name} is {number!r}; expected 0 or more")
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=key)))


def _checked(joint: Joint) -> dict[tuple[str, str], float]:
    """Rank correlations by pairs of names in order; raises where one of them cannot be."""
    known = {parameter.name: parameter for parameter in joint.parameters}
    given = _given(joint.blocks)
    ranks: dict[tuple[str, str], float] = {}
    for correlation in joint.correlations:
        first, second = sorted(correlation.between)
        where = f"correlation between {first!r} and {second!r}"
        for name in (first, second):
            if name not in known:
                raise UnknownNameError(f"{where}: no parameter named {name!r}{did_you_mean(name, known)}")
            if name in given or not _varies(known[name]):
                raise InputError(f"{where}: {name!r} {_why_not(known[name], drawn_by_block=name in given)}")
        if first == second or (first, second) in ranks:
            raise InputError(f"{where}: expected two different parameters, each pair once")
        if not -1.0 <= correlation.rank <= 1.0:
            raise InputError(f"{where}: rank {correlation.rank!r} lies outside -1 to 1")
        ranks[first, second] = correlation.rank
    return ranks


def _why_not(parameter: Parameter, *, drawn_by_block: bool) -> str:
    """Why a parameter cannot be correlated."""
    if drawn_by_block:
        return "is drawn together with others, and has no law of its own to correlate"
    if parameter.law.has_probability:
        return "is fixed, and does not vary with anything"
    return "is an interval without probability; give it a law, or leave the correlation out"


def _varies(parameter: Parameter) -> bool:
    return parameter.law.has_probability and parameter.law.kind != "fixed"


def _given(blocks: Sequence[Block]) -> frozenset[str]:
    """The parameters that blocks give."""
    return frozenset(name for block in blocks for name in block.names)
