"""Do analytic models read, solve, tip and answer like other models, and do they reproduce what is published?"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from gametheory.analyses import base_case, claims, measure_ranges, multiplicity, tip
from gametheory.cli import main
from gametheory.errors import InputError, ModelError, UnknownNameError
from gametheory.model import Model
from gametheory.reader import problems, read
from gametheory.solvers.roots import solve_systems
from gametheory.study import ALL, FAILED, NONE, answer_block, classes_over, run

PARAMETER = (
    "{{value: {value}, law: {{kind: uniform, low: {low}, high: {high}}}, unit: u, meaning: m, source: s, mark: A}}"
)


def model(body: str, **parameters: tuple[float, float, float]) -> Model:
    """A model with these parameters (value, low, high) and the rest of its file."""
    lines = [
        f"  {name}: {PARAMETER.format(value=value, low=low, high=high)}"
        for name, (value, low, high) in parameters.items()
    ]
    head = ["format: gametheory/1", "title: Test", "form: analytic", "players: {a: {label: A}, b: {}}"]
    section = ["parameters:", *lines] if lines else []
    return read("\n".join([*head, *section, body]))


SIGNALLING = """
unknowns:
  p_resist: {low: 0, high: 1, open: true, meaning: probability that B resists}
quantities:
  threshold: (SA - (1 - p_resist) * VA) / p_resist
  p_challenge: 1 - normal(threshold - WA) * normal(threshold - audience)
  p_fight: binormal((WA - audience) / sqrt(2), WA - threshold, 1 / sqrt(2)) / p_challenge
equations:
  best_reply: p_resist = normal((p_fight * WB + (1 - p_fight) * VB - CB) / p_fight)
guaranteed: true
regimes: {loud: p_challenge >= 0.3, quiet: p_challenge < 0.3}
measures:
  war: {expected: p_challenge * p_resist * p_fight}
claims:
  rare: {text: War is rare, holds: {measure: war, at_most: 0.06}}
  noisy: {text: A threatens often, holds: {expect: {outcome: [loud]}}}
