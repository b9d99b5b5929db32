"""Which deviation is closest to paying, and by how much does each solution stand?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.provenance import attributes, orders_of, values_used, verdict_words
from gametheory.analyses.tipping.slacks import Slack, change, setting, slacks
from gametheory.solvers import solve

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model
    from gametheory.solutions import Solutions

__all__ = ["margins"]


def margins(model: Model, *, order: str = "all", values: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """What keeps each solution at the central values (or ``values``) standing, the closest deviation first.

    Columns: ``order``, ``solution`` (as in `base_case`), ``profile``, ``player``, ``kind``, ``deviation`` such as
    ``carry_on -> hybrid_surge``, ``margin`` and ``relative``, the margin as a share of the player's range of payoffs.
    Kinds: ``deviation`` (what the player would lose by it), ``mixed deviation`` (the same in a mixed equilibrium),
    ``mixing`` (the probability of an action in use, which may not fall below zero), and where a leader is observed
    ``reply`` (the follower's loss by another reply), ``alternative`` (the leader's loss by another action) and
    ``off-path reply`` (the follower's loss by a reply, to another action of the leader, that would attract the leader).
    A game without solutions gives no row; ``verdicts`` in the attributes says why, by order and concept.

    >>> from gametheory.reader import load
    >>> closest = margins(load("reference_involvement"), order="simultaneous").iloc[0]
    >>> closest["player"], closest["deviation"], round(float(closest["margin"]), 4)
    ('nato', 'surge -> limited_aid', 0.0303)
    """
    import pandas as pd

    strategic_only(model, "margins")
    used = values_used(model, values)
    games = model.games(dict(values or {}))
    rows: list[dict[str, Any]] = []
    verdicts: dict[str, str] = {}
    for name in orders_of(model, order):
        solutions = solve(games, order=name)
        verdicts[f"{name} nash"] = verdict_words(solutions.certificates[0])
        for number in range(len(solutions)):
            listed = sorted(slacks(solutions, number), key=lambda slack: slack.relative)
            first = {"order": name, "solution": number, "profile": solutions.profile(number)}
            rows += [{**first, **_described(solutions, slack)} for slack in listed]
    columns = ["order", "solution", "profile", "player", "kind", "deviation", "setting", "margin", "relative"]
    frame = pd.DataFrame(rows, columns=columns)
    notes = [
        "a margin is in the player's own units of payoff; relative is its share of that player's range of payoffs",
        "each margin holds for one deviation alone, the others staying as they are",
    ]
    frame.attrs.update(attributes(model, notes, parameters=used, verdicts=verdicts))
    return frame


def _described(solutions: Solutions, slack: Slack) -> dict[str, Any]:
    """One slack as a row, without order and solution."""
    return {
        "player": solutions.players[slack.player],
        "kind": slack.kind,
        "deviation": change(slack, solutions.actions),
        "setting": setting(slack, solutions.actions),
        "margin": slack.value,
        "relative": slack.relative,
    }
