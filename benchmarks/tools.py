"""The other tools, each as a function from the payoffs of two players to what it lists as all equilibria.

pygambit is GPL: it is used here and nowhere in the package, and only where it is installed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Pair = tuple[FloatArray, FloatArray]
Tool = Callable[[FloatArray, FloatArray], Iterator[Pair]]


def tools() -> dict[str, Tool]:
    """The tools that are installed, by name."""
    known: dict[str, Tool] = {
        "nashpy vertices": nashpy_vertices,
        "nashpy supports": nashpy_supports,
        "QuantEcon vertices": quantecon_vertices,
        "QuantEcon supports": quantecon_supports,
    }
    if find_spec("pygambit") is not None:
        known["Gambit enummixed"] = gambit_vertices
    return known


def nashpy_vertices(a: FloatArray, b: FloatArray) -> Iterator[Pair]:
    import nashpy

    yield from nashpy.Game(a, b).vertex_enumeration()


def nashpy_supports(a: FloatArray, b: FloatArray) -> Iterator[Pair]:
    import nashpy

    yield from nashpy.Game(a, b).support_enumeration()


def quantecon_vertices(a: FloatArray, b: FloatArray) -> Iterator[Pair]:
    from quantecon.game_theory import NormalFormGame, Player, vertex_enumeration

    yield from vertex_enumeration(NormalFormGame((Player(a), Player(np.ascontiguousarray(b.T)))))


def quantecon_supports(a: FloatArray, b: FloatArray) -> Iterator[Pair]:
    from quantecon.game_theory import NormalFormGame, Player, support_enumeration

    yield from support_enumeration(NormalFormGame((Player(a), Player(np.ascontiguousarray(b.T)))))


def gambit_vertices(a: FloatArray, b: FloatArray) -> Iterator[Pair]:
    """Gambit's enumeration in floating point; the game is handed over as text, whose reading is part of the time."""
    import pygambit

    from gametheory import strategic
    from gametheory.formats import format_nfg

    game = pygambit.read_nfg(io.BytesIO(format_nfg(strategic(np.stack([a, b]), players=["row", "column"])).encode()))
    for profile in pygambit.nash.enummixed_solve(game, rational=False).equilibria:
        first, second = ([float(p) for _, p in profile[player]] for player in ("row", "column"))
        yield np.array(first), np.array(second)


def consume(tool: Tool, payoffs: FloatArray) -> list[FloatArray] | None:
    """The equilibria that a tool lists, both strategies in one vector; None where it raises."""
    try:
        return [np.concatenate(pair) for pair in tool(*payoffs)]
    except Exception:  # noqa: BLE001  # whatever another tool raises is counted: that is the finding
        return None
