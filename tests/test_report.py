"""Is the page honest, whole and readable: true sentences, valid HTML, nothing from the network, the same bytes?

The frames are made up, in the shape of those that the analyses return, so that every case can be put to the sentences.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gametheory.errors import InputError
from gametheory.figures.orders import flips_message
from gametheory.model import Model
from gametheory.reader import read
from gametheory.report import analyse, sentences, solved, tables, write
from gametheory.report.changes import overturn, still, sweeps, tip
from gametheory.report.phrases import Names, inside_sentence, names_of, played, support

NAMES = Names(("nato", "russia"), {"nato": "NATO", "russia": "Russia"})
ORDERS = ("simultaneous", "nato", "russia")
PROVENANCE = {"version": "0.1.0", "seed": 0, "packages": {"numpy": "2.0", "pandas": "3.0"}, "command": "analyse x.yaml"}

MODEL = """\
format: gametheory/1
title: Aid & <risk>
question: When does aid stop paying?
form: strategic
as_of: 2024-12-01
players:
  nato: {label: NATO, actions: [limited_aid, surge]}
  russia: {label: Russia, actions: [carry_on, strike_nato_assets]}
parameters:
  escalation_risk:
    value: 0.02
    law: {kind: loguniform, low: 0.0001, high: 0.1}
    unit: probability
    meaning: how readily friction becomes war
    source: '=analyst assumption'
    mark: A
    label: Escalation risk
  stake_russia:
    value: 1.2
    law: {kind: uniform, low: 0.6, high: 2.5}
    unit: units of NATO
    meaning: what is at stake for Russia in Ukraine
    source: derived
    mark: D
quantities:
  war: escalation_risk * stake_russia
payoffs:
  nato: [["3", "0"], ["5", "1 - war"]]
  russia: [["3", "5"], ["0", "1 - war"]]
measures:
  nuclear_use: {probability: {russia: [strike_nato_assets]}}
  war: {expected: war}
claims:
  retreat:
    essay: [E3]
    text: Russia steps back
    holds: {order: nato, given: {nato: [surge]}, expect: {russia: [carry_on]}}
    contested: true
