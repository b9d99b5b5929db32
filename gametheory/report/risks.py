"""What do critical risks and break-even values say, in sentences and tables?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory.figures.critical_risk import STEEP
from gametheory.figures.words import counted, joined, percent, profile, sentence_case, span
from gametheory.report.amounts import amount, exact
from gametheory.report.grids import Table, table
from gametheory.report.phrases import Names
from gametheory.report.tables import SHOWN, left_out

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "break_even",
    "break_even_table",
    "critical",
    "critical_table",
    "elasticity",
    "elasticity_table",
]

HERE = 1e-9  # of the range: a break-even value this close to the present one is the present one
STEP = ["player", "action", "next_action", "against"]
DECIDED = {  # statuses of an encounter in which the opponent's firmness does not matter
    "always firm": "in {} standing firm is at least as good whatever {} does",
    "never firm": "in {} complying is at least as good whatever {} does",
    "undefined": "in {} no limit is defined",
}
EVERYWHERE = {  # statuses of a step without a break-even value
    "always pays": "in {} the step pays throughout",
    "never pays": "in {} it never pays",
    "as good everywhere": "in {} both actions pay the same throughout",
    "undefined": "in {} a payoff is not a finite number",
}
CROSSED = {  # what the step does at a value
    "pays below": "pays below {} and not above",
    "pays above": "pays above {} and not below",
    "pays on both sides": "pays on both sides of {}, where both actions pay the same",
    "pays on neither side": "pays nowhere near {}, where both actions pay the same",
}


def critical(risks: pd.DataFrame, names: Names) -> list[str]:
    """For each player in how many encounters the other side's firmness decides, and between which limits."""
    return [_player_risks(str(player), own, names) for player, own in risks.groupby("player", sort=False)]


def _player_risks(player: str, own: pd.DataFrame, names: Names) -> str:
    """The sentence on one player; on each opponent where there are several."""
    who, other = names.say(player), joined([names.say(name) for name in dict.fromkeys(own["opponent"])], "or")
    counts = own["status"].value_counts()
    hang = int(own["critical"].notna().sum())
    start = (
        f"{sentence_case(who)}: of {counted(len(own), 'encounter')} of two neighbouring actions on either side, "
        f"{hang or 'none'} {'hangs' if hang == 1 else 'hang'} on how firm {other} is"
    )
    rest = [text.format(f"{counts[status]:,}", other) for status, text in DECIDED.items() if status in counts]
    said = "; ".join([start, *rest]) + "."
    for status, text in (("pays below", "at most"), ("pays above", "at least")):
        limits = own[own["status"] == status].sort_values("critical", kind="stable")
        if len(limits):
            said += f" {_limits(limits, text, names)}"
    return said


def _limits(limits: pd.DataFrame, text: str, names: Names) -> str:
    """The lowest and the highest limit of some encounters."""
    first, last = limits.iloc[0], limits.iloc[-1]
    turned = text == "at least"
    known = f"{'Where standing firm pays only against a firm side, the limit' if turned else 'The critical risk'} is"
    ends = span(float(first["critical"]), float(last["critical"]))
    example = (
        f"{_firm(first, names)} pays if the probability that {names.say(first['opponent'])} plays "
        f"{names.say(first['opponent_firm'])} rather than {names.say(first['opponent_yields'])} is {text} "
        f"{percent(float(first['critical']))}"
    )
    return f"{known} {ends}: {example}{'' if len(limits) == 1 else ', the lowest of them'}."


def _firm(row: Any, names: Names) -> str:
    """Standing firm in one encounter."""
    return f"{names.say(row['firm'])} rather than {names.say(row['comply'])}"


def elasticity(frame: pd.DataFrame, names: Names) -> list[str]:
    """Which parameter moves a critical risk of each player most."""
    sentences = []
    for player, own in frame[frame["elasticity"].abs() > 0].groupby("player", sort=False):
        row = own.iloc[int(own["elasticity"].abs().to_numpy().argmax())]
        value = float(row["elasticity"])
        step = 1.0 if abs(value) < STEEP else 0.01
        sentences.append(
            f"Of {names.say(str(player))}'s critical risks the most sensitive is that of {_firm(row, names)}, where "
            f"{names.say(row['opponent'])} plays {names.say(row['opponent_firm'])} or "
            f"{names.say(row['opponent_yields'])}: {amount(step)}% more of {names.say(row['parameter'])} "
            f"{'raises' if value > 0 else 'lowers'} it by about {amount(abs(value) * step)}%, all else equal."
        )
    return sentences


