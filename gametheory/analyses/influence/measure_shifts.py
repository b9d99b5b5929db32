"""How far does the law of a measure move once a parameter is known, whatever the number of bins it is looked at in?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import without_law
from gametheory.analyses.events import draws_used, event_attributes
from gametheory.analyses.influence.driven import Driven, driven
from gametheory.analyses.influence.given_data import varying
from gametheory.analyses.provenance import orders_of
from gametheory.analyses.shares.stages import answers_told, counted, twice
from gametheory.errors import InputError
from gametheory.estimators.conditional import dummy, equal_mass, first_order_of_values
from gametheory.estimators.pawn import Moved, moved
from gametheory.progress import Asked, Progress, shown
from gametheory.study import Answered

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["measure_shifts"]

DUMMIES = 39  # parameters that enter nothing, of whose distances the 95 % quantile is the floor
FLOOR = 0.95
FEWEST_PER_BIN = 20  # draws: with fewer, the distances are mostly noise
FEWEST_BINS = 4  # so that half as many are still two
SCALES = (0.5, 1.0, 2.0)  # of the number of bins
ABOVE, SOME, NONE = "above the floor in all bins", "above the floor in some bins", "not told from an idle parameter"

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]

MEANING = (
    "median and largest: over the bins of a parameter, the greatest distance between the distribution of the measure "
    "there and over all draws (PAWN); sampling alone gives what 95 of 100 parameters that enter nothing stay below, "
    "median_floor and largest_floor"
)
BINS = (
    "the index hangs on the number of bins: fewer and more give it for half and twice as many, rank its place at the "
    "number asked for and rank_low and rank_high the best and worst place over the three; a verdict of some bins says "
    "that the number of bins decides"
)
BEYOND = "{} draws without a value are left out of {}"


def measure_shifts(
    model: Model,
    *,
    order: str = "simultaneous",
    bins: int = 16,
    samples: int = 4096,
    seed: int = 0,
    answers: Answered | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """The PAWN index of the lower and of the upper value of every measure over the solutions, in each parameter.

    Columns: ``order``, ``over`` (``measure NAME lower`` or ``upper``), ``parameter``, ``median`` and ``largest`` over
    ``bins`` bins of equally many draws, each with ``_floor``, ``median_fewer`` and ``median_more`` (half and twice as
    many bins), ``rank`` with ``rank_low`` and ``rank_high``, ``first`` (share of the variance that the parameter tells,
    from the same bins, less what sampling adds) and ``verdict``. For measures only, whose order means something: sets
    of solutions have none, and for them there are `response_indices` and `set_dependence`. ``progress`` counts each
    draw twice: once it is answered, and again as the bounds of the measures are compared.

    Parameters may be tied; one then shows what those tied to it do. Raises InputError where nothing is uncertain, for
    fewer than 4 bins, or fewer than 20 draws in each of twice as many; UnknownNameError for an unknown order.

    >>> from gametheory.reader import load
    >>> frame = measure_shifts(load("reference_involvement"), order="nato", samples=640)
    >>> own = frame[frame["over"] == "measure disaster upper"]
    >>> own.iloc[0]["parameter"], own.iloc[0]["verdict"]
    ('escalation_risk', 'above the floor in all bins')
    """
    import pandas as pd

    with shown(progress, "measure shifts") as report:
        answering, comparing = twice(report, answers, samples)
        used = answers_told(model, answers, orders_of(model, order), (samples, seed), answering)
        rows, notes = _compared(model, used, orders_of(model, order), bins, seed, comparing)
    ends = ["median", "median_floor", "median_fewer", "median_more", "largest", "largest_floor"]
    columns = ["order", "over", "parameter", *ends, "rank", "rank_low", "rank_high", "first", "verdict"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs.update(event_attributes(used, notes, seed, bins=bins))
    return frame


def _compared(
    model: Model, used: Answered, orders: Sequence[str], bins: int, seed: int, progress: Progress | None
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of all bounds, and notes; ``progress`` is told of the bounds done."""
    drawn = draws_used(used)
    count = int(np.count_nonzero(drawn))
    if bins < FEWEST_BINS or count < 2 * bins * FEWEST_PER_BIN:
        least = 2 * max(bins, FEWEST_BINS) * FEWEST_PER_BIN
        raise InputError(
            f"bins: {bins!r} over {count} draws, expected at least {FEWEST_BINS} bins and, for these, {least:,} samples"
        )
    points = {name: column[drawn] for name, column in used.points.items()}
    names = varying(model, points)
    if not names:
        raise without_law(model, "measure_shifts")
    rows: list[dict[str, Any]] = []
    notes = [MEANING, BINS] if model.measures else ["nothing can be told: the model has no measures"]
    for own, values, known in counted([*_measures(used, orders, drawn)], progress):
        if not known.all():
            notes.append(BEYOND.format(int(np.count_nonzero(~known)), f"{own.order}, {own.over}"))
        if np.count_nonzero(known) < 2 * bins * FEWEST_PER_BIN or not np.ptp(values[known]) > 0.0:
            notes.append(
                f"nothing can be told: {own.order}, {own.over} is the same in all draws, or has too few values"
            )
            continue
        rows += _rows(own, values[known], {name: points[name][known] for name in names}, bins, seed)
    return rows, notes


