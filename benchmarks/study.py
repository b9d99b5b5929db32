"""How long does a study of many parameter points take, here and as a loop over other tools?

The loop solves the simultaneous games alone: the other tools know no leader orders, measures or claims. It is run on
the first points of the same draw, as many as fit the time, and its time is scaled to all of them.
"""

from __future__ import annotations

import time

import gametheory as gt
from benchmarks.tools import consume, tools
from gametheory.study import run

__all__ = ["compare_study"]

MODEL = "reference_involvement"


def compare_study(samples: int, seconds: float) -> None:
    """Print how long all orders, measures and claims take here, and the simultaneous games alone elsewhere."""
    model = gt.load(MODEL)
    run(model, 1000)
    start = time.perf_counter()
    run(model, samples)
    ours = time.perf_counter() - start
    print(f"\n{samples:,} points of {MODEL}: every order of play, measures and claims")
    print(f"{'gametheory':>22} {ours:>12.1f} s")
    payoffs = model.games(model.sample(1000)).payoffs
    for name, tool in tools().items():
        consume(tool, payoffs[0])
        spent, games = 0.0, 0
        while spent < seconds and games < len(payoffs):
            start = time.perf_counter()
            consume(tool, payoffs[games])
            spent += time.perf_counter() - start
            games += 1
        scaled = samples * spent / games
        words = f"simultaneous only, scaled from {games} games, {scaled / ours:,.0f} times"
        print(f"{name:>22} {scaled:>12,.0f} s  {words}", flush=True)