"""


def model() -> Model:
    return read(MODEL)


def base_frame(
    profiles: dict[str, list[str]] | None = None, verdict: str = "complete", tags: str = "pure"
) -> pd.DataFrame:
    told = profiles or {
        "simultaneous": ["surge, carry_on"],
        "nato": ["limited_aid, strike_nato_assets"],
        "russia": ["surge, carry_on"],
    }
    rows = [
        (order, "nash", number, profile, 0.5, 0.25, 0.0, 1, 0, tags, verdict, 0.0, 0.1)
        for order, own in told.items()
        for number, profile in enumerate(own)
    ]
    columns = [
        "order",
        "concept",
        "solution",
        "profile",
        "payoff_nato",
        "payoff_russia",
        "regret",
        "index",
        "component",
    ]
    frame = pd.DataFrame(rows, columns=[*columns, "tags", "verdict", "measure_nuclear_use", "measure_war"])
    frame[["index", "component"]] = frame[["index", "component"]].astype("Int64")
    reason = ": a payoff is not a finite number"
    verdicts = {f"{order} nash": verdict if told.get(order) else f"failed{reason}" for order in ORDERS}
    frame.attrs.update(verdicts=verdicts, notes=["every solution is listed"])
    return frame


def outcomes_frame() -> pd.DataFrame:
    rows = [
        ("simultaneous", "surge, carry_on", True, 0.231, 0.241, 0.003, 0.003),
        ("simultaneous", "limited_aid+surge, carry_on", False, 0.5, 0.6, 0.004, 0.004),
        ("nato", "limited_aid, strike_nato_assets", True, 0.18, 0.18, 0.0027, 0.0027),
        ("russia", "surge, carry_on", True, 1.0, 1.0, 0.0, 0.0),
    ]
    frame = pd.DataFrame(rows, columns=["order", "profile", "pure", "lower", "upper", "lower_se", "upper_se"])
    frame.attrs.update(failed={"simultaneous": 0.01, "nato": 0.0, "russia": 0.0}, notes=["draws are independent"])
    return frame


def margins_frame() -> pd.DataFrame:
    rows = [
        (
            "simultaneous",
            0,
            "surge, carry_on",
            "nato",
            "deviation",
            "surge -> limited_aid",
            "against carry_on",
            0.03,
            0.001,
        ),
        (
            "nato",
            0,
            "limited_aid, carry_on",
            "russia",
            "reply",
            "carry_on -> strike_nato_assets",
            "after surge",
            0.0,
            0.0,
        ),
        (
            "russia",
            0,
            "0.1 surge + 0.9 limited_aid, carry_on",
            "nato",
            "mixing",
            "mixes surge",
            "against carry_on",
            0.1,
            0.1,
        ),
    ]
    columns = ["order", "solution", "profile", "player", "kind", "deviation", "setting", "margin", "relative"]
    return pd.DataFrame(rows, columns=columns)


def flips_frame(*outcomes: str) -> pd.DataFrame:
    told = outcomes or ("surge, carry_on", "limited_aid, strike_nato_assets", "surge, carry_on")
    rows = [
        (order, "nash", text, 0.1, 0.2, 0.25, 0.25, order == "nato") for order, text in zip(ORDERS, told, strict=True)
    ]
    rows += [("nato", "commitment", "0.5 surge + 0.5 limited_aid, carry_on", 0.9, 0.9, 0.1, 0.1, False)]
    payoffs = [f"payoff_{player}_{end}" for player in ("nato", "russia") for end in ("lower", "upper")]
    return pd.DataFrame(rows, columns=["order", "concept", "outcome", *payoffs, "ties"])


def tip_frame(*values: float, orders: tuple[str, ...] = ORDERS) -> pd.DataFrame:
    rows = [
        ("escalation_risk", "simultaneous", value, "nato", "nato: surge -> limited_aid, against carry_on",
         ("surge, carry_on",), ("limited_aid, carry_on",), False)
        for value in values
    ]  # fmt: skip
    columns = ["parameter", "order", "value", "player", "binding", "before", "after", "exact"]
    frame = pd.DataFrame(rows, columns=columns)
    present = {order: ["surge, carry_on"] for order in orders}
    frame.attrs.update(parameter="escalation_risk", low=1e-4, high=0.1, present=present, notes=["found numerically"])
    return frame


def region_frame(order: str) -> pd.DataFrame:
    rows = [(0, 0.01, y, "nato", "nato: surge -> bridge, against carry_on") for y in (1.0, 2.0)]
    frame = pd.DataFrame(rows, columns=["curve", "escalation_risk", "stake_russia", "player", "binding"])
    grid = {"x": [0.001, 0.01, 0.1], "y": [1.0, 2.0], "region": [[0, 0, 1]] * 2}
    frame.attrs.update(order=order, grid=grid, outcomes=["surge, carry_on", "failed"])
    return frame


def area_frame(order: str, of: str = "the joint law of escalation_risk and stake_russia") -> pd.DataFrame:
    rows = [(order, "surge, carry_on", 2 / 3, 1e-6, of), (order, "failed", 1 / 3, 1e-6, of)]
    frame = pd.DataFrame(rows, columns=["order", "outcome", "share", "error", "of"])
    frame.attrs.update(order=order)
    return frame


def multiplicity_frame() -> pd.DataFrame:
    rows = [("simultaneous", 0.1, 0.8, 0.07, 0.01, 0.02), ("nato", 0.0, 1.0, 0.0, 0.0, 0.0)]
    return pd.DataFrame(rows, columns=["order", "none", "one", "several", "failed", "varies"])


def measures_frame() -> pd.DataFrame:
    rows = [("simultaneous", "nuclear_use", 0.0004, 0.0005, 1e-5, 2e-5), ("nato", "nuclear_use", 0.0, 0.0, 0.0, 0.0)]
    frame = pd.DataFrame(rows, columns=["order", "measure", "lower", "upper", "lower_se", "upper_se"])
    frame.attrs.update(verdicts={"simultaneous": {"complete": 9}, "nato": {"complete": 8, "degenerate-complete": 1}})
    return frame


def claims_frame() -> pd.DataFrame:
    rows = [
        ("retreat", "Russia steps back", "E3", True, "nato", "all", 0.35, 0.02, 0.62, 0.01, 0.003, "a verdict"),
        ("always", "NATO gives aid", "", False, "simultaneous", "all", 1.0, 0.0, 0.0, 0.0, 0.0, "a verdict"),
    ]
    columns = ["claim", "text", "essay", "contested", "order", "base", "all", "some", "none", "failed", "se", "verdict"]
    return pd.DataFrame(rows, columns=columns)


def frames() -> dict[str, Any]:
    return {
        "base_case": base_frame(),
        "margins": margins_frame(),
        "flips": [flips_frame(), flips_frame().assign(escalation_risk=0.02)],
        "tip": [tip_frame(0.0213, 0.05), tip_frame().assign(parameter="escalation_risk")],
        "regions": [region_frame("simultaneous"), region_frame("nato")],
        "region_areas": [area_frame("simultaneous"), area_frame("nato")],
        "outcomes": outcomes_frame(),
        "multiplicity": multiplicity_frame(),
        "measure_ranges": measures_frame(),
        "claims": claims_frame(),
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the full set of frames."""
    out = tmp_path_factory.mktemp("report")
    return write(model(), frames(), out, provenance=PROVENANCE).read_text(encoding="utf-8")


