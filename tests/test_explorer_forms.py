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
from tests.test_explorer_page import CHROMIUM, LAPTOP, PHONE

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
LONG = THREE.replace("label: The West,", "label: The Western Alliance and its Associates Ltd,").replace(
    "label: The broker,", "label: The honest broker in the neutral capital,"
)
LONG = LONG.replace("label: The East,", "label: The Eastern Union of Sovereign Republics,")
LONG = LONG.replace("hold_back", "hold_back_and_wait_for_the_other_to_move").replace(
    "stay_out", "stay_out_of_the_affair"
)
MODELS = {
    "tree": "asymmetric_escalation",
    "equation": "crisis_signalling",
    "three": THREE,
    "tied": TIED,
    "long": LONG,
}
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
        page.evaluate("() => { render({ model: window.model, el: document.getElementById('here') }); }")
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


def heights(page: Page) -> dict[str, float]:
    """How high each control stands in the window."""
    return dict(
        page.evaluate("""() => [...document.querySelectorAll(".gt-explorer input[type=range]")]
            .map((one) => [one.id, one.getBoundingClientRect().top])""")
    )


def sized(page: Page, text: str) -> None:
    """Give the page an answer with another sentence."""
    page.evaluate("text => model.tell('quick', {...model.state.quick, sentence: text})", text)
    page.wait_for_timeout(50)


@pytest.mark.parametrize(("width", "letters"), [(1280, 300), (390, 120)])
def test_a_control_stays_under_the_pointer_while_the_answer_gets_longer(shown: Show, width: int, letters: int) -> None:
    page, _ = shown("tree", "sequential")
    page.set_viewport_size({"width": width, "height": 800})
    sized(page, "Short")
    before = heights(page)

    sized(page, "word " * (letters // 5))
    page.evaluate(
        """() => { const later = structuredClone(model.state.later);
        for (const own of Object.values(later.changes)) own.sentence = "The answer changes at 0.1234, 0.2345, 0.3456";
        model.tell("later", {...later, left: "the map and tipping points"}); }"""
    )

    assert heights(page) == before


def test_the_sentence_that_stays_in_sight_hides_neither_the_answer_nor_what_the_keyboard_reaches(shown: Show) -> None:
    page, _ = shown("tree", "sequential")
    page.set_viewport_size({"width": 1280, "height": 500})
    sized(page, "word " * 100)
    page.get_by_role("slider").nth(2).evaluate("own => own.scrollIntoView({block: 'center'})")
    edge = "document.querySelector('.gt-sentence').getBoundingClientRect().bottom"
    page.wait_for_function(f"document.querySelector('.gt-seen').getBoundingClientRect().top - {edge} >= -1")

    page.locator(".gt-explorer summary").last.focus()
    hidden = []
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        top, name = page.evaluate(
            f"""() => {{ const own = document.activeElement;
                const within = own.closest(".gt-columns") && !own.matches(".gt-place");
                return [within ? own.getBoundingClientRect().top - {edge} : 0, own.outerHTML.slice(0, 80)]; }}"""
        )
        hidden += [name] if top < 0 else []

    assert hidden == []


def test_what_is_old_says_so_and_stays_readable(shown: Show) -> None:
    page, page_of = shown("tree", "sequential")

    assert page.locator(".gt-left").last.inner_text() == "Worked out for the present values."
    page.get_by_role("slider", name=page_of.axes[2].label, exact=True).press("PageUp")
    answered(page)

    assert page.locator(".gt-left").last.inner_text() == "What is pale belongs to earlier values."
    old = page.locator(".gt-tips.gt-stale, .gt-stale figcaption, .gt-stale .gt-note").all()
    assert len(old) == len(page_of.axes) - 1 + 3
    for text in old:
        red, opacity = text.evaluate(
            r"""own => { let opacity = 1; for (let up = own; up; up = up.parentElement)
               opacity *= Number(getComputedStyle(up).opacity);
               return [Number(getComputedStyle(own).color.match(/\d+/)[0]), opacity]; }"""
        )
        assert opacity == 1
        assert red <= 0x75  # of a grey on white, which then has a contrast of 4.5


def test_what_changes_at_a_tipping_point_is_told_to_a_thumb_and_a_keyboard(shown: Show, scans: Scans) -> None:
    page, page_of = shown("equation", "equilibrium")
    _, tips = scans("equation", "equilibrium")
    first = next(own for own in page_of.axes if tips[own.name]["marks"])
    box = page.locator(f'[data-name="{first.name}"]')

    box.locator("summary").press("Enter")

    told = box.locator(".gt-told").inner_text()
    for mark in tips[first.name]["marks"]:
        assert f"{mark['text']}." in told
    assert "65 values were compared." in told


def test_a_concept_of_its_own_is_not_taken_for_that_of_the_map(shown: Show) -> None:
    page, _ = shown("tree", "sequential")
    concept, note = page.get_by_label("Concept", exact=True), page.locator(".gt-menus .gt-note")

    assert "stay those of Nash equilibria" not in note.inner_text()
    concept.select_option("logit")
    answered(page)

    assert note.inner_text().endswith("The map and the tipping points stay those of Nash equilibria.")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_solution_is_cut_off_at_the_side(shown: Show, width: int) -> None:
    page, _ = shown("long", "simultaneous")
    page.set_viewport_size({"width": width, "height": 800})
    boxes = page.locator(".gt-answer .gt-scroll")

    assert boxes.count() == 1  # this model has no measures
    assert page.locator(".gt-solutions tbody").count() == 3
    ends = boxes.first.evaluate(
        """own => [...own.querySelectorAll("tbody th")].map((one) => { const range = document.createRange();
           range.selectNodeContents(one);
           return range.getBoundingClientRect().right - own.getBoundingClientRect().right; })"""
    )
    assert max(ends) <= 0
