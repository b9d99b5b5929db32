"""What does every report say, whatever the numbers?"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.figures.words import joined
from gametheory.report.phrases import Names

if TYPE_CHECKING:
    from gametheory.model import Measure, Model

__all__ = ["DEFINITIONS", "VERDICTS", "limits", "measure_meanings"]

VERDICTS = MappingProxyType(
    {
        "complete": "every solution of the game is listed, and that the list lacks none was proved",
        "degenerate-complete": "the game has ties; every extreme solution is listed, all others are mixtures of those",
        "partial": "each solution listed was checked, but there may be more",
        "failed": "there is no sound answer; the reason is given, and nothing is put in its place",
    }
)

DEFINITIONS = MappingProxyType(
    {
        "action, strategy, profile": "An action is a pure choice; a strategy is a probability for each own action; a "
        "profile is one strategy for each player. A stroke parts the players, a plus sign the actions of a mixture.",
        "payoff": "What an outcome is worth to a player, in the units of the model; only comparisons within one player "
        "have a meaning of their own.",
        "order of play": "Who chooses when: all at once, or one player first, observed by the other.",
        "solution": "For play at once, a Nash equilibrium: no player gains by a deviation. Where a player moves "
        "first, a path of play in which each later choice is a best reply to what was seen.",
        "regret": "The most that any player could gain by a deviation: zero in a solution, up to rounding.",
        "margin": "What a player would lose by a deviation; in a mixture, the probability of an action in use.",
        "tipping point": "A value of one parameter at which the set of solutions changes.",
        "spread": "One step of a parameter when moves of different parameters are compared: the standard deviation of "
        "its law, or half the width of an interval without probability.",
        "radius": "The length, in spreads, of the smallest move of the parameters that ends a solution.",
        "critical risk": "The probability that the other side stands firm up to which a player does best to stand firm "
        "itself, where each side has two actions to choose from. Firm is the action that leaves the other side worse "
        "off whatever it does or, where neither does, the later in the model file.",
        "break-even value": "A value of a parameter at which a player's next action pays as much as the one before it, "
        "the others' actions unchanged. Of a risk, its distance from the present value is what may still be added.",
        "draw": "One point of all uncertain parameters, drawn from their laws and from what ties them together.",
        "lower, upper": "Over the solutions of one game: the lowest and the highest value. Of an outcome: the share of "
        "draws in which it is the only solution, and the share in which it is one of them. No rule picks one.",
    }
)

ALWAYS = (
    "Everything on this page is conditional: if the model and its assumptions hold, then this follows.",
    "Nothing on this page is a forecast, and no policy is recommended.",
    "A share of the draws says how far a conclusion follows from the assumed laws; it is not the chance of an event.",
    "Each player is a single mind that knows the game and the others' payoffs, and goes by its expected payoff.",
    "Who plays, what they can do, and the shape of the payoffs were not varied.",
)
PURE_FIRST = (
    "The draws were solved for pure first moves; a leader's commitment to a mixture is shown at central values and, "
    "for the claims, among the other ways to model them."
)


def limits(model: Model, missing: Sequence[str]) -> list[str]:
    """The limits that always hold, those of this model's marks, and what was not computed."""
    assumed = sum(parameter.mark == "A" for parameter in model.parameters.values())
    share = f"{assumed} of {len(model.parameters)} parameters rest on the analyst's assumption alone (mark A)."
    gaps = [f"Not computed for this page: {joined([name.replace('_', ' ') for name in missing])}."] if missing else []
    first = [PURE_FIRST] if model.form == "strategic" else []
    return [*ALWAYS, *first, *_drawing(model), share, *gaps]


def _drawing(model: Model) -> list[str]:
    """How the parameters hang together, in the draws and where they are moved."""
    kinds = {"rankings": model.rankings, "rank correlations": model.correlations, "constraints": model.constraints}
    present = [name for name, own in kinds.items() if own]
    moved = "Tipping points and break-even values move one parameter at a time"
    if not present:
        return [f"The laws of the parameters are drawn independently of each other. {moved}."]
    also = ", whether or not the constraints hold there" if model.constraints else ""
    drawn = f"The parameters are drawn with the {joined(present)} that are listed, and else independently of each other"
    return [f"{drawn}. {moved}, the others unchanged{also}."]


def measure_meanings(model: Model, names: Names) -> list[tuple[str, str]]:
    """Name and meaning of every measure of a model."""
    return [(names.say(name), _meaning(measure, model, names)) for name, measure in model.measures.items()]


def _meaning(measure: Measure, model: Model, names: Names) -> str:
    """What a measure measures."""
    if measure.kind == "expected" and measure.formula is not None:
        text = measure.formula.text
        known = f", which is {model.quantities[text].text} in the model file" if text in model.quantities else ""
        return f"Expected value, in a solution of the model, of {text}{known}."
    if measure.kind == "outcomes":
        return _by_outcome(measure, names)
    if measure.kind == "played":
        at = [
            f"{joined([names.say(action) for action in actions], 'or')} at {names.say(place.replace('.', ' of type '))}"
            for place, actions in measure.actions.items()
        ]
        return f"Probability, in a solution of the model, of {joined(at)}, where play comes to it."
    parts = [
        f"{names.say(player)} plays {joined([names.say(action) for action in actions], 'or')}"
        for player, actions in measure.actions.items()
    ]
    return f"Probability, in a solution of the model, that {joined(parts)}."


def _by_outcome(measure: Measure, names: Names) -> str:
    """What a measure over the outcomes of a tree measures."""
    if all(formula.text == "1" for formula in measure.outcomes.values()):
        ends = joined([names.say(outcome) for outcome in measure.outcomes], "or")
        return f"Probability, in a solution of the model, that play ends in {ends}."
    parts = [f"{formula.text} at {names.say(outcome)}" for outcome, formula in measure.outcomes.items()]
    return f"Expected value, in a solution of the model, of {joined(parts)}, and 0 at the other outcomes."