def _measures(
    answers: Answered, orders: Sequence[str], drawn: BoolArray
) -> Iterator[tuple[Driven, FloatArray, BoolArray]]:
    """Every bound of a measure, its values at the draws, and which draws have one."""
    for own in driven(answers):
        if own.values is not None and own.order in orders:
            values = own.values[drawn]
            yield own, values, np.isfinite(values)


def _rows(own: Driven, values: FloatArray, points: dict[str, FloatArray], bins: int, seed: int) -> list[dict[str, Any]]:
    """The rows of one bound of a measure, the largest median first."""
    floors = _floors(values, seed)
    found = {}
    for name, column in points.items():
        cut = [equal_mass(column, max(2, round(scale * bins))) for scale in SCALES]
        found[name] = [(moved(values, one.number, len(one.low)), one.number) for one in cut]
    medians = np.array([[one.median for one, _ in parts] for parts in found.values()])
    places = 1 + np.argsort(np.argsort(-medians, axis=0, kind="stable"), axis=0, kind="stable")
    rows = []
    for place, (name, parts) in enumerate(found.items()):
        fewer, asked, more = (one for one, _ in parts)
        limits = [floors(labels) for _, labels in parts]
        over = [one.median > limit.median for (one, _), limit in zip(parts, limits, strict=True)]
        labels = parts[1][1]
        rows.append({"order": own.order, "over": own.over, "parameter": name, "median": asked.median,
                     "median_floor": limits[1].median, "median_fewer": fewer.median, "median_more": more.median,
                     "largest": asked.largest, "largest_floor": limits[1].largest, "rank": int(places[place, 1]),
                     "rank_low": int(places[place].min()), "rank_high": int(places[place].max()),
                     "first": first_order_of_values(values, labels, int(labels.max()) + 1),
                     "verdict": ABOVE if all(over) else SOME if any(over) else NONE})  # fmt: skip
    return sorted(rows, key=lambda row: row["rank"])


def _floors(values: FloatArray, seed: int) -> Callable[[NDArray[np.int64]], Moved]:
    """What parameters that enter nothing stay below in 95 of 100 cases, for bins of the same sizes."""
    known: dict[tuple[int, ...], Moved] = {}

    def floor(labels: NDArray[np.int64]) -> Moved:
        sizes = np.bincount(labels)
        key = tuple(sizes.tolist())
        if key not in known:
            chance = [moved(values, own, len(sizes)) for own in dummy(sizes, DUMMIES, seed)]
            known[key] = Moved(*np.quantile(np.array(chance), FLOOR, axis=0).tolist())
        return known[key]

    return floor