"""


@pytest.fixture(scope="module")
def signalling() -> Model:
    fixed = {"SA": (0.0, -0.1, 0.1), "CB": (0.0, -0.1, 0.1), "VA": (1.0, 0.5, 1.5), "VB": (1.0, 0.5, 1.5)}
    moving = {"WA": (-1.9, -2.4, -1.4), "audience": (-1.2, -2.0, 0.0), "WB": (-2.9, -3.4, -2.4)}
    return model(SIGNALLING, **fixed, **moving)


def test_crisis_signalling_has_three_equilibria_at_the_published_point(signalling: Model) -> None:
    """Lewis and Schultz (2003), at the point of the help page of the R package sigInt."""
    found = solve_systems(signalling.systems())
    table = np.column_stack([found.values[:, 0], found.quantities["p_challenge"], found.quantities["p_fight"]])
    published = [[0.251105, 0.994789, 0.309695], [0.594723, 0.379868, 0.241563], [0.813322, 0.205452, 0.208759]]

    assert np.abs(table - published).max() < 1e-6
    assert found.certificates[0].verdict == "complete"
    assert found.index.tolist() == [1, -1, 1]
    assert found.certificates[0].max_regret < 1e-12


def test_two_of_the_three_equilibria_vanish_at_folds(signalling: Model) -> None:
    frame = tip(signalling, "WB")
    folds = frame[frame["binding"].str.contains("two solutions meet")]

    assert folds["value"].tolist() == pytest.approx([-2.946913, -2.747044], abs=1e-6)
    assert [len(row) for row in frame["before"]] == [1, 3, 3]
    assert [len(row) for row in frame["after"]] == [3, 3, 1]
    for value, counts in zip(folds["value"], ((1, 3), (3, 1)), strict=True):
        beside = solve_systems(signalling.systems({"WB": [value - 1e-5, value + 1e-5]}))
        assert beside.count.tolist() == list(counts)


def test_every_draw_of_crisis_signalling_is_solved_and_proved(signalling: Model) -> None:
    totals = run(signalling, 512).totals
    answers = totals.orders["equilibrium"]

    assert sum(answers.verdicts.values()) == 512
    assert answers.verdicts.get("failed", 0) == 0
    assert answers.verdicts["complete"] >= 510
    points = signalling.sample(40)
    for row in range(len(points)):
        games = signalling.systems(points.iloc[[row]])
        places = np.linspace(1e-9, 1 - 1e-9, 4001)
        rows, given = np.zeros(len(places), dtype=np.int64), {"p_resist": places}
        equation = games.system.equations["best_reply"]
        left, right = games.values([equation.left, equation.right], rows, given)
        changes = np.count_nonzero(np.diff(np.sign(left - right)))
        assert solve_systems(games).certificates[0].found >= changes


def test_the_same_draws_give_the_same_bytes_for_any_number_of_workers(signalling: Model) -> None:
    first, second = (run(signalling, 300, seed=3, workers=workers).totals for workers in (1, 2))

    assert first == second


def test_claims_and_measures_are_over_all_solutions(signalling: Model) -> None:
    answers = answer_block(signalling, {"WB": np.array([-2.9, -2.5])}, ["equilibrium"])
    lower, upper = answers.measures["equilibrium"]["war"][0][0].tolist()

    assert (lower, upper) == pytest.approx((0.034883, 0.077361), abs=1e-6)
    assert answers.claims["rare"].tolist()[1] in (ALL, NONE)
    assert FAILED not in answers.claims["noisy"]
    numbers, table = classes_over(signalling, {"WB": np.array([-2.9, -2.5])}, "equilibrium")
    assert [len(table[number].profiles) for number in numbers] == [3, 1]


def test_the_analyses_answer_an_analytic_model_unchanged(signalling: Model) -> None:
    base = base_case(signalling)

    assert base["value_p_resist"].tolist() == pytest.approx([0.251105, 0.594723, 0.813322], abs=1e-6)
    assert base.attrs["measure_bounds"]["equilibrium nash"]["war"] == pytest.approx([0.034883, 0.077361], abs=1e-6)
    ranges = measure_ranges(signalling, samples=64)
    assert ranges["lower"].iloc[0] <= ranges["upper"].iloc[0]
    assert multiplicity(signalling, samples=64)["several"].iloc[0] >= 0.0
    assert claims(signalling, samples=64)["order"].tolist() == ["equilibrium", "equilibrium"]
    with pytest.raises(InputError, match="form 'analytic'"):
        signalling.games()


@pytest.mark.parametrize(("law", "best"), [("line", 0.3), ("risk * line", 0.1)])
def test_a_hidden_red_line_is_approached_up_to_a_known_point(law: str, best: float) -> None:
    """Uniform line: (v - L) / (2 v); exponential line of rate 2: 1 / rate - L / v."""
    beyond = "x" if law == "line" else "1 - exp(-2 * x)"
    body = "decision: {player: a, choose: x, low: 0, high: 1, maximise: (1 - crossed) * v * x - crossed * L}"
    found = solve_systems(
        model(f"quantities: {{crossed: {beyond}}}\n{body}", v=(1, 0.5, 2), L=(0.4, 0.1, 0.9)).systems()
    )

    assert found.values[:, 0].tolist() == pytest.approx([best], abs=1e-9)
    assert found.certificates[0].verdict == "complete"


def test_a_take_it_or_leave_it_offer_leaves_the_known_risk_of_war() -> None:
    """Fearon (1995) with p = .6, cA = .1 and C = .3: the demand is p + (C - cA) / 2 and war has probability 1/3."""
    body = """
decision: {player: a, choose: x, low: p, high: p + C, maximise: refuses * (p - cA) + (1 - refuses) * x}
quantities: {refuses: "clip((x - p) / C, 0, 1)"}
measures: {war: {expected: refuses}}
"""
    offered = model(body, p=(0.6, 0.5, 0.7), cA=(0.1, 0, 0.2), C=(0.3, 0.2, 0.4))
    found = solve_systems(offered.systems())

    assert found.values[0, 0] == pytest.approx(0.7)
    assert found.quantities["refuses"][0] == pytest.approx(1 / 3)


def test_a_brinkman_threat_is_feasible_up_to_a_known_share_of_hard_opponents() -> None:
    """The closed forms of the brinkmanship chapter: q >= 1/4, q <= .375 (1 - p) / p, feasible for p < 3/5."""
    body = """
