"""Can other programs read what we write: do the probabilities of a move of chance sum to exactly one?"""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from gametheory.formats import format_efg, parse_efg
from gametheory.games import CHANCE, END, ExtensiveGames, Tree


def drawn(chances: list[float]) -> ExtensiveGames:
    """A game that one move of chance decides; its probabilities are known as doubles alone."""
    count = len(chances)
    tree = Tree(
        ("a",),
        parent=np.array([-1] + [0] * count),
        move=np.array([0, *range(count)]),
        owner=np.array([CHANCE] + [END] * count),
        set_of=np.full(count + 1, -1),
        outcome=np.array([-1, *range(count)]),
        labels=(tuple(f"m{place}" for place in range(count)), *[()] * count),
        sets=(),
        outcomes=tuple(f"o{place}" for place in range(count)),
    )
    return ExtensiveGames(tree, np.zeros((1, 1, count)), np.array([[1.0, *chances]]))


def written(text: str) -> list[Fraction]:
    """The probabilities in the text, read without the program."""
    return [Fraction(own) for own in re.findall(r'"m\d" (\S+)', text)]


@given(st.floats(0.0, 1.0))
def test_a_probability_and_what_it_leaves_are_written_to_sum_to_one(chance: float) -> None:
    games = drawn([chance, 1.0 - chance])

    text = format_efg(games)

    assert sum(written(text)) == 1
    assert np.array_equal(parse_efg(text).chances, games.chances)


@pytest.mark.parametrize("chances", [[1 / 3] * 3, [0.1, 0.2, 0.7], [float(np.exp(-0.1)), float(1 - np.exp(-0.1))]])
def test_decimals_that_miss_one_by_rounding_are_made_up_for(chances: list[float]) -> None:
    text = format_efg(drawn(chances))

    assert sum(written(text)) == 1
    assert list(map(float, written(text))) == chances


def test_doubles_that_do_not_sum_to_one_keep_every_digit() -> None:
    """A third probability of one in a billion too much is no rounding, and is written as it is."""
    chances = [0.25, 0.25, 0.5 + 1e-13]

    assert list(map(float, written(format_efg(drawn(chances))))) == chances
