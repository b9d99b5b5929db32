"""Do the correlations and constraints of a file tie parameters together in a way that can be drawn?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gametheory.errors import FormulaError, did_you_mean
from gametheory.expressions import parse, parse_condition
from gametheory.reader.analytic import variable_names
from gametheory.reader.checks import mark_findings
from gametheory.reader.draft import Draft, Finding, offer
from gametheory.reader.ranks import ranked_names
from gametheory.reader.tree import Path

__all__ = ["dependence_findings"]


def dependence_findings(draft: Draft) -> Iterator[Finding]:
    """Everything that is wrong with the content of correlations and constraints."""
    yield from _correlation_findings(draft)
    constraints = draft.keys("constraints")
    refused = _refused(draft) if constraints else {}
    for name in constraints:
        yield from mark_findings(draft, ("constraints", name))
        yield from _constraint_findings(draft, ("constraints", name, "holds"), refused)


def _correlation_findings(draft: Draft) -> Iterator[Finding]:
    written = draft.root.parts.get("correlations")
    if written is None or written.kind != "list":
        return
    first: dict[frozenset[str], int] = {}
    for place in range(len(written.parts)):
        path: Path = ("correlations", place)
        yield from mark_findings(draft, path)
        rank, between = draft.value(*path, "rank"), draft.value(*path, "between")
        if rank is not None and not -1.0 <= rank <= 1.0:
            text = draft.root.find((*path, "rank")).text
            yield Finding((*path, "rank"), f"a rank correlation of {text}; expected a number from -1 to 1")
        if between is None:
            continue
        for end, name in enumerate(between):
            yield from _end_findings(draft, (*path, "between", end), name)
        pair = frozenset(between)
        if len(pair) == 1:
            yield Finding((*path, "between"), f"{between[0]!r} stands twice; expected two different parameters")
        elif pair in first:
            message = f"these two stand already in entry {first[pair] + 1}; write each pair once"
            yield Finding((*path, "between"), message)
        first.setdefault(pair, place)


def _end_findings(draft: Draft, path: Path, name: str) -> Iterator[Finding]:
    """One end of a correlation that is no parameter, or none that a correlation can move."""
    known = draft.keys("parameters")
    if name in ranked_names(draft):
        message = f"{name!r} stands in a ranking and is drawn with it, so it has no law of its own to correlate"
        yield Finding(path, message)
    elif name not in known:
        yield Finding(path, f"no parameter named {name!r}{offer(name, known, 'parameters')}")
    kind = draft.value("parameters", name, "law", "kind")
    if kind == "fixed":
        yield Finding(path, f"{name!r} is fixed and varies with nothing; give it a law, or leave the correlation out")
    if kind == "interval":
        message = f"{name!r} is an interval without probability; give it a law, or leave the correlation out"
        yield Finding(path, message)


def _constraint_findings(draft: Draft, path: Path, refused: Mapping[str, str]) -> Iterator[Finding]:
    """A condition that cannot be read, or that rests on what draws do not have."""
    if not draft.sound(path):
        return
    try:
        condition = parse_condition(draft.root.find(path).text)
    except FormulaError as error:
        yield Finding(path, error.message, offset=error.column)
        return
    known = (*draft.keys("parameters"), *ranked_names(draft), *draft.keys("tables"), *draft.keys("quantities"))
    for name, column in condition.columns:
        if name not in known:
            near = did_you_mean(name, known) or "; declare it under parameters or quantities"
            yield Finding(path, f"no parameter or quantity named {name!r}{near}", offset=column)
        elif name in refused:
            yield Finding(path, f"{name!r} {refused[name]}", offset=column)


def _refused(draft: Draft) -> dict[str, str]:
    """Why tables, intervals, and the quantities that rest on them cannot stand in a constraint, by name."""
    reasons = dict.fromkeys(draft.keys("tables"), "is a table; a constraint is over parameters, not over actions")
    for name in draft.keys("parameters"):
        if draft.value("parameters", name, "law", "kind") == "interval":
            reasons[name] = "is an interval without probability; give it a law, or narrow the interval"
    for name, kind in variable_names(draft).items():
        reasons[name] = f"is {'an' * (kind == 'unknown') or 'a'} {kind}; a constraint is over parameters alone"
    for name in draft.keys("quantities"):
        for behind in sorted(_names(draft, ("quantities", name)).intersection(reasons)):
            reason = reasons[behind]
            reasons[name] = reason if reason.startswith("rests on") else f"rests on {behind!r}, which {reason}"
            break
    return reasons


def _names(draft: Draft, path: Path) -> frozenset[str]:
    """The names in a formula, or none where there is no formula that can be read."""
    try:
        return parse(draft.root.find(path).text).names if draft.sound(path) else frozenset()
    except FormulaError:
        return frozenset()
