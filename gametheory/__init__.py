"""What does the toolkit offer to a Python user?

Every public name is found on first use: ``import gametheory as gt`` loads no numerical library, ``gt.solve`` loads what
solving needs. `gt.figures` and `gt.report` are modules; the other names are functions, nouns and errors.

>>> import gametheory as gt
>>> gt.__version__.count(".")
2
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.version import __version__

if TYPE_CHECKING:
    from gametheory import figures as figures, report as report
    from gametheory.analyses import (
        alternatives as alternatives,
        audit as audit,
        base_case as base_case,
        break_even as break_even,
        choice_curves as choice_curves,
        choices as choices,
        claims as claims,
        critical_risk as critical_risk,
        critical_risk_elasticities as critical_risk_elasticities,
        dependence_indices as dependence_indices,
        discovery as discovery,
        discovery_region as discovery_region,
        discovery_trade_off as discovery_trade_off,
        discovery_tree as discovery_tree,
        drivers as drivers,
        flips as flips,
        forecast as forecast,
        forecast_payoffs as forecast_payoffs,
        least_change as least_change,
        margins as margins,
        measure_ranges as measure_ranges,
        measure_shifts as measure_shifts,
        misperception as misperception,
        misperception_outcomes as misperception_outcomes,
        multiplicity as multiplicity,
        ordinal as ordinal,
        outcomes as outcomes,
        profile_indices as profile_indices,
        radius as radius,
        region_areas as region_areas,
        regional as regional,
        regional_curves as regional_curves,
        regions as regions,
        response_curves as response_curves,
        response_indices as response_indices,
        set_dependence as set_dependence,
        spider as spider,
        tip as tip,
        tornado as tornado,
        value_of_information as value_of_information,
    )
    from gametheory.comparison import answer_differences as answer_differences, differences as differences
    from gametheory.designs import Scheme as Scheme, design as design, scheme as scheme
    from gametheory.errors import (
        ComputationError as ComputationError,
        FormulaError as FormulaError,
        GameTheoryError as GameTheoryError,
        InputError as InputError,
        MissingFileError as MissingFileError,
        ModelError as ModelError,
        ParameterWarning as ParameterWarning,
        Problem as Problem,
        UnknownNameError as UnknownNameError,
    )
    from gametheory.explorer import explore as explore, view as view
    from gametheory.formats import (
        format_efg as format_efg,
        from_nashpy as from_nashpy,
        parse_efg as parse_efg,
        read_game as read_game,
        to_nashpy as to_nashpy,
        write_game as write_game,
    )
    from gametheory.games import (
        AnalyticGames as AnalyticGames,
        ExtensiveGames as ExtensiveGames,
        Games as Games,
        InformationSet as InformationSet,
        Tree as Tree,
        strategic as strategic,
    )
    from gametheory.model import (
        Claim as Claim,
        Constraint as Constraint,
        Measure as Measure,
        Model as Model,
        Player as Player,
    )
    from gametheory.parameters import Correlation as Correlation, Joint as Joint, Law as Law, Parameter as Parameter
    from gametheory.reader import (
        advice as advice,
        catalogue as catalogue,
        edited as edited,
        load as load,
        problems as problems,
        read as read,
        schema as schema,
        starter as starter,
    )
    from gametheory.solutions import Certificates as Certificates, Solutions as Solutions
    from gametheory.solvers import (
        FINDINGS as FINDINGS,
        SOLVERS as SOLVERS,
        concepts as concepts,
        finding as finding,
        solve as solve,
    )
    from gametheory.solvers.roots import AnalyticSolutions as AnalyticSolutions, solve_systems as solve_systems
    from gametheory.solvers.trees import solve_trees as solve_trees
    from gametheory.solvers.trees.agents import agent_branch as agent_branch
    from gametheory.sweeps import Sweep as Sweep, open_run as open_run, sweep as sweep
    from gametheory.tree_solutions import Threat as Threat, TreeSolutions as TreeSolutions

# The same names as above, where only type checkers and editors look; a test holds the two lists together.
ROOMS = MappingProxyType(
    {
        "analyses": (
            "alternatives",
            "audit",
            "base_case",
            "break_even",
            "choice_curves",
            "choices",
            "claims",
            "critical_risk",
            "critical_risk_elasticities",
            "dependence_indices",
            "discovery",
            "discovery_region",
            "discovery_trade_off",
            "discovery_tree",
            "drivers",
            "flips",
            "forecast",
            "forecast_payoffs",
            "least_change",
            "margins",
            "measure_ranges",
            "measure_shifts",
            "misperception",
            "misperception_outcomes",
            "multiplicity",
            "ordinal",
            "outcomes",
            "profile_indices",
            "radius",
            "region_areas",
            "regional",
            "regional_curves",
            "regions",
            "response_curves",
            "response_indices",
            "set_dependence",
            "spider",
            "tip",
            "tornado",
            "value_of_information",
        ),
        "comparison": ("answer_differences", "differences"),
        "designs": ("Scheme", "design", "scheme"),
        "errors": (
            "ComputationError",
            "FormulaError",
            "GameTheoryError",
            "InputError",
            "MissingFileError",
            "ModelError",
            "ParameterWarning",
            "Problem",
            "UnknownNameError",
        ),
        "explorer": ("explore", "view"),
        "formats": ("format_efg", "from_nashpy", "parse_efg", "read_game", "to_nashpy", "write_game"),
        "games": ("AnalyticGames", "ExtensiveGames", "Games", "InformationSet", "Tree", "strategic"),
        "model": ("Claim", "Constraint", "Measure", "Model", "Player"),
        "parameters": ("Correlation", "Joint", "Law", "Parameter"),
        "reader": ("advice", "catalogue", "edited", "load", "problems", "read", "schema", "starter"),
        "solutions": ("Certificates", "Solutions"),
        "solvers": ("FINDINGS", "SOLVERS", "concepts", "finding", "solve"),
        "solvers.roots": ("AnalyticSolutions", "solve_systems"),
        "solvers.trees": ("solve_trees",),
        "solvers.trees.agents": ("agent_branch",),
        "sweeps": ("Sweep", "open_run", "sweep"),
        "tree_solutions": ("Threat", "TreeSolutions"),
    }
)
MODULES = ("figures", "report")
HOMES = MappingProxyType({name: room for room, names in ROOMS.items() for name in names})

__all__ = ["__version__", *MODULES, *HOMES]  # noqa: PLE0604  (names of the table above)


def _find(name: str) -> object:
    """Import the room of a public name on first use and remember the name here."""
    if name in MODULES:
        return import_module(f"gametheory.{name}")
    if name not in HOMES:
        from gametheory.errors import did_you_mean

        raise AttributeError(f"module 'gametheory' has no attribute {name!r}{did_you_mean(name, __all__)}")
    value: object = getattr(import_module(f"gametheory.{HOMES[name]}"), name)
    globals()[name] = value
    return value


if not TYPE_CHECKING:  # a type checker goes by the imports above, so that it sees a misspelt name
    __getattr__ = _find


def __dir__() -> list[str]:
    """List the public names, those not yet loaded included."""
    return sorted(__all__)
