"""How uncertain is a named number, and where does it come from?

A `Parameter` is a number with a central value, a `Law` (how it is uncertain), a unit, a meaning, a source and a mark.
A law is sampled through its inverse distribution function, so that one uniform column drives one parameter; a `Joint`
turns columns into points of all parameters, with the rank correlations between them. A `Ranking` gives numbers of which
only the order is known.
"""

from gametheory.parameters.faults import faults
from gametheory.parameters.joint import Block, Correlation, Joint, sample, stream
from gametheory.parameters.laws import LAW_DEFAULTS, LAW_MEANINGS, LAWS, Law
from gametheory.parameters.orders import Chain, Over, PartialOrder, order_faults, order_of
from gametheory.parameters.parameter import MARKS, Parameter
from gametheory.parameters.rankings import (
    Ranking,
    complete_orders,
    count_completions,
    counted_sets,
    range_fault,
    ranking,
)

__all__ = [
    "LAWS",
    "LAW_DEFAULTS",
    "LAW_MEANINGS",
    "MARKS",
    "Block",
    "Chain",
    "Correlation",
    "Joint",
    "Law",
    "Over",
    "Parameter",
    "PartialOrder",
    "Ranking",
    "complete_orders",
    "count_completions",
    "counted_sets",
    "faults",
    "order_faults",
    "order_of",
    "range_fault",
    "ranking",
    "sample",
    "stream",
]
