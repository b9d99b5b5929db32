"""Under which few conditions on the parameters does something happen?

Scenario discovery: boxes that hold most of the draws in which it happens (coverage) and little else (density), as
sentences "if ... then ...". A box is an approximation that can be said; `discovery_region` holds the conditions
themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.events import Event, draws_used, event, event_attributes, moving, needed_orders
from gametheory.analyses.shares.stages import answers_told, twice
from gametheory.estimators.boxes import (
    LEVEL,
    Box,
    Resampled,
    best_box,
    inside,
    peel,
    quasi_p,
    resampled,
)
from gametheory.estimators.regional import FEWEST
from gametheory.progress import Asked, Progress, shown
from gametheory.study import Answered

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["discovery", "discovery_trade_off", "limits_in_words"]

SHARE = 0.05  # of the points in a box, peeled at once: the rate that Friedman and Fisher (1999) call patient
LEAST = 0.01  # of all points in the smallest box
MOST_BOXES = 3
WORTH = 0.05  # of all cases: what a later box has to hold
TRUSTED = 0.9  # of the density that was sought: what a later box has to reach on draws that did not shape it
RID_OF = 0.75  # share of the draws in which it does not happen that a box is to leave outside, for each draw in it
COLUMNS = ["order", "event", "when", "box", "parameter", "side", "limit", "quasi_p", "reproducibility", "coverage"]
MORE = ["density", "mass", "size", "density_some", "density_all", "held_out_coverage", "held_out_density", "sentence"]
NOTES = (
    f"limits with a quasi-p-value above {LEVEL:g} were dropped; this proves no other: the same draws chose them",
    "held out: mean coverage and density, on one half of the draws, of a box found by the same rule in the other half",
    "a share is of the draws from the parameters' laws; it is conditional on the model and on them",
)

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


def discovery(
    model: Model,
    *,
    of: str,
    when: str = "some",
    order: str = "simultaneous",
    samples: int = 20_000,
    seed: int = 0,
    boxes: int = MOST_BOXES,
    density: float | None = None,
    answers: Answered | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Boxes of parameters in which an event happens: one row for each limit of each box.

    ``of`` is ``claim NAME``, ``measure NAME >= NUMBER`` (or ``<=``), or the actions of a profile joined by commas;
    ``when`` says whether in ``some`` solution or in ``all``. Columns: ``order``, ``event``, ``when``, ``box``,
    ``parameter``, ``side`` (``above`` or ``below``), ``limit``, ``quasi_p``, ``reproducibility`` (share of random
    halves of the draws in which the same rule limits the parameter on that side), and of the box ``coverage``,
    ``density``, ``mass`` (share of all draws), ``size`` (draws in it), ``density_some`` and ``density_all`` (the
    density of the event in some and in all solutions), ``held_out_coverage``, ``held_out_density``, ``sentence``.

    A box is the one of the largest harmonic mean of coverage and density among those that reach a density: ``density``,
    or where not given a quarter as many draws in which it does not happen as overall (0.8 where it happens in 20 % of
    all). Where none reaches it there is one box, the best of all, and ``verdict`` in the attributes says so. A later
    box is sought outside those before. It is kept only where it reaches the density, and 90 % of it on draws held out,
    and holds 5 % of all cases; its coverage is of all cases, its held-out values are of those left over. Undecided
    draws, failed games among them, are outside of all this, and counted in the attributes. Without rows there is no
    box, and ``verdict`` says why. ``progress`` counts each draw twice: once it is answered, and again box by box as the
    boxes are sought, those that are not found included.

    >>> from gametheory.reader import load
    >>> frame = discovery(load("reference_involvement"), of="troops, deescalate", order="nato", samples=2_000, boxes=1)
    >>> frame["parameter"].tolist(), bool(frame["density"].iloc[0] > 0.8)
    (['decisiveness', 'escalation_risk', 'stake_russia'], True)
    """
    import pandas as pd

    with shown(progress, "discovery") as report:
        answering, seeking = twice(report, answers, samples)
        used, own, kept = _asked(model, (of, when, order), samples, seed, answers, answering)
        names, values = moving(used)
        cases = own.happens[kept]
        wanted = _wanted(cases) if density is None else density
        fault = _too_few(cases)
        found, reached = ([], False) if fault else _boxes(values[kept], cases, boxes, wanted, seed, seeking)
        if seeking is not None:
            seeking(boxes, boxes)
    both = [event(used, of, order=order, when=each).happens[kept] for each in ("some", "all")]
    rows: list[dict[str, Any]] = []
    for number, one in enumerate(found, start=1):
        head = {"order": own.order, "event": own.name, "when": when, "box": number}
        rows += [{**head, **row} for row in _rows(names, values[kept], cases, one, own.words, both)]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, *MORE])
    hits, size = (sum(getattr(one.box, name) for one in found) for name in ("hits", "size"))
    together = {"coverage": hits / int(cases.sum()), "density": hits / size} if found else {}
    more = {"words": own.words, "share": float(cases.mean()) if len(cases) else 0.0, "wanted": wanted}
    more |= {"together": together, "verdict": fault or _verdict(len(found), together, wanted, reached=reached)}
    undecided = int(np.count_nonzero(draws_used(used) & ~kept))
    frame.attrs.update(event_attributes(used, NOTES, seed, undecided=undecided, **more))
    return frame


