"""Does the page of the explorer show trees, equations and three players in a browser, whatever answers it?

The page runs in Chromium without a server: what it asks is answered by the desk of the explorer in this process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import gametheory.explorer
from gametheory.explorer import view
from gametheory.explorer.desk import Desk
from gametheory.explorer.prepared import Explored, explored
from gametheory.explorer.scans import Map
from gametheory.explorer.stages import map_to, scanned
from gametheory.explorer.widget import _page
from gametheory.reader import load, read
from tests.explorer_models import THREE, TIED
from tests.test_explorer_page import CHROMIUM, FLAGS, LAPTOP, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Scans = Callable[[str, str], tuple[Map | None, Mapping[str, Any]]]
Show = Callable[[str, str], tuple["Page", Explored]]

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="NO BROWSER: the explorer was not tested in Chromium; install Debian's package chromium",
    ),
    pytest.mark.xdist_group("browser"),
]
FOLDER = Path(gametheory.explorer.__file__).parent
MODELS = {"tree": "asymmetric_escalation", "equation": "crisis_signalling", "three": THREE, "tied": TIED}
FORMS = [("tree", "sequential"), ("equation", "equilibrium"), ("three", "simultaneous")]
SERVED = """
const told = {};
const model = {
  state: structuredClone(window.state),
  get(name) { return this.state[name]; },
  set(name, value) { this.state[name] = value; },
  on(name, call) { (told[name] ??= []).push(call); },
  off() {},
  tell(name, value) { this.state[name] = value; (told[`change:${name}`] ?? []).forEach((call) => call()); },
  async save_changes() { this.tell("quick", await window.ask(this.state.asked)); },
};
window.model = model;
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="NO BROWSER TESTS: playwright is not installed")
    with playwright.sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def pages() -> Callable[[str], Explored]:
    known: dict[str, Explored] = {}

    def page(name: str) -> Explored:
        if name not in known:
            given = MODELS[name]
            known[name] = explored(read(given) if "\n" in given else load(given))
        return known[name]

    return page


@pytest.fixture(scope="module")
def scans(pages: Callable[[str], Explored]) -> Scans:
    """The map of the first two parameters and the tipping points at the central values, worked out once."""
    known: dict[str, tuple[Map | None, Mapping[str, Any]]] = {}

    def found(name: str, order: str) -> tuple[Map | None, Mapping[str, Any]]:
        if name not in known:
            page = pages(name)
            x, y = (own.name for own in page.axes[:2])
            known[name] = scanned(page, page.model.central(), order, (x, y), followed=False)
        return known[name]

    return found


@pytest.fixture
def shown(
    browser: Browser,
    pages: Callable[[str], Explored],
    scans: Scans,
) -> Iterator[Show]:
    """A page of one of the models, with its map and tipping points, and the answers of its desk."""
    opened: list[Page] = []

    def show(name: str, order: str) -> tuple[Page, Explored]:
        page_of, desk = pages(name), Desk(pages(name))
        drawn, tips = scans(name, order)
        asked = desk.checked({"order": order})
        later = desk.take(asked, {"map": drawn and map_to(drawn), "tips": tips})
        state = {"page": _page(page_of), "asked": asked, "later": later, "quick": desk.quick(asked)}
        page = browser.new_page(viewport=LAPTOP)
        opened.append(page)
        page.expose_function("ask", desk.quick)
        code = (FOLDER / "page.js").read_text(encoding="utf-8").replace("export default { render };", "")
        assert "const SLOW = 3000;" in code
        code = code.replace("const SLOW = 3000;", "const SLOW = 400;")
        style = (FOLDER / "page.css").read_text(encoding="utf-8")
        page.set_content(f"<!doctype html><style>{style}</style><body style='margin:0'><div id='here'></div></body>")
        data = json.dumps(json.dumps(state))
        page.add_script_tag(content=f"window.state = JSON.parse({data});{SERVED}{code}")
        page.evaluate("render({ model: window.model, el: document.getElementById('here') })")
        return page, page_of

    yield show
    for page in opened:
        page.close()


