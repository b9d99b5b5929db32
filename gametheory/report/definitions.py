"""Which words does a page define: those of the model's form, and those of the sections that it has?"""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType
from typing import TYPE_CHECKING

from gametheory.figures.words import joined
from gametheory.report.phrases import Names, at

if TYPE_CHECKING:
    from gametheory.model import Measure, Model

__all__ = ["FORMS", "SECTIONS", "WHERE", "definitions", "measure_meanings"]

PAYOFF = (
    "What an outcome is worth to a player, in the units of the model; only comparisons within one player have a "
    "meaning of their own."
)
FORMS = MappingProxyType(
    {
        "strategic": {
            "action, strategy, profile": "An action is a pure choice; a strategy is a probability for each own "
            "action; a profile is one strategy for each player. A stroke parts the players, in the order of the "
            "model file, a plus sign the actions of a mixture.",
            "payoff": PAYOFF,
            "order of play": "Who chooses when: all at once, or one player first, observed by the others.",
            "solution": "For play at once, a Nash equilibrium: no player gains by a deviation. Where a player moves "
            "first, a path of play in which each later choice is a best reply to what was seen.",
            "regret": "In the table of solutions, the most that any player could gain by a deviation: zero in a "
            "solution, up to rounding. Of an action, what the best other action would have paid more.",
            "index, component": "Solutions that are joined to each other make one component; its index is a whole "
            "number, and the indices of all components sum to 1, which shows when a list lacks some.",
        },
        "extensive": {
            "information set, plan, profile": "An information set is a place where a player moves, with all that it "
            "knows there. A plan has one choice for each own information set; a profile is one plan for each player. "
            "A stroke parts the information sets, in the order of the model file, a plus sign the actions of a "
            "mixture; any says that nothing is told, because own earlier moves keep play away.",
            "payoff": PAYOFF,
            "kind of play": "What is asked of an equilibrium. Simultaneous play: whole plans are chosen at once, "
            "threats included that nobody would carry out. Subgame-perfect play: every part of the tree that stands "
            "alone is played in equilibrium. Sequential play: every move is best where it is made, given beliefs "
            "that fit what came before.",
            "solution": "An equilibrium of the kind of play: no player gains by another plan.",
            "regret": "The most that any player could gain by another plan: zero in a solution, up to rounding.",
        },
        "analytic": {
            "solution": "Numbers at which every equation of the model holds or, where one side chooses a number, its "
            "best choice.",
            "outcome": "The name that the model file gives to solutions of a kind. (2) is the second of its kind that "
            "the same equations have, (3) the third, in the order of what is solved for.",
            "regret": "What is left between the two sides of an equation, or what a better choice would gain: zero "
            "in a solution, up to rounding.",
        },
    }
)
WHERE = MappingProxyType(
    {
        "margin": frozenset({"margins"}),
        "tipping point": frozenset({"tips"}),
        "spread": frozenset({"changes", "claims", "radius"}),
        "radius": frozenset({"radius"}),
        "critical risk": frozenset({"critical-risk"}),
        "break-even value": frozenset({"break-even"}),
    }
)
"""Word -> the anchors of the sections that use it."""
SECTIONS = MappingProxyType(
    {
        "margin": "What a player would lose by a deviation; in a mixture, the probability of an action in use.",
        "tipping point": "A value of one parameter at which the set of solutions changes.",
        "spread": "One step of a parameter when moves of different parameters are compared: the standard deviation "
        "of its law, or half the width of an interval without probability.",
        "radius": "The length, in spreads, of the smallest move of the parameters that ends a solution.",
        "critical risk": "The probability that the other side stands firm up to which a player does best to stand "
        "firm itself, where each side has two actions to choose from. Firm is the action that leaves the other side "
        "worse off whatever it does or, where neither does, the later in the model file.",
        "break-even value": "A value of a parameter at which a player's next action pays as much as the one before "
        "it, the others' actions unchanged. Of a risk, its distance from the present value is what may still be "
        "added.",
    }
)
NUMBERS = MappingProxyType({"millionth": "92.1 millionths are 0.0000921; as a probability, 92.1 in a million."})
ALWAYS = MappingProxyType(
    {
        "draw": "One point of all uncertain parameters, drawn from their laws and from what ties them together.",
        "lower, upper": "Over the solutions of one game: the lowest and the highest value. Of an outcome: the share "
        "of draws in which it is the only solution, and the share in which it is one of them. No rule picks one.",
    }
)


OF_POINTS = MappingProxyType(
    {
        "point tried": "One value for every parameter, each within its interval. Intervals have no probability, so no "
        "point counts for more than another.",
    }
)


def definitions(names: Names, anchors: Collection[str]) -> list[tuple[str, str]]:
    """The words that a page of a form needs, given the anchors of its sections, each with its meaning.

    >>> [word for word, _ in definitions(Names((), form="analytic"), ["tips"])]
    ['solution', 'outcome', 'regret', 'tipping point', 'draw', 'lower, upper', 'millionth']
    """
    told = [(word, text) for word, text in SECTIONS.items() if WHERE[word] & set(anchors)]
    always = OF_POINTS if names.certain else ALWAYS
    return [*FORMS[names.form].items(), *told, *always.items(), *NUMBERS.items()]


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
        places = [
            f"{joined([names.say(action) for action in actions], 'or')} {at(place, names)}"
            for place, actions in measure.actions.items()
        ]
        return f"Probability, in a solution of the model, of {joined(places)}, where play comes to it."
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
