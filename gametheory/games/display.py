"""How does a game look on a page and in a terminal?

Both views mark the same three things and never by colour alone: whose payoff is a best response, which cells are
equilibria in pure actions, and what was left out because it would not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

__all__ = ["payoff_table_html", "payoff_table_text"]

# What one screen can hold; a larger table says what it left out.
MOST_ROWS, MOST_COLUMNS, MOST_SLICES = 30, 12, 8

CELL = "padding:0.3em 0.6em;text-align:center;white-space:nowrap;border:1px solid currentColor"
EQUILIBRIUM = "padding:0.3em 0.6em;text-align:center;white-space:nowrap;border:4px solid currentColor"
HEAD = "padding:0.3em 0.6em;text-align:center;border:1px solid currentColor"
TABLE = "border-collapse:collapse;margin:0.5em 0"
STAYS = "display:inline-block;position:sticky;left:0;max-width:calc(100vw - 2rem)"  # a caption in a box that scrolls
CAPTION = "caption-side:top;text-align:left;font-weight:bold;padding:0.3em 0"

Cell = tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """One game ready to be shown: how its numbers are written, and what is marked.

    ``payoffs`` and ``best`` are ``[player, a1, a2, ...]``, ``pure`` is ``[a1, a2, ...]``.
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    payoffs: NDArray[np.float64]
    best: NDArray[np.bool_]
    title: str
    show: Callable[[float], str]

    @property
    def pure(self) -> NDArray[np.bool_]:
        """The cells in which every player's action is a best response."""
        return np.asarray(self.best.all(axis=0))

    @property
    def rows(self) -> int:
        """How many actions of the first player are shown."""
        return min(len(self.actions[0]), MOST_ROWS)

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings shown across: the second player's actions, or one column where nobody else plays."""
        return self.actions[1][:MOST_COLUMNS] if len(self.players) > 1 else ("payoff",)

    def cell(self, row: int, column: int, rest: Cell) -> Cell:
        """The profile of actions that stands in one place of a slice."""
        return (row, column, *rest) if len(self.players) > 1 else (row,)

    def slices(self) -> Iterator[Cell]:
        """The actions of the third player and those after, one table each; one empty tuple for two players."""
        return islice(product(*(range(len(own)) for own in self.actions[2:])), MOST_SLICES)

    def slice_name(self, rest: Cell) -> str:
        """What the other players do in a slice: ``ukraine: fight``."""
        names = zip(self.players[2:], self.actions[2:], rest, strict=True)
        return ", ".join(f"{player}: {own[number]}" for player, own, number in names)


def payoff_table_html(
    players: Sequence[str],
    actions: Sequence[Sequence[str]],
    payoffs: NDArray[np.float64],
    title: str = "",
) -> str:
    """Return the payoff table of the first game as HTML that a screen reader can follow.

    ``payoffs`` is ``[game, player, a1, a2, ...]``. Best responses are bold and underlined; equilibria in pure actions
    have a thick border and a star. With more than two players there is one table for each combination of the others'
    actions. Every label is escaped.

    >>> html = payoff_table_html(["even", "odd"], [["<h>", "t"], ["h", "t"]],
    ...     np.array([[[[1.0, -1], [-1, 1]], [[-1, 1], [1, -1]]]]))
    >>> "&lt;h&gt;" in html and "<h>" not in html
    True
    """
    if len(payoffs) == 0:
        return f"<p>{escape(_heading(title, 0))}</p>"
    table = _table(players, actions, payoffs, _heading(title, len(payoffs)))
    body = "".join(_slice_html(table, rest) for rest in table.slices())
    legend = "Each cell: " + ", ".join(table.players) + (". " if len(table.players) > 1 else "'s payoff. ")
    marks = (
        "<b><u>Underlined and bold</u></b>: best response to the others. Thick border and \u2605: equilibrium in pure "
        f"actions ({_count_pure(table)})."
    )
    box = f'<div role="region" aria-label="{escape(table.title)}" tabindex="0" style="overflow-x:auto">'
    return f"{box}{body}<p>{escape(legend)}{marks}{escape(_left_out(table))}</p></div>"


