"""At which values of one parameter does the set of equilibria change, and which deviation makes it change?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses.asked import known_end, known_points
from gametheory.analyses.exact import NotRationalError, Piece, partition, pieces, range_end
from gametheory.analyses.provenance import attributes, known_parameter, orders_of
from gametheory.analyses.shares.stages import counted
from gametheory.analyses.tipping.lines import Line, searched_range
from gametheory.analyses.tipping.numerical import resolution, search
from gametheory.analyses.tipping.slacks import Slack, sentence
from gametheory.analyses.tipping.systems import system_tips
from gametheory.analyses.tipping.tree_tips import tree_tips
from gametheory.errors import ComputationError, InputError
from gametheory.progress import Asked, Progress, shown
from gametheory.study import EquilibriumClass, profile_names

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["METHODS", "tip"]

METHODS = ("auto", "exact", "numerical")
STRENGTH = ("mixing", "mixed deviation")  # named only where no deviation between pure profiles binds
UNNAMED = "not identified: no followed deviation changes sign here"

Binding = Sequence[tuple[Slack, bool]]  # what vanishes, and whether a solution ends there (or begins)


@dataclass
class Found:
    """What is known of one order of play."""

    method: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    failed: float = 0.0
    notes: list[str] = field(default_factory=list)
    polynomials: int = 0
    isolating: list[dict[str, Any]] = field(default_factory=list)


def tip(
    model: Model,
    parameter: str,
    *,
    order: str = "simultaneous",
    low: float | None = None,
    high: float | None = None,
    method: str = "auto",
    points: int = 4096,
    progress: Asked = None,
) -> pd.DataFrame:
    """Every tipping point of ``parameter`` between ``low`` and ``high``, the other parameters at their central values.

    A tipping point is a value at which the set of equilibrium supports changes (for a leader order: the path of play);
    mixed equilibria count. One row a point: ``value``, the ``player`` whose deviation binds, ``binding`` in words as
    the parameter grows, the profiles ``before`` and ``after``, and ``exact``. The range is the law's support where it
    is not given. ``order="all"`` lists every order of play.

    Where the payoffs of two players are fractions of polynomials in the parameter, perhaps in several pieces (``min``,
    ``max``, ``abs``, ``clip``, ``where``), the answer is exact: the values are the doubles nearest to roots of
    polynomials with whole coefficients, and it is proved that no other value of the range is a tipping point. All
    numbers are then the fractions that their decimal texts say. The attribute ``isolating`` names for each row the
    polynomial and two numbers between which that value is its only root; ``polynomials`` counts those that decide.

    Otherwise, or with ``method="numerical"``, ``points`` games are solved first and every change closed in on, to 1e-12
    of the range where the rounding of the payoffs allows it; two points closer than 1e-10 of it may count as one. Two
    tipping points that lie between neighbouring games and undo each other are found where a slack of a standing
    solution dips towards zero, else missed; the notes say how close that is. Where the law is log-uniform and ``low``
    positive, the range of a table is then measured in orders of magnitude; trees and equations are searched evenly.

    The attributes ``method``, ``present`` (the profiles in the middle of the range) and ``failed`` (the share of the
    range whose games cannot be solved) hold for each order, tipping or not; ``logarithmic`` says whether the law has
    the parameter vary by orders of magnitude. ``progress`` is called with the orders of play done and their
    number. Raises InputError for an empty range and, with ``method="exact"``, where the answer cannot be exact, saying
    why; UnknownNameError for a bad name.

    >>> from gametheory.reader import load
    >>> first = tip(load("reference_involvement"), "escalation_risk").iloc[0]
    >>> round(float(first["value"]), 6), first["binding"], bool(first["exact"])
    (0.028345, 'nato: surge -> limited_aid, against carry_on', False)
    """
    import pandas as pd

    known_parameter(model, parameter)
    orders = orders_of(model, order)
    if method not in METHODS:
        raise InputError(f"method: {method!r}, expected one of {', '.join(METHODS)}")
    points = known_points(points)
    ends = {"low": known_end("low", low), "high": known_end("high", high)}
    if model.form != "strategic":
        with shown(progress, "tip") as report:
            return _without_table(model, parameter, orders, points, ends, report)
    start, stop = searched_range(model, parameter, **ends)
    lines = [Line(model, parameter, name, start, stop) for name in orders]
    whole, reason = _pieces(lines[0], method)
    with shown(progress, "tip") as report:
        found = {line.order: _found(line, whole, method, points) for line in counted(lines, report)}
    rows = [{"parameter": parameter, "order": name, **row} for name, own in found.items() for row in own.rows]
    columns = ["parameter", "order", "value", "player", "binding", "before", "after", "exact"]
    frame = pd.DataFrame(rows, columns=columns).astype({"value": float, "exact": bool})
    notes = [*_method_notes(lines[0], found, reason, points), *(note for own in found.values() for note in own.notes)]
    answers = {
        "present": {line.order: _middle(line) for line in lines},
        "failed": {name: own.failed for name, own in found.items()},
        "method": {name: own.method for name, own in found.items()},
        "polynomials": {name: own.polynomials for name, own in found.items()},
        "isolating": [entry for own in found.values() for entry in own.isolating],
    }
    searched = {"parameter": parameter, "low": start, "high": stop, "points": points}
    searched["logarithmic"] = lines[0].logarithmic
    frame.attrs.update(attributes(model, notes, parameters=model.central(), **searched, **answers))
    return frame


def _without_table(
    model: Model,
    parameter: str,
    orders: Sequence[str],
    points: int,
    ends: dict[str, float | None],
    progress: Progress | None,
) -> pd.DataFrame:
    """The frame of a tree or of equations, all orders at once."""
    if model.form == "extensive":
        return tree_tips(model, parameter, orders, points=points, low=ends["low"], high=ends["high"], progress=progress)
    frame = system_tips(model, parameter, points=points, low=ends["low"], high=ends["high"])
    if progress is not None:
        progress(1, 1)
    return frame


def _pieces(line: Line, method: str) -> tuple[list[Piece], str]:
    """The payoffs as rational functions, or nothing and the reason why not."""
    if method == "numerical":
        return [], ""
    try:
        if len(line.model.players) != 2:
            raise NotRationalError(f"a game of {len(line.model.players)} players; only two are followed exactly")
        return pieces(line.model, line.parameter, range_end(line.low), range_end(line.high)), ""
    except NotRationalError as error:
        if method == "exact":
            raise InputError(f"no exact tipping points of {line.parameter}: {error}; try method='numerical'") from error
        return [], str(error)


def _found(line: Line, whole: list[Piece], method: str, points: int) -> Found:
    """What one order of play shows: exactly where that is possible, else numerically."""
    if whole:
        try:
            return _exact(line, whole, patient=method == "exact")
        except (NotRationalError, ComputationError) as error:
            if method == "exact":
                raise type(error)(f"no exact tipping points of {line.parameter}: {error}") from error
            return _numerical(line, points, [f"order {line.order}: not exact, because {error}"])
    return _numerical(line, points, [])


def _exact(line: Line, whole: list[Piece], *, patient: bool) -> Found:
    """The tipping points of one order of play, proved."""
    parts = partition(line.model, line.parameter, line.order, whole, patient=patient)
    rows = [_described(line, one.value, one.binding, (one.before, one.after), exact=True) for one in parts.tips]
    isolating = [
        {
            "order": line.order,
            "value": one.value,
            "polynomial": one.isolating.polynomial,
            "between": [one.isolating.low, one.isolating.high],
        }
        for one in parts.tips
    ]
    return Found("exact", rows, 0.0, list(parts.notes), parts.polynomials, isolating)


def _numerical(line: Line, points: int, notes: list[str]) -> Found:
    """The tipping points of one order of play that a search reveals."""
    seen = search(line, points)
    rows = []
    for one in seen.tips:
        binding = [(zero.suspect.slack, zero.suspect.ends) for zero in one.binding]
        sets = line.entry(one.before), line.entry(one.after)
        rows.append(_described(line, line.value(one.place), binding, sets, exact=False))
    return Found("numerical", rows, seen.failed, [*notes, *seen.notes])


def _method_notes(line: Line, found: dict[str, Found], reason: str, points: int) -> list[str]:
    """How the tipping points were found, and what that leaves open."""
    notes = []
    if any(own.method == "numerical" for own in found.values()):
        where = "found numerically" + f", because {reason}" * bool(reason)
        notes += [
            f"two tipping points closer than {resolution(line, points)} that undo each other may be missed",
            f"{where}: {points} games were solved first; the other parameters stand at their central values",
        ]
    exact = {name: own.polynomials for name, own in found.items() if own.method == "exact"}
    if exact:
        counts = ", ".join(f"{name} {count}" for name, count in exact.items())
        notes += [
            f"exact and complete: every root of the polynomials that decide was compared ({counts})",
            "the other parameters stand at their central values, as the fractions that their texts say",
        ]
    return notes


def _middle(line: Line) -> list[str]:
    """The profiles in the middle of the range."""
    label = int(line.labels(np.array([sum(line.ends) / 2]))[0])
    return _names(line, line.entry(label))


def _described(
    line: Line, value: float, binding: Binding, sets: tuple[EquilibriumClass, EquilibriumClass], *, exact: bool
) -> dict[str, Any]:
    """One row of the frame, without parameter and order."""
    players, actions = zip(*[(p.name, p.actions) for p in line.model.players], strict=True)
    strongest = _strongest(binding)
    words = [sentence(slack, actions, players, ends=ends) for slack, ends in strongest]
    named = [players[slack.player] for slack, _ in strongest]
    before, after = (tuple(_names(line, entry)) for entry in sets)
    return {
        "value": value,
        "player": " and ".join(dict.fromkeys(named)),
        "binding": "; ".join(dict.fromkeys(words)) or UNNAMED,
        "before": before,
        "after": after,
        "exact": exact,
    }


def _names(line: Line, entry: EquilibriumClass) -> list[str]:
    """The profiles of a class in words."""
    return profile_names(entry, [player.actions for player in line.model.players])


def _strongest(binding: Binding) -> Binding:
    """Deviations between pure profiles if any vanish here, else those from a mixture, else ends of mixing."""

    def strength(slack: Slack) -> int:
        return -STRENGTH.index(slack.kind) if slack.kind in STRENGTH else -len(STRENGTH)

    best = min((strength(slack) for slack, _ in binding), default=0)
    return [(slack, ends) for slack, ends in binding if strength(slack) == best]
