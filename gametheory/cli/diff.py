"""What does ``diff`` take, and what does it print?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gametheory.cli.console import line, note, rounded, table
from gametheory.cli.printing import Format, Output, print_json, print_rows
from gametheory.errors import ComputationError, InputError

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model
    from gametheory.sweeps import Sweep

__all__ = ["diff"]

MOST_ROWS = 40  # shares in the table for a person; json and csv have them all
LONGEST = 60  # letters of a cell for a person

One = Annotated[
    str, typer.Argument(metavar="A", help="A model (.yaml), a name of the catalogue, or the folder of a run.")
]
Other = Annotated[str, typer.Argument(metavar="B", help="Another of the same kind.")]


def diff(first: One, second: Other, style: Output = Format.table) -> None:
    """Say what differs between two models or two runs, and in their answers.

    Of models, the answers at the central values under every order of play; of runs, every share with its standard
    error. Ends with 0 whether they differ or not, and with 1 where an answer has no certificate or a run is damaged.
    """
    from gametheory.comparison import answer_differences, differences

    kinds = [Path(name).is_dir() for name in (first, second)]
    if kinds[0] != kinds[1]:
        run, model = (first, second) if kinds[0] else (second, first)
        raise InputError(f"{run!r} is a folder and {model!r} is not; expected two models or the folders of two runs")
    one, other = (_read(name, run=kinds[0]) for name in (first, second))
    contents, answers = differences(one, other), answer_differences(one, other)
    if style is Format.json:
        print_json(_record((first, second), contents, answers))
    elif style is Format.csv:
        print_rows(_rows(contents, answers), style)
    else:
        _show((first, second), contents, answers)
    for text in [*contents.attrs["notes"], *answers.attrs["notes"]]:
        note(f"note: {text}")
    for text in answers.attrs["failed"]:
        note(f"no sound answer: {text}")
    if answers.attrs["failed"]:
        raise typer.Exit(1)


def _read(name: str, *, run: bool) -> Model | Sweep:
    """A model, or the run in a folder; ends with 1 where that is damaged."""
    if not run:
        from gametheory.reader import load

        return load(name)
    from gametheory.sweeps import open_run

    try:
        return open_run(name)
    except ComputationError as error:
        note(f"error: {error}")
        raise typer.Exit(1) from error


def _record(names: tuple[str, str], contents: pd.DataFrame, answers: pd.DataFrame) -> dict[str, Any]:
    """The differences as one JSON object."""
    from gametheory.records import plain_rows

    sides = [{"name": name, "digest": own} for name, own in zip(names, contents.attrs["digests"], strict=True)]
    about = {"first": sides[0], "second": sides[1], "version": contents.attrs["version"]}
    told = {"contents": plain_rows(contents), "answers": plain_rows(answers), "same": answers.attrs["same"]}
    notes = [*contents.attrs["notes"], *answers.attrs["notes"]]
    return {**about, **told, "failed": list(answers.attrs["failed"]), "notes": notes}


def _rows(contents: pd.DataFrame, answers: pd.DataFrame) -> list[dict[str, Any]]:
    """Contents and answers as flat rows with the same columns; what does not apply is empty."""
    from gametheory.records import plain_rows

    columns = ["about", "part", *(str(name) for name in answers.columns)]
    rows = [{"about": "content", **row} for row in plain_rows(contents)]
    rows += [{"about": "answer", **row} for row in plain_rows(answers)]
    return [{name: "" if row.get(name) is None else row[name] for name in columns} for row in rows]


def _show(names: tuple[str, str], contents: pd.DataFrame, answers: pd.DataFrame) -> None:
    """Print both for a person."""
    for mark, name, digest in zip("AB", names, contents.attrs["digests"], strict=True):
        line(f"{mark}: {name}, model digest {digest[:12]}")
    line("\nwhat is said or asked" if len(contents) else "\nthe same is said and asked")
    if len(contents):
        table(["part", "name", "what", "A", "B"], [list(map(_cell, row)) for row in contents.to_numpy().tolist()])
    if answers.attrs["same"] is None:
        _show_shares(answers)
        return
    line(f"answers: {answers.attrs['same']} the same, {len(answers)} not")
    if len(answers):
        shown = ["order", "concept", "kind", "name", "what", "first", "second", "difference"]
        heads = [*shown[:5], "A", "B", "B less A"]
        table(heads, [list(map(_cell, row)) for row in answers[shown].to_numpy().tolist()], numbers=heads[5:])


def _show_shares(answers: pd.DataFrame) -> None:
    """Print the shares that are not the same, those that differ most first."""
    same = int((answers["difference"] == 0).sum())
    beyond = int(answers["beyond"].sum())
    other = answers[answers["difference"] != 0]
    line(f"shares and means: {same} the same, {len(other)} not, {beyond} of them beyond 1.96 standard errors")
    shown = ["order", "kind", "name", "what", "first", "first_se", "second", "second_se", "difference", "se", "beyond"]
    heads = [*shown[:4], "A", "error", "B", "error", "B less A", "error", "beyond"]
    if len(other):
        cells = [list(map(_cell, row)) for row in other[shown].head(MOST_ROWS).to_numpy().tolist()]
        table(heads, cells, numbers=heads[4:10])
    if len(other) > MOST_ROWS:
        note(f"{len(other) - MOST_ROWS:,} more rows: --format csv or json prints them all")


def _cell(value: Any) -> str:
    """A value for a person.

    >>> _cell(0.123456), _cell(True), len(_cell("x" * 200))
    ('0.12346', 'yes', 60)
    """
    if value is None or str(value) in ("", "nan", "<NA>"):
        return "\u2013"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = rounded(value) if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
