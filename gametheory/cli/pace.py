"""How far is a sweep, how many games does it solve a second, and how long will it take?"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from gametheory.progress import Progress, bar

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


def pace(title: str, games: int) -> AbstractContextManager[Progress]:
    """Give a function ``(points done, points)`` that shows the progress: a bar, or a plain line now and then."""
    return bar(title, Pace(games), unit="points")
