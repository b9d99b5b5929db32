"""Which analyses make up the main job, and on which parameters?"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory import analyses, study
from gametheory.errors import InputError
from gametheory.progress import Asked, shown
from gametheory.report.asking import Asking, Questions
from gametheory.report.changes import sweeps
from gametheory.report.depth import CHOOSING, audited, deeper
from gametheory.report.section import Frames
from gametheory.report.unknowns import unknowns
from gametheory.report.writing import write
from gametheory.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["analyse"]

PACKAGES = ("numpy", "scipy", "numba", "pandas", "pyarrow", "python-flint", "matplotlib")
HELD_STILL = ("fixed", "ranked")  # laws whose parameters are not moved alone: values that are ranked keep their order
RISKS = ("risk", "hazard", "probability", "chance")  # words for what an increment may be added to
DRAWS = MappingProxyType({"strategic": (100_000, 2048), "analytic": (20_000, 1024), "extensive": (1_000, 128)})
"""Form -> draws and base points by default; of tables, enough for the drivers of the sets by their own verdict."""
FEWEST_POINTS = 64  # eight in each of the eight replicates that the errors of drivers are told from
SOLVERS_OF = MappingProxyType(
    {
        "strategic": "vertices (simultaneous play), leader (observed first moves), commitment (mixed first moves)",
        "extensive": "trees (plans at once, backward induction, sequential equilibria by choices of moves in use)",
        "analytic": "roots (interval search), maxima (interval search)",
    }
)
PLACES = 64  # at which tipping points of other forms are looked for: their games take longer to solve
PULSE = 5.0  # seconds between two lines on how many questions are answered
POINTS = 5  # values of the nearest parameter at which the orders of play are compared


def analyse(
    model: Model,
    out: str | Path,
    *,
    samples: int | None = None,
    base_points: int | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Asked = None,
    note: Callable[[str], None] | None = None,
) -> Path:
    """Put every question to the model and write the page and the frames into the folder ``out``; return the page.

    ``samples`` points are drawn from the laws with ``seed``; drivers, conditions and choices, which need games of their
    own, are answered from ``base_points``. By default both are as many as the form's games are fast to solve: `DRAWS`.
    The same arguments give the same bytes, with any number of ``workers``: processes that share the questions. Where
    several are started from a script, the call has to stand under ``if __name__ == "__main__"``. ``progress`` is called
    with the draws done and their total, or is True for a bar; ``note`` is called with a line for each stage. Nothing is
    written before all is answered. Raises InputError for a bad count or seed and, before any work, for an ``out`` that
    is a file or lies in one; OSError where ``out`` cannot be written; ComputationError where a worker dies.
    """
    _refuse_file(Path(out))
    told = note or _silent
    usual = DRAWS[model.form]
    samples, base_points = usual[0] if samples is None else samples, usual[1] if base_points is None else base_points
    if base_points < FEWEST_POINTS:
        raise InputError(f"base_points: {base_points!r}, expected at least {FEWEST_POINTS}: fewer tell of no driver")
    with Asking(model, workers) as ask:
        told("searching each parameter for tipping points")
        tips = _tips(ask)
        asked = deeper(ask, samples=base_points, seed=seed, note=told)
        told(f"solving {samples:,} draws of the parameters in every order of play")
        with shown(progress, "analyse") as report:
            done = study.run(model, samples, seed, progress=report)
        asked = {**asked, **_answers(ask, tips, told), **audited(ask, done, asked, samples=base_points)}
        frames = {**_of_draws(model, done), **_gathered(ask, asked, told)}
        if model.form == "analytic" and _spread_out(model):
            frames["unknowns"] = [unknowns(model, base_points, seed)]
    counts = f"--samples {samples} --base-points {base_points} --seed {seed}"
    command = f"gametheory analyse {Path(model.path).name} {counts}"
    return write(model, frames, out, provenance=_provenance(done, command))


def _spread_out(model: Model) -> bool:
    """Whether values of a parameter can be spread over its law, without breaking a constraint on an interval."""
    laws = [own.law for own in model.parameters.values() if own.law.kind != "fixed"]
    return bool(laws) and (not model.constraints or all(law.has_probability for law in laws))


def _refuse_file(out: Path) -> None:
    """Raise InputError where a file stands in the place of the folder or of a folder above it."""
    for folder in (out, *out.parents):
        if folder.exists():
            if not folder.is_dir():
                raise InputError(f"out: {str(folder)!r} is a file, expected a folder")
            return


def _tips(ask: Asking) -> list[Future[pd.DataFrame]]:
    """The tipping points of each parameter that can be moved alone."""
    points = {} if ask.model.form == "strategic" else {"points": PLACES}
    laws = {name: parameter.law for name, parameter in ask.model.parameters.items()}
    return [ask("tip", name, order="all", **points) for name, law in laws.items() if law.kind not in HELD_STILL]


def _answers(ask: Asking, tips: list[Future[pd.DataFrame]], note: Callable[[str], None]) -> Questions:
    """Every other analysis of the central values and of what is near them; maps follow the tipping points."""
    model = ask.model
    asked = {"base_case": [ask("base_case")], "tip": tips}
    if model.form != "strategic":
        return asked | {"flips": [ask("flips")] if model.form == "extensive" else []}
    nearest = _nearest([ask.frame(tip) for tip in tips], model)
    note("looking for the smallest moves of all assumptions that would change the answer")
    asked |= {name: [ask(name)] for name in ("least_change", "radius", "margins")}
    asked["break_even"] = [ask("break_even", name) for name in _risky(model, nearest)[:1]]
    if len(model.players) == 2:
        asked |= {name: [ask(name)] for name in ("critical_risk", "critical_risk_elasticities")}
    note("comparing orders of play and mapping the two parameters that are closest to changing the answer")
    moved = [ask("flips", parameter=name, points=_spread(model, name)) for name in nearest[:1]]
    mapped = model.orders if len(nearest) > 1 else ()
    maps = {name: [ask(name, *nearest[:2], order=order) for order in mapped] for name in ("regions", "region_areas")}
    return asked | {"flips": [ask("flips"), *moved], **maps}


def _of_draws(model: Model, done: study.Run) -> Frames:
    """What the draws answer."""
    shared: dict[str, Any] = {"samples": done.samples, "seed": done.seed, "run": done}
    names = ("outcomes", "multiplicity", "measure_ranges")
    return {name: [getattr(analyses, name)(model, **shared)] for name in names}


def _gathered(ask: Asking, asked: Questions, note: Callable[[str], None]) -> dict[str, list[pd.DataFrame]]:
    """The frames of all questions; a comparison of actions of which no draw could be solved is left out, and told.

    Every few seconds it is told how many are answered.
    """
    frames: dict[str, list[pd.DataFrame]] = {}
    told = monotonic()
    for answered, (name, futures) in enumerate(asked.items(), 1):
        try:
            frames[name] = [ask.frame(future) for future in futures]
        except InputError as error:
            if name not in CHOOSING:
                raise
            note(f"without {name.replace('_', ' ')}: {error}")
        if monotonic() - told > PULSE and answered < len(asked):
            note(f"answered {answered} of {len(asked)} kinds of question")
            told = monotonic()
    note("drawing the page")
    return frames


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
