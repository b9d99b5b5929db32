"""Which are the smallest changes of the assumptions that overturn a result, and which assumption does each move?

A result is the set of equilibria under an order of play, or whether a claim holds in all, some or none of them. One
parameter is moved at a time, to its nearest tipping point on either side, and several at once, to the nearest place at
which a deviation pays. Sizes are counted in spreads, so that changes of different parameters can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.provenance import attributes, orders_of, values_used
from gametheory.analyses.robustness.breaks import appearances, breaks_of
from gametheory.analyses.robustness.constraints import KEEPING, excess
from gametheory.analyses.robustness.nearest import Field, field, nearest_each
from gametheory.analyses.robustness.overturns import (
    Overturn,
    Question,
    claim_question,
    equilibria_question,
    overturns,
    seen,
)
from gametheory.analyses.robustness.radius import reach_notes
from gametheory.analyses.robustness.spreads import HELD, TAILS, moved_to, payoff_parameters, spread
from gametheory.analyses.shares.stages import counted, stages
from gametheory.analyses.tipping.brackets import changes, search_grid, section
from gametheory.analyses.tipping.lines import Line
from gametheory.analyses.tipping.tip import tip
from gametheory.errors import InputError
from gametheory.progress import Asked, Progress, shown
from gametheory.solvers import solve
from gametheory.study import without_parameter_warnings

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["least_change"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Answer = tuple[str, ...]

ONE, SEVERAL = "one parameter", "several"
FEWEST_POINTS = 16
ROUNDS = 7  # of a section in 64 parts: to 1e-12 of a cell
FEW_ROUNDS = 2  # of it where a game takes long: to 3e-4 of a cell
NOTHING = 1e-5  # a step below this share of the whole move is none
SAVES = 0.99  # a move of several counts where it is below this share of that of one of them to the same answer
SIDES = (1e-9, 1e-7, 1e-5, 1e-3)  # shares of the move: how far beyond and short of it is solved
COLUMNS = ["order", "rank", "kind", "parameter", "value", "changed_value", "step", "distance", "before", "after"]


class Change(NamedTuple):
    """A move: to which values, how large in spreads, the answer beyond, and whether solving showed both sides."""

    kind: str
    moved: tuple[tuple[str, float], ...]
    distance: float
    after: Answer
    verified: bool


def least_change(
    model: Model,
    *,
    order: str = "all",
    claim: str | None = None,
    limit: int = 5,
    values: Mapping[str, Any] | None = None,
    points: int = 512,
    together: bool = True,
    progress: Asked = None,
) -> pd.DataFrame:
    """The ``limit`` smallest changes of assumptions that overturn each result, the smallest first.

    The result is the set of equilibrium supports under each order of play (or that in ``order``), or, with ``claim``,
    whether that claim holds in all, some or none of the equilibria under its own order. Columns: ``order``, ``rank``
    (from 1), ``kind`` (``one parameter`` or ``several``), ``parameter``, ``value``, ``changed_value``, ``step`` (in
    spreads, with its sign), ``distance`` (of the whole change: Euclidean where several move), ``before``, ``after`` and
    ``verified``. A change of several parameters has one row for each that it moves, all with one rank. At
    ``changed_value`` lies the edge itself; ``verified`` says that solving just beyond it showed the answer ``after``,
    and just short of it the one ``before``. A change past a stretch without an answer, or one that a constraint stops
    at the edge, is listed unverified; the notes say how much of each parameter's range has no answer.

    Changes of one parameter are its nearest tipping points on either side, looked for at ``points`` places of its law's
    support (to a millionth of it for models without a table of payoffs); those of several are upper bounds found by
    search (or in closed form, as in `radius`) and listed where they are smaller than moving one of them alone to the
    same answer, unless ``together`` is False, which other forms need. Fixed parameters do not move, discrete ones only
    between their values and alone. An order under which nothing overturns the result has no row; ``results`` in the
    attributes holds every result at the present values. ``progress`` is called with the parameters done and their
    number, over all results; for each result, moving several at once counts as one more. Raises InputError for a limit
    below 1 and for values that are not finite numbers or break a constraint, UnknownNameError for an unknown order,
    claim or parameter.

    >>> from gametheory.reader import load
    >>> row = least_change(load("reference_involvement"), order="simultaneous", limit=1, points=64).iloc[0]
    >>> row["kind"], row["before"], row["after"]
    ('several', ('surge, carry_on',), ('limited_aid, carry_on',))
    """
    import pandas as pd

    if together:
        strategic_only(model, "least_change")
    for name, number, least in (("limit", limit, 1), ("points", points, FEWEST_POINTS)):
        if number < least:
            raise InputError(f"{name}: {number!r}, expected at least {least}")
    used = values_used(model, values)
    centre = moved_to(model, used)
    games = field(centre, used)
    rows: list[dict[str, Any]] = []
    results: dict[str, list[str]] = {}
    gaps: list[str] = []
    questions = _questions(centre, order, claim)
    names = payoff_parameters(centre) if claim is None else tuple(centre.parameters)
    with shown(progress, "least change") as report:
        steps = stages(report, *[len(names), int(together)] * len(questions))
        for (name, question), alone, several in zip(questions, steps[::2], steps[1::2], strict=True):
            before = _result(question, used)
            results[name] = list(before or ())
            if before is not None:
                asked = name if claim is None else None
                found, failing = _changes(centre, games, question, (asked, names), points, alone)
                if together:
                    found = _with_several(found, centre, games, question, asked)
                gaps += failing
                rows += _rows(found[:limit], used, {"order": name, "before": before}, games)
            if several is not None:
                several(1, 1)
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "verified"])
    frame = frame.astype({**dict.fromkeys(("value", "changed_value", "step", "distance"), float), "verified": bool})
    frame = frame.astype({"rank": int})
    notes = [
        *reach_notes(model, games),
        *gaps,
        "a change of several parameters is the smallest that was found, not one proved to be the smallest"
        if together
        else "one parameter was moved at a time; several together may need to move less",
        "what is counted is how far the assumptions would have to move, not how probable it is that they do",
    ]
    more = {"parameters": used, "claim": claim or "", "limit": limit, "results": results}
    frame.attrs.update(attributes(model, notes, **more))
    return frame


def _questions(model: Model, order: str, claim: str | None) -> list[tuple[str, Question]]:
    """The results that may be overturned, each by its order of play."""
    if claim is not None:
        question = claim_question(model, claim)
        return [(model.claims[claim].order, question)]
    return [(name, equilibria_question(model, name)) for name in orders_of(model, order)]


def _result(question: Question, values: Mapping[str, float]) -> Answer | None:
    """The answer at some values; None where there is none."""
    code = int(question.answers({name: np.array([value]) for name, value in values.items()})[0])
    return None if code < 0 else question.name(code)


def _changes(
    model: Model,
    games: Field,
    question: Question,
    asked: tuple[str | None, Sequence[str]],
    points: int,
    progress: Progress | None,
) -> tuple[list[Change], list[str]]:
    """The changes of one parameter that overturn a result, and notes.

    ``asked`` are the order where the result is a set of equilibria, and the parameters that are moved.
    """
    order, names = asked
    alone: list[Change] = []
    notes: list[str] = []
    for name in counted(names, progress):
        kind = model.parameters[name].law.kind
        if kind == "discrete":
            alone += _discrete(model, games, question, name)
        elif kind not in HELD:
            edges, failed = _edges(model, question, name, order, points)
            alone += _alone(games, question, name, edges)
            if failed:
                notes.append(
                    f"{name} alone has no answer on {failed:.2g} of its range{f' (order {order})' if order else ''}; "
                    "a change beyond such a stretch is not verified"
                )
    return sorted(alone, key=lambda one: one.distance), notes


def _with_several(
    alone: list[Change], model: Model, games: Field, question: Question, order: str | None
) -> list[Change]:
    """The changes of one parameter, and those of several that are clearly smaller."""
    several = [one for one in _several(model, games, question, order) if _saves(one, alone)]
    return sorted([*alone, *several], key=lambda one: one.distance)


def _saves(one: Change, alone: list[Change]) -> bool:
    """Whether a change of several is clearly smaller than moving one of them alone to the same answer."""
    names = {name for name, _ in one.moved}
    smallest = min(
        (own.distance for own in alone if own.after == one.after and own.moved[0][0] in names), default=np.inf
    )
    return one.distance < SAVES * smallest


def _range(model: Model, parameter: str) -> tuple[float, float]:
    """The range in which one parameter is moved: its law's support, or all but its tails; its value is inside."""
    law, value = model.parameters[parameter].law, model.parameters[parameter].value
    low, high = law.support()
    if not (np.isfinite(low) and np.isfinite(high)):
        low, high = law.quantile(np.array(TAILS)).tolist()
    return min(low, value), max(high, value)


