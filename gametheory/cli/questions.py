"""Which commands put one question to a model, and what does each take?"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gametheory.cli.console import line, note, progress
from gametheory.cli.frames import show
from gametheory.cli.inputs import ModelFile, Parameter, Settings, named, settings
from gametheory.cli.printing import Format, Output
from gametheory.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["break_even", "critical", "design", "least_change", "ordinal", "radius", "regions"]

MOST_ROWS = 20  # points of a design that are shown to a person


class Pairs(StrEnum):
    """Which pairs of a player's actions are compared."""

    neighbouring = "neighbouring"
    all = "all"


AnyOrder = Annotated[
    str, typer.Option(metavar="ORDER", help="simultaneous, the player who leads and is observed, or all.")
]


def critical(
    file: ModelFile,
    settings: Settings = None,
    pairs: Annotated[Pairs, typer.Option(help="Compare neighbouring actions of the file, or all.")] = (
        Pairs.neighbouring
    ),
    others: Annotated[
        list[str] | None,
        typer.Option("--others", metavar="PLAYER=ACTION", help="What each player beyond two does; repeatable."),
    ] = None,
    elasticities: Annotated[
        bool, typer.Option("--elasticities", help="Print instead how each parameter moves each critical risk.")
    ] = False,
    style: Output = Format.table,
) -> None:
    """Find the probability that the other side stands firm up to which it pays to stand firm oneself."""
    from gametheory import analyses

    model, values = _asked(file, settings)
    analysis = analyses.critical_risk_elasticities if elasticities else analyses.critical_risk
    held = _pairs(others or [], "--others", "PLAYER=ACTION")
    frame = analysis(model, values=values, pairs=pairs.value, others=held)
    heads = {
        "player": "player",
        "firm": "firm",
        "comply": "complies",
        "opponent_firm": "other side firm",
        "opponent_yields": "other side yields",
        "critical": "critical risk",
        "status": "standing firm",
    }
    if elasticities:
        heads |= {"parameter": "parameter", "derivative": "derivative", "elasticity": "elasticity"}
    else:
        heads |= {"resolve_gap": "resolve gap"}
    show(model, frame, style, heads)


def break_even(
    file: ModelFile,
    parameter: Parameter = None,
    low: Annotated[float | None, typer.Option(help="Start of the range; the law's lower end if not given.")] = None,
    high: Annotated[float | None, typer.Option(help="End of the range; the law's upper end if not given.")] = None,
    settings: Settings = None,
    style: Output = Format.table,
) -> None:
    """Find every value of one parameter at which the next action pays as much as the one before it."""
    from gametheory import analyses

    model, values = _asked(file, settings)
    parameter = named(model, parameter, "--parameter")
    frame = analyses.break_even(model, parameter, values=values, low=low, high=high)
    heads = {
        "player": "player",
        "action": "action",
        "next_action": "next",
        "against": "against",
        "value": parameter,
        "increment": "from the present value",
        "status": "the next action",
    }
    show(model, frame, style, heads)


def radius(file: ModelFile, settings: Settings = None, order: AnyOrder = "all", style: Output = Format.table) -> None:
    """Find how far the assumptions can move, in spreads of their laws, before a solution stops being one."""
    from gametheory import analyses, study

    model, values = _asked(file, settings)
    with study.without_parameter_warnings(), progress("radius") as report:  # the warnings were given once
        frame = analyses.radius(model, order=order, values=values, progress=report)
    heads = {
        "order": "order",
        "profile": "solution",
        "radius": "radius",
        "radius_each": "each by at most",
        "binding": "what binds",
        "exact": "exact",
        "verified": "verified",
        "status": "status",
    }
    show(model, frame, style, heads)
    _end_where_failed([name for name, verdict in frame.attrs["verdicts"].items() if verdict.startswith("failed")])


def least_change(
    file: ModelFile,
    settings: Settings = None,
    order: AnyOrder = "all",
    claim: Annotated[
        str | None, typer.Option(metavar="NAME", help="Overturn this claim instead of the set of equilibria.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Changes to list for each result.")] = 5,
    style: Output = Format.table,
) -> None:
    """List the smallest changes of the assumptions that overturn a result, and which assumptions each moves."""
    from gametheory import analyses

    model, values = _asked(file, settings)
    if claim is not None and order != "all":
        raise InputError(f"--order {order}: a claim has an order of play of its own; leave out --order or --claim")
    with progress("least-change") as report:
        frame = analyses.least_change(model, order=order, claim=claim, limit=limit, values=values, progress=report)
    results = frame.attrs["results"]
    heads = {
        "order": "order",
        "rank": "rank",
        "parameter": "parameter",
        "value": "from",
        "changed_value": "to",
        "step": "spreads",
        "distance": "all together",
        "after": "answer then",
        "verified": "verified",
    }
    if style is Format.table:
        for name, found in results.items():
            line(f"{name}: {f'claim {claim} holds in ' if claim else ''}{' | '.join(found) or 'no answer'}")
    show(model, frame, style, heads)
    for name in results:
        if not (frame["order"] == name).any() and results[name]:
            note(f"note: {name}: no change within the laws was found that overturns this")
    _end_where_failed([name for name, found in results.items() if not found])


