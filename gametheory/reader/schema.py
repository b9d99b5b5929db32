"""Which structure does a model file have?

One JSON Schema (draft-07), built from the registries of laws, marks and forms: editors complete from it, the command
line prints it, and the reader checks every file with it.
"""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType

from gametheory.model import FORMS, SUPPORTED
from gametheory.parameters import LAW_DEFAULTS, LAW_MEANINGS, LAWS, MARKS
from gametheory.reader.schema_analytic import analytic_parts
from gametheory.reader.schema_extensive import extensive_parts, tree_node
from gametheory.reader.schema_parts import END, NAME, Schema, date, formula, listed, listing, named, record, text
from gametheory.reader.schema_strategic import strategic_parts

__all__ = ["CHAINS", "FORMAT", "form_keys", "schema"]

PARTS = MappingProxyType({"strategic": strategic_parts, "extensive": extensive_parts, "analytic": analytic_parts})
"""Form -> what its files need and the structure of the keys that only it has, or that it reads in its own way."""

FORMAT = "gametheory/1"
CHAINS = ("best_to_worst", "chains")  # the two ways to write the order of a ranking
LAW_NUMBERS = {
    "low": "smallest value",
    "high": "largest value",
    "mode": "most likely value",
    "mean": "mean of the quantity itself, also of a log-normal one",
    "sd": "standard deviation of the quantity itself, also of a log-normal one",
    "a": "first shape of the beta law",
    "b": "second shape of the beta law",
    "values": "the possible values",
    "probabilities": "their probabilities, in the same order; they sum to 1",
}


def schema() -> Schema:
    """The JSON Schema (draft-07) of model files, a fresh copy each time.

    >>> sorted(schema()["required"])
    ['form', 'format', 'players', 'title']
    """
    known = {form: FORMS[form] for form in SUPPORTED}
    rules = [{"if": _of_form(form), "then": parts()} for form, parts in PARTS.items()]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A model file of gametheory",
        "description": "Players, uncertain parameters with sources, payoff formulas, measures and claims.",
        "type": "object",
        "required": ["format", "title", "form", "players"],
        "additionalProperties": False,
        "properties": {
            "format": {"enum": [FORMAT], "description": f"the version of the file format: {FORMAT}"},
            "title": text("what the model is about, in a few words", 200),
            "question": text("the question that the model is to answer"),
            "form": {"enum": list(SUPPORTED), "description": "what kind of game: " + listed(known)},
            "as_of": date("the day that the model speaks for", r"-[0-9]{2}-[0-9]{2}"),
            "players": {"type": "object", "description": "the players, in the order of the payoffs"},
            "parameters": named(_parameter(), "named uncertain numbers, each with its law, source and mark"),
            "correlations": listing(_correlation(), "rank correlations between parameters"),
            "constraints": named(_constraint(), "comparisons that every point of the parameters keeps"),
            "rankings": named(_ranking(), "orders of parameters of which only the order is known"),
            "quantities": named(formula(), "formulas over parameters, tables and earlier quantities"),
            **_own_keys(),
        },
        "allOf": rules,
        "definitions": {"law": _law(), "node": tree_node()},
    }


def form_keys() -> dict[str, tuple[str, ...]]:
    """The keys of a file that belong to its form, by form."""
    return {form: tuple(parts()["properties"]) for form, parts in PARTS.items()}


def _of_form(form: str) -> Schema:
    """Whether a file is of a form; one without a form that is known here is judged as strategic."""
    if form != "strategic":
        return {"required": ["form"], "properties": {"form": {"const": form}}}
    others = [name for name in PARTS if name != "strategic"]
    return {"not": {"required": ["form"], "properties": {"form": {"enum": others, "description": "other forms"}}}}


def _own_keys() -> Schema:
    """Every key that some form has, with the forms it belongs to."""
    own = form_keys()
    keys = {
        key: [form for form in own if key in own[form]] for keys in own.values() for key in keys if key != "players"
    }
    return {key: {"description": f"of models of the form {' or '.join(forms)}"} for key, forms in keys.items()}


def _parameter() -> Schema:
    return record(
        "an uncertain number",
        ["value", "law", "unit", "meaning", "source", "mark"],
        value={"type": "number", "description": "the central value; it lies within the law"},
        law={"$ref": "#/definitions/law", "description": LAW},
        unit=text("the unit, in words where it has no name", 120),
        meaning=text("what the number stands for, so that another analyst would choose the same"),
        **_origin(),
        **_reference(),
        label=text("the name to show to people", 60),
    )


LAW = "how uncertain it is, such as {kind: uniform, low: 0, high: 1} or {kind: fixed}"


def _origin() -> Schema:
    """The source and the mark that every assumption carries."""
    source = text("where the number comes from; 'analyst assumption' with mark A")
    return {"source": source, "mark": {"enum": list(MARKS), "description": "how well it is known: " + listed(MARKS)}}


def _reference() -> Schema:
    """What may be told of a source beside its name."""
    return {
        "date": {**date("the date of the source", "(-[0-9]{2}(-[0-9]{2})?)?"), "minimum": 1000, "maximum": 9999},
        "url": {
            "type": "string",
            "pattern": r"^https?://\S+" + END,
            "maxLength": 500,
            "description": "where the source can be read",
            "errorMessage": "an address starts with https:// or http:// and has no spaces",
        },
        "quote": text("the words of the source that carry the assumption, at most 15"),
    }


def _correlation() -> Schema:
    between = {**listing(NAME, "the two parameters"), "minItems": 2, "maxItems": 2}
    rank = {"type": "number", "description": "Spearman's rank correlation, from -1 to 1"}
    required = ["between", "rank", "source", "mark"]
    return record("a rank correlation between two parameters", required, between=between, rank=rank, **_origin())


def _constraint() -> Schema:
    holds = formula("a comparison of two formulas over parameters, as in cost_troops >= cost_aid")
    return record("a comparison that every point keeps", ["holds", "source", "mark"], holds=holds, **_origin())


def _ranking() -> Schema:
    entry = {**NAME, "type": ["string", "array"], "minItems": 2, "items": NAME}
    chain = listing({**entry, "description": "a name, or a list of names of equal value"}, "names, the best first")
    ranking = record(
        "parameters of which only the order is known: every value that agrees with it is equally likely",
        ["meaning", "source", "mark"],
        best_to_worst=chain,
        chains=listing(chain, "several such lists, which together may leave names uncompared"),
        low={"type": "number", "description": "least value (0 where not given)"},
        high={"type": "number", "description": "largest value (1 where not given)"},
        unit=text("the unit, in words where it has no name", 120),
        meaning=text("whose order it is, and of what"),
        **_origin(),
        **_reference(),
    )
    one = [{"required": [key], "not": {"required": [other]}} for key, other in pairwise((*CHAINS, CHAINS[0]))]
    return {**ranking, "anyOf": one, "errorMessage": f"write either {' or '.join(CHAINS)}"}


def _law() -> Schema:
    kinds = [{"if": _kind_is(kind), "then": _law_of(kind)} for kind in LAWS]
    kind = {"enum": list(LAWS), "description": "the kind of law: " + listed(LAW_MEANINGS)}
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
    return record(LAW_MEANINGS[kind], required, kind={"const": kind}, **properties)


def _law_number(key: str) -> Schema:
    number: Schema = {"type": "number", "description": LAW_NUMBERS[key]}
    return listing(number, LAW_NUMBERS[key]) if key in ("values", "probabilities") else number
