"""What would it be worth to a player to know a parameter before it chooses, alone or together with the others?

Three settings are told apart, because the answer depends on them:

- the others know the parameters, the player does not and learns (*private*): it cannot lose;
- nobody knows more than the law; the player learns, the others neither learn nor notice (*private*): it cannot lose;
- nobody knows more than the law; all learn the same (*public*): the player may lose, because the others answer to what
  they learn. Such a value may be negative.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.choosing.action_values import (
    AGAINST,
    ActionValues,
    FloatArray,
    IntArray,
    chosen_player,
    reading,
)
from gametheory.analyses.choosing.choices import values_by_order
from gametheory.analyses.choosing.mean_games import (
    MeanGame,
    Public,
    Question,
    drawn_payoffs,
    fixed_answers,
    mean_game,
    public_value,
)
from gametheory.analyses.provenance import attributes, known_parameter
from gametheory.designs import Scheme, scheme as make_scheme
from gametheory.errors import InputError
from gametheory.estimators.information import Information, bounds, cells_of, everything, most_cells, some
from gametheory.parameters import stream
from gametheory.progress import Asked

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.games import Games
    from gametheory.model import Model

__all__ = ["value_of_information"]

DUMMIES = 8  # columns that enter nothing; the largest value that one of them seems to have is the noise floor
DUMMY_KEY, NOISE_KEY = 11, 12  # keys of these random numbers beside those of designs
NORMAL_95 = 1.96  # the normal distribution's 97.5 % point
ROUNDING = 1e-9  # of two values: those that differ by less are level
UNTOLD = "not told from nothing"
EVERYTHING = "all parameters"
KNOW, SHARE = "know the parameters", "know only the law"

COLUMNS = [
    "player", "order", "against", "others", "information", "kind", "about", "worst", "best", "lower", "upper",
    "worst_se", "best_se", "bias", "apart", "noise_floor", "cells", "tied", "verdict",
]  # fmt: skip
MEANING = (
    "a value is in units of the player's payoff: what the player could give up at most for knowing before it chooses; "
    "knowing a parameter means knowing in which cell of like draws it lies, which is worth no more than knowing it"
)
PRIVATE = (
    "private: the player learns and the others do not notice; in simultaneous play against others who know the "
    "parameters these go on playing their equilibrium strategies of each draw"
)
PUBLIC = (
    "public: all players learn the same and play the game of mean payoffs given what they know; the value may be "
    "negative, because the others answer to what they learn"
)
SELECTION = (
    "worst and best: where the others play the equilibrium that is worst, or best, for the player in every game; lower "
    "and upper hold for any selection among the equilibria and need not be reached"
)
ERRORS = (
    "standard errors are of the sampling; of public values they come from leaving out tenths of the draws, and mean "
    "little where noise changes the equilibria of a mean game; the noise floor is the largest size of value that one "
    f"of {DUMMIES} columns which enter nothing seems to have"
)


class Topic(NamedTuple):
    """What is learnt: everything, a parameter or a group; and the cell of each draw (None: the draw itself)."""

    kind: str
    about: str
    cells: IntArray | None


def value_of_information(
    model: Model,
    *,
    player: str | None = None,
    order: str | None = None,
    against: str | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    samples: int = 16_384,
    seed: int = 0,
    scheme: Scheme | None = None,
    workers: int | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """What knowing all parameters, each parameter and each of ``groups`` is worth to a player, in three settings.

    ``player`` is by default the first one, ``order`` the one in which it moves first (with more than two players
    simultaneous play); ``order`` may be "all". ``against`` is as in `choices`. ``groups`` are names of parameters by a
    name of the group.

    Columns: ``player``, ``order``, ``against``; ``others`` ("know the parameters" or "know only the law"),
    ``information`` (private or public), ``kind`` (all, parameter or group) and ``about``; ``worst`` and ``best`` with
    ``worst_se`` and ``best_se``, ``lower`` and ``upper``; ``bias``, the noise already taken off; ``apart``, the larger
    value where one half of the draws chooses and the other pays (neither for public values); ``noise_floor``;
    ``cells``; ``tied``, the others of the same kind and setting whose value is not told from this one: each end within
    1.96 standard errors, or both within the noise; and ``verdict``, which tells from nothing only what exceeds the
    noise floor and 1.96 standard errors and, for private values, is there in halves of the draws too. Rows stand in the
    order of their value within each setting, those with the same value by name.
    ``base`` in the attributes is what the player gets without information, by order and setting. Raises InputError
    where a parameter is an interval without probability.

    >>> from gametheory.reader import load
    >>> frame = value_of_information(load("reference_involvement"), samples=512)
    >>> private = frame[frame["information"] == "private"]
    >>> bool((private["lower"] >= 0.0).all()), bool((frame["lower"] <= frame["upper"]).all())
    (True, True)
    """
    import pandas as pd

    strategic_only(model, "value_of_information")
    place = chosen_player(model, player)
    chosen = order or (model.players[place].name if len(model.players) == 2 else "simultaneous")
    design = scheme or make_scheme("random", model, samples, seed)
    _check_probabilities(model, design)
    games, points = drawn_payoffs(model, design)
    found = values_by_order(model, place, design, chosen, against, workers, progress)
    rows: list[dict[str, Any]] = []
    base: dict[str, dict[str, list[float]]] = {}
    for name, values in found.items():
        question = Question(place, name, reading(model, place, name, against))
        named = {"player": values.player, "order": name, "against": values.against}
        mean = mean_game(games, question)
        without = [float(own.mean(axis=0).max()) for own in (values.values.worst, values.values.best)]
        base[name] = {KNOW: without, SHARE: [mean.worst, mean.best]}
        known = _topics(model, groups, values.points, design.seed)
        parts = [(KNOW, "private", _private([values.values.worst, values.values.best], known, design.seed, values))]
        shared = _topics(model, groups, points, design.seed)
        tables = fixed_answers(games, mean.games, question)
        parts.append((SHARE, "private", _private(tables, shared, design.seed)))
        parts.append((SHARE, "public", _public(games, mean, shared, question)))
        for others, information, own in parts:
            setting = {**named, "others": others, "information": information}
            rows += [{**setting, **row} for row in _ranked(own)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame.attrs.update(_attributes(model, design, found, base))
    return frame


def _check_probabilities(model: Model, design: Scheme) -> None:
    """Refuse intervals: what is expected needs a probability."""
    intervals = [name for name in model.parameters if name not in design.names]
    if intervals:
        listed = ", ".join(intervals)
        raise InputError(f"{listed}: an interval without probability; information has a value only under a law")


def _topics(
    model: Model, groups: Mapping[str, Sequence[str]] | None, points: Mapping[str, FloatArray], seed: int
) -> list[Topic]:
    """Everything, each parameter that varies, each group, and columns that enter nothing."""
    draws = len(next(iter(points.values())))
    most = most_cells(draws)
    topics = [Topic("all", EVERYTHING, None)]
    for name, column in points.items():
        if column.min() < column.max():
            topics.append(Topic("parameter", name, cells_of(column[:, None], most)))
    for name, members in (groups or {}).items():
        columns = np.stack([points[known_parameter(model, member)] for member in members], axis=1)
        topics.append(Topic("group", name, cells_of(columns, most)))
    noise = stream(seed, DUMMY_KEY).random((draws, DUMMIES))
    return [*topics, *(Topic("dummy", "", cells_of(noise[:, [k]], most)) for k in range(DUMMIES))]


def _private(
    tables: Sequence[FloatArray], topics: Sequence[Topic], seed: int, values: ActionValues | None = None
) -> list[dict[str, Any]]:
    """What each topic is worth where only the player learns it.

    ``tables`` are payoffs ``[draw, action]`` for each way in which the others may play, from the worst for the player
    to the best. ``values`` hold the bounds over all that they may do; without them the tables are all.
    """
    rows = []
    for topic in topics:
        found: list[Information] = []
        for number, table in enumerate(tables):
            same = number > 0 and np.array_equal(table, tables[number - 1])
            found.append(found[-1] if same else _worth(table, topic.cells, seed))
        worst, best = found[0], found[-1]
        ends = [own.value for own in found]
        if values is not None:
            low, high = bounds(values.values.lower, values.values.upper, topic.cells)
            ends += [max(low - worst.bias, 0.0), max(high - best.bias, 0.0)]
        row = {"worst": worst.value, "best": best.value, "lower": min(ends), "upper": max(ends)}
        row |= {"worst_se": worst.error, "best_se": best.error, "bias": max(worst.bias, best.bias)}
        rows.append({**_named(topic), **row, "apart": (worst if worst.value > best.value else best).apart})
    return rows


def _worth(table: FloatArray, cells: IntArray | None, seed: int) -> Information:
    """What knowing the cells is worth, with noise that is the same for all topics."""
    return everything(table) if cells is None else some(table, cells, stream(seed, NOISE_KEY))


def _public(games: Games, mean: MeanGame, topics: Sequence[Topic], question: Question) -> list[dict[str, Any]]:
    """What each topic is worth where all players learn it."""
    rows = []
    for topic in topics:
        found: Public = public_value(games, topic.cells, mean, question)
        row = {name: value for name, value in found._asdict().items() if name != "failed"}
        rows.append({**_named(topic), **row, "bias": np.nan, "apart": np.nan})
    return rows


def _named(topic: Topic) -> dict[str, Any]:
    """What a row is about."""
    cells = 0 if topic.cells is None else int(topic.cells.max()) + 1
    return {"kind": topic.kind, "about": topic.about, "cells": cells}


def _ranked(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without the dummies, the largest first, each with the noise floor and its verdict."""
    floor = max(max(abs(row["worst"]), abs(row["best"])) for row in rows if row["kind"] == "dummy")
    kept = [row for row in rows if row["kind"] != "dummy"]
    ordered = sorted(kept, key=lambda row: (row["kind"] != "all", -max(row["worst"], row["best"]), row["about"]))
    told = [{**row, "noise_floor": floor, "verdict": verdict({**row, "noise_floor": floor})} for row in ordered]
    return [{**row, "tied": ", ".join(_tied(row, told))} for row in told]


