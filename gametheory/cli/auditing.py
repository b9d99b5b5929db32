"""Which commands put a model under its whole uncertainty, and what do they print?"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gametheory.cli import asking
from gametheory.cli.asking import About
from gametheory.cli.console import line, note, progress, rounded, table
from gametheory.cli.inputs import ModelFile
from gametheory.cli.printing import Format, Output, print_json, print_rows
from gametheory.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model
    from gametheory.study import Study

__all__ = ["audit", "sensitivity"]

BOTH_ENDS = (
    "lower: 1 where the outcome is the only equilibrium at all points of the intervals that were solved; upper: 1 "
    "where it is among the equilibria at some of them; neither is a probability"
)
FARES = MappingProxyType(
    {
        "all": "holds in every equilibrium at every point solved",
        "some": "holds in some equilibria or at some points, and not in all",
        "none": "holds in no equilibrium at any point solved",
        "failed": "is not decided at some point",
    }
)
OUTCOMES = ("all", "some", "none", "failed")  # in how many of the equilibria a claim holds
MOST_ROWS = 12  # outcomes in the table for a person; json has them all

Samples = Annotated[int, typer.Option(min=8, help="Base points; each parameter takes as many games again.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the points.")]


def sensitivity(
    file: ModelFile,
    samples: Samples = 4096,
    seed: Seed = 0,
    order: Annotated[
        str | None,
        typer.Option(
            metavar="ORDER", help="simultaneous (if not given), the player who leads and is observed, or all."
        ),
    ] = None,
    about: Annotated[
        About | None,
        typer.Option(help="Another question about the uncertainty (list explains them); all columns in json and csv."),
    ] = None,
    of: Annotated[
        str | None,
        typer.Option(
            metavar="EVENT", help="With --about: 'claim NAME', 'measure NAME >= 0.1', or a profile's actions."
        ),
    ] = None,
    style: Output = Format.table,
) -> None:
    """Tell in what share of the draws each outcome holds, and which parameters drive the set of equilibria.

    Where every uncertain parameter is an interval without probability, it tells in which equilibria each outcome is at
    all points or at some, between which bounds the measures lie, how the claims fare, and where each parameter tips.
    """
    from gametheory import analyses, study
    from gametheory.analyses.provenance import orders_of
    from gametheory.reader import load
    from gametheory.records import sensitivity_record

    model = load(file)
    if about is not None:
        asking.answer(model, about.value, style, {"samples": samples, "seed": seed, "order": order, "of": of})
        return
    if of is not None:
        raise InputError("--of: goes with --about, such as --about discovery")
    order = order or "simultaneous"
    chosen = orders_of(model, order)
    drawn = _drawn(model)
    with progress("sensitivity") as report:
        run = study.run(model, samples, seed, orders=chosen, progress=report)
    driving = _undriven(model) if not drawn else None
    if driving is None:
        with progress("drivers") as report:
            driving = analyses.drivers(model, samples=samples, seed=seed, order=order, progress=report)
    likely = analyses.outcomes(model, run=run, order=order)
    several = analyses.multiplicity(model, run=run, order=order)
    records = [sensitivity_record(likely, several, driving, name) for name in chosen]
    if not drawn:
        _add_ranges(model, run, records, order)
    if style is Format.json:
        print_json(records if order == "all" else records[0])
    elif style is Format.csv:
        listed = "drivers" if drawn else "probabilities"
        print_rows([{"order": one["order"], **_joined(row)} for one in records for row in one[listed]], style)
    else:
        for one in records:
            _show_sensitivity(one)
    for text in dict.fromkeys([*likely.attrs["notes"], *driving.attrs["notes"]]):
        note(f"note: {text}")


def _drawn(model: Model) -> bool:
    """Whether drivers can be told, or nothing is uncertain; False where there are intervals and nothing to draw."""
    intervals = [own.name for own in model.parameters.values() if own.law.kind == "interval"]
    return bool(model.joint.factors) or not intervals


def _undriven(model: Model) -> pd.DataFrame:
    """A frame of no drivers, which says why there are none."""
    import pandas as pd

    frame = pd.DataFrame(columns=["order", "over", "parameter"])
    names = ", ".join(name for name, own in model.parameters.items() if not own.law.has_probability)
    frame.attrs["notes"] = [
        f"no drivers: {names} have no probability, and an index of influence needs laws; what needs none is given",
        BOTH_ENDS,
    ]
    return frame


def _add_ranges(model: Model, run: Study, records: list[dict[str, Any]], order: str) -> None:
    """Add what needs no law: bounds of the measures, claims, and the tipping points of each interval."""
    from gametheory import analyses
    from gametheory.records import plain_rows, tip_record

    bounds = plain_rows(analyses.measure_ranges(model, run=run, order=order))
    claims = plain_rows(analyses.claims(model, run=run))
    ranges = [name for name, own in model.parameters.items() if own.law.kind == "interval"]
    tips = {name: analyses.tip(model, name, order=order) for name in ranges}
    for one in records:
        own = [row for row in bounds if row["order"] == one["order"]]
        counted = one["multiplicity"]
        counted["varies"] = max(0.0, 1.0 - sum(counted.values()) - one["failed"])
        one["measures"] = {row["measure"]: [row["lower"], row["upper"]] for row in own}
        one["claims"] = [
            {key: row[key] for key in ("claim", "order", *OUTCOMES)} for row in claims if row["order"] == one["order"]
        ]
        found = {name: tip_record(frame, name, one["order"]) for name, frame in tips.items()}
        one["tips"] = [{"parameter": name, **row} for name, record in found.items() for row in record["tips"]]


def audit(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Models; all of the catalogue where none is given.")
    ] = None,
    samples: Samples = 4096,
    seed: Seed = 0,
    alternatives: Annotated[
        int, typer.Option(min=0, help="Draws at which claims are tested under other ways to model them; 0: not tested.")
    ] = 256,
    style: Output = Format.table,
) -> None:
    """Test every claim of each model: in what share of the uncertainty it holds, what decides it, what overturns it."""
    from gametheory import analyses
    from gametheory.reader import catalogue, load
    from gametheory.records import audit_records

    models = [load(name) for name in files or list(catalogue())]
    records: list[dict[str, Any]] = []
    for model in models:
        under = None
        if alternatives and model.claims and model.form == "strategic":
            with progress(f"alternatives {_name(model)}") as report:
                under = analyses.alternatives(model, samples=alternatives, seed=seed, progress=report)
        with progress(f"audit {_name(model)}") as report:
            frame = analyses.audit(model, samples=samples, seed=seed, alternatives=under, progress=report)
        records += audit_records(frame, _name(model), under)
        if style is Format.table:
            _show_audit(model, frame)
        for text in frame.attrs["notes"] if model is models[-1] else ():
            note(f"note: {text}")
    if style is Format.json:
        print_json(records)
    elif style is Format.csv:
        print_rows([_joined({**row, "alternatives": len(row["alternatives"])}) for row in records], style)


def _name(model: Model) -> str:
    """What a model is called in a list of models."""
    return Path(model.path).stem or model.title


def _joined(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its lists joined."""
    return {key: " | ".join(map(str, value)) if isinstance(value, list) else value for key, value in row.items()}


