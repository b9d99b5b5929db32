"""Do games travel to files and to nashpy and back unharmed, and is every mistake in a file named with its place?"""

from __future__ import annotations

import os
import string
from fractions import Fraction
from pathlib import Path

import nashpy
import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from hypothesis.extra.numpy import arrays

from gametheory.errors import GameTheoryError, InputError, MissingFileError, ModelError, Problem
from gametheory.formats import (
    format_nfg,
    from_nashpy,
    parse_nfg,
    read_game,
    to_nashpy,
    write_atomically,
    write_game,
)
from gametheory.games import Games, strategic

PAYOFF_FORM = 'NFG 1 R "Selten 1975, figure 2" { "one" "two" } { 3 2 }\n\n1 1 0 2 0 2 1 1 0 3 2 0\n'
OUTCOME_FORM = """NFG 1 R "Selten 1975, figure 2" { "one" "two" }
{ { "1" "2" "3" }
{ "1" "2" }
}
"a comment,
of two lines"
{
{ "both" 1, 1 }
{ "" 0, 2 }
{ "" 0 3 }
{ "" 2, 0, }
}
1 2 2 1 3 4
"""

LABELS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
TRICKY = st.text('a"\\\n {}#/*', min_size=1, max_size=6)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def distinct(count: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(LABELS | TRICKY, min_size=count, max_size=count, unique=True).map(tuple)


@st.composite
def labelled_games(draw: st.DrawFn, *, exact: bool) -> Games:
    """One game of one to four players, with any labels."""
    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    shape = (1, len(counts), *counts)
    players = draw(distinct(len(counts)))
    actions = tuple(draw(distinct(count)) for count in counts)
    title = draw(LABELS | TRICKY | st.just(""))
    if not exact:
        return Games(players, actions, draw(arrays(np.float64, shape, elements=FINITE)), title)
    fractions = draw(arrays(np.object_, shape, elements=st.fractions(-(10**40), 10**40, max_denominator=10**30)))
    return Games(players, actions, fractions.astype(np.float64), title, fractions)


def assert_same(games: Games, other: Games) -> None:
    assert (games.players, games.actions, games.title) == (other.players, other.actions, other.title)
    assert np.array_equal(games.payoffs, other.payoffs)


@given(labelled_games(exact=False))
@example(Games(("\\",), (('"', '\\"', '"\\', "\\\\", "/*", "\ufeff\r\n"),), np.arange(6.0).reshape(1, 1, 6), "\\\\"))
@example(Games(("a",), (("b", "c", "d"),), np.array([[[5e-324, -1.7976931348623157e308, 0.1]]])))
def test_reading_gives_back_what_was_written(games: Games) -> None:
    assert_same(parse_nfg(format_nfg(games)), games)


@given(labelled_games(exact=True))
def test_fractions_survive_a_file_to_the_last_digit(games: Games) -> None:
    back = parse_nfg(format_nfg(games))

    assert_same(back, games)
    assert back.exact is not None
    assert games.exact is not None
    assert np.array_equal(back.exact, games.exact)


def test_a_written_file_is_read_back(tmp_path: Path) -> None:
    game = parse_nfg(PAYOFF_FORM)

    write_game(game, tmp_path / "game.nfg")

    assert_same(read_game(str(tmp_path / "game.nfg")), game)


def test_the_first_players_strategy_changes_fastest() -> None:
    game = parse_nfg(PAYOFF_FORM)

    assert game.payoffs[0, 0].tolist() == [[1, 1], [0, 0], [0, 2]]
    assert game.payoffs[0, 1].tolist() == [[1, 1], [2, 3], [2, 0]]


def test_three_players_keep_their_order() -> None:
    game = parse_nfg('NFG 1 R "" { "x" "y" "z" } { 2 1 3 } ' + " ".join(map(str, range(18))))

    for profile in np.ndindex(2, 1, 3):
        first = 3 * (profile[0] + 2 * profile[2])
        assert game.payoffs[(0, slice(None), *profile)].tolist() == [first, first + 1, first + 2]


def test_both_forms_of_a_file_give_the_same_game() -> None:
    assert_same(parse_nfg(OUTCOME_FORM), parse_nfg(PAYOFF_FORM))


def test_outcome_zero_gives_nothing_to_anyone() -> None:
    game = parse_nfg('NFG 1 R "" { "x" } { 3 } { { "won" 5 } } 0 1 0')

    assert game.payoffs.tolist() == [[[0, 5, 0]]]


@pytest.mark.parametrize(
    "text",
    [
        PAYOFF_FORM.replace("\n", " "),
        PAYOFF_FORM.replace("\n", "\r\n"),
        PAYOFF_FORM.replace(" R ", " D "),
        PAYOFF_FORM.replace("NFG", "nfg"),
        PAYOFF_FORM.replace("{ 3 2 }", '{3 2} "a comment"'),
        PAYOFF_FORM.replace("{ 3 2 }", '{ { "1" "2" "3" } { "1" "2" } } ""'),
        PAYOFF_FORM.replace("{ 3 2 }", '{ { "" "" "" } 2 }'),
        PAYOFF_FORM.replace("1 1 0 2", "1/1, 1.0, -0e5, +2."),
        "/* from\nelsewhere */ # a remark\n// another\n" + PAYOFF_FORM + "/* end **/",
        PAYOFF_FORM.replace("{ 3 2 }", "{3/* strategies */2}# done\n"),
    ],
)
def test_dialects_of_the_format_mean_the_same(text: str) -> None:
    assert_same(parse_nfg(text), parse_nfg(PAYOFF_FORM))


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("0.1", Fraction(1, 10)),
        ("-.5", Fraction(-1, 2)),
        ("2/6", Fraction(1, 3)),
        ("1.25e-3", Fraction(1, 800)),
        ("3E2", Fraction(300)),
        ("123456789012345678901234567890", Fraction(123456789012345678901234567890)),
    ],
)
def test_numbers_are_kept_as_the_file_writes_them(written: str, exact: Fraction) -> None:
    game = parse_nfg(f'NFG 1 R "" {{ "x" }} {{ 1 }} {written}')

    assert game.exact is not None
    assert game.exact[0, 0, 0] == exact
    assert game.payoffs[0, 0, 0] == float(exact)


