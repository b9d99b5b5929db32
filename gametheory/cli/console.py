"""How do results reach standard output, and progress standard error?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from gametheory.progress import Progress, bar

__all__ = ["line", "measured", "note", "progress", "rounded", "table"]

WIDE = 160  # columns of a table where there is no terminal to measure


def line(text: str = "") -> None:
    """Write one line of a result."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Write one line that is not a result."""
    sys.stderr.write(text + "\n")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Sequence[str] = ()) -> None:
    """Write a table of text cells; the columns in ``numbers`` are set flush right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        drawn.add_column(escape(name), justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(escape(str(cell)) for cell in row))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDE, highlight=False)
    console.print(drawn)


def progress(title: str) -> AbstractContextManager[Progress]:
    """Give a function ``(done, total)`` that shows how far the work is: a bar, or a plain line now and then."""
    return bar(title)


def rounded(value: Any) -> str:
    """A number for people: five significant digits."""
    return f"{float(value):.5g}"


def measured(name: str, ends: tuple[float, float], *, lacking: bool) -> str:
    """A measure in one line: its bounds over the solutions or, where the list is ``lacking``, whatever is played.

    >>> measured("risk", (0.0, 1.0), lacking=True)
    'risk: 0 to 1 at most: the list may lack solutions, and these bounds hold whatever they are'
    """
    low, high = map(rounded, ends)
    if low == high:
        return f"{name}: {low}"
    what = " at most: the list may lack solutions, and these bounds hold whatever they are"
    return f"{name}: {low} to {high}{what if lacking else ' over the solutions'}"
