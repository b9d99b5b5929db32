"""What does the text of a YAML file hold, and where does each key and value stand?

The file is read from ruamel.yaml's stream of events: nothing is constructed, so nothing can run or expand. Anchors,
aliases, tags, directives, duplicate keys and second documents are refused, and so is what is too large or too deep.
Scalars follow the core schema of YAML 1.2: `NO` is text, and a number keeps its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from gametheory.errors import FormulaError, Problem
from gametheory.expressions import exact_number

__all__ = ["LARGEST_TEXT", "MOST_PROBLEMS", "Node", "Path", "Place", "read_tree"]

LARGEST_TEXT = (
    250_000  # characters; a large model has some fifty thousand, and scanning takes about 2 microseconds each
)
MOST_NODES = 10_000
DEEPEST = 48  # a move of a tree takes two levels, one of chance three
MOST_PROBLEMS = 100  # of one kind; nobody reads more, and a hostile file could have thousands

Path: TypeAlias = tuple[str | int, ...]
Events: TypeAlias = Iterator[Any]

_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_WORDS = MappingProxyType(
    {
        **dict.fromkeys(("", "~", "null", "Null", "NULL")),
        **dict.fromkeys(("true", "True", "TRUE"), True),
        **dict.fromkeys(("false", "False", "FALSE"), False),
    }
)


class Place(NamedTuple):
    """A line and a column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Node:
    """A value of the file: a scalar, or the parts of a mapping (by key) or of a list (by number).

    `key` is the place of the key that names it, `raw` its text in the file, `flow` says that a list stands in square
    brackets, `spoiled` that a problem with it was reported already, so that what follows from the problem need not be;
    `fault` is a problem with it that is still to be reported, by who knows its path.
    """

    place: Place
    kind: str
    value: str | int | float | bool | None = None
    text: str = ""
    raw: str = ""
    key: Place | None = None
    parts: dict[str | int, Node] = field(default_factory=dict)
    flow: bool = False
    spoiled: bool = False
    fault: str = ""

    def find(self, path: Path) -> Node:
        """The node at a path, or the last one on the way to it."""
        node = self
        for step in path:
            if step not in node.parts:
                break
            node = node.parts[step]
        return node

    def plain(self) -> Any:
        """The value with everything below it as dicts, lists and scalars."""
        if self.kind == "mapping":
            return {str(key): part.plain() for key, part in self.parts.items()}
        return [part.plain() for part in self.parts.values()] if self.kind == "list" else self.value

    def inside(self, offset: int) -> Place:
        """Where the character number `offset` of a text stands in the file, whatever its quotes and line breaks."""
        start = self.raw.find("\n") + 1 if self.raw[:1] in ("|", ">") else int(self.raw[:1] in ("'", '"'))
        spots = [place for place in range(start, len(self.raw)) if not self.raw[place].isspace()]
        before = sum(not character.isspace() for character in self.text[:offset])
        written = "".join(self.raw[spot] for spot in spots)
        if not written.startswith("".join(self.text.split())) or not spots:
            return self.place
        index = spots[min(before, len(spots) - 1)]
        lines = self.raw[:index].split("\n")
        column = len(lines[-1]) + (self.place.column if len(lines) == 1 else 1)
        return Place(self.place.line + len(lines) - 1, column)


class _Stop(Exception):  # noqa: N818  # not an error that leaves this module
    """The file cannot be read on from here."""


@dataclass(frozen=True)
class _Scan:
    """The file on its way into a tree."""

    file: str
    text: str
    events: Events
    problems: list[Problem] = field(default_factory=list)
    nodes: list[None] = field(default_factory=list)

    def report(self, place: Place, message: str) -> None:
        self.problems.append(Problem(self.file, place.line, place.column, message))
        if len(self.problems) >= MOST_PROBLEMS:
            self.problems.append(Problem(self.file, place.line, place.column, "more problems follow; mend these first"))
            raise _Stop

    def stop(self, place: Place, message: str) -> _Stop:
        self.report(place, message)
        return _Stop(message)


