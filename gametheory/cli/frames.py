"""How is the frame of an analysis printed, for a person and for other programs?"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gametheory.cli.console import line, note, table
from gametheory.cli.printing import Format, print_json

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["show"]

NOTHING = "\u2013"  # in a table, where there is no value


def show(
    model: Model, frame: pd.DataFrame, style: Format, heads: Mapping[str, str], *, most: int | None = None
) -> None:
    """Print a frame and, on standard error, its notes.

    JSON and CSV hold every column and row; the table for a person has the columns in ``heads`` under those headings,
    and at most ``most`` rows.
    """
    if style is Format.json:
        from gametheory.records import frame_record

        print_json(frame_record(frame, model))
    elif style is Format.csv:
        _print_csv(frame)
    else:
        _print_table(frame if most is None else frame.head(most), heads)
        if most is not None and len(frame) > most:
            note(f"{len(frame) - most:,} more rows: --format csv or json prints them all")
    for text in frame.attrs.get("notes", []):
        note(f"note: {text}")


def _print_table(frame: pd.DataFrame, heads: Mapping[str, str]) -> None:
    """Print some columns for a person."""
    numbers = [head for name, head in heads.items() if frame[name].dtype.kind in "if"]
    cells = [[_cell(value) for value in row] for row in frame[list(heads)].astype(object).to_numpy().tolist()]
    if cells:
        table(list(heads.values()), cells, numbers=numbers)
    else:
        line("none")


def _print_csv(frame: pd.DataFrame) -> None:
    """Print every column, the heads also where there is no row; what is no finite number is left empty."""
    import csv

    from gametheory.records import plain_rows

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in plain_rows(frame):
        writer.writerow(" | ".join(map(str, own)) if isinstance(own, list) else own for own in row.values())


def _cell(value: Any) -> str:
    """A value for a person: six digits, a dash where there is none.

    >>> _cell(("surge, carry_on", "concede, restrain")), _cell(1 / 3), _cell(float("inf"))
    ('surge, carry_on | concede, restrain', '0.333333', 'no end')
    """
    if isinstance(value, tuple | list):
        return " | ".join(map(str, value)) or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return NOTHING if math.isnan(value) else "no end" if math.isinf(value) else f"{value:.6g}"
    return NOTHING if value is None or str(value) in ("", "<NA>") else str(value)
