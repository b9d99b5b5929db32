"""Which parameters decide, equilibrium by equilibrium, whether it is there?

`drivers` sums over all equilibria; here each has indices of its own. An equilibrium that is rarely gained or lost says
little about what moves it, so that its indices are refused instead of shown with two digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.events import profiles_found
from gametheory.analyses.influence.driven import membership, somewhere
from gametheory.analyses.influence.exchanges import Exchanges, exchanges
from gametheory.analyses.provenance import attributes, orders_of
from gametheory.errors import InputError
from gametheory.estimators.variance import FEWEST_FLIPS, Indices, indicator_sums, indices
from gametheory.progress import Asked, shown
from gametheory.study import Profile, is_pure, profile_name

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["WIDEST", "profile_indices"]

WIDEST = 0.1  # of a 95 % interval, above which an index is called not well enough known
ENDS = ("first", "first_low", "first_high", "total", "total_low", "total_high")
COLUMNS = ("order", "profile", "pure", "share", "parameter", *ENDS, "flips", "verdict")
MEANING = (
    "first: share of the variance of whether the profile is an equilibrium that knowing the parameter alone would "
    "remove; total: share that would remain if all others were known; low and high: 95 % intervals from replicates"
)
REFUSED = (
    f"an index that rests on fewer than {FEWEST_FLIPS} exchanges that make the profile appear or vanish is not given; "
    "total_high then still bounds it, unless the profile is too rare even for that"
)

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


def profile_indices(
    model: Model,
    *,
    samples: int = 4096,
    seed: int = 0,
    order: str = "simultaneous",
    replicates: int = 8,
    progress: Asked = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """First-order and total indices of every parameter for each equilibrium by itself: is the profile there or not?

    The points are those of `drivers`: ``samples`` pairs in ``replicates`` scrambled samples, parameters exchanged one
    by one. Columns: ``order``, ``profile`` (the actions in use), ``pure``, ``share`` (of the base points at which it is
    an equilibrium), ``parameter`` (or the name of a ranking), ``first`` and ``total``, each with ``_low`` and
    ``_high``, ``flips`` (base points at which exchanging the parameter makes the profile appear or vanish) and
    ``verdict``. Frequent profiles come first; the parameters stand in the order of the model.

    Below 30 flips ``first`` and ``total`` are missing, and the verdict says why. A profile of which no parameter has 30
    is refused altogether. Interval parameters have no probability and no rows: a profile counts where it is an
    equilibrium at some point of them. Where the list of equilibria may lack some, what is not listed is not there.

    Raises InputError where nothing is uncertain, and with correlations or constraints, where no parameter can be
    exchanged by itself: `response_indices` then gives indices from the draws.

    >>> from gametheory.reader import load
    >>> frame = profile_indices(load("reference_involvement"), samples=512, order="nato")
    >>> own = frame[frame["profile"] == "bridge, deescalate"].set_index("parameter")
    >>> own["total"].idxmax(), own.loc["disaster_loss_nato", "verdict"]
    ('escalation_risk', 'refused: exchanges that make it appear or vanish: 0, fewer than 30')
    """
    import pandas as pd

    orders = orders_of(model, order)
    if model.correlations or model.constraints:
        raise InputError("parameters that hang together cannot be exchanged one by one; try response_indices")
    with shown(progress, "profile indices") as report:
        frozen = exchanges(model, samples, seed, replicates, orders, report, workers)
    rows = [row for name in orders for row in _order_rows(frozen, name)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"flips": "int64", "pure": bool})
    frame.attrs.update(_attributes(model, frozen, frame, {"samples": samples, "seed": seed, "replicates": replicates}))
    return frame


def _order_rows(frozen: Exchanges, order: str) -> list[dict[str, Any]]:
    """The rows of one order of play, the most frequent profile first."""
    sets, met = membership(frozen.answers, order)
    actions = [labels for _, labels in frozen.answers.model.axes]
    marks = {profile: np.array([somewhere(profile)(one) for one in met]) for profile in
             profiles_found(frozen.answers, order)}  # fmt: skip
    shares = {profile: _share(frozen, mark[sets]) for profile, mark in marks.items()}
    rows = []
    for profile in sorted(marks, key=lambda own: (-shares[own], profile_name(own, actions))):
        head = {"order": order, "profile": profile_name(profile, actions), "pure": is_pure(profile),
                "share": shares[profile]}  # fmt: skip
        rows += [head | row for row in _profile_rows(frozen, sets, marks, profile)]
    return rows


def _profile_rows(
    frozen: Exchanges, sets: NDArray[np.int64], marks: dict[Profile, BoolArray], profile: Profile
) -> list[dict[str, Any]]:
    """One row a parameter."""
    own = frozen.of(marks[profile][sets])
    flips = np.count_nonzero(own.exchanged != own.a, axis=1).tolist()
    if max(flips) < FEWEST_FLIPS:
        why = f"refused: too rare, no parameter's exchanges change it {FEWEST_FLIPS} times (the most: {max(flips)})"
        return [{"parameter": name, "flips": count, "verdict": why}
                for name, count in zip(frozen.factors, flips, strict=True)]  # fmt: skip
    found = indices(indicator_sums(frozen.of(marks[profile][sets].astype(np.int64)), np.array([[False], [True]])))
    return [_row(found, place, name) for place, name in enumerate(frozen.factors)]


def _row(found: Indices, place: int, name: str) -> dict[str, Any]:
    """The indices of one profile in one parameter, or why they are not given."""
    flips = int(found.flips[place])
    if flips < FEWEST_FLIPS:
        bound = {"total_low": 0.0, "total_high": float(found.total_high[place])}
        why = f"refused: exchanges that make it appear or vanish: {flips}, fewer than {FEWEST_FLIPS}"
        return {"parameter": name, **bound, "flips": flips, "verdict": why}
    numbers = {end: float(getattr(found, end)[place]) for end in ENDS}
    widths = {index: numbers[f"{index}_high"] - numbers[f"{index}_low"] for index in ("first", "total")}
    worst = max(widths, key=lambda index: widths[index])
    short = f"not sufficient: the 95 % interval of {worst} is {widths[worst]:.2f} wide, more than {WIDEST:.2f}"
    return {"parameter": name, **numbers, "flips": flips,
            "verdict": "sufficient" if widths[worst] <= WIDEST else short}  # fmt: skip


def _share(frozen: Exchanges, hits: BoolArray) -> float:
    """The share of the base points, A and B, at which a profile is an equilibrium."""
    own = frozen.of(hits)
    return float(np.concatenate([own.a, own.b]).mean())


def _attributes(model: Model, frozen: Exchanges, frame: pd.DataFrame, asked: dict[str, int]) -> dict[str, Any]:
    """What a reader needs to judge the frame."""
    answers = frozen.answers
    notes = [MEANING, REFUSED]
    if len(answers.cover) > 1:
        notes.append(f"each game is repeated at {len(answers.cover)} points of the intervals of "
                     f"{', '.join(answers.cover[0])}, which have no probability")  # fmt: skip
    most: dict[str, int] = {}
    for place, profile, flips in zip(frame["order"], frame["profile"], frame["flips"], strict=True):
        most[f"{place}: {profile}"] = max(int(flips), most.get(f"{place}: {profile}", 0))
    rare = [name for name, flips in most.items() if flips < FEWEST_FLIPS]
    laws = {name: parameter.law.describe() for name, parameter in model.parameters.items()}
    more = {**asked, "games": answers.rows, "verdicts": {name: dict(own) for name, own in answers.verdicts.items()}}
    return attributes(model, notes, laws=laws, refused=rare, **more)
