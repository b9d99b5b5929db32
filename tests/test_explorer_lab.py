"""Does `explore` work in JupyterLab, where the keys of the sliders are JupyterLab's shortcuts?"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gametheory.explorer.prepared import explored
from gametheory.explorer.viewing import view
from gametheory.reader import load
from tests.test_explorer_page import CHROMIUM, LAPTOP, PATIENCE, settled, slider

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: the explorer was not tested in JupyterLab"),
]
PORT = 8977
SOURCE = """
from gametheory.explorer import explore
from gametheory.reader import load
explore(load("reference_involvement"), order="nato")
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a notebook in a JupyterLab of its own."""
    pytest.importorskip("anywidget", reason="the extra 'explore' is not installed")
    cell: dict[str, object] = {"cell_type": "code", "id": "a", "execution_count": None, "metadata": {}, "outputs": []}
    cell["source"] = SOURCE
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    written = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": [cell]}
    (tmp_path / "x.ipynb").write_text(json.dumps(written), encoding="utf-8")
    token = secrets.token_hex(16)
    places = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={PORT}"]
    command += ["--ServerApp.port_retries=0", f"--ServerApp.root_dir={tmp_path}"]
    quiet = subprocess.DEVNULL
    settings = {**os.environ, **places, "JUPYTER_TOKEN": token}
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=settings, start_new_session=True) as server:
        try:
            wait_for(f"http://127.0.0.1:{PORT}/api")
            yield f"http://127.0.0.1:{PORT}/lab/tree/x.ipynb?token={token}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(address: str) -> None:
    """Wait until a server answers."""
    for _ in range(120):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  (an address of our own)
        except urllib.error.URLError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"nothing answered at {address}")


def test_an_arrow_key_moves_a_slider_in_jupyterlab(address: str, browser: Browser) -> None:
    page_of = explored(load("reference_involvement"))
    risk = next(own for own in page_of.controls if own.name == "escalation_risk")
    page = browser.new_page(viewport=LAPTOP)
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator(".jp-Notebook .cm-content").click()
    for _ in range(20):  # until the kernel is ready
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(3000)
        if page.locator(".gt-sentence").count():
            break
    for key in ("PageDown", "ArrowLeft", "ArrowLeft"):
        slider(page, risk).press(key)
    settled(page)
    place = int(slider(page, risk).input_value())
    said = page.locator(".gt-sentence").inner_text()
    page.close()

    assert place < risk.values.index(risk.central) - 2
    assert said == f"{view(page_of.model, {risk.name: risk.values[place]}, order='nato').sentence}."
