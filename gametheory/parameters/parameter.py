"""What is a parameter?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from gametheory.errors import InputError
from gametheory.markup import described
from gametheory.parameters.laws import Law

__all__ = ["MARKS", "Parameter"]

MARKS = MappingProxyType(
    {
        "V": "the text of the source was read and states the number",
        "R": "recalled from the literature; to be checked before it is quoted",
        "D": "derived and checked by calculation",
        "A": "assumption of the analyst that no source can settle; to be varied, never trusted",
    }
)


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

    def __post_init__(self) -> None:
        """Hold the value to its text: fractions are made of the one, doubles of the other."""
        if self.value != float(Fraction(self.text)):
            instead = "change a model by edited, which checks it"
            raise InputError(f"{self.name}: value {self.value!r} is not that of the text {self.text!r}; {instead}")

    @property
    def exact(self) -> Fraction:
        """The central value as the fraction that its text says."""
        return Fraction(self.text)

    def _repr_html_(self) -> str:
        """Jupyter's view: value, law, where they come from, and what the mark says about that."""
        value = f"{self.text} {self.unit}".strip()
        told = f"{self.mark}: {MARKS[self.mark]}" if self.mark in MARKS else self.mark
        facts = [("meaning", self.meaning), ("value", value), ("law", self.law.describe()), ("mark", told)]
        origin = [("source", self.source), ("date", self.date), ("url", self.url), ("quote", self.quote)]
        return described(f"{self.name} ({self.label})" if self.label else self.name, [*facts, *origin])
