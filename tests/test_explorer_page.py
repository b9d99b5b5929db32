"""Does the served explorer work in a real browser: the right answers, for the reader alone, and by keyboard too?

The browser is the Chromium of the system. Where there is none these tests are skipped, and the report says so.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from gametheory.explorer.controls import Control
from gametheory.explorer.prepared import Explored, explored
from gametheory.explorer.viewing import view
from gametheory.reader import load
from tests.explorer_models import SCRIPT, hostile_text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 90_000  # milliseconds: a kernel may have to compile first
LAPTOP: ViewportSize = {"width": 1366, "height": 850}
PHONE: ViewportSize = {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="NO BROWSER: the explorer was not tested in Chromium; install Debian's package chromium",
    ),
    pytest.mark.xdist_group("browser"),  # one server and one browser for all of them
]


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Explored:
    """A model whose texts try to run script; its numbers are those of the reference game."""
    path = tmp_path_factory.mktemp("explorer") / "model.yaml"
    path.write_text(hostile_text(), encoding="utf-8")
    return explored(load(path))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the server keeps what it needs; short, because the path of a socket is."""
    with TemporaryDirectory(prefix="s-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def address(page_of: Explored, folder: Path) -> Iterator[str]:
    """The address that the command says, while it serves the model."""
    pytest.importorskip("voila", reason="NO SERVER: the extra 'explore' is not installed")
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    port = taken.getsockname()[1]
    command = [sys.executable, "-m", "gametheory", "explore", page_of.model.path, "--port", str(port)]
    settings = {**os.environ, "TMPDIR": str(folder), "PYTHONWARNINGS": "default"}
    with (
        taken,
        (folder / "errors").open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=settings, start_new_session=True
        ) as server,
    ):
        assert server.stdout is not None
        said = server.stdout.readline().strip()
        try:
            yield said
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)


@pytest.fixture(scope="module")
def browser_page(address: str, browser: Browser) -> Iterator[Page]:
    """The page in Chromium, once it has its first answer."""
    page = browser.new_page(viewport=LAPTOP)
    page.set_default_timeout(PATIENCE)
    answered: list[str] = []
    page.on("response", lambda response: answered.append(response.url))
    page.route(lambda url: not url.startswith(("http://127.0.0.1:", "blob:", "data:")), lambda route: route.fulfill())
    page.goto(address)
    page.wait_for_selector(".gt-sentence")
    page.answered = answered  # type: ignore[attr-defined]  # ours
    yield page
    page.close()


@pytest.fixture
def page(browser_page: Page) -> Page:
    """The page with all controls at their central values."""
    browser_page.set_viewport_size(LAPTOP)
    browser_page.get_by_label("Order of play").select_option("simultaneous")
    browser_page.get_by_role("button", name="Reset to central values").click()
    settled(browser_page)
    return browser_page


def settled(page: Page) -> None:
    """Wait until the answer, and all that is worked out beside it, belong to what was last asked."""
    page.wait_for_timeout(150)
    page.wait_for_function(
        """() => { const own = document.querySelector(".gt-explorer").dataset;
        return own.serial === own.asked && own.done === own.asked; }"""
    )


def control(page_of: Explored, name: str) -> Control:
    return next(own for own in page_of.controls if own.name == name)


def slider(page: Page, own: Control) -> Any:
    return page.get_by_role("slider", name=own.label, exact=True)


