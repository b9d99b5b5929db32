"""What does ``solve`` compute, and how is it shown to a person?"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gametheory.cli import tree_answers
from gametheory.cli.console import line, measured, note, rounded, table
from gametheory.cli.inputs import Input
from gametheory.cli.systems import show_system, solved_system, system_rows
from gametheory.errors import InputError, ParameterWarning

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Model
    from gametheory.solutions import Solutions

__all__ = ["rows", "show", "solved"]

Record = dict[str, Any]


def solved(
    found: Input,
    values: Mapping[str, str],
    *,
    order: str,
    concept: str,
    exact: bool,
    seconds: float,
    options: Mapping[str, Any],
) -> list[Record]:
    """Solve the game that the input stands for and return one JSON record for each order of play asked for."""
    from gametheory.games import ExtensiveGames
    from gametheory.records import game_source, model_source, solution_record
    from gametheory.solvers import solve

    if found.model is not None and found.model.form == "analytic":
        if options:
            raise InputError(f"--option {next(iter(options))}=...: equations are solved without options; leave it out")
        return [solved_system(found.model, values, order=order, concept=concept, exact=exact)]
    if isinstance(found.game, ExtensiveGames) or (found.model is not None and found.model.form == "extensive"):
        tree_answers.refuse(concept, exact=exact)
    taken = sorted({"order", "concept", "exact", "workers", "seconds"}.intersection(options))
    if taken:
        raise InputError(f"--option {taken[0]}=...: not an option of a concept; expected a number such as precision=2")
    asked: Record = {"order": order, "concept": concept, "seconds": seconds, "options": options}
    if found.model is not None and found.model.form == "extensive":
        return tree_answers.solved_model_tree(found.model, values, **asked)
    if found.model is not None:
        games = found.model.games({name: [text] for name, text in values.items()}, exact=exact)
        source = model_source(found.model, {name: float(Fraction(text)) for name, text in values.items()})
    elif found.game is not None and values:
        raise InputError(f"--set {next(iter(values))}=...: {found.path} is a game file and has no parameters")
    elif isinstance(found.game, ExtensiveGames):
        source = game_source(found.game, found.path)
        return tree_answers.solved_tree(found.game, source, None, **asked)
    elif found.game is not None:
        games = found.game
        source = game_source(games, found.path)
    if concept == "nash" and len(games.players) > 2:
        _tell_pure(games)
    records = []
    for name in _orders(games.players, order, concept):
        solutions = solve(games, order=name, concept=concept, exact=exact, seconds=seconds, **options)
        measures = {} if found.model is None else _measures(found.model, source, solutions)
        records.append(solution_record(solutions, source, measures))
    return records


def _tell_pure(games: Games) -> None:
    """Say at once which equilibria in actions there are: the search for mixed ones may take its time."""
    from gametheory.solvers import solver
    from gametheory.solvers.task import Task

    found = solver("pure")(games, Task())
    listed = "; ".join(found.profile(number) for number in range(len(found))) or "none"
    note(f"equilibria in actions: {listed}; searching for mixed ones")


def _orders(players: tuple[str, ...], order: str, concept: str) -> list[str]:
    """The orders of play that are asked for and can be solved; only the Nash concept has them all."""
    if order != "all":
        return [order]
    if len(players) != 2:
        note(
            f"an observed leader is solved for two players only; this game has {len(players)}: simultaneous play alone"
        )
        return ["simultaneous"]
    if concept == "nash":
        return ["simultaneous", *players]
    return [*players] if concept == "commitment" else ["simultaneous"]


def _measures(model: Model, source: Record, solutions: Solutions) -> dict[str, tuple[float, float]]:
    """Lower and upper value of every measure over the solutions.

    Where the list of equilibria may lack some, the bounds are those that no equilibrium can leave. A concept that
    selects or predicts is taken at its word: its measures are those of what it lists.
    """
    from gametheory.measures import bounds, limits, measure_cells, values_from_cells

    design = {parameter: [value] for parameter, value in source["parameters"].items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ParameterWarning)  # the games were built from the same values, and warned
        cells = measure_cells(model, design)
    found = {}
    for name, own in values_from_cells(model, cells, solutions).items():
        widest = limits(model, cells, solutions, name) if solutions.concept == "nash" else None
        ends, solved = bounds(own, solutions, widest)
        if solved[0]:
            found[name] = (float(ends[0, 0]), float(ends[0, 1]))
    return found


def rows(record: Record) -> list[Record]:
    """One flat row a solution, for CSV."""
    if record.get("form") == "extensive":
        return tree_answers.tree_rows(record)
    if "unknowns" in record:
        return system_rows(record)
    return [
        {
            "order": record["order"],
            "profile": _profile(record, solution),
            **{
                f"payoff_{player['name']}": payoff
                for player, payoff in zip(record["players"], solution["payoffs"], strict=True)
            },
            "regret": solution["regret"],
            "index": "" if solution["index"] is None else solution["index"],
            "component": "" if solution["component"] is None else solution["component"],
            "tags": " ".join(tag.replace(" ", "-") for tag in solution["tags"]),
            "verdict": record["certificate"]["verdict"],
        }
        for solution in record["solutions"]
    ]


def show(record: Record) -> None:
    """Print one record for a person: what was solved, every solution, the certificate and the measures."""
    if record.get("form") == "extensive":
        tree_answers.show_tree(record)
        return
    if "unknowns" in record:
        show_system(record)
        return
    certificate = record["certificate"]
    number = certificate["found"]
    lead = "" if record["order"] == "simultaneous" else " moves first and is observed"
    line(f"{record['title'] or record['model']}: {record['order']}{lead}")
    line(f"{number} {'solution' if number == 1 else 'solutions'}, {certificate['verdict']}: {certificate['reason']}")
    names = [player["name"] for player in record["players"]]
    indexed = any(solution["index"] is not None for solution in record["solutions"])
    columns = ["profile", *names, *(["index", "component"] if indexed else []), "tags"]
    cells = []
    for solution in record["solutions"]:
        place = [solution["index"], solution["component"]] if indexed else []
        payoffs = [rounded(payoff) for payoff in solution["payoffs"]]
        cells.append([_profile(record, solution), *payoffs, *place, ", ".join(solution["tags"])])
    if cells:
        table(columns, cells, numbers=[*names, "index", "component"])
    lacking = certificate["verdict"] == "partial" and record["concept"] == "nash"
    for name, ends in record["measures"].items():
        line(measured(name, ends, lacking=lacking))
    line()


def _profile(record: Record, solution: Record) -> str:
    """The strategies in words, in fractions where they are exact."""
    texts = []
    for number, (player, strategy) in enumerate(zip(record["players"], solution["strategies"], strict=True)):
        shown = solution["exact"][number] if solution["exact"] else [f"{value:.4g}" for value in strategy]
        used = [(text, name) for text, name, value in zip(shown, player["actions"], strategy, strict=True) if value > 0]
        texts.append(used[0][1] if len(used) == 1 else " + ".join(f"{text} {name}" for text, name in used))
    return ", ".join(texts)
