"""How does the game itself look at the values: as a table, a tree, or what its equations leave between their sides?"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.explorer.drawing import round_marks
from gametheory.figures.style import DARK, INK
from gametheory.figures.words import joined, number, sentence_case
from gametheory.games.tree_layout import MOST_ENDS, Play
from gametheory.games.tree_svg import tree_svg
from gametheory.report.phrases import Names

if TYPE_CHECKING:
    from gametheory.solvers.roots import AnalyticSolutions
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["curve_svg", "said_set", "system_html", "tree_html"]

FloatArray = NDArray[np.float64]
Point = tuple[float, float]
Curves = tuple[FloatArray, Sequence[FloatArray]]  # places, and lines over them

LEFT, TOP, SIDE_X, SIDE_Y = 60.0, 10.0, 430.0, 220.0  # the plot itself, in units of the drawing
PLACES = 241  # at which a curve is worked out
BULK = (0.03, 0.97)  # shares of the values of a curve that the plot shows at least; poles may leave it
ROOM = 0.15  # of a bracket, at least, on either side of its roots
ROOTS_DRAWN = 4  # solutions of whose choice the curve is drawn


def tree_html(names: Names, solutions: TreeSolutions, place: int) -> str:
    """The tree of the first game with the path of play of one of its solutions; a sentence where it is too large."""
    games, count = solutions.games, len(solutions)
    if len(games.tree.ends) > MOST_ENDS:
        return f"<p>The tree has {len(games.tree.ends)} ends, too many to be drawn.</p>"
    play, told = None, "The tree at these values; no solution is drawn"
    if count:
        place = min(max(place, 0), count - 1)
        play = Play(solutions.behaviour[place], solutions.reached[place])
        which = f"solution {place + 1} of {count}" if count > 1 else "the only solution found"
        told = f"The tree at these values: thick lines show where play goes in {which}"
    players = joined([names.say(player) for player in games.players])
    key = f"{told}. Dashed lines join moves that cannot be told apart. Beside each end: the payoffs of {players}."
    drawn = tree_svg(games.tree, games.payoffs[0], games.chances[0], told, play, say=lambda name: said_set(name, names))
    return _figure(key, drawn, "The tree")


def system_html(names: Names, solutions: AnalyticSolutions) -> str:
    """What the one equation leaves between its sides, or what a choice is worth, with the solutions marked."""
    games, system = solutions.games, solutions.games.system
    parts = []
    if len(system.unknowns) == 1:
        unknown, (equation,) = system.unknowns[0], system.equations.values()
        low, high = (float(end[0]) for end in games.ends(unknown.low, unknown.high, unknown.name))
        roots = solutions.variables[unknown.name].tolist()
        xs = np.linspace(*_window(low, high, roots), PLACES)
        rows = np.zeros(PLACES, dtype=np.int64)
        left, right = games.values([equation.left, equation.right], rows, {unknown.name: xs})
        told = f"What is left between the two sides of the equation over {names.say(unknown.name)}"
        key = f"{told}: the circles at zero are the solutions, {len(roots)} in all."
        key += f" It is looked for from {number(low)} to {number(high)}."
        drawn = _curve(names, unknown.name, (xs, [left - right]), [(root, 0.0) for root in roots], key)
        parts.append(_figure(key, drawn, told))
    if system.decision is not None and len(solutions):
        parts.append(_choice_html(names, solutions))
    return "".join(parts) or "<p>This model is worked out in formulas: there is neither table nor tree to draw.</p>"


def curve_svg(curves: Curves, marks: Sequence[Point], across: str, alternative: str) -> str:
    """Lines over one axis as SVG, ``marks`` as circles, zero as a dashed line; what leaves the plot is cut off.

    >>> drawn = curve_svg((np.array([0.0, 1.0]), [np.array([-1.0, 1.0])]), [(0.5, 0.0)], "share", "a line")
    >>> drawn.count("<circle"), drawn.count('class="gt-line"')
    (1, 1)
    """
    xs, lines = curves
    low, high = _heights(lines, marks)
    first, last = float(xs[0]), float(xs[-1])

    def place(x: float, y: float) -> Point:
        return LEFT + SIDE_X * (x - first) / (last - first), TOP + SIDE_Y * (high - y) / (high - low)

    box = f'x="{LEFT:g}" y="{TOP:g}" width="{SIDE_X:g}" height="{SIDE_Y:g}"'
    parts = [f'<clipPath id="gt-plot"><rect {box}/></clipPath>']
    if low < 0.0 < high:
        zero = f"M{LEFT:g} {place(first, 0.0)[1]:.1f}h{SIDE_X:g}"
        parts.append(f'<path d="{zero}" stroke="{INK}" stroke-dasharray="5 4"/>')
    drawn = f'clip-path="url(#gt-plot)" fill="none" stroke="{DARK.colour}" stroke-width="2.2"'
    parts += [f'<path class="gt-line" {drawn} d="{_path(xs, line, place)}"/>' for line in lines]
    for x, y in marks:
        at = place(x, min(max(y, low), high))
        parts.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="6" fill="#fff" stroke="#000" stroke-width="2.5"/>')
    for value in round_marks(first, last):
        at = place(value, low)
        parts.append(f'<text x="{at[0]:.1f}" y="{at[1] + 17:.1f}" text-anchor="middle">{number(value)}</text>')
    for value in round_marks(low, high):
        at = place(first, value)
        parts.append(f'<text x="{at[0] - 6:.1f}" y="{at[1] + 4:.1f}" text-anchor="end">{number(value)}</text>')
    middle, bottom = LEFT + SIDE_X / 2, TOP + SIDE_Y + 38
    parts.append(f'<rect {box} fill="none" stroke="{INK}"/>')
    parts.append(f'<text x="{middle:g}" y="{bottom:g}" text-anchor="middle" font-size="13">{escape(across)}</text>')
    return (
        f'<svg class="gt-plot" viewBox="0 0 {LEFT + SIDE_X + 16:g} {bottom + 8:g}" role="img" '
        f'aria-label="{escape(alternative)}" font-family="system-ui, sans-serif" font-size="12" fill="{INK}">'
        f"{''.join(parts)}</svg>"
    )


def _choice_html(names: Names, solutions: AnalyticSolutions) -> str:
    """What each choice is worth to who makes it, at each solution of the equations, with the best ones marked."""
    games, decision = solutions.games, solutions.games.system.decision
    if decision is None:
        return ""
    low, high = (float(end[0]) for end in games.ends(decision.low, decision.high, "decision"))
    xs, chosen = np.linspace(low, high, PLACES), solutions.variables[decision.choose]
    lines: list[FloatArray] = []
    marks: list[Point] = []
    others = {name: own for name, own in solutions.variables.items() if name != decision.choose}
    for place in range(min(len(solutions), ROOTS_DRAWN)):
        given = {name: np.full(PLACES, own[place]) for name, own in others.items()}
        here = {name: own[place : place + 1] for name, own in others.items()}
        rows = np.zeros(PLACES, dtype=np.int64)
        (line,) = games.values([decision.maximise], rows, {**given, decision.choose: xs})
        (best,) = games.values([decision.maximise], rows[:1], {**here, decision.choose: chosen[place : place + 1]})
        if others or not lines:
            lines.append(line)
        marks.append((float(chosen[place]), float(best[0])))
    told = f"What each choice of {names.say(decision.choose)} is worth to {names.say(decision.player)}"
    key = f"{told}: {'the circle is the best one' if len(marks) == 1 else 'circles are the best ones'}."
    return _figure(key, _curve(names, decision.choose, (xs, lines), marks, key), told)


def _curve(names: Names, across: str, curves: Curves, marks: Sequence[Point], told: str) -> str:
    """A plot over an unknown; a sentence where nothing of it is a finite number, or the bracket is a point."""
    xs, lines = curves
    if xs[0] >= xs[-1] or not any(np.isfinite(line).any() for line in lines):
        return "<p>There is nothing to draw at these values.</p>"
    return curve_svg(curves, marks, sentence_case(names.say(across)), told)


def _window(low: float, high: float, roots: Sequence[float]) -> Point:
    """The part of a bracket that is drawn: the roots with room around them.

    >>> _window(0.0, 1.0, [0.4, 0.5]), _window(0.0, 1.0, [])
    ((0.25, 0.65), (0.0, 1.0))
    """
    if not roots:
        return low, high
    room = max(max(roots) - min(roots), ROOM * (high - low))
    return max(low, min(roots) - room), min(high, max(roots) + room)


def _heights(lines: Sequence[FloatArray], marks: Sequence[Point]) -> Point:
    """The lowest and the highest value of a plot: the bulk of the lines, and all marks."""
    finite = np.concatenate([line[np.isfinite(line)] for line in lines])
    ends = [*np.quantile(finite, BULK).tolist(), *(y for _, y in marks if np.isfinite(y))]
    low, high = min(ends), max(ends)
    room = 0.08 * (high - low) or 0.08 * abs(high) or 1.0
    return low - room, high + room


def _path(xs: FloatArray, line: FloatArray, place: Any) -> str:
    """A line as a path, in as many pieces as it is finite in."""
    pieces = []
    for finite, run in groupby(range(len(xs)), key=lambda k: bool(np.isfinite(line[k]))):
        if finite:
            places = (place(float(xs[k]), float(np.clip(line[k], -1e9, 1e9))) for k in run)
            pieces.append("M" + "L".join(f"{x:.1f} {min(max(y, -1e4), 1e4):.1f}" for x, y in places))
    return "".join(pieces)


def said_set(name: str, names: Names) -> str:
    """A name of the tree in words; of an information set by type, both parts."""
    own, _, kind = name.partition(".")
    return f"{names.say(own)} ({names.say(kind)})" if kind else names.say(own)


def _figure(key: str, drawn: str, name: str) -> str:
    """A picture below its sentence, which scrolls by itself where it is too wide."""
    return (
        f'<figure class="gt-game"><figcaption>{escape(key)}</figcaption><div class="gt-scroll" role="region" '
        f'tabindex="0" aria-label="{escape(name)}">{drawn}</div></figure>'
    )
