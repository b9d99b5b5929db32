"""What does ``sweep`` take, and what does it print?"""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gametheory.cli.console import line, note, rounded, table
from gametheory.cli.pace import pace
from gametheory.cli.printing import Format, Output, print_json, print_rows
from gametheory.errors import ComputationError, InputError

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model
    from gametheory.sweeps import Sweep

__all__ = ["sweep"]

MOST_ROWS = 12  # outcomes in the table for a person; json and csv have them all
BOUNDS = ("lower", "lower_se", "upper", "upper_se")


class Kept(StrEnum):
    """What is kept of the answers."""

    rows = "rows"
    totals = "totals"


def sweep(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A model (.yaml) or a name of the catalogue.")
    ] = None,
    samples: Annotated[int | None, typer.Option(min=1, help="Points of the uncertain parameters.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the points.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the run; what is there is gone on with. Without it nothing is kept.")
    ] = None,
    scheme: Annotated[
        str, typer.Option(metavar="KIND", help="random, latin, sobol, grid (samples are values each) or pick-freeze.")
    ] = "random",
    over: Annotated[
        list[str] | None, typer.Option(metavar="PARAMETER", help="A parameter that a grid runs over; repeatable.")
    ] = None,
    order: Annotated[
        list[str] | None,
        typer.Option(metavar="ORDER", help="simultaneous or the player who leads; repeatable; all if not given."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes at work.")] = 1,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler whose workers are used instead.")
    ] = None,
    keep: Annotated[Kept, typer.Option(help="Keep the answer to every point, or only what the analyses need.")] = (
        Kept.rows
    ),
    block: Annotated[
        int | None,
        typer.Option(
            help="Points kept together: a multiple of 16384, or a smaller power of two; by default as the form has it."
        ),
    ] = None,
    verify: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Check a folder instead: sums, and blocks worked out anew.")
    ] = None,
    blocks: Annotated[
        str, typer.Option(help="With --verify, the blocks to work out anew: all, none, or numbers such as 0,7.")
    ] = "all",
    style: Output = Format.table,
) -> None:
    """Solve the games at any number of points, block by block, in a folder that no interruption harms."""
    if verify is not None:
        _verify(verify, blocks, style)
        return
    if file is None or samples is None:
        raise InputError("sweep needs a model and --samples, or --verify with a folder; see gametheory sweep --help")
    from gametheory.reader import load

    asked: dict[str, Any] = {"samples": samples, "seed": seed, "out": out, "scheme": scheme}
    asked |= {"orders": None if not order or "all" in order else order, "block": block}
    asked |= {"keep": keep.value if out else "totals", **({"over": over} if over else {})}
    _show(_swept(load(file), asked, workers, dask), style)


def _swept(model: Model, asked: dict[str, Any], workers: int, dask: str | None) -> Sweep:
    """The sweep that was asked for, done here or on a cluster; whoever stops it is told how it goes on."""
    from gametheory.sweeps import cluster, sweep as run

    with ExitStack() as stack:
        executor, many = stack.enter_context(cluster(dask)) if dask else (None, workers)
        report = stack.enter_context(pace("sweep", _games(model, asked["orders"])))
        try:
            return run(model, executor=executor, workers=many, progress=report, note=note, **asked)
        except KeyboardInterrupt as stop:
            if str(stop):
                note(str(stop))
            raise


def _games(model: Model, orders: list[str] | None) -> int:
    """How many games stand for a point: one for each order of play and point of the intervals."""
    from gametheory.study import interval_cover, solvable_orders

    return len(orders or solvable_orders(model)) * len(interval_cover(model))


def _verify(path: Path, blocks: str, style: Format) -> None:
    """Check the blocks of a folder and print what was found; ends with 1 where one is not as it should be."""
    from gametheory.sweeps import open_run

    try:
        found = open_run(path, unfinished=True).verify(_numbers(blocks))
    except ComputationError as error:
        note(f"error: {error}")
        raise typer.Exit(1) from error
    bad = found[~(found["stored"] & found["recomputed"].fillna(value=True))]
    rows = _records(found)
    if style is Format.table:
        words = {True: "yes", False: "NO", None: "not asked"}
        table(
            ["block", "as it was written", "comes out the same again"],
            [[row["block"], words[row["stored"]], words[row["recomputed"]]] for row in rows],
            numbers=["block"],
        )
        line(f"{path}: {len(found) - len(bad)} of {len(found)} blocks pass")
    else:
        print_rows(rows, style)
    if len(bad):
        note(f"{path}: blocks {', '.join(map(str, bad['block']))} fail; the same sweep computes again what is damaged")
        raise typer.Exit(1)


