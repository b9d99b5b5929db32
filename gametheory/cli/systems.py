"""What does ``solve`` show of an analytic model?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gametheory.cli.console import line, measured, rounded, table
from gametheory.errors import InputError

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["show_system", "solved_system", "system_rows"]

Record = dict[str, Any]


def solved_system(model: Model, values: Mapping[str, str], *, order: str, concept: str, exact: bool) -> Record:
    """Solve an analytic model at one point and return one JSON record."""
    from gametheory.measures import bounds
    from gametheory.records import model_source, system_record
    from gametheory.solvers import known_concept
    from gametheory.solvers.roots import solve_systems
    from gametheory.study import system_measures

    if concept != "equilibrium":  # what its answers call themselves
        known_concept("analytic", concept)
    if exact:
        raise InputError(
            "--exact: the roots of an analytic model are proved with intervals, not in fractions; leave it out"
        )
    games = model.systems({name: [text] for name, text in values.items()})
    solutions = solve_systems(games, "equilibrium" if order == "all" else order)
    source = model_source(model, {name: float(Fraction(text)) for name, text in values.items()})
    measures = {}
    for name, (own, widest) in system_measures(model, solutions).items():
        ends, solved = bounds(own, solutions, widest)  # type: ignore[arg-type]  # asks for counts and verdicts alone
        if solved[0]:
            measures[name] = (float(ends[0, 0]), float(ends[0, 1]))
    return system_record(solutions, source, measures)


def system_rows(record: Record) -> list[Record]:
    """One flat row a solution, for CSV."""
    verdict = record["certificate"]["verdict"]
    return [
        {
            "outcome": own["outcome"],
            **own["unknowns"],
            **own["quantities"],
            "radius": own["radius"],
            "residual": own["residual"],
            "index": own["index"],
            "verdict": verdict,
        }
        for own in record["solutions"]
    ]


def show_system(record: Record) -> None:
    """Print one record for a person: every solution with its values, the certificate and the measures."""
    certificate = record["certificate"]
    number = certificate["found"]
    line(record["title"] or record["model"])
    line(f"{number} {'solution' if number == 1 else 'solutions'}, {certificate['verdict']}: {certificate['reason']}")
    solutions = record["solutions"]
    if solutions:
        unknown = [own["name"] for own in record["unknowns"]]
        rows = [[name, *(f"{own['unknowns'][name]:.9g}" for own in solutions)] for name in unknown]
        rows += [
            [name, *(rounded(own["quantities"][name]) for own in solutions)] for name in solutions[0]["quantities"]
        ]
        outcomes = [own["outcome"] for own in solutions]
        table(["", *outcomes], rows, numbers=outcomes)
    for name, ends in record["measures"].items():
        line(measured(name, ends, lacking=certificate["verdict"] == "partial"))
    line()
