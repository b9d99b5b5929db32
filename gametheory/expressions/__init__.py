"""What does a formula say, and what is its value?

`parse` reads a formula of the closed grammar; `evaluate` gives doubles, `evaluate_exact` fractions.
Nothing here hands text to Python: a formula is a tree, and the tree is walked.
"""

from gametheory.expressions.evaluation import evaluate, evaluate_exact
from gametheory.expressions.grammar import FUNCTIONS, Formula, parse
from gametheory.expressions.numbers import exact_number

__all__ = ["FUNCTIONS", "Formula", "evaluate", "evaluate_exact", "exact_number", "parse"]
