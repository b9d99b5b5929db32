"""Where exactly do the equilibria change, when the payoffs are rational functions of one parameter?"""

from gametheory.analyses.exact.partition import ExactTip, Partition, partition, range_end
from gametheory.analyses.exact.pieces import Piece, pieces
from gametheory.analyses.exact.quotients import NotRationalError

__all__ = ["ExactTip", "NotRationalError", "Partition", "Piece", "partition", "pieces", "range_end"]
