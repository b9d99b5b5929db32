"""What does ``solve`` compute for a game tree, and how is it shown to a person?"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gametheory.cli.console import line, measured, rounded, table
from gametheory.errors import InputError, ParameterWarning

if TYPE_CHECKING:
    from gametheory.games import ExtensiveGames
    from gametheory.model import Model
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["refuse", "show_tree", "solved_model_tree", "solved_tree", "tree_rows"]

Record = dict[str, Any]
ABREAST = 5  # solutions side by side in one table
PURE = "pure"  # a tag that says how a solution is played, and not whether it may be believed
MOST_SHOWN = 10  # solutions, before those that differ off the path alone are left out
AT_THEIR_WORD = ("logit", "logit_limit")  # concepts that select or predict: the measures are those of what they list
LEAST = 1e-12  # probabilities below it are not shown
UNTOLD = "incredible choice, perhaps a threat"  # the tag of a solution of which it could not be told


MEANINGS = {
    "simultaneous": " (whole plans are chosen at once: every Nash equilibrium)",
    "subgame_perfect": " (every part of the tree that stands alone is played in equilibrium)",
    "sequential": " (every move is best where it is made, given beliefs that agree with play)",
    "intuitive": " (sequential equilibria that pass the intuitive criterion)",
    "logit": " (quantal response at each information set: mistakes stay)",
    "logit_limit": " (the sequential equilibrium to which rarer and rarer mistakes lead)",
    "sequence_form": " (one Nash equilibrium; others may exist)",
}


def solved_model_tree(
    model: Model, values: Mapping[str, str], *, order: str, concept: str, seconds: float, options: Mapping[str, Any]
) -> list[Record]:
    """Solve the tree of a model and return one JSON record for each order asked for."""
    from gametheory.records import model_source

    games = model.trees({name: [text] for name, text in values.items()})
    source = model_source(model, {name: float(Fraction(text)) for name, text in values.items()})
    return solved_tree(games, source, model, order=order, concept=concept, seconds=seconds, options=options)


def solved_tree(
    games: ExtensiveGames,
    source: Record,
    model: Model | None,
    *,
    order: str,
    concept: str,
    seconds: float,
    options: Mapping[str, Any],
) -> list[Record]:
    """Solve one tree by a concept, with the measures of its model where it has one.

    All orders of play are those of the concept: each of them for ``nash``, its own for another.
    """
    from gametheory.records import tree_record
    from gametheory.solvers import solve
    from gametheory.solvers.trees import NASH, ORDERS

    several = ORDERS if concept == "nash" else (NASH,)
    records = []
    for name in several if order == "all" else (order,):
        solutions = solve(games, order=name, concept=concept, seconds=seconds, **options)
        measures = {} if model is None else _measures(model, source, solutions)
        records.append(tree_record(solutions, source, measures))
    return records


def refuse(concept: str, *, exact: bool) -> None:
    """Raise for what trees cannot be asked: a concept that is not theirs, or fractions."""
    from gametheory.solvers import known_concept

    known_concept("extensive", concept)
    if exact:
        raise InputError("--exact: trees are solved in floating point; solve the strategic form of the tree exactly")


def tree_rows(record: Record) -> list[Record]:
    """One flat row a solution, for CSV."""
    return [
        {
            "order": record["order"],
            **{own["name"]: _mixture(own["actions"], row) for own, row in _sets(record, solution)},
            **{
                f"payoff_{player['name']}": payoff
                for player, payoff in zip(record["players"], solution["payoffs"], strict=True)
            },
            "regret": solution["regret"],
            "threats": _named(solution["threats"]),
            "idle": _named(solution["idle"]),
            "tags": " ".join(tag.replace(" ", "-") for tag in solution["tags"]),
            "verdict": record["certificate"]["verdict"],
        }
        for solution in record["solutions"]
    ]


def _named(choices: list[Record]) -> str:
    """Choices with their information sets, for CSV."""
    return "; ".join(f"{own['action']} at {own['information_set']}" for own in choices)


def show_tree(record: Record) -> None:
    """Print one record for a person: behaviour at each information set, beliefs, outcomes, threats and measures."""
    certificate = record["certificate"]
    lead = record["order"] if record["concept"] == "nash" else record["concept"]
    number = certificate["found"]
    line(f"{record['title'] or record['model']}: {lead}{MEANINGS.get(lead, '')}")
    line(f"{number} {'solution' if number == 1 else 'solutions'}, {certificate['verdict']}: {certificate['reason']}")
    shown = list(range(number)) if number <= MOST_SHOWN else _one_of_each(record)
    if len(shown) < number:
        alike = "Of those that end, pay and may be believed alike one is shown"
        line(f"{alike}, {len(shown)} in all; --format csv lists every one.")
    for first in range(0, len(shown), ABREAST):
        some = shown[first : first + ABREAST]
        parts = [record["solutions"][place] for place in some]
        table(["", *(f"({place + 1})" for place in some)], _cells({**record, "solutions": parts}))
    for place in shown:
        for text in _resting(record, record["solutions"][place]):
            line(f"({place + 1}) {text}")
    lacking = certificate["verdict"] == "partial" and record["concept"] not in AT_THEIR_WORD
    for name, ends in record["measures"].items():
        line(measured(name, ends, lacking=lacking))
    line()


def _one_of_each(record: Record) -> list[int]:
    """The places of some solutions: of those that end alike, with equal payoffs and equal credibility, the first."""
    first: dict[tuple[str, ...], int] = {}
    for place, solution in enumerate(record["solutions"]):
        ends = map(rounded, [*solution["outcomes"], *solution["payoffs"]])
        first.setdefault((*ends, *(tag for tag in solution["tags"] if tag != PURE)), place)
    return list(first.values())


def _resting(record: Record, solution: Record) -> list[str]:
    """What is said of the choices of one solution that their players would not carry out."""
    told = []
    sure = UNTOLD not in solution["tags"]
    rests = "rests on the threat" if sure else "may rest on the threat"
    for own in solution["threats"]:
        others = "" if own["alone"] or not sure else ", together with the others named here"
        told.append(f"{rests} of {_told(record, solution, own)}{others}")
    stands = "the outcome stands without it"
    return [*told, *(f"does not rest on {_told(record, solution, own)}: {stands}" for own in solution["idle"])]


def _told(record: Record, solution: Record, own: Record) -> str:
    """One choice that its player would not carry out, and what the player would gain by another."""
    names = [each["name"] for each in record["information_sets"]]
    place = names.index(own["information_set"])
    each = record["information_sets"][place]
    return (
        f"{_mixture(each['actions'], solution['strategies'][place])} at {own['information_set']}, which is not "
        f"credible (there another action pays {each['player']} {rounded(own['gain'])} more)"
    )


def _cells(record: Record) -> list[list[str]]:
    """One row for each information set, its beliefs, each outcome and each player; one column a solution."""
    solutions = record["solutions"]
    rows = []
    for place, own in enumerate(record["information_sets"]):
        texts = [_mixture(own["actions"], solution["strategies"][place]) for solution in solutions]
        quiet = [solution["reached"][place] <= LEAST for solution in solutions]
        shown = [f"{text} (not reached)" if off else text for text, off in zip(texts, quiet, strict=True)]
        rows.append([f"{own['name']} ({own['player']})", *shown])
        if len(own["nodes"]) > 1:
            held = [_mixture(own["nodes"], solution["beliefs"][place]) for solution in solutions]
            rows.append(["  believes", *held])
    for place, name in enumerate(record["outcomes"]):
        shares = [solution["outcomes"][place] for solution in solutions]
        if max(shares) > LEAST:
            rows.append([f"outcome {name}", *(rounded(share) for share in shares)])
    for place, player in enumerate(record["players"]):
        rows.append([f"payoff {player['name']}", *(rounded(solution["payoffs"][place]) for solution in solutions)])
    if any(solution["tags"] for solution in solutions):
        rows.append(["tags", *(", ".join(solution["tags"]) for solution in solutions)])
    return rows


def _sets(record: Record, solution: Record) -> list[tuple[Record, list[float]]]:
    return list(zip(record["information_sets"], solution["strategies"], strict=True))


def _mixture(names: list[str], shares: list[float]) -> str:
    """Names with their probabilities, those that have one: ``0.25 fight + 0.75 yield``, or the one name."""
    used = [(name, share) for name, share in zip(names, shares, strict=True) if share > LEAST]
    return used[0][0] if len(used) == 1 else " + ".join(f"{share:.4g} {name}" for name, share in used)


def _measures(model: Model, source: Record, solutions: TreeSolutions) -> dict[str, tuple[float, float]]:
    """Lower and upper value of every measure over the solutions, as for tables.

    Where the list may lack some, the bounds are those that none can leave, save of what selects or predicts.
    """
    from gametheory.measures import bounds_over, groups
    from gametheory.study import tree_measures

    design = {parameter: [value] for parameter, value in source["parameters"].items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ParameterWarning)  # the games were built from the same values, and warned
        measures = tree_measures(model, design, solutions)
    found = {}
    for name, (own, widest) in measures.items():
        ends, solved = bounds_over(groups(solutions), own, None if solutions.concept in AT_THEIR_WORD else widest)
        if solved[0]:
            found[name] = (float(ends[0, 0]), float(ends[0, 1]))
    return found
