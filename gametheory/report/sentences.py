"""What do the frames say, in sentences?

Every function takes frames and returns a list of plain sentences. All are conditional: they say under which order of
play, at which values, and in which share of the admissible parameters something holds. None recommends a policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gametheory.figures.margins import TIE, nearest
from gametheory.figures.orders import VERDICTS, flips_message, swept
from gametheory.figures.words import (
    counted,
    joined,
    number,
    order_name,
    order_phrase,
    percent,
    profile,
    sentence_case,
    span,
)
from gametheory.report.phrases import Names, condition, played, support

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "answer",
    "certificate",
    "claim",
    "flip",
    "margin",
    "measure",
    "multiplicity",
    "outcome",
    "region",
]

PROVED = {"complete", "degenerate-complete"}  # verdicts under which a list of solutions lacks none
MANY = 4  # tipping points or equilibria that one sentence lists


def answer(base: pd.DataFrame, outcomes: pd.DataFrame | None, orders: Iterable[str], names: Names) -> list[str]:
    """One sentence for each order of play: what happens at the central values, and how far that reaches.

    ``base`` is the frame of `base_case`, ``outcomes`` that of the analysis of the same name, or None. Orders that were
    not solved are named at the end.
    """
    known = _verdicts(base)
    solved = [order for order in orders if (order, "nash") in known]
    left = [condition(order, names).removeprefix("if ") for order in orders if order not in solved]
    said = [_answer(base, outcomes, order, names) for order in solved]
    return [*said, f"Not solved: what follows if {joined(left, 'or')}."] if left else said


def certificate(base: pd.DataFrame, names: Names) -> list[str]:
    """What was proved about the list of solutions, order by order."""
    sentences = []
    for key, verdict in _verdicts(base).items():
        order, concept = key
        own = base[(base["order"] == order) & (base["concept"] == concept)]
        word, _, reason = verdict.partition(": ")
        found = counted(len(own), "solution")
        regret = f", largest regret {number(float(own['regret'].max()))}" if len(own) else ""
        because = f" ({reason})" if reason else ""
        phrase = sentence_case(order_phrase(order, names.labels, concept))
        sentences.append(f"{phrase}: verdict {word}, {found}{regret}{because}.")
    return sentences


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
    orders = f"{counted(len(nash), 'order')} of play"
    if count > 1:
        return f"With the same payoffs, {orders} lead to {count} different outcomes."
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
    """The most frequent outcome of each order, with lower and upper share."""
    if outcomes.empty:
        return ["No draw gave a solution."]
    sentences = []
    for order, own in outcomes.groupby("order", sort=False):
        row = own.sort_values(["upper", "lower"], ascending=False, kind="stable").iloc[0]
        sentences.append(
            f"{sentence_case(condition(str(order), names))}, the most frequent outcome is that "
            f"{played(row['profile'], names, str(order))}: {_reach(row)}."
        )
    for order, share in dict(outcomes.attrs.get("failed", {})).items():
        if share:
            phrase = sentence_case(order_phrase(order, names.labels))
            sentences.append(f"{phrase}, {percent(share)} of the draws could not be solved and count for no outcome.")
    return [*sentences, *_incomplete(outcomes, names, "no outcome counts as the only solution there")]


def _incomplete(frame: pd.DataFrame, names: Names, then: str) -> list[str]:
    """In what share of the draws the list of solutions may lack some, order by order, and what follows."""
    shares = {order: float(share) for order, share in dict(frame.attrs.get("partial", {})).items() if share}
    return [
        f"{sentence_case(order_phrase(order, names.labels))}, the list of solutions may lack some in {percent(share)} "
        f"of the draws; {then}."
        for order, share in shares.items()
    ]


def multiplicity(frame: pd.DataFrame, names: Names) -> list[str]:
    """How often there is no equilibrium in pure actions, or more than one."""
    sentences = []
    for _, row in frame.iterrows():
        parts = []
        partial = float(row.get("partial", 0.0))
        listed = "listed " if partial > 0 else ""
        if row["none"] > 0:
            parts.append(f"{percent(row['none'])} of the draws have no {listed}solution in pure actions")
        if row["several"] > 0:
            parts.append(f"{percent(row['several'])} have several, between which the model does not choose")
        if row["failed"] > 0:
            parts.append(f"{percent(row['failed'])} could not be solved")
        if row.get("varies", 0.0) > 0:
            parts.append(f"in {percent(row['varies'])} the number depends on parameters that have no probability")
        told = joined(parts) or f"every draw has exactly one {listed}solution in pure actions"
        told += f"; in {percent(partial)} of the draws the list of solutions may lack some" if partial > 0 else ""
        sentences.append(f"{sentence_case(order_phrase(row['order'], names.labels))}, {told}.")
    return sentences


def measure(ranges: pd.DataFrame, names: Names) -> list[str]:
    """Lower and upper mean of each measure over the orders, always both ends and always conditional on the model."""
    sentences = []
    for name, own in ranges.groupby("measure", sort=False):
        ends = [
            f"{_ends(row, complete=_complete(ranges, row['order']))} {condition(row['order'], names)}"
            for _, row in own.iterrows()
        ]
        start = f"Over the admissible parameters the mean of {names.say(str(name))}, from lower to upper, is"
        sentences.append(f"{start} {joined(ends)}.")
    left_out = [(order, float(share)) for order, share in dict(ranges.attrs.get("failed", {})).items() if share]
    sentences += [
        f"{sentence_case(order_phrase(order, names.labels))}, {percent(share)} of the draws could not be solved and "
        "count for no mean."
        for order, share in left_out
    ]
    return [*sentences, *_incomplete(ranges, names, "there a measure takes every value that it can have")]


def _complete(frame: pd.DataFrame, order: str) -> bool:
    """Whether the list of solutions is proved to be complete in every game of an order of play."""
    verdicts = dict(frame.attrs.get("verdicts", {})).get(order)
    return verdicts is not None and set(verdicts) <= PROVED


def _ends(row: Any, *, complete: bool) -> str:
    """The lower and the upper mean of a measure with their standard error; a zero that never varied says so."""
    if complete and row["lower"] == row["upper"] == row["lower_se"] == row["upper_se"] == 0:
        return "0 to 0 (0 in every draw)"
    error = max(float(row["lower_se"]), float(row["upper_se"]))
    return f"{number(row['lower'])} to {number(row['upper'])} (standard error {error:.2g})"


def claim(claims: pd.DataFrame, names: Names) -> list[str]:
    """How far each claim follows from the assumptions; of a contested one both sides."""
    return [_claim(row, names) for _, row in claims.iterrows()]


def _answer(base: pd.DataFrame, outcomes: pd.DataFrame | None, order: str, names: Names) -> str:
    """The sentence of one order of play."""
    start = sentence_case(condition(order, names))
    own = base[(base["order"] == order) & (base["concept"] == "nash")]
    verdict = _verdicts(base)[order, "nash"]
    profiles = list(dict.fromkeys(own["profile"]))
    if not profiles:
        return f"{start}, then the model gives no answer at the central values (verdict {verdict})."
    rows = [_row_of(outcomes, order, text) for text in profiles]
    open_end = "; others are not ruled out" if verdict.startswith("partial") else ""
    usual = "" if outcomes is None else _usual(outcomes, order, profiles, names) + _unsolved(outcomes, order)
    if len(profiles) == 1:
        alone = "an equilibrium" if open_end else "the only solution"
        subject = "a solution with the same actions in use" if "+" in support(profiles[0]) else "it"
        reach = "" if outcomes is None else f"; over the admissible parameters {_reach(rows[0], f'{subject} is ')}"
        return (
            f"{start}, then {played(profiles[0], names, order)}, {alone} at the central values{open_end}{reach}.{usual}"
        )
    told = [
        played(text, names, order) + ("" if outcomes is None else f" ({_shares(row)})")
        for text, row in zip(profiles[:MANY], rows, strict=False)
    ]
    more = f"; and {len(profiles) - MANY} more" if len(profiles) > MANY else ""
    shares = (
        ""
        if outcomes is None
        else (
            " In brackets: the share of the admissible parameters in which it is the only solution, "
            "and in which it is one of them."
        )
    )
    tie = _tie(own, order, names)
    return (
        f"{start}, then there are {len(profiles)} solutions at the central values, between which the model does not "
        f"choose: {'; or '.join(told)}{more}{open_end}.{tie}{shares}{usual}"
    )


def _usual(outcomes: pd.DataFrame, order: str, profiles: list[str], names: Names) -> str:
    """A sentence on the most frequent outcome where it is none of the central values' own."""
    own = outcomes[outcomes["order"] == order].sort_values(["upper", "lower"], ascending=False, kind="stable")
    if own.empty or own["profile"].iloc[0] in {support(text) for text in profiles}:
        return ""
    row = own.iloc[0]
    return f" More frequent there is {profile(row['profile'], names.labels)} ({span(row['lower'], row['upper'])})."


