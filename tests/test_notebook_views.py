"""Does every public noun show itself in a notebook: tables with captions and headings, all texts escaped, and true?"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import gametheory as gt
from gametheory.checkup import Check, Checkup
from gametheory.markup import MOST_ROWS, tabulated
from gametheory.reader import problems, read
from tests.sweeping import CONSTRAINT, SMALL, chicken

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


def bad_trees() -> gt.ExtensiveGames:
    """A challenge that may be fought, in which three things bear a script for a name."""
    return gt.parse_efg(
        f'''EFG 2 R "{BAD}" {{ "{BAD}" "other" }}
        p "" 1 1 "{BAD}" {{ "{BAD}" "out" }} 0
        p "" 2 1 "reply" {{ "{BAD}" "b" }} 0
        t "" 1 "{BAD}" {{ 2, 1 }}
        t "" 2 "x" {{ -1, -1 }}
        t "" 3 "y" {{ 0, 3 }}'''
    )


def bad_systems(count: int = 1) -> gt.AnalyticGames:
    """Games of equations with such a title."""
    return replace(gt.load("crisis_signalling").systems(receiver_fights=np.full(count, -2.9)), title=BAD)


NOUNS: dict[str, Callable[[], Any]] = {
    "AgentBranch": lambda: gt.agent_branch(bad_trees()),
    "AnalyticGames": bad_systems,
    "AnalyticSolutions": lambda: gt.solve(bad_systems()),
    "Certificate": lambda: gt.solve(bad_games()).certificates[0],
    "Certificates": lambda: gt.solve(bad_games()).certificates,
    "Checkup": lambda: Checkup((Check(BAD, BAD, BAD, "failed", BAD),)),
    "Claim": lambda: gt.Claim("c", BAD, contested=True),
    "Constraint": lambda: read(chicken().text + CONSTRAINT.replace("example", f"'{BAD}'")).constraints["dear"],
    "Correlation": lambda: bad_model().correlations[0],
    "Finding": lambda: gt.FINDINGS["bargaining"],
    "Games": bad_games,
    "InformationSet": lambda: bad_trees().tree.sets[0],
    "Joint": lambda: bad_model().joint,
    "Law": lambda: gt.Law("pert", low=0, mode=1, high=4),
    "Measure": lambda: gt.Measure("m", "probability", {BAD: (BAD,)}),
    "Model": bad_model,
    "Parameter": lambda: bad_model().parameters["p"],
    "Player": lambda: gt.Player("p", BAD, (BAD,)),
    "Problem": lambda: problems(f"title: {BAD}", "model.yaml")[0],
    "Scheme": lambda: gt.scheme("sobol", bad_model(), 100),
    "Solutions": lambda: gt.solve(bad_games()),
    "Solver": lambda: gt.SOLVERS["logit"],
    "Sweep": lambda: gt.sweep(bad_model(), samples=SMALL, block=SMALL, orders=["nato"]),
    "Threat": lambda: next(own[0] for own in gt.solve(bad_trees()).threats if own),
    "Tree": lambda: bad_trees().tree,
    "TreeSolutions": lambda: gt.solve(bad_trees()),
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
    assert not re.search(r"[^-]color:|background|<font", re.sub(r"<svg.*?</svg>", "", html))  # the page's own colours


def test_every_public_noun_has_a_view() -> None:
    classes = [own for own in (getattr(gt, name) for name in gt.__all__) if inspect.isclass(own)]
    assert not [own for own in classes if not hasattr(own, "_repr_html_") and not issubclass(own, Exception)]


def test_a_tree_keeps_a_size_that_can_be_read_and_moves_in_its_frame() -> None:
    solved = gt.solve(bad_trees())
    for html in (bad_trees()._repr_html_(), solved._repr_html_()):
        least, wide = (float(re.search(f"{name}(\\d+)", html)[1]) for name in ("<svg style='min-width:", "width='"))  # type: ignore[index]

        assert 0.75 * wide <= least <= 0.85 * wide
        assert re.search(r'<div role="region"[^>]*tabindex="0" style="overflow-x:auto"><svg', html)


@pytest.mark.parametrize("name", NOUNS)
def test_what_a_console_shows_of_a_noun_is_short(name: str) -> None:
    assert len(repr(NOUNS[name]())) < 700


@pytest.mark.parametrize("name", ["learning", "logit_branch"])
def test_what_a_console_shows_of_a_long_path_is_short(name: str) -> None:
    options, _ = ANSWERS[name]

    assert len(repr(gt.finding(name)(coordination(), **options))) < 100
    assert len(repr(gt.load("involvement_response").joint)) < 100


def test_numbers_of_nodes_sets_and_actions_are_called_numbers() -> None:
    threat, place = NOUNS["Threat"](), NOUNS["InformationSet"]()

    assert facts(place._repr_html_())["node numbers"] == "0"
    assert facts(threat._repr_html_())["number of the action"] == str(threat.action)


def test_a_view_of_one_game_ends_with_its_certificate_and_one_of_many_names_the_game_in_each_row() -> None:
    for games in (bad_trees(), bad_systems(), bad_games()):
        solutions: Any = gt.solve(games)
        (only,) = Page(html := solutions._repr_html_()).tables

        assert "game" not in only["rows"][0]
        assert len(only["rows"]) == 1 + len(solutions)
        assert f"{solutions.certificates[0].verdict}: " in html
        assert solutions.certificates[0].reason in html
    (many,) = Page(gt.solve(bad_systems(2))._repr_html_()).tables
    assert [row[0] for row in many["rows"]] == ["game", "0", "0", "0", "1", "1", "1"]


def test_a_view_of_solutions_of_trees_gives_each_information_set_a_line_and_says_what_is_drawn() -> None:
    solutions = gt.solve(bad_trees())
    (only,) = Page(html := solutions._repr_html_()).tables

    assert [row[0].split(";\n") for row in only["rows"][1:]] == [
        [f"{own.name}: {text}" for own, text in zip(solutions.tree.sets, solutions.profile(s).split(", "), strict=True)]
        for s in range(len(solutions))
    ]
    assert "threats" in only["rows"][0]
    assert "beliefs" not in only["rows"][0]  # every set has one node
    assert "Drawn: the first of 3 solutions" in html
    assert html.count("<svg") == 1


def test_a_tree_too_large_to_be_drawn_shows_its_information_sets() -> None:
    large = gt.load("returning_challenger").trees()
    drawn, listed = large._repr_html_(), replace(large, title=BAD)[:0]._repr_html_()

    assert "<svg" in drawn
    assert "<svg" not in listed
    assert len(Page(listed).tables[0]["rows"]) == 1 + len(large.tree.sets)


def test_a_model_shows_its_claims_and_only_the_columns_that_it_has() -> None:
    model = gt.load("involvement_response")
    tables = {own["caption"]: own["rows"] for own in Page(model._repr_html_()).tables}
    claims = tables["Claims to be tested, none of them taken as true"]

    assert [(row[0], row[4]) for row in claims[1:]] == [
        (name, "yes" if claim.contested else "") for name, claim in model.claims.items()
    ]
    assert tables["Players"][0] == ["player", "label", "actions"]
    tree = gt.load("asymmetric_escalation")._repr_html_()
    assert Page(tree).tables[0]["rows"][0] == ["player", "label"]


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
    assert html.endswith("<p>… 7 more rows not shown</p>")


def test_a_table_with_nothing_left_out_says_nothing_of_it() -> None:
    assert tabulated("t", ["a"], [("x",)], more=1).endswith("1 more row not shown</p>")
    assert "not shown" not in tabulated("t", ["a"], [("x",)])
