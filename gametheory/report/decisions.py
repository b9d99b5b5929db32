"""Which sections compare the actions of a player under uncertainty, and say what it is worth to know more?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gametheory import figures
from gametheory.figures.value_of_information import information_setting
from gametheory.figures.words import joined, order_name, order_phrase, sentence_case, span
from gametheory.report.amounts import amount, between, readable
from gametheory.report.grids import Table, table
from gametheory.report.phrases import Names
from gametheory.report.pictures import Picture, picture
from gametheory.report.section import Frames, Section, fewer, noted, noted_apart, only

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["choices", "information"]

REGRET = ("regret_max", "regret_mean", "regret_90")
CLOSE = "within the error"  # in a verdict: the draws do not tell the gap from none
SHARES = ("satisficing", "domain")  # criteria that count draws, and no payoffs
ROUNDING = 1e-12  # of the largest value in units of the payoff: actions this close are level
NAMED = 2  # parameters named in a sentence
NOTHING = "not told from nothing"
CRITERIA_DIFFER = (
    "An action counts here as ahead where no other is surely ahead of it at one end of what the others may do. "
    "Each cell names the action ahead by that criterion and its lead; criteria weigh the same draws differently, and "
    "none of them is a recommendation."
)


def choices(frames: Frames, names: Names) -> list[Section]:
    """How each player's actions compare under every criterion, and what each may cost in hindsight; a section a player.

    Players whose actions were not compared are named in the notes.
    """
    frame = only(frames, "choices")
    if frame is None or frame.empty:
        return []
    shown = list(dict.fromkeys(frame["player"].astype(str)))
    left = [names.say(player) for player in names.players if player not in shown]
    missing = [f"The actions of {joined(left)} were not compared."] * bool(left)
    sections: list[Section] = []
    for place, player in enumerate(shown):
        told = {note for section in sections for note in section.notes}
        own = _compared(player, place, frames, names)
        sections.append(replace(own, notes=[*([] if place else missing), *(n for n in own.notes if n not in told)]))
    return sections


def _compared(player: str, place: int, frames: Frames, names: Names) -> Section:
    """The section on the actions of one player, with all of its notes."""
    frame, curves, forecast = (_own(frames, name, player) for name in ("choices", "choice_curves", "forecast"))
    said, blocks, rest = [], list[Picture | Table](), list[Picture | Table]()
    if frame is not None:
        said = [_ahead(own, names) for _, own in frame.groupby("order", sort=False)]
        note = f"{CRITERIA_DIFFER}{_thresholds(frame, names)}"
        blocks = [picture(figures.choices, frame, note, labels=names.labels), _regrets(frame, names)]
    if curves is not None:
        note = "Regret: what another action would have paid more, in the same draw; bands: over what the others may do."
        rest.append(picture(figures.choice_curves, curves, note, labels=names.labels))
    if forecast is not None:
        said += _expected(forecast, names)
        rest.append(picture(figures.forecast, forecast, "", labels=names.labels))
    title = f"How the actions of {names.say(player)} compare"
    anchor = f"choices-{place + 1}" if place else "choices"
    return Section(anchor, title, said, blocks, noted(frame, forecast), rest=rest, basis=fewer(frame))


def _thresholds(frame: pd.DataFrame, names: Names) -> str:
    """The payoffs that count as enough under the criterion that counts draws."""
    known = {str(order): amount(float(own)) for order, own in dict(frame.attrs.get("thresholds", {})).items()}
    parts = [f"{value} {order_phrase(order, names.labels)}" for order, value in known.items()]
    if len(set(known.values())) == 1:
        parts = [next(iter(known.values()))]
    return f" The threshold that a payoff is to reach is {joined(parts)}." if parts else ""


def _own(frames: Frames, name: str, player: str) -> pd.DataFrame | None:
    """The frame of one player, with the attributes that are its own, such as its thresholds."""
    parts = (_of(frame, player) for frame in frames.get(name, ()))
    return next((part for part in parts if part is not None), None)


def _of(frame: pd.DataFrame | None, player: str) -> pd.DataFrame | None:
    """The rows of one player; None where there are none."""
    if frame is None or frame.empty:
        return None
    own = frame[frame["player"].astype(str) == player]
    own.attrs = dict(frame.attrs)
    return own if len(own) else None


def _ahead(own: pd.DataFrame, names: Names) -> str:
    """Which actions are ahead under some criterion, whatever the others do and beyond the error of the draws."""
    start = sentence_case(order_phrase(str(own["order"].iloc[0]), names.labels))
    close = own["verdict"].astype(str).str.contains(CLOSE, regex=False)
    size = own.loc[~own["criterion"].isin(SHARES), ["lower", "upper"]].abs().to_numpy().max(initial=0.0)
    level = own[["gap_lower", "gap_upper"]].min(axis=1) <= ROUNDING * size
    sure = own[(own["ahead"] == "whatever the others do") & ~close & ~level]
    total = own["criterion"].nunique()
    if sure.empty:
        return f"{start}, no action is ahead under any of {total} criteria {NONE_SURE}{_at_one_end(own, names)}."
    counts = sure.groupby("action", sort=False)["criterion"].nunique().sort_values(ascending=False, kind="stable")
    rest = total - int(counts.sum())
    if not rest and len(counts) == 1:
        return f"{start}, all {total} criteria put {names.say(str(counts.index[0]))} surely ahead, {WHATEVER}."
    parts = [f"{count} put{'s' * (count == 1)} {names.say(str(action))}" for action, count in counts.items()]
    left = "the other" if rest == 1 else f"the other {rest}"
    others = f"; under {left} it hangs on what the others do, or lies within the error" if rest else ""
    return f"{start}, of {total} criteria, {joined(parts)} surely ahead, {WHATEVER}{others}."


WHATEVER = "whatever the others do"


NONE_SURE = "whatever the others do and beyond the error of the draws"


def _at_one_end(own: pd.DataFrame, names: Names) -> str:
    """Which actions are ahead at one end of what the others may do, which is no lead whatever they do."""
    told = []
    for end in ("lower", "upper"):
        ahead = own[own["ahead"].isin([f"at the {end} values", "at both ends"])]
        counts = ahead.groupby("action", sort=False)["criterion"].nunique().sort_values(ascending=False, kind="stable")
        listed = joined([f"{names.say(str(action))} by {count}" for action, count in counts.items()])
        told += [f"at the {end} end of what they may do, {listed}"] * bool(listed)
    return f"; {'; '.join(told)}" if told else ""


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
    player = names.say(str(frame["player"].iloc[0]))
    return table(f"Regret of every action of {player}", heads, rows, "ttnnn", note, longest=len(rows))


def _worth(verdict: str, player: str) -> str:
    """A verdict on what knowing is worth to a player, as the end of a sentence.

    >>> _worth("worth 0.03 to the player", "NATO"), _worth("costs the player 0.00002", "NATO")
    ('is worth 0.03 to NATO', 'costs NATO 20 millionths')
    """
    said = readable(verdict.replace("the player", player))
    return f"is {said}" if said.startswith("worth") else said


def span_of(low: float, high: float) -> str:
    """Two ends of a value, the smaller first, once where they are written alike.

    >>> span_of(2.0, 1.5), span_of(1.0, 1.0)
    ('1.5 to 2', '1')
    """
    return between(min(low, high), max(low, high))


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
    said, untold = [], 0
    settings = ["player", "order", "others", "information"]
    for (who, order, others, setting), own in frame.groupby(settings, sort=False):
        told = own[(own["kind"] == "parameter") & (own["verdict"] != NOTHING)]
        player = names.say(str(who))
        words = information_setting(str(others), str(setting), player)
        words = words.replace(f", {player} learns", f" and {player} learns one of them")
        where = f"{sentence_case(order_phrase(str(order), names.labels))}, if {words}"
        if told.empty:
            untold += 1
            continue
        size = told[["worst", "best"]].abs().max(axis=1).sort_values(ascending=False, kind="stable")
        rows = told.loc[size.index[:NAMED]]
        parts = [
            f"knowing {names.say(str(row['about']))} {_worth(str(row['verdict']), player)}"
            for _, row in rows.iterrows()
        ]
        said.append(f"{where}, {joined(parts)}.")
    if untold:
        count = frame.groupby(settings).ngroups
        which = "none" if untold == count else f"only {count - untold}"
        verb = "do the draws tell the worth of a single parameter from nothing"
        said.append(f"In {which} of the {count} settings of who moves first and who knows {verb}.")
    if frame["verdict"].astype(str).str.contains("cost", regex=False).any():  # told from nothing, not noise alone
        said.append("Public information may be worth less than nothing: the other side answers to what it learns too.")
    note = "Values are in units of the player's payoff; what lies within the noise is not told from nothing."
    players = list(dict.fromkeys(frame["player"].astype(str)))
    each = [_own(frames, "value_of_information", player) for player in players]
    blocks: list[Picture | Table] = [
        picture(figures.value_of_information, own, note, labels=names.labels) for own in each if own is not None
    ]
    title = "What it is worth to know more"
    notes = noted_apart([(names.say(who), own) for who, own in zip(players, each, strict=True) if own is not None])
    return Section("information", title, said, blocks[:1], notes, rest=blocks[1:])
