"""Where are both sides of an equation equal, and how do these places move and meet as a parameter moves?"""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.figures.rows import LINE, spread
from gametheory.figures.style import DARK, INK, axes, room, say, style, text_width, title_height, wrap
from gametheory.figures.words import Labels, counted, joined, labelled, number, profile, sentence_case, within

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gametheory.solvers.roots import AnalyticSolutions

__all__ = ["excess", "excess_message", "roots", "roots_message"]

TALL, FOOT = 2.6, 0.85  # inches: height of the picture, and of what stands below it
INSET = 0.75  # inches that the labels of the vertical axis take
POINTS = 601  # places at which the two sides are compared
AROUND = 0.75  # of the distance between the outer roots: what is drawn beyond them
INSIDE = 1e-6  # of a bracket without its ends: how far from them the comparison stays
NAMED = 5  # values that a sentence names
# By the sign of the slope at which both sides cross: neighbouring roots have opposite signs, and fold onto each other.
KINDS = MappingProxyType(
    {
        1: ("-", "o", "the two sides cross one way (index +1)"),
        -1: ("--", "X", "they cross the other way (index -1); such a solution meets a neighbour at a fold"),
        0: (":", "s", "how they cross is not known"),
    }
)

BAND = "their number changes between these two neighbouring values"
GREY = MappingProxyType[str, Any]({"color": INK, "alpha": 0.25, "linewidth": 0.0})

FloatArray = NDArray[np.float64]


def excess(
    solutions: AnalyticSolutions, ax: Axes | None = None, *, game: int = 0, labels: Labels | None = None
) -> Axes:
    """Draw how far the left side of an equation exceeds the right one over its unknown, and number where it is 0.

    ``solutions`` are those of ``gt.solve`` for an analytic model, of which one ``game`` is drawn. Returns the axes;
    raises InputError unless the model has one equation in one unknown.
    """
    own = _one_unknown(solutions, game)
    name = own.games.system.unknowns[0].name
    found = own.values[:, 0]
    grid, curve = _curve(own)
    whole = grid[0], grid[-1]
    near = _near(found, grid)
    grid, curve = grid[near], curve[near]
    message = excess_message(solutions, game=game, labels=labels)
    key = [f"{k}: {profile(own.profile(k - 1), labels)}, {labelled(name, labels)} {number(float(value))}"
           for k, value in enumerate(found, start=1)]  # fmt: skip
    lines = [line for text in key for line in wrap(text, room(ax))]
    with style():
        tall = TALL + FOOT + LINE * len(lines) + title_height(message)
        ax = axes(ax, tall)
        ax.axhline(0.0, color=INK, linewidth=0.9, linestyle=":")
        ax.plot(grid, curve, color=DARK.colour, linewidth=1.9)
        ax.plot(found, np.zeros(len(found)), linestyle="none", marker="o", markersize=6, color=INK, zorder=4)
        ax.set(xlim=(grid[0], grid[-1]), ylim=_heights(curve))
        _number_roots(ax, found)
        part = "" if near.all() else f" (searched: {number(float(whole[0]))} to {number(float(whole[1]))})"
        ax.set_xlabel("\n".join([f"{labelled(name, labels)}{part}", "", *lines]), loc="left")
        ax.set_ylabel("left side less right side")
        told = f"{within(key)}{'.' * bool(key)}"
        return say(ax, message, f"A curve over {labelled(name, labels)}. {message}. {told}", inset=INSET)


def excess_message(solutions: AnalyticSolutions, *, game: int = 0, labels: Labels | None = None) -> str:
    """Say where both sides of the equation are equal, and whether that is proved to be everywhere."""
    own = _one_unknown(solutions, game)
    name = labelled(own.games.system.unknowns[0].name, labels)
    values = [number(float(value)) for value in own.values[:NAMED, 0]]
    more = [f"{len(own) - NAMED} other values"] if len(own) > NAMED else []
    proved = own.certificates[0].verdict == "complete"
    if not values:
        none = "nowhere, which is proved" if proved else "nowhere that was found"
        return f"Both sides of the equation are equal {none}"
    end = "and nowhere else, which is proved" if proved else "; whether elsewhere too is not proved"
    return f"Both sides of the equation are equal where {name} is {joined([*values, *more])}{', ' * proved}{end}"


