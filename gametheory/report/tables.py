"""Which tables stand on the page, and how is each cell written?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gametheory.figures.margins import nearest
from gametheory.figures.orders import outcome as outcome_text
from gametheory.figures.tipping import solutions
from gametheory.figures.words import joined, number, order_name, percent, profile, sentence_case
from gametheory.report.changes import Sweep, binding
from gametheory.report.phrases import Names

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = [
    "SHOWN",
    "Table",
    "assumptions",
    "base_case",
    "base_measures",
    "claims",
    "flips",
    "left_out",
    "margins",
    "measure_ranges",
    "multiplicity",
    "nearest_tips",
    "order_heading",
    "outcomes",
    "provenance",
    "region_areas",
    "table",
    "ties",
    "tips",
]

LONGEST = 8  # rows of a table that stands open
MARGINS = 6  # deviations of one solution
SHOWN = 10  # rows of one order in the longest tables; the files hold every row


@dataclass(frozen=True)
class Table:
    """A table as texts: a caption, headings, and rows whose first cell is the row's heading; a note below.

    ``numeric`` are the numbers of the columns that hold numbers. A ``folded`` table is opened by the reader.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""
    folded: bool = False


def table(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: str = "",
    note: str = "",
    longest: int = LONGEST,
) -> Table:
    """A table whose columns are described by a letter each, ``t`` text, ``n`` number; a longer one is folded."""
    places = frozenset(place for place, kind in enumerate(numeric) if kind == "n")
    return Table(caption, tuple(heads), tuple(tuple(row) for row in rows), places, note, len(rows) > longest)


def order_heading(row: Any, names: Names) -> str:
    """The order of play of a row, as the heading of the row."""
    return sentence_case(order_name(row["order"], names.labels, row.get("concept", "nash")))


def base_case(frame: pd.DataFrame, names: Names) -> Table:
    """Every solution at the central values."""
    payoffs = [column for column in frame.columns if column.startswith(("payoff_", "value_"))]
    rows = []
    for _, row in frame.iterrows():
        places = ["\u2013" if row.isna()[name] else str(row[name]) for name in ("index", "component")]
        index = "\u2013" if set(places) == {"\u2013"} else " / ".join(places)
        solution = [order_heading(row, names), profile(row["profile"], names.labels)]
        checks = [f"{row['regret']:.2g}", index, str(row["tags"]) or "\u2013", str(row["verdict"])]
        rows.append([*solution, *(number(row[column]) for column in payoffs), *checks])
    heads = [
        "Order of play",
        "Solution",
        *(_owner(column, names) for column in payoffs),
    ]
    heads += ["Regret", "Index / component", "Tags", "Verdict"]
    kinds = "tt" + "n" * len(payoffs) + "nntt"
    note = TAGS if any(str(tags) for tags in frame["tags"]) else ""
    return table("All solutions at the central values", heads, rows, kinds, note, longest=len(rows))


def _owner(column: str, names: Names) -> str:
    """The heading of a column of payoffs, or of the values of an unknown."""
    if column.startswith("value_"):
        return sentence_case(names.say(column.removeprefix("value_")))
    return f"{sentence_case(names.say(column.removeprefix('payoff_')))}'s payoff"


def base_measures(frame: pd.DataFrame, names: Names) -> Table:
    """Lower and upper value of every measure over the solutions at the central values, order by order."""
    groups = [own for _, own in frame.groupby(["order", "concept"], sort=False)]
    known = dict(frame.attrs.get("measure_bounds", {}))
    rows = []
    for column in [name for name in frame.columns if name.startswith("measure_")]:
        ends = [" to ".join(map(number, _measure_ends(own, column, known))) for own in groups]
        rows.append([sentence_case(names.say(column.removeprefix("measure_"))), *ends])
    heads = ["Measure", *(order_heading(own.iloc[0], names) for own in groups)]
    caption = "Measures at the central values, lower to upper over the solutions"
    partial = (frame["verdict"] == "partial").any()
    note = (
        "Verdict partial: the list of solutions may lack some, so that all the measure can be is shown."
        if partial
        else ""
    )
    return table(caption, heads, rows, "t" + "n" * len(groups), note, longest=len(rows))


def _measure_ends(own: pd.DataFrame, column: str, known: Mapping[str, Any]) -> tuple[float, float]:
    """Lower and upper value of a measure under one order and concept, over all solutions that are not ruled out."""
    told = known.get(f"{own['order'].iloc[0]} {own['concept'].iloc[0]}", {}).get(column.removeprefix("measure_"))
    return (float(told[0]), float(told[1])) if told else (float(own[column].min()), float(own[column].max()))