def test_unnamed_players_and_strategies_are_numbered() -> None:
    game = parse_nfg('NFG 1 R "" { "" "b" "" } { { "" "go" } 1 1 } 0 0 0 0 0 0')

    assert game.players == ("player_1", "b", "player_3")
    assert game.actions == (("1", "go"), ("1",), ("1",))


MISTAKES = {
    "": "1:1: error: the file ends here, expected NFG",
    "GAME 1 R": "1:1: error: found 'GAME', expected NFG",
    'EFG 2 R "" { "x" }': "1:1: error: an extensive game",
    'NFG 2 R ""': "1:5: error: found '2', expected 1, the version",
    'NFG 1 Q ""': "1:7: error: found 'Q', expected R or D",
    "NFG 1 R title": "1:9: error: found 'title', expected the title in quotation marks",
    'NFG 1 R ""\n"x"': "2:1: error: found the text 'x', expected the players",
    'NFG 1 R "" { }': "1:12: error: 0 players",
    'NFG 1 R "" { "x" }': "1:19: error: the file ends here, expected the strategies",
    'NFG 1 R "" { x } { 1 } 0': "1:14: error: found 'x', expected a player in quotation marks",
    'NFG 1 R ""\n{ "x"\n  "x" } { 1 1 } 0 0': "3:3: error: player 'x' stands twice",
    'NFG 1 R "" { "x" } { }': "1:20: error: no strategies",
    'NFG 1 R "" { "x" } { 1 2 } 0': "1:22: error: found strategies for 2 players, expected them for the 1 named",
    'NFG 1 R "" { "x" } { 0 }': "1:22: error: found '0', expected a list of names or a number from 1 up",
    'NFG 1 R "" { "x" } { "2" }': "1:22: error: found the text '2'",
    'NFG 1 R "" { "x" } { { } } 0': "1:22: error: no strategies",
    'NFG 1 R "" { "x" } { { "a" b } } 0 0': "1:28: error: found 'b', expected a strategy in quotation marks",
    'NFG 1 R "" { "x" } { { "a" "a" } } 0 0': "1:28: error: strategy 'a' stands twice",
    'NFG 1 R "" { "x" } { 2 } 0': "1:27: error: found 1, expected 2 payoffs, 1 for each of the 2 profiles",
    'NFG 1 R "" { "x" } { 2 } 0 0\n 7': "2:2: error: found 3, expected 2 payoffs",
    'NFG 1 R "" { "x" } { 2 } 0 nan': "1:28: error: found 'nan', expected a number such as",
    'NFG 1 R "" { "x" } { 2 } 0 1_0': "1:28: error: found '1_0', expected a number",
    'NFG 1 R "" { "x" } { 2 } 0 ٣': "1:28: error: found '٣', expected a number",
    'NFG 1 R "" { "x" } { 1 } 1/0': "1:26: error: '1/0' divides by zero",
    'NFG 1 R "" { "x" } { 1 } 1e999': "1:26: error: '1e999' is too large for a double",
    'NFG 1 R "" { "x" } { 1 } 1e999999999': "1:26: error: '1e999999999' is longer than 4000 digits",
    f'NFG 1 R "" {{ "x" }} {{ 1 }} {"9" * 9_999}': "is longer than 4000 digits",
    'NFG 1 R "" { "x" } { 2 } 0 { 1 }': "1:28: error: found a list, expected a number",
    'NFG 1 R "" { "x" } { 2 } 0 "1"': "1:28: error: found the text '1', expected a number",
    'NFG 1 R "" { "x" } { 2 } { { "" 1 } } 1 2': "1:41: error: found '2', expected the number of an outcome, 0 to 1",
    'NFG 1 R "" { "x" } { 2 } { { "" 1 } } 1 -1': "1:41: error: found '-1', expected the number of an outcome",
    'NFG 1 R "" { "x" } { 2 } { { "" 1 } } 1': "1:40: error: found 1, expected 2 outcome numbers",
    'NFG 1 R "" { "x" } { 1 } { { "" 1 2 } } 1': "1:28: error: outcome 1: found 2 payoffs",
    'NFG 1 R "" { "x" } { 1 } { 5 } 1': "1:28: error: outcome 1: found '5'",
    'NFG 1 R "never closed { "x" }': 'error: " is never closed',
    'NFG 1 R "" { "x"': "1:12: error: '{' is never closed",
    'NFG 1 R "" }': "1:12: error: '}' closes nothing",
    'NFG 1 R "" /* { "x" }': "1:12: error: /* is never closed",
    "{" * 100_000: "1:4: error: lists are nested more than 3 deep",
}


