"""Which content of a model makes it this model and no other?

Two files with the same digest give the same games, draws and answers: comments, layout, the spelling of numbers and the
order of entries do not count; the order of players and actions does. A section that a file may leave out counts where
it is there, so that files without it keep the digest that they had before the format knew it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from operator import itemgetter
from typing import Any

import numpy as np

from gametheory.expressions import Formula
from gametheory.parameters import Correlation, Parameter

__all__ = ["digest"]

APART = frozenset({"digest", "text", "path"})  # of a model: how it is written and where, not what it says
WHERE_PRESENT = frozenset({"correlations", "constraints", "rankings", "tree", "system"})
LATER_FIELDS = frozenset({"outcomes"})  # of a part of the model: what the format did not know at first


def digest(model: Any) -> str:
    """The sha256 of the canonical content of a model, in hexadecimal."""
    parts = {field.name: getattr(model, field.name) for field in fields(model) if field.name not in APART}
    content = {name: _canonical(part) for name, part in parts.items() if part or name not in WHERE_PRESENT}
    if "correlations" in content:
        content["correlations"].sort(key=itemgetter("between"))
    packed = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(packed.encode("ascii")).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, Formula):
        return value.canonical
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, float):
        return str(Fraction(value)) if value - value == 0.0 else repr(value)
    if isinstance(value, Mapping):
        return {key: _canonical(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_canonical(part) for part in value]
    if isinstance(value, Parameter):
        content = {field.name: _canonical(getattr(value, field.name)) for field in fields(value)}
        return {**content, "value": str(value.exact), "text": ""}
    if isinstance(value, Correlation):
        content = {field.name: _canonical(getattr(value, field.name)) for field in fields(value)}
        return {**content, "between": sorted(value.between)}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if is_dataclass(value):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: _canonical(part) for name, part in parts.items() if name not in LATER_FIELDS or part}
    return value
