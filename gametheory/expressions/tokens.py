"""Which words and signs is the text of a formula made of?"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from gametheory.errors import FormulaError
from gametheory.expressions.numbers import NUMBER

__all__ = ["LONGEST_FORMULA", "Token", "tokens"]

LONGEST_FORMULA = 2_000  # characters
MOST_NODES = 400  # numbers, names, operators and functions together
DEEPEST_BRACKETS = 60

_TOKEN = re.compile(
    rf"(?P<number>{NUMBER})|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<sign>\*\*|<=|>=|[-+*/()<>,])|(?P<space>[ \t\n]+)",
    re.ASCII,
)

_HINTS = {
    "^": "write '**' for a power",
    "=": "compare with <, <=, > or >=, inside where(...) or in a condition",
    "!": "compare with <, <=, > or >=, inside where(...) or in a condition",
    "_": "a name starts with a letter, and digits are not grouped",
    ".": "write a number as 0.5; names have no dots",
    "[": "use round brackets",
    "{": "use round brackets",
    "%": "write a share as 0.05",
    "\N{MINUS SIGN}": "use the plain minus '-'",
    "\N{EN DASH}": "use the plain minus '-'",
    "\N{MULTIPLICATION SIGN}": "write '*'",
    "\N{MIDDLE DOT}": "write '*'",
    "\N{DIVISION SIGN}": "write '/'",
}


class Token(NamedTuple):
    """One number, name or sign of a formula, with its 0-based column."""

    kind: str
    text: str
    column: int


def tokens(text: str) -> tuple[Token, ...]:
    """Cut a formula into tokens and hold it to the limits of length, size and nesting.

    Raises `FormulaError` at the first character, bracket or count that the grammar does not allow.

    >>> [token.text for token in tokens("2*stake - cost")]
    ['2', '*', 'stake', '-', 'cost']
    """
    if len(text) > LONGEST_FORMULA:
        raise FormulaError(f"a formula of {len(text)} characters; at most {LONGEST_FORMULA} are allowed; split it up")
    found: list[Token] = []
    column = 0
    while column < len(text):
        match = _TOKEN.match(text, column)
        if match is None:
            raise FormulaError(_foreign(text[column]), column)
        if match.lastgroup and match.lastgroup != "space":
            found.append(Token(match.lastgroup, match.group(), column))
        column = match.end()
    if not found:
        raise FormulaError("the formula is empty; write a number or an expression")
    _check_brackets(found)
    _check_size(found)
    return tuple(found)


def _foreign(character: str) -> str:
    """What is wrong with a character that no formula may hold, and what to write instead."""
    if character.isascii():
        hint = _HINTS.get(character, "a formula holds numbers, names, + - * / ** ( ), and a few functions")
        return f"{character!r} is not allowed in a formula; {hint}"
    name = unicodedata.name(character, "unnamed character").lower()
    hint = _HINTS.get(character, "use plain ASCII letters, digits and signs")
    return f"{character!a} ({name}) is not allowed in a formula; {hint}"


def _check_brackets(found: list[Token]) -> None:
    opened: list[Token] = []
    for token in found:
        if token.text == "(":
            opened.append(token)
        elif token.text == ")":
            if not opened:
                raise FormulaError("')' closes nothing; remove it or add '('", token.column)
            opened.pop()
        if len(opened) > DEEPEST_BRACKETS:
            raise FormulaError(f"brackets nested deeper than {DEEPEST_BRACKETS}; split the formula up", token.column)
    if opened:
        raise FormulaError("'(' is never closed; add ')'", opened[-1].column)


def _check_size(found: list[Token]) -> None:
    nodes = [token for token in found if token.text not in ("(", ")", ",")]
    if len(nodes) > MOST_NODES:
        message = f"a formula of {len(nodes)} numbers, names and operators; at most {MOST_NODES} are allowed"
        raise FormulaError(f"{message}; split it up", nodes[MOST_NODES].column)