quantities:
  effective: (sG - sW) / (sG - sX)
  acceptable: ((1 - hard) * uW + hard * uG - u0) / (hard * (uG - uX))
regimes: {feasible: effective <= acceptable}
measures: {least_risk: {expected: effective}, most_risk: {expected: acceptable}}
"""
    soft = {"sG": (2.0, 1, 3), "sW": (-1.0, -2, 0), "sX": (-10.0, -12, -8)}
    ours = {"u0": (-2.0, -3, -1), "uW": (1.0, 0, 2), "uX": (-10.0, -12, -8), "uG": (-2.0, -3, -1)}
    threat = model(body, **soft, **ours, hard=(0.5, 0.1, 0.9))
    frame = tip(threat, "hard")

    assert solve_systems(threat.systems()).quantities["effective"][0] == pytest.approx(0.25)
    assert solve_systems(threat.systems()).quantities["acceptable"][0] == pytest.approx(0.375)
    assert frame["value"].tolist() == pytest.approx([0.6])
    assert (frame["before"].iloc[0], frame["after"].iloc[0]) == (("feasible",), ("other",))


@pytest.mark.parametrize(("n", "common", "private"), [(1, 1 / 3, 0.1268726862), (9, 1 / 19, None), (99, 1 / 199, None)])
def test_the_risk_auction_ends_in_disaster_as_often_as_known(n: int, common: float, private: float | None) -> None:
    body = "quantities: {disaster: v / (v + 2 * n), private: 11 - 4 * exp(1)}\nmeasures: {d: {expected: disaster}}"
    found = solve_systems(model(body, v=(1, 0.5, 2), n=(n, n / 2, 2 * n)).systems())

    assert found.quantities["disaster"][0] == pytest.approx(common)
    if private is not None:
        assert found.quantities["private"][0] == pytest.approx(private, abs=1e-9)


@pytest.mark.parametrize(("warned", "once", "often"), [(0.0, 0.0, 0.0), (0.5, 0.12, 0.2085), (0.9, 0.216, 0.3753)])
def test_small_steps_are_worth_more_only_with_warnings(warned: float, once: float, often: float) -> None:
    """Going to X = .6 past a line uniform on [0, 1]: a crossing costs L, or is warned of and turned back from."""
    body = """
quantities:
  worth: (1 - X) * X - X * (1 - w) * L + X * w * X * (K - 1) / (2 * K)