def roots(
    solutions: AnalyticSolutions,
    ax: Axes | None = None,
    *,
    over: str,
    show: str | None = None,
    labels: Labels | None = None,
) -> Axes:
    """Draw the solutions of an analytic model over one parameter, and where their number changes.

    ``solutions`` are those of a batch of games in which the parameter ``over`` moves; ``show`` is an unknown or a
    quantity, by default the first unknown. Solutions are joined where their number stays the same and the model has one
    unknown. Returns the axes; raises UnknownNameError for a name that is not there and InputError where the parameter
    does not move.
    """
    place, values = _moving(solutions, over), _shown(solutions, show)
    name = show or solutions.games.system.variables[0]
    message = roots_message(solutions, over=over, labels=labels)
    signs = [sign for sign in KINDS if (np.sign(solutions.index) == sign).any()]
    texts = [*(KINDS[sign][2] for sign in signs), *([BAND] if _changes(solutions, place) else [])]
    entries = ["\n".join(wrap(text, room(ax) - INSET)) for text in texts]
    lines = sum(len(entry.splitlines()) for entry in entries)
    with style():
        ax = axes(ax, TALL + FOOT + 1.15 * LINE * lines + title_height(message))
        _paint_branches(ax, solutions, place, values)
        for low, high in _changes(solutions, place):
            ax.axvspan(low, high, **GREY)
            ax.axvline((low + high) / 2, color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
        ax.set(xlabel=labelled(over, labels), ylabel="\n".join(wrap(labelled(name, labels), TALL)))
        ax.margins(x=0.02)
        _paint_legend(ax, signs, entries)
        return say(ax, message, _described(solutions, place, values, (name, message), labels), inset=INSET)


def roots_message(solutions: AnalyticSolutions, *, over: str, labels: Labels | None = None) -> str:
    """Say how many solutions there are along the parameter, and between which values their number changes."""
    place = _moving(solutions, over)
    name = labelled(over, labels)
    order = np.argsort(place, kind="stable")
    runs = [int(solutions.count[order[0]])]
    for one in solutions.count[order]:
        if int(one) != runs[-1]:
            runs.append(int(one))
    cuts = [number((low + high) / 2.0) for low, high in _changes(solutions, place)]
    if not cuts:
        return f"{sentence_case(counted(runs[0], 'solution'))} at all {len(place)} values of {name}"
    steps = ", then ".join(str(run) for run in runs[: NAMED + 1])
    more = ", and so on" if len(runs) > NAMED + 1 else ""
    where = f"near {joined(cuts[:NAMED])}"
    return f"As {name} grows there are {steps}{more} solutions; their number changes {where}"


def _one_unknown(solutions: AnalyticSolutions, game: int) -> AnalyticSolutions:
    """The solutions of one game of one equation in one unknown."""
    system = solutions.games.system
    if len(system.unknowns) != 1 or len(system.equations) != 1 or system.decision is not None:
        raise InputError(
            f"solutions: {len(system.equations)!r} equations in {len(system.unknowns)!r} unknowns"
            f"{' and a choice' if system.decision else ''}, expected one equation in one unknown; roots draws others"
        )
    if not 0 <= game < len(solutions.games):
        raise InputError(f"game: {game!r}, expected a number below {len(solutions.games)}")
    return solutions.of(game)


def _curve(own: AnalyticSolutions) -> tuple[FloatArray, FloatArray]:
    """Places of the unknown, its roots among them, and how far the left side exceeds the right one there."""
    unknown, equation = own.games.system.unknowns[0], next(iter(own.games.system.equations.values()))
    low, high = (float(end[0]) for end in own.games.ends(unknown.low, unknown.high, unknown.name))
    step = INSIDE * (high - low) if unknown.open else 0.0
    found = own.values[:, 0]
    parts = [np.linspace(low + step, high - step, POINTS), found]
    if len(found) > 1:
        more = AROUND * (found[-1] - found[0])
        parts.append(np.linspace(max(low + step, found[0] - more), min(high - step, found[-1] + more), POINTS))
    grid = np.unique(np.concatenate(parts))
    sides = own.games.values([equation.left, equation.right], np.zeros(len(grid), dtype=np.int64), {unknown.name: grid})
    return grid, np.asarray(sides[0] - sides[1])


def _near(found: FloatArray, grid: FloatArray) -> NDArray[np.bool_]:
    """Which places are drawn: all, or those around the roots where these stand close together."""
    if len(found) < 2:
        return np.ones(len(grid), dtype=np.bool_)
    more = AROUND * (found[-1] - found[0])
    return np.asarray((grid >= found[0] - more) & (grid <= found[-1] + more))


def _heights(curve: FloatArray) -> tuple[float, float]:
    """A vertical axis that holds 0 and most of the curve, which may run off near the ends of its bracket."""
    known = curve[np.isfinite(curve)]
    if not len(known):
        return -1.0, 1.0
    low, high = (float(end) for end in np.quantile(known, [0.02, 0.98]))
    low, high = min(low, 0.0), max(high, 0.0)
    more = 0.12 * (high - low) or 1.0
    return low - more, high + 2.0 * more


def _number_roots(ax: Axes, found: FloatArray) -> None:
    """Write the number of each root above the curve, joined to its place on the line of 0."""
    low, high = ax.get_xlim()
    places = [(float(value) - low) / (high - low) for value in found]
    shown = spread(places, [(text_width(str(k)) + 0.1) / room(ax) for k in range(1, len(found) + 1)]) or places
    bottom, top = ax.get_ylim()
    zero = -bottom / (top - bottom)
    for k, (place, text) in enumerate(zip(places, shown, strict=True), start=1):
        ax.plot([place, text], [zero, 0.91], transform=ax.transAxes, color=INK, linewidth=0.7)
        ax.text(text, 0.95, str(k), transform=ax.transAxes, ha="center", va="center", weight="bold")


def _moving(solutions: AnalyticSolutions, over: str) -> FloatArray:
    """The parameter of each game."""
    columns = solutions.games.columns
    if over not in columns:
        raise UnknownNameError(f"over: no parameter {over!r}{did_you_mean(over, list(columns))}")
    if len(columns[over]) < 2 or np.ptp(columns[over]) == 0:
        raise InputError(f"over: {over!r} is the same in all games; solve games in which it moves")
    return columns[over]


def _shown(solutions: AnalyticSolutions, show: str | None) -> FloatArray:
    """What is drawn of each solution."""
    if show is None and not solutions.games.system.variables:
        raise InputError("show: the model has no unknown; name one of its quantities")
    known = {**solutions.variables, **solutions.quantities} if show is not None else solutions.variables
    name = show or solutions.games.system.variables[0]
    if name not in known:
        raise UnknownNameError(f"show: no unknown or quantity {name!r}{did_you_mean(name, list(known))}")
    return np.asarray(known[name], dtype=np.float64)


def _changes(solutions: AnalyticSolutions, place: FloatArray) -> list[tuple[float, float]]:
    """The neighbouring values of the parameter between which the number of solutions changes."""
    order = np.argsort(place, kind="stable")
    count = solutions.count
    return [(float(place[one]), float(place[two])) for one, two in pairwise(order) if count[one] != count[two]]


def _paint_branches(ax: Axes, solutions: AnalyticSolutions, place: FloatArray, values: FloatArray) -> None:
    """Draw the solutions: as curves where neighbours can be told, else as marks."""
    if len(solutions.games.system.variables) > 1:
        for sign, (_, mark, _) in KINDS.items():
            own = np.sign(solutions.index) == sign
            ax.plot(place[solutions.game[own]], values[own], linestyle="none", marker=mark, markersize=3, color=INK)
        return
    order, count = np.argsort(place, kind="stable"), solutions.count
    start = np.concatenate([[0], np.cumsum(count)])
    cuts = np.flatnonzero(np.diff(count[order]) != 0) + 1
    for run in np.split(order, cuts):
        for rank in range(int(count[run[0]])):
            rows = start[run] + rank
            line, mark, _ = KINDS[int(np.sign(np.median(solutions.index[rows])))]
            options: dict[str, Any] = {"linestyle": line, "marker": mark if len(run) == 1 else "", "linewidth": 1.9}
            ax.plot(place[run], values[rows], color=DARK.colour, **options)


def _paint_legend(ax: Axes, signs: list[int], entries: list[str]) -> None:
    """Say below the picture what the kinds of curves mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    one = len([line for line in ax.lines if line.get_linestyle() == "None"]) > 0
    handles: list[Line2D | Patch] = []
    for sign, entry in zip(signs, entries, strict=False):
        line, mark, _ = KINDS[sign]
        look: dict[str, Any] = {"linestyle": "none", "marker": mark} if one else {"linestyle": line, "linewidth": 1.9}
        handles.append(Line2D([], [], color=INK if one else DARK.colour, label=entry, **look))
    handles += [Patch(label=entry, **GREY) for entry in entries[len(signs) :]]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(-0.1, -0.2), frameon=False, handlelength=2.6)


def _described(
    solutions: AnalyticSolutions, place: FloatArray, values: FloatArray, told: tuple[str, str], labels: Labels | None
) -> str:
    """The solutions at both ends of the parameter, for somebody who cannot see the picture."""
    name, message = told
    order = np.argsort(place, kind="stable")
    parts = []
    for game in (order[0], order[-1]):
        here = [number(float(f"{value:.4g}")) for value in values[solutions.game == game]]
        known = f"it is {joined(here, 'or')}" if here else "there is no solution"
        parts.append(f"at {number(float(place[game]))} {known}")
    return f"Curves of {labelled(name, labels)}. {message}. {sentence_case('; '.join(parts))}."
