"""How far is a sweep, how many games does it solve a second, and how long will it take?"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gametheory.cli.console import PAUSE, note

__all__ = ["Pace", "pace"]


class Pace:
    """The speed since the first look, from points done; each point stands for so many games."""

    def __init__(self, games: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.games = games
        self.clock = clock
        self.first: tuple[float, int] | None = None

    def __call__(self, done: int, total: int) -> str:
        """Games a second and the time left, in words; nothing while nothing was done.

        >>> ticks = iter([0.0, 10.0])
        >>> pace = Pace(games=3, clock=lambda: next(ticks))
        >>> pace(1_000, 5_000), pace(2_000, 5_000)
        ('', '300 games/s, 0:00:30 left')
        """
        now = self.clock()
        if self.first is None:
            self.first = (now, done)
        began, before = self.first
        if done <= before or now <= began:
            return ""
        speed = (done - before) / (now - began)
        minutes, seconds = divmod(round((total - done) / speed), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{speed * self.games:,.0f} games/s, {hours}:{minutes:02d}:{seconds:02d} left"


@contextmanager
def pace(title: str, games: int) -> Iterator[Callable[[int, int], None]]:
    """Give a function ``(points done, points)`` that shows the progress: a bar, or a plain line now and then."""
    if sys.stderr.isatty():
        with _bar(title, Pace(games)) as report:
            yield report
    else:
        yield _lines(title, Pace(games))


@contextmanager
def _bar(title: str, speed: Pace) -> Iterator[Callable[[int, int], None]]:
    """A bar that goes away when the work is done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[speed]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, speed="")

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, speed=speed(done, total))

        yield report


def _lines(title: str, speed: Pace) -> Callable[[int, int], None]:
    """Progress as plain lines, at most one every few seconds."""
    last = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        told = speed(done, total)
        if time.monotonic() - last >= PAUSE:
            last = time.monotonic()
            note(f"{title}: {done:,} of {total:,} points{', ' * bool(told)}{told}")

    return report