class Outline(HTMLParser):
    """Checks the nesting of a page and collects its headings, identifiers, links, pictures, tables and text."""

    VOID = frozenset({"meta", "img", "br", "link", "input", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.headings: list[int] = []
        self.feed(html)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in self.VOID and tag != "col":
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] not in ("style", "script", "pre"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_page_is_well_formed_with_headings_in_order(page: str) -> None:
    outline = Outline(page)
    steps = zip(outline.headings, outline.headings[1:], strict=False)

    assert page.startswith("<!DOCTYPE html>")
    assert outline.headings.count(1) == 1
    assert outline.headings[0] == 1
    assert all(after - before <= 1 for before, after in steps)


def test_identifiers_are_unique_and_every_inner_link_leads_somewhere(page: str) -> None:
    outline = Outline(page)
    names = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]

    assert len(names) == len(set(names))
    assert {link["href"] for link in outline.of("a")} <= {f"#{name}" for name in names}
    assert {own["aria-labelledby"] for _, own in outline.tags if "aria-labelledby" in own} <= set(names)


def test_the_page_needs_no_network_and_no_script(page: str) -> None:
    outline = Outline(page)

    assert not outline.of("script")
    assert not outline.of("link")
    assert all(picture["src"].startswith("data:image/svg+xml;base64,") for picture in outline.of("img"))
    assert "@import" not in page
    assert "url(" not in page


def test_every_table_has_a_caption_and_every_heading_a_scope(page: str) -> None:
    outline = Outline(page)

    assert len(outline.of("table")) == len(outline.of("caption"))
    assert all(head.get("scope") for head in outline.of("th"))


def test_every_picture_has_a_description_and_a_caption(page: str) -> None:
    outline = Outline(page)

    assert len(outline.of("img")) >= 9
    assert len(outline.of("figcaption")) == len(outline.of("img"))
    assert all(len(picture["alt"].split()) > 8 for picture in outline.of("img"))


def test_the_page_is_small_enough_to_send(page: str) -> None:
    assert len(page.encode()) < 5_000_000


def test_what_must_be_said_stands_in_order(page: str) -> None:
    outline = Outline(page)
    text = outline.text

    sections = (
        "answer payoffs solutions margins orders tips map outcomes measures claims changes "
        "assumptions definitions limits provenance"
    )
    assert [own["id"] for own in outline.of("section")] == sections.split()
    told = [
        "When does aid stop paying?",
        "If the central values hold, ",
        "If the parameters may lie anywhere in their laws, ",
        "The answer changes if ",
        "Same payoffs, 3 orders of play",
        "Payoffs at the",
    ]
    assert [text.index(words) for words in told] == sorted(text.index(words) for words in told)


def test_marks_sources_and_provenance_are_all_there(page: str) -> None:
    text = Outline(page).text

    for words in (
        "log-uniform on [0.0001, 0.1]",
        "how readily friction becomes war",
        "units of NATO",
        "derived and checked",
    ):
        assert words in text
    for words in (
        model().digest,
        "Packages: numpy",
        "analyse x.yaml",
        "1 of 2 parameters rest on the analyst's assumption",
    ):
        assert words in text


def test_labels_are_escaped(page: str) -> None:
    assert "Aid &amp; &lt;risk&gt;" in page
    assert "<risk>" not in page


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(model(), frames(), tmp_path / name, provenance=PROVENANCE)

    one, two = (sorted((tmp_path / name).rglob("*.*")) for name in ("one", "two"))
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_tipping_points_may_come_as_one_frame_or_as_one_for_each_order(tmp_path: Path) -> None:
    whole = {"tip": tip_frame(0.0213, 0.05)}
    parts = {"tip": [tip_frame(0.0213), tip_frame(0.05), tip_frame()]}

    pages = [write(model(), own, tmp_path / str(k), provenance={}).read_text() for k, own in enumerate((whole, parts))]

    assert pages[0] == pages[1]


def test_every_frame_is_written_as_csv_and_parquet(tmp_path: Path) -> None:
    write(model(), frames(), tmp_path, provenance=PROVENANCE)

    folder = tmp_path / "frames"
    stems = {path.stem for path in folder.iterdir()}
    assert stems == {*frames(), "flips_2"}
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "outcomes.parquet"), outcomes_frame(), check_dtype=False)
    assert list(pd.read_parquet(folder / "regions.parquet")["order"].unique()) == ["simultaneous", "nato"]
    assert pd.read_csv(folder / "tip.csv")["before"].tolist() == ["surge, carry_on"] * 2
    assert pd.read_parquet(folder / "outcomes.parquet").attrs["failed"]["simultaneous"] == 0.01


