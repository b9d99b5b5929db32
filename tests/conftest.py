"""How do the tests draw their examples, and with which browser do they look?

The same examples on every run, unless a deeper search is asked for: ``pytest --hypothesis-profile=deep`` draws many new
ones; what it finds goes into an ordinary test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

os.environ.setdefault("MPLBACKEND", "Agg")  # figures are drawn, never shown

SLOW_START = [HealthCheck.too_slow]  # a kernel compiles inside the first example

settings.register_profile("ci", derandomize=True, deadline=None, database=None, suppress_health_check=SLOW_START)
settings.register_profile("deep", max_examples=5_000, deadline=None, print_blob=True, suppress_health_check=SLOW_START)
settings.load_profile("ci")

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium of the system, one for the tests of a file.

    It is not kept for the next file: while it runs, its event loop runs in this thread, too, and tests of what happens
    without one would meet it.
    """
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("NO BROWSER: Chromium is not there; install Debian's package chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="NO BROWSER TESTS: playwright is not installed")
    with playwright.sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()
