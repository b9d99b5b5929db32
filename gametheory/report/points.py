"""What is said where no parameter has a probability: what holds at every point tried, at some, or at none?

Where all that is known of the parameters are intervals, points are tried across them and none counts for more than
another: nothing here is a share of draws, nothing is frequent, and no mean is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gametheory.figures.words import joined, order_name, sentence_case
from gametheory.report.amounts import between
from gametheory.report.grids import Table, table
from gametheory.report.phrases import Names, condition, during, outcome_said, together
from gametheory.report.pictures import Picture

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "at_points",
    "claim",
    "claims_table",
    "measure",
    "measures_table",
    "multiplicity",
    "outcome",
    "outcomes_table",
    "reached",
]

MANY = 4  # outcomes that one sentence lists
ONE = "is exactly one solution"
MEANS, VALUES = "from the lower to the upper mean", "from the lowest to the highest value at the points tried"
EVERY, SOME, NONE = "at every point tried", "at some of the points tried", "at none of the points tried"


def reached(row: Any) -> str:
    """Where a profile is a solution.

    >>> reached({"lower": 1.0, "upper": 1.0}), reached({"lower": 0.0, "upper": 1.0}), reached(None)
    ('the only solution at every point tried', 'a solution at some of the points tried', 'a solution at none of the \
points tried')
    """
    if row is None or not row["upper"] > 0:
        return f"a solution {NONE}"
    return f"the only solution {EVERY}" if row["lower"] >= 1 else f"a solution {SOME}"


def outcome(outcomes: pd.DataFrame, names: Names) -> list[str]:
    """Which outcomes come about at the points tried, order by order; none is more frequent than another."""
    if outcomes.empty:
        return ["No point tried gave a solution."]
    told = []
    for order, own in outcomes[outcomes["upper"] > 0].groupby("order", sort=False):
        listed = [outcome_said(str(text), names) for text in own["profile"].head(MANY)]
        if len(own) == 1:
            said = f"{listed[0]} is {reached(own.iloc[0])}."
        else:
            more = f"; and {len(own) - MANY} more" if len(own) > MANY else ""
            said = f"{len(own)} outcomes are solutions {SOME}: {'; '.join(listed)}{more}."
        told.append((condition(str(order), names), said))
    return together(told)


def outcomes_table(frame: pd.DataFrame, names: Names) -> Table:
    """Where each outcome is a solution."""
    rows = [
        [sentence_case(order_name(row["order"], names.labels)), sentence_case(outcome_said(row["profile"], names)),
         reached(row)]
        for _, row in frame[frame["upper"] > 0].iterrows()
    ]  # fmt: skip
    return table("Where each outcome is a solution", ["Order of play", "Outcome", "It is"], rows)


def multiplicity(frame: pd.DataFrame, names: Names, pure: str) -> list[str]:
    """How many solutions there are at the points tried."""
    inside = "" if names.form == "analytic" else f" in {pure}"
    told = []
    for _, row in frame.iterrows():
        if row.get("varies", 0.0) > 0:
            said = f"the number of solutions{inside} changes from one point tried to another."
        elif row["failed"] > 0:
            said = f"the game could not be solved {SOME if row['failed'] < 1 else EVERY}."
        else:
            count = "is no solution" if row["none"] > 0 else "are several solutions" if row["several"] > 0 else ONE
            said = f"there {count}{inside} {EVERY}."
        told.append((during(str(row["order"]), names), said))
    return together(told)


def measure(ranges: pd.DataFrame, names: Names) -> list[str]:
    """Between which values each measure lies over the points tried and all solutions there."""
    sentences = []
    for name, own in ranges.groupby("measure", sort=False):
        told = [(during(str(row["order"]), names), _lies(row)) for _, row in own.iterrows()]
        groups: dict[str, list[str]] = {}
        for order, said in told:
            groups.setdefault(said, []).append(order)
        parts = [f"{said} {joined(orders)}".strip() for said, orders in groups.items()]
        sentences.append(f"Over the points tried, {names.say(str(name))} {joined(parts)}.")
    return sentences


def _lies(row: Any) -> str:
    """Where a measure lies, as a verb."""
    said = between(float(row["lower"]), float(row["upper"]))
    return f"lies between {said.replace(' to ', ' and ')}" if " to " in said else f"is {said}"


def measures_table(frame: pd.DataFrame, names: Names) -> Table:
    """The lowest and the highest value of every measure."""
    rows = [
        [sentence_case(names.say(row["measure"])), order_name(row["order"], names.labels),
         between(float(row["lower"]), float(row["upper"]))]
        for _, own in frame.groupby("measure", sort=False)
        for _, row in own.iterrows()
    ]  # fmt: skip
    note = "From the lowest to the highest value over the points tried and over the solutions at each of them."
    return table("Measures, given the model", ["Measure", "Order of play", "Lowest to highest"], rows, "ttn", note)


def claim(claims: pd.DataFrame, names: Names) -> list[str]:
    """How far each claim follows at the points tried; of a contested one this is said."""
    here = {"all": "holds", "some": "holds in some solutions only", "none": "fails", "failed": "is not decided"}
    said = []
    for _, row in claims.iterrows():
        order = "" if names.form == "analytic" else f" ({order_name(row['order'], names.labels)})"
        contested = "is contested; it " if row["contested"] else ""
        central = f"At the central values it {here[row['base']]}."
        said.append(f"\u201c{row['text']}\u201d{order} {contested}{_stands(row)}. {central}")
    return said


def _stands(row: Any) -> str:
    """How a claim stands over the points tried."""
    if row["all"] >= 1:
        return f"holds in every solution {EVERY}"
    if row["none"] >= 1:
        return f"fails in every solution {EVERY}"
    if row["failed"] >= 1:
        return f"is not decided {EVERY}"
    return "is open: it does not hold in every solution at every point tried, nor fail so"


def claims_table(frame: pd.DataFrame, names: Names) -> Table:
    """How each claim stands."""
    words = {"all": "in all solutions, everywhere", "none": "in none, anywhere", "failed": "not decided"}
    rows = []
    for _, row in frame.iterrows():
        stands = next((text for name, text in words.items() if row[name] >= 1), "open")
        contested = "yes" if row["contested"] else "no"
        order = order_name(row["order"], names.labels)
        rows.append([str(row["text"]), str(row["essay"]) or "\u2013", contested, order, str(row["base"]), stands])
    heads = ["Claim", "Passage", "Contested", "Order of play", "Central values", "At the points tried"]
    note = (
        "Central values: in which of the solutions the claim holds. Open: in some solutions, or at some of the points."
    )
    return table("Claims", heads, rows, note=note, longest=len(rows))


def at_points(drawn: Picture, note: str) -> Picture:
    """A picture of means over draws as what it is here: the lowest and the highest value at the points tried."""
    words = ("Lower and upper mean", "Lowest and highest value at the points tried")
    told = drawn.alternative.replace(*words).replace(MEANS, VALUES)
    return replace(drawn, message=drawn.message.replace(*words), alternative=told, note=note)
