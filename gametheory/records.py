"""Which JSON do the commands print, for other programs to rely on?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from gametheory.solutions import Solutions

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.games import Games
    from gametheory.model import Model

__all__ = ["Source", "solution_record", "tip_record"]

Source = dict[str, Any]  # model, digest and parameters: what was solved


def model_source(model: Model, values: Mapping[str, float]) -> Source:
    """Name a model and the parameter values at which it was solved."""
    name = PurePath(model.path).stem
    return {"model": name, "title": model.title, "digest": model.digest, "parameters": {**model.central(), **values}}


def game_source(games: Games, path: str) -> Source:
    """Name a game that came without a model; its digest is that of its payoffs."""
    digest = hashlib.sha256(games.payoffs.tobytes()).hexdigest()
    return {"model": PurePath(path).stem, "title": games.title, "digest": digest, "parameters": {}}


def solution_record(
    solutions: Solutions, source: Source, measures: Mapping[str, tuple[float, float]]
) -> dict[str, Any]:
    """Return the answer for the first game of a batch as one JSON object.

    ``measures`` are the lower and upper values over its solutions. What a concept does not have is null or empty: a
    leader order has no index, component or component list.
    """
    own = solutions.of(0)
    certificate = own.certificates[0]
    players = [{"name": name, "actions": list(actions)} for name, actions in zip(own.players, own.actions, strict=True)]
    return {
        "model": source["model"],
        "title": source["title"],
        "digest": source["digest"],
        "order": own.order,
        "concept": own.concept,
        "parameters": source["parameters"],
        "players": players,
        "exact_payoffs": exact_payoffs(own),
        "certificate": {
            "verdict": certificate.verdict,
            "found": certificate.found,
            "max_regret": certificate.max_regret,
            "index_sum": certificate.index_sum,
            "reason": certificate.reason,
        },
        "solutions": [_solution(own, number) for number in range(len(own))],
        "components": own.components(),
        "subsets": [] if own.component is None else [[list(side) for side in subset] for subset in own.subsets()],
        "measures": {name: list(bounds) for name, bounds in measures.items()},
    }


def exact_payoffs(solutions: Solutions) -> str | None:
    """Which payoffs an exact answer is exact for: those of the formulas, or the floats where these are not rational."""
    if solutions.exact is None:
        return None
    return "floats" if solutions.games.fractions(0) is None else "formulas"


def _solution(solutions: Solutions, number: int) -> dict[str, Any]:
    """One solution as a JSON object."""
    exact = None
    if solutions.exact is not None:
        exact = [[str(probability) for probability in own] for own in solutions.exact[number]]
    return {
        "strategies": [own[number].tolist() for own in solutions.strategies],
        "payoffs": solutions.payoffs[number].tolist(),
        "regret": float(solutions.regret[number]),
        "index": None if solutions.index is None else int(solutions.index[number]),
        "component": None if solutions.component is None else int(solutions.component[number]),
        "exact": exact,
        "tags": list(solutions.tags[number]),
    }


def tip_record(frame: pd.DataFrame, parameter: str, order: str) -> dict[str, Any]:
    """Return the tipping points of one parameter under one order of play as one JSON object."""
    polynomials = {(entry["order"], entry["value"]): entry["polynomial"] for entry in frame.attrs.get("isolating", [])}
    tips = [
        {
            "value": float(row["value"]),
            "player": str(row["player"]),
            "binding": str(row["binding"]),
            "before": list(row["before"]),
            "after": list(row["after"]),
            "exact": bool(row["exact"]),
            "polynomial": polynomials.get((order, float(row["value"])), ""),
        }
        for row in frame[frame["order"] == order].to_dict("records")
    ]
    return {
        "parameter": parameter,
        "order": order,
        "method": str(frame.attrs["method"][order]),
        "tips": tips,
        "failed": float(frame.attrs["failed"][order]),
        "notes": list(frame.attrs["notes"]),
    }
