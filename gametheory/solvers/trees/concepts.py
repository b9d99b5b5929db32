"""Which concepts are there for game trees besides the orders of play, and what does each find?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from gametheory.errors import InputError
from gametheory.games.extensive import ExtensiveGames
from gametheory.solutions import FAILED, PARTIAL, Certificates
from gametheory.solvers.registry import ANY, SIMULTANEOUS, Solver, named_options
from gametheory.solvers.task import Task
from gametheory.solvers.trees import NASH, SEQUENTIAL, SUBGAME_PERFECT, solve_trees
from gametheory.solvers.trees.agent_logit import logit, logit_limit
from gametheory.solvers.trees.intuitive import FAILS, PASSES, signalling
from gametheory.solvers.trees.sequence_form import sequence_form
from gametheory.tree_solutions import TreeSolutions

__all__ = ["TREE_CONCEPTS", "solve_concept"]

REFUSED = "no equilibrium in the list passes the intuitive criterion"
TESTED = "the intuitive criterion was tested at the corners of continua, and not at what lies between them"

TREE_CONCEPTS: Mapping[str, Solver] = MappingProxyType(
    {
        "nash": Solver(
            "extensive", "nash", NASH, ANY, "every equilibrium in plans, and the threats on which each rests"
        ),
        "subgame_perfect": Solver(
            "extensive",
            "subgame_perfect",
            SUBGAME_PERFECT,
            ANY,
            "every equilibrium that is one in each part of the tree that stands alone",
        ),
        "sequential": Solver(
            "extensive",
            "sequential",
            SEQUENTIAL,
            ANY,
            "every behaviour that is best at each information set, with beliefs that support it",
        ),
        "intuitive": Solver(
            "extensive",
            "intuitive",
            SEQUENTIAL,
            ANY,
            "the sequential equilibria of a signalling game that pass the intuitive criterion",
        ),
        "logit": Solver(
            "extensive",
            "logit",
            SEQUENTIAL,
            ANY,
            "the first point of the principal branch of agent logit at a precision, in 1 / unit of payoff",
            options=MappingProxyType({"precision": 1.0}),
        ),
        "logit_limit": Solver(
            "extensive",
            "logit_limit",
            SEQUENTIAL,
            ANY,
            "one sequential equilibrium: the limit of the principal branch of agent logit",
        ),
        "sequence_form": Solver(
            "extensive", "sequence_form", NASH, 2, "one equilibrium in plans, also of trees too large for a table"
        ),
    }
)
"""Concept -> what it finds in trees; its ``order`` says where play must be best: as a whole plan, or at every set."""


def solve_concept(games: ExtensiveGames, concept: str, order: str, task: Task) -> TreeSolutions:
    """Solve trees by a concept, which `TREE_CONCEPTS` knows; the orders of play are concepts too.

    ``order`` is ``simultaneous`` where none was asked for, else it must be the concept's own, or the concept ``nash``.
    Raises InputError for what does not go together, and UnknownNameError for an option that the concept does not have.

    >>> from gametheory.formats import parse_efg
    >>> games = parse_efg('EFG 2 R "" { "a" "b" } p "" 1 1 { "in" "out" } 0 '
    ...     'p "" 2 1 { "yield" "fight" } 0 t "" 1 { 2 1 } t "" 2 { 0 0 } t "" 3 { 1 2 }')
    >>> [len(solve_concept(games, concept, "simultaneous", Task())) for concept in ("nash", "sequential")]
    [3, 1]
    >>> solve_concept(games, "logit_limit", "simultaneous", Task()).profile(0)
    'in, yield'
    """
    entry = TREE_CONCEPTS[concept]
    options = named_options(f"concept {concept!r} of trees", entry.options, task.options)
    if order != SIMULTANEOUS and concept != "nash" and order != entry.order:
        raise InputError(
            f"order {order!r} and concept {concept!r} do not go together: "
            f"the concept is for order {entry.order!r}, which need not be said"
        )
    if entry.players not in (ANY, len(games.players)):
        raise InputError(f"concept {concept!r}: for trees of two players; this one has {len(games.players)}")
    if concept in ("nash", SUBGAME_PERFECT, SEQUENTIAL):
        wanted = order if concept == "nash" else concept
        return solve_trees(games, order=wanted, workers=task.workers, seconds=task.seconds)
    if games.tree.forgets:
        raise InputError(f"{games.tree.forgets}; trees are solved for players with perfect recall")
    return SEARCHES[concept](games, replace(task, options=options))


def intuitive(games: ExtensiveGames, task: Task) -> TreeSolutions:
    """Keep the sequential equilibria that pass the intuitive criterion; raises InputError for other than signalling.

    The certificate is that of the sequential equilibria, with the number that is kept. Where these form continua only
    their corners are tested, and the verdict is ``partial``.
    """
    if signalling(games.tree) is None:
        raise InputError(
            "concept 'intuitive': for signalling games alone, in which one side that knows its type sends a message "
            "and another answers; this tree is none, ask for 'sequential'"
        )
    every = solve_trees(games, order=SEQUENTIAL, workers=task.workers, seconds=task.seconds)
    kept = chosen(every, [s for s, words in enumerate(every.tags) if FAILS not in words], "intuitive")
    verdict, reason = kept.certificates.verdict.astype(object), kept.certificates.reason.astype(object)
    tied = verdict == "degenerate-complete"
    verdict[tied] = PARTIAL
    none = (kept.count == 0) & (verdict != FAILED)
    for game in np.flatnonzero(tied):
        reason[game] = f"{reason[game]}; {TESTED}"
    for game in np.flatnonzero(none):
        reason[game] = f"{REFUSED}: {reason[game]}"
    own = kept.certificates
    certified = Certificates(verdict, own.found, own.max_regret, None, reason)
    tags = tuple(tuple(word for word in words if word != PASSES) for words in kept.tags)
    return replace(kept, certificates=certified, tags=tags)


def sequences(games: ExtensiveGames, task: Task) -> TreeSolutions:
    """One Nash equilibrium of every tree by the sequence form, whatever its size."""
    return replace(sequence_form(games, seconds=task.seconds), concept="sequence_form")


def chosen(found: TreeSolutions, rows: list[int], concept: str) -> TreeSolutions:
    """Some of the solutions under the name of a concept; certificates keep their verdicts and count anew."""
    columns = ("game", "behaviour", "beliefs", "reached", "payoffs", "regret")
    own = {name: getattr(found, name)[rows] for name in columns}
    count = len(found.games)
    largest = np.zeros(count)
    np.maximum.at(largest, own["game"], own["regret"])
    number = np.bincount(own["game"], minlength=count).astype(np.int64)
    certificates = Certificates(found.certificates.verdict, number, largest, None, found.certificates.reason)
    return replace(
        found,
        **own,
        concept=concept,
        component=None if found.component is None else found.component[rows],
        index=None,
        certificates=certificates,
        tags=tuple(found.tags[k] for k in rows),
        threats=tuple(found.threats[k] for k in rows),
        idle=tuple(found.idle[k] for k in rows) if found.idle else (),
    )


SEARCHES: Mapping[str, Callable[[ExtensiveGames, Task], TreeSolutions]] = MappingProxyType(
    {"intuitive": intuitive, "logit": logit, "logit_limit": logit_limit, "sequence_form": sequences}
)
