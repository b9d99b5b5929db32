"""Do the numbers of a tree make sense: recall, probabilities of chance, and payoffs at the central values?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gametheory.model import Model
from gametheory.model.trees import GameTree
from gametheory.reader.draft import Finding
from gametheory.reader.shares import breach

__all__ = ["tree_value_findings"]

MOST_NAMED = 4  # parameters in one sentence


def tree_value_findings(model: Model, written: GameTree) -> Iterator[Finding]:
    """A player who forgets, chances that are no probabilities, payoffs and measures that are not finite numbers."""
    if written.tree.forgets:
        message = f"{written.tree.forgets}; give these nodes information sets of their own"
        yield Finding(("tree",), message, at_key=True)
    for move in written.moves:
        found = breach(model, dict(move.probabilities))
        if found is not None:
            where = ", ".join(f"{name} {value:.6g}" for name, value in list(found.point.items())[:MOST_NAMED])
            place = f" at {where}" if where else ""
            hint = "write the last of them as 1 minus the others" if "sum" in found.what else "expected 0 to 1"
            yield Finding(move.path, f"{found.what} {found.value:.6g}{place}; {hint}", at_key=True)
    yield from _payoff_findings(model, written)
    for name, measure in model.measures.items():
        for outcome, formula in measure.outcomes.items():
            value = float(model.quantity(formula)[0])
            if not np.isfinite(value):
                message = f"is {value!r} with the central values, expected a finite number"
                yield Finding(("measures", name, "expected", outcome), message)


def _payoff_findings(model: Model, written: GameTree) -> Iterator[Finding]:
    """Payoffs that are not finite at the central values, each outcome and player once."""
    payoffs, tree = model.trees().payoffs[0], written.tree
    seen: set[tuple[str, str]] = set()
    for player, end in np.argwhere(~np.isfinite(payoffs)).tolist():
        outcome = tree.outcomes[int(tree.outcome[tree.ends[end]])]
        place = (outcome, tree.players[player])
        if place not in seen:
            seen.add(place)
            message = f"is {float(payoffs[player, end])!r} with the central values, expected a finite number"
            yield Finding(("outcomes", *place), f"{message}; check divisions by zero, log and sqrt, and large powers")
