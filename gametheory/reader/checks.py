"""Do the players, parameters, measures and claims of a file make sense?"""

from __future__ import annotations

import keyword
import math
from collections.abc import Iterator, Sequence
from datetime import date
from types import MappingProxyType

from gametheory.expressions import FUNCTIONS
from gametheory.model.model import ORDERS_OF_FORM
from gametheory.parameters import LAW_DEFAULTS, Law, faults
from gametheory.reader.draft import Draft, Finding, label, offer
from gametheory.reader.schema import form_keys
from gametheory.reader.tree import Node, Path

__all__ = ["FORMULA_SECTIONS", "action_names", "mark_findings", "meaning_findings", "quote_findings"]

LONGEST_QUOTE = 15  # words; more would be copying, not quoting
MOST_PROFILES = 10_000
RESERVED_PLAYERS = ("simultaneous", "all")  # words of the orders of play
FORMULA_SECTIONS = MappingProxyType({"parameters": "parameter", "tables": "table", "quantities": "quantity"})
"""Section -> what its entries are; they share one space of names."""

GUESSES = ("assum", "analyst", "guess", "own judg", "to be checked", "unknown")


def meaning_findings(draft: Draft) -> Iterator[Finding]:
    """Everything that is wrong with the content of a file, apart from its formulas."""
    yield from _text_findings(draft.root, ())
    yield from _foreign_findings(draft)
    yield from _date_findings(draft)
    yield from _player_findings(draft)
    yield from _name_findings(draft)
    for name in draft.keys("parameters"):
        yield from _parameter_findings(draft, ("parameters", name))
    if draft.form == "strategic":
        for name in draft.keys("measures"):
            yield from _action_findings(draft, ("measures", name, "probability"))
    for name in draft.keys("claims"):
        yield from _claim_findings(draft, ("claims", name, "holds"))


def action_names(draft: Draft, player: str) -> tuple[str, ...]:
    """The actions of a player as they are written, those with a broken name included; none where there is no list."""
    if player not in draft.keys("players"):
        return ()
    actions = draft.root.find(("players", player)).parts.get("actions")
    return tuple(action.text for action in actions.parts.values()) if actions and actions.kind == "list" else ()


def _text_findings(node: Node, path: Path) -> Iterator[Finding]:
    """Texts with characters that do not print; a label that a spreadsheet would run."""
    for step, part in node.parts.items():
        yield from _text_findings(part, (*path, step))
    if not isinstance(node.value, str):
        return
    for character in node.value:
        if not character.isprintable() and not character.isspace():
            yield Finding(path, f"character {character!a} does not print; remove it")
            break
    if path[-1:] == ("label",) and node.value.startswith(("=", "+", "-", "@")):
        yield Finding(path, f"a label starts with a letter or digit, found {node.value[:1]!r}, which spreadsheets run")


def _foreign_findings(draft: Draft) -> Iterator[Finding]:
    """Keys that belong to models of another form."""
    keys = form_keys()
    for key in map(str, draft.root.parts):
        owners = [form for form, own in keys.items() if key in own]
        if owners and draft.form not in owners and draft.form in keys:
            message = f"belongs to models of the form {' or '.join(owners)}, and this one is {draft.form}"
            yield Finding((key,), message, at_key=True)


def _date_findings(draft: Draft) -> Iterator[Finding]:
    sections = ("parameters", "rankings")
    paths: list[Path] = [("as_of",), *((kind, name, "date") for kind in sections for name in draft.keys(kind))]
    for path in paths:
        text = str(draft.value(*path) or "")
        try:
            date.fromisoformat(text + "-01-01"[len(text) - 4 :] if text else "2024-01-01")
        except ValueError:
            yield Finding(path, f"{text!r} is no day of the calendar; write it as 2024-12-01")


def _player_findings(draft: Draft) -> Iterator[Finding]:
    profiles = 1
    for player in draft.keys("players"):
        if player in RESERVED_PLAYERS:
            yield Finding(("players", player), f"{player!r} names an order of play; choose another name", at_key=True)
        actions = action_names(draft, player)
        profiles *= max(1, len(actions))
        yield from _repeated(actions, ("players", player, "actions"))
    if profiles > MOST_PROFILES:
        message = f"{profiles} combinations of actions; at most {MOST_PROFILES} are allowed"
        yield Finding(("players",), message, at_key=True)


def _repeated(names: Sequence[str], path: Path) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in first:
            yield Finding((*path, place), f"{name!r} stands twice; names differ")
        first.setdefault(name, place)


