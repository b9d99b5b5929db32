"""Which structure have the parts of a file that only strategic models have?"""

from __future__ import annotations

from gametheory.reader.schema_parts import NAME, Schema, actions_of, claim, formula, listing, named, record, text

__all__ = ["strategic_parts"]


def strategic_parts() -> Schema:
    """What a strategic model needs, and the structure of each key that is its own."""
    expect = actions_of("players who play only these actions where the claim holds")
    given = actions_of("players who are left only these actions before the game is solved")
    return {
        "required": ["payoffs"],
        "properties": {
            "players": {**named(_player(), "the players, in the order of the payoff tables"), "minProperties": 2},
            "tables": named(_table(), "numbers or formulas over the actions of one or more players"),
            "payoffs": named(_payoff(), "what each player gets: a formula, or one row of formulas per action"),
            "measures": named(_measure(), "named numbers to report of every solution"),
            "claims": named(claim(expect, given, "player"), "propositions to test in every solution"),
        },
    }


def _player() -> Schema:
    actions = {**listing(NAME, "the actions, in the order of the payoff tables"), "maxItems": 64}
    label = text("the name to show to people; the key where it is not given", 60)
    return record("a player", ["actions"], label=label, actions=actions)


def _table() -> Schema:
    over = listing(NAME, "the players whose actions the table runs over, outermost first")
    values = {"type": "array", "minItems": 1, "description": "one entry per action; a list of lists over two players"}
    return record("values over actions", ["over", "values"], over=over, values=values)


def _payoff() -> Schema:
    description = (
        "a formula over parameters, tables and quantities, or one row of formulas per action of the first player"
    )
    return {"type": ["string", "number", "array"], "minItems": 1, "description": description}


def _measure() -> Schema:
    probability = actions_of("the chance that these players play one of these actions")
    expected = formula("a formula whose expectation over the profile is reported")
    measure = record("a number to report", [], probability=probability, expected=expected)
    message = "write either probability: {player: [actions]} or expected: a formula"
    return {**measure, "minProperties": 1, "maxProperties": 1, "errorMessage": message}
