"""Which claims survive which other assumptions about how the game is played, as one table?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.analyses.assumptions.borne_out import against, in_favour
from gametheory.figures.rows import LINE
from gametheory.figures.style import INK, TINTS, axes, room, say, style, text_width, title_height, wrap
from gametheory.figures.words import Labels, counted, joined, labelled, order_name, percent, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["alternatives", "alternatives_message"]

CELL = 0.26  # inches of a cell's height
NARROW = 0.28  # inches of a column below which the numbers of neighbours stand on two levels
NUMBERED = 0.56  # inches of a column below which a cell has its mark alone
ROUNDING = 1e-12  # shares closer than this are the same
MOST = 16  # claims that a table has room for
FOR = "more often"
REASONS = 3  # reasons why a cell is not decided that are written out
MARKS = MappingProxyType(
    {
        "yes": ("\u2713", TINTS[2], "the answer stays: at least 90% of the draws give the same one"),
        "partly": ("~", TINTS[4], "it stays in part: neither of the other marks is earned"),
        "no": (
            "\u2717",
            TINTS[6],
            "it does not stay: half or more of the draws change, or half or more of those in which the claim held",
        ),
        FOR: ("\u2191", TINTS[0], "the answer changes in favour of the claim, which holds more often"),
        "not decided": ("?", "#FFFFFF", "not decided: too many draws without an answer"),
    }
)
"""Verdict -> its mark, its colour and what it says."""
FAMILIES = MappingProxyType(
    {
        "order of play": "another order of play",
        "observation": "noisy observation",
        "concept": "another concept of solution",
        "risk attitude": "another risk attitude",
        "perception": "misperception",
    }
)
"""Family -> how a sentence names it, in the order of the table."""


@dataclass(frozen=True)
class Plan:
    """Where things stand: inches of the whole width, of the names on the left and of a column."""

    width: float
    names: float
    column: float

    @property
    def second(self) -> float:
        """Inches from the first to the second level of the numbers of the columns."""
        return 0.8 * LINE if self.column < NARROW else 0.0


def alternatives(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw claims against alternative assumptions: a mark for whether the claim survives, and the share that agrees.

    ``frame`` is that of the analysis `alternatives`. The number in a cell is the share in per cent of the draws decided
    under both assumptions that give the same answer. Columns are claims, by the numbers of the list below the table;
    where there are more than sixteen the first ones are drawn, and where columns are narrow the marks alone. Returns
    the axes.
    """
    message = alternatives_message(frame)
    frame = frame.assign(survives=frame["survives"].mask(in_favour(frame), FOR)) if len(frame) else frame
    claims = list(dict.fromkeys(frame["claim"]))[:MOST]
    known = [*FAMILIES, *frame["family"]]
    rows = list(dict.fromkeys(zip(frame["family"], frame["alternative"], strict=True)))
    rows.sort(key=lambda row: known.index(row[0]))
    families = {family for family, _ in rows}
    wide = room(ax)
    names = [labelled(name, labels) for _, name in rows]
    left = max((text_width(name) for name in names), default=0.0) + 0.3
    plan = Plan(wide, left, min((wide - left - 0.05) / max(len(claims), 1), 0.9))
    key = _key(frame, claims, labels, plan)
    tall = LINE * (2 + 1.3 * len(families) + len(key)) + CELL * len(rows) + plan.second + title_height(message) + 0.2
    with style():
        ax = axes(ax, tall)
        ax.set(xlim=(0.0, wide), xticks=[], yticks=[])
        for spine in ax.spines.values():
            spine.set_visible(False)
        y = _paint_table(ax, frame, plan, (claims, rows), labels)
        y = _paint_key(ax, key, y + 0.5 * LINE)
        ax.set_ylim(y, 0.0)
        return say(ax, message, _description(frame, claims, message, labels))


def alternatives_message(frame: pd.DataFrame) -> str:
    """Say how many claims survive everything, and what overturns most often."""
    if frame.empty:
        return "The model makes no claim that could be put to another assumption"
    kept = frame.groupby("claim", sort=False)["survives"].agg(lambda own: bool((own == "yes").all()))
    count, claims = int(kept.sum()), counted(len(kept), "claim")
    whose = f"the answer stays for {count or 'none'} of {claims}"
    if len(kept) == 1:
        whose = f"the answer of the one claim {'stays' if count else 'does not always stay'}"
    head = f"Under all other assumptions that were tried, {whose}"
    lost = against(frame).groupby(frame["family"], sort=False).agg(["sum", "count"])
    if not lost["sum"].any():
        return f"{head}; none of these assumptions overturns a claim"
    share = lost["sum"] / lost["count"]
    worst = lost[share >= share.max() - ROUNDING]
    told = [
        f"{FAMILIES.get(str(name), str(name))} ({own['sum']} of {counted(int(own['count']), 'cell')})"
        for name, own in worst.iterrows()
    ]
    return f"{head}; {joined(told)} overturn{'s' * (len(told) == 1)} claims most often"


def _paint_table(
    ax: Axes,
    frame: pd.DataFrame,
    plan: Plan,
    table: tuple[Sequence[str], Sequence[tuple[str, str]]],
    labels: Labels | None,
) -> float:
    """Draw the cells, family by family; return the inches from the top at which the table ends."""
    claims, rows = table
    found = {(row["claim"], row["family"], row["alternative"]): row for row in frame.to_dict("records")}
    y, last = LINE + plan.second, ""
    for number in range(len(claims)):
        level = 0.5 * LINE + plan.second * (number % 2)
        ax.text(plan.names + (number + 0.5) * plan.column, level, str(number + 1), ha="center", va="center")
    for family, name in rows:
        if family != last:
            ax.text(0.0, y + 0.7 * LINE, sentence_case(family), weight="bold", va="center")
            y, last = y + 1.3 * LINE, family
        ax.text(0.12, y + CELL / 2, labelled(name, labels), va="center")
        for number, claim in enumerate(claims):
            row = found.get((claim, family, name))
            place = (plan.names + number * plan.column, y, plan.column)
            if row is None:
                ax.text(place[0] + plan.column / 2, y + CELL / 2, "\u00b7", ha="center", va="center")
            else:
                _paint_cell(ax, place, str(row["survives"]), float(row["changed"]))
        y += CELL
    return y


