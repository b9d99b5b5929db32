"""What is the answer at one point of the parameters, and how sure is it?"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses import base_case
from gametheory.analyses.provenance import orders_of, values_used
from gametheory.errors import InputError, ParameterWarning
from gametheory.figures.words import counted, number, sentence_case
from gametheory.measures import bounds, limits, measure_cells, values_from_cells
from gametheory.model.sampling import allowed
from gametheory.report.phrases import Names, condition, played
from gametheory.solvers import SOLVERS, solve
from gametheory.solvers.registry import ANY, LEADER, SIMULTANEOUS

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Model
    from gametheory.solutions import Solutions

__all__ = ["Answer", "answer", "concepts", "one_order"]

PATIENCE = 1.0  # seconds that a search which may not end is given; the verdict says where it stopped
NASH = "nash"
LONGEST = 260  # characters after which the sentence spells out no further solution; the table lists all

Ends = tuple[float, float]


@dataclass(frozen=True)
class Answer:
    """Every solution of one game in words, the certificate, and the range of each measure over the solutions.

    ``profiles`` names each solution; ``heads`` and ``rows`` are the table of what is known of each. ``payoffs`` is the
    game itself where it has a table. ``notes`` say what is unusual about the values. All texts are plain, not HTML.
    """

    order: str
    concept: str
    values: Mapping[str, float]
    sentence: str
    profiles: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    verdict: str
    reason: str
    regret: float | None
    index_sum: int | None
    measures: Mapping[str, Ends]
    notes: tuple[str, ...]
    payoffs: Games | None


def concepts(model: Model, order: str) -> dict[str, str]:
    """The solution concepts that fit the model under an order of play, each with what it finds.

    >>> from gametheory.reader import load
    >>> list(concepts(load("reference_involvement"), "nato"))
    ['nash', 'commitment']
    """
    if model.form != "strategic":
        return {NASH: "every solution"}
    kind = SIMULTANEOUS if order == SIMULTANEOUS else LEADER
    games, count = model.games(), len(model.players)
    found: dict[str, str] = {}
    for entry in SOLVERS.values():
        if entry.order == kind and entry.players in (ANY, count) and entry.fits(games):
            found.setdefault(entry.concept, entry.finds)
    return found


def one_order(model: Model, order: str) -> str:
    """The order of play that is meant; raises UnknownNameError for an unknown one and InputError for all at once."""
    if order == "all":
        raise InputError("order: 'all', expected one order of play for one answer")
    return orders_of(model, order)[0]


def answer(model: Model, names: Names, values: Mapping[str, Any], order: str, concept: str = NASH) -> Answer:
    """Solve the game at ``values``, the other parameters central.

    Raises UnknownNameError for an unknown parameter, order or concept, InputError for a value that is no number.

    >>> from gametheory.reader import load
    >>> from gametheory.report.phrases import names_of
    >>> model = load("reference_involvement")
    >>> found = answer(model, names_of(model), {"escalation_risk": 0.02}, "nato")
    >>> found.profiles, found.verdict
    (('bridge, deescalate',), 'complete')
    """
    chosen, used = one_order(model, order), values_used(model, values)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", ParameterWarning)
        if model.form == "strategic":
            found = _of_table(model, names, used, chosen, concept)
        elif concept == NASH:
            found = _of_other_form(model, names, used, chosen)
        else:
            raise InputError(f"concept {concept!r}: a model of form {model.form!r} is solved for 'nash' alone")
    told = [sentence_case(str(one.message)) for one in warned]
    if model.constraints and not allowed(model, {name: np.array([value]) for name, value in used.items()}, 1)[0]:
        told.append("These values break a constraint of the model: they are not part of its uncertainty")
    return Answer(**{**found, "notes": (*dict.fromkeys(told),)}, order=chosen, concept=concept, values=used)


def _of_table(model: Model, names: Names, used: Mapping[str, float], order: str, concept: str) -> dict[str, Any]:
    """The fields of an answer that a table of payoffs has."""
    games = model.games(dict(used))
    solutions = solve(games, order=order, concept=concept, seconds=PATIENCE)
    certificate = solutions.certificates[0]
    profiles = tuple(solutions.profile(number) for number in range(len(solutions)))
    indexed = solutions.index is not None
    heads = ("solution", *(f"pays {names.say(player)}" for player in games.players))
    return {
        "sentence": sentence(profiles, names, order, concept, certificate.verdict),
        "profiles": profiles,
        "heads": (*heads, *(["index"] if indexed else []), "known of it"),
        "rows": tuple(_row(solutions, place, names, indexed=indexed) for place in range(len(solutions))),
        "verdict": certificate.verdict,
        "reason": certificate.reason,
        "regret": certificate.max_regret if len(solutions) else None,
        "index_sum": certificate.index_sum,
        "measures": _measures(model, used, solutions),
        "payoffs": games,
    }


def _row(solutions: Solutions, place: int, names: Names, *, indexed: bool) -> tuple[str, ...]:
    """One solution as a row of the table."""
    payoffs = [number(float(payoff)) for payoff in solutions.payoffs[place]]
    index = [str(solutions.index[place])] if indexed and solutions.index is not None and solutions.told[0] else []
    index = index or ([""] if indexed else [])
    told = ", ".join(solutions.tags[place])
    return (_spelt(solutions.profile(place), names, solutions.order), *payoffs, *index, told)


def _measures(model: Model, used: Mapping[str, float], solutions: Solutions) -> dict[str, Ends]:
    """Lower and upper value of each measure over the solutions; what no solution can leave where some may be missing.

    A concept that selects or predicts is taken at its word.
    """
    cells = measure_cells(model, {name: [value] for name, value in used.items()})
    found = {}
    for name, own in values_from_cells(model, cells, solutions).items():
        widest = limits(model, cells, solutions, name) if solutions.concept == NASH else None
        ends, solved = bounds(own, solutions, widest)
        if solved[0]:
            found[name] = (float(ends[0, 0]), float(ends[0, 1]))
    return found


def _of_other_form(model: Model, names: Names, used: Mapping[str, float], order: str) -> dict[str, Any]:
    """The fields of an answer from the frame that every form has."""
    frame = base_case(model, order=order, values=used)
    key = f"{order} {NASH}"
    verdict, _, reason = str(frame.attrs["verdicts"][key]).partition(": ")
    profiles = tuple(str(profile) for profile in frame["profile"])
    numbers = [name for name in map(str, frame) if name.startswith(("payoff_", "value_"))]
    heads = [name.partition("_") for name in numbers]
    rows = tuple(
        (_spelt(str(row["profile"]), names, order), *(number(float(row[name])) for name in numbers), str(row["tags"]))
        for _, row in frame.iterrows()
    )
    ends = frame.attrs["measure_bounds"][key]
    return {
        "sentence": sentence(profiles, names, order, NASH, verdict),
        "profiles": profiles,
        "heads": (
            "solution",
            *(f"pays {names.say(name)}" if kind == "payoff" else names.say(name) for kind, _, name in heads),
            "known of it",
        ),
        "rows": rows,
        "verdict": verdict,
        "reason": reason,
        "regret": float(frame["regret"].max()) if len(frame) else None,
        "index_sum": None,
        "measures": {name: (float(low), float(high)) for name, (low, high) in ends.items()},
        "payoffs": None,
    }


def sentence(profiles: Sequence[str], names: Names, order: str, concept: str, verdict: str) -> str:
    """The answer as a conditional sentence, which selects none of several solutions.

    >>> names = Names(("nato", "russia"), {"nato": "NATO", "russia": "Russia"})
    >>> sentence(["surge, carry_on"], names, "simultaneous", "nash", "complete")
    'If both sides choose at once, NATO plays surge and Russia plays carry on'
    >>> sentence(["hold, hold", "fold, fold"], names, "nato", "nash", "partial")[:76]
    'If NATO moves first and is observed, there are 2 solutions, perhaps more, an'
    """
    start = sentence_case(condition(order, names, concept))
    if concept not in (NASH, "commitment"):
        start = f"By the concept {concept.replace('_', ' ')}, {start[:1].lower()}{start[1:]}"
    if verdict == "failed":
        return f"{start}, there is no sound answer at these values"
    if not profiles:
        return f"{start}, no solution was found at these values, and some may have been missed"
    told = [played(profiles[0], names, order)]
    for profile in profiles[1:]:
        if len("; or ".join(told)) > LONGEST:
            break
        told.append(played(profile, names, order))
    if len(profiles) == 1 and verdict != "partial":
        return f"{start}, {told[0]}"
    more = ", perhaps more" if verdict == "partial" else ""
    left = len(profiles) - len(told)
    rest = f"; or {counted(left, 'other')}" if left else ""
    choice = ", and nothing here selects one of them" if len(profiles) > 1 else ""
    there = "there is" if len(profiles) == 1 else "there are"
    return f"{start}, {there} {counted(len(profiles), 'solution')}{more}{choice}: {'; or '.join(told)}{rest}"


def _spelt(profile: str, names: Names, order: str) -> str:
    """One solution as a clause."""
    return sentence_case(played(profile, names, order))
