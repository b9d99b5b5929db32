"""What do radii and least changes say, in sentences and tables?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gametheory.figures.words import counted, joined, order_phrase, profile, sentence_case
from gametheory.report.amounts import amount
from gametheory.report.changes import binding, few
from gametheory.report.grids import Table, table
from gametheory.report.phrases import Names
from gametheory.report.tables import order_heading

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["least", "least_table", "radius", "radius_table"]

NAMED = 3  # parameters of one move that a sentence names, those that move most
MANY = 3  # solutions of one order that have a sentence of their own
EDGE = 1e-9  # spreads: a move this small is rounding, and the answer stands on an edge
AT = "at_"  # prefix of the columns that hold the nearest point


def radius(frame: pd.DataFrame, names: Names) -> list[str]:
    """How far the assumptions can move before a solution ends, the least robust of every order first."""
    if frame.empty:
        return ["There is no solution whose robustness could be measured."]
    sentences = []
    for _, own in frame.groupby("order", sort=False):
        ordered = own.iloc[own["radius"].fillna(math.inf).argsort(kind="stable").to_list()]
        sentences += [_stands(row, frame.attrs, names) for _, row in ordered.head(MANY).iterrows()]
        if len(own) > MANY:
            of = order_phrase(str(own["order"].iloc[0]), names.labels)
            sentences.append(f"The table below has {counted(len(own) - MANY, 'more solution')} {of}.")
    return sentences


def _stands(row: Any, known: Mapping[Any, Any], names: Names) -> str:
    """The sentence on one solution."""
    start = f"{sentence_case(order_phrase(row['order'], names.labels))}, {profile(row['profile'], names.labels)}"
    size = float(row["radius"])
    if row["status"] == "on an edge" or size <= EDGE:
        return f"{start} stands on an edge: {_deviation(row, names, 'pays as much')}, and any error may end it."
    if math.isnan(size):
        return f"{start} was not followed: {row['reason']}."
    if math.isinf(size):
        return f"{start} was found to stand wherever the parameters may move within their laws."
    moved = _moved(row, known["parameters"], known["spreads"], names)
    ends = f"{_deviation(row, names, 'comes to pay')} where {moved}"
    if row["exact"]:
        said = f"{start} stands against every error of the assumptions below {amount(size)} spreads; there {ends}"
        each = f"if each parameter is off on its own, below {amount(float(row['radius_each']))} spreads of each"
    else:
        said = f"{start} ends at the latest {amount(size)} spreads away, the nearest break that was found: there {ends}"
        each = f"errors of {amount(float(row['radius_each']))} spreads of every parameter can also end it"
    doubt = "" if row["verified"] else "; solving on both sides of it did not confirm this"
    return f"{said}; {each}{doubt}."


def _deviation(row: Any, names: Names, verb: str) -> str:
    """Whose deviation binds and what becomes of it, or which action a mixture stops to use."""
    parts = []
    for text in binding(str(row["binding"]), names).split("; "):
        player, colon, deviation = text.partition(": ")
        parts.append(f"{player}'s {deviation}, {verb}" if colon else text)
    return joined(parts)


def _moved(row: Any, present: Mapping[str, float], spreads: Mapping[str, float], names: Names) -> str:
    """The nearest point: the parameters that differ from their present values, the widest move first."""
    points = {str(name).removeprefix(AT): float(row[name]) for name in row.index if str(name).startswith(AT)}
    changes = {name: value for name, value in points.items() if amount(value) != amount(present[name])}
    widest = sorted(changes, key=lambda name: -abs(changes[name] - present[name]) / spreads[name])
    parts = [f"{names.say(name)} is {amount(changes[name])} instead of {amount(present[name])}" for name in widest]
    unseen = sum(value != present[name] for name, value in points.items()) - len(parts)
    return _some(parts, unseen=unseen) or "they differ from the present values by less than is shown"


def _some(parts: list[str], *, past: bool = False, unseen: int = 0) -> str:
    """The first parts of a list, and how many more there are, those ``unseen`` in its numbers included."""
    more = len(parts) + unseen - min(NAMED, len(parts))
    if more <= 0 or not parts:
        return joined(parts)
    verb = "moved" if past else "moves" if more == 1 else "move"
    return joined([*parts[:NAMED], f"{'another' if more == 1 else f'{more} more'} {verb} less"])


def radius_table(frame: pd.DataFrame, names: Names) -> Table:
    """The radius of every solution."""
    rows = [
        [
            order_heading(row, names),
            profile(row["profile"], names.labels),
            _size(row["radius"]),
            _size(row["radius_each"]),
            binding(str(row["binding"]), names) or str(row["status"]),
            "exact" if row["exact"] else "upper bound, found by search",
            "yes" if row["verified"] else "no",
        ]
        for _, row in frame.iterrows()
    ]
    heads = ["Order of play", "Solution", "Radius", "Each parameter", "What ends it", "Known how", "Confirmed"]
    note = (
        "Radius: length of the smallest move found that ends the solution, in spreads. Each parameter: the same where "
        "every parameter may be off by up to so many spreads at once. Confirmed: solved again on both sides."
    )
    return table("Radius of every solution, in spreads", heads, rows, "ttnnttt", note)


def _size(value: float) -> str:
    """A distance in spreads."""
    return "\u2013" if math.isnan(value) else "none found" if math.isinf(value) else amount(float(value))


def least(frame: pd.DataFrame, names: Names) -> list[str]:
    """The smallest change of the assumptions that overturns the answer, order by order."""
    sentences = []
    for order, result in dict(frame.attrs["results"]).items():
        own = frame[frame["order"] == order]
        phrase = sentence_case(order_phrase(str(order), names.labels))
        if not result:
            sentences.append(f"{phrase}, there is no answer at the present values that a change could overturn.")
        elif own.empty:
            sentences.append(f"{phrase}, no change of the parameters within their laws was found to change the answer.")
        else:
            sentences += _smallest(own, phrase, names)
    return sentences


def _smallest(own: pd.DataFrame, phrase: str, names: Names) -> list[str]:
    """The smallest change of one order, and the smallest of one assumption where the first moves several."""
    changes = [change for _, change in own.groupby("rank", sort=True)]
    first = changes[0].iloc[0]
    if first["distance"] <= EDGE:
        moved = joined([names.say(name) for name in changes[0]["parameter"]], "or")
        old, new = (few(first[side], names) for side in ("before", "after"))
        return [
            f"{phrase}, the answer stands on an edge: the smallest error of {moved} may tip it from {old} to {new}."
        ]
    alone = [change for change in changes if change["kind"].iloc[0] == "one parameter"]
    what = "smallest change found that would overturn the answer"
    said = [f"{phrase}, the {what} is one of {_change(changes[0], names)}"]
    if alone and alone[0] is not changes[0]:
        said.append(f"{phrase}, the {what} by one assumption alone is one of {_change(alone[0], names)}")
    return said


def _change(change: pd.DataFrame, names: Names) -> str:
    """One change: how large, of which assumptions, and from which answer to which."""
    first = change.iloc[0]
    old, new = (few(first[side], names) for side in ("before", "after"))
    ordered = change.iloc[(-change["step"].abs()).argsort(kind="stable").to_list()]
    parts = [
        f"{names.say(row['parameter'])} {'rose' if row['step'] > 0 else 'fell'} from {_ends(row)}"
        for _, row in ordered.iterrows()
    ]
    together = f", of {len(change)} parameters together" if len(change) > 1 else ""
    size = f"{amount(float(first['distance']))} spreads{together}"
    doubt = "" if first["verified"] else " (solving on both sides of it did not confirm this)"
    return f"{size}: if {_some(parts, past=True)}, the answer would tip from {old} to {new}{doubt}."


def _ends(row: Any) -> str:
    """From the present value to the changed one, with digits enough to tell them apart."""
    ends = [amount(float(row[name])) for name in ("value", "changed_value")]
    if ends[0] == ends[1]:
        ends = [f"{float(row[name]):.12g}" for name in ("value", "changed_value")]
    return " to ".join(ends)


def least_table(frame: pd.DataFrame, names: Names) -> Table:
    """The smallest changes of every order, one row a change."""
    rows = []
    for (_, _), change in frame.groupby(["order", "rank"], sort=False):
        first = change.iloc[0]
        ordered = change.iloc[(-change["step"].abs()).argsort(kind="stable").to_list()]
        moves = [f"{names.say(row['parameter'])} {_ends(row)}" for _, row in ordered.iterrows()]
        rows.append(
            [
                order_heading(first, names),
                str(first["rank"]),
                _some(moves),
                amount(float(first["distance"])),
                few(first["after"], names),
                "yes" if first["verified"] else "no",
            ]
        )
    heads = ["Order of play", "Rank", "What moves", "Spreads", "Answer beyond it", "Confirmed"]
    note = "Confirmed: solved again just short of the change and just beyond it. All values: frames/least_change.csv."
    return table("Smallest changes that were found", heads, rows, "tntntt", note)
