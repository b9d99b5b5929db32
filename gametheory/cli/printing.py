"""In which formats is a result printed?"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from gametheory.cli.console import line

__all__ = ["Format", "Output", "print_json", "print_rows"]


class Format(StrEnum):
    """How a result is printed."""

    table = "table"
    json = "json"
    csv = "csv"


Output = Annotated[Format, typer.Option("--format", help="How to print the result.")]


def print_json(value: Any) -> None:
    """Print a JSON document; NaN and infinity are refused, because JSON has none."""
    line(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def print_rows(rows: list[dict[str, Any]], style: Format) -> None:
    """Print flat rows as JSON or CSV."""
    if style is Format.json:
        print_json(rows)
    elif rows:
        import csv

        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