def payoff_table_text(
    players: Sequence[str],
    actions: Sequence[Sequence[str]],
    payoffs: NDArray[np.float64],
    title: str = "",
) -> str:
    r"""Return the payoff table of the first game as aligned text for a terminal.

    ``payoffs`` is ``[game, player, a1, a2, ...]``.

    >>> dilemma = np.array([[[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]]])
    >>> print(payoff_table_text(["row", "column"], [["stay", "go"], ["stay", "go"]], dilemma, "Dilemma"))
    Dilemma
    row \ column      stay         go
    stay             3 ,3      0 ,_5_
    go              _5_,0    *_1_,_1_
    Each cell: row, column. _Underlined_: best response to the others. *: equilibrium in pure actions (1).
    """
    if len(payoffs) == 0:
        return _heading(title, 0)
    table = _table(players, actions, payoffs, _heading(title, len(payoffs)))
    blocks = [line for rest in table.slices() for line in _slice_text(table, rest)]
    legend = (
        f"Each cell: {', '.join(table.players)}. _Underlined_: best response to the others. "
        f"*: equilibrium in pure actions ({_count_pure(table)}).{_left_out(table)}"
    )
    return "\n".join([table.title, *blocks, legend])


def number_format(values: NDArray[np.float64]) -> Callable[[float], str]:
    """Choose one way to write every number of a table, so that they can be compared down a column.

    >>> number_format(np.array([1.0, -20.0]))(3.0), number_format(np.array([0.5, 12.0]))(0.142)
    ('3', '0.142')
    """
    finite = values[np.isfinite(values)]
    largest = float(np.abs(finite).max(initial=0.0))
    if np.all(finite == np.rint(finite)) and largest < 1e9:
        return lambda value: f"{value:z.0f}"
    if 0.1 <= largest < 1e4:
        return lambda value: f"{value:z.3f}"
    return lambda value: f"{value:z.4g}"


def _table(players: Sequence[str], actions: Sequence[Sequence[str]], payoffs: NDArray[np.float64], title: str) -> Table:
    """Mark the first game of a batch."""
    from gametheory.kernels.payoffs import best_responses

    first = np.asarray(payoffs[:1], dtype=np.float64)
    finite = bool(np.isfinite(first).all())
    best = np.asarray(best_responses(first)[0]) if finite else np.zeros(first.shape[1:], dtype=np.bool_)
    labels = tuple(tuple(own) for own in actions)
    return Table(tuple(players), labels, first[0], best, title, number_format(first))


def _heading(title: str, games: int) -> str:
    """The caption: the title, and which game of how many is shown."""
    name = title or "Payoffs"
    if games == 0:
        return f"{name}: a batch of no games"
    return name if games == 1 else f"{name}: game 1 of {games:,}"


def _count_pure(table: Table) -> str:
    """How many equilibria in pure actions the whole game has, shown or not."""
    if not np.isfinite(table.payoffs).all():
        return "not looked for, because a payoff is not a finite number"
    return f"{int(table.pure.sum()):,}" if table.pure.any() else "none"


def _left_out(table: Table) -> str:
    """A sentence on what is not shown, or nothing."""
    sizes = [len(own) for own in table.actions]
    parts = []
    if sizes[0] > MOST_ROWS:
        parts.append(f"{sizes[0] - MOST_ROWS:,} more actions of {table.players[0]}")
    if len(sizes) > 1 and sizes[1] > MOST_COLUMNS:
        parts.append(f"{sizes[1] - MOST_COLUMNS:,} more actions of {table.players[1]}")
    slices = int(np.prod(sizes[2:], dtype=np.int64))
    if slices > MOST_SLICES:
        parts.append(f"{slices - MOST_SLICES:,} more combinations of the other players' actions")
    return f" Not shown: {', '.join(parts)}." if parts else ""


