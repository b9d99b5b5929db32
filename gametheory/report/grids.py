"""What is a table of the page, and how wide is it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Table", "table"]

LONGEST = 8  # rows of a table that stands open
LONG = 50  # letters of a cell that gets a wider column, in which any word may be broken
PHONE = 41  # letters of a table's size that a phone has room for side by side
HALF = 64  # letters that half a page has room for, on the screen of a laptop


@dataclass(frozen=True)
class Table:
    """A table as texts: a caption, headings, and rows whose first cell is the row's heading; a note below.

    ``numeric`` are the numbers of the columns that hold numbers. A ``folded`` table is opened by the reader; a
    ``literal`` one holds formulas, whose names stay as they are.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""
    folded: bool = False
    literal: bool = False

    @property
    def broad(self) -> bool:
        """Whether the table is wider than a phone, by its longest words: there it is slid sideways."""
        return self._letters > PHONE

    @property
    def slim(self) -> bool:
        """Whether half the width of a page holds the table."""
        return self._letters <= HALF

    @property
    def _letters(self) -> int:
        """The letters side by side that the table needs where it wraps: no word and no number is broken."""
        columns = zip(self.heads, *self.rows, strict=True)
        return sum(_least_width(column, whole=place in self.numeric) for place, column in enumerate(columns))


def _least_width(column: Sequence[str], *, whole: bool) -> int:
    """The letters that a column needs where it wraps: its longest word, of numbers its longest cell, and margins."""
    head, *cells = column
    longest = max(map(len, head.split()), default=0)
    parts = cells if whole else [word for cell in cells if len(cell) <= LONG for word in cell.split()]
    long = 17 if not whole and any(len(cell) > LONG for cell in cells) else 0
    return max(longest, long, 7, *map(len, parts)) + 2 if cells else longest + 2


def table(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: str = "",
    note: str = "",
    longest: int = LONGEST,
) -> Table:
    """A table whose columns are described by a letter each, ``t`` text, ``n`` number; a longer one is folded."""
    places = frozenset(place for place, kind in enumerate(numeric) if kind == "n")
    return Table(caption, tuple(heads), tuple(tuple(row) for row in rows), places, note, len(rows) > longest)