def _show_sensitivity(record: dict[str, Any]) -> None:
    """The result of one order of play for a person: outcomes, then drivers over supports."""
    about = "points of the intervals" if "tips" in record else f"{record['samples']:,} draws"
    line(f"order {record['order']}: {about}")
    likely = record["probabilities"][:MOST_ROWS]
    cells = [[", ".join(row["profile"]), rounded(row["lower"]), rounded(row["upper"])] for row in likely]
    table(["outcome", "only equilibrium", "among equilibria"], cells, numbers=["only equilibrium", "among equilibria"])
    if "tips" in record:
        _show_ranges(record)
        return
    heads = ["parameter", "first", "total", "shapley", "verdict"]
    rows = [row for row in record["drivers"] if row["over"] == "supports"]
    shown = [[row["parameter"], *(_cell(row[index]) for index in heads[1:4]), row["verdict"]] for row in rows]
    table(heads, shown, numbers=heads[1:4])


def _show_ranges(record: dict[str, Any]) -> None:
    """What a model of intervals alone can be told, for a person: bounds, claims and tipping points."""
    for name, (low, high) in record["measures"].items():
        line(f"{name}: {rounded(low)} to {rounded(high)} over all points solved and all equilibria")
    for own in record["claims"]:
        line(f"claim {own['claim']}: {' or '.join(FARES[word] for word in OUTCOMES if own[word])}")
    rows = [
        [own["parameter"], f"{own['value']:.12g}", own["binding"], " | ".join(own["before"]), " | ".join(own["after"])]
        for own in record["tips"]
    ]
    if rows:
        table(["parameter", "tips at", "what binds", "before", "after"], rows, numbers=["tips at"])
    else:
        line("no interval tips alone while the others stand at their central values")


def _cell(value: float | None) -> str:
    """A number for a person, a dash where there is none."""
    return "\u2013" if value is None else f"{value:.3f}"


def _show_audit(model: Model, frame: pd.DataFrame) -> None:
    """The claims of one model for a person."""
    count = "1 claim" if len(frame) == 1 else f"{len(frame) or 'no'} claims"
    line(f"{_name(model)}: {count}")
    for row in frame.to_dict("records"):
        line(f"  {row['claim']} (order {row['order']}): {row['text']}")
        line(f"    {row['verdict']}")
