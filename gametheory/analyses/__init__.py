"""The questions that can be put to a model: each is a function from a model to a frame, found here by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.analyses.base_case import base_case
from gametheory.analyses.claims import claims
from gametheory.analyses.flips import flips
from gametheory.analyses.margins import margins
from gametheory.analyses.outcomes import measure_ranges, multiplicity, outcomes
from gametheory.analyses.region_map import region_map
from gametheory.analyses.tip import tip

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ANALYSES",
    "Analysis",
    "base_case",
    "claims",
    "flips",
    "margins",
    "measure_ranges",
    "multiplicity",
    "outcomes",
    "region_map",
    "tip",
]


@dataclass(frozen=True)
class Analysis:
    """A question and the function that answers it with a frame."""

    function: Callable[..., pd.DataFrame]
    question: str


ANALYSES = MappingProxyType(
    {
        "base_case": Analysis(base_case, "What happens at the central values, under each order of play?"),
        "margins": Analysis(margins, "Which deviation is closest to paying, and by how much?"),
        "flips": Analysis(flips, "Does the outcome flip with the order of play?"),
        "tip": Analysis(tip, "At which values of a parameter does the set of equilibria change?"),
        "region_map": Analysis(region_map, "Which equilibria hold where, over two parameters at once?"),
        "outcomes": Analysis(outcomes, "How probable is each outcome, in all equilibria and in some?"),
        "multiplicity": Analysis(multiplicity, "How often are there no, one or several equilibria in actions?"),
        "measure_ranges": Analysis(measure_ranges, "Between which bounds do the measures lie on average?"),
        "claims": Analysis(claims, "In how much of the uncertainty does each claim hold?"),
    }
)