TAGS = (
    "Tags. pure: every player plays one action for certain; strict: every deviation costs; dominated: uses an action "
    "that another one never falls behind; payoff-dominant: no other solution is better for anyone; risk-dominant: the "
    "safer one of several strict equilibria; may vanish: a small change of the payoffs can remove it; strong, weak: "
    "rests on the follower breaking a tie for, or against, the leader."
)


def flips(frame: pd.DataFrame, parameter: str | None, names: Names) -> Table:
    """The outcome under every order of play."""
    left = 0 if parameter is None else int((frame["concept"] != "nash").sum())
    if left:
        frame = frame[frame["concept"] == "nash"]
    players = [column[7:-6] for column in frame.columns if column.startswith("payoff_") and column.endswith("_lower")]
    rows = []
    for _, row in frame.iterrows():
        place = [] if parameter is None else [number(row[parameter])]
        ends = [_span(row[f"payoff_{player}_lower"], row[f"payoff_{player}_upper"]) for player in players]
        ties = "yes" if row["ties"] else "no"
        rows.append([order_heading(row, names), *place, outcome_text(row["outcome"], names.labels), *ends, ties])
    at = [] if parameter is None else [sentence_case(names.say(parameter))]
    heads = [
        "Order of play",
        *at,
        "Outcome",
        *(_owner(player, names) for player in players),
        "Follower's tie",
    ]
    kinds = "t" + "n" * len(at) + "t" + "n" * len(players) + "t"
    note = "Mixed commitments of the leader are in frames/flips.csv." if left else ""
    along = "" if parameter is None else f", along {names.say(parameter)}"
    return table(f"Outcome and payoffs by order of play{along}", heads, rows, kinds, note)


def margins(frame: pd.DataFrame, names: Names) -> Table:
    """The nearest deviations of every solution."""
    rows = []
    for _, own in frame.groupby(["order", "solution"], sort=False):
        for _, row in nearest(own).head(MARGINS).iterrows():
            steps = str(row["deviation"]).split(" -> ")
            rows.append(
                [
                    order_heading(row, names),
                    profile(row["profile"], names.labels),
                    sentence_case(names.say(row["player"])),
                    " \u2192 ".join(profile(step, names.labels) for step in steps),
                    names.say(str(row.get("setting", ""))),
                    str(row["kind"]),
                    number(row["margin"]),
                    percent(max(float(row["relative"]), 0.0)),
                ]
            )
    heads = ["Order of play", "Solution", "Player", "Deviation", "While the others", "Kind", "Margin", "Share of range"]
    left = len(frame) - len(rows)
    return table("What keeps each solution standing", heads, rows, "ttttttnn", left_out(left, "margins"))


def tips(sweep: Sweep, names: Names) -> Table:
    """Every tipping point of one parameter."""
    rows = [
        [
            order_heading(row, names),
            f"{row['value']:.10g}",
            solutions(row["before"], names.labels),
            solutions(row["after"], names.labels),
            binding(row["binding"], names),
            "exact" if row.get("exact") else "numerical",
        ]
        for _, row in sweep.frame.iterrows()
    ]
    name = names.say(sweep.parameter)
    heads = ["Order of play", sentence_case(name), "Below it", "Above it", "Deviation that binds", "Value"]
    return table(f"Tipping points of {name}, to ten digits", heads, rows, "tntttt")


def nearest_tips(found: Sequence[Sweep], names: Names) -> Table:
    """For every parameter the tipping point nearest to its present value, order by order."""
    orders = list(dict.fromkeys(order for sweep in found for order in sweep.orders))
    rows = []
    for sweep in found:
        values = [_nearest_value(sweep, order) for order in orders]
        ends = f"{number(sweep.low)} to {number(sweep.high)}"
        rows.append([sentence_case(names.say(sweep.parameter)), number(sweep.value), ends, *values])
    heads = ["Parameter", "Central value", "Range searched"]
    heads += [sentence_case(order_name(order, names.labels)) for order in orders]
    note = "Nearest tipping point, and in brackets how many there are in the range. All of them: frames/tip.csv."
    kinds = "tnn" + "n" * len(orders)
    return table("Nearest tipping point of every parameter", heads, rows, kinds, note, longest=len(rows))


def _nearest_value(sweep: Sweep, order: str) -> str:
    """The nearest tipping point of one order and their number."""
    if order not in sweep.orders:
        return "not searched"
    values = sorted(set(sweep.frame[sweep.frame["order"] == order]["value"]), key=sweep.distance)
    return f"{number(values[0])} ({len(values)})" if values else "none"


def region_areas(frame: pd.DataFrame, order: str, names: Names) -> Table:
    """The answers over two parameters and the share of their law that each has."""
    rows = [
        [outcome_text(str(row["outcome"]), names.labels), percent(float(row["share"]))]
        for _, row in frame.head(SHOWN).iterrows()
    ]
    lawful = str(frame["of"].iloc[0]).startswith("the joint law")
    head = "Share of their joint law" if lawful else "Share of their ranges, no probability"
    note = left_out(len(frame) - len(rows), "region_areas")
    return table(f"Answers over the two parameters: {order}", ["Answer", head], rows, "tn", note)


