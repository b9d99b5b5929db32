"""How does a model change in a script, as its file would change under an editor?"""

from __future__ import annotations

import io
from collections.abc import Mapping, MutableMapping, MutableSequence
from pathlib import Path
from typing import Any

import numpy as np

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.model import Model
from gametheory.reader.files import read

__all__ = ["edited"]

WIDTH = 4096  # letters of a line: none is broken that was whole


def edited(model: Model, changes: Mapping[str, Any]) -> Model:
    """The model with parts of its file changed, checked as a whole; the old one stays as it is.

    ``changes`` maps places of the file, their steps joined by dots, to what is to stand there: a number, a text, a list
    or a mapping, or None to take the entry out. The last step may be new; a step into a list is a number from 0.
    Comments and layout are kept, save that what stands in braces over several lines is put on one; so
    ``edited(...).text`` can be written to a file. Raises `UnknownNameError` for a place that the file does not have,
    `InputError` for one with an empty step or inside a single value, and for a value that no file holds, and
    `ModelError` where the file is not sound after all changes.

    >>> from gametheory.reader import load
    >>> law = {"kind": "uniform", "low": 0.2, "high": 0.9}
    >>> changes = {"parameters.escalation_risk.value": 0.25, "parameters.escalation_risk.law": law}
    >>> edited(load("reference_involvement"), changes).parameters["escalation_risk"].law.describe()
    'uniform on [0.2, 0.9]'
    """
    from ruamel.yaml import YAML

    writer = YAML(typ="rt")
    writer.preserve_quotes = True
    writer.width = WIDTH
    document = writer.load(model.text)
    for place, value in changes.items():
        _put(document, place, _plain(place, value))
    stream = io.StringIO()
    writer.dump(document, stream)
    return read(stream.getvalue(), _beside(model.path))


def _put(document: Any, place: str, value: Any) -> None:
    """Set, add or take out one entry."""
    *way, last = str(place).split(".")
    if not all((*way, last)):
        raise InputError(f"{place!r}: expected a place of the file, its steps joined by dots: 'parameters.NAME.value'")
    inner, passed = document, ""
    for step in way:
        inner = inner[_key(inner, step, passed, new=False)]
        passed = f"{passed}.{step}" if passed else step
    key = _key(inner, last, passed, new=value is not None)
    if value is None:
        del inner[key]
    else:
        inner[key] = value


def _key(inner: Any, step: str, passed: str, *, new: bool) -> str | int:
    """The key of a mapping or the index of a list that a step of a place names."""
    here = passed or "the file"
    if isinstance(inner, MutableSequence):
        if step.isascii() and step.isdecimal() and int(step) < len(inner):
            return int(step)
        raise UnknownNameError(f"{here} is a list; expected a step from 0 to {len(inner) - 1}, found {step!r}")
    if not isinstance(inner, MutableMapping):
        raise InputError(f"{here} holds {inner!r} and no entries; expected a place that ends there, without {step!r}")
    if not new and step not in inner:
        near = did_you_mean(step, inner) or f"; the entries are {', '.join(map(str, inner))}"
        raise UnknownNameError(f"{here} has no {step!r}{near}")
    return step


def _plain(place: str, value: Any) -> Any:
    """A value as YAML writes it: NumPy's numbers as Python's."""
    if isinstance(value, Mapping):
        return {str(key): _plain(place, part) for key, part in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(place, part) for part in value]
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, str | int | float):
        return value
    kind = type(value).__name__
    raise InputError(f"{place}: {kind!r}, expected a number, a text, a list or a mapping as the file would hold it")


def _beside(path: str) -> str:
    """A name that does not claim to be the file that was read."""
    old = Path(path)
    return path if "edited" in old.stem else str(old.with_stem(f"{old.stem}-edited"))
