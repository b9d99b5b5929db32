"""Which action is the other player likely to take, as far as the uncertainty about its payoffs lets us say?

Adversarial risk analysis (Rios Insua, Rios and Banks 2009, Journal of the American Statistical Association 104): the
other player maximises its own expected payoff, which the analyst knows only up to a law; the law of its payoffs gives a
law of its choice. Where it sees the player's action it answers by a best reply. Where it does not, it needs a belief
about that action, and so on without end; ``depth`` says where that is cut:

1. its belief is any mixture of the player's actions, all equally likely (uniform on the simplex);
2. its belief is what a forecast of depth 1 says of the player, from the law of the player's payoffs, and so forth. The
   other player is taken to know that law, and its own payoffs.

A forecast is a share of the draws under the assumptions of the model, not the chance of an event.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.choosing.action_values import chosen_player
from gametheory.analyses.choosing.mean_games import drawn_payoffs
from gametheory.analyses.provenance import attributes
from gametheory.designs import Scheme, scheme as make_scheme
from gametheory.errors import InputError
from gametheory.estimators import choice
from gametheory.kernels.payoffs import as_good
from gametheory.parameters import stream

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["forecast", "forecast_payoffs"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

BELIEF_KEY = 13  # key of the random beliefs beside other random numbers
NOT_SEEN = ""  # in the column of the player's action, where the opponent does not see it
TIES = (
    "lower: the share of the draws in which the action is the only best one for the opponent; upper: in which it is "
    "one of the best; whatever breaks ties, the forecast lies between them"
)
NO_CHANCE = (
    "shares are of the draws from the laws of the model: they say what the opponent would do if it maximised payoffs "
    "as the model writes them, not how probable its acts are in the world"
)
COLUMNS = ["player", "opponent", "order", "depth", "action", "reply", "lower", "upper", "lower_se", "upper_se"]


class Answer(NamedTuple):
    """Which replies are best in every draw to every action that is seen: ``bool[draw, action, reply]``.

    Where the action is not seen, the axis of the actions has length 1.
    """

    best: BoolArray
    own: FloatArray  # the player's payoff [draw, action, reply]
    draws: int


def forecast(
    model: Model,
    *,
    player: str | None = None,
    order: str | None = None,
    depth: int = 1,
    samples: int = 16_384,
    seed: int = 0,
    scheme: Scheme | None = None,
) -> pd.DataFrame:
    """How often each action is best for the other player of two, given the action it sees or its belief about it.

    ``player`` is the one who forecasts, by default the first; ``order`` its own name (the opponent sees the action; the
    default) or "simultaneous" (it does not). ``depth`` counts only there. Columns: ``player``, ``opponent``, ``order``,
    ``depth`` (0 where the action is seen), ``action`` (the one seen, or empty), ``reply``, ``lower`` and ``upper`` with
    ``lower_se`` and ``upper_se``. Draws whose payoffs are not finite count as neither and stand under ``failed`` in the
    attributes.

    >>> from gametheory.reader import load
    >>> frame = forecast(load("reference_involvement"), samples=500)
    >>> bool((frame.groupby("action")["upper"].sum() >= 1.0 - 1e-9).all())
    True
    """
    import pandas as pd

    strategic_only(model, "forecast")
    place, chosen, design = _question(model, player, order, samples, seed, scheme)
    found = _answer(model, place, chosen, depth, design)
    rows = []
    only = found.best & (found.best.sum(axis=2, keepdims=True) == 1)
    for number in range(found.best.shape[1]):
        ends = [choice.share(side[:, number], found.draws) for side in (only, found.best)]
        errors = [choice.standard_errors(end.influence, len(end.value)) for end in ends]
        seen = model.players[place].actions[number] if chosen != "simultaneous" else NOT_SEEN
        for reply, name in enumerate(model.players[1 - place].actions):
            row = {**_named(model, place, chosen, depth), "action": seen, "reply": name}
            row |= {"lower": float(ends[0].value[reply]), "upper": float(ends[1].value[reply])}
            rows.append({**row, "lower_se": float(errors[0][reply]), "upper_se": float(errors[1][reply])})
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame.attrs.update(_attributes(model, design, found))
    return frame


def forecast_payoffs(
    model: Model,
    *,
    player: str | None = None,
    order: str | None = None,
    depth: int = 1,
    samples: int = 16_384,
    seed: int = 0,
    scheme: Scheme | None = None,
) -> pd.DataFrame:
    """What each action of the player pays on average against the forecast of `forecast`; options as there.

    Columns: ``player``, ``opponent``, ``order``, ``depth``, ``action``, ``lower`` and ``upper`` (over the opponent's
    equally good actions) with ``lower_se`` and ``upper_se``; ``gap_lower`` and ``gap_upper``, how far the action is
    ahead of the best other one, with ``gap_lower_se`` and ``gap_upper_se``. What the opponent does and what it costs
    the player are taken from the same draw, so that parameters that enter both are not taken for independent.
    """
    import pandas as pd

    strategic_only(model, "forecast_payoffs")
    place, chosen, design = _question(model, player, order, samples, seed, scheme)
    found = _answer(model, place, chosen, depth, design)
    ends = {"lower": np.where(found.best, found.own, np.inf).min(axis=2)}
    ends["upper"] = np.where(found.best, found.own, -np.inf).max(axis=2)
    columns: dict[str, FloatArray] = {}
    for end, values in ends.items():
        criterion = choice.expected(values)
        gap, error, _ = choice.gaps(criterion, larger_is_better=True)
        own_error = choice.standard_errors(criterion.influence, len(gap))
        columns |= {end: criterion.value, f"{end}_se": own_error, f"gap_{end}": gap, f"gap_{end}_se": error}
    named = [{**_named(model, place, chosen, depth), "action": action} for action in model.players[place].actions]
    frame = pd.concat([pd.DataFrame(named), pd.DataFrame(columns)], axis=1)
    ordered = [f"{part}{end}{tail}" for part in ("", "gap_") for tail in ("", "_se") for end in ("lower", "upper")]
    frame = frame[["player", "opponent", "order", "depth", "action", *ordered]]
    frame.attrs.update(_attributes(model, design, found))
    return frame


def _question(
    model: Model, player: str | None, order: str | None, samples: int, seed: int, scheme: Scheme | None
) -> tuple[int, str, Scheme]:
    """Who forecasts, under which order, from which draws; raises InputError where the opponent cannot be forecast."""
    place = chosen_player(model, player)
    if len(model.players) != 2:
        raise InputError(f"a forecast is of the other player of two, and the model has {len(model.players)} players")
    name = model.players[place].name
    chosen = order or name
    if chosen not in {name, "simultaneous"}:
        raise InputError(f"order: {chosen!r}, expected {name!r} (its action is seen) or 'simultaneous' (it is not)")
    design = scheme or make_scheme("random", model, samples, seed)
    intervals = [own for own in model.parameters if own not in design.names]
    if intervals:
        raise InputError(f"{', '.join(intervals)}: an interval without probability; a forecast needs a law")
    return place, chosen, design


def _answer(model: Model, player: int, order: str, depth: int, design: Scheme) -> Answer:
    """The opponent's best actions in every draw."""
    if operator.index(depth) < 1:
        raise InputError(f"depth: {depth!r}, expected a whole number of at least 1")
    games, _ = drawn_payoffs(model, design)
    if not len(games):
        raise InputError("none of the draws has finite payoffs")
    draws = sum(design.rows(number) for number in range(design.blocks))
    own, its = (np.moveaxis(games.payoffs[:, k], player + 1, 1) for k in (player, 1 - player))
    if order == "simultaneous":
        its = _believed(own, its, depth, design.seed)
    best = as_good(its, its.max(axis=2, keepdims=True))
    return Answer(best, own, draws)


