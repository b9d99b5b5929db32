"""Does the explorer answer as the analyses do, and does it show only what it knows?"""

from __future__ import annotations

import json
import re
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from gametheory.analyses import base_case, tip
from gametheory.errors import ComputationError, InputError, UnknownNameError
from gametheory.explorer import explore, serve, view
from gametheory.explorer.answers import answer
from gametheory.explorer.controls import STEPS, Control
from gametheory.explorer.desk import Desk
from gametheory.explorer.prepared import Explored, explored
from gametheory.explorer.scans import SAME, changes, region_map
from gametheory.explorer.serving import LOOPBACK, _private_folder, _settings, notebook
from gametheory.model import Model
from gametheory.reader import catalogue, load, read
from gametheory.report.phrases import support
from gametheory.solvers import solve
from gametheory.study import class_name, classify
from tests.explorer_models import CONTROLS, HOSTILE, SCRIPT, hostile_text

ORDERS = ("simultaneous", "nato", "russia")


@pytest.fixture(scope="module")
def reference() -> Model:
    return load("reference_involvement")


@pytest.fixture(scope="module")
def page(reference: Model) -> Explored:
    return explored(reference)


@pytest.fixture(scope="module")
def kinds() -> Explored:
    return explored(read(CONTROLS))


def control(page: Explored, name: str) -> Control:
    return next(own for own in page.controls if own.name == name)


