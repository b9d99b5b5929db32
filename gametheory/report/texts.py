"""What does every report say, whatever the numbers?"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.figures.words import counted, joined
from gametheory.parameters import MARKS
from gametheory.report.phrases import improbable
from gametheory.report.ranging import SURELY

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["HINT", "READING", "READING_OF_POINTS", "VERDICTS", "limits", "opened", "reading"]

VERDICTS = MappingProxyType(
    {
        "complete": "every solution of the game is listed, and that the list lacks none was proved",
        "degenerate-complete": "the game has ties; every extreme solution is listed, all others are mixtures of those",
        "partial": "each solution listed was checked, but there may be more",
        "failed": "there is no sound answer; the reason is given, and nothing is put in its place",
    }
)

READING = (
    "Shares run from the draws in which an answer is the only solution to those in which it is one of several; \u00b1 "
    "is the largest standard error. A claim is open unless it holds, or fails, in every solution in at least "
    f"{SURELY:.0%} of the draws."
)
READING_OF_POINTS = (
    "Of the parameters only intervals are known: points across them are tried, and none counts for more than another. "
    "A claim is open unless it holds, or fails, in every solution at every point tried."
)


def reading(sentences: Sequence[str], *, certain: bool) -> str:
    """How the first sentences are to be read, with the marks of sources that they name.

    >>> reading(["p (mark R) rises"], certain=False).partition("% of the draws. ")[2][:8]
    'Mark R: '
    """
    named = [mark for mark in MARKS if any(f"(mark {mark})" in text for text in sentences)]
    told = " ".join(f"Mark {mark}: {MARKS[mark]}." for mark in named)
    return f"{READING_OF_POINTS if certain else READING} {told}".rstrip()


HINT = "Slide the table sideways to see every column \u2192"

ALWAYS = (
    "Everything on this page is conditional: if the model and its assumptions hold, then this follows.",
    "Nothing on this page is a forecast, and no policy is recommended.",
    "A share of the draws says how far a conclusion follows from the assumed laws; it is not the chance of an event.",
)
OF_POINTS = (
    *ALWAYS[:2],
    (
        "Nothing has a probability here: the points tried show what can follow, not how probable it is, and between "
        "them something else may follow."
    ),
)
MINDS = "Each player is a single mind that knows the game and the others' payoffs, and goes by its expected payoff."
TREE_MINDS = (
    "Each player is a single mind that knows the tree with its chances and payoffs, sees of the moves what its "
    "information sets let it see, and goes by its expected payoff."
)
PURE_FIRST = (
    "The draws were solved for pure first moves; a leader's commitment to a mixture is shown at central values and, "
    "for the claims, among the other ways to model them."
)
OF_FORMS = MappingProxyType(
    {
        "strategic": (
            MINDS,
            "Who plays, what they can do, and the shape of the payoffs were not varied.",
            PURE_FIRST,
        ),
        "extensive": (
            TREE_MINDS,
            "Who plays, who moves when, what they can do, and the shape of the payoffs were not varied.",
        ),
        "analytic": (
            "What each side wants, knows and expects is written into the equations, which are taken as they stand.",
            "Which equations hold, and what they leave out, was not varied.",
        ),
    }
)


def opened(blocks: Sequence[object]) -> str:
    """What the reader finds behind a line that opens: figures and tables, counted.

    >>> from gametheory.report.grids import table
    >>> opened([table("Risks", ["Risk"], [])])
    'More: 1 table'
    """
    drawn = sum(hasattr(block, "source") for block in blocks)
    parts = [counted(count, noun) for count, noun in ((drawn, "figure"), (len(blocks) - drawn, "table")) if count]
    return f"More: {joined(parts)}"


def limits(model: Model, missing: Sequence[str]) -> list[str]:
    """The limits that always hold, those of this model's marks, and what was not computed."""
    assumed = sum(parameter.mark == "A" for parameter in model.parameters.values())
    share = f"{assumed} of {len(model.parameters)} parameters rest on the analyst's assumption alone (mark A)."
    gaps = [f"Not computed for this page: {joined([name.replace('_', ' ') for name in missing])}."] if missing else []
    always, own = ALWAYS, OF_FORMS[model.form]
    if improbable(model):
        always, own = OF_POINTS, tuple(text.replace("The draws were", "The points were") for text in own)
    return [*always, *own, *_drawing(model), share, *gaps]


def _drawing(model: Model) -> list[str]:
    """How the parameters hang together, in the draws and where they are moved."""
    kinds = {"rankings": model.rankings, "rank correlations": model.correlations, "constraints": model.constraints}
    present = [name for name, own in kinds.items() if own]
    found = "Tipping points and break-even values" if model.form == "strategic" else "Tipping points"
    moved = f"{found} move one parameter at a time"
    if improbable(model) and not model.constraints:
        return [f"The points tried are spread over all intervals, each parameter by itself. {moved}."]
    if not present:
        return [f"The parameters are drawn from their laws independently of each other. {moved}."]
    also = ", whether or not the constraints hold there" if model.constraints else ""
    drawn = f"The parameters are drawn with the {joined(present)} that are listed, and else independently of each other"
    return [f"{drawn}. {moved}, the others unchanged{also}."]
