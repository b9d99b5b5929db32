"""At which values of a parameter does the next level of a player's action pay exactly as much as this one?

Where the parameter is a probability or a hazard, such a value less the present one is the break-even incremental risk:
the risk that may still be added before the step stops paying.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import known_end, known_points, strategic_only
from gametheory.analyses.provenance import attributes, known_parameter, values_used
from gametheory.analyses.robustness.spreads import moved_to
from gametheory.analyses.tipping.brackets import search_grid
from gametheory.analyses.tipping.lines import Line, searched_range
from gametheory.analyses.tipping.zeros import TIE, Zero, zeros

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["break_even"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PAYS_BELOW, PAYS_ABOVE = "pays below", "pays above"
BOTH_SIDES, NEITHER_SIDE = "pays on both sides", "pays on neither side"
TIED_BELOW, TIED_ABOVE, TIED_HERE = "as good below", "as good above", "as good here"
STATUSES = {  # by the sign of what the next action gains before the value and after it
    (1, -1): PAYS_BELOW,
    (1, 0): PAYS_BELOW,
    (-1, 1): PAYS_ABOVE,
    (0, 1): PAYS_ABOVE,
    (1, 1): BOTH_SIDES,
    (-1, -1): NEITHER_SIDE,
    (0, -1): TIED_BELOW,
    (-1, 0): TIED_ABOVE,
}
ALWAYS, NEVER, SAME, UNDEFINED = "always pays", "never pays", "as good everywhere", "undefined"
COLUMNS = ["player", "action", "next_action", "against", "value", "increment", "status", "reason"]


class Step(NamedTuple):
    """One level of a player's own actions and the next, the others staying at what they play: two profiles."""

    player: int
    stay: tuple[int, ...]
    leave: tuple[int, ...]


def break_even(
    model: Model,
    parameter: str,
    *,
    values: Mapping[str, Any] | None = None,
    low: float | None = None,
    high: float | None = None,
    points: int = 4096,
) -> pd.DataFrame:
    """Every value of ``parameter`` at which a player's next action pays as much as the one before it in the file.

    One row a value for every player, pair of neighbouring actions and action (or profile) of the others, at the central
    values of the other parameters or at ``values``. Columns: ``player``, ``action``, ``next_action``, ``against``,
    ``parameter``, ``value``, ``increment`` (the value less the present one), ``status`` and ``reason``. Statuses: the
    next action ``pays below`` the value and not above, ``pays above``, or the payoffs only touch and it ``pays on both
    sides`` or ``pays on neither side``; ``as good below``, ``above`` or ``here`` where it never pays more. A pair
    without such a value has one row without it: the next action ``always pays``, ``never pays``, is ``as good
    everywhere``, or the question is ``undefined`` as payoffs are not finite.

    The range is the law's support where it is not given. Values are located to 1e-12 of the range, touches to about
    1e-8; ``points`` places are looked at first, evenly in orders of magnitude where the law is log-uniform, and two
    values between neighbouring ones are found where the difference of the payoffs dips towards zero, else missed.
    Raises InputError for an empty range and for ends or points that are no numbers, UnknownNameError for a bad name.

    >>> from gametheory.reader import load
    >>> frame = break_even(load("reference_involvement"), "escalation_risk", points=256)
    >>> row = frame[(frame["next_action"] == "surge") & (frame["against"] == "carry_on")].iloc[0]
    >>> round(float(row["value"]), 6), row["status"]
    (0.028345, 'pays below')
    """
    import pandas as pd

    strategic_only(model, "break_even")
    known_parameter(model, parameter)
    points = known_points(points)
    used = values_used(model, values)
    start, stop = searched_range(model, parameter, known_end("low", low), known_end("high", high))
    line = Line(moved_to(model, used), parameter, "simultaneous", start, stop)
    grid = search_grid(*line.ends, points, even=line.logarithmic)
    steps = _steps(model)
    rows = _rows(line, grid, steps, used[parameter])
    frame = pd.DataFrame(rows, columns=[*COLUMNS[:4], "parameter", *COLUMNS[4:]])
    frame = frame.astype({"value": float, "increment": float})
    notes = [
        f"found numerically, from {points} places; two values between neighbouring ones may be missed",
        "each value holds for one pair of actions, the others' actions and the other parameters staying as they are",
    ]
    searched: dict[str, Any] = {
        "parameter": parameter,
        "low": start,
        "high": stop,
        "present": used[parameter],
        "points": points,
    }
    searched["logarithmic"] = line.logarithmic
    frame.attrs.update(attributes(model, notes, parameters=used, **searched))
    return frame


