"""Which structure does a model file have?

One JSON Schema (draft-07), built from the registries of laws, marks and forms: editors complete from it, the command
line prints it, and the reader checks every file with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, TypeAlias

from gametheory.expressions import FUNCTIONS
from gametheory.model import FORMS
from gametheory.parameters import LAW_DEFAULTS, LAW_MEANINGS, LAWS, MARKS

__all__ = ["CHAINS", "FORMAT", "schema"]

Schema: TypeAlias = dict[str, Any]

FORMAT = "gametheory/1"
END = r"$(?!\n)"  # Python's $ also matches before a last line break
CHAINS = ("best_to_worst", "chains")  # the two ways to write the order of a ranking
NAME = {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9_]*" + END,
    "maxLength": 60,
    "errorMessage": "a name starts with a letter and holds only letters, digits and '_'",
}
LAW_NUMBERS = {
    "low": "smallest value",
    "high": "largest value",
    "mode": "most likely value",
    "mean": "mean",
    "sd": "standard deviation",
    "a": "first shape of the beta law",
    "b": "second shape of the beta law",
    "values": "the possible values",
    "probabilities": "their probabilities, in the same order; they sum to 1",
}


def schema() -> Schema:
    """The JSON Schema (draft-07) of model files, a fresh copy each time.

    >>> sorted(schema()["required"])
    ['form', 'format', 'payoffs', 'players', 'title']
    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A model file of gametheory",
        "description": "Players, uncertain parameters with sources, payoff formulas, measures and claims.",
        "type": "object",
        "required": ["format", "title", "form", "players", "payoffs"],
        "additionalProperties": False,
        "properties": {
            "format": {"enum": [FORMAT], "description": f"the version of the file format: {FORMAT}"},
            "title": _text("what the model is about, in a few words", 200),
            "question": _text("the question that the model is to answer"),
            "form": {"enum": list(FORMS), "description": "what kind of game: " + _listed(FORMS)},
            "as_of": _date("the day that the model speaks for", r"-[0-9]{2}-[0-9]{2}"),
            "players": {**_named(_player(), "the players, in the order of the payoff tables"), "minProperties": 2},
            "parameters": _named(_parameter(), "named uncertain numbers, each with its law, source and mark"),
            "correlations": _list(_correlation(), "rank correlations between parameters"),
            "constraints": _named(_constraint(), "comparisons that every point of the parameters keeps"),
            "rankings": _named(_ranking(), "orders of parameters of which only the order is known"),
            "tables": _named(_table(), "numbers or formulas over the actions of one or more players"),
            "quantities": _named(_formula(), "formulas over parameters, tables and earlier quantities"),
            "payoffs": _named(_payoff(), "what each player gets: a formula, or one row of formulas per action"),
            "measures": _named(_measure(), "named numbers to report of every solution"),
            "claims": _named(_claim(), "propositions to test in every solution"),
        },
        "definitions": {"law": _law()},
    }


def _listed(meanings: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {meaning}" for name, meaning in meanings.items())


def _text(description: str, longest: int = 500) -> Schema:
    empty = "empty; expected some text"
    return {
        "type": "string",
        "pattern": r"\S",
        "maxLength": longest,
        "description": description,
        "errorMessage": empty,
    }


def _date(description: str, rest: str) -> Schema:
    return {
        "type": ["string", "integer"],
        "pattern": "^[0-9]{4}" + rest + END,
        "description": f"{description}, as 2024-12-01",
        "errorMessage": "a date is written as 2024-12-01",
    }


def _named(member: Schema, description: str) -> Schema:
    """A mapping from names of the analyst's choice to members of one kind."""
    return {"type": "object", "propertyNames": NAME, "additionalProperties": member, "description": description}


def _record(description: str, required: list[str], **properties: Schema) -> Schema:
    """A mapping with fixed keys."""
    return {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties,
        "description": description,
    }


def _list(item: Schema, description: str) -> Schema:
    return {"type": "array", "minItems": 1, "items": item, "description": description}


def _formula(description: str = "") -> Schema:
    functions = ", ".join(FUNCTIONS)
    default = f"a number, or a formula of names, + - * / ** ( ) and the functions {functions}"
    return {"type": ["string", "number"], "description": description or default}


def _player() -> Schema:
    actions = {**_list(NAME, "the actions, in the order of the payoff tables"), "maxItems": 64}
    label = _text("the name to show to people; the key where it is not given", 60)
    return _record("a player", ["actions"], label=label, actions=actions)


def _parameter() -> Schema:
    return _record(
        "an uncertain number",
        ["value", "law", "unit", "meaning", "source", "mark"],
        value={"type": "number", "description": "the central value; it lies within the law"},
        law={"$ref": "#/definitions/law"},
        unit=_text("the unit, in words where it has no name", 120),
        meaning=_text("what the number stands for, so that another analyst would choose the same"),
        **_origin(),
        **_reference(),
        label=_text("the name to show to people", 60),
    )


def _origin() -> Schema:
    """The source and the mark that every assumption carries."""
    source = _text("where the number comes from; 'analyst assumption' with mark A")
    return {"source": source, "mark": {"enum": list(MARKS), "description": "how well it is known: " + _listed(MARKS)}}


def _reference() -> Schema:
    """What may be told of a source beside its name."""
    return {
        "date": {**_date("the date of the source", "(-[0-9]{2}(-[0-9]{2})?)?"), "minimum": 1000, "maximum": 9999},
        "url": {
            "type": "string",
            "pattern": r"^https?://\S+" + END,
            "maxLength": 500,
            "description": "where the source can be read",
            "errorMessage": "an address starts with https:// or http:// and has no spaces",
        },
        "quote": _text("the words of the source that carry the assumption, at most 15"),
    }


def _correlation() -> Schema:
    between = {**_list(NAME, "the two parameters"), "minItems": 2, "maxItems": 2}
    rank = {"type": "number", "description": "Spearman's rank correlation, from -1 to 1"}
    required = ["between", "rank", "source", "mark"]
    return _record("a rank correlation between two parameters", required, between=between, rank=rank, **_origin())


def _constraint() -> Schema:
    holds = _formula("a comparison of two formulas over parameters, as in cost_troops >= cost_aid")
    return _record("a comparison that every point keeps", ["holds", "source", "mark"], holds=holds, **_origin())


def _ranking() -> Schema:
    entry = {**NAME, "type": ["string", "array"], "minItems": 2, "items": NAME}
    chain = _list({**entry, "description": "a name, or a list of names of equal value"}, "names, the best first")
    record = _record(
        "parameters of which only the order is known: every value that agrees with it is equally likely",
        ["meaning", "source", "mark"],
        best_to_worst=chain,
        chains=_list(chain, "several such lists, which together may leave names uncompared"),
        low={"type": "number", "description": "least value (0 where not given)"},
        high={"type": "number", "description": "largest value (1 where not given)"},
        unit=_text("the unit, in words where it has no name", 120),
        meaning=_text("whose order it is, and of what"),
        **_origin(),
        **_reference(),
    )
    one = [{"required": [key], "not": {"required": [other]}} for key, other in pairwise((*CHAINS, CHAINS[0]))]
    return {**record, "anyOf": one, "errorMessage": f"write either {' or '.join(CHAINS)}"}


def _law() -> Schema:
    kinds = [{"if": _kind_is(kind), "then": _law_of(kind)} for kind in LAWS]
    kind = {"enum": list(LAWS), "description": "the kind of law: " + _listed(LAW_MEANINGS)}
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": kind},
        "allOf": kinds,
        "description": "how uncertain the number is, as in {kind: uniform, low: 0, high: 1}",
    }


