"""How is a section put into the words of a model: no raw names, and no column that does not apply to its form?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gametheory.figures.words import order_name, sentence_case
from gametheory.report.grids import Table
from gametheory.report.phrases import Names
from gametheory.report.section import Section

__all__ = ["KINDS", "ORDER", "fitted"]

ORDER = "Order of play"  # the head of a column that the forms call differently
KINDS = "Kind of play"
COUNTED = re.compile(r"(?<=[:;] )(\w+)(?= [\d,]+ (?:complete|degenerate-complete|partial|failed))")


def fitted(section: Section, names: Names) -> Section:
    """The same section with every name of the model file in words, and the columns that apply to the form."""
    return replace(
        section,
        sentences=[names.plain(text) for text in section.sentences],
        notes=[names.plain(_counts(note, names)) for note in section.notes],
        blocks=[_table(block, names) if isinstance(block, Table) else block for block in section.blocks],
        rest=[_table(block, names) if isinstance(block, Table) else block for block in section.rest],
    )


def _counts(note: str, names: Names) -> str:
    """The orders of play in a note on verdicts: ``NATO first 100,000 complete``."""
    return COUNTED.sub(lambda found: order_name(found[1], names.labels), note)


def _table(table: Table, names: Names) -> Table:
    """A table in words; of equations, which have one kind of solution, without the column of orders of play."""
    if table.literal:
        return table
    worded = replace(
        table,
        caption=names.plain(table.caption),
        heads=tuple(names.plain(head) for head in table.heads),
        rows=tuple(tuple(names.plain(cell) for cell in row) for row in table.rows),
        note=names.plain(table.note),
    )
    if ORDER not in worded.heads or names.form == "strategic":
        return worded
    place = worded.heads.index(ORDER)
    if names.form == "extensive":
        return replace(worded, heads=(*worded.heads[:place], KINDS, *worded.heads[place + 1 :]))
    rows = tuple(_without(row, place) for row in worded.rows)
    capital = tuple((sentence_case(row[0]), *row[1:]) for row in rows)
    numeric = frozenset(own - (own > place) for own in worded.numeric if own != place)
    return replace(worded, heads=_without(worded.heads, place), rows=capital, numeric=numeric)


def _without(cells: Sequence[str], place: int) -> tuple[str, ...]:
    """Some cells without the one at a place."""
    return (*cells[:place], *cells[place + 1 :])