def _steps(model: Model) -> list[Step]:
    """Neighbouring actions of every player against everything that the others can play."""
    sizes = [len(player.actions) for player in model.players]
    found = []
    for player, size in enumerate(sizes):
        others = product(*(range(1 if place == player else own) for place, own in enumerate(sizes)))
        for (now, after), cell in product(pairwise(range(size)), others):
            stay, leave = ((*cell[:player], action, *cell[player + 1 :]) for action in (now, after))
            found.append(Step(player, stay, leave))
    return found


def _rows(line: Line, grid: FloatArray, steps: list[Step], present: float) -> list[dict[str, Any]]:
    """The rows of the frame: every zero of each step, or what holds where there is none."""
    shape = tuple(len(player.actions) for player in line.model.players)
    players = np.array([step.player for step in steps], dtype=np.int64)
    stay, leave = (
        np.array([np.ravel_multi_index(getattr(step, side), shape) for step in steps], dtype=np.int64)
        for side in ("stay", "leave")
    )

    def follow(places: FloatArray, which: IntArray) -> FloatArray:
        payoffs = line.games(places).payoffs.reshape(len(places), len(shape), -1)
        row = np.arange(len(places))
        own = players[which]
        with np.errstate(invalid="ignore"):
            return np.asarray(payoffs[row, own, leave[which]] - payoffs[row, own, stay[which]])

    payoffs = line.games(grid).payoffs.reshape(len(grid), len(shape), -1)
    with np.errstate(invalid="ignore"):
        table = payoffs[:, players, leave] - payoffs[:, players, stay]
        compared = np.maximum(np.abs(payoffs[:, players, leave]), np.abs(payoffs[:, players, stay]))
    sizes = np.array([_typical(column) for column in compared.T])
    by_step: dict[int, list[Zero]] = {}
    for zero in zeros(follow, grid, table, sizes):
        by_step.setdefault(zero.which, []).append(zero)
    rows = []
    for number, step in enumerate(steps):
        first = {**_names(line.model, step), "parameter": line.parameter}
        found = by_step.get(number, [])
        rows += [{**first, **_described(line, zero, present)} for zero in found]
        if not found:
            status, reason = _everywhere(table[:, number], sizes[number])
            rows.append({**first, "value": np.nan, "increment": np.nan, "status": status, "reason": reason})
    return rows


def _typical(sizes: FloatArray) -> float:
    """The middle one of some sizes, whatever a few extreme ones are; 1 where all are zero."""
    known = sizes[np.isfinite(sizes) & (sizes > 0)]
    return float(np.median(known)) if len(known) else 1.0


def _names(model: Model, step: Step) -> dict[str, str]:
    """Whose step it is, and against what."""
    own = model.players[step.player]
    others = [
        player.actions[action]
        for place, (player, action) in enumerate(zip(model.players, step.stay, strict=True))
        if place != step.player
    ]
    return {
        "player": own.name,
        "action": own.actions[step.stay[step.player]],
        "next_action": own.actions[step.leave[step.player]],
        "against": ", ".join(others),
    }


def _described(line: Line, zero: Zero, present: float) -> dict[str, Any]:
    """One value as the end of a row."""
    value = line.value(zero.place)
    status, reason = STATUSES.get((zero.before, zero.after), TIED_HERE), ""
    if zero.jumps:
        reason = "the payoffs jump here: nowhere are both levels exactly as good"
    elif zero.before * zero.after == 0:
        inside = line.ends[0] < zero.place < line.ends[1]
        status = TIED_HERE if not inside and status in (TIED_BELOW, TIED_ABOVE) else status
        reason = "on one side both are as good over a whole stretch" if inside else "an end of the range"
    return {"value": value, "increment": value - present, "status": status, "reason": reason}


def _everywhere(values: FloatArray, size: float) -> tuple[str, str]:
    """What holds over the whole range where no value breaks even."""
    if not np.isfinite(values).all():
        return UNDEFINED, "a payoff is not a finite number somewhere in the range"
    if (np.abs(values) <= TIE * size).all():
        return SAME, "both levels pay the same over the whole range"
    worst, best = float(values.min()), float(values.max())
    return (ALWAYS, f"by at least {worst:.4g}") if worst > 0 else (NEVER, f"it loses at least {-best:.4g}")
