"""Which sections compare the actions of a player under uncertainty, and say what it is worth to know more?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gametheory import figures
from gametheory.figures.value_of_information import information_setting
from gametheory.figures.words import joined, number, order_name, order_phrase, sentence_case, span
from gametheory.report.phrases import Names
from gametheory.report.pictures import Picture, picture
from gametheory.report.section import Frames, Section, noted, only
from gametheory.report.tables import Table, table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["choices", "information"]

REGRET = ("regret_max", "regret_mean", "regret_90")
CLOSE = "within the error"  # in a verdict: the draws do not tell the gap from none
NAMED = 2  # parameters named in a sentence
NOTHING = "not told from nothing"
CRITERIA_DIFFER = (
    "Each cell names what the action gets by that criterion; criteria weigh the same draws differently, and none of "
    "them is a recommendation."
)


def choices(frames: Frames, names: Names) -> Section | None:
    """How one player's actions compare under every criterion, and what each may cost in hindsight."""
    frame, curves = only(frames, "choices"), only(frames, "choice_curves")
    if frame is None or frame.empty:
        return None
    said = [_ahead(own, names) for _, own in frame.groupby("order", sort=False)]
    blocks: list[Picture | Table] = [picture(figures.choices, frame, CRITERIA_DIFFER, labels=names.labels)]
    blocks.append(_regrets(frame, names))
    if curves is not None and len(curves):
        note = "Regret: what another action would have paid more, in the same draw; bands: over what the others may do."
        blocks.append(picture(figures.choice_curves, curves, note, labels=names.labels))
    forecast = only(frames, "forecast")
    if forecast is not None and len(forecast):
        said += _expected(forecast, names)
        blocks.append(picture(figures.forecast, forecast, "", labels=names.labels))
    title = f"How the actions of {names.say(str(frame['player'].iloc[0]))} compare"
    return Section("choices", title, said, blocks, noted(frame, forecast))


def _ahead(own: pd.DataFrame, names: Names) -> str:
    """Which actions are ahead under some criterion, whatever the others do and beyond the error of the draws."""
    start = sentence_case(order_phrase(str(own["order"].iloc[0]), names.labels))
    close = own["verdict"].astype(str).str.contains(CLOSE, regex=False)
    sure = own[(own["ahead"] == "whatever the others do") & ~close]
    if sure.empty:
        return f"{start}, no action is ahead under any criterion whatever the others do, beyond the error of the draws."
    counts = sure.groupby("action", sort=False)["criterion"].nunique().sort_values(ascending=False, kind="stable")
    total = own["criterion"].nunique()
    parts = [f"{names.say(str(action))} by {count}" for action, count in counts.items()]
    rest = total - int(counts.sum())
    others = f"; under {rest} of them it hangs on what the others do, or lies within the error" if rest else ""
    counted_of = f"the number of criteria, of {total}, under which an action is surely ahead whatever the others do"
    return f"{start}, {counted_of}: {joined(parts)}{others}."


def _regrets(frame: pd.DataFrame, names: Names) -> Table:
    """The regret of every action, by order of play."""
    own = frame[frame["criterion"].isin(REGRET)]
    rows = []
    for (order, action), part in own.groupby(["order", "action"], sort=False):
        ends = {str(row["criterion"]): (float(row["lower"]), float(row["upper"])) for _, row in part.iterrows()}
        cells = [span_of(*ends[name]) if name in ends else "\u2013" for name in REGRET]
        rows.append([sentence_case(order_name(str(order), names.labels)), names.say(str(action)), *cells])
    heads = ["Order of play", "Action", "Largest", "Mean", "90% of the draws stay below"]
    note = (
        "Regret: what the best other action would have paid more in the same draw, in units of the player's payoff; "
        "lower to upper over what the others may do. The largest grows with the number of draws."
    )
    return table("Regret of every action", heads, rows, "ttnnn", note, longest=len(rows))


def _worth(verdict: str) -> str:
    """A verdict on a value as the end of a sentence."""
    return f"is {verdict}" if verdict.startswith("worth") else verdict


def span_of(low: float, high: float) -> str:
    """Two ends of a value, the smaller first, once where they are written alike.

    >>> span_of(2.0, 1.5), span_of(1.0, 1.0)
    ('1.5 to 2', '1')
    """
    first, last = number(min(low, high)), number(max(low, high))
    return first if first == last else f"{first} to {last}"


def _expected(frame: pd.DataFrame, names: Names) -> list[str]:
    """Which answer the opponent most often finds best against each action that it sees."""
    said = []
    opponent = str(frame["opponent"].iloc[0])
    for action, own in frame.groupby("action", sort=False):
        row = own.sort_values(["lower", "upper"], ascending=False, kind="stable").iloc[0]
        seen = (
            f"{names.say(str(action))} \u2192 {names.say(str(row['reply']))}"
            if action
            else names.say(str(row["reply"]))
        )
        said.append(f"{seen} ({span(float(row['lower']), float(row['upper']))})")
    start = f"If {names.say(opponent)} sees the action and maximises its payoff as the model writes it"
    return [f"{start}, its most frequent best reply is: {'; '.join(said)}."]


def information(frames: Frames, names: Names) -> Section | None:
    """What it is worth to know a parameter before choosing, by itself or with the other side."""
    frame = only(frames, "value_of_information")
    if frame is None or frame.empty:
        return None
    said = []
    for (order, others, setting), own in frame.groupby(["order", "others", "information"], sort=False):
        told = own[(own["kind"] == "parameter") & (own["verdict"] != NOTHING)]
        player = names.say(str(own["player"].iloc[0]))
        words = information_setting(str(others), str(setting), player)
        where = f"{sentence_case(order_phrase(str(order), names.labels))}, if {words}"
        if told.empty:
            said.append(f"{where}: no single parameter is told from being worth nothing.")
            continue
        size = told[["worst", "best"]].abs().max(axis=1).sort_values(ascending=False, kind="stable")
        rows = told.loc[size.index[:NAMED]]
        parts = [f"knowing {names.say(str(row['about']))} {_worth(str(row['verdict']))}" for _, row in rows.iterrows()]
        said.append(f"{where}: {'; '.join(parts)}.")
    if frame["verdict"].astype(str).str.contains("cost", regex=False).any():  # told from nothing, not noise alone
        said.append("Public information may be worth less than nothing: the other side answers to what it learns too.")
    note = "Values are in units of the player's payoff; what lies within the noise is not told from nothing."
    blocks: list[Picture | Table] = [picture(figures.value_of_information, frame, note, labels=names.labels)]
    return Section("information", "What it is worth to know more", said, blocks, noted(frame))
