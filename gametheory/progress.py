"""How is it shown, in a terminal, in a notebook and in a log, how far long work has come?

Long work takes ``progress``: a function that it calls with what is done and the total, True for a bar, or None.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from html import escape
from typing import TypeAlias

__all__ = ["Asked", "Progress", "Words", "bar", "shown"]

PAUSE = 10.0  # seconds between two plain lines of progress where no bar can be drawn
REDRAWN = 0.1  # seconds between two pictures of a bar in a notebook, each of which is sent to the browser

Progress: TypeAlias = Callable[[int, int], None]
Asked: TypeAlias = bool | Progress | None
Words: TypeAlias = Callable[[int, int], str]


@contextmanager
def shown(asked: Asked, title: str) -> Iterator[Progress | None]:
    """Give what work is to report to: a bar where ``asked`` is True, else the function that was given, if any.

    >>> seen = []
    >>> with shown(lambda done, total: seen.append((done, total)), "drawing") as report:
    ...     report(1, 2)
    >>> seen
    [(1, 2)]
    """
    if asked is True:
        with bar(title) as report:
            yield report
    else:
        yield None if asked is False else asked


@contextmanager
def bar(title: str, words: Words | None = None, *, unit: str = "") -> Iterator[Progress]:
    """A function ``(done, total)`` that shows how far the work is, as long as the context lasts.

    In a terminal and in a notebook that is a bar, which goes away at the end, elsewhere a plain line on standard error
    now and then. ``words`` are told the same numbers and say more, such as the speed; ``unit`` says what is counted.
    Where the work is interrupted, a line stays that says how far it had come.
    """
    came: list[tuple[int, int]] = []
    try:
        with _drawn(title, words, unit) as report:

            def told(done: int, total: int) -> None:
                came[:] = [(done, total)]
                report(done, total)

            yield told
    except KeyboardInterrupt as stop:
        if not str(stop):  # whoever stopped in order has said it better
            _say_interrupted(title, unit, came)
        raise


def _say_interrupted(title: str, unit: str, came: list[tuple[int, int]]) -> None:
    """Leave a line that says how far the work had come."""
    far = ", ".join(_said(done, total, unit, "") + " done" for done, total in came)
    said = f"{title}: interrupted{', ' * bool(far)}{far}"
    if not _in_notebook():
        sys.stderr.write(f"{said}\n")
        return
    from IPython.display import display

    view = {"text/html": f"<p>{escape(said)}</p>", "text/plain": said}
    display(view, raw=True)  # type: ignore[no-untyped-call]  # IPython leaves it untyped


def _drawn(title: str, words: Words | None, unit: str) -> AbstractContextManager[Progress]:
    """The bar that fits where this runs."""
    if _in_notebook():
        return _notebook_bar(title, words or _nothing, unit)
    if sys.stderr.isatty():
        return _terminal_bar(title, words)
    return _plain_lines(title, words or _nothing, unit)


def _in_notebook() -> bool:
    """Whether a Jupyter kernel runs this."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


@contextmanager
def _terminal_bar(title: str, words: Words | None) -> Iterator[Progress]:
    """A bar with what ``words`` say, or the time left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress as Bars,
        ProgressColumn,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    last: ProgressColumn = TextColumn("{task.fields[words]}", markup=False) if words else TimeRemainingColumn()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), last)
    with Bars(*columns, console=Console(stderr=True), transient=True) as drawn:
        task = drawn.add_task(title, total=None, words="")

        def report(done: int, total: int) -> None:
            drawn.update(task, completed=done, total=total, words=words(done, total) if words else "")

        yield report


@contextmanager
def _notebook_bar(title: str, words: Words, unit: str) -> Iterator[Progress]:
    """A bar below the cell, in plain HTML that needs no widget and leaves nothing behind."""
    from IPython.display import display

    blank = {"text/html": "", "text/plain": ""}
    place = display(blank, raw=True, display_id=True)  # type: ignore[no-untyped-call]  # IPython leaves it untyped
    last = float("-inf")

    def report(done: int, total: int) -> None:
        nonlocal last
        said = _said(done, total, unit, words(done, total))
        if done >= total or time.monotonic() - last >= REDRAWN:
            last = time.monotonic()
            place.update(_picture(title, done, total, said), raw=True)

    try:
        yield report
    finally:
        place.update(blank, raw=True)


def _picture(title: str, done: int, total: int, said: str) -> dict[str, str]:
    """A bar as HTML and as text; every word is escaped.

    >>> _picture("<drawing>", 3, 10, "3 of 10")["text/html"]
    '<label>&lt;drawing&gt; <progress value="3" max="10"></progress> 3 of 10</label>'
    """
    bar_html = f'<progress value="{done}" max="{max(total, 1)}"></progress>'
    return {
        "text/html": f"<label>{escape(title)} {bar_html} {escape(said)}</label>",
        "text/plain": f"{title}: {said}",
    }


@contextmanager
def _plain_lines(title: str, words: Words, unit: str) -> Iterator[Progress]:
    """Plain lines, at most one every few seconds."""
    last = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        said = _said(done, total, unit, words(done, total))
        if time.monotonic() - last >= PAUSE:
            last = time.monotonic()
            sys.stderr.write(f"{title}: {said}\n")

    yield report


def _said(done: int, total: int, unit: str, more: str) -> str:
    """How far the work is, in words.

    >>> _said(1_000, 20_000, "points", "300 games/s")
    '1,000 of 20,000 points, 300 games/s'
    """
    return f"{done:,} of {total:,}{' ' * bool(unit)}{unit}{', ' * bool(more)}{more}"


def _nothing(done: int, total: int) -> str:
    """Say nothing more."""
    del done, total
    return ""
