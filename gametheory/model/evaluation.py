"""What are the values of tables, quantities and payoffs at given parameter values?

Arrays are ``[game, a1, a2, ...]`` with one axis a player, in the order of the players. A value that does not vary along
an axis has length 1 there, and NumPy's broadcasting does the rest: nothing here loops over games or counts players.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions import Formula, evaluate
from gametheory.model.nouns import Cells, Table, Written

__all__ = ["closure", "environment", "payoff_array", "payoff_formulas"]

AnyArray: TypeAlias = NDArray[Any]
Evaluator: TypeAlias = Callable[[Formula, Mapping[str, Any]], AnyArray]

CELLS_IN_BLOCK = 2**18  # 2 MB of doubles an array: small enough for the cache, large enough to hide the interpreter


def environment(
    model: Written, columns: Mapping[str, AnyArray], evaluator: Evaluator, wanted: Container[str]
) -> dict[str, AnyArray]:
    """Every parameter, and the `wanted` tables and quantities, as arrays ``[game, a1, a2, ...]`` that broadcast.

    `columns` holds each parameter as ``[game]`` or ``[1]``; `evaluator` is `evaluate` or `evaluate_exact`. What is
    wanted must be closed: with a quantity also the names in it.
    """
    ones = (1,) * len(model.players)
    values = {name: column.reshape(-1, *ones) for name, column in columns.items()}
    constant = _constants(model) if evaluator is evaluate else {}
    for table in model.tables.values():
        if table.name in wanted:
            known = constant.get(table.name)
            values[table.name] = _table(model, table, values, evaluator) if known is None else known
    for name, formula in model.quantities.items():
        if name in wanted:
            values[name] = _with_axes(evaluator(formula, values), len(ones) + 1)
    return values


def closure(model: Written, formulas: Iterable[Formula]) -> frozenset[str]:
    """Every name that formulas rest on, directly or through quantities."""
    names = set().union(*(formula.names for formula in formulas))
    for name, formula in reversed(tuple(model.quantities.items())):  # a quantity uses only earlier ones
        if name in names:
            names |= formula.names
    return frozenset(names)


def payoff_formulas(model: Written) -> dict[str, Formula]:
    """Every formula that the payoffs rest on: those of the payoffs, of tables and of quantities, by a name each."""
    found: dict[str, Formula] = {}
    for player, entry in model.payoffs.items():
        found.update(_listed(f"payoffs.{player}", entry))
    names = closure(model, found.values())
    found.update((name, formula) for name, formula in model.quantities.items() if name in names)
    for name, table in model.tables.items():
        if name in names:
            found.update(_listed(name, table.cells))
    return found


def payoff_array(
    model: Written, columns: Mapping[str, AnyArray], count: int, evaluator: Evaluator, dtype: type[np.generic]
) -> AnyArray:
    """Payoffs ``[game, player, a1, a2, ...]`` of `count` parameter points, worked out in blocks of rows."""
    shape = tuple(len(player.actions) for player in model.players)
    payoffs = np.empty((count, len(shape), *shape), dtype=dtype)
    wanted = _payoff_names(model)
    rows = max(1, CELLS_IN_BLOCK // int(np.prod(shape)))
    for start in range(0, count, rows):
        block = slice(start, min(start + rows, count))
        inside = {name: column if len(column) == 1 else column[block] for name, column in columns.items()}
        values = environment(model, inside, evaluator, wanted)
        for place, player in enumerate(model.players):
            entry = model.payoffs[player.name]
            if isinstance(entry, Formula):
                payoffs[block, place] = evaluator(entry, values)
            else:
                _fill(payoffs[block, place], entry, values, evaluator)
    return payoffs


@lru_cache(maxsize=64)
def _payoff_names(model: Written) -> frozenset[str]:
    """Every name that the payoffs rest on; models are equal where their digests are."""
    return closure(model, payoff_formulas(model).values())


@lru_cache(maxsize=64)
def _constants(model: Written) -> dict[str, AnyArray]:
    """The tables in which no parameter stands, as ``[1, a1, a2, ...]``, which nobody may write to."""
    found = {}
    for table in model.tables.values():
        if table.cells.doubles is not None:
            grid = _table(model, table, {}, evaluate)
            grid.setflags(write=False)
            found[table.name] = grid
    return found


def _listed(name: str, entry: Formula | Cells) -> dict[str, Formula]:
    if isinstance(entry, Formula):
        return {name: entry}
    return {f"{name}[{place}]": formula for place, formula in enumerate(entry.formulas)}


def _table(model: Written, table: Table, values: Mapping[str, AnyArray], evaluator: Evaluator) -> AnyArray:
    """A table as ``[game, a1, a2, ...]`` with length 1 along the players that it is not over."""
    doubles = table.cells.doubles if evaluator is evaluate else None
    rows = _rows(table, values, evaluator) if doubles is None else doubles[np.newaxis]
    games = len(rows)
    grid = rows.reshape(games, *table.cells.shape)
    names = [player.name for player in model.players]
    ordered = sorted(table.over, key=names.index)
    grid = grid.transpose(0, *(1 + table.over.index(name) for name in ordered))
    sizes = (len(player.actions) if player.name in table.over else 1 for player in model.players)
    return grid.reshape(games, *sizes)


def _rows(table: Table, values: Mapping[str, AnyArray], evaluator: Evaluator) -> AnyArray:
    """The cells of a table ``[game, cell]``."""
    cells = [_with_axes(evaluator(formula, values), 1).reshape(-1) for formula in table.cells.formulas]
    rows = np.empty((max(map(len, cells)), len(cells)), dtype=np.result_type(*(cell.dtype for cell in cells)))
    for place, cell in enumerate(cells):
        rows[:, place] = cell
    return rows


def _fill(target: AnyArray, entry: Cells, values: Mapping[str, AnyArray], evaluator: Evaluator) -> None:
    """Write payoffs that are given cell by cell into ``target[game, a1, a2, ...]``."""
    for profile, formula in zip(_profiles(entry.shape), entry.formulas, strict=True):
        here = {name: _at(values[name], profile) for name in formula.names}
        cell: tuple[slice | int, ...] = (slice(None), *profile)
        target[cell] = _with_axes(evaluator(formula, here), 1).reshape(-1)


def _at(value: AnyArray, profile: tuple[int, ...]) -> AnyArray:
    """The part of a value that belongs to one profile, axes kept."""
    along = zip(value.shape[1:], profile, strict=True)
    places: list[slice] = [slice(0, 1) if size == 1 else slice(action, action + 1) for size, action in along]
    return value[(slice(None), *places)]


def _profiles(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    return itertools.product(*map(range, shape))


def _with_axes(value: AnyArray, count: int) -> AnyArray:
    """A constant (no axes) as an array of ones in every direction; anything else as it is."""
    return value.reshape((1,) * count) if value.ndim == 0 else value
