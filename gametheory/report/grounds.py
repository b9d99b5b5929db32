"""What does the page rest on: assumptions and on whose word, what ties them, and what it was made from?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gametheory.figures.words import joined, sentence_case, spaced
from gametheory.report.grids import Table, table
from gametheory.report.phrases import Names

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["assumptions", "provenance", "ties"]


def assumptions(model: Model, names: Names) -> Table:
    """Every parameter with its law, unit, meaning, source and mark."""
    rows = []
    for name, own in model.parameters.items():
        origin = ", ".join(part for part in (own.source, own.date, own.url) if part)
        quote = f" \u201c{own.quote}\u201d" if own.quote else ""
        text = [_parameter(name, names), own.text, own.unit, own.law.describe(), own.meaning, origin + quote]
        rows.append([*text, own.mark])
    heads = ["Parameter", "Central value", "Unit", "Law", "Meaning", "Source", "Mark"]
    return table("Parameters: what is assumed, and on whose word", heads, rows, "tnttttt", longest=len(rows))


def _parameter(name: str, names: Names) -> str:
    """A parameter in words, and its name in the formulas of equations that stand on the page."""
    said = sentence_case(names.say(name))
    return f"{said} ({name})" if names.form == "analytic" and said.lower() != spaced(name) else said


def ties(model: Model, names: Names, kept: str = "") -> list[Table]:
    """What holds between parameters: rankings, rank correlations and constraints; ``kept`` tells the acceptance."""
    found = []
    if model.rankings:
        rows = [[own.name.replace("_", " "), own.describe(), own.source, own.mark] for own in model.rankings.values()]
        heads = ["Ranking", "Order, best first", "Source", "Mark"]
        found.append(table("Rankings: only the order is known", heads, rows, longest=len(rows)))
    if model.correlations:
        pairs = [(joined([names.say(name) for name in own.between]), own) for own in model.correlations]
        rows = [[sentence_case(pair), f"{own.rank:g}", own.source, own.mark] for pair, own in pairs]
        heads = ["Between", "Rank correlation", "Source", "Mark"]
        off = model.joint.repaired
        note = f"No draws can have all of them; the nearest that can differ by up to {off:.2g}." if off > 0 else ""
        found.append(table("Rank correlations between parameters", heads, rows, "tntt", note, longest=len(rows)))
    if model.constraints:
        rows = [
            [sentence_case(own.name.replace("_", " ")), own.holds.text, own.source, own.mark]
            for own in model.constraints.values()
        ]
        heads = ["Constraint", "What holds at every draw", "Source", "Mark"]
        note = f"Of the points tried for the draws, {kept} keep all constraints." if kept else ""
        found.append(table("Constraints between parameters", heads, rows, "tttt", note, longest=len(rows)))
    return found


def provenance(entries: Sequence[tuple[str, str]]) -> Table:
    """Where the page comes from."""
    entries = [(sentence_case(name), text) for name, text in entries]
    return table("What this page was made from", ["What", "Value"], entries, longest=len(entries))