def _edges(
    model: Model, question: Question, parameter: str, order: str | None, points: int
) -> tuple[Iterable[float], float]:
    """Where the answer may change along one parameter, the nearest first on each side; the share without an answer.

    The tipping points of a set of equilibria leave out the ends of stretches that cannot be solved: where there are
    such, answers alone are asked for, as for a claim.
    """
    if order is not None:
        low, high = _range(model, parameter)
        with without_parameter_warnings():
            frame = tip(model, parameter, order=order, low=low, high=high, points=points)
        tips, failed = [float(value) for value in frame["value"]], float(frame.attrs["failed"][order])
        if failed:
            more, failed = _answer_edges(model, question, parameter, points)
            tips += more
        return sorted(tips, key=lambda value: abs(value - model.parameters[parameter].value)), failed
    return _answer_edges(model, question, parameter, points)


def _answer_edges(model: Model, question: Question, parameter: str, points: int) -> tuple[Iterable[float], float]:
    """Where the answer changes along one parameter, one stretch of the grid after the other; the share without one."""
    line = Line(model, parameter, "simultaneous", *_range(model, parameter))

    def label(_: IntArray, places: FloatArray) -> IntArray:
        codes = question.answers({parameter: line.values(places.ravel())})
        return codes.reshape(places.shape)

    centre = float(np.log(model.parameters[parameter].value)) if line.logarithmic else model.parameters[parameter].value
    grid = np.union1d(search_grid(*line.ends, points, even=line.logarithmic), [centre])[np.newaxis]
    labels = label(np.zeros(1, dtype=np.int64), grid)
    starts, ends, rows = changes(grid, labels, np.zeros(1, dtype=np.int64))
    failing = (labels[0] < 0).astype(float)
    failed = float(((failing[1:] + failing[:-1]) / 2 * np.diff(grid[0])).sum() / np.ptp(grid[0]))

    rounds = ROUNDS if model.form == "strategic" else FEW_ROUNDS

    def edges() -> Iterator[float]:
        for place in np.argsort(np.maximum(starts - centre, centre - ends), kind="stable").tolist():
            one = slice(place, place + 1)
            low, high, _ = section((starts[one], ends[one], rows[one]), label, rounds)
            yield from sorted(((low + high) / 2).tolist(), key=lambda found: abs(found - centre))

    return (line.value(place) for place in edges()), failed