def test_a_text_cell_cannot_become_a_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    starts = ["=1+1", "+1", "-1", "@x", "\tx", "fine"]
    frame = pd.DataFrame({"=head": starts, "number": [-1.0] * 6, "gaps": [None, "=x", "3", "-4.5", "a", "-"]})

    write(model(), {"extra": frame}, tmp_path, provenance={})

    read_back = pd.read_csv(tmp_path / "frames" / "extra.csv", dtype=str, keep_default_na=False)
    assert read_back.columns[0] == "'=head"
    assert read_back.iloc[:, 0].tolist() == [*(f"'{text}" for text in starts[:5]), "fine"]
    assert read_back["number"].tolist() == ["-1.0"] * 6
    assert read_back["gaps"].tolist() == ["", "'=x", "3", "'-4.5", "a", "'-"]


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = write(model(), {"claims": claims_frame()}, tmp_path, provenance={})
    before = page.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write(model(), {"claims": claims_frame().head(1)}, tmp_path, provenance={})

    assert page.read_bytes() == before
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".part")]


def test_who_reads_the_old_page_never_sees_half_of_the_new_one(tmp_path: Path) -> None:
    page = write(model(), {"claims": claims_frame()}, tmp_path, provenance={})
    before = page.read_bytes()

    with page.open("rb") as reader:
        write(model(), {"claims": claims_frame().head(1)}, tmp_path, provenance={})

        assert reader.read() == before
    assert page.read_bytes() != before


def test_a_frame_cannot_be_written_outside_its_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name '../x'"):
        write(model(), {"../x": claims_frame()}, tmp_path, provenance={})


def test_a_page_without_frames_says_what_was_not_computed(tmp_path: Path) -> None:
    text = Outline(write(model(), {}, tmp_path, provenance={}).read_text()).text

    assert "If the central values hold, what follows was not computed for this page." in text
    assert "Not computed for this page: base case, margins, flips, tip" in text


def test_empty_frames_make_a_page(tmp_path: Path) -> None:
    empty = {
        name: [own.iloc[:0] for own in (parts if isinstance(parts, list) else [parts])]
        for name, parts in frames().items()
    }
    del empty["flips"], empty["region_areas"]  # these always have rows

    text = Outline(write(model(), empty, tmp_path, provenance={}).read_text()).text

    assert "the model gives no answer at the central values" in text


@pytest.mark.parametrize(
    "word", ["should", "must", "ought", "best policy", "optimal policy", "will happen", "nan", "<NA>"]
)
def test_the_page_recommends_nothing_predicts_nothing_and_hides_no_gap(page: str, word: str) -> None:
    assert not re.search(rf"\b{word}\b", Outline(page).text)


# The sentences


def test_an_answer_names_who_does_what_if_and_in_which_share() -> None:
    (first, second, third) = solved.answer(base_frame(), outcomes_frame(), ORDERS, NAMES)

    assert first == (
        "If both sides choose at once, then NATO plays surge and Russia plays carry on, the only solution at the "
        "central values; over the admissible parameters it is the only solution in 23.1% of the draws and one of the "
        "solutions in 24.1% (standard error 0.30 points). More frequent there is limited aid + surge / carry on (50.0% "
        "to 60.0%). In 1.0% of the draws the game could not be solved."
    )
    assert second.startswith(
        "If NATO moves first and is observed, then NATO plays limited aid and Russia answers with strike"
    )
    assert "the only solution in 18.0% of the draws (standard error 0.27 points)." in second
    assert third.startswith(
        "If Russia moves first and is observed, then Russia plays carry on and NATO answers with surge"
    )
    assert third.endswith("over the admissible parameters it is the only solution in every draw.")


