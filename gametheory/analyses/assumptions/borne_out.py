"""Which of the assumptions that change a claim's answer speak for the claim instead of against it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["against", "in_favour"]


def in_favour(frame: pd.DataFrame) -> pd.Series[bool]:
    """In which rows of `alternatives` the answer changes, and the claim holds as often or more often and fails no more.

    "Holds" is in all solutions of a draw, "fails" in none of them: there the claim does not survive as it stands, and
    yet nothing overturns it.

    >>> import pandas as pd
    >>> own = {"survives": ["no", "no"], "all": [0.8, 0.2], "none": [0.2, 0.8]}
    >>> in_favour(pd.DataFrame({**own, "baseline_all": [0.3, 0.3], "baseline_none": [0.2, 0.2]})).tolist()
    [True, False]
    """
    holds, fails = frame["all"] >= frame["baseline_all"], frame["none"] <= frame["baseline_none"]
    return (frame["survives"] == "no") & holds & fails


def against(frame: pd.DataFrame) -> pd.Series[bool]:
    """In which rows of `alternatives` the claim does not survive, those in its favour left out."""
    return (frame["survives"] == "no") & ~in_favour(frame)
