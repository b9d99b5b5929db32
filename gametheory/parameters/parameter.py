"""What is a parameter, and how are points of all parameters drawn?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from gametheory.errors import InputError
from gametheory.parameters.laws import Law
from gametheory.parameters.quantiles import FloatArray

__all__ = ["MARKS", "Parameter", "sample"]

MARKS = MappingProxyType(
    {
        "V": "the text of the source was read and states the number",
        "R": "recalled from the literature; to be checked before it is quoted",
        "D": "derived and checked by calculation",
        "A": "assumption of the analyst that no source can settle; to be varied, never trusted",
    }
)

SMALLEST_UNIFORM = 2.0**-54  # half a step of the generator: keeps 0, where a normal law is infinite, out of the draws


@dataclass(frozen=True)
class Parameter:
    """A named uncertain number with everything an analyst must be able to show for it.

    `text` is the decimal text of the central value, which keeps one tenth exactly one tenth. `mark` is a key of
    `MARKS`. `date`, `url`, `quote` and `label` may be empty.
    """

    name: str
    value: float
    text: str
    law: Law
    unit: str
    meaning: str
    source: str
    mark: str
    date: str = ""
    url: str = ""
    quote: str = ""
    label: str = ""

    @property
    def exact(self) -> Fraction:
        """The central value as the fraction that its text says."""
        return Fraction(self.text)


def sample(parameters: Sequence[Parameter], count: int, seed: int, block: int = 0) -> dict[str, FloatArray]:
    """Draw `count` independent points of all parameters that have a probability: name -> ``float64[count]``.

    The draws depend on `seed`, `block` and the names alone: every parameter owns one uniform column, in the order of
    the names, whatever its law and wherever it stands in the file. Fewer points are the first of more points.
    Interval parameters are left out. Raises `InputError` for a negative count, seed or block.

    >>> law = Law("uniform", low=0, high=1)
    >>> stake = Parameter("stake", 0.5, "0.5", law, "share", "what is at stake", "an example", "A")
    >>> [len(column) for column in sample([stake], 3, seed=0).values()]
    [3]
    """
    for name, number in (("count", count), ("seed", seed), ("block", block)):
        if number < 0:
            raise InputError(f"{name} is {number!r}; expected 0 or more")
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(block,))))
    uniforms = np.maximum(generator.random((count, len(parameters))), SMALLEST_UNIFORM)
    column = {name: place for place, name in enumerate(sorted(parameter.name for parameter in parameters))}
    return {
        parameter.name: parameter.law.quantile(uniforms[:, column[parameter.name]])
        for parameter in parameters
        if parameter.law.has_probability
    }