def _alone(games: Field, question: Question, name: str, edges: Iterable[float]) -> list[Change]:
    """The nearest of the edges of one parameter on either side of its value at which the answer changes."""
    value = games.values[name]
    size = spread(games.model.parameters[name].law)
    found: dict[bool, Change] = {}
    for edge in edges:
        above = edge > value
        beyond = None if above in found or not abs(edge - value) > 0 else _beyond(games, question, {name: edge})
        if beyond is not None:
            found[above] = Change(ONE, ((name, edge),), abs(edge - value) / size, *beyond)
        if len(found) == 2:
            break
    return [found[above] for above in sorted(found)]


def _beyond(games: Field, question: Question, moved: Mapping[str, float]) -> tuple[Answer, bool] | None:
    """The answer just beyond a move to some values, and whether the present one holds just short of it."""
    sides = SIDES if games.model.form == "strategic" else SIDES[2:]
    shares = np.array([0.0, *(1 + side for side in sides), *(1 - side for side in sides)])
    design = {name: value + shares * (moved.get(name, value) - value) for name, value in games.values.items()}
    codes = question.answers(design)
    codes = np.where((excess(games.model, design, len(shares)) <= KEEPING).all(axis=1), codes, -1)
    present, beyond, short = codes[0], codes[1 : 1 + len(sides)], codes[1 + len(sides) :]
    others = [place for place, code in enumerate(beyond.tolist()) if code not in (present, -1)]
    if not others:
        return None
    seen_on_both = [place for place in others if short[place] == present]
    place = (seen_on_both or others)[0]
    return question.name(int(beyond[place])), bool(seen_on_both)