def _unsolved(outcomes: pd.DataFrame, order: str) -> str:
    """A sentence on the draws that count for no outcome, where there are any."""
    share = float(dict(outcomes.attrs.get("failed", {})).get(order, 0.0))
    return f" In {percent(share)} of the draws the game could not be solved." if share else ""


def _tie(own: pd.DataFrame, order: str, names: Names) -> str:
    """A sentence on the follower's tie rule where it matters."""
    tags = {tag for text in own["tags"] for tag in str(text).split(", ")}
    if not tags & {"strong", "weak"}:
        return ""
    return f" Which of them comes about turns on how the follower breaks a tie, for {names.say(order)} or against it."


def _row_of(outcomes: pd.DataFrame | None, order: str, text: str) -> Any:
    """The shares of a profile, or None where no draw gave it."""
    if outcomes is None:
        return None
    own = outcomes[(outcomes["order"] == order) & (outcomes["profile"] == support(text))]
    return None if own.empty else own.iloc[0]


def _reach(row: Any, start: str = "it is ") -> str:
    """In what share of the draws a profile is the only solution, and one of several."""
    if row is None:
        return f"{start}a solution in none of the draws"
    if row["lower"] == 1.0:
        return f"{start}the only solution in every draw"
    error = f"standard error {100 * max(row['lower_se'], row['upper_se']):.2f} points"
    low, high = percent(row["lower"]), percent(row["upper"])
    if low == high:
        return f"{start}the only solution in {low} of the draws ({error})"
    return f"{start}the only solution in {low} of the draws and one of the solutions in {high} ({error})"


