"""Which conditions on the parameters, exactly, make a profile of actions an equilibrium?

A profile is an equilibrium where no deviation pays: one inequality for each action that is not played. They are the
region itself, of which the boxes of `discovery` are an approximation that can be said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.events import draws_used, event, event_attributes, moving
from gametheory.analyses.shares.stages import answers_told
from gametheory.analyses.tipping.slacks import Slack, slack_size, slack_values
from gametheory.errors import InputError
from gametheory.progress import Asked, shown
from gametheory.study import BLOCK, Answered, without_parameter_warnings

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["discovery_region"]

SIMULTANEOUS = "simultaneous"
TIE = 1e-11  # a slack within this share of the payoffs that it compares counts as zero
STRAIGHT = 1e-9  # largest error of a straight line through draws, as a share of the payoffs compared

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


def discovery_region(
    model: Model,
    *,
    of: str,
    samples: int = 20_000,
    seed: int = 0,
    answers: Answered | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Every deviation that must not pay for a profile of actions to be an equilibrium of simultaneous play.

    ``of`` are the actions, joined by commas. Columns: ``event``, ``player``, ``deviation`` (the action), ``breaks``
    (share of the draws in which it pays), ``alone`` (in which it alone pays, so that it is what keeps the profile from
    being an equilibrium), ``redundant`` (``proved``: it pays nowhere without another paying, by a linear programme over
    the box that the draws span; ``in the draws``: in none of them; ``no``), ``straight``, and where it is, ``constant``
    and ``by_<parameter>``: the deviation does not pay where constant + sum of by_<parameter> * parameter >= 0. Where
    all deviations that count are straight the region is a polyhedron, given exactly. ``straight`` was found from the
    draws, to nine digits. Interval parameters stand at their central values. ``progress`` is called with the draws
    answered and their number.

    >>> from gametheory.reader import load
    >>> frame = discovery_region(load("reference_involvement"), of="surge, carry_on", samples=500)
    >>> len(frame), bool(frame["straight"].any()), frame.sort_values("alone")["deviation"].iloc[-1]
    (8, False, 'hybrid_surge')
    """
    import pandas as pd

    strategic_only(model, "discovery_region")
    with shown(progress, "discovery region") as report:
        used = answers_told(model, answers, (SIMULTANEOUS,), (samples, seed), report)
    own = event(used, of, order=SIMULTANEOUS)
    cell = _cell(model, own.name)
    names, values = moving(used)
    drawn = draws_used(used)
    points = {name: column[drawn] for name, column in used.points.items()}
    slacks = _slacks(model, cell)
    numbers, sizes = _values(model, slacks, points, int(drawn.sum()))
    pays = numbers < -TIE * sizes
    lines = [_straight(values[drawn], numbers[:, place], sizes[place]) for place in range(len(slacks))]
    proved = _proved(lines, values[drawn])
    rows: list[dict[str, Any]] = []
    for place, slack in enumerate(slacks):
        player, alone = model.players[slack.player], float((pays[:, place] & (pays.sum(axis=1) == 1)).mean())
        row: dict[str, Any] = {
            "event": own.name,
            "player": player.name,
            "deviation": player.actions[slack.leave[slack.player]],
        }
        row |= {"breaks": float(pays[:, place].mean()), "alone": alone}
        row["redundant"] = "proved" if proved[place] else "no" if alone else "in the draws"
        line = lines[place]
        slopes = np.full(len(names), np.nan) if line is None else line[1:]
        row |= {"straight": line is not None, "constant": np.nan if line is None else float(line[0])}
        rows.append({**row, **{f"by_{name}": float(slope) for name, slope in zip(names, slopes, strict=True)}})
    frame = pd.DataFrame(rows)
    share = float((~pays.any(axis=1)).mean())
    exact = all(line is not None or frame["redundant"][place] == "proved" for place, line in enumerate(lines))
    words = (
        "a polyhedron, given exactly by its straight conditions" if exact else "bounded by curves in some conditions"
    )
    notes = [
        f"the region is {words}",
        "the profile is an equilibrium where none of these deviations pays, ties included",
    ]
    frame.attrs.update(event_attributes(used, notes, seed, share=share, exact=exact))
    return frame


def _cell(model: Model, name: str) -> tuple[int, ...]:
    """The place of a profile of actions; raises InputError for anything else."""
    parts = name.split(", ")
    try:
        return tuple(player.actions.index(part) for player, part in zip(model.players, parts, strict=True))
    except ValueError as error:
        raise InputError(f"of: {name!r}, expected one action of each player, joined by commas") from error


def _slacks(model: Model, cell: tuple[int, ...]) -> list[Slack]:
    """What each player loses by each other action."""
    return [
        Slack(number, "deviation", 0.0, 0.0, cell, (*cell[:number], action, *cell[number + 1 :]))
        for number, player in enumerate(model.players)
        for action in range(len(player.actions))
        if action != cell[number]
    ]


def _values(
    model: Model, slacks: list[Slack], points: dict[str, FloatArray], count: int
) -> tuple[FloatArray, FloatArray]:
    """The value of each slack at each point, and the size of what it compares."""
    parts, sizes = [], np.zeros(len(slacks))
    for start in range(0, count, BLOCK):
        with without_parameter_warnings():
            games = model.games({name: column[start : start + BLOCK] for name, column in points.items()})
        parts.append(np.stack([slack_values(slack, games.payoffs) for slack in slacks], axis=1))
        sizes = np.maximum(sizes, [slack_size(slack, games.payoffs) for slack in slacks])
    return np.concatenate(parts), sizes


def _straight(values: FloatArray, slack: FloatArray, size: float) -> FloatArray | None:
    """Constant and slopes of a slack over the parameters, or None where it is no straight line through the draws."""
    middle, spread = values.mean(axis=0), values.std(axis=0)
    columns = np.column_stack([np.ones(len(values)), (values - middle) / spread])
    if len(values) < 2 * columns.shape[1]:
        return None
    fitted = np.linalg.lstsq(columns, slack, rcond=None)[0]
    if not np.abs(columns @ fitted - slack).max() <= STRAIGHT * size:
        return None
    slopes = fitted[1:] / spread
    slopes[np.abs(fitted[1:]) <= STRAIGHT * size] = 0.0
    constant = fitted[0] - slopes @ middle
    return np.append(0.0 if abs(constant) <= STRAIGHT * size else constant, slopes)


def _proved(lines: list[FloatArray | None], values: FloatArray) -> list[bool]:
    """Which conditions follow from the other straight ones within the box that the draws span."""
    from scipy.optimize import linprog

    box = list(zip(values.min(axis=0), values.max(axis=0), strict=True))
    needed = [line is not None for line in lines]
    proved = [False] * len(lines)
    for place, line in enumerate(lines):
        if line is None:
            continue
        others = [
            other for number, other in enumerate(lines) if other is not None and needed[number] and number != place
        ]
        kept = np.stack(others) if others else np.zeros((0, len(line)))
        found = linprog(line[1:], A_ub=-kept[:, 1:], b_ub=kept[:, 0], bounds=box)
        if found.status == 2 or (found.status == 0 and found.fun + line[0] >= 0.0):  # 2: the others allow nothing
            needed[place], proved[place] = False, True
    return proved
