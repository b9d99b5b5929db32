"""Can every formula of a file be read, does it use names that are there, and do tables have the right shape?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gametheory.errors import FormulaError, did_you_mean
from gametheory.expressions import parse
from gametheory.reader.analytic import variable_names
from gametheory.reader.checks import action_names
from gametheory.reader.draft import Draft, Finding, counted, offer
from gametheory.reader.ranks import ranked_names
from gametheory.reader.tree import Node, Path

__all__ = ["cell_findings", "formula_findings", "known_names", "leaves"]

TORN = "; inside [...] a formula with a comma must be put in quotes"
MOST_WORK = 500_000_000  # characters of formula times profiles: a third of a second for one game


class _Axis(NamedTuple):
    player: str
    size: int


def formula_findings(draft: Draft) -> Iterator[Finding]:
    """Everything that is wrong with tables, quantities, payoffs and expected measures."""
    parameters, tables, quantities = _names(draft)
    for name in tables:
        yield from _table_findings(draft, name, parameters, {**tables, **dict.fromkeys(quantities, "quantity")})
    known = {**parameters, **tables}
    for place, name in enumerate(quantities):
        later = dict.fromkeys(quantities[place:], "later quantity")
        yield from cell_findings(draft, ("quantities", name), known, {**later, name: "quantity itself"})
        known[name] = "quantity"
    if draft.form != "strategic":
        return
    yield from _payoff_findings(draft, known)
    for name in draft.keys("measures"):
        path = ("measures", name, "expected")
        if draft.sound(path):
            yield from cell_findings(draft, path, known, {})
    yield from _work_findings(draft)


def known_names(draft: Draft) -> dict[str, str]:
    """Every name that a formula outside the quantities may use, with what it is."""
    parameters, tables, quantities = _names(draft)
    return {**parameters, **tables, **dict.fromkeys(quantities, "quantity")}


def leaves(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """Every entry of a nested list, or the value itself, with its path."""
    if node.kind != "list":
        yield path, node
        return
    for step, part in node.parts.items():
        yield from leaves(part, (*path, step))


def _names(draft: Draft) -> tuple[dict[str, str], dict[str, str], tuple[str, ...]]:
    """Parameters and tables with what they are, and the quantities in order."""
    parameters = dict.fromkeys((*draft.keys("parameters"), *ranked_names(draft)), "parameter") | variable_names(draft)
    return parameters, dict.fromkeys(draft.keys("tables"), "table"), draft.keys("quantities")


def _work_findings(draft: Draft) -> Iterator[Finding]:
    """A model so large that a single game would take long to work out."""
    profiles = math.prod(len(action_names(draft, player)) for player in draft.keys("players"))
    paths = [(section, name) for section in ("quantities", "payoffs") for name in draft.keys(section)]
    work = profiles * sum(len(draft.root.find(path).text) for path in paths)
    if work > MOST_WORK:
        message = f"formulas of {work // profiles} characters over {profiles} combinations of actions are too much"
        yield Finding(("payoffs",), f"{message}; split the model up", at_key=True)


def _table_findings(draft: Draft, name: str, known: Mapping[str, str], refused: Mapping[str, str]) -> Iterator[Finding]:
    path = ("tables", name, "over")
    over: list[str] = draft.value(*path) or []
    players = draft.keys("players")
    unknown = False
    for place, player in enumerate(over):
        if players and player not in players:
            near = offer(player, players, "players")
            yield Finding((*path, place), f"no player named {player!r}{near}")
        elif player in over[:place]:
            yield Finding((*path, place), f"{player!r} stands twice; a table has one axis a player")
        unknown = unknown or player not in players or player in over[:place]
    values = ("tables", name, "values")
    if not draft.sound(values):
        return
    if over and not unknown:
        yield from _shape_findings(draft.root.find(values), values, _axes(draft, over))
    for cell, _ in leaves(draft.root.find(values), values):
        yield from cell_findings(draft, cell, known, refused)


def _payoff_findings(draft: Draft, known: Mapping[str, str]) -> Iterator[Finding]:
    players, written = draft.keys("players"), draft.keys("payoffs")
    if "payoffs" not in draft.root.parts or ("payoffs",) in draft.broken:
        return
    for player in players:
        if player not in written:
            yield Finding(("payoffs", player), f"is missing; expected a formula for what {player} gets", at_key=True)
    for player in written:
        path = ("payoffs", player)
        if players and player not in players:
            near = offer(player, players, "players")
            yield Finding(path, f"no player named {player!r}{near}", at_key=True)
        if not draft.sound(path):
            continue
        node = draft.root.find(path)
        if node.kind == "list" and players:
            yield from _shape_findings(node, path, _axes(draft, players))
        for cell, _ in leaves(node, path):
            yield from cell_findings(draft, cell, known, {})


def _axes(draft: Draft, players: Sequence[str]) -> tuple[_Axis, ...]:
    """The axes of a grid over the actions of players; none where an action list is missing."""
    axes = tuple(_Axis(player, len(action_names(draft, player))) for player in players)
    return axes if all(axis.size for axis in axes) else ()


def _shape_findings(node: Node, path: Path, axes: tuple[_Axis, ...]) -> Iterator[Finding]:
    """Lists that are too long, too short, or missing."""
    if not axes:
        return
    axis, *inner = axes
    per = f"one per action of {axis.player}"
    if node.kind != "list":
        yield Finding(path, f"expected a list of {counted(axis.size, 'entry', 'entries')}, {per}")
        return
    if len(node.parts) != axis.size:
        yield Finding(path, f"{counted(len(node.parts), 'entry', 'entries')}, expected {axis.size}, {per}")
    for step, part in node.parts.items():
        if inner:
            yield from _shape_findings(part, (*path, step), tuple(inner))
        elif part.kind == "list":
            yield Finding((*path, step), f"a list inside the entry of an action of {axis.player}; expected a formula")


def cell_findings(draft: Draft, path: Path, known: Mapping[str, str], refused: Mapping[str, str]) -> Iterator[Finding]:
    """One formula that cannot be read, or that uses a name it cannot use."""
    if not draft.sound(path):
        return
    node = draft.root.find(path)
    if node.kind == "mapping" or isinstance(node.value, bool) or node.value is None:
        yield Finding(path, "expected a number or a formula")
        return
    try:
        formula = parse(node.text)
    except FormulaError as error:
        hint = TORN if _torn(draft.root.find(path[:-1]), node) else ""
        yield Finding(path, f"{error.message}{hint}", offset=error.column)
        return
    for name, column in formula.columns:
        if name not in known:
            yield Finding(path, _unusable(name, known, refused), offset=column)


def _torn(around: Node, node: Node) -> bool:
    """Whether an entry may be part of a formula that a comma tore up: unquoted in square brackets, and unbalanced."""
    return around.flow and node.raw[:1] not in ("'", '"') and node.text.count("(") != node.text.count(")")


def _unusable(name: str, known: Mapping[str, str], refused: Mapping[str, str]) -> str:
    """Why a formula cannot use a name, and what to try."""
    kind = refused.get(name)
    if kind == "quantity itself":
        return f"{name!r} uses itself; a quantity uses only parameters, tables and earlier quantities"
    if kind == "later quantity":
        return f"{name!r} is defined further down; move it above, quantities use only earlier ones"
    if kind is not None:
        return f"{name!r} is a {kind}; an entry of a table uses only parameters; write a quantity instead"
    near = did_you_mean(name, known) or "; declare it under parameters, tables or quantities"
    return f"no parameter, table or quantity named {name!r}{near}"
