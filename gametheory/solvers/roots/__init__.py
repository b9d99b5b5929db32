"""How are analytic games solved: all roots of equations in brackets, and all best choices from an interval?"""

from gametheory.solvers.roots.record import ORDER, AnalyticSolutions
from gametheory.solvers.roots.solve import solve_systems

__all__ = ["ORDER", "AnalyticSolutions", "solve_systems"]
