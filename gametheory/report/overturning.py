"""Which nearest changes of one assumption would change the answer, in one sentence?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gametheory.figures.orders import VERDICTS
from gametheory.figures.words import counted, joined, order_phrase
from gametheory.report.amounts import amount
from gametheory.report.changes import ROUNDING, Sweep
from gametheory.report.phrases import Names, outcome_said
from gametheory.report.shortening import shortest

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["Change", "becomes", "nearest_changes", "overturned"]

MARKED = "A"  # the analyst's own assumptions, which no source can settle
FEW = 2  # solutions that the end of a change names
BARE = 2  # of the details: values and orders of play, without what the answer becomes


@dataclass(frozen=True)
class Change:
    """One move of one parameter that changes the answer under one order of play; ``edge``: it stands there already."""

    order: str
    parameter: str
    start: float
    end: float
    before: tuple[str, ...]
    after: tuple[str, ...]
    distance: float
    edge: bool = False


def overturned(model: Model, found: Sequence[Sweep], least: pd.DataFrame | None, names: Names) -> str:
    """The nearest change of one assumption under each order of play, its mark, and what the answer becomes.

    Where the nearest rests on a source, the nearest of the analyst's own assumptions (mark A) is named as well, if
    there is room.
    """
    start = "The answer changes if" if names.form != "analytic" else "The answer changes in kind if"
    changes = nearest_changes(found)
    movable = [own for own in model.parameters.values() if own.law.kind != "fixed"]
    together = _together(least, changes)
    if not movable:
        return f"{start} the model itself or a fixed value does: no parameter is uncertain, so that none was moved."
    if not changes:
        if not found and not together:
            return f"{start} its assumptions change far enough: how far was not computed for this page."
        count = "the one parameter" if len(found) == 1 else f"any one of {len(found)} parameters"
        changed = (
            "change which solutions there are, though it may move their values" if names.form == "analytic" else ""
        )
        searched = f"no move of {count} alone within its law was found to {changed or 'change it'}" if found else ""
        return f"{start} more is moved than was searched: {searched}{together}."
    marks = {name: own.mark for name, own in model.parameters.items()}
    return shortest(
        f"{start} {_told(_chosen(changes, marks, detail), marks, names, detail)}"
        f"{_rest(changes, names, detail)}{together}."
        for detail in range(4)
    )


def nearest_changes(found: Iterable[Sweep]) -> list[Change]:
    """The nearest tipping point of every parameter under every order of play, the nearest first."""
    changes = []
    for sweep in found:
        for order, own in sweep.frame.groupby("order", sort=False):
            row = own.iloc[int(own["value"].map(sweep.move).argmin())]
            value = float(row["value"])
            up = value >= sweep.value
            before, after = (row["before"], row["after"]) if up else (row["after"], row["before"])
            ends = tuple(map(str, before)), tuple(map(str, after))
            far = sweep.move(value)
            changes.append(
                Change(str(order), sweep.parameter, sweep.value, value, *ends, far, sweep.distance(value) <= ROUNDING)
            )
    return sorted(changes, key=lambda own: own.distance)


def _chosen(changes: Sequence[Change], marks: dict[str, str], detail: int) -> list[Change]:
    """The nearest change under each order and the nearest of an assumption; with less room only the nearest."""
    if detail == 3:
        return [changes[0]]
    chosen: list[Change] = []
    for order in dict.fromkeys(own.order for own in changes):
        ranked = [own for own in changes if own.order == order]
        assumed = next((own for own in ranked if marks[own.parameter] == MARKED), ranked[0])
        chosen += [ranked[0]] if detail else dict.fromkeys((ranked[0], assumed))
    return sorted(chosen, key=lambda own: own.distance)


def _told(chosen: Sequence[Change], marks: dict[str, str], names: Names, detail: int) -> str:
    """The changes, those of one parameter in one direction together."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for own in chosen:
        verb = "leaves" if own.edge else "rises" if own.end >= own.start else "falls"
        groups.setdefault((own.parameter, verb), []).append(own)
    parts = []
    for (parameter, verb), group in groups.items():
        head, first = f"{names.say(parameter)} (mark {marks[parameter]}) {verb}", group[0]
        if verb == "leaves":
            parts.append(f"{head} {amount(first.start)} by anything at all: there answers meet")
            continue
        ends = joined(_ends(group, names, detail), "or")
        parts.append(f"{head} from {_digits(first.start, first.end)[0]} to {ends}")
    return joined(parts, "or")


def _ends(group: Sequence[Change], names: Names, detail: int) -> list[str]:
    """Where each change ends and what the answer is beyond it, orders of play together that say the same."""
    told: dict[str, dict[str, list[str]]] = {}
    for own in group:
        result = "" if detail == BARE else f": {becomes(own, names)}"
        told.setdefault(_digits(own.start, own.end)[1], {}).setdefault(result, []).append(own.order)
    said = []
    for value, results in told.items():
        parts = []
        for result, orders in results.items():
            where = "" if names.form == "analytic" else joined([order_phrase(order, names.labels) for order in orders])
            parts.append(f"{where}{result}".removeprefix(": "))
        inside = "; ".join(part for part in parts if part)
        said.append(f"{value} ({inside})" if inside else value)
    return said


def becomes(change: Change, names: Names) -> str:
    """What the answer is beyond a change: its solutions or, where they are many, how many of them begin and end."""
    if not change.after:
        return "no solution found"
    if len(change.after) <= FEW:
        said = joined([VERDICTS.get(text) or outcome_said(text, names) for text in change.after], "or")
        alone = len(change.after) == 1 and change.after[0] in change.before  # the others of before have gone
        return f"then {said}{' alone' * alone}" if names.form == "analytic" else said
    new, gone = (len(set(one) - set(other)) for one, other in
                 ((change.after, change.before), (change.before, change.after)))  # fmt: skip
    begin = f"{counted(new, 'solution')} begin{'s' * (new == 1)}" if new else ""
    end = f"{gone if new else counted(gone, 'solution')} end{'s' * (gone == 1)}" if gone else ""
    return joined([part for part in (begin, end) if part])


def _digits(start: float, end: float) -> tuple[str, str]:
    """Two ends with digits enough to tell them apart; an end that a search left beside zero is zero."""
    near = 1e-5 * abs(start)
    end = 0.0 if abs(end) < near else end
    first, last = amount(start), amount(end)
    return (first, last) if first != last else (f"{start:.12g}", f"{end:.12g}")


def _rest(changes: Sequence[Change], names: Names, detail: int) -> str:
    """Orders of play that are left out for brevity."""
    left = len({own.order for own in changes}) - 1
    kind = "order" if names.form == "strategic" else "kind"
    return f"; under {counted(left, f'other {kind}')} of play farther moves do" if detail == 3 and left else ""


def _together(least: pd.DataFrame | None, changes: Sequence[Change]) -> str:
    """Whether several assumptions moved together need to move less."""
    if least is None or least.empty:
        return ""
    several = least[least["kind"] == "several"]
    if several.empty:
        return ""
    alone = least[least["kind"] != "several"]["distance"].min()
    nearest: Any = several["distance"].min()
    less = "smaller moves" if not nearest >= alone else "moves"
    if not changes:
        return f"; {less} of several together change it"
    return f"; {less} of several together do too" if less == "smaller moves" else ""
