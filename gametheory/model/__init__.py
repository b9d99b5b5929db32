"""What did the analyst write, and which games does it stand for at given parameter values?"""

from gametheory.model.model import Model
from gametheory.model.nouns import FORMS, Cells, Claim, Measure, Player, Table

__all__ = ["FORMS", "Cells", "Claim", "Measure", "Model", "Player", "Table"]
