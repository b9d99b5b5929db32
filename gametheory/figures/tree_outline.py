"""How does a tree that is too wide for the page stand on it, in letters that can still be read?

As an outline: one entry a node, further right the deeper it lies, with the edge that leads to it and who moves there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from gametheory.figures.style import DARK, INK, SIZE, text_width, wrap
from gametheory.games.tree_layout import SEEN, Play, Say, belief_text
from gametheory.games.trees import CHANCE, END, FloatArray, Tree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Entry", "outline", "paint_outline"]

LINE, GAP = 0.2, 0.13  # inches: of a line of text, of what parts two entries
DEEPER = 0.26  # inches by which each step of a tree moves its entries to the right
MARGIN = 0.12  # inches at the right edge for each dashed line between nodes of one information set
THICK = (0.7, 1.4, 3.2)  # points, by the strength of an edge


@dataclass(frozen=True)
class Entry:
    """A node of the outline: inches from the upper left corner, and its lines, each with whether it is bold.

    ``boxed`` counts the last lines, which say who moves there; ``strength`` is that of the edge that leads there.
    """

    node: int
    x: float
    y: float
    lines: tuple[tuple[str, bool], ...]
    boxed: int
    chance: bool
    strength: int

    @property
    def bottom(self) -> float:
        """Where its last line ends."""
        return self.y + LINE * len(self.lines)


def outline(
    tree: Tree, payoffs: FloatArray, chances: FloatArray, play: Play | None, *, say: Say, width: float
) -> tuple[Entry, ...]:
    """The entries of one game, ``payoffs[player, end]`` and ``chances[node]``, from above to below."""
    entries: list[Entry] = []
    inside = width - MARGIN * (max(_lanes(tree), default=-1) + 1) - 0.1
    y = 0.05
    for node in range(len(tree)):
        x = 0.05 + DEEPER * max(int(tree.depth[node]) - 1, 0) + (0.2 if node else 0.0)
        strength = _strength(tree, node, play)
        first = wrap(_edge(tree, node, chances, play, say), inside - x, bold=strength == 2) if node else []
        where = _where(tree, node, payoffs, play, say)
        ending = tree.owner[node] == END and (play is None or strength == 2)
        last = wrap(where, inside - x - 0.1, bold=ending)
        lines = [*((line, strength == 2) for line in first), *((line, ending) for line in last)]
        boxed = 0 if tree.owner[node] == END else len(last)
        entries.append(Entry(node, x, y, tuple(lines), boxed, int(tree.owner[node]) == CHANCE, strength))
        y = entries[-1].bottom + GAP
    return tuple(entries)


def paint_outline(ax: Axes, tree: Tree, entries: Sequence[Entry], width: float) -> None:
    """Draw the outline: the edges first, then boxes and words."""
    from matplotlib.patches import FancyBboxPatch

    for entry in sorted(entries[1:], key=lambda own: own.strength):
        before = entries[int(tree.parent[entry.node])]
        colour = DARK.colour if entry.strength == 2 else INK
        stem, level = before.x + 0.1, entry.y + LINE / 2
        start = before.bottom + 0.02
        ax.plot([stem, stem, entry.x - 0.04], [start, level, level], color=colour, linewidth=THICK[entry.strength],
                solid_joinstyle="miter", zorder=1 + entry.strength)  # fmt: skip
    for entry in entries:
        top = entry.bottom - LINE * entry.boxed
        if entry.boxed:
            wide = max(text_width(line) for line, _ in entry.lines[-entry.boxed :]) + 0.12
            shape = f"round,pad=0,rounding_size={0.09 if entry.chance else 0.02}"
            corner = (entry.x - 0.02, top + 0.01)
            ax.add_patch(FancyBboxPatch(corner, wide, LINE * entry.boxed, boxstyle=shape, facecolor="white",
                                        edgecolor=INK, linewidth=0.9, zorder=7))  # fmt: skip
        for place, (line, bold) in enumerate(entry.lines):
            inset = 0.04 if place >= len(entry.lines) - entry.boxed else 0.0
            weight = "bold" if bold else "normal"
            ax.text(entry.x + inset, entry.y + LINE * (place + 0.5), line, va="center", fontsize=SIZE, weight=weight,
                    zorder=8)  # fmt: skip
    _paint_links(ax, tree, entries, width)


def _paint_links(ax: Axes, tree: Tree, entries: Sequence[Entry], width: float) -> None:
    """Join the nodes of each information set by a dashed line at the right edge."""
    for nodes, lane in zip(_joined(tree), _lanes(tree), strict=True):
        edge = width - MARGIN * lane - 0.04
        places = []
        for node in nodes:
            entry = entries[node]
            end = entry.x + max(text_width(line) for line, _ in entry.lines[-entry.boxed :]) + 0.12
            places.append((entry.bottom - LINE * entry.boxed / 2, end))
        for (level, end), (other, last) in pairwise(sorted(places)):
            ax.plot([end, edge, edge, last], [level, level, other, other], color=INK, linewidth=0.9,
                    linestyle=(0, (4, 3)), zorder=0)  # fmt: skip


def _joined(tree: Tree) -> list[tuple[int, ...]]:
    """The information sets of several nodes."""
    return [tuple(own.nodes) for own in tree.sets if len(own.nodes) > 1]


def _lanes(tree: Tree) -> list[int]:
    """The place of each line between nodes of one set: beside those that run along the same lines of the outline."""
    lanes: list[int] = []
    spans = [(min(nodes), max(nodes)) for nodes in _joined(tree)]
    for number, (first, last) in enumerate(spans):
        taken = {
            lane for (start, stop), lane in zip(spans[:number], lanes, strict=True) if start <= last and first <= stop
        }
        lanes.append(next(lane for lane in range(number + 1) if lane not in taken))
    return lanes


def _strength(tree: Tree, node: int, play: Play | None) -> int:
    """2 where play goes, 1 for what would be done where play does not come to, else 0."""
    if play is None or not node:
        return 0
    if play.reached[node] > SEEN:
        return 2
    move = int(tree.move_to[node])
    return int(move >= 0 and bool(play.behaviour[move] > SEEN))


def _edge(tree: Tree, node: int, chances: FloatArray, play: Play | None, say: Say) -> str:
    """The edge that leads to a node: what is done, and how probably."""
    before = int(tree.parent[node])
    text, move = say(tree.labels[before][int(tree.move[node])]), int(tree.move_to[node])
    if tree.owner[before] == CHANCE:
        return f"{text} {100 * float(chances[node]):.3g}%"
    share = 0.0 if play is None else float(play.behaviour[move])
    mark = "" if play is None else play.marks.get(move, "")
    return f"{mark}{text} {100 * share:.3g}%" if share > SEEN else f"{mark}{text}"


def _where(tree: Tree, node: int, payoffs: FloatArray, play: Play | None, say: Say) -> str:
    """Who moves at a node and what it believes, or how play ends there and what each side gets."""
    owner = int(tree.owner[node])
    if owner == END:
        place = tree.ends.tolist().index(node)
        values = ", ".join(f"{value:.4g}" for value in payoffs[:, place])
        return f"{say(tree.outcomes[int(tree.outcome[node])])}: {values}"
    if owner == CHANCE:
        return "chance"
    belief = belief_text(tree, node, play)
    name = say(tree.sets[int(tree.set_of[node])].name)
    return f"{say(tree.players[owner])}: {name}{', ' * bool(belief)}{belief}"