def _numbers(text: str) -> str | list[int] | None:
    """The blocks that are meant."""
    if text in ("all", "none"):
        return "all" if text == "all" else None
    try:
        return [int(part) for part in text.split(",")]
    except ValueError as error:
        raise InputError(f"--blocks {text!r}: expected all, none, or numbers such as 0,7") from error


def _plain(value: Any) -> Any:
    """A cell of a frame as JSON knows it."""
    import pandas as pd

    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _show(done: Sweep, style: Format) -> None:
    """Print outcomes and claims; says on standard error how many games failed, and ends with 1 where all did."""
    from gametheory.analyses import claims, outcomes

    played, held = outcomes(done.model, run=done), claims(done.model, run=done)
    failed = {order: own.share_of("failed") for order, own in done.totals.orders.items()}
    if style is Format.json:
        print_json(_record(done, played, held, failed))
    elif style is Format.csv:
        print_rows(_rows(played, held), style)
    else:
        _table(done, played, held)
    for order, share in failed.items():
        if share:
            note(f"order {order}: {share:.3%} of the draws failed; they count in every share")
    if done.raised:
        first = done.failures()
        note(f"{done.raised:,} points raised an error; the first: {first['reason'].iloc[0]}")
    if all(share == 1.0 for share in failed.values()):
        raise typer.Exit(1)


def _record(done: Sweep, played: pd.DataFrame, held: pd.DataFrame, failed: dict[str, float]) -> dict[str, Any]:
    """The result as one JSON object."""
    about = {"model": done.model.title, "digest": done.model.digest, "run": done.shelf.run, "scheme": done.kind}
    size = {"samples": done.samples, "seed": done.seed, "draws": done.totals.draws, "tried": done.totals.tried}
    answers = {"outcomes": _records(played), "claims": _records(held)}
    counted = {"orders": list(done.orders), "failed": failed, "raised": done.raised}
    return {**about, **size, **counted, **answers, "notes": list(played.attrs["notes"])}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as JSON knows them."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _rows(played: pd.DataFrame, held: pd.DataFrame) -> list[dict[str, Any]]:
    """Outcomes and claims as flat rows: lower is "in every equilibrium", upper "in some"."""
    rows = [
        {"kind": "outcome", "order": row["order"], "name": row["profile"], **{name: row[name] for name in BOUNDS}}
        for row in played.to_dict("records")
    ]
    for row in held.to_dict("records"):
        ends = {"lower": row["all"], "lower_se": row["se"], "upper": row["all"] + row["some"], "upper_se": ""}
        rows.append({"kind": "claim", "order": row["order"], "name": row["claim"], **ends})
    return rows


def _table(done: Sweep, played: pd.DataFrame, held: pd.DataFrame) -> None:
    """Print outcomes and claims for a person."""
    line(f"{done.model.title}: {done.totals.draws:,} draws ({done.kind}, seed {done.seed}); in {done.shelf}")
    for order in done.orders:
        own = played[played["order"] == order]
        columns = ["equilibrium", "the only one", "one of them"]
        cells = [
            [r["profile"], rounded(r["lower"]), rounded(r["upper"])] for r in own.head(MOST_ROWS).to_dict("records")
        ]
        line(
            f"\n{order}: share of the draws"
            + (f" ({len(own)} outcomes, the {MOST_ROWS} commonest)" * (len(own) > MOST_ROWS))
        )
        table(columns, cells, numbers=columns[1:])
    if len(held):
        columns = ["claim", "order", "in all equilibria", "in some only", "in none", "not decided"]
        names = ("all", "some", "none", "failed")
        cells = [[r["claim"], r["order"], *(rounded(r[name]) for name in names)] for r in held.to_dict("records")]
        line("claims: share of the draws in which each holds")
        table(columns, cells, numbers=columns[2:])
