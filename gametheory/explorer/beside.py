"""How does a page get work done beside it, so that no slider ever waits for a map?

One process beside this one does the slow work for all pages of this one. It is started when first needed, and ends with
this one: at once where this one ends in order, else as soon as its input is found closed. A thread hands what it writes
to the event loop of the page that asked.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

__all__ = ["Beside", "beside"]

SILENT = 5.0  # seconds after which a process that was told to drop its work, and has not said a word, is ended
GONE = "the process that worked it out has ended"

Piece = Mapping[str, Any]
Tell = Callable[[Piece], None]


class Beside:
    """A process that answers questions of pages; questions and answers are those of `gametheory.explorer.worker`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._pages: dict[str, tuple[AbstractEventLoop, Tell]] = {}
        self._open: dict[str, int] = {}
        self._owed: float | None = None  # since when a word is owed on work that is to be dropped

    def ask(self, question: Piece, loop: AbstractEventLoop, tell: Tell) -> None:
        """Send a question, or only that the page has moved on; ``tell`` gets every piece of the answer in ``loop``."""
        page = str(question["page"])
        self._pages[page] = loop, tell
        asks = "order" in question
        if self._owed is not None and monotonic() - self._owed > SILENT:
            self._open.pop(page, None)
            self.end()
        if not asks and self._process is None:
            return
        if page in self._open and self._owed is None:
            self._owed = monotonic()
        if self._process is not None and self._process.poll() is not None:
            self._open.pop(page, None)
            self.end()
        if asks:
            self._open[page] = int(question["serial"])
        self._send(question)

    def end(self) -> None:
        """End the process, and tell the pages that wait for it; the next question starts another."""
        process, self._process, self._owed = self._process, None, None
        if process is not None:
            process.kill()
            process.wait()
        self._give_up()

    def _send(self, question: Piece) -> None:
        """Write a question to the process, which is started where there is none."""
        process = self._process
        if process is None:
            process = self._process = _started()
            threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        try:
            if process.stdin is not None:
                process.stdin.write(json.dumps(question) + "\n")
                process.stdin.flush()
        except BrokenPipeError:
            self._give_up()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        """Hand on whatever the process writes, and that it has ended."""
        for line in process.stdout or ():
            self._hand_on(process, json.loads(line))
        if process is self._process:
            self._give_up()

    def _give_up(self) -> None:
        """Tell every page that waits that nothing more will come."""
        for page, serial in list(self._open.items()):
            self._tell({"page": page, "serial": serial, "fault": GONE})

    def _hand_on(self, process: subprocess.Popen[str], piece: Piece) -> None:
        """Give one piece to the page that asked for it; what an ended process had written counts no more."""
        if process is self._process:
            self._owed = None
            self._tell(piece)

    def _tell(self, piece: Piece) -> None:
        """Give one piece to the page that asked for it."""
        page = str(piece["page"])
        if self._open.get(page) == piece["serial"] and not piece.get("left"):
            self._open.pop(page, None)
        loop, tell = self._pages[page]
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, piece)


@cache
def beside() -> Beside:
    """The one process beside this one."""
    own = Beside()
    atexit.register(own.end)
    return own


def _started() -> subprocess.Popen[str]:
    """A new process of the same Python that finds the same package."""
    package = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-m", "gametheory.explorer.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,  # an interrupt of the page's own process is not meant for this one
    )
