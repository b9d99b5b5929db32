"""What does exact enumeration say of a game when the time runs out?"""

from __future__ import annotations

from fractions import Fraction
from itertools import count

import numpy as np
import pytest

from gametheory import certify
from gametheory.games import Games
from gametheory.solvers import exact, solve
from gametheory.solvers.vertices import fractions_of
from tests.library import COUNTED, batch, random_games
from tests.oracle import extreme_equilibria

# floating point leaves no way on through the polytope, so that exact arithmetic has to decide
SPOILT = np.array(
    [
        [[0, 0, 0, 2], [0, 0, 0, 2], [0, 0, 0, 0], [0, 0, 0, 0]],
        [[1e9, 0, 0, 0], [1, 1e9, 1, -1e15], [1e9, 0, 0, -1e15], [0, -1e15, 0, 1e9]],
    ]
)


def as_fractions(games: Games, game: int = 0) -> np.ndarray:
    return fractions_of(games, game, snap=False)


def interrupted(
    monkeypatch: pytest.MonkeyPatch, payoffs: np.ndarray, looks: int
) -> list[exact.ExactEquilibrium] | None:
    """What is found before the clock, which moves on by one at each look, shows ``looks``; None where all is found."""
    ticks = count()
    monkeypatch.setattr(exact, "monotonic", lambda: float(next(ticks)))
    try:
        exact.equilibria(payoffs, float(looks))
    except exact.OutOfTimeError as late:
        return late.found
    return None


@pytest.mark.parametrize("levels", [0, 2])
def test_at_whatever_look_at_the_clock_it_stops_what_is_found_is_true(
    monkeypatch: pytest.MonkeyPatch, levels: int
) -> None:
    payoffs = as_fractions(random_games(seed=1, count=1, shape=(5, 5), levels=levels))
    whole = {own.strategies for own in exact.equilibria(payoffs)[0]}
    sizes = []

    for looks in range(400):
        found = interrupted(monkeypatch, payoffs, looks)
        if found is None:
            break
        assert {own.strategies for own in found} <= whole
        assert len({own.strategies for own in found}) == len(found)
        assert all(certify.exact_regret(payoffs, own.strategies) == 0 for own in found)
        sizes.append(len(found))

    assert 10 < len(sizes) < 399  # it ends of itself when there is time
    assert sizes[0] == 0
    assert max(sizes) >= 1


def test_a_game_of_many_vertices_is_left_after_few_looks_at_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    payoffs = as_fractions(random_games(seed=2, count=1, shape=(14, 14)))  # minutes without a deadline

    found = interrupted(monkeypatch, payoffs, 100)

    assert found is not None


def test_without_a_deadline_no_clock_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    payoffs = as_fractions(batch(COUNTED["winkels"][0]))
    ticks = count(0, 10**12)
    monkeypatch.setattr(exact, "monotonic", lambda: float(next(ticks)))

    assert len(exact.equilibria(payoffs)[0]) == COUNTED["winkels"][1]


@pytest.mark.parametrize(("shape", "levels"), [((3, 4), 2), ((4, 3), 3), ((3, 3), 2), ((2, 5), 2)])
def test_pairing_by_complement_misses_no_tied_pair(shape: tuple[int, int], levels: int) -> None:
    games = random_games(seed=3, count=40, shape=shape, levels=levels)

    for game in range(len(games)):
        payoffs = as_fractions(games, game)
        found, _ = exact.equilibria(payoffs)
        assert {own.strategies for own in found} == extreme_equilibria(*payoffs)
        assert sum({own.component: own.index for own in found}.values()) == Fraction(1)


@pytest.mark.parametrize("asked", [False, True])
def test_what_exact_arithmetic_had_no_time_for_is_partial_and_says_so(asked: bool) -> None:
    games = batch(np.stack([SPOILT, SPOILT]))

    late, whole = solve(games, exact=asked, seconds=1e-9), solve(games, exact=asked)

    assert set(whole.certificates.verdict) <= {"complete", "degenerate-complete"}
    assert set(late.certificates.verdict) == {"partial"}
    assert all("time ran out" in reason for reason in late.certificates.reason)
    assert np.all(late.regret == 0)
    assert (late.exact is not None) == asked


def test_the_clock_of_a_sweep_never_strikes() -> None:
    games = random_games(seed=4, count=30, shape=(4, 4), levels=2)

    swept, plain = solve(games, exact=True, seconds=1e9), solve(games, exact=True)

    assert swept.exact == plain.exact
    assert set(swept.certificates.verdict) <= {"complete", "degenerate-complete"}
