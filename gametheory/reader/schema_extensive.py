"""Which structure have the parts of a file that only extensive models have?"""

from __future__ import annotations

from gametheory.reader.schema_parts import END, NAME, Schema, claim, formula, listing, named, record, text

__all__ = ["extensive_parts", "tree_node"]

SET_NAME = {
    "type": "string",
    "pattern": r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?" + END,
    "maxLength": 121,
    "errorMessage": "an information set is written as its name, or as NAME.TYPE for one type of its player",
}


def extensive_parts() -> Schema:
    """What an extensive model needs, and the structure of each key that is its own."""
    expect = _by_set("information sets at which only these actions are taken where the claim holds")
    given = _by_set("information sets that are left only these actions before the game is solved")
    types = {**named(formula("the probability of the type"), "the types of a player"), "minProperties": 1}
    return {
        "required": ["tree", "outcomes"],
        "properties": {
            "players": {**named(_player(), "the players, in the order of the payoffs"), "minProperties": 1},
            "types": named(types, "types that chance draws first, each seen by its own player alone"),
            "tree": {"$ref": "#/definitions/node"},
            "outcomes": {**named(_outcome(), "what each player gets where play ends"), "minProperties": 1},
            "measures": named(_measure(), "named numbers to report of every solution"),
            "claims": named(claim(expect, given, "SET"), "propositions to test in every solution"),
        },
    }


def tree_node() -> Schema:
    """A place in the tree: the name of an outcome, a player's move or a move of chance."""
    node: Schema = {"$ref": "#/definitions/node"}
    moves = {**named(node, "where each action leads: the name of an outcome, or the next move"), "minProperties": 1}
    branch = record(
        "one branch of a move of chance",
        ["probability", "then"],
        probability=formula("how probable the branch is; the probabilities sum to 1 at every point"),
        then=node,
    )
    chance = record(
        "a move of chance",
        ["chance", "moves"],
        chance={**NAME, "description": "the name of the move of chance"},
        moves={**named(branch, "the branches"), "minProperties": 1},
    )
    player = record(
        "a move of a player",
        ["player", "at", "moves"],
        player={"type": "string", "description": "who moves"},
        at={**NAME, "description": "the information set: nodes of one name cannot be told apart by who moves there"},
        moves=moves,
    )
    kind = {"type": "object", "required": ["chance"]}
    for own in (chance, player):
        del own["type"]  # the name of an outcome is a node too
    description = "who moves first and what follows; the name of an outcome where play ends"
    return {"type": ["string", "object"], "description": description, "if": kind, "then": chance, "else": player}


def _player() -> Schema:
    return record("a player", [], label=text("the name to show to people; the key where it is not given", 60))


def _outcome() -> Schema:
    by_type = named(formula("what this type gets"), "a formula for each type of the player")
    return {
        **named({**by_type, **formula(), "type": ["string", "number", "object"]}, "what each player gets"),
        "minProperties": 1,
    }


def _by_set(description: str) -> Schema:
    actions = listing({"type": "string"}, "actions at the information set")
    sets = {"type": "object", "propertyNames": SET_NAME, "additionalProperties": actions, "description": description}
    return {**sets, "minProperties": 1}


def _measure() -> Schema:
    by_outcome = {**named(formula(), "a formula for each outcome; 0 at the others"), "minProperties": 1}
    measure = record(
        "a number to report",
        [],
        reached=listing({"type": "string"}, "the probability that play ends in one of these outcomes"),
        played=_by_set("the probability of these actions where their information sets are reached"),
        expected=by_outcome,
    )
    message = "write one of reached: [outcomes], played: {SET: [actions]} and expected: {OUTCOME: formula}"
    return {**measure, "minProperties": 1, "maxProperties": 1, "errorMessage": message}
