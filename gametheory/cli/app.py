"""Which commands are there, and what does each take?"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from gametheory.cli import auditing, exploring, questions
from gametheory.cli.console import line, note, progress, table
from gametheory.cli.diff import diff
from gametheory.cli.doctor import doctor
from gametheory.cli.inputs import Concept, ModelFile, Parameter, Settings, named
from gametheory.cli.printing import Format, Output, print_json, print_rows
from gametheory.cli.sweeping import sweep
from gametheory.errors import InputError
from gametheory.machine import processors
from gametheory.version import __version__

__all__ = ["app"]

app = typer.Typer(
    name="gametheory",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Find every equilibrium of a strategic model, certify it, and say what would change the answer.",
    epilog="Exit codes: 0 done; 1 done, but a check failed; 2 bad use or file; 3 could not compute; 130 interrupted.",
)


class Method(StrEnum):
    """How tipping points are found."""

    auto = "auto"
    exact = "exact"
    numerical = "numerical"


File = Annotated[
    str, typer.Argument(metavar="FILE", help="A model (.yaml), a name of the catalogue, or a game (.nfg, .agg).")
]


def _version(wanted: bool) -> None:
    if wanted:
        line(f"gametheory {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Carry the options that belong to no single command."""


@app.command("list")
def list_models(style: Output = Format.table) -> None:
    """List the models of the catalogue."""
    from gametheory.reader import catalogue, load

    rows = []
    for name in catalogue():
        model = load(name)
        size = " x ".join(str(len(labels)) for _, labels in model.axes)
        players = ", ".join(player.name for player in model.players)
        rows.append({"name": name, "form": model.form, "players": players, "size": size, "question": model.question})
    if style is Format.table:
        table(list(rows[0]) if rows else ["name"], [list(row.values()) for row in rows])
    else:
        print_rows(rows, style)


@app.command()
def check(files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Models or games to read.")]) -> None:
    """Read files and report every problem with its line, its column and what to try; notes tell of likely slips."""
    from gametheory.cli.inputs import read_input
    from gametheory.errors import GameTheoryError, ModelError
    from gametheory.reader import advice

    failed = False
    for file in files:
        try:
            found = read_input(file)
        except ModelError as error:
            failed = True
            line(str(error))
        except GameTheoryError as error:
            failed = True
            line(f"{file}: error: {error}")
        else:
            line(f"{file}: ok: {found.summary()}")
            for told in advice(found.model) if found.model is not None else ():
                line(f"{file}: note: {told}")
    if failed:
        raise typer.Exit(2)


@app.command()
def solve(
    file: File,
    settings: Settings = None,
    order: Annotated[
        str | None,
        typer.Option(
            metavar="ORDER",
            help="simultaneous (if not given), the player who leads and is observed, or all; of trees sequential (if "
            "not given for a model; for an .efg file it is simultaneous), subgame_perfect or simultaneous.",
        ),
    ] = None,
    concept: Concept = None,
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A number that the concept asks for, such as precision=2; repeatable."),
    ] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Solve in fractions and print them.")] = False,
    seconds: Annotated[
        float,
        typer.Option(help="Time for a search that may not end, such as that for mixed equilibria of many players."),
    ] = 60.0,
    style: Output = Format.table,
) -> None:
    """Find every equilibrium of one game, with its certificate."""
    from gametheory.cli import answers, inputs

    found = inputs.read_input(file)
    order = order or (found.usual_order if concept is None else "simultaneous")
    values = inputs.settings(settings or [])
    asked = {name: float(Fraction(text)) for name, text in inputs.settings(option or [], "--option").items()}
    records = answers.solved(
        found, values, order=order, concept=concept or "nash", exact=exact, seconds=seconds, options=asked
    )
    if style is Format.json:
        print_json(records if order == "all" else records[0])
    elif style is Format.csv:
        print_rows([row for record in records for row in answers.rows(record)], style)
    else:
        for record in records:
            answers.show(record)
    if exact and records[0]["exact_payoffs"] == "floats":
        note("note: the payoffs are not rational; exact means the game of their floating-point values")
    for record in records:
        verdict = record["certificate"]["verdict"]
        if verdict in ("partial", "failed"):
            note(f"order {record['order']}: {verdict}: {record['certificate']['reason']}")
    if any(record["certificate"]["verdict"] == "failed" for record in records):
        raise typer.Exit(1)


