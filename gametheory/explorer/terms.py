"""Which words does the page define, and how?"""

from __future__ import annotations

from types import MappingProxyType

from gametheory.parameters import MARKS
from gametheory.report.definitions import FORMS

__all__ = ["words"]

OF_THE_PAGE = MappingProxyType(
    {
        "tipping point": "A value of one parameter, the others as they stand, at which the set of solutions changes; "
        "an upright line on the track.",
        "map": "Which solutions there are over two parameters, the others as they stand.",
        "extreme equilibrium": "One that is no mixture of other equilibria. Where the game has ties there may be more "
        "between the extreme ones.",
        "certificate": "How far it is proved that each solution is one, and that none is missing.",
        "lower, upper": "The lowest and the highest value of a measure over the solutions that are listed or, where "
        "some may be missing, over whatever could be one.",
        "mark": f"Where a number comes from: {'; '.join(f'{mark}, {text}' for mark, text in MARKS.items())}.",
    }
)
"""Words that the page uses beside those of a form."""


def words(form: str) -> list[tuple[str, str]]:
    """The words of a page of a model of some form, each with its meaning.

    >>> [word for word, _ in words("analytic")][:4]
    ['solution', 'outcome', 'regret', 'tipping point']
    """
    return [*FORMS[form].items(), *OF_THE_PAGE.items()]
