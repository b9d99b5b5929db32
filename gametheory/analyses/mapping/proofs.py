"""Does a slack change its sign across a curve, when it is worked out in fractions?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.exact.quotients import rational
from gametheory.analyses.exact.roots import sign
from gametheory.errors import ComputationError
from gametheory.expressions import Formula, evaluate_exact
from gametheory.model.evaluation import closure

if TYPE_CHECKING:
    from gametheory.analyses.mapping.planes import Plane
    from gametheory.analyses.tipping.slacks import Slack
    from gametheory.model import Model
    from gametheory.model.nouns import Cells

__all__ = ["ASIDE", "crosses", "work"]

FloatArray = NDArray[np.float64]
ExactArray = NDArray[np.object_]
Profile = tuple[int, ...]

ASIDE = 1e-11  # share of the plane's side: how far from the curve, on both sides, the sign is asked for


def work(slack: Slack) -> int:
    """How many payoffs the slack rests on; 0 where it cannot be worked out in fractions."""
    return len(_cells(slack))


def crosses(plane: Plane, slack: Slack, points: FloatArray) -> NDArray[np.bool_]:
    """At which points of a curve ``[point, 2]`` the slack has opposite signs on its two sides, proved in fractions.

    The model's payoffs must be rational. Asked are the signs at `ASIDE` from each point, across the line through its
    neighbours; a point where one of them is no finite number is not proved.
    """
    along = np.gradient(points, axis=0)
    length = np.hypot(along[:, 0], along[:, 1])
    across = ASIDE * np.column_stack([-along[:, 1], along[:, 0]]) / np.where(length > 0.0, length, 1.0)[:, np.newaxis]
    signs = np.array([_signs(plane, slack, points + side) for side in (across, -across)])
    return np.asarray(signs[0] * signs[1] < 0)


def _signs(plane: Plane, slack: Slack, places: FloatArray) -> NDArray[np.int64]:
    """The sign of the slack at each place, 0 where it is zero or not known."""
    columns = {name: _fractions(parameter.exact) for name, parameter in plane.model.parameters.items()}
    for name, values in plane.values(places).items():
        columns[name] = np.array([Fraction(value) for value in values.tolist()], dtype=object)
    try:
        table = {cell: payoff(plane.model, columns, slack_owner(slack), cell) for cell in _cells(slack)}
    except ComputationError:
        return np.zeros(len(places), dtype=np.int64)
    spread = {cell: np.broadcast_to(values, len(places)) for cell, values in table.items()}
    rows = [{cell: values[k] for cell, values in spread.items()} for k in range(len(places))]
    return np.array([_sign(slack, row) for row in rows], dtype=np.int64)


def slack_owner(slack: Slack) -> int:
    """The player whose payoffs decide the slack: where a player stops mixing, those of the other."""
    return 1 - slack.player if slack.kind == "mixing" else slack.player


def payoff(model: Model, columns: Mapping[str, ExactArray], player: int, profile: Profile) -> ExactArray:
    """One payoff in fractions, at one profile of actions, for every value in the columns."""
    entry = model.payoffs[model.players[player].name]
    formula = entry if isinstance(entry, Formula) else _cell(entry, profile)
    wanted = closure(model, [formula])
    place = {one.name: action for one, action in zip(model.players, profile, strict=True)}
    values: dict[str, ExactArray] = dict(columns)
    for name, table in model.tables.items():
        if name in wanted:
            values[name] = evaluate_exact(_cell(table.cells, tuple(place[own] for own in table.over)), values)
    for name, quantity in model.quantities.items():
        if name in wanted:
            values[name] = evaluate_exact(quantity, values)
    return evaluate_exact(formula, values)


def _fractions(value: Fraction) -> ExactArray:
    """One fraction as a column."""
    column = np.empty(1, dtype=object)
    column[0] = value
    return column


def _cell(cells: Cells, place: Profile) -> Formula:
    """The formula at one place of a grid."""
    return cells.formulas[int(np.ravel_multi_index(place, cells.shape))]


def _cells(slack: Slack) -> list[Profile]:
    """The profiles whose payoffs the slack rests on, in order; none where the mixture is no square system."""
    if slack.stay:
        return [slack.stay, slack.leave]
    owner = slack_owner(slack)
    rows, columns = _rows(slack), slack.support[1 - owner]
    if len(slack.replies[owner]) != len(columns):
        return []
    return [(own, other) if owner == 0 else (other, own) for own in rows for other in columns]


def _rows(slack: Slack) -> tuple[int, ...]:
    """The actions of the slack's owner that are compared."""
    best = slack.replies[slack_owner(slack)]
    return best if slack.kind == "mixing" or slack.action in best else (*best, slack.action)


def _sign(slack: Slack, payoffs: Mapping[Profile, Any]) -> int:
    """The sign of the slack in one game of fractions."""
    if not payoffs or any(isinstance(value, float) for value in payoffs.values()):
        return 0
    if slack.stay:
        difference = payoffs[slack.stay] - payoffs[slack.leave]
        return int(difference > 0) - int(difference < 0)
    return _mixed_sign(slack, [rational(value) for value in payoffs.values()])


def _mixed_sign(slack: Slack, listed: Sequence[Any]) -> int:
    """The sign of a probability, or of what an action loses, where the other's actions in use make replies equal."""
    from flint import fmpq_mat

    owner = slack_owner(slack)
    used, best = slack.support[1 - owner], slack.replies[owner]
    size = len(used)
    table = [listed[k * size : (k + 1) * size] for k in range(len(_rows(slack)))]
    rows = [[*table[k], -1] for k in range(len(best))]
    system = fmpq_mat(size + 1, size + 1, [value for row in rows for value in row] + [1] * size + [0])
    if system.det() == 0:
        return 0
    *strategy, level = system.solve(fmpq_mat(size + 1, 1, [0] * size + [1])).entries()
    if slack.kind == "mixing":
        return sign(strategy[used.index(slack.action)])
    pays = sum((value * share for value, share in zip(table[-1], strategy, strict=True)), 0)
    return sign(level - pays)
