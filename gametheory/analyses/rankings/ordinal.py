"""What holds for all payoffs of which only the order is known?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.provenance import attributes
from gametheory.analyses.rankings.completions import (
    COINCIDENCE,
    IMPOSSIBLE,
    MOST_COMPLETIONS,
    NECESSARY,
    POSSIBLE,
    Finding,
    completions_of,
    dominance,
    paths,
    pure_equilibria,
)
from gametheory.analyses.rankings.order_only import Compared, compared
from gametheory.analyses.shares.outcomes import study_of
from gametheory.study import ALL, FAILED, SOME, OrderTotals, Profile, Study, profile_name

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["ordinal"]

ALL_DRAWS, SOME_DRAWS, NO_DRAW, UNDECIDED = "in all draws", "in some draws", "in no draw", "not decided"
RULE_OF_THREE = 3.0  # -log(0.05): with no exception in N draws, their share is below 3 / N with 95 % confidence
BOTH_ENDS = 4.75  # (1 + x) exp(-x) = 0.05 at x = 4.744: the same for a range that runs to two extremes of the draws
STRENGTH = (NECESSARY, POSSIBLE, COINCIDENCE, IMPOSSIBLE)
NOTES = (
    (
        "proved rows follow from the orders alone: necessary, for all payoffs that agree with them; possible, for some;"
        " coincidence, only where names that the order does not compare have equal values; impossible, for none"
    ),
    "a path that is impossible is one in no completion, but may be one where names that are not compared are equal",
    (
        "the other rows rest on draws: in all draws is not proved for all payoffs, and exceptions bounds the share of "
        "the draws' law in which it is otherwise (95 % confidence)"
    ),
)


def ordinal(
    model: Model, *, samples: int = 20_000, seed: int = 0, run: Study | None = None, completions: int = MOST_COMPLETIONS
) -> pd.DataFrame:
    """What holds for all payoffs that agree with the model's rankings, for some of them, or for none.

    One row a statement. Columns: ``about``, ``order`` of play (missing for dominance), ``subject``, ``verdict``,
    ``proved``, ``held`` and ``undecided`` (draws in which it held, or was not decided), ``draws``, ``exceptions``,
    ``lower`` and ``upper`` (of a measure, the least and the most in any equilibrium of any draw) and ``because``.
    ``about`` says what holds of the subject:

    - ``equilibrium``: the profile, of actions or of mixtures of those joined by ``+``, is an equilibrium; ``path``: it
      is a path of play where the player named in ``order`` leads
    - ``strictly dominates``, ``weakly dominates``: a player's first action the second, whatever the others do
    - ``one solution``: there is one, or all use the same actions; ``claim in all``, ``claim in some``: the claim holds
      in every, or in at least one, solution; ``measure``: it lies between ``lower`` and ``upper``

    Where every payoff is a number, or each of a player's is a name of one ranking (all scaled and shifted alike),
    equilibria in actions and dominance are ``proved`` from the order, and paths from all its completions where these
    are at most ``completions``; nothing is drawn for that. Constraints may leave out what the orders allow: with them,
    only what is necessary or impossible is proved. All else comes from ``samples`` draws with ``seed``, or from a
    finished ``run``. The attributes ``compared`` and ``completions`` tell for each player why its payoffs are or are
    not compared, and how many completions each ranking has.

    >>> from gametheory.reader import load
    >>> frame = ordinal(load("reference_involvement"), samples=100)  # ranks nothing
    >>> bool(frame["proved"].any()), frame.attrs["compared"]["nato"][:45]
    (False, 'the payoffs take more than ranked names and f')
    """
    import pandas as pd

    strategic_only(model, "ordinal")
    study = study_of(model, run, samples, seed)
    own = compared(model)
    rows = [row for order in study.totals.orders for row in _solutions(study, order, own, completions)]
    rows += [row for player, one in enumerate(own.values()) for row in _dominance(model, player, one)]
    rows += [*_measures(study), *_claims(study)]
    columns = ["about", "order", "subject", "verdict", "proved", "held", "undecided", "draws", "exceptions"]
    frame = pd.DataFrame(rows, columns=[*columns, "lower", "upper", "because"])
    frame = frame.astype({"proved": bool, **dict.fromkeys(("held", "undecided", "draws"), "Int64")})
    frame = frame.astype(dict.fromkeys(("exceptions", "lower", "upper"), float))
    told = {
        "compared": {player: one if isinstance(one, str) else one.ranking or "numbers" for player, one in own.items()},
        "completions": {name: str(entry.completions) for name, entry in model.rankings.items()},
        "laws": {name: parameter.law.describe() for name, parameter in model.parameters.items()},
    }
    frame.attrs.update(attributes(model, _notes(study), samples=study.samples, seed=study.seed, **told))
    return frame


class _Seen(NamedTuple):
    """In how many draws something held (at every point of the intervals), was not decided, or held at some point."""

    held: int
    undecided: int
    anywhere: int


def _solutions(study: Study, order: str, own: dict[str, Compared | str], completions: int) -> Iterator[dict[str, Any]]:
    """The rows on equilibria or paths under one order of play."""
    model, totals = study.model, study.totals.orders[order]
    about = "equilibrium" if order == "simultaneous" else "path"
    actions = [player.actions for player in model.players]
    seen, never = _profiles(totals)
    proved: set[Profile] = set()
    for finding in sorted(_proved(model, order, own, completions), key=lambda one: STRENGTH.index(one.verdict)):
        profile: Profile = tuple((action,) for action in finding.subject)
        proved.add(profile)
        name = profile_name(profile, actions)
        yield _row(study, about, order, name, seen.get(profile, never), _kept(model, finding))
    for profile in sorted(seen.keys() - proved):
        yield _row(study, about, order, profile_name(profile, actions), seen[profile])
    yield _row(study, "one solution", order, "", _one(totals))


def _proved(model: Model, order: str, own: dict[str, Compared | str], completions: int) -> Iterator[Finding]:
    """What the orders prove about the solutions under one order of play."""
    known = [one for one in own.values() if not isinstance(one, str)]
    if len(known) < len(own):
        return
    if order == "simultaneous":
        yield from pure_equilibria(model, known)
    elif completions_of(known) <= completions:
        yield from paths(model, known, order)


def _dominance(model: Model, player: int, one: Compared | str) -> Iterator[dict[str, Any]]:
    """The rows on the dominance between one player's actions, where its payoffs are compared."""
    if isinstance(one, str):
        return
    for finding in sorted(dominance(model, player, one), key=lambda own: STRENGTH.index(own.verdict)):
        first, second, how = finding.subject
        row = {"about": f"{how} dominates", "subject": f"{model.players[player].name}: {first} over {second}"}
        kept = _kept(model, finding)
        verdict = UNDECIDED if kept is None else kept.verdict
        yield {**row, "verdict": verdict, "proved": kept is not None, "because": finding.because}