@pytest.mark.parametrize("name", catalogue())
def test_every_model_of_the_catalogue_is_answered_as_its_base_case(name: str) -> None:
    model = load(name)
    order = model.orders[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = base_case(model, order=order)

    found = view(model, order=order, detail="answer").found

    listed = frame[frame["concept"] == "nash"]
    assert list(found.profiles) == listed["profile"].tolist()
    assert found.verdict == listed["verdict"].iloc[0]
    assert dict(found.measures) == {
        measure: pytest.approx(ends) for measure, ends in frame.attrs["measure_bounds"][f"{order} nash"].items()
    }


@pytest.mark.parametrize("order", ORDERS)
def test_a_moved_point_is_answered_as_its_base_case(reference: Model, order: str) -> None:
    values = {"escalation_risk": 0.06, "stake_russia": 2.2}

    found = view(reference, values, order=order).found

    frame = base_case(reference, order=order, values=values)
    assert list(found.profiles) == frame.loc[frame["concept"] == "nash", "profile"].tolist()
    assert found.values["escalation_risk"] == 0.06


@pytest.mark.parametrize("order", ORDERS)
def test_the_tipping_points_on_the_tracks_are_the_exact_ones(page: Explored, order: str) -> None:
    model = page.model
    found = changes(model, page.axes, model.central(), order)

    for slider in page.axes:
        frame = tip(model, slider.name, order=order)
        exact = sorted(set(frame["value"]))
        close = SAME * (slider.ends[1] - slider.ends[0])
        assert [one.value for one in found[slider.name]] == pytest.approx(exact, abs=close, rel=1e-6)
        sides = [tuple(one.before.split(" | ")) for one in found[slider.name]]
        assert sides == list(frame.sort_values("value").groupby("value")["before"].first())


def test_the_tipping_points_move_with_the_other_parameters(page: Explored) -> None:
    model, risk = page.model, control(page, "escalation_risk")

    places = [
        changes(model, [risk], {**model.central(), "disaster_loss_russia": loss}, "nato")[risk.name][0].value
        for loss in (40.0, 80.0)
    ]

    assert places[0] != pytest.approx(places[1], rel=0.1)


@pytest.mark.parametrize("order", ORDERS)
def test_a_cell_of_the_map_shows_the_game_in_its_middle(page: Explored, order: str) -> None:
    model = page.model
    values = {**model.central(), "stake_russia": 1.9}
    found = region_map(model, control(page, "escalation_risk"), control(page, "disaster_loss_nato"), values, order)
    assert found is not None

    for row, column in np.random.default_rng(0).integers(0, len(found.xs), (40, 2)).tolist():
        point = {**values, "escalation_risk": found.xs[column], "disaster_loss_nato": found.ys[row]}
        game = solve(model.games(point), order=order)
        expected = class_name(classify(game)[1][0], [player.actions for player in model.players])
        assert found.names[found.codes[row, column]] == expected


def test_the_point_stands_on_the_map_where_its_values_say(page: Explored) -> None:
    values = {**page.model.central(), "escalation_risk": 0.01}
    drawn = page.map_html(page.map("escalation_risk", "stake_russia", values, "nato"), "nato", values)

    (place,) = re.findall(r'class="gt-now" cx="([\d.]+)" cy="([\d.]+)"', drawn)

    # two thirds of three decades; 1.2 of 0.6 to 2.5
    assert float(place[0]) == pytest.approx(52 + 360 * 2 / 3, abs=1.0)
    assert float(place[1]) == pytest.approx(8 + 300 * (1 - 0.6 / 1.9), abs=1.0)


def test_a_control_runs_over_the_law_and_holds_the_central_value(kinds: Explored) -> None:
    assert [own.name for own in kinds.controls] == ["war_risk", "war_loss", "rounds", "noise"]  # the fixed one is told
    assert kinds.held_still == (("Stake", "1"),)
    for own in kinds.controls:
        assert list(own.values) == sorted(set(own.values))
        assert own.central in own.values
    assert control(kinds, "war_loss").ends == (2.0, 100.0)
    assert control(kinds, "rounds").values == (1.0, 2.0, 4.0)
    assert control(kinds, "rounds").menu
    quantiles = kinds.model.parameters["noise"].law.quantile([0.001, 0.999])
    assert control(kinds, "noise").ends == pytest.approx(quantiles)


def test_a_slider_is_even_in_values_or_in_their_logarithms(kinds: Explored) -> None:
    for name, scale in (("war_loss", np.asarray), ("war_risk", np.log)):
        own = control(kinds, name)
        places = scale(np.array(own.values))
        even = np.linspace(places[0], places[-1], STEPS + 1)
        assert len(places) == STEPS + 1
        assert np.abs(places - even).max() < 0.51 * (even[1] - even[0])  # the central value may stand half a step off


def test_every_game_of_the_controls_has_a_view(kinds: Explored) -> None:
    shown = view(kinds.model, {"rounds": 4, "war_loss": 2.5})

    assert [own for own in shown.found.notes if "break a constraint" in own]
    assert "rounds" not in shown.changes
    assert "break a constraint" in shown.answer
    assert not view(kinds.model).found.notes


def test_several_solutions_are_all_told_and_none_is_selected() -> None:
    shown = view(read(CONTROLS), {"war_risk": 0.4, "war_loss": 50})

    assert len(shown.found.profiles) == 3
    assert "nothing here selects one of them" in shown.sentence
    assert all(support(profile).split(", ")[0].partition("+")[0] for profile in shown.found.profiles)
    assert shown.sentence.count("the West plays") + shown.sentence.count("the West mix") >= 2


def test_a_long_list_of_solutions_is_counted_to_its_end() -> None:
    shown = view(load("asymmetric_escalation"), detail="answer")
    told, left = re.search(r"there are (\d+) solutions.*; or (\d+) others$", shown.sentence).groups()

    spelt = shown.sentence.count("the choices are")
    assert int(told) == len(shown.found.rows) == spelt + int(left)
    assert not shown.map
    assert not shown.changes


def test_another_concept_is_answered_as_solve_does(reference: Model, page: Explored) -> None:
    for order in ORDERS:
        for concept in page.concepts(order):
            found = answer(reference, page.names, {}, order, concept)
            solved = solve(reference.games(), order=order, concept=concept)
            assert list(found.profiles) == [solved.profile(number) for number in range(len(solved))]


def test_no_text_of_a_model_becomes_markup() -> None:
    model = read(hostile_text())
    for order in ORDERS:
        shown = view(model, order=order, x="decisiveness", y="stake_russia")
        pieces = [shown.answer, shown.game, shown.map, shown._repr_html_()]

        assert all("<img" not in piece and "<script" not in piece for piece in pieces)
        assert all("&lt;img" in piece for piece in pieces)
        assert SCRIPT in shown.sentence  # plain text, which the page sets as text
        assert HOSTILE == shown.title


def test_what_a_browser_sends_is_made_something_that_the_model_knows(page: Explored) -> None:
    desk = Desk(page)
    sent: dict[str, Any] = {
        "serial": 3,
        "values": {"escalation_risk": 1e9, "stake_russia": float("nan"), "decisiveness": "1", "nobody": 2.0},
        "order": "china",
        "concept": "<script>",
        "x": "decisiveness",
        "y": "decisiveness",
    }

    found = desk.checked(sent)

    assert found["values"] == {
        "stake_russia": 1.2,
        "disaster_loss_nato": 40.0,
        "disaster_loss_russia": 40.0,
        "decisiveness": 1.0,
        "escalation_risk": 0.1,
    }
    assert (found["order"], found["concept"], found["x"], found["y"]) == (
        "simultaneous",
        "nash",
        "stake_russia",
        "disaster_loss_nato",
    )
    assert desk.quick({"values": None})["sentence"] == view(page.model).sentence


def test_the_map_stays_while_the_point_moves_on_it_and_is_stale_else(page: Explored) -> None:
    desk = Desk(page)
    asked = desk.checked({"x": "escalation_risk", "y": "stake_russia"})
    assert desk.quick(asked)["stale"]
    drawn = desk.later(asked)["map"]

    moved = {**asked, "values": {**asked["values"], "escalation_risk": 0.005}}
    along = desk.quick(moved)
    aside = desk.quick({**asked, "values": {**asked["values"], "decisiveness": 1.5}})
    other = desk.quick({**asked, "order": "nato"})

    assert along["point"] in desk.later(moved)["map"]
    assert along["point"] not in drawn
    assert (along["stale"], aside["stale"], other["stale"]) == (False, True, True)


def test_the_tips_on_the_track_of_the_slider_that_moves_still_hold(page: Explored) -> None:
    desk = Desk(page)
    asked = desk.checked({})
    assert desk.later(asked)["outdated"] == []

    moved = desk.quick({**asked, "values": {**asked["values"], "decisiveness": 1.5}})

    assert set(moved["outdated"]) == {own.name for own in page.axes} - {"decisiveness"}


def test_without_an_event_loop_everything_is_answered_at_once(reference: Model) -> None:
    pytest.importorskip("anywidget", reason="the extra 'explore' is not installed")
    widget: Any = explore(reference, {"escalation_risk": 0.06}, order="nato", x="decisiveness", y="escalation_risk")

    widget.asked = {**widget.asked, "serial": 1, "order": "russia"}

    assert widget.quick["sentence"] == view(reference, {"escalation_risk": 0.06}, order="russia").sentence
    assert widget.later["serial"] == 1
    assert (widget.asked["x"], widget.asked["y"]) == ("decisiveness", "escalation_risk")


def test_a_notebook_holds_a_still_first_view_without_script_before_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("anywidget", reason="the extra 'explore' is not installed")
    import IPython.display

    sent: list[dict[str, str]] = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **_: sent.append(data))
    widget: Any = explore(read(hostile_text()), order="nato")

    widget._ipython_display_()

    still, live = sent
    assert still["text/plain"] == f"{widget.quick['sentence']}."
    assert [widget.quick[piece] in still["text/html"] for piece in ("answer", "game")] == [True, True]
    assert widget.later["map"] in still["text/html"]
    assert f'class="gt-still" data-key="{widget.page["key"]}"' in still["text/html"]
    assert "<img" not in still["text/html"]
    assert "<script" not in still["text/html"]
    assert any("widget-view" in kind for kind in live)


