"""How often is play what the players expected, and who comes off worse, where they are wrong about each other?

The perceptions, and what is played under them, are those of `gametheory.analyses.assumptions.perception`. The row
``nobody is wrong`` is the measure of all others: where a game has several solutions, players may have different ones in
mind without any error about payoffs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.assumptions.kinds import sharing, solved
from gametheory.analyses.assumptions.perception import (
    MOST_COMBINATIONS,
    PERCEPTIONS,
    Plays,
    assumption,
    perceived_games,
    plays,
    private_parameters,
)
from gametheory.analyses.provenance import attributes, orders_of
from gametheory.analyses.shares.outcomes import share_error
from gametheory.designs import scheme
from gametheory.kernels.payoffs import expected_payoffs
from gametheory.progress import Asked, Progress, shown
from gametheory.study import interval_cover, profile_name

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.games import Games
    from gametheory.model import Model
    from gametheory.solutions import Solutions

__all__ = ["misperception", "misperception_outcomes"]

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NOBODY = "nobody is wrong"
EVERYBODY = ""  # in the column of players
WORSE = 1e-9  # of the player's range of payoffs: a smaller loss against what was expected is rounding
NOTES = (
    "lower: in all that may be played, whichever solution of the game it sees each player has in mind; upper: in some",
    "a player sees its own payoffs rightly and judges what it gets by them",
    "as expected: every player uses the actions that every other one expects it to use, in whatever mixture",
    f"failed: a game, seen or true, that could not be solved, or one that leaves over {MOST_COMBINATIONS} combinations",
    "shares are of the draws from the laws; how wrong the players are is assumed, and nothing in the model supports it",
)


class Judged(NamedTuple):
    """What may be played in the draws of a block, and how the players find it: one row a combination.

    ``events`` are ``bool[row, (as expected, worse), player]``: whether play is what the player expected, and whether it
    gets less than it expected; a last entry says whether all expected it, and whether any gets less. ``used`` are the
    actions in use, those of one player after the other.
    """

    draw: IntArray
    events: BoolArray
    used: BoolArray
    failed: BoolArray
    partial: BoolArray


@dataclass
class Count:
    """The draws counted so far, in which something holds in all and in some of what may be played.

    ``events`` are ``int64[(all, some), (as expected, worse), player]``, ``profiles`` pairs by the actions in use.
    """

    draws: int = 0
    failed: int = 0
    partial: int = 0
    events: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    profiles: dict[bytes, list[int]] = field(default_factory=dict)


def misperception(
    model: Model,
    *,
    order: str = "all",
    samples: int = 4096,
    seed: int = 0,
    progress: Asked = None,
) -> pd.DataFrame:
    """How often play is what each player expected, and how often each gets less: a row a (order, perception, player).

    Columns: ``order``, ``perception``, ``player`` (empty: play is what all of them expected, and at least one of them
    gets less), ``as_expected_lower`` and ``as_expected_upper`` with ``as_expected_se``, ``worse_lower`` and
    ``worse_upper`` with ``worse_se``, ``failed`` and ``assumption``. All are shares of the draws; a standard error is
    the larger of those of the two bounds. A model without an uncertain parameter that enters one player's payoffs alone
    has only the rows in which nobody is wrong. Raises InputError for a model without a table of payoffs.

    >>> from gametheory.reader import load
    >>> frame = misperception(load("reference_involvement"), order="russia", samples=256)
    >>> frame.groupby("perception")["worse_upper"].max()["nobody is wrong"].item()
    0.0
    """
    import pandas as pd

    names = [*(player.name for player in model.players), EVERYBODY]
    rows = []
    with shown(progress, "misperception") as report:
        counts = _counted(model, order, samples, seed, report)
    for (play, perception), count in counts.items():
        for place, player in enumerate(names):
            row: dict[str, Any] = {"order": play, "perception": perception, "player": player}
            for name, own in zip(("as_expected", "worse"), count.events[:, :, place].T.tolist(), strict=True):
                ends = [end / count.draws for end in own]
                row |= {f"{name}_lower": ends[0], f"{name}_upper": ends[1]}
                row[f"{name}_se"] = max(share_error(end, count.draws) for end in ends)
            row |= {"failed": count.failed / count.draws, "assumption": _assumption(model, perception)}
            rows.append(row)
    frame = pd.DataFrame(rows)
    frame.attrs.update(_attributes(model, samples, seed))
    return frame


def misperception_outcomes(
    model: Model,
    *,
    order: str = "all",
    samples: int = 4096,
    seed: int = 0,
    progress: Asked = None,
) -> pd.DataFrame:
    """How often each profile is what is really played: a row an (order, perception, profile), the most frequent first.

    Columns: ``order``, ``perception``, ``profile`` (the actions in use), ``lower`` (it alone may be played) and
    ``upper`` (it is one of those that may be played) with ``lower_se`` and ``upper_se``. Where the list of solutions
    may lack some, only what was found counts, and that for the upper share alone.

    >>> from gametheory.reader import load
    >>> frame = misperception_outcomes(load("reference_involvement"), order="nato", samples=256)
    >>> bool(frame.groupby("perception")["upper"].sum().min() >= 1.0)
    True
    """
    import pandas as pd

    columns = ["order", "perception", "profile", "lower", "upper", "lower_se", "upper_se"]
    rows = []
    with shown(progress, "misperception") as report:
        counts = _counted(model, order, samples, seed, report)
    for (play, perception), count in counts.items():
        ranked = sorted(count.profiles.items(), key=lambda item: (-item[1][1], -item[1][0], item[0]))
        for key, ends in ranked:
            lower, upper = (end / count.draws for end in ends)
            errors = {"lower_se": share_error(lower, count.draws), "upper_se": share_error(upper, count.draws)}
            named: dict[str, Any] = {"order": play, "perception": perception, "profile": _profile(model, key)}
            rows.append({**named, "lower": lower, "upper": upper, **errors})
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs.update(_attributes(model, samples, seed))
    return frame


def _counted(
    model: Model, order: str, samples: int, seed: int, progress: Progress | None
) -> dict[tuple[str, str], Count]:
    """The draws counted, by order of play and perception."""
    strategic_only(model, "misperception")
    orders = orders_of(model, order)
    design = scheme("random", model, samples, seed)
    cover = interval_cover(model, seed, given=design.names)
    known = [NOBODY, *(PERCEPTIONS if any(private_parameters(model).values()) else ())]
    counts = {(play, perception): Count() for play in orders for perception in known}
    done = 0
    for number in range(design.blocks):
        drawn = design.drawn(number)
        found: dict[tuple[str, str], list[Judged]] = {key: [] for key in counts}
        for point in cover:
            points = {**drawn.points, **{name: np.full(drawn.rows, value) for name, value in point.items()}}
            for key, judged in _at_point(model, orders, known, points, drawn.rows):
                found[key].append(judged)
        for key, parts in found.items():
            _add(counts[key], drawn.rows, _over_cover(parts))
        done += drawn.rows
        if progress is not None:
            progress(done, design.count)
    return counts


def _at_point(
    model: Model, orders: tuple[str, ...], known: list[str], points: Mapping[str, FloatArray], rows: int
) -> Iterator[tuple[tuple[str, str], Judged]]:
    """What is played in a block of draws at one point of the intervals, by order of play and perception."""
    truth = model.games(points)
    if len(truth) < rows:  # nothing is uncertain: every draw is the same game
        truth = truth[np.zeros(rows, dtype=np.int64)]
    with sharing():
        for perception in known:
            alike = perception == NOBODY
            seen = (truth,) * len(model.players) if alike else perceived_games(model, perception, truth, points)
            for play in orders:
                believed = [solved(own, order=play) for own in seen]
                yield (play, perception), _judged(truth, believed, plays(believed, truth, play))


def _judged(truth: Games, believed: list[Solutions], found: Plays) -> Judged:
    """How the players find what is played."""
    used = [own > 0.0 for own in found.strategies]
    expected = np.ones((len(found.draw), len(believed)), dtype=np.bool_)
    for place, (own, mind) in enumerate(zip(believed, found.minds, strict=True)):
        for other, actions in enumerate(used):
            expected[:, place] &= ((own.strategies[other][mind] > 0.0) == actions).all(axis=1)
    cells = truth.payoffs.reshape(*truth.payoffs.shape[:2], -1)
    size = cells.max(axis=2) - cells.min(axis=2)
    given = expected_payoffs(truth.payoffs[found.draw], found.strategies)
    hoped = np.stack([own.payoffs[mind, k] for k, (own, mind) in enumerate(zip(believed, found.minds, strict=True))], 1)
    worse = given < hoped - WORSE * size[found.draw]
    together = [(expected, expected.all(axis=1)), (worse, worse.any(axis=1))]
    events = np.stack([np.column_stack(pair) for pair in together], axis=1)
    return Judged(found.draw, events, np.concatenate(used, axis=1), found.failed, found.partial)


def _over_cover(parts: list[Judged]) -> Judged:
    """What may be played at all points of the intervals; one failed game makes the draw fail."""
    failed = np.logical_or.reduce([part.failed for part in parts])
    partial = np.logical_or.reduce([part.partial for part in parts]) & ~failed
    draw, events, used = (np.concatenate([part[k] for part in parts]) for k in range(3))
    kept = ~failed[draw]
    return Judged(draw[kept], events[kept], used[kept], failed, partial)


def _add(count: Count, draws: int, found: Judged) -> None:
    """Count the draws of a block; where more may be played than is listed, nothing is certain and nothing ruled out."""
    rows = np.bincount(found.draw, minlength=draws)
    held = np.zeros((draws, *found.events.shape[1:]), dtype=np.int64)
    np.add.at(held, found.draw, found.events)
    each, open_ = (own[:, np.newaxis, np.newaxis] for own in (rows, found.partial))
    ends = np.stack([((held == each) & (each > 0) & ~open_).sum(axis=0), ((held > 0) | open_).sum(axis=0)])
    count.events = ends if not count.draws else count.events + ends
    count.draws += draws
    count.failed += int(found.failed.sum())
    count.partial += int(found.partial.sum())
    if not len(found.draw):
        return
    keys, number = np.unique(found.used, axis=0, return_inverse=True)
    pairs = np.unique(np.stack([found.draw, number.reshape(-1)], axis=1), axis=0)
    several = np.bincount(pairs[:, 0], minlength=draws) > 1
    alone = ~(several | found.partial)[pairs[:, 0]]
    upper = np.bincount(pairs[:, 1], minlength=len(keys))
    lower = np.bincount(pairs[alone, 1], minlength=len(keys))
    for key, least, most in zip(keys, lower.tolist(), upper.tolist(), strict=True):
        own = count.profiles.setdefault(key.tobytes(), [0, 0])
        own[0] += least
        own[1] += most


def _profile(model: Model, key: bytes) -> str:
    """The name of a profile from the actions in use."""
    used, start, profile = np.frombuffer(key, dtype=np.bool_), 0, []
    for player in model.players:
        profile.append(tuple(np.flatnonzero(used[start : start + len(player.actions)]).tolist()))
        start += len(player.actions)
    return profile_name(tuple(profile), [player.actions for player in model.players])


def _assumption(model: Model, perception: str) -> str:
    """What a perception assumes."""
    if perception == NOBODY:
        return "every player sees the true game"
    return assumption(model, PERCEPTIONS[perception])


def _attributes(model: Model, samples: int, seed: int) -> dict[str, Any]:
    """Attributes of the frames."""
    notes = list(NOTES)
    if not any(private_parameters(model).values()):
        notes.append("no uncertain parameter enters one player's payoffs alone, so nobody can be wrong about another's")
    laws = {name: parameter.law.describe() for name, parameter in model.parameters.items()}
    return attributes(model, notes, samples=samples, seed=seed, laws=laws)
