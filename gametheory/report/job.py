"""Which analyses make up the main job, and on which parameters?"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gametheory import analyses, study
from gametheory.errors import InputError
from gametheory.report.changes import sweeps
from gametheory.report.writing import write
from gametheory.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["analyse", "answers"]

Frames = Mapping[str, "Sequence[pd.DataFrame]"]
Progress = Callable[[int, int], None]

PACKAGES = ("numpy", "scipy", "numba", "pandas", "pyarrow", "python-flint", "matplotlib")
POINTS = 5  # values of the nearest parameter at which the orders of play are compared


def analyse(
    model: Model,
    out: str | Path,
    *,
    samples: int = 100_000,
    seed: int = 0,
    progress: Progress | None = None,
    note: Callable[[str], None] | None = None,
) -> Path:
    """Put every question to the model and write the page and the frames into the folder ``out``; return the page.

    ``samples`` points are drawn from the laws with ``seed``; the same arguments give the same bytes. ``progress`` is
    called with the draws done and their total, ``note`` with a line for each stage. Nothing is written before all is
    answered. Raises InputError for a bad count or seed and, before any work, for an ``out`` that is a file or lies in
    one; OSError where ``out`` cannot be written.
    """
    _refuse_file(Path(out))
    frames = answers(model, samples=samples, seed=seed, progress=progress, note=note or _silent)
    command = f"gametheory analyse {Path(model.path).name} --samples {samples} --seed {seed}"
    return write(model, frames, out, provenance=_provenance(samples, seed, command))


def _refuse_file(out: Path) -> None:
    """Raise InputError where a file stands in the place of the folder or of a folder above it."""
    for folder in (out, *out.parents):
        if folder.exists():
            if not folder.is_dir():
                raise InputError(f"out: {str(folder)!r} is a file, expected a folder")
            return


def answers(model: Model, *, samples: int, seed: int, progress: Progress | None, note: Callable[[str], None]) -> Frames:
    """The frames of every analysis, by name; an analysis that was put to several parameters has several."""
    note(f"solving {samples:,} draws of the parameters in every order of play")
    done = study.run(model, samples, seed, progress=progress)
    note("searching each parameter for tipping points")
    varied = [name for name, parameter in model.parameters.items() if parameter.law.kind != "fixed"]
    with study.without_parameter_warnings():
        tips = [analyses.tip(model, name, order="all") for name in varied]
        nearest = _nearest(tips, model)
        note("comparing orders of play and mapping the two parameters that are closest to changing the answer")
        flips = [analyses.flips(model)]
        flips += [analyses.flips(model, parameter=name, points=_spread(model, name)) for name in nearest[:1]]
        orders = list(done.totals.orders)
        maps = [analyses.region_map(model, *nearest[:2], order=order) for order in orders if len(nearest) > 1]
    shared: dict[str, Any] = {"samples": samples, "seed": seed, "run": done}
    return {
        "base_case": [analyses.base_case(model)],
        "margins": [analyses.margins(model)],
        "flips": flips,
        "tip": tips,
        "region_map": maps,
        "outcomes": [analyses.outcomes(model, **shared)],
        "multiplicity": [analyses.multiplicity(model, **shared)],
        "measure_ranges": [analyses.measure_ranges(model, **shared)],
        "claims": [analyses.claims(model, **shared)],
    }


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


def _provenance(samples: int, seed: int, command: str) -> dict[str, Any]:
    """What is needed to make the page again."""
    return {
        "toolkit": f"gametheory {__version__}",
        "command": command,
        "samples": f"{samples:,}",
        "seed": seed,
        "solvers": "vertices (simultaneous play), leader (observed first moves), commitment (mixed first moves)",
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
