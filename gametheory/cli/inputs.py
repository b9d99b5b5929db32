"""What did the user name on the command line: a model or a game, and which values?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from gametheory.errors import InputError

if TYPE_CHECKING:
    from gametheory.games import ExtensiveGames, Games
    from gametheory.model import Model

__all__ = ["CONCEPTS", "Concept", "Input", "ModelFile", "Parameter", "Settings", "named", "read_input", "settings"]

GAME_FILES = (".nfg", ".agg", ".efg", ".bagg")  # the last one is refused with a reason

ModelFile = Annotated[str, typer.Argument(metavar="FILE", help="A model (.yaml) or a name of the catalogue.")]
CONCEPTS = MappingProxyType(
    {
        "strategic": "nash commitment logit logit_limit tracing level_k cognitive_hierarchy maximin minimax_regret "
        "perfect proper",
        "extensive": "nash subgame_perfect sequential intuitive logit logit_limit sequence_form",
        "analytic": "nash",
    }
)
"""Form -> the concepts by which its games are solved, here in words because a help text loads no solver."""

Concept = Annotated[
    str | None,
    typer.Option(
        metavar="CONCEPT",
        help=f"Of tables of payoffs: {CONCEPTS['strategic'].replace(' ', ', ')}. "
        f"Of game trees: {CONCEPTS['extensive'].replace(' ', ', ')}. "
        f"Of equations: {CONCEPTS['analytic']}, which is all their roots.",
    ),
]
Parameter = Annotated[
    str | None, typer.Option(metavar="NAME", help="The parameter to move; without it the parameters are listed.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="Give a parameter another value, such as 0.05 or 1/3; repeatable."
    ),
]


@dataclass(frozen=True)
class Input:
    """A model, or a game that came without one, and the path it was read from."""

    path: str
    model: Model | None
    game: Games | ExtensiveGames | None

    @property
    def usual_order(self) -> str:
        """The order of play where none is asked for: of a model with a tree, what agrees with its players' beliefs."""
        tree = self.model is not None and self.model.form == "extensive"
        return "sequential" if tree else "simultaneous"

    def summary(self) -> str:
        """One line about what was read."""
        if self.model is not None:
            return repr(self.model)[1:-1]
        return repr(self.game)[1:-1]


def read_input(path: str) -> Input:
    """Read a model or a game file; raises what the readers raise."""
    if Path(path).suffix.lower() in GAME_FILES:
        from gametheory.formats import read_game

        return Input(path, None, read_game(path))
    from gametheory.reader import load

    return Input(path, load(path), None)


def named(model: Model, parameter: str | None, flag: str) -> str:
    """The parameter that a flag names; where it is left out, an InputError lists those that there are."""
    if parameter is None:
        raise InputError(f"{flag} NAME: say which parameter; there are {', '.join(model.parameters)}")
    return parameter


def settings(texts: Sequence[str], flag: str = "--set") -> dict[str, str]:
    """Read the ``NAME=VALUE`` pairs of a flag; the value stays text, so that 0.1 is one tenth in exact mode.

    >>> settings(["risk=1/3"])
    {'risk': '1/3'}
    """
    values: dict[str, str] = {}
    for text in texts:
        name, mark, value = (part.strip() for part in text.partition("="))
        if not mark or not name:
            raise InputError(f"{flag} {text!r}: expected NAME=VALUE, such as {flag} escalation_risk=0.05")
        if name in values:
            raise InputError(f"{flag} {text!r}: {name!r} is given twice")
        try:
            float(Fraction(value))
        except (ValueError, ZeroDivisionError, OverflowError) as error:
            raise InputError(
                f"{flag} {text!r}: {value!r} is no number; expected one such as 0.05, 2e-3 or 1/3"
            ) from error
        values[name] = value
    return values
