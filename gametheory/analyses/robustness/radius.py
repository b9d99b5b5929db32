"""How far can the assumptions move before a solution stops being one?

The answer is a *radius*: the distance of the nearest point, in units of each parameter's own spread, at which some
deviation pays (Ben-Haim's horizon of uncertainty). The present answer stands against every error that is smaller.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.provenance import attributes, orders_of, values_used, verdict_words
from gametheory.analyses.rankings.kept_order import ranked_names
from gametheory.analyses.robustness.breaks import Break, breaks_of, words
from gametheory.analyses.robustness.nearest import Field, Near, field, nearest
from gametheory.analyses.shares.stages import counted
from gametheory.progress import Asked, shown
from gametheory.solutions import Support
from gametheory.solvers import solve
from gametheory.study import without_parameter_warnings

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model
    from gametheory.solutions import Solutions

__all__ = ["radius", "reach_notes", "stands"]

FloatArray = NDArray[np.float64]

SIDES = (1e-9, 1e-7, 1e-5, 1e-3)  # shares of the radius: how far inside and outside the games are solved
ZERO = 1e-10  # a radius below this many spreads: the solution stands on an edge
ACTIVE = 1e-7  # a slack within this share of what it compares is one that binds
BREAKS, HOLDS, EDGE, UNKNOWN = "breaks", "holds everywhere searched", "on an edge", "not followed"


def radius(
    model: Model, *, order: str = "all", values: Mapping[str, Any] | None = None, progress: Asked = None
) -> pd.DataFrame:
    """The smallest move of the assumptions that ends each solution at the central values (or ``values``).

    A move is measured in spreads: the standard deviation of each parameter's law, half the width of an interval. No
    parameter leaves the support of its law; fixed parameters do not move, and those with discrete laws are held.
    Columns: ``order``, ``solution`` (as in `base_case`), ``profile``, ``radius`` (Euclidean), ``radius_each`` (every
    parameter off by at most that many spreads, all together), ``player`` and ``binding`` (whose deviation, which),
    ``exact``, ``verified``, ``status``, ``reason`` and ``at_<parameter>``, the nearest point. ``status`` is ``breaks``,
    ``on an edge`` (the smallest move ends it), ``holds everywhere searched`` (the radii are infinite) or ``not
    followed`` (a mixed solution of three players or more: the radii are missing).

    ``exact``: found in closed form, as the slacks that decide fall in straight lines. Otherwise the radius was found
    numerically and is an upper bound: the solution was seen to break there, and a nearer break may have been missed.
    ``verified``: solved again just inside, where it stands, and just outside, where it does not. It is not where the
    games just short of the nearest point cannot be solved; ``reason`` then says so. ``progress`` is called with the
    solutions done and their number. Raises InputError for values that are not finite numbers or break a constraint of
    the model, UnknownNameError for an unknown order or parameter.

    >>> from gametheory.reader import load
    >>> row = radius(load("reference_involvement"), order="simultaneous").iloc[0]
    >>> round(float(row["radius"]), 3), row["binding"], bool(row["verified"])
    (0.157, 'nato: surge -> limited_aid, against carry_on', True)
    """
    import pandas as pd

    strategic_only(model, "radius")
    used = values_used(model, values)
    games = field(model, used)
    found = {name: solve(model.games(dict(values or {})), order=name) for name in orders_of(model, order)}
    verdicts = {f"{name} nash": verdict_words(solutions.certificates[0]) for name, solutions in found.items()}
    listed = [(name, number) for name, solutions in found.items() for number in range(len(solutions))]
    with shown(progress, "radius") as report:
        rows: list[dict[str, Any]] = [
            {"order": name, "solution": number, "profile": found[name].profile(number)}
            | _row(games, found[name], number)
            for name, number in counted(listed, report)
        ]
    points = [f"at_{name}" for name in games.reach.names]
    first = ["order", "solution", "profile", "radius", "radius_each", "player", "binding", "exact", "verified"]
    frame = pd.DataFrame(rows, columns=[*first, "status", "reason", *points])
    frame = frame.astype({**dict.fromkeys(("radius", "radius_each", *points), float), "exact": bool, "verified": bool})
    spreads = dict(zip(games.reach.names, games.reach.spreads.tolist(), strict=True))
    frame.attrs.update(
        attributes(model, reach_notes(model, games), parameters=used, spreads=spreads, verdicts=verdicts)
    )
    return frame


def reach_notes(model: Model, games: Field) -> list[str]:
    """What a distance in spreads means here, and what was not moved."""
    notes = [
        "distances are in spreads: standard deviations of the parameters' laws, half-widths of intervals",
        "equal distances are not equally probable",
        "a radius that is not exact is an upper bound, found by search",
    ]
    held = [name for name, parameter in model.parameters.items() if parameter.law.kind == "discrete"]
    if held:
        notes.append(f"held at their values, as their laws are discrete: {', '.join(held)}")
    if ranked := ranked_names(model):
        notes.append(f"held at their values, as only their order is known: {', '.join(ranked)}")
    if not games.reach.names:
        notes.append("no parameter that the payoffs rest on can move")
    endless = ~(np.isfinite(games.reach.least) & np.isfinite(games.reach.most))
    if endless.any():
        names = ", ".join(np.array(games.reach.names)[endless].tolist())
        notes.append(f"searched between the 0.1 % and 99.9 % quantiles, as their laws have no end: {names}")
    return notes


def stands(games: Field, order: str, support: Support, steps: FloatArray) -> NDArray[np.bool_]:
    """At which points ``[point, parameter]`` a solution with these actions in use is found."""
    design = {name: np.full(len(steps), value) for name, value in games.values.items()}
    with without_parameter_warnings():
        batch = games.model.games({**design, **games.reach.values(steps)})
    solutions = solve(batch, order=order)
    found = np.zeros(len(steps), dtype=bool)
    for number, game in enumerate(solutions.game.tolist()):
        found[game] |= solutions.support(number) == support
    return found


def _row(games: Field, solutions: Solutions, number: int) -> dict[str, Any]:
    """The radius of one solution as the end of a row."""
    none = {f"at_{name}": np.nan for name in games.reach.names}
    answer: dict[str, Any] = {"player": "", "binding": "", "exact": False, "verified": False, "reason": "", **none}
    breaks = breaks_of(solutions, number)
    if breaks is None:
        reason = "a mixed solution of three players or more, or behind a leader, has no slacks that can be followed"
        return {**answer, "radius": np.nan, "radius_each": np.nan, "status": UNKNOWN, "reason": reason}
    near, each = nearest(games, breaks), nearest(games, breaks, euclidean=False)
    if near is None or each is None:
        reason = "no deviation comes to pay anywhere in the supports, as far as was searched"
        return {**answer, "radius": np.inf, "radius_each": np.inf, "status": HOLDS, "reason": reason}
    player, binding = words(games.model, breaks[near.which], _active(games, breaks[near.which], near))
    edge = near.distance <= ZERO
    there = {name: float(column[0]) for name, column in games.reach.values(near.steps[np.newaxis]).items()}
    return {
        "radius": near.distance,
        "radius_each": min(each.distance, float(np.abs(near.steps).max())),  # the same point bounds both
        "player": player,
        "binding": binding,
        "exact": near.exact and each.exact,
        "verified": edge or _verified(games, solutions, number, near),
        "status": EDGE if edge else BREAKS,
        "reason": "a deviation pays as much as what is played" if edge else _gap(games, near),
        **{f"at_{name}": value for name, value in there.items()},
    }


def _active(games: Field, one: Break, near: Near) -> list[bool]:
    """Which slacks of a break are zero at its nearest point."""
    payoffs = games.payoffs(near.steps[np.newaxis])
    active: list[bool] = (np.abs(one.values(payoffs)[0]) <= ACTIVE * one.sizes(payoffs)[0]).tolist()
    return active


def _gap(games: Field, near: Near) -> str:
    """That the games just short of the nearest point cannot be solved, where that is so."""
    short = games.payoffs(near.steps * (1 - np.array(SIDES))[:, np.newaxis])
    return "" if np.isfinite(short).all() else "just short of it some payoffs are no numbers: nothing is known there"


def _verified(games: Field, solutions: Solutions, number: int, near: Near) -> bool:
    """Whether solving shows the solution just inside the radius and no more just outside."""
    support = solutions.support(number)
    shares = np.array([1 - side for side in SIDES] + [1 + side for side in SIDES])
    found = stands(games, solutions.order, support, near.steps * shares[:, np.newaxis])
    inside, outside = found[: len(SIDES)], found[len(SIDES) :]
    return bool((inside & ~outside).any())
