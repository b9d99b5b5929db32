"""How is a section put into the words of a model: no raw names, and no column that does not apply to its form?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gametheory.figures.words import order_name, order_phrase, sentence_case
from gametheory.report.grids import Table
from gametheory.report.phrases import Names
from gametheory.report.section import Section

__all__ = ["KINDS", "ORDER", "fitted"]

ORDER = "Order of play"  # the head of a column that the forms call differently
KINDS = "Kind of play"
REPEATED = re.compile(r"^Each draw is repeated at (\d+) points of the intervals of .*", re.DOTALL)
OF_DRAWS = re.compile(r"\bdraws?\b|^Means\b|^Lower: ", re.IGNORECASE)
AGAINST = re.compile(r"(^|: )(\w+)(?=: against )")
COUNTED = re.compile(r"(?<=[:;] )(\w+)(?= [\d,]+ (?:complete|degenerate-complete|partial|failed))")


def fitted(section: Section, names: Names) -> Section:
    """The same section with every name of the model file in words, and the columns that apply to the form."""
    return replace(
        section,
        sentences=[names.plain(text) for text in section.sentences],
        notes=[names.plain(_counts(note, names)) for note in _fitting(section.notes, names)],
        blocks=[_table(block, names) if isinstance(block, Table) else block for block in section.blocks],
        rest=[_table(block, names) if isinstance(block, Table) else block for block in section.rest],
    )


def _fitting(notes: Sequence[str], names: Names) -> Sequence[str]:
    """The notes that apply: where nothing has a probability, how many points were tried, and none on draws."""
    if not names.certain:
        return notes
    told = [
        REPEATED.sub(r"\1 points of the intervals were tried", note).partition(";")[0].rstrip(".") for note in notes
    ]
    return [f"{note}." for note in dict.fromkeys(told) if not OF_DRAWS.search(note)]


def _counts(note: str, names: Names) -> str:
    """The orders of play in a note on verdicts, ``NATO first 100,000 complete``, or on what the others do."""
    counted = COUNTED.sub(lambda found: order_name(found[1], names.labels), note)
    return AGAINST.sub(lambda found: f"{found[1]}{_when(found, names)}", counted)


def _when(found: re.Match[str], names: Names) -> str:
    """The order of play that a note on what the others do is of, where the word before the colon is one."""
    order = f"{found[2][:1].lower()}{found[2][1:]}"
    if order not in names.players and order != "simultaneous":
        return found[2]
    said = order_phrase(order, names.labels)
    return said if found[1] else sentence_case(said)


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
