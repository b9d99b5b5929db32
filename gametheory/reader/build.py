"""How does a file without mistakes become a model, and are its payoffs finite at the central values?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions import Formula, evaluate, exact_number, parse, parse_condition
from gametheory.model import Cells, Claim, Constraint, Measure, Model, Player, Table
from gametheory.model.evaluation import closure, environment
from gametheory.model.model import ORDERS_OF_FORM
from gametheory.model.nouns import closed
from gametheory.parameters import Correlation, Law, Parameter, Ranking, ranking
from gametheory.reader.analytic import analytic_values, system_of
from gametheory.reader.draft import Draft, Finding
from gametheory.reader.extensive_build import game_tree, tree_measure
from gametheory.reader.extensive_values import tree_value_findings
from gametheory.reader.formulas import leaves
from gametheory.reader.ranks import chains
from gametheory.reader.tree import Node

__all__ = ["build", "value_findings"]

UNIT_OF_ORDER = "none: only the order counts"


def build(draft: Draft, text: str, file: str) -> Model:
    """The model of a file in which nothing is wrong."""
    root = draft.root
    content = root.plain()
    parameters = {name: _parameter(name, node) for name, node in _section(root, "parameters")}
    rankings = {name: _ranking(name, node) for name, node in _section(root, "rankings")}
    measure = tree_measure if draft.form == "extensive" else _measure
    return Model(
        title=_clean(content["title"]),
        question=_clean(content.get("question", "")),
        form=content["form"],
        as_of=root.parts["as_of"].text if "as_of" in content else "",
        players=tuple(_player(name, entry) for name, entry in content["players"].items()),
        parameters=closed(parameters | {own.name: own for entry in rankings.values() for own in entry.parameters}),
        tables=closed({name: _table(name, node) for name, node in _section(root, "tables")}),
        quantities=closed({name: parse(node.text) for name, node in _section(root, "quantities")}),
        payoffs=closed({name: _payoff(node) for name, node in _section(root, "payoffs")}),
        measures=closed({name: measure(name, node) for name, node in _section(root, "measures")}),
        claims=closed({name: _claim(draft.form, name, entry) for name, entry in content.get("claims", {}).items()}),
        text=text,
        path=file,
        correlations=tuple(_correlation(entry) for entry in content.get("correlations", ())),
        constraints=closed({name: _constraint(name, node) for name, node in _section(root, "constraints")}),
        rankings=closed(rankings),
        tree=game_tree(root) if draft.form == "extensive" else None,
        system=system_of(root) if draft.form == "analytic" else None,
    )


def value_findings(model: Model) -> Iterator[Finding]:
    """Constraints that the central values break, payoffs and expected measures that are not finite numbers there."""
    columns = {name: np.array([value]) for name, value in model.central().items()}
    wanted = frozenset((*model.tables, *model.quantities))
    if model.form == "analytic":
        wanted = closure(model, [constraint.holds for constraint in model.constraints.values()])
    values = environment(model, columns, evaluate, wanted)
    for name, constraint in model.constraints.items():
        if not np.all(evaluate(constraint.holds, values)):
            message = "does not hold at the central values; change the condition or the values"
            yield Finding(("constraints", name, "holds"), message)
    if model.form == "analytic":
        yield from analytic_values(model)
        return
    if model.tree is not None:
        yield from tree_value_findings(model, model.tree)
        return
    shape = tuple(len(player.actions) for player in model.players)
    payoffs = model.games().payoffs[0]
    for place, player in enumerate(model.players):
        path = ("payoffs", player.name)
        entry = model.payoffs[player.name]
        bad = np.argwhere(~np.isfinite(payoffs[place])).tolist()
        if isinstance(entry, Cells):
            yield from (Finding((*path, *cell), _not_finite(model, payoffs[place], [cell])) for cell in bad)
        elif bad:
            yield Finding(path, _not_finite(model, payoffs[place], bad) + _culprit(model, entry, values, bad[0]))
    for name, measure in model.measures.items():
        if measure.formula is not None:
            expected = np.broadcast_to(evaluate(measure.formula, values), (1, *shape))[0]
            if bad := np.argwhere(~np.isfinite(expected)).tolist():
                message = _not_finite(model, expected, bad) + _culprit(model, measure.formula, values, bad[0])
                yield Finding(("measures", name, "expected"), message)


def _not_finite(model: Model, values: NDArray[np.float64], bad: list[list[int]]) -> str:
    cell = bad[0]
    pairs = zip(model.players, cell, strict=True)
    profile = ", ".join(f"{player.name} {player.actions[action]}" for player, action in pairs)
    more = f" and at {len(bad) - 1} more" if len(bad) > 1 else ""
    value = float(values[tuple(cell)])
    hint = "check divisions by zero, log and sqrt, and large powers"
    return f"is {value!r} at ({profile}){more} with the central values, expected a finite number; {hint}"


def _culprit(model: Model, formula: Formula, values: Mapping[str, NDArray[np.float64]], cell: list[int]) -> str:
    """The first quantity behind a formula that is not finite in a cell."""
    shape = tuple(len(player.actions) for player in model.players)
    behind = closure(model, [formula])
    for name in model.quantities:
        if name in behind and not np.isfinite(np.broadcast_to(values[name], (1, *shape))[(0, *cell)]):
            return f"; the quantity {name!r} is not finite there"
    return ""


def _clean(text: str) -> str:
    """Free text on one line."""
    return " ".join(text.split())


def _section(root: Node, name: str) -> Iterator[tuple[str, Node]]:
    if name in root.parts:
        yield from ((str(key), node) for key, node in root.parts[name].parts.items())


def _player(name: str, entry: Mapping[str, Any]) -> Player:
    return Player(name, _clean(entry.get("label", name)), tuple(entry.get("actions", ())))


def _parameter(name: str, node: Node) -> Parameter:
    entry = node.plain()
    numbers = dict(entry["law"])
    kind = numbers.pop("kind")
    if kind == "fixed":
        numbers["value"] = entry["value"]
    texts = {key: _clean(entry[key]) for key in ("unit", "meaning", "source", "mark")}
    extra = {key: _clean(node.parts[key].text) for key in ("date", "url", "quote", "label") if key in node.parts}
    value = node.parts["value"]
    return Parameter(name, float(entry["value"]), value.text, Law(kind, **numbers), **texts, **extra)


def _ranking(name: str, node: Node) -> Ranking:
    ends = {key: exact_number(node.parts[key].text) for key in ("low", "high") if key in node.parts}
    texts = ("unit", "meaning", "source", "mark", "date", "url", "quote")
    told = {key: _clean(node.parts[key].text) for key in texts if key in node.parts}
    return ranking(name, chains(node), **ends, **{"unit": UNIT_OF_ORDER, **told})


def _correlation(entry: Mapping[str, Any]) -> Correlation:
    first, second = entry["between"]
    return Correlation((first, second), float(entry["rank"]), _clean(entry["source"]), entry["mark"])


def _constraint(name: str, node: Node) -> Constraint:
    holds = parse_condition(node.parts["holds"].text)
    return Constraint(name, holds, _clean(node.parts["source"].text), node.parts["mark"].text)


def _table(name: str, node: Node) -> Table:
    return Table(name, tuple(node.parts["over"].plain()), _cells(node.parts["values"]))


def _payoff(node: Node) -> Formula | Cells:
    return _cells(node) if node.kind == "list" else parse(node.text)


def _cells(node: Node) -> Cells:
    formulas = tuple(parse(leaf.text) for _, leaf in leaves(node, ()))
    shape: list[int] = []
    while node.kind == "list":
        shape.append(len(node.parts))
        node = node.parts[0]
    return Cells(tuple(shape), formulas)


def _measure(name: str, node: Node) -> Measure:
    if "expected" in node.parts:
        return Measure(name, "expected", formula=parse(node.parts["expected"].text))
    return Measure(name, "probability", _sets(node.parts["probability"].plain()))


def _sets(entry: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return closed({player: tuple(actions) for player, actions in entry.items()})


def _claim(form: str, name: str, entry: Mapping[str, Any]) -> Claim:
    holds = entry["holds"]
    bounds = {key: None if key not in holds else float(holds[key]) for key in ("at_most", "at_least")}
    return Claim(
        name,
        _clean(entry["text"]),
        essay=tuple(entry.get("essay", ())),
        order=holds.get("order", ORDERS_OF_FORM.get(form, ("simultaneous",))[0]),
        given=_sets(holds.get("given", {})),
        expect=_sets(holds.get("expect", {})),
        measure=holds.get("measure", ""),
        contested=entry.get("contested", False),
        **bounds,
    )
