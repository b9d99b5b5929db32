"""Do games keep their promises: one orientation, read-only, labels that name things?"""

from __future__ import annotations

import numpy as np
import pytest

from gametheory.errors import InputError, UnknownNameError
from gametheory.games import Games, strategic
from gametheory.kernels.payoffs import best_responses, weakly_dominated
from tests.library import batch, random_games


def test_payoffs_cannot_be_changed_under_a_solver() -> None:
    source = np.zeros((1, 2, 2, 2))
    games = strategic(source, players=["a", "b"])

    with pytest.raises(ValueError, match="read-only"):
        games.payoffs[0] = 1
    source[:] = 7
    assert games.payoffs.max() == 0


@pytest.mark.parametrize(
    ("shape", "players", "games"),
    [((2, 3, 4), None, 1), ((5, 2, 3, 4), None, 5), ((3, 2, 2, 2), ["a", "b"], 3), ((3, 2, 2, 2), ["a", "b", "c"], 1)],
)
def test_one_game_or_a_batch_is_told_by_the_axes(shape: tuple[int, ...], players: list[str] | None, games: int) -> None:
    assert len(strategic(np.zeros(shape), players=players)) == games


@pytest.mark.parametrize(
    ("payoffs", "words"),
    [
        (np.zeros((3, 2, 2, 2)), "say which with players="),
        (np.zeros((4, 3, 2, 2)), r"shape \(4, 3, 2, 2\), expected"),
        (np.zeros(3), "expected"),
        ([["a", "b"]], "not an array of numbers"),
        ([[1, 2], [3]], "not an array of numbers"),
    ],
)
def test_a_shape_that_is_no_game_is_refused_with_what_was_expected(payoffs: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        strategic(payoffs)


def test_labels_that_repeat_or_are_empty_are_refused() -> None:
    with pytest.raises(InputError, match="'x' stands twice"):
        strategic(np.zeros((2, 2, 2)), actions=[["x", "x"], ["l", "r"]])
    with pytest.raises(InputError, match="non-empty"):
        strategic(np.zeros((2, 2, 2)), players=["", "b"])


def test_indexing_gives_a_batch_again() -> None:
    games = random_games(seed=0, count=5)

    assert len(games[2]) == 1
    assert np.array_equal(games[-1].payoffs[0], games.payoffs[4])
    assert len(games[1:3]) == 2
    with pytest.raises(IndexError):
        games[5]


def test_restricting_keeps_the_payoffs_of_the_actions_that_stay() -> None:
    games = random_games(seed=0, count=2, shape=(3, 2, 2))

    fewer = games.restrict({"p0": ["a3", "a1"], "p2": ["a2"]})

    assert fewer.actions == (("a1", "a3"), ("a1", "a2"), ("a2",))
    assert np.array_equal(fewer.payoffs, games.payoffs[:, :, [0, 2]][:, :, :, :, [1]])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"p9": ["a1"]}, "no player named 'p9'"),
        ({"p0": ["a9"]}, "p0 has no action 'a9'"),
        ({"p0": []}, "no action is left"),
    ],
)
def test_restricting_to_unknown_names_says_what_is_known(given: dict[str, list[str]], words: str) -> None:
    with pytest.raises((InputError, UnknownNameError), match=words):
        random_games(seed=0, count=1).restrict(given)


def test_best_responses_are_the_maxima_of_each_players_own_axis() -> None:
    games = random_games(seed=1, count=20, shape=(2, 3, 4), levels=3)

    marked = best_responses(games.payoffs)

    for player in range(3):
        table = games.payoffs[:, player]
        assert np.array_equal(marked[:, player], table == table.max(axis=player + 1, keepdims=True))


def test_weak_dominance_needs_one_better_and_no_worse() -> None:
    games = batch([[[1, 1], [1, 2], [0, 3]], [[0, 0], [0, 0], [0, 0]]])

    assert weakly_dominated(games.payoffs, 0).tolist() == [[True, False, False]]
    assert weakly_dominated(games.payoffs, 1).tolist() == [[False, False]]


def test_a_game_is_shown_with_its_best_responses_and_harmless_labels() -> None:
    games: Games = strategic(np.eye(2)[np.newaxis].repeat(2, axis=0), actions=[["<img>", "x"], ["l", "r"]])

    assert "<img>" not in games._repr_html_()
    assert "&lt;img&gt;" in games._repr_html_()
    assert "l" in str(games)