def test_an_answer_never_chooses_between_several_solutions() -> None:
    several = {"simultaneous": ["surge, carry_on", "0.25 surge + 0.75 limited_aid, carry_on"]}

    (said,) = solved.answer(base_frame(several), outcomes_frame(), ["simultaneous"], NAMES)

    assert "there are 2 solutions at the central values, between which the model does not choose" in said
    assert "NATO plays surge and Russia plays carry on (23.1%, 24.1%); or NATO mixes surge (25.0%) and" in said


def test_an_answer_without_a_solution_gives_the_reason() -> None:
    (said,) = solved.answer(base_frame({"nato": ["surge, carry_on"]}), None, ["simultaneous"], NAMES)

    assert said.endswith(
        "the model gives no answer at the central values (verdict failed: a payoff is not a finite number)."
    )


def test_an_incomplete_list_is_never_called_the_only_solution() -> None:
    partial = base_frame({"simultaneous": ["surge, carry_on"]}, verdict="partial: out of time")

    (said,) = solved.answer(partial, None, ["simultaneous"], NAMES)

    assert "an equilibrium at the central values; others are not ruled out" in said
    assert "only" not in said


def test_a_profile_that_no_draw_gave_is_said_to_be_in_none() -> None:
    (said,) = solved.answer(base_frame({"nato": ["surge, strike_nato_assets"]}), outcomes_frame(), ["nato"], NAMES)

    assert "it is a solution in none of the draws" in said


def test_the_follower_s_tie_rule_is_told_where_it_matters() -> None:
    tied = base_frame({"nato": ["surge, carry_on", "limited_aid, carry_on"]}, tags="pure, strong")

    (said,) = solved.answer(tied, None, ["nato"], NAMES)

    assert "turns on how the follower breaks a tie, for NATO or against it" in said


def test_three_players_are_all_sides() -> None:
    names = Names(("a", "b", "c"))
    base = base_frame({"simultaneous": ["x, y, z"]})

    (said,) = solved.answer(base, None, ["simultaneous"], names)

    assert said.startswith("If all sides choose at once, then a plays x, b plays y and c plays z")


def test_an_order_that_was_not_solved_is_said_to_be_missing() -> None:
    base = base_frame({"simultaneous": ["surge, carry_on"]})
    base.attrs["verdicts"] = {"simultaneous nash": "complete"}

    first, last = solved.answer(base, None, ORDERS, NAMES)

    assert first.startswith("If both sides choose at once")
    assert last == "Not solved: what follows if NATO moves first and is observed or Russia moves first and is observed."


def test_the_shares_of_a_mixture_are_those_of_the_actions_in_use() -> None:
    base = base_frame({"simultaneous": ["0.3 limited_aid + 0.7 surge, carry_on"]})

    (said,) = solved.answer(base, outcomes_frame(), ["simultaneous"], NAMES)

    assert "a solution with the same actions in use is the only solution in 50.0% of the draws" in said


@pytest.mark.parametrize(
    ("profile", "order", "said"),
    [
        ("surge, carry_on", "simultaneous", "NATO plays surge and Russia plays carry on"),
        ("surge, carry_on", "russia", "Russia plays carry on and NATO answers with surge"),
        ("1/3 a + 2/3 b, c", "simultaneous", "NATO mixes a (1/3) and b (2/3) and Russia plays c"),
        ("a+b, c", "russia", "Russia plays c and NATO answers by mixing a and b"),
    ],
)
def test_profiles_are_said_as_clauses(profile: str, order: str, said: str) -> None:
    assert played(profile, NAMES, order) == said


def test_a_profile_is_found_by_the_actions_in_use() -> None:
    assert support("0.25 a + 0.75 b, 1/2 c + 1/2 d") == "a+b, c+d"
    assert support("a+b, c") == "a+b, c"


def test_certificates_say_verdict_number_and_reason() -> None:
    said = solved.certificate(base_frame({"simultaneous": ["a, b"], "nato": ["a, b", "b, a"]}), NAMES)

    assert "In simultaneous play: verdict complete, 1 solution, largest regret 0." in said
    assert "When NATO moves first: verdict complete, 2 solutions, largest regret 0." in said
    assert "When Russia moves first: verdict failed, no solutions (a payoff is not a finite number)." in said


