"""Who answers the questions of the main job: this process, one after another, or several processes of our own?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from gametheory import analyses, study
from gametheory.errors import ComputationError
from gametheory.processes import UNGUARDED, Processes

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["Asking", "Questions"]

Questions = Mapping[str, "list[Future[pd.DataFrame]]"]
"""Name of an analysis -> its frames, each as soon as it is there."""


@dataclass(frozen=True)
class Question:
    """An analysis by its name, the model that it is put to, and what else it is told."""

    name: str
    model: Model
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]


class Asking:
    """Puts analyses to one model: this process answers, and ``workers - 1`` processes of our own help it.

    The processes begin at once; this one answers what is left when it has to wait. Leaving the context ends them,
    whatever they do.
    """

    def __init__(self, model: Model, workers: int = 1) -> None:
        self.model = model
        self.left: deque[tuple[Question, Future[pd.DataFrame]]] = deque()
        self.helpers = workers - 1
        self.own = Processes(self.helpers, _answered) if self.helpers else None
        self.threads = ThreadPoolExecutor(self.helpers) if self.helpers else None
        self.broken: BrokenExecutor | None = None

    def __call__(self, name: str, /, *arguments: Any, **options: Any) -> Future[pd.DataFrame]:
        """Ask; `frame` has the answer, or the error that the analysis raised."""
        future: Future[pd.DataFrame] = Future()
        self.left.append((Question(name, self.model, arguments, options), future))
        if self.threads is not None:
            self.threads.submit(self._help)
        return future

    def frame(self, future: Future[pd.DataFrame]) -> pd.DataFrame:
        """The answer to a question, before which this process may answer others; none once a process has died."""
        while self.broken is None and not future.done() and self._next(_answered):
            pass
        if self.broken is not None:
            raise self.broken
        return future.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.left.clear()
        if self.own is not None and self.threads is not None:
            self.threads.shutdown(wait=False, cancel_futures=True)
            self.own.leave()
        if isinstance(error, BrokenExecutor):
            instead = f"answer with one worker; {UNGUARDED}"
            raise ComputationError(f"a process that answered questions has died; {instead}") from error

    def _help(self) -> None:
        """Have the next question answered by a process of our own."""
        if self.own is not None:
            own = self.own
            self._next(lambda question: own.submit(question).result())

    def _next(self, answer: Callable[[Question], pd.DataFrame]) -> bool:
        """Answer the next question, if there is one left."""
        try:
            question, future = self.left.popleft()
        except IndexError:
            return False
        try:
            future.set_result(answer(question))
        except BrokenExecutor as error:  # told at the next wait: one that dies may do so at every question
            self.broken = error
            future.set_exception(error)
        except Exception as error:  # noqa: BLE001  (raised where the answer is wanted)
            future.set_exception(error)
        return True


def _answered(question: Question) -> pd.DataFrame:
    """The frame; values that leave their laws are what some analyses are about, and not warned of."""
    with study.without_parameter_warnings():
        frame: pd.DataFrame = getattr(analyses, question.name)(question.model, *question.arguments, **question.options)
    return frame
