"""What is asked of a solver besides the games?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Task:
    """Who leads, how exactly to solve, with how many threads, for how long, and with which options of the concept.

    ``leader`` is a player's number, -1 where nobody leads. ``workers`` is None for all processors. ``seconds`` bounds
    searches that may not end; what they leave out makes the verdict ``partial``. ``options`` holds a value for every
    option that the registry line names. A solver leaves alone what it has no use for.
    """

    leader: int = -1
    exact: bool = False
    workers: int | None = None
    seconds: float = 60.0
    options: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
