"""Can the page be read: on a laptop, on a phone, on paper, with the keyboard, and by a screen reader?

The browser is the Chromium of the system. Where there is none its tests are skipped, and the report says so.
"""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gametheory.report import write
from tests.pages import read_page
from tests.test_report import PROVENANCE, frames, model

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page as View

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LAPTOP = {"width": 1280, "height": 768}
PHONES = (320, 390)
THUMB = 40  # pixels: the least height of what is pressed with a thumb
READABLE = 4.5  # contrast of text to its ground that the guidelines for accessible pages ask for
SHEET = 297 / 25.4 * 96  # pixels: the height of a sheet of A4
in_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER: the page was not tested in Chromium; install Debian's package chromium"
)

INSIDE = {  # element -> the only elements in which it may stand
    "li": {"ul", "ol"},
    "dt": {"dl"},
    "dd": {"dl"},
    "summary": {"details"},
    "caption": {"table"},
    "figcaption": {"figure"},
    "tr": {"thead", "tbody", "table"},
    "th": {"tr"},
    "td": {"tr"},
}
PHRASES = {"p", "h1", "h2", "figcaption", "summary", "caption", "dt"}  # hold words, and no blocks
BLOCKS = {"p", "div", "ul", "dl", "table", "section", "figure", "details", "h1", "h2", "pre"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(model(), frames(), tmp_path_factory.mktemp("page"), provenance=PROVENANCE)


@pytest.fixture(scope="module")
def html(written: Path) -> str:
    return written.read_text(encoding="utf-8")


def shown(browser: Browser, page: Path, width: int, height: int = 844) -> View:
    """The page in a window of some size, which runs no script, as it needs none."""
    view = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False).new_page()
    view.goto(page.as_uri())
    return view


# What a validator and a screen reader look for


def test_elements_stand_only_where_they_may(html: str) -> None:
    for tag, _, outer in read_page(html).tags:
        assert not outer or tag not in INSIDE or outer[-1] in INSIDE[tag], (tag, outer)
        assert tag not in BLOCKS or not PHRASES & set(outer), (tag, outer)


def test_there_is_one_main_heading_and_no_level_is_left_out(html: str) -> None:
    levels = [level for level, _ in read_page(html).headings]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_has_a_language_a_main_part_and_a_way_past_its_head(html: str) -> None:
    page = read_page(html)

    assert page.named("html")[0]["lang"] == "en"
    assert len(page.named("main")) == 1
    assert page.named("a")[0]["href"] == "#answer"
    assert "answer" in page.sections


def test_boxes_that_scroll_can_be_reached_and_have_a_name(html: str) -> None:
    boxes = [own for own in read_page(html).named("div") if "overflow" in own.get("style", "") + own.get("class", "")
             or own.get("class") == "scroll"]  # fmt: skip

    assert boxes
    for own in boxes:
        assert own["tabindex"] == "0"
        assert own["role"] == "region"
        assert own["aria-label"]


def test_the_contents_name_every_section(html: str) -> None:
    page = read_page(html)
    links = {own["href"].removeprefix("#") for own in page.named("a")}

    assert links == set(page.sections)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as the guidelines define it."""
    digits = colour.lstrip("#")
    parts = [digits[k : k + 2] for k in (0, 2, 4)] if len(digits) == 6 else [digit * 2 for digit in digits]
    shares = [int(part, 16) / 255 for part in parts]
    linear = [share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_text_and_links_stand_out_from_their_ground(html: str) -> None:
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]+)", html))

    for text in ("ink", "soft", "link"):
        for ground in ("#fff", colours["pale"]):
            dark, light = sorted((luminance(colours[text]), luminance(ground)))
            assert (light + 0.05) / (dark + 0.05) >= READABLE


# What a reader sees


@in_chromium
def test_the_first_screen_of_a_laptop_holds_question_answer_and_figure(browser: Browser, written: Path) -> None:
    view = shown(browser, written, LAPTOP["width"], LAPTOP["height"])

    for what in ("h1", ".question", "#answer", ".first figure"):
        box = view.locator(what).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= LAPTOP["height"], what
    assert view.locator(".sentence").count() == 3
    assert view.locator(".first img").count() == 1


@in_chromium
def test_on_a_phone_the_sentences_come_before_the_figure(browser: Browser, written: Path) -> None:
    view = shown(browser, written, PHONES[-1])
    answer, figure = (view.locator(what).bounding_box() for what in ("#answer", ".first figure"))

    assert answer is not None
    assert figure is not None
    assert answer["y"] + answer["height"] <= figure["y"]


@in_chromium
def test_a_laptop_shows_the_first_picture_of_a_section_beside_its_sentences(browser: Browser, written: Path) -> None:
    view = shown(browser, written, LAPTOP["width"])
    pairs = view.locator(".pair").all()

    assert pairs
    for pair in pairs:
        told, figure = (pair.locator(f"> {what}").bounding_box() for what in (".told", "figure"))
        assert told is not None
        assert figure is not None
        assert told["x"] + told["width"] <= figure["x"]
        assert abs(told["y"] - figure["y"]) < THUMB


@in_chromium
def test_no_table_is_squeezed_into_half_the_page_that_does_not_fit(browser: Browser, written: Path) -> None:
    view = shown(browser, written, LAPTOP["width"])
    for folded in view.locator("summary").all():
        folded.click()
    tables = view.locator(".pair .scroll, .tiles > :not(.broad) .scroll")

    assert tables.count()
    assert not tables.evaluate_all("boxes => boxes.filter(own => own.scrollWidth > own.clientWidth).length")


@in_chromium
@pytest.mark.parametrize("width", [*PHONES, LAPTOP["width"]])
def test_the_page_never_scrolls_sideways(browser: Browser, written: Path, width: int) -> None:
    view = shown(browser, written, width)
    for folded in view.locator("summary").all():
        folded.click()

    assert view.evaluate("document.documentElement.scrollWidth") <= width
    scrolled = view.locator(".scroll").evaluate_all("boxes => boxes.filter(own => own.scrollWidth > own.clientWidth)")
    assert scrolled or width > max(PHONES)  # there is something that is too wide for a phone


@in_chromium
def test_the_contents_take_a_line_until_they_are_opened_and_leave_room_for_thumbs(
    browser: Browser, written: Path
) -> None:
    view = shown(browser, written, PHONES[0])
    closed = view.locator("nav").bounding_box()
    view.locator("nav summary").click()

    assert closed is not None
    assert closed["height"] <= 1.5 * THUMB
    links = view.locator("nav a").all()
    assert len(links) > 10
    for own in [*links, view.locator("nav summary")]:
        box = own.bounding_box()
        assert box is not None
        assert box["height"] >= THUMB


@in_chromium
def test_on_paper_no_figure_is_cut_and_folded_tables_are_open(browser: Browser, written: Path) -> None:
    view = shown(browser, written, LAPTOP["width"])
    view.emulate_media(media="print")

    assert view.locator("nav").is_hidden()
    for row in view.locator("details:not(.file) tbody tr:first-child").all():
        assert row.is_visible()
    for own in view.locator("figure").all():
        box = own.bounding_box()
        assert box is not None
        assert box["height"] < SHEET