def _tied(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is worth as much as a row to within the error, at both ends, or like it is not told from nothing.

    >>> row = {"kind": "parameter", "about": "a", "worst": 0.1, "best": 0.2, "worst_se": 0.0, "best_se": 0.0,
    ...        "verdict": "worth 0.1 to 0.2 to the player"}
    >>> _tied(row, [row, {**row, "about": "b"}, {**row, "about": "c", "best": 0.3}])
    ['b']
    """
    found = []
    for other in rows:
        if other["kind"] != row["kind"] or other["about"] == row["about"]:
            continue
        close = True
        for end in ("worst", "best"):
            error = NORMAL_95 * float(np.nan_to_num(math.hypot(row[f"{end}_se"], other[f"{end}_se"])))
            rounding = ROUNDING * max(abs(row[end]), abs(other[end]))
            close &= bool(abs(row[end] - other[end]) <= max(error, rounding))
        if close or row["verdict"] == other["verdict"] == UNTOLD:
            found.append(str(other["about"]))
    return found


def verdict(row: Mapping[str, Any]) -> str:
    """What a row says, in words: a value within the noise is not told from nothing.

    >>> public = {"kind": "parameter", "worst": -0.2, "best": -0.1, "worst_se": 0.01, "best_se": 0.01, "apart": np.nan}
    >>> verdict({**public, "noise_floor": 0.0}), verdict({**public, "noise_floor": 0.5})
    ('costs the player 0.1 to 0.2', 'not told from nothing')
    """
    low, high = sorted((row["worst"], row["best"]))
    floor = 0.0 if row["kind"] == "all" else row["noise_floor"]
    least = max(floor, NORMAL_95 * max(row["worst_se"], row["best_se"]))
    gains, costs = high > least and not row["apart"] <= 0.0, low < -least
    if gains and low < 0.0:
        return f"may cost the player {-low:.3g} or be worth {high:.3g}"
    if gains:
        return f"worth {_span(max(low, 0.0), high)} to the player"
    if costs:
        return f"costs the player {_span(max(-high, 0.0), -low)}" + ("" if high <= 0.0 else f", or is worth {high:.3g}")
    return UNTOLD


def _span(low: float, high: float) -> str:
    """Both ends, once where they are written alike."""
    first, last = f"{low:.3g}", f"{high:.3g}"
    return first if first == last else f"{first} to {last}"


def _attributes(
    model: Model, design: Scheme, found: Mapping[str, ActionValues], base: Mapping[str, Any]
) -> dict[str, Any]:
    """Attributes of the frame."""
    notes = [MEANING, PRIVATE, PUBLIC, SELECTION, ERRORS]
    notes += [f"{name}: against {own.against}, {AGAINST[own.against]}" for name, own in found.items()]
    if model.correlations:
        notes.append("parameters are correlated: knowing one is also to know more about those tied to it")
    laws = {name: parameter.law.describe() for name, parameter in model.parameters.items()}
    shares = {name: own.failed for name, own in found.items()}
    partial = {name: own.partial for name, own in found.items()}
    more = {"samples": design.samples, "seed": design.seed, "failed": shares, "partial": partial, "base": dict(base)}
    return attributes(model, notes, laws=laws, **more)
