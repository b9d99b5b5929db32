"""What does ``solve`` compute for a game tree, and how is it shown to a person?"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gametheory.cli.console import line, rounded, table
from gametheory.errors import InputError, ParameterWarning

if TYPE_CHECKING:
    from gametheory.games import ExtensiveGames
    from gametheory.model import Model
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["refuse", "show_tree", "solved_model_tree", "solved_tree", "tree_rows"]

Record = dict[str, Any]
ABREAST = 5  # solutions side by side in one table
LEAST = 1e-12  # probabilities below it are not shown


def solved_model_tree(model: Model, values: Mapping[str, str], *, order: str, seconds: float) -> list[Record]:
    """Solve the tree of a model and return one JSON record for each order asked for."""
    from gametheory.records import model_source

    games = model.trees({name: [text] for name, text in values.items()})
    source = model_source(model, {name: float(Fraction(text)) for name, text in values.items()})
    return solved_tree(games, source, model, order=order, seconds=seconds)


def solved_tree(
    games: ExtensiveGames, source: Record, model: Model | None, *, order: str, seconds: float
) -> list[Record]:
    """Solve one tree, with the measures of its model where it has one."""
    from gametheory.records import tree_record
    from gametheory.solvers.trees import ORDERS, solve_trees

    records = []
    for name in ORDERS if order == "all" else (order,):
        solutions = solve_trees(games, order=name, seconds=seconds)
        measures = {} if model is None else _measures(model, source, solutions)
        records.append(tree_record(solutions, source, measures))
    return records


def refuse(concept: str, *, exact: bool, options: Mapping[str, Any]) -> None:
    """Raise InputError for what is asked of tables alone."""
    if concept != "nash":
        raise InputError(
            f"--concept {concept}: a tree is solved by --order simultaneous, subgame_perfect or sequential; "
            "for other concepts write its strategic form with write_game(games, 'game.nfg')"
        )
    if exact:
        raise InputError("--exact: trees are solved in floating point; solve the strategic form of the tree exactly")
    if options:
        raise InputError(f"--option {next(iter(options))}=...: no option of a tree")


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
            "threats": "; ".join(f"{own['action']} at {own['information_set']}" for own in solution["threats"]),
            "tags": " ".join(tag.replace(" ", "-") for tag in solution["tags"]),
            "verdict": record["certificate"]["verdict"],
        }
        for solution in record["solutions"]
    ]


def show_tree(record: Record) -> None:
    """Print one record for a person: behaviour at each information set, beliefs, outcomes, threats and measures."""
    certificate, meaning = record["certificate"], _MEANINGS.get(record["order"], "")
    number = certificate["found"]
    line(f"{record['title'] or record['model']}: {record['order']}{meaning}")
    line(f"{number} {'solution' if number == 1 else 'solutions'}, {certificate['verdict']}: {certificate['reason']}")
    numbers = [f"({place})" for place in range(1, len(record["solutions"]) + 1)]
    for first in range(0, number, ABREAST):
        some = slice(first, first + ABREAST)
        table(["", *numbers[some]], _cells({**record, "solutions": record["solutions"][some]}))
    for place, solution in zip(numbers, record["solutions"], strict=True):
        for own in solution["threats"]:
            mover = next(
                each["player"] for each in record["information_sets"] if each["name"] == own["information_set"]
            )
            line(
                f"{place} rests on the threat of {own['action']} at {own['information_set']}, which is not credible: "
                f"there another action pays {mover} {rounded(own['gain'])} more"
            )
    for name, (low, high) in record["measures"].items():
        between = rounded(low) if low == high else f"{rounded(low)} to {rounded(high)} over the solutions"
        line(f"{name}: {between}")
    line()


_MEANINGS = {
    "simultaneous": " (whole plans are chosen at once: every Nash equilibrium)",
    "subgame_perfect": " (every part of the tree that stands alone is played in equilibrium)",
    "sequential": " (every move is best where it is made, given beliefs that agree with play)",
}


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
    """Lower and upper value of every measure over the solutions, as for tables."""
    from gametheory.measures import bounds_over, groups
    from gametheory.study import tree_measures

    design = {parameter: [value] for parameter, value in source["parameters"].items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ParameterWarning)  # the games were built from the same values, and warned
        measures = tree_measures(model, design, solutions)
    found = {}
    for name, (own, widest) in measures.items():
        ends, solved = bounds_over(groups(solutions), own, widest)
        if solved[0]:
            found[name] = (float(ends[0, 0]), float(ends[0, 1]))
    return found