def request(address: str, path: str, **headers: str) -> tuple[int, str]:
    """Status and place of the answer to one request."""
    there = urlsplit(address)
    connection = http.client.HTTPConnection(there.hostname or "", there.port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheader("Location") or ""


def dots(page: Page) -> tuple[str, ...]:
    """Where the present point stands on the map."""
    dot = page.locator(".gt-now")
    return str(dot.get_attribute("cx")), str(dot.get_attribute("cy"))


@pytest.mark.parametrize(("order", "far", "near"), [("simultaneous", "PageUp", "Right"), ("nato", "PageDown", "Left")])
def test_moving_a_slider_changes_answer_map_and_tips_to_the_right_ones(
    page: Page, page_of: Explored, order: str, far: str, near: str
) -> None:
    risk = control(page_of, "escalation_risk")
    page.get_by_label("Order of play").select_option(order)
    page.get_by_label("Map: across").select_option("escalation_risk")
    settled(page)
    before = page.locator(".gt-sentence").inner_text(), page.locator(".gt-payoffs").inner_html(), dots(page)

    for key in (far, f"Arrow{near}", f"Arrow{near}"):
        slider(page, risk).press(key)
    settled(page)

    place = int(slider(page, risk).input_value())
    assert place in range(1, len(risk.values) - 1)
    axes = {axis: page.get_by_label(f"Map: {text}").input_value() for axis, text in (("x", "across"), ("y", "up"))}
    values = {"escalation_risk": risk.values[place]}
    expected = view(page_of.model, values, order=order, detail="boundaries", **axes)
    after = page.locator(".gt-sentence").inner_text(), page.locator(".gt-payoffs").inner_html(), dots(page)
    assert after[0] == f"{expected.sentence}."
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert [dots(page)] == re.findall(r'class="gt-now" cx="([\d.]+)" cy="([\d.]+)"', expected.map)
    drawn = page.locator(".gt-map .gt-curve").evaluate_all("all => all.map((one) => one.getAttribute('d'))")
    assert drawn == re.findall(r'class="gt-curve" d="([^"]*)"', expected.map)
    assert drawn
    assert "boundaries, followed numerically; none is proved" in page.locator(".gt-map").inner_text()
    assert page.locator(".gt-payoffs td").all_inner_texts()[1:] == cells(expected.game)[1:]
    for own in page_of.axes:
        tips = page.locator(f'[data-name="{own.name}"] .gt-tips').inner_text()
        assert tips == f"{expected.changes[own.name]['sentence']}."


def cells(html: str) -> list[str]:
    """The texts of the cells of a table."""
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", html, flags=re.DOTALL)]


def test_a_typed_value_counts_exactly_and_a_reset_takes_all_back(page: Page, page_of: Explored) -> None:
    risk = control(page_of, "escalation_risk")
    start = page.locator(".gt-answer").inner_html()
    exact = page.get_by_label(f"{risk.label}, exact value")

    exact.fill("0.0123")
    exact.press("Enter")
    settled(page)
    assert page.locator(".gt-answer").inner_html() == as_shown(page, view(page_of.model, {risk.name: 0.0123}).answer)
    exact.fill("7")
    exact.press("Enter")
    settled(page)
    assert exact.input_value() == "0.1"  # the end of the law

    page.get_by_role("button", name="Reset to central values").click()
    settled(page)
    assert page.locator(".gt-answer").inner_html() == start
    assert exact.input_value() == "0.02"


def as_shown(page: Page, html: str) -> str:
    """HTML as the browser writes it."""
    code = "html => { const box = document.createElement('div'); box.innerHTML = html; return box.innerHTML; }"
    return str(page.evaluate(code, html))


def test_without_the_token_nothing_is_shown(address: str) -> None:
    token = address.partition("token=")[2]
    assert len(token) >= 40
    for path in ("/", "/?token=", "/?token=wrong", f"/?token={token[:-1]}"):
        status, place = request(address, path)
        assert (status, place.partition("?")[0]) == (302, "/login")
    kernel = "00000000-0000-0000-0000-000000000000"
    for path in (f"/api/kernels/{kernel}", f"/api/kernels/{kernel}/channels", "/voila/files/explorer.ipynb"):
        assert request(address, path)[0] == 403


def test_a_port_that_is_taken_is_told_and_another_used(address: str, folder: Path) -> None:
    said = (folder / "errors").read_text(encoding="utf-8")
    port = int(said.partition("port ")[2].split()[0])

    assert f"port {port} is taken" in said
    assert urlsplit(address).port != port


def test_the_log_holds_no_warning_of_the_sockets(page: Page, folder: Path) -> None:
    assert page.locator(".gt-still").count() == 0  # the page has taken the place of the still view
    assert "websocket" not in (folder / "errors").read_text(encoding="utf-8")


def test_a_request_for_another_host_is_refused(address: str) -> None:
    token = address.partition("token=")[2]

    assert request(address, f"/?token={token}", Host="elsewhere.example")[0] == 403


def test_only_this_computer_can_reach_the_page(address: str) -> None:
    there = urlsplit(address)
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    rows += [line.split() for line in Path("/proc/net/tcp6").read_text(encoding="ascii").splitlines()[1:]]
    listening = {row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[1].endswith(f":{there.port:04X}")}

    assert there.hostname == "127.0.0.1"
    assert listening == {"0100007F"}  # 127.0.0.1, its bytes turned round


def test_kernels_are_spoken_to_through_files_that_no_other_user_can_reach(page: Page, folder: Path) -> None:
    connections = list(folder.rglob("kernel-*.json"))

    assert connections
    assert all('"transport": "ipc"' in path.read_text(encoding="utf-8") for path in connections)
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.glob("gt-*"))


