"""Which action is ahead under which criterion, when neither the parameters nor the equilibrium is known?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.choosing.action_values import (
    AGAINST,
    LEVEL,
    ActionValues,
    FloatArray,
    action_values,
    block_values,
    chosen_player,
    reading,
)
from gametheory.analyses.provenance import attributes, orders_of
from gametheory.designs import Scheme, scheme as make_scheme
from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.estimators import choice
from gametheory.estimators.choice import Criterion
from gametheory.progress import Asked, shown

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["CRITERIA", "CURVES", "TAIL", "choice_curves", "choices", "values_by_order"]

TAIL = 0.1  # share of the draws that the mean of the worst takes in, and that exceeds the 90 % regret
ROUNDING = 1e-9  # of a threshold: payoffs that fall short of it by less reach it
NORMAL_95 = 1.96  # the normal distribution's 97.5 % point
POINTS = 101  # limits of a curve
OUTER = {"regret": 0.01, "payoff": 0.05}  # share that the limits of a curve leave out at an end
CURVES = ("regret", "payoff")

CRITERIA = MappingProxyType(
    {
        "expected": ("mean payoff over the draws", "larger"),
        "worst_case": ("lowest payoff of those drawn", "larger"),
        "tail_mean": ("mean payoff of the worst tenth of the draws", "larger"),
        "regret_mean": ("mean regret over the draws", "smaller"),
        "regret_90": ("regret that nine draws in ten do not exceed", "smaller"),
        "regret_max": ("largest regret of those drawn", "smaller"),
        "satisficing": ("share of the draws in which the payoff reaches the threshold", "larger"),
        "domain": ("share of the draws in which no other action pays more", "larger"),
    }
)
"""Criterion -> what it is, and whether a larger or a smaller number is better."""

COLUMNS = [
    "player", "order", "against", "action", "criterion", "better", "lower", "upper", "lower_se", "upper_se",
    "gap_lower", "gap_upper", "gap_lower_se", "gap_upper_se", "rival_lower", "rival_upper", "ahead", "front", "verdict",
]  # fmt: skip
BOUNDS = "lower and upper: over all that the others may do in each draw"
GAPS = (
    "a gap is how far an action is ahead of the best other one at the same end (negative: behind), with the standard "
    "error of the difference from the same draws; the worst case and the largest regret hang on single draws, have no "
    "error, and grow worse with more draws"
)
AHEAD = (
    "ahead whatever the others do: its worse end beats the better end of every other action, which is more than being "
    "ahead needs; leads and lags within 1.96 standard errors, or within rounding where there are none, do not count; "
    "front: whether no other action has both a better mean and a better worst case"
)
NO_ADVICE = (
    "criteria weigh the same draws differently and may put different actions ahead; none of them is a recommendation, "
    "and all are conditional on the model, its laws and the reading of the order of play"
)
NOTES = (BOUNDS, GAPS, AHEAD, NO_ADVICE)


class Ends(NamedTuple):
    """One criterion where each action pays its least and where it pays its most, and whether larger is better."""

    lower: Criterion
    upper: Criterion
    larger: bool


def choices(
    model: Model,
    *,
    player: str | None = None,
    order: str = "all",
    against: str | None = None,
    threshold: float | None = None,
    samples: int = 4096,
    seed: int = 0,
    scheme: Scheme | None = None,
    workers: int | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Every action of one player (the first, by default) under every criterion of `CRITERIA`, one row each.

    What choosing an action means, and what the others then do, `gametheory.analyses.choosing.action_values` defines:
    ``against`` is "replies" or "equilibrium", by default replies where the player moves first and equilibrium
    elsewhere; the column of this name says it of every row. ``threshold`` is what satisficing asks for, by default what
    the player can get at the central values in the equilibrium that is worst for it, under each order; it stands in the
    attributes.

    Columns: ``player``, ``order``, ``against``, ``action``, ``criterion``, ``better`` (larger or smaller), ``lower``
    and ``upper`` with ``lower_se`` and ``upper_se``; for either end ``gap``, its ``se`` and the ``rival`` that it is
    measured against (all of them where several are level); ``ahead`` ("whatever the others do", "at both ends", "at the
    lower values", "at the upper values" or "no") where the lead is beyond the error, ``front`` and ``verdict``, which
    says the gaps in words. Means and regrets are over the draws that could
    be solved; shares are of all draws, failed ones counted as neither and given in the attributes under ``failed``.
    ``ahead`` in the attributes lists the actions that no other leads beyond the error, criterion by criterion. A
    ``scheme`` gives the points instead of ``samples`` and ``seed``.

    >>> from gametheory.reader import load
    >>> frame = choices(load("reference_involvement"), order="nato", samples=200)
    >>> len(frame), bool((frame["lower"] <= frame["upper"]).all()), frame["against"].unique().tolist()
    (40, True, ['replies'])
    """
    import pandas as pd

    strategic_only(model, "choices")
    place = chosen_player(model, player)
    design = scheme or make_scheme("random", model, samples, seed)
    found = values_by_order(model, place, design, order, against, workers, progress)
    rows: list[dict[str, Any]] = []
    thresholds, ahead = {}, {}
    for name, values in found.items():
        thresholds[name] = central_value(model, place, values) if threshold is None else float(threshold)
        judged = judge(values, thresholds[name])
        own = [row for criterion, ends in judged.items() for row in _rows(values, criterion, ends)]
        front = _front(judged, values.actions)
        rows += [{**row, "front": front[row["action"]]} for row in own]
        ahead[name] = _leaders(own)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame.attrs.update(_attributes(model, design, found, thresholds=thresholds, ahead=ahead))
    return frame


