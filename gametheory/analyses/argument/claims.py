"""In how much of the admissible uncertainty does each claim of the argument hold?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gametheory.analyses.provenance import attributes
from gametheory.analyses.shares.outcomes import share_error, study_of
from gametheory.progress import Asked
from gametheory.study import ALL, FAILED, NONE, SOME, Study, answer_block

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["claims"]

NOTE = (
    "a share is of the draws from the parameters' laws: it says how far the claim follows from the assumptions of the "
    "model, not how probable it is in the world"
)
OUTCOMES = {"all": ALL, "some": SOME, "none": NONE, "failed": FAILED}


def claims(
    model: Model, *, samples: int = 20_000, seed: int = 0, run: Study | None = None, progress: Asked = None
) -> pd.DataFrame:
    """For every claim the share of draws in which it holds in all, some or none of the equilibria, or is not decided.

    Columns: ``claim``, ``text``, ``essay``, ``contested``, ``order``, ``base`` (all, some, none or failed at the
    central values), ``all``, ``some``, ``none``, ``failed`` (they add up to 1), ``se`` (standard error of ``all``) and
    ``verdict``, a conditional sentence. Solutions in which the follower breaks ties for and against the leader both
    count. Where the list of equilibria may be incomplete, a claim that holds in none of those found is not decided
    and counts as failed. ``run`` reuses a finished study; else ``progress`` is called with the draws answered and
    their number.
    """
    import pandas as pd

    study = study_of(model, run, samples, seed, progress, "claims")
    base = answer_block(model, model.central(), ()).claims if model.claims else {}
    rows = []
    for name, claim in model.claims.items():
        shares = _shares(study.totals.claims[name])
        words = {code: word for word, code in OUTCOMES.items()}
        row: dict[str, Any] = {"claim": name, "text": claim.text, "essay": ", ".join(claim.essay)}
        row |= {"contested": claim.contested, "order": claim.order, "base": words[int(base[name][0])], **shares}
        rows.append({**row, "se": share_error(shares["all"], study.totals.draws), "verdict": _verdict(shares)})
    columns = ["claim", "text", "essay", "contested", "order", "base", *OUTCOMES, "se", "verdict"]
    frame = pd.DataFrame(rows, columns=columns)
    notes = [NOTE]
    if len(study.cover) > 1:
        names = ", ".join(study.cover[0])
        notes.append(
            f"each draw is repeated at {len(study.cover)} points of the intervals of {names}, which have no "
            "probability: a claim counts as holding in all equilibria of a draw only where it does at each of them"
        )
    more = {"parameters": model.central(), "samples": study.samples, "seed": study.seed}
    frame.attrs.update(attributes(model, notes, **more))
    return frame


def _shares(counts: Sequence[int]) -> dict[str, float]:
    """Share of each outcome."""
    return {word: counts[code] / sum(counts) for word, code in OUTCOMES.items()}


def _verdict(shares: dict[str, float]) -> str:
    """The shares as the end of a conditional sentence.

    >>> _verdict({"all": 0.62, "some": 0.08, "none": 0.3, "failed": 0.0})
    'holds in every equilibrium in 62 % of the admissible parameters, in some but not all in 8 %, fails in 30 %'
    """
    parts = [f"holds in every equilibrium in {_percent(shares['all'])} of the admissible parameters"]
    if shares["some"]:
        parts.append(f"in some but not all in {_percent(shares['some'])}")
    parts.append(f"fails in {_percent(shares['none'])}")
    if shares["failed"]:
        parts.append(f"is not decided in {_percent(shares['failed'])}")
    return ", ".join(parts)


def _percent(share: float) -> str:
    """A share in words that never round a possibility away.

    >>> [_percent(share) for share in (0.0, 0.001, 0.305, 0.999, 1.0)]
    ['0 %', 'less than 1 %', '30 %', 'more than 99 %', '100 %']
    """
    if 0.0 < share < 0.01:
        return "less than 1 %"
    if 0.99 < share < 1.0:
        return "more than 99 %"
    return f"{100 * share:.0f} %"
