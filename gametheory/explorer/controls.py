"""Over which values does each control of the explorer run?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.figures.words import joined, labelled, sentence_case
from gametheory.report.phrases import Names

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.parameters import Law, Parameter

__all__ = ["Control", "controls", "held_still"]

FloatArray = NDArray[np.float64]

STEPS = 200  # of a slider: an arrow key moves half a percent of its track
TAILS = (0.001, 0.999)  # quantiles between which an unbounded law is explored
BY_POWERS = ("loguniform", "lognormal")  # laws whose orders of magnitude stand at equal distances


@dataclass(frozen=True)
class Control:
    """A slider, or a menu where the law has few values: the values it runs over, and what the reader is told of it.

    ``values`` grow and hold the central value exactly. The words are plain text, not HTML.
    """

    name: str
    label: str
    menu: bool
    values: tuple[float, ...]
    central: float
    by_powers: bool
    unit: str
    law: str
    mark: str
    meaning: str
    source: str
    tied: str = ""

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The first and the last value."""
        return self.values[0], self.values[-1]

    def share(self, value: float) -> float:
        """Where a value stands on the track, from 0 to 1: the slider's own scale, straight between two of its steps."""
        return float(np.interp(value, self.values, np.linspace(0.0, 1.0, len(self.values))))

    def track_shares(self, values: Sequence[float]) -> FloatArray:
        """Where values stand on the track, each to the last bit: evenly in values, or in their logarithms."""
        low, high = self.ends
        own = np.clip(np.asarray(values, dtype=np.float64), low, high)
        found = np.log(own / low) / np.log(high / low) if self.by_powers else (own - low) / (high - low)
        return np.asarray(found, dtype=np.float64)


def controls(model: Model, names: Names) -> tuple[Control, ...]:
    """A control for each parameter that is not fixed, in the order of the file.

    >>> from gametheory.reader import load
    >>> from gametheory.report.phrases import names_of
    >>> model = load("reference_involvement")
    >>> risk = controls(model, names_of(model))[-1]
    >>> risk.name, risk.ends, risk.by_powers, risk.central in risk.values
    ('escalation_risk', (0.0001, 0.1), True, True)
    """
    varied = [parameter for parameter in model.parameters.values() if parameter.law.kind != "fixed"]
    return tuple(_control(parameter, names, _tied(model, parameter, names)) for parameter in varied)


def held_still(model: Model, names: Names) -> tuple[tuple[str, str], ...]:
    """Label and value of each parameter that is fixed, and so has no control."""
    fixed = [parameter for parameter in model.parameters.values() if parameter.law.kind == "fixed"]
    return tuple((_label(parameter, names), f"{parameter.value:g}") for parameter in fixed)


def _tied(model: Model, parameter: Parameter, names: Names) -> str:
    """What a parameter hangs together with; on the page it moves alone."""
    told = [
        f"rank correlation {one.rank:g} with {names.say(next(name for name in one.between if name != parameter.name))}"
        for one in model.correlations
        if parameter.name in one.between
    ]
    for ranking in model.rankings.values():
        if parameter.name in ranking.names:
            others = [names.say(name) for name in ranking.names if name != parameter.name]
            told.append(f"ranked with {joined(others)}; a warning stands beside the answer where the order is left")
    return f"{sentence_case('; '.join(told))}. Here it moves alone" if told else ""


def _control(parameter: Parameter, names: Names, tied: str) -> Control:
    """The control of one parameter."""
    law = parameter.law
    menu = law.kind == "discrete"
    by_powers = law.kind in BY_POWERS
    values = _listed(law, parameter.value) if menu else _steps(law, parameter.value, by_powers=by_powers)
    source = " ".join(filter(None, (parameter.source, parameter.date)))
    return Control(
        name=parameter.name,
        label=_label(parameter, names),
        menu=menu,
        values=values,
        central=parameter.value,
        by_powers=by_powers,
        unit=parameter.unit,
        law=law.describe(),
        mark=parameter.mark,
        meaning=parameter.meaning,
        source=source,
        tied=tied,
    )


def _label(parameter: Parameter, names: Names) -> str:
    """A parameter's own label, else its name as words."""
    return parameter.label or sentence_case(labelled(parameter.name, names.labels))


def _listed(law: Law, central: float) -> tuple[float, ...]:
    """The values of a law that has few."""
    values = law.numbers["values"]
    listed = values if isinstance(values, tuple) else (values,)
    return tuple(sorted({central, *listed}))


def _steps(law: Law, central: float, *, by_powers: bool) -> tuple[float, ...]:
    """The values of a slider: round ones between the ends of the law, with the central value in the nearest place."""
    low, high = _ends(law, central)
    inner = (np.geomspace if by_powers else np.linspace)(low, high, STEPS + 1)[1:-1].tolist()
    digits = -int(np.floor(np.log10((high - low) / STEPS))) + 1
    rounded = [float(f"{value:.4g}") if by_powers else round(value, digits) for value in inner]
    steps = np.array(sorted({low, high, *(value for value in rounded if low < value < high)}))
    if low < central < high:
        middle = 1 + int(np.argmin(np.abs(np.log(steps[1:-1] / central) if by_powers else steps[1:-1] - central)))
        steps[middle] = central
    return tuple(steps.tolist())


def _ends(law: Law, central: float) -> tuple[float, float]:
    """The ends of the law, else its outer quantiles; the central value lies between them."""
    low, high = (float(end) for end in law.support())
    if not np.isfinite([low, high]).all():
        low, high = law.quantile(np.array(TAILS)).tolist()
    return min(low, central), max(high, central)