def test_margins_name_ties_mixtures_and_nearest_deviations() -> None:
    plain, tie, mixed = sentences.margin(margins_frame(), NAMES)

    assert plain.endswith(
        "NATO's surge → limited aid against carry on: it would lose 0.03, 0.1% of its range of payoffs."
    )
    assert "Russia would lose nothing by carry on → strike NATO assets after surge: a tie" in tie
    assert "mixes surge with probability 0.1 only" in mixed
    assert sentences.margin(margins_frame().head(0), NAMES) == ["There is no solution whose margins could be measured."]


def test_flips_say_whether_the_order_of_play_decides() -> None:
    said = " ".join(sentences.flip(flips_frame(), NAMES))

    assert "3 orders of play lead to 2 different outcomes" in said
    assert "Russia gets 0.25 in simultaneous play, 0.25 when NATO moves first and 0.25 when Russia moves first." in said
    assert "If NATO could commit to a mixture, it could get up to 0.9 instead of 0.2" in said
    assert "The follower is indifferent between replies, and which it takes matters, when NATO moves first." in said


def test_flips_that_do_not_flip_say_so() -> None:
    assert "all 3 orders of play lead to the same outcome" in sentences.flip(flips_frame(*["a, b"] * 3), NAMES)[0]


def test_a_failed_order_has_no_payoff_and_no_nan() -> None:
    frame = flips_frame("failed", "a, b", "a, b")
    frame.loc[0, [name for name in frame.columns if name.startswith("payoff")]] = None

    said = " ".join(sentences.flip(frame, NAMES))

    assert "nan" not in said
    assert "NATO gets 0.1 to 0.2 when NATO moves first and" in said


def test_flips_along_a_parameter_are_one_sentence() -> None:
    (said,) = sentences.flip(flips_frame().assign(escalation_risk=0.02), NAMES)

    assert said.startswith("If escalation risk alone is moved: at 1 of 1 value of escalation risk the order of play")


def test_measures_always_have_a_lower_and_an_upper_end() -> None:
    (said,) = sentences.measure(measures_frame(), NAMES)

    assert said == (
        "Over the admissible parameters the mean of nuclear use, from lower to upper, is 0.0004 to 0.0005 (standard "
        "error 0.00002) if both sides choose at once and 0 (0 in every draw) if NATO moves first and is observed."
    )


@pytest.mark.parametrize(
    "verdicts", [{"nato": {"complete": 1, "partial": 1}}, {"nato": {"complete": 1, "failed": 1}}, {}]
)
def test_nothing_is_certain_in_every_draw_unless_every_list_is_complete(verdicts: dict[str, Any]) -> None:
    frame = measures_frame()
    frame.attrs.update(verdicts=verdicts, partial={"simultaneous": 0.0, "nato": 0.33})

    said = sentences.measure(frame, NAMES)

    assert "every draw" not in " ".join(said)
    (last,) = said[1:]
    assert last.startswith("When NATO moves first, the list of solutions may lack some in 33.0% of the draws; ")
    assert last.endswith("there a measure takes every value that it can have.")


def test_measures_of_which_no_draw_was_solved_are_not_passed_over(tmp_path: Path) -> None:
    empty = measures_frame().iloc[:0]
    empty.attrs.update(failed={"simultaneous": 1.0})

    text = Outline(write(model(), {"measure_ranges": empty}, tmp_path, provenance={}).read_text()).text

    assert "In simultaneous play, 100% of the draws could not be solved and count for no mean." in text


def test_incomplete_lists_are_told_beside_the_outcomes() -> None:
    frame, counts = outcomes_frame(), multiplicity_frame().assign(partial=[0.0, 0.33])
    frame.attrs.update(partial={"nato": 0.33})

    assert sentences.outcome(frame, NAMES)[-1] == (
        "When NATO moves first, the list of solutions may lack some in 33.0% of the draws; no outcome counts as the "
        "only solution there."
    )
    assert sentences.multiplicity(counts, NAMES)[1] == (
        "When NATO moves first, every draw has exactly one listed solution in pure actions; in 33.0% of the draws the "
        "list of solutions may lack some."
    )