def _believed(own: FloatArray, its: FloatArray, depth: int, seed: int) -> FloatArray:
    """What each of its actions pays the opponent, ``float64[draw, 1, reply]``, under its belief about the player.

    At depth 1 every draw has a belief of its own; deeper, all share the forecast of the player, in which equally good
    actions are equally likely.
    """
    if depth == 1:
        waiting = -np.log1p(-stream(seed, BELIEF_KEY).random((len(its), its.shape[1])))  # uniform on the simplex
        belief = waiting / waiting.sum(axis=1, keepdims=True)
    else:
        mirrored = _believed(its.swapaxes(1, 2), own.swapaxes(1, 2), depth - 1, seed)[:, 0]
        best = as_good(mirrored, mirrored.max(axis=1, keepdims=True))
        shares = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
        belief = np.broadcast_to(shares, (len(its), its.shape[1]))
    return np.asarray(np.einsum("da,dab->db", belief, its)[:, np.newaxis])


def _named(model: Model, player: int, order: str, depth: int) -> dict[str, Any]:
    """What every row says of the question."""
    own, opponent = model.players[player].name, model.players[1 - player].name
    return {
        "player": own,
        "opponent": opponent,
        "order": order,
        "depth": depth if order == "simultaneous" else 0,
    }


def _attributes(model: Model, design: Scheme, found: Answer) -> dict[str, Any]:
    """Attributes of the frames."""
    laws = {name: parameter.law.describe() for name, parameter in model.parameters.items()}
    failed = 1.0 - len(found.own) / found.draws
    more = {"samples": design.samples, "seed": design.seed, "failed": failed, "laws": laws}
    return attributes(model, [TIES, NO_CHANCE], **more)