def discovery_trade_off(
    model: Model,
    *,
    of: str,
    when: str = "some",
    order: str = "simultaneous",
    samples: int = 20_000,
    seed: int = 0,
    density: float | None = None,
    answers: Answered | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Coverage and density of every box on the way from all draws to the smallest, and of the one chosen.

    Columns: ``order``, ``event``, ``when``, ``kind`` (``peeled``; ``chosen`` for the box after pasting and dropping
    idle limits, last), ``size``, ``coverage``, ``density``, ``mass``, ``restricted`` (number of parameters with a
    limit) and ``limits`` in words. The box is chosen as in `discovery`; whoever weighs coverage against density
    otherwise finds the other boxes here. ``progress`` counts each draw twice: once it is answered, and again as the
    boxes are peeled and then chosen from.
    """
    import pandas as pd

    with shown(progress, "discovery trade-off") as report:
        answering, seeking = twice(report, answers, samples)
        used, own, kept = _asked(model, (of, when, order), samples, seed, answers, answering)
        names, values = moving(used)
        cases = own.happens[kept]
        fault = _too_few(cases)
        peeled: list[Box] = []
        if not fault:
            peeled = peel(values[kept], cases, share=SHARE, least=LEAST)
            if seeking is not None:
                seeking(1, 2)
            wanted = _wanted(cases) if density is None else density
            chosen, _ = best_box(values[kept], cases, wanted, share=SHARE, least=LEAST)
        if seeking is not None:
            seeking(2, 2)
    rows: list[dict[str, Any]] = []
    if not fault:
        kinds = [("peeled", box) for box in peeled] + [("chosen", chosen)]
        head = {"order": own.order, "event": own.name, "when": when}
        rows = [
            {**head, "kind": kind, **{name: getattr(box, name) for name in ("size", "coverage", "density", "mass")}}
            | {"restricted": int(box.restricted.sum()), "limits": limits_in_words(names, box.low, box.high)}
            for kind, box in kinds
        ]
    columns = ["order", "event", "when", "kind", "size", "coverage", "density", "mass", "restricted", "limits"]
    frame = pd.DataFrame(rows, columns=columns)
    undecided = int(np.count_nonzero(draws_used(used) & ~kept))
    frame.attrs.update(event_attributes(used, NOTES, seed, undecided=undecided, words=own.words, verdict=fault))
    return frame


def limits_in_words(names: Sequence[str], low: FloatArray, high: FloatArray) -> str:
    """The limits of a box as conditions joined by "and".

    >>> limits_in_words(["p", "loss", "t"], np.array([0.31, -np.inf, 1]), np.array([np.inf, 4.0, 2]))
    'p is above 0.31 and loss is below 4 and t is between 1 and 2'
    """
    parts = []
    for name, first, last in zip(names, low.tolist(), high.tolist(), strict=True):
        if np.isfinite(first) and np.isfinite(last):
            parts.append(f"{name} is between {first:.4g} and {last:.4g}")
        elif np.isfinite(first):
            parts.append(f"{name} is above {first:.4g}")
        elif np.isfinite(last):
            parts.append(f"{name} is below {last:.4g}")
    return " and ".join(parts)


def _asked(
    model: Model,
    about: tuple[str, str, str],
    samples: int,
    seed: int,
    answers: Answered | None,
    progress: Progress | None,
) -> tuple[Answered, Event, BoolArray]:
    """The answers, the event, and the draws in which it is decided."""
    of, when, order = about
    used = answers_told(model, answers, needed_orders(model, of, order), (samples, seed), progress)
    own = event(used, of, order=order, when=when)
    return used, own, draws_used(used) & own.decided


def _too_few(cases: BoolArray) -> str:
    """Why no box is sought, or nothing."""
    happens = int(np.count_nonzero(cases))
    if min(happens, len(cases) - happens) >= FEWEST:
        return ""
    return f"no box: it happens in {happens:,} of {len(cases):,} decided draws; {FEWEST} of either kind are needed"


def _wanted(cases: BoolArray) -> float:
    """The density that a box is to reach where nobody says otherwise."""
    return 1.0 - (1.0 - RID_OF) * (1.0 - float(cases.mean())) if len(cases) else 1.0


class Found(NamedTuple):
    """A box, the draws among which it was sought, and how it fares on others."""

    box: Box
    left: BoolArray
    again: Resampled


def _boxes(
    values: FloatArray, cases: BoolArray, most: int, wanted: float, seed: int, progress: Progress | None
) -> tuple[list[Found], bool]:
    """One box after the other, and whether the first is dense enough; if not, it stays the only one."""
    left = np.ones(len(cases), dtype=np.bool_)
    found: list[Found] = []
    dense = False
    while len(found) < most and not _too_few(cases[left]):
        box, reached = best_box(values[left], cases[left], wanted, share=SHARE, least=LEAST)
        if not box.restricted.any() or (found and not reached):
            break
        again = resampled(values[left], cases[left], wanted, share=SHARE, least=LEAST, seed=seed)
        if found and (box.hits < WORTH * np.count_nonzero(cases) or again.density < TRUSTED * wanted):
            break
        found.append(Found(box, left.copy(), again))
        if progress is not None:
            progress(len(found), most)
        dense = dense or reached
        if not dense:
            break
        left &= ~inside(values, box)
    return found, dense


def _rows(
    names: Sequence[str], values: FloatArray, cases: BoolArray, one: Found, words: str, both: Sequence[BoolArray]
) -> list[dict[str, Any]]:
    """One row for each limit of a box."""
    box, left, again = one
    chances = quasi_p(values[left], cases[left], box)
    within = left & inside(values, box)
    coverage = box.hits / int(cases.sum())
    shares = {"coverage": coverage, "density": box.density, "mass": box.size / len(cases), "size": box.size}
    shares |= {f"density_{name}": float(part[within].mean()) for name, part in zip(("some", "all"), both, strict=True)}
    shares |= {"held_out_coverage": again.coverage, "held_out_density": again.density}
    earlier = "" if left.all() else "outside the boxes before, "
    sentence = (
        f"{earlier}if {limits_in_words(names, box.low, box.high)}, then {words} in {_percent(box.density)} of these "
        f"draws ({box.hits:,} of {box.size:,}); they hold {_percent(coverage)} of all draws in which that is so, "
        f"and it is so in {_percent(float(cases.mean()))} of all draws"
    )
    return [
        {
            "parameter": names[column],
            "side": "below" if side else "above",
            "limit": float(box.limits[column, side]),
            "quasi_p": float(chances[column, side]),
            "reproducibility": float(again.reproduced[column, side]),
            **shares,
            "sentence": sentence,
        }
        for column, side in _by_strength(box, chances)
    ]


def _by_strength(box: Box, chances: FloatArray) -> list[tuple[int, int]]:
    """The limits of a box, the least accidental first."""
    limits = np.argwhere(np.isfinite(box.limits)).tolist()
    return [(column, side) for column, side in sorted(limits, key=lambda place: float(chances[place[0], place[1]]))]


def _verdict(count: int, together: dict[str, float], wanted: float, *, reached: bool) -> str:
    """What the boxes hold together, or why there is none."""
    if not count:
        return "no box: no limit on a parameter tells the draws in which it happens from the others"
    boxes = "one box" if count == 1 else f"{count} boxes together"
    covered, dense = _percent(together["coverage"]), _percent(together["density"])
    short = "" if reached else f"; no box reaches the density of {_percent(wanted)} that was sought"
    return f"{boxes}: {covered} of the draws in which it happens; it happens in {dense} of the draws inside{short}"


def _percent(share: float) -> str:
    """A share in words that never round a possibility away.

    >>> [_percent(share) for share in (0.0, 0.001, 0.305, 0.999, 1.0)]
    ['0 %', 'less than 1 %', '30 %', 'more than 99 %', '100 %']
    """
    if 0.0 < share < 0.01:
        return "less than 1 %"
    return "more than 99 %" if 0.99 < share < 1.0 else f"{100 * share:.0f} %"
