"""What does the process beside the page do? It works out maps and tipping points, and drops what nobody wants any more.

It reads one question a line from its standard input and writes one piece of an answer a line to its standard output,
both as JSON. It ends where its input ends, so that it does not outlive the page's own process.
"""

from __future__ import annotations

import faulthandler
import json
import sys
import threading
from collections.abc import Mapping
from typing import Any

from gametheory.errors import GameTheoryError, InputError
from gametheory.explorer.prepared import Explored, explored
from gametheory.explorer.stages import Job, SupersededError, in_batches, map_to, stages
from gametheory.reader import read

__all__ = ["Questions", "answer", "main"]

STUCK = 60.0  # seconds without a batch or a piece after which the process gives itself up

Question = Mapping[str, Any]


class Questions:
    """The newest question of each page; a newer one replaces one that waits, and ends the work on one that does not."""

    def __init__(self) -> None:
        self._waiting: dict[str, Question] = {}
        self._newest: dict[str, int] = {}
        self._changed = threading.Condition()
        self._over = False

    def put(self, question: Question) -> Question | None:
        """Note a question, or that a page has moved on and will ask later; returns the one that it replaces, if any."""
        with self._changed:
            page = str(question["page"])
            self._newest[page] = int(question["serial"])
            replaced = self._waiting.pop(page, None)
            if "order" in question:
                self._waiting[page] = question
            self._changed.notify()
            return replaced

    def end(self) -> None:
        """Note that nobody will ask any more."""
        with self._changed:
            self._over = True
            self._changed.notify()

    def take(self) -> Question | None:
        """Wait for a question; None where there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._over)
            if self._over:
                return None
            return self._waiting.pop(next(iter(self._waiting)))

    def current(self, question: Question) -> bool:
        """Whether its page still waits for the answer to a question."""
        with self._changed:
            return not self._over and self._newest[str(question["page"])] == int(question["serial"])


def answer(page: Explored, question: Question, questions: Questions, write: Any) -> None:
    """Write the pieces of an answer as they become ready; a question that nobody waits for is dropped at once.

    Raises what the work raises.
    """

    def going_on() -> None:
        faulthandler.dump_traceback_later(STUCK, exit=True)
        if not questions.current(question):
            raise SupersededError

    own = _own(question)
    told = {name: str(question[name]) for name in ("order", "x", "y")}
    job = Job(values=question["values"], tips=tuple(question["tips"]), **told)
    try:
        going_on()
        for stage in stages(page, job, in_batches(going_on)):
            drawn = None if stage.map is None else map_to(stage.map)
            write({**own, "map": drawn, "tips": stage.tips, "left": stage.left})
    except SupersededError:
        write({**own, "dropped": True})
    finally:
        faulthandler.cancel_dump_traceback_later()


def model_of(question: Question, known: dict[str, Explored]) -> Explored:
    """The model that a question is about, read once and kept in ``known`` by its digest.

    Raises InputError where the text of the question is not the whole model.
    """
    digest = str(question["digest"])
    if digest not in known:
        page = explored(read(str(question["text"])))
        known[page.model.digest] = page
    if digest not in known:
        raise InputError("the model was changed after it was read, and only what its file says can be worked out apart")
    return known[digest]


def main() -> None:
    """Answer until the input ends."""
    questions = Questions()
    known: dict[str, Explored] = {}
    writing = threading.Lock()

    def write(piece: Mapping[str, Any]) -> None:
        with writing:
            sys.stdout.write(json.dumps(piece) + "\n")
            sys.stdout.flush()

    def listen() -> None:
        for line in sys.stdin:
            replaced = questions.put(json.loads(line))
            if replaced is not None:
                write({**_own(replaced), "dropped": True})
        questions.end()

    threading.Thread(target=listen, daemon=True).start()
    while (question := questions.take()) is not None:
        try:
            answer(model_of(question, known), question, questions, write)
        except GameTheoryError as error:
            write({**_own(question), "fault": str(error)})
        except Exception as error:  # noqa: BLE001  (the page is told, and the next question may be answered)
            write({**_own(question), "fault": f"{type(error).__name__}: {error}"})


def _own(question: Question) -> dict[str, Any]:
    """Whose question it is, and which."""
    return {"page": question["page"], "serial": question["serial"]}


if __name__ == "__main__":
    main()
