"""How probable may it be that the other side stands firm, for standing firm to pay still, and what moves that limit?

The critical risk of Ellsberg (1961, American Economic Review 51; Snyder and Diesing 1977, Conflict Among Nations): a
player who stands firm against an opponent who may yield gains ``u(firm|yields) - u(comply|yields)`` where it yields
and loses ``u(comply|firm) - u(firm|firm)`` where it does not. It does best to stand firm as long as the probability
that the opponent stands firm is at most ``gain / (gain + loss)``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.provenance import attributes, values_used
from gametheory.analyses.robustness.jets import exact_values, payoff_slopes
from gametheory.analyses.robustness.spreads import payoff_parameters
from gametheory.errors import InputError, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["critical_risk", "critical_risk_elasticities"]

AnyArray = NDArray[Any]
Number = float | Fraction

TIE = 1e-11  # a difference below this share of the two payoffs compared is rounding; not applied to fractions
PAIRS = ("neighbouring", "all")
BELOW, ABOVE = "pays below", "pays above"
ALWAYS, NEVER, UNDEFINED = "always firm", "never firm", "undefined"
WHO = ["player", "firm", "comply", "opponent", "opponent_firm", "opponent_yields"]


class Setting(NamedTuple):
    """Who stands firm by which action against whom; ``actions`` are those of all players, both sides standing firm."""

    player: int
    firm: int
    comply: int
    opponent: int
    opponent_firm: int
    opponent_yields: int
    actions: tuple[int, ...]
    told_by: str

    def corner(self, *, firm: bool, opponent_firm: bool) -> tuple[int, ...]:
        """The place of one of the four payoffs in ``[player, a1, a2, ...]``."""
        cell = list(self.actions)
        cell[self.player] = self.firm if firm else self.comply
        cell[self.opponent] = self.opponent_firm if opponent_firm else self.opponent_yields
        return (self.player, *cell)

    @property
    def mirrored(self) -> tuple[int, ...]:
        """The same question as the opponent puts it."""
        return (self.opponent, self.opponent_firm, self.opponent_yields, self.player, self.firm, self.comply)


class Limit(NamedTuple):
    """What standing firm gains and loses, and up to which probability it pays."""

    gain: Number
    loss: Number
    critical: Number | None
    status: str
    reason: str


def critical_risk(
    model: Model,
    *,
    values: Mapping[str, Any] | None = None,
    pairs: str = "neighbouring",
    others: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The largest probability that the opponent stands firm at which each player does best to stand firm.

    One row for every pair of a player's actions and every pair of an opponent's, neighbours in the file or ``"all"``
    pairs. Of two actions the firm one is that which leaves the other side worse off whichever of its two actions it
    plays; where neither does, the later in the file (``told_by`` says which rule spoke).

    Columns: ``player``, ``firm``, ``comply``, ``opponent``, ``opponent_firm``, ``opponent_yields``, ``gain`` (by
    standing firm where the opponent yields), ``loss`` (where it does not), ``critical``, ``exact`` (the fraction where
    payoffs are rational, else empty), ``status``, ``reason``, ``resolve_gap``, ``told_by``. Where both gain and loss
    are positive, standing firm ``pays below`` the critical risk; where both are negative it ``pays above``. Else
    ``critical`` is missing: one of the two actions is as good or better whatever the opponent does (``always firm``,
    ``never firm``), or the question is ``undefined``, and ``reason`` says why. ``resolve_gap`` is the critical risk
    less that of the opponent in the same encounter, missing unless both pay below.

    Of three players or more, ``others`` fixes the actions of those who are neither; raises InputError where it does
    not, UnknownNameError for names that the model does not know.

    >>> from gametheory.reader import load
    >>> frame = critical_risk(load("reference_involvement"))
    >>> row = frame[(frame["firm"] == "bridge") & (frame["opponent_firm"] == "strike_nato_assets")].iloc[0]
    >>> row["status"], row["comply"]
    ('never firm', 'surge')
    """
    import pandas as pd

    strategic_only(model, "critical_risk")
    used = values_used(model, values)
    payoffs, _, exact = _payoffs(model, values, ())
    settings = _settings(model, payoffs, pairs, others)
    limits = [_limit(setting, payoffs) for setting in settings]
    gaps = _resolve_gaps(settings, limits)
    rows = [
        _row(model, setting, limit, gap, exact=exact)
        for setting, limit, gap in zip(settings, limits, gaps, strict=True)
    ]
    columns = [*WHO, "gain", "loss", "critical", "exact", "status", "reason", "resolve_gap", "told_by"]
    frame = pd.DataFrame(rows, columns=columns)
    numbers = ["gain", "loss", "critical", "resolve_gap"]
    frame[numbers] = frame[numbers].astype(float)
    notes = [
        "a critical risk supposes that the opponent plays one of the two actions named",
        "it is a limit of what a player can bear, no forecast of what the opponent does",
        "it stays where all payoffs of a player are scaled or shifted alike, not where only their order is kept",
        *(f"{name} plays {action} throughout" for name, action in (others or {}).items()),
    ]
    frame.attrs.update(attributes(model, notes, parameters=used, pairs=pairs))
    return frame


