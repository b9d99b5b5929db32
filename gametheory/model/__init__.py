"""What did the analyst write, and which games does it stand for at given parameter values?"""

from gametheory.model.model import Model
from gametheory.model.nouns import FORMS, SUPPORTED, Cells, Claim, Constraint, Measure, Player, Table
from gametheory.model.sampling import Draws, allowed, draws

__all__ = [
    "FORMS",
    "SUPPORTED",
    "Cells",
    "Claim",
    "Constraint",
    "Draws",
    "Measure",
    "Model",
    "Player",
    "Table",
    "allowed",
    "draws",
]
