"""Small models of choice under uncertainty whose answers can be worked out by hand."""

from __future__ import annotations

import numpy as np

from gametheory.designs import Scheme, scheme
from gametheory.model import Model
from gametheory.reader import read

UNIT = "{kind: uniform, low: 0, high: 1}"


def model_of(nato: str, russia: str, laws: dict[str, str] | None = None, actions: str = "[hold, concede]") -> Model:
    """Two players with payoffs over the parameters in ``laws``, by default one that is uniform from 0 to 1."""
    parameters = "\n".join(
        f"  {name}: {{value: {0 if 'discrete' in law else 0.3}, law: {law}, unit: u, meaning: m, source: e, mark: A}}"
        for name, law in (laws or {"p": UNIT}).items()
    )
    return read(
        f"""
format: gametheory/1
title: Resolve
form: strategic
players:
  nato: {{label: NATO, actions: {actions}}}
  russia: {{label: Russia, actions: [hold, yield]}}
parameters:
{parameters}
payoffs:
  nato: {nato}
  russia: {russia}
"""
    )


def vignette() -> Model:
    """Russia yields where p is above a half, whatever NATO does: then nothing hangs on the order of play."""
    return model_of("[[-4 * p, 1], [-1, 0]]", "[[0.5, p], [0.5, p]]")


def midpoints(model: Model, count: int = 400) -> Scheme:
    """Even points of p between 0 and 1, which a piecewise linear function averages exactly."""
    return scheme("grid", model, 1, over={"p": ((np.arange(count) + 0.5) / count).tolist()})


def trust(good: float = 2.0) -> Model:
    """Russia yields where the mean of ``state * good - (1 - state)`` is above 0; NATO is paid where it yields."""
    law = {"state": "{kind: discrete, values: [0, 1], probabilities: [0.5, 0.5]}", "idle": UNIT}
    russia = f"[[0, {good} * state - (1 - state)], [0, {good} * state - (1 - state)]]"
    return model_of("[[0, 1], [-1, 0.5 + 0 * idle]]", russia, law)
