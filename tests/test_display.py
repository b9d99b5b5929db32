"""Does the payoff table, on a page and in a terminal, say what the game says, to every kind of reader?"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from numpy.typing import NDArray

from gametheory.games import Games, strategic
from gametheory.games.display import number_format, payoff_table_html, payoff_table_text

DILEMMA = np.array([[[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]]])
TWO = (["row", "column"], [["stay", "go"], ["stay", "go"]])


class Cells(HTMLParser):
    """Collects the cells of all tables with their attributes and whatever stands inside them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[tuple[str, dict[str, str], str]] = []
        self.open: list[str] = []
        self.counts: dict[str, int] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if tag in ("td", "th"):
            self.cells.append((tag, {name: value or "" for name, value in attrs}, ""))
        elif {"td", "th"} & set(self.open):
            self._add(f"<{tag}>")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self._add(data)

    def _add(self, text: str) -> None:
        tag, attributes, own = self.cells[-1]
        self.cells[-1] = (tag, attributes, own + text)


def cells_of(html: str) -> list[str]:
    """The payoff cells, without the empty corner."""
    return [text for tag, _, text in Cells(html).cells if tag == "td" and text]


def three_players() -> NDArray[np.float64]:
    """A game of three players in which acting alike pays everybody one."""
    payoffs = np.zeros((1, 3, 2, 2, 2))
    payoffs[:, :, 0, 0, 0] = payoffs[:, :, 1, 1, 1] = 1.0
    return payoffs


def test_best_responses_are_bold_and_underlined_and_nothing_else_is() -> None:
    assert cells_of(payoff_table_html(*TWO, DILEMMA)) == [
        "3, 3",
        "0, <b><u>5",
        "<b><u>5, 0",
        "<b><u>1, <b><u>1 <span>★",
    ]


def test_an_equilibrium_has_a_star_and_a_thicker_border_than_any_other_cell() -> None:
    cells = [
        (attrs["style"], text)
        for tag, attrs, text in Cells(payoff_table_html(*TWO, DILEMMA)).cells
        if tag == "td" and text
    ]
    thick = {text: int(re.findall(r"border:(\d+)px", style)[0]) for style, text in cells}

    starred = [text for text in thick if "★" in text]
    assert len(starred) == 1
    assert thick[starred[0]] > max(width for text, width in thick.items() if text not in starred)


def test_every_heading_has_a_scope_and_every_table_a_caption() -> None:
    for payoffs in (DILEMMA, three_players()):
        games = strategic(payoffs)
        parsed = Cells(payoff_table_html(games.players, games.actions, games.payoffs))

        assert all(attributes.get("scope") for tag, attributes, _ in parsed.cells if tag == "th")
        assert parsed.counts["table"] == parsed.counts["caption"]


def test_script_in_any_label_stays_text() -> None:
    bad = "<script>alert(1)</script>"

    html = payoff_table_html([bad, bad], [[bad, "a"], [bad, "b"]], DILEMMA, title=bad)

    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 6


def test_a_batch_says_how_many_games_there_are_and_shows_the_first() -> None:
    batch = np.concatenate([DILEMMA, DILEMMA + 10.0])

    for table in (payoff_table_html(*TWO, batch, "Dilemma"), payoff_table_text(*TWO, batch, "Dilemma")):
        assert "Dilemma: game 1 of 2" in table
        assert "13" not in table


def test_more_players_get_one_slice_for_each_action_of_the_others() -> None:
    games = strategic(three_players(), players=["a", "b", "c"])

    html, text = payoff_table_html(games.players, games.actions, games.payoffs), str(games)

    assert Cells(html).counts["table"] == 2
    assert "c: a1" in html
    assert "c: a2" in html
    assert len([cell for cell in cells_of(html) if "★" in cell]) == 2
    assert text.count("*_1_,_1_,_1_") == 2


def test_a_lone_player_has_one_column() -> None:
    assert cells_of(payoff_table_html(["only"], [["a", "b"]], np.array([[[1.0, 2.0]]]))) == ["1", "<b><u>2 <span>★"]
    assert "*_2_" in payoff_table_text(["only"], [["a", "b"]], np.array([[[1.0, 2.0]]]))


def test_a_game_too_large_for_a_screen_says_what_it_leaves_out() -> None:
    games = strategic(np.zeros((2, 40, 15)))

    for table in (games._repr_html_(), str(games)):
        assert "Not shown: 10 more actions of player_1, 3 more actions of player_2." in table


def test_no_best_response_is_marked_where_a_payoff_is_not_finite() -> None:
    for value in (np.nan, np.inf, -np.inf):
        payoffs = DILEMMA.copy()
        payoffs[0, 0, 0, 0] = value

        html = payoff_table_html(*TWO, payoffs)

        assert not any("<b>" in cell for cell in cells_of(html))
        assert "not looked for" in html


def test_an_empty_batch_is_shown_as_such() -> None:
    assert "a batch of no games" in payoff_table_html(*TWO, DILEMMA[:0])
    assert "a batch of no games" in payoff_table_text(*TWO, DILEMMA[:0])


def test_the_columns_of_the_text_table_are_aligned() -> None:
    rng = np.random.default_rng(0)
    lines = str(
        strategic(
            rng.normal(size=(2, 4, 3)) * [[[1]], [[1_000]]], actions=[["a", "long_action", "b", "c"], ["x", "y", "z"]]
        )
    )
    rows = lines.splitlines()[1:6]

    for mark in (",", "."):
        places = {tuple(place for place, letter in enumerate(row) if letter == mark) for row in rows[1:]}
        assert len(places) == 1, mark


@pytest.mark.parametrize(
    ("values", "value", "text"),
    [
        ([1.0, -3.0], -0.0, "0"),
        ([0.5, 23.93], 0.1421, "0.142"),
        ([0.0001], 0.00012345, "0.0001234"),
        ([2e12], 2e12, "2e+12"),
    ],
)
def test_numbers_are_written_alike_and_never_as_minus_zero(values: list[float], value: float, text: str) -> None:
    assert number_format(np.array(values))(value) == text


def test_games_show_themselves_with_these_tables() -> None:
    games = Games(("row", "column"), (("stay", "go"), ("stay", "go")), DILEMMA, "Dilemma")

    assert games._repr_html_() == payoff_table_html(*TWO, DILEMMA, "Dilemma")
    assert str(games) == payoff_table_text(*TWO, DILEMMA, "Dilemma")
