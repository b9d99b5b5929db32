"""What is the answer in three conditional sentences: at the central values, over the laws, and what changes it?

There are three for every model, whatever its form and however many orders of play it has. Each is said in full where
that is short enough, else in less detail: the sections below them hold the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gametheory.figures.words import counted, joined, order_phrase
from gametheory.report.amounts import amount, between
from gametheory.report.overturning import overturned
from gametheory.report.phrases import UNNAMED, Names, condition, outcome_said, played
from gametheory.report.ranging import ranging
from gametheory.report.section import Frames, only
from gametheory.report.shortening import shortest

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model
    from gametheory.report.changes import Sweep

__all__ = ["central", "three", "verdicts_of"]

MANY = 3  # solutions of one order that a sentence names
WIDEST = 3  # measures told where the solutions are too many to be named
NONE = {  # verdicts without a solution
    "failed": "the game could not be solved",
    "partial": "no solution was found, and the search was not complete",
}


@dataclass(frozen=True)
class Answer:
    """What orders of play that agree lead to: their solutions, and whether others are not ruled out."""

    orders: tuple[str, ...]
    profiles: tuple[str, ...]
    verdict: str


def three(model: Model, frames: Frames, names: Names, found: Sequence[Sweep]) -> list[str]:
    """The three sentences of the first screen.

    ``found`` are the tipping points of every parameter. What was not computed, or not solved, is said to be so.
    """
    base = only(frames, "base_case")
    return [
        central(base, model.orders, names),
        ranging(model, base, frames, names),
        overturned(model, found, only(frames, "least_change"), names),
    ]


def central(base: pd.DataFrame | None, orders: Sequence[str], names: Names) -> str:
    """What follows at the central values under each order of play, orders that agree together.

    Several solutions are all named, none is picked; many are counted, with the measures that they leave most open.
    """
    start = "If the central values hold"
    if base is None:
        return f"{start}, what follows was not computed for this page."
    known = verdicts_of(base)
    solved = [order for order in orders if order in known]
    answers = _grouped(base, solved, known)
    end = f"{_only(answers)}{_unsolved([order for order in orders if order not in solved], names)}"
    full = [
        "; ".join(_part(own, base, names, short=short, alone=len(orders) == 1) for own in answers)
        for short in (False, True)
    ]
    return shortest(f"{start}, {said}{end}." for said in (*full, _counts(answers, base, names)))


def _unsolved(left: Sequence[str], names: Names) -> str:
    """Which orders of play were not solved."""
    if len(left) > 1:
        return f" (the other {len(left)} orders of play were not solved)"
    return f" (what follows {order_phrase(left[0], names.labels)} was not solved)" if left else ""


def verdicts_of(base: pd.DataFrame) -> dict[str, str]:
    """The verdict on each order of play, from the attributes where they are there, else from the rows."""
    rows = {str(row["order"]): str(row["verdict"]) for _, row in base[base["concept"] == "nash"].iterrows()}
    given = {key.rsplit(" ", 1)[0]: str(text) for key, text in dict(base.attrs.get("verdicts", {})).items()
             if key.endswith(" nash")}  # fmt: skip
    return {order: text.partition(":")[0] for order, text in {**rows, **given}.items()}


def _grouped(base: pd.DataFrame, orders: Iterable[str], verdicts: dict[str, str]) -> list[Answer]:
    """The orders of play, those together that have the same solutions and are as sure of them."""
    groups: dict[tuple[frozenset[str], str], list[str]] = {}
    listed: dict[str, tuple[str, ...]] = {}
    for order in orders:
        own = base[(base["order"] == order) & (base["concept"] == "nash")]
        listed[order] = tuple(dict.fromkeys(own["profile"].astype(str)))
        kind = "partial" if verdicts[order] == "partial" else "sure" if listed[order] else verdicts[order]
        groups.setdefault((frozenset(listed[order]), kind), []).append(order)
    return [Answer(tuple(own), listed[own[0]], verdicts[own[0]]) for own in groups.values()]


def _only(answers: Sequence[Answer]) -> str:
    """Whether every answer is the only solution, which is said once for all."""
    if any(len(own.profiles) != 1 or own.verdict == "partial" for own in answers):
        return ""
    return ", the only solution" if len(answers) == 1 else ", each the only solution"


def _part(own: Answer, base: pd.DataFrame, names: Names, *, short: bool, alone: bool) -> str:
    """What one group of orders leads to, and under which condition."""
    when = "" if alone and names.form == "analytic" else f" {_conditions(own.orders, names, short=short)}"
    doubt = " (others are not ruled out)" if own.profiles and own.verdict == "partial" else ""
    count = len(own.profiles)
    if not count:
        return f"{NONE.get(own.verdict, 'there is no solution')}{when}"
    if count == 1:
        order = own.orders[0] if len(own.orders) == 1 else "simultaneous"
        said = _named(own.profiles[0], base, names) if short else _one(own.profiles[0], base, names, order)
        said = f"the choices are {said}" if short and names.form == "extensive" else said
        return f"{said}{doubt}{when}"
    start = f"there are {count} solutions{when}{doubt}, between which the model does not choose"
    if count > MANY:
        return f"{start}{_measures(own.orders[:1], base, names)}"
    told = [_named(text, base, names) for text in own.profiles]
    meaning = _meanings(names) if names.form == "analytic" and not short else ""
    return f"{start}: {joined(told, 'or')}{meaning}"


def _meanings(names: Names) -> str:
    """What the numbers mean that tell several solutions of equations apart."""
    known = {name: text.strip().rstrip(".") for name, text in names.meanings.items()}
    told = [f"{names.say(name)}: {text}" for name, text in known.items() if text]
    return f"; {'; '.join(told)}" if told else ""


def _counts(answers: Sequence[Answer], base: pd.DataFrame, names: Names) -> str:
    """How many solutions each group of orders has, and the measures that all of them together leave most open."""
    parts: list[str] = []
    for own in answers:
        doubt = " or more" if own.verdict == "partial" else ""
        count = f"{len(own.profiles) or 'none'}" if parts else counted(len(own.profiles), "solution")
        parts.append(f"{count}{doubt} {_conditions(own.orders, names, short=True)}")
    open_end = ", between which the model does not choose" if any(len(own.profiles) > 1 for own in answers) else ""
    orders = [order for own in answers for order in own.orders]
    return f"there are {joined(parts)}{open_end}{_measures(orders, base, names)}"


def _conditions(orders: Sequence[str], names: Names, *, short: bool) -> str:
    """The if-clauses of some orders of play that agree."""
    if set(orders) == {"subgame_perfect", "sequential"}:
        return "if every threat must be credible (subgame-perfect and sequential play)"
    if len(orders) == 1 and not (short and names.form == "extensive"):
        return condition(orders[0], names).removesuffix(" and is observed")
    return joined([order_phrase(order, names.labels) for order in orders])


def _one(text: str, base: pd.DataFrame, names: Names, order: str) -> str:
    """The one solution of an order as a clause."""
    return _named(text, base, names, meant=True) if names.form == "analytic" else played(text, names, order)


def _named(text: str, base: pd.DataFrame, names: Names, *, meant: bool = False) -> str:
    """A solution in short; one of equations with the values that tell it apart from others of its name."""
    said = outcome_said(text, names)
    if names.form != "analytic":
        return said
    row = base[base["profile"] == text].iloc[0]
    values = [
        f"{(names.meant if meant else names.say)(str(column).removeprefix('value_'))} {amount(float(row[column]))}"
        for column in base.columns
        if str(column).startswith("value_")
    ]
    kind = re.sub(r" \d+$", "", text)
    if kind in UNNAMED and values:
        return joined([re.sub(r" (\S+)$", r" is \1", value) for value in values])
    outcome = said if len(base) > 1 else f"the outcome is {said}"
    return f"{outcome} ({', '.join(values)})" if values else outcome


def _measures(orders: Sequence[str], base: pd.DataFrame, names: Names) -> str:
    """The measures that the solutions of some orders leave most open, in brackets."""
    ends: dict[str, list[float]] = {}
    for order in orders:
        rows = base[(base["order"] == order) & (base["concept"] == "nash")]
        known = dict(base.attrs.get("measure_bounds", {})).get(f"{order} nash", {})
        for column in [str(name) for name in base.columns if str(name).startswith("measure_")]:
            name = column.removeprefix("measure_")
            ends.setdefault(name, []).extend(map(float, known.get(name, rows[column].dropna())))
    spans = [(name, min(own), max(own)) for name, own in ends.items() if own]
    ranked = sorted(spans, key=lambda own: -(own[2] - own[1]) / max(1.0, abs(own[1]), abs(own[2])))[:WIDEST]
    told = [f"{names.say(name)} {between(low, high)}" for name, low, high in ranked]
    return f" ({', '.join(told)})" if told else ""
