"""Does a conclusion rest on the players' attitude to risk: averse, seeking, or measured from a reference point?

The payoffs of a model are averages; whoever maximises them is neutral to risk. Where a payoff formula says which chance
it averages over (see `gametheory.analyses.assumptions.lotteries`), the two outcomes are valued one by one here, and
the attitude decides what the lottery is worth. Every other payoff is taken as an amount that is paid for sure: to value
sure amounts anew keeps their order, so no equilibrium in actions and no path of play changes, only mixtures do.

An attitude is applied to every player alike, and takes the payoffs for amounts of something (such as money) whose value
bends; a reader to whom they are utilities already has no use for it. The mixed strategy of another player is weighed
with its plain probabilities, also in prospect theory: with decision weights there, best replies need not form convex
sets, and the solvers prove nothing about such games.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.assumptions.kinds import (
    Alternative,
    claim_cells,
    restricted_games,
    shared,
    solution_codes,
    solved,
)
from gametheory.analyses.assumptions.lotteries import Lotteries, lotteries, players_with_chance

if TYPE_CHECKING:
    from gametheory.analyses.assumptions.kinds import Codes, Design
    from gametheory.games import Games
    from gametheory.model import Claim, Model

__all__ = ["attitudes", "constant_aversion", "decision_weight", "prospect_value"]

FloatArray = NDArray[np.float64]
Valuation = Callable[[Lotteries], FloatArray]

FAMILY = "risk attitude"
SAME = 1e-9  # payoffs at the centre this close, relative to their size, are one reference point
AVERSIONS = (1.0, 4.0)  # over the player's range of outcomes; minus these for players who seek risk

# Tversky and Kahneman (1992), Journal of Risk and Uncertainty 5: the medians of what their subjects did.
POWER = 0.88  # of gains and of losses
LOSS_AVERSION = 2.25
GAIN_WEIGHT, LOSS_WEIGHT = 0.61, 0.69  # exponents of the decision weights


def attitudes(model: Model, claim: Claim) -> list[Alternative]:
    """Players with constant absolute risk aversion, averse and seeking, and players as prospect theory has them.

    >>> from gametheory.reader import load
    >>> model = load("reference_involvement")
    >>> [found.name for found in attitudes(model, model.claims["caution_prevails"])]
    ['averse 1', 'averse 4', 'seeking 1', 'seeking 4', 'all gains', 'all losses', 'gains and losses']
    """
    found = [_constant(model, sign * size) for sign in (1.0, -1.0) for size in AVERSIONS]
    found.append(_prospect(model, "all gains", "the worst outcome that the player can have", None, "worst"))
    found.append(_prospect(model, "all losses", "the best outcome that the player can have", None, "best"))
    return [*found, *_from_centre(model, claim)]


def constant_aversion(found: Lotteries, aversion: float) -> FloatArray:
    """The expected utility of every payoff with constant absolute risk aversion: ``float64[game, player, a1, ...]``.

    The utility of x is ``(1 - exp(-aversion t)) / aversion``, with t how far x lies from the player's worst outcome
    (0) to its best one (1) in that game. Aversion 0 gives back the expected t; below 0 the player seeks risk.

    >>> even = Lotteries(*(np.array([[[[own, 0.0]]]]) for own in (1.0, 0.0, 0.5)))
    >>> constant_aversion(even, 0.0)[0, 0, 0].tolist(), constant_aversion(even, 2.0)[0, 0, 0].round(4).tolist()
    ([0.5, 0.0], [0.2162, 0.0])
    """
    low = found.worst
    size = found.best - low
    size = np.where(size > 0.0, size, 1.0)

    def utility(amount: FloatArray) -> FloatArray:
        level = (amount - low) / size
        return level if abs(aversion) < np.finfo(np.float64).tiny else -np.expm1(-aversion * level) / aversion

    return _expected_utility(found, utility)


def prospect_value(found: Lotteries, reference: FloatArray) -> FloatArray:
    """What cumulative prospect theory makes of every payoff, gains and losses counted from ``reference``.

    Two outcomes of the same sign: the one nearer to the reference for sure, and the rest of the other with its decision
    weight; of different signs: each with its own weight (Tversky and Kahneman 1992).

    >>> even = Lotteries(*(np.array([[[[own, own]]]]) for own in (100.0, 0.0, 0.5)))
    >>> prospect_value(even, np.array([0.0, 50.0]))[0, 0, 0].round(2).tolist()
    [24.2, -18.79]
    """
    usual, other = found.usual - reference, found.other - reference
    swapped = other > usual
    high, low = np.where(swapped, other, usual), np.where(swapped, usual, other)
    chance_high = np.where(swapped, found.chance, 1.0 - found.chance)
    gain, loss = decision_weight(chance_high, GAIN_WEIGHT), decision_weight(1.0 - chance_high, LOSS_WEIGHT)
    best, worst = _bent(high), _bent(low)
    gains = gain * best + (1.0 - gain) * worst
    losses = loss * worst + (1.0 - loss) * best
    return np.where(low >= 0.0, gains, np.where(high <= 0.0, losses, gain * best + loss * worst))


def decision_weight(chance: FloatArray, power: float) -> FloatArray:
    """The weight of a chance in prospect theory: more than a small one, less than a large one.

    >>> decision_weight(np.array([0.0, 0.01, 0.5, 1.0]), 0.61).round(3).tolist()
    [0.0, 0.055, 0.421, 1.0]
    """
    with np.errstate(invalid="ignore"):
        raised = chance**power
        return np.asarray(raised / (raised + (1.0 - chance) ** power) ** (1.0 / power))


def _expected_utility(found: Lotteries, utility: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """The expected utility of every payoff."""
    with np.errstate(invalid="ignore"):
        return found._replace(usual=utility(found.usual), other=utility(found.other)).expected


def _bent(amount: FloatArray) -> FloatArray:
    """The value of gains and losses, before their weights."""
    size = np.abs(amount) ** POWER
    return np.where(amount >= 0.0, size, -LOSS_AVERSION * size)


def _constant(model: Model, aversion: float) -> Alternative:
    """All players with the same constant absolute risk aversion."""
    averse, size = aversion > 0.0, abs(aversion)
    level = -np.log1p(np.expm1(-aversion) / 2.0) / aversion
    said = (
        f"every player has constant absolute risk aversion {aversion:g} over its own range of outcomes in the draw: an "
        f"even chance of the worst and the best one is worth to it what lies {level:.0%} of the way up; "
        f"{_chances(model)}"
    )
    codes = _codes(("constant", aversion), lambda found: constant_aversion(found, aversion))
    return Alternative(f"{'averse' if averse else 'seeking'} {size:g}", FAMILY, said, codes)


def _prospect(model: Model, name: str, words: str, point: tuple[float, ...] | None, end: str = "") -> Alternative:
    """All players as prospect theory has them; the reference is a point, or an end of what each can have."""

    def value(found: Lotteries) -> FloatArray:
        if point is None:
            return prospect_value(found, found.best if end == "best" else found.worst)
        return prospect_value(found, np.reshape(point, (1, -1) + (1,) * (found.usual.ndim - 2)))

    said = (
        f"prospect theory with reference point {words}: gains and losses to the power {POWER:g}, losses "
        f"{LOSS_AVERSION:g} times as heavy, decision weights with powers {GAIN_WEIGHT:g} and {LOSS_WEIGHT:g}"
    )
    return Alternative(name, FAMILY, f"{said}; {_chances(model)}", _codes(("prospect", end, point), value))


def _from_centre(model: Model, claim: Claim) -> list[Alternative]:
    """Prospect theory with what the players get at the central values; with several solutions there, both ends."""
    solutions = solved(model.games(), order=claim.order)
    if not len(solutions):
        return []
    lowest, highest = (tuple(map(float, pick(solutions.payoffs, axis=0))) for pick in (np.min, np.max))
    said = "what the player gets at the central values under the claim's order of play"
    if np.allclose(lowest, highest, rtol=SAME, atol=0.0):
        return [_prospect(model, "gains and losses", f"{said} ({_numbers(model, lowest)})", lowest)]
    return [
        _prospect(model, f"gains and losses, {word}", f"{said}, {word} of several ({_numbers(model, point)})", point)
        for word, point in (("lowest", lowest), ("highest", highest))
    ]


def _numbers(model: Model, point: tuple[float, ...]) -> str:
    """A reference point in words."""
    return ", ".join(f"{player.name} {value:.4g}" for player, value in zip(model.players, point, strict=True))


def _chances(model: Model) -> str:
    """What is a lottery in this model."""
    names = players_with_chance(model)
    if not names:
        return "no payoff is written as a lottery, so all are taken for sure amounts and only mixtures can change"
    return f"the chance written inside the payoffs of {' and '.join(names)} is a lottery; mixtures keep plain odds"


def _codes(key: Hashable, value: Valuation) -> Codes:
    """How often a claim holds once the payoffs are valued anew."""
    return partial(_answers, key, value)


def _answers(
    key: Hashable, value: Valuation, model: Model, claim: Claim, games: Games, design: Design
) -> NDArray[np.int8]:
    """The codes of a claim in the games whose payoffs are valued anew."""
    found = shared(games, "lotteries", lambda: lotteries(model, games, design))
    valued = shared(games, key, lambda: replace(games, payoffs=value(found), exact=None, source=None))
    left = restricted_games(valued, claim)
    return solution_codes(claim, claim_cells(model, claim, left, design), solved(left, order=claim.order))
