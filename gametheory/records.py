"""Which JSON do the commands print, for other programs to rely on?"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from gametheory.games import Games
from gametheory.solutions import UNKNOWN, Solutions

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from gametheory.games import ExtensiveGames, Tree
    from gametheory.model import Model
    from gametheory.solvers.roots import AnalyticSolutions
    from gametheory.tree_solutions import Threat, TreeSolutions

__all__ = [
    "Source",
    "audit_records",
    "frame_record",
    "plain_rows",
    "sensitivity_record",
    "solution_record",
    "system_record",
    "tip_record",
    "tree_record",
]

Source = dict[str, Any]  # model, digest and parameters: what was solved


def model_source(model: Model, values: Mapping[str, float]) -> Source:
    """Name a model and the parameter values at which it was solved."""
    name = PurePath(model.path).stem
    return {"model": name, "title": model.title, "digest": model.digest, "parameters": {**model.central(), **values}}


def game_source(games: Games | ExtensiveGames, path: str) -> Source:
    """Name a game that came without a model; its digest is that of its payoffs, and of the shape of its tree."""
    content = games.payoffs.tobytes()
    if not isinstance(games, Games):
        tree = games.tree
        content += b"".join(part.tobytes() for part in (games.chances, tree.parent, tree.owner, tree.set_of))
    digest = hashlib.sha256(content).hexdigest()
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


def system_record(
    solutions: AnalyticSolutions, source: Source, measures: Mapping[str, tuple[float, float]]
) -> dict[str, Any]:
    """Return the answer for the first game of a batch of analytic games as one JSON object.

    ``unknowns`` are the names that a solution gives values to, the choice of a decision among them. Each solution lies
    within its ``radius`` of its values; the certificate's ``max_regret`` is the largest ``residual``.
    """
    own = solutions.of(0)
    certificate, quantities = own.certificates[0], own.quantities
    found = [
        {
            "outcome": own.profile(number),
            "unknowns": {name: float(values[number]) for name, values in own.variables.items()},
            "quantities": {name: float(values[number]) for name, values in quantities.items()},
            "radius": float(own.radius[number]),
            "residual": float(own.residual[number]),
            "index": int(own.index[number]),
        }
        for number in range(len(own))
    ]
    return {
        "model": source["model"],
        "title": source["title"],
        "digest": source["digest"],
        "order": own.order,
        "concept": own.concept,
        "parameters": source["parameters"],
        "players": [{"name": name} for name in own.games.players],
        "unknowns": [{"name": name} for name in own.games.system.variables],
        "exact_payoffs": None,
        "certificate": {
            "verdict": certificate.verdict,
            "found": certificate.found,
            "max_regret": certificate.max_regret,
            "index_sum": None,
            "reason": certificate.reason,
        },
        "solutions": found,
        "measures": {name: list(ends) for name, ends in measures.items()},
    }


def tree_record(
    solutions: TreeSolutions, source: Source, measures: Mapping[str, tuple[float, float]]
) -> dict[str, Any]:
    """Return the answer for the first game of a batch of extensive games as one JSON object.

    ``strategies`` and ``beliefs`` of a solution are lists, one entry an information set in order: the probabilities of
    its actions, and of its nodes, which are told by the edges that lead to them.
    """
    own = solutions.of(0)
    certificate, sets = own.certificates[0], own.tree.sets
    return {
        "model": source["model"],
        "title": source["title"],
        "digest": source["digest"],
        "form": "extensive",
        "order": own.order,
        "concept": own.concept,
        "parameters": source["parameters"],
        "players": [{"name": name} for name in own.players],
        "information_sets": [
            {
                "name": each.name,
                "player": own.players[each.player],
                "actions": list(each.actions),
                "nodes": [own.path(node) for node in each.nodes],
            }
            for each in sets
        ],
        "outcomes": list(own.tree.outcomes),
        "exact_payoffs": None,
        "certificate": {
            "verdict": certificate.verdict,
            "found": certificate.found,
            "max_regret": certificate.max_regret,
            "index_sum": certificate.index_sum,
            "reason": certificate.reason,
        },
        "solutions": [_tree_solution(own, number) for number in range(len(own))],
        "measures": {name: list(bounds) for name, bounds in measures.items()},
    }


def _tree_solution(own: TreeSolutions, number: int) -> dict[str, Any]:
    """One solution of an extensive game as a JSON object."""
    tree, starts = own.tree, own.tree.first_move
    behaviour, beliefs, reached = own.behaviour[number], own.beliefs[number], own.reached[number]
    outcomes = [0.0] * len(tree.outcomes)
    for end in tree.ends.tolist():
        outcomes[int(tree.outcome[end])] += float(reached[end])
    return {
        "strategies": [behaviour[starts[k] : starts[k + 1]].tolist() for k in range(len(tree.sets))],
        "beliefs": [beliefs[list(each.nodes)].tolist() for each in tree.sets],
        "reached": own.sets_reached[number].tolist(),
        "outcomes": outcomes,
        "payoffs": own.payoffs[number].tolist(),
        "regret": float(own.regret[number]),
        "index": _known(own.index, number),
        "component": _known(own.component, number),
        "tags": list(own.tags[number]),
        "threats": [{**_choice(tree, threat), "alone": threat.alone} for threat in own.threats[number]],
        "idle": [_choice(tree, choice) for choice in (own.idle[number] if own.idle else ())],
    }


def _choice(tree: Tree, choice: Threat) -> dict[str, Any]:
    """A choice that would not be carried out as a JSON object."""
    own = tree.sets[choice.information_set]
    return {"information_set": own.name, "action": own.actions[choice.action], "gain": float(choice.gain)}


def _known(column: NDArray[np.int64] | None, number: int) -> int | None:
    """An index or a component, or None where it could not be told."""
    return None if column is None or int(column[number]) == UNKNOWN else int(column[number])


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


def sensitivity_record(
    likely: pd.DataFrame, several: pd.DataFrame, driving: pd.DataFrame, order: str
) -> dict[str, Any]:
    """Return outcomes, multiplicity and drivers under one order of play as one JSON object.

    ``likely``, ``several`` and ``driving`` are the frames of `outcomes`, `multiplicity` and `drivers`. A missing index
    is null; ``se`` is the larger of the two standard errors.
    """
    counted = several[several["order"] == order].iloc[0]
    probabilities = [
        {
            "profile": str(row["profile"]).split(", "),
            "lower": float(row["lower"]),
            "upper": float(row["upper"]),
            "se": max(float(row["lower_se"]), float(row["upper_se"])),
        }
        for row in likely[likely["order"] == order].to_dict("records")
    ]
    drivers = [
        {
            "over": row["over"],
            "parameter": row["parameter"],
            **{
                key: value
                for index in ("first", "total", "shapley")
                for key, value in ((index, row[index]), (f"{index}_ci", [row[f"{index}_low"], row[f"{index}_high"]]))
            },
            "noise_floor": row["noise_floor"],
            "verdict": row["verdict"],
        }
        for row in plain_rows(driving[driving["order"] == order])
    ]
    return {
        "model": likely.attrs["model"],
        "digest": likely.attrs["digest"],
        "samples": int(likely.attrs["samples"]),
        "seed": int(likely.attrs["seed"]),
        "failed": float(likely.attrs["failed"][order]),
        "order": order,
        "multiplicity": {name: float(counted[name]) for name in ("none", "one", "several")},
        "probabilities": probabilities,
        "drivers": drivers,
        "notes": list(driving.attrs["notes"]),
    }


def audit_records(frame: pd.DataFrame, model: str, alternatives: pd.DataFrame | None = None) -> list[dict[str, Any]]:
    """Return the frame of `audit` as a list of JSON objects, one a claim; a missing distance is null.

    ``alternatives``, the frame of that analysis, stands claim by claim under the key of this name.
    """
    under: dict[str, list[dict[str, Any]]] = {name: [] for name in frame["claim"]}
    for row in [] if alternatives is None else plain_rows(alternatives):
        under[row.pop("claim")].append(row)
    return [{"model": model, **row, "alternatives": under[row["claim"]]} for row in plain_rows(frame)]


def frame_record(frame: pd.DataFrame, model: Model) -> dict[str, Any]:
    """Return the frame of an analysis as one JSON object: what it rests on, its rows, and its notes.

    What is no finite number is null; a column of the frame then says why.
    """
    kept = [key for key in frame.attrs if key not in ("model", "digest", "notes")]
    others = {str(key): _plain(frame.attrs[key]) for key in kept}
    first = {"model": PurePath(model.path).stem, "title": model.title, "digest": model.digest}
    return {**first, **others, "rows": plain_rows(frame), "notes": list(frame.attrs.get("notes", ()))}


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as JSON knows them; None for what is missing or no finite number."""
    known = frame.astype(object).where(frame.notna(), None)
    return [{str(key): _plain(value) for key, value in row.items()} for row in known.to_dict("records")]


def _plain(value: Any) -> Any:
    """A value as JSON knows it; None for what is no finite number.

    >>> _plain((1, float("inf"), {"share": 0.5}))
    [1, None, {'share': 0.5}]
    """
    if isinstance(value, Mapping):
        return {str(key): _plain(own) for key, own in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [_plain(own) for own in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str | int) or value is None:
        return value
    return _plain(value.tolist()) if hasattr(value, "tolist") else str(value)
