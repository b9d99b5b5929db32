"""What do the frames say, in sentences?

Every function takes frames and returns a list of plain sentences. All are conditional: they say under which order of
play, at which values, and in which share of the admissible parameters something holds. None recommends a policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory.figures.margins import TIE, nearest
from gametheory.figures.orders import VERDICTS, flips_message, swept
from gametheory.figures.words import (
    counted,
    joined,
    order_name,
    order_phrase,
    percent,
    profile,
    sentence_case,
)
from gametheory.report import points
from gametheory.report.amounts import amount, between, margin_of_error, tiny
from gametheory.report.phrases import Names, condition, during, outcome_said, played, together
from gametheory.report.ranging import rivals
from gametheory.report.solved import PROVED, reach
from gametheory.report.tables import pure_choices

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "claim",
    "flip",
    "margin",
    "measure",
    "multiplicity",
    "outcome",
    "region",
]

MANY = 4  # tipping points or equilibria that one sentence lists


def margin(margins: pd.DataFrame, names: Names) -> list[str]:
    """The deviation nearest to paying, order by order."""
    if margins.empty:
        return ["There is no solution whose margins could be measured."]
    return [_margin(nearest(own).iloc[0], names) for _, own in margins.groupby("order", sort=False)]


def flip(flips: pd.DataFrame, names: Names) -> list[str]:
    """Whether the order of play decides the outcome, and what it is worth to each player."""
    parameter = swept(flips)
    nash = flips[flips["concept"] == "nash"]
    if parameter is not None:
        return [f"If {names.say(parameter)} alone is moved: {_small(flips_message(flips, names.labels))}."]
    sentences = [_orders_compared(nash, names)]
    sentences += [_worth(nash, player, names) for player in names.players]
    for _, row in flips[flips["concept"] == "commitment"].iterrows():
        sentences.append(_commitment(row, nash, names))
    ties = [order_phrase(row["order"], names.labels) for _, row in nash[nash["ties"]].iterrows()]
    if ties:
        sentences.append(f"The follower is indifferent between replies, and which it takes matters, {joined(ties)}.")
    return [sentence for sentence in sentences if sentence]


def _orders_compared(nash: pd.DataFrame, names: Names) -> str:
    """To how many outcomes the orders of play lead; of one order alone there is nothing to compare."""
    if len(nash) == 1:
        return f"Only {order_name(nash['order'].iloc[0], names.labels)} was solved: orders of play are not compared."
    count = nash["outcome"].nunique()
    orders = f"{counted(len(nash), 'order' if names.form == 'strategic' else 'kind')} of play"
    if count > 1:
        what = "sets of solutions" if nash["outcome"].str.contains(" | ", regex=False).any() else "outcomes"
        return f"With the same payoffs, {orders} lead to {count} different {what}."
    several = " | " in nash["outcome"].iloc[0]
    every = f"both {orders.partition(' ')[2]}" if len(nash) == 2 else f"all {orders}"
    return f"With the same payoffs, {every} lead to the same {'set of solutions' if several else 'outcome'}."


def region(regions: pd.DataFrame, areas: pd.DataFrame | None, names: Names) -> list[str]:
    """How many answers a map of two parameters holds, and how large the largest and the failed ones are."""
    x, y = (names.say(str(name)) for name in regions.columns[1:3])
    order = order_phrase(str(regions.attrs.get("order", "simultaneous")), names.labels)
    count = len(regions.attrs["outcomes"])
    answers = counted(count, "different answer" if count > 1 else "answer")
    first = f"If all other parameters stand at their central values, the map of {x} and {y} holds {answers} {order}"
    if areas is None or areas.empty:
        return [f"{first}."]
    lawful = str(areas["of"].iloc[0]).startswith("the joint law")
    whole = "their joint law" if lawful else "their ranges, which is no probability"
    largest = f"the largest has a share of {percent(float(areas['share'].max()))} of {whole}"
    sentences = [f"{first}; {largest}." if count > 1 else f"{first}."]
    failed = float(areas.loc[areas["outcome"] == "failed", "share"].sum())
    if failed:
        sentences.append(f"In {percent(failed)} of {whole} the game could not be solved.")
    return sentences


def outcome(outcomes: pd.DataFrame, names: Names) -> list[str]:
    """The most frequent outcome of each order, with lower and upper share; of several alike none is picked."""
    if names.certain:
        return points.outcome(outcomes, names)
    if outcomes.empty:
        return ["No draw gave a solution."]
    told = []
    for order, own in outcomes.groupby("order", sort=False):
        first = rivals(own, ())
        row = first.iloc[0]
        if len(first) == 1:
            that = played(row["profile"], names, str(order)).removeprefix("the outcome is ")
            that = that if names.form == "analytic" else f"that {that}"
            said = f"the most frequent outcome is {that}: {reach(row)}"
        else:
            listed = "; ".join(outcome_said(text, names) for text in first["profile"].head(MANY))
            more = f"; and {len(first) - MANY} more" if len(first) > MANY else ""
            said = f"{len(first)} outcomes are the most frequent, {reach(row, 'each ')}: {listed}{more}"
        told.append((condition(str(order), names), f"{said}."))
    sentences = together(told)
    for order, share in dict(outcomes.attrs.get("failed", {})).items():
        if share:
            said = f"{percent(share)} of the draws could not be solved and count for no outcome."
            sentences += together([(during(order, names), said)])
    return [*sentences, *_incomplete(outcomes, names, "no outcome counts as the only solution there")]


def _incomplete(frame: pd.DataFrame, names: Names, then: str) -> list[str]:
    """In what share of the draws the list of solutions may lack some, order by order, and what follows."""
    shares = {order: float(share) for order, share in dict(frame.attrs.get("partial", {})).items() if share}
    said = "the list of solutions may lack some in"
    return [
        sentence
        for order, share in shares.items()
        for sentence in together([(during(order, names), f"{said} {percent(share)} of the draws; {then}.")])
    ]


def multiplicity(frame: pd.DataFrame, names: Names) -> list[str]:
    """How often there is no equilibrium in pure actions, or more than one; of equations, no solution at all."""
    if names.certain:
        return points.multiplicity(frame, names, pure_choices(names))
    sentences: list[tuple[str, str]] = []
    pure = "" if names.form == "analytic" else f" in {pure_choices(names)}"
    for _, row in frame.iterrows():
        parts = []
        partial = float(row.get("partial", 0.0))
        listed = "listed " if partial > 0 else ""
        if row["none"] > 0:
            parts.append(f"{percent(row['none'])} of the draws have no {listed}solution{pure}")
        if row["several"] > 0:
            of = "" if parts else " of the draws"
            what = "" if parts else f" {listed}solutions{pure}"
            parts.append(f"{percent(row['several'])}{of} have several{what}, between which the model does not choose")
        if row["failed"] > 0:
            parts.append(f"{percent(row['failed'])}{'' if parts else ' of the draws'} could not be solved")
        if row.get("varies", 0.0) > 0:
            parts.append(f"in {percent(row['varies'])} the number depends on parameters that have no probability")
        if row["several"] == 1.0:
            parts = [f"every draw has several {listed}solutions{pure}, between which the model does not choose"]
        told = joined(parts) or f"every draw has exactly one {listed}solution{pure}"
        told += f"; in {percent(partial)} of the draws the list of solutions may lack some" if partial > 0 else ""
        sentences.append((during(row["order"], names), f"{told}."))
    return together(sentences)


def measure(ranges: pd.DataFrame, names: Names) -> list[str]:
    """Lower and upper mean of each measure over the orders, always both ends and always conditional on the model.

    Equations have no orders to compare: the figure and the table say all that there is to say of each measure.
    """
    if names.certain:
        return points.measure(ranges, names)
    sentences = []
    count = ranges["order"].nunique()
    for name, own in ranges.groupby("measure", sort=False) if names.form != "analytic" else ():
        ends: dict[str, list[str]] = {}
        small = tiny(own[["lower", "upper"]].to_numpy().ravel())
        for _, row in own.iterrows():
            told_of = _ends(row, complete=_complete(ranges, row["order"]), millionths=small)
            ends.setdefault(told_of, []).append(str(row["order"]))
        told = [f"{text} {_conditions(orders, count, names)}".strip() for text, orders in ends.items()]
        wide = bool((own["lower"] < own["upper"]).any())
        start = f"Over the admissible parameters the mean of {names.say(str(name))}{', from lower to upper,' * wide} is"
        sentences.append(f"{start} {joined(told)}.")
    left_out = [(order, float(share)) for order, share in dict(ranges.attrs.get("failed", {})).items() if share]
    for order, share in left_out:
        said = f"{percent(share)} of the draws could not be solved and count for no mean."
        sentences += together([(during(order, names), said)])
    return [*sentences, *_incomplete(ranges, names, "there a measure takes every value that it can have")]


def _conditions(orders: list[str], count: int, names: Names) -> str:
    """The if-clauses of the orders of play under which something is so."""
    if names.form == "analytic":
        return ""
    if len(orders) == count > 1:
        kinds = "orders" if names.form == "strategic" else "kinds"
        return f"under {'both' if count == 2 else f'all {count}'} {kinds} of play"
    if names.form == "extensive":
        return joined([order_phrase(order, names.labels) for order in orders])
    return joined([condition(order, names) for order in orders])


def _complete(frame: pd.DataFrame, order: str) -> bool:
    """Whether the list of solutions is proved to be complete in every game of an order of play."""
    verdicts = dict(frame.attrs.get("verdicts", {})).get(order)
    return verdicts is not None and set(verdicts) <= PROVED


def _ends(row: Any, *, complete: bool, millionths: bool) -> str:
    """The lower and the upper mean of a measure with their standard error; a zero that never varied says so."""
    if complete and row["lower"] == row["upper"] == row["lower_se"] == row["upper_se"] == 0:
        return "0 (0 in every draw)"
    error = max(float(row["lower_se"]), float(row["upper_se"]))
    low, high = float(row["lower"]), float(row["upper"])
    size = margin_of_error(error, max(abs(low), abs(high)), millionths=millionths)
    doubt = f" (standard error {size})" if size != "0" else ""
    return f"{between(low, high, millionths=millionths)}{doubt}"


def claim(claims: pd.DataFrame, names: Names) -> list[str]:
    """How far each claim follows from the assumptions; of a contested one both sides."""
    return points.claim(claims, names) if names.certain else [_claim(row, names) for _, row in claims.iterrows()]


def _margin(row: Any, names: Names) -> str:
    """The sentence on the nearest deviation of one order."""
    start = f"{sentence_case(order_phrase(row['order'], names.labels))}, from {profile(row['profile'], names.labels)}"
    steps = " \u2192 ".join(profile(step, names.labels) for step in str(row["deviation"]).split(" -> "))
    context = f" {names.say(row['setting'])}" if row.get("setting") else ""
    who = names.say(row["player"])
    if row["kind"] == "mixing":
        return f"{start}, the weakest support is that {who} {steps} with probability {amount(row['margin'])} only."
    if row["relative"] < TIE:
        return f"{start}, {who} would lose nothing by {steps}{context}: a tie, which any change may break."
    size = f"{amount(row['margin'])}, {percent(row['relative'])} of its range of payoffs"
    return f"{start}, the deviation nearest to paying is {who}'s {steps}{context}: it would lose {size}."


def _small(text: str) -> str:
    """A sentence that follows a colon."""
    return text[:1].lower() + text[1:]


def _said(text: str, names: Names) -> str:
    """An outcome inside a sentence."""
    return VERDICTS.get(text) or " or ".join(profile(part, names.labels) for part in text.split(" | "))


def _worth(nash: pd.DataFrame, player: str, names: Names) -> str:
    """What each order gives to one player."""
    low, high = f"payoff_{player}_lower", f"payoff_{player}_upper"
    solved = nash[nash[low].notna()]
    parts = [
        f"{between(float(row[low]), float(row[high]))} {order_phrase(row['order'], names.labels)}"
        for _, row in solved.iterrows()
    ]
    return f"{sentence_case(names.say(player))} gets {joined(parts)}." if parts else ""


def _commitment(row: Any, nash: pd.DataFrame, names: Names) -> str:
    """What a leader gains by committing to a mixture, where it gains anything."""
    order = str(row["order"])
    pure = nash[nash["order"] == order]
    value, best = row[f"payoff_{order}_upper"], pure[f"payoff_{order}_upper"].max()
    if not value > best + 1e-9 * max(1.0, abs(best)):
        return ""
    who = names.say(order)
    return (
        f"If {who} could commit to a mixture, it could get up to {amount(value)} instead of {amount(best)}, by "
        f"{_said(str(row['outcome']), names)}: there the follower is indifferent, and that value is reached where it "
        f"breaks the tie for {who} (the strong rule), and otherwise at most approached."
    )


def _claim(row: Any, names: Names) -> str:
    """The sentence on one claim; what happens in no draw is left out, save one side of a contested claim."""
    order = "" if names.form == "analytic" else f" ({order_name(row['order'], names.labels)})"
    start = f"\u201c{row['text']}\u201d{order}"
    here = {"all": "holds", "some": "holds in some solutions only", "none": "fails", "failed": "is not decided"}
    error = f" (standard error {100 * row['se']:.2f} points)" if row["se"] > 0 else ""
    holds = f"holds in every solution in {_of_draws(row['all'])}{error}"
    fails = f"fails in every solution in {_shortly(row['none'])}"
    undecided = f"is not decided in {_shortly(row['failed'])}"
    central = f"At the central values it {here[row['base']]}."
    mixed = f"in some but not all in {_shortly(row['some'])}" if row["some"] > 0 else ""
    if row["contested"]:
        against = f"{fails}{f', and {undecided}' if row['failed'] > 0 else ''}"
        return (
            f"{start} is contested. For it: it {holds}{f', {mixed}' * bool(mixed)}. Against it: it {against}. {central}"
        )
    parts = [mixed, fails if row["none"] > 0 else "", undecided if row["failed"] > 0 else ""]
    told = [holds, *parts] if row["all"] > 0 or not any(parts) else [said for said in parts if said]
    if told[0] == mixed:
        told[0] = f"holds in some but not all solutions in {_of_draws(row['some'])}"
    elif told[0] == fails:
        told[0] = f"fails in every solution in {_of_draws(row['none'])}"
    elif told[0] == undecided:
        told[0] = f"is not decided in {_of_draws(row['failed'])}"
    return f"{start} {joined([said for said in told if said])}. {central}"


def _shortly(share: float) -> str:
    """A share of the draws after one of which the draws were named."""
    return _of_draws(share).removesuffix(" of the draws") if 0.0 < share < 1.0 else _of_draws(share)


def _of_draws(share: float) -> str:
    """A share of the draws in words where it is none or all of them."""
    return {0.0: "none of the draws", 1.0: "every draw"}.get(share, f"{percent(share)} of the draws")
