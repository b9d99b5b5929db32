"""Which sections tell how the claims of the argument stand, and whether they survive other ways to model it?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gametheory import figures
from gametheory.analyses.assumptions.borne_out import against, in_favour
from gametheory.figures.words import counted, joined, percent, sentence_case
from gametheory.report import sentences, tables
from gametheory.report.amounts import amount, readable
from gametheory.report.grids import Table, table
from gametheory.report.phrases import Names
from gametheory.report.pictures import Picture, picture
from gametheory.report.section import Frames, Section, fewer, noted, only

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["alternatives", "claims"]

NEAR = 1e-5  # of where a move starts: an end so near to zero is zero
CONTESTED = 3  # claims that are told in sentences as well as in the table that stands open
WIDER = "The wider the plain bar, the more of the admissible parameters bear the claim out."


def claims(frames: Frames, names: Names) -> Section | None:
    """How far the claims of the argument follow, what decides them, and what would overturn them."""
    audited = only(frames, "audit")
    frame = only(frames, "claims") if audited is None else audited
    if frame is None or frame.empty:
        return None
    blocks: list[Picture | Table] = [tables.claims(frame, names)]
    if not names.certain:  # the bars are shares of draws
        blocks.insert(0, picture(figures.claims, frame, WIDER, labels=names.labels))
    if audited is not None:
        blocks.append(_deciding(audited, names))
    return Section("claims", "Claims", sentences.claim(frame, names), blocks, noted(frame), shown=CONTESTED)


def _deciding(frame: pd.DataFrame, names: Names) -> Table:
    """What decides each claim, and the nearest change of one assumption that overturns it."""
    known = {str(row["nearest"]).partition(" ")[0] for _, row in frame.iterrows() if row["nearest"]}
    rows = [
        [
            str(row["text"]),
            joined([names.say(name) for name in row["decided_by"]]) or "the sample does not tell",
            str(row["base"]).replace("failed", "not decided"),
            sentence_case(readable(names.words(moved, known))),
            then,
            amount(float(row["distance"])) if row["nearest"] else "\u2013",
        ]
        for _, row in frame.iterrows()
        for moved, then in (_nearest(row),)
    ]
    heads = [
        "Claim",
        "Decided most by",
        "Central values",
        "Nearest single change that alters this",
        "Beyond it",
        "Spreads",
    ]
    note = "Central values, beyond it: in which of the solutions the claim holds."
    return table("What decides each claim, and what would alter it", heads, rows, "tttttn", note)


def _nearest(row: Any) -> tuple[str, str]:
    """The nearest change in words, and in which solutions the claim holds beyond it."""
    if not row["nearest"]:
        return "none found within the laws", "\u2013"
    moved, _, then = str(row["nearest"]).partition(", beyond which it ")
    return _near_zero(moved.partition(" (")[0]), then.removeprefix("holds in ").removesuffix(
        " of the equilibria"
    ) or "another answer"


def _near_zero(moved: str) -> str:
    """A move whose end a search left beside zero, as one that ends there.

    >>> _near_zero("resolve from 0.5 to -1.221e-06"), _near_zero("resolve from 0.2 to 0.19998")
    ('resolve from 0.5 to 0', 'resolve from 0.2 to 0.19998')
    """
    start, _, end = moved.rpartition(" to ")
    try:
        first, last = float(start.rpartition(" ")[2].replace(",", "")), float(end.replace(",", ""))
    except ValueError:
        return moved
    return f"{start} to 0" if abs(last) < NEAR * abs(first) else moved


def alternatives(frames: Frames, names: Names) -> Section | None:
    """Which claims survive other orders, concepts, attitudes to risk and beliefs, and how often play surprises."""
    frame, surprises = only(frames, "alternatives"), only(frames, "misperception")
    said: list[str] = []
    blocks: list[Picture | Table] = []
    rest: list[Picture | Table] = []
    if frame is not None and len(frame):
        told, samples = dict(frame.attrs.get("claims", {})), frame.attrs.get("samples")
        said.append(RULE if samples != 1 else RULE_OF_ONE)
        for claim, own in frame.groupby("claim", sort=False):
            said.append(_survival(str(dict(told.get(claim, {})).get("text", "")), own, names, samples))
        note = AGREE if samples != 1 else AGREE_OF_ONE
        blocks += [picture(figures.alternatives, frame, note, labels=names.labels), _assumed(frame)]
    if surprises is not None and len(surprises):
        place = rest if blocks else blocks
        place.append(picture(figures.misperception, surprises, SURPRISED, labels=names.labels))
    if not blocks:
        return None
    title = "What survives other ways to model it"
    return Section(
        "alternatives",
        title,
        said,
        blocks,
        noted(frame, surprises),
        rest=rest,
        basis="" if names.certain else fewer(frame, surprises),
    )


RULE = (
    "A claim's answer stays under an alternative where at least 90% of the draws give the same answer as before; it "
    "does not where half or more of the draws change, or half or more of those in which it held; else it stays in part."
)
RULE_OF_ONE = (
    "A claim's answer is whether it holds in all solutions at every point tried, in none at any, or neither. It stays "
    "under an alternative that gives the same answer."
)
AGREE_OF_ONE = "Beside each mark: 100% where the answer is the same as under the claim's own assumptions, else 0%."
AGREE = (
    "Beside each mark, where there is room: the share of the draws that give the same answer as under the claim's own "
    "assumptions."
)
SURPRISED = "Each player acts on the game as it sees it; the outcome is that of the real one."


def _survival(text: str, own: pd.DataFrame, names: Names, samples: object) -> str:
    """Under how many alternatives one claim survives, which overturn it, and how often it holds in these draws."""
    first = own.iloc[0]
    share = float(first["baseline_all"])
    size = f" \u00b1 {100 * math.sqrt(share * (1 - share) / samples):.1f} points" if isinstance(samples, int) else ""
    size *= 0 < share < 1  # no error is seen where all draws agree
    of = counted(samples, "draw") if isinstance(samples, int) else "the draws"
    name = f"\u201c{text}\u201d" if text else sentence_case(names.say(str(first["claim"])))
    here = f" (by itself it holds in every solution in {percent(share)} of {of}{size})"
    if samples == 1:
        here = f" (by itself it {'holds' if share == 1 else 'does not hold'} in every solution at every point tried)"
    counts = own["survives"].value_counts()
    kept = int(counts.get("yes", 0))
    partly, unknown = int(counts.get("partly", 0)), int(counts.get("not decided", 0))
    parts = [f"{name}{here}: the answer stays under {kept or 'none'} of {counted(len(own), 'alternative')}"]
    if partly:
        parts.append(f"{partly} in part")
    if unknown:
        parts.append(f"{unknown} not decided")
    for words, mark in (("not under", against(own)), ("it holds more often under", in_favour(own))):
        listed = [
            f"\u201c{names.words(str(row['alternative']), names.players)}\u201d" for _, row in own[mark].iterrows()
        ]
        parts += [f"{words} {joined(listed)}"] * bool(listed)
    return f"{'; '.join(parts)}."


def _assumed(frame: pd.DataFrame) -> Table:
    """What each alternative assumes, and under how many of its claims the answer stays."""
    rows = []
    for (family, name), own in frame.groupby(["family", "alternative"], sort=False):
        counts = own["survives"].value_counts()
        kept = [f"{counts[key]} {words}" for key, words in STAYS.items() if key in counts]
        rows.append([str(name), str(family), ", ".join(kept), sentence_case(str(own["assumption"].iloc[0]))])
    heads = ["Alternative", "Kind", "Answers of claims", "What it assumes (of the first claim)"]
    return table("What the alternatives assume", heads, rows, "tttt", longest=0)


STAYS = {"yes": "stay", "partly": "in part", "no": "not", "not decided": "not decided"}
"""What becomes of a claim's answer under an alternative -> how a count of such claims is said."""