def _kind_is(kind: str) -> Schema:
    return {"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}}


def _law_of(kind: str) -> Schema:
    keys = [key for key in LAWS[kind] if key != "value"]  # a fixed law takes the parameter's own value
    required = [key for key in keys if key not in LAW_DEFAULTS.get(kind, {})]
    properties = {key: _law_number(key) for key in keys}
    return _record(LAW_MEANINGS[kind], required, kind={"const": kind}, **properties)


def _law_number(key: str) -> Schema:
    number: Schema = {"type": "number", "description": LAW_NUMBERS[key]}
    return _list(number, LAW_NUMBERS[key]) if key in ("values", "probabilities") else number


def _table() -> Schema:
    over = _list(NAME, "the players whose actions the table runs over, outermost first")
    values = {"type": "array", "minItems": 1, "description": "one entry per action; a list of lists over two players"}
    return _record("values over actions", ["over", "values"], over=over, values=values)


def _payoff() -> Schema:
    description = (
        "a formula over parameters, tables and quantities, or one row of formulas per action of the first player"
    )
    return {"type": ["string", "number", "array"], "minItems": 1, "description": description}


def _actions(description: str) -> Schema:
    actions = _list({"type": "string"}, "actions of the player")
    return {**_named(actions, description), "minProperties": 1}


def _measure() -> Schema:
    probability = _actions("the chance that these players play one of these actions")
    expected = _formula("a formula whose expectation over the profile is reported")
    record = _record("a number to report", [], probability=probability, expected=expected)
    message = "write either probability: {player: [actions]} or expected: a formula"
    return {**record, "minProperties": 1, "maxProperties": 1, "errorMessage": message}


def _claim() -> Schema:
    essay = {
        "type": "string",
        "pattern": "^E[1-9][0-9]*" + END,
        "errorMessage": "a passage of the essay is written as E3",
    }
    return _record(
        "a proposition that holds in all, some or none of a game's solutions",
        ["text", "holds"],
        text=_text("the proposition in words"),
        essay=_list(essay, "the passages of the essay that it stands for, as E3"),
        holds=_holds(),
        contested={"type": "boolean", "description": "whether serious sources disagree with the proposition"},
    )


def _holds() -> Schema:
    bound = {"type": "number", "description": "bound on the measure"}
    record = _record(
        "when the claim holds in a solution",
        [],
        order={"type": "string", "description": "'simultaneous' (also where not given), or the player who moves first"},
        given=_actions("players who are left only these actions before the game is solved"),
        expect=_actions("players who play only these actions where the claim holds"),
        measure={"type": "string", "description": "the measure to compare with a bound"},
        at_most=bound,
        at_least=bound,
    )
    some_bound = [{"required": ["at_most"]}, {"required": ["at_least"]}]
    by_expect = {"required": ["expect"], "not": {"anyOf": [{"required": ["measure"]}, *some_bound]}}
    by_measure = {"required": ["measure"], "anyOf": some_bound, "not": {"required": ["expect"]}}
    message = "write either expect: {player: [actions]}, or measure: NAME with at_most or at_least"
    return {**record, "anyOf": [by_expect, by_measure], "errorMessage": message}