@pytest.mark.parametrize("text", MISTAKES, ids=[text[-30:] for text in MISTAKES])
def test_a_mistake_is_named_with_its_place(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse_nfg(text, "game.nfg")

    assert MISTAKES[text] in str(caught.value)
    assert str(caught.value).startswith("game.nfg:")


def test_all_mistakes_are_named_at_once() -> None:
    text = 'NFG 1 R "" { "x" "x" } { { "a" "a" } 1 }\n1 two 3\nfour'

    with pytest.raises(ModelError) as caught:
        parse_nfg(text, "game.nfg")

    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(1, 18), (1, 32), (2, 3), (3, 1)]


def test_a_flood_of_mistakes_is_cut_short() -> None:
    with pytest.raises(ModelError, match="401 more mistakes") as caught:
        parse_nfg('NFG 1 R "" { "x" } { 500 } ' + "x " * 500)

    assert len(caught.value.problems) == 100


def test_a_game_that_the_file_cannot_hold_is_refused_before_memory_is_asked_for() -> None:
    with pytest.raises(ModelError, match="found 1, expected 2000000000000000000000000000000 payoffs"):
        parse_nfg('NFG 1 R "" { "x" "y" } { 1000000000000000 1000000000000000 } 0')


def mistakes(text: str) -> tuple[Problem, ...]:
    """What reading complains of; any other error than ModelError goes through and fails the test."""
    try:
        parse_nfg(text)
    except ModelError as error:
        return error.problems
    return ()


