"""The questions that can be put to a model: each is a function from a model to a frame, found here by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.analyses.argument.audit import audit
from gametheory.analyses.argument.claims import claims
from gametheory.analyses.assumptions.alternatives import alternatives
from gametheory.analyses.assumptions.misperception import misperception, misperception_outcomes
from gametheory.analyses.central.base_case import base_case
from gametheory.analyses.central.flips import flips
from gametheory.analyses.central.margins import margins
from gametheory.analyses.choosing.choices import choice_curves, choices
from gametheory.analyses.choosing.forecast import forecast, forecast_payoffs
from gametheory.analyses.choosing.value_of_information import value_of_information
from gametheory.analyses.influence.dependence_indices import dependence_indices
from gametheory.analyses.influence.drivers import drivers
from gametheory.analyses.influence.measure_shifts import measure_shifts
from gametheory.analyses.influence.profile_indices import profile_indices
from gametheory.analyses.influence.regional import regional, regional_curves
from gametheory.analyses.influence.response_curves import response_curves, response_indices
from gametheory.analyses.influence.set_dependence import set_dependence
from gametheory.analyses.influence.spider import spider
from gametheory.analyses.influence.tornado import tornado
from gametheory.analyses.mapping.areas import region_areas
from gametheory.analyses.mapping.regions import regions
from gametheory.analyses.rankings.ordinal import ordinal
from gametheory.analyses.robustness.least_change import least_change
from gametheory.analyses.robustness.radius import radius
from gametheory.analyses.scenarios.discovery import discovery, discovery_trade_off
from gametheory.analyses.scenarios.discovery_region import discovery_region
from gametheory.analyses.scenarios.discovery_tree import discovery_tree
from gametheory.analyses.shares.outcomes import measure_ranges, multiplicity, outcomes
from gametheory.analyses.standoff.break_even import break_even
from gametheory.analyses.standoff.critical_risk import critical_risk, critical_risk_elasticities
from gametheory.analyses.tipping.tip import tip

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ANALYSES",
    "Analysis",
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
]


@dataclass(frozen=True)
class Analysis:
    """A question and the function that answers it with a frame."""

    function: Callable[..., pd.DataFrame]
    question: str


ANALYSES = MappingProxyType(
    {
        "base_case": Analysis(base_case, "What happens at the central values, under each order of play?"),
        "margins": Analysis(margins, "Which deviation is closest to paying, and by how much?"),
        "flips": Analysis(flips, "Does the outcome flip with the order of play?"),
        "tip": Analysis(tip, "At which values of a parameter does the set of equilibria change?"),
        "critical_risk": Analysis(critical_risk, "How firm may the other side be, for standing firm to pay still?"),
        "critical_risk_elasticities": Analysis(
            critical_risk_elasticities, "Which parameters move the critical risks, and by how much?"
        ),
        "break_even": Analysis(
            break_even, "At which values of a parameter does the next level pay as much as this one?"
        ),
        "radius": Analysis(radius, "How far can the assumptions move before a solution stops being one?"),
        "least_change": Analysis(least_change, "Which smallest changes of the assumptions overturn the result?"),
        "regions": Analysis(regions, "Along which curves over two parameters do the equilibria change?"),
        "region_areas": Analysis(
            region_areas, "How large a share of two parameters' law does each set of equilibria hold?"
        ),
        "ordinal": Analysis(ordinal, "What holds for all payoffs that agree with the rankings, in some, or in none?"),
        "drivers": Analysis(drivers, "Which uncertain parameters drive the equilibria, the measures and the claims?"),
        "response_curves": Analysis(
            response_curves, "How does the share of draws with each equilibrium change along each parameter?"
        ),
        "response_indices": Analysis(response_indices, "How much does each equilibrium depend on each parameter?"),
        "profile_indices": Analysis(
            profile_indices, "Which parameters decide, equilibrium by equilibrium, whether it is there?"
        ),
        "tornado": Analysis(
            tornado, "How far does each parameter alone move a payoff or a measure, and what changes on the way?"
        ),
        "spider": Analysis(
            spider, "How do the bounds of a payoff or a measure run along each parameter, between its tipping points?"
        ),
        "outcomes": Analysis(outcomes, "How often is each outcome there, in all equilibria and in some?"),
        "multiplicity": Analysis(multiplicity, "How often are there no, one or several equilibria in actions?"),
        "measure_ranges": Analysis(measure_ranges, "Between which bounds do the measures lie on average?"),
        "claims": Analysis(claims, "In how much of the uncertainty does each claim hold?"),
        "choices": Analysis(choices, "Which action is ahead under which criterion, over parameters and equilibria?"),
        "choice_curves": Analysis(choice_curves, "How often does each action keep its regret, or reach a payoff?"),
        "value_of_information": Analysis(
            value_of_information, "What is it worth to know a parameter, alone or with the others?"
        ),
        "forecast": Analysis(forecast, "Which action is the other player likely to find best?"),
        "forecast_payoffs": Analysis(forecast_payoffs, "What does each action pay against that forecast?"),
        "regional": Analysis(regional, "In which parameters do draws where something happens differ from others?"),
        "regional_curves": Analysis(
            regional_curves, "How are parameters distributed where something happens, and where not?"
        ),
        "set_dependence": Analysis(set_dependence, "How strongly does the set of solutions depend on each parameter?"),
        "dependence_indices": Analysis(
            dependence_indices, "How is the dependence of the set of solutions divided among the parameters?"
        ),
        "measure_shifts": Analysis(
            measure_shifts, "How far does the law of each measure move once a parameter is known?"
        ),
        "discovery": Analysis(discovery, "Under which few conditions does something happen?"),
        "discovery_trade_off": Analysis(discovery_trade_off, "What does each box of conditions hold and miss?"),
        "discovery_tree": Analysis(discovery_tree, "Which nested conditions tell the answers apart?"),
        "discovery_region": Analysis(discovery_region, "Which exact conditions make a profile an equilibrium?"),
        "alternatives": Analysis(
            alternatives, "Does each claim survive other assumptions about how the game is played?"
        ),
        "misperception": Analysis(
            misperception, "How often do players who are wrong about each other get what they expected?"
        ),
        "misperception_outcomes": Analysis(
            misperception_outcomes, "What is really played where players are wrong about each other?"
        ),
        "audit": Analysis(audit, "How well does each claim stand, what decides it, and what would overturn it?"),
    }
)
