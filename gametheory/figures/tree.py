"""Who moves where, what is known there, how does play end, and where does it go?"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from gametheory.errors import InputError
from gametheory.figures.rows import LINE
from gametheory.figures.style import DARK, INK, SIZE, axes, room, say, style, text_width, title_height, wrap
from gametheory.figures.tree_outline import THICK, outline, paint_outline
from gametheory.figures.words import Labels, labelled, within
from gametheory.games.tree_layout import SEEN, Drawing, Play, belief_text, layout
from gametheory.games.trees import OF_TYPE
from gametheory.tree_solutions import IN_PLANS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from gametheory.games import ExtensiveGames
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["said", "tree"]

BELIEF = "belief: how probable the player thinks that play is here, among the places joined by a dashed line"
THREAT, IDLE = "\u2717 ", "(\u2717) "  # before the name of an action
NAME = r"[^\W\d]\w*(\.\w+)?"  # a name of the model in a text, that of an information set by type included
KEYS = MappingProxyType(
    {
        THREAT: f"{THREAT}would not be carried out if play came there, and the outcome rests on what is marked so",
        IDLE: f"{IDLE}would not be carried out if play came there; the outcome stands without it",
    }
)


def tree(
    games: ExtensiveGames,
    solutions: TreeSolutions | None = None,
    ax: Axes | None = None,
    *,
    game: int = 0,
    solution: int = 0,
    labels: Labels | None = None,
) -> Axes:
    """Draw the tree of one game, and one of its solutions where they are given; returns the axes.

    The tree grows from left to right where it fits, and stands as an outline where it is wider. A box names who moves
    and the information set, a rounded one a move of chance; a dashed line joins nodes that cannot be told apart by who
    moves there, with what is believed of each. At each end stand the outcome and the payoffs in the order of the
    players. Thick lines and percentages say where play goes; thinner ones with percentages what would be done where
    play does not come to, crosses which of that would not be carried out. ``solution`` counts the solutions of that
    game. Raises InputError for a tree too large to be drawn or a number that is not there.
    """
    play, told, message = None, "", "Who moves where, and what each side gets where play ends"
    if solutions is not None:
        own = solutions.of(game)
        if not 0 <= solution < len(own):
            raise InputError(f"solution: {solution!r}, expected a number below {len(own)}")
        play = _play(own, solution)
        message = f"Solution {solution + 1} of {len(own)}: thick lines show where play goes"
        told = _told(own, solution, labels)
    names = ", ".join(labelled(player, labels) for player in games.players)
    message = f"{message}; payoffs in the order {names}"
    key = [text for mark, text in KEYS.items() if play is not None and mark in play.marks.values()]
    key += [BELIEF] if any(belief_text(games.tree, node, play) for node in range(len(games.tree))) else []
    with style():
        ax = _drawn(ax, games, game, play, (message, key), labels)
        described = f"Game tree of {len(games.tree)} nodes and {len(games.tree.ends)} ends. {message}.{told}"
        return say(ax, message, described)


def _play(own: TreeSolutions, solution: int) -> Play:
    """How one solution is played, with marks for what would not be carried out."""
    first = own.tree.first_move
    marks = {int(first[one.information_set]) + one.action: IDLE for one in (own.idle[solution] if own.idle else ())}
    marks |= {int(first[one.information_set]) + one.action: THREAT for one in own.threats[solution]}
    beliefs = own.beliefs[solution]
    if (
        own.concept in IN_PLANS
    ):  # which say nothing of what is believed, or done after own plans, where play does not come
        met = own.sets_reached[solution] > SEEN
        beliefs = np.where(np.append(met, [False])[own.tree.set_of], beliefs, np.nan)
    return Play(np.where(own.used[solution], own.behaviour[solution], 0.0), own.reached[solution], beliefs, marks)


def _told(own: TreeSolutions, solution: int, labels: Labels | None) -> str:
    """One solution in words: what is chosen, what is believed, and what would not be carried out."""
    parts = [within(own.described(solution).split("; "))]
    parts += [f"Beliefs: {own.belief(solution)}"] * bool(own.belief(solution))
    parts += [f"Not carried out if play came there: {own.threat(solution)}"] * bool(own.threats[solution])
    return f" {re.sub(NAME, lambda found: said(found[0], labels), '. '.join(parts))}."


def _drawn(
    ax: Axes | None, games: ExtensiveGames, game: int, play: Play | None, said_of: tuple[str, Sequence[str]],
    labels: Labels | None,
) -> Axes:  # fmt: skip
    """Draw the tree from left to right where it fits, else as an outline, with the key of the marks below."""
    message, key = said_of
    wide = room(ax)
    own = games.payoffs[game], games.chances[game], play
    words = [line for text in key for line in wrap(text, wide)]
    drawing = layout(games.tree, *own, say=lambda name: said(name, labels), measure=text_width)
    entries = outline(games.tree, *own, say=lambda name: said(name, labels), width=wide)
    across = drawing.width <= wide
    tall = drawing.height if across else entries[-1].bottom + 0.1
    ax = axes(ax, tall + LINE * len(words) + title_height(message) + 0.15)
    ax.set(xlim=(0.0, wide), ylim=(tall + LINE * len(words), 0.0))
    ax.axis("off")
    if across:
        _paint(ax, drawing, SIZE)
    else:
        paint_outline(ax, games.tree, entries, wide)
    for place, line in enumerate(words):
        ax.text(0.05, tall + LINE * (place + 0.5), line, va="center")
    return ax


def said(name: str, labels: Labels | None) -> str:
    """A name in words; of an information set by type, both parts."""
    own, _, of_type = name.partition(OF_TYPE)
    return f"{labelled(own, labels)} ({labelled(of_type, labels)})" if of_type else labelled(name, labels)


def _paint(ax: Axes, drawing: Drawing, size: float) -> None:
    """Draw lines first, then what stands on them."""
    for (x, y), (other_x, other_y) in drawing.links:
        ax.plot([x, other_x], [y, other_y], color=INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    for edge in drawing.edges:
        xs, ys = zip(*edge.points, strict=True)
        strong = edge.strength == len(THICK) - 1
        colour = DARK.colour if strong else INK
        ax.plot(xs, ys, color=colour, linewidth=THICK[edge.strength], solid_joinstyle="round", zorder=2 + edge.strength)
        x, y = edge.points[2]
        weight = "bold" if strong else "normal"
        ax.text(x + 0.05, y - 0.04, "\n".join(edge.lines), ha="left", va="bottom", fontsize=size, weight=weight,
                linespacing=1.05, zorder=6)  # fmt: skip
    _paint_nodes(ax, drawing, size)


def _paint_nodes(ax: Axes, drawing: Drawing, size: float) -> None:
    """Boxes with who moves, and the ends."""
    from matplotlib.patches import FancyBboxPatch

    for box in drawing.boxes:
        corner = (box.x, box.y - box.height / 2)
        shape = f"round,pad=0,rounding_size={0.12 if box.chance else 0.02}"
        frame = FancyBboxPatch(corner, box.width, box.height, boxstyle=shape, facecolor="white", edgecolor=INK)
        frame.set(linewidth=0.9, zorder=7)
        ax.add_patch(frame)
        for place, line in enumerate(box.lines):
            y = box.y + 0.16 * (place - (len(box.lines) - 1) / 2)
            kind = "italic" if place else "normal"
            ax.text(box.x + 0.07, y, line, ha="left", va="center", fontsize=size, style=kind, zorder=8)
    for end in drawing.ends:
        outcome = ax.text(end.x + 0.05, end.y, end.outcome, ha="left", va="center", fontsize=size, weight="bold")
        outcome.set_zorder(8)
        width = text_width(end.outcome, bold=True)
        ax.text(end.x + 0.11 + width, end.y, end.payoffs, ha="left", va="center", fontsize=size, zorder=8)
