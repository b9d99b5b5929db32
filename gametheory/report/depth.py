"""What do the analyses of the whole uncertainty answer that take games of their own: drivers, scenarios, choices?"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model
    from gametheory.report.asking import Asking, Questions
    from gametheory.study import Run

__all__ = ["CHOOSING", "audited", "deeper"]

MOST_SCENARIOS = 3  # claims whose conditions are looked for
OPEN = (0.05, 0.95)  # share of the draws in which a claim holds, outside which its conditions are not looked for
MOST_PAIRS = 512  # draws of an analysis that compares every draw with every other
COMPARED = 4  # players whose actions are compared; the page names the others
CHOOSING = ("choices", "choice_curves", "value_of_information", "forecast")  # what compares the actions
MOST_DRAWS = 256  # draws of the alternatives, each of which is solved in a score of ways


def deeper(ask: Asking, *, samples: int, seed: int, note: Callable[[str], None]) -> Questions:
    """The analyses of the whole uncertainty that rest on no other answer, put to ``samples`` base points.

    Of a model in which nothing has a probability only the claims are asked, under the other ways to model it: there
    every draw is the same, and so one is enough.
    """
    model = ask.model
    told = {"samples": samples, "seed": seed}
    tables = model.form == "strategic"
    if all(parameter.law.kind in ("fixed", "interval") for parameter in model.parameters.values()):
        return {"alternatives": [ask("alternatives", samples=1, seed=seed)]} if tables and model.claims else {}
    note(f"looking for what drives the answer, at {samples:,} base points")
    asked = {
        "drivers": [ask("drivers", order="all", **told)],
        "response_curves": [ask("response_curves", samples=4 * samples, seed=seed)],
        "set_dependence": [ask("set_dependence", samples=min(samples, MOST_PAIRS), seed=seed)],
    }
    if not tables:
        return asked
    note("comparing the actions, and testing the claims under other ways to model them")
    if model.claims:
        asked["alternatives"] = [ask("alternatives", samples=min(samples, MOST_DRAWS), seed=seed)]
    asked["tornado"] = [ask("tornado", order=model.orders[0])]
    asked["misperception"] = [ask("misperception", **told)]
    players = [player.name for player in model.players[:COMPARED]]
    return asked | {name: [ask(name, player=player, **told) for player in players] for name in _choosing(model)}


def _choosing(model: Model) -> list[str]:
    """The analyses of decisions that the model's laws and players allow."""
    valued = not any(parameter.law.kind == "interval" for parameter in model.parameters.values())
    allowed = {"value_of_information": valued, "forecast": valued and len(model.players) == 2}
    return [name for name in CHOOSING if allowed.get(name, True)]


def audited(ask: Asking, done: Run, asked: Questions, *, samples: int) -> Questions:
    """The test of the claims, from what was asked, and the conditions of those that are most open."""
    model = ask.model
    uncertain = "drivers" in asked
    if not uncertain and not model.claims:
        return {}
    answers = {"driving": ask.frame(asked["drivers"][0])} if uncertain else {}
    if asked.get("alternatives"):
        answers["alternatives"] = ask.frame(asked["alternatives"][0])
    audit = ask("audit", run=done, samples=samples, seed=done.seed, **answers)
    return {"audit": [audit], "discovery": _scenarios(ask, ask.frame(audit), samples, done.seed) if uncertain else []}


def _scenarios(ask: Asking, claims: pd.DataFrame, samples: int, seed: int) -> list[Future[pd.DataFrame]]:
    """The conditions of the claims that are most open: those that hold in some draws and fail in others."""
    if claims.empty:
        return []
    share = claims["all"] + claims["some"]
    low, high = OPEN
    open_claims = claims[(share > low) & (share < high)]
    nearest = (share[open_claims.index] - 0.5).abs().sort_values(kind="stable").index[:MOST_SCENARIOS]
    names = [str(claims.loc[place, "claim"]) for place in sorted(nearest)]
    return [ask("discovery", of=f"claim {name}", samples=samples, seed=seed) for name in names]
