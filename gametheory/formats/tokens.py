r"""What are the words, quoted texts and braced lists of a game file, and where do they stand?

White space and commas only separate. A quoted text may run over lines; in it ``\"`` is a quotation mark and other
backslashes stand for themselves, save that those right before a quotation mark are doubled, so that every label can be
written. Comments are ``/* ... */``, and ``//`` or ``#`` to the end of the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from gametheory.errors import ModelError, Problem

__all__ = ["Node", "Source", "quote", "read_nodes", "shortened"]

DEEPEST = 3  # a strategic game nests its lists two deep
LONGEST_SHOWN = 40

_LEXER = re.compile(
    r"""
      [\s,]++ | /\*.*?\*/ | (?://|\#)[^\n]*+        # what separates: no group
    | "(?P<text>(?:[^"\\]++|\\.)*+)"
    | (?P<unclosed>"|/\*)
    | (?P<brace>[{}])
    | (?P<word>(?:(?!/\*)[^\s,{}"])++)
    """,
    re.VERBOSE | re.DOTALL,
)
_BEFORE_QUOTE = re.compile(r'(\\*)("|\Z)')


class Node(NamedTuple):
    """A word, a quoted text, or a braced list of nodes, with its offset in the file."""

    kind: Literal["word", "text", "list"]
    offset: int
    value: str = ""
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Source:
    """A text and the name it is known by, so that each mistake can be given its place."""

    text: str
    file: str

    def problem(self, offset: int, message: str) -> Problem:
        r"""Place ``message`` at ``offset``; line and column count from 1.

        >>> print(Source("NFG 1\nR", "a.nfg").problem(6, "expected a title"))
        a.nfg:2:1: error: expected a title
        """
        line = self.text.count("\n", 0, offset) + 1
        return Problem(self.file, line, offset - self.text.rfind("\n", 0, offset), message)

    def wrong(self, offset: int, message: str) -> ModelError:
        """Return the error that says only this, to be raised where reading cannot go on."""
        return ModelError([self.problem(offset, message)])


def quote(label: str) -> str:
    r"""Label as a quoted text, which ``read_nodes`` reads back to the letter.

    >>> print(quote('say "no"'), quote("back\\slash"), quote("at the end\\"))
    "say \"no\"" "back\slash" "at the end\\"
    """
    escaped = _BEFORE_QUOTE.sub(lambda run: run[1] * 2 + ('\\"' if run[2] else ""), label)
    return f'"{escaped}"'


def shortened(text: str) -> str:
    """Value for an error message: quoted, and cut where it is long."""
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}...")


def read_nodes(source: Source) -> tuple[Node, ...]:
    r"""Nodes of the file, braced lists as trees. Raises ModelError where a quote, comment or brace has no partner.

    >>> [node.value for node in read_nodes(Source('NFG 1 R "say \\"no\\"" /* so */', "a.nfg"))]
    ['NFG', '1', 'R', 'say "no"']
    """
    open_lists: list[tuple[int, list[Node]]] = []
    nodes: list[Node] = []
    for match in _matches(source):
        if match["brace"] == "{":
            if len(open_lists) == DEEPEST:
                raise source.wrong(match.start(), f"lists are nested more than {DEEPEST} deep; a game has two levels")
            open_lists.append((match.start(), nodes))
            nodes = []
        elif match["brace"]:
            if not open_lists:
                raise source.wrong(match.start(), "'}' closes nothing; remove it, or open its list with '{'")
            offset, outer = open_lists.pop()
            outer.append(Node("list", offset, parts=tuple(nodes)))
            nodes = outer
        elif match["word"] is not None:
            nodes.append(Node("word", match.start(), match["word"]))
        else:
            nodes.append(Node("text", match.start(), _unquoted(match["text"])))
    if open_lists:
        raise source.wrong(open_lists[-1][0], "'{' is never closed; expected a matching '}'")
    return tuple(nodes)


def _matches(source: Source) -> Iterator[re.Match[str]]:
    """Tokens of the file in order; every character belongs to one, so that the search never skips."""
    for match in _LEXER.finditer(source.text):
        if match["unclosed"]:
            raise source.wrong(match.start(), f"{match['unclosed']} is never closed; expected its end")
        if match.lastgroup:
            yield match


def _unquoted(inner: str) -> str:
    return _BEFORE_QUOTE.sub(lambda run: run[1][: len(run[1]) // 2] + run[2], inner)
