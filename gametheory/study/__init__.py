"""The engine: a model times a design, solved block by block and reduced to classes, measures and claims."""

from gametheory.study.blocks import ALL, BLOCK, FAILED, NONE, SOME, classes_over, without_parameter_warnings
from gametheory.study.classes import (
    EquilibriumClass,
    Profile,
    class_name,
    classify,
    is_pure,
    profile_name,
    profile_names,
)
from gametheory.study.run import OrderRun, Run, run, solvable_orders

__all__ = [
    "ALL",
    "BLOCK",
    "FAILED",
    "NONE",
    "SOME",
    "EquilibriumClass",
    "OrderRun",
    "Profile",
    "Run",
    "class_name",
    "classes_over",
    "classify",
    "is_pure",
    "profile_name",
    "profile_names",
    "run",
    "solvable_orders",
    "without_parameter_warnings",
]