PIECES = st.lists(st.sampled_from([*'{}"\\#', "NFG 1 R", '""', '"a"', "1", "1/2", "\n"])).map(" ".join)


@given(st.text(string.printable + "é") | PIECES | PIECES.map(lambda pieces: f'NFG 1 R "" {pieces}'))
def test_any_text_is_read_or_refused_in_order(text: str) -> None:
    for problem in mistakes(text):
        assert 1 <= problem.line <= text.count("\n") + 1


@given(st.integers(0, len(OUTCOME_FORM) - 1), st.sampled_from(["", *'{}"\\ 9x,']))
def test_a_damaged_file_is_read_or_refused_in_order(place: int, new: str) -> None:
    for problem in mistakes(OUTCOME_FORM[:place] + new + OUTCOME_FORM[place + 1 :]):
        assert 1 <= problem.line <= OUTCOME_FORM.count("\n") + 1


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("none.nfg", None, MissingFileError, "no file '.*none.nfg'"),
        ("tree.EFG", b"EFG 2 R", ModelError, r"tree.EFG:1:8: error: the file ends here, expected the title"),
        ("tree.nfg", b'EFG 2 R "" { "x" }', ModelError, "tree.nfg:1:1: error: an extensive game"),
        ("old.nfg", b'NFG 1 R\n"caf\xe9"', ModelError, r"old.nfg:2:5: error: byte 0xe9 is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    name: str, content: bytes | None, error: type[GameTheoryError], message: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(error, match=message):
        read_game(tmp_path / name)


def test_a_folder_is_not_a_game(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_game(tmp_path)


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "game.nfg").write_bytes(PAYOFF_FORM.encode("utf-8-sig"))

    assert_same(read_game(tmp_path / "game.nfg"), parse_nfg(PAYOFF_FORM))


TWO = np.zeros((2, 2, 1, 1))


@pytest.mark.parametrize(
    ("games", "name", "message"),
    [
        (strategic(TWO), "two.nfg", "holds one game, found a batch of 2"),
        (strategic(TWO)[:0], "none.nfg", "found a batch of 0"),
        (strategic(TWO[:1]), "game.efg", "no tree to write; write it as .nfg"),
        (strategic(TWO[:1]), "game.txt", r"name that ends in .nfg, .agg or .efg"),
        (strategic(TWO[:1] + np.inf), "game.nfg", "payoff inf cannot be written"),
        (strategic(TWO[:1], players=["a", "\ud800"]), "game.nfg", "no Unicode character"),
    ],
)
def test_a_game_that_cannot_be_written_says_why(games: Games, name: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        write_game(games, tmp_path / name)

    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"no folder '.*nowhere'; create it first"):
        write_game(parse_nfg(PAYOFF_FORM), tmp_path / "nowhere" / "game.nfg")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "game.nfg"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        write_atomically(path, b"new")

    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["game.nfg"]


def test_writing_replaces_the_old_file_and_follows_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "game.nfg", tmp_path / "link.nfg"
    path.write_bytes(b"old")
    link.symlink_to(path)

    write_atomically(link, b"new")

    assert path.read_bytes() == b"new"
    assert link.is_symlink()


@given(arrays(np.float64, (1, 2, 3, 2), elements=FINITE))
def test_nashpy_gives_back_what_it_was_given(payoffs: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    assert np.array_equal(from_nashpy(to_nashpy(strategic(payoffs))).payoffs, payoffs)


def test_a_zero_sum_game_of_nashpy_has_two_payoffs() -> None:
    games = from_nashpy(nashpy.Game([[3, 0], [5, 1]]))

    assert games.payoffs.tolist() == [[[[3, 0], [5, 1]], [[-3, 0], [-5, -1]]]]


@pytest.mark.parametrize(
    ("games", "message"),
    [
        (strategic(np.zeros((1, 3, 2, 2, 2))), "games of 2 players, found 3: player_1, player_2, player_3"),
        (strategic(TWO), "one game, found a batch of 2"),
    ],
)
def test_what_nashpy_cannot_hold_is_refused(games: Games, message: str) -> None:
    with pytest.raises(InputError, match=message):
        to_nashpy(games)