def _paint_cell(ax: Axes, place: tuple[float, float, float], survives: str, changed: float) -> None:
    """Draw one verdict: its mark, and beside it the share of draws that agree where there is room."""
    from matplotlib.patches import Rectangle

    x, y, width = place
    mark, colour, _ = MARKS[survives]
    box = Rectangle((x, y), width, CELL, facecolor=colour, edgecolor=INK, linewidth=0.5)
    ax.add_patch(box)
    same = _agreeing(changed) if width >= NUMBERED else ""
    ax.text(x + (0.14 if same else width / 2), y + CELL / 2, mark, ha="center", va="center", weight="bold")
    if same:
        ax.text(x + width - 0.06, y + CELL / 2, same, ha="right", va="center")


def _agreeing(changed: float) -> str:
    """The share that agrees in whole per cent, 0 or 100 only where none or all of the draws do.

    >>> _agreeing(0.394), _agreeing(0.001), _agreeing(0.0), _agreeing(float("nan"))
    ('61', '99', '100', '')
    """
    if math.isnan(changed):
        return ""
    same = 100.0 * (1.0 - changed)
    return f"{min(max(same, 1.0), 99.0) if 0.0 < same < 100.0 else same:.0f}"


def _key(frame: pd.DataFrame, claims: Sequence[str], labels: Labels | None, plan: Plan) -> list[tuple[str, str]]:
    """The lines below the table: the marks with what they say, then the claims by number."""
    lines = []
    shown = [verdict for verdict in MARKS if (frame["survives"] == verdict).any()]
    entries = [(MARKS[verdict][0], MARKS[verdict][2]) for verdict in shown]
    if claims and plan.column >= NUMBERED:
        entries.append(("61", "share in per cent of the draws decided under both that give the same answer"))
    if len(frame.drop_duplicates(["family", "alternative"])) * frame["claim"].nunique() > len(frame):
        entries.append(("\u00b7", "not asked: the claim's own assumption, or one that does not apply to it"))
    entries += _reasons(frame, claims, labels)
    if claims:
        entries.append(
            ("", "Share of the draws in which each claim, as it stands, holds in all solutions and in none:")
        )
    told = frame.attrs.get("claims", {})
    for number, claim in enumerate(claims, 1):
        own = frame[frame["claim"] == claim].iloc[0]
        order = order_name(str(told.get(claim, {}).get("order", "simultaneous")), labels)
        ends = [percent(float(own[f"baseline_{end}"])) for end in ("all", "none")]
        shares = f"all {ends[0]}, none {ends[1]}"
        entries.append((str(number), f"{labelled(claim, labels)} ({order}): {shares}"))
    more = len(set(frame["claim"])) - len(claims)
    if more > 0:
        entries.append(("", f"Not drawn: {counted(more, 'other claim')}."))
    for mark, words in entries:
        broken = wrap(words, plan.width - 0.35)
        lines += [(mark if place == 0 else "", line) for place, line in enumerate(broken)]
    return lines


def _reasons(frame: pd.DataFrame, claims: Sequence[str], labels: Labels | None) -> list[tuple[str, str]]:
    """Why cells are not decided, those with the same reason together, in the draws that were answered again."""
    if "undecided" not in frame:
        return []
    found: dict[str, list[str]] = {}
    for row in frame[(frame["survives"] == "not decided") & frame["claim"].isin(claims)].to_dict("records"):
        why = "; ".join(dict.fromkeys(part.partition("): ")[2] for part in str(row["undecided"]).split(" | ")))
        place = f"{claims.index(row['claim']) + 1} under {labelled(str(row['alternative']), labels)}"
        found.setdefault(why, []).append(place)
    written = [(why, places) for why, places in found.items() if why]
    lines = [("?", f"{_some(places)}: {why}") for why, places in written[:REASONS]]
    more = len(written) - REASONS
    return [*lines, ("", f"{counted(more, 'other reason')} for cells that are not decided")] if more > 0 else lines


def _some(places: Sequence[str]) -> str:
    """The first few cells of one reason."""
    more = len(places) - REASONS
    return joined([*places[:REASONS], *([f"{more} more"] if more > 0 else [])])


def _paint_key(ax: Axes, key: Sequence[tuple[str, str]], y: float) -> float:
    """Write the key; return the inches from the top at which it ends."""
    for mark, line in key:
        ax.text(0.12, y + LINE / 2, mark, ha="center", va="center", weight="bold")
        ax.text(0.3, y + LINE / 2, line, va="center")
        y += LINE
    return y


def _description(frame: pd.DataFrame, claims: Sequence[str], message: str, labels: Labels | None) -> str:
    """Describe the figure to somebody who cannot see it."""
    parts = []
    for claim in claims:
        own = frame[frame["claim"] == claim]
        told = []
        for verdict in MARKS:
            names = [labelled(str(name), labels) for name in own["alternative"][own["survives"] == verdict]]
            told += [f"{verdict}: {', '.join(names)}"] if names else []
        parts.append(f"{labelled(claim, labels)}: {'; '.join(told)}.")
    return f"A table of claims against other assumptions. {message}. {' '.join(parts)}"