def answered(page: Page) -> None:
    page.wait_for_timeout(60)
    page.wait_for_function("() => { const own = document.querySelector('.gt-explorer').dataset;"
                           "return own.serial === own.asked; }")  # fmt: skip


@pytest.mark.parametrize(
    ("name", "order"), [("tree", "sequential"), ("equation", "equilibrium"), ("three", "simultaneous")]
)
def test_the_map_and_the_tips_of_every_form_are_shown_and_say_what_they_are(
    shown: Show,
    scans: Scans,
    name: str,
    order: str,
) -> None:
    page, page_of = shown(name, order)
    drawn, tips = scans(name, order)

    assert drawn is not None
    assert page.locator(".gt-map svg[data-wide] > path[shape-rendering]").count() == len(drawn.names)
    assert "Numerical: each of 24 by 24 cells" in page.locator(".gt-map").inner_text()
    for own in page_of.axes:
        said = page.locator(f'[data-name="{own.name}"] .gt-tips').inner_text()
        assert said == f"{tips[own.name]['sentence']}."
        marks = page.locator(f'[data-name="{own.name}"] .gt-mark').count()
        assert marks == len(tips[own.name]["marks"])


def test_a_click_and_the_arrow_keys_on_the_map_move_the_point(
    shown: Show,
) -> None:
    page, page_of = shown("tree", "sequential")
    x, y = page_of.axes[:2]
    svg = page.locator(".gt-map svg[data-wide]")
    box = svg.bounding_box()
    assert box is not None
    scale = box["width"] / 426.0

    page.mouse.click(box["x"] + (52 + 0.25 * 360) * scale, box["y"] + (8 + 0.25 * 300) * scale)
    answered(page)
    clicked = page.evaluate("window.model.state.asked.values")
    assert [clicked[x.name], clicked[y.name]] == pytest.approx([x.values[50], y.values[150]], rel=0.05, abs=0.02)

    page.locator(".gt-place").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowDown")
    answered(page)
    moved = page.evaluate("window.model.state.asked.values")

    assert x.values.index(moved[x.name]) == x.values.index(clicked[x.name]) + 10
    assert y.values.index(moved[y.name]) == y.values.index(clicked[y.name]) - 1
    expected = view(page_of.model, {x.name: moved[x.name], y.name: moved[y.name]}, order="sequential", detail="answer")
    assert page.locator(".gt-sentence").inner_text() == f"{expected.sentence}."
    assert page.get_by_role("slider", name=x.label, exact=True).input_value() == str(x.values.index(moved[x.name]))


def test_what_no_longer_holds_is_marked_and_what_is_to_come_is_said(
    shown: Show,
) -> None:
    page, page_of = shown("tree", "sequential")
    moved = page_of.axes[2]

    page.get_by_role("slider", name=moved.label, exact=True).press("PageUp")
    answered(page)

    busy = page.locator('.gt-tips[aria-busy="true"]').count()
    assert busy == len(page_of.axes) - 1
    assert page.locator(f'[data-name="{moved.name}"] .gt-tips').get_attribute("aria-busy") == "false"
    assert "gt-stale" in str(page.locator(".gt-place").get_attribute("class"))
    later = {"map": "", "stale": True, "changes": {}, "outdated": [], "fault": "", "serial": 1}
    page.evaluate("later => window.model.tell('later', later)", {**later, "left": "the map and tipping points"})
    assert page.locator(".gt-left").last.inner_text() == "Being worked out: the map and tipping points."
    page.evaluate("later => window.model.tell('later', later)", {**later, "left": "", "fault": "it has ended"})
    assert page.locator(".gt-left").last.inner_text() == "Not worked out: it has ended."
    page.evaluate("model.tell('quick', model.state.quick)")
    unknown = page_of.axes[0].name
    told = page.locator(f'[data-name="{unknown}"] .gt-tips')
    for fault, said in (("", "Tipping points: being worked out."), ("ended", "Tipping points: not worked out.")):
        told.evaluate("own => { own.textContent = ''; }")  # none were known yet
        page.evaluate(
            "later => model.tell('later', later)", {**later, "left": "", "fault": fault, "outdated": [unknown]}
        )
        assert told.inner_text() == said
        assert told.get_attribute("aria-busy") == ("false" if fault else "true")


