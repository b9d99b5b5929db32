"""Who moves where, what is known there, how does play end, and where does it go?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gametheory.errors import InputError
from gametheory.figures.style import DARK, INK, axes, room, say, style, text_width
from gametheory.figures.words import Labels, labelled
from gametheory.games.tree_layout import SIZE, Drawing, Play, layout
from gametheory.games.trees import OF_TYPE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gametheory.games import ExtensiveGames
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["tree"]

THICK = (0.7, 1.4, 3.2)  # points, by the strength of an edge


def tree(
    games: ExtensiveGames,
    solutions: TreeSolutions | None = None,
    ax: Axes | None = None,
    *,
    game: int = 0,
    solution: int = 0,
    labels: Labels | None = None,
) -> Axes:
    """Draw the tree of one game from left to right, and one of its solutions where they are given; returns the axes.

    A box names who moves and the information set, a rounded one a move of chance; a dashed line joins nodes that cannot
    be told apart by who moves there. At each end stand the outcome and the payoffs in the order of the players. Thick
    lines and percentages say where play goes; thinner ones with percentages what would be done where play does not
    come to. ``solution`` counts the solutions of that game. Raises InputError for a tree too large to be drawn or a
    number that is not there.
    """
    play, message = None, "Who moves where, and what each side gets where play ends"
    told = ""
    if solutions is not None:
        own = solutions.of(game)
        if not 0 <= solution < len(own):
            raise InputError(f"solution: {solution!r}, expected a number below {len(own)}")
        play = Play(own.behaviour[solution], own.reached[solution])
        message = f"Solution {solution + 1} of {len(own)}: thick lines show where play goes"
        told = f" {own.described(solution)}."
    names = ", ".join(labelled(player, labels) for player in games.players)
    message = f"{message}; payoffs in the order {names}"
    drawing = layout(
        games.tree,
        games.payoffs[game],
        games.chances[game],
        play,
        say=lambda name: _said(name, labels),
        measure=lambda text: text_width(text, size=SIZE),
    )
    with style():
        scale = min(1.0, room(ax) / drawing.width)
        ax = axes(ax, drawing.height * scale + 0.5)
        ax.set(xlim=(0.0, max(drawing.width, room(ax) if scale == 1.0 else 0.0)), ylim=(drawing.height, 0.0))
        ax.axis("off")
        _paint(ax, drawing, SIZE * scale)
        described = f"Game tree of {len(games.tree)} nodes and {len(games.tree.ends)} ends. {message}.{told}"
        return say(ax, message, described)


def _said(name: str, labels: Labels | None) -> str:
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
        width = text_width(end.outcome, size=SIZE, bold=True)
        ax.text(end.x + 0.11 + width, end.y, end.payoffs, ha="left", va="center", fontsize=size, zorder=8)
