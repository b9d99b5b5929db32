"""Does a file have the structure of the schema, and if not, in which words?"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias

from gametheory.errors import did_you_mean
from gametheory.reader.draft import Finding, counted, offer
from gametheory.reader.schema import schema
from gametheory.reader.tree import Node, Path

__all__ = ["structure_findings"]

_Translation: TypeAlias = Callable[[Any, Path], Iterator[Finding]]

_TYPES = MappingProxyType(
    {
        "object": "a mapping (key: value)",
        "array": "a list",
        "string": "text",
        "number": "a number",
        "integer": "a whole number",
        "boolean": "true or false",
    }
)
SLOW_PARSER = "rfc3987_syntax"
SHARE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*%\s*")
COMMA = re.compile(r"-?\d+,\d+")
STRAY = "; a parameter stands indented under 'parameters'"
_OF_KEYS = ("anyOf", "minProperties", "maxProperties")  # rules about which keys there are


def structure_findings(root: Node) -> Iterator[Finding]:
    """Everything in which a file departs from the schema; what follows from a reported problem is left out."""
    for error in _validator()(schema()).iter_errors(root.plain()):
        path: Path = tuple(error.absolute_path)
        if root.find(path).spoiled:
            continue
        if "propertyNames" in error.absolute_schema_path:
            yield Finding((*path, error.instance), _sentence(error), at_key=True)
        else:
            yield from _TRANSLATIONS.get(str(error.validator), _whole)(error, path)


def _validator() -> Any:
    """The class that validates draft-07.

    jsonschema imports a parser of international addresses where one is installed, for a format that no schema here
    uses; that takes a second, longer than all the rest of reading a model, so the parser is hidden meanwhile.
    """
    hidden = {"jsonschema", SLOW_PARSER}.isdisjoint(sys.modules)
    if hidden:
        sys.modules[SLOW_PARSER] = None  # type: ignore[assignment]  # the documented way to make an import fail
    try:
        from jsonschema import Draft7Validator
    finally:
        if hidden:
            del sys.modules[SLOW_PARSER]
    return Draft7Validator


def _whole(error: Any, path: Path) -> Iterator[Finding]:
    yield Finding(path, _sentence(error), at_key=error.validator in _OF_KEYS)


def _sentence(error: Any) -> str:
    """What is wrong with one value."""
    if error.validator in ("pattern", *_OF_KEYS) and isinstance(error.schema.get("errorMessage"), str):
        shown = f"{_shown(error.instance)}: " if error.validator == "pattern" and error.instance else ""
        return shown + str(error.schema["errorMessage"]) + _renamed(error)
    if error.validator in ("maxLength", "maxItems"):
        units = ("character", "characters") if error.validator == "maxLength" else ("entry", "entries")
        return f"{counted(len(error.instance), *units)}; at most {error.validator_value} are allowed"
    if error.validator in ("minItems", "minProperties"):
        return f"{counted(len(error.instance), 'entry', 'entries')}; expected at least {error.validator_value}"
    return str(error.message)[:200]


def _renamed(error: Any) -> str:
    """The name that was meant, where there are only spaces and hyphens too many."""
    name = re.sub(r"[\s-]+", "_", str(error.instance).strip())
    fits = error.validator == "pattern" and re.match(str(error.validator_value), name)
    return f"; write {name}" if fits and name != error.instance else ""


def _missing(error: Any, path: Path) -> Iterator[Finding]:
    for key in error.validator_value:
        if key not in error.instance:
            meaning = error.schema.get("properties", {}).get(key, {}).get("description", "")
            yield Finding((*path, key), f"is missing{f'; expected {meaning}' if meaning else ''}", at_key=True)


def _unknown(error: Any, path: Path) -> Iterator[Finding]:
    known = error.schema.get("properties", {})
    for key in error.instance:
        if key not in known:
            stray = not path and _parameter(error.instance[key])
            near = STRAY if stray else offer(key, tuple(known), "keys here")
            yield Finding((*path, key), f"unknown key{near}", at_key=True)


def _parameter(value: Any) -> bool:
    """Whether an entry looks like a parameter."""
    return isinstance(value, dict) and {"value", "law"} <= value.keys()


def _mistyped(error: Any, path: Path) -> Iterator[Finding]:
    types = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    expected = " or ".join(dict.fromkeys(_TYPES[name] for name in types))
    yield Finding(path, f"found {_shown(error.instance)}, expected {expected}{_instead(error.instance, types)}")


def _instead(value: Any, types: Sequence[str]) -> str:
    """What to write instead, where it can be told."""
    if "string" in types and isinstance(value, bool | int | float):
        return "; put it in quotes"
    if "array" in types and isinstance(value, str) and value:
        return f"; write [{value}]"
    if "number" in types and isinstance(value, str):
        if share := SHARE.fullmatch(value):
            return f"; write {Decimal(share[1]) / 100}"
        if COMMA.fullmatch(value):
            return f"; write {value.replace(',', '.')}"
    return ""


def _no_member(error: Any, path: Path) -> Iterator[Finding]:
    known = [str(member) for member in error.validator_value]
    near = did_you_mean(error.instance, known) if isinstance(error.instance, str) else ""
    listed = f"expected one of {', '.join(known)}" if len(known) > 1 else f"expected {known[0]!r}"
    yield Finding(path, f"found {_shown(error.instance)}, {listed}{near}")


_TRANSLATIONS: Mapping[str, _Translation] = MappingProxyType(
    {"required": _missing, "additionalProperties": _unknown, "type": _mistyped, "enum": _no_member}
)


def _shown(value: Any) -> str:
    """A value as a sentence shows it."""
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if len(str(value)) <= 60 else f"{str(value)[:60]!r}..."
