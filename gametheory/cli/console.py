"""How do results reach standard output, and progress standard error?"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

__all__ = ["line", "note", "progress", "table"]

WIDE = 160  # columns of a table where there is no terminal to measure
PAUSE = 10.0  # seconds between two plain lines of progress where there is no terminal


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


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function ``(done, total)`` that shows how far the work is: a bar, or a plain line now and then."""
    if sys.stderr.isatty():
        with _bar(title) as report:
            yield report
    else:
        yield _Lines(title)


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left, which goes away when the work is done."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report


class _Lines:
    """Progress as plain lines, at most one every few seconds."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self.last >= PAUSE:
            self.last = time.monotonic()
            note(f"{self.title}: {done:,} of {total:,}")


def rounded(value: Any) -> str:
    """A number for people: five significant digits."""
    return f"{float(value):.5g}"