def test_a_table_of_measures_shows_all_that_is_not_ruled_out() -> None:
    frame = base_frame({"nato": ["surge, carry_on"]}, verdict="partial")
    frame.attrs["measure_bounds"] = {"nato nash": {"nuclear_use": [0.0, 1.0]}}

    table = tables.base_measures(frame, NAMES)

    assert [row[1] for row in table.rows] == ["0 to 1", "0.1"]
    assert "may lack some" in table.note


def test_what_is_not_proved_to_be_the_only_solution_is_not_said_to_have_rivals() -> None:
    outcomes = outcomes_frame()
    outcomes.attrs["partial"] = {"simultaneous": 0.2}

    said = overturn([], None, base_frame(), outcomes, NAMES)

    assert "surge / carry on is not proved to be the only solution in 76.9% of the draws: other adm" in said[0]
    assert said[0].endswith("parameters may give other answers.")
    assert not any("When Russia moves first" in one for one in said)  # there it is the only one in every draw


def test_a_mixed_commitment_names_the_tie_it_rests_on() -> None:
    said = " ".join(sentences.flip(flips_frame(), NAMES))

    assert "there the follower is indifferent, and that value is reached where it breaks the tie for NATO" in said
    assert "otherwise at most approached" in said


def test_one_order_of_play_is_not_compared() -> None:
    alone = flips_frame("a, b | c, d", "a, b", "a, b").head(1)

    said = sentences.flip(alone, NAMES)

    assert said[0] == "Only simultaneous play was solved: orders of play are not compared."
    assert flips_message(alone, NAMES.labels) == "Simultaneous play: a / b; or c / d"
    assert flips_message(alone.assign(x=0.1)) == "1 value of x gives 1 outcome in simultaneous play"


def test_several_solutions_are_not_called_one_outcome() -> None:
    several = flips_frame(*["a, b | c, d"] * 3)

    assert "all 3 orders of play lead to the same set of solutions" in sentences.flip(several, NAMES)[0]
    assert flips_message(several) == "The solutions are the same under all 3 orders of play: a / b; or c / d"


