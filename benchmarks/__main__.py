"""Time every equilibrium of the same games with this toolkit, nashpy and QuantEcon, and count what each loses.

Run ``python -m benchmarks`` from the top of the repository; ``--seconds`` bounds the time given to each slower tool.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import gametheory as gt
from benchmarks.study import compare_study
from benchmarks.tools import Tool, consume, tools

FloatArray = NDArray[np.float64]

KINDS = ("normal", "tied", "zero-sum", "identity")
SAME = 1e-6  # two equilibria closer than this are counted as one


class Timed(NamedTuple):
    """Seconds a game and, over the games that were tried, equilibria lost, wrong and listed twice."""

    seconds: float
    games: int
    lost: int
    wrong: int
    twice: int
    errors: int


def main() -> None:
    """Print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5.0, help="time for each slower tool on each kind of game")
    options.add_argument("--points", type=int, default=1_000_000, help="points of the study that is compared; 0: none")
    options.add_argument("--sizes", type=int, nargs="+", default=[3, 5, 6, 8])
    chosen = options.parse_args()
    warnings.simplefilter("ignore")
    print(
        f"Python {platform.python_version()}, {len(os.sched_getaffinity(0))} processors, every equilibrium of each game"
    )
    heads = f"{'lost':>6} {'wrong':>6} {'twice':>6} {'errors':>7}"
    print(f"{'games':>12} {'tool':>22} {'us a game':>12} {'ratio':>9} {heads}")
    for kind in KINDS:
        for size in chosen.sizes:
            compare(kind, size, chosen.seconds)
    if chosen.points:
        compare_study(chosen.points, chosen.seconds)


def compare(kind: str, size: int, seconds: float) -> None:
    """Time all tools on one kind of game and print a row for each."""
    count = {3: 100_000, 5: 40_000, 6: 10_000}.get(size, 1_000)
    payoffs = draw(kind, size, count)
    games = gt.strategic(payoffs, players=["row", "column"])
    gt.solve(games[:64])
    start = time.perf_counter()
    solutions = gt.solve(games)
    ours = (time.perf_counter() - start) / count
    proved = int(np.isin(solutions.certificates.verdict, ["complete", "degenerate-complete"]).sum())
    print_row(kind, size, "gametheory", ours, 1.0, f"{count - proved} of {count} games not proved complete")
    for name, tool in tools().items():
        row = timed(tool, payoffs, solutions, seconds)
        print_row(kind, size, name, row.seconds, row.seconds / ours, row)


def draw(kind: str, size: int, count: int) -> FloatArray:
    """Games of one kind.

    normal: random normal payoffs. tied: whole numbers from 0 to 3. zero-sum: whole numbers from -3 to 3. identity:
    coordination on any of the actions, a little noise added, with 2 ** size - 1 equilibria.
    """
    generator = np.random.default_rng(0)
    shape = (count, 2, size, size)
    if kind == "normal":
        return generator.normal(size=shape)
    if kind == "tied":
        return generator.integers(0, 4, shape).astype(float)
    if kind == "zero-sum":
        own = generator.integers(-3, 4, (count, 1, size, size)).astype(float)
        return np.concatenate([own, -own], axis=1)
    return np.eye(size) + 0.01 * generator.normal(size=shape)


def timed(tool: Tool, payoffs: FloatArray, solutions: gt.Solutions, seconds: float) -> Timed:
    """Run a tool game by game until the time is up, and compare what it finds with the certified list."""
    spent, games, lost, wrong, twice, errors = 0.0, 0, 0, 0, 0, 0
    consume(tool, payoffs[0])
    while spent < seconds and games < len(payoffs):
        start = time.perf_counter()
        found = consume(tool, payoffs[games])
        spent += time.perf_counter() - start
        own = solutions.of(games)
        true = np.concatenate(own.strategies, axis=1)
        games += 1
        if found is None:
            errors += 1
            lost += len(true)
            continue
        distinct: list[FloatArray] = []
        for point in found:
            if any(np.abs(point - other).max() < SAME for other in distinct):
                twice += 1
            else:
                distinct.append(point)
        hit = [any(np.abs(point - other).max() < SAME for other in distinct) for point in true]
        lost += hit.count(False)
        wrong += sum(regret(payoffs[games - 1], point) > SAME for point in distinct)
    return Timed(spent / games, games, lost, wrong, twice, errors)


def regret(payoffs: FloatArray, point: FloatArray) -> float:
    """What a player could gain at most by deviating."""
    a, b = payoffs
    x, y = point[: len(a)], point[len(a) :]
    if not np.isfinite(point).all():
        return np.inf
    return float(max((a @ y).max() - x @ a @ y, (x @ b).max() - x @ b @ y))


def print_row(kind: str, size: int, tool: str, seconds: float, ratio: float, found: Timed | str) -> None:
    """One line of the table."""
    start = f"{kind + f' {size}x{size}':>12} {tool:>22} {1e6 * seconds:>12.1f} {ratio:>9.1f}"
    if isinstance(found, str):
        print(f"{start}  {found}", flush=True)
    else:
        counts = f"{found.lost:>6} {found.wrong:>6} {found.twice:>6} {found.errors:>7}"
        print(f"{start} {counts}  {found.games} games", flush=True)


if __name__ == "__main__":
    main()
