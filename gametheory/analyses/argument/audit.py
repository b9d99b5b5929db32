"""How well does each claim stand: where it holds, what decides it, and which smallest error would overturn it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gametheory.analyses.argument.claims import claims
from gametheory.analyses.assumptions.borne_out import against, in_favour
from gametheory.analyses.influence.drivers import drivers, leading_index
from gametheory.analyses.provenance import attributes
from gametheory.analyses.robustness.least_change import least_change
from gametheory.analyses.robustness.single_changes import SingleChange, single_changes
from gametheory.analyses.shares.stages import stages
from gametheory.progress import Asked, Progress, shown
from gametheory.study import ALL, NONE, SOME, Study

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["audit"]

HOLDS_IN = {NONE: "none", SOME: "some", ALL: "all"}
PLACES = {"analytic": 129, "extensive": 17}  # looked at along each parameter where games take long to solve
ENOUGH = 30  # exchanges that change the answer, below which no driver is named
WORTH = 0.1  # share of the variance that a parameter must take part in to be named
MOST = 3  # parameters named
DECIDED = (
    "decided_by: the parameters whose exchange changes the claim's truth most often; none where fewer than "
    f"{ENOUGH} exchanges change it, or where no parameter takes part in {100 * WORTH:.0f} % of the variance"
)
COLUMNS = (
    "claim", "text", "essay", "contested", "order", "base", "all", "some", "none", "failed", "se",
    "decided_by", "nearest", "distance", "alternatives", "survives", "overturned_by", "verdict",
)  # fmt: skip


def audit(
    model: Model,
    *,
    samples: int = 4096,
    seed: int = 0,
    run: Study | None = None,
    driving: pd.DataFrame | None = None,
    alternatives: pd.DataFrame | None = None,
    progress: Asked = None,
) -> pd.DataFrame:
    """Every claim of a model over the whole uncertainty, one row a claim, each under the claim's own order of play.

    Columns: those of `claims` (``all``, ``some``, ``none`` and ``failed`` are shares of ``samples`` draws, or of those
    of ``run``), ``decided_by`` (up to three parameters in whose exchange the claim's truth changes most, by the total
    index of `drivers` from as many base points, or of its frame ``driving``; where parameters are tied those with the
    largest Shapley shares; empty where the sample does not tell),
    ``nearest`` (the smallest change of one assumption, all others at their central values, that overturns what the
    claim is there, in words) with its ``distance`` in spreads, missing where none was found, ``alternatives`` (under
    how many other assumptions about how the game is played the claim was tested: those in the frame ``alternatives`` of
    the analysis of that name, none without it), ``survives`` (how many of them leave its answer as it is, be it that it
    holds or that it fails), ``overturned_by`` (the names of those under which it does not survive, without those under
    which it keeps holding where it held and only holds more often or fails less often) and ``verdict``, a conditional
    sentence.

    ``progress`` is called with the draws done and their number, those of `drivers` included. A model without claims
    gives an empty frame.

    >>> from gametheory.reader import load
    >>> row = audit(load("reference_involvement"), samples=512).set_index("claim").loc["troops_force_retreat"]
    >>> row["decided_by"][0], row["base"]
    ('escalation_risk', 'all')
    """
    import pandas as pd

    steps = 0 if run is not None else samples, 0 if driving is not None or not model.claims else _bases(model) * samples
    with shown(progress, "audit") as report:
        answered, exchanged = stages(report, *steps)
        shares = claims(model, samples=samples, seed=seed, run=run, progress=answered)
        deciding = _deciding(model, samples, seed, driving, exchanged) if len(shares) else {}
    changes = single_changes(model, PLACES[model.form]) if len(shares) and model.form in PLACES else None
    rows: list[dict[Any, Any]] = []
    for own in shares.to_dict("records"):
        name = str(own["claim"])
        decided = deciding.get(name, ())
        nearest, distance = _nearest(model, name, changes)
        tested = _tested(alternatives, name)
        verdict = _verdict(own, decided, nearest, tested)
        found = {"decided_by": decided, "nearest": nearest, "distance": distance, **tested}
        rows.append({**own, **found, "verdict": verdict})
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"distance": float})
    notes = [
        *shares.attrs["notes"],
        DECIDED,
        "nearest: one assumption moved alone from its central value; several together may need to move less",
    ]
    own_attributes = ("model", "digest", "version", "notes")
    more = {str(key): value for key, value in shares.attrs.items() if key not in own_attributes}
    frame.attrs.update(attributes(model, notes, **more))
    return frame


def _bases(model: Model) -> int:
    """How many points are answered for a base point of `drivers`: two, and one for each exchange."""
    return 2 + len(model.joint.factors)


def _deciding(
    model: Model,
    samples: int,
    seed: int,
    driving: pd.DataFrame | None,
    progress: Progress | None,
) -> dict[str, tuple[str, ...]]:
    """The parameters that decide each claim, the first the strongest."""
    from gametheory.errors import InputError

    try:
        frame = driving
        if frame is None:
            frame = drivers(model, samples=samples, seed=seed, order=model.orders[0], progress=progress)
    except InputError:  # nothing is uncertain, so nothing decides
        return {}
    index = leading_index(frame)
    named = frame[frame["over"].str.startswith("claim ") & (frame[index] >= WORTH)]
    told = named["flips"] >= ENOUGH if index == "total" else named["shapley_low"] > 0.0
    named = named[told]
    found: dict[str, tuple[str, ...]] = {}
    for over, own in named.groupby("over", sort=False):
        strongest = own.sort_values(index, ascending=False, kind="stable")["parameter"]
        found[str(over).removeprefix("claim ")] = tuple(strongest.head(MOST))
    return found


def _nearest(model: Model, claim: str, changes: Mapping[str, SingleChange] | None) -> tuple[str, float]:
    """The smallest change of one assumption that overturns a claim, in words, and its distance in spreads."""
    if changes is not None:
        if claim not in changes:
            return "", float("nan")
        own = changes[claim]
        return _told(own.parameter, (own.value, own.changed), own.distance, HOLDS_IN[own.after]), own.distance
    alone = least_change(model, claim=claim, limit=1, together=False)
    if alone.empty:
        return "", float("nan")
    first = alone.iloc[0]
    ends, distance = (float(first["value"]), float(first["changed_value"])), float(first["distance"])
    return _told(str(first["parameter"]), ends, distance, " ".join(first["after"])), distance


def _told(parameter: str, ends: tuple[float, float], distance: float, after: str) -> str:
    """A change in words."""
    return f"{parameter} {_move(*ends)} ({distance:.3g} spreads), beyond which it holds in {after} of the equilibria"


def _move(value: float, changed: float) -> str:
    """A move in words, with as many digits as tell its ends apart; at an edge only the direction can be told.

    >>> _move(0.3, 0.25), _move(0.5, 0.50001), _move(0.5, 0.5 - 1e-14)
    ('from 0.3 to 0.25', 'from 0.5 to 0.50001', 'from 0.5 down, however little')
    """
    for digits in range(4, 11):
        ends = [f"{end:.{digits}g}" for end in (value, changed)]
        if ends[0] != ends[1]:
            return f"from {ends[0]} to {ends[1]}"
    return f"from {value:.4g} {'up' if changed > value else 'down'}, however little"


def _tested(alternatives: pd.DataFrame | None, claim: str) -> dict[str, Any]:
    """Under how many alternatives a claim was tested, under how many it survives, and which overturn it."""
    if alternatives is None:
        return {"alternatives": 0, "survives": 0, "overturned_by": ()}
    own = alternatives[alternatives["claim"] == claim]
    overturned, more = (tuple(own.loc[mark(own), "alternative"].astype(str)) for mark in (against, in_favour))
    kept, partly, unknown = (int((own["survives"] == word).sum()) for word in ("yes", "partly", "not decided"))
    counts = {"alternatives": len(own), "survives": kept, "partly": partly, "undecided": unknown}
    return {**counts, "overturned_by": overturned, "more_often": more}


def _base(code: str) -> str:
    """In how many equilibria a claim holds at the central values, in words."""
    return f"at the central values it holds in {code} of the equilibria"


def _verdict(own: Mapping[Any, Any], decided: Sequence[str], nearest: str, tested: Mapping[str, Any]) -> str:
    """The shares, what decides, and what would overturn, as the end of one conditional sentence."""
    parts = [str(own["verdict"])]
    if decided:
        parts.append(f"what decides it most: {', '.join(decided)}")
    if own["base"] == "failed":
        parts.append("at the central values it is not decided, so that nothing can be said to overturn it")
    elif nearest:
        parts.append(f"{_base(own['base'])}, and the nearest single change that alters this moves {nearest}")
    else:
        parts.append(f"{_base(own['base'])}, and no single change within the laws was found that alters this")
    if tested["alternatives"]:
        survived = [f"its answer stays under {tested['survives']} of {tested['alternatives']} other ways to model it"]
        survived += [f"in part under {tested['partly']}"] * bool(tested["partly"])
        survived += [f"not decided under {tested['undecided']}"] * bool(tested["undecided"])
        survived += [f"not under {' | '.join(tested['overturned_by'])}"] * bool(tested["overturned_by"])
        parts.append(", ".join(survived))
        if tested["more_often"]:
            parts.append(f"it holds more often under {' | '.join(tested['more_often'])}")
    return "; ".join(parts)
