"""How probable is each outcome under the parameters' laws: in all equilibria, and in some?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses.provenance import attributes, orders_of
from gametheory.errors import InputError
from gametheory.study import EquilibriumClass, OrderRun, Run, is_pure, profile_name, run as run_study

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["measure_ranges", "multiplicity", "outcomes", "share_error", "study_of"]

PARTIAL = (
    "where the verdict is partial the list of equilibria may lack some: no listed outcome counts as the only one, "
    "outcomes that are not listed are not counted, and a measure takes every value that it can have in that game"
)


def outcomes(
    model: Model, *, samples: int = 20_000, seed: int = 0, order: str = "all", run: Run | None = None
) -> pd.DataFrame:
    """Share of the draws in which each profile is the only equilibrium, and in which it is one of them.

    Columns: ``order``, ``profile`` (the actions in use), ``pure``, ``lower`` (the only equilibrium, mixed ones
    included), ``upper`` (one of them), and the standard errors ``lower_se`` and ``upper_se``. Whatever rule selects
    among several equilibria, the probability of a profile lies between the two. Failed games count in the denominator
    as neither; their share stands in the attributes under ``failed``. Where the list of equilibria may lack some, no
    profile is the only one, and what is not listed is not counted; the share of such draws is ``partial`` in the
    attributes. With interval parameters lower means at every point of the cover, upper at some. ``run`` reuses a
    finished study.

    >>> from gametheory.reader import load
    >>> frame = outcomes(load("reference_involvement"), samples=500, order="nato")
    >>> bool((frame["lower"] <= frame["upper"]).all()), frame["profile"].iloc[0]
    (True, 'troops, deescalate')
    """
    import pandas as pd

    study = study_of(model, run, samples, seed)
    actions = [player.actions for player in model.players]
    rows: list[dict[str, Any]] = []
    for answers in _chosen(study, model, order):
        listed = [
            _bounded(answers, profile, study.samples) | {"profile": profile_name(profile, actions)}
            for profile in sorted({profile for entry in answers.classes for profile in entry.profiles})
        ]
        rows += [{"order": answers.order, **row} for row in sorted(listed, key=lambda row: -row["upper"])]
    columns = ["order", "profile", "pure", "lower", "upper", "lower_se", "upper_se"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs.update(_attributes(study, "lower: the only equilibrium; upper: one of the equilibria"))
    return frame


def multiplicity(
    model: Model, *, samples: int = 20_000, seed: int = 0, order: str = "all", run: Run | None = None
) -> pd.DataFrame:
    """Share of the draws with no, one and several equilibria in actions (leader orders: paths), and of failed games.

    Columns: ``order``, ``none``, ``one``, ``several``, ``failed``, and ``varies``, the share of draws whose count
    changes over the interval parameters (0 without them); the five add up to 1. Counted is what was listed; the column
    ``partial`` is the share of draws in which the list of equilibria may lack some.
    """
    import pandas as pd

    study = study_of(model, run, samples, seed)
    rows = []
    for answers in _chosen(study, model, order):
        pure = np.array([sum(map(is_pure, entry.profiles)) for entry in answers.classes])
        failed = np.array([entry.status == "failed" for entry in answers.classes])
        shares = {
            "none": answers.share((pure == 0) & ~failed, everywhere=True),
            "one": answers.share((pure == 1) & ~failed, everywhere=True),
            "several": answers.share((pure > 1) & ~failed, everywhere=True),
            "failed": answers.share(failed, everywhere=False),
        }
        rest = {"varies": max(0.0, 1.0 - sum(shares.values())), "partial": answers.share_of("partial")}
        rows.append({"order": answers.order, **shares, **rest})
    frame = pd.DataFrame(rows, columns=["order", "none", "one", "several", "failed", "varies", "partial"])
    frame.attrs.update(_attributes(study, "counted are equilibria in which every player uses one action"))
    return frame


def measure_ranges(
    model: Model, *, samples: int = 20_000, seed: int = 0, order: str = "all", run: Run | None = None
) -> pd.DataFrame:
    """Mean over the draws of each measure's lowest and highest value over the equilibria.

    Columns: ``order``, ``measure``, ``lower``, ``upper``, ``lower_se``, ``upper_se`` (standard errors of the means).
    The means are over the draws without a failed game at any point of the intervals; the others are counted in the
    attributes under ``failed``. Where the list of equilibria may lack some, the lowest and the highest value are all
    that the measure can be in that game; the share of such draws stands in the attributes under ``partial``.
    """
    import pandas as pd

    study = study_of(model, run, samples, seed)
    rows = []
    for answers in _chosen(study, model, order):
        for name, (values, solved) in answers.measures.items():
            if solved.any():
                mean = values.mean(axis=0).tolist()
                error = (values.std(axis=0) / np.sqrt(len(values))).tolist()
                row = dict(zip(("lower", "upper", "lower_se", "upper_se"), (*mean, *error), strict=True))
                rows.append({"order": answers.order, "measure": name, **row})
    frame = pd.DataFrame(rows, columns=["order", "measure", "lower", "upper", "lower_se", "upper_se"])
    frame.attrs.update(_attributes(study, "means, over solved draws, of the lowest and highest value in equilibrium"))
    return frame


def study_of(model: Model, run: Run | None, samples: int, seed: int) -> Run:
    """The finished study, or a new one; raises InputError where the study is of another model."""
    if run is None:
        return run_study(model, samples, seed)
    if run.model.digest != model.digest:
        raise InputError(f"run: of model {run.model.title!r}, expected one of {model.title!r} with the same digest")
    return run


def share_error(share: float, count: int) -> float:
    """Standard error of a share of ``count`` independent draws.

    >>> share_error(0.5, 100)
    0.05
    """
    return float(np.sqrt(share * (1.0 - share) / count))


def _chosen(study: Run, model: Model, order: str) -> list[OrderRun]:
    """The answers under the orders that were asked for; raises InputError where the study lacks one of several."""
    missing = [name for name in orders_of(model, order) if name not in study.orders]
    if missing and order != "all":
        raise InputError(f"order: {order!r} is not part of this run, which has {', '.join(study.orders)}")
    return [study.orders[name] for name in orders_of(model, order) if name not in missing]


def _bounded(answers: OrderRun, profile: tuple[tuple[int, ...], ...], count: int) -> dict[str, Any]:
    """Lower and upper share of one profile."""
    lower = answers.share([_only(entry, profile) for entry in answers.classes], everywhere=True)
    upper = answers.share([profile in entry.profiles for entry in answers.classes], everywhere=False)
    errors = {"lower_se": share_error(lower, count), "upper_se": share_error(upper, count)}
    return {"pure": is_pure(profile), "lower": lower, "upper": upper, **errors}


def _only(entry: EquilibriumClass, profile: tuple[tuple[int, ...], ...]) -> bool:
    """Whether the profile is proved to be the only one."""
    return entry.status == "solved" and entry.profiles == (profile,)


def _counted(order: str, verdicts: Mapping[str, int]) -> str:
    """How many games got which verdict under one order of play."""
    return f"{order} {', '.join(f'{count:,} {verdict}' for verdict, count in verdicts.items())}"


def _attributes(study: Run, note: str) -> dict[str, Any]:
    """Attributes of a frame that rests on draws."""
    notes = [note, "draws are independent between parameters; standard errors are of the sampling alone"]
    if len(study.cover) > 1:
        notes.append(
            f"each draw is repeated at {len(study.cover)} points of the intervals of {', '.join(study.cover[0])}; "
            "the bounds are over these points"
        )
    failed, partial = (
        {name: answers.share_of(status) for name, answers in study.orders.items()} for status in ("failed", "partial")
    )
    verdicts = {name: dict(answers.verdicts) for name, answers in study.orders.items()}
    notes.append(f"games solved, by verdict: {'; '.join(_counted(name, own) for name, own in verdicts.items())}")
    if any(partial.values()):
        notes.append(PARTIAL)
    more = {"samples": study.samples, "seed": study.seed, "failed": failed, "partial": partial, "verdicts": verdicts}
    laws = {name: parameter.law.describe() for name, parameter in study.model.parameters.items()}
    return attributes(study.model, notes, laws=laws, **more)
