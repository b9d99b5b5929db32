"""Which parameter points does a study visit, so that any block of them can be made without the others?

A `Scheme` says it: its kind, the number of base points, a seed and options. ``latin``, ``sobol``, ``grid`` and
``pick_freeze`` each make the points of one kind; independent draws are those of `model.draws`.
"""

from gametheory.designs.frames import design
from gametheory.designs.scheme import BLOCK, KINDS, Drawn, Kind, Scheme, scheme

__all__ = ["BLOCK", "KINDS", "Drawn", "Kind", "Scheme", "design", "scheme"]
