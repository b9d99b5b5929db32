"""What do the solutions at the central values say, in sentences: what happens, how far it reaches, what was proved?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gametheory.figures.words import counted, joined, percent, span
from gametheory.report import points
from gametheory.report.amounts import nearly_zero
from gametheory.report.phrases import Names, condition, during, outcome_said, played, support, together

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PROVED", "answer", "certificate", "reach", "verdicts"]

PROVED = {"complete", "degenerate-complete"}  # verdicts under which a list of solutions lacks none
MANY = 4  # solutions that one sentence lists


def answer(base: pd.DataFrame, outcomes: pd.DataFrame | None, orders: Iterable[str], names: Names) -> list[str]:
    """A sentence for each order of play, or for those that agree: what happens at the central values, and how far that
    reaches.

    ``base`` is the frame of `base_case`, ``outcomes`` that of the analysis of the same name, or None. Orders that were
    not solved are named at the end.
    """
    known = verdicts(base)
    solved = [order for order in orders if (order, "nash") in known]
    left = [condition(order, names).removeprefix("if ") for order in orders if order not in solved]
    said = together([(condition(order, names), _answer(base, outcomes, order, names)) for order in solved])
    return [*said, f"Not solved: what follows if {joined(left, 'or')}."] if left else said


def certificate(base: pd.DataFrame, names: Names) -> list[str]:
    """What was proved about the list of solutions, order by order; orders of which the same is known together."""
    told = []
    for (order, concept), verdict in verdicts(base).items():
        own = base[(base["order"] == order) & (base["concept"] == concept)]
        word, _, reason = verdict.partition(": ")
        found = counted(len(own), "solution")
        regret = f", largest regret {nearly_zero(float(own['regret'].max()))}" if len(own) else ""
        because = f" ({reason})" if reason else ""
        told.append((during(order, names, concept), f"verdict {word}, {found}{regret}{because}."))
    return together(told, ": ")


def _answer(base: pd.DataFrame, outcomes: pd.DataFrame | None, order: str, names: Names) -> str:
    """What follows under one order of play: the sentence after its condition."""
    own = base[(base["order"] == order) & (base["concept"] == "nash")]
    verdict = verdicts(base)[order, "nash"]
    profiles = list(dict.fromkeys(own["profile"]))
    if not profiles:
        return f"then the model gives no answer at the central values (verdict {verdict})."
    rows = [_row_of(outcomes, order, text) for text in profiles]
    open_end = "; others are not ruled out" if verdict.startswith("partial") else ""
    usual = "" if outcomes is None else _usual(outcomes, order, profiles, names) + _unsolved(outcomes, order, names)
    if len(profiles) == 1:
        alone = "an equilibrium" if open_end else "the only solution"
        subject = "a solution with the same actions in use" if "+" in support(profiles[0]) else "it"
        known = reach(rows[0], f"{subject} is ", certain=names.certain)
        far = "" if outcomes is None else f"; over the admissible parameters {known}"
        return f"then {played(profiles[0], names, order)}, {alone} at the central values{open_end}{far}.{usual}"
    each = outcome_said if names.form == "analytic" else played
    told = [
        each(text, names) + ("" if outcomes is None else f" ({_shares(row, certain=names.certain)})")
        for text, row in zip(profiles[:MANY], rows, strict=False)
    ]
    more = f"; and {len(profiles) - MANY} more" if len(profiles) > MANY else ""
    shares = (
        ""
        if outcomes is None or names.certain
        else (
            " In brackets: the share of the admissible parameters in which it is the only solution, "
            "and in which it is one of them."
        )
    )
    tie = _tie(own, order, names)
    return (
        f"then there are {len(profiles)} solutions at the central values, between which the model does not "
        f"choose: {'; or '.join(told)}{more}{open_end}.{tie}{shares}{usual}"
    )


def _usual(outcomes: pd.DataFrame, order: str, profiles: list[str], names: Names) -> str:
    """A sentence on the most frequent outcome where it is none of the central values' own, and some are frequent."""
    if names.certain:
        return ""
    own = outcomes[outcomes["order"] == order].sort_values(["upper", "lower"], ascending=False, kind="stable")
    if own.empty or own["profile"].iloc[0] in {support(text) for text in profiles}:
        return ""
    row = own.iloc[0]
    return f" More frequent there is {outcome_said(row['profile'], names)} ({span(row['lower'], row['upper'])})."


def _unsolved(outcomes: pd.DataFrame, order: str, names: Names) -> str:
    """A sentence on the draws that count for no outcome, where there are any."""
    share = float(dict(outcomes.attrs.get("failed", {})).get(order, 0.0))
    where = "At some of the points tried" if names.certain else f"In {percent(share)} of the draws"
    return f" {where} the game could not be solved." if share else ""


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


def reach(row: Any, start: str = "it is ", *, certain: bool = False) -> str:
    """In what share of the draws a profile is the only solution, and one of several; ``certain``: at which points."""
    if certain:
        return f"{start}{points.reached(row)}"
    if row is None:
        return f"{start}a solution in none of the draws"
    if row["lower"] == 1.0:
        return f"{start}the only solution in every draw"
    size = 100 * max(row["lower_se"], row["upper_se"])
    error = f" (standard error {size:.2f} points)" if size > 0 else ""
    low, high = percent(row["lower"]), percent(row["upper"])
    if low == high:
        return f"{start}the only solution in {low} of the draws{error}"
    if row["lower"] == 0.0:
        some = "every draw" if row["upper"] == 1.0 else f"{high} of the draws"
        return f"{start}the only solution in none of the draws and one of several in {some}{error}"
    return f"{start}the only solution in {low} of the draws and one of the solutions in {high}{error}"


def _shares(row: Any, *, certain: bool) -> str:
    """Lower and upper share in short."""
    if certain:
        return points.reached(row)
    return "in none of the draws" if row is None else f"{percent(row['lower'])}, {percent(row['upper'])}"


def verdicts(base: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The verdict of each order and concept, from the attributes where they are there, else from the rows."""
    given = {tuple(key.rsplit(" ", 1)): str(text) for key, text in dict(base.attrs.get("verdicts", {})).items()}
    rows = {(row["order"], row["concept"]): str(row["verdict"]) for _, row in base.iterrows()}
    return {(str(key[0]), str(key[1])): text for key, text in {**rows, **given}.items()}