measures: {worth: {expected: worth}}
"""
    values = {
        k: solve_systems(
            model(body, X=(0.6, 0.5, 0.7), L=(0.4, 0.3, 0.5), w=(warned, 0, 1), K=(k, 1, 60)).systems()
        ).quantities["worth"][0]
        for k in (1, 60)
    }

    assert values[1] == pytest.approx(once, abs=5e-5)
    assert values[60] == pytest.approx(often, abs=5e-5)


FAULTS = {
    "unknowns: {p: {low: 0, high: 1, meaning: m}}": "equation",
    "unknowns: {p: {low: 0, high: 1, meaning: m}}\nequations: {e: p - 0.5}": "no equation",
    "unknowns: {p: {low: 0, high: 1, meaning: m}}\nequations: {e: p == 0.5}": "no equation",
    "unknowns: {p: {low: 0, high: 1, meaning: m}}\nequations: {e: p = 0.5 = 0.5}": "no equation",
    "unknowns: {p: {low: 0, high: 1, meaning: m}}\nequations: {e: p >= 0.5}": "no equation",
    "unknowns: {p: {low: 0, high: 1, meaning: m}}\nequations: {e: p = q}": "named 'q'",
    "unknowns: {p: {low: 0, high: 1, meaning: m}}\nequations: {e: p = (0.5}": "never closed",
    "unknowns: {p: {low: p, high: 1, meaning: m}}\nequations: {e: p = 0.5}": "before the unknowns",
    "unknowns: {p: {low: 1, high: 0, meaning: m}}\nequations: {e: p = 0.5}": "finite ends",
    "unknowns: {normal: {low: 0, high: 1, meaning: m}}\nequations: {e: normal(1) = 0.5}": "already a function",
    "regimes: {other: 1 < 2}": "choose another name",
    "regimes: {mild: 1 + 2}": "nothing is compared",
    "decision: {player: c, choose: x, low: 0, high: 1, maximise: x}": "no player named 'c'",
    "measures: {m: {probability: {a: [b]}}}": "expected",
    "claims: {c: {text: t, holds: {expect: {outcome: [calm]}}}}": "no regime named 'calm'",
    "claims: {c: {text: t, holds: {given: {a: [b]}, measure: m, at_most: 1}}}": "given",
    "payoffs: {a: 1, b: 2}": "strategic",
    "quantities: {y: 1 / 0}": "finite number",
}


@pytest.mark.parametrize("sign", ["<", "<="])
def test_a_comparison_within_an_equation_is_not_its_sign(sign: str) -> None:
    body = f"unknowns: {{p: {{low: 0, high: 1, meaning: m}}}}\nequations: {{e: 'where(p {sign} 0.5, p, 1) = 0.2'}}"

    assert solve_systems(model(body).systems()).values[:, 0].tolist() == pytest.approx([0.2])


@pytest.mark.parametrize("body", FAULTS)
def test_a_fault_is_found_and_placed(body: str) -> None:
    with pytest.raises(ModelError) as caught:
        model(body)

    assert any(FAULTS[body] in problem.message for problem in caught.value.problems), caught.value


def test_the_column_of_a_fault_is_that_of_the_side_where_it_stands() -> None:
    text = "format: gametheory/1\ntitle: T\nform: analytic\nplayers: {a: {}}\n"
    text += "unknowns: {p: {low: 0, high: 1, meaning: m}}\nequations:\n  e: p = 1 - rsk\n"

    found = problems(text)

    assert [(problem.line, problem.column) for problem in found] == [(7, 14)]


def test_a_quantity_that_rests_on_an_unknown_constrains_nothing() -> None:
    body = """
unknowns: {p: {low: 0, high: 1, meaning: m}}
equations: {e: p = r}
quantities: {twice: 2 * p}
constraints: {c: {holds: twice < 1, source: s, mark: A}}
"""
    with pytest.raises(ModelError, match="rests on 'p'"):
        model(body, r=(0.2, 0.1, 0.3))


def test_an_unknown_order_of_play_is_refused(signalling: Model) -> None:
    with pytest.raises(UnknownNameError):
        base_case(signalling, order="a")
    with pytest.raises(InputError, match="equilibrium"):
        solve_systems(signalling.systems(), "a")


def test_the_digest_knows_the_equations(signalling: Model) -> None:
    changed = read(signalling.text.replace("p_fight * WB", "p_fight * 2 * WB"))
    spaced = read(signalling.text.replace("p_fight * WB", "p_fight*WB"))

    assert changed != signalling
    assert spaced == signalling


def test_the_command_line_solves_and_checks(
    signalling: Model, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "crisis.yaml"
    file.write_text(signalling.text, encoding="utf-8")

    def printed(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["gametheory", words[0], str(file), *words[1:]])
        with pytest.raises(SystemExit) as end:
            main()
        assert not end.value.code
        return capsys.readouterr().out

    record = json.loads(printed("solve", "--format", "json"))
    resists = [own["unknowns"]["p_resist"] for own in record["solutions"]]
    assert resists == pytest.approx([0.251105, 0.594723, 0.813322], abs=1e-6)
    assert (record["order"], record["certificate"]["verdict"]) == ("equilibrium", "complete")
    shown = printed("solve")
    assert "3 solutions, complete" in shown
    assert "loud 2" in shown
    assert "ok" in printed("check")
    assert printed("solve", "--format", "csv").strip().count("\n") == 3
    assert "two solutions meet" in printed("tip", "--parameter", "WB", "--low", "-2.8", "--high", "-2.7")
