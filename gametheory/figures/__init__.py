"""How does each answer look as a picture? One function an analysis: its frame in, axes out.

Every function takes ``ax`` to draw on and ``labels`` (a mapping from names of the model to words). Every picture has a
sentence that says what it shows, as its title, and a description for those who cannot see it: `message` and
`alternative` return them. ``with off_screen():`` draws for a file, without a window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gametheory.figures.alternatives import alternatives
from gametheory.figures.audit import audit
from gametheory.figures.break_even import break_even
from gametheory.figures.choices import choice_curves, choices
from gametheory.figures.critical_risk import critical_risk, critical_risk_elasticities
from gametheory.figures.dependence_indices import dependence_indices
from gametheory.figures.discovery import discovery, discovery_trade_off
from gametheory.figures.discovery_tree import discovery_region, discovery_tree
from gametheory.figures.drivers import drivers
from gametheory.figures.forecast import forecast
from gametheory.figures.forecast_payoffs import forecast_payoffs
from gametheory.figures.keeping import keeping
from gametheory.figures.least_change import least_change
from gametheory.figures.logit_branch import agent_branch, logit_branch
from gametheory.figures.margins import margins
from gametheory.figures.measure_shifts import measure_shifts
from gametheory.figures.misperception import misperception
from gametheory.figures.misperception_outcomes import misperception_outcomes
from gametheory.figures.orders import flips
from gametheory.figures.payoffs import payoff_table
from gametheory.figures.profile_indices import profile_indices
from gametheory.figures.radius import radius
from gametheory.figures.regional import regional, regional_curves
from gametheory.figures.regions import regions
from gametheory.figures.response_curves import response_curves
from gametheory.figures.roots import excess, roots
from gametheory.figures.set_dependence import set_dependence
from gametheory.figures.shares import claims, measure_ranges, outcomes
from gametheory.figures.spider import spider
from gametheory.figures.style import off_screen, style, title_height
from gametheory.figures.tipping import tip
from gametheory.figures.tornado import tornado
from gametheory.figures.tree import tree
from gametheory.figures.value_of_information import value_of_information

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "agent_branch",
    "alternative",
    "alternatives",
    "audit",
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
    "excess",
    "flips",
    "forecast",
    "forecast_payoffs",
    "keeping",
    "least_change",
    "logit_branch",
    "margins",
    "measure_ranges",
    "measure_shifts",
    "message",
    "misperception",
    "misperception_outcomes",
    "off_screen",
    "outcomes",
    "payoff_table",
    "profile_indices",
    "radius",
    "regional",
    "regional_curves",
    "regions",
    "response_curves",
    "roots",
    "set_dependence",
    "spider",
    "style",
    "tip",
    "title_height",
    "tornado",
    "tree",
    "value_of_information",
]


def message(ax: Axes) -> str:
    """Return the sentence that says what a picture of this module shows."""
    return " ".join(ax.get_title(loc="left").split())


def alternative(ax: Axes) -> str:
    """Return the description of a picture of this module for those who cannot see it."""
    return str(ax.get_label())
