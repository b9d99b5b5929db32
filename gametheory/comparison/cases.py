"""What comes out differently at the central values of two models, order by order?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory import study
from gametheory.analyses import base_case
from gametheory.study import ALL, NONE, SOME

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["case_rows"]

SAME = 1e-9  # numbers that differ by less, as a share of the larger, differ by rounding alone
NOTHING = 1e-14  # so do those that differ by less than this share of the largest number of their kind
FAILED, PAYOFF = "failed", "payoff"
HOLDS = MappingProxyType(
    {
        NONE: "in no equilibrium",
        SOME: "in some equilibria",
        ALL: "in every equilibrium",
        study.FAILED: "not decided",
    }
)
PROBABILITY = re.compile(r"(?<!\w)[0-9][0-9.e+-]* ")

Answer = str | float
Key = tuple[str, str, str]  # kind, name and what is compared


def case_rows(first: Model, second: Model) -> tuple[list[dict[str, Any]], int, list[str]]:
    """A row for each answer that is not the same, how many are the same, and the orders of play that failed."""
    cases = [base_case(model) for model in (first, second)]
    verdicts = [case.attrs["verdicts"] for case in cases]
    failed = [key for key in {**verdicts[0], **verdicts[1]} if any(_failed(own.get(key)) for own in verdicts)]
    rows, same = [], 0
    for key in {**verdicts[0], **verdicts[1]}:
        order, concept = key.rsplit(" ", 1)
        one, other = (dict(_answers(case, order, concept)) for case in cases)
        scales = {kind: _scale(kind, one, other) for kind, *_ in [*one, *other]}
        for own in {**one, **other}:
            if own[0] == PAYOFF and not (own in one and own in other):
                continue  # that the equilibrium is in one list alone is told by the lists
            ends = one.get(own), other.get(own)
            if _alike(*ends, scale=scales[own[0]]):
                same += 1
            else:
                rows.append({"order": order, "concept": concept, **_row(own, *ends)})
    claimed = [_claims(model) for model in (first, second)]
    for key in {**claimed[0], **claimed[1]}:
        ends = claimed[0].get(key), claimed[1].get(key)
        if ends[0] == ends[1]:
            same += 1
        else:
            order, name = key
            rows.append({"order": order, "concept": "nash", **_row(("claim", name, "holds"), *ends)})
    return rows, same, failed


def _claims(model: Model) -> dict[tuple[str, str], str]:
    """In how many equilibria each claim holds at the central values, by its order of play and name."""
    codes = study.answer_block(model, model.central(), ()).claims
    return {(claim.order, name): HOLDS[int(codes[name][0])] for name, claim in model.claims.items()}


def _failed(verdict: str | None) -> bool:
    """Whether there is no sound answer."""
    return verdict is not None and verdict.startswith(FAILED)


def _answers(case: pd.DataFrame, order: str, concept: str) -> Iterator[tuple[Key, Answer]]:
    """Everything that one order of play and concept answer: the verdict, the equilibria, payoffs and measures."""
    key = f"{order} {concept}"
    if key not in case.attrs["verdicts"]:
        return
    yield ("verdict", "", "verdict"), case.attrs["verdicts"][key].partition(":")[0]
    own = case[(case["order"] == order) & (case["concept"] == concept)]
    yield ("equilibria", "", "profiles"), " | ".join(sorted(own["profile"])) or "none"
    told = [str(name) for name in case.columns if str(name).startswith(("payoff_", "value_"))]
    single = own.assign(used=own["profile"].map(_used)).drop_duplicates("used", keep=False)
    for row in single.to_dict("records"):  # of several with the same actions nothing says which belong together
        for name in told:
            yield (PAYOFF, name.partition("_")[2], f"in {row['used']}"), float(row[name])
    for name, ends in case.attrs["measure_bounds"].get(key, {}).items():
        for what, end in zip(("lower", "upper"), ends, strict=True):
            yield ("measure", name, what), float(end)


def _used(profile: str) -> str:
    """The actions in use, without their probabilities.

    >>> _used("0.25 hold + 0.75 fold, hold")
    'hold + fold, hold'
    """
    return PROBABILITY.sub("", profile)


def _scale(kind: str, *answers: dict[Key, Answer]) -> float:
    """The largest number of a kind."""
    found = [abs(value) for own in answers for key, value in own.items() if key[0] == kind and isinstance(value, float)]
    return max((value for value in found if math.isfinite(value)), default=0.0)


def _alike(first: Answer | None, second: Answer | None, *, scale: float) -> bool:
    """Whether two answers are the same, but for rounding.

    >>> _alike(0.1 + 0.2, 0.3, scale=1.0), _alike(1e-17, 0.0, scale=1.0), _alike(1e-9, 2e-9, scale=1.0)
    (True, True, False)
    """
    if isinstance(first, float) and isinstance(second, float):
        both_missing = math.isnan(first) and math.isnan(second)
        return both_missing or math.isclose(first, second, rel_tol=SAME, abs_tol=NOTHING * scale)
    return first == second


def _row(key: Key, first: Answer | None, second: Answer | None) -> dict[str, Any]:
    """One answer that differs."""
    kind, name, what = key
    row: dict[str, Any] = {"kind": kind, "name": name, "what": what, "first": first, "second": second}
    if isinstance(first, float) and isinstance(second, float):
        row["difference"] = second - first
    return row
