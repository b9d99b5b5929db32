"""Does a server of the explorer leave nothing behind, neither a folder nor a process, however it ends?"""

from __future__ import annotations

import http.cookiejar
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gametheory.explorer.folders import LOCK, PREFIX, clear_left_behind, own_folder

HOLD = """
import sys, time
from gametheory.explorer.folders import ending_in_order, own_folder
with ending_in_order(), own_folder(sys.argv[1]) as folder:
    (folder / "kernels").mkdir()
    print(folder, flush=True)
    time.sleep(60)
"""
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def root() -> Iterator[Path]:
    """A place for folders; short, because the path of a socket is."""
    with TemporaryDirectory(prefix="e-") as name:
        yield Path(name)


def held(root: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that has a folder of its own, and that folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


@pytest.mark.parametrize("number", SIGNALS)
def test_whoever_is_told_to_end_removes_its_folder_on_the_way_out(root: Path, number: int) -> None:
    process, folder = held(root)
    with process:
        assert (folder / "kernels").is_dir()
        process.send_signal(number)
        process.wait(timeout=30)

    assert list(root.iterdir()) == []


def test_what_a_killed_server_left_is_removed_by_the_next_one_and_nothing_else(root: Path, tmp_path: Path) -> None:
    process, left = held(root)
    other, used = held(root)
    unmarked, elsewhere = root / f"{PREFIX}unmarked", tmp_path / f"{PREFIX}elsewhere"
    for folder in (unmarked, elsewhere):
        folder.mkdir()
    (elsewhere / LOCK).touch()
    link = root / f"{PREFIX}link"
    link.symlink_to(elsewhere)
    with process, other:
        process.kill()
        process.wait(timeout=30)
        with own_folder(str(root)) as ours:
            assert clear_left_behind(str(root)) == [left]
            assert sorted(root.iterdir()) == sorted([used, ours, unmarked, link])
            assert (ours / LOCK).exists()
            assert (elsewhere / LOCK).exists()
        other.send_signal(signal.SIGTERM)
        other.wait(timeout=30)

    assert clear_left_behind(str(root)) == []
    assert sorted(root.iterdir()) == sorted([unmarked, link])


def processes(mark: str) -> list[str]:
    """What runs that was started with a mark in its environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (place / "environ").read_bytes():
                found.append((place / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it has ended, or is another user's
            continue
    return found


def visited(address: str) -> None:
    """Open a page once, as a browser does, so that it has a process of its own."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    urllib.request.build_opener(jar).open(address, timeout=120).close()


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, *(pytest.param(own, marks=pytest.mark.slow) for own in (signal.SIGINT, signal.SIGHUP))]
)
def test_a_server_with_a_visitor_leaves_neither_folder_nor_process(root: Path, number: int) -> None:
    pytest.importorskip("voila", reason="NO SERVER: the extra 'explore' is not installed")
    mark = f"EXPLORED={secrets.token_hex(8)}"
    name, _, value = mark.partition("=")
    command = [sys.executable, "-m", "gametheory", "explore", "crisis_signalling"]
    settings = {**os.environ, "TMPDIR": str(root), name: value}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True, env=settings) as server:
        assert server.stdout is not None
        visited(server.stdout.readline().strip())
        assert any("ipykernel" in own for own in processes(mark))
        server.send_signal(number)
        assert server.wait(timeout=60) == 0

    for _ in range(100):
        if not processes(mark):
            break
        time.sleep(0.1)
    assert processes(mark) == []
    assert list(root.iterdir()) == []
