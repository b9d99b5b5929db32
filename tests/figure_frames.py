"""What does every public figure draw? Small frames of a model of the catalogue, and the options that a figure needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from gametheory import analyses, figures
from gametheory.games import strategic
from gametheory.model import Model
from gametheory.reader import load
from gametheory.solvers import finding, solve
from gametheory.solvers.trees.agents import agent_branch

HELPERS = {"alternative", "keeping", "message", "off_screen", "style", "title_height"}
FIGURES = tuple(name for name in figures.__all__ if name not in HELPERS)
CLAIM, PROFILE = "claim caution_prevails", "surge, carry_on"


@cache
def model() -> Model:
    return load("reference_involvement")


def few(name: str, samples: int = 200, **options: Any) -> Any:
    """The frame of an analysis of the model from a few draws."""
    return getattr(analyses, name)(model(), samples=samples, **options)


FRAMES: dict[str, Callable[[], Any]] = {
    "alternatives": lambda: few("alternatives", 40),
    "audit": lambda: few("audit"),
    "break_even": lambda: analyses.break_even(model(), "escalation_risk"),
    "choice_curves": lambda: few("choice_curves"),
    "choices": lambda: few("choices"),
    "claims": lambda: few("claims"),
    "critical_risk": lambda: analyses.critical_risk(model()),
    "critical_risk_elasticities": lambda: analyses.critical_risk_elasticities(model()),
    "dependence_indices": lambda: few("dependence_indices", 100, permutations=19),
    "discovery": lambda: few("discovery", 600, of=CLAIM),
    "discovery_region": lambda: few("discovery_region", 300, of=PROFILE),
    "discovery_trade_off": lambda: few("discovery_trade_off", 600, of=CLAIM),
    "discovery_tree": lambda: few("discovery_tree", 300),
    "drivers": lambda: few("drivers"),
    "flips": lambda: analyses.flips(model()),
    "forecast": lambda: few("forecast"),
    "forecast_payoffs": lambda: few("forecast_payoffs"),
    "least_change": lambda: analyses.least_change(model(), order="nato"),
    "margins": lambda: analyses.margins(model()),
    "measure_ranges": lambda: few("measure_ranges"),
    "measure_shifts": lambda: few("measure_shifts", 640),
    "misperception": lambda: few("misperception", 60),
    "misperception_outcomes": lambda: few("misperception_outcomes", 60),
    "outcomes": lambda: few("outcomes"),
    "profile_indices": lambda: few("profile_indices"),
    "radius": lambda: analyses.radius(model(), order="nato"),
    "regional": lambda: few("regional"),
    "regional_curves": lambda: few("regional_curves", of=CLAIM),
    "regions": lambda: analyses.regions(model(), "escalation_risk", "stake_russia", resolution=24),
    "response_curves": lambda: few("response_curves", 400),
    "set_dependence": lambda: few("set_dependence", 100, permutations=19),
    "spider": lambda: analyses.spider(model()),
    "tip": lambda: analyses.tip(model(), "escalation_risk"),
    "tornado": lambda: analyses.tornado(model()),
    "value_of_information": lambda: few("value_of_information"),
}
"""Figures that draw the frame of an analysis -> that frame."""

OPTIONS: dict[str, dict[str, Any]] = {
    "drivers": {"over": "supports"},
    "regions": {"point": (0.02, 1.2)},
    "tip": {"value": 0.02, "log": True},
}


@cache
def frame(name: str) -> Any:
    """The frame of a figure, worked out once."""
    return FRAMES[name]()


@cache
def logit() -> Any:
    return finding("logit_branch")(model().games())


@cache
def agents() -> Any:
    return agent_branch(load("returning_challenger").trees())


@cache
def played() -> Any:
    return solve(load("returning_challenger").trees(), order="sequential")


@cache
def signals() -> Any:
    return solve(load("crisis_signalling").systems(receiver_fights=np.linspace(-3.1, -2.6, 41)))


OTHERS: dict[str, Callable[..., Any]] = {
    "agent_branch": lambda **words: figures.agent_branch(agents(), **words),
    "excess": lambda **words: figures.excess(signals(), game=20, **words),
    "logit_branch": lambda **words: figures.logit_branch(logit(), **words),
    "payoff_table": lambda **words: figures.payoff_table(
        ["nato", "russia"], [["hold", "concede"], ["wait", "strike"]], np.arange(8.0).reshape(2, 2, 2), **words
    ),
    "roots": lambda **words: figures.roots(signals(), over="receiver_fights", **words),
    "tree": lambda **words: figures.tree(played().games, played(), **words),
}
"""Figures that draw something else than a frame."""


def draw(name: str, labels: dict[str, str] | None = None) -> Any:
    """The axes of a figure."""
    if name in OTHERS:
        return OTHERS[name](labels=labels)
    return getattr(figures, name)(frame(name), labels=labels, **OPTIONS.get(name, {}))


def long_labels() -> dict[str, str]:
    """Long words for every player, action and parameter of the models."""
    names = [*model().parameters, *(action for _, own in model().axes for action in own)]
    long = {name: f"{name.replace('_', ' ')} as it is understood by everybody who has a say" for name in names}
    return long | {
        "nato": "the Atlantic alliance",
        "russia": "the Russian Federation",
        "challenger": "the challenging side",
    }


def shear() -> Any:
    """A game of one action each, whose branch does not move."""
    return strategic(np.zeros((2, 1, 1)), players=["nato", "russia"])