def _discrete(model: Model, games: Field, question: Question, name: str) -> list[Change]:
    """The nearest values of a discrete law on either side at which the answer is another."""
    law, value = model.parameters[name].law, games.values[name]
    allowed_values = np.array(law.numbers["values"], dtype=np.float64)
    codes = question.answers({name: np.append(allowed_values, value)})
    kept = (excess(model, {name: allowed_values}, len(allowed_values)) <= KEEPING).all(axis=1)
    codes[:-1] = np.where(kept, codes[:-1], -1)
    found = []
    for side in (-1.0, 1.0):
        there = [
            (abs(own - value), own, code)
            for own, code in zip(allowed_values.tolist(), codes.tolist(), strict=False)
            if (own - value) * side > 0 and code not in (codes[-1], -1)
        ]
        if there:
            distance, own, code = min(there)
            size = spread(law)
            found.append(Change(ONE, ((name, own),), distance / size, question.name(code), verified=True))
    return found


def _several(model: Model, games: Field, question: Question, order: str | None) -> list[Change]:
    """The nearest changes of several parameters at once, one for every answer that they lead to."""
    moves = [] if order is None else _breaking_moves(model, games, order)
    found = overturns(games, question)
    for move in moves:
        beyond = seen(games, question, move)
        if beyond is not None:
            found.append(Overturn(float(np.linalg.norm(move)), move, beyond.after))
    best: dict[Answer, Overturn] = {}
    for one in sorted(found, key=lambda one: one.distance):
        best.setdefault(one.after, one)
    found_changes = (_change(games, question, one) for one in best.values())
    return [one for one in found_changes if one is not None]


def _breaking_moves(model: Model, games: Field, order: str) -> list[FloatArray]:
    """The nearest points at which a present solution ends or a profile of actions begins to be an equilibrium."""
    solutions = solve(model.games(), order=order)
    breaks = [one for number in range(len(solutions)) for one in breaks_of(solutions, number) or ()]
    if order == "simultaneous":
        supports = [solutions.support(number) for number in range(len(solutions))]
        standing = [tuple(used[0] for used in own) for own in supports if all(len(used) == 1 for used in own)]
        breaks += appearances(solutions.games.shape, standing)
    return [near.steps for near in nearest_each(games, breaks)]


def _change(games: Field, question: Question, one: Overturn) -> Change | None:
    """A move of several parameters as a change; steps that are nothing against the whole are left out."""
    steps = np.where(np.abs(one.steps) > NOTHING * one.distance, one.steps, 0.0)
    there = games.reach.values(steps[np.newaxis])
    moved = tuple(
        (name, float(there[name][0])) for name, step in zip(games.reach.names, steps.tolist(), strict=True) if step
    )
    beyond = seen(games, question, steps)
    if beyond is None or not beyond.first:  # nearer on the same way the result was overturned already
        return None
    kind = SEVERAL if len(moved) > 1 else ONE
    return Change(kind, moved, float(np.linalg.norm(steps)), beyond.after, beyond.verified)


def _rows(
    found: list[Change], values: Mapping[str, float], first: dict[str, Any], games: Field
) -> list[dict[str, Any]]:
    """One row a parameter that a change moves."""
    rows = []
    for rank, one in enumerate(found, start=1):
        for name, value in one.moved:
            size = spread(games.model.parameters[name].law)
            own = {"rank": rank, "kind": one.kind, "parameter": name, "value": values[name], "changed_value": value}
            ends = {"step": (value - values[name]) / size, "distance": one.distance, "after": one.after}
            rows.append({**first, **own, **ends, "verified": one.verified})
    return rows
