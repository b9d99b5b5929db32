"""Do action-graph games mean what their definition says, and do games travel to ``.agg`` files and back unharmed?"""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from hypothesis.extra.numpy import arrays

from gametheory.errors import GameTheoryError, InputError, ModelError, Problem
from gametheory.formats import format_agg, parse_agg, read_game, write_game
from gametheory.games import Games, strategic
from tests.action_graph_definition import (
    BIDS,
    ROADS,
    VENDORS,
    Definition,
    Profile,
    action_graphs,
    table_of,
    with_payoffs,
)


def counting() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: str(next(numbers))


@pytest.mark.parametrize(
    "text",
    [ROADS, *(with_payoffs(head, counting(), kind) for head in (VENDORS, BIDS) for kind in (lambda: 0, lambda: 1))],
)
def test_a_file_means_what_the_definition_of_action_graph_games_says(text: str) -> None:
    assert table_of(parse_agg(text)) == Definition(text).table()


@given(action_graphs())
def test_any_action_graph_means_what_the_definition_says(text: str) -> None:
    assert table_of(parse_agg(text)) == Definition(text).table()


def test_drivers_on_a_road_share_its_delay() -> None:
    game = parse_agg(ROADS)

    for profile in np.ndindex(2, 2, 2):
        expected = [-(1 + road) * profile.count(road) for road in profile]
        assert game.payoffs[(0, slice(None), *profile)].tolist() == expected
    assert game.players == ("player_1", "player_2", "player_3")
    assert game.actions == (("node_0", "node_1"),) * 3
    assert game.title == ""


@pytest.mark.parametrize(
    ("function", "numbers"),
    [
        ("0", {(0, 0): 2, (0, 1): 2, (0, 2): 1, (2, 2): 0}),
        ("1", {(0, 0): 1, (0, 1): 1, (0, 2): 1, (2, 2): 0}),
        ("2", {(0, 0): 0, (0, 1): 1, (0, 2): 0, (2, 2): 4}),
        ("3", {(0, 0): 0, (0, 1): 0, (1, 2): 1, (2, 2): 4}),
        ("10 3 [5 7 100]", {(0, 0): 16, (0, 1): 18, (1, 2): 13, (2, 2): 6}),
        ("10 0 [-5 7 100]", {(0, 0): -10, (0, 1): 2, (1, 2): 7, (2, 2): 0}),
        ("11 0 [0 7 100]", {(0, 0): 0, (0, 1): 1, (1, 2): 1, (2, 2): 0}),
        ("11 1 [0 0 0]", {(0, 0): 1, (2, 2): 1}),
        ("12 0 [9 4 100]", {(0, 0): 9, (0, 1): 9, (1, 2): 4, (2, 2): 0}),
        ("13 50 [9 4 100]", {(0, 0): 9, (0, 1): 4, (0, 2): 9, (2, 2): 50}),
    ],
)
def test_each_function_gives_its_known_numbers(function: str, numbers: dict[Profile, int]) -> None:
    mapping = "\n".join(f"[ {number} ] {number}" for number in range(-20, 120))
    text = f"#AGG\n2 3 1\n3 3\n0 1 2\n0 1 2\n1 3\n1 3\n1 3\n2 0 1\n{function}\n" + f"1 140\n{mapping}\n" * 3

    game = parse_agg(text)

    for profile, number in numbers.items():
        assert game.payoffs[(0, slice(None), *profile)].tolist() == [number, number]


@pytest.mark.parametrize(
    "text",
    [
        ROADS.replace("\n", "\r\n"),
        "#AGG\n" + " ".join(re.sub(r"#[^\n]*", "", ROADS).split()),
        ROADS.replace("#AGG", "#agg by hand"),
        ROADS.replace("0 -1", "#inside a row\n0 # and another\n-1"),
        ROADS.replace("0 -1 -2 -3", "1 3[1]-1[2]-2[3]-3"),
        ROADS.replace("0 -1 -2 -3", "1 4\n[ 3 ] -3.0\n[ 0 ] 99\n[ 2 ] -20e-1\n[ 1 ] -2/2"),
    ],
)
def test_dialects_of_the_format_mean_the_same(text: str) -> None:
    assert table_of(parse_agg(text)) == table_of(parse_agg(ROADS))


def in_place_of(old: str, new: str) -> str:
    assert ROADS.count(old) == 1
    return ROADS.replace(old, new)