def choice_curves(
    model: Model,
    *,
    of: str = "regret",
    player: str | None = None,
    order: str = "all",
    against: str | None = None,
    samples: int = 4096,
    seed: int = 0,
    scheme: Scheme | None = None,
    workers: int | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Share of the draws in which the regret of each action stays at or below a limit, or its payoff reaches one.

    ``of`` is "regret" or "payoff" (the satisficing curve). Columns: ``player``, ``order``, ``against``, ``action``,
    ``of``, ``limit``, ``lower`` (whatever the others do) and ``upper`` (for something that they may do), with
    ``lower_se`` and ``upper_se``. Limits of payoffs run from the value that one in twenty of all payoffs falls short
    of to the one that one in twenty exceeds; limits of regret grow by even factors from a small one, which one in a
    hundred of the regrets above none falls short of, to the largest. Options as of `choices`; draws that could not be
    solved count as neither.
    """
    import pandas as pd

    strategic_only(model, "choice_curves")
    if of not in CURVES:
        raise UnknownNameError(f"of: no curve of {of!r}; expected {' or '.join(CURVES)}{did_you_mean(of, CURVES)}")
    place = chosen_player(model, player)
    design = scheme or make_scheme("random", model, samples, seed)
    found = values_by_order(model, place, design, order, against, workers, progress)
    parts = []
    for name, own in found.items():
        limits, sides = _curve(own, of)
        for number, action in enumerate(own.actions):
            columns = {"of": np.full(POINTS, of), "limit": limits}
            for end, side in zip(("lower", "upper"), sides, strict=True):
                share = np.searchsorted(np.sort(side[:, number]), limits, side="right") / own.draws
                columns |= {end: share, f"{end}_se": np.sqrt(share * (1.0 - share) / own.draws)}
            if of == "payoff":
                columns["limit"] = -limits + 0.0  # without the sign of a zero
            named = {"player": own.player, "order": name, "against": own.against, "action": action}
            parts.append(pd.DataFrame({**named, **columns}))
    frame = pd.concat(parts, ignore_index=True)
    frame.attrs.update(_attributes(model, design, found))
    return frame


def _curve(values: ActionValues, of: str) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
    """The limits, and what must stay at or below them at the lower and at the upper share.

    A payoff reaches a threshold where its negative stays at or below the negative of the threshold.
    """
    own = values.values
    if of == "payoff":
        both = np.concatenate([own.lower, own.upper])
        high, low = np.quantile(both, [1.0 - OUTER[of], OUTER[of]]).tolist()
        limits = -np.linspace(high, low, POINTS)
        return limits + _slack(limits), (-own.lower, -own.upper)
    some = np.concatenate([own.least, own.most])
    some = some[some > 0.0]
    low, high = np.quantile(some, [OUTER[of], 1.0]).tolist() if len(some) else (1.0, 1.0)
    return np.geomspace(low, high, POINTS), (own.most, own.least)


def values_by_order(
    model: Model,
    player: int,
    design: Scheme,
    order: str,
    against: str | None,
    workers: int | None,
    progress: Asked,
) -> dict[str, ActionValues]:
    """What each action pays in every draw, order by order; ``progress`` is told the points of all orders together."""
    names = orders_of(model, order)
    for name in names:
        reading(model, player, name, against)
    found = {}
    with shown(progress, "values of actions") as report:
        for number, name in enumerate(names):

            def step(done: int, count: int, before: int = number) -> None:
                if report is not None:
                    report(before * count + done, len(names) * count)

            own = action_values(model, player, design, order=name, against=against, workers=workers, progress=step)
            found[name] = own
    return found


def central_value(model: Model, player: int, values: ActionValues) -> float:
    """What the player can get at the central values in the equilibrium, or with the replies, that are worst for it.

    Raises InputError where that game could not be solved.
    """
    found = block_values(model.games(), player, values.order, values.against)
    if not found.solved[0]:
        raise InputError(f"threshold: the central game could not be solved under {values.order!r}; give a threshold")
    return float(found.worst[0].max())


def judge(values: ActionValues, threshold: float) -> dict[str, Ends]:
    """Every criterion of `CRITERIA`, at the lower and the upper values."""
    own, draws = values.values, values.draws
    pays = (own.lower, own.upper)
    loses = (own.least, own.most)
    reached = threshold - float(_slack(np.array(threshold)))
    both = {
        "expected": [choice.expected(side) for side in pays],
        "worst_case": [choice.smallest(side) for side in pays],
        "tail_mean": [choice.tail_mean(side, TAIL) for side in pays],
        "regret_mean": [choice.expected(side) for side in loses],
        "regret_90": [choice.quantile(side, 1.0 - TAIL) for side in loses],
        "regret_max": [choice.largest(side) for side in loses],
        "satisficing": [choice.share(side >= reached, draws) for side in pays],
        "domain": [choice.share(side <= 0.0, draws) for side in reversed(loses)],
    }
    return {name: Ends(low, high, CRITERIA[name][1] == "larger") for name, (low, high) in both.items()}


def _rows(values: ActionValues, criterion: str, ends: Ends) -> list[dict[str, Any]]:
    """One criterion of every action as rows."""
    count = len(values.actions)
    both = (ends.lower, ends.upper)
    compared = [choice.gaps(end, larger_is_better=ends.larger) for end in both]
    errors = [choice.standard_errors(end.influence, count) for end in both]
    rows = []
    for number, action in enumerate(values.actions):
        row: dict[str, Any] = {"player": values.player, "order": values.order, "against": values.against}
        row |= {"action": action, "criterion": criterion, "better": CRITERIA[criterion][1]}
        for place, end in enumerate(("lower", "upper")):
            gap, gap_error, rival = compared[place]
            row |= {end: float(both[place].value[number]), f"{end}_se": float(errors[place][number])}
            lead, error = float(gap[number]), float(gap_error[number])
            size = float(np.abs(both[place].value[[number, rival[number]]]).max())
            row |= {f"gap_{end}": 0.0 if abs(lead) <= LEVEL * size else lead, f"gap_{end}_se": error}
            row[f"rival_{end}"] = _rivals(both[place].value, number, int(rival[number]), values.actions)
            row[f"beyond_{end}"] = _beyond(lead, error, size)
        row["ahead"] = _ahead(ends, number, row)
        rows.append({**row, "verdict": verdict(row)})
    return rows


def _ahead(ends: Ends, number: int, row: Mapping[str, Any]) -> str:
    """Where an action is ahead of every other one by more than the error."""
    if len(ends.lower.value) == 1 or _surely(ends, number):
        return "whatever the others do"
    at = [end for end in ("lower", "upper") if row[f"beyond_{end}"] > 0]
    return "at both ends" if len(at) == 2 else f"at the {at[0]} values" if at else "no"


def _surely(ends: Ends, number: int) -> bool:
    """Whether the worse end of an action beats the better end of every other by more than the error."""
    worse, better = (ends.lower, ends.upper) if ends.larger else (ends.upper, ends.lower)
    sign = 1.0 if ends.larger else -1.0
    for other in range(len(worse.value)):
        if other == number:
            continue
        error = float("nan")
        if worse.influence is not None and better.influence is not None:
            between = worse.influence[:, [number]] - better.influence[:, [other]]
            error = float(choice.standard_errors(between, 1)[0])
        mine, theirs = sign * float(worse.value[number]), sign * float(better.value[other])
        if _beyond(mine - theirs, error, max(abs(mine), abs(theirs))) <= 0:
            return False
    return True


def _beyond(gap: float, error: float, size: float) -> int:
    """1 where a gap is ahead by more than the error, -1 where it is behind by more, else 0.

    >>> [_beyond(gap, 0.01, 1.0) for gap in (0.03, 0.01, -0.03)], _beyond(1e-12, float("nan"), 1.0)
    ([1, 0, -1], 0)
    """
    least = max(LEVEL * size, 0.0 if math.isnan(error) else NORMAL_95 * error)
    return int(gap > least) - int(gap < -least)


def _rivals(values: FloatArray, number: int, rival: int, actions: Sequence[str]) -> str:
    """The best other actions, all that are level with the best up to rounding."""
    if rival < 0:
        return ""
    level = np.abs(values - values[rival]) <= LEVEL * abs(values[rival])
    return " and ".join(action for k, action in enumerate(actions) if level[k] and k != number)


def verdict(row: Mapping[str, Any]) -> str:
    """The gaps of a row in words; what the draws cannot tell from none is said to be so.

    >>> verdict({"gap_lower": 0.1234, "gap_lower_se": 0.01, "rival_lower": "surge", "gap_upper": -0.01,
    ...          "gap_upper_se": 0.02, "rival_upper": "bridge"})
    'ahead of surge by 0.123 at the lower values; behind bridge by 0.01, within the error, at the upper values'
    """
    said = [_said(row[f"gap_{end}"], row[f"gap_{end}_se"], row[f"rival_{end}"]) for end in ("lower", "upper")]
    if said[0] == said[1]:
        return said[0]
    return "; ".join(f"{text} at the {end} values" for text, end in zip(said, ("lower", "upper"), strict=True))


def _said(gap: float, error: float, rival: str) -> str:
    """One gap in words."""
    if not rival:
        return "the only action"
    if not abs(gap) > 0.0:
        return f"level with {rival}"
    close = "" if math.isnan(error) or abs(gap) > NORMAL_95 * error else ", within the error,"
    return f"{'ahead of' if gap > 0 else 'behind'} {rival} by {abs(gap):.3g}{close}"


def _front(judged: Mapping[str, Ends], actions: Sequence[str]) -> dict[str, str]:
    """Where each action is on the front of the mean and the worst case."""
    mean, worst = judged["expected"], judged["worst_case"]
    on = [choice.front(a.value, b.value) for a, b in ((mean.lower, worst.lower), (mean.upper, worst.upper))]
    words = {(True, True): "at both ends", (True, False): "at the lower values", (False, True): "at the upper values"}
    return {action: words.get((bool(on[0][k]), bool(on[1][k])), "no") for k, action in enumerate(actions)}


def _leaders(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """Criterion -> end -> the actions that no other is ahead of there by more than the error."""
    leaders: dict[str, dict[str, list[str]]] = {name: {"lower": [], "upper": []} for name in CRITERIA}
    for row in rows:
        for end in ("lower", "upper"):
            if not row[f"beyond_{end}"] < 0:
                leaders[row["criterion"]][end].append(row["action"])
    return leaders


def _slack(threshold: FloatArray) -> FloatArray:
    """What a payoff may fall short of a threshold by rounding."""
    return np.asarray(ROUNDING * np.abs(threshold))


def _attributes(model: Model, design: Scheme, found: Mapping[str, ActionValues], **more: Any) -> dict[str, Any]:
    """Attributes of a frame about the actions of one player."""
    notes = [*NOTES, *(f"{name}: against {own.against}, {AGAINST[own.against]}" for name, own in found.items())]
    first = next(iter(found.values()))
    notes.append(f"draws of a {design.kind} design; standard errors are those of as many independent draws")
    if model.constraints:
        kept = f"{first.draws:,} of {first.tried:,} points"
        notes.append(f"draws keep the constraints {', '.join(model.constraints)}, as {kept} did")
    if len(first.cover) > 1:
        names = ", ".join(first.cover[0])
        notes.append(
            f"each draw is repeated at {len(first.cover)} points of the intervals of {names}, which the bounds span"
        )
    shares: dict[str, Any] = {
        "failed": {name: own.failed for name, own in found.items()},
        "partial": {name: own.partial for name, own in found.items()},
        "laws": {name: parameter.law.describe() for name, parameter in model.parameters.items()},
    }
    return attributes(model, notes, samples=design.samples, seed=design.seed, **shares, **more)