def read_tree(text: str, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree of a YAML text and what is wrong with it as YAML; no tree where it cannot be read to its end.

    >>> tree, problems = read_tree("a: {b: 0.10}", "x.yaml")
    >>> tree.plain(), tree.find(("a", "b")).place, problems
    ({'a': {'b': 0.1}}, Place(line=1, column=8), ())
    """
    if len(text) > LARGEST_TEXT:
        message = f"a file of {len(text)} characters; at most {LARGEST_TEXT} are allowed"
        return None, (Problem(file, 1, 1, message),)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    scan = _Scan(file, text, iter(YAML(typ="safe", pure=True).parse(text)))
    try:
        return _document(scan), tuple(scan.problems)
    except _Stop:
        return None, tuple(scan.problems)
    except YAMLError as error:
        scan.problems.append(_syntax(error, scan))
        return None, tuple(scan.problems)
    except (ValueError, IndexError, AttributeError) as error:  # slips of the scanner on text that is no YAML
        message = f"not readable as YAML ({error}); check quotes, brackets and indentation"
        return None, (*scan.problems, Problem(file, 1, 1, message))


def _document(scan: _Scan) -> Node:
    """The one document of the file."""
    from ruamel.yaml.events import DocumentStartEvent, StreamEndEvent

    next(scan.events)
    start = next(scan.events)
    if not isinstance(start, DocumentStartEvent):
        raise scan.stop(Place(1, 1), "the file is empty; begin with the starter model that 'gametheory new' writes")
    if start.version or start.tags:
        scan.report(_place(start.start_mark), "a '%' directive is not allowed in a model file; remove the line")
    node = _node(scan, next(scan.events), 1)
    next(scan.events)
    after = next(scan.events)
    if not isinstance(after, StreamEndEvent):
        raise scan.stop(_place(after.start_mark), "a second document; a file holds one model, without '---' inside")
    return node


def _node(scan: _Scan, event: Any, depth: int, key: Place | None = None) -> Node:
    """The node that begins with an event."""
    from ruamel.yaml.events import AliasEvent, MappingStartEvent, SequenceStartEvent

    place = _place(event.start_mark)
    scan.nodes.append(None)
    if len(scan.nodes) > MOST_NODES:
        raise scan.stop(place, f"more than {MOST_NODES} values in one file; split the model up")
    if depth > DEEPEST:
        raise scan.stop(place, f"nested deeper than {DEEPEST} levels")
    if isinstance(event, AliasEvent):
        scan.report(place, f"alias '*{event.anchor}' is not allowed in a model file; write the value out")
        return Node(place, "scalar", key=key, spoiled=True)
    _refuse_decoration(scan, event, place)
    if isinstance(event, MappingStartEvent):
        return Node(place, "mapping", key=key, parts=_entries(scan, depth))
    if isinstance(event, SequenceStartEvent):
        return Node(place, "list", key=key, parts=_items(scan, depth), flow=bool(event.flow_style))
    return _scalar(scan, event, place, key)


def _refuse_decoration(scan: _Scan, event: Any, place: Place) -> None:
    if event.anchor is not None:
        scan.report(place, f"anchor '&{event.anchor}' is not allowed in a model file; remove it")
    if event.tag is not None:
        scan.report(place, f"tag {str(event.tag)[:60]!r} is not allowed in a model file; remove it")


def _entries(scan: _Scan, depth: int) -> dict[str | int, Node]:
    """The entries of a mapping; of a key that stands twice the first counts."""
    from ruamel.yaml.events import MappingEndEvent, ScalarEvent

    entries: dict[str | int, Node] = {}
    while not isinstance(event := next(scan.events), MappingEndEvent):
        key = _node(scan, event, depth + 1)
        value = _node(scan, next(scan.events), depth + 1, key.place)
        if key.fault:
            scan.report(key.place, key.fault)
        if not isinstance(event, ScalarEvent) or not key.text:
            if not key.spoiled:
                scan.report(key.place, "a key is one word of text, as in 'name: value'")
        elif key.text in entries:
            first = entries[key.text].key or key.place
            scan.report(key.place, f"duplicate key {key.text[:60]!r}; it stands first in line {first.line}")
        else:
            entries[key.text] = value
    return entries


def _items(scan: _Scan, depth: int) -> dict[str | int, Node]:
    from ruamel.yaml.events import SequenceEndEvent

    items: dict[str | int, Node] = {}
    while not isinstance(event := next(scan.events), SequenceEndEvent):
        items[len(items)] = _node(scan, event, depth + 1)
    return items


def _scalar(scan: _Scan, event: Any, place: Place, key: Place | None) -> Node:
    """A scalar, typed by the core schema of YAML 1.2 where it is written without quotes."""
    raw = scan.text[event.start_mark.index : event.end_mark.index]
    text: str = event.value
    if not raw and key is not None:
        place = key  # an empty value stands nowhere; its mark is that of what follows
    if event.style:
        return Node(place, "scalar", text, text, raw, key)
    if text in _WORDS:
        return Node(place, "scalar", _WORDS[text], text, raw, key)
    if not _DECIMAL.fullmatch(text):
        return Node(place, "scalar", text, text, raw, key)
    try:
        exact_number(text)
    except FormulaError as error:
        return Node(place, "scalar", 0.0, "0", raw, key, spoiled=True, fault=str(error))
    return Node(place, "scalar", int(text) if _INTEGER.fullmatch(text) else float(text), text, raw, key)


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)


_TOUCHING = re.compile(r"\s*(?:- )?([A-Za-z_]\w*):[^\s:/]")
_HINTS = MappingProxyType(
    {
        "mapping values are not allowed": "put text that holds ': ' in quotes, and check the indentation",
        "'\\t'": "indent with spaces, not with tabs",
        "expected ':'": "write 'key: value', with a space after the colon",
        "block end": "check the indentation and the brackets",
        "',' or": "close the bracket, or put a comma between the entries",
        "unexpected end of stream": "close the quote or the bracket",
    }
)


def _colon_without_space(text: str, place: Place) -> Place | None:
    """Where, on the line of an error or the one before it, a key stands whose colon touches its value."""
    lines = text.split("\n")
    for number in (place.line, place.line - 1):
        if 1 <= number <= len(lines) and (found := _TOUCHING.match(lines[number - 1])):
            return Place(number, found.end(1) + 1)
    return None


def _syntax(error: Any, scan: _Scan) -> Problem:
    """A problem with the YAML itself, in one sentence."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = _place(mark) if mark is not None else Place(1, 1)
    if (position := getattr(error, "position", None)) is not None:
        before = scan.text[:position].split("\n")
        place = Place(len(before), len(before[-1]) + 1)
        character = scan.text[position : position + 1]
        return Problem(scan.file, *place, f"character {character!a} is not allowed in a YAML file; remove it")
    if (close := _colon_without_space(scan.text, place)) is not None:
        return Problem(scan.file, *close, "write 'key: value', with a space after the colon")
    said = str(getattr(error, "problem", None) or getattr(error, "context", None) or "unreadable")
    said = " ".join(said.split())[:120]
    hint = next((hint for sign, hint in _HINTS.items() if sign in said), "check quotes, brackets and indentation")
    return Problem(scan.file, *place, f"not readable as YAML: {said}; {hint}")
