"""What does ``doctor`` print?"""

from __future__ import annotations

import typer

from gametheory.cli.console import line, progress, table
from gametheory.cli.printing import Format, Output, print_json, print_rows

__all__ = ["doctor"]


def doctor(style: Output = Format.table) -> None:
    """Say which versions are installed and where things are, and test that a known answer comes out.

    It takes some seconds, because two worker processes are started. Ends with 1 where something is wrong.
    """
    from gametheory.checkup import checkup

    with progress("doctor") as report:
        found = checkup(progress=report)
    if style is Format.json:
        print_json({"sound": found.sound, "checks": found.rows()})
    elif style is Format.csv:
        print_rows(found.rows(), style)
    else:
        table(["topic", "what", "found", "state", "advice"], [list(row.values()) for row in found.rows()])
        failed = [check.name for check in found.checks if check.state == "failed"]
        line(f"something is wrong with: {', '.join(failed)}" if failed else "everything that was looked at is sound")
    if not found.sound:
        raise typer.Exit(1)
