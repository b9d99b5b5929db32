"""The engine: a model times a design, solved block by block and reduced to classes, measures and claims."""

from gametheory.study.analytic_form import system_measures
from gametheory.study.answered import Answered, answered, answered_at, check_memory
from gametheory.study.blocks import (
    ALL,
    BLOCK,
    FAILED,
    NONE,
    SOME,
    Answers,
    answer_block,
    classes_over,
    without_parameter_warnings,
)
from gametheory.study.classes import (
    EquilibriumClass,
    Profile,
    class_name,
    classify,
    is_pure,
    profile_name,
    profile_names,
)
from gametheory.study.cover import block_answers, interval_cover
from gametheory.study.run import Run, Study, run, solvable_orders
from gametheory.study.totals import MeasureTotals, OrderTotals, Totals, as_json, from_json, joined, no_draws, totals_of
from gametheory.study.tree_measures import tree_measures

__all__ = [
    "ALL",
    "BLOCK",
    "FAILED",
    "NONE",
    "SOME",
    "Answered",
    "Answers",
    "EquilibriumClass",
    "MeasureTotals",
    "OrderTotals",
    "Profile",
    "Run",
    "Study",
    "Totals",
    "answer_block",
    "answered",
    "answered_at",
    "as_json",
    "block_answers",
    "check_memory",
    "class_name",
    "classes_over",
    "classify",
    "from_json",
    "interval_cover",
    "is_pure",
    "joined",
    "no_draws",
    "profile_name",
    "profile_names",
    "run",
    "solvable_orders",
    "system_measures",
    "totals_of",
    "tree_measures",
    "without_parameter_warnings",
]
