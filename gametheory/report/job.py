"""Which analyses make up the main job, and on which parameters?"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory import analyses, study
from gametheory.errors import InputError
from gametheory.progress import Asked, shown
from gametheory.report.changes import sweeps
from gametheory.report.depth import deeper
from gametheory.report.writing import write
from gametheory.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["analyse", "answers"]

Frames = Mapping[str, "Sequence[pd.DataFrame]"]

PACKAGES = ("numpy", "scipy", "numba", "pandas", "pyarrow", "python-flint", "matplotlib")
HELD_STILL = ("fixed", "ranked")  # laws whose parameters are not moved alone: values that are ranked keep their order
RISKS = ("risk", "hazard", "probability", "chance")  # words for what an increment may be added to
DRAWS = MappingProxyType({"strategic": (100_000, 2048), "analytic": (20_000, 1024), "extensive": (1_000, 128)})
"""Form -> draws and base points by default; of tables, enough for the drivers of the sets by their own verdict."""
SOLVERS_OF = MappingProxyType(
    {
        "strategic": "vertices (simultaneous play), leader (observed first moves), commitment (mixed first moves)",
        "extensive": "trees (plans at once, backward induction, sequential equilibria by choices of moves in use)",
        "analytic": "roots (interval search), maxima (interval search)",
    }
)
PLACES = 64  # at which tipping points of other forms are looked for: their games take longer to solve
POINTS = 5  # values of the nearest parameter at which the orders of play are compared


def analyse(
    model: Model,
    out: str | Path,
    *,
    samples: int | None = None,
    base_points: int | None = None,
    seed: int = 0,
    progress: Asked = None,
    note: Callable[[str], None] | None = None,
) -> Path:
    """Put every question to the model and write the page and the frames into the folder ``out``; return the page.

    ``samples`` points are drawn from the laws with ``seed``; drivers, conditions and choices, which need games of their
    own, are answered from ``base_points``. By default both are as many as the form's games are fast to solve: `DRAWS`.
    The same arguments give the same bytes. ``progress`` is called with the
    draws done and their total, or is True for a bar; ``note`` is called with a line for each stage. Nothing is written
    before all is answered. Raises InputError for a bad count or seed and, before any work, for an ``out`` that is a
    file or lies in one; OSError where ``out`` cannot be written.
    """
    _refuse_file(Path(out))
    told = note or _silent
    usual = DRAWS[model.form]
    samples, base_points = usual[0] if samples is None else samples, usual[1] if base_points is None else base_points
    told(f"solving {samples:,} draws of the parameters in every order of play")
    with shown(progress, "analyse") as report:
        done = study.run(model, samples, seed, progress=report)
    frames = {**answers(model, done, note=told), **deeper(model, done, samples=base_points, note=told)}
    counts = f"--samples {samples} --base-points {base_points} --seed {seed}"
    command = f"gametheory analyse {Path(model.path).name} {counts}"
    return write(model, frames, out, provenance=_provenance(done, command))


def _refuse_file(out: Path) -> None:
    """Raise InputError where a file stands in the place of the folder or of a folder above it."""
    for folder in (out, *out.parents):
        if folder.exists():
            if not folder.is_dir():
                raise InputError(f"out: {str(folder)!r} is a file, expected a folder")
            return


def answers(model: Model, done: study.Run, *, note: Callable[[str], None]) -> Frames:
    """The frames of every analysis, by name; an analysis that was put to several parameters has several."""
    if model.form != "strategic":
        return _of_other_forms(model, done, note)
    note("searching each parameter for tipping points")
    varied = [name for name, parameter in model.parameters.items() if parameter.law.kind not in HELD_STILL]
    with study.without_parameter_warnings():
        tips = [analyses.tip(model, name, order="all") for name in varied]
        nearest = _nearest(tips, model)
        note("comparing orders of play and mapping the two parameters that are closest to changing the answer")
        flips = [analyses.flips(model)]
        flips += [analyses.flips(model, parameter=name, points=_spread(model, name)) for name in nearest[:1]]
        orders = list(done.totals.orders)
        mapped = orders if len(nearest) > 1 else []
        maps = {"regions": [analyses.regions(model, *nearest[:2], order=order) for order in mapped]}
        maps["region_areas"] = [analyses.region_areas(model, *nearest[:2], order=order) for order in mapped]
        note("looking for the smallest moves of all assumptions that would change the answer")
        moves = {"radius": [analyses.radius(model)], "least_change": [analyses.least_change(model)]}
        moves["break_even"] = [analyses.break_even(model, name) for name in _risky(model, nearest)[:1]]
    shared: dict[str, Any] = {"samples": done.samples, "seed": done.seed, "run": done}
    return {
        "base_case": [analyses.base_case(model)],
        "margins": [analyses.margins(model)],
        "flips": flips,
        "tip": tips,
        **maps,
        **moves,
        **_risks(model),
        "outcomes": [analyses.outcomes(model, **shared)],
        "multiplicity": [analyses.multiplicity(model, **shared)],
        "measure_ranges": [analyses.measure_ranges(model, **shared)],
    }


def _of_other_forms(model: Model, done: study.Run, note: Callable[[str], None]) -> Frames:
    """The frames of every analysis that asks for solutions and not for a table of payoffs."""
    note("searching each parameter for tipping points; what needs a table of payoffs is left out")
    varied = [name for name, parameter in model.parameters.items() if parameter.law.kind not in HELD_STILL]
    with study.without_parameter_warnings():
        tips = [analyses.tip(model, name, order="all", points=PLACES) for name in varied]
        flips = [analyses.flips(model)] if model.form == "extensive" else []
    shared: dict[str, Any] = {"samples": done.samples, "seed": done.seed, "run": done}
    return {
        "base_case": [analyses.base_case(model)],
        "flips": flips,
        "tip": tips,
        "outcomes": [analyses.outcomes(model, **shared)],
        "multiplicity": [analyses.multiplicity(model, **shared)],
        "measure_ranges": [analyses.measure_ranges(model, **shared)],
    }


def _risks(model: Model) -> Frames:
    """Critical risks and what moves them: a question between two players."""
    if len(model.players) != 2:
        return {}
    elasticities = analyses.critical_risk_elasticities(model)
    return {"critical_risk": [analyses.critical_risk(model)], "critical_risk_elasticities": [elasticities]}


def _risky(model: Model, nearest: Sequence[str]) -> list[str]:
    """The same parameters, those first that are risks by their names, units or meanings."""
    told = {name: (name, model.parameters[name].unit, model.parameters[name].meaning) for name in nearest}
    return sorted(nearest, key=lambda name: not any(word in text for word in RISKS for text in told[name]))


def _nearest(tips: Sequence[pd.DataFrame], model: Model) -> list[str]:
    """The parameters by the distance of their nearest tipping point from the present value, the nearest first."""
    distances = {
        sweep.parameter: min(map(sweep.distance, sweep.frame["value"]), default=float("inf"))
        for sweep in sweeps(tips, model)
    }
    return sorted(distances, key=lambda name: distances[name])


def _spread(model: Model, name: str) -> list[float]:
    """Values of one parameter across its law, evenly spread in probability where it has one."""
    import numpy as np

    law = model.parameters[name].law
    shares = (np.arange(POINTS) + 0.5) / POINTS
    if law.has_probability:
        return [float(value) for value in law.quantile(shares)]
    low, high = law.support()
    return [float(low + share * (high - low)) for share in shares]


def _provenance(done: study.Run, command: str) -> dict[str, Any]:
    """What is needed to make the page again, and the acceptance of the constraints where there are some."""
    tried, kept = done.totals.tried, done.totals.draws
    accepted = {"accepted": f"{kept:,} of {tried:,} ({kept / tried:.1%})"} if done.model.constraints else {}
    return {
        "toolkit": f"gametheory {__version__}",
        "command": command,
        "samples": f"{done.samples:,}",
        "seed": done.seed,
        **accepted,
        "solvers": SOLVERS_OF[done.model.form],
        "python": platform.python_version(),
        "packages": {name: _installed(name) for name in PACKAGES},
    }


def _installed(package: str) -> str:
    """The installed version of a package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _silent(_: str) -> None:
    """Say nothing."""
