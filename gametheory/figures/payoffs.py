"""What does each pair of actions pay, as a picture?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.figures.style import INK, axes, say, style, text_width
from gametheory.figures.words import Labels, counted, labelled, sentence_case

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["payoff_table"]


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
    with style():
        ax = axes(ax, 1.2 + 0.5 * payoffs.shape[1])
        show = number_format(payoffs)
        for row in range(payoffs.shape[1]):
            for column in range(payoffs.shape[2]):
                texts = [show(float(payoffs[player, row, column])) for player in (0, 1)]
                _paint_cell(ax, row, column, texts, best[:, row, column])
        widest = _label_axes(ax, players, actions, labels)
        alternative = f"Payoff table of {labelled(players[0], labels)} and {labelled(players[1], labels)}. {message}."
        return say(ax, message, alternative, inset=widest)


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
        text = ax.text(column + x, row + y, texts[player], ha=side, va="center", weight=weight, fontsize=9)
        if best[player]:
            text.set_text(f"\u2022{texts[player]}")
    if thick:
        ax.text(column + 0.14, row + 0.3, "\u2605", ha="center", va="center", fontsize=10)


def _label_axes(ax: Axes, players: Sequence[str], actions: Sequence[Sequence[str]], labels: Labels | None) -> float:
    """Write the actions of the first player down and of the second across; return the inches that the former take."""
    rows, columns = ([labelled(action, labels) for action in own] for own in actions)
    ax.set(xlim=(-0.02, len(columns) + 0.02), ylim=(len(rows) + 0.02, -0.02))
    ax.set_xticks(np.arange(len(columns)) + 0.5, [text.replace(" ", "\n") for text in columns])
    ax.set_yticks(np.arange(len(rows)) + 0.5, [text.replace(" ", "\n") for text in rows])
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel(labelled(players[1], labels))
    ax.set_ylabel(labelled(players[0], labels))
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return max(text_width(word) for text in rows for word in text.split(" ")) + 0.3