def _shares(row: Any) -> str:
    """Lower and upper share in short."""
    return "in none of the draws" if row is None else f"{percent(row['lower'])}, {percent(row['upper'])}"


def _verdicts(base: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The verdict of each order and concept, from the attributes where they are there, else from the rows."""
    given = {tuple(key.rsplit(" ", 1)): str(text) for key, text in dict(base.attrs.get("verdicts", {})).items()}
    rows = {(row["order"], row["concept"]): str(row["verdict"]) for _, row in base.iterrows()}
    return {(str(key[0]), str(key[1])): text for key, text in {**rows, **given}.items()}


def _margin(row: Any, names: Names) -> str:
    """The sentence on the nearest deviation of one order."""
    start = f"{sentence_case(order_phrase(row['order'], names.labels))}, from {profile(row['profile'], names.labels)}"
    steps = " \u2192 ".join(profile(step, names.labels) for step in str(row["deviation"]).split(" -> "))
    context = f" {names.say(row['setting'])}" if row.get("setting") else ""
    who = names.say(row["player"])
    if row["kind"] == "mixing":
        return f"{start}, the weakest support is that {who} {steps} with probability {number(row['margin'])} only."
    if row["relative"] < TIE:
        return f"{start}, {who} would lose nothing by {steps}{context}: a tie, which any change may break."
    size = f"{number(row['margin'])}, {percent(row['relative'])} of its range of payoffs"
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
        f"{_range(row[low], row[high])} {order_phrase(row['order'], names.labels)}" for _, row in solved.iterrows()
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
        f"If {who} could commit to a mixture, it could get up to {number(value)} instead of {number(best)}, by "
        f"{_said(str(row['outcome']), names)}: there the follower is indifferent, and that value is reached where it "
        f"breaks the tie for {who} (the strong rule), and otherwise at most approached."
    )


def _range(low: float, high: float) -> str:
    """A payoff, or the two ends of a range of payoffs."""
    return f"{low:.3f}" if f"{low:.3f}" == f"{high:.3f}" else f"{low:.3f} to {high:.3f}"


def _claim(row: Any, names: Names) -> str:
    """The sentence on one claim."""
    start = f"\u201c{row['text']}\u201d ({order_name(row['order'], names.labels)})"
    here = {"all": "holds", "some": "holds in some solutions only", "none": "fails", "failed": "is not decided"}
    holds = (
        f"holds in every solution in {percent(row['all'])} of the draws (standard error {100 * row['se']:.2f} points)"
    )
    mixed = f", in some but not all in {percent(row['some'])}" if row["some"] > 0 else ""
    undecided = f", and is not decided in {percent(row['failed'])}" if row["failed"] > 0 else ""
    fails = f"fails in every solution in {percent(row['none'])}"
    central = f"At the central values it {here[row['base']]}."
    if row["contested"]:
        return f"{start} is contested. For it: it {holds}{mixed}. Against it: it {fails}{undecided}. {central}"
    return f"{start} {holds}{mixed} and {fails}{undecided}. {central}"