def critical_table(risks: pd.DataFrame, names: Names) -> Table:
    """Every encounter in which the other side's firmness decides."""
    known = risks[risks["critical"].notna()]
    rows = [
        [
            sentence_case(names.say(row["player"])),
            names.say(row["firm"]),
            names.say(row["comply"]),
            f"{names.say(row['opponent_firm'])} / {names.say(row['opponent_yields'])}",
            f"{row['status']} {percent(float(row['critical']))}",
            f"{100 * row['resolve_gap']:+.1f}" if row["resolve_gap"] == row["resolve_gap"] else "\u2013",
        ]
        for _, row in known.iterrows()
    ]
    heads = ["Player", "Stands firm by", "Or complies by", "Other side firm / yielding", "Standing firm", "Resolve gap"]
    note = (
        "Resolve gap: by how many percentage points the player can bear more than the other side in the same "
        f"encounter, where both have such a limit. {_without(len(risks) - len(known), 'encounter', 'critical_risk')}"
    )
    return table("Critical risks", heads, rows, "tttttn", note.strip())


def elasticity_table(frame: pd.DataFrame, names: Names) -> Table:
    """What moves the critical risks most."""
    order = frame["elasticity"].abs().sort_values(ascending=False, kind="stable").index
    rows = [
        [
            sentence_case(names.say(row["player"])),
            f"{_firm(row, names)}, {names.say(row['opponent_firm'])} / {names.say(row['opponent_yields'])}",
            names.say(row["parameter"]),
            amount(float(row["derivative"])),
            amount(float(row["elasticity"])),
        ]
        for _, row in frame.reindex(order).head(SHOWN).iterrows()
    ]
    heads = ["Player", "Encounter", "Parameter", "Derivative", "Elasticity"]
    note = left_out(len(frame) - len(rows), "critical_risk_elasticities")
    return table("What moves the critical risks most", heads, rows, "tttnn", note)


def break_even(frame: pd.DataFrame, names: Names) -> list[str]:
    """In how many steps a parameter decides, and which break-even values lie nearest on either side."""
    name = names.say(str(frame.attrs["parameter"]))
    low, high, present = (float(frame.attrs[end]) for end in ("low", "high", "present"))
    steps = frame[STEP].drop_duplicates()
    known = frame[frame["value"].notna()]
    deciding = len(known[STEP].drop_duplicates())
    counts = frame[frame["value"].isna()]["status"].value_counts()
    rest = [text.format(f"{counts[status]:,}") for status, text in EVERYWHERE.items() if status in counts]
    start = (
        f"If {name} alone moves from {amount(low)} to {amount(high)}, {deciding or 'none'} of "
        f"{counted(len(steps), 'step')} from one action to the next, each against one choice of the others, "
        f"{'has' if 1 in (deciding, len(steps)) else 'have'} a break-even value"
    )
    sentences = ["; ".join([start, *rest]) + "."]
    here = HERE * (high - low)
    for _, row in known[known["increment"].abs() <= here].iterrows():
        sentences.append(
            f"The present value, {amount(present)}, is a break-even value: {_step(row, names)} {_crossed(row)}."
        )
    for side, own in (("above", known[known["increment"] > here]), ("below", known[known["increment"] < -here])):
        if len(own):
            row = own.iloc[int(own["increment"].abs().to_numpy().argmin())]
            size = amount(abs(float(row["increment"])))
            more = f"{size} {'more' if side == 'above' else 'less'} than the present {amount(present)}"
            sentences.append(
                f"The nearest break-even value {side} lies at {amount(float(row['value']))} ({more}): "
                f"{_step(row, names)} {_crossed(row)}."
            )
    return sentences


def _step(row: Any, names: Names) -> str:
    """One step from an action to the next."""
    steps = f"{profile(str(row['action']), names.labels)} \u2192 {profile(str(row['next_action']), names.labels)}"
    return f"{names.say(row['player'])}'s {steps}, against {profile(str(row['against']), names.labels)},"


def _crossed(row: Any) -> str:
    """What a step does at its break-even value."""
    known = CROSSED.get(str(row["status"]), "breaks even at {}")
    return known.format(amount(float(row["value"])))


def break_even_table(frame: pd.DataFrame, names: Names) -> Table:
    """The break-even values nearest to the present value."""
    known = frame[frame["value"].notna()]
    order = known["increment"].abs().sort_values(kind="stable").index
    rows = [
        [
            sentence_case(names.say(row["player"])),
            f"{names.say(row['action'])} \u2192 {names.say(row['next_action'])}",
            profile(str(row["against"]), names.labels),
            exact(float(row["value"]), 8),
            f"{'+' * (row['increment'] > 0)}{exact(float(row['increment']), 4)}",
            str(row["status"]),
        ]
        for _, row in known.reindex(order).head(SHOWN).iterrows()
    ]
    name = names.say(str(frame.attrs["parameter"]))
    heads = ["Player", "Step", "Against", sentence_case(name), "From the present", "The step"]
    more = left_out(len(known) - len(rows), "break_even") or _without(len(frame) - len(known), "step", "break_even")
    return table(f"Break-even values of {name}", heads, rows, "tttnnt", more)


def _without(count: int, noun: str, name: str) -> str:
    """How many rows of a file have no value of their own, and so no row of the table."""
    if not count:
        return ""
    have = "has no such value" if count == 1 else "have no such value"
    return f"{counted(count, f'other {noun}')} {have}: frames/{name}.csv, in the folder written with this page."