def regions(
    file: ModelFile,
    x: Annotated[str | None, typer.Option("--x", metavar="NAME", help="The parameter along the map.")] = None,
    y: Annotated[str | None, typer.Option("--y", metavar="NAME", help="The parameter up the map.")] = None,
    order: Annotated[
        str, typer.Option(metavar="ORDER", help="simultaneous, or the player who leads and is observed.")
    ] = "simultaneous",
    x_range: Annotated[
        tuple[float, float] | None, typer.Option(metavar="LOW HIGH", help="Range of x; its law's if not given.")
    ] = None,
    y_range: Annotated[
        tuple[float, float] | None, typer.Option(metavar="LOW HIGH", help="Range of y; its law's if not given.")
    ] = None,
    resolution: Annotated[int, typer.Option(help="Cells of the grid each way that is solved first.")] = 64,
    areas: Annotated[
        bool, typer.Option("--areas", help="Print instead the share of the laws in which each set of solutions holds.")
    ] = False,
    style: Output = Format.table,
) -> None:
    """Map two parameters: the curves along which the set of equilibria changes, and the deviations that bind."""
    from gametheory import analyses

    model, _ = _asked(file, None)
    x, y = named(model, x, "--x"), named(model, y, "--y")
    if areas:
        if x_range or y_range:
            raise InputError("--areas: shares are of the whole laws; leave out --x-range and --y-range")
        frame = analyses.region_areas(model, x, y, order=order, resolution=resolution)
        show(model, frame, style, {"outcome": "solutions", "share": "share", "error": "error", "of": "of"})
        return
    frame = analyses.regions(model, x, y, order=order, x_range=x_range, y_range=y_range, resolution=resolution)
    heads = {"curve": "curve", x: f"{x} (start)", y: f"{y} (start)", "binding": "what binds"}
    heads |= {"growing": "as it grows", "before": "before", "after": "after", "exact": "exact"}
    if style is Format.table:
        note(f"{frame['curve'].nunique()} curves of {len(frame):,} points: --format csv or json prints them all")
        frame = frame.drop_duplicates("curve")
    show(model, frame, style, heads)


def ordinal(
    file: ModelFile,
    samples: Annotated[int, typer.Option(min=1, help="Draws for what the orders alone do not decide.")] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    style: Output = Format.table,
) -> None:
    """Say what holds for all payoffs that agree with the model's rankings, for some of them, or for none."""
    from gametheory import analyses

    model, _ = _asked(file, None)
    frame = analyses.ordinal(model, samples=samples, seed=seed)
    heads = {
        "about": "about",
        "order": "order",
        "subject": "subject",
        "verdict": "verdict",
        "proved": "proved",
        "held": "held in",
        "draws": "draws",
        "because": "because",
    }
    show(model, frame, style, heads)


def design(
    file: ModelFile,
    samples: Annotated[int, typer.Option(min=1, help="Points; for a grid, values of each parameter.")],
    scheme: Annotated[
        str, typer.Option(metavar="KIND", help="random, latin, sobol, grid or pick-freeze (pairs of points).")
    ] = "random",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the points.")] = 0,
    over: Annotated[
        list[str] | None, typer.Option(metavar="PARAMETER", help="A parameter that a grid runs over; repeatable.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A file to write, .csv or .parquet, instead of printing.")] = None,
    style: Output = Format.table,
) -> None:
    """Draw points of the uncertain parameters and print or write them."""
    from gametheory.designs import design as drawn
    from gametheory.reader import load

    model = load(file)
    if out is not None and out.suffix not in (".csv", ".parquet"):
        raise InputError(f"--out {str(out)!r}: expected a name that ends in .csv or .parquet")
    if over and scheme != "grid":
        raise InputError(f"--over {over[0]}: only a grid runs over chosen parameters; add --scheme grid")
    frame = drawn(model, scheme, samples, seed, **({"over": over} if over else {}))
    frame.attrs["notes"] = _drawing_notes(dict(frame.attrs), bool(model.constraints), bool(model.correlations))
    if out is None:
        show(model, frame, style, {name: name for name in frame.columns}, most=MOST_ROWS)
        return
    _write(frame, out)
    line(f"points: {out.resolve()} ({len(frame):,} rows)")
    for text in frame.attrs["notes"]:
        note(f"note: {text}")


def _drawing_notes(attrs: Mapping[Any, Any], constrained: bool, correlated: bool) -> list[str]:
    """What constraints and correlations did to a design."""
    notes = []
    if constrained:
        tried, kept = attrs["tried"], attrs["accepted"]
        notes.append(f"{kept:,} of {tried:,} points tried keep the constraints ({attrs['acceptance']:.2%})")
    if correlated and attrs["repaired"] > 0:
        notes.append(
            f"no joint law has these rank correlations; the nearest was used, at most {attrs['repaired']:.3g} away"
        )
    elif correlated:
        notes.append("the points have the model's rank correlations")
    return notes


def _write(frame: pd.DataFrame, out: Path) -> None:
    """Write a design as CSV or Parquet, whole or not at all."""
    from gametheory.formats import write_atomically

    if out.suffix == ".csv":
        write_atomically(out, frame.to_csv(index=False, lineterminator="\n").encode())
        return
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    write_atomically(out, buffer.getvalue())


def _asked(file: str, given: Sequence[str] | None) -> tuple[Model, dict[str, str]]:
    """The model and the values of ``--set``, as text; warns of each that leaves its law."""
    from gametheory.reader import load

    model, values = load(file), settings(given or [])
    if model.form == "strategic":  # analyses refuse the others, each in its own words
        model.games({name: [text] for name, text in values.items()})  # refuses unknown names
    return model, values


def _pairs(texts: Sequence[str], flag: str, expected: str) -> dict[str, str]:
    """Read the pairs of names of a flag."""
    found: dict[str, str] = {}
    for text in texts:
        first, mark, second = (part.strip() for part in text.partition("="))
        if not (first and mark and second) or first in found:
            raise InputError(f"{flag} {text!r}: expected {expected}, each once")
        found[first] = second
    return found


def _end_where_failed(failed: Sequence[str]) -> None:
    """End with exit code 1 where a game has no sound answer."""
    for name in failed:
        note(f"{name}: failed: the game at these values has no sound answer")
    if failed:
        raise typer.Exit(1)
