"""Is what the explorer works out beside its page the same as what the analyses say, and is outdated work dropped?"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gametheory.analyses import base_case, tip
from gametheory.explorer import explore, view
from gametheory.explorer.answers import answer
from gametheory.explorer.beside import Beside
from gametheory.explorer.boundaries import model_at, traced
from gametheory.explorer.desk import Desk
from gametheory.explorer.drawing import map_svg
from gametheory.explorer.prepared import Explored, explored
from gametheory.explorer.scans import changes, region_map
from gametheory.explorer.stages import CELLS, Job, SupersededError, in_batches, map_from, map_to, stages
from gametheory.explorer.worker import Questions, answer as work
from gametheory.reader import catalogue, load, read
from gametheory.solvers import solve
from gametheory.study import class_name, classify
from tests.explorer_models import CONTROLS, THREE, TIED

TREE, EQUATION = "asymmetric_escalation", "crisis_signalling"


@pytest.fixture(scope="module")
def pages() -> Callable[[str], Explored]:
    known: dict[str, Explored] = {}

    def page(name: str) -> Explored:
        if name not in known:
            known[name] = explored({"three": read(THREE)}.get(name) or load(name))
        return known[name]

    return page


@pytest.mark.parametrize(
    ("name", "parameter", "order"),
    [(TREE, "challenger_resolve", "sequential"), (EQUATION, "sender_fights", "equilibrium")],
)
def test_the_tips_of_trees_and_equations_are_those_of_the_analysis(
    pages: Callable[[str], Explored], name: str, parameter: str, order: str
) -> None:
    page = pages(name)
    slider = page.control(parameter)

    found = changes(page.model, [slider], page.model.central(), order, points=65)[parameter]

    frame = tip(page.model, parameter, order=order).sort_values("value")
    assert len(frame)
    apart = 1e-5 * (slider.ends[1] - slider.ends[0])
    assert [one.value for one in found] == pytest.approx(frame["value"].tolist(), abs=apart)
    assert [tuple(one.before.split(" | ")) for one in found] == frame["before"].tolist()


@pytest.mark.parametrize(
    ("name", "order"), [(TREE, "sequential"), (EQUATION, "equilibrium"), ("three", "simultaneous")]
)
def test_a_cell_of_a_coarse_map_shows_the_game_in_its_middle(
    pages: Callable[[str], Explored], name: str, order: str
) -> None:
    page = pages(name)
    model, (x, y) = page.model, page.axes[:2]
    found = region_map(model, x, y, model.central(), order, cells=8)
    assert found is not None
    assert len(found.names) > 1

    for row, column in np.random.default_rng(0).integers(0, 8, (12, 2)).tolist():
        point = {x.name: float(found.xs[column]), y.name: float(found.ys[row])}
        there = answer(model, page.names, point, order)
        shown = found.names[found.codes[row, column]].split(" | ")
        expected = {"+".join(re.findall(r"[a-z_*]\w*(?: \d)?", part)) for part in "|".join(there.profiles).split("|")}
        assert {"+".join(re.findall(r"[a-z_*]\w*(?: \d)?", part)) for part in shown} == expected


def test_along_a_boundary_the_answer_differs_from_side_to_side_at_moved_values() -> None:
    page = explored(load("reference_involvement"))
    model, x, y = page.model, page.control("escalation_risk"), page.control("stake_russia")
    values = {**model.central(), "disaster_loss_russia": 60.0}

    found = traced(model, x, y, values, "nato")

    assert len(found.curves) > 3
    actions = [player.actions for player in model.players]
    seen = set()
    for curve in found.curves:
        places = np.column_stack([x.track_shares(curve.xs), y.track_shares(curve.ys)])
        for start, stop in list(pairwise(places))[::7]:
            along = stop - start
            if np.hypot(*along) < 1e-3:
                continue
            aside = 1e-3 * np.array([-along[1], along[0]]) / np.hypot(*along)
            named = [_named(model, values, (x, y), (start + stop) / 2 + side, actions) for side in (aside, -aside)]
            assert named[0] != named[1]
            seen.update(named)
    assert seen <= set(found.names)


def _named(model: Any, values: Mapping[str, float], axes: Any, place: Any, actions: Any) -> str:
    """The set of solutions at a place of the map, from shares of its sides."""
    point = {}
    for axis, share in zip(axes, place, strict=True):
        low, high = axis.ends
        point[axis.name] = low * (high / low) ** share if axis.by_powers else low + (high - low) * share
    games = model.games({**values, **point})
    return class_name(classify(solve(games, order="nato"))[1][0], actions)


def test_a_model_at_other_values_answers_as_the_model_does_there() -> None:
    model = load("reference_involvement")
    values = {**model.central(), "escalation_risk": 0.06, "stake_russia": 2.2}

    moved, asked = base_case(model_at(model, values)), base_case(model, values=values)

    assert moved.equals(asked)
    assert model_at(model, model.central()) == model


def test_proved_boundaries_are_thick_and_counted() -> None:
    page = explored(read(TIED))
    model, (x, y) = page.model, page.axes[:2]

    found = traced(model, x, y, model.central(), "simultaneous")

    proved = [curve.proved for curve in found.curves]
    assert 0 < sum(proved) < len(proved)
    assert f"{len(proved)} boundaries, of which {sum(proved)} (thick) are proved in fractions" in found.said
    widths = re.findall(r'class="gt-curve"[^>]*stroke-width="([\d.]+)"', map_svg(found, "", ""))
    assert [float(width) > 2.0 for width in widths] == proved


@pytest.mark.parametrize("name", ["reference_involvement", EQUATION])
def test_a_map_survives_being_written_in_plain_values(pages: Callable[[str], Explored], name: str) -> None:
    page = pages(name)
    x, y = (control.name for control in page.axes[:2])
    job = Job(page.model.central(), page.model.orders[0], x, y, ())
    (stage,) = stages(page, job, cells=[6])
    assert stage.map is not None

    again = map_from(json.loads(json.dumps(map_to(stage.map))), page.control)

    values = page.model.central()
    assert page.map_html(again, job.order, values) == page.map_html(stage.map, job.order, values)


def test_a_coarse_map_comes_first_and_each_piece_says_what_is_left(pages: Callable[[str], Explored]) -> None:
    page = pages("three")
    x, y = (control.name for control in page.axes[:2])

    found = list(stages(page, Job(page.model.central(), "simultaneous", x, y, (x,)), cells=(4, 6, 8)))

    assert [None if stage.map is None else len(stage.map.xs) for stage in found] == [4, None, 6, 8]
    assert [list(stage.tips) for stage in found] == [[], [x], [], []]
    assert [stage.left for stage in found] == [
        "tipping points and a map of 6 by 6 cells",
        "a map of 6 by 6 cells",
        "a map of 8 by 8 cells",
        "",
    ]


def test_batches_make_no_difference_and_end_where_they_are_told_to(pages: Callable[[str], Explored]) -> None:
    page = pages(TREE)
    model, (x, y) = page.model, page.axes[:2]
    told: list[int] = []

    def going_on() -> None:
        told.append(len(told))
        if len(told) > 3:
            raise SupersededError

    with pytest.raises(SupersededError):
        region_map(model, x, y, model.central(), "sequential", 64, in_batches(going_on))
    apart = region_map(model, x, y, model.central(), "sequential", 12, in_batches(lambda: None))
    at_once = region_map(model, x, y, model.central(), "sequential", 12)
    assert apart is not None
    assert at_once is not None
    assert apart.names == at_once.names
    assert (apart.codes == at_once.codes).all()


def question(page: Explored, serial: int, **more: Any) -> dict[str, Any]:
    return {"page": "a", **(Desk(page).question({"serial": serial, **more}) or {})}


def test_work_for_a_page_that_has_moved_on_is_dropped(pages: Callable[[str], Explored]) -> None:
    page = pages("three")
    written: list[dict[str, Any]] = []
    questions = Questions()
    questions.put(question(page, 1))
    first = questions.take()
    assert first is not None

    def write(piece: dict[str, Any]) -> None:
        written.append(piece)
        questions.put({"page": "a", "serial": 2})  # moved on, and no question yet

    work(page, first, questions, write)

    assert [piece.get("dropped", False) for piece in written] == [False, True]
    questions.put(question(page, 3))
    questions.put(question(page, 4))
    newest = questions.take()
    assert newest is not None
    assert newest["serial"] == 4
    questions.end()
    assert questions.take() is None


class Here(Beside):
    """Answers the questions of pages in this process, so that a test sees each of them."""

    def __init__(self, page: Explored) -> None:
        super().__init__()
        self.page, self.asked, self.questions = page, list[int](), Questions()

    def ask(self, question: Mapping[str, Any], loop: asyncio.AbstractEventLoop, tell: Any) -> None:
        self.questions.put(question)
        if "order" in question:
            self.asked.append(question["serial"])
            told: list[Any] = []
            work(self.page, question, self.questions, told.append)
            for piece in told:
                loop.call_later(0.05, tell, piece)


@pytest.mark.parametrize("name", ["reference_involvement", "three"])
def test_a_change_is_answered_at_once_and_the_rest_follows_after_a_rest(
    pages: Callable[[str], Explored], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    pytest.importorskip("anywidget", reason="the extra 'explore' is not installed")
    page = pages(name)
    model, slider = page.model, page.axes[-1]
    here = Here(page)
    monkeypatch.setattr("gametheory.explorer.widget.beside", lambda: here)
    monkeypatch.setattr("gametheory.explorer.stages.CELLS", (6, 12))
    monkeypatch.setattr("gametheory.explorer.boundaries.CELLS", 16)
    monkeypatch.setattr("gametheory.explorer.scans.MOST_CELLS", 16)
    x, y = (own.name for own in page.axes[:2])
    steps = [slider.values[k] for k in (20, 90, 150)]

    async def dragged() -> tuple[list[str], dict[str, Any], dict[str, Any]]:
        widget: Any = explore(model, x=x, y=y)
        while widget.later["left"]:
            await asyncio.sleep(0.01)
        seen: list[str] = []
        widget.observe(lambda change: seen.append(change["name"]), names=["quick", "later"])
        for serial, value in enumerate(steps, start=1):
            widget.asked = {**widget.asked, "serial": serial, "values": {slider.name: value}}
            assert widget.quick["serial"] == serial
        quick = dict(widget.quick)
        while widget.later["serial"] < 3 or widget.later["left"]:
            await asyncio.sleep(0.01)
        return seen, quick, widget.later

    seen, quick, later = asyncio.run(asyncio.wait_for(dragged(), 60))

    expected = view(model, {slider.name: steps[-1]}, x=x, y=y, detail="boundaries")
    assert seen[:4] == ["quick"] * 3 + ["later"]
    assert here.asked == [0, 3]
    assert quick["sentence"] == expected.sentence
    assert later["changes"] == dict(expected.changes)
    assert later["outdated"] == []
    assert later["map"] == expected.map


def test_a_fault_of_the_work_beside_is_told_and_the_page_lives_on(pages: Callable[[str], Explored]) -> None:
    desk = Desk(pages("three"))
    asked = desk.checked({"serial": 5})

    shown = desk.take(asked, {"serial": 5, "fault": "the process that worked it out has ended"})

    assert shown["fault"] == "the process that worked it out has ended"
    assert shown["stale"]
    assert desk.question(asked) is not None
    assert desk.quick(asked)["sentence"]


@pytest.fixture(scope="module")
def process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "gametheory.explorer.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        yield started
        started.kill()


def test_the_process_answers_what_a_page_asks_and_ends_with_its_input(
    pages: Callable[[str], Explored], process: subprocess.Popen[str]
) -> None:
    page = pages("three")
    unread = {**question(page, 6), "digest": "unread", "text": "format: gametheory/0"}
    asked = question(page, 7, values={"gain": 2.5})
    changed = {**asked, "serial": 8, "digest": "another"}
    assert process.stdin is not None
    assert process.stdout is not None

    def put(*asked: Mapping[str, Any]) -> None:
        assert process.stdin is not None
        process.stdin.write("".join(json.dumps(one) + "\n" for one in asked))
        process.stdin.flush()

    def told() -> dict[str, Any]:
        assert process.stdout is not None
        return dict(json.loads(process.stdout.readline()))

    put(unread)
    fault = told()["fault"]  # in the words of the reader, and the process lives on
    assert "format: found 'gametheory/0'" in fault
    assert "Error" not in fault
    put(asked)
    pieces = [told(), told()]
    put(changed)
    rest = [told()]
    while "fault" not in rest[-1]:
        rest.append(told())
    process.stdin.close()

    x, y = page.axes[:2]
    here = region_map(page.model, x, y, {**page.model.central(), "gain": 2.5}, "simultaneous", CELLS[0])
    assert here is not None
    assert pieces[0]["map"] == map_to(here)
    assert sorted(pieces[1]["tips"]) == sorted(own.name for own in page.axes)
    assert "changed after it was read" in rest[-1]["fault"]
    assert {piece["serial"] for piece in rest[:-1]} <= {7}
    assert process.wait(timeout=30) == 0


ECHO = """
import json, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    if asked.get("order") == "end":
        sys.exit(1)
    if asked.get("order") == "answer":
        print(json.dumps({"page": asked["page"], "serial": asked["serial"], "left": ""}), flush=True)