def _slice_html(table: Table, rest: Cell) -> str:
    """One ``<table>``: the first player down, the second across, the others as in ``rest``."""
    name = f"{table.title} \u2013 {table.slice_name(rest)}" if rest else table.title
    width = len(table.columns)
    across = table.players[1] if len(table.players) > 1 else table.players[0]
    heads = "".join(f'<th scope="col" style="{HEAD}">{escape(column)}</th>' for column in table.columns)
    rows = "".join(_row_html(table, row, rest) for row in range(table.rows))
    return (
        f'<table style="{TABLE}"><caption style="{CAPTION}"><span style="{STAYS}">{escape(name)}</span></caption>'
        f'<colgroup span="2"></colgroup><colgroup span="{width}"></colgroup>'
        f'<thead><tr><td rowspan="2" colspan="2"></td>'
        f'<th scope="colgroup" colspan="{width}" style="{HEAD}">{escape(across)}</th></tr><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row_html(table: Table, row: int, rest: Cell) -> str:
    """One row: the player's name once, the action, and the cells."""
    group = (
        f'<th scope="rowgroup" rowspan="{table.rows}" style="{HEAD}">{escape(table.players[0])}</th>'
        if row == 0
        else ""
    )
    cells = "".join(_cell_html(table, table.cell(row, column, rest)) for column in range(len(table.columns)))
    return f'<tr>{group}<th scope="row" style="{HEAD}">{escape(table.actions[0][row])}</th>{cells}</tr>'


def _cell_html(table: Table, cell: Cell) -> str:
    """The payoffs of one profile of actions, marked."""
    numbers = []
    for player in range(len(table.players)):
        text = escape(table.show(float(table.payoffs[(player, *cell)])))
        numbers.append(f"<b><u>{text}</u></b>" if table.best[(player, *cell)] else text)
    star = ' <span role="img" aria-label="equilibrium">\u2605</span>' if table.pure[cell] else ""
    return f'<td style="{EQUILIBRIUM if table.pure[cell] else CELL}">{", ".join(numbers)}{star}</td>'


def _slice_text(table: Table, rest: Cell) -> list[str]:
    """The lines of one slice, columns aligned."""
    corner = " \\ ".join(table.players[:2])
    rows = range(table.rows)
    columns = [_column_text(table, [table.cell(row, k, rest) for row in rows]) for k in range(len(table.columns))]
    first = max(len(label) for label in (corner, *table.actions[0][: table.rows]))
    widths = [max(len(head), len(cells[0])) for head, cells in zip(table.columns, columns, strict=True)]
    lines = [_line(corner, table.columns, first, widths)]
    lines += [_line(table.actions[0][row], [cells[row] for cells in columns], first, widths) for row in rows]
    return [table.slice_name(rest), *lines] if rest else lines


def _line(label: str, cells: Sequence[str], first: int, widths: Sequence[int]) -> str:
    """One aligned line of a slice."""
    parts = [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
    return "   ".join([label.ljust(first), *parts]).rstrip()


def _column_text(table: Table, cells: Sequence[Cell]) -> list[str]:
    """The cells of one column, equally wide; every number has room for its marks, so that no mark shifts it."""
    parts = []
    for player in range(len(table.players)):
        texts = [table.show(float(table.payoffs[(player, *cell)])) for cell in cells]
        marked = [
            f"_{text}_" if table.best[(player, *cell)] else f"{text} " for text, cell in zip(texts, cells, strict=True)
        ]
        width = max(map(len, marked))
        parts.append([text.rjust(width) for text in marked])
    numbers = [",".join(own) for own in zip(*parts, strict=True)]
    return [("*" if table.pure[cell] else " ") + text for cell, text in zip(cells, numbers, strict=True)]