def test_script_in_a_text_stays_text(page: Page) -> None:
    for order in ("simultaneous", "nato"):
        page.get_by_label("Order of play").select_option(order)
        settled(page)
        assert page.evaluate("window.ran") is None
        assert page.locator(".gt-explorer img, .gt-explorer script").count() == 0
        assert SCRIPT in page.locator(".gt-explorer").inner_text()


def test_the_page_gets_nothing_from_elsewhere(page: Page, address: str) -> None:
    hosts = {urlsplit(url).netloc for url in page.answered if url.startswith("http")}  # type: ignore[attr-defined]  # ours

    assert hosts == {urlsplit(address).netloc}


def test_the_keyboard_reaches_every_control(page: Page) -> None:
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    wanted = page.evaluate(
        """() => { window.controls = [...document.querySelectorAll(
             ".gt-explorer :is(input, select, button, summary, .gt-place)")].filter((one) => one.checkVisibility());
             return window.controls.length; }"""
    )
    assert wanted > 20
    # JupyterLab leaves them their keys
    assert page.evaluate("window.controls.every((one) => one.dataset.lmSuppressShortcuts === 'true')")

    page.locator(".gt-explorer select").first.focus()
    seen = set()
    for _ in range(wanted + 10):  # beside them there are tables that scroll
        seen.add(page.evaluate("window.controls.indexOf(document.activeElement)"))
        page.keyboard.press("Tab")

    assert set(range(wanted)) <= seen


def test_every_control_has_a_name_of_its_own(page: Page, page_of: Explored) -> None:
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = {"slider", "spinbutton", "combobox", "button", "DisclosureTriangle"}
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree
        if not node.get("ignored") and node["role"]["value"] in roles
    ]

    assert all(name.strip() for _, name in named)
    assert len(set(named)) == len(named)
    assert {name for role, name in named if role == "slider"} == {own.label for own in page_of.controls}
    assert {name for role, name in named if role == "combobox"} >= {"Order of play", "Concept"}
    pictures = [node for node in tree if node["role"]["value"] in {"image", "img"} and not node.get("ignored")]
    assert any("Map." in node.get("name", {}).get("value", "") for node in pictures)


def test_on_a_phone_nothing_stands_beside_the_page_and_the_answer_stays_in_sight(page: Page, page_of: Explored) -> None:
    page.set_viewport_size(PHONE)
    slider(page, page_of.controls[-1]).scroll_into_view_if_needed()
    page.wait_for_timeout(200)

    wide = page.evaluate("document.querySelector('.gt-page').scrollWidth")
    box = page.locator(".gt-sentence").bounding_box()

    assert wide <= PHONE["width"]
    assert box is not None
    assert 0 <= box["y"] + 1 < 300
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
