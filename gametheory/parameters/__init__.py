"""How uncertain is a named number, and where does it come from?

A `Parameter` is a number with a central value, a `Law` (how it is uncertain), a unit, a meaning, a source and a mark.
A law is sampled through its inverse distribution function, so that one uniform column drives one parameter; a `Joint`
turns columns into points of all parameters, with the rank correlations between them.
"""

from gametheory.parameters.faults import faults
from gametheory.parameters.joint import Block, Correlation, Joint, sample, stream
from gametheory.parameters.laws import LAW_DEFAULTS, LAW_MEANINGS, LAWS, Law
from gametheory.parameters.parameter import MARKS, Parameter

__all__ = [
    "LAWS",
    "LAW_DEFAULTS",
    "LAW_MEANINGS",
    "MARKS",
    "Block",
    "Correlation",
    "Joint",
    "Law",
    "Parameter",
    "faults",
    "sample",
    "stream",
]
