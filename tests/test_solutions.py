"""Do solutions say truly what was found, without padding and whatever the numbering?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gametheory.solutions import UNKNOWN, maximal_bicliques
from gametheory.solvers import solve
from tests.library import LITERATURE, batch, random_games


def tags_of(payoffs: object) -> dict[str, tuple[str, ...]]:
    solutions = solve(batch(payoffs))
    return {solutions.profile(s): solutions.tags[s] for s in range(len(solutions))}


def test_stag_hunt_separates_payoff_dominance_from_risk_dominance() -> None:
    tags = tags_of([[[4, 0], [3, 3]], [[4, 3], [0, 3]]])

    assert tags["a1, a1"] == ("pure", "strict", "payoff-dominant")
    assert tags["a2, a2"] == ("pure", "strict", "risk-dominant")


def test_the_threat_that_is_not_credible_may_vanish() -> None:
    tags = tags_of(LITERATURE["entry deterrence"][0])

    assert tags["a1, a1"] == ("pure", "strict")
    assert tags["a2, a2"] == ("pure", "dominated", "may vanish")


def test_risk_dominance_does_not_depend_on_the_order_of_actions() -> None:
    hunt = np.array([[[4, 0], [3, 3]], [[4, 3], [0, 3]]])

    assert tags_of(hunt[:, ::-1, ::-1])["a1, a1"] == ("pure", "strict", "risk-dominant")


def test_a_symmetric_pair_of_equilibria_has_no_risk_dominant_one() -> None:
    assert all("risk-dominant" not in own for own in tags_of([[[1, 0], [0, 1]], [[1, 0], [0, 1]]]).values())


def test_profiles_are_said_in_words() -> None:
    pennies = batch([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])

    assert solve(pennies).profile(0) == "0.5 a1 + 0.5 a2, 0.5 a1 + 0.5 a2"
    assert solve(pennies, exact=True).profile(0) == "1/2 a1 + 1/2 a2, 1/2 a1 + 1/2 a2"


@pytest.mark.parametrize("order", ["simultaneous", "p0"])
def test_games_share_a_class_exactly_when_the_same_supports_carry_their_solutions(order: str) -> None:
    games = random_games(seed=3, count=400, shape=(2, 3), levels=3)
    solutions = solve(games, order=order)

    classes, names = solutions.signatures()

    assert len(set(names)) == len(names)
    for game in range(len(games)):
        own = solutions.of(game)
        assert tuple(sorted({own.support(s) for s in range(len(own))})) == names[classes[game]]


@pytest.mark.parametrize("size", [64, 65, 66, 130])
def test_supports_beyond_the_sixty_fourth_action_are_told_apart(size: int) -> None:
    payoffs = np.zeros((size, 2, size, 2))
    payoffs[np.arange(size), 0, np.arange(size)] = 1.0  # in each game another row is the best one
    payoffs[:, 1, :, 0] = 1.0

    solutions = solve(batch(payoffs))
    classes, names = solutions.signatures()

    assert [names[number] for number in classes] == [(((row,), (0,)),) for row in range(size)]
    words = -(-size // 64)
    assert solutions.supports[0].reshape(size, -1).shape == (size, words)
    assert solutions.supports[0].reshape(size, -1)[-1, -1] == 1 << (size - 1) % 64
    assert solutions.supports[1].tolist() == [1] * size


def test_a_game_whose_index_is_unknown_hides_that_of_no_other() -> None:
    known = np.stack([np.eye(2)] * 2)
    solutions = solve(batch([known, known]))
    assert solutions.index is not None
    assert solutions.component is not None
    assert solutions.certificates.index_sum is not None
    second = solutions.game == 1
    hidden = replace(
        solutions,
        index=np.where(second, UNKNOWN, solutions.index),
        component=np.where(second, UNKNOWN, solutions.component),
        certificates=replace(solutions.certificates, index_sum=np.array([1, UNKNOWN])),
    )

    assert hidden.told.tolist() == [True, False]
    assert [one.index_sum for one in hidden.certificates] == [1, None]
    assert hidden.of(0).tags == hidden.tags[:3] == solutions.tags[:3]
    assert hidden.of(1).tags == hidden.tags[3:]
    assert hidden.of(1).index is None
    assert hidden.of(1).component is None
    assert hidden.components(1) == []
    assert hidden.components(0) == solutions.components(0)
    frame = hidden.frame()
    assert frame["index"].tolist()[:3] == solutions.index[:3].tolist()
    assert frame["index"].isna().tolist() == second.tolist()


def test_a_game_without_solutions_has_the_empty_class() -> None:
    games = random_games(seed=0, count=3, shape=(2, 2))
    broken = batch(np.where(np.arange(3)[:, None, None, None] == 1, np.nan, games.payoffs))

    classes, names = solve(broken).signatures()

    assert names[classes[1]] == ()
    assert names[classes[0]] != ()


def test_subsets_hold_exactly_the_solutions_of_a_tied_game() -> None:
    games = random_games(seed=4, count=60, shape=(3, 3), levels=3)
    solutions = solve(games)

    for game in range(len(games)):
        own = solutions.of(game)
        edges = {(left, right) for lefts, rights in solutions.subsets(game) for left in lefts for right in rights}
        rows = [list(dict.fromkeys(map(tuple, strategies.tolist()))) for strategies in own.strategies]
        listed = {
            (rows[0].index(tuple(x)), rows[1].index(tuple(y)))
            for x, y in zip(*(strategies.tolist() for strategies in own.strategies), strict=True)
        }
        assert edges == listed


def test_every_mixture_inside_a_maximal_nash_subset_is_an_equilibrium() -> None:
    from gametheory.certify import check

    games = random_games(seed=5, count=40, shape=(3, 3), levels=2)
    solutions = solve(games)
    generator = np.random.default_rng(0)

    for game in range(len(games)):
        own = solutions.of(game)
        distinct = [np.array(list(dict.fromkeys(map(tuple, s.tolist())))) for s in own.strategies]
        for subset in solutions.subsets(game):
            mix = [
                (generator.dirichlet(np.ones(len(side))) @ points[list(side)])[np.newaxis]
                for side, points in zip(subset, distinct, strict=True)
            ]
            assert check(games.payoffs, np.array([game]), mix).regret[0] <= 1e-12


def test_components_join_solutions_that_share_a_strategy() -> None:
    solutions = solve(batch(LITERATURE["textbook tie"][0]))

    assert sorted(map(sorted, solutions.components())) == [[0, 1], [2]]


def test_maximal_bicliques_of_a_path_are_its_stars() -> None:
    assert maximal_bicliques([(0, 0), (1, 0), (1, 1), (2, 1)]) == [((0, 1), (0,)), ((1,), (0, 1)), ((1, 2), (1,))]


def test_the_frame_has_one_row_a_solution_and_no_gaps() -> None:
    solutions = solve(random_games(seed=6, count=10, shape=(3, 3)))

    frame = solutions.frame()

    assert len(frame) == len(solutions)
    assert not frame.isna().to_numpy().any()
    assert "<table" in solutions._repr_html_()
