"""What does each pair of actions pay, as a picture?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.figures.rows import LINE
from gametheory.figures.style import INK, axes, room, say, style, text_width, title_height, wrap
from gametheory.figures.words import Labels, counted, joined, labelled, sentence_case, within

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["payoff_table"]

CELL, AXIS = 0.5, 0.3  # inches: height of a cell at least; the name of the first player, left of the actions
BESIDE = 0.3  # of the width: the names of the actions on the left
UPRIGHT = 1.6  # inches: names of columns that are too narrow for their words stand upright, so high


@dataclass(frozen=True)
class Names:
    """The names of the actions, broken into lines, and the inches that they take: of a row, above and beside all."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    upright: bool
    tall: float
    above: float
    beside: float


def payoff_table(
    players: Sequence[str],
    actions: Sequence[Sequence[str]],
    payoffs: NDArray[np.float64],
    ax: Axes | None = None,
    *,
    labels: Labels | None = None,
) -> Axes:
    """Draw the payoff table of one game of two players, ``payoffs[player, row, column]``; returns the axes.

    A best response is bold and dotted; a pure equilibrium has a thick border and a star. Raises InputError
    for another number of players.
    """
    if payoffs.ndim != 3 or len(payoffs) != 2:
        raise InputError(
            f"payoffs: shape {payoffs.shape!r}, expected (2, rows, columns): the picture is for two players"
        )
    from gametheory.games.display import number_format
    from gametheory.kernels.payoffs import best_responses

    best = best_responses(np.asarray(payoffs, dtype=np.float64)[np.newaxis])[0]
    equilibria = int(best.all(axis=0).sum())
    found = counted(equilibria, "equilibrium", "equilibria")
    marked = ", marked by a star and a thick border" if equilibria else ""
    message = sentence_case(f"{found} in pure actions{marked}; best responses are bold and dotted")
    said = [labelled(player, labels) for player in players]
    show = number_format(payoffs)
    widest = max(text_width(f"\u2022{show(float(value))}", bold=True) for value in payoffs.ravel())
    names = _names(actions, room(ax), widest / 0.85, labels)  # a cell keeps some room beside its numbers
    inset = names.beside + LINE * (len(wrap(said[0], names.tall * len(names.rows))) - 1)
    with style():
        ax = axes(ax, names.above + names.tall * len(names.rows) + title_height(message, inset) + 0.3)
        for row in range(payoffs.shape[1]):
            for column in range(payoffs.shape[2]):
                texts = [show(float(payoffs[player, row, column])) for player in (0, 1)]
                _paint_cell(ax, row, column, texts, best[:, row, column])
        _label_axes(ax, said, names)
        cells = [
            f"{labelled(first, labels)} / {labelled(second, labels)}: {', '.join(map(show, payoffs[:, row, column]))}"
            for row, first in enumerate(actions[0])
            for column, second in enumerate(actions[1])
        ]
        alternative = f"Payoff table of {joined(said)}. {message}. {within(cells)}."
        return say(ax, message, alternative, inset=inset)


def _names(actions: Sequence[Sequence[str]], wide: float, least: float, labels: Labels | None) -> Names:
    """How the actions are written on a picture ``wide`` inches wide, with ``least`` inches for each column."""
    texts = [[labelled(action, labels) for action in own] for own in actions]
    beside = min(BESIDE * wide, max(wide - AXIS - least * len(texts[1]), 0.5 * BESIDE * wide))
    rows = [wrap(text, beside) for text in texts[0]]
    widest = max(text_width(line) for lines in rows for line in lines)
    column = (wide - widest - AXIS) / len(texts[1])
    columns = [wrap(text, column - 0.1) for text in texts[1]]
    upright = any(text_width(line) > column - 0.06 for lines in columns for line in lines)
    columns = [wrap(text, UPRIGHT) for text in texts[1]] if upright else columns
    above = max(text_width(line) for lines in columns for line in lines) if upright else LINE * max(map(len, columns))
    tall = max(CELL, LINE * max(map(len, rows)) + 0.1)
    joined_rows, joined_columns = (tuple("\n".join(lines) for lines in own) for own in (rows, columns))
    return Names(joined_rows, joined_columns, upright, tall, above + LINE + 0.1, widest + AXIS)


def _paint_cell(ax: Axes, row: int, column: int, texts: Sequence[str], best: NDArray[np.bool_]) -> None:
    """Draw one cell: the row player's payoff below left, the column player's above right."""
    from matplotlib.patches import Rectangle

    thick = bool(best.all())
    inset = 0.03 if thick else 0.0
    box = Rectangle((column + inset, row + inset), 1 - 2 * inset, 1 - 2 * inset, fill=False, edgecolor=INK)
    box.set(linewidth=2.8 if thick else 0.6, zorder=3 if thick else 2)
    ax.add_patch(box)
    for player, (x, y, side) in enumerate([(0.1, 0.7, "left"), (0.9, 0.32, "right")]):
        weight = "bold" if best[player] else "normal"
        text = ax.text(column + x, row + y, texts[player], ha=side, va="center", weight=weight)
        if best[player]:
            text.set_text(f"\u2022{texts[player]}")
    if thick:
        # on the border, where it covers no number however narrow the cell
        ax.plot(column + 0.9, row + 1 - inset, "*", markersize=12, color="white", mec=INK, zorder=4, clip_on=False)


def _label_axes(ax: Axes, players: Sequence[str], names: Names) -> None:
    """Write the actions of the first player down and of the second across."""
    rows, columns = names.rows, names.columns
    ax.set(xlim=(-0.02, len(columns) + 0.02), ylim=(len(rows) + 0.02, -0.02))
    ax.set_xticks(np.arange(len(columns)) + 0.5, columns)
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("\n".join(wrap(players[1], room(ax) - names.beside)))
    ax.set_ylabel("\n".join(wrap(players[0], names.tall * len(rows))))
    ax.tick_params(length=0)
    ax.tick_params(axis="x", labelrotation=90 if names.upright else 0)
    for spine in ax.spines.values():
        spine.set_visible(False)