def test_an_interrupted_job_leaves_no_folder(tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyse(model(), tmp_path / "new" / "out", samples=10, progress=interrupt)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_file_in_the_place_of_the_folder_is_refused_before_any_work(tmp_path: Path, inside: str) -> None:
    place = tmp_path / "page"
    place.write_text("kept", encoding="utf-8")
    told: list[str] = []

    with pytest.raises(InputError, match="page' is a file, expected a folder"):
        analyse(model(), place / inside, samples=10, note=told.append)

    assert not told
    assert place.read_text(encoding="utf-8") == "kept"


def test_outcomes_tell_the_failed_draws() -> None:
    said = sentences.outcome(outcomes_frame(), NAMES)

    assert "NATO mixes limited aid and surge and Russia plays carry on: it is the only solution in 50.0%" in said[0]
    assert said[-1] == "In simultaneous play, 1.0% of the draws could not be solved and count for no outcome."
    assert sentences.outcome(outcomes_frame().head(0).assign(), NAMES)[0] == "No draw gave a solution."


def test_multiplicity_tells_none_several_failed_and_certain() -> None:
    first, second = sentences.multiplicity(multiplicity_frame(), NAMES)

    for words in (
        "10.0% of the draws have no solution",
        "7.0% have several",
        "1.0% could not be solved",
        "in 2.0% the number",
    ):
        assert words in first
    assert second == "When NATO moves first, every draw has exactly one solution in pure actions."


def test_a_contested_claim_is_told_from_both_sides() -> None:
    contested, plain = sentences.claim(claims_frame(), NAMES)

    assert (
        "is contested. For it: it holds in every solution in 35.0% of the draws (standard error 0.30 points), in"
        in contested
    )
    assert (
        "Against it: it fails in every solution in 62.0%, and is not decided in 1.0%. At the central values it holds."
        in contested
    )
    assert "holds in every solution in every draw" in plain
    assert "contested" not in plain


def test_a_map_says_of_what_its_shares_are_shares() -> None:
    first, second = sentences.region(region_frame("nato"), area_frame("nato"), NAMES)

    assert first.endswith("holds 2 different answers when NATO moves first; the largest has a share of 66.7% of their "
                          "joint law.")  # fmt: skip
    assert second == "In 33.3% of their joint law the game could not be solved."
    box = area_frame("nato", "the box of escalation_risk and stake_russia, not a probability")
    assert "of their ranges, which is no probability" in sentences.region(region_frame("nato"), box, NAMES)[0]
    one = region_frame("nato")
    one.attrs["outcomes"] = ["a, b"]
    (said,) = sentences.region(one, None, NAMES)
    assert said == (
        "If all other parameters stand at their central values, the map of escalation risk and stake Russia holds "
        "1 answer when NATO moves first."
    )


def test_tipping_points_are_told_for_every_order_that_was_searched() -> None:
    (sweep,) = sweeps([tip_frame(0.0213, 0.05)], model())

    (said,) = tip(sweep, NAMES)

    assert said == (
        "If escalation risk alone moves from 0.0001 to 0.1, the answer changes twice in simultaneous play (at 0.0213 "
        "and 0.05) and never changes when NATO moves first and when Russia moves first."
    )
    assert still([sweep], NAMES) == "The one parameter, moved alone over the range of its law, changes the answer."


def test_parameters_that_never_tip_are_named() -> None:
    found = sweeps([tip_frame()], model())

    assert still(found, NAMES).endswith("none changes the answer.")
    idle = tip_frame()
    idle.attrs["parameter"] = "stake_russia"
    assert still(sweeps([tip_frame(0.03), idle], model()), NAMES).endswith(
        "changes the answer; stake Russia never does."
    )


@pytest.mark.parametrize(
    ("value", "moved", "change"),
    [
        (0.0213, "rose from 0.02 to 0.0213 (6.5% more)", "surge / carry on to limited aid / carry on"),
        (0.005, "fell from 0.02 to 0.005 (75% less)", "limited aid / carry on to surge / carry on"),
    ],
)
def test_the_nearest_tipping_point_is_read_from_the_present_value(value: float, moved: str, change: str) -> None:
    found = sweeps([tip_frame(value, 0.09)], model())

    assert overturn(found, None, None, None, NAMES) == [
        f"If escalation risk {moved}, the answer in simultaneous play would change from {change}."
    ]


def test_a_tipping_point_at_the_central_value_is_told_from_both_sides() -> None:
    (said,) = overturn(sweeps([tip_frame(0.02 * (1 + 1e-13))], model()), None, None, None, NAMES)

    assert said == (
        "The central value of escalation risk, 0.02, is itself a tipping point in simultaneous play, where two answers "
        "meet: surge / carry on below it, limited aid / carry on above it."
    )


def test_a_near_tipping_point_is_told_with_enough_digits() -> None:
    (said,) = overturn(sweeps([tip_frame(0.02000001)], model()), None, None, None, NAMES)

    assert "rose from 0.02 to 0.02000001" in said


def test_a_side_without_solutions_says_so() -> None:
    frame = tip_frame(0.0213)
    frame["before"] = [()]
    (sweep,) = sweeps([frame], model())

    assert "would change from none found to limited aid / carry on" in overturn([sweep], None, None, None, NAMES)[0]
    assert tables.tips(sweep, NAMES).rows[0][2] == "none found"


def test_what_would_change_the_answer_covers_margins_and_other_parameters() -> None:
    said = overturn([], margins_frame(), base_frame(), outcomes_frame(), NAMES)

    assert "a change of 0.03 in NATO's payoffs (0.1% of their range) could make NATO's surge → limited aid" in said[0]
    assert "any change of the payoffs could make Russia's carry on → strike NATO assets" in said[1]
    assert "surge / carry on is not the only solution in 76.9% of the draws" in said[2]


def test_names_of_the_world_keep_their_capital() -> None:
    names = names_of(model())

    assert names.say("escalation_risk") == "escalation risk"
    assert names.say("stake_russia") == "stake Russia"
    assert inside_sentence("Europe's part", "the states of Europe") == "Europe's part"
    assert inside_sentence("Cost of a strike", "cost") == "cost of a strike"
    assert inside_sentence("The cost", "mark A; it is the cost in The Hague") == "the cost"


@pytest.mark.parametrize("make", [sentences.margin, sentences.flip, sentences.outcome, sentences.claim])
def test_every_sentence_is_a_sentence(make: Callable[..., list[str]]) -> None:
    frame = {"margin": margins_frame, "flip": flips_frame, "outcome": outcomes_frame, "claim": claims_frame}[
        make.__name__
    ]

    for said in make(frame(), NAMES):
        assert said[0].isupper() or said[0] == "\u201c"
        assert said.endswith(".")
        assert "_" not in said
