"""Which structure have the parts of a file that only analytic models have?"""

from __future__ import annotations

from gametheory.reader.schema_parts import NAME, Schema, claim, formula, listing, named, record, text

__all__ = ["analytic_parts"]

CONDITION = "a comparison of two formulas, as in p_fight < 0.5"


def analytic_parts() -> Schema:
    """What an analytic model needs, and the structure of each key that is its own."""
    claims = claim(_expect(), {}, "outcome")
    del claims["properties"]["holds"]["properties"]["given"]  # there are no actions to take away
    equation = {**formula("two formulas that are equal in a solution, as in p = 1 - q"), "type": "string"}
    regimes = named(
        {**formula(CONDITION), "type": "string"}, "conditions, of which the first that holds names a solution"
    )
    guaranteed = "whether a solution is known to exist, or the source that says so; no root is then an error"
    return {
        "required": [],
        "properties": {
            "players": {**named(_player(), "the players"), "minProperties": 1},
            "unknowns": named(_unknown(), "the numbers that the equations determine"),
            "equations": named(equation, "as many equations as there are unknowns"),
            "guaranteed": {"type": ["boolean", "string"], "description": guaranteed},
            "decision": _decision(),
            "regimes": {**regimes, "maxProperties": 20},
            "measures": named(_measure(), "named numbers to report of every solution"),
            "claims": named(claims, "propositions to test in every solution"),
        },
    }


def _player() -> Schema:
    return record("a player", [], label=text("the name to show to people; the key where it is not given", 60))


def _unknown() -> Schema:
    return record(
        "a number that the equations determine",
        ["low", "high", "meaning"],
        low=formula("where the bracket begins: a number, or a formula over parameters"),
        high=formula("where the bracket ends"),
        meaning=text("what the number stands for"),
        open={"type": "boolean", "description": "whether the ends of the bracket themselves are no solutions"},
    )


def _decision() -> Schema:
    return record(
        "a number that one player chooses, ends of the interval included",
        ["player", "choose", "low", "high", "maximise"],
        player={"type": "string", "description": "who chooses"},
        choose={**NAME, "description": "the name of what is chosen, for formulas"},
        low=formula("the least that can be chosen: a number, or a formula over parameters"),
        high=formula("the most that can be chosen"),
        maximise=formula("the formula that the choice makes as large as possible"),
    )


def _measure() -> Schema:
    measure = record(
        "a number to report", ["expected"], expected=formula("a formula over parameters, quantities and unknowns")
    )
    return {**measure, "errorMessage": "write expected: a formula"}


def _expect() -> Schema:
    regimes = listing({"type": "string"}, "regimes")
    return {
        **record("which regimes a solution is in where the claim holds", ["outcome"], outcome=regimes),
        "minProperties": 1,
    }
