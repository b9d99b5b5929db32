"""In which parameters do the draws where something happens differ from the draws where it does not?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses.events import (
    Event,
    asked_events,
    draws_used,
    event,
    event_attributes,
    events,
    moving,
    needed_orders,
)
from gametheory.analyses.provenance import orders_of
from gametheory.analyses.shares.stages import answers_told, counted, twice
from gametheory.estimators.regional import FEWEST, holm, separation
from gametheory.progress import Asked, Progress, shown
from gametheory.study import Answered

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["regional", "regional_curves"]

LEVEL = 0.05  # of the corrected p-values
TWO_SIDED = 1 / 3  # a second gap of at least this share of the first: no plain shift to one side
POINTS = 101  # of each distribution function
COLUMNS = ["order", "event", "when", "parameter", "distance", "above", "above_at", "below", "below_at"]


def regional(
    model: Model,
    *,
    of: str | None = None,
    when: str = "some",
    order: str = "all",
    samples: int = 20_000,
    seed: int = 0,
    answers: Answered | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """The largest gap between a parameter's distribution where an event happens and its distribution where not.

    ``of`` names the event as in `discovery`; without it, every profile of actions that is found and every claim.
    ``when`` says whether in ``some`` solution or in ``all``. Columns: ``order``, ``event``, ``when``, ``parameter``,
    ``distance`` (Kolmogorov and Smirnov), ``above`` and ``above_at`` (how far the distribution function inside leads,
    and where; then low values are the more frequent inside), ``below`` and ``below_at``, ``p_value``, ``corrected``
    (Holm, over all rows), ``inside``, ``outside`` and ``undecided`` (numbers of draws; failed games are undecided), and
    ``verdict``. Events with fewer than ten draws on a side are named in the notes. Each parameter is seen by itself.
    ``answers`` reuses those of `study.answered`. ``progress`` counts each draw twice: once it is answered, and again as
    the events are compared.

    >>> from gametheory.reader import load
    >>> frame = regional(load("reference_involvement"), of="troops, deescalate", order="nato", samples=500)
    >>> row = frame.iloc[0]
    >>> row["parameter"], row["verdict"]
    ('decisiveness', 'higher where it happens')
    """
    import pandas as pd

    orders = needed_orders(model, of, order)
    with shown(progress, "regional") as report:
        answering, comparing = twice(report, answers, samples)
        used = answers_told(model, answers, orders, (samples, seed), answering)
        rows, notes = _compared(used, _asked(used, model, of, order, when), when, comparing)
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "p_value", "inside", "outside", "undecided"])
    frame.insert(len(COLUMNS) + 1, "corrected", holm(frame["p_value"].to_numpy(dtype=np.float64)))
    frame["verdict"] = [_verdict(row) for row in frame.to_dict("records")]
    frame.attrs.update(event_attributes(used, notes, seed))
    return frame


def regional_curves(
    model: Model,
    *,
    of: str,
    when: str = "some",
    order: str = "simultaneous",
    strongest: int = 2,
    samples: int = 20_000,
    seed: int = 0,
    answers: Answered | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Both distribution functions of the parameters that differ most between draws inside and outside an event.

    Columns: ``order``, ``event``, ``when``, ``words`` (the event as the end of a sentence), ``parameter``, ``value``,
    ``inside`` and ``outside`` (shares of the draws of either side up to that value), ``distance`` and ``corrected`` (as
    in `regional`, over all parameters). The parameters stand in the order of their distance. ``progress`` is called
    with the draws answered and their number.
    """
    import pandas as pd

    order = _order(model, of, order)
    with shown(progress, "regional curves") as report:
        used = answers_told(model, answers, needed_orders(model, of, order), (samples, seed), report)
    own = event(used, of, order=order, when=when)
    frame = regional(model, of=of, when=when, order=order, answers=used)
    kept = draws_used(used) & own.decided
    inside = own.happens[kept]
    parts = []
    for row in frame.head(strongest).to_dict("records"):
        column = used.points[row["parameter"]][kept]
        value = np.unique(np.quantile(column, np.linspace(0.0, 1.0, POINTS), method="inverted_cdf"))
        shares = {
            name: np.searchsorted(np.sort(column[side]), value, side="right") / np.count_nonzero(side)
            for name, side in (("inside", inside), ("outside", ~inside))
        }
        one = pd.DataFrame({"value": value, **shares})
        for name in ("order", "event", "when", "parameter", "distance", "corrected"):
            one[name] = row[name]
        parts.append(one.assign(words=own.words))
    columns = ["order", "event", "when", "words", "parameter", "value", "inside", "outside", "distance", "corrected"]
    curves = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    counts = {"inside": int(inside.sum()), "outside": int((~inside).sum())}
    curves.attrs.update(frame.attrs)
    curves.attrs.update(seed=seed, **counts)
    return curves


def _compared(
    used: Answered, compared: Sequence[Event], when: str, progress: Progress | None
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of all events, and notes on those that cannot be compared; ``progress`` is told of the events done."""
    names, values = moving(used)
    drawn = draws_used(used)
    rows: list[dict[str, Any]] = []
    notes = ["each parameter is seen by itself: two that matter only together may both look idle"]
    for own in counted(compared, progress):
        kept = drawn & own.decided
        inside = own.happens[kept]
        counts = {"inside": int(inside.sum()), "outside": int((~inside).sum()), "undecided": int((drawn & ~kept).sum())}
        if min(counts["inside"], counts["outside"]) < FEWEST:
            notes.append(f"too few draws on one side to compare: {own.order}, {own.name}: {_counted(counts)}")
            continue
        found = separation(values[kept], inside)
        head = {"order": own.order, "event": own.name, "when": when}
        for place in np.argsort(-found.distance, kind="stable").tolist():
            numbers = {field: float(getattr(found, field)[place]) for field in found._fields}
            rows.append({**head, "parameter": names[place], **numbers, **counts})
    return rows, notes


def _asked(answers: Answered, model: Model, of: str | None, order: str, when: str) -> list[Event]:
    """The events of a question."""
    if of is None:
        return [own for name in orders_of(model, order) for own in events(answers, name, when)]
    return asked_events(answers, of, orders_of(model, order), when)


def _order(model: Model, of: str, order: str) -> str:
    """The order of play that a question is about: a claim's own."""
    name = of.removeprefix("claim ").strip()
    return model.claims[name].order if of.startswith("claim ") and name in model.claims else order


def _verdict(row: dict[Any, Any]) -> str:
    """What a gap says, in words."""
    if row["corrected"] > LEVEL:
        return "no difference that could be told from chance"
    above, below = row["above"], row["below"]
    if min(above, below) < TWO_SIDED * max(above, below):
        return "lower where it happens" if above > below else "higher where it happens"
    return "in the middle where it happens" if row["below_at"] < row["above_at"] else "at the ends where it happens"


def _counted(counts: dict[str, int]) -> str:
    """Numbers of draws in words."""
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