def critical_risk_elasticities(
    model: Model,
    *,
    values: Mapping[str, Any] | None = None,
    pairs: str = "neighbouring",
    others: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """How each parameter moves each critical risk: its derivative, and its elasticity in per cent a per cent.

    One row for every critical risk of `critical_risk` and every parameter that the payoffs rest on. Columns: those that
    say who stands firm against whom, ``status``, ``critical``, ``parameter``, ``value``, ``derivative`` (by automatic
    differentiation of the formulas, fractions where payoffs are rational: ``exact``), ``elasticity`` (derivative times
    value over critical risk). At a corner of ``min``, ``max``, ``abs``, ``where`` or ``clip`` the derivative is that of
    one side. Options and errors are those of `critical_risk`.
    """
    import pandas as pd

    strategic_only(model, "critical_risk_elasticities")
    used = values_used(model, values)
    names = payoff_parameters(model)
    payoffs, slopes, exact = _payoffs(model, values, names)
    rows: list[dict[str, Any]] = []
    for setting in _settings(model, payoffs, pairs, others):
        limit = _limit(setting, payoffs)
        if limit.critical is None:
            continue
        first = {**_names(model, setting), "status": limit.status, "critical": float(limit.critical)}
        for place, name in enumerate(names):
            slope = float(_slope(setting, limit, slopes[place]))
            known = math.isfinite(slope)
            elasticity = slope * used[name] / float(limit.critical)
            number = {"parameter": name, "value": used[name], "derivative": slope, "elasticity": elasticity}
            rows.append({**first, **number, "exact": exact and known})
    columns = [*WHO, "status", "critical", "parameter", "value", "derivative", "elasticity", "exact"]
    numbers = dict.fromkeys(("critical", "value", "derivative", "elasticity"), float)
    frame = pd.DataFrame(rows, columns=columns).astype({**numbers, "exact": bool})
    notes = [
        "elasticity 2: if the parameter were 1 % larger, all else equal, the critical risk would be about 2 % larger",
    ]
    frame.attrs.update(attributes(model, notes, parameters=used, pairs=pairs))
    return frame


def _payoffs(model: Model, values: Mapping[str, Any] | None, names: Sequence[str]) -> tuple[AnyArray, AnyArray, bool]:
    """Payoffs and slopes at one point, and whether they are fractions."""
    if model.rational:
        try:
            return (*payoff_slopes(model, exact_values(model, values), names, exact=True), True)
        except ZeroDivisionError:  # the doubles tell which payoff is infinite
            return (*payoff_slopes(model, values_used(model, values), names), False)
    return (*payoff_slopes(model, values_used(model, values), names), False)


def _settings(model: Model, payoffs: AnyArray, pairs: str, others: Mapping[str, str] | None) -> list[Setting]:
    """Every encounter that is asked about."""
    if pairs not in PAIRS:
        raise InputError(f"pairs: {pairs!r}, expected one of {', '.join(PAIRS)}{did_you_mean(pairs, PAIRS)}")
    held = _held(model, others or {})
    found = []
    for player, opponent in product(range(len(model.players)), repeat=2):
        if player == opponent or {player, opponent} & set(held):
            continue
        actions = [held.get(place, 0) for place in range(len(model.players))]
        own, its = (_pairs(len(model.players[one].actions), pairs) for one in (player, opponent))
        for mine, theirs in product(own, its):
            firm, comply, by_harm = _firmer(payoffs, actions, (player, mine), (opponent, theirs))
            opponent_firm, yields, also = _firmer(payoffs, actions, (opponent, theirs), (player, mine))
            cell = list(actions)
            cell[player], cell[opponent] = firm, opponent_firm
            told_by = "harm" if by_harm and also else "order of the file"
            found.append(Setting(player, firm, comply, opponent, opponent_firm, yields, tuple(cell), told_by))
    return found


def _held(model: Model, others: Mapping[str, str]) -> dict[int, int]:
    """The players whose actions are given; raises where the question is not one between two players."""
    names = [player.name for player in model.players]
    for name in others:
        if name not in names:
            raise UnknownNameError(f"others: no player named {name!r}{did_you_mean(name, names)}")
    free = [name for name in names if name not in others]
    if len(free) != 2:
        raise InputError(
            f"others: {len(free)} of {len(names)} players are left, {', '.join(free) or 'none'}; critical risk is a "
            "question between two: give an action for each of the others, and for none of these two"
        )
    return {names.index(name): _known_action(model, names.index(name), action) for name, action in others.items()}


def _known_action(model: Model, player: int, action: str) -> int:
    """The number of an action; raises UnknownNameError where the player has none of this name."""
    own = model.players[player]
    if action not in own.actions:
        known = ", ".join(own.actions)
        raise UnknownNameError(
            f"others: {own.name} has no action {action!r}; expected one of {known}{did_you_mean(action, own.actions)}"
        )
    return own.actions.index(action)


def _pairs(count: int, pairs: str) -> list[tuple[int, int]]:
    """Pairs of actions, the earlier first."""
    return list(pairwise(range(count)) if pairs == "neighbouring" else combinations(range(count), 2))


def _firmer(
    payoffs: AnyArray, actions: list[int], own: tuple[int, tuple[int, int]], other: tuple[int, tuple[int, int]]
) -> tuple[int, int, bool]:
    """The firm and the complying action of a pair, and whether harm to the other side tells them apart."""
    (player, (first, second)), (opponent, theirs) = own, other

    def suffered(action: int, answer: int) -> Any:
        cell = list(actions)
        cell[player], cell[opponent] = action, answer
        return payoffs[(opponent, *cell)]

    losses = [suffered(first, answer) - suffered(second, answer) for answer in theirs]  # positive: the second harms
    if all(loss <= 0 for loss in losses) and any(loss < 0 for loss in losses):
        return first, second, True
    return second, first, all(loss >= 0 for loss in losses) and any(loss > 0 for loss in losses)


def _limit(setting: Setting, payoffs: AnyArray) -> Limit:
    """Gain, loss and critical risk of one encounter."""
    corners = {
        (firm, other): payoffs[setting.corner(firm=firm, opponent_firm=other)]
        for firm, other in product((True, False), repeat=2)
    }
    if not all(math.isfinite(corner) for corner in corners.values()):
        return Limit(math.nan, math.nan, None, UNDEFINED, "a payoff is not a finite number")
    gain = _difference(corners[True, False], corners[False, False])
    loss = _difference(corners[False, True], corners[True, True])
    if gain > 0 and loss > 0:
        return Limit(gain, loss, gain / (gain + loss), BELOW, "")
    if gain < 0 and loss < 0:
        return Limit(gain, loss, gain / (gain + loss), ABOVE, "standing firm pays only against a firm opponent")
    return Limit(gain, loss, None, *_one_sided(gain, loss))


def _difference(first: Number, second: Number) -> Number:
    """By how much one payoff exceeds another; of floats, zero where it is only the rounding of these two."""
    if isinstance(first, Fraction) and isinstance(second, Fraction):
        return first - second
    own, other = float(first), float(second)
    return 0.0 if abs(own - other) <= TIE * max(abs(own), abs(other)) else own - other


def _one_sided(gain: Number, loss: Number) -> tuple[str, str]:
    """Status and reason where one action is at least as good whatever the opponent does."""
    if gain == 0 and loss == 0:
        return UNDEFINED, "both actions pay the same whatever the opponent does"
    status, word = (ALWAYS, "standing firm") if gain >= 0 and loss <= 0 else (NEVER, "complying")
    if gain != 0 and loss != 0:
        return status, f"{word} pays more whatever the opponent does"
    tied, decided = ("yields", "stands firm") if gain == 0 else ("stands firm", "yields")
    return status, f"{word} pays more if the opponent {decided}, and both pay the same if it {tied}"


def _slope(setting: Setting, limit: Limit, slopes: AnyArray) -> Number:
    """The derivative of the critical risk in one parameter, by the rule for quotients."""
    gain = (
        slopes[setting.corner(firm=True, opponent_firm=False)] - slopes[setting.corner(firm=False, opponent_firm=False)]
    )
    loss = (
        slopes[setting.corner(firm=False, opponent_firm=True)] - slopes[setting.corner(firm=True, opponent_firm=True)]
    )
    slope: Number = (gain * limit.loss - limit.gain * loss) / (limit.gain + limit.loss) ** 2
    return slope


def _resolve_gaps(settings: Sequence[Setting], limits: Sequence[Limit]) -> list[Number | None]:
    """Each critical risk less that of the opponent in the same encounter, where both are limits from above."""
    by_question: dict[tuple[int, ...], Limit] = {
        setting[:6]: limit for setting, limit in zip(settings, limits, strict=True)
    }
    gaps: list[Number | None] = []
    for setting, limit in zip(settings, limits, strict=True):
        mirror = by_question[setting.mirrored]
        if limit.critical is None or mirror.critical is None or {limit.status, mirror.status} != {BELOW}:
            gaps.append(None)
        else:
            gaps.append(limit.critical - mirror.critical)
    return gaps


def _names(model: Model, setting: Setting) -> dict[str, str]:
    """Who stands firm against whom, by name."""
    own, its = model.players[setting.player], model.players[setting.opponent]
    names = (own.name, own.actions[setting.firm], own.actions[setting.comply])
    return dict(
        zip(
            WHO,
            (*names, its.name, its.actions[setting.opponent_firm], its.actions[setting.opponent_yields]),
            strict=True,
        )
    )


def _row(model: Model, setting: Setting, limit: Limit, gap: Number | None, *, exact: bool) -> dict[str, Any]:
    """One row of the frame."""
    known = limit.critical is not None
    return {
        **_names(model, setting),
        "gain": float(limit.gain),
        "loss": float(limit.loss),
        "critical": float(limit.critical) if limit.critical is not None else np.nan,
        "exact": str(limit.critical) if exact and known else "",
        "status": limit.status,
        "reason": limit.reason,
        "resolve_gap": np.nan if gap is None else float(gap),
        "told_by": setting.told_by,
    }
