"""What differs between two models or two runs: in what was written and asked, and in their answers?"""

from gametheory.comparison.answers import answer_differences
from gametheory.comparison.contents import differences

__all__ = ["answer_differences", "differences"]
