"""Does every public noun show itself in a notebook: tables with captions and headings, all texts escaped, and true?"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.markup import MOST_ROWS, tabulated
from gametheory.reader import problems, read
from tests.sweeping import SMALL, chicken

BAD = "<script>alert(1)</script>"
TIED = """
correlations: [{between: [p, t], rank: 0.5, source: SOURCE, mark: A}]
"""


class Page(HTMLParser):
    """The tables of a view: their captions, and their cells with the scope of those that are headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[dict[str, Any]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "table":
            self.tables.append({"caption": "", "rows": [], "scopes": []})
        elif tag == "tr":
            self.tables[-1]["rows"].append([])
        elif tag in ("td", "th"):
            self.tables[-1]["rows"][-1].append("")
            if tag == "th":
                self.tables[-1]["scopes"].append(dict(attrs).get("scope"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "caption" in self.open:
            self.tables[-1]["caption"] += data
        elif {"td", "th"} & set(self.open):
            self.tables[-1]["rows"][-1][-1] += data


def facts(html: str) -> dict[str, str]:
    """The facts of a view of one thing."""
    (only,) = Page(html).tables
    return {row[0]: row[1] for row in only["rows"]}


def bad_model() -> gt.Model:
    """A model in which somebody wrote a script wherever a text may stand."""
    text = chicken().text.replace("source: example", f"source: '{BAD}'").replace("meaning: m", f"meaning: '{BAD}'")
    text = text.replace("title: Chicken", f"title: {BAD} Chicken").replace("unit: u", f"unit: '{BAD}'")
    return read(text + TIED.replace("SOURCE", f"'{BAD}'"))


def bad_games() -> gt.Games:
    """Matching pennies with such names."""
    pennies = [[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]
    return gt.strategic(pennies, players=[BAD, "other"], actions=[[BAD, "b"], ["c", "d"]], title=BAD)


NOUNS: dict[str, Callable[[], Any]] = {
    "Certificate": lambda: gt.solve(bad_games()).certificates[0],
    "Certificates": lambda: gt.solve(bad_games()).certificates,
    "Correlation": lambda: bad_model().correlations[0],
    "Finding": lambda: gt.FINDINGS["bargaining"],
    "Games": bad_games,
    "Joint": lambda: bad_model().joint,
    "Law": lambda: gt.Law("pert", low=0, mode=1, high=4),
    "Model": bad_model,
    "Parameter": lambda: bad_model().parameters["p"],
    "Problem": lambda: problems(f"title: {BAD}", "model.yaml")[0],
    "Scheme": lambda: gt.scheme("sobol", bad_model(), 100),
    "Solutions": lambda: gt.solve(bad_games()),
    "Solver": lambda: gt.SOLVERS["logit"],
    "Sweep": lambda: gt.sweep(bad_model(), samples=SMALL, block=SMALL, orders=["nato"]),
}


# Finding -> the game that it is asked about, and what its view must say.
ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "bargaining": ({}, "Agreement by nash"),
    "correlated": ({"values": [[1.0, 0.0], [0.0, 1.0]]}, "Bounds over all correlated equilibria"),
    "evolution": ({}, "evolutionarily stable"),
    "guarantees": ({}, "payoff that is sure"),
    "learning": ({"rounds": 5}, "fictitious play up to time"),
    "logit_branch": ({}, "Principal logit branch"),
    "rationalizable": ({}, "Rationalizable actions"),
}


def coordination() -> gt.Games:
    """Two players with the same two actions, one of them with a script for a name; both want to do alike."""
    payoffs = [[[2.0, 0.0], [0.0, 1.0]], [[2.0, 0.0], [0.0, 1.0]]]
    return gt.strategic(payoffs, players=[BAD, "other"], actions=[[BAD, "b"], [BAD, "b"]])


@pytest.mark.parametrize("name", gt.FINDINGS)
def test_what_is_found_shows_captioned_tables_and_no_script(name: str) -> None:
    options, said = ANSWERS[name]
    answer: Any = gt.finding(name)(coordination(), **options)
    html = answer._repr_html_()
    page = Page(html)

    assert said in html
    assert all(own["caption"].strip() and len(own["rows"]) > 1 for own in page.tables)
    assert page.tables
    assert "<script" not in html


def test_views_of_what_is_found_hold_its_numbers() -> None:
    games = coordination()
    turned = gt.strategic(np.concatenate([games.payoffs, games.payoffs[:, :, ::-1, ::-1]]), players=["he", "she"])
    both = Page(gt.finding("guarantees")(turned)._repr_html_()).tables[0]["rows"]  # type: ignore[attr-defined]
    sure = Page(gt.finding("guarantees")(games)._repr_html_()).tables[0]["rows"]  # type: ignore[attr-defined]
    rests = Page(gt.finding("evolution")(games)._repr_html_()).tables[0]["rows"]  # type: ignore[attr-defined]

    assert [row[2] for row in sure[1:]] == ["0.666667", "0.666667"]  # 2/3, by playing the first with 1/3
    assert sure[1][3] == f"0.3333 {BAD} + 0.6667 b"
    assert [(row[0], row[3]) for row in both[1::2]] == [("0", "0.3333 a1 + 0.6667 a2"), ("1", "0.6667 a1 + 0.3333 a2")]
    assert sorted((row[1], row[2]) for row in rests[1:]) == sorted(
        [(BAD, "yes"), ("b", "yes"), (f"0.3333 {BAD} + 0.6667 b", "no")]
    )


@pytest.mark.parametrize("name", NOUNS)
def test_a_noun_shows_captioned_tables_with_headings_and_no_script(name: str) -> None:
    noun = NOUNS[name]()
    html = noun._repr_html_()
    page = Page(html)

    assert type(noun).__name__ == name
    assert page.tables
    assert all(own["caption"].strip() for own in page.tables)
    assert all(scope in ("row", "col", "rowgroup", "colgroup") for own in page.tables for scope in own["scopes"])
    assert "<script" not in html


def test_every_public_noun_has_a_view() -> None:
    classes = [own for own in (getattr(gt, name) for name in gt.__all__) if inspect.isclass(own)]
    assert not [own for own in classes if not hasattr(own, "_repr_html_") and not issubclass(own, Exception)]


def test_a_law_shows_its_numbers_its_range_and_its_middle() -> None:
    law = gt.Law("uniform", low=0, high=10)
    shown = facts(law._repr_html_())

    assert (shown["low"], shown["high"], shown["possible values"]) == ("0", "10", "0 to 10")
    assert [float(part) for part in shown["5, 50 and 95 %"].split(", ")] == pytest.approx([0.5, 5.0, 9.5])
    assert "5, 50 and 95 %" not in facts(gt.Law("interval", low=0, high=1)._repr_html_())
    assert "5, 50 and 95 %" not in facts(gt.Law("fixed", value=2)._repr_html_())


def test_a_parameter_says_what_its_mark_means_and_leaves_out_what_is_not_known() -> None:
    shown = facts(chicken().parameters["p"]._repr_html_())

    assert shown["mark"].startswith("A: assumption of the analyst")
    assert shown["value"] == "0.3 u"
    assert "quote" not in shown


def test_certificates_count_every_verdict_and_tell_reasons() -> None:
    payoffs = np.array([[[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]] * 3)
    payoffs[1] = np.nan
    certificates = gt.solve(gt.strategic(payoffs, players=["even", "odd"])).certificates
    (only,) = Page(certificates._repr_html_()).tables

    counts = [(row[0], row[1], row[3]) for row in only["rows"][1:]]
    assert counts == [("complete", "2", certificates.reason[0]), ("failed", "1", certificates.reason[1])]


def test_many_solutions_say_how_many_are_not_shown() -> None:
    pennies = np.array([[[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]] * (MOST_ROWS + 7))
    html = gt.solve(gt.strategic(pennies))._repr_html_()

    (only,) = Page(html).tables
    assert len(only["rows"]) == 1 + MOST_ROWS
    assert html.endswith("<p>7 more rows not shown</p>")


def test_a_table_with_nothing_left_out_says_nothing_of_it() -> None:
    assert tabulated("t", ["a"], [("x",)], more=1).endswith("1 more row not shown</p>")
    assert "not shown" not in tabulated("t", ["a"], [("x",)])