@app.command()
def tip(
    file: ModelFile,
    parameter: Parameter = None,
    low: Annotated[float | None, typer.Option(help="Start of the range; the law's lower end if not given.")] = None,
    high: Annotated[float | None, typer.Option(help="End of the range; the law's upper end if not given.")] = None,
    order: Annotated[
        str, typer.Option(metavar="ORDER", help="simultaneous, the player who leads and is observed, or all.")
    ] = "simultaneous",
    method: Annotated[
        Method,
        typer.Option(help="exact roots where the payoffs are fractions of polynomials, else a numerical search."),
    ] = Method.auto,
    style: Output = Format.table,
) -> None:
    """Find every value of one parameter at which the set of equilibria changes, and the deviation that binds."""
    from gametheory.analyses import tip as analysis
    from gametheory.reader import load
    from gametheory.records import tip_record

    model = load(file)
    parameter = named(model, parameter, "--parameter")
    with progress("tip") as report:
        frame = analysis(model, parameter, order=order, low=low, high=high, method=method.value, progress=report)
    failed = frame.attrs["failed"]
    orders = [name for name in model.orders if name in failed]
    records = [tip_record(frame, parameter, name) for name in orders]
    if style is Format.json:
        print_json(records if order == "all" else records[0])
    elif style is Format.csv:
        print_rows([{"order": r["order"], **_flat(found)} for r in records for found in r["tips"]], style)
    else:
        cells = [
            (
                r["order"],
                f"{found['value']:.12g}",
                found["binding"],
                " | ".join(found["before"]),
                " | ".join(found["after"]),
            )
            for r in records
            for found in r["tips"]
        ]
        if cells:
            table(["order", parameter, "what binds", "before", "after"], cells, numbers=[parameter])
        for record in records:
            if not record["tips"] and failed[record["order"]] < 1:
                ends = f"between {frame.attrs['low']:.6g} and {frame.attrs['high']:.6g}"
                line(f"{record['order']}: no value of {parameter} {ends} was found at which the answer changes")
    for text in frame.attrs.get("notes", []):
        note(f"note: {text}")
    if all(share == 1 for share in failed.values()):
        raise typer.Exit(1)


@app.command()
def analyse(
    file: ModelFile,
    out: Annotated[Path | None, typer.Option(help="Folder for the page and the frames; out/NAME if not given.")] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            min=1, help="Draws of the uncertain parameters; 100,000 for tables, 20,000 for equations, 1,000 for trees."
        ),
    ] = None,
    base_points: Annotated[
        int | None,
        typer.Option(min=64, help="Base points for drivers, conditions and choices; 2,048, 1,024 or 128 by the form."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that share the questions; 2 by default, where there are processors."),
    ] = None,
) -> None:
    """Answer the main questions about the model and write one page, with the numbers behind it as CSV and Parquet."""
    from gametheory.reader import load
    from gametheory.report import analyse as report_on

    model = load(file)
    folder = out or Path("out") / Path(model.path).stem
    with progress("analyse") as report:
        page = report_on(
            model,
            folder,
            samples=samples,
            base_points=base_points,
            seed=seed,
            workers=workers or min(2, processors()),
            progress=report,
            note=note,
        )
    line(f"page: {page.resolve()}")
    line(f"frames: {(folder / 'frames').resolve()}")


app.command()(sweep)
app.command("critical")(questions.critical)
app.command("break-even")(questions.break_even)
app.command("radius")(questions.radius)
app.command("least-change")(questions.least_change)
app.command("regions")(questions.regions)
app.command("ordinal")(questions.ordinal)
app.command("design")(questions.design)
app.command("sensitivity")(auditing.sensitivity)
app.command("audit")(auditing.audit)
app.command("explore")(exploring.explore)
app.command()(diff)
app.command()(doctor)


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist yet.")],
    form: Annotated[
        str | None,
        typer.Option(
            help="What it describes: strategic (tables of payoffs; if not given), extensive (a tree) or analytic."
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", metavar="MODEL", help="Copy this model, or one of the catalogue, instead.")
    ] = None,
) -> None:
    """Write a commented starter model to change, or a copy of another model."""
    from gametheory.reader import load, starter

    if file.suffix.lower() not in (".yaml", ".yml"):
        raise InputError(f"{str(file)!r}: expected a name that ends in .yaml")
    if form is not None and source is not None:
        raise InputError(f"--form {form}: a copy has the form of {source!r}; leave out --form or --from")
    text = starter(form or "strategic") if source is None else load(source).text
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise InputError(f"{str(file)!r} is there already; choose another name, nothing was written") from error
    except FileNotFoundError as error:
        raise InputError(f"{str(file)!r}: there is no folder {str(file.parent)!r}; create it first") from error
    line(f"{file}: written; next: gametheory check {file}, then gametheory analyse {file}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of model files, for editors that complete and check while typing."""
    from gametheory.reader import schema as document

    print_json(document())


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    """A tipping point with its lists joined."""
    return {name: " | ".join(value) if isinstance(value, list) else value for name, value in found.items()}
