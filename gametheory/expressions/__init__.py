"""What does a formula say, and what is its value?

`parse` reads a formula of the closed grammar and `parse_condition` a comparison of two; `evaluate` gives doubles,
`evaluate_exact` fractions. Nothing here hands text to Python: a formula is a tree, and the tree is walked.
"""

from gametheory.expressions.evaluation import evaluate, evaluate_exact
from gametheory.expressions.grammar import FUNCTIONS, Formula, parse, parse_condition
from gametheory.expressions.numbers import exact_number

__all__ = ["FUNCTIONS", "Formula", "evaluate", "evaluate_exact", "exact_number", "parse", "parse_condition"]