def _measures(study: Study) -> Iterator[dict[str, Any]]:
    """The rows on the measures: between which values they lay."""
    for order, totals in study.totals.orders.items():
        for name, values in totals.measures.items():
            seen = _Seen(values.solved, totals.draws - values.solved, values.solved)
            row = _row(study, "measure", order, name, seen)
            if values.solved:
                row |= {"lower": values.least[0], "upper": values.most[1]}
            if row["exceptions"] is not None:
                row["exceptions"] = min(1.0, BOTH_ENDS / totals.draws)
            yield row


def _claims(study: Study) -> Iterator[dict[str, Any]]:
    """The rows on the claims: in how many draws they held in all solutions, and in some.

    Over intervals some stands for all but none, and for none but all; then only what held everywhere is counted.
    """
    for name, counts in study.totals.claims.items():
        order = study.model.claims[name].order
        always, ever = counts[ALL], counts[ALL] + counts[SOME]
        single = len(study.cover) <= 1
        yield _row(study, "claim in all", order, name, _Seen(always, counts[FAILED], always if single else ever))
        yield _row(study, "claim in some", order, name, _Seen(ever if single else always, counts[FAILED], ever))


def _row(
    study: Study, about: str, order: str, subject: str, seen: _Seen, finding: Finding | None = None
) -> dict[str, Any]:
    """One statement: what is proved of it where something is, else what the draws say."""
    draws = study.totals.draws
    row = {"about": about, "order": order, "subject": subject, "held": seen.held, "undecided": seen.undecided}
    row["draws"] = draws
    if finding is not None:
        return {**row, "verdict": finding.verdict, "proved": True, "because": finding.because}
    verdict = SOME_DRAWS
    if seen.held == draws:
        verdict = ALL_DRAWS
    elif not seen.anywhere:
        verdict = UNDECIDED if seen.undecided else NO_DRAW
    bounded = study.kind == "random" and verdict in (ALL_DRAWS, NO_DRAW)
    exceptions = min(1.0, RULE_OF_THREE / draws) if bounded else None
    return {**row, "verdict": verdict, "proved": False, "exceptions": exceptions, "because": ""}


def _kept(model: Model, finding: Finding) -> Finding | None:
    """What is proved where the model has constraints too: they may leave no payoffs for what is only possible."""
    return None if model.constraints and finding.verdict in (POSSIBLE, COINCIDENCE) else finding


def _profiles(totals: OrderTotals) -> tuple[dict[Profile, _Seen], _Seen]:
    """What the draws say of every profile that was a solution in one of them, and of all others.

    Where the list of solutions may lack some, or the game failed, the absence of a profile decides nothing.
    """
    held, anywhere, settled = Counter[Profile](), Counter[Profile](), Counter[Profile]()
    open_draws = 0
    for met, draws in totals.met.items():
        lists = [frozenset(entry.profiles) for entry in met]
        open_lists = [own for own, entry in zip(lists, met, strict=True) if entry.status != "solved"]
        open_draws += draws * bool(open_lists)
        for profile in frozenset().union(*lists):
            anywhere[profile] += draws
            held[profile] += draws * all(profile in own for own in lists)
            settled[profile] += draws * (bool(open_lists) and all(profile in own for own in open_lists))
    seen = {profile: _Seen(held[profile], open_draws - settled[profile], anywhere[profile]) for profile in anywhere}
    return seen, _Seen(0, open_draws, 0)


def _one(totals: OrderTotals) -> _Seen:
    """In how many draws all solutions use the same actions."""
    held = undecided = anywhere = 0
    for met, draws in totals.met.items():
        single = [entry.status == "solved" and len(entry.profiles) == 1 for entry in met]
        held += draws * all(single)
        anywhere += draws * any(single)
        undecided += draws * any(entry.status != "solved" for entry in met)
    return _Seen(held, undecided, anywhere)


def _notes(study: Study) -> list[str]:
    """What the verdicts mean, and what they rest on."""
    model = study.model
    notes = list(NOTES)
    if not model.rankings:
        notes.append("the model ranks nothing")
    if study.kind != "random":
        notes.append(f"the points are those of a {study.kind} design, for which exceptions are not bounded")
    if model.constraints:
        notes.append("constraints may leave out what the orders allow: what is only possible by them is not proved")
    if any(len(met) > 1 for totals in study.totals.orders.values() for met in totals.met):
        notes.append("a statement held in a draw where it held at every point of the intervals")
    return notes