NESTED = "#AGG\n1 1 2\n1\n0\n1 1\n{}\n{}\n{}\n0 5\n"
MISTAKES = {
    "": "1:1: error: found '', expected #AGG as the first line",
    "3 2 0\n": "1:1: error: found '3', expected #AGG as the first line",
    "#BAGG\n2 2 0": "1:1: error: a Bayesian action-graph game",
    "#AGG": "1:5: error: the file ends here, expected the number of players",
    "#AGG\ntwo": "2:1: error: found 'two', expected the number of players, a whole number",
    "#AGG\n2.0 2": "2:1: error: found '2.0', expected the number of players",
    "#AGG\n0 2 0": "2:1: error: found 0, expected the number of players, 1 to 62",
    "#AGG\n63 2 0": "2:1: error: found 63, expected the number of players, 1 to 62",
    "#AGG\n2 0 0": "2:3: error: found 0, expected the number of action nodes, from 1 up",
    "#AGG\n2 2 -1": "2:5: error: found -1, expected the number of function nodes, from 0 up",
    "#AGG\n2 2 0\n2 3": "3:1: error: player 2 has 3 actions, expected 1 to 2, the number of nodes",
    "#AGG\n2 2 0\n2 0": "3:1: error: player 2 has 0 actions",
    "#AGG\n2 99999 0\n9999 9999": "3:1: error: the game has 199960002 payoffs when written out (9999 x 9999 profiles)",
    "#AGG\n9 99 0\n" + "9 " * 9: "expected at most 10000000",
    "#AGG\n1 99 0\n2\n7 7": "4:3: error: action node 7 of player 1 stands after 7; put them in order",
    "#AGG\n1 99 0\n2\n7 99": "4:3: error: found 99, expected an action node of player 1, 0 to 98",
    "#AGG\n1 99999999999999999 0\n1\n0": "4:2: error: the file ends here, expected the number of neighbours of node 0",
    in_place_of("1 0\n1 1", "1 0\n1 2"): "9:3: error: found 2, expected a neighbour of node 1, 0 to 1",
    in_place_of("1 0\n1 1", "-1 0\n1 1"): "8:1: error: found -1, expected the number of neighbours of node 0",
    in_place_of(
        "1 0\n1 1", "1 0\n1 1 1"
    ): "found '-1', expected the payoff type of action node 1, 0 or 1, since action",
    in_place_of("0 -1", "2 -1"): "10:1: error: found '2', expected the payoff type of action node 0, 0 or 1",
    in_place_of("-4 -6", "-4"): "12:1: error: the file ends here, expected one of the 3 payoffs of action node 1",
    in_place_of(
        "-4 -6", "-4 -6 8"
    ): "11:12: error: found '8', expected the end of the file, since action node 1 takes 3",
    in_place_of("-2 -3", "-2 nan"): "10:9: error: found 'nan', expected a number such as",
    in_place_of("-2 -3", "-2, -3"): "10:6: error: found '-2,', expected a number",
    in_place_of("-2 -3", "-2 1/0"): "10:9: error: '1/0' divides by zero",
    in_place_of(
        "0 -1 -2 -3", "1 2 [1] 4 [2] 5"
    ): "no payoff for 1 of the 3 configurations of action node 0, the first is '[3]'",
    in_place_of(
        "0 -1 -2 -3", "1 1 [1 4] 5"
    ): "10:8: error: found '4', expected ']' after the counts of its 1 neighbours",
    in_place_of("0 -1 -2 -3", "1 1 1 4 5"): "10:5: error: found '1', expected '[' before a configuration",
    in_place_of(
        "0 -1 -2 -3", "1 -1"
    ): "10:3: error: found -1, expected the number of configurations of action node 0, from",
    in_place_of("0 -1 -2 -3", "1 2 [1] 4 [1] 5"): "10:15: error: configuration '[1]' of action node 0 stands twice",
    "#AGG\n1 2 0\n1\n0\n0\n0\n0 5\n0\n": "8:1: error: no player has action node 1; it takes 1 0",
    NESTED.format("1 2", "1 1", "0 0"): "6:1: error: function node 1 counts itself, by way of '1 -> 2 -> 1'",
    NESTED.format("1 1", "1 0", "0 0"): "6:1: error: function node 1 counts itself",
    NESTED.format("1 2", "1 0", "0 1"): "6:1: error: function node 1 counts function node 2, whose function differs",
    NESTED.format("1 0", "1 0", "0 4"): "8:3: error: found function type 4, expected 0 to 3, or 10 to 13",
    NESTED.format(
        "1 0", "1 0", "0 10 0 1"
    ): "8:8: error: found '1', expected '[' before the weights of function node 2",
    NESTED.format("1 0", "1 0", "10 0 [1 2] 0"): "8:9: error: found '2', expected ']' after the 1 weights of function",
    NESTED.format(
        "1 0", "1 0", "0 11 0 [-1]"
    ): "8:3: error: function node 2 of type 11 has a default or weight below 0",
    "#AGG\n1 1 70\n1\n0\n1 0\n1 0\n" + "".join(f"2 {node} {node}\n" for node in range(1, 70)) + "0 " * 70 + "0 5": (
        "error: function node 61 counts an action node more than 1000000000000000000 times"
    ),
}


