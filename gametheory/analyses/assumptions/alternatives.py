"""Does each claim survive other assumptions about how the game is played: yes, no or partly, and in which share?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.assumptions.kinds import (
    Alternative,
    Design,
    claim_cells,
    restricted_games,
    sharing,
    solution_codes,
    solved,
)
from gametheory.analyses.assumptions.registry import ALTERNATIVES
from gametheory.analyses.assumptions.undecided import undecided
from gametheory.analyses.provenance import attributes
from gametheory.analyses.shares.outcomes import share_error
from gametheory.designs import Scheme, scheme
from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.machine import processors
from gametheory.progress import Asked, Progress, shown
from gametheory.study import ALL, FAILED, NONE, SOME, interval_cover
from gametheory.study.run import in_order

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.games import Games
    from gametheory.model import Claim, Model

__all__ = ["BASELINE", "SURVIVES", "alternatives", "survival"]

BASELINE = ""  # name of the claim's own assumptions among the answers
KEPT = 0.9  # share of the draws with the same answer from which on a claim survives
LOST = 0.5  # share of them, or of the draws in which the claim held, up to which it does not
HELD = 0.1  # share of the draws in which a claim must have held for these to count by themselves
DECIDED = 0.9  # share of the draws that must be answered under both assumptions for a verdict
SURVIVES = ("yes", "partly", "no", "not decided")

COLUMNS = (
    "claim", "essay", "family", "alternative", "assumption", "all", "some", "none", "failed", "se",
    "baseline_all", "baseline_some", "baseline_none", "baseline_failed", "changed", "changed_se", "kept", "survives",
    "undecided",
)  # fmt: skip
NOTES = (
    (
        f"survives: yes where at least {KEPT:.0%} of the draws that are decided under both assumptions give the same "
        f"answer (all, some or none of the solutions); no where at most {LOST:.0%} of them do, or of those in which "
        f"the claim held in all solutions (if these are at least {HELD:.0%}); else partly; not decided where fewer "
        f"than {DECIDED:.0%} of the draws are decided under both: undecided says which are not, and why"
    ),
    "the answers are compared draw by draw, so that a claim does not survive by holding equally often elsewhere",
    "a claim that does not survive may hold more often than before: compare the shares",
    (
        "an alternative that cannot matter to a claim is left out: where only one player has a choice nobody waits for "
        "anybody, and in simultaneous play nobody observes"
    ),
)

CodeArray = NDArray[np.int8]
Answers = Mapping[tuple[str, str], CodeArray]  # (claim, alternative) -> the answer of every draw


def alternatives(
    model: Model,
    *,
    claims: Sequence[str] | None = None,
    samples: int = 1024,
    seed: int = 0,
    progress: Asked = None,
) -> pd.DataFrame:
    """Every claim under every alternative assumption about how the game is played, over the same draws.

    One row a claim and alternative. Columns: ``claim``, ``essay``, ``family``, ``alternative``, ``assumption`` (in
    words, with its numbers), ``all``, ``some``, ``none`` and ``failed`` (shares of the draws, as in `claims`), ``se``
    (standard error of ``all``), the same four as ``baseline_...`` under the claim's own assumptions, ``changed`` (share
    of the draws decided under both whose answer all, some or none differs, missing where there are none) with
    ``changed_se``, ``kept`` (share of those in which the claim held in all solutions that still do so), ``undecided``
    (which draws could not be decided, under which of the two assumptions and why; empty where all were) and
    ``survives``: ``not decided`` where fewer than 90 % of the draws are decided under both; ``yes`` where at most 10 %
    of these change; ``no`` where at least half of them change, or where the claim held in at least 10 % of them and at
    most half of those are kept; else ``partly``. With interval parameters an answer is over all points of the cover.

    ``claims`` are the names of the claims to ask about, all by default. Raises UnknownNameError for another name and
    InputError for a model without actions and payoffs.

    >>> from gametheory.reader import load
    >>> frame = alternatives(load("reference_involvement"), claims=["caution_prevails"], samples=64)
    >>> frame.set_index("alternative")["survives"]["correlated"]
    'yes'
    """
    import pandas as pd

    strategic_only(model, "alternatives")
    chosen = _chosen(model, claims)
    asked = {name: [own for family in ALTERNATIVES.values() for own in family(model, claim)] for name, claim in chosen}
    drawn = scheme("random", model, samples, seed)
    with shown(progress, "alternatives") as report:
        answers = _answers(model, asked, (samples, seed), report) if asked else {}
    rows = [
        {
            "claim": name,
            "essay": ", ".join(claim.essay),
            "family": own.family,
            "alternative": own.name,
            "assumption": own.assumption,
            **_compared(answers[name, BASELINE], answers[name, own.name]),
            "undecided": _undecided(model, (claim, own), (answers[name, BASELINE], answers[name, own.name]), drawn),
        }
        for name, claim in chosen
        for own in asked[name]
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    more = {"parameters": model.central(), "samples": samples, "seed": seed}
    more["claims"] = {name: {"text": claim.text, "order": claim.order} for name, claim in chosen}
    frame.attrs.update(attributes(model, NOTES, **more))
    return frame


def survival(changed: float, held: float, kept: float, decided: float) -> str:
    """Whether a claim survives another assumption.

    ``decided`` is the share of draws decided under both; among these, ``changed`` is the share whose answer changed and
    ``held`` that in which the claim held in all solutions, of which the share ``kept`` still does.

    >>> survival(0.05, 0.5, 1.0, 1.0), survival(0.3, 0.4, 0.7, 1.0), survival(0.3, 0.3, 0.0, 1.0)
    ('yes', 'partly', 'no')
    >>> survival(0.0, 1.0, 1.0, 0.8)
    'not decided'
    """
    if not decided >= DECIDED:
        return "not decided"
    same = 1.0 - changed
    if same >= KEPT:
        return "yes"
    return "no" if same <= LOST or (held >= HELD and kept <= LOST) else "partly"


def _chosen(model: Model, claims: Sequence[str] | None) -> list[tuple[str, Claim]]:
    """The claims asked about, in the order of the model."""
    names = list(model.claims) if claims is None else list(claims)
    for name in names:
        if name not in model.claims:
            known = ", ".join(model.claims) or "none; the model makes no claims"
            raise UnknownNameError(
                f"no claim named {name!r}; expected one of {known}{did_you_mean(name, model.claims)}"
            )
    return [(name, claim) for name, claim in model.claims.items() if name in names]


def _answers(
    model: Model,
    asked: Mapping[str, Sequence[Alternative]],
    drawn: tuple[int, int],
    progress: Progress | None,
) -> Answers:
    """The answers of every draw, worked out for a block of draws and the claims with the same ``given`` at a time."""
    design = scheme("random", model, *drawn)
    cover = interval_cover(model, design.seed, given=design.names)
    groups: dict[Any, list[str]] = {}
    for name in asked:
        groups.setdefault(
            tuple(sorted((own, tuple(kept)) for own, kept in model.claims[name].given.items())), []
        ).append(name)
    together = list(groups.values())
    units = [(number, names) for number in range(design.blocks) for names in together]

    def work(unit: int) -> Answers:
        number, names = units[unit]
        block = design.drawn(number)
        parts = [
            _at_point(model, {name: asked[name] for name in names}, block.points, point, block.rows) for point in cover
        ]
        return {key: _over_cover([part[key] for part in parts]) for key in parts[0]}

    found: dict[tuple[str, str], list[CodeArray]] = {}
    for done, part in enumerate(in_order(work, len(units), processors()), 1):
        for key, codes in part.items():
            found.setdefault(key, []).append(codes)
        if progress is not None:
            progress(done, len(units))
    answers = {key: np.concatenate(parts) for key, parts in found.items()}
    if answers and not len(next(iter(answers.values()))):
        raise InputError(f"samples: none of the {drawn[0]:,} points is allowed")
    return answers


def _undecided(
    model: Model, asked: tuple[Claim, Alternative], codes: tuple[CodeArray, CodeArray], design: Scheme
) -> str:
    """Which draws are not decided, and why; nothing is worked out where all are."""
    if not any((own == FAILED).any() for own in codes):
        return ""
    blocks = [design.drawn(number).points for number in range(design.blocks)]
    points = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    claim, own = asked
    return undecided(
        model, claim, (_own_codes, own), codes, points, interval_cover(model, design.seed, given=design.names)
    )


def _at_point(
    model: Model,
    asked: Mapping[str, Sequence[Alternative]],
    points: Mapping[str, NDArray[np.float64]],
    point: Mapping[str, float],
    rows: int,
) -> Answers:
    """The answers of a block of draws at one point of the intervals."""
    design: Design = {**points, **{name: np.full(rows, value) for name, value in point.items()}}
    games = model.games(design)
    repeats = np.zeros(rows, dtype=np.int64) if len(games) < rows else slice(None)  # nothing is uncertain
    found = {}
    with sharing():
        for name, others in asked.items():
            claim = model.claims[name]
            found[name, BASELINE] = _own_codes(model, claim, games, design)[repeats]
            for own in others:
                found[name, own.name] = own.codes(model, claim, games, design)[repeats]
    return found


def _own_codes(model: Model, claim: Claim, games: Games, design: Design) -> CodeArray:
    """In how many solutions of each game a claim holds under its own order of play."""
    left = restricted_games(games, claim)
    return solution_codes(claim, claim_cells(model, claim, left, design), solved(left, order=claim.order))


def _over_cover(parts: Sequence[CodeArray]) -> CodeArray:
    """What all points of the intervals answer: all or none only if each does, failed if one is."""
    codes = np.stack(parts)
    joined = np.where((codes == ALL).all(axis=0), ALL, np.where((codes == NONE).all(axis=0), NONE, SOME))
    return np.where((codes == FAILED).any(axis=0), FAILED, joined).astype(np.int8)


def _compared(before: CodeArray, after: CodeArray) -> dict[str, Any]:
    """The shares under one assumption and the other, and how often the answer differs."""
    count = len(before)
    outcomes = {"all": ALL, "some": SOME, "none": NONE, "failed": FAILED}
    shares = {word: float((after == code).mean()) for word, code in outcomes.items()}
    own = {f"baseline_{word}": float((before == code).mean()) for word, code in outcomes.items()}
    decided = (before != FAILED) & (after != FAILED)
    changed = share_of(before != after, decided)
    held, kept = share_of(before == ALL, decided), share_of(after == ALL, decided & (before == ALL))
    return {
        **shares,
        "se": share_error(shares["all"], count),
        **own,
        "changed": changed,
        "changed_se": share_error(changed, int(decided.sum())) if decided.any() else float("nan"),
        "kept": kept,
        "survives": survival(changed, held, kept, float(decided.mean())),
    }


def share_of(true: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    """The share of the draws ``among`` which it is true; not a number where there are none."""
    return float(true[among].mean()) if among.any() else float("nan")
