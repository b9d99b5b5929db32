"""Which of the assumptions that change a claim's answer speak for the claim instead of against it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["against", "in_favour"]

KEPT = 0.9  # share of the draws in which the claim held in all solutions that have to keep it


def in_favour(frame: pd.DataFrame) -> pd.Series[bool]:
    """In which rows of `alternatives` the answer changes because the claim holds more often, or fails less often.

    "Holds" is in all solutions of a draw, "fails" in none of them. Neither may get worse, and where the claim held it
    still does: it does not survive as it stands, and yet nothing overturns it.

    >>> import pandas as pd
    >>> own = {"survives": ["no", "no"], "all": [0.8, 0.2], "none": [0.2, 0.8], "kept": [1.0, 0.6]}
    >>> in_favour(pd.DataFrame({**own, "baseline_all": [0.3, 0.3], "baseline_none": [0.2, 0.2]})).tolist()
    [True, False]
    """
    more, less = frame["all"] - frame["baseline_all"], frame["baseline_none"] - frame["none"]
    better = (more >= 0.0) & (less >= 0.0) & (more + less > 0.0)
    return (frame["survives"] == "no") & better & ~(frame["kept"] < KEPT)


def against(frame: pd.DataFrame) -> pd.Series[bool]:
    """In which rows of `alternatives` the claim does not survive, those in its favour left out."""
    return (frame["survives"] == "no") & ~in_favour(frame)
