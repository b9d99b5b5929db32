"""Which sections tell how the claims of the argument stand, and whether they survive other ways to model it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory import figures
from gametheory.analyses.assumptions.borne_out import against, in_favour
from gametheory.figures.words import joined, number, sentence_case
from gametheory.report import sentences, tables
from gametheory.report.phrases import Names
from gametheory.report.pictures import Picture, picture
from gametheory.report.section import Frames, Section, noted, only
from gametheory.report.tables import Table, table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["alternatives", "claims"]

WIDER = "The wider the plain bar, the more of the admissible parameters bear the claim out."


def claims(frames: Frames, names: Names) -> Section | None:
    """How far the claims of the argument follow, what decides them, and what would overturn them."""
    audited = only(frames, "audit")
    frame = only(frames, "claims") if audited is None else audited
    if frame is None or frame.empty:
        return None
    blocks: list[Picture | Table] = [
        picture(figures.claims, frame, WIDER, labels=names.labels),
        tables.claims(frame, names),
    ]
    if audited is not None:
        blocks.append(_deciding(audited, names))
    return Section("claims", "Claims", sentences.claim(frame, names), blocks, noted(frame))


def _deciding(frame: pd.DataFrame, names: Names) -> Table:
    """What decides each claim, and the nearest change of one assumption that overturns it."""
    known = {str(row["nearest"]).partition(" ")[0] for _, row in frame.iterrows() if row["nearest"]}
    rows = [
        [
            str(row["text"]),
            joined([names.say(name) for name in row["decided_by"]]) or "the sample does not tell",
            sentence_case(names.words(_nearest(row), known)),
            number(float(row["distance"])) if row["nearest"] else "\u2013",
        ]
        for _, row in frame.iterrows()
    ]
    heads = ["Claim", "Decided most by", "Nearest single change that overturns it at the central values", "Spreads"]
    return table("What decides each claim, and what would overturn it", heads, rows, "tttn", longest=len(rows))


def _nearest(row: Any) -> str:
    """The nearest change in words."""
    return str(row["nearest"]).partition(" (")[0] if row["nearest"] else "none found within the laws"


def alternatives(frames: Frames, names: Names) -> Section | None:
    """Which claims survive other orders, concepts, attitudes to risk and beliefs, and how often play surprises."""
    frame, surprises = only(frames, "alternatives"), only(frames, "misperception")
    said: list[str] = []
    blocks: list[Picture | Table] = []
    if frame is not None and len(frame):
        said += [_survival(str(claim), own, names) for claim, own in frame.groupby("claim", sort=False)]
        blocks += [picture(figures.alternatives, frame, AGREE, labels=names.labels), _assumed(frame)]
    if surprises is not None and len(surprises):
        blocks.append(picture(figures.misperception, surprises, SURPRISED, labels=names.labels))
    if not blocks:
        return None
    title = "What survives other ways to model it"
    return Section("alternatives", title, said, blocks, noted(frame, surprises))


AGREE = "Below each mark: the share of the draws that give the same answer as under the claim's own assumptions."
SURPRISED = "Each player acts on the game as it sees it; the outcome is that of the real one."


def _survival(claim: str, own: pd.DataFrame, names: Names) -> str:
    """Under how many alternatives one claim survives, and which overturn it."""
    counts = own["survives"].value_counts()
    kept = int(counts.get("yes", 0))
    partly, unknown = int(counts.get("partly", 0)), int(counts.get("not decided", 0))
    parts = [f"{sentence_case(names.say(claim))}: the answer stays under {kept or 'none'} of {len(own)} alternatives"]
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
        kept = int((own["survives"] == "yes").sum())
        rows.append([str(name), str(family), f"{kept} of {len(own)}", sentence_case(str(own["assumption"].iloc[0]))])
    heads = ["Alternative", "Kind", "Claims that survive", "What it assumes (of the first claim)"]
    return table("What the alternatives assume", heads, rows, "ttnt")
