"""Of which parts do the schemas of all forms consist?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from gametheory.expressions import FUNCTIONS

__all__ = [
    "END",
    "NAME",
    "Schema",
    "actions_of",
    "claim",
    "date",
    "formula",
    "listed",
    "listing",
    "named",
    "record",
    "text",
]

Schema: TypeAlias = dict[str, Any]

END = r"$(?!\n)"  # Python's $ also matches before a last line break
NAME = {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9_]*" + END,
    "maxLength": 60,
    "errorMessage": "a name starts with a letter and holds only letters, digits and '_'",
}
ORDER = "the order of play: simultaneous where it is not given, or another of the model"


def listed(meanings: Mapping[str, str]) -> str:
    """Names with their meanings, in one sentence."""
    return "; ".join(f"{name}: {meaning}" for name, meaning in meanings.items())


def text(description: str, longest: int = 500) -> Schema:
    """Some text of at most so many characters."""
    empty = "empty; expected some text"
    return {
        "type": "string",
        "pattern": r"\S",
        "maxLength": longest,
        "description": description,
        "errorMessage": empty,
    }


def date(description: str, rest: str) -> Schema:
    """A date: a year, and what follows it."""
    written = "2024-12-01, 2024-12 or 2024" if rest.endswith("?") else "2024-12-01"
    return {
        "type": ["string", "integer"],
        "pattern": "^[0-9]{4}" + rest + END,
        "description": f"{description}, as {written}",
        "errorMessage": f"a date is written as {written}",
    }


def named(member: Schema, description: str) -> Schema:
    """A mapping from names of the analyst's choice to members of one kind."""
    return {"type": "object", "propertyNames": NAME, "additionalProperties": member, "description": description}


def record(description: str, required: list[str], **properties: Schema) -> Schema:
    """A mapping with fixed keys."""
    return {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties,
        "description": description,
    }


def listing(item: Schema, description: str) -> Schema:
    """A list of items of one kind, at least one."""
    return {"type": "array", "minItems": 1, "items": item, "description": description}


def formula(description: str = "") -> Schema:
    """A number or a formula."""
    functions = ", ".join(FUNCTIONS)
    default = f"a number, or a formula of names, + - * / ** ( ) and the functions {functions}"
    return {"type": ["string", "number"], "description": description or default}


def actions_of(description: str) -> Schema:
    """Some actions of some players."""
    actions = listing({"type": "string"}, "actions of the player")
    return {**named(actions, description), "minProperties": 1}


def claim(expect: Schema, given: Schema, who: str) -> Schema:
    """A claim; ``who`` is the kind of thing that chooses actions."""
    essay = {
        "type": "string",
        "pattern": "^E[1-9][0-9]*" + END,
        "errorMessage": "a passage of the essay is written as E3",
    }
    return record(
        "a proposition that holds in all, some or none of a game's solutions",
        ["text", "holds"],
        text=text("the proposition in words"),
        essay=listing(essay, "the passages of the essay that it stands for, as E3"),
        holds=_holds(expect, given, who),
        contested={"type": "boolean", "description": "whether serious sources disagree with the proposition"},
    )


def _holds(expect: Schema, given: Schema, who: str) -> Schema:
    bound = {"type": "number", "description": "bound on the measure"}
    holds = record(
        "when the claim holds in a solution",
        [],
        order={"type": "string", "description": ORDER},
        given=given,
        expect=expect,
        measure={"type": "string", "description": "the measure to compare with a bound"},
        at_most=bound,
        at_least=bound,
    )
    some_bound = [{"required": ["at_most"]}, {"required": ["at_least"]}]
    by_expect = {"required": ["expect"], "not": {"anyOf": [{"required": ["measure"]}, *some_bound]}}
    by_measure = {"required": ["measure"], "anyOf": some_bound, "not": {"required": ["expect"]}}
    message = f"write either expect: {{{who}: [actions]}}, or measure: NAME with at_most or at_least"
    return {**holds, "anyOf": [by_expect, by_measure], "errorMessage": message}
