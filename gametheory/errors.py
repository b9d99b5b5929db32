"""Which errors and warnings does the toolkit raise, and how do they read?

Every error is a `GameTheoryError` and derives from the Python error that fits, so `except ValueError` works too.
A message says what is wrong, where, what was expected and what to try: lower case, no full stop.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "ComputationError",
    "FormulaError",
    "GameTheoryError",
    "InputError",
    "MissingFileError",
    "ModelError",
    "ParameterWarning",
    "Problem",
    "UnknownNameError",
    "did_you_mean",
]

LONGEST_NAME = 80  # longer names are never misspelt names; comparing them would only cost time


class GameTheoryError(Exception):
    """Any error that the toolkit raises on purpose."""


class InputError(GameTheoryError, ValueError):
    """An argument that cannot be used."""


class UnknownNameError(InputError, LookupError):
    """A name that the model, the catalogue or a registry does not know."""


class MissingFileError(GameTheoryError, FileNotFoundError):
    """A file that is not there."""


class ComputationError(GameTheoryError, RuntimeError):
    """Work that could not be finished: memory, disk or solver (exit code 3)."""


class ParameterWarning(UserWarning):
    """A value was used that lies outside the law of its parameter."""


class FormulaError(GameTheoryError, ValueError):
    """A formula that cannot be read or evaluated; `column` counts from 0 inside the formula.

    >>> str(FormulaError("'^' is not an operator; write '**'", 3))
    "'^' is not an operator; write '**'"
    """

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message, column)
        self.message = message
        self.column = column

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a file, with its place (line and column count from 1).

    >>> print(Problem("models/ladder.yaml", 14, 5, "parameters.cost: value 400.0 lies outside its law"))
    models/ladder.yaml:14:5: error: parameters.cost: value 400.0 lies outside its law
    """

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: error: {self.message}"

    def _repr_html_(self) -> str:
        """Jupyter's view: what is wrong, and where."""
        from gametheory.markup import described

        place = [("line", self.line), ("column", self.column)]
        return described(f"Problem in {self.file}", [*place, ("what is wrong", self.message)])


class ModelError(GameTheoryError, ValueError):
    """Everything that is wrong with a file, in the order of the file.

    >>> print(ModelError([Problem("a.yaml", 1, 1, "title: is missing")]))
    a.yaml:1:1: error: title: is missing
    1 problem in a.yaml
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        files = ", ".join(dict.fromkeys(problem.file for problem in self.problems))
        total = f"{count} problem{'' if count == 1 else 's'} in {files}"
        return "\n".join([*map(str, self.problems), total])


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a sentence that offers the nearest known name, or an empty string.

    >>> did_you_mean("escalation_rsk", ["escalation_risk", "stake"])
    "; did you mean 'escalation_risk'?"
    >>> did_you_mean("banana", ["escalation_risk", "stake"])
    ''
    """
    if len(name) > LONGEST_NAME:
        return ""
    spellings = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(name.casefold(), spellings, n=1, cutoff=0.6)
    return f"; did you mean {spellings[near[0]]!r}?" if near else ""
