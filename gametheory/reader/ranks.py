"""Do the rankings of a file tell an order, and one that can be drawn?"""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from fractions import Fraction

from gametheory.errors import InputError
from gametheory.expressions import FUNCTIONS, exact_number
from gametheory.parameters import Chain, counted_sets, order_faults, order_of, range_fault
from gametheory.reader.checks import FORMULA_SECTIONS, mark_findings, quote_findings
from gametheory.reader.draft import Draft, Finding
from gametheory.reader.schema import CHAINS
from gametheory.reader.tree import Node, Path

__all__ = ["chains", "ranked_names", "ranking_findings"]


LOW, HIGH = Fraction(0), Fraction(1)  # of a ranking, where not given


def ranking_findings(draft: Draft) -> Iterator[Finding]:
    """Everything that is wrong with the content of rankings."""
    yield from _name_findings(draft)
    for name in draft.keys("rankings"):
        path: Path = ("rankings", name)
        yield from mark_findings(draft, path)
        yield from quote_findings(draft, path)
        written = [key for key in CHAINS if draft.sound((*path, key))]
        if len(written) != 1:
            continue
        path = (*path, written[0])
        found = list(_order_findings(draft, path))
        yield from found
        if not found and not any((*path[:-1], end) in draft.broken for end in ("low", "high")):
            yield from _law_findings(draft, path)


def chains(node: Node) -> list[Chain]:
    """The chains of a ranking that is written without mistakes."""
    whole: list[Chain] = node.parts["chains"].plain() if "chains" in node.parts else []
    return whole or [node.parts["best_to_worst"].plain()]


def ranked_names(draft: Draft) -> dict[str, Path]:
    """Every name that a ranking makes a parameter, with the place where it first stands."""
    first: dict[str, Path] = {}
    for name in draft.keys("rankings"):
        for key in draft.keys("rankings", name):
            if key in CHAINS:
                for path, text in _entries(draft.root.find(("rankings", name, key)), ("rankings", name, key)):
                    first.setdefault(text, path)
    return first


def _entries(node: Node, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text in nested lists, with its path."""
    if node.kind == "list":
        for step, part in node.parts.items():
            yield from _entries(part, (*path, step))
    elif isinstance(node.value, str):
        yield path, node.text


def _name_findings(draft: Draft) -> Iterator[Finding]:
    """Names that formulas or tables of results could not tell apart."""
    owner = dict.fromkeys(FUNCTIONS, "function")
    for section, kind in FORMULA_SECTIONS.items():
        owner |= dict.fromkeys(draft.keys(section), kind)
    for name in draft.keys("rankings"):
        if name in owner:
            yield Finding(("rankings", name), _taken(name, owner[name]), at_key=True)
        owner.setdefault(name, "ranking")
    before: dict[str, str] = {}
    for name in draft.keys("rankings"):
        own: set[str] = set()
        for key in (key for key in CHAINS if key in draft.keys("rankings", name)):
            for path, text in _entries(draft.root.find(("rankings", name, key)), ("rankings", name, key)):
                if text in own:
                    continue
                own.add(text)
                if text in before:
                    yield Finding(path, f"{text!r} stands already in {before[text]!r}; a name has one order")
                elif text in owner:
                    yield Finding(path, _taken(text, owner[text]))
                elif keyword.iskeyword(text):
                    message = f"{text!r} is a word of Python; choose another name, such as '{text}_value'"
                    yield Finding(path, message)
        before |= dict.fromkeys(own - before.keys(), name)


def _taken(name: str, kind: str) -> str:
    return f"{name!r} is already a {kind}; choose another name"


def _order_findings(draft: Draft, path: Path) -> Iterator[Finding]:
    """Comparisons that contradict those before them."""
    written = draft.value(*path)
    single = path[-1] == "best_to_worst"
    for place, message in order_faults([written] if single else written):
        yield Finding((*path, *(place[1:] if single else place)), message)


def _law_findings(draft: Draft, path: Path) -> Iterator[Finding]:
    """A range that is none, or an order that leaves too much open."""
    own = draft.root.find(path[:-1])
    given = {key: exact_number(own.parts[key].text) for key in ("low", "high") if key in own.parts}
    if fault := range_fault(given.get("low", LOW), given.get("high", HIGH)):
        yield Finding((*path[:-1], next(iter(given))), fault)
    try:
        counted_sets(order_of(chains(own)))
    except InputError as error:
        yield Finding(path, str(error), at_key=True)
