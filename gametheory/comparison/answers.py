"""How do the answers of two models, or the shares of two runs, differ?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gametheory.comparison.cases import case_rows
from gametheory.comparison.contents import kind_of, model_of
from gametheory.comparison.shares import BEYOND, BOUNDS, share_rows
from gametheory.model import Model
from gametheory.sweeps import Sweep
from gametheory.version import __version__

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "answer_differences"]

ENDS = ("first", "first_se", "second", "second_se", "difference", "se")
COLUMNS = ("order", "concept", "kind", "name", "what", *ENDS, "beyond")
SOLVED = (
    "answers at the central values; only what differs is listed; payoffs are compared in equilibria with the same "
    "actions in use, where each model has one of them"
)


def answer_differences(first: Model | Sweep, second: Model | Sweep) -> pd.DataFrame:
    """How the answers differ: of two models at their central values, of two runs in their shares.

    Columns: ``order``, ``concept``, ``kind`` (verdict, equilibria, payoff, measure or claim; of runs outcome, claim or
    measure), ``name``, ``what`` is compared, the ``first`` and the ``second`` answer, missing where there is none, and
    the ``difference`` of numbers, second less first. Of models only what differs has a row. Of runs every share and
    mean has one, the largest difference first, with the standard errors ``first_se`` and ``second_se``, ``se`` of the
    difference (as if nothing had changed), and ``beyond``, whether the difference is more than 1.96 of these; runs
    that share their draws differ by less. How many answers of the models are the same stands in the attributes under
    ``same``, and the orders of play in which one of the two has no sound answer under ``failed``. Raises InputError
    for a model and a run.

    >>> from gametheory.reader import load, read
    >>> model = load("reference_involvement")
    >>> frame = answer_differences(model, model)
    >>> len(frame), frame.attrs["same"] > 0
    (0, True)
    """
    import pandas as pd

    kind_of(first, second)
    more: dict[str, Any]
    if isinstance(first, Sweep) and isinstance(second, Sweep):
        rows, failed = share_rows(first, second)
        more = {"same": None, "failed": failed, "notes": [BOUNDS, BEYOND]}
    else:
        rows, same, failed = case_rows(model_of(first), model_of(second))
        more = {"same": same, "failed": failed, "notes": [SOLVED]}
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = [name for name in ENDS if name not in ("first", "second")]
    frame = frame.astype({**dict.fromkeys(numbers, "float64"), "first": object, "second": object, "beyond": "boolean"})
    frame.attrs.update({"version": __version__, **more})
    return frame