def test_a_wrong_question_is_refused_with_its_remedy(reference: Model) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'escalation_risk'"):
        view(reference, {"escalation_rsk": 0.1})
    with pytest.raises(UnknownNameError, match="no order of play 'china'"):
        view(reference, order="china")
    with pytest.raises(InputError, match="expected one order of play"):
        view(reference, order="all")
    with pytest.raises(InputError, match="expected two different parameters"):
        view(reference, x="decisiveness", y="decisiveness")
    with pytest.raises(UnknownNameError, match="no parameter with a slider named 'stake_nato'"):
        view(reference, x="stake_nato")


def test_a_missing_extra_is_named(reference: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    from gametheory.explorer.widget import _page_class

    _page_class.cache_clear()
    with pytest.raises(InputError, match=r"'anywidget'.*pip install '\.\[explore\]'"):
        explore(reference)
    with pytest.raises(InputError, match=r"pip install '\.\[explore\]'"):
        serve(tmp_path / "x.yaml", 8866, lambda _: None)


def test_the_command_refuses_what_has_nothing_to_move(tmp_path: Path) -> None:
    from gametheory.cli.app import app

    fixed = re.sub(r"law: \{[^}]*\}", "law: {kind: fixed}", CONTROLS)
    (tmp_path / "fixed.yaml").write_text(fixed, encoding="utf-8")
    for file, reason in (("game.nfg", "no parameters to move"), (str(tmp_path / "fixed.yaml"), "nothing to move")):
        error = CliRunner().invoke(app, ["explore", file]).exception
        assert isinstance(error, InputError)
        assert reason in str(error)


def test_what_the_command_cannot_serve_it_says_and_ends_with_a_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gametheory.cli import main

    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(CONTROLS.replace("form: strategic", "form: strategical").replace("mark: A", "mark: B", 1))

    for file, told in (
        ("nosuch.yaml", "error: no file 'nosuch.yaml'"),
        ("reference_involvment", "did you mean 'reference_involvement'"),
        (str(faulty), f"{faulty}:4:7: error: form: found 'strategical'"),
    ):
        monkeypatch.setattr(sys, "argv", ["gametheory", "explore", file])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
        assert told in capsys.readouterr().err


def test_without_a_free_port_the_server_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    application = pytest.importorskip("voila.app", reason="the extra 'explore' is not installed")

    def no_port(_: object) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(application.Voila, "initialize", lambda _, __: None)
    monkeypatch.setattr(application.Voila, "start", no_port)
    with pytest.raises(ComputationError, match="no free port near 8866; name another with --port"):
        serve(tmp_path / "x.yaml", 8866, lambda _: None)


def test_the_server_listens_on_the_loopback_and_speaks_to_kernels_through_files(tmp_path: Path) -> None:
    settings = _settings(tmp_path, tmp_path / "explorer.ipynb", 8866)

    assert settings.Voila.ip == LOOPBACK == "127.0.0.1"
    assert settings.KernelManager.transport == "ipc"
    assert settings.VoilaConfiguration.file_allowlist == []
    assert not settings.VoilaConfiguration.show_tracebacks
    with _private_folder() as folder:
        assert folder.stat().st_mode & 0o077 == 0
        (kernel,) = folder.glob("kernels/*/kernel.json")
        assert json.loads(kernel.read_text(encoding="utf-8"))["argv"][0] == sys.executable


def test_the_name_of_a_file_cannot_leave_its_place_in_the_notebook() -> None:
    import nbformat

    name = 'x"); raise SystemExit("ran") #\\".yaml'
    written = notebook(Path(name))

    nbformat.validate(written)
    last = written["cells"][0]["source"].splitlines()[-1]
    assert last.startswith('explore(load("')
    assert last.endswith('"))')
    assert json.loads(last.removeprefix("explore(load(").removesuffix("))")) == name