def test_an_answer_that_does_not_come_is_told_until_it_comes(shown: Show) -> None:
    page, page_of = shown("tree", "sequential")
    said, moved = page.locator(".gt-left").first, page.get_by_role("slider", name=page_of.axes[2].label, exact=True)
    page.evaluate("() => { window.kept = model.save_changes; model.save_changes = async () => {}; }")

    moved.press("ArrowRight")
    said.filter(has_text="No answer yet: what is shown belongs to earlier settings.").wait_for()

    assert "gt-stale" in str(page.locator(".gt-sentence").get_attribute("class"))
    page.evaluate("() => { model.save_changes = window.kept; }")
    moved.press("ArrowRight")
    answered(page)
    assert said.inner_text() == ""
    assert page.locator(".gt-sentence.gt-stale").count() == 0


def test_what_another_view_of_the_page_asked_is_adopted_and_an_echo_is_not(shown: Show) -> None:
    page, page_of = shown("tree", "sequential")
    first = page_of.axes[0]
    asked = page.evaluate("model.state.asked")
    values = {**asked["values"], first.name: first.values[7]}

    page.evaluate("asked => model.tell('asked', asked)", {**asked, "values": values})
    assert page.get_by_role("slider").first.input_value() != "7"
    theirs = {**asked, "values": values, "serial": 5, "order": "simultaneous"}
    page.evaluate("asked => model.tell('asked', asked)", theirs)

    assert page.get_by_role("slider").first.input_value() == "7"
    assert page.get_by_label("Order of play").input_value() == "simultaneous"
    page.get_by_role("slider").first.press("ArrowRight")
    answered(page)
    assert page.evaluate("[model.state.asked.serial, model.state.asked.order]") == [6, "simultaneous"]


def test_the_page_asks_for_the_map_of_the_nearest_tips_unless_its_reader_has_chosen(shown: Show) -> None:
    page, page_of = shown("tree", "sequential")
    names = [own.name for own in page_of.axes]
    across, up = page.get_by_label("Map: across"), page.get_by_label("Map: up")
    later = {"map": "", "stale": True, "changes": {}, "outdated": [], "fault": "", "left": "the map"}

    page.evaluate("later => model.tell('later', later)", {**later, "serial": 0, "axes": [names[3], names[0]]})
    answered(page)
    assert page.evaluate("[model.state.asked.x, model.state.asked.y]") == [names[3], names[0]]
    assert [across.input_value(), up.input_value()] == [names[3], names[0]]
    up.select_option(names[4])
    answered(page)
    serial = page.evaluate("model.state.asked.serial")
    page.evaluate("later => model.tell('later', later)", {**later, "serial": serial, "axes": names[:2]})
    answered(page)

    assert page.evaluate("[model.state.asked.x, model.state.asked.y]") == [names[3], names[4]]


def test_another_solution_is_drawn_in_the_tree_when_it_is_chosen(
    shown: Show,
) -> None:
    page, page_of = shown("tree", "sequential")
    page.get_by_label("Order of play").select_option("simultaneous")
    answered(page)
    menu = page.get_by_label("Drawn in the tree")
    before = page.locator(".gt-payoffs").inner_html()

    menu.select_option("3")
    answered(page)

    expected = page_of.answer({}, "simultaneous", "nash")
    assert menu.locator("option").count() == len(expected.rows)
    assert page.locator(".gt-payoffs").inner_html() != before
    assert "solution 4 of" in page.locator(".gt-payoffs figcaption").inner_text()


@pytest.mark.parametrize(("name", "order"), [*FORMS, ("tied", "simultaneous")])
def test_on_a_phone_every_form_keeps_to_the_page_under_a_thumb_and_in_words(shown: Show, name: str, order: str) -> None:
    page, _ = shown(name, order)
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(50)

    low = page.evaluate(
        """() => [...document.querySelectorAll(".gt-explorer :is(input, select, button, summary)")]
             .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
             .map((one) => one.outerHTML)"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert low == []
    assert "_" not in page.locator(".gt-explorer").inner_text()
