"""What is the answer at one point of the parameters, and how sure is it?"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from gametheory.analyses.provenance import orders_of, values_used
from gametheory.errors import InputError, ParameterWarning, UnknownNameError, did_you_mean
from gametheory.figures.words import counted, number, sentence_case
from gametheory.measures import bounds_over, groups
from gametheory.model.sampling import allowed
from gametheory.report.phrases import Names, condition, played
from gametheory.solvers import SOLVERS, concepts as concepts_of_form, solve
from gametheory.solvers.registry import ANY, LEADER, SIMULTANEOUS
from gametheory.study.forms import form_of

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.solutions import Solutions
    from gametheory.solvers.roots import AnalyticSolutions
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["Answer", "answer", "concepts", "one_order"]

PATIENCE = 1.0  # seconds that a search which may not end is given; the verdict says where it stopped
NASH, INTUITIVE = "nash", "intuitive"
LONGEST = 260  # characters after which the sentence spells out no further solution; the table lists all

Ends = tuple[float, float]
AnySolutions: TypeAlias = "Solutions | TreeSolutions | AnalyticSolutions"


@dataclass(frozen=True)
class Answer:
    """Every solution of one game in words, the certificate, and the range of each measure over the solutions.

    ``profiles`` names each solution; ``heads`` and ``rows`` are the table of what is known of each, ``threats`` what
    nobody would carry out in those that rest on it. ``solutions`` are they themselves, with their game. ``notes`` say
    what is unusual about the values. All texts are plain, not HTML.
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
    threats: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]
    solutions: AnySolutions


def concepts(model: Model, order: str) -> dict[str, str]:
    """The solution concepts that fit the model under an order of play, each with what it finds.

    >>> from gametheory.reader import load
    >>> list(concepts(load("reference_involvement"), "nato"))
    ['nash', 'commitment']
    >>> list(concepts(load("returning_challenger"), "sequential"))
    ['nash', 'logit', 'logit_limit']
    """
    if model.tree is not None:
        return _concepts_of_trees(model, order)
    if model.form != "strategic":
        return dict(concepts_of_form(model.form))
    kind = SIMULTANEOUS if order == SIMULTANEOUS else LEADER
    games, count = model.games(), len(model.players)
    found: dict[str, str] = {}
    for entry in SOLVERS.values():
        if entry.order == kind and entry.players in (ANY, count) and entry.fits(games):
            found.setdefault(entry.concept, entry.finds)
    return found


def _concepts_of_trees(model: Model, order: str) -> dict[str, str]:
    """The concepts of a tree: the order of play itself, and those that ask for best play in the same places."""
    from gametheory.solvers.trees.concepts import TREE_CONCEPTS
    from gametheory.solvers.trees.intuitive import signalling

    tree = model.trees().tree
    if tree.forgets:
        return {}
    own = TREE_CONCEPTS[NASH if order == SIMULTANEOUS else order]
    found = {NASH: own.finds}
    for name, entry in TREE_CONCEPTS.items():
        fits = entry.players in (ANY, len(model.players)) and (name != INTUITIVE or signalling(tree) is not None)
        if entry.order == order and name not in (NASH, order) and fits:
            found[name] = entry.finds
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
    known = concepts(model, chosen)
    if concept not in known and model.form != "strategic":
        raise UnknownNameError(
            f"no concept {concept!r} for order {chosen!r}; expected one of {', '.join(known)}"
            f"{did_you_mean(concept, known)}"
        )
    moved = {name: value for name, value in used.items() if value != model.parameters[name].value}
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", ParameterWarning)
        solutions: AnySolutions = solve(
            form_of(model).games(model, moved), order=chosen, concept=concept, seconds=PATIENCE
        )
        measures = _measures(model, used, solutions, concept)
    told = [sentence_case(str(one.message)) for one in warned]
    if model.constraints and not allowed(model, {name: np.array([value]) for name, value in used.items()}, 1)[0]:
        told.append("These values break a constraint of the model: they are not part of its uncertainty")
    certificate = solutions.certificates[0]
    profiles = tuple(solutions.profile(number) for number in range(len(solutions)))
    heads, rows = _table(solutions, names, chosen, profiles)
    return Answer(
        order=chosen,
        concept=concept,
        values=used,
        sentence=sentence(profiles, names, chosen, concept, certificate.verdict),
        profiles=profiles,
        heads=heads,
        rows=rows,
        verdict=certificate.verdict,
        reason=certificate.reason,
        regret=certificate.max_regret if len(solutions) else None,
        index_sum=certificate.index_sum if model.form == "strategic" else None,
        measures=measures,
        threats=_threats(solutions, names),
        notes=tuple(dict.fromkeys(told)),
        solutions=solutions,
    )


def _table(
    solutions: Any, names: Names, order: str, profiles: Sequence[str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The heads and the rows of the table of solutions: what each is, what it pays or its values, what else is told."""
    if names.form == "analytic":
        heads = tuple(names.say(name) for name in solutions.variables)
        numbers, tags = solutions.values, [""] * len(profiles)
    else:
        heads = tuple(f"pays {names.say(player)}" for player in solutions.players)
        numbers, tags = solutions.payoffs, [", ".join(own) for own in solutions.tags]
    indexed = names.form == "strategic" and solutions.index is not None
    index = [str(own) if solutions.told[0] else "" for own in solutions.index] if indexed else []
    rows = tuple(
        (_spelt(profile, names, order), *map(number, numbers[place].tolist()), *index[place : place + 1], tags[place])
        for place, profile in enumerate(profiles)
    )
    return ("solution", *heads, *(["index"] if indexed else []), "what is known"), rows


def _threats(solutions: Any, names: Names) -> tuple[tuple[int, str], ...]:
    """The solutions of a tree, counted from 1, that rest on threats which nobody would carry out, and which."""
    if names.form != "extensive":
        return ()
    known = [*names.axes, *names.labels, *(action for own in solutions.tree.sets for action in own.actions)]
    told = ((place + 1, solutions.threat(place)) for place in range(len(solutions)))
    return tuple((place, names.words(text, known)) for place, text in told if text)


def _measures(model: Model, used: Mapping[str, float], solutions: AnySolutions, concept: str) -> dict[str, Ends]:
    """Lower and upper value of each measure over the solutions; what no solution can leave where some may be missing.

    A concept that selects or predicts is taken at its word.
    """
    form = form_of(model)
    cells = form.cells(model, {name: [value] for name, value in used.items()}, None)
    grouped = groups(solutions)
    open_ended = concept == NASH and bool(grouped.partial.any())
    found = {}
    for name, own in form.values(model, cells, solutions, None).items():
        widest = form.limits(model, cells, solutions, name) if open_ended else None
        ends, solved = bounds_over(grouped, own, widest)
        if solved[0]:
            found[name] = (float(ends[0, 0]), float(ends[0, 1]))
    return found


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
    """One solution as a clause, or as what is chosen."""
    told = played(profile, names, order)
    return sentence_case(told.removeprefix("the choices are ").removeprefix("the outcome is "))
