"""What is asked of a solver besides the games?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """The number of the player who leads (-1 where nobody does), whether to be exact, and how many threads to use.

    ``workers`` is None for all processors. A solver that has no use for an entry leaves it alone.
    """

    leader: int = -1
    exact: bool = False
    workers: int | None = None
