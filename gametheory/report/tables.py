"""Which tables stand on the page, and how is each cell written?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory.figures.margins import nearest
from gametheory.figures.orders import outcome as outcome_text
from gametheory.figures.words import counted, number, order_name, percent, profile, sentence_case
from gametheory.report import points
from gametheory.report.amounts import amount, exact, margin_of_error, tiny
from gametheory.report.changes import Sweep, beside, binding
from gametheory.report.grids import Table, table
from gametheory.report.phrases import Names

if TYPE_CHECKING:
    import pandas as pd


__all__ = [
    "SHOWN",
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
    "outcome_said",
    "outcomes",
    "pure_choices",
    "region_areas",
    "tips",
]

UNTOLD = "not identified"  # start of what binds where that was not told
FEW = 4  # solutions of one order that a cell names
ROUNDING = 1e-9  # regrets below are what rounding leaves of zero
MARGINS = 6  # deviations of one solution
SHOWN = 10  # rows of one order in the longest tables; the files hold every row


def order_heading(row: Any, names: Names) -> str:
    """The order of play of a row, as the heading of the row."""
    return sentence_case(order_name(row["order"], names.labels, row.get("concept", "nash")))


def base_case(frame: pd.DataFrame, names: Names) -> Table:
    """Every solution at the central values; index, component and tags where the form has them."""
    payoffs = [column for column in frame.columns if column.startswith(("payoff_", "value_"))]
    strategic, tagged = names.form == "strategic", names.form != "analytic"
    rows = []
    for _, row in frame.iterrows():
        places = ["\u2013" if row.isna()[name] else str(row[name]) for name in ("index", "component")]
        index = "\u2013" if set(places) == {"\u2013"} else " / ".join(places)
        solution = [order_heading(row, names), profile(row["profile"], names.labels)]
        checks = [_regret(float(row["regret"])), *[index] * strategic, *[str(row["tags"]) or "\u2013"] * tagged]
        rows.append([*solution, *(number(row[column]) for column in payoffs), *checks, str(row["verdict"])])
    heads = ["Order of play", "Solution" if tagged else "Outcome", *(_owner(column, names) for column in payoffs)]
    heads += ["Regret", *["Index / component"] * strategic, *["Tags"] * tagged, "Verdict"]
    kinds = "tt" + "n" * len(payoffs) + "n" + "n" * strategic + "t" * tagged + "t"
    return table("All solutions at the central values", heads, rows, kinds, _tags(frame), longest=len(rows))


def _regret(value: float) -> str:
    """A regret: what rounding leaves of zero is written as nearly zero."""
    return "0" if not value else "\u2248 0" if value < ROUNDING else amount(value)


def _tags(frame: pd.DataFrame) -> str:
    """What the tags that stand in a frame mean."""
    found = {tag for text in frame["tags"] for tag in str(text).split(", ")}
    told = [f"{tag}: {meaning}" for tag, meaning in TAGS.items() if tag in found]
    return f"Tags. {'; '.join(told)}." if told else ""


def _owner(column: str, names: Names) -> str:
    """The heading of a column of payoffs, or of the values of an unknown."""
    if column.startswith("value_"):
        return sentence_case(names.meant(column.removeprefix("value_")))
    return f"{sentence_case(names.say(column.removeprefix('payoff_')))}'s payoff"


def base_measures(frame: pd.DataFrame, names: Names) -> Table:
    """Lower and upper value of every measure over the solutions at the central values, order by order."""
    groups = [own for _, own in frame.groupby(["order", "concept"], sort=False)]
    known = dict(frame.attrs.get("measure_bounds", {}))
    rows = []
    for column in [name for name in frame.columns if name.startswith("measure_")]:
        ends = [_span(*_measure_ends(own, column, known)) for own in groups]
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


TAGS = MappingProxyType(
    {
        "pure": "every choice is made for certain",
        "strict": "every deviation costs",
        "dominated": "uses an action that another one never falls behind",
        "payoff-dominant": "no other solution is better for anyone",
        "risk-dominant": "the safer one of several strict equilibria",
        "may vanish": "a small change of the payoffs can remove it",
        "strong": "rests on the follower breaking a tie for the leader",
        "weak": "rests on the follower breaking a tie against the leader",
        "credible": "no choice in it would go uncarried out",
        "incredible threat": "its outcome rests on a choice that nobody would carry out",
        "idle incredible choice": "holds a choice that nobody would carry out, on which its outcome does not rest",
        "incredible choice, perhaps a threat": "whether its outcome rests on such a choice could not be told",
        "intuitive": "its beliefs pass the intuitive criterion",
        "not intuitive": "its beliefs fail the intuitive criterion",
    }
)


def flips(frame: pd.DataFrame, parameter: str | None, names: Names) -> Table:
    """The outcome under every order of play."""
    left = 0 if parameter is None else int((frame["concept"] != "nash").sum())
    if left:
        frame = frame[frame["concept"] == "nash"]
    players = [column[7:-6] for column in frame.columns if column.startswith("payoff_") and column.endswith("_lower")]
    led = names.form == "strategic"  # only there a leader is followed
    rows = []
    for _, row in frame.iterrows():
        place = [] if parameter is None else [number(row[parameter])]
        ends = [_span(row[f"payoff_{player}_lower"], row[f"payoff_{player}_upper"]) for player in players]
        ties = ["\u2013" if row["order"] == "simultaneous" else "yes" if row["ties"] else "no"] * led
        rows.append([order_heading(row, names), *place, outcome_said(row["outcome"], names), *ends, *ties])
    at = [] if parameter is None else [sentence_case(names.say(parameter))]
    heads = [
        "Order of play",
        *at,
        "Outcome",
        *(_owner(player, names) for player in players),
        *["Follower's tie"] * led,
    ]
    kinds = "t" + "n" * len(at) + "t" + "n" * len(players) + "t" * led
    note = "Mixed commitments of the leader stand in the folder frames as well." if left else ""
    along = "" if parameter is None else f", along {names.say(parameter)}"
    by = "order of play" if led else "kind of play"
    return table(f"Outcome and payoffs by {by}{along}", heads, rows, kinds, note)


def outcome_said(text: str, names: Names) -> str:
    """An outcome; of many solutions the first, and how many more the table of solutions has.

    >>> outcome_said(" | ".join("abcdef"), Names(()))
    'a; or b; or c; or d; and 2 more'
    """
    parts = text.split(" | ")
    more = f"; and {len(parts) - FEW} more" if len(parts) > FEW else ""
    return f"{outcome_text(' | '.join(parts[:FEW]), names.labels)}{more}"


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
    met = {str(kind) for kind in frame["kind"]}
    kinds = "; ".join(f"{kind}: {meaning}" for kind, meaning in KINDS.items() if kind in met)
    more = left_out(len(frame) - len(rows), "margins")
    note = f"{f'Kind. {kinds}.' if kinds else ''} {more}".strip()
    return table("What keeps each solution standing", heads, rows, "ttttttnn", note)


KINDS = MappingProxyType(
    {
        "deviation": "another action while the others keep to theirs",
        "reply": "another answer to the first move that is made",
        "off-path reply": "another answer to a first move that is not made, by which that move may come to pay",
        "alternative": "another first move, with the answer that it would get",
        "mixing": "the probability of an action in a mixture, which would have to fall to zero",
    }
)
"""Kind of a margin -> what is weighed there."""


def tips(sweep: Sweep, names: Names) -> Table:
    """Every tipping point of one parameter."""
    untold = all(str(own).startswith(UNTOLD) for own in sweep.frame["binding"])
    rows = []
    for _, row in sweep.frame.iterrows():
        sides = beside(row["before"], row["after"], names)
        told = [] if untold else [binding(row["binding"], names)]
        known = "exact" if row.get("exact") else "numerical"
        rows.append([order_heading(row, names), exact(float(row["value"]), 10), *sides, *told, known])
    name = names.say(sweep.parameter)
    what = "What happens there" if names.form == "analytic" else "Deviation that binds"
    heads = ["Order of play", sentence_case(name), "Below it", "Above it", *[what] * (not untold), "Value"]
    note = "Which deviation binds could not be told: compare the sets of solutions below and above." if untold else ""
    return table(f"Tipping points of {name}, to ten digits", heads, rows, f"tntt{'t' * (not untold)}t", note)


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
    note = (
        "Nearest tipping point, and in brackets how many there are in the range; the parameter comes first whose "
        "nearest lies nearest, as a share of the range searched (of its logarithm where the law is log-uniform). "
        "All of them: frames/tip.csv."
    )
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
    """The most frequent outcomes of every order; of equations, whose solutions are not mixed, without that column."""
    if names.certain:
        return points.outcomes_table(frame, names)
    mixing = names.form != "analytic"
    rows = []
    for _, own in frame.groupby("order", sort=False):
        ranked = own.sort_values(["upper", "lower", "profile"], ascending=[False, False, True], kind="stable")
        for _, row in ranked.head(SHOWN).iterrows():
            shares = _once([f"{percent(row[end])} \u00b1 {100 * row[f'{end}_se']:.2f}" for end in ("lower", "upper")])
            kind = ["pure" if row["pure"] else "mixed"] * mixing
            rows.append([order_heading(row, names), profile(row["profile"], names.labels), *kind, *shares])
    heads = ["Order of play", "Outcome", *["Kind"] * mixing, "Lower: the only solution", "Upper: one of the solutions"]
    note = f"\u00b1 one standard error, in percentage points. {left_out(len(frame) - len(rows), 'outcomes')}".strip()
    kinds = "tt" + "t" * mixing + "nn"
    return table("Share of the draws in which each outcome is a solution", heads, rows, kinds, note)


def multiplicity(frame: pd.DataFrame, names: Names) -> Table:
    """How many solutions there are; of games, how many in pure actions. What never happened has no column."""
    given = [name for name in ("none", "one", "several", "failed", "varies", "partial") if name in frame.columns]
    columns = [name for name in given if name not in ("varies", "partial") or (frame[name] > 0).any()]
    alone = names.form == "analytic"
    rows = [
        ["Share of the draws" if alone else order_heading(row, names), *(percent(row[column]) for column in columns)]
        for _, row in frame.iterrows()
    ]
    heads = ["Solutions" if alone else "Order of play", *(column.capitalize() for column in columns)]
    notes = ["Varies: the number depends on parameters that have no probability."] * ("varies" in columns)
    notes += ["Partial: the list of solutions may lack some; counted are those listed."] * ("partial" in columns)
    what = "Number of solutions" if alone else f"Solutions in {pure_choices(names)}"
    return table(f"{what}: share of the draws", heads, rows, "t" + "n" * len(columns), " ".join(notes))


def pure_choices(names: Names) -> str:
    """What a solution is in that has no mixture."""
    return "pure actions" if names.form == "strategic" else "pure plans"


def measure_ranges(frame: pd.DataFrame, names: Names) -> Table:
    """Lower and upper mean of every measure."""
    if names.certain:
        return points.measures_table(frame, names)
    rows = []
    for _, own in frame.groupby("measure", sort=False):
        small = tiny(own[["lower", "upper"]].to_numpy().ravel())
        for _, row in own.iterrows():
            ends = [_mean(float(row[end]), float(row[f"{end}_se"]), millionths=small) for end in ("lower", "upper")]
            rows.append(
                [sentence_case(names.say(row["measure"])), order_name(row["order"], names.labels), *_once(ends)]
            )
    note = (
        "Mean over the draws of the lowest and of the highest value over the solutions; \u00b1 one standard error. "
        "The same: no other upper end."
    )
    if any(dict(frame.attrs.get("partial", {})).values()):
        note += " Where the list of solutions may lack some, these are the ends of all that the measure can be."
    return table("Measures, given the model", ["Measure", "Order of play", "Lower", "Upper"], rows, "ttnn", note)


def _mean(value: float, error: float, *, millionths: bool) -> str:
    """A mean with its standard error, in millionths where a mean of the same measure is."""
    told, doubt = amount(value, millionths=millionths), margin_of_error(error, value, millionths=millionths)
    return f"{told.removesuffix(' millionths')} \u00b1 {doubt}" if doubt != "0" else f"{told} \u00b1 0"


def _once(ends: list[str]) -> list[str]:
    """Two ends of which the second is written only where it differs."""
    return ends if ends[0] != ends[1] else [ends[0], "the same"]


def claims(frame: pd.DataFrame, names: Names) -> Table:
    """In how much of the parameters each claim holds."""
    if names.certain:
        return points.claims_table(frame, names)
    rows = [
        [
            str(row["text"]),
            str(row["essay"]) or "\u2013",
            "yes" if row["contested"] else "no",
            order_name(row["order"], names.labels),
            str(row["base"]),
            f"{percent(row['all'])} \u00b1 {100 * row['se']:.2f}",
            *(percent(row[name]) for name in ("some", "none", "failed")),
        ]
        for _, row in frame.iterrows()
    ]
    heads = [
        "Claim",
        "Passage",
        "Contested",
        "Order of play",
        "Central values",
        "In all",
        "In some",
        "In none",
        "Undecided",
    ]
    note = (
        "Where the claim holds in all, in some but not all, or in none of the solutions: at the central values, and as "
        "a share of the draws; \u00b1 one standard error, in percentage points."
    )
    if frame["essay"].astype(bool).any():
        note += " Passage: of the essay that the claim stands for, as the model file numbers them."
    return table("Claims", heads, rows, "tttttnnnn", note, longest=len(rows))


def _span(low: Any, high: Any) -> str:
    """A payoff or a range of payoffs; a dash where there is none."""
    if low is None or math.isnan(low):
        return "\u2013"
    return number(low) if number(low) == number(high) else f"{number(low)} to {number(high)}"


def left_out(count: int, name: str) -> str:
    """Where to find the rows that are not shown."""
    return (
        f"{counted(count, 'more row')}: frames/{name}.csv, in the folder written with this page." if count > 0 else ""
    )
