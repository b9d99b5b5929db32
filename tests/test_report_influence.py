"""Does the page name as the largest drivers only those that the sample tells to be the largest?"""

from __future__ import annotations

import pandas as pd
import pytest

from gametheory.report.influence import SUFFICIENT, driven
from gametheory.report.phrases import Names


def drivers(*verdicts: str) -> pd.DataFrame:
    """A frame of drivers of the set of equilibria, of falling strength, with the verdicts on each."""
    size = [0.6 / (1 + place) for place in range(len(verdicts))]
    columns = {"order": "equilibrium", "parameter": [f"p{place}" for place in range(len(verdicts))]}
    ends = {"total": size, "total_low": size, "total_high": size}
    return pd.DataFrame({**columns, **ends, "noise_floor": 0.01, "verdict": verdicts})


@pytest.mark.parametrize(
    ("verdicts", "named"),
    [
        ((SUFFICIENT, SUFFICIENT), ["p0", "p1"]),
        ((SUFFICIENT, "more base points needed", SUFFICIENT), ["p0"]),
        (("more base points needed", SUFFICIENT), []),
    ],
)
def test_no_driver_is_named_as_the_largest_above_one_that_is_not_known_well(
    verdicts: tuple[str, ...], named: list[str]
) -> None:
    (said,) = driven(drivers(*verdicts), Names(()))

    assert [own for own in ("p0", "p1", "p2") if own in said] == named
    assert ("does not tell" in said) == (not named)
