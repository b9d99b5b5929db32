"""How does the share of draws with each equilibrium change along each parameter, the others varying as they may?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import without_law
from gametheory.analyses.influence.driven import membership, somewhere
from gametheory.analyses.influence.given_data import Binned, Estimate, binned, deltas, firsts_of, varying
from gametheory.analyses.provenance import attributes, orders_of
from gametheory.designs import scheme
from gametheory.errors import InputError
from gametheory.estimators.conditional import tallies, wilson
from gametheory.progress import Asked, shown
from gametheory.study import Answered, answered, profile_name

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["FAILED", "response_curves", "response_indices"]

FAILED = "failed"  # drawn beside the profiles, as a class of its own
FEWEST = 30  # draws with a profile, and draws without it, below which it gets no curve
WIDEST = 0.05  # half the width of a 95 % interval, above which an index is called not well enough known
GROUPS = 8  # independent parts of the draws, from which the errors of the indices are told

BoolArray = NDArray[np.bool_]

MEANING = (
    "share: of the draws with the parameter between low and high, those in which the profile is one of the equilibria "
    "(with intervals: at some point of them); the bands are Wilson's 95 % intervals, one a bin"
)
JOINT = (
    "a curve says what goes with a value of the parameter, whatever else comes with it where parameters hang together"
)


def response_curves(
    model: Model,
    *,
    samples: int = 20_000,
    seed: int = 0,
    order: str = "all",
    bins: int = 20,
    progress: Asked = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """Share of the draws in which each profile is an equilibrium, in bins of each parameter that hold equally many.

    Columns: ``order``, ``profile`` (the actions in use, or ``failed``), ``parameter``, ``low`` and ``high`` (the least
    and the largest value in the bin), ``share``, ``share_low`` and ``share_high``. Correlations and constraints are
    kept, as the draws are from the joint law. Left out, and named in the attributes under ``rare``, are profiles in
    equilibrium in fewer than 30 draws, and under ``nearly always`` those missing in fewer than 30. Raises InputError
    where nothing is uncertain or the counts cannot be used, and UnknownNameError for an unknown order.

    >>> from gametheory.reader import load
    >>> frame = response_curves(load("reference_involvement"), samples=2000, order="nato", bins=5)
    >>> frame.groupby(["profile", "parameter"]).size().unique().tolist()
    [5]
    """
    import pandas as pd

    answers, parameters = _sampled(model, samples, seed, orders_of(model, order), bins, progress, workers)
    chosen, others = _profiles(answers)
    rows = [
        {"order": name, "profile": profile, "parameter": parameter.name, **part}
        for name, profile, hits in chosen
        for parameter in parameters
        for part in _curve(hits, parameter)
    ]
    columns = ["order", "profile", "parameter", "low", "high", "share", "share_low", "share_high"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs.update(_attributes(model, answers, [MEANING, JOINT], samples, seed, others))
    return frame


def response_indices(
    model: Model,
    *,
    samples: int = 20_000,
    seed: int = 0,
    order: str = "all",
    bins: int = 20,
    progress: Asked = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """How much each equilibrium depends on each parameter: the indices of the curves of `response_curves`.

    Columns: ``order``, ``profile``, ``parameter``, ``share`` (of all draws), ``first`` (share of the variance of
    whether the profile is an equilibrium that knowing the parameter would remove), ``delta`` (Borgonovo's: the mean
    distance of the curve from the overall share), each with ``_low`` and ``_high`` (95 % intervals) and ``_floor``,
    which 95 of 100 parameters that enter nothing stay below; ``swing`` (the highest share of a bin less the lowest) and
    ``verdict``, ``sufficient`` or ``not sufficient:`` and why. The dependence that is strongest comes first.
    """
    import pandas as pd

    answers, parameters = _sampled(model, samples, seed, orders_of(model, order), bins, progress, workers)
    chosen, others = _profiles(answers)
    rows = [row for name, profile, hits in chosen for row in _index_rows(name, profile, hits, parameters)]
    ends = [f"{index}{end}" for index in ("first", "delta") for end in ("", "_low", "_high", "_floor")]
    frame = pd.DataFrame(rows, columns=["order", "profile", "parameter", "share", *ends, "swing", "verdict"])
    notes = [
        "first: less what the sampling adds, so that it may lie a little below 0",
        "delta: sampling only ever adds to it, so compare it with delta_floor, not with 0",
        JOINT,
    ]
    frame.attrs.update(_attributes(model, answers, notes, samples, seed, others))
    return frame


def _sampled(
    model: Model, samples: int, seed: int, orders: tuple[str, ...], bins: int, progress: Asked,
    workers: int | None,
) -> tuple[Answered, list[Binned]]:  # fmt: skip
    """Independent draws, answered, and every varying parameter in bins."""
    if not 2 <= bins <= samples // GROUPS:
        raise InputError(
            f"bins: {bins!r} over {samples!r} samples, expected at least 2 bins and {GROUPS} samples for each: "
            f"{GROUPS * max(bins, 2):,} samples or more"
        )
    with shown(progress, "response curves") as report:
        answers = answered(model, scheme("random", model, samples, seed), orders, report, workers=workers)
    names = varying(model, answers.points)
    if not names:
        raise without_law(model, "a response curve")
    return answers, binned(answers.points, names, bins, GROUPS, seed)


def _profiles(answers: Answered) -> tuple[list[tuple[str, str, BoolArray]], dict[str, list[str]]]:
    """Order, name and draws of each profile with a curve, the most frequent first, and the names of those without."""
    actions = [labels for _, labels in answers.model.axes]
    chosen: list[tuple[str, str, BoolArray]] = []
    others: dict[str, list[str]] = {"rare": [], "nearly always": []}
    for order in answers.classes:
        sets, met = membership(answers, order)
        profiles = sorted({profile for one in met for entry in one for profile in entry.profiles})
        marks = {profile_name(profile, actions): [somewhere(profile)(one) for one in met] for profile in profiles}
        marks[FAILED] = [any(entry.status == FAILED for entry in one) for one in met]
        found = [(name, np.array(mark)[sets]) for name, mark in marks.items() if any(mark)]
        for name, hits in sorted(found, key=lambda own: (-np.count_nonzero(own[1]), own[0])):
            count = np.count_nonzero(hits)
            if FEWEST <= count <= len(hits) - FEWEST:
                chosen.append((order, name, hits))
            else:
                others["rare" if count < FEWEST else "nearly always"].append(f"{order}: {name}")
    return chosen, others


def _curve(hits: BoolArray, parameter: Binned) -> Iterable[dict[str, float]]:
    """The bins of one curve."""
    counts = tallies(parameter.bins.number, hits.astype(np.int64), (len(parameter.sizes), 2))[:, 1]
    low, high = wilson(counts, parameter.sizes)
    columns = (parameter.bins.low, parameter.bins.high, counts / parameter.sizes, low, high)
    for row in zip(*(column.tolist() for column in columns), strict=True):
        yield dict(zip(("low", "high", "share", "share_low", "share_high"), row, strict=True))


def _index_rows(order: str, profile: str, hits: BoolArray, parameters: list[Binned]) -> list[dict[str, Any]]:
    """The indices of one profile in every parameter, the strongest first."""
    rows = []
    found = zip(parameters, firsts_of(hits, parameters), deltas(hits, parameters), strict=True)
    for parameter, first, delta in found:
        shares = [part["share"] for part in _curve(hits, parameter)]
        row = {"order": order, "profile": profile, "parameter": parameter.name, "share": float(hits.mean())}
        row |= {**_ends("first", first), **_ends("delta", delta), "swing": max(shares) - min(shares)}
        rows.append({**row, "verdict": _verdict(first, delta)})
    return sorted(rows, key=lambda row: (-row["delta"], row["parameter"]))


def _ends(name: str, estimate: Estimate) -> dict[str, float]:
    """An index under its name."""
    values = (estimate.value, estimate.low, estimate.high, estimate.noise_floor)
    return dict(zip((name, f"{name}_low", f"{name}_high", f"{name}_floor"), values, strict=True))


def _verdict(first: Estimate, delta: Estimate) -> str:
    """Whether the draws suffice for the indices of one profile in one parameter."""
    for name, estimate in (("first", first), ("delta", delta)):
        width = estimate.high - estimate.low
        if width > 2 * WIDEST:
            return f"not sufficient: the 95 % interval of {name} is {width:.2f} wide, more than {2 * WIDEST:.2f}"
    return "sufficient"


def _attributes(
    model: Model, answers: Answered, notes: list[str], samples: int, seed: int, others: dict[str, list[str]]
) -> dict[str, Any]:
    """Attributes of both frames."""
    if len(answers.cover) > 1:
        notes.append(f"each draw is repeated at {len(answers.cover)} points of the intervals of "
                     f"{', '.join(answers.cover[0])}, which have no probability and no curve")  # fmt: skip
    if answers.tried > answers.rows:
        kept = f"{answers.rows:,} of {answers.tried:,} points"
        notes.append(f"draws keep the constraints {', '.join(model.constraints)}, as {kept} did")
    laws = {name: parameter.law.describe() for name, parameter in model.parameters.items()}
    logarithmic = [name for name, p in model.parameters.items() if p.law.kind in ("loguniform", "lognormal")]
    more = {"samples": samples, "seed": seed, "verdicts": dict(answers.verdicts), "logarithmic": logarithmic, **others}
    return attributes(model, notes, laws=laws, **more)
