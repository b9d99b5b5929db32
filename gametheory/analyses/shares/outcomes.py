"""How probable is each outcome under the parameters' laws: in all equilibria, and in some?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gametheory.analyses.provenance import attributes, orders_of
from gametheory.errors import InputError
from gametheory.progress import Asked, shown
from gametheory.study import EquilibriumClass, OrderTotals, Profile, Study, is_pure, profile_name, run as run_study

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["measure_ranges", "multiplicity", "outcomes", "share_error", "study_of"]

PARTIAL = (
    "where the verdict is partial the list of equilibria may lack some: no listed outcome counts as the only one, "
    "outcomes that are not listed are not counted, and a measure takes every value that it can have in that game"
)


def outcomes(
    model: Model,
    *,
    samples: int = 20_000,
    seed: int = 0,
    order: str = "all",
    run: Study | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Share of the draws in which each profile is the only equilibrium, and in which it is one of them.

    Columns: ``order``, ``profile`` (the actions in use), ``pure``, ``lower`` (the only equilibrium, mixed ones
    included), ``upper`` (one of them), and the standard errors ``lower_se`` and ``upper_se``. Whatever rule selects
    among several equilibria, the probability of a profile lies between the two. Failed games count in the denominator
    as neither; their share stands in the attributes under ``failed``. Where the list of equilibria may lack some, no
    profile is the only one, and what is not listed is not counted; the share of such draws is ``partial`` in the
    attributes. With interval parameters lower means at every point of the cover, upper at some. ``run`` reuses a
    finished study; else ``progress`` is called with the draws answered and their number.

    >>> from gametheory.reader import load
    >>> frame = outcomes(load("reference_involvement"), samples=500, order="nato")
    >>> bool((frame["lower"] <= frame["upper"]).all()), frame["profile"].iloc[0]
    (True, 'troops, deescalate')
    """
    import pandas as pd

    study = study_of(model, run, samples, seed, progress, "outcomes")
    actions = [labels for _, labels in model.axes]
    rows: list[dict[str, Any]] = []
    for name, answers in _chosen(study, model, order).items():
        listed = [
            _bounded(answers, profile) | {"profile": profile_name(profile, actions)}
            for profile in sorted({profile for entry in answers.classes for profile in entry.profiles})
        ]
        rows += [{"order": name, **row} for row in sorted(listed, key=lambda row: -row["upper"])]
    columns = ["order", "profile", "pure", "lower", "upper", "lower_se", "upper_se"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs.update(_attributes(study, "lower: the only equilibrium; upper: one of the equilibria"))
    return frame


def multiplicity(
    model: Model,
    *,
    samples: int = 20_000,
    seed: int = 0,
    order: str = "all",
    run: Study | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Share of the draws with no, one and several equilibria in actions (leader orders: paths), and of failed games.

    Columns: ``order``, ``none``, ``one``, ``several``, ``failed``, and ``varies``, the share of draws whose count
    changes over the interval parameters (0 without them); the five add up to 1. Counted is what was listed; the column
    ``partial`` is the share of draws in which the list of equilibria may lack some. ``progress`` is as in `outcomes`.
    """
    import pandas as pd

    study = study_of(model, run, samples, seed, progress, "multiplicity")
    rows = []
    for name, answers in _chosen(study, model, order).items():
        by_count: dict[str, list[EquilibriumClass]] = {"none": [], "one": [], "several": []}
        for entry in answers.classes:
            if entry.status != "failed":
                by_count[("none", "one", "several")[min(sum(map(is_pure, entry.profiles)), 2)]].append(entry)
        shares = {count: answers.share(entries, everywhere=True) for count, entries in by_count.items()}
        shares["failed"] = answers.share_of("failed")
        rest = {"varies": max(0.0, 1.0 - sum(shares.values())), "partial": answers.share_of("partial")}
        rows.append({"order": name, **shares, **rest})
    frame = pd.DataFrame(rows, columns=["order", "none", "one", "several", "failed", "varies", "partial"])
    frame.attrs.update(_attributes(study, "counted are equilibria in which every player uses one action"))
    return frame


def measure_ranges(
    model: Model,
    *,
    samples: int = 20_000,
    seed: int = 0,
    order: str = "all",
    run: Study | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Mean over the draws of each measure's lowest and highest value over the equilibria.

    Columns: ``order``, ``measure``, ``lower``, ``upper``, ``lower_se``, ``upper_se`` (standard errors of the means).
    The means are over the draws without a failed game at any point of the intervals; the others are counted in the
    attributes under ``failed``. Where the list of equilibria may lack some, the lowest and the highest value are all
    that the measure can be in that game; the share of such draws stands in the attributes under ``partial``.
    ``progress`` is as in `outcomes`.
    """
    import pandas as pd

    study = study_of(model, run, samples, seed, progress, "measure ranges")
    rows = []
    for name, answers in _chosen(study, model, order).items():
        for measure, values in answers.measures.items():
            if values.solved:
                errors = (deviation / math.sqrt(values.solved) for deviation in values.deviation)
                row = dict(zip(("lower", "upper", "lower_se", "upper_se"), (*values.mean, *errors), strict=True))
                rows.append({"order": name, "measure": measure, **row})
    frame = pd.DataFrame(rows, columns=["order", "measure", "lower", "upper", "lower_se", "upper_se"])
    frame.attrs.update(_attributes(study, "means, over solved draws, of the lowest and highest value in equilibrium"))
    return frame


def study_of(
    model: Model, run: Study | None, samples: int, seed: int, progress: Asked = None, title: str = "draws"
) -> Study:
    """The finished study, or a new one, of whose draws ``progress`` is told under a title.

    Raises InputError where the study is of another model.
    """
    if run is None:
        with shown(progress, title) as report:
            return run_study(model, samples, seed, progress=report)
    if run.model.digest != model.digest:
        raise InputError(f"run: of model {run.model.title!r}, expected one of {model.title!r} with the same digest")
    return run


def share_error(share: float, count: int) -> float:
    """Standard error of a share of ``count`` independent draws.

    >>> share_error(0.5, 100)
    0.05
    """
    return math.sqrt(share * (1.0 - share) / count)


def _chosen(study: Study, model: Model, order: str) -> dict[str, OrderTotals]:
    """The answers under the orders that were asked for; raises InputError where the study lacks one of several."""
    known = study.totals.orders
    missing = [name for name in orders_of(model, order) if name not in known]
    if missing and order != "all":
        raise InputError(f"order: {order!r} is not part of this run, which has {', '.join(known)}")
    return {name: known[name] for name in orders_of(model, order) if name not in missing}


def _bounded(answers: OrderTotals, profile: Profile) -> dict[str, Any]:
    """Lower and upper share of one profile."""
    only = EquilibriumClass("solved", (profile,))  # proved to be the only one
    lower = answers.share([only], everywhere=True)
    upper = answers.share([entry for entry in answers.classes if profile in entry.profiles], everywhere=False)
    errors = {"lower_se": share_error(lower, answers.draws), "upper_se": share_error(upper, answers.draws)}
    return {"pure": is_pure(profile), "lower": lower, "upper": upper, **errors}


def _counted(order: str, verdicts: Mapping[str, int]) -> str:
    """How many games got which verdict under one order of play."""
    return f"{order} {', '.join(f'{count:,} {verdict}' for verdict, count in verdicts.items())}"


def _drawn(study: Study) -> list[str]:
    """How the points were drawn, and what the standard errors are of."""
    model, errors = study.model, "standard errors are of the sampling alone"
    if study.kind != "random":
        errors = f"the points are those of a {study.kind} design; standard errors are those of as many random draws"
    between = "independent between parameters"
    if model.correlations:
        between = f"correlated between parameters as the model says (changed by up to {model.joint.repaired:.2g})"
    notes = [f"draws are {between}; {errors}"]
    if model.constraints:
        kept = f"{study.totals.draws:,} of {study.totals.tried:,} points"
        notes.append(f"draws keep the constraints {', '.join(model.constraints)}, as {kept} did")
    return notes


def _attributes(study: Study, note: str) -> dict[str, Any]:
    """Attributes of a frame that rests on draws."""
    notes = [note, *_drawn(study)]
    if len(study.cover) > 1:
        notes.append(
            f"each draw is repeated at {len(study.cover)} points of the intervals of {', '.join(study.cover[0])}; "
            "the bounds are over these points"
        )
    orders = study.totals.orders
    failed, partial = (
        {name: answers.share_of(status) for name, answers in orders.items()} for status in ("failed", "partial")
    )
    verdicts = {name: dict(answers.verdicts) for name, answers in orders.items()}
    notes.append(f"games solved, by verdict: {'; '.join(_counted(name, own) for name, own in verdicts.items())}")
    if any(partial.values()):
        notes.append(PARTIAL)
    more = {"samples": study.samples, "seed": study.seed, "failed": failed, "partial": partial, "verdicts": verdicts}
    laws = {name: parameter.law.describe() for name, parameter in study.model.parameters.items()}
    return attributes(study.model, notes, laws=laws, **more)
