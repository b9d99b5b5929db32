"""Which analyses of the whole uncertainty does the command line ask for by name, and which columns does it show?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from inspect import signature
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory.cli.console import line, note, progress, table
from gametheory.cli.frames import show
from gametheory.cli.printing import Format, print_rows
from gametheory.errors import InputError

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["About", "answer"]

MOST_ROWS = 60  # of a table for a person; csv and json have them all

SHOWN: Mapping[str, str] = MappingProxyType(
    {
        "drivers": "order over parameter first total shapley noise_floor verdict",
        "profile_indices": "order profile parameter share first total verdict",
        "response_curves": "order profile parameter low high share share_low share_high",
        "response_indices": "order profile parameter share first delta swing verdict",
        "regional": "order event parameter distance above_at below_at corrected verdict",
        "set_dependence": "order kernel parameter share noise p_value verdict",
        "tornado": "order of parameter low high lower_at_low upper_at_low lower_at_high upper_at_high swing",
        "spider": "order of parameter segment value lower upper set",
        "discovery": "order box parameter side limit coverage density quasi_p reproducibility",
        "discovery_trade_off": "kind size coverage density mass limits",
        "discovery_tree": "order conditions answer density coverage mass",
        "discovery_region": "event player deviation breaks alone redundant straight",
        "choices": "player order action criterion lower upper ahead verdict",
        "choice_curves": "player order action of limit lower upper",
        "value_of_information": "order others information about worst best tied verdict",
        "forecast": "player opponent action reply lower upper",
        "forecast_payoffs": "player opponent action lower upper gap_lower gap_upper",
        "alternatives": "claim family alternative all some none failed changed survives undecided",
        "dependence_indices": "order over kernel parameter first total verdict",
        "measure_shifts": "order over parameter median largest verdict",
        "misperception_outcomes": "order perception profile lower upper",
        "misperception": "order perception player as_expected_lower as_expected_upper worse_lower worse_upper",
    }
)
"""Analysis -> the columns that a person sees; those that a frame lacks are left out."""

LIST = "list"
About = StrEnum("About", {name: name.replace("_", "-") for name in [*SHOWN, LIST]})  # type: ignore[misc]  # computed


def answer(model: Model, about: str, style: Format, asked: Mapping[str, Any]) -> None:
    """Put one question to the model and print its frame; raises InputError for an option that it does not take."""
    from gametheory.analyses import ANALYSES

    if about == LIST:
        _list(style)
        return
    name = about.replace("-", "_")
    function = ANALYSES[name].function
    known = signature(function).parameters
    given = {option: value for option, value in asked.items() if value is not None}
    for option in given:
        if option not in known and option not in ("samples", "seed"):
            raise InputError(f"--{option}: --about {about} does not ask for it; leave it out")
    options = {option: value for option, value in given.items() if option in known}
    if "of" in known and known["of"].default is known["of"].empty and "of" not in options:
        raise InputError(
            f"--about {about}: say of what with --of, as in --of 'claim NAME', --of 'measure NAME >= 0.1' or the "
            "actions of a profile joined by commas"
        )
    with progress(about) as report:
        if "progress" in known:
            options["progress"] = report
        frame = function(model, **options)
    if verdict := frame.attrs.get("verdict"):  # of boxes: what they hold together, or why there is none
        note(f"{about}: {verdict}")
    for text in dict.fromkeys(frame["sentence"]) if style is Format.table and "sentence" in frame.columns else ():
        line(str(text))
    columns = [column for column in SHOWN[name].split() if column in frame.columns] or list(frame.columns[:8])
    show(model, frame, style, {column: column.replace("_", " ") for column in columns}, most=MOST_ROWS)


def _list(style: Format) -> None:
    """Print every question that can be asked by name."""
    from gametheory.analyses import ANALYSES

    questions = {name.replace("_", "-"): ANALYSES[name].question for name in SHOWN}
    if style is Format.table:
        table(["about", "question"], list(questions.items()))
    else:
        print_rows([{"about": name, "question": question} for name, question in questions.items()], style)