def outcomes(frame: pd.DataFrame, names: Names) -> Table:
    """The most frequent outcomes of every order."""
    rows = []
    for _, own in frame.groupby("order", sort=False):
        ranked = own.sort_values(["upper", "lower", "profile"], ascending=[False, False, True], kind="stable")
        for _, row in ranked.head(SHOWN).iterrows():
            shares = [f"{percent(row[end])} \u00b1 {100 * row[f'{end}_se']:.2f}" for end in ("lower", "upper")]
            kind = "pure" if row["pure"] else "mixed"
            rows.append([order_heading(row, names), profile(row["profile"], names.labels), kind, *shares])
    heads = ["Order of play", "Outcome", "Kind", "Lower: the only solution", "Upper: one of the solutions"]
    note = f"\u00b1 one standard error, in percentage points. {left_out(len(frame) - len(rows), 'outcomes')}".strip()
    return table("Share of the draws in which each outcome is a solution", heads, rows, "tttnn", note)


def multiplicity(frame: pd.DataFrame, names: Names) -> Table:
    """How many solutions in pure actions there are."""
    columns = [
        column for column in ("none", "one", "several", "failed", "varies", "partial") if column in frame.columns
    ]
    rows = [[order_heading(row, names), *(percent(row[column]) for column in columns)] for _, row in frame.iterrows()]
    heads = ["Order of play", *(column.capitalize() for column in columns)]
    note = "Partial: the list of solutions may lack some; counted are those listed." if "partial" in columns else ""
    return table("Solutions in pure actions: share of the draws", heads, rows, "t" + "n" * len(columns), note)


def measure_ranges(frame: pd.DataFrame, names: Names) -> Table:
    """Lower and upper mean of every measure."""
    rows = [
        [
            sentence_case(names.say(row["measure"])),
            order_name(row["order"], names.labels),
            *(f"{number(row[end])} \u00b1 {row[f'{end}_se']:.2g}" for end in ("lower", "upper")),
        ]
        for _, own in frame.groupby("measure", sort=False)
        for _, row in own.iterrows()
    ]
    note = "Mean over the draws of the lowest and of the highest value over the solutions; \u00b1 one standard error."
    if any(dict(frame.attrs.get("partial", {})).values()):
        note += " Where the list of solutions may lack some, these are the ends of all that the measure can be."
    return table("Measures, given the model", ["Measure", "Order of play", "Lower", "Upper"], rows, "ttnn", note)


def claims(frame: pd.DataFrame, names: Names) -> Table:
    """In how much of the parameters each claim holds."""
    rows = [
        [
            str(row["text"]),
            str(row["essay"]) or "\u2013",
            "yes" if row["contested"] else "no",
            order_name(row["order"], names.labels),
            str(row["base"]),
            *(percent(row[name]) for name in ("all", "some", "none", "failed")),
            f"{100 * row['se']:.2f}",
        ]
        for _, row in frame.iterrows()
    ]
    heads = [
        "Claim",
        "Source",
        "Contested",
        "Order of play",
        "Central values",
        "In all",
        "In some",
        "In none",
        "Undecided",
    ]
    note = "In all, some or none of the solutions: share of the draws. SE: standard error of the first, in points."
    return table("Claims", [*heads, "SE"], rows, "tttttnnnnn", note)


def assumptions(model: Model, names: Names) -> Table:
    """Every parameter with its law, unit, meaning, source and mark."""
    rows = []
    for name, own in model.parameters.items():
        origin = ", ".join(part for part in (own.source, own.date, own.url) if part)
        quote = f" \u201c{own.quote}\u201d" if own.quote else ""
        text = [sentence_case(names.say(name)), own.text, own.unit, own.law.describe(), own.meaning, origin + quote]
        rows.append([*text, own.mark])
    heads = ["Parameter", "Central value", "Unit", "Law", "Meaning", "Source", "Mark"]
    return table("Parameters: what is assumed, and on whose word", heads, rows, "tnttttt", longest=len(rows))


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
    return table("What this page was made from", ["What", "Value"], entries, longest=len(entries))


def _span(low: Any, high: Any) -> str:
    """A payoff or a range of payoffs; a dash where there is none."""
    if low is None or math.isnan(low):
        return "\u2013"
    return number(low) if number(low) == number(high) else f"{number(low)} to {number(high)}"


def left_out(count: int, name: str) -> str:
    """Where to find the rows that are not shown."""
    return f"{count:,} more in frames/{name}.csv." if count > 0 else ""