"""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[str]]]:
    """The processes that are started in the place of the worker: these answer, end or are silent as they are asked."""
    all_of_them: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        all_of_them.append(subprocess.Popen([sys.executable, "-c", ECHO], stdin=pipe, stdout=pipe, text=True))
        return all_of_them[-1]

    monkeypatch.setattr("gametheory.explorer.beside._started", start)
    yield all_of_them
    for own in all_of_them:
        own.kill()
        own.communicate()


def asked_beside(process: Beside, steps: list[tuple[str, int, str]], awaited: int) -> list[tuple[str, int, str]]:
    """What pages are told when they ask: page, serial, and ``order`` for what the process is to do, '' for a move."""

    async def heard() -> list[tuple[str, int, str]]:
        told: list[tuple[str, int, str]] = []

        def tell(piece: Mapping[str, Any]) -> None:
            told.append((piece["page"], piece["serial"], piece.get("fault", "")))

        for page, serial, order in steps:
            process.ask({"page": page, "serial": serial, **({"order": order} if order else {})}, loop(), tell)
            await asyncio.sleep(0.05)
        while len(told) < awaited:
            await asyncio.sleep(0.01)
        return told

    loop = asyncio.get_running_loop
    return asyncio.run(asyncio.wait_for(heard(), 30))


def test_when_the_process_is_killed_every_page_that_waits_is_told_and_the_next_question_is_answered(
    started: list[subprocess.Popen[str]],
) -> None:
    process = Beside()
    gone = "the process that worked it out has ended"

    told = asked_beside(process, [("a", 1, "silence"), ("b", 4, "silence"), ("c", 1, "end")], 3)
    again = asked_beside(process, [("a", 2, "answer")], 1)

    assert sorted(told) == [("a", 1, gone), ("b", 4, gone), ("c", 1, gone)]
    assert again == [("a", 2, "")]
    assert len(started) == 2


def test_only_a_process_that_does_not_drop_what_it_was_told_to_drop_is_ended(
    started: list[subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("gametheory.explorer.beside.monotonic", lambda: now[0])
    process = Beside()

    told: list[Any] = []

    async def moved_on() -> None:
        def ask(page: str, serial: int, order: str = "") -> None:
            question = {"page": page, "serial": serial, **({"order": order} if order else {})}
            process.ask(question, asyncio.get_running_loop(), lambda piece: told.append(tuple(piece.values())[:2]))

        ask("a", 1, "silence")
        ask("b", 1, "silence")
        now[0] = 60.0  # long work, from which nobody has moved on
        ask("a", 2)
        assert started[0].poll() is None
        now[0] = 66.0
        ask("a", 3, "answer")
        while len(told) < 2:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(moved_on(), 30))

    assert sorted(told) == [("a", 3), ("b", 1)]  # its answer, and that nothing will come
    assert len(started) == 2
    assert started[0].poll() is not None


def nearest_by_the_analysis(model: Any, axes: Any, order: str) -> tuple[str, str]:
    """The two parameters whose exact tipping points are nearest to their central values, in shares of the tracks."""
    far = {}
    for own in axes:
        values = tip(model, own.name, order=order)["value"]
        here = own.track_shares([own.central])[0]
        far[own.name] = min((abs(share - here) for share in own.track_shares(values)), default=9.0)
    first, second = sorted(far, key=lambda name: far[name])[:2]
    return first, second


@pytest.mark.parametrize("name", ["reference_involvement", "three"])
def test_a_map_without_given_axes_starts_on_the_nearest_tipping_points(
    pages: Callable[[str], Explored], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    pytest.importorskip("anywidget", reason="the extra 'explore' is not installed")
    page = pages(name)
    here = Here(page)
    monkeypatch.setattr("gametheory.explorer.widget.beside", lambda: here)
    monkeypatch.setattr("gametheory.explorer.stages.CELLS", (6,))
    monkeypatch.setattr("gametheory.explorer.boundaries.CELLS", 16)
    monkeypatch.setattr("gametheory.explorer.scans.MOST_CELLS", 16)

    async def begun() -> tuple[list[str], dict[str, Any], str]:
        widget: Any = explore(page.model)
        while widget.later["left"] and "axes" not in widget.later:
            await asyncio.sleep(0.01)
        axes, without = widget.later.get("axes"), widget.later["map"]
        if axes:  # what the page does
            widget.asked = {**widget.asked, "serial": 1, "x": axes[0], "y": axes[1]}
        while widget.later["left"]:
            await asyncio.sleep(0.01)
        return axes, dict(widget.asked), without

    axes, asked, without = asyncio.run(asyncio.wait_for(begun(), 60))

    expected = nearest_by_the_analysis(page.model, page.axes, "simultaneous")
    assert (asked["x"], asked["y"]) == expected
    assert expected != tuple(own.name for own in page.axes[:2])
    if name == "three":
        assert tuple(axes) == expected
        assert not without
        assert here.asked == [0, 1]
    at_once: Any = explore(page.model)  # where no event loop runs
    assert (at_once.asked["x"], at_once.asked["y"]) == expected
    assert "data-left" in at_once.later["map"]


def test_a_tree_is_drawn_as_the_chosen_solution_plays_it(pages: Callable[[str], Explored]) -> None:
    page = pages(TREE)
    found = page.answer({}, "simultaneous", "nash")
    solutions: Any = found.solutions

    for place in (0, len(found.rows) - 1):
        drawn = page.game_html(found, place)
        tree = solutions.tree
        walked = int(np.sum(solutions.reached[place][1:] > 1e-9))
        assert drawn.count("stroke-width='3.4'") == walked
        assert f"solution {place + 1} of {len(found.rows)}" in drawn
        assert len(tree.ends) == drawn.count("<tspan")
    assert "_" not in re.sub(r"<[^>]*>", "", page.game_html(found, 0))


def test_the_circles_of_an_equation_stand_at_its_roots(pages: Callable[[str], Explored]) -> None:
    page = pages(EQUATION)
    found = page.answer({}, "equilibrium", "nash")
    solutions: Any = found.solutions

    drawn = page.game_html(found)

    circles = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawn)]
    line = [tuple(map(float, pair.split())) for pair in re.findall(r'd="M([^"]*)"/>', drawn)[-1].split("L")]
    zero = float(re.findall(r'<path d="M60 ([\d.]+)h', drawn)[0])
    crossings = [
        x + (zero - y) * (other_x - x) / (other_y - y)
        for (x, y), (other_x, other_y) in pairwise(line)
        if (y < zero) != (other_y < zero)
    ]
    assert len(circles) == len(solutions) == 3
    assert crossings == pytest.approx(circles, abs=2.0)


@pytest.mark.parametrize("name", catalogue())
def test_every_order_and_concept_that_a_page_offers_has_an_answer(pages: Callable[[str], Explored], name: str) -> None:
    page = pages(name)
    for order in page.model.orders:
        offered = page.concepts(order)
        assert next(iter(offered)) == "nash"
        for concept in offered:
            shown = page.answer({}, order, concept)
            assert shown.verdict != "failed"
            assert shown.profiles
            assert page.game_html(shown)


def test_three_players_and_tied_parameters_have_their_controls(pages: Callable[[str], Explored]) -> None:
    three, tied = pages("three"), explored(read(TIED))

    assert next(iter(three.concepts("simultaneous"))) == "nash"
    assert three.game_html(three.answer({}, "simultaneous", "nash")).count("<table") == 2
    told = {own.name: own.tied for own in tied.controls}
    assert told["gain"] == "Rank correlation 0.5 with price. Here it moves alone"
    assert "Ranked with best and middle" in told["worst"]
    assert "leave the order" in view(tied.model, {"worst": 0.9}, detail="answer").answer
    assert not any(own.tied for own in explored(read(CONTROLS)).controls)