def _name_findings(draft: Draft) -> Iterator[Finding]:
    """Names that formulas could not tell apart."""
    owner: dict[str, str] = dict.fromkeys(FUNCTIONS, "function")
    for section, kind in FORMULA_SECTIONS.items():
        for name in draft.keys(section):
            if name in owner:
                yield Finding((section, name), f"{name!r} is already a {owner[name]}; choose another name", at_key=True)
            elif keyword.iskeyword(name):
                message = f"{name!r} is a word of Python; choose another name, such as '{name}_value'"
                yield Finding((section, name), message, at_key=True)
            owner.setdefault(name, kind)


def _parameter_findings(draft: Draft, path: Path) -> Iterator[Finding]:
    yield from _law_findings(draft, path)
    yield from mark_findings(draft, path)
    yield from quote_findings(draft, path)


def quote_findings(draft: Draft, path: Path) -> Iterator[Finding]:
    """A quotation that copies more than it needs."""
    quote = str(draft.value(*path, "quote") or "")
    if len(quote.split()) > LONGEST_QUOTE:
        message = f"{len(quote.split())} words; quote at most {LONGEST_QUOTE} and give the address"
        yield Finding((*path, "quote"), message)


def mark_findings(draft: Draft, path: Path) -> Iterator[Finding]:
    """A mark that says a source was read beside a source that is a guess."""
    mark, source = draft.value(*path, "mark"), draft.value(*path, "source")
    if mark == "V" and source is not None and any(sign in source.casefold() for sign in GUESSES):
        message = f"mark V says that a source was read, but the source is {source[:60]!r}; name it, or use mark A"
        yield Finding((*path, "mark"), message)


def _law_findings(draft: Draft, path: Path) -> Iterator[Finding]:
    """A law that is none, and a central value outside its law."""
    numbers, value = draft.value(*path, "law"), draft.value(*path, "value")
    if numbers is None:
        return
    kind = numbers.pop("kind")
    numbers = {key: tuple(number) if isinstance(number, list) else number for key, number in numbers.items()}
    if kind == "fixed":
        return
    wrong = list(faults(kind, {**LAW_DEFAULTS.get(kind, {}), **numbers}))
    for key, message in wrong:
        yield Finding((*path, "law", key), message)
    if wrong or value is None:
        return
    law = Law(kind, **numbers)
    if not law.contains(float(value)):
        text = draft.root.find((*path, "value")).text
        message = f"value {text} lies outside its law, {law.describe()}; change the value or the law"
        yield Finding((*path, "value"), message)


def _action_findings(draft: Draft, path: Path) -> Iterator[Finding]:
    """Players and actions that a measure or a claim names but the file does not know."""
    for player in draft.keys(*path):
        players = draft.keys("players")
        if player not in players:
            if players:
                near = offer(player, players, "players")
                yield Finding((*path, player), f"no player named {player!r}{near}", at_key=True)
            continue
        known, named = action_names(draft, player), draft.value(*path, player)
        if not known or named is None:
            continue
        yield from _repeated(named, (*path, player))
        for place, action in enumerate(named):
            if action not in known:
                near = offer(action, known, "actions")
                yield Finding((*path, player, place), f"{player} has no action {action!r}{near}")


def _claim_findings(draft: Draft, path: Path) -> Iterator[Finding]:
    order, players = draft.value(*path, "order"), draft.keys("players")
    orders = ORDERS_OF_FORM.get(draft.form, ("simultaneous", *players))
    if order is not None and players and order not in orders:
        near = offer(order, orders, "orders")
        yield Finding((*path, "order"), f"no order of play named {order!r}{near}")
    if draft.form == "strategic":
        yield from _action_findings(draft, (*path, "given"))
        yield from _action_findings(draft, (*path, "expect"))
    yield from _given_findings(draft, path)
    measure, measures = draft.value(*path, "measure"), draft.keys("measures")
    if measure is not None and measure not in measures:
        near = offer(measure, measures, "measures")
        yield Finding((*path, "measure"), f"no measure named {measure!r}{near}")
    low, high = draft.value(*path, "at_least"), draft.value(*path, "at_most")
    if low is not None and high is not None and low > high and math.isfinite(low - high):
        yield Finding((*path, "at_least"), f"at_least {low} lies above at_most {high}; no value satisfies both")


def _given_findings(draft: Draft, path: Path) -> Iterator[Finding]:
    """An expected action that `given` has taken away."""
    for player in draft.keys(*path, "expect"):
        left, expected = draft.value(*path, "given", player), draft.value(*path, "expect", player)
        if left and expected and not set(left) & set(expected):
            where = label((*path, "given", player))
            yield Finding((*path, "expect", player), f"none of these actions is left by {where}")
