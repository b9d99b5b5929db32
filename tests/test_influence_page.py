"""Are the sentences about drivers, curves and claims true of games that fail, tie, or never change?"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest

from gametheory import analyses, figures
from gametheory.analyses.influence.drivers import NOTHING_VARIES
from gametheory.model import Model
from gametheory.reader import read
from gametheory.report import analyse, decisions, influence, job
from gametheory.report.asking import Asking
from gametheory.report.depth import audited, deeper
from gametheory.report.phrases import Names
from gametheory.study import run

mpl.use("Agg")

NAMES = Names(("nato", "russia"))

HEAD = """
format: gametheory/1
title: Edges
form: strategic
players:
  nato: {label: NATO, actions: [hold, concede]}
  russia: {label: Russia, actions: [hold, concede]}
"""
CLAIM = "claims: {holds: {text: NATO holds, holds: {order: simultaneous, expect: {nato: [hold]}}}}\n"


def model(payoffs: str, *, p: str = "{kind: uniform, low: 0, high: 1}", rest: str = "") -> Model:
    own = f"  p: {{value: 0.5, law: {p}, unit: u, meaning: m, source: example, mark: A}}\n"
    return read(f"{HEAD}parameters:\n{own}payoffs:\n{payoffs}{rest}")


FAILING = "  nato: [[log(p - 0.25), 1], [2, 2]]\n  russia: [[1, 0], [1, 0]]\n"
EDGE = "  nato: [[p - 0.5, p - 0.5], [0, 0]]\n  russia: [[1, 0], [1, 0]]\n"  # a tie at the centre, and nowhere else
MIDDLE = "  nato: [[0.02 - (p - 0.5) * (p - 0.5), 1], [0, 0]]\n  russia: [[1, 0], [1, 0]]\n"


def told(own: Model, samples: int = 2000) -> str:
    frame = analyses.response_curves(own, samples=samples, order="simultaneous", bins=10)
    section = influence.curves({"response_curves": [frame]}, NAMES)
    assert section is not None
    return " ".join([*section.sentences, figures.message(figures.response_curves(frame))])


def test_a_game_that_failed_is_not_called_an_equilibrium() -> None:
    said = told(model(FAILING, p="{kind: uniform, low: -1, high: 1}"))  # most draws fail

    assert "the game could not be solved in 100% of the draws where p is lowest" in said
    assert "the game could not be solved in 0% to 100% of the draws" in said
    assert "failed is" not in said


def test_a_swing_between_the_ends_is_told() -> None:
    said = told(model(MIDDLE))

    assert "in 0% of the draws where p is lowest" in said or "in 100% of the draws where p is lowest" in said
    assert "often between them" in said


def test_equilibria_that_change_at_the_central_value_itself_are_counted() -> None:
    frame = analyses.tornado(model(EDGE))

    assert frame.loc[0, ["tips_low", "tips_high", "changes_low", "changes_high"]].tolist() == [0, 0, "yes", "yes"]
    assert "the equilibria change along 1 of 1 parameter" in figures.message(figures.tornado(frame))


def test_an_end_that_is_not_solved_is_told() -> None:
    said = figures.message(figures.tornado(analyses.tornado(model(FAILING))))

    assert said.endswith("the equilibria change along none of 1 parameter, and at an end of 1 that is not known")


@pytest.mark.parametrize(
    ("verdicts", "said", "unsaid"),
    [
        (
            ["sufficient", "not sufficient: the 95 % interval of total is 0.20 wide, more than 0.10"],
            "would tell",
            "same",
        ),
        (["sufficient", NOTHING_VARIES], "same at every point", "would tell"),
        (["not sufficient: 44 % of the comparisons meet a game without a value"] * 2, "do not help", "would tell"),
    ],
)
def test_more_base_points_are_asked_for_only_where_they_would_tell(verdicts: list[str], said: str, unsaid: str) -> None:
    rows = {"order": "simultaneous", "over": ["supports", "upper probability"], "verdict": verdicts}
    (sentence,) = influence._sample(pd.DataFrame(rows), NAMES)

    assert said in sentence
    assert unsaid not in sentence


def test_claims_meet_other_assumptions_also_where_nothing_is_uncertain() -> None:
    own = model(EDGE, p="{kind: fixed}", rest=CLAIM)
    ask = Asking(own)
    asked = deeper(ask, samples=64, seed=0, note=lambda _: None)
    (audit,) = audited(ask, run(own, 64, 0), asked, samples=64)["audit"]

    (alternatives,) = asked["alternatives"]
    assert len(ask.frame(alternatives)) > 10
    assert ask.frame(audit)["alternatives"].tolist() == [len(ask.frame(alternatives))]


def test_actions_that_chance_alone_puts_apart_are_not_called_ahead() -> None:
    own = read(
        f"{HEAD}parameters:\n"
        + "".join(
            f"  {name}: {{value: 0.5, law: {{kind: uniform, low: 0, high: 1}}, unit: u, meaning: m, source: example, "
            "mark: A}\n"
            for name in "pq"
        )
        + "payoffs:\n  nato: [[p, p], [q, q]]\n  russia: [[1, 0], [1, 0]]\n"
    )
    frame = analyses.choices(own, samples=2000, order="simultaneous")

    (said,) = [decisions._ahead(rows, NAMES) for _, rows in frame.groupby("order")]
    known = frame[frame["gap_lower_se"].notna()]
    assert not known["ahead"].eq("whatever the others do").any()  # one is in front, and not beyond the error
    assert "under the other 6 it hangs on what the others do, or lies within the error" in said


def test_a_lead_of_rounding_is_no_lead() -> None:
    own = model("  nato: [[p + 1, p + 1], [p, p]]\n  russia: [[1, 0], [1, 0]]\n")
    frame = analyses.choices(own, samples=200, order="simultaneous")
    rounded = frame.assign(gap_lower=frame["gap_lower"] * 1e-17, gap_upper=frame["gap_upper"] * 1e-17)

    assert "all 8 criteria put hold surely ahead" in decisions._ahead(frame, NAMES)
    assert "no action is ahead under any of 8 criteria whatever the others do" in decisions._ahead(rounded, NAMES)


def test_a_model_of_which_no_draw_is_solved_has_its_page_all_the_same(tmp_path: Path) -> None:
    own = model("  nato: [[log(p - 0.4999999), 1], [2, 2]]\n  russia: [[1, 0], [1, 0]]\n", p=BELOW, rest=CLAIM)
    told: list[str] = []

    page = analyse(own, tmp_path, samples=64, base_points=64, note=told.append)

    assert page.exists()
    assert not (tmp_path / "frames" / "choices.csv").exists()
    assert pd.read_csv(tmp_path / "frames" / "audit.csv")["failed"].tolist() == [1.0]
    assert any(text.startswith("without choices: none of 64 draws") for text in told)


BELOW = "{kind: uniform, low: 0, high: 0.5}"


def test_long_work_tells_how_many_questions_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "PULSE", -1.0)
    told: list[str] = []
    with Asking(model("  nato: [[p, p], [1, 1]]\n  russia: [[1, 0], [1, 0]]\n"), 1) as ask:
        frames = job._gathered(ask, {"base_case": [ask("base_case")], "margins": [ask("margins")]}, told.append)

    assert list(frames) == ["base_case", "margins"]
    assert told == ["answered 1 of 2 kinds of question", "drawing the page"]