@pytest.mark.parametrize("text", MISTAKES, ids=MISTAKES.values())
def test_a_mistake_is_named_with_its_place(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse_agg(text, "game.agg")

    assert MISTAKES[text] in str(caught.value)
    assert str(caught.value).startswith("game.agg:")


def test_mistakes_that_leave_the_rest_in_place_are_named_at_once() -> None:
    text = in_place_of("-2 -3", "two 3/0").replace("-4 -6", "four -6 5")

    with pytest.raises(ModelError) as caught:
        parse_agg(text)

    assert [(problem.line, problem.column) for problem in caught.value.problems] == [
        (10, 6),
        (10, 10),
        (11, 6),
        (11, 14),
    ]


def mistakes(text: str) -> tuple[Problem, ...]:
    """What reading complains of; any other error than ModelError goes through and fails the test."""
    try:
        parse_agg(text)
    except ModelError as error:
        return error.problems
    return ()


PIECES = st.lists(st.sampled_from([*"0123[]#x", "-1", "10", "11", "12", "1/2", "\n"])).map(" ".join)


@given(st.text(string.printable + "é") | PIECES.map(lambda pieces: f"#AGG\n{pieces}"))
def test_any_text_is_read_or_refused_in_order(text: str) -> None:
    for problem in mistakes(text):
        assert 1 <= problem.line <= text.count("\n") + 1


@given(action_graphs(), st.integers(0, 10_000), st.sampled_from(["", *"[]#012 -x", "\n"]))
def test_a_damaged_file_is_read_or_refused_in_order(text: str, place: int, new: str) -> None:
    place %= len(text)
    damaged = text[:place] + new + text[place + 1 :]

    for problem in mistakes(damaged):
        assert 1 <= problem.line <= damaged.count("\n") + 1


DECIMALS = st.integers(-(10**30), 10**30).map(lambda number: Fraction(number, 10**15)) | st.sampled_from(
    [Fraction(0), Fraction(-1, 8), Fraction(1, 5**20), Fraction(3, 2**60), Fraction(-7, 10), Fraction(10**40)]
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def games_to_write(draw: st.DrawFn) -> Games:
    """One game of one to four players, exact or not; in some, payoffs are alike for many profiles."""
    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    shape = (1, len(counts), *counts)
    if draw(st.booleans()):
        return strategic(draw(arrays(np.float64, shape, elements=FLOATS)))
    exact = draw(arrays(np.object_, shape, elements=DECIMALS, fill=st.just(Fraction(1))))
    players = tuple(f"p\n{place}" for place in range(len(counts)))
    actions = tuple(tuple(f"#{place}\ud800" for place in range(count)) for count in counts)
    return Games(players, actions, exact.astype(np.float64), "a title\n2 2", exact)


def assert_same_payoffs(back: Games, games: Games) -> None:
    assert np.array_equal(back.payoffs, games.payoffs)
    if games.exact is not None:
        assert back.exact is not None
        assert np.array_equal(back.exact, games.exact)


@given(games_to_write())
@example(strategic(np.array([[[5e-324, -1.7976931348623157e308, 0.1]]])))
def test_reading_gives_back_the_payoffs_that_were_written(games: Games) -> None:
    text = format_agg(games)

    assert_same_payoffs(parse_agg(text), games)
    assert table_of(parse_agg(text)) == Definition(text).table()


@given(action_graphs())
def test_a_game_that_was_read_is_written_and_read_again(text: str) -> None:
    game = parse_agg(text.replace("1/3", "0.3"))

    assert_same_payoffs(parse_agg(format_agg(game)), game)


def symmetric(players: int, size: int, seed: int) -> Games:
    """A random game in which a payoff depends on one's own action and on how many others chose which."""
    rng = np.random.default_rng(seed)
    drawn: dict[Profile, float] = {}
    payoffs = np.empty((players, *[size] * players))
    for player, *profile in np.ndindex(payoffs.shape):
        others = sorted(profile[:player] + profile[player + 1 :])
        payoffs[(player, *profile)] = drawn.setdefault((profile[player], *others), rng.random())
    return strategic(payoffs[np.newaxis])


@pytest.mark.parametrize(("players", "size"), [(2, 3), (3, 2), (4, 3)])
def test_players_of_a_symmetric_game_share_its_nodes(players: int, size: int) -> None:
    games = symmetric(players, size, seed=0)
    text = format_agg(games)

    definition = Definition(text)
    assert (definition.nodes, definition.sets) == (size, [[*range(size)]] * players)
    assert_same_payoffs(parse_agg(text), games)
    changed = games.payoffs.copy()
    changed[0, -1].flat[1] += 1
    assert Definition(format_agg(strategic(changed))).nodes == players * size
    assert_same_payoffs(parse_agg(format_agg(strategic(changed))), strategic(changed))


def test_players_who_tell_the_others_apart_do_not_share_nodes() -> None:
    first = np.random.default_rng(0).normal(size=(2, 2, 2))
    games = strategic(np.stack([first.swapaxes(0, player) for player in range(3)])[np.newaxis])

    assert Definition(format_agg(games)).nodes == 6
    assert_same_payoffs(parse_agg(format_agg(games)), games)


def test_an_action_neighbours_only_the_players_on_whom_its_payoff_depends() -> None:
    row = np.array([[1.0, 2.0], [3.0, 3.0]])  # what the first player gets against the second; the third does not matter
    payoffs = np.stack([np.repeat(row[:, :, None], 3, axis=2), np.zeros((2, 2, 3)), np.arange(12.0).reshape(2, 2, 3)])

    definition = Definition(format_agg(strategic(payoffs[np.newaxis])))

    assert definition.neighbours == [[2, 3], [], [], [], *[[0, 1, 2, 3]] * 3]


def test_a_written_file_is_read_back(tmp_path: Path) -> None:
    game = parse_agg(ROADS)

    write_game(game, tmp_path / "game.AGG")

    assert table_of(read_game(str(tmp_path / "game.AGG"))) == table_of(game)
    assert [file.name for file in tmp_path.iterdir()] == ["game.AGG"]


def one_payoff(payoff: Fraction) -> Games:
    exact = np.full((1, 1, 1), payoff, dtype=object)
    return Games(("one",), (("only",),), np.zeros((1, 1, 1)), "", exact)


@pytest.mark.parametrize(
    ("games", "message"),
    [
        (strategic(np.zeros((2, 2, 1, 1))), "holds one game, found a batch of 2"),
        (strategic(np.full((1, 1, 1), np.nan)), "payoff nan cannot be written"),
        (strategic(np.array([[[[0.0, np.inf]], [[1.0, 2.0]]]])), "payoff inf cannot be written"),
        (one_payoff(Fraction(1, 3)), r"payoff 1/3 has no finite decimal.*write the game as \.nfg"),
        (one_payoff(Fraction(10**5000)), "a payoff of about 500. digits cannot be written"),
        (one_payoff(Fraction(7**3800, 2**2000)), "digits cannot be written; at most 4000"),
    ],
)
def test_a_game_that_cannot_be_written_says_why(games: Games, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        write_game(games, tmp_path / "game.agg")

    assert not list(tmp_path.iterdir())


def test_a_game_that_is_too_large_to_be_read_back_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gametheory.formats.agg_writing.MOST_PAYOFFS", 3)

    with pytest.raises(InputError, match="2 players and 4 payoffs cannot be written as .agg; at most 62 and 3"):
        format_agg(strategic(np.zeros((1, 2, 2, 1))))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("game.bagg", b"#BAGG\n2 2 0", "game.bagg:1:1: error: a Bayesian action-graph game"),
        ("game.agg", b"#AGG\n# caf\xe9", r"game.agg:2:6: error: byte 0xe9 is not UTF-8"),
        ("game.agg", b"#AGG\n2 2 x", r"game.agg:2:5: error: found 'x', expected the number of function nodes"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(GameTheoryError, match=message):
        read_game(tmp_path / name)
